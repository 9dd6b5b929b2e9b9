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
/// Updates before it may end.
const PATIENCE: usize = 10;

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
    /// Rates worth trying; none if the loss never fell.
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
            Self::Valley => "In the middle of the longest way down: the safe choice.",
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
    found.suggestions = suggest(&found.rates, &found.smoothed);
    Ok(found)
}

/// The three suggestions; none where the smoothed loss never falls by a hundredth.
fn suggest(rates: &[f64], smoothed: &[f64]) -> Vec<Suggestion> {
    let lowest = (0..smoothed.len()).min_by(|a, b| smoothed[*a].total_cmp(&smoothed[*b]));
    let Some(lowest) = lowest else { return Vec::new() };
    let highest = smoothed[..=lowest].iter().fold(f64::NEG_INFINITY, |m, x| m.max(*x));
    if lowest < 2 || highest - smoothed[lowest] < 0.01 * highest.abs() {
        return Vec::new();
    }
    // Rates are even in the logarithm, so differences stand for slopes.
    let fall = |i: &usize| smoothed[i + 1] - smoothed[i - 1];
    let steepest = (1..lowest).min_by(|a, b| fall(a).total_cmp(&fall(b))).unwrap_or(lowest);
    let (top, bottom) = longest_way_down(smoothed);
    let made = |kind, rate| Suggestion { kind, rate };
    vec![
        made(SuggestionKind::Valley, rates[top + (bottom - top) / 2]),
        made(SuggestionKind::Steepest, rates[steepest]),
        made(SuggestionKind::TenthOfMinimum, rates[lowest] / 10.0),
    ]
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
        let found = suggest(&rates, &smoothed);
        let rate = |kind| found.iter().find(|s| s.kind == kind).expect("suggested").rate;
        assert_eq!(rate(SuggestionKind::TenthOfMinimum), rates[40] / 10.0);
        assert!(found.iter().all(|s| s.rate < rates[40]), "{found:?}");
        assert!(rate(SuggestionKind::Steepest) >= rates[19]);
        assert!(rate(SuggestionKind::Valley) > rates[20]);
    }

    #[test]
    fn a_loss_that_only_rises_gives_no_rate() {
        let rates: Vec<f64> = (1..30).map(f64::from).collect();
        assert_eq!(suggest(&rates, &rates), []);
        assert_eq!(suggest(&rates, &vec![1.0; 29]), [], "nor does a flat one");
        assert_eq!(suggest(&[], &[]), []);
    }

    #[test]
    fn the_longest_way_down_skips_what_goes_up() {
        assert_eq!(longest_way_down(&[1.0, 5.0, 4.0, 9.0, 3.0, 2.0, 8.0]), (1, 5));
        assert_eq!(longest_way_down(&[1.0]), (0, 0));
    }
}
