//! The switch between learning from data and walking down a surface.

use eframe::egui::Ui;

use super::Parts;
use crate::experiment::{Experiment, Length, Task, TextEdit, literal};
use crate::ui::panels::fields::problems_ui;
use crate::ui::widgets::segmented_told;

const LEARN: &str =
    "Learn(data: Blobs(samples: 250, features: 2, centers: 2, std: 1.05, seed: 20))";
const SURFACE: &str = "Surface(function: Rosenbrock, start: (-1.5, 2.0))";

pub(super) fn ui(ui: &mut Ui, parts: &mut Parts<'_, '_>) {
    let is_surface = matches!(parts.experiment.task, Task::Surface(_));
    let choices = [
        (
            false,
            "Learn from data",
            "A model is fitted to rows: the loss is that of its predictions.",
        ),
        (
            true,
            "Walk a surface",
            "A function of two numbers is walked down: its whole map is seen.",
        ),
    ];
    if segmented_told(ui, "Task", is_surface, &choices).is_some() {
        switch(parts);
    }
    let problems = parts.editor.problems_at("task");
    problems_ui(ui, &problems);
}

/// Puts the other kind of task in place, as it was left, and takes out what only fits the old kind.
fn switch(parts: &mut Parts<'_, '_>) {
    let experiment = parts.experiment;
    let to_surface = matches!(experiment.task, Task::Learn(_));
    let starter = if to_surface { SURFACE } else { LEARN };
    let task = parts.other_task.take().unwrap_or_else(|| starter.to_owned());
    *parts.other_task = Some(literal(&experiment.task));
    let mut edits = vec![TextEdit::set("task", task)];
    edits.extend(length_edits(experiment, to_surface));
    for (at, rule) in experiment.stop.iter().enumerate().rev() {
        if to_surface && rule.name() == "AccuracyAbove" {
            edits.push(TextEdit::remove(format!("stop[{at}]")));
        }
    }
    for at in 0..experiment.lanes.len() {
        let own: &[&str] = if to_surface {
            &["batch_size", "shuffle", "init", "loss", "model", "regularize"]
        } else {
            &["start"]
        };
        edits.extend(own.iter().map(|field| TextEdit::remove(format!("lanes[{at}].{field}"))));
    }
    *parts.paint = None;
    parts.editor.push(edits, None);
}

/// A surface has no epochs, and a few steps are too short to learn.
fn length_edits(experiment: &Experiment, to_surface: bool) -> Vec<TextEdit> {
    let training = &experiment.training;
    match (to_surface, training.epochs, training.steps) {
        (true, Some(Length::Count(epochs)), _) => vec![
            TextEdit::remove("training.epochs"),
            TextEdit::set("training.steps", (epochs * 10).to_string()),
        ],
        (true, Some(Length::Unlimited), _) => {
            vec![TextEdit::remove("training.epochs"), TextEdit::set("training.steps", "Unlimited")]
        }
        _ => Vec::new(),
    }
}
