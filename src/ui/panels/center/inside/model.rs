//! What a lane's model is made of, as its drawings name it: computed once a plan.

use std::sync::Arc;

use crate::data::{Split, Targets};
use crate::experiment::{LanePlan, TaskPlan};
use crate::model::{Between, DensePart, Head, Network, ParamLayout};

/// The layers of a model and the names around them.
#[derive(Debug)]
pub(super) struct Model {
    plan: Arc<LanePlan>,
    /// The dense layers, from input to output.
    pub(super) parts: Vec<DensePart>,
    pub(super) layout: ParamLayout,
    pub(super) head: Head,
    /// The features' names.
    pub(super) inputs: Vec<String>,
    /// The classes' or the targets' names.
    pub(super) outputs: Vec<String>,
}

impl Model {
    /// Of a lane's plan; none on a surface.
    pub(super) fn of(plan: &Arc<LanePlan>) -> Option<Self> {
        let TaskPlan::Learn(learn) = &plan.task else { return None };
        let data = &learn.split.train;
        let network = Network::new(data.width(), &learn.model, &data.targets, &learn.loss).ok()?;
        let (Targets::Classes { names, .. } | Targets::Values { names, .. }) = &data.targets;
        Some(Self {
            plan: Arc::clone(plan),
            parts: network.dense_parts(),
            layout: network.layout().clone(),
            head: network.head(),
            inputs: data.feature_names.clone(),
            outputs: names.clone(),
        })
    }

    /// Whether it is of this plan.
    pub(super) fn is_of(&self, plan: &Arc<LanePlan>) -> bool {
        Arc::ptr_eq(&self.plan, plan)
    }

    /// Features, then the units of each dense layer: `[2, 8, 1]`.
    pub(super) fn widths(&self) -> Vec<usize> {
        let first = self.parts.first().map(|part| part.inputs);
        first.into_iter().chain(self.parts.iter().map(|part| part.units)).collect()
    }

    /// `2-6-4-1`.
    pub(super) fn words(&self) -> String {
        self.widths().iter().map(usize::to_string).collect::<Vec<_>>().join("-")
    }

    /// Unit `unit` of a column: an input, or a unit of the layer before.
    pub(super) fn unit(&self, column: usize, unit: usize) -> String {
        match column.checked_sub(1) {
            None => self.inputs.get(unit).cloned().unwrap_or_else(|| format!("input[{unit}]")),
            Some(layer) => format!("{}[{unit}]", self.parts[layer].name),
        }
    }

    /// What a column is: `hidden1 · Tanh`, and what follows it.
    pub(super) fn column(&self, column: usize) -> String {
        let Some(layer) = column.checked_sub(1) else { return "inputs".to_owned() };
        let part = &self.parts[layer];
        if part.is_output {
            return part.name.clone();
        }
        let then = part.then.iter().map(|then| match then {
            Between::Dropout => " · dropout",
            Between::LayerNorm => " · layer norm",
        });
        format!("{} · {}{}", part.name, part.activation, then.collect::<String>())
    }

    /// What output `index` stands for.
    pub(super) fn output(&self, index: usize) -> String {
        // One number for two classes is the probability of the second.
        let of_one = self.parts.last().is_some_and(|part| part.units == 1);
        let index = if of_one && self.head.classes == Some(2) { 1 } else { index };
        self.outputs.get(index).cloned().unwrap_or_default()
    }
}

/// The unscaled range of a feature worth drawing, over all rows.
pub(super) fn range(split: &Split, feature: usize) -> (f64, f64) {
    let unscaled = |x: f64| match &split.scaler {
        Some(scaler) => x * scaler.scale[feature] + scaler.shift[feature],
        None => x,
    };
    let columns = [Some(&split.train), split.held_out.as_ref()].into_iter().flatten();
    let all = columns.flat_map(|data| data.features.column(feature)).map(|x| unscaled(*x));
    let (low, high) =
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let margin = ((high - low) * 0.07).max(1e-6);
    (low - margin, high + margin)
}
