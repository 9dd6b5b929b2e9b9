//! Changes of the experiment: fields, lanes, painted points. Every one is a splice of the text and
//! one entry of undo.

use std::fmt::Write as _;

use crate::data::Targets;
use crate::experiment::{LaneSpec, Task, TaskPlan, TextEdit, literal};

use super::LaneId;
use super::templates::{free_name, template};
use super::undo::{Done, TextState};
use super::workbench::{NoticeKind, Session};

impl Session {
    pub(super) fn text_state(&self) -> TextState {
        TextState { text: self.draft.text().to_owned(), lanes: self.ids.clone() }
    }

    /// Changes the text; on refusal nothing but the reason is kept.
    pub(super) fn edit(&mut self, edits: &[TextEdit], gesture: Option<String>) {
        let label = edits.first().map_or_else(|| "Change".to_owned(), describe);
        let ids = self.ids.clone();
        self.edit_as(edits, ids, label, gesture);
    }

    pub(super) fn edit_as(
        &mut self,
        edits: &[TextEdit],
        ids: Vec<LaneId>,
        label: String,
        gesture: Option<String>,
    ) {
        let before = self.text_state();
        if let Err(problem) = self.draft.edit(edits) {
            self.refused = Some(problem);
            return;
        }
        self.refused = None;
        self.ids = ids;
        let after = self.text_state();
        if before != after {
            self.undo.push(Done::Text { before, after, label }, gesture);
            self.text_changed();
        }
    }

    /// Brings lanes and pace in line with a text that has just changed.
    pub(super) fn text_changed(&mut self) {
        self.sync_written();
        self.sync_lanes();
        self.sync_race();
        let pace = self.draft.valid().experiment().view.pace;
        for lane in &mut self.lanes {
            lane.set_pace(pace);
        }
    }

    pub(super) fn set_pace(&mut self, pace: Option<f64>) {
        let edit = match pace {
            Some(pace) => {
                TextEdit::Set { path: "view.pace".to_owned(), value: format!("{pace:?}") }
            }
            None => TextEdit::Remove { path: "view.pace".to_owned() },
        };
        if pace.is_some() || self.view().pace.is_some() {
            self.edit(&[edit], Some("pace".to_owned()));
        }
    }

    pub(super) fn reseed(&mut self) {
        let seed = self.experiment().training.seed.wrapping_add(1);
        let edit = TextEdit::set("training.seed", seed.to_string());
        let before = self.text_state();
        if self.lesson.is_some() || self.draft.edit(std::slice::from_ref(&edit)).is_err() {
            // A lesson keeps no run; and what is wrong stands where it is typed.
            self.edit(&[edit], None);
            self.reset();
            return;
        }
        self.sync_written();
        let text = (before, self.text_state());
        self.reset_as("Reset with the next seed", Some(text));
    }

    pub(super) fn lane_names(&self) -> impl Iterator<Item = &str> + Clone {
        self.draft.experiment().lanes.iter().map(|l| &*l.name)
    }

    pub(super) fn add_lane(&mut self, name: &'static str) {
        let Some(template) = template(name) else { return };
        let free = free_name(template.name, self.lane_names());
        let mut value = format!("(name: {free:?}, {})", template.fields);
        if matches!(self.experiment().task, Task::Surface(_)) {
            value = value.replace(", batch_size: Full", "");
        }
        self.insert_lane(self.ids.len(), value, format!("Add lane {free}"));
    }

    pub(super) fn insert_lane(&mut self, index: usize, value: String, label: String) {
        let mut ids = self.ids.clone();
        let id = self.new_id();
        ids.insert(index, id);
        let mut edits = self.colors_kept_from(index);
        edits.push(TextEdit::Insert { path: "lanes".to_owned(), index, value });
        self.edit_as(&edits, ids, label, None);
    }

    /// Colours go by the order of lanes unless they are said: those after a place where a lane comes in
    /// keep theirs.
    pub(super) fn colors_kept_from(&self, index: usize) -> Vec<TextEdit> {
        let mut edits = Vec::new();
        for (at, id) in self.ids.iter().enumerate().skip(index) {
            let own = self.draft.experiment().lanes[at].color;
            if let (None, Some(lane)) = (own, self.lane(*id)) {
                let color = (lane.color + 1).to_string();
                edits.push(TextEdit::set(format!("lanes[{at}].color"), color));
            }
        }
        edits
    }

    pub(super) fn duplicate_lane(&mut self, id: LaneId) {
        let Some(index) = self.index_of(id) else { return };
        let mut copy = self.draft.experiment().lanes[index].clone();
        copy.name = free_name(&copy.name, self.lane_names());
        copy.color = None;
        let label = format!("Duplicate as {}", copy.name);
        self.insert_lane(index + 1, literal(&copy), label);
    }

    pub(super) fn move_lane(&mut self, id: LaneId, by: i8) {
        let Some(from) = self.index_of(id) else { return };
        let to = from.saturating_add_signed(isize::from(by)).min(self.ids.len() - 1);
        if to == from {
            return;
        }
        let mut ids = self.ids.clone();
        let moved = ids.remove(from);
        ids.insert(to, moved);
        let name = &self.draft.experiment().lanes[from].name;
        let label = format!("Move lane {name}");
        // Colours go by the order of lanes unless they are said: those that change places keep theirs.
        let mut edits = Vec::new();
        for at in from.min(to)..=from.max(to) {
            let own = self.draft.experiment().lanes[at].color;
            if let (None, Some(lane)) = (own, self.lane(self.ids[at])) {
                let color = (lane.color + 1).to_string();
                edits.push(TextEdit::set(format!("lanes[{at}].color"), color));
            }
        }
        edits.push(TextEdit::Move { path: "lanes".to_owned(), from, to });
        self.edit_as(&edits, ids, label, None);
    }

    pub(super) fn remove_lane(&mut self, id: LaneId) {
        let Some(index) = self.index_of(id) else { return };
        if self.ids.len() == 1 {
            return self.notify(NoticeKind::Failed, "An experiment needs at least one lane.");
        }
        let name = self.draft.experiment().lanes[index].name.clone();
        let lanes = &self.draft.experiment().lanes;
        let of_it = |lane: &&LaneSpec| lane.from.as_ref().is_some_and(|from| from.lane == name);
        if let Some(fork) = lanes.iter().find(of_it) {
            let words = format!("“{}” is forked off “{name}”: remove it first.", fork.name);
            return self.notify(NoticeKind::Failed, words);
        }
        let mut ids = self.ids.clone();
        ids.remove(index);
        let mut edits: Vec<TextEdit> = Vec::new();
        for (at, edit) in self.draft.experiment().edits.iter().enumerate().rev() {
            if edit.lane == name {
                edits.push(TextEdit::Remove { path: format!("edits[{at}]") });
            }
        }
        edits.extend(self.view_edits(&name, None));
        edits.push(TextEdit::Remove { path: format!("lanes[{index}]") });
        self.edit_as(&edits, ids, format!("Remove lane {name}"), None);
    }

    pub(super) fn rename_lane(&mut self, id: LaneId, name: &str) {
        let Some(index) = self.index_of(id) else { return };
        let old = self.draft.experiment().lanes[index].name.clone();
        let value = format!("{name:?}");
        let mut edits =
            vec![TextEdit::Set { path: format!("lanes[{index}].name"), value: value.clone() }];
        for (at, edit) in self.draft.experiment().edits.iter().enumerate() {
            if edit.lane == old {
                edits.push(TextEdit::set(format!("edits[{at}].lane"), value.clone()));
            }
        }
        for (at, lane) in self.draft.experiment().lanes.iter().enumerate() {
            if lane.from.as_ref().is_some_and(|from| from.lane == old) {
                edits.push(TextEdit::set(format!("lanes[{at}].from.lane"), value.clone()));
            }
        }
        edits.extend(self.view_edits(&old, Some(name)));
        self.edit(&edits, Some(format!("rename {}", id.0)));
    }

    pub(super) fn recolor_lane(&mut self, id: LaneId, color: u8) {
        let Some(index) = self.index_of(id) else { return };
        let path = format!("lanes[{index}].color");
        self.edit(&[TextEdit::Set { path, value: color.to_string() }], None);
    }

    pub(super) fn spread_lane(&mut self, id: LaneId, path: &str, values: &[String]) {
        let Some(index) = self.index_of(id) else { return };
        let Some((first, others)) = values.split_first() else { return };
        let base = self.draft.experiment().lanes[index].clone();
        let knob = path.rsplit('.').next().unwrap_or(path).replace('_', " ");
        let mut ids = self.ids.clone();
        let mut edits =
            vec![TextEdit::Set { path: format!("lanes[{index}].{path}"), value: first.clone() }];
        let mut taken: Vec<String> = self.lane_names().map(str::to_owned).collect();
        for (offset, value) in others.iter().enumerate() {
            let at = index + 1 + offset;
            let wanted = format!("{}, {knob} {value}", base.name);
            let mut copy = base.clone();
            copy.name = free_name(&wanted, taken.iter().map(String::as_str));
            copy.color = None;
            taken.push(copy.name.clone());
            edits.push(TextEdit::insert("lanes", at, literal(&copy)));
            edits.push(TextEdit::Set { path: format!("lanes[{at}].{path}"), value: value.clone() });
            let id = self.new_id();
            ids.insert(at, id);
        }
        self.edit_as(&edits, ids, format!("Spread {knob}"), None);
    }

    /// Adds points of a class to the data, which become `Inline` if they are not.
    pub(super) fn paint(&mut self, class: usize, points: &[[f64; 2]]) {
        let Some((mut rows, mut labels)) = self.paintable() else {
            let text =
                "Points can be painted on data of two features with classes, up to 5,000 rows.";
            return self.notify(NoticeKind::Failed, text);
        };
        rows.extend(points);
        labels.extend(points.iter().map(|_| class));
        let mut value = String::from("Inline(rows: [");
        for [x, y] in &rows {
            // Writing to a string cannot fail.
            let _infallible = write!(value, "[{x:?}, {y:?}], ");
        }
        value.push_str("], targets: [");
        for label in &labels {
            let _infallible = write!(value, "{label}, ");
        }
        value.push_str("])");
        let edit = TextEdit::Set { path: "task.data".to_owned(), value };
        let ids = self.ids.clone();
        self.edit_as(&[edit], ids, "Paint points".to_owned(), None);
    }

    /// The rows that painting adds to, unscaled and in the source's order.
    fn paintable(&self) -> Option<(Vec<[f64; 2]>, Vec<usize>)> {
        let Some(lane) = self.lanes.first() else { return Some(Default::default()) };
        let TaskPlan::Learn(learn) = &lane.plan.task else { return None };
        let split = &learn.split;
        let mut rows = Vec::new();
        let parts = [
            (Some(&split.train), &split.train_rows),
            (split.held_out.as_ref(), &split.held_out_rows),
        ];
        for (part, places) in parts {
            let Some(part) = part else { continue };
            let Targets::Classes { labels, .. } = &part.targets else { return None };
            if part.width() != 2 || part.rows() > 5000 {
                return None;
            }
            for (row, (place, label)) in places.iter().zip(labels).enumerate() {
                let mut point = [part.features[[row, 0]], part.features[[row, 1]]];
                if let Some(scaler) = &split.scaler {
                    for (column, x) in point.iter_mut().enumerate() {
                        *x = *x * scaler.scale[column] + scaler.shift[column];
                    }
                }
                rows.push((*place, point, *label));
            }
        }
        rows.sort_by_key(|(place, ..)| *place);
        Some(rows.into_iter().map(|(_, point, label)| (point, label)).unzip())
    }
}

fn describe(edit: &TextEdit) -> String {
    match edit {
        TextEdit::Set { path, .. } => format!("Change {}", last_name(path)),
        TextEdit::Remove { path } => format!("Remove {}", last_name(path)),
        TextEdit::Insert { path, .. } => format!("Add to {}", last_name(path)),
        TextEdit::Move { path, .. } => format!("Move in {}", last_name(path)),
    }
}

fn last_name(path: &str) -> String {
    path.rsplit('.').next().unwrap_or(path).replace('_', " ")
}
