//! Points of two classes or more on a plane, with what the model says around them.
//!
//! Training rows are filled, held-out rows hollow; a ring says that the model takes a row for another
//! class, by the whole row, wherever it lies on the plane. Lines that fade are the boundary at earlier
//! steps. Invariant: rings are counted in words above the picture.
//!
//! Deliberately not here: the regions' picture ([`crate::ui::tiles`]), which is made once an output.

use std::sync::Arc;

use eframe::egui::{
    Color32, Label, Painter, PointerButton, Pos2, Rect, Response, RichText, Sense, Stroke, Theme,
    Ui,
};

use crate::metrics::predicted_class;
use crate::numeric::Segment;
use crate::session::{Action, Lane, RowOutputs};
use crate::train::{Picture, PictureKind, PictureRequest, RowSet};
use crate::ui::theme::{line_width, mix, paint_class, small_style, theme_of, tokens, tokens_of};
use crate::ui::tiles::{Plane, Regions, Stamp, Stamps, Still, answer, line_shapes, paint_line};
use crate::ui::widgets::{link_button, score};

use super::judged::{captioned, describe, every_of};
use super::line_of;
use super::points::{Point, Points};
use super::tile::shaped;
use crate::ui::dialogs::Dialog;
use crate::ui::frame::Frame;

/// The regions' picture, and the picture and theme it was made of.
type RegionsCache = Option<(u64, Theme, Regions)>;

/// How many earlier boundaries are drawn at most.
pub(super) const EARLIER: usize = 6;

/// What the picture keeps between frames.
#[derive(Debug, Default)]
pub(super) struct PlaneCache {
    regions: RegionsCache,
    training: Stamps,
    held_out: Stamps,
    rings: Stamps,
    boundary: Still,
    earlier: [Still; EARLIER],
    wrong: Option<Wrong>,
}

/// Which rows are taken for another class, and the outputs and points that say so.
#[derive(Debug)]
struct Wrong {
    made_of: [usize; 3],
    /// Of each set: how many rows are judged, and those that are wrong, by their places among the points.
    training: (usize, Vec<usize>),
    held_out: (usize, Vec<usize>),
}

/// Draws points, regions and the boundary; painted points are taken in.
pub(super) fn plane_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    cache: &mut PlaneCache,
    points: &Arc<Points>,
    lane: &Lane,
    rect: Rect,
) {
    let theme = theme_of(ui);
    let line = line_of(lane);
    refresh_wrong(&mut cache.wrong, points, lane);
    let upper = shaped(caption_ui(ui, frame, cache.wrong.as_ref(), points, lane, rect));
    let foot = if line.is_some() { ui.text_style_height(&small_style()) + 4.0 } else { 0.0 };
    let (upper, lower) = upper.split_top_bottom_at_y(upper.bottom() - foot);
    let plane =
        Plane::with_axes(ui, upper, points.x, points.y, [&points.names[0], &points.names[1]]);
    let painter = ui.painter().with_clip_rect(plane.rect);
    if let Some(picture) = lane.pictures().regions.as_ref().filter(|p| is_of(p, points)) {
        refresh_regions(ui, &mut cache.regions, picture);
    } else {
        cache.regions = None;
    }
    if let Some((.., regions)) = &cache.regions {
        regions.paint(&painter, &plane);
    }
    if frame.window.center.choice.earlier {
        paint_earlier(&painter, &mut cache.earlier, &plane, lane, theme);
    }
    paint_points(&painter, cache, points, &plane, theme);
    let trace = lane.pictures().trace.as_ref().filter(|_| cache.regions.is_some());
    match (&line, trace) {
        (Some(line), _) => {
            let stroke = Stroke::new(line_width(2.0), tokens(ui).ink);
            paint_line(&painter, &plane, [line.w1, line.w2, line.b], stroke);
        }
        (None, Some(trace)) => {
            let stroke = Stroke::new(line_width(2.0), tokens_of(theme).ink);
            let key = (trace.lines.as_ptr() as usize, trace.step, stroke_key(stroke), key(&plane));
            cache.boundary.paint(&painter, key, || line_shapes(&trace.lines, &plane, stroke));
        }
        (None, None) => {}
    }
    if frame.window.experiment.painted_class().is_some() {
        brush_ui(ui, frame, &plane);
    } else {
        hover_ui(ui, cache, points, lane, &plane);
    }
    if let Some(line) = line {
        let mut foot = ui.new_child(eframe::egui::UiBuilder::new().max_rect(lower));
        foot.horizontal(|ui| {
            let sign = if -line.w1 / line.w2 < 0.0 { "−" } else { "+" };
            let text =
                format!("y = {:.3} {sign} {:.3}·x", -line.b / line.w2, (line.w1 / line.w2).abs());
            let text = RichText::new(text).text_style(small_style()).color(tokens(ui).dim);
            ui.add(Label::new(text).truncate());
            if link_button(ui, "why?").clicked() {
                frame.window.dialog = Some(Dialog::Line(lane.id));
            }
        });
    }
}

/// The plane's place on the screen, to tell pictures by.
pub(super) fn key(plane: &Plane) -> [u32; 4] {
    let Rect { min, max } = plane.rect;
    [min.x, min.y, max.x, max.y].map(f32::to_bits)
}

/// A line's look, to tell pictures by.
pub(super) fn stroke_key(stroke: Stroke) -> (u32, Color32) {
    (stroke.width.to_bits(), stroke.color)
}

/// Whether a map is of the plane that the points lie on.
fn is_of(picture: &Picture, points: &Points) -> bool {
    let PictureKind::Regions { request, .. } = &picture.kind else { return false };
    matches!(request, PictureRequest::Regions { plane, .. } if *plane == points.plane)
}

/// What is wrong, and what the plane does not show, in words above the picture; the room below.
fn caption_ui(
    ui: &mut Ui,
    frame: &Frame<'_>,
    wrong: Option<&Wrong>,
    points: &Points,
    lane: &Lane,
    rect: Rect,
) -> Rect {
    let said = wrong.map(|Wrong { training, held_out, .. }| {
        let of = |(rows, wrong): &(usize, Vec<usize>)| format!("{} of {rows}", wrong.len());
        if held_out.0 == 0 {
            return vec![format!("{} rows wrong", of(training)), format!("{} wrong", of(training))];
        }
        let few = format!("wrong: {}, held out {}", training.1.len(), held_out.1.len());
        let (training, held_out) = (of(training), of(held_out));
        let full = format!("wrong: {training} training rows, {held_out} held out (hollow)");
        vec![full, format!("wrong: {training}, held out {held_out}"), few]
    });
    let earlier = frame.window.center.choice.earlier.then(|| earlier_of(lane));
    let steps: Vec<String> = earlier.iter().flatten().map(|t| t.0.to_string()).collect();
    let mut name = format!("Regions of {}", lane.name());
    for part in said.iter().map(|said| said[0].as_str()).chain(points.unseen.map(|said| said[0])) {
        name = format!("{name}, {part}");
    }
    if !steps.is_empty() {
        name = format!("{name}, boundaries after {} updates", steps.join(", "));
    }
    describe(ui, rect, "plane", &name);
    let mut rest = rect;
    // The picture comes first where there is little room.
    let lines = rect.height() / ui.text_style_height(&small_style());
    if let Some(said) = said.as_ref().filter(|_| lines > 6.0) {
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        rest = captioned(ui, rest, &said);
    }
    if let Some([long, short]) = points.unseen.filter(|_| lines > 11.0) {
        rest = captioned(ui, rest, &[long, short]);
    }
    rest
}

/// Steps and lines of earlier boundaries, oldest first.
fn earlier_of(lane: &Lane) -> Vec<(u64, &Arc<[Segment]>)> {
    let Some(picture) = &lane.pictures().regions else { return Vec::new() };
    let PictureKind::Regions { request, .. } = &picture.kind else { return Vec::new() };
    let found = lane.traces().before(request, picture.step, EARLIER);
    found.into_iter().map(|trace| (trace.step, &trace.lines)).collect()
}

/// How much of its colour a line has that is the so many-th before the present one.
pub(super) fn fade(age: usize) -> f32 {
    0.62 * 0.72_f32.powi(age as i32)
}

/// The boundaries of earlier steps, the older the fainter.
fn paint_earlier(
    painter: &Painter,
    stills: &mut [Still; EARLIER],
    plane: &Plane,
    lane: &Lane,
    theme: Theme,
) {
    let colors = tokens_of(theme);
    let earlier = earlier_of(lane);
    for (age, (step, lines)) in earlier.into_iter().rev().enumerate() {
        let stroke = Stroke::new(line_width(1.3), mix(colors.panel, colors.ink, fade(age)));
        let key = (lines.as_ptr() as usize, step, stroke_key(stroke), key(plane));
        stills[age].paint(painter, key, || line_shapes(lines, plane, stroke));
    }
}

fn paint_points(
    painter: &Painter,
    cache: &mut PlaneCache,
    points: &Arc<Points>,
    plane: &Plane,
    theme: Theme,
) {
    let radius = radius_of(points);
    let key = (Arc::as_ptr(points) as usize, key(plane));
    let all = |of: &[Point], look: fn(usize) -> Stamp| -> Vec<(Pos2, Stamp)> {
        // The looks of classes repeat.
        let look = |class: usize| look(class % crate::ui::theme::CLASS_COUNT);
        of.iter().map(|p| (plane.at(p.place[0], p.place[1]), look(p.class))).collect()
    };
    cache.training.paint(painter, key, (theme, radius), || all(&points.train, Stamp::Filled));
    cache.held_out.paint(painter, key, (theme, radius), || all(&points.held_out, Stamp::Hollow));
    if let Some(wrong) = &cache.wrong {
        let rings = || {
            let of = |points: &[Point], (_, wrong): &(usize, Vec<usize>)| -> Vec<(Pos2, Stamp)> {
                let places = wrong.iter().filter_map(|at| points.get(*at)).map(|p| p.place);
                places.map(|[x, y]| (plane.at(x, y), Stamp::Ring)).collect()
            };
            let mut rings = of(&points.train, &wrong.training);
            rings.extend(of(&points.held_out, &wrong.held_out));
            rings
        };
        cache.rings.paint(painter, (key, wrong.made_of), (theme, radius + 2.2), rings);
    }
}

fn radius_of(points: &Points) -> f32 {
    if points.train.len() > 600 { 1.8 } else { 2.6 }
}

/// Counts anew what is wrong where the outputs are others than before.
fn refresh_wrong(cache: &mut Option<Wrong>, points: &Arc<Points>, lane: &Lane) {
    let training = said_of(points, lane, RowSet::Training);
    let held_out = said_of(points, lane, RowSet::HeldOut);
    let place = |said: Option<RowOutputs<'_>>| said.map_or(0, |o| o.outputs.as_ptr() as usize);
    let made_of = [Arc::as_ptr(points) as usize, place(training), place(held_out)];
    if cache.as_ref().is_some_and(|wrong| wrong.made_of == made_of) {
        return;
    }
    let wrong = |set: RowSet, said: Option<RowOutputs<'_>>| {
        let said = said?;
        let said = said.rows().map(predicted_class);
        let rows: Vec<bool> =
            points.of(set).iter().zip(said).map(|(point, said)| point.class != said).collect();
        let places = rows.iter().enumerate().filter(|(_, wrong)| **wrong).map(|(at, _)| at);
        Some((rows.len(), places.collect()))
    };
    *cache = wrong(RowSet::Training, training).map(|training| Wrong {
        made_of,
        training,
        held_out: wrong(RowSet::HeldOut, held_out).unwrap_or_default(),
    });
}

/// What the model says of the rows that are points, if it is known of all of them.
fn said_of<'a>(points: &Points, lane: &'a Lane, set: RowSet) -> Option<RowOutputs<'a>> {
    let (of, data) = lane.rows(set)?;
    let said = lane.outputs(set).filter(|_| of == set)?;
    let is_whole = said.every == every_of(data) && said.rows().len() == points.of(set).len();
    is_whole.then_some(said)
}

fn refresh_regions(ui: &Ui, cache: &mut RegionsCache, picture: &Picture) {
    let theme = theme_of(ui);
    let PictureKind::Regions { request, outputs, width, .. } = &picture.kind else { return };
    let PictureRequest::Regions { cells, .. } = request else { return };
    // The numbers' place in memory tells pictures apart, also of one step.
    let key = outputs.as_ptr() as u64 ^ picture.step.rotate_left(32);
    if cache.as_ref().is_none_or(|(k, t, _)| *k != key || *t != theme) {
        let regions = Regions::new(ui.ctx(), theme, outputs, *width, cells.0);
        *cache = Some((key, theme, regions));
    }
}

/// What the row under the pointer is and is taken for; where there is none, what the model says there.
fn hover_ui(ui: &Ui, cache: &PlaneCache, points: &Points, lane: &Lane, plane: &Plane) {
    let response: Response = ui.interact(plane.rect, ui.scope_id().with("place"), Sense::hover());
    let Some(pointer) = response.hover_pos() else { return };
    let reach = radius_of(points) + 3.0;
    let sets = [RowSet::HeldOut, RowSet::Training];
    let near = sets.into_iter().flat_map(|set| {
        points.of(set).iter().enumerate().map(move |(at, point)| {
            let [x, y] = point.place;
            (plane.at(x, y).distance(pointer), set, at)
        })
    });
    let nearest = near.filter(|(far, ..)| *far <= reach).min_by(|a, b| a.0.total_cmp(&b.0));
    let text = match nearest {
        Some((_, set, at)) => row_text(points, lane, set, at),
        None => place_text(cache, points, lane, plane.point(pointer)),
    };
    if let Some(text) = text {
        response.on_hover_text_at_pointer(text);
    }
}

/// "row 17, held out: class 1, taken for 0 with 71 %".
fn row_text(points: &Points, lane: &Lane, set: RowSet, at: usize) -> Option<String> {
    let point = points.of(set).get(at)?;
    let names = class_names(lane)?;
    let name = |class: usize| names.get(class).map_or("?", String::as_str);
    let kind = if set == RowSet::HeldOut { "held out" } else { "training" };
    let mut text = format!("row {}, {kind}: {}", point.row, name(point.class));
    if let Some(said) = said_of(points, lane, set)
        && let Some(said) = said.rows().nth(at)
    {
        let class = predicted_class(said);
        let verb = if class == point.class { "taken for it" } else { "taken for" };
        let whom = if class == point.class { "" } else { name(class) };
        let space = if whom.is_empty() { "" } else { " " };
        text = format!("{text}, {verb}{space}{whom} with {}", percent(said, class, 1));
    }
    Some(text)
}

/// "x1 0.3, x2 −1.2: class 1 with 83 %".
fn place_text(
    cache: &PlaneCache,
    points: &Points,
    lane: &Lane,
    [x, y]: [f64; 2],
) -> Option<String> {
    cache.regions.as_ref()?;
    let picture = lane.pictures().regions.as_ref()?;
    let PictureKind::Regions { request, outputs, width, .. } = &picture.kind else { return None };
    let PictureRequest::Regions { cells, .. } = request else { return None };
    let cell = |value: f64, (low, high): (f64, f64), cells: usize| {
        (((value - low) / (high - low) * cells as f64) as usize).min(cells.saturating_sub(1))
    };
    let (i, j) = (cell(x, points.x, cells.0), cell(y, points.y, cells.1));
    let said = outputs.chunks_exact((*width).max(1)).nth(j * cells.0 + i)?;
    let (class, _) = answer(said);
    let names = class_names(lane)?;
    let name = names.get(class).map_or("?", String::as_str);
    let said: Vec<f64> = said.iter().map(|p| f64::from(*p)).collect();
    let [across, up] = &points.names;
    let short = crate::ui::widgets::short;
    Some(format!(
        "{across}: {}, {up}: {}\n{name} with {}",
        short(x),
        short(y),
        percent(&said, class, 1)
    ))
}

fn class_names(lane: &Lane) -> Option<&[String]> {
    match &lane.rows(RowSet::Training)?.1.targets {
        crate::data::Targets::Classes { names, .. } => Some(names),
        crate::data::Targets::Values { .. } => None,
    }
}

/// How probable a class is by the outputs, "83 %"; where they are no probabilities, its score.
pub(super) fn percent(said: &[f64], class: usize, decimals: usize) -> String {
    let probability = match said {
        [one] if class == 0 => 1.0 - one,
        [one] => *one,
        many => many.get(class).copied().unwrap_or(f64::NAN),
    };
    if said.iter().any(|p| !(0.0..=1.0).contains(p)) {
        return format!("score {}", crate::ui::widgets::short(probability));
    }
    format!("{} %", score(100.0 * probability, 100.0, decimals))
}

/// Painting points with the mouse, where it is switched on.
fn brush_ui(ui: &mut Ui, frame: &mut Frame<'_>, plane: &Plane) {
    let Some(class) = frame.window.experiment.painted_class() else { return };
    let response = ui.interact(plane.rect, ui.scope_id().with("brush"), Sense::click_and_drag());
    let stroke = &mut frame.window.center.stroke;
    if let Some(place) = response.interact_pointer_pos().filter(|p| plane.rect.contains(*p)) {
        let far = stroke.last().is_none_or(|last| plane.at(last[0], last[1]).distance(place) > 7.0);
        let pressed = response.is_pointer_button_down_on() || response.clicked();
        if far && pressed && !response.dragged_by(PointerButton::Secondary) {
            stroke.push(plane.point(place));
        }
    }
    let theme = theme_of(ui);
    for [x, y] in stroke.iter() {
        paint_class(ui.painter(), class, theme, plane.at(*x, *y), 3.2);
    }
    if (response.drag_stopped() || response.clicked()) && !stroke.is_empty() {
        let points = std::mem::take(stroke);
        frame.push(Action::Paint { class, points });
    }
    response.on_hover_cursor(eframe::egui::CursorIcon::Crosshair);
}
