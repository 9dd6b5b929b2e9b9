//! `--predictions N`: rows with what the model says of them, as the tutorials end.
//!
//! The rows are drawn from the held-out rows, or from the training rows where none are held out, by
//! `RandomState(order seed).permutation`, so that every lane, every seed and every run shows the same ones.

use std::io::{self, Write};
use std::sync::Arc;

use ndarray::{Array2, Axis};

use crate::data::{Dataset, Split, Targets};
use crate::experiment::{LanePlan, LearnPlan, TaskPlan};
use crate::export::{LaneResult, Number, Prediction};
use crate::numeric::RandomState;
use crate::objective::{Learning, Objective, Outputs};

use super::text::short_number;

/// At most `count` rows with the model's activation, predicted and true label; none on a surface. `seed`
/// is the order seed of the lane's first run.
pub(super) fn predictions(
    plan: &LanePlan,
    seed: u64,
    params: &[f64],
    count: usize,
) -> Vec<Prediction> {
    let TaskPlan::Learn(learn) = &plan.task else { return Vec::new() };
    let (data, sources) = shown_rows(&learn.split);
    let mut chosen = RandomState::from_seed(seed).permutation(data.rows());
    chosen.truncate(count);
    let shown = data.select(&chosen);
    let features = unscaled(&learn.split, shown.features);
    let Some(outputs) = outputs(learn, params, &features) else { return Vec::new() };
    let rows = outputs.values.chunks(outputs.width.max(1));
    rows.zip(&chosen)
        .enumerate()
        .map(|(i, (activation, row))| Prediction {
            row: sources[*row],
            activation: Number::all(activation.iter().copied()),
            predicted: predicted(&shown.targets, activation),
            truth: truth(&shown.targets, i),
        })
        .collect()
}

fn outputs(learn: &LearnPlan, params: &[f64], features: &Array2<f64>) -> Option<Outputs> {
    let (split, report) = (Arc::clone(&learn.split), learn.report.as_ref());
    let objective =
        Learning::<f64>::new(split, &learn.model, &learn.loss, report, learn.regularize);
    // A lane that could not be built has no parameters to predict with.
    let mut objective = objective.ok().filter(|o| o.layout().len() == params.len())?;
    objective.predict(params, features.view())
}

/// One line a row, as the tutorials print them, under the lane's name and `seed`.
pub(super) fn print(out: &mut impl Write, lane: &LaneResult, seed: &str) -> io::Result<()> {
    let Some(rows) = &lane.predictions else { return Ok(()) };
    writeln!(out, "\n{}{seed}: predictions", lane.name)?;
    for row in rows {
        let numbers: Vec<_> = row.activation.iter().map(|n| short_number(n.0)).collect();
        let activation = match &numbers[..] {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        writeln!(
            out,
            "row {}: activation={activation}; predicted={}, true={}",
            row.row, row.predicted, row.truth
        )?;
    }
    Ok(())
}

fn shown_rows(split: &Split) -> (&Dataset, &[usize]) {
    match &split.held_out {
        Some(held_out) => (held_out, &split.held_out_rows),
        None => (&split.train, &split.train_rows),
    }
}

fn unscaled(split: &Split, mut features: Array2<f64>) -> Array2<f64> {
    if let Some(scaler) = &split.scaler {
        for (j, mut column) in features.axis_iter_mut(Axis(1)).enumerate() {
            column.mapv_inplace(|x| x * scaler.scale[j] + scaler.shift[j]);
        }
    }
    features
}

/// The class with the greatest activation; of two classes the second from one half on.
fn predicted(targets: &Targets, activation: &[f64]) -> String {
    match targets {
        Targets::Values { .. } => {
            let numbers: Vec<_> = activation.iter().map(|x| short_number(*x)).collect();
            numbers.join(", ")
        }
        Targets::Classes { names, .. } => {
            let class = match activation {
                [one] => usize::from(*one > 0.5),
                many => greatest(many),
            };
            names.get(class).cloned().unwrap_or_else(|| class.to_string())
        }
    }
}

fn greatest(numbers: &[f64]) -> usize {
    let first = (0, f64::NEG_INFINITY);
    let better =
        |best: (usize, f64), (i, x): (usize, &f64)| if *x > best.1 { (i, *x) } else { best };
    numbers.iter().enumerate().fold(first, better).0
}

fn truth(targets: &Targets, row: usize) -> String {
    match targets {
        Targets::Classes { labels, names } => {
            names.get(labels[row]).cloned().unwrap_or_else(|| labels[row].to_string())
        }
        Targets::Values { values, .. } => {
            let numbers: Vec<_> = values.row(row).iter().map(|x| short_number(*x)).collect();
            numbers.join(", ")
        }
    }
}
