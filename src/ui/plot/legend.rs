//! The legend: a chip a lane, pressed to show or hide it.
//!
//! It never takes more than a share of what it and the plot have: names are shortened in the middle first,
//! since long ones often differ at their ends; what still finds no room is behind a button.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{Button, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::scene::LaneCurves;
use crate::ui::theme::{paint_marker, small_style, tokens};
use crate::ui::widgets::elided_middle;

/// The share of the height that the legend takes at most.
const SHARE: f32 = 0.2;
/// Letters of a name, at most: the first of these with which all chips find room.
const LETTERS: [usize; 7] = [60, 32, 24, 18, 14, 10, 6];
/// Letters of a name behind the button, at most.
const REST: usize = 32;
/// Between chips, in points.
const GAP: f32 = 4.0;

/// Draws a chip a lane, with its marker; it and the plot have so much height. The answer is the index of a
/// lane to show or hide.
pub fn legend_ui(ui: &mut Ui, lanes: &[LaneCurves<'_>], height: f32) -> Option<usize> {
    let (room, row) = (ui.available_width(), chip_height(ui) + GAP);
    let rows = ((height * SHARE / row).round() as usize).max(1);
    let names_of = |letters: usize| -> Vec<String> {
        lanes.iter().map(|lane| elided_middle(lane.name, letters)).collect()
    };
    let widths_of =
        |names: &[String]| -> Vec<f32> { names.iter().map(|name| chip_width(ui, name)).collect() };
    let fits = |names: &Vec<String>| all_fit(&widths_of(names), room, rows);
    let ways = LETTERS.iter().map(|letters| names_of(*letters));
    let shortest = || names_of(LETTERS[LETTERS.len() - 1]);
    let names = ways.into_iter().find(fits).unwrap_or_else(shortest);
    let more = chip_width(ui, "+88");
    let shown = match fitting(&widths_of(&names), room, rows, 0.0) {
        all if all == lanes.len() => all,
        _ => fitting(&widths_of(&names), room, rows, more),
    };
    let mut pressed = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(GAP, GAP);
        for (index, (lane, name)) in lanes.iter().zip(&names).take(shown).enumerate() {
            if chip_ui(ui, index, lane, name) {
                pressed = Some(index);
            }
        }
        if shown < lanes.len() {
            pressed = pressed.or(rest_ui(ui, lanes, shown));
        }
    });
    pressed
}

/// Whether all chips find room, none of them wider than a row.
fn all_fit(widths: &[f32], room: f32, rows: usize) -> bool {
    widths.iter().all(|width| *width <= room) && fitting(widths, room, rows, 0.0) == widths.len()
}

/// How many of the chips, from the first one, find room in so many rows of this width, with `more` beside
/// the last one. At least one does, in any case.
fn fitting(widths: &[f32], room: f32, rows: usize, more: f32) -> usize {
    let (mut row, mut x) = (1, 0.0);
    for (index, width) in widths.iter().enumerate() {
        if x > 0.0 && x + width > room {
            (row, x) = (row + 1, 0.0);
        }
        let needed = if row == rows && more > 0.0 { width + GAP + more } else { *width };
        if row > rows || (x > 0.0 && x + needed > room) {
            return index.max(1);
        }
        x += width + GAP;
    }
    widths.len()
}

/// The lanes that found no room, behind a button.
fn rest_ui(ui: &mut Ui, lanes: &[LaneCurves<'_>], shown: usize) -> Option<usize> {
    let mut pressed = None;
    let rest = lanes.len() - shown;
    let text = RichText::new(format!("+{rest}")).text_style(small_style());
    let (response, _) = MenuButton::from_button(Button::new(text).small()).ui(ui, |ui| {
        for (index, lane) in lanes.iter().enumerate().skip(shown) {
            if chip_ui(ui, index, lane, &elided_middle(lane.name, REST)) {
                pressed = Some(index);
            }
        }
    });
    let enabled = ui.is_enabled();
    let name = format!("{rest} more lanes");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
    response.on_hover_text(name);
    pressed
}

fn chip_height(ui: &Ui) -> f32 {
    ui.text_style_height(&small_style()) + 6.0
}

fn chip_width(ui: &Ui, name: &str) -> f32 {
    let font = small_style().resolve(ui.style());
    let galley = ui.painter().layout_no_wrap(name.to_owned(), font, tokens(ui).text);
    galley.size().x + galley.size().y * 0.72 + 22.0
}

fn chip_ui(ui: &mut Ui, index: usize, lane: &LaneCurves<'_>, name: &str) -> bool {
    let t = tokens(ui);
    let (text, mark) = if lane.shown { (t.text, lane.color) } else { (t.faint, t.edge) };
    let font = small_style().resolve(ui.style());
    let galley = ui.painter().layout_no_wrap(name.to_owned(), font, text);
    let height = chip_height(ui);
    let sign = galley.size().y * 0.36;
    let size = vec2(chip_width(ui, name), height);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let id = ui.make_persistent_id(("legend", index));
    let response = ui.interact(rect, id, Sense::click());
    let says = format!("Show {}", lane.name);
    let (enabled, shown) = (ui.is_enabled(), lane.shown);
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, shown, &says));
    let frame = if response.has_focus() {
        t.accent
    } else if response.hovered() {
        t.faint
    } else {
        t.edge
    };
    let fill = if shown { t.card } else { t.panel };
    let painter = ui.painter();
    painter.rect(rect, height * 0.5, fill, Stroke::new(1.0, frame), StrokeKind::Inside);
    let at = pos2(rect.left() + 8.0 + sign, rect.center().y);
    paint_marker(painter, lane.look.marker, at, sign, mark);
    let corner = pos2(at.x + sign + 6.0, rect.center().y - galley.size().y * 0.5);
    painter.galley(corner, galley, text);
    let hint = if shown { "Press to hide" } else { "Press to show" };
    response.on_hover_text(format!("{}\n{hint}", lane.name)).clicked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_fill_their_rows_and_leave_room_for_the_rest() {
        let eight = [100.0; 8];
        assert_eq!(fitting(&eight, 1000.0, 1, 0.0), 8);
        assert_eq!(fitting(&eight, 320.0, 2, 0.0), 6);
        assert_eq!(fitting(&eight, 320.0, 2, 40.0), 5, "the last one gives way to the button");
        assert_eq!(fitting(&eight, 320.0, 3, 0.0), 8);
        assert_eq!(fitting(&eight, 50.0, 1, 40.0), 1, "one is there in any case");
        assert_eq!(fitting(&[], 50.0, 1, 0.0), 0);
        assert!(all_fit(&[100.0, 100.0], 120.0, 2));
        assert!(!all_fit(&[100.0, 500.0], 120.0, 2), "a chip as wide as that would reach out");
    }
}
