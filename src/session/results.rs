//! The lanes side by side in numbers: who leads, what each has reached and when, and in what they
//! differ. Everything is of the step that is shown.

use crate::catalog::{Chosen, Family};
use crate::experiment::{Metric, TaskPlan, XAxis, literal};
use crate::series::{Curve, Series};

use super::measures::Measure;
use super::ranking::RankedBy;
use super::{Knobs, Lane, LaneId, Session};

/// What stands where a lane has no such setting.
const NONE: &str = "–";

/// What a lane is made of: what each setting is called, and how the file writes it.
type Settings = Vec<(&'static str, String)>;

/// All lanes in numbers.
#[derive(Debug, Clone)]
pub struct Results {
    /// The metric of which a target may be set: the one on the plot.
    pub aimed: &'static Measure,
    /// What the loss that lanes are placed by is measured over; none before anything is measured.
    pub by: Option<RankedBy>,
    /// Other metrics that are read.
    pub metrics: Vec<&'static Measure>,
    /// The settings in which at least two lanes differ.
    pub settings: Vec<&'static str>,
    /// One row a lane, in the experiment's order.
    pub rows: Vec<Standing>,
}

/// One lane in numbers.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Which lane.
    pub lane: LaneId,
    /// Its place, if its loss can be compared.
    pub rank: Option<usize>,
    /// The loss that lanes are placed by.
    pub loss: Option<f64>,
    /// The last epoch's mean beside it, of one run.
    pub batches: Option<f64>,
    /// Its loss less that of the lane compared with; none for that lane.
    pub ahead: Option<f64>,
    /// The metrics of [`Results::metrics`], on held-out rows, else on training rows.
    pub metrics: Vec<Option<f64>>,
    /// When it reached the target first.
    pub reached: Option<Reached>,
    /// Updates done.
    pub step: u64,
    /// Seconds of computing.
    pub seconds: f64,
    /// The settings of [`Results::settings`], as the file writes them.
    pub settings: Vec<String>,
}

/// When a target was reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// After how many updates.
    pub step: u64,
    /// After how many seconds of computing.
    pub seconds: f64,
}

impl Session {
    /// The lanes in numbers.
    pub fn results(&self) -> Results {
        let ranks = self.ranks();
        let aimed = self.shown_measure();
        let metrics: Vec<&'static Measure> =
            [Metric::Accuracy, Metric::F1, Metric::R2, Metric::Rmse]
                .into_iter()
                .map(Measure::of)
                .filter(|measure| self.lanes().iter().any(|lane| measure.fits(lane)))
                .collect();
        let all: Vec<Settings> = self.lanes().iter().map(settings_of).collect();
        let settings = differing(&all);
        let compared = self.compared_with();
        let base = compared.and_then(|lane| Some((lane.id, lane.ranked_loss()?.value)));
        let standing = |(lane, own): (&Lane, &Settings)| {
            let loss = lane.ranked_loss().map(|ranked| ranked.value);
            let ahead = base.filter(|(id, _)| *id != lane.id).zip(loss).map(|((_, b), l)| l - b);
            let comparable = self.index_of(lane.id).is_some_and(|at| self.has_common_loss(at));
            let latest = lane.latest();
            let read = |measure: &&Measure| {
                let evaluation = &latest?.evaluation;
                measure.held_out(evaluation).or_else(|| measure.training(evaluation))
            };
            let shown = lane.shown_step();
            Standing {
                lane: lane.id,
                rank: ranks.get(&lane.id).copied(),
                loss,
                batches: lane.batches_loss().filter(|b| b.is_mean).map(|b| b.value),
                ahead: ahead.filter(|_| comparable),
                metrics: metrics.iter().map(read).collect(),
                reached: self.view().target.and_then(|target| reached(lane, aimed, target)),
                step: shown,
                seconds: lane.axes.x(shown as f64, XAxis::Time),
                settings: settings.iter().map(|label| value_of(own, label)).collect(),
            }
        };
        let rows = self.lanes().iter().zip(&all).map(standing).collect();
        let by = self.lanes().iter().find_map(|lane| Some(lane.ranked_loss()?.by));
        Results { aimed, by, metrics, settings, rows }
    }

    /// The metric on the plot: the one that was chosen, or the loss where that one does not apply.
    pub fn shown_measure(&self) -> &'static Measure {
        let chosen = Measure::of(self.view().metric);
        let fits = self.lanes().iter().any(|lane| chosen.fits(lane));
        if fits { chosen } else { Measure::of(Metric::Loss) }
    }
}

/// When a lane's metric first reached a target, up to the step that is shown: on held-out rows if it is
/// measured there, else on training rows; of the loss, the epochs' means.
fn reached(lane: &Lane, measure: &Measure, target: f64) -> Option<Reached> {
    let curves = lane.curves.of(measure.metric);
    let rises = measure.rises();
    let found = match measure.metric {
        Metric::Loss if lane.train_rows() == 0 => first_sample(&lane.losses, rises, target),
        Metric::Gap => first_sample(&lane.losses, rises, target + lane.lowest()?),
        Metric::Loss if curves.held_out.is_empty() => {
            first_point(&lane.curves.epoch_loss, rises, target)
        }
        _ if curves.held_out.is_empty() => first_point(&curves.training, rises, target),
        _ => first_point(&curves.held_out, rises, target),
    };
    let step = found.filter(|step| *step <= lane.shown_step())?;
    Some(Reached { step, seconds: lane.axes.x(step as f64, XAxis::Time) })
}

/// The first of a lane's steps at which its function's value reached a target.
fn first_sample(losses: &Series, rises: bool, target: f64) -> Option<u64> {
    first(losses.len(), rises, target, |until| {
        losses.range(0..until).map(|bucket| (bucket.min, bucket.max))
    })
}

/// The first step at which a curve reached a target.
fn first_point(curve: &Curve, rises: bool, target: f64) -> Option<u64> {
    let last = curve.last()?.step;
    first(last + 1, rises, target, |until| {
        curve.range(0..until).map(|bucket| (bucket.min, bucket.max))
    })
}

/// The first of `count` steps by which something reached a target, found by halving: `range` gives the
/// least and the greatest value of the first so many.
fn first(
    count: u64,
    rises: bool,
    target: f64,
    range: impl Fn(u64) -> Option<(f64, f64)>,
) -> Option<u64> {
    let is_reached = |until: u64| {
        let found = range(until);
        found.is_some_and(|(min, max)| if rises { max >= target } else { min <= target })
    };
    if !is_reached(count) {
        return None;
    }
    let (mut none, mut some) = (0, count);
    while some - none > 1 {
        let middle = none + (some - none) / 2;
        if is_reached(middle) { some = middle } else { none = middle }
    }
    Some(some - 1)
}

/// What can be set of a lane, as it is at the step that is shown.
fn settings_of(lane: &Lane) -> Settings {
    let knobs = lane.shown_knobs();
    let Knobs { optimizer, schedule, clip, gradient_noise, batch_size, regularize, dropout } =
        &*knobs;
    let mut all = vec![("Optimizer", optimizer.entry().label.to_owned())];
    all.extend(fields(optimizer));
    all.push(("Schedule", schedule.entry().label.to_owned()));
    all.extend(fields(schedule));
    all.push(("Clipping", clip.as_ref().map_or(NONE.to_owned(), literal)));
    all.push(("Gradient noise", literal(gradient_noise)));
    let spec = &lane.spec;
    if let TaskPlan::Learn(learn) = &lane.plan.task {
        all.push(("Batch size", literal(batch_size)));
        all.push(("L1", literal(&regularize.l1)));
        all.push(("L2", literal(&regularize.l2)));
        all.push(("Loss", learn.loss.entry().label.to_owned()));
        all.push(("Network", literal(&dropout.in_model(&learn.model).hidden)));
        all.push(("Weights", literal(&learn.model.init.0)));
    }
    all.push(("Start", spec.start.as_ref().map_or(NONE.to_owned(), literal)));
    let from = spec.from.as_ref();
    all.push(("Forked off", from.map_or(NONE.to_owned(), |f| format!("{} at {}", f.lane, f.step))));
    all
}

fn fields<F: Family>(chosen: &Chosen<F>) -> Vec<(&'static str, String)> {
    chosen.iter().map(|(field, value)| (field.label, value.to_string())).collect()
}

fn value_of(own: &[(&'static str, String)], label: &str) -> String {
    let found = own.iter().find(|(other, _)| *other == label);
    found.map_or_else(|| NONE.to_owned(), |(_, value)| value.clone())
}

/// The settings in which lanes differ, in the order in which they are first met.
fn differing(all: &[Settings]) -> Vec<&'static str> {
    let mut labels: Vec<&'static str> = Vec::new();
    for (label, _) in all.iter().flatten() {
        if !labels.contains(label) {
            labels.push(label);
        }
    }
    labels.retain(|label| {
        let mut values = all.iter().map(|own| value_of(own, label));
        let first = values.next();
        values.any(|value| Some(&value) != first.as_ref())
    });
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_at_a_target_is_found_by_halving() {
        let values = [5.0, 4.0, 4.5, 3.0, 3.5, 1.0, 2.0];
        let range = |until: u64| {
            let part = &values[..until as usize];
            let fold = |with: fn(f64, f64) -> f64| part.iter().copied().reduce(with);
            fold(f64::min).zip(fold(f64::max))
        };
        let down = |target| first(values.len() as u64, false, target, range);
        assert_eq!(down(4.2), Some(1));
        assert_eq!(down(3.0), Some(3));
        assert_eq!(down(1.5), Some(5));
        assert_eq!(down(9.0), Some(0));
        assert_eq!(down(0.5), None);
        assert_eq!(first(7, true, 5.0, range), Some(0));
        assert_eq!(first(0, true, 5.0, range), None);
    }

    #[test]
    fn a_curve_has_its_steps() {
        let mut curve = Curve::new();
        for (step, value) in [(10, 0.9), (20, 0.5), (30, 0.6), (40, 0.1)] {
            curve.push(step, value);
        }
        assert_eq!(first_point(&curve, false, 0.5), Some(20));
        assert_eq!(first_point(&curve, false, 0.2), Some(40));
        assert_eq!(first_point(&curve, true, 0.95), None);
    }
}
