//! A rectangle of the screen that stands for a rectangle of numbers, with its axes.

use eframe::egui::{Align2, Pos2, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::super::theme::{small_style, tokens};
use super::super::widgets::{AxisNumbers, elided_middle};
use crate::numeric::{Range, evened, fillable};

/// A part of the screen that stands for a range of x and y; y grows upwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// Where on the screen.
    pub rect: Rect,
    /// The range along x.
    pub x: (f64, f64),
    /// The range along y.
    pub y: (f64, f64),
}

impl Plane {
    /// Draws axes with ticks and names at the left and lower edges of `outer`, and gives back the
    /// plane inside them.
    pub fn with_axes(ui: &Ui, outer: Rect, x: (f64, f64), y: (f64, f64), names: [&str; 2]) -> Self {
        let rect = Self::inside(ui, outer, y, names[1], None);
        Self::drawn(ui, outer, Self { rect, x, y }, names, None)
    }

    /// The same, with one of the ranges widened so that `unit[0]` along x is as long as `unit[1]` along y and
    /// the plane fills its room; without units both are drawn as they are.
    pub fn with_equal_axes(
        ui: &Ui,
        outer: Rect,
        ranges: [Range; 2],
        unit: Option<[f64; 2]>,
        names: [&str; 2],
    ) -> Self {
        Self::filling(ui, outer, ranges, names, unit, |unit, shape| evened(ranges, unit, shape))
    }

    /// The same, but a range is widened so far only that what it holds stays well seen; in a part of the
    /// screen that is wider still, or higher, units are longer along one axis.
    pub fn with_nearly_equal_axes(
        ui: &Ui,
        outer: Rect,
        ranges: [Range; 2],
        unit: Option<[f64; 2]>,
        names: [&str; 2],
    ) -> Self {
        Self::filling(ui, outer, ranges, names, unit, |unit, shape| {
            evened(ranges, unit, fillable(ranges, unit, shape))
        })
    }

    fn filling(
        ui: &Ui,
        outer: Rect,
        [x, y]: [Range; 2],
        names: [&str; 2],
        unit: Option<[f64; 2]>,
        even: impl Fn([f64; 2], f64) -> [Range; 2],
    ) -> Self {
        let Some(unit) = unit else { return Self::with_axes(ui, outer, x, y, names) };
        let mut rect = Self::inside(ui, outer, y, names[1], None);
        let even = |rect: Rect| even(unit, f64::from(rect.width() / rect.height()));
        // The wider the range the more its numbers need beside it, and the less is left to fill.
        for _ in 0..3 {
            let needed = Self::inside(ui, outer, even(rect)[1], names[1], None);
            rect = rect.intersect(needed);
        }
        let [x, y] = even(rect);
        Self::drawn(ui, outer, Self { rect, x, y }, names, None)
    }

    /// A plane of parts of a whole, from 0 to 1 both ways: the ends of both axes are told, and there is
    /// room above it for marks on its upper edge.
    pub fn of_parts(ui: &Ui, outer: Rect, names: [&str; 2], headroom: f32) -> Self {
        let whole = (0.0, 1.0);
        let rect = Self::inside(ui, outer, whole, names[1], Some(headroom));
        Self::drawn(ui, outer, Self { rect, x: whole, y: whole }, names, Some(headroom))
    }

    /// What the axes leave of a room.
    fn inside(ui: &Ui, outer: Rect, y: Range, name: &str, headroom: Option<f32>) -> Rect {
        let line = ui.text_style_height(&small_style());
        let y_ticks = ticks_up(ui, outer, y);
        let numbers = AxisNumbers::between(y.0, y.1);
        let widest = y_ticks.iter().map(|t| width_of(ui, &numbers.text(*t))).fold(0.0, f32::max);
        let left = widest + 6.0;
        let top = headroom.unwrap_or(0.0) + if name.is_empty() { 2.0 } else { line };
        Rect::from_min_max(outer.min + vec2(left, top), outer.max - vec2(2.0, line + 3.0))
    }

    fn drawn(ui: &Ui, outer: Rect, plane: Self, names: [&str; 2], headroom: Option<f32>) -> Self {
        let colors = tokens(ui);
        let font = small_style().resolve(ui.style());
        let Self { rect, x, y } = plane;
        let numbers = AxisNumbers::between(y.0, y.1);
        let painter = ui.painter();
        let text = |at: Pos2, anchor: Align2, text: String| {
            painter.text(at, anchor, text, font.clone(), colors.dim)
        };
        let mut lowest = rect.top();
        for tick in ticks_up(ui, outer, y) {
            let at = pos2(rect.left() - 4.0, plane.at(x.0, tick).y);
            lowest = lowest.max(text(at, Align2::RIGHT_CENTER, numbers.text(tick)).bottom());
        }
        let below = rect.bottom() + 2.0;
        // Beside a number that hangs below the corner there is no room.
        let left = if lowest > below + 2.0 { rect.left() - 2.0 } else { outer.left() };
        let numbers = AxisNumbers::between(x.0, x.1);
        // Where the end is told, the name stands before it.
        let end = headroom.map(|_| numbers.text(x.1));
        let mut name_end = rect.right();
        if let Some(label) = end {
            let half = width_of(ui, &label) * 0.5;
            let middle = rect.right().min(outer.right() - half);
            text(pos2(middle, below), Align2::CENTER_TOP, label);
            name_end = middle - half - 6.0;
        }
        let marks = |most: usize| -> Vec<Mark> {
            let marks = ticks(x.0, x.1, most).into_iter().map(|tick| {
                let text = numbers.text(tick);
                let half = width_of(ui, &text) / 2.0;
                let at = plane.at(tick, y.0).x;
                let is_near = at - half < left && at >= left - 2.0;
                Mark { at: if is_near { left + half } else { at }, half, text }
            });
            marks.filter(|mark| mark.at - mark.half >= left).collect()
        };
        let few = few(ui, outer.width());
        let (name, marks) = laid_out(ui, rect, names[0], name_end, (few, marks));
        for mark in marks {
            text(pos2(mark.at, below), Align2::CENTER_TOP, mark.text);
        }
        let place = text(pos2(name_end, below), Align2::RIGHT_TOP, name.clone());
        told_whole(ui, place, "across", names[0], &name);
        if !names[1].is_empty() {
            let name = fitting(ui, names[1], outer.right() - rect.left());
            let place = text(pos2(rect.left(), outer.top()), Align2::LEFT_TOP, name.clone());
            told_whole(ui, place, "up", names[1], &name);
        }
        let edge = Stroke::new(1.0, colors.edge);
        painter.line_segment([rect.left_top(), rect.left_bottom()], edge);
        painter.line_segment([rect.left_bottom(), rect.right_bottom()], edge);
        plane
    }

    /// Other ranges on the same scale, wherever they lie on the screen.
    #[must_use]
    pub fn beside(&self, [x, y]: [Range; 2]) -> Self {
        Self { rect: Rect::from_two_pos(self.at(x.0, y.0), self.at(x.1, y.1)), x, y }
    }

    /// All that it is, to tell planes by.
    pub fn key(&self) -> ([u32; 4], [u64; 4]) {
        let Rect { min, max } = self.rect;
        let ends = [self.x.0, self.x.1, self.y.0, self.y.1];
        ([min.x, min.y, max.x, max.y].map(f32::to_bits), ends.map(f64::to_bits))
    }

    /// Whether a point lies on it.
    pub fn holds(&self, [x, y]: [f64; 2]) -> bool {
        (self.x.0..=self.x.1).contains(&x) && (self.y.0..=self.y.1).contains(&y)
    }

    /// Where a point lies on the screen.
    pub fn at(&self, x: f64, y: f64) -> Pos2 {
        let part = |value: f64, (low, high): (f64, f64)| ((value - low) / (high - low)) as f32;
        pos2(
            self.rect.left() + part(x, self.x) * self.rect.width(),
            self.rect.bottom() - part(y, self.y) * self.rect.height(),
        )
    }

    /// Which point lies at a place on the screen.
    pub fn point(&self, place: Pos2) -> [f64; 2] {
        let right = f64::from((place.x - self.rect.left()) / self.rect.width());
        let up = f64::from((self.rect.bottom() - place.y) / self.rect.height());
        [self.x.0 + right * (self.x.1 - self.x.0), self.y.0 + up * (self.y.1 - self.y.0)]
    }

    /// A point given in parts of the plane, 0 to 1 each, on the screen.
    pub fn at_part(&self, [x, y]: [f32; 2]) -> Pos2 {
        pos2(self.rect.left() + x * self.rect.width(), self.rect.bottom() - y * self.rect.height())
    }
}

/// How many numbers stand along an axis at most.
fn few(ui: &Ui, room: f32) -> usize {
    ((room / (ui.text_style_height(&small_style()) * 3.6)) as usize).clamp(2, 6)
}

/// So many parts an axis is cut into at most, so that two numbers lie on it.
const MOST_PARTS: usize = 9;

/// Whether an axis is so long that one number on it is too little: alone it gives no scale.
fn needs_two(ui: &Ui, length: f32) -> bool {
    length > ui.text_style_height(&small_style()) * 3.8
}

/// The numbers that stand beside a plane: two at least, where it is not too low for that.
fn ticks_up(ui: &Ui, outer: Rect, (low, high): Range) -> Vec<f64> {
    let length = outer.height() - 2.0 * ui.text_style_height(&small_style());
    let (few, least) = (few(ui, outer.height()), if needs_two(ui, length) { 2 } else { 0 });
    let mut all = (few..=MOST_PARTS).map(|most| ticks(low, high, most));
    all.find(|ticks| ticks.len() >= least).unwrap_or_else(|| ticks(low, high, few))
}

/// A number below a plane: its middle, half its width and its text.
#[derive(Debug, Clone)]
struct Mark {
    at: f32,
    half: f32,
    text: String,
}

/// Between two texts below a plane.
const APART: f32 = 6.0;
/// The part of the width that a name takes at most where it is in the numbers' way.
const NAME: f32 = 0.45;

/// The name below a plane that ends at `end`, and the numbers before it. A name makes room for two numbers
/// by being shortened, where more numbers do not help; `marks` gives those at most `few` parts have.
fn laid_out(
    ui: &Ui,
    rect: Rect,
    whole: &str,
    end: f32,
    (few, marks): (usize, impl Fn(usize) -> Vec<Mark>),
) -> (String, Vec<Mark>) {
    let cap = (rect.width() * NAME).max(width_of(ui, "prediction"));
    let name = fitting(ui, whole, cap);
    let start = end - width_of(ui, &name) - if name.is_empty() { 0.0 } else { APART };
    let before = |marks: Vec<Mark>, start: f32| -> Vec<Mark> {
        marks.into_iter().filter(|mark| mark.at + mark.half <= start).collect()
    };
    let is_clear = |marks: &[Mark]| {
        marks.windows(2).all(|two| two[0].at + two[0].half + APART <= two[1].at - two[1].half)
    };
    let usual = before(marks(few), start);
    if usual.len() >= 2 || !needs_two(ui, rect.width()) {
        return (name, usual);
    }
    let mut more = (few..=MOST_PARTS).map(|most| before(marks(most), start));
    if let Some(found) = more.find(|marks| marks.len() >= 2 && is_clear(marks)) {
        return (name, found);
    }
    let closer = (few..=MOST_PARTS).map(&marks).find(|all| all.len() >= 2 && is_clear(all));
    if let Some(all) = closer {
        let room = end - (all[1].at + all[1].half) - APART;
        if room >= width_of(ui, "m…m") {
            let name = fitting(ui, whole, room);
            let start = end - width_of(ui, &name) - APART;
            return (name, before(all, start));
        }
    }
    let other = (few..=MOST_PARTS).map(|most| before(marks(most), start));
    let any = other.filter(|marks| is_clear(marks)).find(|marks| !marks.is_empty());
    (name, any.unwrap_or(usual))
}

/// As much of a name as a width holds: its beginning and its end.
fn fitting(ui: &Ui, whole: &str, width: f32) -> String {
    let fits = |text: &String| width_of(ui, text) <= width;
    let letters = whole.chars().count();
    let mut all = (2..=letters).rev().map(|letters| elided_middle(whole, letters));
    if fits(&whole.to_owned()) { whole.to_owned() } else { all.find(fits).unwrap_or_default() }
}

/// Where a name is shortened the pointer finds it whole.
fn told_whole(ui: &Ui, place: Rect, id: &str, whole: &str, name: &str) {
    if name != whole {
        ui.interact(place, ui.scope_id().with(("name", id)), Sense::hover()).on_hover_text(whole);
    }
}

fn width_of(ui: &Ui, text: &str) -> f32 {
    let font = small_style().resolve(ui.style());
    ui.painter().layout_no_wrap(text.to_owned(), font, tokens(ui).dim).size().x
}

/// At most about `most` round numbers between `low` and `high`.
pub fn ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) || most == 0 {
        return Vec::new();
    }
    let raw = span / most as f64;
    let unit = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * unit).into_iter().find(|s| *s >= raw * 0.999);
    let step = step.unwrap_or(10.0 * unit);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_inside_and_few() {
        assert_eq!(ticks(-1.2, 1.2, 4), [-1.0, 0.0, 1.0]);
        assert_eq!(ticks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert!(ticks(1.0, 1.0, 4).is_empty());
        assert!(ticks(f64::NAN, 1.0, 4).is_empty());
    }

    #[test]
    fn places_and_points_are_inverse() {
        let rect = Rect::from_min_size(pos2(10.0, 20.0), vec2(100.0, 50.0));
        let plane = Plane { rect, x: (-1.0, 3.0), y: (0.0, 10.0) };
        let [x, y] = plane.point(plane.at(2.0, 4.0));
        assert!((x - 2.0).abs() < 1e-5 && (y - 4.0).abs() < 1e-5);
        assert_eq!(plane.at(-1.0, 0.0), rect.left_bottom());
    }
}
