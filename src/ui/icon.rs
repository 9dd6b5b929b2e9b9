//! The mark: a ball at rest in a valley, drawn as shapes in the window and as pixels for the desktop.

use eframe::egui::{IconData, Painter, Pos2, Rect, Stroke, pos2};

use super::theme::{DARK, Tokens, lane_look};

/// The valley's height at `x`, both 0 to 1: high at the sides, low in the middle.
fn valley(x: f32) -> f32 {
    let u = 2.0 * x - 1.0;
    0.2 + 0.62 * (1.0 - u * u).powi(2)
}

/// Draws the mark into `rect`.
pub(super) fn paint(painter: &Painter, rect: Rect, colors: &Tokens) {
    let at = |x: f32, y: f32| -> Pos2 {
        pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height())
    };
    let line: Vec<Pos2> = (0..=24).map(|i| i as f32 / 24.0).map(|x| at(x, valley(x))).collect();
    painter.line(line, Stroke::new(rect.width() * 0.11, colors.accent));
    let ball = lane_look(0).color(eframe::egui::Theme::Dark);
    painter.circle_filled(at(0.5, 0.62), rect.width() * 0.15, ball);
}

/// The mark for the desktop, 64 × 64.
pub(super) fn icon() -> IconData {
    const SIZE: u32 = 64;
    let mut rgba = Vec::with_capacity((SIZE * SIZE * 4) as usize);
    let ball = lane_look(0).color(eframe::egui::Theme::Dark);
    for row in 0..SIZE {
        for column in 0..SIZE {
            let x = (column as f32 + 0.5) / SIZE as f32;
            let y = (row as f32 + 0.5) / SIZE as f32;
            let in_ball = (x - 0.5).hypot(y - 0.62) < 0.15;
            let slope = (valley(x + 0.01) - valley(x - 0.01)) / 0.02;
            let on_line = (y - valley(x)).abs() / (1.0 + slope * slope).sqrt() < 0.055;
            let color = if in_ball {
                ball.to_array()
            } else if on_line {
                DARK.accent.to_array()
            } else {
                [0, 0, 0, 0]
            };
            rgba.extend(color);
        }
    }
    IconData { rgba, width: SIZE, height: SIZE }
}
