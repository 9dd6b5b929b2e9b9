//! Where lines go beyond what can be seen: an arrow at the edge, in the lane's colour, and what it says.
//!
//! A line that runs out of the picture and says nothing looks as if it ended. Lines of means have an arrow
//! wherever they leave; single batches, which cross an edge again and again, only where they stay outside,
//! or where a robust range cut them off on purpose.

use eframe::egui::{Color32, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2};

use super::overlay::over;
use super::scene::{CurveScene, LineLook, Samples};
use crate::series::Bucket;
use crate::ui::theme::tokens;
use crate::ui::widgets::{count, short};

/// Columns that a line of single batches is outside at its end before that counts as leaving.
const STAYS: usize = 3;
/// Steps that are looked through for the one at which a line left.
const LOOKED_THROUGH: u64 = 500;
/// From one arrow to the next, in points.
const APART: f32 = 11.0;

/// A stretch of a line beyond an edge.
#[derive(Debug, Clone)]
pub(super) struct Beyond {
    lane: usize,
    /// What the line is: "batch", "epoch".
    title: String,
    /// Whether beyond the upper edge.
    up: bool,
    /// Where it left, on the screen.
    pub(super) x: f32,
    /// Between which steps it left.
    left: [u64; 2],
    /// The number that lies furthest, and between which steps it is.
    furthest: f64,
    furthest_at: [u64; 2],
}

/// A stretch of columns beyond an edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Out {
    up: bool,
    /// Where the line crossed the edge.
    x: f32,
    first: usize,
    last: usize,
}

/// Follows a line column by column.
#[derive(Debug, Default)]
pub(super) struct Follower {
    open: [Option<(usize, f32)>; 2],
    /// The column before: which it is, where, and how far beyond either edge.
    last: Option<(usize, f32, [f32; 2])>,
    found: Vec<Out>,
}

impl Follower {
    /// The next column that is drawn, where, and how far it reaches beyond the upper and the lower edge.
    pub(super) fn column(&mut self, index: usize, x: f32, beyond: [f32; 2]) {
        for (side, out) in beyond.into_iter().enumerate() {
            match (self.open[side], self.last) {
                (None, last) if out > 0.0 => {
                    let crossed = last.map_or(x, |(_, before, inside)| {
                        let share = inside[side] / (inside[side] - out);
                        before + (x - before) * if share.is_finite() { share } else { 1.0 }
                    });
                    self.open[side] = Some((index, crossed));
                }
                (Some((first, x)), Some((last, ..))) if out <= 0.0 => {
                    self.found.push(Out { up: side == 0, x, first, last });
                    self.open[side] = None;
                }
                _ => {}
            }
        }
        self.last = Some((index, x, beyond));
    }

    /// The stretches of a line that is drawn so; `robust` if what is cut off is so on purpose, `diverged`
    /// if its run left all bounds.
    pub(super) fn stretches(mut self, look: LineLook, robust: bool, diverged: bool) -> Vec<Out> {
        let Some((last, ..)) = self.last else { return self.found };
        for (side, open) in self.open.into_iter().enumerate() {
            if let Some((first, x)) = open {
                self.found.push(Out { up: side == 0, x, first, last });
            }
        }
        let is_told = |out: &Out| match look {
            LineLook::Bold | LineLook::Dashed => true,
            LineLook::Faint if robust => true,
            LineLook::Faint | LineLook::Thin => {
                out.last == last && (diverged || out.last - out.first + 1 >= STAYS)
            }
            LineLook::Lower | LineLook::Upper => false,
        };
        self.found.retain(is_told);
        self.found
    }
}

impl Beyond {
    /// What is told of a stretch of a line's columns.
    pub(super) fn new(
        (lane, title, less): (usize, &str, f64),
        out: Out,
        buckets: &[Bucket],
    ) -> Self {
        let height = |bucket: &Bucket| if out.up { bucket.max } else { -bucket.min };
        let columns = &buckets[out.first..=out.last];
        let finite = columns.iter().filter(|bucket| bucket.finite > 0);
        let furthest = finite.max_by(|a, b| height(a).total_cmp(&height(b))).unwrap_or(&columns[0]);
        let value = if out.up { furthest.max } else { furthest.min };
        let steps = |bucket: &Bucket| [bucket.first_step, bucket.last_step];
        Self {
            lane,
            title: title.to_owned(),
            up: out.up,
            x: out.x,
            left: steps(&columns[0]),
            furthest: value - less,
            furthest_at: steps(furthest),
        }
    }

    /// Which of the scene's lanes it is.
    pub(super) fn lane(&self) -> usize {
        self.lane
    }

    /// Where it left, with which value, and how far it goes; `edge` is the value at the edge.
    pub(super) fn words(&self, scene: &CurveScene<'_>, edge: f64) -> String {
        let lane = &scene.lanes[self.lane];
        let line = lane.lines.iter().find(|line| line.title == self.title);
        let is_out = |value: f64| if self.up { value > edge } else { value < edge };
        let is_it = |value: f64| value.total_cmp(&self.furthest).is_eq();
        let first = line.and_then(|line| find(line.samples, self.left, is_out));
        let furthest = line.and_then(|line| find(line.samples, self.furthest_at, is_it));
        let side = if self.up { "above" } else { "below" };
        let from = match first {
            Some((step, value)) => format!("from step {} ({})", count(step), short(value)),
            None => format!("from about step {}", count(self.left[0])),
        };
        let at = furthest.map_or(self.furthest_at[0], |(step, _)| step);
        let far = match first {
            Some((step, _)) if step == at => String::new(),
            _ => format!(", furthest {} at step {}", short(self.furthest), count(at)),
        };
        format!("{}: {} {side} what is shown {from}{far}", lane.name, self.title)
    }
}

/// The first number between two steps that is one of those.
fn find(
    samples: Samples<'_>,
    [first, last]: [u64; 2],
    is_it: impl Fn(f64) -> bool,
) -> Option<(u64, f64)> {
    if last - first > LOOKED_THROUGH {
        return None;
    }
    let points = (first..=last).filter_map(|step| Some((step, samples.at(step)?)));
    let measured = points.filter(|(step, point)| point.step == *step);
    let mut values = measured.map(|(step, point)| (step, point.value));
    values.find(|(_, value)| is_it(*value))
}

/// The value at the edge that a stretch lies beyond.
pub(super) fn edge_of(
    beyond: &Beyond,
    scene: &CurveScene<'_>,
    transform: &egui_plot::PlotTransform,
) -> f64 {
    let bounds = transform.bounds();
    let place = if beyond.up { bounds.max()[1] } else { bounds.min()[1] };
    scene.axes.y_scale.value(place)
}

/// Draws the arrows, each beside the one before it where they would hide each other.
pub(super) fn edges_ui(
    ui: &Ui,
    scene: &CurveScene<'_>,
    transform: &egui_plot::PlotTransform,
    all: &[Beyond],
) {
    let frame = *transform.frame();
    let (painter, behind) = (over(ui, frame), tokens(ui).panel);
    let mut drawn: Vec<(f32, bool, usize)> = Vec::new();
    for (index, beyond) in all.iter().enumerate() {
        let color = scene.lanes[beyond.lane].color;
        let near = |x: f32| {
            drawn.iter().filter(move |(other, up, _)| *up == beyond.up && (x - other).abs() < APART)
        };
        let mut x = beyond.x.min(frame.right() - 5.0).max(frame.left() + 5.0);
        if near(x).any(|(_, _, lane)| *lane == beyond.lane) {
            continue;
        }
        // Arrows of other lanes there: to the left, where there is always more of the plot.
        while near(x).next().is_some() && x - APART > frame.left() {
            x -= APART;
        }
        drawn.push((x, beyond.up, beyond.lane));
        let rect = arrow(frame, x, beyond.up);
        painter.add(arrow_shape(rect, beyond.up, color, behind));
        let id = ui.make_persistent_id(("beyond", index));
        let response = ui.interact(rect, id, Sense::hover());
        let enabled = ui.is_enabled();
        let words = || beyond.words(scene, edge_of(beyond, scene, transform));
        response.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, words()));
    }
}

fn arrow(frame: Rect, x: f32, up: bool) -> Rect {
    let y = if up { frame.top() + 1.0 } else { frame.bottom() - 9.0 };
    Rect::from_min_size(pos2(x - 5.0, y), eframe::egui::vec2(10.0, 8.0))
}

fn arrow_shape(rect: Rect, up: bool, color: Color32, behind: Color32) -> Shape {
    let points = if up {
        vec![rect.center_top(), rect.left_bottom(), rect.right_bottom()]
    } else {
        vec![rect.center_bottom(), rect.left_top(), rect.right_top()]
    };
    Shape::convex_polygon(points, color, Stroke::new(1.0, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretches(above: &[usize], look: LineLook, robust: bool, diverged: bool) -> Vec<[usize; 2]> {
        let mut follower = Follower::default();
        for column in 0..20 {
            let out = if above.contains(&column) { 3.0 } else { -1.0 };
            follower.column(column, column as f32, [out, -9.0]);
        }
        let found = follower.stretches(look, robust, diverged);
        // A quarter of the way from the column before.
        assert!(found.iter().all(|out| out.up && out.x == out.first as f32 - 0.75), "{found:?}");
        found.into_iter().map(|out| [out.first, out.last]).collect()
    }

    #[test]
    fn a_line_of_means_is_marked_wherever_it_leaves() {
        let found = stretches(&[3, 4, 9, 18, 19], LineLook::Bold, false, false);
        assert_eq!(found, [[3, 4], [9, 9], [18, 19]]);
    }

    #[test]
    fn single_batches_are_marked_where_they_stay_outside_or_are_cut_off_on_purpose() {
        let faint =
            |above: &[usize], robust, diverged| stretches(above, LineLook::Faint, robust, diverged);
        assert!(faint(&[3, 9, 19], false, false).is_empty());
        assert_eq!(faint(&[3, 9, 17, 18, 19], false, false), [[17, 19]]);
        assert_eq!(faint(&[3, 9, 19], false, true), [[19, 19]], "a run that left all bounds");
        assert_eq!(faint(&[3, 9], true, false), [[3, 3], [9, 9]]);
        assert!(stretches(&[3, 19], LineLook::Upper, true, true).is_empty());
    }
}
