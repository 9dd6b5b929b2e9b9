//! Maps of units as one texture, and what the model as a whole says as another: made when a picture
//! comes, and only placed after that.

use std::ops::Range;
use std::sync::Arc;

use eframe::egui::{
    Color32, ColorImage, Context, Painter, Rect, Stroke, TextureHandle, TextureOptions, Theme,
    pos2, vec2,
};

use crate::model::DensePart;
use crate::numeric::{Segment, turns};
use crate::train::{Picture, PictureKind, PictureRequest};
use crate::ui::theme::{diverging, line_width, tokens_of, viridis};
use crate::ui::tiles::{Plane, Regions, line_shapes};

use super::model::Model;

/// Maps side by side in the texture.
const ACROSS: usize = 16;

/// The maps of a picture of units.
pub(super) struct Maps {
    made_of: (Arc<[f32]>, Theme),
    texture: TextureHandle,
    /// Cells along x and y of one map, and rows of maps.
    cells: (usize, usize),
    rows: usize,
    /// Of each hidden layer, the units that there are maps of and the largest of their numbers.
    layers: Vec<(Range<usize>, f32)>,
    /// Of each output, the lowest and the highest number.
    pub(super) outputs: Vec<(f32, f32)>,
    /// What a classifier says as a whole.
    answer: Option<(Regions, Vec<Segment>)>,
    /// The plane they are over.
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
}

impl std::fmt::Debug for Maps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Maps").field("layers", &self.layers).finish_non_exhaustive()
    }
}

impl Maps {
    /// Whether they are of this picture in this theme.
    pub(super) fn is_of(&self, picture: &Picture, theme: Theme) -> bool {
        let PictureKind::Units { outputs, .. } = &picture.kind else { return false };
        Arc::ptr_eq(outputs, &self.made_of.0) && theme == self.made_of.1
    }

    /// The maps of a picture; none if it is not of this model.
    pub(super) fn new(
        ctx: &Context,
        theme: Theme,
        picture: &Picture,
        model: &Model,
    ) -> Option<Self> {
        let PictureKind::Units { request, outputs, width, .. } = &picture.kind else { return None };
        let PictureRequest::Units { x, y, cells, shown, .. } = request else { return None };
        let hidden = model.parts.iter().filter(|part| !part.is_output);
        let is_in = |(part, shown): (&DensePart, &Range<usize>)| shown.end <= part.units;
        if shown.len() != hidden.clone().count() || !hidden.zip(shown).all(is_in) {
            return None;
        }
        let (units, said) = (shown.iter().map(Range::len).sum::<usize>(), model.head.width);
        let count = cells.0 * cells.1;
        if units + said != *width || outputs.len() != count * width || count == 0 {
            return None;
        }
        let column = |at: usize| outputs.iter().skip(at).step_by(*width).copied();
        let mut at = 0;
        let layers: Vec<(Range<usize>, f32)> = shown
            .iter()
            .map(|units| {
                let all = (at..at + units.len()).flat_map(column);
                at += units.len();
                let size = all.map(f32::abs).filter(|a| a.is_finite()).fold(0.0, f32::max);
                (units.clone(), size.max(f32::MIN_POSITIVE))
            })
            .collect();
        let ends = |(low, high): (f32, f32), a: f32| (low.min(a), high.max(a));
        let range = |at| column(at).fold((f32::INFINITY, f32::NEG_INFINITY), ends);
        let ranges: Vec<(f32, f32)> = (units..*width).map(range).collect();
        let rows = width.div_ceil(ACROSS);
        let mut image =
            ColorImage::filled([cells.0 * ACROSS.min(*width), cells.1 * rows], Color32::BLACK);
        let scales =
            layers.iter().flat_map(|(units, size)| std::iter::repeat_n(*size, units.len()));
        let color_of: Vec<Box<dyn Fn(f32) -> Color32>> = scales
            .map(|size| -> Box<dyn Fn(f32) -> Color32> {
                Box::new(move |a| diverging(theme, a / size))
            })
            .chain(ranges.iter().map(|range| -> Box<dyn Fn(f32) -> Color32> {
                let (low, high) = if model.head.classes.is_some() { (0.0, 1.0) } else { *range };
                Box::new(move |a| viridis(f64::from((a - low) / (high - low).max(1e-30))))
            }))
            .collect();
        for (unit, color) in color_of.iter().enumerate() {
            let corner = (unit % ACROSS * cells.0, unit / ACROSS * cells.1);
            for (cell, a) in column(unit).enumerate() {
                let (i, j) = (cell % cells.0, cells.1 - 1 - cell / cells.0);
                image[(corner.0 + i, corner.1 + j)] = color(a);
            }
        }
        let answer = model.head.classes.is_some().then(|| {
            let said: Vec<f32> =
                outputs.chunks(*width).flat_map(|cell| &cell[units..]).copied().collect();
            let width = model.head.width;
            (Regions::new(ctx, theme, &said, width, cells.0), turns(&said, width, cells.0))
        });
        let texture = ctx.load_texture("units", image, TextureOptions::LINEAR);
        Some(Self {
            made_of: (Arc::clone(outputs), theme),
            texture,
            cells: *cells,
            rows,
            layers,
            outputs: ranges,
            answer,
            x: *x,
            y: *y,
        })
    }

    /// The largest number of a hidden layer's units, 0 the first.
    pub(super) fn size(&self, layer: usize) -> Option<f32> {
        self.layers.get(layer).map(|(_, size)| *size)
    }

    /// Paints the map of a unit of a dense layer; false if there is none of it.
    pub(super) fn paint(
        &self,
        painter: &Painter,
        (layer, unit): (usize, usize),
        rect: Rect,
    ) -> bool {
        let before: usize = self.layers.iter().take(layer).map(|(units, _)| units.len()).sum();
        let shown =
            self.layers.get(layer).map_or(0..self.outputs.len(), |(units, _)| units.clone());
        if !shown.contains(&unit) {
            return false;
        }
        let at = before + unit - shown.start;
        let hidden: usize = self.layers.iter().map(|(units, _)| units.len()).sum();
        let all = hidden + self.outputs.len();
        let (columns, rows) = (ACROSS.min(all) as f32, self.rows as f32);
        let (column, row) = ((at % ACROSS) as f32, (at / ACROSS) as f32);
        // Half a cell from the edge, no colour of a neighbour shines through.
        let half = vec2(0.5 / (self.cells.0 as f32 * columns), 0.5 / (self.cells.1 as f32 * rows));
        let uv = Rect::from_min_max(
            pos2(column / columns, row / rows) + half,
            pos2((column + 1.0) / columns, (row + 1.0) / rows) - half,
        );
        painter.image(self.texture.id(), rect, uv, Color32::WHITE);
        true
    }

    /// Paints the classes and the boundary between them; false where the model predicts numbers.
    pub(super) fn paint_answer(&self, painter: &Painter, rect: Rect) -> bool {
        let Some((answer, boundary)) = &self.answer else { return false };
        let plane = Plane { rect, x: self.x, y: self.y };
        let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
        answer.paint(&painter, &plane);
        let stroke = Stroke::new(line_width(2.0), tokens_of(self.made_of.1).ink);
        painter.extend(line_shapes(boundary, &plane, stroke));
        true
    }
}
