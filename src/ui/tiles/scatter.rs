//! Predictions of numbers as points: against the targets, where the diagonal is right, or what they
//! leave of the targets, where zero is.

use std::sync::Arc;

use eframe::egui::{Color32, Pos2, Rect, Response, Sense, Shape, Stroke, Ui};

use super::super::theme::{line_width, palette, theme_of, tokens};
use super::plane::Plane;
use super::still::Still;

/// Predictions and targets of a regression.
#[derive(Debug, Clone, Copy)]
pub struct ScatterScene<'a> {
    /// Target and prediction, one pair a row; they stay where they are while they are the same.
    pub pairs: &'a Arc<[[f64; 2]]>,
    /// Whether what is left of the targets is drawn (target − prediction, against the prediction), and
    /// not the prediction against the target.
    pub residuals: bool,
    /// The colour of the points.
    pub color: Color32,
}

/// Points are drawn at most; beyond that they only cover each other.
const MOST: usize = 2000;
/// Parts of the range that are left free at both ends.
const MARGIN: f64 = 0.08;

/// Draws the points with the line on which they would be right; gives the row under the pointer, and
/// what is to tell of it.
pub fn scatter_ui(
    ui: &Ui,
    rect: Rect,
    scene: &ScatterScene<'_>,
    still: &mut Still,
) -> Option<(usize, Response)> {
    let (x, y) = ranges(scene)?;
    let names = if scene.residuals {
        ["prediction", "target − prediction"]
    } else {
        ["target", "prediction"]
    };
    let unit = (!scene.residuals).then_some([1.0, 1.0]);
    let plane = Plane::with_equal_axes(ui, rect, [x, y], unit, names);
    let (x, y) = (plane.x, plane.y);
    let painter = ui.painter().with_clip_rect(plane.rect);
    let right = if scene.residuals {
        [plane.at(x.0, 0.0), plane.at(x.1, 0.0)]
    } else {
        [x.0.max(y.0), x.1.min(y.1)].map(|end| plane.at(end, end))
    };
    painter.add(Shape::dashed_line(&right, Stroke::new(1.0, tokens(ui).dim), 6.0, 4.0));
    let key = (scene.residuals, plane.key(), palette(theme_of(ui)));
    // Many points lie on each other: their colour adds up where they do.
    let radius = line_width(if scene.pairs.len() > 400 { 1.8 } else { 2.6 });
    let painter = ui.painter().with_clip_rect(plane.rect.expand(radius + 1.0));
    let fill = scene.color.gamma_multiply(0.65);
    still.paint(&painter, scene.pairs, (key, scene.color), || {
        places(scene, &plane).map(|(_, at)| Shape::circle_filled(at, radius, fill)).collect()
    });
    let response = ui.interact(plane.rect, ui.scope_id().with("rows"), Sense::hover());
    let pointer = response.hover_pos()?;
    let far = |at: &Pos2| at.distance(pointer);
    let nearest = places(scene, &plane).min_by(|a, b| far(&a.1).total_cmp(&far(&b.1)));
    let (row, at) = nearest.filter(|(_, at)| far(at) <= radius + 4.0)?;
    painter.circle_stroke(at, radius + 2.0, Stroke::new(1.5, tokens(ui).ink));
    Some((row, response))
}

/// What is drawn of each pair: across and up.
fn point(residuals: bool, [target, prediction]: [f64; 2]) -> [f64; 2] {
    if residuals { [prediction, target - prediction] } else { [target, prediction] }
}

fn places<'a>(
    scene: &'a ScatterScene<'_>,
    plane: &'a Plane,
) -> impl Iterator<Item = (usize, Pos2)> + 'a {
    let every = scene.pairs.len().div_ceil(MOST).max(1);
    let rows = scene.pairs.iter().enumerate().step_by(every);
    rows.filter(|(_, pair)| pair.iter().all(|x| x.is_finite())).map(|(row, pair)| {
        let [x, y] = point(scene.residuals, *pair);
        (row, plane.at(x, y.clamp(plane.y.0, plane.y.1)))
    })
}

/// The ranges of both axes: of the targets; of residuals, of the predictions, and even about zero.
fn ranges(scene: &ScatterScene<'_>) -> Option<((f64, f64), (f64, f64))> {
    let (mut low, mut high, mut most) = (f64::INFINITY, f64::NEG_INFINITY, 0.0_f64);
    for pair in scene.pairs.iter() {
        let [x, y] = point(scene.residuals, *pair);
        if x.is_finite() {
            (low, high) = (low.min(x), high.max(x));
        }
        if y.is_finite() {
            most = most.max(y.abs());
        }
    }
    if !(low.is_finite() && high.is_finite()) {
        return None;
    }
    let margin = ((high - low) * MARGIN).max(1e-9).max(low.abs().max(high.abs()) * 1e-9);
    let x = (low - margin, high + margin);
    let most = (most * (1.0 + MARGIN)).max(1e-9);
    Some((x, if scene.residuals { (-most, most) } else { x }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::{pos2, vec2};

    #[test]
    fn residuals_lie_even_about_zero_and_predictions_among_the_targets() {
        let pairs: Arc<[[f64; 2]]> = [[1.0, 1.5], [2.0, 1.0], [3.0, f64::NAN], [4.0, 40.0]].into();
        let scene = |residuals| ScatterScene { pairs: &pairs, residuals, color: Color32::RED };
        let (x, y) = ranges(&scene(true)).expect("finite numbers");
        assert!(x.0 < 1.0 && x.1 > 40.0 && y.0 == -y.1 && y.1 > 36.0, "{x:?} {y:?}");
        let (x, y) = ranges(&scene(false)).expect("finite numbers");
        assert!(x == y && x.0 > 0.5 && x.1 < 4.5, "{x:?}");
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 100.0));
        let plane = Plane { rect, x, y };
        let scene = scene(false);
        let drawn: Vec<(usize, Pos2)> = places(&scene, &plane).collect();
        assert_eq!(drawn.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [0, 1, 3]);
        assert_eq!(drawn[2].1.y, 0.0, "what is far off lies on the edge");
        assert!(
            ranges(&ScatterScene { pairs: &[].into(), residuals: true, color: Color32::RED })
                .is_none()
        );
    }
}
