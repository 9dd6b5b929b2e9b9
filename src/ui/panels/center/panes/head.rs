//! What every pane has in its head: a grip to move it by, and maximising and closing.

use eframe::egui::{CursorIcon, Role, Sense, Ui, WidgetInfo, vec2};

use crate::experiment::{Arrange, Pane, Panes, Side};
use crate::session::Action;
use crate::ui::theme::tokens;
use crate::ui::widgets::{Icon, icon_button};

use crate::ui::frame::Frame;

/// How high a head is: as its highest control from the start, else what comes later would stand lower.
pub(in crate::ui) fn head_height(ui: &Ui) -> f32 {
    // A choice has a frame around its buttons.
    ui.spacing().interact_size.y + 4.0
}

/// The grip, at the left of a head: drags the pane elsewhere, maximises it at a double click.
pub(in crate::ui) fn grip_ui(ui: &mut Ui, frame: &mut Frame<'_>, pane: Pane) {
    if frame.session.view().panes.iter().count() < 2 {
        return;
    }
    let height = ui.spacing().interact_size.y;
    let (rect, response) = ui.allocate_exact_size(vec2(10.0, height), Sense::click_and_drag());
    let t = tokens(ui);
    let color = if response.hovered() || response.dragged() { t.text } else { t.faint };
    for row in -1..=1 {
        for column in [-2.5, 2.5] {
            let place = rect.center() + vec2(column, row as f32 * 5.0);
            ui.painter().circle_filled(place, 1.3, color);
        }
    }
    let name = format!("Move {}", pane.label());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
    if response.drag_started() {
        frame.window.center.panes.dragged = Some(pane);
    }
    if response.double_clicked() {
        frame.push(toggled(frame, pane));
    }
    response
        .on_hover_cursor(CursorIcon::Grab)
        .on_hover_text("Drag to another place; double-click for all the room or less");
}

/// Maximises a pane, or shows all again.
fn toggled(frame: &Frame<'_>, pane: Pane) -> Action {
    let in_front = frame.session.view().maximised == Some(pane);
    Action::Arrange(Arrange::Maximise((!in_front).then_some(pane)))
}

/// Two buttons for the right end of a head, in a row that is filled from the right.
pub(in crate::ui) fn buttons_ui(ui: &mut Ui, frame: &mut Frame<'_>, pane: Pane) {
    let in_front = frame.session.view().maximised == Some(pane);
    if frame.session.view().panes.iter().count() > 1 {
        if icon_button(ui, Icon::Close, &format!("Close {}", pane.label()))
            .on_hover_text("Put this pane away; the panes' menu on top brings it back")
            .clicked()
        {
            frame.push(Action::Arrange(Arrange::Close(pane)));
        }
        let (icon, says) = if in_front {
            (Icon::Restore, "Show all panes again")
        } else {
            (Icon::Maximise, "Give this pane all the room")
        };
        let name = format!("{says}: {}", pane.label());
        if icon_button(ui, icon, &name).on_hover_text(says).clicked() {
            frame.push(toggled(frame, pane));
        }
    }
}

/// The same, and the moves by keyboard, as lines of a menu.
pub(in crate::ui) fn entries_ui(ui: &mut Ui, frame: &mut Frame<'_>, pane: Pane) {
    let panes = &frame.session.view().panes;
    if panes.iter().count() < 2 {
        return;
    }
    ui.separator();
    let in_front = frame.session.view().maximised == Some(pane);
    let words = if in_front { "Show all panes" } else { "Maximise" };
    if ui.button(words).clicked() {
        frame.push(toggled(frame, pane));
    }
    for (words, side, target) in moves(panes, pane) {
        if ui.button(words).clicked() {
            frame.push(Action::Arrange(Arrange::Move(pane, side, target)));
        }
    }
    if ui.button("Close").clicked() {
        frame.push(Action::Arrange(Arrange::Close(pane)));
    }
}

/// Where a pane can be moved to by one step.
fn moves(panes: &Panes, pane: Pane) -> Vec<(&'static str, Side, Pane)> {
    let rows = panes.rows();
    let column = |row: &Vec<Pane>| row.iter().position(|other| *other == pane);
    let Some((row, at)) = rows.iter().enumerate().find_map(|(row, r)| Some((row, column(r)?)))
    else {
        return Vec::new();
    };
    let mut moves = Vec::new();
    if at > 0 {
        moves.push(("Move left", Side::Left, rows[row][at - 1]));
    }
    if let Some(next) = rows[row].get(at + 1) {
        moves.push(("Move right", Side::Right, *next));
    }
    if let Some(above) = row.checked_sub(1).and_then(|row| rows[row].last()) {
        moves.push(("Into the row above", Side::Right, *above));
        if rows[row].len() == 1 {
            moves.push(("Above that row", Side::Above, rows[row - 1][0]));
        }
    }
    if let Some(below) = rows.get(row + 1).and_then(|row| row.last()) {
        moves.push(("Into the row below", Side::Right, *below));
        if rows[row].len() == 1 {
            moves.push(("Below that row", Side::Below, *below));
        }
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pane_is_offered_the_moves_that_change_something() {
        let panes = Panes::default();
        for pane in Pane::ALL {
            for (words, side, target) in moves(&panes, *pane) {
                assert_ne!(panes.clone().moved(*pane, side, target), panes, "{words} {pane:?}");
            }
        }
        let words: Vec<_> = moves(&panes, Pane::Lanes).into_iter().map(|(w, ..)| w).collect();
        assert_eq!(words, ["Into the row above", "Above that row"]);
    }
}
