//! The tile of a lane that diverged: why it did, what is kept, and the ways out.
//!
//! It stands in place of the lane's picture, which one click brings back. What it says is found out by a
//! worker, which does the lane's last updates once more.

use std::time::Duration;

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Align, Color32, Id, Label, Layout, RichText, ScrollArea, Stroke, StrokeKind, TextStyle, Ui,
    vec2,
};

use crate::lab::{Autopsy, Sharpness};
use crate::session::{Action, Lane};
use crate::train::{Bad, EndReason};
use crate::ui::panels::lanes::rescues;
use crate::ui::theme::{small_style, strong_style, tokens};
use crate::ui::widgets::{Icon, button, count, link_button, primary_button, short};

use crate::ui::frame::Frame;

/// Whether the lane's tile shows why it diverged instead of its picture.
pub(super) fn is_shown(frame: &Frame<'_>, lane: &Lane) -> bool {
    has_diverged(lane)
        && lane.looked_at().is_none()
        && !frame.window.center.pictured.contains(&lane.id)
}

fn has_diverged(lane: &Lane) -> bool {
    lane.end().is_some_and(|end| end.reason == EndReason::Diverged)
}

/// The choice between picture and autopsy, as a line of the tile's menu.
pub(super) fn entry_ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane) {
    if !has_diverged(lane) || lane.looked_at().is_some() {
        return;
    }
    let pictured = &mut frame.window.center.pictured;
    if pictured.contains(&lane.id) {
        if ui.button("Show why it diverged").clicked() {
            pictured.remove(&lane.id);
        }
    } else if ui.button("Show its picture").clicked() {
        pictured.insert(lane.id);
    }
}

/// Draws the tile's inside.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane) {
    let t = tokens(ui);
    let found = frame.session.autopsy(lane.id);
    if found.is_none() {
        frame.push(Action::Autopsy(lane.id));
    }
    let (place, forks) = rescues(lane);
    let seen: Seen = ui.data(|data| data.get_temp(seen_id(ui))).unwrap_or_default();
    let ways = WaysOut::of(ui, place, forks, seen);
    let reasons = (ui.available_height() - ways.height - ui.spacing().item_spacing.y).max(0.0);
    let scroll = ScrollArea::vertical().id_salt("autopsy").max_height(reasons);
    let told = scroll.min_scrolled_height(0.0).auto_shrink(false).show(ui, |ui| {
        head_ui(ui, lane, found.and_then(|found| found.as_ref().ok()));
        match found {
            None => waiting_ui(ui),
            Some(Err(reason)) => {
                let words = format!("Why cannot be found out: {reason}.");
                ui.add(Label::new(RichText::new(words).color(t.warn)).wrap());
            }
            Some(Ok(found)) => facts_ui(ui, found),
        }
    });
    let now = ways.ui(ui, frame, lane, Seen { reasons: told.content_size.y, ..seen });
    if now != seen {
        let id = seen_id(ui);
        ui.data_mut(|data| data.insert_temp(id, now));
        ui.ctx().request_repaint_after(Duration::ZERO);
    }
}

/// How high the parts of a tile were when they were last drawn.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Seen {
    /// All reasons, and how wide they were.
    reasons: f32,
    width: f32,
    /// The buttons, side by side.
    buttons: Option<f32>,
}

impl Seen {
    fn is_of(&self, ui: &Ui) -> bool {
        (self.width - ui.available_width()).abs() < 0.5
    }
}

fn seen_id(ui: &Ui) -> Id {
    ui.scope_id().with("seen")
}

/// A frame of the colour of problems around the tile.
pub(super) fn frame_ui(ui: &Ui, rect: eframe::egui::Rect) {
    let stroke = Stroke::new(1.0, tokens(ui).bad);
    ui.painter().rect_stroke(rect, 8.0, stroke, StrokeKind::Inside);
}

fn head_ui(ui: &mut Ui, lane: &Lane, found: Option<&Autopsy>) {
    let step = lane.end().map_or(0, |end| end.step);
    let epoch = found.map(|found| found.attempt.epoch).filter(|epoch| *epoch > 0);
    let epoch = epoch.map_or_else(String::new, |epoch| format!(", epoch {}", count(epoch)));
    let words = format!("Diverged at step {}{epoch}", count(step));
    let words = RichText::new(words).text_style(strong_style()).color(tokens(ui).bad);
    ui.add(Label::new(words).wrap());
}

fn waiting_ui(ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.spinner();
        let words = RichText::new("doing its last updates once more").color(tokens(ui).dim);
        ui.add(Label::new(words).truncate());
    });
}

/// How wide a tile is in which name and value stand side by side, in lines of small text.
const ROOMY: f32 = 24.0;

/// One fact: its name, and what was found; in a narrow tile in one paragraph.
fn fact_ui(ui: &mut Ui, name: &str, value: &str, says: &str) {
    let t = tokens(ui);
    let line = ui.text_style_height(&small_style());
    if ui.available_width() < ROOMY * line {
        let mut words = LayoutJob::default();
        let part = |style: TextStyle, color| TextFormat {
            valign: Align::BOTTOM,
            ..TextFormat::simple(style.resolve(ui.style()), color)
        };
        words.append(name, 0.0, part(small_style(), t.dim));
        words.append(value, 6.0, part(TextStyle::Body, t.text));
        ui.add(Label::new(words).wrap()).on_hover_text(says);
        return;
    }
    let (width, column) = (ui.available_width(), 8.2 * line);
    ui.horizontal_top(|ui| {
        let name = RichText::new(name).text_style(small_style()).color(t.dim);
        ui.allocate_ui_with_layout(vec2(column, line), Layout::left_to_right(Align::TOP), |ui| {
            ui.set_min_width(column);
            ui.add(Label::new(name).truncate());
        });
        ui.vertical(|ui| {
            ui.set_max_width(width - column - 8.0);
            ui.add(Label::new(RichText::new(value).color(t.text)).wrap()).on_hover_text(says);
        });
    });
}

fn facts_ui(ui: &mut Ui, found: &Autopsy) {
    fact_ui(
        ui,
        "first bad number",
        &bad_words(found),
        "The first number of the update that could not be made which was not finite.",
    );
    if let Some(growth) = &found.growth {
        let words = if growth.is_far {
            let from = if growth.is_older { "before update" } else { "update" };
            format!(
                "{}, {from} {}: ‖Δw‖ / ‖w‖ = {}, at the end {}",
                layer_words(&growth.tensor),
                count(growth.update),
                short(growth.ratio),
                short(growth.last)
            )
        } else {
            format!(
                "{}: ‖Δw‖ / ‖w‖ = {} in the last update",
                layer_words(&growth.tensor),
                short(growth.last)
            )
        };
        let (name, says) = if growth.is_far {
            let says = "From this update on one after the other moved these weights by more than half \
                of their length; no other layer began earlier.";
            ("grew first in", says)
        } else {
            ("moved most", "No layer's weights were moved by more than half of their length.")
        };
        fact_ui(ui, name, &words, says);
    }
    sharpness_ui(ui, found);
    let losses = found.losses.iter().map(|(_, loss)| short(*loss));
    let losses = losses.collect::<Vec<_>>().join(" → ");
    fact_ui(ui, "last losses", &losses, "Of the last batches, the failed one at the end.");
    let kept = format!("parameters of step {}", count(found.kept));
    fact_ui(
        ui,
        "kept",
        &kept,
        "The last state in which every number was finite: the lane stands there.",
    );
}

/// `loss = inf, batch 9 of 13`.
fn bad_words(found: &Autopsy) -> String {
    let attempt = &found.attempt;
    let place = found.parameter.as_ref().map_or_else(String::new, ToString::to_string);
    let number = match attempt.bad {
        None => return "none".to_owned(),
        Some(Bad::Loss(value)) => format!("loss = {}", short(value)),
        Some(Bad::Gradient { value, .. }) => format!("gradient of {place} = {}", short(value)),
        Some(Bad::Parameter { value, .. }) => format!("{place} = {} after it", short(value)),
    };
    match (attempt.epoch, attempt.batch) {
        (0, _) => format!("{number}, in update {}", count(found.kept + 1)),
        (_, (batch, of)) => format!("{number}, batch {} of {}", count(batch), count(of)),
    }
}

/// `hidden1.weights` as words.
fn layer_words(tensor: &str) -> String {
    tensor.replace('.', " ")
}

fn sharpness_ui(ui: &mut Ui, found: &Autopsy) {
    const SAYS: &str = "The largest curvature λ of the loss over all training rows. Plain descent \
        overshoots more with every step where λ is above 2 / rate; an optimizer that scales each \
        parameter by itself is not bound by it: read it as a landmark.";
    let before = found.before_growth.as_ref().and_then(|before| before.as_ref().ok());
    if let Some(before) = before {
        let words = format!("{}, at step {}", limit_words(before), count(before.step));
        fact_ui(ui, "sharpness", &words, SAYS);
    }
    match &found.sharpness {
        Ok(sharpness) => {
            let words = format!("{}, at step {}", limit_words(sharpness), count(sharpness.step));
            fact_ui(ui, if before.is_some() { "and" } else { "sharpness" }, &words, SAYS);
        }
        Err(reason) if before.is_none() => fact_ui(ui, "sharpness", reason, SAYS),
        Err(_) => {}
    }
}

/// `1.94 > 2 / rate = 0.67`.
fn limit_words(sharpness: &Sharpness) -> String {
    let (limit, name) = match sharpness.momentum_limit() {
        Some(limit) => (limit, "2 (1 + momentum) / rate"),
        None => (sharpness.limit(), "2 / rate"),
    };
    let sign = if sharpness.eigenvalue > limit { ">" } else { "<" };
    format!("λ = {} {sign} {name} = {}", short(sharpness.eigenvalue), short(limit))
}

/// The words of the way back to the picture.
const PICTURE: &str = "Show its picture";

/// The ways out, below the reasons: buttons side by side, or a menu where they would leave the reasons
/// too little room.
struct WaysOut {
    place: String,
    forks: Vec<(String, Action)>,
    in_menu: bool,
    height: f32,
}

impl WaysOut {
    fn of(ui: &Ui, place: String, forks: Vec<(&'static str, Action)>, seen: Seen) -> Self {
        let forks: Vec<(String, Action)> =
            forks.into_iter().map(|(words, fork)| (format!("Fork {words}"), fork)).collect();
        let (gap, padding) = (ui.spacing().item_spacing, ui.spacing().button_padding.x);
        let font = TextStyle::Button.resolve(ui.style());
        let wide = |words: &str| {
            let galley =
                ui.painter().layout_no_wrap(words.to_owned(), font.clone(), Color32::WHITE);
            // The first is bold, which is wider.
            galley.size().x * 1.1 + 2.0 * padding
        };
        let all = forks.iter().map(|(words, _)| words.as_str()).chain([PICTURE]);
        let (mut rows, mut used) = (1, 0.0);
        for width in all.map(wide) {
            if used > 0.0 && used + gap.x + width > ui.available_width() {
                (rows, used) = (rows + 1, width);
            } else {
                used += gap.x + width;
            }
        }
        let row = ui.spacing().interact_size.y + gap.y;
        let known = seen.buttons.filter(|_| seen.is_of(ui));
        let (all, room) = (known.unwrap_or(row * rows as f32), ui.available_height());
        // A menu takes less room: where that lets all reasons be read, it is worth a click.
        let is_worth_it = seen.reasons + gap.y + all > room && seen.reasons + gap.y + row <= room;
        let in_menu = all > room * 0.5 || (all > row && is_worth_it);
        let height = if in_menu { row } else { all };
        Self { place, forks, in_menu, height }
    }

    /// Draws them; how high they were, if they stood side by side.
    fn ui(self, ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane, mut seen: Seen) -> Seen {
        let mut to_picture = false;
        if !seen.is_of(ui) {
            seen = Seen { width: ui.available_width(), buttons: None, ..seen };
        }
        if self.in_menu {
            MenuButton::new(("Ways out", Icon::Down.atom(ui))).ui(ui, |ui| {
                for (words, fork) in self.forks {
                    if ui.button(words).on_hover_text(&self.place).clicked() {
                        frame.push(fork);
                    }
                }
                to_picture = ui.button(PICTURE).clicked();
            });
        } else {
            let drawn = ui.horizontal_wrapped(|ui| {
                for (at, (words, fork)) in self.forks.into_iter().enumerate() {
                    let pressed = match at {
                        0 => primary_button(ui, None, &words),
                        _ => button(ui, None, &words),
                    };
                    if pressed.on_hover_text(&self.place).clicked() {
                        frame.push(fork);
                    }
                }
                to_picture = link_button(ui, PICTURE).clicked();
            });
            seen.buttons = Some(drawn.response.rect.height());
        }
        if to_picture {
            frame.window.center.pictured.insert(lane.id);
        }
        seen
    }
}
