//! A function of two variables as a map: heat and lines of equal height.

use std::sync::Arc;

use eframe::egui::{
    Color32, ColorImage, Context, Painter, Rect, Shape, Stroke, TextureHandle, TextureOptions,
    Theme, pos2,
};

use super::super::theme::{Palette, mix, palette, tokens_of, viridis};
use super::plane::Plane;
use super::still::Still;
use crate::numeric::{Segment, isolines};

/// Cells along each side of the map.
const CELLS: usize = 192;
/// Lines of equal height.
const LEVELS: usize = 12;

/// A map of a function, computed once and then only placed.
pub struct Contour {
    texture: TextureHandle,
    lines: Arc<[Segment]>,
    still: Still,
    palette: Palette,
}

impl std::fmt::Debug for Contour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contour").field("lines", &self.lines.len()).finish_non_exhaustive()
    }
}

impl Contour {
    /// The map of `value` over the ranges of x and y. Heights are spread by the logarithm of their
    /// distance from `lowest`, the known minimum (else the least of them), so that a narrow valley
    /// shows beside steep walls; below the lowest fiftieth of all heights the spread is even.
    pub fn new(
        ctx: &Context,
        theme: Theme,
        (x, y): ((f64, f64), (f64, f64)),
        lowest: Option<f64>,
        value: impl Fn(f64, f64) -> f64,
    ) -> Self {
        let place = |i: usize, (low, high): (f64, f64)| {
            low + (high - low) * (i as f64 + 0.5) / CELLS as f64
        };
        let mut heights = Vec::with_capacity(CELLS * CELLS);
        for row in 0..CELLS {
            for column in 0..CELLS {
                heights.push(value(place(column, x), place(row, y)));
            }
        }
        let mut finite: Vec<f64> = heights.iter().copied().filter(|h| h.is_finite()).collect();
        finite.sort_by(f64::total_cmp);
        let at_share = |share: f64| {
            finite.get((finite.len() as f64 * share) as usize).or(finite.last()).copied()
        };
        let least = at_share(0.0).unwrap_or(0.0);
        let (low, high) = (lowest.map_or(least, |f| f.min(least)), at_share(1.0).unwrap_or(0.0));
        let even = at_share(0.02).unwrap_or(0.0) - low;
        let spread = even.max((high - low) * 1e-5).max(f64::MIN_POSITIVE);
        let full = ((high - low) / spread).ln_1p().max(f64::MIN_POSITIVE);
        let shares: Vec<f32> =
            heights.iter().map(|h| (((h - low) / spread).ln_1p() / full) as f32).collect();
        let quiet = tokens_of(theme).panel;
        let mut pixels = Vec::with_capacity(CELLS * CELLS);
        for row in (0..CELLS).rev() {
            for share in &shares[row * CELLS..(row + 1) * CELLS] {
                pixels.push(mix(quiet, viridis(f64::from(*share)), 0.72));
            }
        }
        let image = ColorImage::new([CELLS, CELLS], pixels);
        let texture = ctx.load_texture("contour", image, TextureOptions::LINEAR);
        let levels = (1..LEVELS).map(|i| i as f32 / LEVELS as f32);
        let lines = levels.flat_map(|level| isolines(&shares, CELLS, level)).collect();
        let palette = palette(theme);
        Self { texture, lines, still: Still::default(), palette }
    }

    /// Whether it has the colours of a theme as they are now.
    pub fn is_for(&self, theme: Theme) -> bool {
        self.palette == palette(theme)
    }

    /// Paints the map.
    pub fn paint(&mut self, painter: &Painter, plane: &Plane) {
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(self.texture.id(), plane.rect, whole, Color32::WHITE);
        let stroke = Stroke::new(1.0, tokens_of(self.palette.theme).halo.gamma_multiply(0.35));
        self.still.paint(painter, &self.lines, (plane.key(), self.palette), || {
            let ends = |[a, b]: &Segment| [plane.at_part(*a), plane.at_part(*b)];
            self.lines.iter().map(|line| Shape::line_segment(ends(line), stroke)).collect()
        });
    }
}
