//! Short messages that go by themselves, above each other at the lower right of the middle: the timeline and
//! the panels beside it stay free. A message may offer to do something about it.

use std::time::Duration;

use eframe::egui::{
    Align2, Area, Button, Context, Frame, Id, Label, Margin, Order, Rect, RichText, Sense, Stroke,
    Ui, Vec2, pos2, vec2,
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
struct Toast<O> {
    kind: ToastKind,
    text: String,
    /// What can be done about it: the words on a button, and what pressing it stands for.
    offer: Option<(String, O)>,
    /// When it was first shown, in egui's time.
    since: Option<f64>,
    number: u64,
}

/// The messages on the screen; some make an offer.
#[derive(Debug, Clone)]
pub struct Toasts<O> {
    toasts: Vec<Toast<O>>,
    next: u64,
}

impl<O> Default for Toasts<O> {
    fn default() -> Self {
        Self { toasts: Vec::new(), next: 0 }
    }
}

impl<O> Toast<O> {
    /// Until when it stays by itself, in seconds; one that went wrong stays until it is closed.
    fn stays(&self) -> Option<f64> {
        match (self.kind, &self.offer) {
            (ToastKind::Problem, _) => None,
            (_, Some(_)) => Some(STAY_WITH_OFFER),
            (_, None) => Some(STAY),
        }
    }
}

/// How long a message stays, in seconds.
const STAY: f64 = 5.0;
/// The same of one that offers something: there must be time to think about it.
const STAY_WITH_OFFER: f64 = 20.0;
/// How wide a message is, at most.
const WIDEST: f32 = 384.0;
/// More would cover the window; the oldest goes.
const MOST: usize = 4;

impl<O: Clone> Toasts<O> {
    /// Puts up a message. The same text again only starts its time anew.
    pub fn push(&mut self, kind: ToastKind, text: impl Into<String>) {
        self.push_offering(kind, text, None);
    }

    /// The same with what can be done about it: the words on a button, and what pressing it stands for.
    pub fn push_offering(
        &mut self,
        kind: ToastKind,
        text: impl Into<String>,
        offer: Option<(String, O)>,
    ) {
        let text = text.into();
        self.toasts.retain(|toast| toast.text != text);
        self.toasts.push(Toast { kind, text, offer, since: None, number: self.next });
        self.next += 1;
        if self.toasts.len() > MOST {
            self.toasts.remove(0);
        }
    }

    /// Whether nothing is up.
    pub fn is_empty(&self) -> bool {
        self.toasts.is_empty()
    }

    /// Takes away all that offer this.
    pub fn withdraw(&mut self, is_past: impl Fn(&O) -> bool) {
        self.toasts.retain(|toast| !toast.offer.as_ref().is_some_and(|(_, offer)| is_past(offer)));
    }

    /// Draws the messages at the lower right of `room` and asks to be woken when the next one goes. Gives
    /// the offer that was taken.
    pub fn show(&mut self, ctx: &Context, room: Rect) -> Option<O> {
        let now = ctx.input(|i| i.time);
        self.toasts.retain_mut(|toast| {
            let since = *toast.since.get_or_insert(now);
            toast.stays().is_none_or(|stays| now - since < stays)
        });
        let (mut closed, mut taken) = (None, None);
        let mut bottom = room.bottom() - 8.0;
        let width = WIDEST.min(room.width() - 16.0);
        for toast in self.toasts.iter().rev() {
            let area = Area::new(Id::unique(("toast", toast.number)))
                .order(Order::Foreground)
                .pivot(Align2::RIGHT_BOTTOM)
                .fixed_pos(pos2(room.right() - 8.0, bottom))
                .show(ctx, |ui| match toast_ui(ui, toast, width) {
                    Answer::None => {}
                    Answer::Close => closed = Some(toast.number),
                    Answer::Take => {
                        closed = Some(toast.number);
                        taken = toast.offer.as_ref().map(|(_, offer)| offer.clone());
                    }
                });
            bottom -= area.response.rect.height() + 8.0;
        }
        self.toasts.retain(|toast| Some(toast.number) != closed);
        let left = |toast: &Toast<O>| Some(toast.since? + toast.stays()? - now);
        if let Some(seconds) = self.toasts.iter().filter_map(left).reduce(f64::min) {
            ctx.request_repaint_after(Duration::from_secs_f64(seconds.max(0.0)));
        }
        taken
    }
}

/// What was pressed on a message.
enum Answer {
    None,
    Close,
    Take,
}

fn toast_ui<O>(ui: &mut Ui, toast: &Toast<O>, width: f32) -> Answer {
    let t = tokens(ui);
    let (icon, color) = match toast.kind {
        ToastKind::Done => (Icon::Check, t.good),
        ToastKind::Note => (Icon::Info, t.accent),
        ToastKind::Problem => (Icon::Warning, t.bad),
    };
    let mut answer = Answer::None;
    Frame::new()
        .fill(t.card)
        .stroke(Stroke::new(1.0, color))
        .corner_radius(8)
        .inner_margin(Margin::symmetric(12, 8))
        .shadow(ui.visuals().popup_shadow)
        .show(ui, |ui| {
            ui.set_max_width(width - 24.0);
            let row = ui.spacing().interact_size.y;
            ui.horizontal_top(|ui| {
                let size = Vec2::splat(icon_size(ui));
                let (rect, _) = ui.allocate_exact_size(vec2(size.x, row), Sense::hover());
                icon.paint(ui.painter(), Rect::from_center_size(rect.center(), size), color);
                let words = width - 24.0 - size.x - row - 2.0 * ui.spacing().item_spacing.x;
                ui.vertical(|ui| {
                    ui.set_max_width(words);
                    ui.add_space(4.0);
                    ui.add(Label::new(RichText::new(&toast.text)).wrap());
                    if let Some((words, _)) = &toast.offer
                        && ui.add(Button::new(words).wrap()).clicked()
                    {
                        answer = Answer::Take;
                    }
                });
                if icon_button(ui, Icon::Close, "Close message").clicked() {
                    answer = Answer::Close;
                }
            });
        });
    answer
}
