//! The instruments' window: what the laboratory finds out about one lane, beside the training.
//!
//! It stays open while lanes train. What it shows is asked for with actions and read from the
//! session; its own state is which lane, which instrument and which parameter.

mod chart;
mod gradient_check;
mod microscope;
mod rate_finder;
mod sharpness;

pub(in crate::ui) use chart::{Chart, Dots, Line};
use eframe::egui::{Align2, Context, Id, Key, Label, Rect, RichText, ScrollArea, Ui, Window, vec2};

use crate::lab::{Ramp, Report, Tool};
use crate::session::{Action, Finding, Lane, LaneId};

use super::frame::Frame;
use super::theme::{lane_look, paint_marker, small_style, strong_style, theme_of, tokens};
use super::widgets::{Icon, icon_button, segmented};

/// Which instrument is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Instrument {
    /// One parameter's next update.
    #[default]
    Microscope,
    /// Numeric against analytic gradient.
    GradientCheck,
    /// A ramp of learning rates.
    RateFinder,
    /// The largest curvature.
    Sharpness,
}

const ALL: [(Instrument, &str); 4] = [
    (Instrument::Microscope, "Microscope"),
    (Instrument::GradientCheck, "Gradient check"),
    (Instrument::RateFinder, "Rate finder"),
    (Instrument::Sharpness, "Sharpness"),
];

/// The window's own state.
#[derive(Debug)]
pub(in crate::ui) struct Instruments {
    lane: LaneId,
    shown: Instrument,
    /// The parameter under the microscope.
    index: usize,
    /// How many updates ahead it looks.
    ahead: u64,
    /// The middle of the window when this was last put in its place.
    middle: Option<Rect>,
}

impl Instruments {
    /// On a lane.
    pub(in crate::ui) fn of(lane: LaneId, shown: Instrument) -> Self {
        Self { lane, shown, index: 0, ahead: 0, middle: None }
    }

    /// The lane it is applied to.
    pub(in crate::ui) fn lane(&self) -> LaneId {
        self.lane
    }

    fn tool(&self) -> Tool {
        match self.shown {
            Instrument::Microscope => Tool::Microscope { index: self.index, ahead: self.ahead },
            Instrument::GradientCheck => Tool::GradientCheck,
            Instrument::RateFinder => Tool::RateFinder(Ramp::default()),
            Instrument::Sharpness => Tool::Sharpness,
        }
    }
}

/// What an instrument's page draws from and writes to.
struct Bench<'a, 'b> {
    state: &'b mut Instruments,
    lane: &'a Lane,
    actions: &'b mut Vec<Action>,
    /// Whether the instrument is at work.
    busy: bool,
}

/// Draws the window, if it is open.
pub(in crate::ui) fn ui(ctx: &Context, frame: &mut Frame<'_>) {
    let Some(mut state) = frame.window.instruments.take() else { return };
    let lane = frame.session.lane(state.lane);
    let dialog = frame.window.dialog.is_some();
    let escaped = !dialog
        && ctx.input(|i| i.key_pressed(Key::Escape))
        && ctx.memory(|m| m.focused().is_none());
    let (Some(lane), false) = (lane, escaped) else {
        return frame.push(Action::PutOnBench(None));
    };
    let scale = frame.window.text_scale;
    let screen = ctx.content_rect();
    let width = (560.0 * scale).min(screen.width() - 40.0);
    let height = (470.0 * scale).min(screen.height() - 120.0);
    // Over the middle, where it hides no knob; it goes along when the middle does.
    let middle = frame.window.center.area.unwrap_or(screen);
    let place = middle.center_bottom() - vec2(0.0, 8.0);
    let is_placed = state.middle.replace(middle) == Some(middle);
    let mut open = true;
    let window = Window::new("Instruments")
        .id(Id::unique("instruments"))
        .title_bar(false)
        .resizable(false)
        .pivot(Align2::CENTER_BOTTOM)
        .default_pos(place)
        .constrain_to(screen.shrink(8.0))
        .fixed_size(vec2(width, height));
    let window = if is_placed { window } else { window.current_pos(place) };
    window.show(ctx, |ui| {
        open = head_ui(ui, &mut state, lane);
        ui.add_space(6.0);
        page_ui(ui, frame, &mut state, lane);
    });
    if open {
        frame.window.instruments = Some(state);
    } else {
        frame.push(Action::PutOnBench(None));
    }
}

/// The lane, the choice of instrument, the way out. False if it was taken.
fn head_ui(ui: &mut Ui, state: &mut Instruments, lane: &Lane) -> bool {
    let mut open = true;
    ui.horizontal(|ui| {
        let side = ui.text_style_height(&strong_style());
        let (rect, _) =
            ui.allocate_exact_size(vec2(side * 0.7, side), eframe::egui::Sense::hover());
        let look = lane_look(lane.color);
        paint_marker(
            ui.painter(),
            look.marker,
            rect.center(),
            side * 0.24,
            look.color(theme_of(ui)),
        );
        ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
            open = !icon_button(ui, Icon::Close, "Close the instruments").clicked();
            ui.with_layout(
                eframe::egui::Layout::left_to_right(eframe::egui::Align::Center),
                |ui| {
                    let name = RichText::new(lane.name()).text_style(strong_style());
                    ui.add(Label::new(name).truncate());
                },
            );
        });
    });
    if let Some(chosen) = segmented(ui, "Instrument", state.shown, &ALL) {
        state.shown = chosen;
    }
    open
}

/// The page of the instrument: asks for a finding where there is none, and shows the latest.
fn page_ui(ui: &mut Ui, frame: &mut Frame<'_>, state: &mut Instruments, lane: &Lane) {
    let tool = state.tool();
    let finding = frame.session.finding(lane.id, &tool);
    let busy = frame.session.is_examining(lane.id, &tool);
    let follows = matches!(tool, Tool::Microscope { .. });
    let outdated = |f: &Finding| follows && (f.tool != tool || f.step != lane.status.step);
    if !busy && finding.is_none_or(outdated) {
        frame.actions.push(Action::Examine(lane.id, tool));
    }
    let mut bench = Bench { state, lane, actions: &mut frame.actions, busy };
    let height = ui.available_height();
    ScrollArea::vertical().max_height(height).auto_shrink(false).show(ui, |ui| {
        let Some(finding) = finding else {
            ui.spinner();
            return;
        };
        match &finding.found {
            Err(reason) => {
                bench.step_ui(ui, finding.step);
                let color = tokens(ui).warn;
                ui.label(RichText::new(format!("{reason}.")).color(color));
                // A parameter that is gone with the model it belonged to.
                bench.state.index = 0;
            }
            Ok(Report::Microscope(found)) => microscope::ui(ui, &mut bench, found),
            Ok(Report::GradientCheck(found)) => gradient_check::ui(ui, &mut bench, found),
            Ok(Report::RateFinder(found)) => rate_finder::ui(ui, &mut bench, found),
            Ok(Report::Sharpness(found)) => sharpness::ui(ui, &mut bench, found),
            // On the activations' cards.
            Ok(Report::HiddenSums(_)) => {}
        }
    });
}

impl Bench<'_, '_> {
    /// At which step the finding was made, and the button to make it anew where the lane has gone on.
    fn step_ui(&mut self, ui: &mut Ui, step: u64) {
        let t = tokens(ui);
        ui.horizontal(|ui| {
            let here = step == self.lane.status.step;
            let words = if here {
                format!("at step {step}")
            } else {
                format!("at step {step}; the lane is at step {}", self.lane.status.step)
            };
            let color = if here { t.dim } else { t.warn };
            ui.label(RichText::new(words).text_style(small_style()).color(color));
            let again = eframe::egui::Button::new(if self.busy { "At work…" } else { "Again" });
            if ui.add_enabled(!self.busy, again).clicked() {
                self.actions.push(Action::Examine(self.lane.id, self.state.tool()));
            }
        });
    }

    /// A few sentences of explanation below a page.
    fn note_ui(ui: &mut Ui, text: &str) {
        ui.add_space(8.0);
        let color = tokens(ui).dim;
        ui.label(RichText::new(text).color(color));
    }
}
