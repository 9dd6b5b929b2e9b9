//! What curves are drawn with: bands and lines as triangles, straight into one mesh.
//!
//! A plot of eight lanes has tens of thousands of corners each frame. As shapes they would be laid out
//! twice, once as outlines and once as triangles; here they are written once, into memory that stays.
//!
//! Invariant: edges are soft over one pixel, half of it inside, as everywhere else in the window. Not
//! here: what is drawn, and where.

use eframe::egui::{
    Color32, Mesh, Pos2, Rangef, Vec2,
    epaint::{Vertex, WHITE_UV},
    pos2, vec2,
};

use crate::ui::theme::{Dash, line_width};

/// A column of a band, and the middle of its samples; y grows downwards.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) x: f32,
    pub(super) top: f32,
    pub(super) bottom: f32,
    pub(super) mean: f32,
}

/// Draws into a mesh.
pub(super) struct Pen<'a> {
    mesh: &'a mut Mesh,
    /// The width of a soft edge: one pixel, in points.
    soft: f32,
    /// What can be seen along y.
    seen: Rangef,
    /// The corners of the dash being drawn.
    dash: Vec<Pos2>,
}

/// Corners across a band or a line, from one soft edge to the other.
const RIB: u32 = 4;
/// The steepest edge that is as soft as a level one, across it.
const STEEPEST: f32 = 4.0;

impl<'a> Pen<'a> {
    pub(super) fn new(mesh: &'a mut Mesh, pixels_per_point: f32, seen: Rangef) -> Self {
        Self { mesh, soft: 1.0 / pixels_per_point, seen: seen.expand(8.0), dash: Vec::new() }
    }

    /// Fills from the top to the bottom of each column, at least `width` thick.
    pub(super) fn band(&mut self, columns: &[Column], width: f32, color: Color32) {
        // One column alone has no area.
        if columns.len() < 2 {
            return;
        }
        let width = line_width(width).max(self.soft);
        let start = self.begin(columns.len());
        for (i, column) in columns.iter().enumerate() {
            let (left, right) =
                (columns[i.saturating_sub(1)], columns[(i + 1).min(columns.len() - 1)]);
            let run = (right.x - left.x).max(1e-3);
            let missing = (width - (column.bottom - column.top)).max(0.0) * 0.5;
            let (top, bottom) = (column.top - missing, column.bottom + missing);
            let room = (bottom - top) * 0.5;
            let soft = |rise: f32| {
                let slope = (rise / run).abs().min(STEEPEST);
                0.5 * self.soft * (1.0 + slope * slope).sqrt()
            };
            let (above, below) = (soft(right.top - left.top), soft(right.bottom - left.bottom));
            let corner = |y: f32, color: Color32| vertex(pos2(column.x, y), color);
            self.mesh.vertices.extend([
                corner(top - above, Color32::TRANSPARENT),
                corner(top + above.min(room), color),
                corner(bottom - below.min(room), color),
                corner(bottom + below, Color32::TRANSPARENT),
            ]);
        }
        self.join(start);
    }

    /// A line through `points`, at least two.
    pub(super) fn line(&mut self, points: &[Pos2], width: f32, color: Color32) {
        let [first, .., last] = points else { return };
        if self.is_unseen(points) {
            return;
        }
        let width = line_width(width);
        // What is thinner than a pixel is as thin as it is pale.
        let color = color.gamma_multiply((width / self.soft).min(1.0));
        let start = self.begin(points.len());
        let mut before = across(*first, points[1]);
        self.rib(*first, before, (width, color), before.rot90());
        for three in points.windows(3) {
            let mut after = across(three[1], three[2]);
            // Doubled points have no direction of their own.
            if before == Vec2::ZERO {
                before = after;
            } else if after == Vec2::ZERO {
                after = before;
            }
            let middle = (before + after) * 0.5;
            let length = middle.length_sq();
            if length < 0.5 {
                // A sharp corner is cut off.
                let middle = if length > 0.0 { middle / length.sqrt() } else { Vec2::ZERO };
                for half in [before, after].map(|side| (side + middle) * 0.5) {
                    let across = half / half.length_sq().max(f32::MIN_POSITIVE);
                    self.rib(three[1], across, (width, color), Vec2::ZERO);
                }
            } else {
                self.rib(three[1], middle / length, (width, color), Vec2::ZERO);
            }
            before = after;
        }
        self.rib(*last, before, (width, color), -before.rot90());
        self.join(start);
        let end = self.mesh.vertices.len() as u32 - RIB;
        for rib in [start, end] {
            self.mesh.indices.extend([rib, rib + 1, rib + 2, rib, rib + 2, rib + 3]);
        }
    }

    /// A line of dashes through `points`. Far away a line may be as long as it likes: only dashes that can
    /// be seen are drawn.
    pub(super) fn dashes(&mut self, points: &[Pos2], (width, color): (f32, Color32), dash: Dash) {
        let pairs = dash.on.iter().zip(dash.off);
        let lengths: Vec<f32> = pairs.flat_map(|(on, off)| [*on, *off]).collect();
        let whole: f32 = lengths.iter().sum();
        // What is left of the present length, and which it is: dashes are at even places.
        let (mut left, mut at) = (lengths[0], 0);
        let mut drawn = std::mem::take(&mut self.dash);
        drawn.extend(points.first());
        let seen = self.seen;
        for [mut from, to] in points.windows(2).flat_map(|ends| parts(ends[0], ends[1], seen)) {
            let way = to - from;
            let length = way.length_sq().sqrt();
            let mut rest = length;
            if !seen.contains((from.y + to.y) * 0.5) {
                self.line(&drawn, width, color);
                drawn.clear();
                rest %= whole;
            }
            while left < rest {
                from += way * (left / length);
                rest -= left;
                drawn.push(from);
                if at % 2 == 0 {
                    self.line(&drawn, width, color);
                    drawn.clear();
                }
                at = (at + 1) % lengths.len();
                left = lengths[at];
            }
            left -= rest;
            if at % 2 == 0 {
                drawn.push(to);
            }
        }
        self.line(&drawn, width, color);
        drawn.clear();
        self.dash = drawn;
    }

    /// Whether all of a line lies above or all of it below what can be seen.
    fn is_unseen(&self, points: &[Pos2]) -> bool {
        points.iter().all(|point| point.y < self.seen.min)
            || points.iter().all(|point| point.y > self.seen.max)
    }

    /// Makes room for so many ribs; the first one's place.
    fn begin(&mut self, ribs: usize) -> u32 {
        self.mesh.vertices.reserve(ribs * RIB as usize);
        self.mesh.indices.reserve(ribs * 18);
        self.mesh.vertices.len() as u32
    }

    /// The corners across a line at a point; `out` is where its end lies, if it ends there.
    fn rib(&mut self, at: Pos2, across: Vec2, (width, color): (f32, Color32), out: Vec2) {
        let inner = across * (0.5 * (width - self.soft)).max(0.0);
        let outer = across * 0.5 * (width.max(self.soft) + self.soft);
        let out = out * self.soft;
        self.mesh.vertices.extend([
            vertex(at + outer + out, Color32::TRANSPARENT),
            vertex(at + inner, color),
            vertex(at - inner, color),
            vertex(at - outer + out, Color32::TRANSPARENT),
        ]);
    }

    /// Joins all ribs from `start` on, each to the next.
    fn join(&mut self, start: u32) {
        let end = self.mesh.vertices.len() as u32;
        for a in (start..end.saturating_sub(RIB)).step_by(RIB as usize) {
            let b = a + RIB;
            self.mesh.indices.extend(
                [
                    [a, a + 1, b],
                    [a + 1, b, b + 1],
                    [a + 1, a + 2, b + 1],
                    [a + 2, b + 1, b + 2],
                    [a + 2, a + 3, b + 2],
                    [a + 3, b + 2, b + 3],
                ]
                .as_flattened(),
            );
        }
    }
}

/// The parts of the way from `a` to `b` before, inside and after what can be seen along y.
fn parts(a: Pos2, b: Pos2, seen: Rangef) -> impl Iterator<Item = [Pos2; 2]> {
    let share = |y: f32| ((y - a.y) / (b.y - a.y)).clamp(0.0, 1.0);
    // A level line is on one side of both, or between them.
    let (above, below) = if a.y == b.y { (0.0, 0.0) } else { (share(seen.min), share(seen.max)) };
    let stops = [0.0, above.min(below), above.max(below), 1.0];
    let place = move |share: f32| if share < 1.0 { a + (b - a) * share } else { b };
    (0..3)
        .map(move |i| [stops[i], stops[i + 1]])
        .filter(|[from, to]| from < to)
        .map(move |ends| ends.map(place))
}

fn vertex(pos: Pos2, color: Color32) -> Vertex {
    Vertex { pos, uv: WHITE_UV, color }
}

/// The direction across the way from `a` to `b`, of length 1; none if they are one point.
fn across(a: Pos2, b: Pos2) -> Vec2 {
    let way = b - a;
    let length = way.length_sq().sqrt();
    if length > 0.0 { vec2(way.y, -way.x) / length } else { Vec2::ZERO }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(draw: impl FnOnce(&mut Pen<'_>)) -> Mesh {
        let mut mesh = Mesh::default();
        draw(&mut Pen::new(&mut mesh, 1.0, Rangef::new(0.0, 100.0)));
        assert!(mesh.is_valid());
        mesh
    }

    #[test]
    fn a_band_reaches_its_ends_and_is_never_thinner_than_a_line() {
        let column = |x: f32, top: f32, bottom: f32| Column { x, top, bottom, mean: top };
        let columns = [
            column(0.0, 10.0, 30.0),
            column(1.0, 10.0, 30.0),
            column(2.0, 20.0, 20.0),
            column(3.0, 10.0, 30.0),
            column(4.0, 10.0, 30.0),
        ];
        let mesh = drawn(|pen| pen.band(&columns, 2.0, Color32::RED));
        assert_eq!((mesh.vertices.len(), mesh.indices.len()), (20, 72));
        // Half of the soft edge lies outside.
        let at = |rib: usize| [0, 1, 2, 3].map(|corner| mesh.vertices[4 * rib + corner].pos.y);
        assert_eq!(at(0), [9.5, 10.5, 29.5, 30.5]);
        assert_eq!(at(2), [18.5, 19.5, 20.5, 21.5]);
        // Beside a fall the edge is soft across it, which is more along y.
        assert!(at(1)[0] < 9.0 && at(1)[1] > 11.0, "{:?}", at(1));
    }

    #[test]
    fn a_line_is_as_wide_as_it_says_around_corners_too() {
        let points = [pos2(0.0, 0.0), pos2(10.0, 0.0), pos2(10.0, 10.0)];
        let mesh = drawn(|pen| pen.line(&points, 3.0, Color32::RED));
        let solid: Vec<Pos2> =
            mesh.vertices.iter().filter(|v| v.color == Color32::RED).map(|v| v.pos).collect();
        assert_eq!(
            solid,
            [
                pos2(0.0, -1.0),
                pos2(0.0, 1.0),
                pos2(11.0, -1.0),
                pos2(9.0, 1.0),
                pos2(11.0, 10.0),
                pos2(9.0, 10.0),
            ]
        );
    }

    #[test]
    fn dashes_cover_what_is_on_and_leave_what_is_off() {
        let dash = Dash { on: &[4.0, 1.0], off: &[2.0, 3.0] };
        let points: Vec<Pos2> = (0..=40).map(|i| pos2(i as f32 * 0.7, 5.0)).collect();
        let mesh = drawn(|pen| pen.dashes(&points, (2.0, Color32::RED), dash));
        let covered = |x: f32| {
            mesh.indices.chunks(3).any(|corners| {
                let xs: Vec<f32> = corners
                    .iter()
                    .map(|i| mesh.vertices[*i as usize])
                    .filter(|v| v.color == Color32::RED)
                    .map(|v| v.pos.x)
                    .collect();
                xs.iter().any(|a| *a <= x) && xs.iter().any(|a| *a >= x)
            })
        };
        for tenth in 0..270 {
            let x = tenth as f32 * 0.1 + 0.05;
            let place = x % 10.0;
            assert_eq!(covered(x), place < 4.0 || (6.0..7.0).contains(&place), "at {x}");
        }
    }

    #[test]
    fn dashes_that_cannot_be_seen_cost_nothing_and_those_that_can_are_all_there() {
        let dash = Dash { on: &[4.0], off: &[4.0] };
        // Down from far above to far below, and back, again and again.
        let points: Vec<Pos2> =
            (0..100).map(|i| pos2(i as f32, if i % 2 == 0 { -4e4 } else { 4e4 })).collect();
        let far = [pos2(0.0, -5e5), pos2(1.0, -4e5)];
        let mesh = drawn(|pen| {
            pen.dashes(&points, (2.0, Color32::RED), dash);
            pen.dashes(&far, (2.0, Color32::RED), dash);
        });
        let dashes = mesh.vertices.len() / 8;
        // A hundred points and the margins, a dash every eight of them.
        assert!((99 * 12..=99 * 16).contains(&dashes), "{dashes}");
    }
}
