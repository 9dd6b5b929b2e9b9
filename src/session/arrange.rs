//! Which parts of the middle are on screen: kept in the experiment's `view`, so undone and saved with it.

use crate::experiment::{Arrange, Panes, TextEdit, literal};

use super::workbench::Session;

impl Session {
    pub(super) fn arrange(&mut self, change: Arrange) {
        let (before, in_front) = (self.view().panes.clone(), self.view().maximised);
        let (panes, maximised, label) = match change {
            Arrange::Open(pane) => (
                before.clone().with(pane),
                in_front.map(|_| pane),
                format!("Show {}", pane.label()),
            ),
            Arrange::Close(pane) => {
                let left = in_front.filter(|other| *other != pane);
                (before.clone().without(pane), left, format!("Close {}", pane.label()))
            }
            Arrange::Maximise(Some(pane)) => {
                (before.clone().with(pane), Some(pane), format!("Maximise {}", pane.label()))
            }
            Arrange::Maximise(None) => (before.clone(), None, "Show all panes".to_owned()),
            Arrange::Move(pane, side, target) => {
                (before.clone().moved(pane, side, target), None, format!("Move {}", pane.label()))
            }
        };
        let mut edits = Vec::new();
        if panes != before {
            let value = (panes != Panes::default()).then(|| literal(&panes));
            edits.push(written("view.panes", value));
        }
        if maximised != in_front {
            edits.push(written("view.maximised", maximised.as_ref().map(literal)));
        }
        if !edits.is_empty() {
            self.edit_as(&edits, self.ids.clone(), label, None);
        }
    }
}

fn written(path: &str, value: Option<String>) -> TextEdit {
    match value {
        Some(value) => TextEdit::set(path, value),
        None => TextEdit::Remove { path: path.to_owned() },
    }
}
