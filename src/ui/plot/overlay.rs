//! What lies over the lines: markers with their labels.

use eframe::egui::{Color32, Painter, Rect, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform};

use super::scene::{CurveScene, MarkerKind, PlotMarker};
use crate::ui::theme::{Tokens, small_style, tokens};

/// Rows of marker labels; what finds no room in them keeps its sign and speaks when pointed at.
const LABEL_ROWS: usize = 3;

/// A marker's place on the screen.
pub(super) struct Placed<'a> {
    pub(super) marker: &'a PlotMarker,
    pub(super) x: f32,
    pub(super) color: Color32,
}

/// Paints over the lines. What is clipped exactly as they are would go into their mesh and make it grow,
/// which copies all of it: a hair apart, it goes into one of its own.
pub(super) fn over(ui: &Ui, frame: Rect) -> Painter {
    ui.painter_at(frame.expand(1.0 / 64.0))
}

/// The markers that can be seen, from left to right.
pub(super) fn placed<'a>(
    ui: &Ui,
    scene: &CurveScene<'a>,
    transform: &PlotTransform,
) -> Vec<Placed<'a>> {
    let frame = *transform.frame();
    let mut placed: Vec<Placed<'_>> = scene
        .markers
        .iter()
        .filter_map(|marker| {
            let lane = scene.lanes.get(marker.lane).filter(|lane| lane.shown)?;
            let x = lane.axes.x(marker.step as f64, scene.axes.x);
            let place = scene.axes.x_scale.place(x)?;
            let x = transform.position_from_point(&PlotPoint::new(place, 0.0)).x;
            let color = match marker.kind {
                MarkerKind::Diverged => tokens(ui).bad,
                _ => lane.color,
            };
            frame.x_range().contains(x).then_some(Placed { marker, x, color })
        })
        .collect();
    placed.sort_by(|a, b| a.x.total_cmp(&b.x));
    placed
}

/// Draws the markers.
pub(super) fn markers_ui(ui: &Ui, scene: &CurveScene<'_>, transform: &PlotTransform) {
    let t = tokens(ui);
    let frame = *transform.frame();
    let painter = over(ui, frame);
    let (pauses, placed): (Vec<_>, Vec<_>) = placed(ui, scene, transform)
        .into_iter()
        .partition(|mark| mark.marker.kind == MarkerKind::Pause);
    pauses_ui(&painter, &pauses, frame, t);
    let font = small_style().resolve(ui.style());
    let row_height = ui.text_style_height(&small_style()) + 8.0;
    // Crosses and arrows have the edge for themselves.
    let has_signs = scene.axes.robust || scene.lanes.iter().any(|lane| lane.shown && lane.diverged);
    let first_row = frame.top() + if has_signs { 19.0 } else { 4.0 };
    let mut ends = [f32::NEG_INFINITY; LABEL_ROWS];
    let mut unlabelled = Vec::new();
    let mut labels = Vec::new();
    for mark in &placed {
        line_ui(&painter, mark, frame);
        let galley = painter.layout_no_wrap(mark.marker.label.clone(), font.clone(), t.text);
        let size = galley.size() + vec2(14.0, 6.0);
        let left = (mark.x - size.x * 0.5)
            .clamp(frame.left() + 2.0, (frame.right() - size.x - 2.0).max(frame.left() + 2.0));
        let row = ends.iter().position(|end| *end + 6.0 <= left);
        let fits = size.x < frame.width() * 0.6 && frame.height() > row_height * 5.0;
        match row.filter(|_| fits) {
            Some(row) => {
                ends[row] = left + size.x;
                let top = first_row + row as f32 * row_height;
                labels.push((Rect::from_min_size(pos2(left, top), size), mark.color, galley));
            }
            None => unlabelled.push(mark),
        }
    }
    for (rect, color, galley) in labels {
        let stroke = Stroke::new(1.0, color);
        painter.rect(rect, 4.0, t.card, stroke, eframe::egui::StrokeKind::Inside);
        painter.galley(rect.center() - galley.size() * 0.5, galley, t.text);
    }
    for mark in unlabelled {
        sign_ui(&painter, mark, frame);
    }
}

/// Two short strokes at the lower edge wherever lanes were held; those of several lanes at one place, in
/// the colour of none.
fn pauses_ui(painter: &Painter, pauses: &[Placed<'_>], frame: Rect, t: &Tokens) {
    let mut at = 0;
    while let Some(first) = pauses.get(at) {
        let near = pauses[at..].iter().take_while(|mark| mark.x - first.x < 6.0);
        let (count, is_one) = near
            .fold((0, true), |(count, one), mark| (count + 1, one && mark.color == first.color));
        let color = if is_one { first.color } else { t.dim };
        let y = frame.bottom() - 12.0..=frame.bottom() - 1.0;
        let behind = Rect::from_x_y_ranges(first.x - 5.0..=first.x + 5.0, y.clone());
        painter.rect_filled(behind, 2.0, t.panel);
        for side in [-2.0, 2.0] {
            let y = y.clone();
            painter.vline(first.x + side, y, Stroke::new(2.0, color));
        }
        at += count;
    }
}

fn line_ui(painter: &Painter, mark: &Placed<'_>, frame: Rect) {
    let ends = [pos2(mark.x, frame.top()), pos2(mark.x, frame.bottom())];
    let (width, dash, gap) = match mark.marker.kind {
        MarkerKind::Edit | MarkerKind::Fork | MarkerKind::Pause => (1.0, 3.0, 4.0),
        MarkerKind::Stop => (1.0, 8.0, 4.0),
        MarkerKind::Diverged => (1.5, 8.0, 3.0),
    };
    painter.extend(Shape::dashed_line(&ends, Stroke::new(width, mark.color), dash, gap));
}

fn sign_ui(painter: &Painter, mark: &Placed<'_>, frame: Rect) {
    let tip = pos2(mark.x, frame.top() + 9.0);
    let points = vec![tip, tip + vec2(-5.0, -8.0), tip + vec2(5.0, -8.0)];
    painter.add(Shape::convex_polygon(points, mark.color, Stroke::NONE));
}
