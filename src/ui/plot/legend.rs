//! The legend: a chip a lane, pressed to show or hide it.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::scene::LaneCurves;
use crate::ui::theme::{paint_marker, small_style, tokens};

/// Draws a chip a lane, with its marker. The answer is the index of a lane to show or hide.
pub fn legend_ui(ui: &mut Ui, lanes: &[LaneCurves<'_>]) -> Option<usize> {
    let mut pressed = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        for (index, lane) in lanes.iter().enumerate() {
            if chip_ui(ui, index, lane) {
                pressed = Some(index);
            }
        }
    });
    pressed
}

fn chip_ui(ui: &mut Ui, index: usize, lane: &LaneCurves<'_>) -> bool {
    let t = tokens(ui);
    let (text, mark) = if lane.shown { (t.text, lane.color) } else { (t.faint, t.edge) };
    let font = small_style().resolve(ui.style());
    let mut job = LayoutJob::simple_singleline(lane.name.to_owned(), font, text);
    job.wrap = TextWrapping::truncate_at_width((ui.max_rect().width() - 60.0).max(40.0));
    let galley = ui.painter().layout_job(job);
    let height = galley.size().y + 6.0;
    let sign = galley.size().y * 0.36;
    let size = vec2(galley.size().x + sign * 2.0 + 22.0, height);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let id = ui.make_persistent_id(("legend", index));
    let response = ui.interact(rect, id, Sense::click());
    let name = format!("Show {}", lane.name);
    let (enabled, shown) = (ui.is_enabled(), lane.shown);
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, shown, &name));
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
    response.on_hover_text(hint).clicked()
}
