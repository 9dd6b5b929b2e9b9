//! Shapes that stay the same from frame to frame: made into triangles once, then only handed on.
//!
//! A few hundred points cost more to turn into triangles each frame than everything else in a tile.

use std::any::Any;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use eframe::egui::{Context, Mesh, Painter, Shape, epaint::Tessellator};

use super::super::theme::is_presenting;

/// The triangles of some shapes, and what they were made for.
#[derive(Debug, Default)]
pub struct Still {
    made_for: Option<u64>,
    source: Source,
    mesh: Arc<Mesh>,
}

/// What a picture was made of. It is told apart by its place in memory, and held, so that nothing else can
/// come to lie there meanwhile.
#[derive(Debug, Default)]
pub(super) struct Source(Option<(usize, Box<dyn Any>)>);

impl Source {
    /// Whether it is `other`.
    pub(super) fn is<T: ?Sized>(&self, other: &Arc<T>) -> bool {
        self.0.as_ref().is_some_and(|(place, _)| *place == place_of(other))
    }

    pub(super) fn hold<T: ?Sized + 'static>(&mut self, now: &Arc<T>) {
        self.0 = Some((place_of(now), Box::new(Arc::clone(now))));
    }
}

fn place_of<T: ?Sized>(of: &Arc<T>) -> usize {
    Arc::as_ptr(of).cast::<()>() as usize
}

impl Still {
    /// Paints `shapes`, which depend on nothing but `source`, `key`, the scale of the screen and whether one
    /// presents: they are asked for when one of those is another than in the frame before. The shapes
    /// hold no text and no picture.
    pub fn paint<T: ?Sized + 'static>(
        &mut self,
        painter: &Painter,
        source: &Arc<T>,
        key: impl Hash,
        shapes: impl FnOnce() -> Vec<Shape>,
    ) {
        let context = painter.ctx();
        let mut hasher = DefaultHasher::new();
        (key, context.pixels_per_point().to_bits(), is_presenting()).hash(&mut hasher);
        let key = hasher.finish();
        if self.made_for != Some(key) || !self.source.is(source) {
            self.source.hold(source);
            self.mesh = Arc::new(triangles(context, shapes()));
            self.made_for = Some(key);
        }
        painter.add(Shape::Mesh(Arc::clone(&self.mesh)));
    }
}

/// The triangles of shapes without text and pictures.
pub(super) fn triangles(context: &Context, shapes: Vec<Shape>) -> Mesh {
    let options = context.tessellation_options(|options| *options);
    let scale = context.pixels_per_point();
    // Without the prepared discs, which lie in a texture that may move.
    let mut tessellator = Tessellator::new(scale, options, [1, 1], Vec::new());
    let mut mesh = Mesh::default();
    for shape in shapes {
        tessellator.tessellate_shape(shape, &mut mesh);
    }
    mesh
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Color32, LayerId, Rect, pos2, vec2};

    use super::*;

    #[test]
    fn shapes_are_made_again_only_for_another_key() {
        let context = Context::default();
        let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 100.0));
        let mut still = Still::default();
        let mut made = 0;
        let mut triangles = Vec::new();
        let source = Arc::new(());
        for key in [1, 1, 2, 2, 1] {
            let painter = Painter::new(context.clone(), LayerId::background(), screen);
            still.paint(&painter, &source, key, || {
                made += 1;
                vec![Shape::circle_filled(pos2(9.0, 9.0), key as f32, Color32::RED); key]
            });
            triangles.push(still.mesh.indices.len() / 3);
        }
        assert_eq!(made, 3);
        assert!(triangles[0] > 4 && triangles[2] > triangles[0], "{triangles:?}");
        assert_eq!((triangles[1], triangles[4]), (triangles[0], triangles[0]));
    }

    #[test]
    fn shapes_are_made_again_for_other_numbers_even_where_the_last_ones_lay() {
        let context = Context::default();
        let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 100.0));
        let mut still = Still::default();
        let mut made = Vec::new();
        for round in 0..20 {
            // Freed at the end of each round: the next one may lie in the same place.
            let numbers: Arc<[f32]> = vec![round as f32; 4].into();
            for _ in 0..2 {
                let painter = Painter::new(context.clone(), LayerId::background(), screen);
                still.paint(&painter, &numbers, 7, || {
                    made.push(numbers[0]);
                    Vec::new()
                });
            }
        }
        assert_eq!(made, (0..20).map(|i| i as f32).collect::<Vec<_>>());
    }
}
