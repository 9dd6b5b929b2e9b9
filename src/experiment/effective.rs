//! What holds for a lane once its own settings are laid over the experiment's, and what of it is
//! not the same as in the other lanes.
//!
//! Lanes are meant to differ by optimizer alone; whatever else differs must be said on the card, or
//! a comparison would mislead.

use crate::catalog::Chosen;
use crate::data::{BatchSize, Shuffle};
use crate::model::{Initializers, Losses, ModelSpec};
use crate::objective::Regularize;

use super::{
    Experiment, LaneSpec, Learn, Length, PlannedLength, Seeds, SurfaceTask, Task, Training,
};

/// Passes over the data if neither epochs nor steps are given.
const DEFAULT_EPOCHS: u64 = 100;
/// Updates on a surface if no steps are given.
const DEFAULT_STEPS: u64 = 1000;

impl Experiment {
    /// What is learned, if the task is learning.
    #[must_use]
    pub fn learn(&self) -> Option<&Learn> {
        match &self.task {
            Task::Learn(learn) => Some(learn),
            Task::Surface(_) => None,
        }
    }

    /// The surface, if the task is one.
    #[must_use]
    pub fn surface(&self) -> Option<&SurfaceTask> {
        match &self.task {
            Task::Learn(_) => None,
            Task::Surface(surface) => Some(surface),
        }
    }

    /// How long lanes train: what the file says, else 100 epochs, or 1000 steps on a surface.
    #[must_use]
    pub fn length(&self) -> PlannedLength {
        match (self.training.steps, self.training.epochs, self.learn()) {
            (Some(steps), _, _) => PlannedLength::Steps(steps),
            (None, Some(epochs), _) => PlannedLength::Epochs(epochs),
            (None, None, Some(_)) => PlannedLength::Epochs(Length::Count(DEFAULT_EPOCHS)),
            (None, None, None) => PlannedLength::Steps(Length::Count(DEFAULT_STEPS)),
        }
    }

    /// The position of the lane called `name`.
    #[must_use]
    pub fn lane_index(&self, name: &str) -> Option<usize> {
        self.lanes.iter().position(|lane| lane.name == name)
    }

    /// Rows per update in a lane.
    #[must_use]
    pub fn batch_size(&self, lane: &LaneSpec) -> BatchSize {
        lane.batch_size.unwrap_or(self.training.batch_size)
    }

    /// How a lane orders its rows.
    #[must_use]
    pub fn shuffle(&self, lane: &LaneSpec) -> Shuffle {
        lane.shuffle.unwrap_or(self.training.shuffle)
    }

    /// A lane's network; `None` on a surface.
    #[must_use]
    pub fn model<'a>(&'a self, lane: &'a LaneSpec) -> Option<&'a ModelSpec> {
        Some(lane.model.as_ref().unwrap_or(&self.learn()?.model))
    }

    /// Where a lane's weights start; `None` on a surface.
    #[must_use]
    pub fn init<'a>(&'a self, lane: &'a LaneSpec) -> Option<&'a Chosen<Initializers>> {
        let model = self.model(lane)?;
        Some(lane.init.as_ref().unwrap_or(&model.init.0))
    }

    /// What a lane's updates descend; `None` on a surface.
    #[must_use]
    pub fn loss<'a>(&'a self, lane: &'a LaneSpec) -> Option<&'a Chosen<Losses>> {
        Some(lane.loss.as_ref().unwrap_or(&self.learn()?.loss))
    }

    /// A lane's penalties; `None` on a surface.
    #[must_use]
    pub fn regularize(&self, lane: &LaneSpec) -> Option<Regularize> {
        Some(lane.regularize.unwrap_or(self.learn()?.regularize))
    }

    /// Where a lane starts on a surface; `None` when learning.
    #[must_use]
    pub fn start(&self, lane: &LaneSpec) -> Option<(f64, f64)> {
        Some(lane.start.unwrap_or(self.surface()?.start))
    }

    /// The standard deviation of the noise on each component of a lane's gradient.
    #[must_use]
    pub fn gradient_noise(&self, lane: &LaneSpec) -> f64 {
        lane.gradient_noise.unwrap_or_else(|| self.surface().map_or(0.0, |surface| surface.noise))
    }

    /// What is not the same in this lane as in every other, beside its optimizer, in a few words each:
    /// "not the same start", "own batch size: Full". Empty if only the optimizer differs.
    #[must_use]
    pub fn differs_from_others(&self, lane: &LaneSpec) -> Vec<String> {
        self.differs_among(lane, &self.lanes)
    }

    /// The same among other lanes than the file's: as they are now, with knobs turned since.
    #[must_use]
    pub fn differs_among(&self, lane: &LaneSpec, lanes: &[LaneSpec]) -> Vec<String> {
        let mut notes = Vec::new();
        let others = || lanes.iter().filter(|other| other.name != lane.name);
        if lane.batch_size.is_some()
            && others().any(|other| self.batch_size(other) != self.batch_size(lane))
        {
            notes.push(match self.batch_size(lane) {
                BatchSize::Full => "own batch size: Full".to_owned(),
                BatchSize::Rows(rows) => format!("own batch size: {rows}"),
            });
        }
        if lane.shuffle.is_some() && others().any(|other| self.shuffle(other) != self.shuffle(lane))
        {
            notes.push(format!("own row order: {:?}", self.shuffle(lane)));
        }
        if lane.loss.is_some()
            && let Some(loss) = self.loss(lane)
            && others().any(|other| self.loss(other) != Some(loss))
        {
            notes.push(format!("own loss: {}", loss.entry().label));
        }
        if let Some(model) = &lane.model
            && others().any(|other| {
                self.model(other)
                    .is_some_and(|m| m.hidden != model.hidden || m.output != model.output)
            })
        {
            notes.push("not the same network".to_owned());
        }
        if lane.regularize.is_some()
            && others().any(|other| self.regularize(other) != self.regularize(lane))
        {
            notes.push("own penalties".to_owned());
        }
        if let Some(gradient) = &lane.gradient
            && others().any(|other| other.gradient.as_ref() != Some(gradient))
        {
            notes.push(format!("gradient: {}", gradient.entry().label.to_lowercase()));
        }
        let noise = self.gradient_noise(lane);
        if lane.gradient_noise.is_some()
            && others().any(|other| self.gradient_noise(other) != noise)
        {
            notes.push(format!("own gradient noise: {noise}"));
        }
        let own_init = lane.init.is_some() || lane.model.is_some();
        let own_start = own_init && others().any(|other| self.init(other) != self.init(lane))
            || lane.start.is_some() && others().any(|other| self.start(other) != self.start(lane));
        if own_start {
            notes.push("not the same start".to_owned());
        }
        notes
    }
}

impl Training {
    /// The seeds, each the shared one where it has none of its own.
    #[must_use]
    pub fn seeds(&self) -> Seeds {
        Seeds {
            init: self.init_seed.unwrap_or(self.seed),
            order: self.order_seed.unwrap_or(self.seed),
            noise: self.noise_seed.unwrap_or(self.seed),
        }
    }
}
