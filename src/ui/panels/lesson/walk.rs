//! The blind walk: a compass, heights and nothing else; then the map with the way that was gone.

use std::f64::consts::TAU;

use eframe::egui::{
    Align2, Color32, EventFilter, Key, Label, Rect, Response, RichText, Role, Sense, Shape, Stroke,
    Theme, Ui, WidgetInfo, pos2, vec2,
};

use super::super::fields::note_ui;
use crate::catalog::Chosen;
use crate::objective::{SurfaceFunction, Surfaces, surface_info};
use crate::session::{Action, LessonAction, LessonRun, WalkRun};
use crate::ui::frame::Frame;
use crate::ui::theme::{
    heading_style, lane_look, number_style, small_style, strong_style, theme_of, title_style,
    tokens,
};
use crate::ui::tiles::{Contour, Plane, paint_trail};
use crate::ui::widgets::{Icon, Knob, Rail, Spread, count, primary_button, short, tile_frame};

/// What the lesson's panel keeps between frames.
#[derive(Debug)]
pub(in crate::ui) struct LessonPanelState {
    /// How far a step of the walk goes.
    length: f64,
    /// The compass has had the focus.
    has_begun: bool,
    map: Option<Map>,
}

impl Default for LessonPanelState {
    fn default() -> Self {
        Self { length: 2.0, has_begun: false, map: None }
    }
}

/// The map of a surface over a part of the plane.
#[derive(Debug)]
struct Map {
    function: Chosen<Surfaces>,
    ranges: ((f64, f64), (f64, f64)),
    contour: Contour,
}

/// The compass, the steps so far, and the map's button.
pub(super) fn panel_ui(ui: &mut Ui, frame: &mut Frame<'_>, run: &LessonRun) {
    let Some(walk) = run.walk() else { return };
    if walk.is_revealed() {
        let (says, color) = if walk.is_met() {
            (&walk.walk().met, tokens(ui).good)
        } else {
            (&walk.walk().missed, tokens(ui).warn)
        };
        let words = format!("Lowest: {}", short(walk.lowest()));
        ui.label(RichText::new(words).text_style(strong_style()).color(color));
        ui.add(Label::new(says).wrap());
        return;
    }
    let height = walk.heights().last().copied().unwrap_or(f64::NAN);
    ui.label(RichText::new(format!("Height {}", short(height))).text_style(heading_style()));
    let told = format!("{} of {} steps left", count(walk.left()), count(walk.walk().steps));
    note_ui(ui, &told);
    let knob = Knob::new(
        "Step length",
        &mut frame.window.lesson.length,
        Rail::new(Spread::Log, 0.05, 10.0),
    )
    .label("Step length")
    .help("How far the next step goes.")
    .widths(80.0, 64.0);
    let _answer = knob.show(ui);
    compass_ui(ui, frame, walk);
    let is_over = walk.left() == 0 || walk.is_met();
    let words = if is_over { "Show the map" } else { "Give up and show the map" };
    let pressed = if is_over {
        primary_button(ui, Some(Icon::Eye), words)
    } else {
        crate::ui::widgets::button(ui, Some(Icon::Eye), words)
    };
    let says = "The surface with your way on it, and gradient descent's beside it.";
    if pressed.on_hover_text(says).clicked() {
        frame.push(Action::Lesson(LessonAction::Reveal));
    }
}

/// A rose to press, in any direction; arrow keys go along the axes.
fn compass_ui(ui: &mut Ui, frame: &mut Frame<'_>, walk: &WalkRun) {
    let side = (ui.available_width() - 8.0).min(150.0 * frame.window.text_scale);
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::click());
    let enabled = walk.left() > 0;
    let name = "Compass: press where to step, or use the arrow keys";
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    if !std::mem::replace(&mut frame.window.lesson.has_begun, true) {
        response.request_focus();
    }
    let directions = asked(ui, &response, rect);
    let length = frame.window.lesson.length;
    for [x, y] in directions.into_iter().filter(|_| enabled) {
        frame.push(Action::Lesson(LessonAction::Walk([x * length, y * length])));
    }
    let pointed = response.hover_pos().filter(|_| enabled);
    paint_compass(ui, rect, &response, pointed.and_then(|at| direction(rect, at)));
    let says = "Press in a direction to step there; or the arrow keys, while this has the focus.";
    response.on_hover_text(says);
}

/// Directions that were asked for, of length 1; y grows upwards.
fn asked(ui: &Ui, response: &Response, rect: Rect) -> Vec<[f64; 2]> {
    let mut asked = Vec::new();
    if response.clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        asked.extend(direction(rect, at));
    }
    if response.has_focus() {
        let arrows = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        let keys = [
            (Key::ArrowRight, [1.0, 0.0]),
            (Key::ArrowLeft, [-1.0, 0.0]),
            (Key::ArrowUp, [0.0, 1.0]),
            (Key::ArrowDown, [0.0, -1.0]),
        ];
        let pressed = |(key, way): (Key, [f64; 2])| {
            let times = ui.input(|input| input.num_presses(key));
            std::iter::repeat_n(way, times)
        };
        asked.extend(keys.into_iter().flat_map(pressed));
    }
    asked
}

/// The direction from the middle to a place; none at the middle itself.
fn direction(rect: Rect, at: eframe::egui::Pos2) -> Option<[f64; 2]> {
    let way = at - rect.center();
    (way.length() > 2.0).then(|| {
        let way = way.normalized();
        [f64::from(way.x), f64::from(-way.y)]
    })
}

fn paint_compass(ui: &Ui, rect: Rect, response: &Response, pointed: Option<[f64; 2]>) {
    let t = tokens(ui);
    let painter = ui.painter();
    let (center, radius) = (rect.center(), rect.width() * 0.5 - 4.0);
    let ring = if response.has_focus() { t.accent } else { t.edge };
    painter.circle(center, radius, t.card, Stroke::new(1.5, ring));
    let font = number_style().resolve(ui.style());
    for (at, word) in [(0, "→"), (1, "↑"), (2, "←"), (3, "↓")] {
        let angle = f64::from(at) * TAU / 4.0;
        let way = vec2(angle.cos() as f32, -angle.sin() as f32);
        let place = center + way * radius * 0.8;
        painter.text(place, Align2::CENTER_CENTER, word, font.clone(), t.dim);
    }
    painter.circle_filled(center, 4.0, t.text);
    if let Some([x, y]) = pointed {
        let tip = center + vec2(x as f32, -y as f32) * radius * 0.62;
        painter.line_segment([center, tip], Stroke::new(2.5, t.accent));
        painter.circle_filled(tip, 4.0, t.accent);
    }
}

/// The middle while the map is hidden, and after: true if it is drawn here.
pub(in crate::ui) fn center_ui(ui: &mut Ui, frame: &mut Frame<'_>) -> bool {
    let session = frame.session;
    let Some(walk) = session.lesson().and_then(LessonRun::walk) else {
        frame.window.lesson.has_begun = false;
        return false;
    };
    let size = ui.available_size();
    tile_frame(ui, size, |ui| {
        if walk.is_revealed() {
            map_ui(ui, frame, walk);
        } else {
            fog_ui(ui, walk);
        }
    });
    true
}

/// Nothing but heights.
fn fog_ui(ui: &mut Ui, walk: &WalkRun) {
    ui.label(RichText::new("In the fog").text_style(strong_style()));
    let dim = tokens(ui).dim;
    let words = "All you can see: how high every place was where you have stood.";
    ui.add(Label::new(RichText::new(words).text_style(small_style()).color(dim)).wrap());
    ui.add_space(8.0);
    let heights = walk.heights();
    let now = heights.last().copied().unwrap_or(f64::NAN);
    ui.label(RichText::new(short(now)).text_style(title_style()));
    if let [.., before, now] = heights {
        let (word, color) = if now < before {
            (format!("{} lower", short(before - now)), tokens(ui).good)
        } else {
            (format!("{} higher", short(now - before)), tokens(ui).warn)
        };
        ui.label(RichText::new(word).color(color));
    } else {
        ui.label(RichText::new("where you start").color(dim));
    }
    ui.add_space(8.0);
    heights_ui(ui, walk);
}

/// The heights, step by step; by their logarithm where all are above 0.
fn heights_ui(ui: &mut Ui, walk: &WalkRun) {
    let heights = walk.heights();
    let below = walk.walk().below;
    let is_log = heights.iter().all(|height| *height > 0.0) && below > 0.0;
    let place = |height: f64| if is_log { height.log10() } else { height };
    let all = heights.iter().copied().chain([below]).map(place);
    let (low, high) =
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), y| (l.min(y), h.max(y)));
    let room = ((high - low) * 0.08).max(0.1);
    let size = ui.available_size() - vec2(0.0, 4.0);
    let (rect, response) = ui.allocate_exact_size(size.max(vec2(80.0, 80.0)), Sense::hover());
    let told: Vec<String> = heights.iter().map(|height| short(*height)).collect();
    let name = format!("Heights so far: {}", told.join(", "));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    let steps = walk.walk().steps as f64;
    let names = ["step", if is_log { "log10 of the height" } else { "height" }];
    let plane = Plane::with_axes(ui, rect, (0.0, steps), (low - room, high + room), names);
    let t = tokens(ui);
    let painter = ui.painter().with_clip_rect(plane.rect);
    let goal = plane.at(0.0, place(below)).y;
    let dashes = Shape::dashed_line(
        &[pos2(plane.rect.left(), goal), pos2(plane.rect.right(), goal)],
        Stroke::new(1.5, t.good),
        6.0,
        4.0,
    );
    painter.extend(dashes);
    // Above the line, which nothing but the last step crosses at its right end.
    let words = format!("goal: below {}", short(below));
    let at = pos2(plane.rect.right() - 4.0, goal - 3.0);
    painter.text(at, Align2::RIGHT_BOTTOM, words, small_style().resolve(ui.style()), t.good);
    let points: Vec<_> =
        heights.iter().enumerate().map(|(at, y)| plane.at(at as f64, place(*y))).collect();
    painter.add(Shape::line(points.clone(), Stroke::new(2.0, t.accent)));
    for point in points {
        painter.circle_filled(point, 3.5, t.accent);
    }
}

/// The map with the way that was gone, and the lane's.
fn map_ui(ui: &mut Ui, frame: &mut Frame<'_>, walk: &WalkRun) {
    let session = frame.session;
    let theme = theme_of(ui);
    let lane = session.lanes().iter().find(|lane| lane.name() == walk.walk().lane);
    let mine = lane_look(3).color(theme);
    ui.horizontal_wrapped(|ui| {
        legend_ui(ui, "your way", mine);
        if let Some(lane) = lane {
            let color = lane_look(lane.color).color(theme);
            let value =
                lane.shown_loss().map_or(String::new(), |loss| format!(", now {}", short(loss)));
            legend_ui(ui, &format!("{}{value}", lane.name()), color);
        }
    });
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    let name = "Map of the surface with your way and the lane's";
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    let map = map_of(ui, &mut frame.window.lesson.map, walk, theme);
    let plane = Plane::with_axes(ui, rect, map.ranges.0, map.ranges.1, ["x", "y"]);
    let painter = ui.painter().with_clip_rect(plane.rect);
    map.contour.paint(&painter, &plane);
    if let Some(lane) = lane {
        let color = lane_look(lane.color).color(theme);
        let trail = lane.shown_trail().iter().map(|(_, place)| *place);
        paint_trail(&painter, &plane, trail, color, theme);
    }
    paint_trail(&painter, &plane, walk.places().iter().copied(), mine, theme);
}

fn legend_ui(ui: &mut Ui, words: &str, color: Color32) {
    let side = ui.text_style_height(&small_style());
    let (rect, _) = ui.allocate_exact_size(vec2(side * 1.4, side), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(3.0, color));
    ui.label(words);
}

/// The map, drawn anew only for another surface, theme or part of the plane.
fn map_of<'m>(ui: &Ui, kept: &'m mut Option<Map>, walk: &WalkRun, theme: Theme) -> &'m mut Map {
    let info = surface_info(walk.function());
    let reach = |(low, high): (f64, f64), along: usize| {
        let places = walk.places().iter().map(|place| place[along]);
        let (from, to) = places.fold((low, high), |(l, h), x| (l.min(x), h.max(x)));
        // Whoever walked far off is not followed to the ends of the earth.
        let most = (high - low) * 2.0;
        let room = (high - low) * 0.06;
        (from.max(low - most) - room, to.min(high + most) + room)
    };
    let ranges = (reach(info.x, 0), reach(info.y, 1));
    let is_same = |map: &Map| {
        map.function == *walk.function() && map.ranges == ranges && map.contour.is_for(theme)
    };
    if !kept.as_ref().is_some_and(is_same) {
        *kept = None;
    }
    kept.get_or_insert_with(|| {
        let computed = SurfaceFunction::<f64>::new(walk.function());
        let value = |x, y| computed.value(x, y);
        let contour = Contour::new(ui.ctx(), theme, ranges, info.lowest, value);
        Map { function: walk.function().clone(), ranges, contour }
    })
}
