//! The scale of a slider: where a value lies on it, and which neat value a place means.

/// How values are spread along a rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// Evenly.
    Linear,
    /// Evenly by order of magnitude; a range from 0 keeps a stretch at its left end for 0 itself.
    Log,
    /// Evenly by the order of magnitude of `1 − value`: for momenta and decay rates, where 0.9,
    /// 0.99 and 0.999 are worlds apart. The range must end below 1.
    OneMinus,
}

/// A range and how it is spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rail {
    spread: Spread,
    low: f64,
    high: f64,
    integer: bool,
}

/// The stretch of a logarithmic rail from 0 that means 0.
const ZERO_STRETCH: f64 = 0.06;
/// The smallest value other than 0 on such a rail, as a share of the largest.
const LOG_FLOOR: f64 = 1e-8;
/// How close to 1 a one-minus rail comes.
const ONE_FLOOR: f64 = 1e-6;

impl Rail {
    /// A rail from `low` to `high`, both finite, `low < high`.
    pub fn new(spread: Spread, low: f64, high: f64) -> Self {
        Self { spread, low, high, integer: false }
    }

    /// Whole numbers only.
    pub fn integer(mut self) -> Self {
        self.integer = true;
        self
    }

    /// The least value.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The greatest value.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// Whether it holds whole numbers only.
    pub fn is_integer(&self) -> bool {
        self.integer
    }

    /// Where `value` lies, 0 to 1; values outside lie at the ends.
    pub fn share(&self, value: f64) -> f64 {
        let share = match self.spread {
            Spread::Linear => (value - self.low) / (self.high - self.low),
            Spread::Log if self.low <= 0.0 => {
                if value <= 0.0 {
                    return 0.0;
                }
                let log = (value / self.log_floor()).ln() / (self.high / self.log_floor()).ln();
                ZERO_STRETCH + (1.0 - ZERO_STRETCH) * log.max(0.0)
            }
            Spread::Log => (value / self.low).ln() / (self.high / self.low).ln(),
            Spread::OneMinus => {
                let (start, end) = self.one_minus_ends();
                ((1.0 - value).max(ONE_FLOOR) / start).ln() / (end / start).ln()
            }
        };
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }

    /// The neat value at `share` (0 to 1): few digits, as many as the place deserves.
    pub fn value(&self, share: f64) -> f64 {
        if share <= 0.0 {
            return self.low;
        }
        if share >= 1.0 {
            return self.high;
        }
        let value = match self.spread {
            Spread::Linear => {
                let step = 10f64.powf(((self.high - self.low) / 100.0).log10().floor());
                neat((self.low + share * (self.high - self.low)) / step, 0) * step
            }
            Spread::Log if self.low <= 0.0 && share < ZERO_STRETCH * 0.5 => 0.0,
            Spread::Log => {
                let (low, share) = if self.low <= 0.0 {
                    (self.log_floor(), ((share - ZERO_STRETCH) / (1.0 - ZERO_STRETCH)).max(0.0))
                } else {
                    (self.low, share)
                };
                two_digits(low * (self.high / low).powf(share))
            }
            Spread::OneMinus => {
                let (start, end) = self.one_minus_ends();
                1.0 - two_digits(start * (end / start).powf(share))
            }
        };
        self.hold(if self.integer { value.round() } else { tidy(value) })
    }

    /// The value `steps` small steps of the keyboard from `value`; never the same unless at an end.
    pub fn step(&self, value: f64, steps: i32) -> f64 {
        let from = self.share(value);
        for distance in 1..=100 {
            let to = from + f64::from(steps) * f64::from(distance) * 0.01;
            let next = self.value(to);
            if next != value && (next > value) == (steps > 0) {
                return next;
            }
        }
        if steps > 0 { self.high } else { self.low }
    }

    fn hold(&self, value: f64) -> f64 {
        value.clamp(self.low, self.high)
    }

    fn log_floor(&self) -> f64 {
        self.high * LOG_FLOOR
    }

    fn one_minus_ends(&self) -> (f64, f64) {
        (1.0 - self.low, (1.0 - self.high).max(ONE_FLOOR))
    }
}

fn neat(value: f64, decimals: usize) -> f64 {
    format!("{value:.decimals$}").parse().unwrap_or(value)
}

fn two_digits(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}

/// Drops the dust of binary fractions: 0.30000000000000004 is 0.3.
fn tidy(value: f64) -> f64 {
    format!("{value:.12e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rails() -> [Rail; 6] {
        [
            Rail::new(Spread::Linear, 0.0, 1.0),
            Rail::new(Spread::Linear, -3.0, 12.0),
            Rail::new(Spread::Log, 1e-5, 10.0),
            Rail::new(Spread::Log, 0.0, 1.0),
            Rail::new(Spread::OneMinus, 0.0, 0.9999),
            Rail::new(Spread::Log, 1.0, 1024.0).integer(),
        ]
    }

    #[test]
    fn ends_are_ends_and_places_grow_with_values() {
        for rail in rails() {
            assert_eq!(rail.value(0.0), rail.low(), "{rail:?}");
            assert!((rail.value(1.0) - rail.high()).abs() < 1e-12, "{rail:?}");
            let values: Vec<f64> = (0..=200).map(|i| rail.value(f64::from(i) / 200.0)).collect();
            assert!(values.is_sorted(), "{rail:?}: {values:?}");
        }
    }

    #[test]
    fn a_value_comes_back_from_its_place() {
        for rail in rails() {
            for i in 0..=50 {
                let value = rail.value(f64::from(i) / 50.0);
                let back = rail.value(rail.share(value));
                assert!((back - value).abs() <= 1e-9 * value.abs(), "{rail:?}: {value} → {back}");
            }
        }
    }

    #[test]
    fn values_are_neat() {
        let momentum = Rail::new(Spread::OneMinus, 0.0, 0.999);
        assert_eq!(momentum.value(momentum.share(0.9)), 0.9);
        assert_eq!(momentum.value(momentum.share(0.99)), 0.99);
        let rate = Rail::new(Spread::Log, 1e-5, 10.0);
        assert_eq!(rate.value(rate.share(0.03)), 0.03);
        for i in 0..=100 {
            let text = format!("{}", rate.value(f64::from(i) / 100.0));
            assert!(text.trim_start_matches(['0', '.']).len() <= 4, "{text}");
        }
    }

    #[test]
    fn keyboard_steps_always_move_and_stop_at_the_ends() {
        for rail in rails() {
            let mut value = rail.low();
            for _ in 0..2000 {
                let next = rail.step(value, 1);
                assert!(next > value || value == rail.high(), "{rail:?} stuck at {value}");
                value = next;
            }
            assert_eq!(value, rail.high());
            assert!(rail.step(value, -1) < value);
        }
    }
}
