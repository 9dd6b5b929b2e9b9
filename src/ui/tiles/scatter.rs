//! Prediction against target: points on the diagonal are right.

use eframe::egui::{Color32, Rect, Shape, Stroke, Ui};

use super::super::theme::tokens;
use super::plane::Plane;

/// Predictions and targets of a regression.
#[derive(Debug, Clone, Copy)]
pub struct ScatterScene<'a> {
    /// Target and prediction, one pair a row.
    pub pairs: &'a [[f64; 2]],
    /// The colour of the points.
    pub color: Color32,
}

/// Draws the points with the diagonal.
pub fn scatter_ui(ui: &Ui, rect: Rect, scene: &ScatterScene<'_>) {
    let colors = tokens(ui);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for [target, _] in scene.pairs {
        low = low.min(*target);
        high = high.max(*target);
    }
    if !(low.is_finite() && high.is_finite()) {
        return;
    }
    let margin = ((high - low) * 0.08).max(1e-9);
    let range = (low - margin, high + margin);
    let plane = Plane::with_axes(ui, rect, range, range, ["target", "prediction"]);
    let painter = ui.painter().with_clip_rect(plane.rect);
    let diagonal = [plane.at(range.0, range.0), plane.at(range.1, range.1)];
    painter.add(Shape::dashed_line(&diagonal, Stroke::new(1.0, colors.dim), 6.0, 4.0));
    // Many points lie on each other: their colour adds up where they do.
    let most = 2000;
    let every = scene.pairs.len().div_ceil(most).max(1);
    let radius = if scene.pairs.len() > 400 { 1.8 } else { 2.6 };
    let fill = scene.color.gamma_multiply(0.65);
    for [target, prediction] in scene.pairs.iter().step_by(every) {
        if prediction.is_finite() {
            let clamped = prediction.clamp(range.0, range.1);
            painter.circle_filled(plane.at(*target, clamped), radius, fill);
        }
    }
}
