//! Many points of a few classes, stamped: each look is painted once as a small picture, and a point is
//! the four corners of one.
//!
//! As triangles a few hundred points cost more each frame than everything else in a tile. A stamp lies on
//! whole pixels and is there at [`STEPS`]² places within one, so a point is an eighth of a pixel off at
//! most, and as sharp as if it had been drawn.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use eframe::egui::{
    ClippedPrimitive, Color32, ColorImage, Mesh, Painter, Pos2, Rect, Shape, TextureHandle,
    TextureOptions, Theme, Vec2, epaint::Primitive, pos2, vec2,
};

use super::super::raster::Rasterizer;
use super::super::theme::{Crowd, Palette, class_outline, class_shape, mark_shape, palette};
use super::still::{Source, triangles};

/// Places within a pixel, both ways, that the middle of a point is held to.
const STEPS: usize = 4;

/// What a stamp shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stamp {
    /// A point of a class.
    Filled(usize),
    /// A hollow point of a class.
    Hollow(usize),
    /// A ring around a point.
    Ring(Crowd),
}

impl Stamp {
    fn shape(self, theme: Theme, center: Pos2, radius: f32) -> Shape {
        match self {
            Self::Filled(class) => class_shape(class, theme, center, radius),
            Self::Hollow(class) => class_outline(class, theme, center, radius),
            Self::Ring(crowd) => mark_shape(crowd, theme, center, radius),
        }
    }
}

/// Points of classes that stay the same from frame to frame.
#[derive(Debug, Default)]
pub struct Stamps {
    made_for: Option<u64>,
    source: Source,
    sheet: Option<Sheet>,
    mesh: Arc<Mesh>,
}

/// The looks of all stamps there are, at one size.
struct Sheet {
    /// What it was painted for: colours, radius, pixels a point, looks.
    look: Look,
    texture: TextureHandle,
    /// Pixels from a stamp's edge to the pixel that holds its middle.
    half: usize,
}

/// Colours, radius, pixels a point, and the stamps.
type Look = (Palette, f32, f32, Vec<Stamp>);

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("look", &self.look).finish_non_exhaustive()
    }
}

impl Stamps {
    /// Paints `points` (place and look), which depend on nothing but `source` and `key`: they are asked for
    /// when one of them is another than in the frame before.
    pub fn paint<T: ?Sized + 'static>(
        &mut self,
        painter: &Painter,
        (source, key): (&Arc<T>, impl Hash),
        (theme, radius): (Theme, f32),
        points: impl FnOnce() -> Vec<(Pos2, Stamp)>,
    ) {
        let scale = painter.pixels_per_point();
        let mut hasher = DefaultHasher::new();
        let palette = palette(theme);
        (key, palette, radius.to_bits(), scale.to_bits()).hash(&mut hasher);
        let key = hasher.finish();
        if self.made_for != Some(key) || !self.source.is(source) {
            self.source.hold(source);
            let points = points();
            let stamps: BTreeSet<Stamp> = points.iter().map(|(_, stamp)| *stamp).collect();
            let stamps: Vec<Stamp> = stamps.into_iter().collect();
            let is_known = |sheet: &Sheet| {
                let (of, size, pixels, known) = &sheet.look;
                (*of, *size, *pixels) == (palette, radius, scale)
                    && stamps.iter().all(|stamp| known.contains(stamp))
            };
            if !stamps.is_empty() && !self.sheet.as_ref().is_some_and(is_known) {
                self.sheet = Some(Sheet::new(painter, (palette, radius, scale, stamps)));
            }
            let mesh = self.sheet.as_ref().map(|sheet| sheet.mesh(&points));
            self.mesh = Arc::new(mesh.unwrap_or_default());
            self.made_for = Some(key);
        }
        painter.add(Shape::Mesh(Arc::clone(&self.mesh)));
    }
}

impl Sheet {
    fn new(painter: &Painter, look: Look) -> Self {
        let (theme, radius, scale, stamps) = (look.0.theme, look.1, look.2, &look.3);
        // The farthest corner, the outline around it, and its soft edge.
        let half = ((radius * 1.45 + 1.5) * scale + 1.0).ceil() as usize;
        let side = 2 * half + 1;
        let size = [STEPS * STEPS * side, stamps.len() * side];
        let shapes = stamps.iter().enumerate().flat_map(|(row, stamp)| {
            (0..STEPS * STEPS).map(move |step| {
                let corner = vec2((step * side) as f32, (row * side) as f32);
                let inside = vec2((step % STEPS) as f32, (step / STEPS) as f32) / STEPS as f32;
                let middle = corner + Vec2::splat(half as f32) + inside;
                stamp.shape(theme, (middle / scale).to_pos2(), radius)
            })
        });
        let mesh = triangles(painter.ctx(), shapes.collect());
        let whole =
            ClippedPrimitive { clip_rect: Rect::EVERYTHING, primitive: Primitive::Mesh(mesh) };
        let picture = Rasterizer::plain().paint(&[whole], size, scale, Color32::TRANSPARENT);
        let color = |[r, g, b, a]: &[u8; 4]| Color32::from_rgba_premultiplied(*r, *g, *b, *a);
        let image = ColorImage::new(size, picture.rgba.iter().map(color).collect());
        let texture = painter.ctx().load_texture("stamps", image, TextureOptions::NEAREST);
        Self { look, texture, half }
    }

    fn mesh(&self, points: &[(Pos2, Stamp)]) -> Mesh {
        let scale = self.look.2;
        let side = (2 * self.half + 1) as f32;
        let texel = vec2(1.0, 1.0) / self.texture.size_vec2();
        let mut mesh = Mesh::with_texture(self.texture.id());
        mesh.reserve_vertices(4 * points.len());
        mesh.reserve_triangles(2 * points.len());
        for (place, look) in points.iter().filter(|(place, _)| place.is_finite()) {
            let row = self.look.3.iter().position(|stamp| stamp == look).unwrap_or(0);
            let steps = (place.to_vec2() * scale * STEPS as f32).round();
            let pixel = (steps / STEPS as f32).floor();
            let inside = steps - pixel * STEPS as f32;
            let step = inside.x + inside.y * STEPS as f32;
            let corner = (pixel - Vec2::splat(self.half as f32)).to_pos2();
            let stamp = pos2(step * side, row as f32 * side);
            let on_screen = Rect::from_min_size(corner / scale, Vec2::splat(side / scale));
            let on_sheet = Rect::from_min_size(
                pos2(stamp.x * texel.x, stamp.y * texel.y),
                Vec2::splat(side) * texel,
            );
            mesh.add_rect_with_uv(on_screen, on_sheet, Color32::WHITE);
        }
        mesh
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::Ui;

    use super::*;
    use crate::ui::shot::{StageSettings, shoot};
    use crate::ui::theme::{CLASS_COUNT, theme_of};

    /// Filled points of all looks, at places all over a pixel.
    fn points() -> Vec<(Pos2, Stamp)> {
        spread(|i| Stamp::Filled(i % CLASS_COUNT)).collect()
    }

    /// Hollow ones with some rings, which have twice as many edges: every second place.
    fn others() -> Vec<(Pos2, Stamp)> {
        let stamp = |i| {
            if i % 11 == 7 { Stamp::Ring(Crowd::Few) } else { Stamp::Hollow(i / 2 % CLASS_COUNT) }
        };
        spread(stamp).step_by(2).collect()
    }

    fn spread(stamp: impl Fn(usize) -> Stamp) -> impl Iterator<Item = (Pos2, Stamp)> {
        (0..120).map(move |i| {
            let at = vec2((i % 12) as f32 * 15.03, (i / 12) as f32 * 15.11);
            (pos2(12.0, 12.0) + at, stamp(i))
        })
    }

    #[test]
    fn stamped_points_look_like_drawn_ones() {
        let looks = [points, others];
        let scales = [(Theme::Dark, 1.0), (Theme::Light, 1.5)];
        for (points, (theme, scale)) in looks.into_iter().flat_map(|p| scales.map(|s| (p, s))) {
            let settings = StageSettings {
                size: [200.0, 180.0],
                pixels_per_point: scale,
                theme,
                ..StageSettings::default()
            };
            let drawn = shoot(settings, 3, |ui: &mut Ui, _| {
                for (place, stamp) in points() {
                    ui.painter().add(stamp.shape(theme_of(ui), place, 2.6));
                }
            });
            let (mut stamps, source) = (Stamps::default(), Arc::new(()));
            let stamped = shoot(settings, 3, |ui: &mut Ui, _| {
                stamps.paint(ui.painter(), (&source, 0), (theme_of(ui), 2.6), points);
            });
            let far = |a: &[u8; 4], b: &[u8; 4]| {
                (0..3).map(|i| a[i].abs_diff(b[i])).max().unwrap_or_default()
            };
            let pairs = drawn.rgba.iter().zip(&stamped.rgba);
            let differences: Vec<u8> = pairs.map(|(a, b)| far(a, b)).collect();
            let worst = differences.iter().max();
            let mean =
                differences.iter().map(|d| f64::from(*d)).sum::<f64>() / differences.len() as f64;
            assert!(worst < Some(&64) && mean < 1.0, "{theme:?}: {worst:?}, {mean}");
            assert!(drawn.rgba.iter().any(|p| far(p, &drawn.rgba[0]) > 100), "there are points");
        }
    }

    #[test]
    fn points_are_asked_for_only_for_another_key() {
        let (mut stamps, source) = (Stamps::default(), Arc::new(()));
        let mut asked = 0;
        let settings = StageSettings { size: [200.0, 180.0], ..StageSettings::default() };
        shoot(settings, 6, |ui: &mut Ui, frame| {
            stamps.paint(ui.painter(), (&source, frame / 2), (Theme::Dark, 2.6), || {
                asked += 1;
                points()
            });
        });
        assert_eq!(asked, 3);
        assert_eq!(stamps.mesh.vertices.len(), 4 * points().len());
    }
}
