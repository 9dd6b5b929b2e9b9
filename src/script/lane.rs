//! What the parts of a program ask about their lane: lengths, what is turned while it runs, and the
//! rules of its choices with its values in them.
//!
//! Invariant: a value that an edit changes is told as `knobs["its path"]`, everywhere; every other as a
//! number.

use std::collections::BTreeSet;

use crate::catalog::{Chosen, Family, Value, python_literal};
use crate::data::Targets;
use crate::experiment::{Experiment, LanePlan, LearnPlan, TaskPlan};
use crate::model::{Head, LayerSpec, Network, TensorKind};
use crate::numeric::Precision;
use crate::objective::Penalty;
use crate::optim::{Optimizers, Schedule};

use super::ScriptError;
use super::text::{number, seed, settled};

/// A lane, with what its program needs to know.
#[derive(Debug)]
pub(super) struct Lane<'a> {
    pub(super) experiment: &'a Experiment,
    pub(super) plan: &'a LanePlan,
    learning: Option<Learning<'a>>,
    schedule: Schedule,
    edited: BTreeSet<String>,
}

/// What it learns, if it learns.
#[derive(Debug)]
pub(super) struct Learning<'a> {
    pub(super) plan: &'a LearnPlan,
    pub(super) network: Network,
}

impl Learning<'_> {
    pub(super) fn head(&self) -> Head {
        self.network.head()
    }

    pub(super) fn targets(&self) -> &Targets {
        &self.plan.split.train.targets
    }

    /// The places in the list of tensors that penalties apply to.
    pub(super) fn weights(&self) -> String {
        let tensors = self.network.layout().tensors.iter().enumerate();
        let weights = tensors.filter(|(_, tensor)| tensor.kind == TensorKind::Weights);
        let places: Vec<String> = weights.map(|(place, _)| place.to_string()).collect();
        format!("[{}]", places.join(", "))
    }
}

impl<'a> Lane<'a> {
    pub(super) fn new(experiment: &'a Experiment, plan: &'a LanePlan) -> Result<Self, ScriptError> {
        let learning = match &plan.task {
            TaskPlan::Surface { .. } => None,
            TaskPlan::Learn(learn) => {
                let train = &learn.split.train;
                let network =
                    Network::new(train.width(), &learn.model, &train.targets, &learn.loss)?;
                Some(Learning { plan: learn, network })
            }
        };
        let edited = plan.edits.iter().map(|edit| edit.change.path()).collect();
        let schedule = Schedule::new(&plan.schedule, plan.span())?;
        Ok(Self { experiment, plan, learning, schedule, edited })
    }

    pub(super) fn learning(&self) -> Option<&Learning<'a>> {
        self.learning.as_ref()
    }

    /// Its schedule, with all lengths in updates.
    pub(super) fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Whether some layer silences units while it trains.
    pub(super) fn drops_out(&self) -> bool {
        let is_dropout = |layer: &LayerSpec| matches!(layer, LayerSpec::Dropout { .. });
        self.learning().is_some_and(|learning| learning.plan.model.hidden.iter().any(is_dropout))
    }

    /// What the loss is measured by: the parameters, and where there are rows, the rows.
    pub(super) fn arguments(&self) -> &'static str {
        match self.learning() {
            None => "params",
            Some(_) if self.drops_out() => "params, x, t, step",
            Some(_) => "params, x, t",
        }
    }

    /// NumPy's name of its precision.
    pub(super) fn dtype(&self) -> &'static str {
        match self.plan.precision {
            Precision::F32 => "float32",
            Precision::F64 => "float64",
        }
    }

    /// Updates of the planned run; `None` without an end.
    pub(super) fn planned_updates(&self) -> Option<u64> {
        self.plan.span().steps
    }

    /// Whether an edit changes what stands at this path below the lane.
    pub(super) fn is_edited(&self, path: &str) -> bool {
        self.edited.contains(path)
    }

    /// All paths that edits change.
    pub(super) fn edited(&self) -> impl Iterator<Item = &str> {
        self.edited.iter().map(String::as_str)
    }

    /// The value at a path: `told` itself, or where an edit changes it the knob.
    pub(super) fn value(&self, path: &str, told: String) -> String {
        if self.is_edited(path) { knob(path) } else { told }
    }

    /// The standard deviation of the gradient's noise; `None` where there never is any.
    pub(super) fn gradient_noise(&self) -> Option<String> {
        let noise = self.plan.gradient_noise;
        let ever = noise != 0.0 || self.is_edited("gradient_noise");
        (ever && !self.is_search()).then(|| self.value("gradient_noise", number(noise)))
    }

    /// The factors of the penalties on weights, l1 and l2; `None` where there never are any.
    pub(super) fn penalties(&self) -> Option<[String; 2]> {
        let start = self.plan.regularize();
        let path = |penalty: Penalty| format!("regularize.{}", penalty.field());
        let ever = |penalty| start.of(penalty) != 0.0 || self.is_edited(&path(penalty));
        let told = |penalty: Penalty| self.value(&path(penalty), penalty.field().to_owned());
        Penalty::ALL.into_iter().any(ever).then(|| Penalty::ALL.map(told))
    }

    /// Whether it guesses instead of following a gradient.
    pub(super) fn is_search(&self) -> bool {
        Optimizers::is_search(self.plan.optimizer.entry())
    }

    /// The central difference of a measured gradient.
    pub(super) fn numeric_step(&self) -> Option<f64> {
        self.plan.gradient.as_ref()?.get("step")?.as_number()
    }

    /// A choice's rule in Python, with the lane's values. `group` is the start of the paths by which
    /// edits change its fields.
    pub(super) fn rule<F: Family>(
        &self,
        chosen: &Chosen<F>,
        group: Option<&str>,
    ) -> Result<String, ScriptError> {
        let template = chosen.entry().card.map_or("", |card| card.numpy);
        if template.trim().is_empty() {
            return Err(ScriptError::NoRule { noun: F::NOUN, name: chosen.name() });
        }
        let told = |field: &str, value: &Value| {
            let literal = match value {
                Value::Integer(n) if field == "seed" => seed(*n),
                value => python_literal(value),
            };
            group.map_or(literal.clone(), |group| self.value(&format!("{group}.{field}"), literal))
        };
        Ok(settled(chosen.python_by(template, told).trim_end()))
    }
}

/// A knob of the program's dictionary.
pub(super) fn knob(path: &str) -> String {
    format!("knobs[\"{path}\"]")
}
