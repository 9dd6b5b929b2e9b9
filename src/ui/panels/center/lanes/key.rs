//! The key of the classes: of each the mark that its rows have in the pictures, and its name.
//!
//! One key for all tiles, in their bar, as far as there is room. Invariant: a name that is shortened is told
//! whole under the pointer, and all are to screen readers.

use eframe::egui::{Align2, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::experiment::TileView;
use crate::ui::panels::fields::text_width;
use crate::ui::theme::{paint_class, small_style, theme_of, tokens};
use crate::ui::widgets::elided_middle;

use super::plane::class_names;
use super::shown;
use crate::ui::frame::Frame;

/// Letters that names are shortened to where there is less and less room.
const LETTERS: [usize; 5] = [usize::MAX, 16, 10, 7, 5];
/// Between a mark and its name, and between two classes.
const GAPS: [f32; 2] = [3.0, 9.0];

/// The classes of the first lane whose tile shows rows as points.
fn names<'a>(frame: &Frame<'a>) -> Option<&'a [String]> {
    let choice = frame.window.center.choice;
    let mut lanes = shown(frame.session);
    lanes.find(|lane| choice.view_of(lane) == TileView::Picture).and_then(class_names)
}

/// Draws the key into what is left of a row; nothing where it finds no room.
pub(super) fn ui(ui: &mut Ui, frame: &Frame<'_>) {
    let Some(names) = names(frame) else { return };
    let line = ui.text_style_height(&small_style());
    let mark = line * 0.8;
    let width =
        |ui: &Ui, name: &str| mark + GAPS[0] + text_width(ui, name, &small_style()) + GAPS[1];
    let told = LETTERS.iter().map(|letters| {
        names.iter().map(|name| elided_middle(name, *letters)).collect::<Vec<String>>()
    });
    let room = ui.available_width();
    let Some((told, wide)) = told
        .map(|told| (told.iter().map(|name| width(ui, name)).sum::<f32>(), told))
        .find_map(|(wide, told)| (wide <= room).then_some((told, wide)))
    else {
        return;
    };
    let (rect, response) = ui.allocate_exact_size(vec2(wide, line), Sense::hover());
    let (theme, dim, font) = (theme_of(ui), tokens(ui).dim, small_style().resolve(ui.style()));
    let mut left = rect.left();
    for (class, name) in told.iter().enumerate() {
        let middle = pos2(left + mark / 2.0, rect.center().y);
        paint_class(ui.painter(), class, theme, middle, line * 0.24);
        let at = pos2(left + mark + GAPS[0], rect.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, name, font.clone(), dim);
        left += width(ui, name);
    }
    let all = format!("Classes: {}", names.join(", "));
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, &all));
    response.on_hover_text(format!("{all}. Filled: training rows, hollow: held-out rows."));
}
