//! Linear, logarithmic and symmetric logarithmic axes: where values lie, and which ticks they get.

/// How an axis is spread.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum AxisScale {
    /// Evenly.
    #[default]
    Linear,
    /// Evenly by order of magnitude; only values above 0 have a place.
    Log,
    /// Evenly up to a value on either side of 0, and by order of magnitude beyond: the even part takes
    /// as much room on either side as one order of magnitude. The value is above 0 and finite.
    Symlog(f64),
}

impl AxisScale {
    /// Where a value lies; `None` where it has no place (not finite, or not above 0 on a
    /// logarithmic axis).
    pub fn place(self, value: f64) -> Option<f64> {
        match self {
            Self::Linear => value.is_finite().then_some(value),
            Self::Log => (value > 0.0 && value.is_finite()).then(|| value.log10()),
            Self::Symlog(even) => {
                let size = (value / even).abs();
                let place =
                    if size <= 1.0 { size } else { 1.0 + value.abs().log10() - even.log10() };
                value.is_finite().then_some(place.copysign(value))
            }
        }
    }

    /// Whether it is another kind of scale: how far one is even is no kind of its own.
    pub fn is_like(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// Which value lies at a place.
    pub fn value(self, place: f64) -> f64 {
        match self {
            Self::Linear => place,
            Self::Log => 10f64.powf(place),
            Self::Symlog(even) if place.abs() <= 1.0 => place * even,
            Self::Symlog(even) => 10f64.powf(place.abs() - 1.0 + even.log10()).copysign(place),
        }
    }
}

/// How far a symmetric logarithmic axis is even around 0 for values of these sizes: to the power of ten
/// at or below nearly all of them, but at most six orders of magnitude below the largest of nearly all, or
/// below where lines `begin` if they grew from there: what small values tell is not lost below large ones.
pub(super) fn even_part(sizes: impl Iterator<Item = f64>, begin: f64) -> f64 {
    let mut sizes: Vec<f64> = sizes.map(f64::abs).filter(|s| *s > 0.0 && s.is_finite()).collect();
    if sizes.is_empty() {
        return 1.0;
    }
    sizes.sort_unstable_by(f64::total_cmp);
    let rare = sizes.len() / 20;
    let (small, large) = (sizes[rare], sizes[sizes.len() - 1 - rare]);
    let decade = |size: f64| size.log10().floor();
    let (small, large) =
        if begin > 0.0 { (small.min(begin), large.min(begin)) } else { (small, large) };
    let decade = decade(small).max(decade(large) - 6.0).clamp(-300.0, 300.0);
    10f64.powf(decade)
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
        AxisScale::Symlog(even) => symlog_ticks(even, (low, high), gap),
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

/// The ticks of a symmetric logarithmic axis: 0, and the orders of magnitude on either side of it, with 2
/// and 5 of each where there is room.
fn symlog_ticks(even: f64, (low, high): (f64, f64), gap: f64) -> Vec<f64> {
    let scale = AxisScale::Symlog(even);
    let is_even = low >= -1.0 && high <= 1.0;
    // Zoomed into part of an order of magnitude, it is as good as linear between its ends.
    let is_narrow = high - low < 0.5 && (low > 1.0 || high < -1.0);
    if is_even || is_narrow {
        let (from, to) = (scale.value(low), scale.value(high));
        let step = nice_step(gap / (high - low) * (to - from));
        return multiples(step, from, to).filter_map(|value| scale.place(value)).collect();
    }
    if gap > 0.301 {
        return multiples(nice_step(gap.max(1.0)).ceil(), low, high).collect();
    }
    let decades = low.floor() as i32..=high.ceil() as i32;
    let parts = |decade: i32| {
        // Within the even part half of it stands alone: 0.2 of it would be too near to 0.
        let parts: &[f64] = if decade == 0 { &[0.0, 0.5] } else { &[1.0, 2.0, 5.0] };
        parts.iter().map(move |part| match decade {
            0 => *part,
            _ => f64::from(decade) + part.log10(),
        })
    };
    let up = decades.clone().filter(|decade| *decade >= 0).flat_map(parts);
    let down = decades.filter(|decade| *decade <= 0).flat_map(|decade| parts(-decade)).map(|p| -p);
    let mut all: Vec<f64> = down.chain(up).filter(|place| (low..=high).contains(place)).collect();
    all.sort_by(f64::total_cmp);
    all.dedup_by(|a, b| *a == *b);
    all
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::AxisNumbers;

    fn labels(scale: AxisScale, low: f64, high: f64, gap: f64) -> Vec<String> {
        let values: Vec<f64> =
            ticks(scale, low, high, gap).iter().map(|p| scale.value(*p)).collect();
        let numbers = AxisNumbers::of(values.iter().copied());
        values.iter().map(|value| numbers.text(*value)).collect()
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
    fn a_symlog_axis_is_odd_rising_even_around_zero_and_logarithmic_beyond() {
        for even in [1e-3, 1.0, 2e4] {
            let scale = AxisScale::Symlog(even);
            let place = |value: f64| scale.place(value).expect("every finite value has a place");
            assert_eq!(place(0.0), 0.0);
            assert_eq!(place(even), 1.0);
            assert_eq!(place(even / 4.0), 0.25);
            assert!((place(even * 100.0) - 3.0).abs() < 1e-12);
            let mut last = f64::NEG_INFINITY;
            for k in -4000..=4000 {
                let value = f64::from(k) * even * 0.01 * (1.0 + (f64::from(k) / 500.0).powi(4));
                let at = place(value);
                assert!(at > last, "{value} lies above what is less");
                assert_eq!(place(-value), -at);
                assert!(
                    (scale.value(at) - value).abs() <= 1e-12 * value.abs(),
                    "{value} comes back"
                );
                last = at;
            }
            assert_eq!(scale.place(f64::INFINITY), None);
            assert_eq!(scale.place(f64::NAN), None);
        }
        assert!(AxisScale::Symlog(1.0).is_like(AxisScale::Symlog(0.1)));
        assert!(!AxisScale::Symlog(1.0).is_like(AxisScale::Log));
    }

    #[test]
    fn the_even_part_ends_at_a_power_of_ten_below_nearly_all_values() {
        let part = |sizes: &[f64]| even_part(sizes.iter().copied(), f64::INFINITY);
        assert_eq!(part(&[]), 1.0);
        assert_eq!(part(&[0.0, f64::NAN]), 1.0);
        assert_eq!(part(&[3.0, -40.0, 0.5]), 0.1);
        assert!((part(&[1e-12, 5.0]) - 1e-6).abs() < 1e-18, "six orders of magnitude are enough");
        let mut many: Vec<f64> = (0..99).map(|k| 2.0 + f64::from(k)).collect();
        many.push(1e-4);
        assert_eq!(part(&many), 1.0, "one lucky value makes no room for itself");
        // A loss that grew from 0.3 by half an order of magnitude an update, and from nowhere.
        let grew = || (0..100).map(|k| 0.3 * 10f64.powf(f64::from(k) * 0.5));
        assert_eq!(even_part(grew(), 0.3), 0.1);
        assert!(even_part(grew(), f64::INFINITY) > 1e30 && even_part(grew(), 0.0) > 1e30);
    }

    #[test]
    fn symlog_ticks_stand_at_the_decades_of_both_signs() {
        let scale = AxisScale::Symlog(0.01);
        let end = |value: f64| scale.place(value).expect("a place");
        assert_eq!(
            labels(scale, end(-12.0), end(300.0), 0.9),
            ["−10", "−1", "−0.1", "−0.01", "0", "0.01", "0.1", "1", "10", "100"]
        );
        assert_eq!(labels(scale, end(-100.0), end(100.0), 1.8), ["−10", "−0.1", "0", "0.1", "10"]);
        assert_eq!(
            labels(scale, end(-0.03), end(0.12), 0.25),
            ["−0.02", "−0.01", "−0.005", "0", "0.005", "0.01", "0.02", "0.05", "0.1"]
        );
        assert_eq!(
            labels(scale, end(-0.01), end(0.01), 0.4),
            ["−0.01", "−0.005", "0", "0.005", "0.01"]
        );
        assert!(labels(scale, end(2.0), end(3.0), 0.02).len() > 3);
        assert!(labels(scale, end(-3.0), end(-2.0), 0.02).len() > 3);
    }

    #[test]
    fn ticks_are_never_closer_than_asked_and_never_endless() {
        for scale in [AxisScale::Linear, AxisScale::Log, AxisScale::Symlog(0.1)] {
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
