//! The rules that end a lane early: what they have seen, and when they hold.
//!
//! `LossBelow` and `NoGain` read the epoch curve; on a surface, which has no epochs, every update
//! counts as one. `AccuracyAbove` reads evaluations: held-out rows if there are any, else training
//! rows. A rule that ended a run is spent when the run is trained on.
//!
//! Not here: the rules' table ([`crate::experiment::StopRules`]).

use crate::catalog::Chosen;
use crate::experiment::StopRules;
use crate::objective::Evaluation;

/// All rules of a lane; any of them suffices.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    rules: Vec<Rule>,
}

/// A rule and what it has seen.
#[derive(Debug, Clone)]
struct Rule {
    name: &'static str,
    test: Test,
    memory: RuleMemory,
}

#[derive(Debug, Clone, Copy)]
enum Test {
    LossBelow(f64),
    AccuracyAbove(f64),
    NoGain { epochs: u64, min_gain: f64 },
}

/// What one rule remembers of the run; part of every checkpoint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RuleMemory {
    /// The lowest epoch loss so far.
    best: f64,
    /// Epochs since then.
    waited: u64,
    /// Whether it ended the run before and was overruled.
    spent: bool,
    /// Whether it ended the run.
    held: bool,
}

const FRESH: RuleMemory = RuleMemory { best: f64::INFINITY, waited: 0, spent: false, held: false };

impl Rules {
    pub(super) fn new(chosen: &[Chosen<StopRules>]) -> Self {
        Self { rules: chosen.iter().filter_map(Rule::new).collect() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether some rule wants an evaluation at the end of each epoch.
    pub(super) fn need_evaluations(&self) -> bool {
        self.rules.iter().any(|r| matches!(r.test, Test::AccuracyAbove(_)) && !r.memory.spent)
    }

    /// Shows an epoch's mean loss to the rules; the name of the first that holds.
    pub(super) fn see_epoch(&mut self, loss: f64) -> Option<&'static str> {
        self.first_that(|rule| rule.sees_epoch(loss))
    }

    /// Shows the evaluation at an epoch's end to the rules; the name of the first that holds.
    pub(super) fn see_evaluation(&mut self, evaluation: &Evaluation) -> Option<&'static str> {
        let scores = evaluation.held_out.as_ref().unwrap_or(&evaluation.train);
        let accuracy = scores.accuracy?;
        self.first_that(|rule| match rule.test {
            Test::AccuracyAbove(limit) => accuracy > limit,
            Test::LossBelow(_) | Test::NoGain { .. } => false,
        })
    }

    /// Overrules the rule that ended the run, so that training goes on.
    pub(super) fn overrule(&mut self) {
        for rule in &mut self.rules {
            let RuleMemory { best: _, waited, spent, held } = &mut rule.memory;
            *waited = 0;
            *spent |= std::mem::take(held) && !matches!(rule.test, Test::NoGain { .. });
        }
    }

    pub(super) fn memory(&self) -> Vec<RuleMemory> {
        self.rules.iter().map(|r| r.memory).collect()
    }

    pub(super) fn restore(&mut self, memory: &[RuleMemory]) {
        for (rule, memory) in self.rules.iter_mut().zip(memory) {
            rule.memory = *memory;
        }
    }

    /// Every rule gets to see, so that each remembers; the first that holds names the end.
    fn first_that(&mut self, mut holds: impl FnMut(&mut Rule) -> bool) -> Option<&'static str> {
        let mut first = None;
        for rule in &mut self.rules {
            if holds(rule) && !rule.memory.spent && first.is_none() {
                rule.memory.held = true;
                first = Some(rule.name);
            }
        }
        first
    }
}

impl Rule {
    fn new(chosen: &Chosen<StopRules>) -> Option<Self> {
        let test = match chosen.name() {
            "LossBelow" => Test::LossBelow(chosen.number("value")),
            "AccuracyAbove" => Test::AccuracyAbove(chosen.number("value")),
            "NoGain" => Test::NoGain {
                epochs: chosen.integer("epochs"),
                min_gain: chosen.number("min_gain"),
            },
            _ => return None,
        };
        Some(Self { name: chosen.name(), test, memory: FRESH })
    }

    fn sees_epoch(&mut self, loss: f64) -> bool {
        match self.test {
            Test::LossBelow(limit) => loss < limit,
            Test::AccuracyAbove(_) => false,
            Test::NoGain { epochs, min_gain } => {
                let memory = &mut self.memory;
                if loss < memory.best - min_gain {
                    memory.best = loss;
                    memory.waited = 0;
                } else {
                    memory.waited += 1;
                }
                memory.waited >= epochs
            }
        }
    }
}

/// The first count after `count` at which an evaluation is due: every epoch up to 1,000, then, after
/// e epochs, every ⌈e/1000⌉. Independent of the planned length, so that training on changes nothing.
pub(super) fn next_evaluation(count: u64) -> u64 {
    let spacing = (count / 1000).saturating_add(1);
    (count / spacing).saturating_add(1).saturating_mul(spacing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Family;

    #[test]
    fn every_rule_of_the_table_is_known_here() {
        for entry in StopRules::entries() {
            assert!(Rule::new(&Chosen::of(entry)).is_some(), "{}", entry.name);
        }
    }

    #[test]
    fn no_gain_counts_epochs_since_the_last_real_gain() {
        let chosen = Chosen::<StopRules>::named("NoGain").unwrap();
        let chosen = chosen.with("epochs", 2_u64).with("min_gain", 0.1);
        let mut rules = Rules::new(&[chosen]);
        let losses = [1.0, 0.95, 0.8, 0.75, f64::NAN];
        let held: Vec<_> = losses.iter().map(|l| rules.see_epoch(*l).is_some()).collect();
        assert_eq!(held, [false, false, false, false, true]);
        rules.overrule();
        assert_eq!(rules.see_epoch(0.75), None, "trained on: counts anew");
        assert_eq!(rules.see_epoch(0.75), Some("NoGain"));
    }

    #[test]
    fn a_threshold_rule_is_spent_when_training_goes_on() {
        let below = Chosen::<StopRules>::named("LossBelow").unwrap().with("value", 0.5);
        let mut rules = Rules::new(&[below]);
        assert_eq!(rules.see_epoch(0.5), None);
        assert_eq!(rules.see_epoch(0.4), Some("LossBelow"));
        rules.overrule();
        assert_eq!(rules.see_epoch(0.3), None);
    }

    #[test]
    fn evaluations_thin_out_as_epochs_go_by() {
        let mut due = 0;
        let mut count = 0;
        while due < 10_000 {
            let next = next_evaluation(due);
            let spacing = next.div_ceil(1000);
            assert_eq!(next % spacing, 0, "epoch {next}");
            assert!(next - due <= spacing);
            due = next;
            count += 1;
        }
        assert_eq!(next_evaluation(999), 1000);
        assert_eq!(next_evaluation(1000), 1002);
        assert!((2900..3000).contains(&count), "{count}");
    }
}
