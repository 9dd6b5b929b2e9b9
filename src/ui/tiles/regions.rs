//! What a classifier says over a plane: a picture of classes and certainty, and lines upon it.

use eframe::egui::{
    Color32, ColorImage, Context, Painter, Pos2, Rect, Shape, Stroke, TextureHandle,
    TextureOptions, Theme, pos2,
};

use super::super::theme::class_look;
use super::plane::Plane;
use crate::numeric::Segment;

/// A picture of regions, uploaded once and then only placed.
pub struct Regions {
    texture: TextureHandle,
}

impl std::fmt::Debug for Regions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Regions").field("texture", &self.texture.id()).finish()
    }
}

impl Regions {
    /// The picture of `outputs`: per cell `width` numbers (1: the probability of class 1; more: one
    /// probability a class), x fastest, rows of y from low to high, `columns` cells a row.
    pub fn new(ctx: &Context, theme: Theme, outputs: &[f32], width: usize, columns: usize) -> Self {
        let width = width.max(1);
        let cells = outputs.len() / width;
        let rows = cells.checked_div(columns).unwrap_or(0);
        let shades: Vec<_> = (0..width.max(2)).map(|class| shades(class, theme)).collect();
        let mut pixels = Vec::with_capacity(cells);
        for row in (0..rows).rev() {
            let cells = &outputs[row * columns * width..(row + 1) * columns * width];
            pixels.extend(cells.chunks(width).map(|cell| {
                let (class, certainty) = answer(cell);
                shades[class][(certainty * SHADES + 0.5) as usize]
            }));
        }
        let image = ColorImage::new([columns, rows], pixels);
        let texture = ctx.load_texture("regions", image, TextureOptions::LINEAR);
        Self { texture }
    }

    /// Paints the regions, without any line.
    pub fn paint(&self, painter: &Painter, plane: &Plane) {
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(self.texture.id(), plane.rect, whole, Color32::WHITE);
    }
}

/// Lines on a plane, such as the boundary between classes.
pub fn line_shapes(lines: &[Segment], plane: &Plane, stroke: Stroke) -> Vec<Shape> {
    let ends = |[a, b]: &Segment| [plane.at_part(*a), plane.at_part(*b)];
    lines.iter().map(|line| Shape::line_segment(ends(line), stroke)).collect()
}

/// Steps of certainty, each of less than half a step of colour.
const SHADES: f32 = 255.0;

/// The colours of a class's regions, from no certainty to full.
fn shades(class: usize, theme: Theme) -> [Color32; SHADES as usize + 1] {
    std::array::from_fn(|step| class_look(class).region(theme, step as f32 / SHADES))
}

/// The class that outputs answer with, and how certain: 0 at a tie, 1 at no doubt.
pub fn answer(outputs: &[f32]) -> (usize, f32) {
    if let [p] = outputs {
        return (usize::from(*p > 0.5), ((p - 0.5).abs() * 2.0).clamp(0.0, 1.0));
    }
    let (mut best, mut second) = ((0, f32::NEG_INFINITY), f32::NEG_INFINITY);
    for (class, p) in outputs.iter().copied().enumerate() {
        if p > best.1 {
            second = best.1;
            best = (class, p);
        } else if p > second {
            second = p;
        }
    }
    let certainty = best.1 - second;
    (best.0, if certainty.is_finite() { certainty.clamp(0.0, 1.0) } else { 0.0 })
}

/// Paints the straight line `w1·x + w2·y + b = 0` across the plane.
pub fn paint_line(painter: &Painter, plane: &Plane, [w1, w2, b]: [f64; 3], stroke: Stroke) {
    let mut ends: Vec<Pos2> = Vec::new();
    let inside = |value: f64, (low, high): (f64, f64)| value >= low && value <= high;
    for x in [plane.x.0, plane.x.1] {
        let y = (-b - w1 * x) / w2;
        if inside(y, plane.y) {
            ends.push(plane.at(x, y));
        }
    }
    for y in [plane.y.0, plane.y.1] {
        let x = (-b - w2 * y) / w1;
        if inside(x, plane.x) {
            ends.push(plane.at(x, y));
        }
    }
    // Through a corner the same end is found twice: the farthest pair is the line.
    let far = |a: &Pos2, c: &Pos2| a.distance_sq(*c);
    let pairs = ends.iter().flat_map(|a| ends.iter().map(move |c| (*a, *c)));
    if let Some((a, c)) = pairs.max_by(|p, q| far(&p.0, &p.1).total_cmp(&far(&q.0, &q.1))) {
        painter.add(Shape::line_segment([a, c], stroke));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_the_likeliest_class_and_its_lead() {
        assert_eq!(answer(&[0.5]), (0, 0.0));
        assert_eq!(answer(&[0.75]), (1, 0.5));
        let (class, lead) = answer(&[0.2, 0.7, 0.1]);
        assert_eq!(class, 1);
        assert!((lead - 0.5).abs() < 1e-6);
        assert_eq!(answer(&[f32::NAN, f32::NAN]).1, 0.0);
    }
}
