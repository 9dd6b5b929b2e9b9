//! Fields for typing: a number or a line of text, taken over when typing ends.
//!
//! While a field has the focus it shows what is being typed, and the value stays what it was; Enter
//! or leaving the field takes it over, Escape gives it up. So a half-typed `0.0` on the way to
//! `0.03` never reaches a running lane.

use eframe::egui::{
    Align2, Color32, Frame, Id, Key, Margin, Modifiers, Response, Stroke, TextEdit, TextStyle, Ui,
    text::CCursorRange, vec2,
};

use super::number::{exact, parse_number, short};
use crate::ui::theme::{number_style, tokens};

/// What a field did this frame.
#[derive(Debug, Clone)]
pub struct EntryResponse {
    /// A new value was taken over.
    pub committed: bool,
    /// The arrow keys ask for this many steps up (down if negative); numbers only.
    pub steps: i32,
    /// What stands in the field now cannot be taken.
    pub invalid: bool,
    /// egui's response, of the text edit.
    pub response: Response,
}

/// What is remembered of a field while it has the focus.
#[derive(Debug, Clone, Default)]
struct Typing {
    text: String,
    invalid: bool,
}

/// A line of text. `shown` stands in the field at rest, `edited` when it gets the focus.
#[derive(Debug)]
pub struct Entry<'a> {
    name: &'a str,
    shown: &'a str,
    edited: &'a str,
    hint: &'a str,
    width: f32,
    numeric: bool,
    quiet: bool,
    problem: bool,
}

impl<'a> Entry<'a> {
    /// A field called `name`, for screen readers and tests, that shows `text`.
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self {
            name,
            shown: text,
            edited: text,
            hint: "",
            width: f32::INFINITY,
            numeric: false,
            quiet: false,
            problem: false,
        }
    }

    /// What to edit, where it differs from what is shown at rest.
    pub fn edited(mut self, text: &'a str) -> Self {
        self.edited = text;
        self
    }

    /// What stands in an empty field.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// Its width in points; all there is by default.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Digits of one width, to the right, arrow keys counted as steps.
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// No frame until the pointer or the focus is on it.
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Framed as wrong.
    pub fn problem(mut self, problem: bool) -> Self {
        self.problem = problem;
        self
    }

    /// Draws the field. `take` is given what was typed and answers whether it can be taken; it is
    /// asked while typing too (`last` false), to show at once what cannot.
    pub fn show(self, ui: &mut Ui, mut take: impl FnMut(&str, bool) -> bool) -> EntryResponse {
        let id = ui.make_persistent_id(("entry", self.name));
        let typing = ui.data(|d| d.get_temp::<Typing>(id));
        let focused = ui.memory(|m| m.has_focus(id));
        let steps = if focused && self.numeric { arrow_steps(ui) } else { 0 };
        let mut text = match typing {
            Some(ref typing) if steps == 0 => typing.text.clone(),
            _ => self.shown.to_owned(),
        };
        let invalid = typing.as_ref().is_some_and(|t| t.invalid);
        let output = self.edit(ui, id, &mut text, invalid).show(ui);
        let response = output.response.response.clone().accessible_name(self.name);
        let mut answer =
            EntryResponse { committed: false, steps, invalid, response: response.clone() };
        if steps != 0 {
            // The owner moves the value; its text is taken up again next frame.
            ui.data_mut(|d| d.remove_temp::<Typing>(id));
        } else if response.lost_focus() {
            let given_up = ui.input(|i| i.key_pressed(Key::Escape));
            let changed = typing.is_some_and(|_| text != self.edited);
            answer.committed = !given_up && changed && take(&text, true);
            answer.invalid = false;
            ui.data_mut(|d| d.remove_temp::<Typing>(id));
        } else if response.has_focus() {
            let begins = typing.is_none();
            if begins {
                self.edited.clone_into(&mut text);
                let mut state = output.state;
                state.cursor.set_char_range(Some(CCursorRange::select_all_str(&text)));
                state.store(ui.ctx(), id);
            }
            answer.invalid = !begins && !take(&text, false);
            let typing = Typing { text, invalid: answer.invalid };
            ui.data_mut(|d| d.insert_temp(id, typing));
        } else if response.changed() {
            // Set from outside, by a screen reader: there is no end of typing to wait for.
            answer.committed = take(&text, true);
        } else {
            ui.data_mut(|d| d.remove_temp::<Typing>(id));
        }
        answer
    }

    fn edit<'t>(&self, ui: &Ui, id: Id, text: &'t mut String, invalid: bool) -> TextEdit<'t> {
        let t = tokens(ui);
        let font = if self.numeric { number_style() } else { TextStyle::Body };
        let active =
            ui.memory(|m| m.has_focus(id)) || ui.read_response(id).is_some_and(|r| r.hovered());
        let frame_color = match (self.problem || invalid, ui.memory(|m| m.has_focus(id))) {
            (true, _) => t.bad,
            (false, true) => t.accent,
            (false, false) if active => t.faint,
            (false, false) => t.edge,
        };
        let bare = self.quiet && !active && !self.problem;
        let frame = Frame::new()
            .fill(if bare { Color32::TRANSPARENT } else { t.background })
            .stroke(if bare { Stroke::NONE } else { Stroke::new(1.0, frame_color) })
            .corner_radius(4)
            .inner_margin(Margin::symmetric(7, 2))
            // The margin makes room for the stroke, drawn or not, so that nothing moves.
            .outer_margin(if bare { Margin::same(1) } else { Margin::ZERO });
        TextEdit::singleline(text)
            .id(id)
            .font(font)
            .frame(frame)
            .hint_text(self.hint.to_owned())
            .align(if self.numeric { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER })
            .min_size(vec2(0.0, ui.spacing().interact_size.y))
            .desired_width(self.width)
    }
}

fn arrow_steps(ui: &Ui) -> i32 {
    ui.ctx().input_mut(|i| {
        let up = i.count_and_consume_key(Modifiers::NONE, Key::ArrowUp);
        let down = i.count_and_consume_key(Modifiers::NONE, Key::ArrowDown);
        up as i32 - down as i32
    })
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Plain,
    Integer,
    Percent,
}

/// A number: few digits at rest, every digit when edited, arrow keys step it.
#[derive(Debug)]
pub struct NumberEntry<'a> {
    name: &'a str,
    value: &'a mut f64,
    width: f32,
    unit: Unit,
    quiet: bool,
    problem: bool,
    step: Option<f64>,
}

impl<'a> NumberEntry<'a> {
    /// A field called `name` over `value`.
    pub fn new(name: &'a str, value: &'a mut f64) -> Self {
        Self {
            name,
            value,
            width: f32::INFINITY,
            unit: Unit::Plain,
            quiet: false,
            problem: false,
            step: None,
        }
    }

    /// Its width in points; all there is by default.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Whole numbers only.
    pub fn integer(mut self) -> Self {
        self.unit = Unit::Integer;
        self
    }

    /// Shown and typed in percent: 0.25 is `25 %`.
    pub fn percent(mut self) -> Self {
        self.unit = Unit::Percent;
        self
    }

    /// No frame until the pointer or the focus is on it.
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Framed as wrong.
    pub fn problem(mut self, problem: bool) -> Self {
        self.problem = problem;
        self
    }

    /// What an arrow key adds; without it the caller reads [`EntryResponse::steps`].
    pub fn step(mut self, step: f64) -> Self {
        self.step = Some(step);
        self
    }

    /// Draws the field; the value changes when `committed`.
    pub fn show(self, ui: &mut Ui) -> EntryResponse {
        let Self { value, unit, .. } = self;
        let (integer, percent) = (unit == Unit::Integer, unit == Unit::Percent);
        let factor = if percent { 100.0 } else { 1.0 };
        let unit = if percent { " %" } else { "" };
        let whole = |v: f64| integer && v.abs() < 1e15;
        let shown = if whole(*value) {
            format!("{value:.0}")
        } else {
            format!("{}{unit}", typed(*value * factor))
        };
        let edited = if percent { typed(*value * factor) } else { exact(*value) };
        let mut entry = Entry::new(self.name, &shown)
            .edited(&edited)
            .width(self.width)
            .numeric()
            .problem(self.problem);
        entry.quiet = self.quiet;
        let mut taken = None;
        let mut answer = entry.show(ui, |text, last| {
            let number = parse_number(text.trim_end_matches([' ', '%']))
                .map(|v| v / factor)
                .filter(|v| !integer || v.fract() == 0.0);
            if last {
                taken = number;
            }
            number.is_some()
        });
        let before = *value;
        if let Some(number) = taken.filter(|_| answer.committed) {
            *value = number;
        }
        if let Some(step) = self.step.filter(|_| answer.steps != 0) {
            let next = *value + f64::from(answer.steps) * step;
            // Without the dust of binary fractions.
            *value = format!("{next:.12e}").parse().unwrap_or(next);
        }
        answer.committed = *value != before;
        answer
    }
}

/// A number in few digits with the minus that is typed.
fn typed(value: f64) -> String {
    short(value).replace('−', "-")
}
