//! Which class is taken for which: rows are the truth, columns the prediction.
//!
//! Invariant: a cell's colour is its share of its row, so rare classes are as readable as common
//! ones; its number is the count, with the share below where all cells have room for theirs. Where cells
//! are small every so many-th class is named. What does not fit is said when the pointer rests on the cell.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{
    Align2, Color32, FontId, Pos2, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::super::theme::{DARK, mix, small_style, theme_of, tokens, tokens_of, viridis};
use crate::metrics::Confusion;
use crate::ui::widgets::score;

/// A confusion matrix to draw.
#[derive(Debug, Clone, Copy)]
pub struct ConfusionScene<'a> {
    /// The counts.
    pub confusion: &'a Confusion,
    /// The classes' names.
    pub names: &'a [String],
    /// Whether a line below says what rows and columns are.
    pub with_axes: bool,
}

/// Names take at most this part of the width.
const NAMES: f32 = 0.34;
/// Numbers are written at least this large, as a part of small text; else not at all.
const LEAST: f32 = 0.72;

/// Draws the matrix.
pub fn confusion_ui(ui: &Ui, rect: Rect, scene: &ConfusionScene<'_>) {
    let colors = tokens(ui);
    let font = small_style().resolve(ui.style());
    let line = ui.text_style_height(&small_style());
    let n = scene.confusion.classes().max(1);
    let name = |class: usize| scene.names.get(class).map_or("", String::as_str);
    let widest = (0..n).map(|class| width_of(ui, name(class), &font)).fold(0.0, f32::max);
    let left = (widest + 6.0).min(rect.width() * NAMES);
    let below = if scene.with_axes { line * 2.0 + 6.0 } else { line + 4.0 };
    let area = Rect::from_min_max(rect.min + vec2(left, 0.0), rect.max - vec2(0.0, below));
    if area.width() < 8.0 || area.height() < 8.0 {
        return;
    }
    let cell = vec2(area.width() / n as f32, area.height() / n as f32);
    let with_shares = has_room_for_shares(ui, cell, scene);
    // Names stand clear of each other.
    let every = |needed: f32, room: f32| ((needed / room).ceil().max(1.0)) as usize;
    let few_letters = width_of(ui, "mm…", &font).min(widest) + 4.0;
    let (every_row, every_column) = (every(line * 0.9, cell.y), every(few_letters, cell.x));
    for truth in 0..n {
        for predicted in 0..n {
            let corner = area.min + vec2(predicted as f32 * cell.x, truth as f32 * cell.y);
            let place = Rect::from_min_size(corner, cell).shrink(0.5);
            cell_ui(ui, place, scene, (truth, predicted), with_shares);
        }
        let middle = area.top() + (truth as f32 + 0.5) * cell.y;
        let (at, side) = (pos2(area.left() - 4.0, middle), Align2::RIGHT_CENTER);
        if truth.is_multiple_of(every_row) {
            elided(ui, name(truth), at, side, left - 5.0, colors.dim);
        }
        let x = area.left() + (truth as f32 + 0.5) * cell.x;
        let (at, side) = (pos2(x, area.bottom() + 2.0), Align2::CENTER_TOP);
        if truth.is_multiple_of(every_column) {
            let room = cell.x * every_column as f32 - 3.0;
            elided(ui, name(truth), at, side, room, colors.dim);
        }
    }
    if scene.with_axes {
        let text = "rows: truth, columns: prediction";
        let is_narrow = width_of(ui, text, &font) > rect.width();
        let text = if is_narrow { "↓ truth, → prediction" } else { text };
        let (at, side) = (pos2(rect.center().x, rect.bottom()), Align2::CENTER_BOTTOM);
        elided(ui, text, at, side, rect.width(), colors.dim);
    }
    hover_ui(ui, area, scene);
}

/// A cell's part of its row.
fn share_of(confusion: &Confusion, truth: usize, predicted: usize) -> f64 {
    confusion.count(truth, predicted) as f64 / confusion.of_truth(truth).max(1) as f64
}

fn percent(share: f64) -> String {
    format!("{} %", score(100.0 * share, 100.0, 0))
}

/// Whether every cell that counts something has room for its share below its count: all tell it, or none.
fn has_room_for_shares(ui: &Ui, cell: Vec2, scene: &ConfusionScene<'_>) -> bool {
    let font = small_style().resolve(ui.style());
    let classes = 0..scene.confusion.classes();
    let pairs = classes.clone().flat_map(|truth| classes.clone().map(move |said| (truth, said)));
    let mut counted = pairs.filter(|(truth, said)| scene.confusion.count(*truth, *said) > 0);
    cell.y - 1.0 > ui.text_style_height(&small_style()) * 2.2
        && counted.all(|(truth, said)| {
            let count = scene.confusion.count(truth, said).to_string();
            let share = percent(share_of(scene.confusion, truth, said));
            [count, share].iter().all(|text| width_of(ui, text, &font) < cell.x - 4.0)
        })
}

fn cell_ui(
    ui: &Ui,
    place: Rect,
    scene: &ConfusionScene<'_>,
    (truth, predicted): (usize, usize),
    with_share: bool,
) {
    let count = scene.confusion.count(truth, predicted);
    let share = share_of(scene.confusion, truth, predicted);
    let strength = (share.sqrt() as f32).min(1.0);
    let heat = viridis(0.25 + 0.6 * share);
    let part = if count == 0 { 0.0 } else { 0.25 + 0.75 * strength };
    let fill = mix(tokens_of(theme_of(ui)).card, heat, part);
    let painter = ui.painter();
    painter.rect_filled(place, 1.0, fill);
    if count == 0 {
        return;
    }
    let light = u32::from(fill.r()) * 3 + u32::from(fill.g()) * 6 + u32::from(fill.b()) > 1300;
    let ink = if light { DARK.background } else { DARK.ink };
    let font = small_style().resolve(ui.style());
    let line = ui.text_style_height(&small_style());
    let text = count.to_string();
    let room = (place.width() - 2.0) / width_of(ui, &text, &font).max(1.0);
    let fit = room.min((place.height() - 1.0) / line).min(1.0);
    if fit < LEAST {
        return;
    }
    let up = if with_share { line * 0.5 } else { 0.0 };
    let number = FontId::new(font.size * fit, font.family.clone());
    let centre = place.center();
    painter.text(centre - vec2(0.0, up), Align2::CENTER_CENTER, text, number, ink);
    if with_share {
        let percent = percent(share);
        painter.text(centre + vec2(0.0, up), Align2::CENTER_CENTER, percent, font, ink);
    }
}

/// All counts, for screen readers: of each class, how many of its rows are taken for which.
fn in_words(scene: &ConfusionScene<'_>) -> String {
    let name = |class: usize| scene.names.get(class).map_or("?", String::as_str);
    let classes = 0..scene.confusion.classes();
    let of = |truth: usize| {
        let counts = classes.clone().filter_map(|predicted| {
            let count = scene.confusion.count(truth, predicted);
            (count > 0).then(|| format!("{count} as {}", name(predicted)))
        });
        let told: Vec<String> = counts.collect();
        format!("; {}: {}", name(truth), told.join(", "))
    };
    classes.clone().map(of).fold("Confusion matrix, truth: predicted".to_owned(), |a, b| a + &b)
}

/// What the cell under the pointer says in full.
fn hover_ui(ui: &Ui, area: Rect, scene: &ConfusionScene<'_>) {
    let response = ui.interact(area, ui.scope_id().with("cells"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, in_words(scene)));
    let Some(pointer) = response.hover_pos() else { return };
    let n = scene.confusion.classes();
    let index = |part: f32| ((part * n as f32) as usize).min(n.saturating_sub(1));
    let truth = index((pointer.y - area.top()) / area.height());
    let predicted = index((pointer.x - area.left()) / area.width());
    let (count, all) = (scene.confusion.count(truth, predicted), scene.confusion.of_truth(truth));
    let name = |class: usize| scene.names.get(class).map_or("?", String::as_str);
    let of_class = scene.confusion.class_score(truth);
    let text = format!(
        "truth {}, predicted {}: {count} of {all} rows ({} %)\n{}: precision {}, recall {}, F1 {}",
        name(truth),
        name(predicted),
        score(100.0 * count as f64 / all.max(1) as f64, 100.0, 1),
        name(truth),
        score(of_class.precision, 1.0, 3),
        score(of_class.recall, 1.0, 3),
        score(of_class.f1, 1.0, 3)
    );
    response.on_hover_text_at_pointer(text);
}

fn width_of(ui: &Ui, text: &str, font: &FontId) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), font.clone(), Color32::WHITE).size().x
}

/// Small text, shortened with an ellipsis to `width`.
pub(super) fn elided(ui: &Ui, text: &str, at: Pos2, side: Align2, width: f32, color: Color32) {
    let font = small_style().resolve(ui.style());
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    let galley = ui.painter().layout_job(job);
    let place = side.anchor_size(at, galley.size());
    ui.painter().galley(place.min, galley, color);
}
