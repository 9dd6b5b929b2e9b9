//! The presentation: the window for a projector, and back as it was.
//!
//! Full screen, text of a size of its own, thicker lines, stronger contrast, and a halo where somebody
//! clicks. Deliberately not here: colours and widths, which `theme` has.

use eframe::egui::{
    Context, Event, Id, Key, LayerId, Order, PointerButton, Popup, Pos2, Stroke, ViewportCommand,
};
use std::time::Duration;

use super::frame::Frame;
use super::state::WindowState;
use super::theme::tokens_of;

/// How long a halo stays, in seconds.
const STAYS: f64 = 0.7;

/// The window while it is shown on a projector.
#[derive(Debug)]
pub(super) struct Presentation {
    /// The text size to go back to.
    usual: f32,
    /// Whether the window filled the screen before.
    was_full: bool,
    /// Where somebody clicked, and when.
    clicks: Vec<(Pos2, f64)>,
    /// Whether a control had the focus at the end of the last frame: then Esc is its own.
    was_focused: bool,
}

impl Presentation {
    /// The text size to go back to.
    pub(super) fn usual(&self) -> f32 {
        self.usual
    }
}

/// Begins the presentation, or ends it.
pub(super) fn toggle(ctx: &Context, window: &mut WindowState) {
    if let Some(before) = window.presentation.take() {
        window.presented_scale = window.text_scale;
        window.text_scale = before.usual;
        if !before.was_full {
            ctx.send_viewport_cmd(ViewportCommand::Fullscreen(false));
        }
    } else {
        let was_full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
        window.presentation = Some(Presentation {
            usual: window.text_scale,
            was_full,
            clicks: Vec::new(),
            was_focused: false,
        });
        window.text_scale = window.presented_scale;
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(true));
    }
    window.center.forget_pictures();
}

/// At the end of a frame: halos where somebody clicks; Esc leaves.
pub(super) fn ui(ctx: &Context, frame: &mut Frame<'_>) {
    let is_in_front = frame.window.dialog.is_some() || frame.window.instruments.is_some();
    let window = &mut *frame.window;
    let Some(presentation) = &mut window.presentation else { return };
    let is_free = !is_in_front && !presentation.was_focused && !Popup::is_any_open(ctx);
    presentation.was_focused = ctx.memory(|memory| memory.focused().is_some());
    if is_free && ctx.input(|input| input.key_pressed(Key::Escape)) {
        return toggle(ctx, window);
    }
    halos_ui(ctx, presentation, window.theme);
}

fn halos_ui(ctx: &Context, presentation: &mut Presentation, theme: eframe::egui::Theme) {
    let (now, pressed) = ctx.input(|input| {
        let of = |event: &Event| match event {
            Event::PointerButton { pos, button: PointerButton::Primary, pressed: true, .. } => {
                Some(*pos)
            }
            _ => None,
        };
        (input.time, input.events.iter().filter_map(of).collect::<Vec<_>>())
    });
    let clicks = &mut presentation.clicks;
    clicks.extend(pressed.into_iter().map(|place| (place, now)));
    clicks.retain(|(_, since)| now - since < STAYS);
    if clicks.is_empty() {
        return;
    }
    let painter = ctx.layer_painter(LayerId::new(Order::Debug, Id::unique("click halos")));
    let color = tokens_of(theme).accent;
    for (place, since) in clicks.iter() {
        let part = ((now - since) / STAYS) as f32;
        let fading = color.gamma_multiply(1.0 - part);
        painter.circle_stroke(*place, 14.0 + 22.0 * part, Stroke::new(4.0, fading));
        painter.circle_filled(*place, 12.0, fading.gamma_multiply(0.25));
    }
    ctx.request_repaint_after(Duration::from_millis(16));
}
