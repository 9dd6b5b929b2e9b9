//! The runs of a lane that stands for several seeds: what each reported, and what they show together.
//!
//! The run that is shown *is* the lane, with curves, evaluations and path; what the others reported waits
//! here. Showing another one exchanges them. Invariant: whatever is drawn of all runs together is of one
//! step. A run that a rule ended counts on with what it had reached; one that diverged counts as higher
//! than every number.
//!
//! Not here: whether lanes differ ([`crate::session::verdicts`]).

use std::sync::Arc;

use crate::experiment::{LanePlan, LaneSpec, Metric};
use crate::metrics::quantile_of_sorted;
use crate::series::{Axes, Curve, Series};
use crate::train::{BranchId, End, EpochRecord, EvaluationRecord, Event, Fingerprint};

use super::record::{KEPT, Past, Record};
use super::{Curves, Lane, axes_of, epochs_of};

/// Points of a band that are worked out at once.
const AT_ONCE: usize = 2048;
/// The parts below which the lines of a band lie: of the narrow one and of the wide one.
const PARTS: [f64; 5] = [0.025, 0.25, 0.5, 0.75, 0.975];

/// All runs of a lane.
#[derive(Debug)]
pub(super) struct Seeds {
    shown: usize,
    runs: Vec<SeedRun>,
    /// How each of them ended; none of those that train.
    ends: Vec<Option<End>>,
    bands: Bands,
}

/// A run. Of the one that is shown, the lane has what was reported.
#[derive(Debug)]
struct SeedRun {
    plan: Arc<LanePlan>,
    past: Past,
    left: Vec<Record>,
    began: Option<Fingerprint>,
}

/// What all runs of a lane show together, of one metric.
#[derive(Debug, Clone, Default)]
pub struct Bands {
    metric: Option<Metric>,
    /// Of the bold line: epochs' means where the loss is shown, else over the training rows.
    pub main: Band,
    /// Over the held-out rows.
    pub held_out: Band,
}

/// The median of several runs and the bands around it, each a curve.
#[derive(Debug, Clone, Default)]
pub struct Band {
    lines: [Curve; 5],
}

impl Band {
    /// The median.
    pub fn median(&self) -> &Curve {
        &self.lines[2]
    }

    /// The lower and the upper quartile: half of the runs lie between.
    pub fn quartiles(&self) -> [&Curve; 2] {
        [&self.lines[1], &self.lines[3]]
    }

    /// Between which 95 % of the runs lie, as far as so few can tell: the 2.5th and 97.5th percentile.
    pub fn most(&self) -> [&Curve; 2] {
        [&self.lines[0], &self.lines[4]]
    }

    fn truncate(&mut self, step: u64) {
        self.lines.iter_mut().for_each(|line| line.truncate(step));
    }

    /// Goes on to the last step that every run has passed. False if there is more to do.
    fn extend(&mut self, curves: &[&Curve], ends: &[Option<End>], less: f64) -> bool {
        let last = |curve: &Curve| curve.last().map(|point| point.step);
        let Some(furthest) = curves.iter().copied().max_by_key(|curve| last(curve)) else {
            return true;
        };
        for _ in 0..AT_ONCE {
            // A run's first point may lie at step 0.
            let drawn = self.median().last().map(|point| point.step);
            let next = drawn.map_or_else(|| furthest.get(0), |step| furthest.after(step));
            let Some(step) = next.map(|point| point.step) else { return true };
            let mut values = Vec::with_capacity(curves.len());
            for (curve, end) in curves.iter().zip(ends) {
                match end {
                    None if last(curve).is_none_or(|last| last < step) => return true,
                    Some(end) if end.reason.is_broken() && end.step < step => {
                        values.push(f64::INFINITY);
                    }
                    _ => values.extend(curve.at(step).map(|point| point.value - less)),
                }
            }
            values.sort_by(f64::total_cmp);
            for (line, part) in self.lines.iter_mut().zip(PARTS) {
                line.push(step, quantile_of_sorted(&values, part).unwrap_or(f64::NAN));
            }
        }
        false
    }
}

impl Seeds {
    pub(super) fn of(spec: &LaneSpec, plan: &LanePlan) -> Option<Box<Self>> {
        let run = |number| {
            let past = Past::new(axes_of(plan));
            let (plan, left) = (Arc::new(plan.of_run(number)), Vec::new());
            SeedRun { plan, past, left, began: None }
        };
        let runs: Vec<SeedRun> = (0..spec.seeds).map(run).collect();
        let (ends, bands) = (vec![None; runs.len()], Bands::default());
        (runs.len() > 1).then(|| Box::new(Self { shown: 0, runs, ends, bands }))
    }

    /// What the run that is shown was built from.
    pub(super) fn plan(&self) -> Arc<LanePlan> {
        Arc::clone(&self.runs[self.shown].plan)
    }

    pub(super) fn take(&mut self, run: usize, event: Event) {
        let Some(run) = self.runs.get_mut(run) else { return };
        match event {
            Event::Began(fingerprint) => run.began = Some(fingerprint),
            event => run.past.take(event),
        }
    }

    pub(super) fn ended(&mut self, ends: Vec<Option<End>>) {
        self.ends = ends;
    }

    fn others(&mut self) -> impl Iterator<Item = &mut SeedRun> {
        let shown = self.shown;
        self.runs.iter_mut().enumerate().filter(move |(i, _)| *i != shown).map(|(_, run)| run)
    }

    pub(super) fn rewound(&mut self, step: u64, from: BranchId) {
        for run in self.others() {
            run.keep(from);
            run.past.truncate(step);
        }
        self.bands.main.truncate(step);
        self.bands.held_out.truncate(step);
    }

    pub(super) fn returned(&mut self, from: BranchId, to: BranchId) {
        for run in self.others() {
            run.keep(from);
            if let Some(at) = run.left.iter().position(|record| record.branch == to) {
                run.past = run.left.remove(at).past;
            }
        }
        self.bands = Bands::default();
    }

    /// Gives up detail in the middle of long series until each run's fit.
    pub(super) fn shrink_to(&mut self, bytes: usize) {
        for run in self.others() {
            run.past.losses.refresh();
            run.past.shrink_to(bytes);
            let each = bytes / run.left.len().max(1);
            run.left.iter_mut().for_each(|record| record.shrink_to(each));
        }
    }
}

impl SeedRun {
    fn keep(&mut self, branch: BranchId) {
        self.left.retain(|record| record.branch != branch);
        self.left.push(Record { branch, past: self.past.clone() });
        let surplus = self.left.len().saturating_sub(KEPT);
        self.left.drain(..surplus);
    }
}

impl Lane {
    /// How many seeds it stands for.
    pub fn seed_count(&self) -> usize {
        self.seeds.as_ref().map_or(1, |seeds| seeds.runs.len())
    }

    /// Which of them is shown, from 0.
    pub fn shown_seed(&self) -> usize {
        self.seeds.as_ref().map_or(0, |seeds| seeds.shown)
    }

    /// How one of its seeds ended, if it did.
    pub fn seed_end(&self, run: usize) -> Option<&End> {
        match &self.seeds {
            Some(seeds) => seeds.ends.get(run)?.as_ref(),
            None => self.end(),
        }
    }

    /// How many of its seeds diverged.
    pub fn diverged_seeds(&self) -> usize {
        let ends = (0..self.seed_count()).filter_map(|run| self.seed_end(run));
        ends.filter(|end| end.reason.is_broken()).count()
    }

    /// What one of its seeds begins with, once it is built.
    pub fn seed_began(&self, run: usize) -> Option<Fingerprint> {
        match &self.seeds {
            Some(seeds) if run != seeds.shown => seeds.runs.get(run)?.began,
            _ => self.began.filter(|_| run < self.seed_count()),
        }
    }

    /// What was measured of one of its seeds, as curves, with where its steps lie.
    pub fn seed_curves(&self, run: usize) -> (&Curves, &Axes) {
        match &self.seeds {
            Some(seeds) if run != seeds.shown && run < seeds.runs.len() => {
                let past = &seeds.runs[run].past;
                (&past.curves, &past.axes)
            }
            _ => (&self.curves, &self.axes),
        }
    }

    /// The evaluations of one of its seeds, oldest first.
    pub fn seed_evaluations(&self, run: usize) -> &[Arc<EvaluationRecord>] {
        match &self.seeds {
            Some(seeds) if run != seeds.shown && run < seeds.runs.len() => {
                &seeds.runs[run].past.evaluations
            }
            _ => &self.evaluations,
        }
    }

    /// The batch losses and the epochs of one of its seeds, with all that has arrived.
    pub(in crate::session) fn seed_record(&self, run: usize) -> (Series, Vec<EpochRecord>) {
        match &self.seeds {
            Some(seeds) if run != seeds.shown && run < seeds.runs.len() => {
                let past = &seeds.runs[run].past;
                let mut losses = past.losses.clone();
                losses.refresh();
                (losses, epochs_of(&past.curves, &past.axes).collect())
            }
            _ => (self.all_losses(), self.epochs().collect()),
        }
    }

    /// What all its seeds show together, if it stands for several.
    pub fn bands(&self) -> Option<&Bands> {
        self.seeds.as_ref().map(|seeds| &seeds.bands)
    }

    /// The last step that the run which is shown has been at.
    pub(super) fn last_step_of_shown(&self) -> u64 {
        let end = self.seeds.as_ref().and_then(|seeds| seeds.ends[seeds.shown].as_ref());
        end.map_or(u64::MAX, |end| end.step)
    }

    /// Another run is shown from now on.
    pub(super) fn exchange(&mut self, run: usize) {
        let Some(mut seeds) = self.seeds.take() else { return };
        if run < seeds.runs.len() && run != seeds.shown {
            let changes = std::mem::take(&mut self.changes);
            let mine = self.past();
            let before = seeds.shown;
            let empty = Past::new(axes_of(&self.plan));
            let theirs = std::mem::replace(&mut seeds.runs[run].past, empty);
            self.replace_past(theirs);
            self.changes = changes;
            self.losses.refresh();
            seeds.runs[before].past = mine;
            seeds.runs[before].left = std::mem::take(&mut self.left);
            self.left = std::mem::take(&mut seeds.runs[run].left);
            seeds.runs[before].began = self.began;
            self.began = seeds.runs[run].began;
            self.plan = Arc::clone(&seeds.runs[run].plan);
            seeds.shown = run;
            (self.recalling, self.retrace, self.shadow) = (None, None, None);
            self.pictures = super::Pictures::default();
        }
        self.seeds = Some(seeds);
    }

    /// Shows what all runs show together of this metric. Says whether that is another one than before.
    pub(in crate::session) fn show_bands_of(&mut self, metric: Metric) {
        if let Some(seeds) = &mut self.seeds
            && seeds.bands.metric != Some(metric)
        {
            seeds.bands = Bands { metric: Some(metric), ..Bands::default() };
        }
    }

    /// Brings the bands up to date. False if there was too much to do at once.
    pub(super) fn draw_bands(&mut self) -> bool {
        let Some(mut seeds) = self.seeds.take() else { return true };
        let done = self.draw(&mut seeds);
        self.seeds = Some(seeds);
        done
    }

    fn draw(&self, seeds: &mut Seeds) -> bool {
        let Seeds { shown, runs, ends, bands } = seeds;
        let Some(metric) = bands.metric else { return true };
        let on_surface = self.train_rows() == 0;
        let curves = runs
            .iter()
            .enumerate()
            .map(|(index, run)| if index == *shown { &self.curves } else { &run.past.curves });
        let all: Vec<&Curves> = curves.collect();
        let (of, less) = match metric {
            // On a surface there are no epochs: the value is measured where evaluations are due.
            Metric::Gap => (Metric::FullLoss, self.lowest().unwrap_or(0.0)),
            Metric::Loss if on_surface => (Metric::FullLoss, 0.0),
            other => (other, 0.0),
        };
        let main: Vec<&Curve> = match of {
            Metric::Loss => all.iter().map(|curves| &curves.epoch_loss).collect(),
            of => all.iter().map(|curves| &curves.of(of).training).collect(),
        };
        let held_out: Vec<&Curve> = all.iter().map(|curves| &curves.of(of).held_out).collect();
        let done = bands.main.extend(&main, ends, less);
        bands.held_out.extend(&held_out, ends, less) && done
    }
}
