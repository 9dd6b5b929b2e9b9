//! The level to compare with: a dotted line across the plot and its name.

use eframe::egui::{Align2, Shape, Stroke, Ui, pos2};
use egui_plot::{PlotPoint, PlotTransform};

use super::overlay::over;
use super::scale::AxisScale;
use super::scene::{Baseline, CurveScene};
use crate::ui::theme::{small_style, tokens};
use crate::ui::widgets::short;

impl Baseline {
    /// The range that shows it too, where that costs the lines at most half of the plot.
    pub(super) fn within(self, low: f64, high: f64, scale: AxisScale) -> (f64, f64) {
        let places = (scale.place(self.value), scale.place(low), scale.place(high));
        let (Some(own), Some(bottom), Some(top)) = places else { return (low, high) };
        let span = (top - bottom).max(0.1 * top.abs());
        if own < bottom - span || own > top + span {
            return (low, high);
        }
        (low.min(self.value), high.max(self.value))
    }
}

/// Draws the line and, at its right end, its name.
pub(super) fn baseline_ui(ui: &Ui, scene: &CurveScene<'_>, transform: &PlotTransform) {
    let Some(baseline) = scene.baseline.filter(|_| !scene.is_empty()) else { return };
    let Some(place) = scene.axes.y_scale.place(baseline.value) else { return };
    let frame = *transform.frame();
    let y = transform.position_from_point(&PlotPoint::new(0.0, place)).y;
    if !frame.y_range().contains(y) {
        return;
    }
    let t = tokens(ui);
    let painter = over(ui, frame);
    let ends = [pos2(frame.left(), y), pos2(frame.right(), y)];
    painter.extend(Shape::dashed_line(&ends, Stroke::new(1.2, t.dim), 2.0, 4.0));
    let font = small_style().resolve(ui.style());
    let line = ui.text_style_height(&small_style());
    let text = format!("{} {}", baseline.name, short(baseline.value));
    let above = y - line - 2.0 > frame.top();
    let (at, side) =
        if above { (y - 2.0, Align2::RIGHT_BOTTOM) } else { (y + 2.0, Align2::RIGHT_TOP) };
    let galley = painter.layout_no_wrap(text, font, t.dim);
    let place = side.anchor_size(pos2(frame.right() - 6.0, at), galley.size());
    if place.left() > frame.left() {
        painter.rect_filled(place.expand(1.0), 2.0, t.panel.gamma_multiply(0.8));
        painter.galley(place.min, galley, t.dim);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_baseline_is_shown_and_a_far_one_does_not_press_the_lines_flat() {
        let at = |value| Baseline { value, name: "mean" };
        assert_eq!(at(1.3).within(0.0, 1.0, AxisScale::Linear), (0.0, 1.3));
        assert_eq!(at(0.4).within(0.5, 1.0, AxisScale::Linear), (0.4, 1.0));
        assert_eq!(at(50.0).within(0.0, 1.0, AxisScale::Linear), (0.0, 1.0));
        assert_eq!(at(-1.0).within(0.1, 1.0, AxisScale::Log), (0.1, 1.0));
    }
}
