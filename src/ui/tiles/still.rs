//! Shapes that stay the same from frame to frame: made into triangles once, then only handed on.
//!
//! A few hundred points cost more to turn into triangles each frame than everything else in a tile.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use eframe::egui::{Context, Mesh, Painter, Shape, epaint::Tessellator};

use super::super::theme::is_presenting;

/// The triangles of some shapes, and what they were made for.
#[derive(Debug, Default)]
pub struct Still {
    made_for: Option<u64>,
    mesh: Arc<Mesh>,
}

impl Still {
    /// Paints `shapes`, which depend on nothing but `key`: they are asked for when the key is another
    /// than in the frame before. The shapes hold no text and no picture.
    pub fn paint(
        &mut self,
        painter: &Painter,
        key: impl Hash,
        shapes: impl FnOnce() -> Vec<Shape>,
    ) {
        let context = painter.ctx();
        let mut hasher = DefaultHasher::new();
        (key, context.pixels_per_point().to_bits(), is_presenting()).hash(&mut hasher);
        let key = hasher.finish();
        if self.made_for != Some(key) {
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
        for key in [1, 1, 2, 2, 1] {
            let painter = Painter::new(context.clone(), LayerId::background(), screen);
            still.paint(&painter, key, || {
                made += 1;
                vec![Shape::circle_filled(pos2(9.0, 9.0), key as f32, Color32::RED); key]
            });
            triangles.push(still.mesh.indices.len() / 3);
        }
        assert_eq!(made, 3);
        assert!(triangles[0] > 4 && triangles[2] > triangles[0], "{triangles:?}");
        assert_eq!((triangles[1], triangles[4]), (triangles[0], triangles[0]));
    }
}
