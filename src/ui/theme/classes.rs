//! How classes look: up to ten colours, each with a shape, apart from the lanes' palette.

use std::f32::consts::TAU;

use eframe::egui::{
    Color32, Painter, Pos2, Response, Sense, Shape, Stroke, Theme, Ui, Vec2, epaint::PathStroke,
    vec2,
};

use super::tokens::{hex, mix, theme_of, tokens_of};

/// How many looks there are before they repeat.
pub const CLASS_COUNT: usize = 10;

/// The outline of a class's points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassShape {
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
    /// A regular pentagon.
    Pentagon,
    /// A regular hexagon.
    Hexagon,
    /// A triangle pointing right.
    Right,
    /// A triangle pointing left.
    Left,
    /// A regular octagon.
    Octagon,
}

/// Colour and shape of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassLook {
    dark: Color32,
    light: Color32,
    /// The outline of its points.
    pub shape: ClassShape,
}

impl ClassLook {
    /// Its colour in a theme: points, legends, bars.
    pub fn color(&self, theme: Theme) -> Color32 {
        match theme {
            Theme::Dark => self.dark,
            Theme::Light => self.light,
        }
    }

    /// What fills the region where a model answers with this class, `certainty` from 0 (no better
    /// than chance: the panel's colour) to 1. Quiet enough that points stand out of it.
    pub fn region(&self, theme: Theme, certainty: f32) -> Color32 {
        let panel = tokens_of(theme).panel;
        let share = match theme {
            Theme::Dark => 0.34,
            Theme::Light => 0.22,
        };
        mix(panel, self.color(theme), certainty * share)
    }
}

const fn look(dark: u32, light: u32, shape: ClassShape) -> ClassLook {
    ClassLook { dark: hex(dark), light: hex(light), shape }
}

static LOOKS: [ClassLook; CLASS_COUNT] = [
    look(0xa3_a9ff, 0x4a_4fc4, ClassShape::Circle),
    look(0xf2_d57e, 0x9a_6a00, ClassShape::Square),
    look(0x5f_d5af, 0x0c_8474, ClassShape::Up),
    look(0xff_8e70, 0xa6_1307, ClassShape::Diamond),
    look(0xd7_8fcd, 0xa2_62b4, ClassShape::Down),
    look(0x72_d5fd, 0x0a_7cf1, ClassShape::Pentagon),
    look(0xd3_fc3e, 0x18_5c40, ClassShape::Hexagon),
    look(0xfb_6595, 0xe6_2e7a, ClassShape::Right),
    look(0xd8_dedd, 0x3c_3356, ClassShape::Left),
    look(0xb4_8847, 0x5a_1806, ClassShape::Octagon),
];

/// The look of a class by its index.
pub fn class_look(index: usize) -> &'static ClassLook {
    &LOOKS[index % CLASS_COUNT]
}

/// Paints one point of a class around `center`, with an outline of the theme's halo colour.
pub fn paint_class(painter: &Painter, class: usize, theme: Theme, center: Pos2, radius: f32) {
    painter.add(class_shape(class, theme, center, radius));
}

/// The shape that [`paint_class`] paints.
pub fn class_shape(class: usize, theme: Theme, center: Pos2, radius: f32) -> Shape {
    let halo = Stroke::new((radius * 0.3).clamp(0.6, 1.5), tokens_of(theme).halo);
    outlined(class, center, radius, (class_look(class).color(theme), halo))
}

/// A hollow point of a class: its outline in its colour.
pub fn class_outline(class: usize, theme: Theme, center: Pos2, radius: f32) -> Shape {
    let stroke = Stroke::new((radius * 0.45).clamp(1.0, 1.5), class_look(class).color(theme));
    outlined(class, center, radius * 0.92, (tokens_of(theme).halo, stroke))
}

/// How many marks stand close together: the more there are, the less each of them covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Crowd {
    /// Each is seen by itself.
    Few,
    /// They touch each other.
    Some,
    /// They would bury what they mark.
    Many,
}

/// The mark of a point that a model takes for another class: a ring around it, a thin one where there
/// are some, and where there are many a dot within it.
pub fn mark_shape(crowd: Crowd, theme: Theme, center: Pos2, radius: f32) -> Shape {
    let colors = tokens_of(theme);
    let ring = |width, color| Shape::circle_stroke(center, radius, Stroke::new(width, color));
    match crowd {
        Crowd::Few => Shape::Vec(vec![ring(2.6, colors.halo), ring(1.3, colors.ink)]),
        Crowd::Some => ring(0.9, colors.ink.gamma_multiply(0.6)),
        Crowd::Many => Shape::circle_filled(center, radius * 0.24, colors.ink.gamma_multiply(0.7)),
    }
}

fn outlined(class: usize, center: Pos2, radius: f32, (fill, line): (Color32, Stroke)) -> Shape {
    // Corners so that all shapes cover about the same area.
    let (corners, turn, size) = match class_look(class).shape {
        // So small, a circle of eight corners is as round, and half the work.
        ClassShape::Circle if radius <= 3.0 => (8, 1.0 / 16.0, 1.04),
        ClassShape::Circle => {
            return Shape::Vec(vec![
                Shape::circle_filled(center, radius, fill),
                Shape::circle_stroke(center, radius, line),
            ]);
        }
        ClassShape::Square => (4, 0.125, 1.25),
        ClassShape::Diamond => (4, 0.0, 1.25),
        ClassShape::Up => (3, -0.25, 1.45),
        ClassShape::Down => (3, 0.25, 1.45),
        ClassShape::Right => (3, 0.0, 1.45),
        ClassShape::Left => (3, 0.5, 1.45),
        ClassShape::Pentagon => (5, -0.25, 1.15),
        ClassShape::Hexagon => (6, 0.0, 1.1),
        ClassShape::Octagon => (8, 1.0 / 16.0, 1.05),
    };
    let points = (0..corners)
        .map(|i| {
            let angle = TAU * (turn + i as f32 / corners as f32);
            center + radius * size * vec2(angle.cos(), angle.sin())
        })
        .collect();
    Shape::convex_polygon(points, fill, PathStroke::from(line))
}

/// A class's mark in a row of text, for legends and tables.
pub fn class_shape_ui(ui: &mut Ui, class: usize) -> Response {
    let height = ui.text_style_height(&eframe::egui::TextStyle::Body);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(height), Sense::hover());
    paint_class(ui.painter(), class, theme_of(ui), rect.center(), height * 0.26);
    response
}
