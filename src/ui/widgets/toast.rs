//! Short messages at the lower right that go by themselves.

use std::time::Duration;

use eframe::egui::{
    Align2, Area, Context, Frame, Id, Label, Margin, Order, RichText, Stroke, Vec2, vec2,
};

use super::buttons::icon_button;
use super::icon::{Icon, icon_size};
use crate::ui::theme::tokens;

/// What kind of news a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastKind {
    /// Something was done.
    Done,
    /// Something to know.
    Note,
    /// Something went wrong. Stays until it is closed.
    Problem,
}

#[derive(Debug, Clone)]
struct Toast {
    kind: ToastKind,
    text: String,
    /// When it was first shown, in egui's time.
    since: Option<f64>,
    number: u64,
}

/// The messages on the screen.
#[derive(Debug, Clone, Default)]
pub struct Toasts {
    toasts: Vec<Toast>,
    next: u64,
}

/// How long a message stays, in seconds.
const STAY: f64 = 5.0;
/// More would cover the window; the oldest goes.
const MOST: usize = 4;

impl Toasts {
    /// Puts up a message. The same text again only starts its time anew.
    pub fn push(&mut self, kind: ToastKind, text: impl Into<String>) {
        let text = text.into();
        self.toasts.retain(|toast| toast.text != text);
        self.toasts.push(Toast { kind, text, since: None, number: self.next });
        self.next += 1;
        if self.toasts.len() > MOST {
            self.toasts.remove(0);
        }
    }

    /// Whether nothing is up.
    pub fn is_empty(&self) -> bool {
        self.toasts.is_empty()
    }

    /// Draws the messages and asks to be woken when the next one goes.
    pub fn show(&mut self, ctx: &Context) {
        let now = ctx.input(|i| i.time);
        self.toasts.retain_mut(|toast| {
            let since = *toast.since.get_or_insert(now);
            toast.kind == ToastKind::Problem || now - since < STAY
        });
        let mut closed = None;
        let mut bottom = 16.0;
        for toast in self.toasts.iter().rev() {
            let area = Area::new(Id::unique(("toast", toast.number)))
                .order(Order::Foreground)
                .anchor(Align2::RIGHT_BOTTOM, vec2(-16.0, -bottom))
                .show(ctx, |ui| {
                    if toast_ui(ui, toast) {
                        closed = Some(toast.number);
                    }
                });
            bottom += area.response.rect.height() + 8.0;
        }
        self.toasts.retain(|toast| Some(toast.number) != closed);
        let ends = self.toasts.iter().filter(|t| t.kind != ToastKind::Problem);
        let next = ends.filter_map(|t| t.since).map(|since| since + STAY - now).reduce(f64::min);
        if let Some(seconds) = next {
            ctx.request_repaint_after(Duration::from_secs_f64(seconds.max(0.0)));
        }
    }
}

fn toast_ui(ui: &mut eframe::egui::Ui, toast: &Toast) -> bool {
    let t = tokens(ui);
    let (icon, color) = match toast.kind {
        ToastKind::Done => (Icon::Check, t.good),
        ToastKind::Note => (Icon::Info, t.accent),
        ToastKind::Problem => (Icon::Warning, t.bad),
    };
    Frame::new()
        .fill(t.card)
        .stroke(Stroke::new(1.0, color))
        .corner_radius(8)
        .inner_margin(Margin::symmetric(12, 8))
        .shadow(ui.visuals().popup_shadow)
        .show(ui, |ui| {
            ui.set_max_width(360.0);
            ui.horizontal_top(|ui| {
                let size = Vec2::splat(icon_size(ui));
                let row = ui.spacing().interact_size.y;
                let (rect, _) =
                    ui.allocate_exact_size(vec2(size.x, row), eframe::egui::Sense::hover());
                icon.paint(
                    ui.painter(),
                    eframe::egui::Rect::from_center_size(rect.center(), size),
                    color,
                );
                ui.vertical(|ui| {
                    ui.set_max_width(280.0);
                    ui.add_space(4.0);
                    ui.add(Label::new(RichText::new(&toast.text)).wrap());
                });
                icon_button(ui, Icon::Close, "Close message").clicked()
            })
            .inner
        })
        .inner
}
