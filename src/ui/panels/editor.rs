//! How a panel changes the experiment: text being typed, problems beside fields, edits to push.
//!
//! Invariant: what cannot be read stays here, with the reason, and nothing is pushed; everything that
//! can be read is pushed at once, allowed or not, because the session says what is not allowed and
//! goes on with the last valid experiment. A buffer lives while its field is typed into, or while
//! it cannot be read and the value behind it is still the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Chosen, Entry, Family, Form, Given, Kind, Scale, Value};
use crate::experiment::{Problem, TextEdit, literal, text_at};
use crate::session::{Action, Session};

/// Text being typed, by the path of the field.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    typing: BTreeMap<String, Typing>,
    /// Paths that had a field on screen in this frame.
    shown: BTreeSet<String>,
}

/// The text of one field while it differs from the value.
#[derive(Debug, Clone)]
pub(super) struct Typing {
    /// What is typed.
    pub(super) text: String,
    /// Why it cannot be read.
    pub(super) reason: Option<String>,
    /// The value as shown when typing ended; `None` while the field has the focus.
    pub(super) left_at: Option<String>,
}

impl Buffers {
    /// The text a field shows: what is typed, unless the value has changed since.
    pub(super) fn take(&mut self, path: &str, current: &str) -> Option<Typing> {
        let typing = self.typing.get(path)?;
        if typing.left_at.as_ref().is_some_and(|left| left != current) {
            self.typing.remove(path);
            return None;
        }
        Some(typing.clone())
    }

    /// Keeps what is typed.
    pub(super) fn keep(&mut self, path: &str, typing: Typing) {
        self.typing.insert(path.to_owned(), typing);
    }

    /// Typing has ended, and what is typed cannot be read: it stays while the value does.
    pub(super) fn leave(&mut self, path: &str, current: &str) {
        if let Some(typing) = self.typing.get_mut(path) {
            typing.left_at = Some(current.to_owned());
        }
    }

    /// Forgets what was typed.
    pub(super) fn forget(&mut self, path: &str) {
        self.typing.remove(path);
    }

    fn begin_frame(&mut self) {
        self.shown.clear();
    }
}

/// What a panel needs to show and change fields of the experiment.
#[derive(Debug)]
pub(super) struct Editor<'a> {
    text: &'a str,
    problems: Vec<&'a Problem>,
    pub(super) buffers: &'a mut Buffers,
    pub(super) actions: &'a mut Vec<Action>,
}

impl<'a> Editor<'a> {
    /// An editor of the session's experiment for one frame of a panel.
    pub(super) fn new(
        session: &'a Session,
        buffers: &'a mut Buffers,
        actions: &'a mut Vec<Action>,
    ) -> Self {
        buffers.begin_frame();
        let problems = session.problems().collect();
        Self { text: session.draft().text(), problems, buffers, actions }
    }

    /// The problems of the field at `path`; they count as shown from now on.
    pub(super) fn problems_at(&mut self, path: &str) -> Vec<&'a Problem> {
        self.buffers.shown.insert(path.to_owned());
        self.problems.iter().copied().filter(|p| p.path == path).collect()
    }

    /// The problems below `path`, and at it, that no field has shown in this frame.
    pub(super) fn problems_left(&self, path: &str) -> Vec<&'a Problem> {
        let is_below = |p: &str| {
            p.strip_prefix(path).is_some_and(|rest| {
                path.is_empty() || rest.is_empty() || rest.starts_with(['.', '['])
            })
        };
        let shown = &self.buffers.shown;
        self.problems
            .iter()
            .copied()
            .filter(|p| is_below(&p.path) && !shown.contains(&p.path))
            .collect()
    }

    /// Replaces the value at `path`.
    pub(super) fn set(&mut self, path: &str, value: impl Into<String>) {
        self.push(vec![TextEdit::set(path, value)], None);
    }

    /// Replaces the value at `path` as part of typing or a drag.
    pub(super) fn set_while(&mut self, path: &str, value: impl Into<String>) {
        self.push(vec![TextEdit::set(path, value)], Some(path.to_owned()));
    }

    /// Takes the field or item at `path` out.
    pub(super) fn remove(&mut self, path: &str) {
        self.push(vec![TextEdit::remove(path)], None);
    }

    /// Adds an item to the list at `path`.
    pub(super) fn insert(&mut self, path: &str, index: usize, value: impl Into<String>) {
        self.push(vec![TextEdit::insert(path, index, value)], None);
    }

    /// Makes several changes as one.
    pub(super) fn push(&mut self, edits: Vec<TextEdit>, gesture: Option<String>) {
        self.actions.push(Action::Edit { edits, gesture });
    }

    /// The drag or typing is over.
    pub(super) fn end_gesture(&mut self) {
        self.actions.push(Action::EndGesture);
    }

    /// Sets one field of a choice, wherever the file left it out or wrote the choice bare.
    pub(super) fn set_field<F: Family>(
        &mut self,
        path: &str,
        chosen: &Chosen<F>,
        field: &str,
        value: &str,
    ) {
        let edit = self.field_edit(path, chosen, field, value);
        self.push(vec![edit], Some(format!("{path}.{field}")));
    }

    fn field_edit<F: Family>(
        &self,
        path: &str,
        chosen: &Chosen<F>,
        field: &str,
        value: &str,
    ) -> TextEdit {
        let written = text_at(self.text, path).unwrap_or_default();
        let entry = chosen.entry();
        if entry.form == Form::Positional {
            TextEdit::set(path, format!("{}({value})", entry.name))
        } else if written.trim_end().ends_with(')') {
            TextEdit::set(format!("{path}.{field}"), value)
        } else {
            TextEdit::set(path, format!("{}({field}: {value})", entry.name))
        }
    }

    /// Makes another choice at `path`, with the numbers the two have in common.
    pub(super) fn switch<F: Family>(
        &mut self,
        path: &str,
        from: Option<&Chosen<F>>,
        to: &'static Entry,
    ) {
        let value = literal(&switched(from, to));
        self.set(path, value);
    }
}

/// The choice `to` with what it has in common with `from`, and something sensible where a file would
/// have to say it.
pub(super) fn switched<F: Family>(from: Option<&Chosen<F>>, to: &'static Entry) -> Chosen<F> {
    let mut chosen = Chosen::of(to);
    for field in to.fields {
        let old = from.and_then(|from| {
            let same = from.entry().field(field.name)?;
            let alike = std::mem::discriminant(&same.kind) == std::mem::discriminant(&field.kind);
            from.get(field.name).filter(|_| alike).cloned()
        });
        let starter = (field.default == Given::Nothing).then(|| starter(&field.kind)).flatten();
        for value in [starter, old].into_iter().flatten() {
            let _kept_at_its_default_if_refused = chosen.set(field.name, value);
        }
    }
    chosen
}

/// A value to begin with where the table has no default.
fn starter(kind: &Kind) -> Option<Value> {
    let middle = |scale: &Scale| match scale {
        Scale::Linear(low, high) => low + (high - low) / 2.0,
        Scale::Log(low, high) => 10f64.powf(f64::midpoint(low.log10(), high.log10()).round()),
        Scale::OneMinus(_) => 0.9,
    };
    match kind {
        Kind::Number(_, scale) => Some(Value::Number(middle(scale))),
        Kind::Integer { scale, min, max } => {
            Some(Value::Integer((middle(scale).round() as u64).clamp(*min, *max)))
        }
        _ => None,
    }
}
