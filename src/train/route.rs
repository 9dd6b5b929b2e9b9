//! The way a lane came, as places: its parameters after ever fewer of its updates.
//!
//! A [`Route`] is what a lane's thread gives out at once: its checkpoints, shared, the deeds between them
//! and its present state. The places are found elsewhere: those of checkpoints are there, those between
//! them are come to by doing the updates again.
//!
//! Invariant: a place is where the lane was after that update, bit for bit. How close places lie depends on
//! the step alone as long as their memory allows; places are left out, never guessed. A lane's route begins
//! where the lane does: a fork's at its fork.

use std::sync::Arc;

use crate::experiment::LanePlan;

use super::branches::Deed;
use super::retrace::advance;
use super::{AnyTrainer, Checkpoint, RetraceError};

/// Places in every doubling of the step, at most.
const PER_DOUBLING: u64 = 32;
/// Bytes that the places of one lane may hold, about.
const BYTES: usize = 16 << 20;

/// Where a lane was after so many updates: its parameters.
pub type Place = (u64, Arc<[f64]>);

/// Everything it takes to find a lane's places.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its checkpoints, ascending, each with the number of deeds done before it.
    pub(super) marks: Vec<(Arc<Checkpoint>, u64)>,
    /// What was done to the lane, in order.
    pub(super) deeds: Vec<Deed>,
    /// Where it stands.
    pub(super) end: Arc<Checkpoint>,
}

impl Route {
    /// The lane's state where the route ends.
    pub fn end(&self) -> &Arc<Checkpoint> {
        &self.end
    }

    /// The places, ascending, the first and the last always among them. Those in `known` are taken from
    /// there. Where updates have to be done again, `may_go_on` is asked before each place; once it says no,
    /// only those that are known without are given.
    ///
    /// # Errors
    /// If the plan is not that of the lane.
    pub fn places(
        &self,
        plan: &LanePlan,
        known: &[Place],
        may_go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Vec<Place>, RetraceError> {
        let end = self.end.step();
        let spacing = Spacing::of(self.end.count(), end);
        let mut places: Vec<Place> = Vec::new();
        let mut walker = Walker { plan, trainer: None };
        for (at, (mark, after)) in self.marks.iter().enumerate() {
            let step = mark.step();
            if step >= end {
                break;
            }
            let last = places.last().map(|(step, _)| *step);
            if last.is_none_or(|last| step >= last + spacing.stride(last)) {
                places.push((step, mark.params().into()));
            }
            let until = self.marks.get(at + 1).map_or(end, |(next, _)| next.step().min(end));
            let mut way = Way { route: self, from: (mark, *after), done: None };
            let last = places.last().map_or(step, |(step, _)| *step);
            let mut next = spacing.after(last);
            while next < until {
                let found = known.binary_search_by_key(&next, |(step, _)| *step).ok();
                let place = match found {
                    Some(found) => Some(Arc::clone(&known[found].1)),
                    None if next > step && may_go_on() => walker.place(&mut way, next)?,
                    None => None,
                };
                places.extend(place.map(|place| (next, place)));
                next = spacing.after(next);
            }
        }
        places.push((end, self.end.params().into()));
        Ok(places)
    }
}

/// How far apart places lie.
#[derive(Debug, Clone, Copy)]
struct Spacing {
    /// Places in a doubling of the step, a power of two.
    part: u64,
}

impl Spacing {
    /// Of places of so many numbers, up to a step.
    fn of(numbers: usize, end: u64) -> Self {
        let room = (BYTES / 8 / numbers.max(1)) as u64;
        let fits =
            |part: u64| part * (2 + (end / part).checked_ilog2().map_or(0, u64::from)) <= room;
        let mut part = PER_DOUBLING;
        while part > 1 && !fits(part) {
            part /= 2;
        }
        Self { part }
    }

    /// Updates from a place to the next.
    fn stride(self, step: u64) -> u64 {
        1 << (step / self.part).checked_ilog2().unwrap_or(0)
    }

    /// The step of the next place.
    fn after(self, step: u64) -> u64 {
        let stride = self.stride(step);
        step - step % stride + stride
    }
}

/// A stretch of the route from a checkpoint on, and how far it was done again.
struct Way<'a> {
    route: &'a Route,
    from: (&'a Checkpoint, u64),
    /// Deeds done again, once the checkpoint was gone to.
    done: Option<usize>,
}

/// Who does updates again.
struct Walker<'a> {
    plan: &'a LanePlan,
    trainer: Option<AnyTrainer>,
}

impl Walker<'_> {
    /// The place after `step` updates, which lies further on than the last one asked for; none if the run
    /// ends before.
    fn place(&mut self, way: &mut Way<'_>, step: u64) -> Result<Option<Arc<[f64]>>, RetraceError> {
        let trainer = match &mut self.trainer {
            Some(trainer) => trainer,
            none => none.insert(AnyTrainer::new(self.plan)?),
        };
        let deeds = &way.route.deeds;
        let mut done = if let Some(done) = way.done {
            done
        } else {
            trainer.restore(way.from.0)?;
            deeds.partition_point(|deed| deed.number() <= way.from.1)
        };
        while let Some(deed) = deeds.get(done).filter(|deed| deed.step() <= step) {
            advance(trainer, deed.step());
            deed.repeat(trainer);
            done += 1;
        }
        way.done = Some(done);
        advance(trainer, step);
        Ok((trainer.step() == step).then(|| trainer.params().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::NoFiles;
    use crate::experiment::{Change, check};
    use crate::train::Branches;

    const TEXT: &str = "(version: 1, task: Learn(data: Moons(samples: 40, noise: 0.1, seed: 1), \
        model: (hidden: [Dense(units: 3, activation: Tanh)])), training: (steps: 5000, \
        batch_size: 10), lanes: [(name: \"a\", optimizer: Adam(learning_rate: 0.01))])";

    fn plan() -> LanePlan {
        check(TEXT).expect("valid").prepare(&NoFiles).expect("generated").remove(0)
    }

    fn train(trainer: &mut AnyTrainer, past: &mut Branches, until: u64) {
        while trainer.step() < until {
            trainer.replay((until - trainer.step()).min(50));
            past.keep(trainer);
        }
    }

    #[test]
    fn places_are_where_the_lane_was_bit_for_bit_edits_and_rewinds_included() {
        let plan = plan();
        let mut trainer = AnyTrainer::new(&plan).expect("it can be built");
        let mut past = Branches::new(&trainer, 1 << 30);
        train(&mut trainer, &mut past, 1000);
        past.rewind(&mut trainer, 730).expect("it was there");
        let faster = Change::Optimizer { knob: "learning_rate", value: 0.1 };
        past.change(&mut trainer, &faster).expect("a knob");
        train(&mut trainer, &mut past, 1500);
        let route = past.route(&trainer);
        let places = route.places(&plan, &[], &mut || true).expect("of this plan");
        assert!(places.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!((places[0].0, places[places.len() - 1].0), (0, 1500));
        assert!(places.len() > 150, "{}", places.len());
        let (mut again, mut other) = (AnyTrainer::new(&plan).expect("again"), 0);
        for (step, place) in &places {
            if *step > 730 && other == 0 {
                advance(&mut again, 730);
                again.change(&faster).expect("a knob");
                other = 1;
            }
            advance(&mut again, *step);
            assert_eq!(&again.params()[..], &place[..], "after {step}");
        }
        // What is known need not be done again.
        let known = route.places(&plan, &places, &mut || panic!("nothing is missing"));
        assert_eq!(known.expect("of this plan"), places);
        let few = route.places(&plan, &[], &mut || false).expect("of this plan");
        assert!(few.len() >= 10 && few.len() < places.len(), "{}", few.len());
    }

    #[test]
    fn places_grow_by_the_logarithm_and_fit_their_memory_down_to_one_a_doubling() {
        for (numbers, most) in [(10, 700), (10_000, 150), (100_000_000, 22)] {
            let spacing = Spacing::of(numbers, 1_000_000);
            let (mut step, mut count) = (0, 1);
            while step < 1_000_000 {
                step = spacing.after(step);
                count += 1;
            }
            assert!(count <= most, "{numbers} numbers: {count} places");
        }
    }
}
