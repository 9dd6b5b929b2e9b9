//! The bar on top: what is open, transport, pace, theme and help; how far the lanes are is `progress`.
//!
//! Every number has a cell of its own width, so that nothing moves while they change. When the
//! window is narrow the less needed parts fold away, from the right.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{
    Align, Button, Layout, RichText, Sense, Slider, TextStyle, Theme, Ui, Vec2, vec2,
};

use crate::catalog::Duration as Length;
use crate::session::{Action, Session};

use super::super::dialogs::{self, Dialog};
use super::super::frame::Frame;
use super::super::theme::{number_style, strong_style, tokens};
use super::super::widgets::{Icon, button, icon_button, icon_size, primary_button};
use super::center::panes_menu_ui;
use super::fields::text_width;
use super::header_fit::Fit;
use super::progress::{number_cell, progress_ui};

/// The pace slider's right end: from here on, full speed.
pub(in crate::ui) const FULL_SPEED: f64 = 100_000.0;
/// The pace slider's left end, updates a second.
const SLOWEST: f64 = 0.5;

/// Draws the bar.
pub(in crate::ui) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.add_space(10.0);
        ui.spacing_mut().item_spacing.x = 8.0;
        let fit = Fit::of(ui);
        let left = ui.cursor().left();
        logo_ui(ui);
        let name = menu_ui(ui, frame, fit.name);
        unsaved_ui(ui, frame.session);
        transport_ui(ui, frame, fit.has_words);
        undo_ui(ui, frame);
        fit.keep(ui, ui.min_rect().right() - left - name);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(10.0);
            looks_ui(ui, frame);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add_space(4.0);
                pace_ui(ui, frame);
                progress_ui(ui, frame.session);
            });
        });
    });
    ui.add_space(6.0);
}

fn logo_ui(ui: &mut Ui) {
    let size = ui.text_style_height(&strong_style()) * 1.3;
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size), Sense::hover());
    super::super::icon::paint(ui.painter(), rect, tokens(ui));
    response.on_hover_text("Downhill");
}

/// The experiment's menu, whose button is as wide as its name and never wider than `most`. Gives its width.
fn menu_ui(ui: &mut Ui, frame: &mut Frame<'_>, most: f32) -> f32 {
    let whole = frame.session.shown_name();
    let around = ui.spacing().button_padding.x * 2.0 + icon_size(ui) + ui.spacing().icon_spacing;
    let is_short = |name: &String| text_width(ui, name, &TextStyle::Button) + around <= most;
    let name = (1..=26).rev().map(|letters| shortened(&whole, letters)).find(is_short);
    let button = Button::new((name.unwrap_or_default(), Icon::Down.atom(ui)));
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        ui.set_min_width(220.0);
        if ui
            .button("Find a command…")
            .on_hover_text("Everything there is to do, by typing (Ctrl K)")
            .clicked()
        {
            frame.window.toggle_palette();
        }
        ui.separator();
        if ui.button("New").clicked() {
            dialogs::guard(frame, Action::New);
        }
        if ui.button("Open…").clicked() {
            frame.window.dialog = Some(Dialog::open_experiment(frame.session));
        }
        if ui.button("Open table…").clicked() {
            frame.window.dialog = Some(Dialog::open_table(frame.session));
        }
        recent_ui(ui, frame);
        ui.separator();
        let has_file = frame.session.draft().path.is_some();
        if ui.add_enabled(has_file, Button::new("Save")).clicked() {
            frame.push(Action::Save);
        }
        if ui.button("Save as…").clicked() {
            frame.window.dialog = Some(Dialog::save_experiment(frame.session));
        }
        if ui.button("Save as preset…").clicked() {
            frame.window.dialog = Some(Dialog::save_preset(frame.session));
        }
        if ui.button("Your presets…").clicked() {
            frame.window.dialog = Some(Dialog::presets());
        }
        ui.separator();
        if ui.button("Copy as text").clicked() {
            ui.ctx().copy_text(frame.session.draft().text().to_owned());
        }
        if ui.button("Start page").clicked() {
            frame.window.start_page = true;
        }
        ui.separator();
        presets_ui(ui, frame);
    });
    let width = response.rect.width();
    response.on_hover_text(format!("{whole}: open, save and presets"));
    width
}

fn recent_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let recent = &frame.session.shelf().recent;
    if recent.is_empty() {
        return;
    }
    ui.menu_button("Recent", |ui| {
        for path in recent {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                dialogs::guard(frame, Action::Open(path.clone()));
            }
        }
    });
}

fn presets_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let presets = &frame.session.shelf().presets;
    for (heading, own) in [("Presets", false), ("Your presets", true)] {
        if presets.iter().all(|p| p.own != own) {
            continue;
        }
        ui.menu_button(heading, |ui| {
            ui.set_min_width(240.0);
            for preset in presets.iter().filter(|p| p.own == own) {
                if ui.button(&preset.title).on_hover_text(&preset.notes).clicked() {
                    dialogs::guard(frame, Action::OpenPreset(preset.name.clone()));
                }
            }
        });
    }
}

fn unsaved_ui(ui: &mut Ui, session: &Session) {
    let (rect, response) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
    if session.has_unsaved() {
        ui.painter().circle_filled(rect.center(), 4.0, tokens(ui).faint);
        response.on_hover_text("Changes that are not saved");
    }
}

fn transport_ui(ui: &mut Ui, frame: &mut Frame<'_>, has_words: bool) {
    let session = frame.session;
    let (label, action) = if session.is_running() {
        ("Pause", Action::Pause)
    } else if session.is_over() {
        ("Run again", Action::Run)
    } else {
        ("Run", Action::Run)
    };
    let icon = if session.is_running() { Icon::Pause } else { Icon::Play };
    // A lesson may hold everything that trains.
    let may = session.may_train();
    let held = "The lesson comes first: what to do stands on the left.";
    let run =
        ui.add_enabled_ui(may || session.is_running(), |ui| primary_button(ui, Some(icon), label));
    if run.inner.on_hover_text("Space").on_disabled_hover_text(held).clicked() {
        frame.push(action);
    }
    if session.is_over() && session.has_turned() {
        again_ui(ui, frame);
    }
    if session.is_over() && session.lesson().is_none() {
        let more = ui.button("Train on").on_hover_text("Go on for as long again");
        if more.clicked() {
            frame.push(Action::TrainOn(as_long_again(session)));
        }
    } else {
        let can_step = may && !session.is_over();
        let worded = |ui: &mut Ui, icon: Icon, name: &str| {
            if has_words { button(ui, Some(icon), name) } else { icon_button(ui, icon, name) }
        };
        let step = ui.add_enabled_ui(can_step, |ui| worded(ui, Icon::Step, "Step")).inner;
        if step.on_hover_text("One update of every lane (→)").on_disabled_hover_text(held).clicked()
        {
            frame.push(Action::StepOnce);
        }
        let has_epochs = session.lanes().iter().any(|lane| lane.train_rows() > 0);
        let epoch = ui
            .add_enabled_ui(can_step && (has_epochs || session.lanes().is_empty()), |ui| {
                worded(ui, Icon::Epoch, "Epoch")
            });
        if epoch
            .inner
            .on_hover_text("To the end of the epoch (Shift →)")
            .on_disabled_hover_text("A surface has no rows to pass over, so no epochs: take steps.")
            .clicked()
        {
            frame.push(Action::StepEpoch);
        }
    }
    let can_stop = session.lanes().iter().any(|l| !l.is_at_start() && l.end().is_none());
    let stop = ui.add_enabled_ui(can_stop, |ui| icon_button(ui, Icon::Stop, "Stop")).inner;
    if stop.on_hover_text("End all lanes here").clicked() {
        frame.push(Action::Stop);
    }
    reset_ui(ui, frame);
    let is_free = session.lesson().is_none();
    let dice = ui.add_enabled_ui(is_free, |ui| icon_button(ui, Icon::Dice, "Reseed")).inner;
    if dice.on_hover_text("Another seed, from the start (Shift R)").clicked() {
        frame.push(Action::Reseed);
    }
}

/// Back to the start; with the right button, with or without what was turned by hand.
fn reset_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let session = frame.session;
    let reset = icon_button(ui, Icon::Reset, "Reset");
    if reset.clicked() {
        frame.push(Action::Reset);
    }
    if !session.has_turned() || session.lesson().is_some() {
        reset.on_hover_text("Back to the same start (R)");
        return;
    }
    reset.context_menu(|ui| {
        let edits = edits(session.turned_by_hand());
        for (words, action) in [
            (format!("Reset with the {edits}"), Action::ResetKeeping { run: false }),
            (format!("Reset without the {edits}"), Action::Reset),
        ] {
            if ui.button(words).clicked() {
                frame.push(action);
            }
        }
    });
    reset.on_hover_text(
        "Back to the same start (R), without what was turned by hand; undo brings this run back. \
         Right-click to keep what was turned.",
    );
}

/// Beside “Run again”, where knobs were turned by hand: with them or without.
fn again_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let turned = frame.session.turned_by_hand();
    let (response, _) = MenuButton::from_button(Button::new(Icon::Down.atom(ui))).ui(ui, |ui| {
        let ways = [
            (
                format!("Run again with the {}", edits(turned)),
                Action::ResetKeeping { run: true },
                "They are written into the experiment and turned again at the same steps.",
            ),
            (
                format!("Run again without the {}", edits(turned)),
                Action::Run,
                "As the experiment reads. Undo brings this run back.",
            ),
        ];
        for (words, action, says) in ways {
            if ui.button(words).on_hover_text(says).clicked() {
                frame.push(action);
            }
        }
    });
    let says = format!("With or without the {} turned by hand", knobs(turned));
    response.accessible_name("Ways to run again").on_hover_text(says);
}

/// "3 knobs", as they were turned.
fn knobs(count: usize) -> String {
    if count == 1 { "knob".to_owned() } else { format!("{count} knobs") }
}

/// "3 edits", as the experiment would have them.
fn edits(count: usize) -> String {
    if count == 1 { "edit".to_owned() } else { format!("{count} edits") }
}

/// The planned length once more.
fn as_long_again(session: &Session) -> Length {
    use crate::experiment::{Length as Planned, PlannedLength};
    let planned = session.lanes().first().map(|l| l.plan.length);
    match planned {
        Some(PlannedLength::Epochs(Planned::Count(n))) => Length::Epochs(n),
        Some(PlannedLength::Steps(Planned::Count(n))) => Length::Steps(n),
        _ => Length::Epochs(100),
    }
}

fn undo_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let undo = frame.session.next_undo();
    let hint =
        undo.as_ref().map_or("Nothing to undo".to_owned(), |what| format!("Undo: {what} (Ctrl Z)"));
    let button = ui.add_enabled_ui(undo.is_some(), |ui| icon_button(ui, Icon::Undo, "Undo")).inner;
    if button.on_hover_text(&hint).clicked() {
        frame.push(Action::Undo);
    }
    let redo = frame.session.next_redo();
    let hint =
        redo.as_ref().map_or("Nothing to redo".to_owned(), |what| format!("Redo: {what} (Ctrl Y)"));
    let button = ui.add_enabled_ui(redo.is_some(), |ui| icon_button(ui, Icon::Redo, "Redo")).inner;
    if button.on_hover_text(&hint).clicked() {
        frame.push(Action::Redo);
    }
}

/// How fast every lane may go; where there is no room for the slider, it is in a menu.
fn pace_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let scale = (ui.text_style_height(&number_style()) / 15.0).max(1.0);
    let each = if frame.session.lanes().len() > 1 { " each" } else { "" };
    let pace = frame.session.view().pace;
    let shown = pace.map_or("full speed".to_owned(), |p| format!("{}/s{each}", short(p)));
    let room = ui.available_width();
    if room >= 430.0 * scale {
        ui.label(RichText::new("pace").color(tokens(ui).dim));
        pace_slider_ui(ui, frame);
        number_cell(ui, &shown, 84.0).on_hover_text(PACE);
    } else if room >= 100.0 * scale {
        let brief = pace.map_or("pace".to_owned(), |p| format!("{}/s", short(p)));
        let (button, _) = MenuButton::new((brief, Icon::Down.atom(ui))).ui(ui, |ui| {
            ui.label(RichText::new(format!("pace: {shown}")).color(tokens(ui).dim));
            pace_slider_ui(ui, frame);
        });
        button.accessible_name(format!("Pace: {shown}")).on_hover_text(PACE);
    }
}

const PACE: &str = "Updates a second of every lane, so that learning can be watched (↑ ↓). It never \
    changes a result.";

fn pace_slider_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let mut value = frame.session.view().pace.unwrap_or(FULL_SPEED).clamp(SLOWEST, FULL_SPEED);
    ui.spacing_mut().slider_width = 90.0;
    let slider = Slider::new(&mut value, SLOWEST..=FULL_SPEED).logarithmic(true).show_value(false);
    let response = ui.add(slider).on_hover_text(PACE).accessible_name("Pace");
    if response.changed() {
        let pace = (value < FULL_SPEED * 0.95).then(|| rounded(value));
        frame.push(Action::SetPace(pace));
    }
    if response.drag_stopped() {
        frame.push(Action::EndGesture);
    }
}

fn looks_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    if icon_button(ui, Icon::Help, "Help").on_hover_text("Help and keys (F1)").clicked() {
        frame.window.dialog = Some(Dialog::Help);
    }
    let says = "Cards of every optimizer, schedule, loss, activation … (F2)";
    if icon_button(ui, Icon::Info, "Cards").on_hover_text(says).clicked() {
        frame.window.toggle_cards();
    }
    if !frame.window.start_page {
        panes_menu_ui(ui, frame);
    }
    let dark = frame.window.theme == Theme::Dark;
    let (icon, hint) = if dark { (Icon::Sun, "Light theme") } else { (Icon::Moon, "Dark theme") };
    let button = icon_button(ui, icon, hint);
    if button.clicked() {
        frame.window.theme = if dark { Theme::Light } else { Theme::Dark };
    }
}

/// A count in few characters: 950, 12.3k, 4.56M.
pub(in crate::ui) fn short(x: f64) -> String {
    let (value, unit) = match x.abs() {
        x if x >= 1e9 => (1e9, "G"),
        x if x >= 1e6 => (1e6, "M"),
        x if x >= 1e4 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let scaled = x / value;
    let digits = usize::from(!(unit.is_empty() && scaled.fract() == 0.0) && scaled.abs() < 100.0);
    format!("{scaled:.digits$}{unit}")
}

fn rounded(pace: f64) -> f64 {
    let unit = 10f64.powf(pace.log10().floor() - 1.0);
    // Through text, so that 0.7000000000000001 does not get into the file.
    format!("{:.1}", (pace / unit).round() * unit).parse().unwrap_or(pace)
}

fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let head: String = name.chars().take(most - 1).collect();
    format!("{}…", head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_short() {
        assert_eq!(short(950.0), "950");
        assert_eq!(short(12_345.0), "12.3k");
        assert_eq!(short(4.56e6), "4.6M");
        assert_eq!(short(0.5), "0.5");
    }

    #[test]
    fn a_pace_is_a_round_number() {
        assert_eq!(rounded(41.7), 42.0);
        assert_eq!(rounded(0.73), 0.7);
        assert_eq!(rounded(1234.0), 1200.0);
    }
}
