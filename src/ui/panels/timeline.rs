//! The timeline: the whole past as a bar to look along, with what happened marked on it.
//!
//! Dragging on it shows every lane at that step; nothing is changed by that. What changes something has
//! a button of its own: going back there. The bar ends at the planned end, or, early in a long run, at a
//! half, a quarter, an eighth of it, so that a short past is not a sliver.

use std::time::Duration;

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{
    Align, Button, CursorIcon, DragValue, Id, Key, Label, Layout, Rangef, Rect, Response, RichText,
    Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::super::frame::Frame;
use super::super::linked::Over;
use super::super::plot::{MarkGroup, MarkerKind, group};
use super::super::theme::{lane_look, number_style, small_style, strong_style, theme_of, tokens};
use super::super::widgets::{Icon, button, count, icon_button, icon_toggle, primary_button};
use super::marks::marks_of;
use crate::session::{Action, Session};

/// The window's own state of the timeline.
#[derive(Debug, Default)]
pub(in crate::ui) struct TimelineState {
    /// Steps a second at which the past plays back, once that was chosen.
    rate: Option<f64>,
}

/// Seconds that the whole past takes to play back, unless a speed was chosen.
const WHOLE: f64 = 10.0;
/// Time between two frames while the past plays back.
const FRAME: Duration = Duration::from_millis(16);
/// The height of the bar, in points at 100 % text.
const TRACK: f32 = 18.0;

/// Draws the timeline.
pub(in crate::ui) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
    let height = ui.spacing().interact_size.y;
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), height),
        Layout::left_to_right(Align::Center),
        |ui| row_ui(ui, frame),
    );
    track_ui(ui, frame);
    if frame.session.played_back().is_some() {
        ui.ctx().request_repaint_after(FRAME);
    }
}

/// What is looked at, and what can be done about it.
fn row_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let room = Room::of(ui, frame.session.looked_at().is_some());
    let colors = tokens(ui);
    if room > Room::Tight {
        ui.label(RichText::new("Timeline").text_style(strong_style()));
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        playback_ui(ui, frame, room);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            if let Some(step) = frame.session.looked_at() {
                return looking_ui(ui, frame, step, room);
            }
            let words = if frame.session.furthest() == 0 {
                "once something is trained, drag along it to look back"
            } else {
                "drag to look back at any step"
            };
            let words = RichText::new(words).text_style(small_style()).color(colors.dim);
            ui.add(Label::new(words).truncate());
        });
    });
}

/// How much of the row finds room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Room {
    /// The step, and icons.
    Tight,
    /// Icons for what can be done at the step.
    Some,
    /// Everything.
    Ample,
}

impl Room {
    fn of(ui: &Ui, looks_back: bool) -> Self {
        let scale = (ui.text_style_height(&number_style()) / 15.0).max(1.0);
        match ui.available_width() / scale {
            width if !looks_back && width > 420.0 => Self::Ample,
            width if width > 780.0 => Self::Ample,
            width if width > 480.0 => Self::Some,
            _ => Self::Tight,
        }
    }
}

/// The step that is looked at, and what can be done there.
fn looking_ui(ui: &mut Ui, frame: &mut Frame<'_>, step: u64, room: Room) {
    let color = tokens(ui).accent;
    let words = match room {
        Room::Tight => count(step),
        Room::Some | Room::Ample => format!("viewing step {}", count(step)),
    };
    let words = RichText::new(words).text_style(number_style()).color(color);
    let told = ui.label(words);
    told.on_hover_text("A knob turned now forks its lane: what was stays.");
    let live = match room {
        Room::Tight => icon_button(ui, Icon::Follow, "Back to live"),
        Room::Some | Room::Ample => primary_button(ui, None, "Back to live"),
    };
    if live.on_hover_text("L").clicked() {
        frame.push(Action::LookAt(None));
    }
    let back = match room {
        Room::Ample => button(ui, Some(Icon::Undo), "Go back here"),
        Room::Tight | Room::Some => icon_button(ui, Icon::Undo, "Go back here"),
    };
    let says = "Takes every lane back to this step, to go on from there. What came after is kept: Undo \
                returns to it.";
    if back.on_hover_text(says).clicked() {
        frame.push(Action::RewindTo(step));
    }
    fork_ui(ui, frame, room);
}

/// Which lane to fork here.
fn fork_ui(ui: &mut Ui, frame: &mut Frame<'_>, room: Room) {
    let button = match room {
        Room::Ample => Button::new((Icon::Fork.atom(ui), "Fork here")),
        Room::Tight | Room::Some => Button::new(Icon::Fork.atom(ui)),
    };
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        for lane in frame.session.lanes() {
            if ui.button(lane.name()).clicked() {
                frame.actions.push(Action::Fork { lane: lane.id, step: None, change: None });
            }
        }
    });
    let says = "A new lane that goes on from this step of another.";
    response.accessible_name("Fork here").on_hover_text(says);
}

/// Playing the past back, from the right: speed, forwards, backwards.
fn playback_ui(ui: &mut Ui, frame: &mut Frame<'_>, room: Room) {
    let session = frame.session;
    let end = session.furthest();
    let usual = (end as f64 / WHOLE).max(1.0);
    let state = &mut frame.window.timeline;
    let mut rate = state.rate.unwrap_or(usual);
    let playing = session.played_back();
    ui.add_enabled_ui(end > 0, |ui| {
        if room == Room::Ample && speed_ui(ui, &mut rate) {
            frame.window.timeline.rate = Some(rate);
            if let Some(now) = playing {
                frame.push(Action::PlayBack(Some(rate.copysign(now))));
            }
        }
        for (icon, name, sign) in
            [(Icon::Play, "Play the past", 1.0), (Icon::Back, "Play the past backwards", -1.0)]
        {
            let on = playing.is_some_and(|now| now * sign > 0.0);
            if icon_toggle(ui, on, icon, name).clicked() {
                frame.push(Action::PlayBack((!on).then_some(rate * sign)));
            }
        }
        let step = session.looked_at().unwrap_or(end);
        if icon_button(ui, Icon::Step, "One step on (.)").clicked() {
            frame.push(Action::LookAt(Some(step.saturating_add(1).min(end))));
        }
        if icon_button(ui, Icon::StepBack, "One step back (,)").clicked() {
            frame.push(Action::LookAt(Some(step.saturating_sub(1))));
        }
    });
}

/// How fast the past plays back; whether that was changed.
fn speed_ui(ui: &mut Ui, rate: &mut f64) -> bool {
    let fine = *rate * 0.01;
    let speed =
        DragValue::new(rate).range(0.1..=1e9).speed(fine).max_decimals(1).suffix(" steps/s");
    ui.add(speed).on_hover_text("How fast the past plays back.").changed()
}

/// The step at the right end of the bar.
fn last(session: &Session) -> u64 {
    let furthest = session.furthest().max(1);
    let planned = session.lanes().iter().filter_map(|lane| lane.status.planned_steps).max();
    match planned {
        Some(planned) if planned > furthest => {
            let halves = (planned / furthest).ilog2();
            (planned >> halves).max(furthest)
        }
        _ => furthest,
    }
}

/// The bar.
fn track_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let session = frame.session;
    let scale = ui.text_style_height(&number_style()) / 15.0;
    let size = vec2(ui.available_width(), (TRACK * scale.max(1.0)).round());
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let (end, last) = (session.furthest(), last(session));
    let shown = session.looked_at().unwrap_or(end);
    let enabled = ui.is_enabled() && end > 0;
    response.widget_info(|| WidgetInfo::slider(enabled, shown as f64, "Step looked at"));
    let bar = rect.shrink2(vec2(6.0, 4.0));
    let x = |step: u64| bar.left() + bar.width() * share(step, last);
    if enabled {
        if let Some(step) = asked(ui, &response, bar, (shown, end, last)) {
            frame.push(Action::LookAt(Some(step)));
        }
        response.clone().on_hover_cursor(CursorIcon::ResizeHorizontal);
        let pointed = response.hover_pos().map(|at| step_at(at.x, bar, last).min(end));
        if let Some(step) = pointed {
            frame.window.linked.point(Over::Timeline, step as f64);
        }
    }
    let colors = tokens(ui);
    let painter = ui.painter();
    painter.rect_filled(bar, 3.0, colors.line);
    let past = Rect::from_min_max(bar.min, pos2(x(end), bar.max.y));
    painter.rect_filled(past, 3.0, colors.accent.gamma_multiply(0.35));
    if response.has_focus() {
        let stroke = Stroke::new(1.5, colors.accent);
        painter.rect_stroke(rect, 4.0, stroke, eframe::egui::StrokeKind::Inside);
    }
    let marks = marks_of(session);
    let marks = group(&marks, |mark| Some(x(mark.step)));
    marks_ui(ui, session, &marks, bar);
    if let Some(pointed) = response.hover_pos().filter(|_| enabled) {
        let step = step_at(pointed.x, bar, last).min(end);
        tell_ui(&response, session, &marks, pointed.x, step);
    }
    if let Some(steps) = frame.window.linked.zoom().filter(|steps| steps.start < last) {
        bracket_ui(ui, [x(steps.start), x(steps.end.min(last))], rect);
    }
    if let Some(step) = frame.window.linked.elsewhere(Over::Timeline).filter(|_| end > 0) {
        ui.painter().vline(x(step.round() as u64), rect.y_range(), Stroke::new(1.0, colors.dim));
    }
    if end > 0 {
        head_ui(ui, x(shown), rect, session.looked_at().is_some());
    }
}

/// How far from the pointer what happened is told, and how thick a mark is at most, in points.
const REACH: f32 = 5.0;
const MARK: f32 = 8.0;

/// What happened, on the bar: knobs as dots, or stretches where they were dragged; forks as rings; ends as
/// strokes. Where several would hide each other, each has its part of the bar's height.
fn marks_ui(ui: &Ui, session: &Session, marks: &[MarkGroup<'_>], bar: Rect) {
    let theme = theme_of(ui);
    let painter = ui.painter();
    let color = |group: &MarkGroup<'_>| match group.lanes().as_slice() {
        [lane] => lane_look(session.lanes()[*lane].color).color(theme),
        _ => tokens(ui).text,
    };
    for lane in session.lanes() {
        if let Some(end) = lane.end() {
            let at = bar.left() + bar.width() * share(end.step, last(session));
            painter.vline(at, bar.y_range(), Stroke::new(2.0, lane_look(lane.color).color(theme)));
        }
    }
    let is_drawn = |group: &&MarkGroup<'_>| {
        matches!(group.kind(), MarkerKind::Edit { .. } | MarkerKind::Fork(_))
    };
    let mut drawn: Vec<&MarkGroup<'_>> = marks.iter().filter(is_drawn).collect();
    drawn.sort_by(|a, b| a.ends()[0].total_cmp(&b.ends()[0]));
    let mut rest = drawn.as_slice();
    while let Some(first) = rest.first() {
        let mut end = first.ends()[1];
        let hides = |group: &&&MarkGroup<'_>| {
            let is_near = group.ends()[0] - end < MARK;
            end = end.max(group.ends()[1]);
            is_near
        };
        let (near, others) = rest.split_at(rest.iter().take_while(hides).count());
        let height = (bar.height() / near.len() as f32).min(MARK);
        let top = bar.center().y - height * near.len() as f32 * 0.5;
        for (place, group) in near.iter().enumerate() {
            let y = Rangef::new(top + height * place as f32, top + height * (place + 1) as f32);
            let [first, last] = group.ends();
            let rect = Rect::from_x_y_ranges(first - MARK * 0.5..=last + MARK * 0.5, y);
            match group.kind() {
                MarkerKind::Fork(_) if height >= MARK => {
                    painter.circle_stroke(rect.center(), MARK * 0.5, Stroke::new(2.0, color(group)))
                }
                _ => painter.rect_filled(rect, height * 0.5, color(group)),
            };
        }
        rest = others;
    }
}

/// The step under the pointer, unless it is looked at and told above; and what happened near it.
fn tell_ui(response: &Response, session: &Session, marks: &[MarkGroup<'_>], at: f32, step: u64) {
    let is_near = |group: &&MarkGroup<'_>| {
        let [first, last] = group.ends();
        let is_pause = matches!(group.kind(), MarkerKind::Pause(_));
        !is_pause && (first - REACH..=last + REACH).contains(&at)
    };
    let step = Some(format!("step {}", count(step))).filter(|_| session.looked_at() != Some(step));
    let near = marks.iter().filter(is_near);
    let told = near.map(|group| group.whole(|lane| session.lanes()[lane].name()));
    let lines: Vec<String> = step.into_iter().chain(told).collect();
    if !lines.is_empty() {
        response.clone().on_hover_text_at_pointer(lines.join("\n"));
    }
}

/// Which part of the bar lies before a step.
fn share(step: u64, last: u64) -> f32 {
    (step as f64 / last as f64).min(1.0) as f32
}

/// A bracket around what the curve is zoomed to.
fn bracket_ui(ui: &Ui, [left, right]: [f32; 2], rect: Rect) {
    let stroke = Stroke::new(2.0, tokens(ui).text);
    let right = right.max(left + 4.0);
    for (at, inwards) in [(left, 5.0), (right, -5.0)] {
        ui.painter().vline(at, rect.y_range(), stroke);
        for y in [rect.top() + 1.0, rect.bottom() - 1.0] {
            ui.painter().hline(at.min(at + inwards)..=at.max(at + inwards), y, stroke);
        }
    }
}

/// The sign of where one looks.
fn head_ui(ui: &Ui, x: f32, rect: Rect, looks_back: bool) {
    let colors = tokens(ui);
    let color = if looks_back { colors.accent } else { colors.text };
    ui.painter().vline(x, rect.y_range(), Stroke::new(2.0, color));
    let top = pos2(x, rect.top() + 6.0);
    let points = vec![top, top + vec2(-5.0, -6.0), top + vec2(5.0, -6.0)];
    ui.painter().add(Shape::convex_polygon(points, color, Stroke::NONE));
}

fn step_at(x: f32, bar: Rect, last: u64) -> u64 {
    let share = f64::from((x - bar.left()) / bar.width().max(1.0)).clamp(0.0, 1.0);
    (share * last as f64).round() as u64
}

/// The step that pointer or keys ask for.
fn asked(
    ui: &Ui,
    response: &Response,
    bar: Rect,
    (shown, end, last): (u64, u64, u64),
) -> Option<u64> {
    if response.dragged() || response.clicked() {
        let pointer = response.interact_pointer_pos()?;
        return Some(step_at(pointer.x, bar, last).min(end));
    }
    if !response.has_focus() {
        return None;
    }
    let id: Id = response.id;
    let filter = eframe::egui::EventFilter { horizontal_arrows: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    let page = (end / 20).max(1);
    ui.input(|input| {
        let keys = [
            (Key::ArrowLeft, shown.saturating_sub(1)),
            (Key::ArrowRight, shown.saturating_add(1).min(end)),
            (Key::PageUp, shown.saturating_sub(page)),
            (Key::PageDown, shown.saturating_add(page).min(end)),
            (Key::Home, 0),
            (Key::End, end),
        ];
        keys.into_iter().find(|(key, _)| input.key_pressed(*key)).map(|(_, step)| step)
    })
}
