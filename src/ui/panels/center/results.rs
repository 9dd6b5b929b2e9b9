//! The pane of results: a table with a row a lane, who leads first, and what the lanes differ in.

use eframe::egui::{
    Align, Grid, Label, Layout, RichText, Role, ScrollArea, Sense, TextStyle, Ui, Vec2, WidgetInfo,
    vec2,
};

use crate::experiment::Pane;
use crate::session::{Action, Lane, RankedBy, Results, Standing};
use crate::ui::panels::fields::{fitted, text_width};
use crate::ui::panels::lanes::ordinal;
use crate::ui::theme::{
    lane_look, number_style, paint_marker, small_style, strong_style, theme_of, tokens,
};
use crate::ui::widgets::{Entry, count, difference, fixed, score, tile_frame};

use super::panes;
use crate::ui::frame::Frame;

/// The part of the pane that names may take, and their width at least and at most, at a text size of
/// 100 %.
const NAMES: (f32, f32, f32) = (0.3, 120.0, 360.0);
/// How wide a setting may be at least and at most, at a text size of 100 %.
const SETTINGS: (f32, f32) = (84.0, 240.0);
/// Between two columns, and where there is little room for all of them.
const GAP: f32 = 16.0;
const NARROW_GAP: f32 = 9.0;
/// The part of the pane that names may take where there is little room.
const NARROW_NAMES: f32 = 0.15;

/// Draws the pane.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, size: Vec2) {
    let results = frame.session.results();
    tile_frame(ui, size, |ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        head_ui(ui, frame, &results);
        // What is as wide as the pane must not be wider by a bar that is not there.
        let room = ui.available_width() - 8.0;
        ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(room);
            table_ui(ui, frame, &results);
            ui.add_space(8.0);
            settings_ui(ui, frame, &results);
        });
    });
}

fn head_ui(ui: &mut Ui, frame: &mut Frame<'_>, results: &Results) {
    let row = vec2(ui.available_width(), panes::head_height(ui));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        panes::grip_ui(ui, frame, Pane::Results);
        ui.label(RichText::new("Results").text_style(strong_style()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            panes::buttons_ui(ui, frame, Pane::Results);
            target_ui(ui, frame, results);
        });
    });
}

/// What the metric on the plot should reach, typed; in a row that is filled from the right.
fn target_ui(ui: &mut Ui, frame: &mut Frame<'_>, results: &Results) {
    let scale = frame.window.text_scale;
    if ui.available_width() < 150.0 * scale {
        return;
    }
    let text = frame.session.view().target.map_or(String::new(), |target| format!("{target}"));
    let mut typed = None;
    ui.scope(|ui| {
        Entry::new("Target", &text).hint("none").width(72.0 * scale).show(ui, |text, _| {
            typed = parsed(text).ok();
            typed.is_some()
        });
    });
    if let Some(target) = typed.filter(|target| *target != frame.session.view().target) {
        frame.push(Action::Aim(target));
    }
    let way = if results.aimed.rises() { "at least" } else { "at most" };
    let words = format!("target: {} {way}", results.aimed.label.to_lowercase());
    let says = "When each lane first reached it: on held-out rows if there are any, else on training rows. \
        It is of the metric on the plot.";
    let words = RichText::new(words).text_style(small_style()).color(tokens(ui).dim);
    ui.add(Label::new(words).truncate()).on_hover_text(says);
}

/// A target as typed: a number, or nothing. An error where it is neither.
fn parsed(text: &str) -> Result<Option<f64>, ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let target: f64 = text.parse().map_err(drop)?;
    if target.is_finite() { Ok(Some(target)) } else { Err(()) }
}

fn table_ui(ui: &mut Ui, frame: &mut Frame<'_>, results: &Results) {
    let session = frame.session;
    let mut rows: Vec<&Standing> = results.rows.iter().collect();
    rows.sort_by_key(|row| row.rank.unwrap_or(usize::MAX));
    let has_target = session.view().target.is_some();
    let scale = frame.window.text_scale;
    let (part, least, most) = NAMES;
    let room = ui.available_width();
    // How wide the table is in its roomy form: as it was when last drawn so, with as many columns.
    let form =
        ui.scope_id().with(("roomy", has_target, has_batches(results), results.metrics.len()));
    let is_narrow = ui.data(|data| data.get_temp::<f32>(form)).is_some_and(|need| need > room);
    let (part, gap) = if is_narrow { (NARROW_NAMES, NARROW_GAP) } else { (part, GAP) };
    let width = (room * part).clamp(least * scale, most * scale);
    let compared = session.compared_with();
    let grid = Grid::new(("results", is_narrow)).striped(true).spacing([gap, 6.0]);
    let drawn = grid.show(ui, |ui| {
        let less = compared.map(|lane| fitted(ui, lane.name(), &small_style(), least * scale));
        heads_ui(ui, results, (has_target, is_narrow), less.as_deref());
        for row in rows {
            let Some(lane) = session.lane(row.lane) else { continue };
            rank_ui(ui, row.rank);
            name_ui(ui, frame, lane, width);
            number_ui(ui, row.loss.map(fixed));
            if has_target {
                number_ui(ui, row.reached.map(|reached| count(reached.step)));
                number_ui(ui, row.reached.map(|reached| seconds(reached.seconds)));
            }
            if has_batches(results) {
                number_ui(ui, row.batches.map(fixed));
            }
            let is_base = compared.is_some_and(|lane| lane.id == row.lane);
            let ahead = row.ahead.map(difference);
            number_ui(ui, if is_base { Some("–".to_owned()) } else { ahead });
            for (value, measure) in row.metrics.iter().zip(&results.metrics) {
                let is_part = measure.rises();
                number_ui(ui, value.map(|v| if is_part { score(v, 1.0, 4) } else { fixed(v) }));
            }
            number_ui(ui, Some(count(row.step)));
            number_ui(ui, Some(seconds(row.seconds)));
            ui.end_row();
        }
    });
    if !is_narrow {
        ui.data_mut(|data| data.insert_temp(form, drawn.response.rect.width()));
    }
}

fn has_batches(results: &Results) -> bool {
    results.rows.iter().any(|row| row.batches.is_some())
}

/// What the lanes differ in: a row a setting, a column a lane.
fn settings_ui(ui: &mut Ui, frame: &Frame<'_>, results: &Results) {
    if results.rows.len() < 2 {
        return;
    }
    if results.settings.is_empty() {
        return note_ui(ui, "The lanes differ in nothing that can be set.");
    }
    note_ui(ui, "What differs");
    let scale = frame.window.text_scale;
    let labels = results.settings.iter().map(|label| text_width(ui, label, &TextStyle::Body));
    let left = ui.available_width() - labels.fold(0.0, f32::max);
    let each = left / results.rows.len() as f32 - GAP;
    let width = each.clamp(SETTINGS.0 * scale, SETTINGS.1 * scale);
    Grid::new("settings").striped(true).spacing([GAP, 6.0]).show(ui, |ui| {
        ui.label("");
        for lane in frame.session.lanes() {
            cell_ui(ui, lane.name(), &strong_style(), width);
        }
        ui.end_row();
        for (at, setting) in results.settings.iter().enumerate() {
            ui.add(Label::new(*setting).extend());
            for row in &results.rows {
                cell_ui(ui, &row.settings[at], &number_style(), width);
            }
            ui.end_row();
        }
    });
}

/// A text at the right of its column, shortened in the middle where it is wider than the column may be.
fn cell_ui(ui: &mut Ui, whole: &str, style: &TextStyle, width: f32) {
    let text = fitted(ui, whole, style, width);
    let is_cut = text != whole;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let label = ui.add(Label::new(RichText::new(text).text_style(style.clone())).extend());
        if is_cut {
            label.on_hover_text(whole);
        }
    });
}

fn heads_ui(
    ui: &mut Ui,
    results: &Results,
    (has_target, is_narrow): (bool, bool),
    compared: Option<&str>,
) {
    left_head_ui(ui, "place", "");
    left_head_ui(ui, "lane", "Click a lane to compare the others with it");
    let head = |ui: &mut Ui, text: &str, says: &str| head_text_ui(ui, text, says, is_narrow);
    let by = results.by.map_or("loss", RankedBy::title);
    let meaning = results.by.map_or("the loss", RankedBy::meaning);
    head(ui, by, &format!("What lanes are placed by: {meaning}; of several seeds the median"));
    if has_target {
        head(ui, "steps to target", "");
        head(ui, "time to target", "");
    }
    if has_batches(results) {
        let says = "The last epoch's mean of batch losses, each measured before its update. Lanes are not \
            placed by it.";
        head(ui, "epoch mean", says);
    }
    let less = format!("less {}", compared.unwrap_or("first"));
    head(ui, &less, "The loss less that of the lane that is compared with: below 0 is better");
    for measure in &results.metrics {
        head(ui, measure.label, measure.meaning);
    }
    head(ui, "steps", "Updates done");
    head(ui, "time", "Computing alone: evaluations, pauses and waits are not counted");
    ui.end_row();
}

/// The head of a column of numbers; where there is little room, in two lines.
fn head_text_ui(ui: &mut Ui, text: &str, says: &str, is_narrow: bool) {
    let lines = if is_narrow { in_two_lines(text) } else { text.to_owned() };
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let shown = RichText::new(lines).text_style(small_style()).color(tokens(ui).dim);
        let label = ui.add(Label::new(shown).extend().halign(Align::RIGHT));
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
        if !says.is_empty() {
            label.on_hover_text(says);
        }
    });
}

fn left_head_ui(ui: &mut Ui, text: &str, says: &str) {
    let text = RichText::new(text).text_style(small_style()).color(tokens(ui).dim);
    let label = ui.add(Label::new(text).extend());
    if !says.is_empty() {
        label.on_hover_text(says);
    }
}

/// A text broken at the space nearest to its middle.
fn in_two_lines(text: &str) -> String {
    let middle = text.len() / 2;
    let spaces = text.match_indices(' ').map(|(at, _)| at);
    match spaces.min_by_key(|at| at.abs_diff(middle)) {
        Some(at) => format!("{}\n{}", &text[..at], &text[at + 1..]),
        None => text.to_owned(),
    }
}

fn rank_ui(ui: &mut Ui, rank: Option<usize>) {
    let color = if rank == Some(1) { tokens(ui).good } else { tokens(ui).dim };
    let text = rank.map_or("–".to_owned(), ordinal);
    ui.label(RichText::new(text).text_style(small_style()).color(color));
}

/// The lane's name; a click compares the others with it.
fn name_ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane, width: f32) {
    ui.horizontal(|ui| {
        let side = ui.text_style_height(&strong_style());
        let (rect, _) = ui.allocate_exact_size(vec2(side * 0.7, side), Sense::hover());
        let look = lane_look(lane.color);
        let color = look.color(theme_of(ui));
        paint_marker(ui.painter(), look.marker, rect.center(), side * 0.24, color);
        let is_pinned = frame.session.pinned() == Some(lane.id);
        let name = fitted(ui, lane.name(), &strong_style(), width);
        let name = RichText::new(name).text_style(strong_style());
        let label = ui.add(Label::new(name).extend().sense(Sense::click()));
        let (button, enabled) = (format!("Compare with {}", lane.name()), ui.is_enabled());
        label.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &button));
        let says = if is_pinned {
            format!("{}: compared with. Click to compare with the first again", lane.name())
        } else {
            format!("{}: click to compare the others with it", lane.name())
        };
        if label.on_hover_text(says).clicked() {
            frame.push(Action::Pin((!is_pinned).then_some(lane.id)));
        }
        if is_pinned {
            note_ui(ui, "pinned");
        }
    });
}

fn number_ui(ui: &mut Ui, text: Option<String>) {
    let text = RichText::new(text.unwrap_or("–".to_owned())).text_style(number_style());
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.add(Label::new(text).extend()));
}

fn note_ui(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).text_style(small_style()).color(tokens(ui).dim));
}

/// A time in few digits: `0.39 ms`, `12.4 s`, `3.1 min`.
fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{:.1} µs", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s if s < 120.0 => format!("{s:.2} s"),
        s => format!("{:.1} min", s / 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_number_or_nothing() {
        assert_eq!(parsed(" 0.25 "), Ok(Some(0.25)));
        assert_eq!(parsed(""), Ok(None));
        assert_eq!(parsed("soon"), Err(()));
        assert_eq!(parsed("inf"), Err(()));
    }

    #[test]
    fn a_head_is_broken_near_its_middle() {
        assert_eq!(in_two_lines("steps to target"), "steps to\ntarget");
        assert_eq!(in_two_lines("less Größe b"), "less\nGröße b");
        assert_eq!(in_two_lines("F1"), "F1");
    }

    #[test]
    fn times_have_the_unit_that_suits_them() {
        assert_eq!(seconds(0.000_012_3), "12.3 µs");
        assert_eq!(seconds(0.00039), "390.0 µs");
        assert_eq!(seconds(0.25), "250.00 ms");
        assert_eq!(seconds(12.4), "12.40 s");
        assert_eq!(seconds(186.0), "3.1 min");
    }
}
