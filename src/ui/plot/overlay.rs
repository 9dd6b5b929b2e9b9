//! What lies over the lines: markers with their labels, and the card of values at the cursor.

use std::sync::Arc;

use eframe::egui::{
    Align2, Color32, FontId, Galley, Painter, Pos2, Rangef, Rect, Shape, Stroke, Ui, Vec2, pos2,
    vec2,
};
use egui_plot::{PlotPoint, PlotTransform};

use super::scene::{CurveScene, MarkerKind, PlotMarker};
use crate::experiment::XAxis;
use crate::series::Point;
use crate::ui::theme::{Tokens, number_style, paint_marker, small_style, tokens};
use crate::ui::widgets::{count, elided, fixed, short};

/// Rows of marker labels; what finds no room in them keeps its sign and speaks when pointed at.
const LABEL_ROWS: usize = 3;

/// A marker's place on the screen.
struct Placed<'a> {
    marker: &'a PlotMarker,
    x: f32,
    color: Color32,
}

/// Paints over the lines. What is clipped exactly as they are would go into their mesh and make it grow,
/// which copies all of it: a hair apart, it goes into one of its own.
pub(super) fn over(ui: &Ui, frame: Rect) -> Painter {
    ui.painter_at(frame.expand(1.0 / 64.0))
}

/// Draws the markers; `pointer` is where the pointer rests, if over the plot.
pub(super) fn markers_ui(
    ui: &Ui,
    scene: &CurveScene<'_>,
    transform: &PlotTransform,
    pointer: Option<Pos2>,
) {
    let t = tokens(ui);
    let frame = *transform.frame();
    let painter = over(ui, frame);
    let mut placed: Vec<Placed<'_>> = scene
        .markers
        .iter()
        .filter_map(|marker| {
            let lane = scene.lanes.get(marker.lane).filter(|lane| lane.shown)?;
            let x = lane.axes.x(marker.step as f64, scene.axes.x);
            let place = scene.axes.x_scale.place(x)?;
            let x = transform.position_from_point(&PlotPoint::new(place, 0.0)).x;
            let color = match marker.kind {
                MarkerKind::Diverged => t.bad,
                _ => lane.color,
            };
            frame.x_range().contains(x).then_some(Placed { marker, x, color })
        })
        .collect();
    placed.sort_by(|a, b| a.x.total_cmp(&b.x));
    let font = small_style().resolve(ui.style());
    let row_height = ui.text_style_height(&small_style()) + 8.0;
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
                let top = frame.top() + 4.0 + row as f32 * row_height;
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
        let near = pointer.is_some_and(|p| (p.x - mark.x).abs() < 6.0 && p.y < frame.top() + 40.0);
        if near {
            let at = pos2(mark.x, frame.top() + 18.0);
            boxed_text(&painter, t, &font, &mark.marker.label, at, mark.color, frame);
        }
    }
}

fn line_ui(painter: &Painter, mark: &Placed<'_>, frame: Rect) {
    let ends = [pos2(mark.x, frame.top()), pos2(mark.x, frame.bottom())];
    let (width, dash, gap) = match mark.marker.kind {
        MarkerKind::Edit | MarkerKind::Fork => (1.0, 3.0, 4.0),
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

fn boxed_text(
    painter: &Painter,
    t: &Tokens,
    font: &FontId,
    text: &str,
    at: Pos2,
    color: Color32,
    within: Rect,
) {
    let galley = painter.layout_no_wrap(text.to_owned(), font.clone(), t.text);
    let size = galley.size() + vec2(14.0, 6.0);
    let left =
        (at.x - size.x * 0.5).clamp(within.left(), (within.right() - size.x).max(within.left()));
    let rect = Rect::from_min_size(pos2(left, at.y), size);
    painter.rect(rect, 4.0, t.card, Stroke::new(1.0, color), eframe::egui::StrokeKind::Inside);
    painter.galley(rect.center() - galley.size() * 0.5, galley, t.text);
}

/// One lane's line in the card.
struct Row {
    lane: usize,
    values: Vec<Option<Point>>,
}

/// Draws the crosshair and the card of all lanes' values at `x` (on the scene's axis). The card lies
/// beside the cursor where there is room, and always inside the plot.
pub(super) fn cursor_ui(
    ui: &Ui,
    scene: &CurveScene<'_>,
    transform: &PlotTransform,
    pointer: Option<Pos2>,
    x: f64,
) {
    let t = tokens(ui);
    let frame = *transform.frame();
    let painter = over(ui, frame);
    let x = snapped(scene, x);
    let Some(place) = scene.axes.x_scale.place(x) else { return };
    let at = transform.position_from_point(&PlotPoint::new(place, 0.0)).x;
    if !frame.x_range().contains(at) {
        return;
    }
    painter.vline(at, frame.y_range(), Stroke::new(1.0, t.faint));
    let titles = column_titles(scene);
    let rows = rows(scene, &titles, x);
    if rows.is_empty() {
        return;
    }
    dots_ui(&painter, scene, transform, &rows, t);
    card_ui(
        ui,
        scene,
        frame,
        pos2(at, pointer.map_or(frame.center().y, |p| p.y)),
        x,
        &titles,
        &rows,
    );
}

/// The place whose numbers are told: on the axis of steps a whole step, elsewhere where the cursor is.
fn snapped(scene: &CurveScene<'_>, x: f64) -> f64 {
    let whole = x.round().max(0.0);
    let has_place = scene.axes.x == XAxis::Step && scene.axes.x_scale.place(whole).is_some();
    if has_place { whole } else { x }
}

/// The names of all kinds of lines, each once, in order.
fn column_titles<'a>(scene: &CurveScene<'a>) -> Vec<&'a str> {
    let mut titles = Vec::new();
    let lines = scene.lanes.iter().filter(|lane| lane.shown).flat_map(|lane| lane.lines);
    for line in lines.filter(|line| line.look.is_told()) {
        if !titles.contains(&line.title) {
            titles.push(line.title);
        }
    }
    titles
}

fn rows(scene: &CurveScene<'_>, titles: &[&str], x: f64) -> Vec<Row> {
    let shown = scene.lanes.iter().enumerate().filter(|(_, lane)| lane.shown);
    shown
        .map(|(index, lane)| {
            let step = lane.axes.step_at(x, scene.axes.x).round().max(0.0) as u64;
            let value = |title: &&str| {
                if step < lane.first_step {
                    return None;
                }
                let line =
                    lane.lines.iter().find(|line| line.title == *title && line.look.is_told())?;
                line.samples.at(step)
            };
            Row { lane: index, values: titles.iter().map(value).collect() }
        })
        .collect()
}

/// A mark on each lane's main line, where the number told was measured: at the cursor or before it.
fn dots_ui(
    painter: &Painter,
    scene: &CurveScene<'_>,
    transform: &PlotTransform,
    rows: &[Row],
    t: &Tokens,
) {
    for row in rows {
        let lane = &scene.lanes[row.lane];
        let Some(point) = row.values.iter().rev().flatten().next() else { continue };
        let x = scene.axes.x_scale.place(lane.axes.x(point.step as f64, scene.axes.x));
        let Some((x, y)) = x.zip(scene.axes.y_scale.place(point.value)) else { continue };
        let at = transform.position_from_point(&PlotPoint::new(x, y));
        if transform.frame().contains(at) {
            painter.circle_filled(at, 5.0, t.panel);
            paint_marker(painter, lane.look.marker, at, 3.5, lane.color);
        }
    }
}

#[allow(clippy::too_many_arguments, reason = "one caller; the parts of one picture")]
fn card_ui(
    ui: &Ui,
    scene: &CurveScene<'_>,
    frame: Rect,
    at: Pos2,
    x: f64,
    titles: &[&str],
    rows: &[Row],
) {
    let t = tokens(ui);
    let painter = ui.painter();
    let number = number_style().resolve(ui.style());
    let small = small_style().resolve(ui.style());
    let row_height =
        ui.text_style_height(&number_style()).max(ui.text_style_height(&small_style())) + 3.0;
    let layout =
        |text: String, font: &FontId, color| painter.layout_no_wrap(text, font.clone(), color);
    let digit = layout("0".to_owned(), &number, t.text).size().x;
    let column = digit * 9.0;
    let mark = row_height;
    let head = layout(head_text(scene, x), &number, t.dim);
    let width_of = |name: f32, columns: usize| {
        (mark + name + 10.0 + column * columns as f32).max(head.size().x) + 20.0
    };
    let names_of = |most: usize| -> Vec<_> {
        let name = |row: &Row| elided(scene.lanes[row.lane].name, most);
        rows.iter().map(|row| layout(name(row), &small, t.text)).collect()
    };
    let widest = |names: &[Arc<Galley>]| names.iter().map(|g| g.size().x).fold(0.0, f32::max);
    // Where all of it finds no room, names are shortened first, then single batches left out.
    let room = frame.width() - 8.0;
    let ways = [24, 12, 6].into_iter().flat_map(|most| (0..titles.len()).map(move |d| (d, most)));
    let mut ways: Vec<(usize, usize)> = ways.collect();
    ways.sort_by_key(|(dropped, _)| *dropped);
    let fits = |&(dropped, most): &(usize, usize)| {
        width_of(widest(&names_of(most)), titles.len() - dropped) <= room
    };
    let (dropped, most) = ways.iter().copied().find(fits).unwrap_or((titles.len() - 1, 6));
    let (titles, names) = (&titles[dropped..], names_of(most));
    let width = width_of(widest(&names), titles.len());
    if width > frame.width() {
        return;
    }
    let title_row = usize::from(titles.len() > 1);
    let height = row_height * (rows.len() + 1 + title_row) as f32 + 14.0;
    let rect = beside(at, vec2(width, height), frame);
    painter.rect(
        rect,
        6.0,
        t.card.gamma_multiply(0.97),
        Stroke::new(1.0, t.edge),
        eframe::egui::StrokeKind::Inside,
    );
    let line = |i: usize| rect.top() + 7.0 + row_height * i as f32;
    painter.galley(pos2(rect.left() + 10.0, line(0)), head, t.dim);
    let right = |c: usize| rect.right() - 10.0 - column * (titles.len() - 1 - c) as f32;
    if title_row == 1 {
        for (c, title) in titles.iter().enumerate() {
            painter.text(pos2(right(c), line(1)), Align2::RIGHT_TOP, title, small.clone(), t.faint);
        }
    }
    for (i, (row, name)) in rows.iter().zip(names).enumerate() {
        let lane = &scene.lanes[row.lane];
        let top = line(i + 1 + title_row);
        let middle = top + row_height * 0.5 - 1.5;
        paint_marker(
            painter,
            lane.look.marker,
            pos2(rect.left() + 10.0 + mark * 0.3, middle),
            row_height * 0.24,
            lane.color,
        );
        painter.galley(
            pos2(rect.left() + 10.0 + mark * 0.9, middle - name.size().y * 0.5),
            name,
            t.text,
        );
        for (c, value) in row.values[dropped..].iter().enumerate() {
            let value = value.map(|point| point.value);
            let text = value.map_or_else(|| "—".to_owned(), fixed);
            let color = match value {
                Some(v) if !v.is_finite() => t.bad,
                Some(_) => t.text,
                None => t.faint,
            };
            painter.text(pos2(right(c), middle), Align2::RIGHT_CENTER, text, number.clone(), color);
        }
    }
}

/// Where the cursor is; and, where that is one and the same for all shown lanes, the epoch of that
/// step or the step of that place. Lanes of different batch sizes have no epoch in common.
fn head_text(scene: &CurveScene<'_>, x: f64) -> String {
    let name = scene.axes.x_name();
    let main = match scene.axes.x {
        XAxis::Step | XAxis::Samples => format!("{name} {}", count(x.round().max(0.0) as u64)),
        XAxis::Epoch | XAxis::Time => format!("{name} {}", short((x * 1000.0).round() / 1000.0)),
    };
    let mut others = scene.lanes.iter().filter(|lane| lane.shown).map(|lane| {
        let step = lane.axes.step_at(x, scene.axes.x);
        match scene.axes.x {
            XAxis::Step if !scene.axes.has_epochs => String::new(),
            XAxis::Step => {
                let epoch = lane.axes.x(step, XAxis::Epoch);
                format!(" · epoch {}", short((epoch * 100.0).round() / 100.0))
            }
            _ => format!(" · step {}", count(step.round().max(0.0) as u64)),
        }
    });
    let other = others.next().unwrap_or_default();
    if others.all(|another| another == other) { main + &other } else { main }
}

/// Beside `at`, to the right if there is room, else to the left, and within `frame` in any case.
fn beside(at: Pos2, size: Vec2, frame: Rect) -> Rect {
    let gap = 12.0;
    let right = at.x + gap;
    let left = if right + size.x <= frame.right() { right } else { at.x - gap - size.x };
    let hold = |value: f32, range: Rangef, extent: f32| {
        value.min(range.max - extent - 2.0).max(range.min + 2.0)
    };
    let left = hold(left, frame.x_range(), size.x);
    let top = hold(at.y - size.y * 0.5, frame.y_range(), size.y);
    Rect::from_min_size(pos2(left, top), size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Axes, Curve};
    use crate::ui::plot::{AxisScale, AxisSettings, CurveLine, LaneCurves, LineLook, Samples};
    use crate::ui::theme::lane_look;

    /// What the card says at step 6 of lanes with so many steps an epoch.
    fn head(steps_per_epoch: &[usize], has_epochs: bool) -> String {
        let axes: Vec<Axes> = steps_per_epoch.iter().map(|steps| Axes::new(*steps, 1)).collect();
        let lane = |axes| LaneCurves {
            name: "lane",
            color: Color32::WHITE,
            look: lane_look(0),
            axes,
            lines: &[],
            shown: true,
            first_step: 0,
            diverged: false,
        };
        let lanes: Vec<_> = axes.iter().map(lane).collect();
        head_text(&scene(&lanes, has_epochs), 6.0)
    }

    fn scene<'a>(lanes: &'a [LaneCurves<'a>], has_epochs: bool) -> CurveScene<'a> {
        let axes = AxisSettings {
            x: XAxis::Step,
            x_scale: AxisScale::Linear,
            y_scale: AxisScale::Linear,
            y_title: "loss",
            has_epochs,
            planned_end: None,
        };
        CurveScene { lanes, ghosts: &[], markers: &[], baseline: None, axes }
    }

    #[test]
    fn an_epoch_is_told_where_there_are_epochs_and_all_lanes_have_the_same() {
        assert_eq!(head(&[12, 12], true), "step 6 · epoch 0.5");
        assert_eq!(head(&[12, 3], true), "step 6", "no lane's epoch is everyone's");
        assert_eq!(head(&[1, 1], false), "step 6", "a surface has none");
    }

    #[test]
    fn the_number_told_is_marked_where_it_was_measured() {
        let mut curve = Curve::new();
        for (step, value) in [(0, 4.0), (60, 2.0), (120, 1.0)] {
            curve.push(step, value);
        }
        let axes = Axes::new(60, 1);
        let lines =
            [CurveLine { title: "value", samples: Samples::Some(&curve), look: LineLook::Bold }];
        let lane = LaneCurves {
            name: "lane",
            color: Color32::WHITE,
            look: lane_look(0),
            axes: &axes,
            lines: &lines,
            shown: true,
            first_step: 0,
            diverged: false,
        };
        let lanes = [lane];
        let scene = scene(&lanes, true);
        assert_eq!(snapped(&scene, 98.4), 98.0, "the card tells whole steps");
        let rows = rows(&scene, &["value"], 98.0);
        assert_eq!(rows[0].values[0].map(|p| (p.step, p.value)), Some((60, 2.0)));
    }
}
