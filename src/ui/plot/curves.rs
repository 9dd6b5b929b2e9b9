//! Lines of the plot, from places on the axes to triangles.
//!
//! One plot item draws all of a scene, so that lines lie over each other in one stated order: ghosts,
//! faint lines, then bold and dashed ones, means with a margin around them. The more samples and lanes lie
//! over each other, the fainter single ones are, so that means can be read whatever the length of a run.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::sync::Arc;

use eframe::egui::{Color32, Pos2, Rangef, Rect, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};

use super::columns::{Kept, Line};
use super::edges::{Beyond, Follower, Out};
use super::pen::{Column, Pen};
use super::scene::{AxisSettings, CurveLine, CurveScene, LaneCurves, LineLook, Samples};
use crate::series::Axes;
use crate::ui::theme::{Dash, tokens};

/// Draws a whole scene.
pub(super) struct SceneItem<'a> {
    base: PlotItemBase,
    scene: CurveScene<'a>,
    // A plot's items draw themselves unchanged, and what they keep is no part of what they say.
    kept: RefCell<&'a mut Kept>,
}

impl<'a> SceneItem<'a> {
    pub(super) fn new(scene: CurveScene<'a>, kept: &'a mut Kept) -> Self {
        let base = PlotItemBase::new("curves".to_owned());
        Self { base, scene, kept: RefCell::new(kept) }
    }
}

impl PlotItem for SceneItem<'_> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let t = tokens(ui);
        let scene = &self.scene;
        let kept = &mut **self.kept.borrow_mut();
        // What was drawn in the frame before is painted by now, so that its memory is free again.
        if Arc::get_mut(&mut kept.mesh).is_none() {
            kept.mesh = Arc::default();
        }
        let mesh = Arc::make_mut(&mut kept.mesh);
        // `Mesh::clear` would give back half of it.
        mesh.vertices.clear();
        mesh.indices.clear();
        let pen = Pen::new(mesh, ui.ctx().pixels_per_point(), transform.frame().y_range());
        let mut canvas = Canvas::new(transform, scene.axes, pen);
        for (ghost, kept) in scene.ghosts.iter().zip(&mut kept.ghosts) {
            let color = t.faint.gamma_multiply(0.45);
            let ink = Ink { sign: t.faint, ..Ink::line(color, 1.2, true) };
            canvas.line(kept, ghost.samples, (ghost.axes, 0), &ink);
        }
        let noisy = scene.lanes.iter().filter(|lane| lane.shown && is_noisy(lane)).count();
        for layer in [Layer::Behind, Layer::Margins, Layer::Front] {
            let lines = scene
                .lanes
                .iter()
                .enumerate()
                .flat_map(|(i, l)| l.lines.iter().map(move |x| (i, l, x)));
            for ((index, lane, line), kept) in lines.zip(&mut kept.lines) {
                if !lane.shown || !layer.holds(line.look) {
                    continue;
                }
                let mut ink = Ink::of(line.look, lane.color, lane.look.dash);
                let on = (lane.axes, lane.first_step);
                match (line.look, layer) {
                    (LineLook::Lower, _) => canvas.lower_edge(kept, line.samples, on),
                    (LineLook::Upper, _) => canvas.upper_edge(kept, line.samples, on, ink.color),
                    (_, Layer::Margins) if noisy > 0 => {
                        canvas.line(kept, line.samples, on, &ink.margin(t.panel));
                    }
                    (_, Layer::Margins) => {}
                    _ => {
                        if line.look == LineLook::Faint && is_noisy(lane) {
                            ink.fade = Some(noisy);
                        }
                        let outs = canvas.line(kept, line.samples, on, &ink);
                        let outs = outs.stretches(line.look, scene.axes.robust, lane.diverged);
                        canvas.note_beyond(kept, (index, line), outs);
                    }
                }
            }
        }
        let Canvas { alone, non_finite, beyond, .. } = canvas;
        kept.beyond = beyond;
        shapes.push(Shape::Mesh(Arc::clone(&kept.mesh)));
        shapes.extend(alone);
        crosses(*transform.frame(), non_finite, t.panel, shapes);
    }

    fn initialize(&mut self, _x_range: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::TRANSPARENT
    }

    fn allow_hover(&self) -> bool {
        false
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::NOTHING
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}

/// What lies over what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    /// Bands, single batches, single seeds.
    Behind,
    /// Around the means.
    Margins,
    /// Means and held-out data.
    Front,
}

impl Layer {
    fn holds(self, look: LineLook) -> bool {
        match self {
            Self::Behind => look.is_behind(),
            Self::Margins => look == LineLook::Bold,
            Self::Front => !look.is_behind(),
        }
    }
}

/// Whether a lane's single batches lie behind a line that says where they are on the whole.
fn is_noisy(lane: &LaneCurves<'_>) -> bool {
    let has = |look: LineLook| {
        lane.lines.iter().any(|line| {
            line.look == look && line.samples.last_step().is_some_and(|last| last > lane.first_step)
        })
    };
    has(LineLook::Faint) && has(LineLook::Bold)
}

/// How much single batches cover where so many lanes' lie over each other, with so many samples a column.
fn covering(crowd: f64, lanes: usize) -> f32 {
    // From one sample in four columns to four in one: from lines that can be followed to a mere band.
    let share = ((crowd.max(1e-9).log2() + 2.0) / 4.0).clamp(0.0, 1.0) as f32;
    let all = 0.5 + (0.3 - 0.5) * share;
    let one = 1.0 - (1.0 - all).powf(1.0 / lanes.max(1) as f32);
    one.min(FAINT)
}

/// How much of its colour a line of single batches has at most.
const FAINT: f32 = 0.26;

/// The pen of a line.
struct Ink {
    /// The lane's colour, for signs.
    sign: Color32,
    color: Color32,
    width: f32,
    dash: Option<Dash>,
    /// Whether the middle of many samples is drawn over their range.
    mean: bool,
    /// How many lanes' single batches lie over each other, if they fade for that.
    fade: Option<usize>,
    /// Whether it is the margin around a line, and only that.
    is_margin: bool,
}

impl Ink {
    /// As it is where so many samples share a column.
    fn faded(&self, crowd: f64) -> Self {
        let color = match self.fade {
            Some(lanes) => self.sign.gamma_multiply(covering(crowd, lanes)),
            None => self.color,
        };
        Self { color, ..*self }
    }

    fn of(look: LineLook, color: Color32, dash: Dash) -> Self {
        match look {
            LineLook::Faint => Self {
                sign: color,
                color: color.gamma_multiply(FAINT),
                ..Self::line(color, 1.0, false)
            },
            LineLook::Thin => Self::line(color.gamma_multiply(0.5), 1.0, true),
            LineLook::Lower | LineLook::Upper => {
                Self { color: color.gamma_multiply(0.2), ..Self::line(color, 1.0, false) }
            }
            LineLook::Bold => Self::line(color, 2.2, true),
            LineLook::Dashed => Self { dash: Some(dash), ..Self::line(color, 1.6, true) },
        }
    }

    fn line(color: Color32, width: f32, mean: bool) -> Self {
        Self { sign: color, color, width, dash: None, mean, fade: None, is_margin: false }
    }

    /// What lies around it, so that it stands out from what is behind.
    fn margin(self, behind: Color32) -> Self {
        let color = behind.gamma_multiply(0.75);
        Self { color, width: self.width + 2.4, is_margin: true, ..self }
    }
}

/// From places on an axis to the screen.
#[derive(Clone, Copy)]
struct Ruler {
    scale: f64,
    start: f64,
    /// Beyond these lies what is far outside the plot, or has no place.
    ends: [f64; 2],
}

impl Ruler {
    /// The axis on which `low` lies at `at_low`, `high` at `at_high`, and `far` points beyond either.
    fn new([low, high]: [f64; 2], at_low: f32, at_high: f32, far: f32) -> Self {
        let scale = f64::from(at_high - at_low) / (high - low);
        let ends = [at_low.min(at_high) - far, at_low.max(at_high) + far].map(f64::from);
        Self { scale, start: f64::from(at_low) - low * scale, ends }
    }

    fn at(&self, place: f64) -> f32 {
        (self.start + place * self.scale).clamp(self.ends[0], self.ends[1]) as f32
    }
}

/// What lines are drawn on: the plot's place on the screen and its axes.
struct Canvas<'a> {
    transform: &'a PlotTransform,
    axes: AxisSettings<'a>,
    x: Ruler,
    y: Ruler,
    pen: Pen<'a>,
    /// The unbroken stretch of a line that is being looked at, and whether some column of it holds more
    /// than one sample.
    run: Vec<Column>,
    is_dense: bool,
    means: Vec<Pos2>,
    /// The lower edge of the band that is being drawn: places on the screen, none where it is broken.
    edge: Vec<Option<Pos2>>,
    /// Columns that stand alone.
    alone: Vec<Shape>,
    /// Where samples were infinite or NaN, and in which colour to say so.
    non_finite: Vec<(f32, Color32)>,
    /// Where lines go beyond an edge.
    beyond: Vec<Beyond>,
}

impl<'a> Canvas<'a> {
    fn new(transform: &'a PlotTransform, axes: AxisSettings<'a>, pen: Pen<'a>) -> Self {
        let (frame, bounds) = (transform.frame(), transform.bounds());
        let (low, high) = (bounds.min(), bounds.max());
        let x = Ruler::new([low[0], high[0]], frame.left(), frame.right(), f32::INFINITY);
        let far = frame.height() + 100.0;
        let y = Ruler::new([low[1], high[1]], frame.bottom(), frame.top(), far);
        Self {
            transform,
            axes,
            x,
            y,
            pen,
            run: Vec::new(),
            is_dense: false,
            means: Vec::new(),
            edge: Vec::new(),
            alone: Vec::new(),
            non_finite: Vec::new(),
            beyond: Vec::new(),
        }
    }

    /// A line, from step `first` on. Gives where it is beyond an edge.
    fn line(
        &mut self,
        kept: &mut Line,
        samples: Samples<'_>,
        (axes, first): (&Axes, u64),
        ink: &Ink,
    ) -> Follower {
        let mut outs = Follower::default();
        let Some(bounds) = self.bounds_from(axes, first) else { return outs };
        let frame = *self.transform.frame();
        let seen = (frame.left() - 0.5..=frame.right() + 0.5, frame.y_range().expand(0.5));
        kept.place(samples, axes, &self.axes, bounds, frame.width());
        let ink = &ink.faded(kept.crowd());
        for (index, place) in kept.placed().iter().enumerate() {
            if !place.x.is_nan() {
                let x = self.x.at(place.x);
                if place.has_non_finite && !ink.is_margin {
                    self.non_finite.push((x, ink.sign));
                }
                if place.is_drawable {
                    let [top, bottom, mean] =
                        [place.high, place.low, place.mean].map(|place| self.y.at(place));
                    if seen.0.contains(&x) {
                        let ends = if ink.mean { [mean, mean] } else { [top, bottom] };
                        // What has no place on the axis is not below it.
                        let low = if ink.mean { place.mean } else { place.low };
                        let below = if low.is_finite() { ends[1] - seen.1.max } else { -1.0 };
                        outs.column(index, x, [seen.1.min - ends[0], below]);
                    }
                    self.run.push(Column { x, top, bottom, mean });
                    self.is_dense |= place.is_dense;
                }
            }
            // A column with nothing to draw breaks the line, and so does one that ends in NaN or
            // infinity: what comes after did not come from what came before.
            if place.breaks {
                self.stroke(ink);
            }
        }
        self.stroke(ink);
        outs
    }

    /// Takes note of where a line is beyond an edge.
    fn note_beyond(&mut self, kept: &Line, (lane, line): (usize, &CurveLine<'_>), outs: Vec<Out>) {
        for out in outs {
            let what = (lane, line.title, line.samples.less());
            self.beyond.push(Beyond::new(what, out, kept.buckets()));
        }
    }

    /// Takes note of the lower edge of a band.
    fn lower_edge(&mut self, kept: &mut Line, samples: Samples<'_>, (axes, first): (&Axes, u64)) {
        self.edge.clear();
        let Some(bounds) = self.bounds_from(axes, first) else { return };
        let width = self.transform.frame().width();
        for place in kept.places(samples, axes, &self.axes, bounds, width) {
            let at = (place.is_drawable && !place.x.is_nan())
                .then(|| pos2(self.x.at(place.x), self.y.at(place.low)));
            self.edge.push(at);
        }
    }

    /// Fills from the lower edge up to this one; where that is infinite, to beyond the plot.
    fn upper_edge(
        &mut self,
        kept: &mut Line,
        samples: Samples<'_>,
        (axes, first): (&Axes, u64),
        color: Color32,
    ) {
        let Some(bounds) = self.bounds_from(axes, first) else { return };
        let width = self.transform.frame().width();
        let places = kept.places(samples, axes, &self.axes, bounds, width);
        let mut run: Vec<Column> = Vec::new();
        for (place, edge) in places.iter().zip(&self.edge) {
            if let Some(low) = edge {
                let high = if place.is_drawable { place.high } else { f64::INFINITY };
                let top = self.y.at(high);
                run.push(Column { x: low.x, top, bottom: low.y, mean: low.y });
            } else {
                self.pen.band(&run, 0.0, color);
                run.clear();
            }
        }
        self.pen.band(&run, 0.0, color);
    }

    /// What can be seen of a line that begins at a step; `None` where it begins beyond.
    fn bounds_from(&self, axes: &Axes, first: u64) -> Option<RangeInclusive<f64>> {
        let bounds = self.transform.bounds().range_x();
        if first == 0 {
            return Some(bounds);
        }
        let start = self.axes.x_scale.place(axes.x(first as f64, self.axes.x))?;
        (start < *bounds.end()).then(|| start.max(*bounds.start())..=*bounds.end())
    }

    /// Draws an unbroken stretch: single samples as a line; many a column as the band they fill,
    /// and for means the line through the middle over a quieter band.
    fn stroke(&mut self, ink: &Ink) {
        let run = std::mem::take(&mut self.run);
        let is_dense = std::mem::take(&mut self.is_dense);
        match run.as_slice() {
            [] => {}
            run @ [_, _, ..] if ink.is_margin => self.through_means(run, ink),
            [_] if ink.is_margin => {}
            [alone] => self.alone.push(single(alone, ink)),
            run => {
                if is_dense && !ink.mean {
                    self.spikes(run, ink);
                }
                if is_dense {
                    let color = if ink.mean { ink.color.gamma_multiply(0.25) } else { ink.color };
                    self.pen.band(run, ink.width, color);
                }
                if !is_dense || ink.mean {
                    self.through_means(run, ink);
                }
            }
        }
        self.run = run;
        self.run.clear();
    }

    fn through_means(&mut self, run: &[Column], ink: &Ink) {
        self.means.clear();
        self.means.extend(run.iter().map(|column| pos2(column.x, column.mean)));
        match ink.dash {
            Some(dash) => self.pen.dashes(&self.means, (ink.width, ink.color), dash),
            None => self.pen.line(&self.means, ink.width, ink.color),
        }
    }

    /// Columns that stand far out of their neighbours, by more than columns are high on the whole, get a
    /// line of their own: in a translucent band a single high sample would hardly be seen.
    fn spikes(&mut self, run: &[Column], ink: &Ink) {
        const OUT: f32 = 12.0;
        let seen = self.transform.frame().height();
        let heights = run.iter().map(|column| (column.bottom - column.top).min(seen));
        let out = (heights.sum::<f32>() / run.len() as f32).max(OUT);
        let color = ink.sign.gamma_multiply(FAINT * 2.2);
        for three in run.windows(3) {
            let [left, here, right] = [three[0], three[1], three[2]];
            let around = left.top.min(right.top);
            if here.top + out < around {
                self.pen.line(&[pos2(here.x, here.top), pos2(here.x, around)], 1.0, color);
            }
        }
    }
}

/// A column without neighbours.
fn single(column: &Column, ink: &Ink) -> Shape {
    let half = ink.width * 0.5;
    let rect = Rect::from_x_y_ranges(
        Rangef::new(column.x - ink.width, column.x + ink.width),
        Rangef::new(column.top - half, column.bottom + half),
    );
    Shape::rect_filled(rect, ink.width, ink.color)
}

/// A cross at the plot's upper edge wherever samples were infinite or NaN.
fn crosses(frame: Rect, non_finite: Vec<(f32, Color32)>, behind: Color32, shapes: &mut Vec<Shape>) {
    let mut drawn: Vec<(f32, Color32)> = Vec::new();
    for (x, color) in non_finite {
        let near = |(other, c): &(f32, Color32)| *c == color && (x - other).abs() < 10.0;
        if !frame.x_range().contains(x) || drawn.iter().any(near) {
            continue;
        }
        drawn.push((x, color));
        let inside = x.min(frame.right() - 6.0).max(frame.left() + 6.0);
        let center = pos2(inside, frame.top() + 9.0);
        let arm = |y: f32| [center - vec2(4.0, y), center + vec2(4.0, y)];
        shapes.push(Shape::circle_filled(center, 7.5, behind));
        for points in [arm(4.0), arm(-4.0)] {
            shapes.push(Shape::line_segment(points, Stroke::new(2.0, color)));
        }
    }
}
