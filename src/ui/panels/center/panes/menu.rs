//! The panes' menu in the bar on top: which are on screen.

use eframe::egui::containers::menu::{MenuButton, MenuConfig};
use eframe::egui::{Button, PopupCloseBehavior, Ui};

use crate::experiment::{Arrange, Pane};
use crate::session::Action;
use crate::ui::widgets::Icon;

use crate::ui::frame::Frame;

/// What each pane shows, for whoever has not seen it.
fn says(pane: Pane) -> &'static str {
    match pane {
        Pane::Curve => "Every lane's loss, or another metric, step by step",
        Pane::Landscape => "The loss around the lanes, from above or as a bowl, with their paths",
        Pane::Lanes => "What each lane has learnt: regions, predictions, confusion matrix, rows",
        Pane::Results => "Places, losses, what was reached when, and what the lanes differ in",
        Pane::Inside => {
            "What every unit says, every weight, and how gradients are spread; of one lane"
        }
    }
}

/// The button with the menu.
pub(in crate::ui) fn menu_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let button = Button::new(Icon::Panes.atom(ui));
    let stays = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let (response, _) = MenuButton::from_button(button).config(stays).ui(ui, |ui| {
        ui.set_min_width(160.0);
        let panes = &frame.session.view().panes;
        for pane in Pane::ALL {
            let mut on = panes.has(*pane);
            let is_last = on && panes.iter().count() == 1;
            let check = ui.add_enabled_ui(!is_last, |ui| ui.checkbox(&mut on, pane.label())).inner;
            let check = check.on_hover_text(says(*pane));
            if check.on_disabled_hover_text("One pane stays on screen.").changed() {
                let change = if on { Arrange::Open(*pane) } else { Arrange::Close(*pane) };
                frame.actions.push(Action::Arrange(change));
            }
        }
    });
    response.accessible_name("Panes").on_hover_text("Which panes are on screen");
}
