//! The card of all lanes' values at the cursor, with what happened there.

use std::ops::Range;
use std::sync::Arc;

use eframe::egui::{
    Align2, Color32, FontId, Galley, Painter, Pos2, Rangef, Rect, Stroke, Ui, Vec2, pos2, vec2,
};
use egui_plot::{PlotPoint, PlotTransform};

use super::edges::{Beyond, edge_of};
use super::overlay::{over, placed};
use super::scene::{CurveLine, CurveScene, LaneCurves, Samples};
use crate::experiment::XAxis;
use crate::series::Point;
use crate::ui::theme::{Tokens, number_style, paint_marker, small_style, tokens};
use crate::ui::widgets::{count, elided, fixed, short};

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
    beyond: &[Beyond],
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
    let place = pos2(at, pointer.map_or(frame.center().y, |p| p.y));
    let notes = notes(ui, scene, transform, beyond, at);
    card_ui(ui, scene, frame, place, x, &titles, &rows, &notes);
}

/// Steps that are looked through one by one for what is not finite.
const LOOKED_THROUGH: u64 = 2000;
/// How far from the cursor what happened is told, in points.
const REACH: f32 = 6.0;
/// Notes told at once; the others are counted.
const NOTES: usize = 8;

/// What happened near the cursor, the whole of it: each thing once, with its colour.
fn notes(
    ui: &Ui,
    scene: &CurveScene<'_>,
    transform: &PlotTransform,
    beyond: &[Beyond],
    at: f32,
) -> Vec<(String, Color32)> {
    let marks = placed(ui, scene, transform).into_iter();
    let mut notes: Vec<(String, Color32)> = marks
        .filter(|mark| {
            let [first, last] = mark.group.ends();
            (first - REACH..=last + REACH).contains(&at)
        })
        .map(|mark| (mark.group.whole(|lane| scene.lanes[lane].name), mark.color))
        .collect();
    let left = beyond.iter().filter(|beyond| (beyond.x - at).abs() <= REACH);
    notes.extend(left.map(|beyond| {
        let words = beyond.words(scene, edge_of(beyond, scene, transform));
        (words, scene.lanes[beyond.lane()].color)
    }));
    let ends = [at - REACH, at + REACH].map(|x| transform.value_from_position(pos2(x, 0.0)).x);
    for lane in scene.lanes.iter().filter(|lane| lane.shown) {
        let step = |place: f64| {
            let step = lane.axes.step_at(scene.axes.x_scale.value(place), scene.axes.x);
            step.clamp(lane.first_step as f64, 1e18)
        };
        let steps = step(ends[0]).ceil() as u64..step(ends[1]).floor() as u64 + 1;
        notes.extend(non_finite_note(lane, steps).map(|note| (note, lane.color)));
    }
    let more = notes.len().saturating_sub(NOTES);
    notes.truncate(NOTES);
    if more > 0 {
        notes.push((format!("and {more} more"), tokens(ui).dim));
    }
    notes
}

/// How many of a lane's numbers at these steps are infinite or NaN, if any are.
fn non_finite_note(lane: &LaneCurves<'_>, steps: Range<u64>) -> Option<String> {
    let found = lane.lines.iter().find_map(|line: &CurveLine<'_>| {
        let bucket = match line.samples {
            Samples::Every(series) | Samples::Less(series, _) => series.range(steps.clone()),
            Samples::Some(curve) => curve.range(steps.clone()),
            Samples::Made(..) => None,
        }?;
        (bucket.non_finite > 0).then_some((line, bucket))
    });
    let (line, bucket) = found?;
    let (title, all) = (line.title, bucket.first_step..=bucket.last_step);
    // Far away it is enough to know the column.
    let is_bad = |step: &u64| {
        let point = line.samples.at(*step).filter(|point| point.step == *step);
        point.is_some_and(|point| !point.value.is_finite())
    };
    let (first, last) = if all.end() - all.start() < LOOKED_THROUGH {
        (all.clone().find(is_bad), all.clone().rfind(is_bad))
    } else {
        (None, None)
    };
    let (first, last) = (first.unwrap_or(*all.start()), last.unwrap_or(*all.end()));
    let (count_of, name) = (bucket.non_finite, lane.name);
    Some(if first == last {
        format!("{name}: {title} at step {} is infinite or not a number", count(first))
    } else {
        let numbers = if count_of == 1 { "number is" } else { "numbers are" };
        let steps = format!("steps {} to {}", count(first), count(last));
        format!("{name}: {} {title} {numbers} infinite or not a number, {steps}", count(count_of))
    })
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
    notes: &[(String, Color32)],
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
    // Notes may widen the card up to what its numbers take at most; longer ones go on in a second line.
    let most = width.max(digit * 44.0).min(room) - 20.0 - mark * 0.9;
    let notes = Notes::new(ui, notes, most);
    let width = width.max(notes.width() + 20.0 + mark * 0.9);
    let title_row = usize::from(titles.len() > 1);
    let numbers = row_height * (rows.len() + 1 + title_row) as f32 + 14.0;
    let height = numbers + notes.height();
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
            let (text, color) = told(*value, t);
            painter.text(pos2(right(c), middle), Align2::RIGHT_CENTER, text, number.clone(), color);
        }
    }
    notes.paint(painter, pos2(rect.left() + 10.0, rect.top() + numbers - 5.0), mark * 0.9);
}

/// A number as the card tells it, and its colour.
fn told(value: Option<Point>, t: &Tokens) -> (String, Color32) {
    match value.map(|point| point.value) {
        Some(value) if !value.is_finite() => (fixed(value), t.bad),
        Some(value) => (fixed(value), t.text),
        None => ("—".to_owned(), t.faint),
    }
}

/// What happened, laid out.
struct Notes {
    lines: Vec<(Arc<Galley>, Color32)>,
}

impl Notes {
    /// At most so wide.
    fn new(ui: &Ui, notes: &[(String, Color32)], most: f32) -> Self {
        let small = small_style().resolve(ui.style());
        let ink = tokens(ui).text;
        let lay = |text: &String| ui.painter().layout(text.clone(), small.clone(), ink, most);
        Self { lines: notes.iter().map(|(text, color)| (lay(text), *color)).collect() }
    }

    fn width(&self) -> f32 {
        self.lines.iter().map(|(galley, _)| galley.size().x).fold(0.0, f32::max)
    }

    fn height(&self) -> f32 {
        self.lines.iter().map(|(galley, _)| galley.size().y + 3.0).sum()
    }

    /// Below each other, each with a bar of its colour in front.
    fn paint(self, painter: &Painter, mut at: Pos2, indent: f32) {
        for (galley, color) in self.lines {
            let height = galley.size().y;
            let bar = Rect::from_min_size(at + vec2(0.0, 1.0), vec2(3.0, height));
            painter.rect_filled(bar, 1.0, color);
            painter.galley(at + vec2(indent, 0.0), galley, color);
            at.y += height + 3.0;
        }
    }
}

/// Where the cursor is; and, where that is one and the same for all shown lanes, the epoch of that
/// step or the step of that place. Lanes of different batch sizes have no epoch in common.
fn head_text(scene: &CurveScene<'_>, x: f64) -> String {
    let name = scene.axes.x_name();
    let main = match scene.axes.x {
        XAxis::Step | XAxis::Samples | XAxis::Evaluations => {
            format!("{name} {}", count(x.round().max(0.0) as u64))
        }
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
    use crate::ui::plot::{AxisScale, AxisSettings, LineLook};
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
            robust: false,
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
