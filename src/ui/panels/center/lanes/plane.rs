//! Points of two classes or more on a plane, with what the model says around them.
//!
//! Training rows are filled, held-out rows hollow; a ring says that the model takes a row for another
//! class, by the whole row, wherever it lies on the plane. Lines that fade are the boundary at earlier
//! steps. Invariant: rings are counted in words above the picture.
//!
//! Deliberately not here: the regions' picture ([`crate::ui::tiles`]), which is made once an output.

use std::collections::BTreeMap;
use std::sync::Arc;

use eframe::egui::{
    Color32, Label, Painter, PointerButton, Pos2, Rect, Response, RichText, Sense, Stroke, Theme,
    Ui,
};

use crate::metrics::predicted_class;
use crate::session::{Action, Lane, RowOutputs, Trace};
use crate::train::{PictureKind, PictureRequest, RowSet};
use crate::ui::theme::{
    Crowd, Palette, line_width, mix, paint_class, palette, small_style, theme_of, tokens, tokens_of,
};
use crate::ui::tiles::{Plane, Regions, Stamp, Stamps, Still, answer, line_shapes, paint_line};
use crate::ui::widgets::{link_button, score, with_minus};

use super::judged::{captioned, describe, every_of};
use super::line_of;
use super::points::{Point, Points};
use super::tile::{shaped, shaped_equal};
use crate::ui::dialogs::Dialog;
use crate::ui::frame::Frame;

/// The regions' picture, and the map and colours it was made of.
type RegionsCache = Option<(Arc<[f32]>, Palette, Regions)>;

/// How many earlier boundaries are drawn at most.
pub(super) const EARLIER: usize = 6;

/// What the picture keeps between frames.
#[derive(Debug, Default)]
pub(super) struct PlaneCache {
    /// The shape of the picture on the screen, once it was drawn.
    pub(super) shape: Option<f64>,
    pub(super) regions: RegionsCache,
    pub(super) rows: RowsCache,
    boundary: Still,
    earlier: [Still; EARLIER],
}

/// What is kept of the points and of what the model takes them for.
#[derive(Debug, Default)]
pub(super) struct RowsCache {
    training: Stamps,
    held_out: Stamps,
    rings: Stamps,
    pub(super) wrong: Option<Arc<Wrong>>,
}

/// What the model says of a set, once it is known.
type Outputs = Option<Arc<[f64]>>;

/// Which rows are taken for another class, and the outputs and points that say so.
#[derive(Debug)]
pub(super) struct Wrong {
    points: Arc<Points>,
    outputs: [Outputs; 2],
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
    refresh_wrong(&mut cache.rows.wrong, points, lane);
    let what = format!("Regions of {}", lane.name());
    let wrong = cache.rows.wrong.as_deref();
    let upper = caption_ui(ui, frame, wrong, points, lane, (rect, &what));
    let upper = if points.unit.is_some() { shaped_equal(upper) } else { shaped(upper) };
    let foot = if line.is_some() { ui.text_style_height(&small_style()) + 4.0 } else { 0.0 };
    let (upper, lower) = upper.split_top_bottom_at_y(upper.bottom() - foot);
    let names = [points.names[0].as_str(), points.names[1].as_str()];
    let plane = Plane::with_equal_axes(ui, upper, [points.x, points.y], points.unit, names);
    cache.shape = Some(f64::from(plane.rect.width() / plane.rect.height()));
    let painter = ui.painter().with_clip_rect(plane.rect);
    let map = MapOn::of(lane, points, &plane);
    refresh_regions(ui, &mut cache.regions, map.as_ref());
    if let (Some((.., regions)), Some(map)) = (&cache.regions, &map) {
        regions.paint(&painter, &map.place);
        if frame.window.center.choice.earlier {
            paint_earlier(&painter, &mut cache.earlier, &plane, lane, theme);
        }
    }
    paint_points(ui.painter(), &mut cache.rows, points, &plane, theme);
    let trace = lane.pictures().trace.as_ref().zip(map.as_ref());
    match (&line, trace) {
        (Some(line), _) => {
            let stroke = Stroke::new(line_width(2.0), tokens(ui).ink);
            paint_line(&painter, &plane, [line.w1, line.w2, line.b], stroke);
        }
        (None, Some((trace, map))) => {
            let stroke = Stroke::new(line_width(2.0), tokens_of(theme).ink);
            let key = (stroke_key(stroke), map.place.key());
            let shapes = || line_shapes(&trace.lines, &map.place, stroke);
            cache.boundary.paint(&painter, &trace.lines, key, shapes);
        }
        (None, None) => {}
    }
    if frame.window.experiment.painted_class().is_some() {
        brush_ui(ui, frame, &plane);
    } else {
        hover_ui(ui, points, lane, &plane, map.as_ref());
    }
    if let Some(line) = line {
        let mut foot = ui.new_child(eframe::egui::UiBuilder::new().max_rect(lower));
        foot.horizontal(|ui| {
            let sign = if -line.w1 / line.w2 < 0.0 { "−" } else { "+" };
            let (base, slope) = (-line.b / line.w2, (line.w1 / line.w2).abs());
            let text = with_minus(&format!("y = {base:.3} {sign} {slope:.3}·x"));
            let text = RichText::new(text).text_style(small_style()).color(tokens(ui).dim);
            ui.add(Label::new(text).truncate());
            if link_button(ui, "why?").clicked() {
                frame.window.dialog = Some(Dialog::Line(lane.id));
            }
        });
    }
}

/// A line's look, to tell pictures by.
pub(super) fn stroke_key(stroke: Stroke) -> (u32, Color32) {
    (stroke.width.to_bits(), stroke.color)
}

/// A map of what the model says, on the screen.
pub(super) struct MapOn<'a> {
    outputs: &'a Arc<[f32]>,
    width: usize,
    cells: (usize, usize),
    /// All of it; the picture may show a part.
    pub(super) place: Plane,
}

impl<'a> MapOn<'a> {
    /// The lane's map, if it is one of the plane that the points lie on.
    pub(super) fn of(lane: &'a Lane, points: &Points, on: &Plane) -> Option<Self> {
        let picture = lane.pictures().regions.as_ref()?;
        let PictureKind::Regions { request, outputs, width, .. } = &picture.kind else {
            return None;
        };
        let PictureRequest::Regions { plane, x, y, cells } = request else { return None };
        let place = on.beside([*x, *y]);
        let cells = *cells;
        (*plane == points.plane).then_some(Self { outputs, width: (*width).max(1), cells, place })
    }

    /// What the model says at a point.
    fn at(&self, [x, y]: [f64; 2]) -> Option<&'a [f32]> {
        let cell = |value: f64, (low, high): (f64, f64), cells: usize| {
            (((value - low) / (high - low) * cells as f64) as usize).min(cells.saturating_sub(1))
        };
        let (i, j) = (cell(x, self.place.x, self.cells.0), cell(y, self.place.y, self.cells.1));
        self.outputs.chunks_exact(self.width).nth(j * self.cells.0 + i)
    }
}

/// What is wrong, and what the plane does not show, in words above the picture; the room below.
pub(super) fn caption_ui(
    ui: &mut Ui,
    frame: &Frame<'_>,
    wrong: Option<&Wrong>,
    points: &Points,
    lane: &Lane,
    (rect, what): (Rect, &str),
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
    let steps: Vec<String> = earlier.iter().flatten().map(|t| t.step.to_string()).collect();
    let mut name = what.to_owned();
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

/// Earlier boundaries, oldest first.
fn earlier_of(lane: &Lane) -> Vec<&Trace> {
    let Some(picture) = &lane.pictures().regions else { return Vec::new() };
    let PictureKind::Regions { request, .. } = &picture.kind else { return Vec::new() };
    lane.traces().before(request, picture.step, EARLIER)
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
    for (age, trace) in earlier.into_iter().rev().enumerate() {
        let stroke = Stroke::new(line_width(1.3), mix(colors.panel, colors.ink, fade(age)));
        let (lines, place) = (&trace.lines, plane.beside(trace.ranges));
        let key = (stroke_key(stroke), place.key());
        stills[age].paint(painter, lines, key, || line_shapes(lines, &place, stroke));
    }
}

/// The rows, and marks of those that are taken for another class; at the plane's edge they are whole.
pub(super) fn paint_points(
    painter: &Painter,
    cache: &mut RowsCache,
    points: &Arc<Points>,
    plane: &Plane,
    theme: Theme,
) {
    let (radius, key) = (radius_of(points, plane), plane.key());
    let size = radius + line_width(2.2);
    let painter = &painter.with_clip_rect(plane.rect.expand(size + 2.0));
    let all = |of: &[Point], look: fn(usize) -> Stamp| -> Vec<(Pos2, Stamp)> {
        // The looks of classes repeat.
        let look = |class: usize| look(class % crate::ui::theme::CLASS_COUNT);
        of.iter().map(|p| (plane.at(p.place[0], p.place[1]), look(p.class))).collect()
    };
    let look = (theme, radius);
    cache.training.paint(painter, (points, key), look, || all(&points.train, Stamp::Filled));
    cache.held_out.paint(painter, (points, key), look, || all(&points.held_out, Stamp::Hollow));
    if let Some(wrong) = &cache.wrong {
        let rings = || {
            let of = |points: &[Point], (_, wrong): &(usize, Vec<usize>)| -> Vec<Pos2> {
                let places = wrong.iter().filter_map(|at| points.get(*at)).map(|p| p.place);
                places.map(|[x, y]| plane.at(x, y)).collect()
            };
            let mut places = of(&points.train, &wrong.training);
            places.extend(of(&points.held_out, &wrong.held_out));
            let look = Stamp::Ring(crowd(&places, 2.0 * size));
            places.into_iter().map(|place| (place, look)).collect()
        };
        cache.rings.paint(painter, (wrong, key), (theme, size), rings);
    }
}

/// So few marks are rings wherever they lie.
const FEW: usize = 12;

/// How crowded marks of a size are: how many share a place of that size, seen from one of them.
fn crowd(places: &[Pos2], size: f32) -> Crowd {
    let mut cells: BTreeMap<[i64; 2], usize> = BTreeMap::new();
    for place in places.iter().filter(|place| place.is_finite()) {
        *cells.entry([place.x, place.y].map(|at| (at / size).floor() as i64)).or_default() += 1;
    }
    let together: usize = cells.values().map(|count| count * count).sum();
    match together as f64 / places.len().max(1) as f64 {
        _ if places.len() <= FEW => Crowd::Few,
        near if near < 1.7 => Crowd::Few,
        near if near < 2.8 => Crowd::Some,
        _ => Crowd::Many,
    }
}

/// The radius of points: the smaller, the more there are on the picture's area.
fn radius_of(points: &Points, plane: &Plane) -> f32 {
    let count = (points.train.len() + points.held_out.len()).max(1) as f32;
    let apart = (plane.rect.area() / count).sqrt();
    // In steps, as each size has its own stamps.
    (line_width((apart * 0.36).clamp(1.2, 2.6)) * 5.0).round() / 5.0
}

/// Counts anew what is wrong where the outputs are others than before.
pub(super) fn refresh_wrong(cache: &mut Option<Arc<Wrong>>, points: &Arc<Points>, lane: &Lane) {
    let [training, held_out] =
        [RowSet::Training, RowSet::HeldOut].map(|set| said_of(points, lane, set));
    let outputs = [training, held_out].map(|said| said.map(|said| Arc::clone(said.outputs)));
    let is_same = |(a, b): (&Outputs, &Outputs)| match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    let is_known = |wrong: &Arc<Wrong>| {
        Arc::ptr_eq(&wrong.points, points) && wrong.outputs.iter().zip(&outputs).all(is_same)
    };
    if cache.as_ref().is_some_and(is_known) {
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
    *cache = wrong(RowSet::Training, training).map(|training| {
        let held_out = wrong(RowSet::HeldOut, held_out).unwrap_or_default();
        Arc::new(Wrong { points: Arc::clone(points), outputs, training, held_out })
    });
}

/// What the model says of the rows that are points, if it is known of all of them.
fn said_of<'a>(points: &Points, lane: &'a Lane, set: RowSet) -> Option<RowOutputs<'a>> {
    let (of, data) = lane.rows(set)?;
    let said = lane.outputs(set).filter(|_| of == set)?;
    let is_whole = said.every == every_of(data) && said.rows().len() == points.of(set).len();
    is_whole.then_some(said)
}

/// Draws the regions anew where the map is another than before.
pub(super) fn refresh_regions(ui: &Ui, cache: &mut RegionsCache, map: Option<&MapOn<'_>>) {
    let Some(map) = map else {
        *cache = None;
        return;
    };
    let palette = palette(theme_of(ui));
    let is_known = |(of, colors, _): &(Arc<[f32]>, Palette, Regions)| {
        Arc::ptr_eq(of, map.outputs) && *colors == palette
    };
    if !cache.as_ref().is_some_and(is_known) {
        let regions = Regions::new(ui.ctx(), palette.theme, map.outputs, map.width, map.cells.0);
        *cache = Some((Arc::clone(map.outputs), palette, regions));
    }
}

/// What the row under the pointer is and is taken for; where there is none, what the model says there.
pub(super) fn hover_ui(
    ui: &Ui,
    points: &Points,
    lane: &Lane,
    plane: &Plane,
    map: Option<&MapOn<'_>>,
) {
    let response: Response = ui.interact(plane.rect, ui.scope_id().with("place"), Sense::hover());
    let Some(pointer) = response.hover_pos() else { return };
    let reach = radius_of(points, plane) + 3.0;
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
        None => place_text(map, points, lane, plane.point(pointer)),
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
    map: Option<&MapOn<'_>>,
    points: &Points,
    lane: &Lane,
    [x, y]: [f64; 2],
) -> Option<String> {
    let said = map?.at([x, y])?;
    let (class, _) = answer(said);
    let names = class_names(lane)?;
    let name = names.get(class).map_or("?", String::as_str);
    let said: Vec<f64> = said.iter().map(|p| f64::from(*p)).collect();
    let named = points.names.iter().zip([x, y]).filter(|(name, _)| !name.is_empty());
    let place: Vec<String> =
        named.map(|(name, x)| format!("{name}: {}", crate::ui::widgets::short(x))).collect();
    Some(format!("{}\n{name} with {}", place.join(", "), percent(&said, class, 1)))
}

pub(super) fn class_names(lane: &Lane) -> Option<&[String]> {
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
