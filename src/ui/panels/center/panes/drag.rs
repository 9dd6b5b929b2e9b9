//! A pane on its way: where it would go, and going there.

use eframe::egui::{CornerRadius, CursorIcon, Pos2, Rect, Stroke, StrokeKind, Ui, pos2};

use crate::experiment::{Arrange, Pane, Side};
use crate::session::Action;
use crate::ui::theme::tokens;

use crate::ui::frame::Frame;

/// Shows where the pane that is dragged would go, and sends it there when it is let go.
pub(super) fn ui(ui: &Ui, frame: &mut Frame<'_>) {
    let Some(dragged) = frame.window.center.panes.dragged else { return };
    let (pointer, released) =
        ui.input(|input| (input.pointer.hover_pos(), input.pointer.any_released()));
    let target = pointer.and_then(|pointer| target(frame, dragged, pointer));
    ui.set_cursor_icon(CursorIcon::Grabbing);
    if let Some((pane, side)) = target {
        let rect = half(frame.window.center.panes.places[&pane], side);
        let accent = tokens(ui).accent;
        let painter = ui.ctx().debug_painter();
        let stroke = Stroke::new(2.0, accent);
        let fill = accent.gamma_multiply(0.18);
        painter.rect(rect, CornerRadius::same(8), fill, stroke, StrokeKind::Inside);
    }
    let alive = ui.input(|input| input.pointer.any_down());
    if released || !alive {
        frame.window.center.panes.dragged = None;
        if let Some((pane, side)) = target {
            frame.push(Action::Arrange(Arrange::Move(dragged, side, pane)));
        }
    }
}

/// The pane under the pointer and the side of it that is nearest.
fn target(frame: &Frame<'_>, dragged: Pane, pointer: Pos2) -> Option<(Pane, Side)> {
    let places = &frame.window.center.panes.places;
    let (pane, rect) =
        places.iter().find(|(pane, rect)| **pane != dragged && rect.contains(pointer))?;
    Some((*pane, side(*rect, pointer)))
}

fn side(rect: Rect, pointer: Pos2) -> Side {
    let x = (pointer.x - rect.left()) / rect.width();
    let y = (pointer.y - rect.top()) / rect.height();
    let sides = [(x, Side::Left), (1.0 - x, Side::Right), (y, Side::Above), (1.0 - y, Side::Below)];
    let nearest = sides.into_iter().min_by(|(a, _), (b, _)| a.total_cmp(b));
    nearest.map_or(Side::Right, |(_, side)| side)
}

fn half(rect: Rect, side: Side) -> Rect {
    let center = rect.center();
    match side {
        Side::Left => Rect::from_min_max(rect.min, pos2(center.x, rect.bottom())),
        Side::Right => Rect::from_min_max(pos2(center.x, rect.top()), rect.max),
        Side::Above => Rect::from_min_max(rect.min, pos2(rect.right(), center.y)),
        Side::Below => Rect::from_min_max(pos2(rect.left(), center.y), rect.max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_edge_decides() {
        let rect = Rect::from_min_max(pos2(10.0, 10.0), pos2(210.0, 110.0));
        assert_eq!(side(rect, pos2(20.0, 60.0)), Side::Left);
        assert_eq!(side(rect, pos2(200.0, 60.0)), Side::Right);
        assert_eq!(side(rect, pos2(110.0, 15.0)), Side::Above);
        assert_eq!(side(rect, pos2(110.0, 105.0)), Side::Below);
    }
}
