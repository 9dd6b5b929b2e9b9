//! How the weights, activations and gradients of every layer are spread: over the time that somebody
//! watched as a heat map, and as they are now as bars beside it.
//!
//! Along x are updates, along y are values, and the shade of a spot says what share of all numbers lies
//! there. Where the spread changes by more than a few times, y is even about zero and logarithmic far
//! from it, and says so.

use std::ops::Range;
use std::sync::Arc;

use eframe::egui::{
    Align, Align2, Color32, Label, Layout, Rect, RichText, Role, ScrollArea, Sense, Shape, Stroke,
    Theme, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::session::Lane;
use crate::train::{LayerInside, LayersInside, PictureKind};
use crate::ui::linked::Over;
use crate::ui::theme::{line_width, number_style, small_style, strong_style, theme_of, tokens};
use crate::ui::widgets::{count, short};

use super::heat::{Heat, Place, Quantity, column_at};
use super::words::elided;
use super::{choice_ui, tables, waiting_ui};
use crate::ui::frame::Frame;

/// The least width of a quantity's picture, and the least height of a layer's, at a text size of 100 %.
const LEAST: Vec2 = vec2(210.0, 118.0);
/// Time between two makings of the pictures, in seconds.
const BETWEEN: f64 = 0.12;

/// The pictures of all layers, and what they are of.
#[derive(Debug, Default)]
pub(super) struct SpreadCache {
    made_of: Option<MadeOf>,
    made_at: f64,
    heats: Vec<[Heat; 3]>,
}

/// What pictures are of: what was seen last and how much, which steps are shown, and the theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MadeOf {
    seen: (u64, usize),
    steps: (u64, u64),
    theme: Theme,
}

/// The state of a lane's layers whose bars are drawn, and the step that is marked over time.
struct When<'a> {
    layers: &'a LayersInside,
    step: u64,
    /// That step, where it is not the present.
    past: Option<u64>,
    marked: Option<(f64, Color32)>,
}

/// Draws the spreads.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane) {
    let now = lane.pictures().layers.as_ref().and_then(|picture| match &picture.kind {
        PictureKind::Layers(layers) => Some((picture.step, Arc::clone(layers))),
        _ => None,
    });
    let (Some((step, now)), false) = (now, lane.inside.seen().is_empty()) else {
        return waiting_ui(ui, lane);
    };
    if frame.window.center.inside.tables.is_shown {
        return tables::spread_ui(ui, frame, lane, (step, &now));
    }
    let mut cache = std::mem::take(&mut frame.window.center.inside.spread);
    let zoom = frame.window.linked.zoom();
    refresh(ui, &mut cache, lane, zoom);
    let scale = frame.window.text_scale;
    let all = ui.available_width() > 3.0 * LEAST.x * scale;
    note_ui(ui, frame, lane, (&now, all));
    let chosen = frame.window.center.inside.quantity;
    let shown: &[Quantity] = if all { &Quantity::ALL } else { std::slice::from_ref(&chosen) };
    let room = ui.available_height() / now.layers.len().max(1) as f32 - 6.0;
    let height = room.max(LEAST.y * scale).min(260.0 * scale);
    let when = When::of(ui, frame, lane, (step, &now));
    let scroll = ScrollArea::vertical().max_height(ui.available_height()).auto_shrink(false);
    scroll.show(ui, |ui| {
        for (at, layer) in when.layers.layers.iter().enumerate() {
            let Some(heats) = cache.heats.get(at) else { continue };
            layer_ui(ui, frame, lane, (at, layer), (heats, shown), (&when, height));
        }
    });
    frame.window.center.inside.spread = cache;
}

impl<'a> When<'a> {
    /// The step that is pointed at in any plot over steps, if something was seen there; else the one that
    /// is looked at, else the present.
    fn of(
        ui: &Ui,
        frame: &Frame<'_>,
        lane: &'a Lane,
        (step, layers): (u64, &'a LayersInside),
    ) -> Self {
        let t = tokens(ui);
        let past = lane.looked_at();
        let pointed = frame.window.linked.anywhere();
        let seen = lane.inside.seen();
        let there = pointed.and_then(|at| seen.get(column_at(seen, at as u64)?));
        let same = there.filter(|(_, there)| there.layers.len() == layers.layers.len());
        if let Some((step, layers)) = same {
            let marked = pointed.map(|at| (at, t.ink));
            return Self { layers, step: *step, past: Some(*step), marked };
        }
        let marked = past.map(|step| (step as f64, t.accent));
        Self { layers, step, past, marked }
    }
}

/// Makes the pictures anew where more was seen, but not with every frame.
fn refresh(ui: &Ui, cache: &mut SpreadCache, lane: &Lane, zoom: Option<Range<u64>>) {
    let theme = theme_of(ui);
    let seen = lane.inside.seen();
    let (Some((first, _)), Some((last, layers))) = (seen.first(), seen.last()) else { return };
    // The steps that the curve is zoomed to, where something was seen of them.
    let zoomed = zoom.map(|steps| (steps.start.max(*first), steps.end.min(*last)));
    let steps = zoomed.filter(|(from, to)| from < to).unwrap_or((*first, *last));
    let key = MadeOf { seen: (*last, seen.len()), steps, theme };
    let fresh = cache.heats.len() != layers.layers.len();
    if cache.made_of == Some(key) && !fresh {
        return;
    }
    let now = ui.input(|input| input.time);
    let same_theme = cache.made_of.is_some_and(|made_of| made_of.theme == theme);
    let is_soon = now - cache.made_at < BETWEEN && now >= cache.made_at;
    if !fresh && same_theme && is_soon && lane.is_running() {
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(BETWEEN));
        return;
    }
    let heat = |layer: usize, quantity: Quantity| {
        Heat::new(ui.ctx(), theme, (seen, steps), (layer, quantity))
    };
    cache.heats = (0..layers.layers.len())
        .map(|layer| Quantity::ALL.map(|quantity| heat(layer, quantity)))
        .collect();
    (cache.made_of, cache.made_at) = (Some(key), now);
}

/// Since when it was watched, on which rows; and the choice of what is drawn where there is room for one.
fn note_ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane, (now, all): (&LayersInside, bool)) {
    if !all {
        let state = &mut frame.window.center.inside;
        let choices = Quantity::ALL.map(|quantity| (quantity, quantity.label()));
        if let Some(quantity) = choice_ui(ui, "Spread of", state.quantity, &choices) {
            state.quantity = quantity;
        }
    }
    let first = lane.inside.seen().first().map_or(0, |(step, _)| *step);
    let rows = if now.is_all {
        "all training rows".to_owned()
    } else {
        format!("{} training rows spread evenly", count(now.rows as u64))
    };
    let words = format!("watched since step {} · activations and gradients: {rows}", count(first));
    let words = RichText::new(words).text_style(small_style()).color(tokens(ui).dim);
    ui.add(Label::new(words).truncate());
}

fn layer_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    lane: &Lane,
    (at, layer): (usize, &LayerInside),
    (heats, shown): (&[Heat; 3], &[Quantity]),
    (when, height): (&When<'_>, f32),
) {
    layer_head_ui(ui, lane, (at, when.step), layer);
    let head = ui.spacing().interact_size.y;
    let gap = 10.0;
    let width = (ui.available_width() - gap * (shown.len() - 1) as f32) / shown.len() as f32;
    let size = vec2(width, (height - head - 4.0).max(48.0));
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), size.y), Sense::hover());
    for (place, quantity) in shown.iter().enumerate() {
        let left = row.left() + (width + gap) * place as f32;
        let rect = Rect::from_min_size(pos2(left, row.top()), size);
        let id = ui.scope_id().with(("spread", at, *quantity as usize));
        let response = ui.interact(rect, id, Sense::hover());
        let (heat, shows) = (&heats[*quantity as usize], (layer, *quantity, when.past));
        let place = heat.paint(ui, rect, shows, when.marked);
        let (enabled, name) = (ui.is_enabled(), heat.name((layer, *quantity), when.past));
        response.widget_info(|| WidgetInfo::labeled(Role::Image, enabled, &name));
        let Some(pointer) = response.hover_pos() else { continue };
        if let Some(step) = heat.step_at(&place, pointer) {
            frame.window.linked.point(Over::Spread, step);
        }
        let of = (layer, *quantity, when.step);
        if let Some(says) = heat.says(&place, pointer, lane.inside.seen(), of) {
            response.on_hover_text_at_pointer(says);
        }
    }
}

/// The layer's name, how far the last update moved it, and its dead units.
fn layer_head_ui(ui: &mut Ui, lane: &Lane, (at, step): (usize, u64), layer: &LayerInside) {
    let t = tokens(ui);
    // A past state that was kept whole does not say how it came about; who watched then may know.
    let seen = lane.inside.seen();
    let seen = seen.binary_search_by_key(&step, |(step, _)| *step).ok().map(|i| &seen[i].1);
    let seen = seen.and_then(|layers| layers.layers.get(at)?.update_ratio);
    let row = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let roomy = row.x > 9.0 * row.y;
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        ui.label(RichText::new(&layer.part.name).text_style(strong_style()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let ratio = layer.update_ratio.or(seen).map_or_else(|| "—".to_owned(), short);
            let ratio = ui.label(RichText::new(ratio).text_style(number_style()));
            ratio.on_hover_text(RATIO);
            sparkline_ui(ui, lane, at);
            if roomy {
                let words = RichText::new("‖Δw‖ / ‖w‖").text_style(small_style()).color(t.dim);
                ui.label(words).on_hover_text(RATIO);
            }
            if let Some(dead) = layer.dead {
                let color = if dead > 0 { t.warn } else { t.dim };
                let of = if roomy { " of " } else { "/" };
                let words = format!("{dead}{of}{} dead", layer.part.units);
                let words = RichText::new(words).text_style(small_style()).color(color);
                ui.label(words).on_hover_text(DEAD);
            }
            if ui.available_width() < 2.0 * row.y {
                return;
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let words = format!("{} × {}", layer.part.units, layer.part.inputs);
                let words = RichText::new(words).text_style(small_style()).color(t.dim);
                ui.add(Label::new(words).truncate());
            });
        });
    });
}

const RATIO: &str = "How far the last update moved the layer's weights, by their length. About a \
    thousandth is common; near one the layer is thrown about, far below it hardly learns.";
const DEAD: &str = "Units whose output is 0 in every row looked at: no update reaches the weights \
    before them.";

/// The ratio over the time watched, by its logarithm.
fn sparkline_ui(ui: &mut Ui, lane: &Lane, at: usize) {
    let size = vec2(ui.spacing().interact_size.y * 2.4, ui.spacing().interact_size.y * 0.62);
    if ui.available_width() < size.x * 3.2 {
        return;
    }
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let seen = lane.inside.seen();
    let ratios = seen.iter().filter_map(|(step, layers)| {
        let ratio = layers.layers.get(at)?.update_ratio.filter(|ratio| *ratio > 0.0)?;
        ratio.is_finite().then(|| (*step as f64, ratio.log10()))
    });
    let points: Vec<(f64, f64)> = ratios.collect();
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    let span = (last.0 - first.0).max(1.0);
    let ends = |(low, high): (f64, f64), (_, y): &(f64, f64)| (low.min(*y), high.max(*y));
    let (low, high) = points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), ends);
    let tall = (high - low).max(0.3);
    let at = |(x, y): &(f64, f64)| {
        let (x, y) = ((x - first.0) / span, (y - low) / tall);
        pos2(rect.left() + rect.width() * x as f32, rect.bottom() - rect.height() * y as f32)
    };
    let stroke = Stroke::new(line_width(1.2), tokens(ui).accent);
    ui.painter().add(Shape::line(points.iter().map(at).collect(), stroke));
}

/// The words around a picture.
pub(super) fn frame_words(
    ui: &Ui,
    place: &Place,
    title: &str,
    (steps, when): ((u64, u64), Option<u64>),
) {
    let t = tokens(ui);
    let heat = place.heat;
    let title_room = place.bars.right() - heat.left();
    let at = pos2(heat.left(), heat.top() - 2.0);
    elided(ui, title, at, Align2::LEFT_BOTTOM, title_room, t.dim);
    let below = heat.bottom() + 2.0;
    let room = heat.width() / 2.0 - 2.0;
    let left = pos2(heat.left(), below);
    elided(ui, &count(steps.0), left, Align2::LEFT_TOP, room, t.dim);
    let right = pos2(heat.right(), below);
    elided(ui, &count(steps.1), right, Align2::RIGHT_TOP, room, t.dim);
    let bars = pos2(place.bars.center().x, below);
    let when = when.map_or_else(|| "now".to_owned(), |step| format!("at {}", count(step)));
    elided(ui, &when, bars, Align2::CENTER_TOP, place.bars.width(), t.dim);
}
