//! Buttons: with text, with an icon, the one to press next, and links.

use std::sync::Arc;

use eframe::egui::{Button, Color32, Response, RichText, Stroke, Ui, Vec2};

use super::icon::Icon;
use crate::ui::theme::{strong_style, tokens};

/// A button with text, and an icon before it where one is given.
pub fn button(ui: &mut Ui, icon: Option<Icon>, text: &str) -> Response {
    match icon {
        Some(icon) => ui.add(Button::new((icon.atom(ui), text.to_owned()))),
        None => ui.add(Button::new(text.to_owned())),
    }
}

/// Runs `add` and puts the style back: unlike a scope, this does not stand in the way of a row
/// that wraps.
pub(super) fn styled<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    let before = Arc::clone(ui.style());
    let inner = add(ui);
    ui.set_style(before);
    inner
}

/// The button to press next: filled with the accent. One a view.
pub fn primary_button(ui: &mut Ui, icon: Option<Icon>, text: &str) -> Response {
    let t = tokens(ui);
    styled(ui, |ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for look in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active] {
            look.weak_bg_fill = t.accent;
            look.fg_stroke.color = t.on_accent;
            look.bg_stroke = Stroke::new(1.0, t.accent);
        }
        widgets.hovered.bg_stroke.color = t.text;
        widgets.active.bg_stroke.color = t.text;
        let text = RichText::new(text).text_style(strong_style());
        match icon {
            Some(icon) => ui.add(Button::new((icon.atom(ui), text))),
            None => ui.add(Button::new(text)),
        }
    })
}

/// A square button with an icon alone; `name` is its tooltip and what screen readers say.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    let side = ui.spacing().interact_size.y;
    styled(ui, |ui| {
        ui.spacing_mut().button_padding = Vec2::splat(4.0);
        ui.add(Button::new(icon.atom(ui)).min_size(Vec2::splat(side)))
    })
    .accessible_name(name)
    .on_hover_text(name)
    .on_disabled_hover_text(name)
}

/// An icon button that stays pressed while `on`; `true` when it was pressed now.
pub fn icon_toggle(ui: &mut Ui, on: bool, icon: Icon, name: &str) -> Response {
    let side = ui.spacing().interact_size.y;
    let t = tokens(ui);
    styled(ui, |ui| {
        ui.spacing_mut().button_padding = Vec2::splat(4.0);
        if on {
            let widgets = &mut ui.visuals_mut().widgets;
            for look in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active] {
                look.weak_bg_fill = t.selection;
                look.bg_stroke.color = t.accent;
            }
        }
        let response = ui.add(Button::new(icon.atom(ui)).min_size(Vec2::splat(side)));
        response.widget_info(|| {
            eframe::egui::WidgetInfo::selected(
                eframe::egui::Role::Button,
                ui.is_enabled(),
                on,
                name,
            )
        });
        response
    })
    .on_hover_text(name)
}

/// Text that can be pressed, for quiet actions inside cards: no frame until pointed at.
pub fn link_button(ui: &mut Ui, text: &str) -> Response {
    let t = tokens(ui);
    styled(ui, |ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        widgets.inactive.weak_bg_fill = Color32::TRANSPARENT;
        widgets.inactive.bg_stroke = Stroke::NONE;
        widgets.inactive.fg_stroke.color = t.accent;
        widgets.hovered.fg_stroke.color = t.accent;
        widgets.active.fg_stroke.color = t.accent;
        ui.spacing_mut().button_padding.x = 4.0;
        ui.add(Button::new(text.to_owned()))
    })
}
