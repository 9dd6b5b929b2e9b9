//! A knob: name, rail and exact entry of one number, in a row.

use eframe::egui::{
    Align, Color32, CursorIcon, Event, EventFilter, Id, Key, Label, Layout, Rect, Response,
    RichText, Sense, Stroke, TextStyle, Ui, UiBuilder, WidgetInfo, accesskit, pos2, vec2,
};

use super::entry::NumberEntry;
use super::number::short;
use super::rail::Rail;
use crate::ui::theme::tokens;

/// A row to turn a number with: `learning rate ———●—— 0.01`.
#[derive(Debug)]
pub struct Knob<'a> {
    name: &'a str,
    label: &'a str,
    value: &'a mut f64,
    rail: Rail,
    color: Option<Color32>,
    default: Option<f64>,
    help: &'a str,
    label_width: f32,
    entry_width: f32,
    problem: Option<&'a str>,
}

/// What was done to a knob this frame.
#[derive(Debug, Clone)]
pub struct KnobResponse {
    /// The value is another than before: at every move of a drag, too.
    pub changed: bool,
    /// A gesture is complete (drag released, key pressed, entry taken over): one undo entry.
    pub gesture_end: bool,
    /// egui's response, of the rail.
    pub response: Response,
}

impl<'a> Knob<'a> {
    /// A knob over `value`. `name` is what screen readers and tests call it; see [`Knob::label`].
    pub fn new(name: &'a str, value: &'a mut f64, rail: Rail) -> Self {
        Self {
            name,
            label: name,
            value,
            rail,
            color: None,
            default: None,
            help: "",
            label_width: 88.0,
            entry_width: 64.0,
            problem: None,
        }
    }

    /// What is shown in front, where it should be shorter than the name.
    pub fn label(mut self, label: &'a str) -> Self {
        self.label = label;
        self
    }

    /// Fills the rail in a colour, the lane's as a rule.
    pub fn color(mut self, color: Color32) -> Self {
        self.color = Some(color);
        self
    }

    /// The value a double click goes back to.
    pub fn default_value(mut self, value: f64) -> Self {
        self.default = Some(value);
        self
    }

    /// What turning it does, shown when the pointer rests on it.
    pub fn help(mut self, help: &'a str) -> Self {
        self.help = help;
        self
    }

    /// Room for the label and for the entry, in points at 100 % text.
    pub fn widths(mut self, label: f32, entry: f32) -> Self {
        (self.label_width, self.entry_width) = (label, entry);
        self
    }

    /// What is wrong with the value, shown below.
    pub fn problem(mut self, problem: Option<&'a str>) -> Self {
        self.problem = problem;
        self
    }

    /// Draws the row over all the width there is.
    pub fn show(self, ui: &mut Ui) -> KnobResponse {
        let height = ui.spacing().interact_size.y;
        let scale = height / 24.0;
        let width = ui.available_width();
        let (row, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        // A label longer than its column takes some of the rail: it is whole, not shortened.
        let font = TextStyle::Body.resolve(ui.style());
        let words = ui.painter().layout_no_wrap(self.label.to_owned(), font, Color32::WHITE);
        let column = (self.label_width * scale).min(width * 0.4);
        let label_end = row.left() + column.max((words.size().x + 5.0).min(width * 0.5));
        let entry_start = row.right() - (self.entry_width * scale).min(width * 0.4);
        let part = |from: f32, to: f32| {
            Rect::from_min_max(pos2(from, row.top()), pos2(to.max(from), row.bottom()))
        };
        self.label_ui(ui, part(row.left(), label_end - 4.0));
        let before = *self.value;
        let color = self.color.unwrap_or(tokens(ui).accent);
        let mut rail = RailUi {
            name: self.name,
            rail: self.rail,
            color,
            default: self.default,
            value: &mut *self.value,
        };
        let (mut response, rail_end) = rail.show(ui, part(label_end + 4.0, entry_start - 8.0));
        if !self.help.is_empty() {
            response = response.on_hover_text(self.help);
        }
        let entry_end = entry_ui(
            ui,
            part(entry_start, row.right()),
            (self.name, self.help),
            &mut *self.value,
            self.rail,
            self.problem.is_some(),
        );
        if let Some(problem) = self.problem {
            super::field::problem_ui(ui, problem);
        }
        let changed = *self.value != before;
        KnobResponse { changed, gesture_end: rail_end || entry_end, response }
    }

    fn label_ui(&self, ui: &mut Ui, rect: Rect) {
        let text = RichText::new(self.label).color(tokens(ui).dim);
        let layout = Layout::left_to_right(Align::Center);
        let response = ui
            .scope_builder(UiBuilder::new().max_rect(rect).layout(layout), |ui| {
                ui.add(Label::new(text).truncate())
            })
            .inner;
        if !self.help.is_empty() {
            response.on_hover_text(self.help);
        }
    }
}

fn entry_ui(
    ui: &mut Ui,
    rect: Rect,
    (name, help): (&str, &str),
    value: &mut f64,
    rail: Rail,
    problem: bool,
) -> bool {
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), |ui| {
        let entry = NumberEntry::new(name, value).quiet().problem(problem);
        let answer = if rail.is_integer() { entry.integer() } else { entry }.show(ui);
        if answer.steps != 0 {
            *value = rail.step(*value, answer.steps);
        }
        if !help.is_empty() {
            answer.response.on_hover_text(help);
        }
        answer.committed || answer.steps != 0
    })
    .inner
}

struct RailUi<'a> {
    name: &'a str,
    rail: Rail,
    color: Color32,
    default: Option<f64>,
    value: &'a mut f64,
}

impl RailUi<'_> {
    /// Draws the rail and answers whether a gesture ended.
    fn show(&mut self, ui: &mut Ui, rect: Rect) -> (Response, bool) {
        let id = ui.make_persistent_id(("knob", self.name));
        let response = ui
            .interact(rect, id, Sense::click_and_drag())
            .on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
        let radius = rect.height() * 0.25;
        let track = rect.x_range().shrink(radius);
        let mut ended = response.drag_stopped() || response.clicked();
        if let Some(pointer) = response.interact_pointer_pos() {
            response.request_focus();
            let share = (pointer.x - track.min) / track.span().max(1.0);
            *self.value = self.rail.value(f64::from(share));
        }
        if let Some(default) = self.default.filter(|_| response.double_clicked()) {
            *self.value = default;
            ended = true;
        }
        ended |= self.keys(ui, &response);
        ended |= self.requests(ui, id);
        let (value, enabled, name) = (*self.value, ui.is_enabled(), self.name);
        response.widget_info(|| WidgetInfo::slider(enabled, value, name));
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_min_numeric_value(self.rail.low());
            node.set_max_numeric_value(self.rail.high());
            node.set_value(short(value));
            node.add_action(accesskit::Action::SetValue);
            node.add_action(accesskit::Action::Increment);
            node.add_action(accesskit::Action::Decrement);
        });
        self.paint(ui, rect, &response, radius);
        (response, ended)
    }

    /// Arrow keys, Home and End while the rail has the focus.
    fn keys(&mut self, ui: &Ui, response: &Response) -> bool {
        if !response.has_focus() {
            return false;
        }
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
        let (steps, home, end) = ui.input(|i| {
            let presses = |key: Key| {
                let pressed =
                    |e: &&Event| matches!(e, Event::Key { key: k, pressed: true, .. } if *k == key);
                i.events.iter().filter(pressed).count() as i32
            };
            let up = presses(Key::ArrowRight) + presses(Key::ArrowUp);
            let down = presses(Key::ArrowLeft) + presses(Key::ArrowDown);
            (up - down, i.key_pressed(Key::Home), i.key_pressed(Key::End))
        });
        if steps != 0 {
            *self.value = self.rail.step(*self.value, steps);
        }
        if home {
            *self.value = self.rail.low();
        }
        if end {
            *self.value = self.rail.high();
        }
        steps != 0 || home || end
    }

    /// What a screen reader asks for.
    fn requests(&mut self, ui: &Ui, id: Id) -> bool {
        let (steps, set) = ui.input(|i| {
            let up = i.num_accesskit_action_requests(id, accesskit::Action::Increment) as i32;
            let down = i.num_accesskit_action_requests(id, accesskit::Action::Decrement) as i32;
            let set = i
                .accesskit_action_requests(id, accesskit::Action::SetValue)
                .filter_map(|request| match request.data {
                    Some(accesskit::ActionData::NumericValue(value)) => Some(value),
                    _ => None,
                })
                .last();
            (up - down, set)
        });
        if steps != 0 {
            *self.value = self.rail.step(*self.value, steps);
        }
        if let Some(value) = set {
            *self.value = value;
        }
        steps != 0 || set.is_some()
    }

    fn paint(&self, ui: &Ui, rect: Rect, response: &Response, radius: f32) {
        if !ui.is_rect_visible(rect) {
            return;
        }
        let t = tokens(ui);
        let track = rect.x_range().shrink(radius);
        let share = self.rail.share(*self.value) as f32;
        let center = pos2(track.min + share * track.span(), rect.center().y);
        let bar = |from: f32, to: f32| {
            Rect::from_min_max(pos2(from, center.y - 1.5), pos2(to, center.y + 1.5))
        };
        let painter = ui.painter();
        painter.rect_filled(bar(track.min, track.max), 1.5, t.edge);
        painter.rect_filled(bar(track.min, center.x), 1.5, self.color);
        let grown = if response.hovered() || response.dragged() { radius + 1.0 } else { radius };
        if response.has_focus() {
            painter.circle_stroke(center, grown + 2.5, Stroke::new(1.5, t.accent));
        }
        painter.circle(center, grown, t.text, Stroke::new(2.0, self.color));
    }
}
