//! Training: how long, in which batches, in which order, from which seeds.

use eframe::egui::Ui;

use super::Parts;
use crate::data::{BatchSize, Shuffle};
use crate::experiment::{Length, Task, TextEdit, Training, literal};
use crate::numeric::Precision;
use crate::ui::panels::editor::Editor;
use crate::ui::panels::fields::{Item, Label, menu_row, problems_ui, tip, typed_row, typed_row_to};
use crate::ui::panels::section::section_ui;
use crate::ui::panels::typed::parse_whole;
use crate::ui::widgets::link_button;

pub(super) fn ui(ui: &mut Ui, parts: &mut Parts<'_, '_>) {
    let training = &parts.experiment.training;
    let is_surface = matches!(parts.experiment.task, Task::Surface(_));
    section_ui(ui, "Training", "");
    length_ui(ui, parts.editor, training, is_surface);
    if !is_surface {
        batch_size_ui(ui, parts.editor, training.batch_size);
        shuffle_ui(ui, parts.editor, training.shuffle);
    }
    seeds_ui(ui, parts, training, is_surface);
    precision_ui(ui, parts.editor, training.precision);
}

/// Which unit the length is in, and which count: defaults as the file has them.
fn length(training: &Training, is_surface: bool) -> (bool, Length) {
    match (training.epochs, training.steps) {
        (_, Some(steps)) => (true, steps),
        (Some(epochs), None) => (false, epochs),
        (None, None) if is_surface => (true, Length::Count(1000)),
        (None, None) => (false, Length::Count(100)),
    }
}

fn length_ui(ui: &mut Ui, editor: &mut Editor<'_>, training: &Training, is_surface: bool) {
    let (in_steps, length) = length(training, is_surface);
    let items = [
        Item { label: "epochs", note: "Passes over the training rows." },
        Item { label: "steps", note: "Updates of the parameters." },
        Item { label: "unlimited", note: "Until you stop it." },
    ];
    let items = if is_surface { &items[1..] } else { &items[..] };
    let shift = usize::from(is_surface);
    let at = match length {
        Length::Unlimited => 2,
        Length::Count(_) => usize::from(in_steps),
    };
    let label = Label::new("Train for", "In what the length of training is counted.");
    let count = match length {
        Length::Count(n) => n,
        Length::Unlimited => 100,
    };
    if let Some(at) = menu_row(ui, &label, "training.unit", Some(at - shift), items) {
        let (path, other, value) = match at + shift {
            0 => ("training.epochs", "training.steps", count.to_string()),
            1 => ("training.steps", "training.epochs", count.to_string()),
            _ if in_steps => ("training.steps", "training.epochs", "Unlimited".to_owned()),
            _ => ("training.epochs", "training.steps", "Unlimited".to_owned()),
        };
        editor.push(vec![TextEdit::remove(other), TextEdit::set(path, value)], None);
    }
    let (path, text, other) = if in_steps {
        ("training.steps", "Steps", "training.epochs")
    } else {
        ("training.epochs", "Epochs", "training.steps")
    };
    let problems = editor.problems_at(other);
    problems_ui(ui, &problems);
    if let Length::Count(count) = length {
        let label = Label::new(text, "How many.");
        let whole = |text: &str| parse_whole(text.trim()).map(|n| n.to_string());
        typed_row(ui, editor, &label, path, &count.to_string(), &whole);
    }
}

/// What is typed for a batch size, as the file writes it.
pub(in crate::ui::panels) fn batch_size_literal(text: &str) -> Result<String, String> {
    if text.trim().eq_ignore_ascii_case("full") || text.trim().eq_ignore_ascii_case("all") {
        return Ok("Full".to_owned());
    }
    let whole = parse_whole(text.trim());
    whole.map(|n| n.to_string()).map_err(|why| format!("{why} Full means all rows."))
}

/// A batch size as a field shows it.
pub(in crate::ui::panels) fn batch_size_text(batch_size: BatchSize) -> String {
    match batch_size {
        BatchSize::Rows(n) => n.to_string(),
        BatchSize::Full => "Full".to_owned(),
    }
}

fn batch_size_ui(ui: &mut Ui, editor: &mut Editor<'_>, batch_size: BatchSize) {
    let label = Label::new(
        "Batch size",
        "Rows per update. 1 is stochastic descent, Full is plain gradient descent, in between are \
         mini-batches. A lane can have its own.",
    );
    let path = "training.batch_size";
    let commit = |editor: &mut Editor<'_>, value: &str| editor.set_while(path, value);
    let shown = batch_size_text(batch_size);
    typed_row_to(ui, editor, (&label, path), (&shown, true), &batch_size_literal, &commit);
}

/// The orders of rows with what they mean.
pub(in crate::ui::panels) const SHUFFLES: [(Shuffle, Item<'static>); 4] = [
    (
        Shuffle::EachEpoch,
        Item { label: "Each epoch", note: "A new random order for every pass over the rows." },
    ),
    (Shuffle::Once, Item { label: "Once", note: "One random order, kept for every pass." }),
    (Shuffle::Never, Item { label: "Never", note: "The rows in the order of the data." }),
    (
        Shuffle::WithReplacement,
        Item {
            label: "With replacement",
            note: "Every row is drawn anew from all of them; some come twice, some never.",
        },
    ),
];

fn shuffle_ui(ui: &mut Ui, editor: &mut Editor<'_>, shuffle: Shuffle) {
    let label = Label::new("Shuffle", "How the training rows are ordered.");
    let items = SHUFFLES.map(|(_, item)| item);
    let at = SHUFFLES.iter().position(|(s, _)| *s == shuffle);
    if let Some(at) = menu_row(ui, &label, "training.shuffle", at, &items) {
        editor.set("training.shuffle", literal(&SHUFFLES[at].0));
    }
    let problems = editor.problems_at("training.shuffle");
    problems_ui(ui, &problems);
}

fn seeds_ui(ui: &mut Ui, parts: &mut Parts<'_, '_>, training: &Training, is_surface: bool) {
    let editor = &mut *parts.editor;
    let label = Label::new(
        "Seed",
        "Where all chance in training begins: the same seed gives the same run, bit for bit.",
    );
    let whole = |text: &str| parse_whole(text.trim()).map(|n| n.to_string());
    typed_row(ui, editor, &label, "training.seed", &training.seed.to_string(), &whole);
    let own = [
        ("Start seed", "init_seed", training.init_seed, "The seed of the initial parameters."),
        ("Order seed", "order_seed", training.order_seed, "The seed of the row order."),
        ("Noise seed", "noise_seed", training.noise_seed, "The seed of noise on gradients."),
    ];
    let any_own = own.iter().any(|(_, _, seed, _)| seed.is_some());
    let words = if *parts.more_seeds || any_own { "Fewer seeds" } else { "More seeds…" };
    if !any_own {
        let button = link_button(ui, words);
        let says = "Seeds of their own for the start, the row order and noise.";
        if tip(button, says).clicked() {
            *parts.more_seeds = !*parts.more_seeds;
        }
    }
    if !*parts.more_seeds && !any_own {
        return;
    }
    for (text, field, seed, meaning) in own {
        if is_surface && field != "noise_seed" {
            continue;
        }
        own_seed_ui(ui, editor, (text, meaning), &format!("training.{field}"), seed);
    }
}

/// A seed that is the common one while its field is empty.
fn own_seed_ui(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    (text, meaning): (&str, &str),
    path: &str,
    seed: Option<u64>,
) {
    let meaning = format!("{meaning} Empty: as Seed.");
    let label = Label::new(text, &meaning);
    let parse = |text: &str| match text.trim() {
        "" => Ok(String::new()),
        text => parse_whole(text).map(|n| n.to_string()),
    };
    let commit = |editor: &mut Editor<'_>, value: &str| {
        let edit =
            if value.is_empty() { TextEdit::remove(path) } else { TextEdit::set(path, value) };
        editor.push(vec![edit], Some(path.to_owned()));
    };
    let shown = seed.map_or_else(String::new, |seed| seed.to_string());
    typed_row_to(ui, editor, (&label, path), (&shown, true), &parse, &commit);
}

fn precision_ui(ui: &mut Ui, editor: &mut Editor<'_>, precision: Precision) {
    let items = [
        Item {
            label: "64 bit",
            note: "Double precision: exact against NumPy and PyTorch in float64.",
        },
        Item { label: "32 bit", note: "Single precision: faster, as PyTorch trains by default." },
    ];
    let at = usize::from(precision == Precision::F32);
    let label = Label::new("Precision", "The numbers that training computes with.");
    if let Some(at) = menu_row(ui, &label, "training.precision", Some(at), &items) {
        let to = if at == 0 { Precision::F64 } else { Precision::F32 };
        editor.set("training.precision", literal(&to));
    }
    let problems = editor.problems_at("training.precision");
    problems_ui(ui, &problems);
}
