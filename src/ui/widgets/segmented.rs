//! Choosing one of a few, and switching one thing on and off.

use eframe::egui::{
    Button, Color32, CornerRadius, Frame, Response, RichText, Role, Stroke, Ui, Vec2, WidgetInfo,
};

use super::buttons::styled;
use crate::ui::theme::{small_style, tokens};

/// One of a few, side by side: `[ step | epoch | time ]`. Each is named `name: label`. The answer
/// is what was chosen now, `None` when nothing was.
pub fn segmented<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    current: T,
    choices: &[(T, &str)],
) -> Option<T> {
    let told: Vec<(T, &str, &str)> =
        choices.iter().map(|(choice, label)| (*choice, *label, "")).collect();
    segmented_told(ui, name, current, &told)
}

/// The same, each with a sentence that is shown while the pointer rests on it.
pub fn segmented_told<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    current: T,
    choices: &[(T, &str, &str)],
) -> Option<T> {
    let t = tokens(ui);
    let mut chosen = None;
    let height = ui.spacing().interact_size.y;
    Frame::new().stroke(Stroke::new(1.0, t.edge)).corner_radius(6).show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.spacing_mut().interact_size.y = height - 2.0;
        ui.horizontal(|ui| {
            // Inside a row filled from the right the first choice still stands left of the second.
            let mut order: Vec<_> = choices.iter().collect();
            if ui.layout().prefer_right_to_left() {
                order.reverse();
            }
            for &(choice, label, says) in order {
                let on = choice == current;
                let response = choice_ui(ui, on, label, name);
                let says =
                    if says.is_empty() { format!("{name}: {label}") } else { says.to_owned() };
                if response.on_hover_text(says).clicked() && !on {
                    chosen = Some(choice);
                }
            }
        });
    });
    chosen
}

fn choice_ui(ui: &mut Ui, on: bool, label: &str, name: &str) -> Response {
    let t = tokens(ui);
    let (fill, color) = if on { (t.selection, t.text) } else { (Color32::TRANSPARENT, t.dim) };
    styled(ui, |ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for look in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active] {
            look.bg_stroke = Stroke::NONE;
            look.corner_radius = CornerRadius::same(5);
        }
        widgets.inactive.weak_bg_fill = fill;
        widgets.inactive.fg_stroke.color = color;
        if on {
            widgets.hovered.weak_bg_fill = fill;
        }
        widgets.active.bg_stroke = Stroke::new(1.0, t.accent);
        let response = ui.add(Button::new(label.to_owned()));
        let enabled = ui.is_enabled();
        let full = format!("{name}: {label}");
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, on, &full));
        response
    })
}

/// A chip that is on or off, with a mark of its colour when it stands for a line of a plot. The
/// answer tells whether it was pressed.
pub fn toggle_chip(ui: &mut Ui, on: bool, label: &str, name: &str) -> bool {
    let t = tokens(ui);
    let color = if on { t.text } else { t.dim };
    let text = RichText::new(label).text_style(small_style()).color(color);
    styled(ui, |ui| {
        ui.spacing_mut().button_padding = Vec2::new(8.0, 1.0);
        let fill = if on { t.selection } else { t.card };
        let stroke = Stroke::new(1.0, if on { t.accent } else { t.edge });
        let small = ui.text_style_height(&small_style()) + 6.0;
        let button = Button::new(text)
            .fill(fill)
            .stroke(stroke)
            .corner_radius(small * 0.5)
            .min_size(Vec2::new(0.0, small));
        ui.spacing_mut().interact_size.y = small;
        let response = ui.add(button);
        let enabled = ui.is_enabled();
        response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, name));
        response.on_hover_text(name)
    })
    .clicked()
}
