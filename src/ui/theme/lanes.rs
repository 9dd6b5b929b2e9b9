//! How lanes look: eight colours, each with a dash and a marker of its own.
//!
//! The colours start from Okabe & Ito's and were moved apart under simulated protan, deutan and
//! tritan sight (the test is in `contrast`). Beyond eight lanes the looks repeat.

use eframe::egui::{Color32, Painter, Pos2, Shape, Stroke, Theme, Vec2, epaint::PathStroke, vec2};

use super::tokens::hex;

/// How many looks there are before they repeat.
pub const LANE_COUNT: usize = 8;

/// The line of a lane's held-out curve, in points drawn and points left out, repeating.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dash {
    /// Lengths drawn.
    pub on: &'static [f32],
    /// Lengths left out, one after each drawn.
    pub off: &'static [f32],
}

/// What marks a lane's points: the second sign beside its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// A disc.
    Circle,
    /// A square.
    Square,
    /// A triangle pointing up.
    Up,
    /// A square on its tip.
    Diamond,
    /// A triangle pointing down.
    Down,
    /// A plus sign.
    Plus,
    /// A diagonal cross.
    Cross,
    /// A ring.
    Ring,
}

/// Colour, dash and marker of a lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LaneLook {
    dark: Color32,
    light: Color32,
    /// The dash of its held-out curve.
    pub dash: Dash,
    /// Its marker.
    pub marker: Marker,
}

impl LaneLook {
    /// Its colour in a theme.
    pub fn color(&self, theme: Theme) -> Color32 {
        match theme {
            Theme::Dark => self.dark,
            Theme::Light => self.light,
        }
    }
}

const fn look(
    dark: u32,
    light: u32,
    on: &'static [f32],
    off: &'static [f32],
    marker: Marker,
) -> LaneLook {
    LaneLook { dark: hex(dark), light: hex(light), dash: Dash { on, off }, marker }
}

static LOOKS: [LaneLook; LANE_COUNT] = [
    look(0xe6_9f00, 0xc8_760c, &[6.0], &[4.0], Marker::Circle),
    look(0x56_b4e9, 0x1c_8ced, &[2.0], &[3.0], Marker::Square),
    look(0x31_db9f, 0x09_947d, &[8.0, 2.0], &[3.0, 3.0], Marker::Up),
    look(0xc0_48ac, 0x93_3b87, &[10.0], &[3.0], Marker::Diamond),
    look(0xe5_5341, 0x7c_1a27, &[4.0, 4.0, 1.5], &[3.0, 3.0, 3.0], Marker::Down),
    look(0x74_6cf9, 0x5a_3ed1, &[3.0], &[6.0], Marker::Plus),
    look(0xf1_e742, 0x7c_5d02, &[8.0, 2.0, 2.0], &[3.0, 3.0, 3.0], Marker::Cross),
    look(0xc4_e5fb, 0x38_2a6e, &[12.0], &[6.0], Marker::Ring),
];

/// The look of a lane by its colour index.
pub fn lane_look(index: usize) -> &'static LaneLook {
    &LOOKS[index % LANE_COUNT]
}

/// Paints a lane's marker around `center`.
pub fn paint_marker(painter: &Painter, marker: Marker, center: Pos2, radius: f32, color: Color32) {
    let r = radius;
    let at = |x: f32, y: f32| center + vec2(x * r, y * r);
    let thick = Stroke::new((r * 0.55).max(1.5), color);
    let none = PathStroke::NONE;
    let shape = match marker {
        Marker::Circle => Shape::circle_filled(center, r, color),
        Marker::Square => Shape::rect_filled(
            eframe::egui::Rect::from_center_size(center, Vec2::splat(r * 1.75)),
            1.0,
            color,
        ),
        Marker::Up => {
            Shape::convex_polygon(vec![at(0.0, -1.1), at(1.05, 0.8), at(-1.05, 0.8)], color, none)
        }
        Marker::Down => {
            Shape::convex_polygon(vec![at(0.0, 1.1), at(-1.05, -0.8), at(1.05, -0.8)], color, none)
        }
        Marker::Diamond => Shape::convex_polygon(
            vec![at(0.0, -1.25), at(1.1, 0.0), at(0.0, 1.25), at(-1.1, 0.0)],
            color,
            none,
        ),
        Marker::Plus => Shape::Vec(vec![
            Shape::line_segment([at(-1.1, 0.0), at(1.1, 0.0)], thick),
            Shape::line_segment([at(0.0, -1.1), at(0.0, 1.1)], thick),
        ]),
        Marker::Cross => Shape::Vec(vec![
            Shape::line_segment([at(-0.85, -0.85), at(0.85, 0.85)], thick),
            Shape::line_segment([at(-0.85, 0.85), at(0.85, -0.85)], thick),
        ]),
        Marker::Ring => Shape::circle_stroke(center, r * 0.8, thick),
    };
    painter.add(shape);
}
