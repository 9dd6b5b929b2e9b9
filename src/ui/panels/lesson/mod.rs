//! The lesson's panel, in the experiment's place: what to read, the question, the goal, and on to the next.
//!
//! It draws what the session knows of the lesson and pushes what is answered; its own state is the length
//! of the walker's steps, and the map that was drawn.

mod walk;

use eframe::egui::{Button, Label, RichText, ScrollArea, Ui, vec2};

use super::fields::note_ui;
use super::section::{heading_ui, margin, rule_ui};
use crate::lesson::{Control, Goal, Prediction, Standing};
use crate::session::{Action, LessonAction, LessonRun};
use crate::ui::frame::Frame;
use crate::ui::theme::{heading_style, small_style, strong_style, tokens};
use crate::ui::widgets::{Icon, button, count, link_button, primary_button};

pub(in crate::ui) use walk::{LessonPanelState, center_ui};

/// Draws the panel.
pub(in crate::ui) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let Some(run) = frame.session.lesson() else { return };
    margin().show(ui, |ui| {
        let (at, steps) = run.place();
        heading_ui(ui, "Lesson", &format!("step {} of {steps}", at + 1), false);
        let below = ui.spacing().interact_size.y * 2.0 + 20.0;
        let height = (ui.available_height() - below).max(80.0);
        // What scrolls ends where the buttons begin, however long it is.
        ScrollArea::vertical().id_salt(("lesson", at)).max_height(height).auto_shrink(false).show(
            ui,
            |ui| {
                ui.set_max_width(ui.available_width() - 8.0);
                body_ui(ui, frame, run);
            },
        );
        rule_ui(ui);
        way_ui(ui, frame, run);
    });
}

fn body_ui(ui: &mut Ui, frame: &mut Frame<'_>, run: &LessonRun) {
    let step = run.step();
    let dim = tokens(ui).dim;
    ui.add(Label::new(RichText::new(run.title()).text_style(small_style()).color(dim)).wrap());
    ui.add(Label::new(RichText::new(&step.title).text_style(heading_style())).wrap());
    ui.add_space(4.0);
    ui.add(Label::new(&step.text).wrap());
    ui.add_space(8.0);
    if let Some(prediction) = &step.predict {
        prediction_ui(ui, frame, run, prediction);
    }
    if let Some(goal) = &step.goal {
        goal_ui(ui, frame, run, goal);
    }
    if run.walk().is_some() {
        walk::panel_ui(ui, frame, run);
    }
}

/// The question, its answers, and what came true.
fn prediction_ui(ui: &mut Ui, frame: &mut Frame<'_>, run: &LessonRun, asked: &Prediction) {
    ui.add(Label::new(RichText::new(&asked.question).text_style(strong_style())).wrap());
    ui.add_space(2.0);
    for (at, choice) in asked.choices.iter().enumerate() {
        choice_ui(ui, frame, run, at, &choice.says);
    }
    ui.add_space(6.0);
    match (run.predicted(), run.came_true()) {
        (None, _) => note_ui(ui, "Say what you expect; then the lanes may run."),
        (Some(_), None) => {
            note_ui(ui, "Now press Run (or space) and see. ↑ and ↓ make it faster and slower.");
        }
        (Some(predicted), Some(came)) => {
            let right = came.contains(&predicted);
            let (words, color) = if right {
                ("It came as you said.", tokens(ui).good)
            } else {
                ("It came otherwise.", tokens(ui).warn)
            };
            ui.label(RichText::new(words).text_style(strong_style()).color(color));
            ui.add(Label::new(&run.step().then).wrap());
        }
    }
}

/// One answer: a button until one is chosen, then a line that says what became of it.
fn choice_ui(ui: &mut Ui, frame: &mut Frame<'_>, run: &LessonRun, at: usize, says: &str) {
    let width = ui.available_width();
    if run.predicted().is_none() {
        let response = ui.add(Button::new(says).wrap().min_size(vec2(width, 0.0)));
        if response.on_hover_text("Choose this answer, before anything is trained.").clicked() {
            frame.push(Action::Lesson(LessonAction::Predict(at)));
        }
        return;
    }
    let is_mine = run.predicted() == Some(at);
    let came = run.came_true().is_some_and(|came| came.contains(&at));
    let mark = match (is_mine, came) {
        (true, true) => "✓ You said: ",
        (true, false) => "You said: ",
        (false, true) => "✓ So it was: ",
        (false, false) => "",
    };
    let t = tokens(ui);
    let color = match (came, is_mine) {
        (true, _) => t.good,
        (false, true) => t.text,
        (false, false) => t.dim,
    };
    let words = RichText::new(format!("{mark}{says}")).color(color);
    let words = if is_mine || came { words.text_style(strong_style()) } else { words };
    ui.add(Label::new(words).wrap());
}

/// What is to be reached, and how it stands.
fn goal_ui(ui: &mut Ui, frame: &mut Frame<'_>, run: &LessonRun, goal: &Goal) {
    let free: Vec<String> = run
        .step()
        .allow
        .iter()
        .filter_map(|control| match control {
            Control::Knob(path) => Some(path.rsplit('.').next().unwrap_or(path).replace('_', " ")),
            Control::Rewind | Control::Seed => None,
        })
        .collect();
    note_ui(ui, &format!("Free: {}, on the lane's card.", free.join(", ")));
    ui.add_space(4.0);
    let t = tokens(ui);
    let (words, color, says) = match run.standing() {
        Standing::Open => ("Not reached yet.".to_owned(), t.dim, ""),
        Standing::Met(step) => (format!("Reached at step {}.", count(step)), t.good, &*goal.met),
        Standing::Missed => ("Missed.".to_owned(), t.warn, &*goal.missed),
    };
    ui.label(RichText::new(words).text_style(strong_style()).color(color));
    if !says.is_empty() {
        ui.add(Label::new(says).wrap());
    }
    if run.is_answer_shown() {
        note_ui(ui, "The knob stands at one answer now. Run, and see.");
    }
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        if button(ui, Some(Icon::Reset), "Try again")
            .on_hover_text("Back to the start (R)")
            .clicked()
        {
            frame.push(Action::Reset);
        }
        let missed = run.standing() == Standing::Missed && !run.is_answer_shown();
        if missed
            && link_button(ui, "Show an answer")
                .on_hover_text("Turns the free knob to where the goal is reached.")
                .clicked()
        {
            frame.push(Action::Lesson(LessonAction::ShowAnswer));
        }
    });
}

/// Back, on, and out.
fn way_ui(ui: &mut Ui, frame: &mut Frame<'_>, run: &LessonRun) {
    let (at, _) = run.place();
    let mut push = |action| frame.actions.push(Action::Lesson(action));
    ui.horizontal(|ui| {
        let back = ui.add_enabled_ui(at > 0, |ui| button(ui, None, "Back")).inner;
        if back.on_hover_text("The step before, from its beginning").clicked() {
            push(LessonAction::Back);
        }
        let word = if run.is_last() { "Finish" } else { "Next" };
        let says = if run.is_last() {
            "The lesson ends; its experiment stays open, and nothing is locked any more."
        } else {
            "The next step"
        };
        let next = if run.is_done() {
            primary_button(ui, None, word)
        } else {
            button(ui, None, if run.is_last() { "Finish" } else { "Skip" })
        };
        if next.on_hover_text(says).clicked() {
            push(LessonAction::Next);
        }
    });
    if link_button(ui, "Leave the lesson")
        .on_hover_text("Keep this experiment and unlock everything.")
        .clicked()
    {
        push(LessonAction::Leave);
    }
}
