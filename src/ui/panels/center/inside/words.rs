//! Small words painted into a drawing.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Align2, Color32, Pos2, TextStyle, Ui};

use crate::ui::theme::small_style;

/// Paints small words, shortened with an ellipsis to `room`; how wide they are.
pub(super) fn elided(
    ui: &Ui,
    text: &str,
    at: Pos2,
    side: Align2,
    room: f32,
    color: Color32,
) -> f32 {
    styled(ui, (text, &small_style()), (at, side), room, color)
}

/// The same in another style.
pub(super) fn styled(
    ui: &Ui,
    (text, style): (&str, &TextStyle),
    (at, side): (Pos2, Align2),
    room: f32,
    color: Color32,
) -> f32 {
    let font = style.resolve(ui.style());
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(room.max(1.0));
    let galley = ui.painter().layout_job(job);
    let place = side.anchor_size(at, galley.size());
    let width = galley.size().x;
    ui.painter().galley(place.min, galley, color);
    width
}
