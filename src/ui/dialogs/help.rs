//! The help sheet: keys, how to read the screen, and the questions that readers of tutorials ask;
//! and the answer to "why?" beside a line, with that lane's own numbers.

use eframe::egui::{Grid, RichText, ScrollArea, Ui};

use crate::session::LaneId;

use super::super::frame::Frame;
use super::super::panels::line_of;
use super::super::shortcuts::SHORTCUTS;
use super::super::theme::{number_style, strong_style, tokens};
use super::super::widgets::with_minus;
use super::Outcome;

/// A question and its answer.
struct Answer {
    question: &'static str,
    answer: &'static str,
}

const ANSWERS: &[Answer] = &[
    Answer {
        question: "What do the faint and the bold curve show?",
        answer: "The faint curve is the loss of every single mini-batch, measured just before its \
                 update: noisy, because each batch is another sample of the data. The bold curve is \
                 the mean over each epoch: calm. Both are drawn at the update where they were \
                 measured. A dashed curve is the loss on held-out rows, which no update has seen.",
    },
    Answer {
        question: "Why does the loss of full-batch descent move so slowly?",
        answer: "It makes one update per epoch. With mini-batches of S rows out of N there are N/S \
                 updates in the same pass, each a little less exact and much cheaper. Set the x \
                 axis to epochs, samples or time to compare what you care about.",
    },
    Answer {
        question: "Where does the line in the picture come from?",
        answer: "The model says class 1 where its score w1·x + w2·y + b is above zero, because the \
                 sigmoid of zero is one half. The line is where the score is exactly zero; solved \
                 for y it reads y = (−b − w1·x)/w2.",
    },
    Answer {
        question: "Why is the sigmoid's derivative missing from the gradient?",
        answer: "What is descended is the cross-entropy. Its derivative with respect to the score is \
                 activation − label: the sigmoid's own derivative cancels. The squared error that \
                 some tutorials print is only what is shown; choose it under “report”. To descend \
                 the squared error itself, choose it as the loss: then the derivative is there.",
    },
    Answer {
        question: "Which weights are used in the end?",
        answer: "The last ones, after the last update; not the best ones seen on the way.",
    },
    Answer {
        question: "Is one optimizer better than another, or was it lucky?",
        answer: "One run cannot tell. Let each lane stand for eight seeds (“more” on its card): run k of \
                 every lane begins with the same weights and sees the same batches, so that the \
                 differences can be compared seed by seed. “Who wins?” below the cards says which of \
                 them are more than luck, and of which eight seeds can say nothing.",
    },
    Answer {
        question: "Do lanes compete fairly?",
        answer: "All lanes share the data, the initial parameters and the order of rows. Where a lane \
                 differs in anything but its optimizer, its card says so.",
    },
];

/// What keys do, each once, with all the keys that do it. It stands where its last key stands: the
/// table has longer chords first, and Redo is read after Undo.
fn keys() -> Vec<(Vec<&'static str>, &'static str)> {
    let mut all: Vec<(Vec<&str>, &str)> = Vec::new();
    for shortcut in SHORTCUTS {
        let before = all.iter().position(|(_, does)| *does == shortcut.does);
        let mut keys = before.map(|at| all.remove(at).0).unwrap_or_default();
        keys.push(shortcut.keys);
        all.push((keys, shortcut.does));
    }
    all
}

pub(super) fn sheet_ui(ui: &mut Ui) -> Outcome {
    let width = (ui.ctx().content_rect().width() - 80.0).min(880.0);
    ui.set_width(width);
    ui.heading("Help");
    ui.add_space(8.0);
    let height = ui.ctx().content_rect().height() - 180.0;
    // As high from the first frame on as it will be.
    ScrollArea::vertical().max_height(height).auto_shrink([true, false]).show(ui, |ui| {
        ui.set_width(width - 16.0);
        ui.label(RichText::new("Keys").text_style(strong_style()));
        Grid::new("keys").num_columns(4).spacing([16.0, 4.0]).show(ui, |ui| {
            for pair in keys().chunks(2) {
                for (keys, does) in pair {
                    ui.label(RichText::new(keys.join(", ")).text_style(number_style()));
                    ui.label(*does);
                }
                ui.end_row();
            }
        });
        ui.label(
            RichText::new(
                "Keys without Ctrl work wherever no text is being typed. Ctrl C copies the \
                 experiment as text, Ctrl V opens one from the clipboard; files can be dropped on \
                 the window.",
            )
            .color(tokens(ui).dim),
        );
        for answer in ANSWERS {
            ui.add_space(10.0);
            ui.label(RichText::new(answer.question).text_style(strong_style()));
            ui.label(answer.answer);
        }
    });
    ui.add_space(8.0);
    if ui.button("Close").clicked() { Outcome::Close } else { Outcome::Stay }
}

/// Where a lane's line comes from, with its numbers.
pub(super) fn line_ui(ui: &mut Ui, frame: &Frame<'_>, lane: LaneId) -> Outcome {
    ui.set_width(460.0);
    ui.heading("Where the line comes from");
    ui.add_space(6.0);
    let line = frame.session.lane(lane).and_then(line_of);
    let Some(line) = line else {
        ui.label("This lane has no line any more.");
        return if ui.button("Close").clicked() { Outcome::Close } else { Outcome::Stay };
    };
    ui.label("The model adds up a score for every point (x, y):");
    ui.label(
        RichText::new(with_minus(&format!(
            "score = {:.4}·x + {:.4}·y + {:.4}",
            line.w1, line.w2, line.b
        )))
        .text_style(number_style()),
    );
    ui.label(
        "The sigmoid turns the score into the probability of class 1. At score 0 it is exactly one \
         half: there the model cannot decide, and there the line is drawn. Setting the score to \
         zero and solving for y gives",
    );
    ui.label(
        RichText::new(with_minus(&format!(
            "y = (−b − w1·x)/w2 = {:.4} {} {:.4}·x",
            -line.b / line.w2,
            if -line.w1 / line.w2 < 0.0 { "−" } else { "+" },
            (line.w1 / line.w2).abs(),
        )))
        .text_style(number_style()),
    );
    ui.label(
        RichText::new("The numbers follow the training while this stays open.")
            .color(tokens(ui).dim),
    );
    ui.add_space(8.0);
    if ui.button("Close").clicked() { Outcome::Close } else { Outcome::Stay }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_tells_each_thing_once_and_undo_before_redo() {
        let keys = keys();
        let at = |name| keys.iter().position(|(_, does)| *does == name);
        assert!(at("Undo") < at("Redo"));
        let redo = &keys[at("Redo").expect("it has keys")].0;
        assert!(redo.contains(&"Ctrl Y") && redo.contains(&"Ctrl Shift Z"), "{redo:?}");
        let mut said: Vec<_> = keys.iter().map(|(_, does)| does).collect();
        said.sort_unstable();
        assert!(said.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(keys.iter().map(|(keys, _)| keys.len()).sum::<usize>(), SHORTCUTS.len());
    }
}
