//! The weights of every layer as a heat map: a row a unit, a column an input, the bias beside them.

use std::sync::Arc;

use eframe::egui::{
    Align2, Color32, ColorImage, CursorIcon, Label, Pos2, Rect, RichText, Role, ScrollArea, Sense,
    Stroke, StrokeKind, TextureHandle, TextureOptions, Theme, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::lab::parameter;
use crate::model::DensePart;
use crate::session::Lane;
use crate::ui::theme::{diverging, small_style, strong_style, theme_of, tokens};
use crate::ui::widgets::{count, short};

use super::model::Model;
use super::typing::Typing;
use super::waiting_ui;
use super::words::{elided, styled};
use crate::ui::frame::Frame;

/// The largest side of a weight's cell, at a text size of 100 %.
const LARGEST: f32 = 26.0;
/// The most rows and columns of pixels of a picture: a larger matrix is shown by the largest weight of
/// each block.
const MOST: usize = 256;

/// The pictures of all matrices, and the parameters they are of.
#[derive(Default)]
pub(super) struct WeightsCache {
    made_of: Option<(Arc<[f64]>, Theme)>,
    matrices: Vec<Matrix>,
}

struct Matrix {
    weights: TextureHandle,
    biases: TextureHandle,
    /// The largest weight or bias, by its size.
    largest: f64,
    /// Weights along each side that share a pixel.
    block: usize,
}

impl std::fmt::Debug for WeightsCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WeightsCache")
            .field("matrices", &self.matrices.len())
            .finish_non_exhaustive()
    }
}

/// Draws all matrices.
pub(super) fn ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    (lane, model): (&Lane, &Model),
    params: Option<&Arc<[f64]>>,
) {
    let Some(params) = params else { return waiting_ui(ui, lane) };
    let mut cache = std::mem::take(&mut frame.window.center.inside.weights);
    refresh(ui, &mut cache, model, params);
    let words = "A row a unit, a column an input; blue above 0, orange below.";
    let words = RichText::new(words).text_style(small_style()).color(tokens(ui).dim);
    ui.add(Label::new(words).truncate());
    let height = ui.available_height();
    let all = vec2(ui.available_width(), ui.available_height());
    ScrollArea::vertical().max_height(height).auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = BETWEEN;
        let room = all - vec2(12.0, 0.0);
        let places = places(ui, model, room, frame.window.text_scale);
        let sizes: Vec<Vec2> = places.iter().map(|place| place.whole).collect();
        let mut matrices = model.parts.iter().zip(&cache.matrices).zip(places);
        for row in rows(&sizes, room.x) {
            ui.horizontal_top(|ui| {
                for ((part, matrix), place) in matrices.by_ref().take(row) {
                    matrix_ui(ui, frame, (lane, model), (part, matrix, place), params);
                }
            });
        }
    });
    frame.window.center.inside.weights = cache;
}

fn refresh(ui: &Ui, cache: &mut WeightsCache, model: &Model, params: &Arc<[f64]>) {
    let theme = theme_of(ui);
    let is_of =
        |(of, made_for): &(Arc<[f64]>, Theme)| Arc::ptr_eq(of, params) && *made_for == theme;
    if cache.made_of.as_ref().is_some_and(is_of) {
        return;
    }
    cache.matrices = model.parts.iter().map(|part| Matrix::new(ui, theme, part, params)).collect();
    cache.made_of = Some((Arc::clone(params), theme));
}

impl Matrix {
    fn new(ui: &Ui, theme: Theme, part: &DensePart, params: &[f64]) -> Self {
        let (weights, biases) = (&params[part.weights.clone()], &params[part.biases.clone()]);
        let finite = weights.iter().chain(biases).map(|w| w.abs()).filter(|w| w.is_finite());
        let largest = finite.fold(f64::MIN_POSITIVE, f64::max);
        let block = part.units.max(part.inputs).div_ceil(MOST);
        let color = |w: f64| diverging(theme, (w / largest) as f32);
        let load = |name: &str, image| {
            ui.ctx().load_texture(name.to_owned(), image, TextureOptions::NEAREST)
        };
        let (rows, columns) = (part.units.div_ceil(block), part.inputs.div_ceil(block));
        let mut image = ColorImage::filled([columns, rows], Color32::BLACK);
        for row in 0..rows {
            for column in 0..columns {
                let inside = |at: usize, end: usize| at * block..((at + 1) * block).min(end);
                let all = inside(row, part.units)
                    .flat_map(|to| inside(column, part.inputs).map(move |from| (to, from)))
                    .map(|(to, from)| weights[to * part.inputs + from]);
                let far =
                    all.fold(
                        0.0_f64,
                        |far, w| {
                            if w.is_nan() || w.abs() > far.abs() { w } else { far }
                        },
                    );
                image[(column, row)] = color(far);
            }
        }
        let mut bars = ColorImage::filled([1, part.units], Color32::BLACK);
        for (row, bias) in biases.iter().enumerate() {
            bars[(0, row)] = color(*bias);
        }
        Self { weights: load("weights", image), biases: load("biases", bars), largest, block }
    }
}

/// How large the parts of a drawn matrix are.
#[derive(Debug, Clone, Copy)]
struct Place {
    whole: Vec2,
    weights: Vec2,
    bias: f32,
    line: f32,
}

/// Between a matrix and its biases.
const APART: f32 = 8.0;
/// The least width of a matrix with its words, at a text size of 100 %.
const LEAST: f32 = 190.0;

/// Between two matrices.
const BETWEEN: Vec2 = vec2(18.0, 10.0);
/// How much smaller matrices become, at most, so that all are seen at once.
const SHRUNK: [f32; 8] = [1.0, 0.87, 0.75, 0.65, 0.56, 0.48, 0.4, 0.33];

/// The places of all matrices: as large as they may be with all in sight, or, where they cannot be, as large
/// as is good to read.
fn places(ui: &Ui, model: &Model, room: Vec2, scale: f32) -> Vec<Place> {
    let all = |shrunk: f32| -> Vec<Place> {
        model.parts.iter().map(|part| Place::of(ui, part, room, (scale, shrunk))).collect()
    };
    let fits = |places: &Vec<Place>| {
        let sizes: Vec<Vec2> = places.iter().map(|place| place.whole).collect();
        height(&sizes, room.x) <= room.y
    };
    SHRUNK.into_iter().map(all).find(fits).unwrap_or_else(|| all(1.0))
}

/// How many things of these sizes stand side by side in each row of at most a width.
fn rows(sizes: &[Vec2], width: f32) -> Vec<usize> {
    let (mut rows, mut used): (Vec<usize>, f32) = (Vec::new(), 0.0);
    for size in sizes {
        match rows.last_mut() {
            Some(row) if used + BETWEEN.x + size.x <= width => {
                *row += 1;
                used += BETWEEN.x + size.x;
            }
            _ => {
                rows.push(1);
                used = size.x;
            }
        }
    }
    rows
}

/// How high such rows are, one below the other.
fn height(sizes: &[Vec2], width: f32) -> f32 {
    let mut rest = sizes;
    let high = rows(sizes, width).into_iter().map(|row| {
        let (these, others) = rest.split_at(row);
        rest = others;
        these.iter().map(|size| size.y).fold(0.0, f32::max) + BETWEEN.y
    });
    (high.sum::<f32>() - BETWEEN.y).max(0.0)
}

impl Place {
    fn of(ui: &Ui, part: &DensePart, room: Vec2, (scale, shrunk): (f32, f32)) -> Self {
        let line = ui.text_style_height(&small_style());
        let bias = 16.0 * scale;
        let wide = (room.x - bias - APART).max(1.0);
        let largest = LARGEST * scale * shrunk;
        let side = (wide * shrunk / part.inputs as f32).min(largest);
        // Rows are lower than columns are wide where there are many.
        let tall = (room.y - 3.0 * line).clamp(80.0 * scale, 320.0 * scale) * shrunk;
        let high = (tall / part.units as f32).min(side.max(5.0)).min(largest);
        let weights = vec2(side * part.inputs as f32, high * part.units as f32);
        let width = (weights.x + APART + bias).max(LEAST * scale).min(room.x);
        let head = ui.text_style_height(&strong_style()) + line + 8.0;
        Self { whole: vec2(width, weights.y + head), weights, bias, line }
    }
}

fn matrix_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    (lane, model): (&Lane, &Model),
    (part, matrix, place): (&DensePart, &Matrix, Place),
    params: &[f64],
) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(place.whole, Sense::hover());
    let corner = rect.left_bottom() - vec2(0.0, place.weights.y + 1.0);
    let weights = Rect::from_min_size(corner, place.weights);
    let biases = Rect::from_min_size(
        pos2(weights.right() + APART, weights.top()),
        vec2(place.bias, place.weights.y),
    );
    let line = ui.text_style_height(&strong_style());
    let title = (part.name.as_str(), &strong_style());
    styled(ui, title, (rect.min, Align2::LEFT_TOP), rect.width(), t.text);
    let shared = match matrix.block {
        1 => String::new(),
        n => format!(" · of {n} × {n} the largest"),
    };
    let words = format!(
        "{} × {} and bias · ±{}{shared}",
        count(part.units as u64),
        count(part.inputs as u64),
        short(matrix.largest)
    );
    let at = rect.min + vec2(0.0, line + place.line / 2.0 + 2.0);
    elided(ui, &words, at, Align2::LEFT_CENTER, rect.width(), t.dim);
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    for (texture, place) in [(&matrix.weights, weights), (&matrix.biases, biases)] {
        ui.painter().image(texture.id(), place, whole, Color32::WHITE);
        let stroke = Stroke::new(1.0, t.edge);
        ui.painter().rect_stroke(place, 0.0, stroke, StrokeKind::Outside);
    }
    let index = |at: Pos2| place_in(part, weights, biases, at);
    cell_ui(ui, frame, (lane, model), (&part.name, rect, params), index);
}

/// The parameter under a place.
fn place_in(part: &DensePart, weights: Rect, biases: Rect, at: Pos2) -> Option<usize> {
    let share = |rect: Rect| (at - rect.min) / rect.size();
    let step = |share: f32, all: usize| ((share * all as f32) as usize).min(all - 1);
    if weights.contains(at) {
        let share = share(weights);
        return Some(part.weight(step(share.y, part.units), step(share.x, part.inputs)));
    }
    biases.contains(at).then(|| part.bias(step(share(biases).y, part.units)))
}

/// What the cell under the pointer says, and typing it.
fn cell_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    (lane, model): (&Lane, &Model),
    (layer, rect, params): (&str, Rect, &[f64]),
    index: impl Fn(Pos2) -> Option<usize>,
) {
    let id = ui.scope_id().with(("matrix", layer));
    let response = ui.interact(rect, id, Sense::click());
    let (enabled, name) = (ui.is_enabled(), format!("Weights and biases of {layer}"));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, enabled, &name));
    let Some(index) = response.hover_pos().and_then(index) else { return };
    let name = parameter(&model.layout, index).map_or_else(String::new, |place| place.to_string());
    let value = params.get(index).map_or_else(|| "…".to_owned(), |value| short(*value));
    let says = format!("{name} = {value}\nparams.{index}\nClick to type another.");
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked()) {
        frame.window.center.inside.typing = Some(Typing::parameter(lane.id, model, index, at));
    }
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text_at_pointer(says);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_matrices_are_as_high_as_their_highest() {
        let high = |sizes: &[[f32; 2]]| {
            let sizes: Vec<Vec2> = sizes.iter().map(|size| Vec2::from(*size)).collect();
            (rows(&sizes, 100.0), height(&sizes, 100.0))
        };
        assert_eq!(high(&[]), (vec![], 0.0));
        assert_eq!(high(&[[40.0, 10.0], [40.0, 30.0]]), (vec![2], 30.0));
        assert_eq!(high(&[[40.0, 10.0], [45.0, 30.0]]), (vec![1, 1], 50.0));
        let wide = high(&[[300.0, 10.0], [20.0, 5.0], [20.0, 7.0]]);
        assert_eq!(wide, (vec![1, 2], 27.0));
    }
}
