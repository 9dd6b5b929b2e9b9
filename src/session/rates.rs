//! The learning rate of a lane over its whole run: what it was, and what is planned.
//!
//! Told by the schedules' own closed forms from the plan and the knobs turned since; where a schedule
//! watches the loss, it is shown the lane's curve again. Nothing of it is sent by the lane.
//!
//! Not here: drawing.

use super::Lane;
use crate::catalog::Chosen;
use crate::experiment::{Change, LanePlan, TaskPlan};
use crate::optim::{Optimizers, Schedule, Scheduled, Schedules};

/// Losses shown again to a schedule that watches them; later ones are left out.
const MOST_LOSSES: u64 = 200_000;

/// What a schedule sets over a run.
#[derive(Debug)]
pub struct Rates {
    pieces: Vec<Piece>,
    end: Option<u64>,
    is_known_ahead: bool,
}

/// From a step on: base rate and schedule.
#[derive(Debug)]
struct Piece {
    from: u64,
    base: f64,
    schedule: Schedule,
}

impl Rates {
    /// The rates of a lane; `None` where they are one straight line or could not be built.
    #[must_use]
    pub fn of(lane: &Lane) -> Option<Self> {
        let plan = &lane.plan;
        let span = plan.span();
        let schedule = Schedule::new(&plan.schedule, span).ok()?;
        if schedule.chosen().name() == "Constant" && schedule.warm_up() == 0 {
            return None;
        }
        let is_known_ahead = !schedule.watches();
        let base = plan.optimizer.number("learning_rate");
        let mut rates = Self {
            pieces: vec![Piece { from: 0, base, schedule }],
            end: lane.status.planned_steps.or(span.steps),
            is_known_ahead,
        };
        let (mut optimizer, mut chosen) = (plan.optimizer.clone(), plan.schedule.clone());
        let mut losses = Losses::of(lane, is_known_ahead);
        for (step, change) in changes(lane) {
            rates.see(&mut losses, step);
            if take(&mut optimizer, &mut chosen, change) {
                let last = rates.last();
                let (base, mut schedule) =
                    (optimizer.number("learning_rate"), last.schedule.clone());
                schedule.retune(&chosen);
                rates.pieces.push(Piece { from: step, base, schedule });
            }
        }
        rates.see(&mut losses, u64::MAX);
        Some(rates)
    }

    /// What is set for the update after `step` updates.
    #[must_use]
    pub fn at(&self, step: u64) -> Scheduled {
        let after = self.pieces.partition_point(|piece| piece.from <= step);
        let piece = &self.pieces[after.saturating_sub(1)];
        piece.schedule.at(piece.base, step)
    }

    /// Updates of the planned run; `None` if unlimited.
    #[must_use]
    pub fn end(&self) -> Option<u64> {
        self.end
    }

    /// Whether the rates to come are known: not where they depend on losses.
    #[must_use]
    pub fn is_known_ahead(&self) -> bool {
        self.is_known_ahead
    }

    fn last(&self) -> &Piece {
        self.pieces.last().expect("there is one piece from the start")
    }

    /// Shows the schedule all losses up to `step`; where that changes it, a piece begins.
    fn see(&mut self, losses: &mut Losses<'_>, step: u64) {
        while let Some((at, loss)) = losses.next_until(step) {
            let last = self.last();
            let (base, before) = (last.base, last.schedule.rate(last.base, at));
            let mut schedule = last.schedule.clone();
            schedule.see_epoch(base, loss);
            if schedule.rate(base, at) == before {
                let last = self.pieces.last_mut().expect("there is one piece from the start");
                last.schedule = schedule;
            } else {
                self.pieces.push(Piece { from: at, base, schedule });
            }
        }
    }
}

/// The losses that a watching schedule was shown, in order.
struct Losses<'a> {
    lane: &'a Lane,
    on_surface: bool,
    next: u64,
    count: u64,
}

impl<'a> Losses<'a> {
    fn of(lane: &'a Lane, nobody_watches: bool) -> Self {
        let on_surface = matches!(lane.plan.task, TaskPlan::Surface { .. });
        let count = if on_surface { lane.status.step } else { lane.curves.epoch_loss.len() };
        let count = if nobody_watches { 0 } else { count.min(MOST_LOSSES) };
        Self { lane, on_surface, next: 0, count }
    }

    /// The next loss, if it was seen after at most `step` updates.
    fn next_until(&mut self, step: u64) -> Option<(u64, f64)> {
        if self.next >= self.count {
            return None;
        }
        let (at, loss) = if self.on_surface {
            (self.next + 1, self.lane.losses.get(self.next)?)
        } else {
            let point = self.lane.curves.epoch_loss.get(self.next)?;
            (point.step, point.value)
        };
        if at > step {
            return None;
        }
        self.next += 1;
        Some((at, loss))
    }
}

/// What was turned, and what the file will turn, in order.
fn changes(lane: &Lane) -> impl Iterator<Item = (u64, &Change)> {
    let plan: &LanePlan = &lane.plan;
    let (done, step) = (&lane.changes, lane.status.step);
    let to_come = plan.edits.iter().filter(move |edit| edit.step > step);
    done.iter()
        .map(|record| (record.step, &record.change))
        .chain(to_come.map(|edit| (edit.step, &edit.change)))
}

/// Takes over a change; whether the rate can have changed.
fn take(
    optimizer: &mut Chosen<Optimizers>,
    schedule: &mut Chosen<Schedules>,
    change: &Change,
) -> bool {
    match change {
        Change::Optimizer { knob: "learning_rate", value } => {
            optimizer.set("learning_rate", (*value).into()).is_ok()
        }
        Change::Schedule { knob, value } => schedule.set(knob, (*value).into()).is_ok(),
        Change::Optimizer { .. }
        | Change::Clip(_)
        | Change::GradientNoise(_)
        | Change::BatchSize(_)
        | Change::Regularize { .. }
        | Change::Dropout { .. }
        | Change::Parameter { .. } => false,
    }
}
