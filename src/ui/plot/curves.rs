//! Lines of the plot, from places on the axes to triangles.
//!
//! One plot item draws all of a scene, so that lines lie over each other in one stated order: ghosts,
//! faint lines, then bold and dashed ones.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::sync::Arc;

use eframe::egui::{Color32, Pos2, Rangef, Rect, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};

use super::columns::{Kept, Line};
use super::pen::{Column, Pen};
use super::scene::{AxisSettings, CurveScene, LineLook, Samples};
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
            let ink = Ink { sign: t.faint, color, width: 1.2, dash: None, mean: true };
            canvas.line(kept, ghost.samples, (ghost.axes, 0), &ink);
        }
        for bold in [false, true] {
            let lines =
                scene.lanes.iter().flat_map(|lane| lane.lines.iter().map(move |l| (lane, l)));
            for ((lane, line), kept) in lines.zip(&mut kept.lines) {
                if lane.shown && line.look.is_behind() != bold {
                    let ink = Ink::of(line.look, lane.color, lane.look.dash);
                    let on = (lane.axes, lane.first_step);
                    match line.look {
                        LineLook::Lower => canvas.lower_edge(kept, line.samples, on),
                        LineLook::Upper => canvas.upper_edge(kept, line.samples, on, ink.color),
                        _ => canvas.line(kept, line.samples, on, &ink),
                    }
                }
            }
        }
        let Canvas { alone, non_finite, cut, .. } = canvas;
        shapes.push(Shape::Mesh(Arc::clone(&kept.mesh)));
        shapes.extend(alone);
        arrows(*transform.frame(), cut, t.panel, shapes);
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

/// The pen of a line.
struct Ink {
    /// The lane's colour, for signs.
    sign: Color32,
    color: Color32,
    width: f32,
    dash: Option<Dash>,
    /// Whether the middle of many samples is drawn over their range.
    mean: bool,
}

impl Ink {
    fn of(look: LineLook, color: Color32, dash: Dash) -> Self {
        match look {
            LineLook::Faint => Self {
                sign: color,
                color: color.gamma_multiply(0.26),
                width: 1.0,
                dash: None,
                mean: false,
            },
            LineLook::Thin => {
                let color = color.gamma_multiply(0.5);
                Self { sign: color, color, width: 1.0, dash: None, mean: true }
            }
            LineLook::Lower | LineLook::Upper => {
                let band = color.gamma_multiply(0.2);
                Self { sign: color, color: band, width: 1.0, dash: None, mean: false }
            }
            LineLook::Bold => Self { sign: color, color, width: 2.2, dash: None, mean: true },
            LineLook::Dashed => {
                Self { sign: color, color, width: 1.6, dash: Some(dash), mean: true }
            }
        }
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
    /// Where samples of a robust range lie beyond an edge, whether the upper one, and in which colour.
    cut: Vec<(f32, bool, Color32)>,
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
            cut: Vec::new(),
        }
    }

    /// A line, from step `first` on.
    fn line(
        &mut self,
        kept: &mut Line,
        samples: Samples<'_>,
        (axes, first): (&Axes, u64),
        ink: &Ink,
    ) {
        let Some(bounds) = self.bounds_from(axes, first) else { return };
        let width = self.transform.frame().width();
        for place in kept.places(samples, axes, &self.axes, bounds, width) {
            if !place.x.is_nan() {
                let x = self.x.at(place.x);
                if place.has_non_finite {
                    self.non_finite.push((x, ink.sign));
                }
                if place.is_drawable {
                    let [top, bottom, mean] =
                        [place.high, place.low, place.mean].map(|place| self.y.at(place));
                    if self.axes.robust {
                        self.note_cut((x, top, bottom), place.low, ink.sign);
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

    /// Takes note of a column that reaches beyond an edge; what has no place on the axis is not below it.
    fn note_cut(&mut self, (x, top, bottom): (f32, f32, f32), low: f64, color: Color32) {
        let frame = self.transform.frame();
        if top < frame.top() - 0.5 {
            self.cut.push((x, true, color));
        }
        if bottom > frame.bottom() + 0.5 && low.is_finite() {
            self.cut.push((x, false, color));
        }
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

    /// Columns that stand far out of their neighbours get a line of their own: in a translucent band
    /// a single high sample would hardly be seen.
    fn spikes(&mut self, run: &[Column], ink: &Ink) {
        const OUT: f32 = 12.0;
        let color = ink.color.gamma_multiply(2.2);
        for three in run.windows(3) {
            let [left, here, right] = [three[0], three[1], three[2]];
            let around = left.top.min(right.top);
            if here.top + OUT < around {
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

/// A small arrow at the edge that a line goes beyond.
fn arrows(frame: Rect, cut: Vec<(f32, bool, Color32)>, behind: Color32, shapes: &mut Vec<Shape>) {
    let mut drawn: Vec<(f32, bool, Color32)> = Vec::new();
    for (x, up, color) in cut {
        let near = |(other, u, c): &(f32, bool, Color32)| {
            *u == up && *c == color && (x - other).abs() < 12.0
        };
        if !frame.x_range().contains(x) || drawn.iter().any(near) {
            continue;
        }
        drawn.push((x, up, color));
        let inside = x.min(frame.right() - 5.0).max(frame.left() + 5.0);
        let (tip, base) = if up {
            (frame.top() + 1.0, frame.top() + 8.0)
        } else {
            (frame.bottom() - 1.0, frame.bottom() - 8.0)
        };
        let points = vec![pos2(inside, tip), pos2(inside - 4.0, base), pos2(inside + 4.0, base)];
        shapes.push(Shape::convex_polygon(points, color, Stroke::new(1.0, behind)));
    }
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
