//! A relief seen from above: heat and lines of equal height.

use std::sync::Arc;

use eframe::egui::{
    Color32, ColorImage, Context, Painter, Rect, Shape, Stroke, TextureHandle, TextureOptions,
    Theme, pos2,
};

use super::super::theme::{Palette, mix, palette, tokens_of, viridis};
use super::plane::Plane;
use super::relief::Relief;
use super::still::Still;
use crate::numeric::{Segment, isolines};

/// Lines of equal height.
const LEVELS: usize = 12;
/// Points along each side that lines are found of, at most.
const MOST_SIDE: usize = 81;
/// How much of a colour is the ramp's; the rest is the panel's.
const STRENGTH: f32 = 0.72;

/// The colour of a share on maps.
pub fn heat(theme: Theme, share: f64) -> Color32 {
    mix(tokens_of(theme).panel, viridis(share), STRENGTH)
}

/// A relief as a picture, made once and then only placed.
pub struct HeatMap {
    texture: TextureHandle,
    lines: Arc<[Segment]>,
    still: Still,
    palette: Palette,
    side: usize,
    /// Points along each side that the lines were found of.
    lines_side: usize,
}

impl std::fmt::Debug for HeatMap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeatMap").field("side", &self.side).finish_non_exhaustive()
    }
}

impl HeatMap {
    /// The picture of a relief; points without a height have the panel's colour.
    pub fn new(ctx: &Context, theme: Theme, relief: &Relief) -> Self {
        let side = relief.side;
        let quiet = tokens_of(theme).panel;
        let color =
            |share: &f32| if share.is_nan() { quiet } else { heat(theme, f64::from(*share)) };
        let rows = relief.shares.chunks(side).rev();
        let pixels = rows.flat_map(|row| row.iter().map(color)).collect();
        let image = ColorImage::new([side, side], pixels);
        let texture = ctx.load_texture("heat", image, TextureOptions::LINEAR);
        let levels = (1..LEVELS).map(|i| i as f32 / LEVELS as f32);
        // Very short pieces would look dotted.
        let lines_of = relief.thinned(MOST_SIDE);
        let lines =
            levels.flat_map(|level| isolines(&lines_of.shares, lines_of.side, level)).collect();
        let palette = palette(theme);
        Self { texture, lines, still: Still::default(), palette, side, lines_side: lines_of.side }
    }

    /// Whether it has the colours of a theme as they are now.
    pub fn is_for(&self, theme: Theme) -> bool {
        self.palette == palette(theme)
    }

    /// Paints it. The outermost points lie on the plane's edges.
    pub fn paint(&mut self, painter: &Painter, plane: &Plane) {
        let side = self.side as f32;
        let part = Rect::from_min_max(pos2(0.5, 0.5), pos2(side - 0.5, side - 0.5));
        let part = Rect::from_min_max(
            (part.min.to_vec2() / side).to_pos2(),
            (part.max.to_vec2() / side).to_pos2(),
        );
        painter.image(self.texture.id(), plane.rect, part, Color32::WHITE);
        let stroke = Stroke::new(1.0, tokens_of(self.palette.theme).halo.gamma_multiply(0.35));
        self.still.paint(painter, &self.lines, (plane.key(), self.palette), || {
            // Lines are given for cells around the points.
            let points = self.lines_side as f32;
            let inner = |x: f32| (x * points - 0.5) / (points - 1.0);
            let end = |[x, y]: [f32; 2]| plane.at_part([inner(x), inner(y)]);
            let ends = |[a, b]: &Segment| [end(*a), end(*b)];
            self.lines.iter().map(|line| Shape::line_segment(ends(line), stroke)).collect()
        });
    }
}
