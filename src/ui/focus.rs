//! Where the keyboard is: a ring around what has the focus, once the focus was moved by keys.
//!
//! Every control shows its focus in a way of its own; the ring makes all of them found at a glance, also
//! those without a frame. A click moves the focus, too, but whoever clicks knows where.

use eframe::egui::{Context, Id, Key, LayerId, Memory, Order, Stroke, StrokeKind};

use super::theme::tokens_of;

/// Draws the ring, at the end of a frame; `by_keys` is kept between frames.
pub(super) fn ring_ui(ctx: &Context, by_keys: &mut bool) {
    let (tabbed, clicked) =
        ctx.input(|input| (input.key_pressed(Key::Tab), input.pointer.any_pressed()));
    *by_keys = (*by_keys || tabbed) && !clicked;
    if !*by_keys {
        return;
    }
    let focused = ctx.memory(Memory::focused);
    let Some(response) = focused.and_then(|id| ctx.read_response(id)) else { return };
    let rect = response.interact_rect.expand(2.0);
    if !rect.is_positive() {
        return;
    }
    let painter = ctx.layer_painter(LayerId::new(Order::Debug, Id::unique("focus ring")));
    let stroke = Stroke::new(2.0, tokens_of(ctx.theme()).accent);
    painter.rect_stroke(rect, 6.0, stroke, StrokeKind::Outside);
}
