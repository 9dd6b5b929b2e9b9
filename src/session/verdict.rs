//! Who wins: whether two lanes differ by more than their seeds do, in plain words.
//!
//! Lanes are compared pair by pair on the seeds that both have, by the loss they are ranked by; the lower
//! one wins. Invariants: nothing is claimed below [`LEAST_PAIRS`] paired seeds; every chance is corrected
//! for the number of pairs that were compared (Holm); an interval is that of its pair alone; and a lane
//! of which a seed diverged has no mean that could be compared, so that its seeds are counted instead.

use crate::metrics::{Paired, SIGNIFICANCE, holm};

/// The fewest paired seeds of which anything is claimed.
pub const LEAST_PAIRS: usize = 5;

/// What one lane reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Contender<'a> {
    /// The lane's name.
    pub name: &'a str,
    /// The loss of each seed, in their order; `None` of one that diverged.
    pub losses: Vec<Option<f64>>,
}

/// What is to be said of two lanes.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The first lane's place among the contenders.
    pub first: usize,
    /// The second one's.
    pub second: usize,
    /// Seeds that both have.
    pub pairs: usize,
    /// How the comparison ended.
    pub outcome: Outcome,
}

/// How a comparison ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Means were compared.
    Compared {
        /// Of the first lane's loss less the second's.
        test: Paired,
        /// The chance after correction.
        corrected: f64,
        /// For how many comparisons.
        comparisons: usize,
    },
    /// Some seeds diverged.
    Broken {
        /// How many of the first lane's, and of the second's.
        diverged: [usize; 2],
        /// On how many seeds the first has the lower loss, and the second.
        lower: [usize; 2],
    },
    /// Too few seeds to say anything.
    TooFew,
}

/// Every pair of lanes that have seeds in common, in order.
#[must_use]
pub fn verdicts(contenders: &[Contender<'_>]) -> Vec<Verdict> {
    let mut all = Vec::new();
    for (second, b) in contenders.iter().enumerate() {
        for (first, a) in contenders[..second].iter().enumerate() {
            let pairs: Vec<_> = a.losses.iter().copied().zip(b.losses.iter().copied()).collect();
            let outcome = compared(&pairs);
            all.push(Verdict { first, second, pairs: pairs.len(), outcome });
        }
    }
    all.sort_by_key(|verdict| (verdict.first, verdict.second));
    correct(&mut all);
    all
}

fn compared(pairs: &[(Option<f64>, Option<f64>)]) -> Outcome {
    if pairs.len() < LEAST_PAIRS {
        return Outcome::TooFew;
    }
    let differences: Option<Vec<f64>> = pairs.iter().map(|(a, b)| Some((*a)? - (*b)?)).collect();
    if let Some(test) = differences.as_deref().and_then(Paired::of) {
        return Outcome::Compared { test, corrected: test.p, comparisons: 1 };
    }
    let of_first = pairs.iter().filter(|(a, _)| a.is_none()).count();
    let of_second = pairs.iter().filter(|(_, b)| b.is_none()).count();
    let height = |loss: Option<f64>| loss.unwrap_or(f64::INFINITY);
    let lower = |less: &dyn Fn(f64, f64) -> bool| {
        pairs.iter().filter(|(a, b)| less(height(*a), height(*b))).count()
    };
    Outcome::Broken {
        diverged: [of_first, of_second],
        lower: [lower(&|a, b| a < b), lower(&|a, b| b < a)],
    }
}

fn correct(all: &mut [Verdict]) {
    let chances: Vec<f64> = all
        .iter()
        .filter_map(|verdict| match verdict.outcome {
            Outcome::Compared { test, .. } => Some(test.p),
            _ => None,
        })
        .collect();
    let mut after = holm(&chances).into_iter();
    for verdict in all {
        if let Outcome::Compared { corrected, comparisons, .. } = &mut verdict.outcome {
            *comparisons = chances.len();
            *corrected = after.next().unwrap_or(*corrected);
        }
    }
}

impl Verdict {
    /// Which of its lanes wins, as far as seeds can show it: the place among the contenders.
    #[must_use]
    pub fn winner(&self) -> Option<usize> {
        match &self.outcome {
            Outcome::Compared { test, corrected, .. } if *corrected < SIGNIFICANCE => {
                Some(if test.mean < 0.0 { self.first } else { self.second })
            }
            _ => None,
        }
    }

    /// What is to be said, as one paragraph.
    #[must_use]
    pub fn sentence(&self, contenders: &[Contender<'_>]) -> String {
        let [finding, ground] = self.words(contenders);
        if ground.is_empty() { finding } else { format!("{finding} {ground}") }
    }

    /// What is to be said, in two parts: the finding, and the numbers that it rests on (in parentheses,
    /// or a sentence of its own; nothing where there are none), stops included.
    #[must_use]
    pub fn words(&self, contenders: &[Contender<'_>]) -> [String; 2] {
        let names = [self.first, self.second].map(|at| contenders[at].name);
        let ([a, b], pairs) = (names, self.pairs);
        match &self.outcome {
            Outcome::TooFew => [
                format!("{a} and {b}: {pairs} paired seeds."),
                format!("Nothing is claimed below {LEAST_PAIRS}."),
            ],
            Outcome::Broken { diverged, lower: [of_a, of_b] } => {
                let counts = diverged.iter().zip(names).filter(|(count, _)| **count > 0);
                let counts: Vec<_> =
                    counts.map(|(count, name)| format!("{count} of {name}")).collect();
                let why = if counts.is_empty() {
                    "A loss is not finite".to_owned()
                } else {
                    format!("Seeds that diverged: {}", counts.join(" and "))
                };
                [
                    format!("{a} has the lower loss on {of_a} of {pairs} seeds, {b} on {of_b}."),
                    format!("{why}; so that means are not compared."),
                ]
            }
            Outcome::Compared { test, .. } if test.low == 0.0 && test.high == 0.0 => {
                [format!("{a} and {b} have the same loss on all {pairs} seeds."), String::new()]
            }
            Outcome::Compared { test, corrected, comparisons } => {
                self.compared_words(names, test, &numbers(test, *corrected, *comparisons))
            }
        }
    }

    fn compared_words(&self, [a, b]: [&str; 2], test: &Paired, numbers: &str) -> [String; 2] {
        let (above, below) = if test.mean > 0.0 { (a, b) } else { (b, a) };
        let size = figures(test.mean.abs());
        if self.winner().is_some() {
            return [format!("{below} beats {above} by {size}"), format!("({numbers}).")];
        }
        [
            format!("{a} and {b}: no difference that {} seeds can show", self.pairs),
            format!("({above} less {below}: {size}, {numbers})."),
        ]
    }
}

/// What a comparison rests on.
fn numbers(test: &Paired, corrected: f64, comparisons: usize) -> String {
    let (low, high) = lead(test);
    let correction = match comparisons {
        1 => String::new(),
        many => format!(" after correction for {many} comparisons"),
    };
    let (low, high, chance) = (figures(low), figures(high), chance(corrected));
    format!("95 % {low} to {high}, {chance}{correction}, {} paired seeds", test.pairs)
}

/// The interval of how far the lane with the higher mean is above the other.
fn lead(test: &Paired) -> (f64, f64) {
    if test.mean < 0.0 { (-test.high, -test.low) } else { (test.low, test.high) }
}

/// A number in three figures.
fn figures(x: f64) -> String {
    let size = x.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    let text = if (1e-5..1e6).contains(&size) {
        let digits = (2 - size.log10().floor() as i32).clamp(0, 9) as usize;
        format!("{size:.digits$}")
    } else {
        format!("{size:.2e}")
    };
    if x < 0.0 { format!("−{text}") } else { text }
}

/// A chance in few figures.
fn chance(p: f64) -> String {
    if p < 1e-4 {
        return "p < 0.0001".to_owned();
    }
    let digits = (1 - p.log10().floor() as i32).clamp(1, 5) as usize;
    let text = format!("{p:.digits$}");
    format!("p = {}", if p >= 1.0 { "1" } else { &text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane<'a>(name: &'a str, losses: &[f64]) -> Contender<'a> {
        let losses = losses.iter().map(|x| x.is_finite().then_some(*x)).collect();
        Contender { name, losses }
    }

    fn said(contenders: &[Contender<'_>]) -> Vec<String> {
        verdicts(contenders).iter().map(|verdict| verdict.sentence(contenders)).collect()
    }

    #[test]
    fn a_difference_beyond_the_seeds_is_claimed_and_one_within_is_not() {
        let start = [0.30, 0.31, 0.29, 0.33, 0.28, 0.32];
        let wobble = [0.001, -0.001, 0.002, -0.002, 0.0005, -0.0001];
        let near: Vec<f64> = start.iter().zip(wobble).map(|(x, w)| x + w).collect();
        let below: Vec<f64> = start.iter().zip(wobble).map(|(x, w)| x - 0.1 + 2.0 * w).collect();
        let lanes = [lane("SGD", &start), lane("Momentum", &near), lane("Adam", &below)];
        let found = verdicts(&lanes);
        assert_eq!(found.iter().map(Verdict::winner).collect::<Vec<_>>(), [None, Some(2), Some(2)]);
        let words = said(&lanes);
        assert!(words[0].starts_with("SGD and Momentum: no difference that 6 seeds can show ("));
        assert!(words[1].starts_with("Adam beats SGD by 0.0999 (95 % 0.0"), "{}", words[1]);
        assert!(words[1].ends_with("after correction for 3 comparisons, 6 paired seeds)."));
    }

    #[test]
    fn nothing_is_claimed_below_five_seeds_however_far_apart_lanes_are() {
        let lanes = [lane("a", &[1.0, 1.1, 0.9, 1.0]), lane("b", &[9.0, 9.1, 9.0, 9.2, 9.0])];
        assert_eq!(verdicts(&lanes)[0].winner(), None);
        assert_eq!(said(&lanes), ["a and b: 4 paired seeds. Nothing is claimed below 5."]);
    }

    #[test]
    fn seeds_that_diverged_are_counted_and_no_mean_is_taken_of_the_rest() {
        let bad = f64::INFINITY;
        let lanes = [
            lane("a", &[0.1, bad, 0.1, bad, 0.1, bad]),
            lane("b", &[0.2, 0.2, 0.2, 0.2, bad, bad]),
        ];
        let found = verdicts(&lanes);
        let expected = Outcome::Broken { diverged: [3, 2], lower: [3, 2] };
        assert_eq!((found[0].winner(), &found[0].outcome), (None, &expected));
        let expected = "a has the lower loss on 3 of 6 seeds, b on 2. Seeds that diverged: 3 of a and 2 of \
            b; so that means are not compared.";
        assert_eq!(said(&lanes), [expected]);
    }

    #[test]
    fn what_is_the_same_to_the_last_bit_is_said_to_be() {
        let lanes = [lane("a", &[0.5; 5]), lane("b", &[0.5; 5])];
        assert_eq!(said(&lanes), ["a and b have the same loss on all 5 seeds."]);
    }
}
