//! Where the parts of a drawn network lie: columns of units from the inputs at the left to the output
//! at the right, and the edges between them.
//!
//! Invariant: as many units of a column are drawn as find room at [`LEAST_SIDE`], from a first one on;
//! units and edges are numbered as in the model. A single output is drawn large; of several, each has a unit, and what they say together is a
//! large picture of its own at the right.

use std::ops::Range;

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

/// The least side of a unit's map.
pub(super) const LEAST_SIDE: f32 = 17.0;
/// The least distance between two units.
const GAP: f32 = 5.0;
/// Units of a column, at most.
const MOST_UNITS: usize = 16;
/// Points that a curve is followed by.
const PIECES: usize = 20;

/// A column of units.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The maps of the units that are drawn, from the top.
    pub(super) nodes: Vec<Rect>,
    /// Which unit of the model the first of them is.
    pub(super) first: usize,
    /// Units there are.
    pub(super) units: usize,
    /// The room of its words, above and below.
    pub(super) words: (f32, f32),
}

impl Column {
    /// The units that are drawn.
    pub(super) fn shown(&self) -> Range<usize> {
        self.first..self.first + self.nodes.len()
    }

    /// Where a unit that is drawn lies.
    fn node(&self, unit: usize) -> Rect {
        self.nodes[unit - self.first]
    }
}

/// A network on the screen.
#[derive(Debug, Clone)]
pub(super) struct Drawing {
    pub(super) columns: Vec<Column>,
    /// Where what several outputs say together is drawn.
    pub(super) answer: Option<Rect>,
}

/// The weight by which unit `to` of a dense layer reads unit `from` of the column before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    /// The dense layer; its units stand in column `layer + 1`.
    pub(super) layer: usize,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// How many units find room in a column of this height.
pub(super) fn fit(height: f32, scale: f32) -> usize {
    (((height + GAP) / (LEAST_SIDE * scale + GAP)) as usize).clamp(1, MOST_UNITS)
}

impl Drawing {
    /// A network of columns of so many units (inputs first) in `rect`, each drawn from the unit that
    /// `firsts` names on, as far as there is one; `left` is the room for the names of inputs, `line` the
    /// height of a line of words.
    pub(super) fn new(
        rect: Rect,
        (widths, firsts): (&[usize], &[usize]),
        left: f32,
        (line, scale): (f32, f32),
    ) -> Self {
        let inner =
            Rect::from_min_max(rect.min + vec2(left, line + 6.0), rect.max - vec2(0.0, line + 4.0));
        let outputs = widths.last().copied().unwrap_or(1);
        let places = widths.len() + usize::from(outputs > 1);
        let fit = fit(inner.height(), scale);
        let big = (inner.width() / places as f32 * 0.86)
            .min(inner.height() * 0.62)
            .clamp(LEAST_SIDE, 220.0 * scale);
        let pitch = (inner.width() - big) / (places - 1).max(1) as f32;
        let side_of = |shown: usize| {
            let high = (inner.height() + GAP) / shown as f32 - GAP;
            high.min(pitch * 0.46).clamp(LEAST_SIDE * 0.6, 46.0 * scale)
        };
        // All units alike, as the fullest column allows.
        let fullest = widths.iter().map(|units| (*units).min(fit)).max().unwrap_or(1);
        let side = side_of(fullest);
        let (first, last) = (inner.left() + side / 2.0, inner.right() - big / 2.0);
        let middle = |place: usize| first + (last - first) * place as f32 / (places - 1) as f32;
        let columns = widths.iter().enumerate().map(|(at, units)| {
            let x = middle(at);
            let is_answer = at + 1 == places;
            let shown = if is_answer { 1 } else { (*units).min(fit) };
            let side = if is_answer { big } else { side };
            let step = (inner.height() / shown as f32).min(side * 1.7 + GAP);
            let top = inner.center().y - step * (shown - 1) as f32 / 2.0;
            let node = |unit: usize| {
                let centre = pos2(x, top + step * unit as f32);
                Rect::from_center_size(centre, Vec2::splat(side))
            };
            let half = (if is_answer { big } else { pitch } / 2.0 - 3.0).max(side / 2.0);
            let words = (x - half, x + half);
            let first = firsts.get(at).map_or(0, |first| (*first).min(units - shown));
            Column { nodes: (0..shown).map(node).collect(), first, units: *units, words }
        });
        let answer = (outputs > 1).then(|| {
            let centre = pos2(middle(places - 1), inner.center().y);
            Rect::from_center_size(centre, Vec2::splat(big))
        });
        Self { columns: columns.collect(), answer }
    }

    /// The edges between units that are drawn.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge> {
        self.columns.windows(2).enumerate().flat_map(|(layer, pair)| {
            let (before, after) = (pair[0].shown(), pair[1].shown());
            after.flat_map(move |to| before.clone().map(move |from| Edge { layer, from, to }))
        })
    }

    /// The ends of an edge's curve, and what it leans to between them.
    pub(super) fn curve(&self, edge: Edge) -> [Pos2; 4] {
        let a = self.columns[edge.layer].node(edge.from).right_center();
        let b = self.columns[edge.layer + 1].node(edge.to).left_center();
        let lean = (b.x - a.x) * 0.5;
        [a, a + vec2(lean, 0.0), b - vec2(lean, 0.0), b]
    }

    /// Points along an edge, end to end.
    pub(super) fn line(&self, edge: Edge) -> [Pos2; PIECES + 1] {
        let [a, b, c, d] = self.curve(edge).map(Pos2::to_vec2);
        std::array::from_fn(|i| {
            let t = i as f32 / PIECES as f32;
            let u = 1.0 - t;
            (a * (u * u * u) + b * (3.0 * u * u * t) + c * (3.0 * u * t * t) + d * (t * t * t))
                .to_pos2()
        })
    }

    /// The edge nearest to a place, of these, if one is near.
    pub(super) fn edge_at(&self, edges: &[Edge], place: Pos2, near: f32) -> Option<Edge> {
        let far = |edge: Edge| {
            let line = self.line(edge);
            let pieces = line.windows(2).map(|piece| distance(place, piece[0], piece[1]));
            (edge, pieces.fold(f32::INFINITY, f32::min))
        };
        let nearest = edges.iter().map(|edge| far(*edge)).min_by(|a, b| a.1.total_cmp(&b.1))?;
        (nearest.1 <= near).then_some(nearest.0)
    }
}

/// From a place to the piece of a line between `a` and `b`.
fn distance(place: Pos2, a: Pos2, b: Pos2) -> f32 {
    let (along, to) = (b - a, place - a);
    let part = (to.dot(along) / along.length_sq().max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
    (to - along * part).length()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(widths: &[usize], size: Vec2) -> Drawing {
        let rect = Rect::from_min_size(pos2(5.0, 7.0), size);
        Drawing::new(rect, (widths, &[]), 30.0, (14.0, 1.0))
    }

    #[test]
    fn units_lie_apart_inside_the_room_there_is() {
        for size in [vec2(300.0, 160.0), vec2(700.0, 420.0), vec2(1400.0, 200.0)] {
            for widths in [&[2, 6, 4, 1][..], &[2, 1], &[64, 64, 10], &[1, 3, 3, 3, 3, 2]] {
                let drawing = drawn(widths, size);
                let room = Rect::from_min_size(pos2(5.0, 7.0), size).expand(0.5);
                for column in &drawing.columns {
                    assert!(
                        column.nodes.iter().all(|node| room.contains_rect(*node)),
                        "{widths:?}"
                    );
                    assert!(column.nodes.windows(2).all(|two| two[0].bottom() < two[1].top()));
                }
                for pair in drawing.columns.windows(2) {
                    let right = pair[0].nodes[0].right();
                    assert!(right < pair[1].nodes[0].left(), "{widths:?} in {size:?}");
                }
                assert_eq!(drawing.answer.is_some(), *widths.last().expect("some") > 1);
            }
        }
    }

    #[test]
    fn of_a_wide_layer_as_many_units_are_drawn_as_fit() {
        let drawing = drawn(&[2, 64, 1], vec2(500.0, 250.0));
        let (few, many) = (&drawing.columns[0], &drawing.columns[1]);
        assert_eq!((few.nodes.len(), many.units), (2, 64));
        assert!((8..=MOST_UNITS).contains(&many.nodes.len()), "{}", many.nodes.len());
    }

    #[test]
    fn a_column_begins_at_the_unit_asked_for_and_ends_full() {
        let rect = Rect::from_min_size(pos2(5.0, 7.0), vec2(500.0, 250.0));
        let of = |first| Drawing::new(rect, (&[2, 64, 1], &[0, first]), 30.0, (14.0, 1.0));
        let shown = of(0).columns[1].nodes.len();
        assert_eq!(of(20).columns[1].shown(), 20..20 + shown);
        assert_eq!(of(63).columns[1].shown(), 64 - shown..64);
        let drawing = of(20);
        let edges: Vec<Edge> = drawing.edges().collect();
        assert_eq!(edges.len(), 3 * shown);
        assert!(edges.iter().all(|edge| edge.layer == 1 || (20..20 + shown).contains(&edge.to)));
        let first = Edge { layer: 0, from: 0, to: 20 };
        assert_eq!(drawing.line(first)[PIECES], drawing.columns[1].nodes[0].left_center());
    }

    #[test]
    fn the_edge_under_the_pointer_is_found() {
        let drawing = drawn(&[2, 3, 1], vec2(500.0, 250.0));
        let all: Vec<Edge> = drawing.edges().collect();
        for edge in &all {
            let line = drawing.line(*edge);
            let begin = drawing.edge_at(&all, line[0] + vec2(0.2, 0.0), 5.0);
            assert_eq!(begin.map(|found| found.from), Some(edge.from));
            let end = drawing.edge_at(&all, line[PIECES] - vec2(0.2, 0.0), 5.0);
            assert_eq!(end.map(|found| found.to), Some(edge.to));
        }
        assert_eq!(all.len(), 2 * 3 + 3);
        assert_eq!(drawing.edge_at(&all, pos2(-50.0, -50.0), 5.0), None);
    }
}
