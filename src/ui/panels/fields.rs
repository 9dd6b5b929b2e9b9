//! One row of a panel: a label on the left, a control on the right, and below it what is wrong.
//!
//! Every control has an accessible name; controls keep their size whatever they show. Where a label
//! and its control do not fit beside each other (large text), the control goes to the next line.

use eframe::egui::{
    Align, Align2, ComboBox, Label as EguiLabel, Layout, Response, RichText, TextEdit, TextStyle,
    Ui, vec2,
};

use super::editor::{Buffers, Editor, Typing};
use crate::experiment::Problem;
use crate::ui::theme::{number_style, small_style, tokens};
use crate::ui::widgets::elided_middle;

/// What a row is called and what it means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Label<'s> {
    /// The words on screen.
    pub(super) text: &'s str,
    /// The tooltip.
    pub(super) meaning: &'s str,
    /// Whose it is, where several rows have the same words: a lane's name, or empty.
    pub(super) of: &'s str,
}

impl<'s> Label<'s> {
    /// A label that is the only one with its words.
    pub(super) fn new(text: &'s str, meaning: &'s str) -> Self {
        Self { text, meaning, of: "" }
    }

    /// The name that assistive technology and tests see.
    pub(super) fn name(&self) -> String {
        if self.of.is_empty() {
            self.text.to_owned()
        } else {
            format!("{} of {}", self.text, self.of)
        }
    }
}

/// The width of the controls of a panel, all alike.
pub(super) fn control_width(ui: &Ui) -> f32 {
    (ui.available_width() * 0.52).round().max(96.0)
}

/// A label and, to its right, a control that is told how wide it may be.
pub(super) fn row<R>(ui: &mut Ui, label: &Label<'_>, control: impl FnOnce(&mut Ui, f32) -> R) -> R {
    let width = control_width(ui);
    let height = ui.spacing().interact_size.y;
    let dim = tokens(ui).dim;
    let words = EguiLabel::new(RichText::new(label.text).color(dim)).truncate();
    let needed = text_width(ui, label.text, &TextStyle::Body) + ui.spacing().item_spacing.x + width;
    if needed > ui.available_width() {
        let response = ui.add(words);
        tip(response, label.meaning);
        return ui
            .allocate_ui_with_layout(
                vec2(ui.available_width(), height),
                Layout::right_to_left(Align::Center),
                |ui| control(ui, width),
            )
            .inner;
    }
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), height),
        Layout::left_to_right(Align::Center),
        |ui| {
            let response = ui.add(words);
            tip(response, label.meaning);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| control(ui, width)).inner
        },
    )
    .inner
}

/// How wide a text is drawn on one line.
pub(super) fn text_width(ui: &Ui, text: &str, style: &TextStyle) -> f32 {
    let font = style.resolve(ui.style());
    let color = ui.visuals().text_color();
    ui.painter().layout_no_wrap(text.to_owned(), font, color).size().x
}

/// As much of a text as a width holds: its beginning and its end.
pub(super) fn fitted(ui: &Ui, whole: &str, style: &TextStyle, width: f32) -> String {
    if text_width(ui, whole, style) <= width {
        return whole.to_owned();
    }
    let count = whole.chars().count();
    let fits = |letters: &usize| text_width(ui, &elided_middle(whole, *letters), style) <= width;
    // Nearly right at once: most letters are about as wide as the others.
    let guess = (count as f32 * width / text_width(ui, whole, style).max(1.0)).floor() as usize + 2;
    let letters = (4..=guess.min(count)).rev().find(fits).unwrap_or(3);
    elided_middle(whole, letters)
}

/// A tooltip, unless there is nothing to say.
pub(super) fn tip(response: Response, text: &str) -> Response {
    if text.is_empty() { response } else { response.on_hover_text(text) }
}

/// What is wrong with the field above.
pub(super) fn complaint_ui(ui: &mut Ui, text: &str) {
    let bad = tokens(ui).bad;
    ui.add(EguiLabel::new(RichText::new(text).text_style(small_style()).color(bad)).wrap());
}

/// A quiet sentence.
pub(super) fn note_ui(ui: &mut Ui, text: &str) {
    let dim = tokens(ui).dim;
    ui.add(EguiLabel::new(RichText::new(text).text_style(small_style()).color(dim)).wrap());
}

/// The sentences of problems.
pub(super) fn problems_ui(ui: &mut Ui, problems: &[&Problem]) {
    for problem in problems {
        match &problem.hint {
            Some(hint) => complaint_ui(ui, &format!("{}; {hint}", problem.message)),
            None => complaint_ui(ui, &problem.message),
        }
    }
}

/// How a field for typing looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// Its whole width.
    pub(super) width: f32,
    /// Whether it holds numbers: digits of one width, to the right.
    pub(super) is_number: bool,
    /// Lines; 1 cannot hold a line break.
    pub(super) lines: usize,
    /// Whether its value is refused.
    pub(super) is_bad: bool,
}

/// What came of a field for typing in one frame.
#[derive(Debug)]
pub(super) struct Typed {
    /// What was just typed, if it can be read, as the file writes it.
    pub(super) value: Option<String>,
    /// Whether typing has ended.
    pub(super) ended: bool,
    /// Why what stands in the field cannot be read.
    pub(super) reason: Option<String>,
    /// The field's response.
    pub(super) response: Response,
}

/// A field for typing, whose text is kept in `buffers` under `path` while it is typed.
pub(super) fn typed_ui(
    ui: &mut Ui,
    buffers: &mut Buffers,
    (path, name): (&str, &str),
    current: &str,
    look: Look,
    parse: &dyn Fn(&str) -> Result<String, String>,
) -> Typed {
    let kept = buffers.take(path, current);
    let mut reason = kept.as_ref().and_then(|typing| typing.reason.clone());
    let mut text = kept.map_or_else(|| current.to_owned(), |typing| typing.text);
    let is_bad = look.is_bad || reason.is_some();
    let response = ui
        .scope(|ui| {
            if is_bad {
                let bad = tokens(ui).bad;
                let visuals = ui.visuals_mut();
                visuals.widgets.inactive.bg_stroke.color = bad;
                visuals.widgets.hovered.bg_stroke.color = bad;
                visuals.selection.stroke.color = bad;
            }
            let mut edit = if look.lines == 1 {
                TextEdit::singleline(&mut text)
            } else {
                TextEdit::multiline(&mut text).desired_rows(look.lines)
            };
            if look.is_number {
                edit = edit.font(number_style()).align(Align2::RIGHT_CENTER);
            } else if look.lines == 1 {
                edit = edit.align(Align2::LEFT_CENTER);
            }
            edit = edit.id_salt(path).margin(vec2(8.0, 3.0)).desired_width(look.width);
            ui.add(edit)
        })
        .inner
        .accessible_name(name);
    let mut value = None;
    if response.changed() {
        match parse(&text) {
            Ok(literal) => {
                value = Some(literal);
                reason = None;
            }
            Err(why) => reason = Some(why),
        }
    }
    let ended = response.lost_focus();
    if response.has_focus() || response.changed() {
        buffers.keep(path, Typing { text, reason: reason.clone(), left_at: None });
    }
    if ended {
        match &reason {
            None => buffers.forget(path),
            Some(_) => buffers.leave(path, current),
        }
    }
    Typed { value, ended, reason, response }
}

/// One line of a menu.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'s> {
    /// The words.
    pub(super) label: &'s str,
    /// The tooltip.
    pub(super) note: &'s str,
}

impl<'s> Item<'s> {
    /// A line without a tooltip.
    pub(super) const fn plain(label: &'s str) -> Self {
        Self { label, note: "" }
    }
}

/// A menu of which one line is chosen; gives the line that was just picked, if it is another one.
pub(super) fn menu_ui(
    ui: &mut Ui,
    (salt, name): (&str, &str),
    width: f32,
    chosen: Option<usize>,
    items: &[Item<'_>],
) -> Option<usize> {
    told_menu_ui(ui, (salt, name, ""), width, chosen, items)
}

/// The same, with what it is for: shown while the pointer rests on it, where the chosen line says nothing.
fn told_menu_ui(
    ui: &mut Ui,
    (salt, name, meaning): (&str, &str, &str),
    width: f32,
    chosen: Option<usize>,
    items: &[Item<'_>],
) -> Option<usize> {
    let text = chosen.and_then(|at| items.get(at)).map_or("", |item| item.label);
    let mut picked = None;
    let size = vec2(width, ui.spacing().interact_size.y);
    let response = ui
        .allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            // Held to its cell: a long word is shortened, and nothing beside it moves.
            ui.set_max_width(width);
            ComboBox::from_id_salt((salt, "menu"))
                .selected_text(text)
                .width(width)
                .truncate()
                .show_ui(ui, |ui| {
                    for (at, item) in items.iter().enumerate() {
                        let line = ui.selectable_label(chosen == Some(at), item.label);
                        if tip(line, item.note).clicked() && chosen != Some(at) {
                            picked = Some(at);
                        }
                    }
                })
                .response
        })
        .inner
        .accessible_name(name);
    let note = chosen.and_then(|at| items.get(at)).map_or("", |item| item.note);
    let says = if note.is_empty() { meaning } else { note };
    if menu_width(ui, text) > width {
        let colon = if says.is_empty() { "" } else { ": " };
        response.on_hover_text(format!("{text}{colon}{says}"));
    } else {
        tip(response, says);
    }
    picked
}

/// How wide a menu is that shows the whole of a text.
pub(super) fn menu_width(ui: &Ui, text: &str) -> f32 {
    let spacing = ui.spacing();
    let around = spacing.button_padding.x * 2.0 + spacing.icon_width + spacing.icon_spacing;
    text_width(ui, text, &TextStyle::Button) + around + 2.0
}

/// A row with a menu.
pub(super) fn menu_row(
    ui: &mut Ui,
    label: &Label<'_>,
    salt: &str,
    chosen: Option<usize>,
    items: &[Item<'_>],
) -> Option<usize> {
    let text = chosen.and_then(|at| items.get(at)).map_or("", |item| item.label);
    row(ui, label, |ui, width| {
        // A long word takes what the label leaves.
        let width = width.max(menu_width(ui, text).min(ui.available_width()));
        told_menu_ui(ui, (salt, &label.name(), label.meaning), width, chosen, items)
    })
}

/// A row with a check box; gives the new state if it was just changed.
pub(super) fn flag_row(ui: &mut Ui, label: &Label<'_>, is_on: bool) -> Option<bool> {
    let mut on = is_on;
    let response = row(ui, label, |ui, _| ui.checkbox(&mut on, ()));
    let response = tip(response, label.meaning);
    response.accessible_name(label.name()).changed().then_some(on)
}

/// A row with a field for typing: what can be read is set at `path` as it is typed.
pub(super) fn typed_row(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    label: &Label<'_>,
    path: &str,
    current: &str,
    parse: &dyn Fn(&str) -> Result<String, String>,
) {
    let commit = |editor: &mut Editor<'_>, value: &str| editor.set_while(path, value);
    typed_row_to(ui, editor, (label, path), (current, true), parse, &commit);
}

/// A row with a field for typing, and what is done with what can be read.
pub(super) fn typed_row_to(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    (label, path): (&Label<'_>, &str),
    (current, is_number): (&str, bool),
    parse: &dyn Fn(&str) -> Result<String, String>,
    commit: &dyn Fn(&mut Editor<'_>, &str),
) {
    let problems = editor.problems_at(path);
    let typed = row(ui, label, |ui, width| {
        let look = Look { width, is_number, lines: 1, is_bad: !problems.is_empty() };
        typed_ui(ui, editor.buffers, (path, &label.name()), current, look, parse)
    });
    tip(typed.response.clone(), label.meaning);
    settle(ui, editor, &typed, &problems, commit);
}

/// After a field for typing: what could be read is passed on, and below stands what is wrong.
pub(super) fn settle(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    typed: &Typed,
    problems: &[&Problem],
    commit: &dyn Fn(&mut Editor<'_>, &str),
) {
    if let Some(value) = &typed.value {
        commit(editor, value);
    }
    if typed.ended {
        editor.end_gesture();
    }
    match &typed.reason {
        Some(reason) => complaint_ui(ui, reason),
        None => problems_ui(ui, problems),
    }
}
