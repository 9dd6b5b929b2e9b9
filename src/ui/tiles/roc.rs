//! The ROC curve with a threshold to move, and what the threshold makes of the rows.
//!
//! Invariant: the marked point is where the shown confusion matrix lies, counted at the threshold
//! itself; dragging along the curve gives back a threshold that lies on a point of the curve. Pure
//! drawing: nothing is sorted or counted here.

use eframe::egui::{
    Align2, Color32, CursorIcon, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::super::theme::{line_width, small_style, tokens};
use super::confusion::{ConfusionScene, confusion_ui, elided};
use super::plane::Plane;
use crate::metrics::{Confusion, RocPoint};
use crate::ui::widgets::score;

/// A ROC curve to draw.
#[derive(Debug, Clone, Copy)]
pub struct RocScene<'a> {
    /// What it is of, for screen readers.
    pub name: &'a str,
    /// Its points, from where no row passes to where all do.
    pub curve: &'a [RocPoint],
    /// The area under it.
    pub area: f64,
    /// Rows with a score above this count as class 1.
    pub threshold: f64,
    /// What that makes of the rows.
    pub confusion: &'a Confusion,
    /// The two classes' names.
    pub names: &'a [String],
    /// The colour of the curve.
    pub color: Color32,
}

/// The radius of the mark on the curve.
const RADIUS: f32 = 5.5;

/// Draws curve, scores and matrix; the threshold that was dragged to, if one was.
pub fn roc_ui(ui: &Ui, rect: Rect, scene: &RocScene<'_>) -> Option<f64> {
    let line = ui.text_style_height(&small_style());
    let beside = rect.width() > rect.height() * 1.25;
    let (curve, rest) = if beside {
        let side = rect.height().min(rect.width() * 0.56);
        rect.split_left_right_at_x(rect.left() + side)
    } else {
        // The scores need two lines, the matrix four.
        let least = rect.height() - line * 2.0 - 8.0;
        let side = rect.width().min(if least > 150.0 { rect.height() * 0.56 } else { least });
        rect.split_top_bottom_at_y(rect.top() + side)
    };
    let rest = if beside { rest.with_min_x(rest.left() + 8.0) } else { rest };
    let moved = curve_ui(ui, curve, scene);
    let rest = scores_ui(ui, rest, scene.confusion, beside);
    if rest.height() > line * 3.5 && rest.width() > 60.0 {
        let place = rest.with_max_y(rest.bottom().min(rest.top() + line * 9.0));
        let matrix = ConfusionScene {
            confusion: scene.confusion,
            names: scene.names,
            with_axes: place.height() > line * 6.0,
        };
        confusion_ui(ui, place, &matrix);
    }
    moved
}

fn curve_ui(ui: &Ui, rect: Rect, scene: &RocScene<'_>) -> Option<f64> {
    let colors = tokens(ui);
    let names = ["false positive rate", "true positive rate"];
    let roomy = rect.width() > ui.text_style_height(&small_style()) * 12.0;
    let names = if roomy { names } else { ["FPR", "TPR"] };
    let plane = Plane::of_parts(ui, rect, names, RADIUS + 2.0);
    let painter = ui.painter();
    let chance = [plane.at(0.0, 0.0), plane.at(1.0, 1.0)];
    painter.extend(Shape::dashed_line(&chance, Stroke::new(1.0, colors.dim), 2.0, 4.0));
    let at = |p: &RocPoint| plane.at(p.false_positive_rate, p.true_positive_rate);
    let points: Vec<Pos2> = scene.curve.iter().map(at).collect();
    painter.add(Shape::line(points, Stroke::new(line_width(2.0), scene.color)));
    let here = place_of(scene.confusion);
    let mark = plane.at(here[0], here[1]);
    painter.circle(mark, RADIUS, colors.panel, Stroke::new(2.5, scene.color));
    let grip = plane.rect.expand(6.0);
    let response = ui.interact(grip, ui.scope_id().with("roc"), Sense::click_and_drag());
    let (name, area) = (scene.name, score(scene.area, 1.0, 3));
    let label = format!("{name}: AUC {area}, threshold {:.3}", scene.threshold);
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &label));
    let told = |node: &mut eframe::egui::accesskit::Node| node.set_description(in_words(scene));
    ui.ctx().accesskit_node_builder(response.id, told);
    let pressed = response.is_pointer_button_down_on() || response.clicked();
    let place = response.interact_pointer_pos().filter(|_| pressed);
    response.on_hover_cursor(CursorIcon::Grab);
    nearest(scene.curve, |p| at(p).distance_sq(place.unwrap_or_default()))
        .filter(|_| place.is_some())
}

/// The scores at the threshold and up to twenty points of the curve, for screen readers.
fn in_words(scene: &RocScene<'_>) -> String {
    let at = place_of(scene.confusion).map(|rate| score(rate, 1.0, 3));
    let mut words = format!("true positive rate {}, false positive rate {}", at[1], at[0]);
    let every = scene.curve.len().div_ceil(20).max(1);
    words.extend(scene.curve.iter().step_by(every).map(|point| {
        let rates = [point.true_positive_rate, point.false_positive_rate];
        let [yes, no] = rates.map(|rate| score(rate, 1.0, 3));
        format!("; threshold {:.3}: {yes}, {no}", point.threshold)
    }));
    words
}

/// Where a matrix of two classes lies: its false and true positive rate.
fn place_of(confusion: &Confusion) -> [f64; 2] {
    let rate =
        |truth: usize| confusion.count(truth, 1) as f64 / confusion.of_truth(truth).max(1) as f64;
    [rate(0), rate(1)]
}

/// The threshold of the nearest point: just below its score, so that its rows pass.
fn nearest(curve: &[RocPoint], far: impl Fn(&RocPoint) -> f32) -> Option<f64> {
    let point = curve.iter().min_by(|a, b| far(a).total_cmp(&far(b)))?;
    let highest = curve.get(1).map_or(1.0, |first| first.threshold);
    // Where no row passes there is no score to stop at: the highest itself is not above itself.
    Some(if point.threshold.is_finite() { point.threshold.next_down() } else { highest })
}

/// Accuracy, precision, recall and F1 at the threshold; the room below them.
fn scores_ui(ui: &Ui, rect: Rect, confusion: &Confusion, one_a_line: bool) -> Rect {
    let line = ui.text_style_height(&small_style()) + 1.0;
    let of_class = confusion.class_score(1);
    let accuracy = confusion.accuracy().unwrap_or_default();
    let all = [
        ("accuracy", "acc.", accuracy),
        ("precision", "prec.", of_class.precision),
        ("recall", "recall", of_class.recall),
        ("F1", "F1", of_class.f1),
    ];
    let columns = if one_a_line { 1 } else { 2 };
    let width = rect.width() / columns as f32;
    for (index, (name, brief, value)) in all.into_iter().enumerate() {
        let corner =
            rect.min + vec2((index % columns) as f32 * width, (index / columns) as f32 * line);
        let name = if width > line * 8.0 { name } else { brief };
        let dim = tokens(ui).dim;
        elided(ui, name, corner, Align2::LEFT_TOP, width - 42.0, dim);
        let right = pos2(corner.x + width - 8.0, corner.y);
        elided(ui, &score(value, 1.0, 3), right, Align2::RIGHT_TOP, width, tokens(ui).text);
    }
    rect.with_min_y(rect.top() + line * (4 / columns) as f32 + 6.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::roc_curve;

    #[test]
    fn a_dragged_threshold_makes_exactly_the_point_it_was_dragged_to() {
        let rows = [(0.9, true), (0.8, false), (0.8, true), (0.5, true), (0.2, false), (0.1, true)];
        let curve = roc_curve(rows).unwrap();
        for point in &curve {
            let aim = [point.false_positive_rate, point.true_positive_rate];
            let threshold = nearest(&curve, |p| {
                let far = [p.false_positive_rate - aim[0], p.true_positive_rate - aim[1]];
                (far[0] * far[0] + far[1] * far[1]) as f32
            });
            let threshold = threshold.unwrap();
            let pairs = rows.map(|(score, of)| (usize::from(of), usize::from(score > threshold)));
            assert_eq!(place_of(&Confusion::of(2, pairs)), aim, "at {threshold}");
        }
    }
}
