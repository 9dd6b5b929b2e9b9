//! The landscape itself: from above as a map, or as a bowl.

use std::sync::Arc;

use eframe::egui::{
    Align2, Color32, EventFilter, Key, Mesh, Painter, Pos2, Rect, Response, Role, Sense, Shape,
    Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::lab::Window;
use crate::session::{Action, Chart, Lane};
use crate::ui::panels::fields::text_width;
use crate::ui::theme::{Theme, palette, small_style, theme_of, tokens};
use crate::ui::tiles::{
    Bowl, Camera, HeatMap, Plane, Relief, beyond, heat, inherited_stroke, pieces,
};
use crate::ui::widgets::{AxisNumbers, elided, short};

use super::marks::{
    RADIUS, SHORT, Track, paint_gone, paint_here, paint_inherited, paint_start, paint_thrusts,
    paint_way,
};
use super::{Scene, start_at};
use crate::ui::frame::Frame;

/// Numbers beside the colour bar.
const TICKS: usize = 5;
/// How far a press of an arrow key turns, in points of a drag.
const KEY_DRAG: f32 = 12.0;
/// Letters of a lane's name under the pointer.
const NAME: usize = 40;

/// Draws the map.
pub(super) fn map_ui(ui: &mut Ui, frame: &mut Frame<'_>, scene: &Scene<'_>, rect: Rect) {
    let theme = theme_of(ui);
    let rect = bar_ui(ui, &scene.relief, rect);
    let names = fitting_names(ui, &scene.chart.names, rect.width());
    let window = scene.chart.window;
    let (ranges, names) = (window.ranges(), [names[0].as_str(), names[1].as_str()]);
    let plane = Plane::with_nearly_equal_axes(ui, rect, ranges, window.unit(), names);
    let shape = f64::from(plane.rect.width() / plane.rect.height());
    if frame.session.landscape().shape() != Some(shape) {
        frame.push(Action::ShapeLandscape(shape));
    }
    frame.window.center.landscape.seen = Some(Window { x: plane.x, y: plane.y });
    let painter = ui.painter().with_clip_rect(plane.rect.intersect(ui.clip_rect()));
    let cache = &mut frame.window.center.landscape.map;
    if cache.as_ref().is_none_or(|(key, map)| *key != scene.key || !map.is_for(theme)) {
        let map = HeatMap::new(ui.ctx(), theme, &scene.relief);
        *cache = Some((scene.key.clone(), map));
    }
    if let Some((_, map)) = cache {
        map.paint(&painter, &plane.beside(scene.key.window.ranges()));
    }
    for minimum in scene.minima {
        cross(&painter, plane.at(minimum[0], minimum[1]), tokens(ui).ink);
    }
    // Below all paths: where the parent is shown, its own path lies there.
    for track in &scene.tracks {
        for piece in pieces(&plane, track.inherited.iter().copied(), SHORT) {
            paint_inherited(&painter, piece, theme);
        }
    }
    for track in &scene.tracks {
        if let Some(first) = track.points.first().filter(|first| plane.holds(**first)) {
            paint_start(&painter, track, plane.at(first[0], first[1]), theme);
        }
        for piece in pieces(&plane, track.points.iter().copied(), SHORT) {
            paint_way(&painter, piece, track.color(theme), theme);
        }
    }
    let mut here: Vec<(&Track<'_>, Pos2)> = Vec::new();
    let mut gone: Vec<(&Track<'_>, Pos2)> = Vec::new();
    for track in &scene.tracks {
        if plane.holds(track.here) {
            here.push((track, plane.at(track.here[0], track.here[1])));
        } else if let Some(arrow) = beyond(&plane, track.here) {
            paint_gone(&painter, track, arrow, theme);
            gone.push((track, arrow.0));
        }
    }
    paint_thrusts(&painter, &here, theme, |[x, y]| {
        let origin = plane.at(plane.x.0, plane.y.0);
        plane.at(plane.x.0 + x, plane.y.0 + y) - origin
    });
    for (track, place) in &here {
        paint_here(&painter, track, *place, theme);
    }
    here.extend(gone);
    let response = canvas(ui, plane.rect, "Map of the loss");
    if let Some(pointer) = response.hover_pos() {
        let point = plane.point(pointer);
        if response.clicked() {
            start_at(frame, point);
        }
        tell(response, frame, &here, pointer, point);
    }
}

/// Draws the bowl.
pub(super) fn bowl_ui(ui: &mut Ui, frame: &mut Frame<'_>, scene: &Scene<'_>, rect: Rect) {
    let theme = theme_of(ui);
    let rect = bar_ui(ui, &scene.relief, rect);
    let response = canvas(ui, rect, "The loss as a bowl");
    let camera =
        frame.window.center.landscape.camera.get_or_insert_with(|| looking_at_paths(scene, rect));
    if response.dragged() {
        camera.drag(response.drag_delta());
    }
    if response.contains_pointer() {
        // The wheel is used up here: what is around does not scroll.
        let wheel = ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.y));
        let pinch = ui.input(eframe::egui::InputState::zoom_delta);
        camera.scale((wheel * 0.004).exp() * pinch);
    }
    if response.has_focus() {
        turn_by_keys(ui, &response, camera);
    }
    let camera = *camera;
    let bowl = Bowl::new(&scene.relief, camera, rect);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let cache = &mut frame.window.center.landscape.mesh;
    let is_fresh = cache.as_ref().is_some_and(|(key, of, from, place, _)| {
        *key == scene.key && *of == palette(theme) && *from == camera && *place == rect
    });
    if !is_fresh {
        *cache = Some((scene.key.clone(), palette(theme), camera, rect, bowl.mesh(theme)));
    }
    for line in bowl.stand() {
        painter.line_segment(line, Stroke::new(1.0, tokens(ui).line));
    }
    if let Some((.., mesh)) = cache {
        painter.add(Shape::Mesh(Arc::<Mesh>::clone(mesh)));
    }
    axes(ui, &painter, &bowl, scene.chart);
    for minimum in scene.minima {
        let [x, y] = part(scene.chart, *minimum);
        if let Some(on) = bowl.surface(x, y) {
            let ink = tokens(ui).ink;
            let is_hidden = bowl.hides(on);
            cross(&painter, bowl.place(on), if is_hidden { ink.gamma_multiply(0.5) } else { ink });
        }
    }
    for track in &scene.tracks {
        inherited_on_bowl(&painter, &bowl, scene.chart, track, theme);
    }
    for track in &scene.tracks {
        path_on_bowl(&painter, &bowl, scene.chart, track, theme);
    }
    let here: Vec<(&Track<'_>, Pos2)> = scene
        .tracks
        .iter()
        .filter_map(|track| {
            let [x, y] = part(scene.chart, track.here);
            let share = scene.relief.at([x, y])?.clamp(0.0, 1.0);
            // A ball lies on the ground, not in it.
            Some((track, bowl.place([x, y, share]) - vec2(0.0, RADIUS)))
        })
        .collect();
    paint_thrusts(&painter, &here, theme, |[dx, dy]| {
        let [x, y] = part(scene.chart, [scene.chart.window.x.0 + dx, scene.chart.window.y.0 + dy]);
        bowl.place([x, y, 0.0]) - bowl.place([0.0, 0.0, 0.0])
    });
    for (track, place) in &here {
        paint_here(&painter, track, *place, theme);
    }
    if let Some(pointer) = response.hover_pos()
        && let Some([x, y]) = bowl.pick(pointer)
    {
        let window = scene.chart.window;
        let between = |part: f32, (low, high): (f64, f64)| low + f64::from(part) * (high - low);
        let point = [between(x, window.x), between(y, window.y)];
        if response.clicked() {
            start_at(frame, point);
        }
        if !response.dragged() {
            tell(response, frame, &here, pointer, point);
        }
    }
}

/// Turns and scales the bowl by the arrow keys, plus and minus.
fn turn_by_keys(ui: &Ui, response: &Response, camera: &mut Camera) {
    let arrows =
        EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    let presses = |key: Key| ui.input(|input| input.num_presses(key)) as f32;
    let right = presses(Key::ArrowRight) - presses(Key::ArrowLeft);
    let down = presses(Key::ArrowDown) - presses(Key::ArrowUp);
    camera.drag(vec2(right, down) * KEY_DRAG);
    let nearer = presses(Key::Plus) + presses(Key::Equals) - presses(Key::Minus);
    camera.scale(1.1_f32.powf(nearer));
    let edge = Stroke::new(1.0, tokens(ui).accent);
    ui.painter().rect_stroke(response.rect, 4.0, edge, StrokeKind::Inside);
}

/// From the side from which most of the paths is seen.
fn looking_at_paths(scene: &Scene<'_>, rect: Rect) -> Camera {
    let seen = |turn: f32| {
        let camera = Camera { turn, ..Camera::default() };
        let bowl = Bowl::new(&scene.relief, camera, rect);
        let points = scene.tracks.iter().flat_map(|track| track.points.iter().step_by(8));
        let on = points.filter_map(|point| {
            let [x, y] = part(scene.chart, *point);
            bowl.surface(x, y)
        });
        on.filter(|on| !bowl.hides(*on)).count()
    };
    let first = Camera::default().turn;
    let turns = (0..8_u8).map(|i| first + f32::from(i) * std::f32::consts::FRAC_PI_4);
    // Of sides that are as good, the first.
    let best = turns.rev().max_by_key(|turn| seen(*turn));
    Camera { turn: best.unwrap_or(first), ..Camera::default() }
}

/// The place that takes clicks and drags.
fn canvas(ui: &Ui, rect: Rect, name: &str) -> Response {
    let response = ui.interact(rect, ui.scope_id().with(name), Sense::click_and_drag());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Image, enabled, name));
    response
}

/// What is under the pointer: a lane, or the loss there.
fn tell(
    response: Response,
    frame: &Frame<'_>,
    here: &[(&Track<'_>, Pos2)],
    pointer: Pos2,
    point: [f64; 2],
) {
    let near = here.iter().filter(|(_, place)| place.distance(pointer) < RADIUS + 5.0);
    let text = if let Some((track, _)) =
        near.min_by(|a, b| a.1.distance(pointer).total_cmp(&b.1.distance(pointer)))
    {
        lane_says(track.lane, track)
    } else {
        let height = frame.session.landscape().sheet().and_then(|sheet| sheet.height(point));
        let height = height.map_or_else(String::new, |h| format!(": {}", short(h)));
        format!("({}, {}){height}", short(point[0]), short(point[1]))
    };
    response.on_hover_text_at_pointer(text);
}

fn lane_says(lane: &Lane, track: &Track<'_>) -> String {
    let (x, y) = (short(track.here[0]), short(track.here[1]));
    let name = elided(lane.name(), NAME);
    let mut lines = vec![format!("{name}, step {}, at ({x}, {y})", lane.shown_step())];
    if let Some(latest) = lane.latest() {
        let loss = short(latest.evaluation.full_loss);
        lines.push(format!("loss {loss} over all rows after step {}", latest.step));
    }
    if track.off > 0.0 {
        lines.push(format!("{} off the plane", short(track.off)));
    }
    lines.join("\n")
}

/// A point of the plane in parts of the window.
fn part(chart: &Chart, [x, y]: [f64; 2]) -> [f32; 2] {
    let part = |value: f64, (low, high): (f64, f64)| ((value - low) / (high - low)) as f32;
    [part(x, chart.window.x), part(y, chart.window.y)]
}

/// A lane's path as it lies on the surface; what is hidden is drawn faintly.
fn path_on_bowl(painter: &Painter, bowl: &Bowl, chart: &Chart, track: &Track<'_>, theme: Theme) {
    let color = track.color(theme);
    on_bowl(bowl, chart, &track.points, |places, is_hidden| {
        if is_hidden {
            painter.line(places, Stroke::new(1.2, color.gamma_multiply(0.35)));
        } else {
            paint_way(painter, places, color, theme);
        }
    });
    let first = track.points.first().map(|first| part(chart, *first));
    let start = first.and_then(|[x, y]| bowl.surface(x, y)).filter(|on| !bowl.hides(*on));
    if let Some(on) = start {
        paint_start(painter, track, bowl.place(on), theme);
    }
}

/// What a fork has from its parent, as it lies on the surface.
fn inherited_on_bowl(
    painter: &Painter,
    bowl: &Bowl,
    chart: &Chart,
    track: &Track<'_>,
    theme: Theme,
) {
    let stroke = inherited_stroke(theme);
    let faint = Stroke::new(stroke.width, stroke.color.gamma_multiply(0.4));
    on_bowl(bowl, chart, &track.inherited, |places, is_hidden| {
        painter.line(places, if is_hidden { faint } else { stroke });
    });
}

/// The pieces of a path on the surface, each with whether it is hidden.
fn on_bowl(
    bowl: &Bowl,
    chart: &Chart,
    points: &[[f64; 2]],
    mut paint: impl FnMut(Vec<Pos2>, bool),
) {
    let mut piece: Vec<Pos2> = Vec::new();
    let mut was_hidden = false;
    let mut finish = |piece: &mut Vec<Pos2>, is_hidden: bool| {
        let places = std::mem::take(piece);
        if places.len() > 1 {
            paint(places, is_hidden);
        }
    };
    let mut last: Option<Pos2> = None;
    let count = points.len();
    for (index, point) in points.iter().enumerate() {
        let [x, y] = part(chart, *point);
        let Some(on) = bowl.surface(x, y) else {
            finish(&mut piece, was_hidden);
            last = None;
            continue;
        };
        let place = bowl.place(on);
        if last.is_some_and(|last| last.distance_sq(place) < 1.5) && index + 1 < count {
            continue;
        }
        let is_hidden = bowl.hides(on);
        if is_hidden != was_hidden && !piece.is_empty() {
            piece.push(place);
            finish(&mut piece, was_hidden);
        }
        was_hidden = is_hidden;
        piece.push(place);
        last = Some(place);
    }
    finish(&mut piece, was_hidden);
}

/// The names of the axes along the two edges of the ground that are nearest.
fn axes(ui: &Ui, painter: &Painter, bowl: &Bowl, chart: &Chart) {
    let t = tokens(ui);
    let font = small_style().resolve(ui.style());
    let window = chart.window;
    let nearest = |a: [f32; 2], b: [f32; 2]| bowl.depth(a[0], a[1]) <= bowl.depth(b[0], b[1]);
    let y = if nearest([0.5, 0.0], [0.5, 1.0]) { 0.0 } else { 1.0 };
    let x = if nearest([0.0, 0.5], [1.0, 0.5]) { 0.0 } else { 1.0 };
    let edges = [
        ([0.0, y], [1.0, y], window.x, &chart.names[0]),
        ([x, 0.0], [x, 1.0], window.y, &chart.names[1]),
    ];
    let line = ui.text_style_height(&small_style());
    let mut taken: Vec<Rect> = Vec::new();
    for (from, to, range, name) in edges {
        let ground = |at: [f32; 2]| bowl.place([at[0], at[1], 0.0]);
        painter.line_segment([ground(from), ground(to)], Stroke::new(1.0, t.edge));
        let middle = [(from[0] + to[0]) * 0.5, (from[1] + to[1]) * 0.5];
        let out = (ground(middle) - ground([0.5, 0.5])).normalized();
        // Not at the very corner, where two edges meet.
        let along =
            |part: f32| [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
        let numbers = AxisNumbers::between(range.0, range.1);
        let value = |part: f64| numbers.text(rounded(range.0 + part * (range.1 - range.0), range));
        let texts = [(middle, name.clone()), (along(0.1), value(0.1)), (along(0.9), value(0.9))];
        for (at, text) in texts {
            let size = vec2(text_width(ui, &text, &small_style()), line);
            // Beside the edge, however the text lies to it.
            let off = 6.0 + out.x.abs() * size.x * 0.5 + out.y.abs() * size.y * 0.5;
            let needed = Rect::from_center_size(ground(at) + out * off, size);
            // Whole and alone, or not at all.
            let is_free = taken.iter().all(|other: &Rect| !other.intersects(needed.expand(3.0)));
            if is_free && painter.clip_rect().contains_rect(needed) {
                painter.text(needed.center(), Align2::CENTER_CENTER, text, font.clone(), t.dim);
                taken.push(needed);
            }
        }
    }
}

/// A number with no more digits than the range has.
fn rounded(value: f64, (low, high): (f64, f64)) -> f64 {
    let unit = 10f64.powf((high - low).abs().log10().floor() - 1.0);
    (value / unit).round() * unit
}

/// Names of axes that find room: shortened where they would meet what else stands there.
fn fitting_names(ui: &Ui, names: &[String; 2], width: f32) -> [String; 2] {
    let fits = |name: &str| text_width(ui, name, &small_style()) < width * 0.55;
    names.each_ref().map(|name| {
        if fits(name) {
            return name.clone();
        }
        // The number in brackets first.
        let bare = name.split(" (").next().unwrap_or(name);
        (4..=bare.chars().count())
            .rev()
            .map(|most| elided(bare, most))
            .find(|name| fits(name))
            .unwrap_or_default()
    })
}

/// Draws the colour bar at the right; what is left of the room.
fn bar_ui(ui: &Ui, relief: &Relief, rect: Rect) -> Rect {
    let theme = theme_of(ui);
    let (t, font) = (tokens(ui), small_style().resolve(ui.style()));
    let numbers = AxisNumbers::between(relief.height(0.0), relief.height(1.0));
    let shares: Vec<f64> = (0..TICKS).map(|i| i as f64 / (TICKS - 1) as f64).collect();
    let heights: Vec<f64> = shares.iter().map(|share| relief.height(*share)).collect();
    let ticks: Vec<(f64, String)> = shares.into_iter().zip(numbers.apart(&heights)).collect();
    let widest =
        ticks.iter().map(|(_, text)| text_width(ui, text, &small_style())).fold(0.0, f32::max);
    let line = ui.text_style_height(&small_style());
    let width = widest + 18.0;
    // In a narrow pane the picture needs the room more.
    if rect.width() < 3.2 * width || rect.height() < 5.0 * line {
        return rect;
    }
    let (left, right) = rect.split_left_right_at_x(rect.right() - width);
    let top = right.top() + line;
    let bar = Rect::from_min_max(
        pos2(right.left() + 4.0, top),
        pos2(right.left() + 12.0, right.bottom() - line),
    );
    let mut mesh = Mesh::default();
    let pieces = 24_u32;
    for i in 0..=pieces {
        let share = f64::from(i) / f64::from(pieces);
        let y = bar.bottom() - share as f32 * bar.height();
        mesh.colored_vertex(pos2(bar.left(), y), heat(theme, share));
        mesh.colored_vertex(pos2(bar.right(), y), heat(theme, share));
        if i > 0 {
            mesh.add_triangle(2 * i - 2, 2 * i - 1, 2 * i);
            mesh.add_triangle(2 * i - 1, 2 * i, 2 * i + 1);
        }
    }
    ui.painter().add(Shape::mesh(mesh));
    for (share, text) in ticks {
        let y = bar.bottom() - share as f32 * bar.height();
        ui.painter().text(
            pos2(bar.right() + 4.0, y),
            Align2::LEFT_CENTER,
            text,
            font.clone(),
            t.dim,
        );
    }
    left
}

/// A known minimum.
fn cross(painter: &Painter, place: Pos2, color: Color32) {
    let stroke = Stroke::new(1.5, color);
    let arm = 4.0;
    for (dx, dy) in [(arm, arm), (arm, -arm)] {
        let d = vec2(dx, dy);
        painter.line_segment([place - d, place + d], stroke);
    }
}
