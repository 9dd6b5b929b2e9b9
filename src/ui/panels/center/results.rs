//! The pane of results: a table with a row a lane, who leads first, and what the lanes differ in.

use eframe::egui::{
    Align, Grid, Label, Layout, RichText, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, vec2,
};

use crate::experiment::Pane;
use crate::session::{Action, Lane, Results, Standing};
use crate::ui::panels::lanes::ordinal;
use crate::ui::theme::{
    lane_look, number_style, paint_marker, small_style, strong_style, theme_of, tokens,
};
use crate::ui::widgets::{Entry, count, elided, fixed, score, tile_frame};

use super::panes;
use crate::ui::frame::Frame;

/// Letters of a lane's name.
const NAME: usize = 22;
/// Letters of a setting.
const SETTING: usize = 18;

/// Draws the pane.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, size: Vec2) {
    let results = frame.session.results();
    tile_frame(ui, size, |ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        head_ui(ui, frame, &results);
        ScrollArea::both().auto_shrink(false).show(ui, |ui| {
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
    let compared = session.compared_with().map(|lane| (lane.id, elided(lane.name(), NAME)));
    Grid::new("results").striped(true).spacing([16.0, 6.0]).show(ui, |ui| {
        heads_ui(ui, results, has_target, compared.as_ref().map(|(_, name)| name.as_str()));
        for row in rows {
            let Some(lane) = session.lane(row.lane) else { continue };
            rank_ui(ui, row.rank);
            name_ui(ui, frame, lane);
            number_ui(ui, row.loss.map(fixed));
            let is_base = compared.as_ref().is_some_and(|(id, _)| *id == row.lane);
            let ahead = row.ahead.map(|ahead| format!("{ahead:+.4}"));
            number_ui(ui, if is_base { Some("–".to_owned()) } else { ahead });
            for (value, measure) in row.metrics.iter().zip(&results.metrics) {
                let is_part = measure.rises();
                number_ui(ui, value.map(|v| if is_part { score(v, 1.0, 4) } else { fixed(v) }));
            }
            number_ui(ui, Some(count(row.step)));
            number_ui(ui, Some(seconds(row.seconds)));
            if has_target {
                number_ui(ui, row.reached.map(|reached| count(reached.step)));
                number_ui(ui, row.reached.map(|reached| seconds(reached.seconds)));
            }
            ui.end_row();
        }
    });
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
    Grid::new("settings").striped(true).spacing([16.0, 6.0]).show(ui, |ui| {
        ui.label("");
        for lane in frame.session.lanes() {
            let name = RichText::new(elided(lane.name(), SETTING)).text_style(strong_style());
            ui.add(Label::new(name).extend());
        }
        ui.end_row();
        for (at, setting) in results.settings.iter().enumerate() {
            ui.add(Label::new(*setting).extend());
            for row in &results.rows {
                let value = &row.settings[at];
                let text = RichText::new(elided(value, SETTING)).text_style(number_style());
                ui.add(Label::new(text).extend()).on_hover_text(value);
            }
            ui.end_row();
        }
    });
}

fn heads_ui(ui: &mut Ui, results: &Results, has_target: bool, compared: Option<&str>) {
    let left = |ui: &mut Ui, text: &str, says: &str| {
        let text = RichText::new(text).text_style(small_style()).color(tokens(ui).dim);
        let label = ui.add(Label::new(text).extend());
        if !says.is_empty() {
            label.on_hover_text(says);
        }
    };
    let head = |ui: &mut Ui, text: &str, says: &str| {
        let layout = Layout::right_to_left(Align::Center);
        ui.with_layout(layout, |ui| left(ui, text, says));
    };
    left(ui, "place", "");
    left(ui, "lane", "Click a lane to compare the others with it");
    let on = if results.on_held_out { "held-out loss" } else { "full loss" };
    head(
        ui,
        on,
        "What lanes are placed by: over all held-out rows, or training rows if none are held out",
    );
    let less = format!("less {}", compared.unwrap_or("first"));
    head(ui, &less, "The loss less that of the lane that is compared with: below 0 is better");
    for measure in &results.metrics {
        head(ui, measure.label, measure.meaning);
    }
    head(ui, "steps", "Updates done");
    head(ui, "time", "Computing alone: evaluations, pauses and waits are not counted");
    if has_target {
        head(ui, "steps to target", "");
        head(ui, "time to target", "");
    }
    ui.end_row();
}

fn rank_ui(ui: &mut Ui, rank: Option<usize>) {
    let color = if rank == Some(1) { tokens(ui).good } else { tokens(ui).dim };
    let text = rank.map_or("–".to_owned(), ordinal);
    ui.label(RichText::new(text).text_style(small_style()).color(color));
}

/// The lane's name; a click compares the others with it.
fn name_ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane) {
    ui.horizontal(|ui| {
        let side = ui.text_style_height(&strong_style());
        let (rect, _) = ui.allocate_exact_size(vec2(side * 0.7, side), Sense::hover());
        let look = lane_look(lane.color);
        let color = look.color(theme_of(ui));
        paint_marker(ui.painter(), look.marker, rect.center(), side * 0.24, color);
        let is_pinned = frame.session.pinned() == Some(lane.id);
        let name = RichText::new(elided(lane.name(), NAME)).text_style(strong_style());
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
    fn times_have_the_unit_that_suits_them() {
        assert_eq!(seconds(0.000_012_3), "12.3 µs");
        assert_eq!(seconds(0.00039), "390.0 µs");
        assert_eq!(seconds(0.25), "250.00 ms");
        assert_eq!(seconds(12.4), "12.40 s");
        assert_eq!(seconds(186.0), "3.1 min");
    }
}
