//! Plans for the engine's tests, made without a file.

use std::sync::Arc;

use downhill::catalog::{Chosen, Family};
use downhill::data::{BatchSize, HeldOut, NoFiles, Shuffle, Split, load, split};
use downhill::experiment::{LanePlan, LearnPlan, Length, PlannedLength, Seeds, TaskPlan};
use downhill::model::{ClassTreatment, ModelSpec};
use downhill::numeric::Precision;
use downhill::objective::Regularize;
use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

/// A choice as the file writes it: `Adam(learning_rate: 0.05)`.
#[track_caller]
pub(crate) fn chosen<F: Family>(text: &str) -> Chosen<F> {
    read(text)
}

/// A model as the file writes it.
#[track_caller]
pub(crate) fn model(text: &str) -> ModelSpec {
    let options =
        ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    options.from_str(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[track_caller]
fn read<T: DeserializeOwned>(text: &str) -> T {
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    options.from_str(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// Data as the file writes it, split but not scaled.
#[track_caller]
pub(crate) fn data(text: &str, held_out: Option<HeldOut>) -> Arc<Split> {
    let dataset = load(&chosen(text), &NoFiles).unwrap_or_else(|e| panic!("{text}: {e}"));
    Arc::new(split(&dataset, held_out, None).unwrap_or_else(|e| panic!("{text}: {e}")))
}

/// A lane that learns from `split`, all else at its default, for 100 epochs.
pub(crate) fn learning(split: Arc<Split>, model: ModelSpec, loss: &str) -> LanePlan {
    let task = TaskPlan::Learn(LearnPlan {
        split,
        init: model.init.0.clone(),
        model,
        loss: chosen(loss),
        treatment: ClassTreatment::default(),
        report: None,
        regularize: Regularize::default(),
    });
    plan(task, PlannedLength::Epochs(Length::Count(100)))
}

/// A lane on a surface, for 1000 steps.
pub(crate) fn surface(function: &str, start: [f64; 2]) -> LanePlan {
    let task = TaskPlan::Surface { function: chosen(function), start };
    plan(task, PlannedLength::Steps(Length::Count(1000)))
}

/// A small network on 50 points in two classes: 7 batches of 8 rows an epoch, 200 updates in all.
pub(crate) fn small() -> LanePlan {
    let split = data("Blobs(samples: 50, centers: 2, std: 2.5, seed: 3)", None);
    let mut plan =
        learning(split, model("(hidden: [Dense(units: 5, activation: Tanh)])"), "CrossEntropy");
    plan.batch_size = BatchSize::Rows(8);
    plan.length = PlannedLength::Steps(Length::Count(200));
    plan
}

fn plan(task: TaskPlan, length: PlannedLength) -> LanePlan {
    LanePlan {
        name: "lane".to_owned(),
        from: None,
        task,
        length,
        batch_size: BatchSize::default(),
        shuffle: Shuffle::EachEpoch,
        seeds: Seeds { init: 1, order: 1, noise: 1 },
        precision: Precision::F64,
        optimizer: chosen("Sgd(learning_rate: 0.05)"),
        schedule: chosen("Constant()"),
        gradient: None,
        gradient_noise: 0.0,
        clip: None,
        stop: Vec::new(),
        edits: Vec::new(),
    }
}
