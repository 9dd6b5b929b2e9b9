//! The curve tile: every lane's curve of one metric, raw and smoothed, and what happened on the way.

mod bar;
mod seeds;
mod smoothing;
mod table;

use std::borrow::Cow;
use std::time::Duration;

use eframe::egui::{Ui, Vec2, vec2};

use crate::experiment::{Metric, Task, XAxis};
use crate::session::{Action, Lane, Measure, Session};
use crate::train::EndReason;
use crate::ui::panels::marks::marks_of;
use crate::ui::plot::{
    AxisScale, AxisSettings, Baseline, CurveLine, CurveScene, Ghost, LaneCurves, LineLook, Samples,
    legend_ui,
};
use crate::ui::theme::{lane_look, theme_of};
use crate::ui::widgets::tile_frame;

use crate::ui::frame::Frame;
use crate::ui::linked::Over;
use smoothing::Lines;
use table::LaneLines;

pub(super) use smoothing::Smoothing;
pub(super) use table::CurveTable;

/// Until smoothing that found no room in this frame goes on.
const CATCH_UP: Duration = Duration::from_millis(16);

/// Draws the tile.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, size: Vec2) {
    let shown = tile_frame(ui, size, |ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        bar::ui(ui, frame);
        plot_ui(ui, frame);
    });
    frame.window.center.curve_rect = Some(shown.response.rect);
}

pub(super) fn on_surface(session: &Session) -> bool {
    matches!(session.experiment().task, Task::Surface(_))
}

fn plot_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let session = frame.session;
    let theme = theme_of(ui);
    let view = session.view();
    let measure = session.shown_measure();
    let mut smoothing = std::mem::take(&mut frame.window.center.smoothing);
    if !smoothing.advance(session.lanes(), measure.metric, view.smooth) {
        ui.ctx().request_repaint_after(CATCH_UP);
    }
    // What is measured before the first update is a dot without an axis, and no curve yet.
    let has_begun = !session.lanes().iter().all(Lane::is_at_start);
    let lines: Vec<Vec<CurveLine<'_>>> = session
        .lanes()
        .iter()
        .map(|lane| match lane.seed_count() {
            _ if !has_begun => Vec::new(),
            1 => drawn_lines(lane, measure, &smoothing),
            // Over seeds the median is smooth already.
            _ => seeds::lines_of(lane, measure, &frame.window.center.seeds),
        })
        .collect();
    let names: Vec<Cow<'_, str>> = session.lanes().iter().map(seeds::name_of).collect();
    let lanes: Vec<LaneCurves<'_>> = session
        .lanes()
        .iter()
        .zip(&lines)
        .zip(&names)
        .map(|((lane, lines), name)| LaneCurves {
            name,
            color: lane_look(lane.color).color(theme),
            look: lane_look(lane.color),
            axes: &lane.axes,
            lines,
            shown: session.is_shown(lane),
            first_step: lane.first_step(),
            diverged: lane.end().is_some_and(|e| e.reason == EndReason::Diverged),
        })
        .collect();
    let ghosts = ghosts_of(session, measure);
    let markers = marks_of(session);
    let scale = |log: bool| if log { AxisScale::Log } else { AxisScale::Linear };
    // How far it is even around 0, the plot finds out.
    let y_scale = if view.y_symlog { AxisScale::Symlog(1.0) } else { scale(view.y_log) };
    let title = axis_title(measure.label);
    let scene = CurveScene {
        lanes: &lanes,
        ghosts: &ghosts,
        markers: &markers,
        baseline: baseline_of(session, measure),
        axes: AxisSettings {
            x: view.x,
            x_scale: scale(view.x_log),
            y_scale,
            y_title: &title,
            has_epochs: !on_surface(session),
            robust: view.robust,
            planned_end: planned_end(session),
        },
    };
    let height = ui.available_height();
    if let Some(pressed) = legend_ui(ui, &lanes, height) {
        let id = session.lanes()[pressed].id;
        frame.push(Action::Mute(id, !session.is_muted(id)));
    }
    if frame.window.center.table.is_shown {
        frame.window.linked.zoom_to(None);
        table_ui(ui, frame, measure, &smoothing);
    } else {
        curves_ui(ui, frame, &scene);
    }
    frame.window.center.smoothing = smoothing;
}

/// The numbers of the lanes that are shown.
fn table_ui(ui: &mut Ui, frame: &mut Frame<'_>, measure: &Measure, smoothing: &Smoothing) {
    let session = frame.session;
    let lanes = session.lanes().iter().filter(|lane| session.is_shown(lane));
    let all: Vec<(&Lane, Vec<CurveLine<'_>>)> =
        lanes.map(|lane| (lane, table_lines(lane, measure, smoothing))).collect();
    let lines: Vec<LaneLines<'_>> =
        all.iter().map(|(lane, lines)| (*lane, lines.as_slice())).collect();
    table::ui(ui, frame, measure, &lines);
}

/// The curves, with the cursor and the zoom that other plots share.
fn curves_ui(ui: &mut Ui, frame: &mut Frame<'_>, scene: &CurveScene<'_>) {
    let size = ui.available_size();
    if size.x <= 40.0 || size.y <= 40.0 {
        return;
    }
    let (session, axis) = (frame.session, scene.axes.x);
    let leader = session.lanes().iter().max_by_key(|lane| lane.status.step);
    let place = |step: f64| leader.map(|lane| lane.axes.x(step, axis));
    let step_at = |x: f64| leader.map_or(0.0, |lane| lane.axes.step_at(x, axis).max(0.0));
    let elsewhere = frame.window.linked.elsewhere(Over::Curve);
    let cursor = elsewhere.or(session.looked_at().map(|step| step as f64)).and_then(place);
    let shown = frame.window.center.plot.show(ui, "curves", size, scene, cursor);
    if let Some(x) = shown.hovered_x {
        frame.window.linked.point(Over::Curve, step_at(x));
    }
    let steps = |[from, to]: [f64; 2]| step_at(from).floor() as u64..step_at(to).ceil() as u64;
    frame.window.linked.zoom_to(shown.zoomed_to.map(steps));
    for (lane, steps) in shown.lacking {
        frame.actions.push(Action::Recall(session.lanes()[lane].id, steps));
    }
}

/// Earlier runs, behind the lanes' losses.
fn ghosts_of<'a>(session: &'a Session, measure: &Measure) -> Vec<Ghost<'a>> {
    session
        .ghosts()
        .iter()
        .filter(|_| matches!(measure.metric, Metric::Loss))
        .map(|ghost| Ghost {
            samples: if ghost.epoch_loss.is_empty() {
                Samples::Every(&ghost.losses)
            } else {
                Samples::Some(&ghost.epoch_loss)
            },
            axes: &ghost.axes,
        })
        .collect()
}

/// The lines as they are drawn: each as measured, faint, with what it is smoothed over it; or, without
/// smoothing, single batches faint and means bold.
fn drawn_lines<'a>(
    lane: &'a Lane,
    measure: &Measure,
    smoothing: &'a Smoothing,
) -> Vec<CurveLine<'a>> {
    let raw = lines_of(lane, measure);
    let Some(smooth) = smoothing.of(lane) else { return raw };
    let noisy = || raw.iter().filter(|line| is_noisy(line, measure));
    let faint = noisy().map(|line| CurveLine { look: LineLook::Faint, ..*line });
    // Means over epochs give way: the smoothed line says in its way what they say.
    let calm = raw.iter().filter(|line| !is_noisy(line, measure) && line.title != "epoch").copied();
    faint.chain(noisy().filter_map(|line| smoothed(line, smooth))).chain(calm).collect()
}

/// Whether smoothing is of use: means over epochs are another way to be smooth, and a loss over all
/// held-out rows is none of single batches.
fn is_noisy(line: &CurveLine<'_>, measure: &Measure) -> bool {
    let is_whole = measure.metric == Metric::Loss && line.look == LineLook::Dashed;
    !is_whole && line.title != "epoch"
}

/// The lines of the table: as they were measured, and smoothed.
fn table_lines<'a>(
    lane: &'a Lane,
    measure: &Measure,
    smoothing: &'a Smoothing,
) -> Vec<CurveLine<'a>> {
    let mut lines = lines_of(lane, measure);
    let smooth = smoothing.of(lane);
    let made = |line: &CurveLine<'a>| smooth.and_then(|smooth| smoothed(line, smooth));
    let noisy = lines.iter().filter(|line| is_noisy(line, measure));
    let more: Vec<_> = noisy.filter_map(made).collect();
    lines.extend(more);
    lines
}

/// What a line is smoothed, as far as it is.
fn smoothed<'a>(line: &CurveLine<'a>, smooth: &'a Lines) -> Option<CurveLine<'a>> {
    let (title, look) = match line.look {
        LineLook::Dashed => ("h.o. smooth", LineLook::Dashed),
        LineLook::Faint | LineLook::Bold => ("smooth", LineLook::Bold),
        LineLook::Thin | LineLook::Lower | LineLook::Upper => return None,
    };
    let samples = match line.samples {
        Samples::Every(_) => smooth.losses.series().map(|made| Samples::Made(made, 0.0)),
        Samples::Less(_, less) => smooth.losses.series().map(|made| Samples::Made(made, less)),
        Samples::Some(_) if look == LineLook::Dashed => {
            Some(Samples::Some(smooth.held_out.curve()))
        }
        Samples::Some(_) => Some(Samples::Some(smooth.training.curve())),
        Samples::Made(..) => None,
    };
    samples.map(|samples| CurveLine { title, samples, look })
}

/// A label as the title of an axis: in small letters, abbreviations left as they are.
fn axis_title(label: &str) -> String {
    let small = |word: &str| {
        let name = word.chars().skip(1).any(|c| !c.is_lowercase() && c != '-');
        if name { word.to_owned() } else { word.to_lowercase() }
    };
    label.split(' ').map(small).collect::<Vec<_>>().join(" ")
}

/// What a model reaches that never looks at a row: on the data of the first shown lane that knows it.
fn baseline_of(session: &Session, measure: &'static Measure) -> Option<Baseline> {
    let lanes = session.lanes().iter().filter(|lane| session.is_shown(lane));
    let mut values = lanes.filter_map(|lane| measure.baseline(&lane.latest()?.evaluation));
    let value = values.find(|value| value.is_finite())?;
    Some(Baseline { value, name: measure.baseline_name })
}

pub(super) fn lines_of<'a>(lane: &'a Lane, measure: &Measure) -> Vec<CurveLine<'a>> {
    let some = |title, curve, look| CurveLine { title, samples: Samples::Some(curve), look };
    let curves = lane.curves.of(measure.metric);
    let (training, held_out) = (&curves.training, &curves.held_out);
    let all = match measure.metric {
        Metric::Loss => vec![
            CurveLine {
                title: "batch",
                samples: Samples::Every(&lane.losses),
                look: LineLook::Faint,
            },
            some("epoch", &lane.curves.epoch_loss, LineLook::Bold),
            some("held out", held_out, LineLook::Dashed),
        ],
        Metric::Gap => {
            let gap = |lowest| CurveLine {
                title: "gap",
                samples: Samples::Less(&lane.losses, lowest),
                look: LineLook::Bold,
            };
            lane.lowest().map(gap).into_iter().collect()
        }
        _ => vec![
            some("training", training, LineLook::Bold),
            some("held out", held_out, LineLook::Dashed),
        ],
    };
    let on_surface = lane.train_rows() == 0;
    all.into_iter()
        .filter(|line| match line.samples {
            Samples::Every(series) | Samples::Less(series, _) | Samples::Made(series, _) => {
                !series.is_empty()
            }
            Samples::Some(curve) => !curve.is_empty(),
        })
        .map(|line| match line.samples {
            // On a surface there are no batches to average: the value itself is the curve.
            Samples::Every(_) | Samples::Less(..) if on_surface => {
                CurveLine { title: "value", look: LineLook::Bold, ..line }
            }
            _ => line,
        })
        .collect()
}

/// Where the longest planned run ends on the present axis.
fn planned_end(session: &Session) -> Option<f64> {
    let axis = session.view().x;
    if axis == XAxis::Time {
        return None;
    }
    let ends = session.lanes().iter().map(|lane| {
        let step = lane.status.planned_steps?;
        Some(lane.axes.x(step as f64, axis))
    });
    ends.reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten()
}
