//! Which learning rate would suit from here: a ramp of rates on a copy of the lane.
//!
//! The copy trains on from the lane's state with everything as the lane has it (batches, optimizer
//! state, clipping, noise), one update a rate, rates growing evenly in the logarithm, until the
//! smoothed loss is four times its best or no longer finite. Schedule, planned edits and stop rules
//! are left out: the rate is the ramp's.
//!
//! Source: Smith (2017), "Cyclical learning rates"; the three suggestions are those of fastai.

use std::sync::Arc;

use crate::catalog::Duration;
use crate::train::EndReason;

use super::{LabError, Specimen};

/// How much of the running mean is kept from loss to loss.
const KEEP: f64 = 0.9;
/// The ramp ends where the smoothed loss is so many times its best.
const BLOWN_UP: f64 = 4.0;
/// Updates before it may end, and before a running mean has a slope.
const PATIENCE: usize = 10;
/// So near to the last rate, the lowest loss is that of the ramp's end.
const EDGE: usize = 3;
/// A fall of so many deviations of the smoothed loss is not chance.
const BEYOND_CHANCE: f64 = 4.0;

/// The rates to try.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ramp {
    /// The first rate.
    pub low: f64,
    /// The last rate.
    pub high: f64,
    /// How many.
    pub count: usize,
}

impl Default for Ramp {
    fn default() -> Self {
        Self { low: 1e-6, high: 10.0, count: 140 }
    }
}

/// What a ramp of rates found.
#[derive(Debug, Clone, PartialEq)]
pub struct RateFinder {
    /// Updates the lane had done.
    pub step: u64,
    /// The rates tried, ascending.
    pub rates: Vec<f64>,
    /// The loss measured with each, before its update.
    pub losses: Vec<f64>,
    /// The same, smoothed by a running mean without its start-up bias.
    pub smoothed: Vec<f64>,
    /// Whether the loss blew up before the last rate.
    pub blew_up: bool,
    /// Whether the loss was still at its lowest where the ramp ended, so that larger rates may do
    /// better.
    pub still_falls: bool,
    /// Rates worth trying; none if the loss never fell by more than batches differ.
    pub suggestions: Vec<Suggestion>,
}

/// A rate worth trying.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Suggestion {
    /// Why.
    pub kind: SuggestionKind,
    /// The rate.
    pub rate: f64,
}

/// Why a rate is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestionKind {
    /// Where the smoothed loss falls fastest.
    Steepest,
    /// A tenth of the rate with the lowest smoothed loss.
    TenthOfMinimum,
    /// In the middle of the longest way down.
    Valley,
}

impl SuggestionKind {
    /// As a button says it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Steepest => "steepest",
            Self::TenthOfMinimum => "minimum ÷ 10",
            Self::Valley => "valley",
        }
    }

    /// What it means, in a sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Steepest => "Where the loss falls fastest: bold.",
            Self::TenthOfMinimum => {
                "A tenth of the rate with the lowest loss: there it is about to turn up, so one \
                 stays well below."
            }
            Self::Valley => {
                "In the middle of the longest way down, often called the valley: the safe choice."
            }
        }
    }
}

/// Tries the rates of the ramp on a copy.
///
/// # Errors
/// If the method has no learning rate, the lane has diverged, or the parts do not fit.
pub fn find_rate(specimen: &Specimen, ramp: Ramp) -> Result<RateFinder, LabError> {
    let entry = specimen.plan.optimizer.entry();
    if entry.field("learning_rate").is_none_or(|field| !field.live) {
        return Err(LabError::NoRate { optimizer: entry.label });
    }
    let mut plan = (*specimen.plan).clone();
    plan.edits.clear();
    plan.stop.clear();
    let copy = Specimen { plan: Arc::new(plan), state: Arc::clone(&specimen.state) };
    let mut trainer = copy.trainer()?;
    let step = trainer.step();
    if !trainer.train_on(Duration::Steps(ramp.count as u64)) {
        return Err(LabError::Diverged);
    }
    let mut found = RateFinder {
        step,
        rates: Vec::new(),
        losses: Vec::new(),
        smoothed: Vec::new(),
        blew_up: false,
        still_falls: false,
        suggestions: Vec::new(),
    };
    let growth = (ramp.high / ramp.low).ln() / ramp.count.max(2).saturating_sub(1) as f64;
    let (mut mean, mut weight, mut best) = (0.0, 1.0, f64::INFINITY);
    for k in 0..ramp.count {
        let rate = ramp.low * (growth * k as f64).exp();
        trainer.pin_rate(rate);
        while trainer.step() < step + k as u64 + 1 && trainer.end().is_none() {
            trainer.replay(1);
        }
        let Some(loss) = trainer.last_loss() else { break };
        let diverged = trainer.end().is_some_and(|end| end.reason == EndReason::Diverged);
        if !loss.is_finite() {
            found.blew_up = true;
            break;
        }
        mean = KEEP * mean + (1.0 - KEEP) * loss;
        weight *= KEEP;
        let smoothed = mean / (1.0 - weight);
        found.rates.push(rate);
        found.losses.push(loss);
        found.smoothed.push(smoothed);
        best = best.min(smoothed);
        let far_up = smoothed - best > (BLOWN_UP - 1.0) * best.abs().max(f64::MIN_POSITIVE);
        if diverged || (k >= PATIENCE && far_up) {
            found.blew_up = true;
            break;
        }
    }
    found.suggestions = suggest(&found.rates, &found.losses, &found.smoothed);
    let falls = !found.suggestions.is_empty() && !found.blew_up;
    found.still_falls = falls && ends_lowest(&found.smoothed);
    Ok(found)
}

/// The place of the lowest value; 0 of none.
fn lowest_of(values: &[f64]) -> usize {
    (0..values.len()).min_by(|a, b| values[*a].total_cmp(&values[*b])).unwrap_or(0)
}

/// Whether the lowest value is one of the last.
fn ends_lowest(values: &[f64]) -> bool {
    lowest_of(values) + EDGE >= values.len()
}

/// How far single losses lie from their running mean, up to place `end`: what a smoothed loss may move
/// by chance.
fn noise(losses: &[f64], smoothed: &[f64], end: usize) -> f64 {
    let squares = losses.iter().zip(smoothed).take(end + 1).map(|(x, mean)| (x - mean).powi(2));
    let deviation = (squares.sum::<f64>() / (end + 1) as f64).sqrt();
    deviation * ((1.0 - KEEP) / (1.0 + KEEP)).sqrt()
}

/// The suggestions; none where the smoothed loss never falls by a hundredth, nor by more than batches
/// differ from each other. Where the ramp ends at the lowest loss, nothing is known of the minimum, so
/// a tenth of it is left out.
fn suggest(rates: &[f64], losses: &[f64], smoothed: &[f64]) -> Vec<Suggestion> {
    let lowest = lowest_of(smoothed);
    if lowest < PATIENCE {
        return Vec::new();
    }
    // The first few means are of too few losses to say anything.
    let highest = smoothed[PATIENCE..=lowest].iter().fold(f64::NEG_INFINITY, |m, x| m.max(*x));
    let fall = highest - smoothed[lowest];
    if fall < 0.01 * highest.abs() || fall < BEYOND_CHANCE * noise(losses, smoothed, lowest) {
        return Vec::new();
    }
    // Rates are even in the logarithm, so differences stand for slopes.
    let slope = |i: &usize| smoothed[i + 1] - smoothed[i - 1];
    let steepest = (PATIENCE..lowest).min_by(|a, b| slope(a).total_cmp(&slope(b)));
    let (top, bottom) = longest_way_down(&smoothed[PATIENCE..]);
    let (top, bottom) = (top + PATIENCE, bottom + PATIENCE);
    let made = |kind, rate| Suggestion { kind, rate };
    let middle = made(SuggestionKind::Valley, rates[top + (bottom - top) / 2]);
    let steepest = steepest.map(|at| made(SuggestionKind::Steepest, rates[at]));
    let tenth = (!ends_lowest(smoothed))
        .then(|| made(SuggestionKind::TenthOfMinimum, rates[lowest] / 10.0));
    [Some(middle), steepest, tenth].into_iter().flatten().collect()
}

/// The first and last place of the longest falling subsequence.
fn longest_way_down(values: &[f64]) -> (usize, usize) {
    // For each place: how long the longest fall that ends there is, and where it began.
    let mut falls: Vec<(usize, usize)> = Vec::with_capacity(values.len());
    for (i, value) in values.iter().enumerate() {
        let before = (0..i).filter(|j| values[*j] > *value).map(|j| falls[j]);
        let longest = before.max_by_key(|(length, _)| *length);
        falls.push(longest.map_or((1, i), |(length, first)| (length + 1, first)));
    }
    let last = (0..falls.len()).max_by_key(|i| falls[*i].0).unwrap_or(0);
    (falls.get(last).map_or(0, |fall| fall.1), last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bowl_of_losses_gives_three_rates_left_of_its_floor() {
        let rates: Vec<f64> = (0..60).map(|k| 1e-6 * 1.3_f64.powi(k)).collect();
        // Flat, then down to a floor at 40, then up.
        let loss = |k: i32| if k < 20 { 2.0 } else { 1.0 + (f64::from(k) - 40.0).powi(2) / 400.0 };
        let smoothed: Vec<f64> = (0..60).map(loss).collect();
        let found = suggest(&rates, &smoothed, &smoothed);
        let rate = |kind| found.iter().find(|s| s.kind == kind).expect("suggested").rate;
        assert_eq!(rate(SuggestionKind::TenthOfMinimum), rates[40] / 10.0);
        assert!(found.iter().all(|s| s.rate < rates[40]), "{found:?}");
        assert!(rate(SuggestionKind::Steepest) >= rates[19]);
        assert!(rate(SuggestionKind::Valley) > rates[20]);
    }

    #[test]
    fn a_loss_that_only_rises_gives_no_rate() {
        let rates: Vec<f64> = (1..30).map(f64::from).collect();
        assert_eq!(suggest(&rates, &rates, &rates), []);
        let flat = vec![1.0; 29];
        assert_eq!(suggest(&rates, &flat, &flat), [], "nor does a flat one");
        assert_eq!(suggest(&[], &[], &[]), []);
    }

    #[test]
    fn a_fall_no_larger_than_batches_differ_gives_no_rate() {
        let rates: Vec<f64> = (0..60).map(|k| 1e-6 * 1.3_f64.powi(k)).collect();
        let smoothed: Vec<f64> = (0..60).map(|k| 1.0 + 0.03 * (f64::from(k) * 0.2).cos()).collect();
        let noisy = |size: f64| -> Vec<f64> {
            let away = |k: usize| if k.is_multiple_of(2) { size } else { -size };
            smoothed.iter().enumerate().map(|(k, mean)| mean + away(k)).collect()
        };
        assert_eq!(suggest(&rates, &noisy(0.3), &smoothed), []);
        assert!(!suggest(&rates, &noisy(0.003), &smoothed).is_empty());
    }

    #[test]
    fn what_the_first_few_losses_happen_to_be_gives_no_rate() {
        let rates: Vec<f64> = (0..60).map(|k| 1e-6 * 1.3_f64.powi(k)).collect();
        let mut smoothed: Vec<f64> = (0..60_i32).map(|k| if k < 9 { 2.0 } else { 1.0 }).collect();
        smoothed[30] = 0.999;
        assert_eq!(suggest(&rates, &smoothed, &smoothed), []);
    }

    #[test]
    fn where_the_loss_still_falls_at_the_end_its_minimum_is_not_known() {
        let rates: Vec<f64> = (0..60).map(|k| 1e-6 * 1.3_f64.powi(k)).collect();
        let falling: Vec<f64> = (0..60).map(|k| 2.0 - 0.02 * f64::from(k)).collect();
        let found = suggest(&rates, &falling, &falling);
        assert!(!found.is_empty());
        assert!(found.iter().all(|s| s.kind != SuggestionKind::TenthOfMinimum), "{found:?}");
    }

    #[test]
    fn the_longest_way_down_skips_what_goes_up() {
        assert_eq!(longest_way_down(&[1.0, 5.0, 4.0, 9.0, 3.0, 2.0, 8.0]), (1, 5));
        assert_eq!(longest_way_down(&[1.0]), (0, 0));
    }
}
