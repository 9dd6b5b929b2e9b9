//! Curve plots over made-up runs: painted in both themes, and driven by pointer and wheel.

use std::borrow::Cow;
use std::sync::Arc;

use downhill::experiment::XAxis;
use downhill::numeric::Precision;
use downhill::series::{Axes, Curve, Series};
use downhill::train::{EpochRecord, Segment};
use downhill::ui::plot::{
    AxisScale, AxisSettings, Baseline, CurveLine, CurvePlot, CurveScene, Ghost, LaneCurves,
    LineLook, MarkerKind, PlotMarker, Samples, legend_ui,
};
use downhill::ui::shot::{Stage, StageSettings};
use downhill::ui::theme::{lane_look, theme_of, tokens};
use downhill::ui::widgets::tile;
use eframe::egui::{
    Event, Frame, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, TouchPhase, Ui, pos2, vec2,
};

use crate::gallery::paint;

/// One made-up run of 13 steps an epoch.
pub(crate) struct Run {
    name: &'static str,
    batch: Series,
    epoch: Curve,
    held_out: Curve,
    axes: Axes,
}

const PER_EPOCH: u64 = 13;

pub(crate) fn series(samples: impl IntoIterator<Item = f64>) -> Series {
    let samples: Vec<f64> = samples.into_iter().collect();
    let mut series = Series::new();
    for (index, chunk) in samples.chunks(65_536).enumerate() {
        let segment = Segment::new(Precision::F64);
        for (place, sample) in chunk.iter().enumerate() {
            segment.store_bits(place, sample.to_bits());
        }
        segment.publish(chunk.len());
        series.adopt(index as u64 * 65_536, Arc::new(segment));
    }
    series.refresh();
    series
}

/// A generator for pictures only.
fn noise(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 11) as f64 / (1u64 << 53) as f64 - 0.5
}

impl Run {
    pub(crate) fn new(name: &'static str, steps: u64, rate: f64, floor: f64, seed: u64) -> Self {
        let mut state = seed;
        let loss = |k: u64| 3.0 * (-rate * k as f64).exp() + floor;
        let samples: Vec<f64> =
            (0..steps).map(|k| loss(k) * (noise(&mut state) * 1.8).exp()).collect();
        let (mut epoch, mut held_out) = (Curve::new(), Curve::new());
        let mut axes = Axes::new(400, 32);
        for e in 1..=steps / PER_EPOCH {
            let step = e * PER_EPOCH;
            let batch = &samples[(step - PER_EPOCH) as usize..step as usize];
            let mean = batch.iter().sum::<f64>() / PER_EPOCH as f64;
            epoch.push(step, mean);
            held_out.push(step, loss(step) * 1.15 + 0.02);
            axes.epoch(&EpochRecord {
                epoch: e,
                step,
                loss: mean,
                samples: e * 400,
                seconds: e as f64 * 0.01,
            });
        }
        Self { name, batch: series(samples), epoch, held_out, axes }
    }

    fn diverge(&mut self, at: u64) {
        let mut samples: Vec<f64> = (0..at).map(|k| self.batch.get(k).expect("a sample")).collect();
        let start = samples.len() - 40;
        for (i, sample) in samples[start..].iter_mut().enumerate() {
            *sample *= 1.6f64.powi(i as i32);
        }
        samples.extend([f64::INFINITY, f64::NAN]);
        self.batch = series(samples);
        self.epoch.truncate(at);
        self.held_out.truncate(at);
    }

    pub(crate) fn lines(&self) -> [CurveLine<'_>; 3] {
        [
            CurveLine {
                title: "batch",
                samples: Samples::Every(&self.batch),
                look: LineLook::Faint,
            },
            CurveLine {
                title: "held out",
                samples: Samples::Some(&self.held_out),
                look: LineLook::Dashed,
            },
            CurveLine { title: "epoch", samples: Samples::Some(&self.epoch), look: LineLook::Bold },
        ]
    }
}

pub(crate) fn four() -> Vec<Run> {
    let mut runs = vec![
        Run::new("SGD", 819, 0.008, 0.14, 1),
        Run::new("Momentum", 819, 0.05, 0.13, 2),
        Run::new("Nesterov", 819, 0.06, 0.13, 3),
        Run::new("Adam", 819, 0.025, 0.13, 4),
    ];
    runs[3].diverge(500);
    runs
}

struct Setting {
    x: XAxis,
    x_scale: AxisScale,
    y_scale: AxisScale,
    cursor: Option<f64>,
    planned_end: Option<f64>,
    robust: bool,
}

const LOSS: Setting = Setting {
    x: XAxis::Step,
    x_scale: AxisScale::Linear,
    y_scale: AxisScale::Log,
    cursor: Some(676.0),
    planned_end: Some(1300.0),
    robust: false,
};

fn scene_ui(
    ui: &mut Ui,
    runs: &[Run],
    plot: &mut CurvePlot,
    setting: &Setting,
) -> downhill::ui::plot::CurveResponse {
    let theme = theme_of(ui);
    let lines: Vec<_> = runs.iter().map(Run::lines).collect();
    let lanes: Vec<LaneCurves<'_>> = runs
        .iter()
        .zip(&lines)
        .enumerate()
        .map(|(i, (run, lines))| LaneCurves {
            name: run.name,
            color: lane_look(i).color(theme),
            look: lane_look(i),
            axes: &run.axes,
            lines,
            shown: true,
            first_step: 0,
            diverged: run.batch.last().is_some_and(|v| !v.is_finite()),
        })
        .collect();
    let marker = |lane, step, kind| PlotMarker { lane, step, kind };
    let turned = |knob, from, to| MarkerKind::Edit { knob: Cow::Borrowed(knob), from, to };
    let markers = [
        marker(2, 403, turned("learning rate", "0.01", "0.02")),
        marker(2, 405, turned("learning rate", "0.02", "0.03")),
        marker(1, 410, turned("momentum", "0.9", "0.95")),
        marker(1, 130, MarkerKind::Fork("SGD")),
        marker(2, 130, MarkerKind::Fork("SGD")),
        marker(3, 500, MarkerKind::Diverged),
        marker(0, 806, MarkerKind::Stop(Some(Cow::Borrowed("no gain")))),
        marker(0, 130, MarkerKind::Pause(130)),
        marker(1, 130, MarkerKind::Pause(120)),
        marker(2, 676, MarkerKind::Pause(676)),
    ];
    let earlier = Run::new("before", 819, 0.012, 0.2, 9);
    let ghosts = [Ghost { samples: Samples::Some(&earlier.epoch), axes: &earlier.axes }];
    let scene = CurveScene {
        lanes: &lanes,
        ghosts: &ghosts,
        markers: if runs.len() == 4 { &markers } else { &[] },
        baseline: (runs.len() == 2)
            .then_some(Baseline { value: 0.69, name: "no look at the rows" }),
        axes: AxisSettings {
            x: setting.x,
            x_scale: setting.x_scale,
            y_scale: setting.y_scale,
            y_title: "loss",
            has_epochs: true,
            robust: setting.robust,
            planned_end: setting.planned_end,
        },
    };
    let size = ui.available_size();
    tile(
        ui,
        size,
        |ui| {
            ui.strong("Loss");
            legend_ui(ui, scene.lanes, size.y);
        },
        |_| {},
        |ui| {
            let size = ui.available_size();
            plot.show(ui, "loss", size, &scene, setting.cursor)
        },
    )
    .inner
}

fn framed(ui: &mut Ui, runs: &[Run], plot: &mut CurvePlot, setting: &Setting) {
    Frame::new().fill(tokens(ui).background).inner_margin(8.0).show(ui, |ui| {
        scene_ui(ui, runs, plot, setting);
    });
}

#[test]
fn pictures() {
    let runs = four();
    let mut plot = CurvePlot::default();
    paint("plot-log", [860.0, 520.0], 1.0, |ui, _| framed(ui, &runs, &mut plot, &LOSS));
    let time = Setting {
        x: XAxis::Time,
        y_scale: AxisScale::Linear,
        cursor: Some(0.55),
        planned_end: None,
        ..LOSS
    };
    paint("plot-time", [860.0, 520.0], 1.0, |ui, _| framed(ui, &runs, &mut plot, &time));
    let both = Setting { x_scale: AxisScale::Log, x: XAxis::Samples, cursor: Some(900.0), ..LOSS };
    paint("plot-both-log", [640.0, 400.0], 1.3, |ui, _| framed(ui, &runs, &mut plot, &both));
    let mut spiky = four();
    let mut samples: Vec<f64> =
        (0..819).map(|k| spiky[0].batch.get(k).expect("a sample")).collect();
    (samples[300], samples[640]) = (900.0, -40.0);
    spiky[0].batch = series(samples);
    let robust = Setting { y_scale: AxisScale::Linear, robust: true, cursor: Some(500.0), ..LOSS };
    paint("plot-robust", [860.0, 520.0], 1.0, |ui, _| framed(ui, &spiky, &mut plot, &robust));
    let symlog = Setting { y_scale: AxisScale::Symlog(1.0), x: XAxis::Evaluations, ..LOSS };
    paint("plot-symlog", [860.0, 520.0], 1.0, |ui, _| framed(ui, &spiky, &mut plot, &symlog));
    paint("plot-empty", [500.0, 300.0], 1.0, |ui, _| framed(ui, &[], &mut plot, &LOSS));
    let mut long = Run::new("Long run with a very long name indeed", 300_000, 1e-4, 0.1, 5);
    let mut samples: Vec<f64> =
        (0..300_000).map(|k| long.batch.get(k).expect("a sample")).collect();
    samples[180_000] = 40.0;
    long.batch = series(samples);
    let eight: Vec<Run> = (0..7)
        .map(|i| Run::new("Lane", 300_000, 1e-4 * (i + 1) as f64, 0.1 + 0.05 * i as f64, 20 + i))
        .chain([long])
        .collect();
    let setting = Setting { cursor: Some(120_000.0), planned_end: None, ..LOSS };
    let mut plot = CurvePlot::default();
    paint("plot-long", [1000.0, 560.0], 1.0, |ui, _| framed(ui, &eight, &mut plot, &setting));
}

fn wheel(y: f32) -> Event {
    Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, y),
        modifiers: Modifiers::NONE,
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
    }
}

#[test]
fn follows_until_zoomed_and_again_when_asked() {
    let runs = four();
    let mut plot = CurvePlot::default();
    let mut stage = Stage::new(StageSettings { size: [800.0, 500.0], ..StageSettings::default() });
    let at: Pos2 = pos2(400.0, 250.0);
    let mut hovered = None;
    for frame in 0..20 {
        let events = match frame {
            3 => vec![Event::PointerMoved(at)],
            8 => vec![wheel(120.0)],
            _ => Vec::new(),
        };
        let follows = plot.follows();
        stage.frame_with(events, |ui| {
            hovered = scene_ui(ui, &runs, &mut plot, &LOSS).hovered_x;
        });
        assert!(follows == (frame <= 8), "frame {frame}: follows is {follows}");
    }
    let x = hovered.expect("the pointer is over the plot");
    assert!((0.0..1300.0).contains(&x));
    // The wheel glides on for a while; away from the plot it does nothing.
    stage.frame_with(vec![Event::PointerGone], |ui| drop(scene_ui(ui, &runs, &mut plot, &LOSS)));
    plot.set_follow(true);
    stage.frame(|ui| drop(scene_ui(ui, &runs, &mut plot, &LOSS)));
    assert!(plot.follows());
}
