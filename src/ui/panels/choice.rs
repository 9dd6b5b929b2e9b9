//! Any choice of any family as rows of a panel: a menu of the family's table, then a row for each
//! field of what is chosen, by its kind, with the table's words as tooltips.
//!
//! A new row in a table shows up here without a line of code.

use eframe::egui::Ui;

use super::editor::Editor;
use super::fields::{
    Item, Label, Look, flag_row, menu_row, menu_ui, note_ui, problems_ui, row, settle,
    typed_row_to, typed_ui,
};
use super::typed;
use crate::catalog::{Chosen, Duration, Entry, Family, Field, Kind, Value};

/// The longest text of rows that can be edited in a panel.
const MAX_ROWS_TEXT: usize = 4_000;

/// A choice at `path`: its menu and its fields.
pub(super) fn choice_ui<F: Family>(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    label: &Label<'_>,
    path: &str,
    chosen: &Chosen<F>,
) {
    if let Some(entry) = choice_menu_ui(ui, editor, label, path, chosen) {
        editor.switch(path, Some(chosen), entry);
    }
    fields_ui(ui, editor, label.of, path, chosen);
}

/// The menu of a choice alone; gives the row that was just picked.
pub(super) fn choice_menu_ui<F: Family>(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    label: &Label<'_>,
    path: &str,
    chosen: &Chosen<F>,
) -> Option<&'static Entry> {
    let problems = editor.problems_at(path);
    let picked = pick_ui(ui, label, path, chosen);
    problems_ui(ui, &problems);
    picked
}

/// The same without what is wrong at `path`.
pub(super) fn pick_ui<F: Family>(
    ui: &mut Ui,
    label: &Label<'_>,
    path: &str,
    chosen: &Chosen<F>,
) -> Option<&'static Entry> {
    let items: Vec<Item<'_>> = F::entries().iter().map(|e| item(e)).collect();
    let at = position::<F>(chosen.entry());
    menu_row(ui, label, path, at, &items).map(|at| F::entries()[at])
}

/// A choice that may be left out: its menu begins with `none`, what the absence means.
pub(super) fn optional_choice_ui<F: Family>(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    label: &Label<'_>,
    path: &str,
    (chosen, none): (Option<&Chosen<F>>, Item<'_>),
) {
    let items: Vec<Item<'_>> =
        std::iter::once(none).chain(F::entries().iter().map(|e| item(e))).collect();
    let at = chosen.map_or(Some(0), |c| position::<F>(c.entry()).map(|at| at + 1));
    let problems = editor.problems_at(path);
    match menu_row(ui, label, path, at, &items) {
        Some(0) => editor.remove(path),
        Some(at) => editor.switch(path, chosen, F::entries()[at - 1]),
        None => {}
    }
    problems_ui(ui, &problems);
    if let Some(chosen) = chosen {
        fields_ui(ui, editor, label.of, path, chosen);
    }
}

/// A row for each field of a choice.
pub(super) fn fields_ui<F: Family>(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    of: &str,
    path: &str,
    chosen: &Chosen<F>,
) {
    for (field, value) in chosen.iter() {
        let commit = |editor: &mut Editor<'_>, text: &str| {
            editor.set_field(path, chosen, field.name, text);
        };
        field_row(ui, editor, of, (path, field), value, &commit);
    }
}

/// One field of a choice by its kind.
pub(super) fn field_row(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    of: &str,
    (parent, field): (&str, &'static Field),
    value: &Value,
    commit: &dyn Fn(&mut Editor<'_>, &str),
) {
    let path = format!("{parent}.{}", field.name);
    let label = Label { text: field.label, meaning: field.meaning, of };
    match (&field.kind, value) {
        (Kind::Flag, value) => {
            let is_on = value.as_number() == Some(1.0);
            if let Some(on) = flag_row(ui, &label, is_on) {
                commit(editor, if on { "true" } else { "false" });
                editor.end_gesture();
            }
            let problems = editor.problems_at(&path);
            problems_ui(ui, &problems);
        }
        (Kind::Word(words), value) => {
            let items: Vec<Item<'_>> = words.iter().map(|w| Item::plain(w)).collect();
            let shown = typed::shown(value);
            let at = words.iter().position(|w| *w == shown);
            if let Some(at) = menu_row(ui, &label, &path, at, &items) {
                commit(editor, words[at]);
                editor.end_gesture();
            }
            let problems = editor.problems_at(&path);
            problems_ui(ui, &problems);
        }
        (Kind::Duration, Value::Duration(duration)) => {
            duration_row(ui, editor, (&label, &path), *duration, commit);
        }
        (Kind::Rows | Kind::Targets, Value::Rows(rows)) => {
            rows_ui(ui, editor, (&label, &path), (&field.kind, rows), commit);
        }
        (kind, value) => {
            let is_number = !matches!(kind, Kind::Text);
            let parse = |text: &str| typed::literal(kind, text);
            let shown = typed::shown(value);
            typed_row_to(ui, editor, (&label, &path), (&shown, is_number), &parse, commit);
        }
    }
}

fn duration_row(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    (label, path): (&Label<'_>, &str),
    duration: Option<Duration>,
    commit: &dyn Fn(&mut Editor<'_>, &str),
) {
    let items = [Item::plain("none"), Item::plain("steps"), Item::plain("epochs")];
    let at = match duration {
        None => 0,
        Some(Duration::Steps(_)) => 1,
        Some(Duration::Epochs(_)) => 2,
    };
    let count = match duration {
        Some(Duration::Steps(n) | Duration::Epochs(n)) => n,
        None => 10,
    };
    if let Some(at) = menu_row(ui, label, path, Some(at), &items) {
        commit(
            editor,
            &["None".to_owned(), format!("Steps({count})"), format!("Epochs({count})")][at],
        );
        editor.end_gesture();
    }
    let Some(duration) = duration else { return };
    let unit = if matches!(duration, Duration::Steps(_)) { "Steps" } else { "Epochs" };
    let words = format!("{}, {}", label.text, unit.to_lowercase());
    let label = Label { text: &words, ..*label };
    let parse = |text: &str| typed::parse_whole(text.trim()).map(|n| format!("{unit}({n})"));
    typed_row_to(ui, editor, (&label, path), (&count.to_string(), true), &parse, commit);
}

fn rows_ui(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    (label, path): (&Label<'_>, &str),
    (kind, rows): (&Kind, &std::sync::Arc<[Vec<f64>]>),
    commit: &dyn Fn(&mut Editor<'_>, &str),
) {
    let summary = match rows.first() {
        None => "none".to_owned(),
        Some(first) => format!("{} × {}", rows.len(), first.len()),
    };
    row(ui, label, |ui, _| ui.label(summary));
    let current = if rows.len() > MAX_ROWS_TEXT { String::new() } else { rows_of(kind, rows) };
    if current.is_empty() || current.len() > MAX_ROWS_TEXT {
        return note_ui(ui, "Too many to type here: paint points, or edit the file.");
    }
    let problems = editor.problems_at(path);
    let look = Look {
        width: ui.available_width(),
        is_number: false,
        lines: 3,
        is_bad: !problems.is_empty(),
    };
    let parse = |text: &str| typed::literal(kind, text);
    let typed = typed_ui(ui, editor.buffers, (path, &label.name()), &current, look, &parse);
    settle(ui, editor, &typed, &problems, commit);
}

fn rows_of(kind: &Kind, rows: &std::sync::Arc<[Vec<f64>]>) -> String {
    typed::rows_text(rows, *kind == Kind::Targets)
}

/// A menu of a family without a label of its own, `width` wide.
pub(super) fn bare_menu_ui<F: Family>(
    ui: &mut Ui,
    (path, name): (&str, &str),
    width: f32,
    chosen: &Chosen<F>,
) -> Option<&'static Entry> {
    let items: Vec<Item<'_>> = F::entries().iter().map(|e| item(e)).collect();
    let at = position::<F>(chosen.entry());
    menu_ui(ui, (path, name), width, at, &items).map(|at| F::entries()[at])
}

fn item(entry: &'static Entry) -> Item<'static> {
    Item { label: entry.label, note: entry.summary }
}

fn position<F: Family>(entry: &Entry) -> Option<usize> {
    F::entries().iter().position(|e| e.name == entry.name)
}
