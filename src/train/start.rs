//! Where a lane starts: what it descends, and the parameters at step 0.

use std::sync::Arc;

use crate::experiment::{LanePlan, TaskPlan};
use crate::model::initial_parameters;
use crate::numeric::Real;
use crate::objective::{Learning, Objective, SurfaceObjective};

use super::TrainError;

/// What a plan's lane descends, by its analytic gradient, and where it starts.
#[derive(Debug)]
pub struct Start<R: Real> {
    /// What is descended.
    pub objective: Box<dyn Objective<R>>,
    /// The parameters at step 0.
    pub params: Vec<f64>,
}

impl<R: Real> Start<R> {
    /// The start of the plan's lane.
    ///
    /// # Errors
    /// If the network of the plan does not fit its data.
    pub fn of(plan: &LanePlan) -> Result<Self, TrainError> {
        match &plan.task {
            TaskPlan::Learn(learn) => {
                let objective = Learning::<R>::new(
                    Arc::clone(&learn.split),
                    &learn.model,
                    &learn.loss,
                    learn.report.as_ref(),
                    learn.regularize,
                )?
                .treating(&learn.loss, &learn.treatment)?
                .with_noise_seed(plan.seeds.noise);
                let network = objective.network();
                let params = initial_parameters(network, &learn.init, plan.seeds.init)?;
                Ok(Self { objective: Box::new(objective), params })
            }
            TaskPlan::Surface { function, start } => {
                let objective = SurfaceObjective::<R>::new(function);
                Ok(Self { objective: Box::new(objective), params: start.to_vec() })
            }
        }
    }
}
