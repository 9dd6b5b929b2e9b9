//! Linear and logarithmic axes: where values lie, which ticks they get, and what those say.

/// How an axis is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AxisScale {
    /// Evenly.
    #[default]
    Linear,
    /// Evenly by order of magnitude; only values above 0 have a place.
    Log,
}

impl AxisScale {
    /// Where a value lies; `None` where it has no place (not finite, or not above 0 on a
    /// logarithmic axis).
    pub fn place(self, value: f64) -> Option<f64> {
        match self {
            Self::Linear => value.is_finite().then_some(value),
            Self::Log => (value > 0.0 && value.is_finite()).then(|| value.log10()),
        }
    }

    /// Which value lies at a place.
    pub fn value(self, place: f64) -> f64 {
        match self {
            Self::Linear => place,
            Self::Log => 10f64.powf(place),
        }
    }
}

/// The places of the ticks between `low` and `high` (places), at least `gap` apart, also in places:
/// multiples of 1, 2 or 5 times a power of ten, or those of each decade on a logarithmic axis.
pub fn ticks(scale: AxisScale, low: f64, high: f64, gap: f64) -> Vec<f64> {
    let usable = low < high && gap > 0.0 && (high - low).is_finite();
    if !usable || (high - low) / gap > 1e4 {
        return Vec::new();
    }
    // Zoomed into part of a decade, a logarithmic axis is as good as linear between its ends.
    if scale == AxisScale::Log && high - low < 0.5 {
        let (from, to) = (10f64.powf(low), 10f64.powf(high));
        let step = nice_step(gap / (high - low) * (to - from));
        return multiples(step, from, to).filter(|v| *v > 0.0).map(f64::log10).collect();
    }
    match scale {
        AxisScale::Linear => multiples(nice_step(gap), low, high).collect(),
        // 2 → 5 is the widest stretch of a decade's three, 1 → 2 and 5 → 10 are 0.301.
        AxisScale::Log if gap <= 0.301 => {
            let decades = low.floor() as i32..=high.ceil() as i32;
            decades
                .flat_map(|decade| [1.0f64, 2.0, 5.0].map(|v| f64::from(decade) + v.log10()))
                .filter(|place| (low..=high).contains(place))
                .collect()
        }
        AxisScale::Log => multiples(nice_step(gap.max(1.0)).ceil(), low, high).collect(),
    }
}

/// The least of 1, 2, 5 times a power of ten that is not below `gap`.
fn nice_step(gap: f64) -> f64 {
    let power = 10f64.powf(gap.log10().floor());
    let tidy = |factor: f64| factor * power;
    [1.0, 2.0, 5.0, 10.0].map(tidy).into_iter().find(|step| *step >= gap * 0.999_999).unwrap_or(gap)
}

fn multiples(step: f64, low: f64, high: f64) -> impl Iterator<Item = f64> {
    let first = (low / step).ceil();
    let count = ((high / step).floor() - first + 1.0).max(0.0) as usize;
    (0..count).map(move |i| (first + i as f64) * step)
}

/// The end of an axis that holds `value` with little to spare and moves rarely as it grows: the next
/// of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten.
pub(super) fn round_up(value: f64) -> f64 {
    let usable = value > 0.0 && value.is_finite();
    if !usable {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|end| *end >= value * 0.999_999_999)
        .unwrap_or(value)
}

/// What stands at a tick: `0.05`, `200`, `20k`, `1e-6`.
pub fn tick_label(value: f64) -> String {
    let size = value.abs();
    let text = |value: f64| {
        let text = format!("{value:.6}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        text.replace('-', "−")
    };
    if size < f64::MIN_POSITIVE {
        "0".to_owned()
    } else if !(0.9e-3..0.999e15).contains(&size) {
        let text = format!("{value:.2e}");
        match text.split_once('e') {
            Some((digits, exponent)) => {
                let digits = digits.trim_end_matches('0').trim_end_matches('.');
                format!("{digits}e{exponent}").replace('-', "−")
            }
            None => text,
        }
    } else if size >= 0.999e12 {
        format!("{}T", text(value / 1e12))
    } else if size >= 0.999e9 {
        format!("{}G", text(value / 1e9))
    } else if size >= 0.999e6 {
        format!("{}M", text(value / 1e6))
    } else if size >= 0.999e4 {
        format!("{}k", text(value / 1e3))
    } else {
        text(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: AxisScale, low: f64, high: f64, gap: f64) -> Vec<String> {
        ticks(scale, low, high, gap).into_iter().map(|p| tick_label(scale.value(p))).collect()
    }

    #[test]
    fn linear_ticks_are_neat_and_apart() {
        assert_eq!(
            labels(AxisScale::Linear, 0.0, 1300.0, 150.0),
            ["0", "200", "400", "600", "800", "1000", "1200"]
        );
        assert_eq!(labels(AxisScale::Linear, -1.0, 1.0, 0.4), ["−1", "−0.5", "0", "0.5", "1"]);
        assert_eq!(
            labels(AxisScale::Linear, 0.0, 40_000.0, 9_000.0),
            ["0", "10k", "20k", "30k", "40k"]
        );
    }

    #[test]
    fn log_ticks_stand_at_one_two_five() {
        let low = 0.035f64.log10();
        let high = 12f64.log10();
        assert_eq!(
            labels(AxisScale::Log, low, high, 0.2),
            ["0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10"]
        );
        assert_eq!(
            labels(AxisScale::Log, -6.2, 0.1, 0.9),
            ["1e−6", "1e−5", "1e−4", "0.001", "0.01", "0.1", "1"]
        );
        assert_eq!(labels(AxisScale::Log, -12.0, 0.0, 3.0), ["1e−10", "1e−5", "1"]);
        assert!(labels(AxisScale::Log, 0.2f64.log10(), 0.3f64.log10(), 0.02).len() > 3);
    }

    #[test]
    fn ticks_are_never_closer_than_asked_and_never_endless() {
        for scale in [AxisScale::Linear, AxisScale::Log] {
            for gap in [0.05, 0.3, 1.0, 7.0] {
                let places = ticks(scale, -3.7, 41.0, gap);
                for pair in places.windows(2) {
                    assert!(pair[1] - pair[0] >= gap * 0.9, "{scale:?} {gap}: {pair:?}");
                }
            }
        }
        assert!(ticks(AxisScale::Linear, 0.0, 1e9, 1.0).is_empty());
        assert!(ticks(AxisScale::Linear, f64::NAN, 1.0, 0.1).is_empty());
    }

    #[test]
    fn ends_hold_their_value_and_move_rarely() {
        let mut ends: Vec<f64> = (1..10_000).map(|i| round_up(f64::from(i))).collect();
        assert!(ends.iter().zip(1..).all(|(end, i)| *end >= f64::from(i)));
        ends.dedup();
        assert!(ends.len() < 40);
    }
}
