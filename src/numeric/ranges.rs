//! Two ranges of a plane, widened so that a unit is as long along both where they are drawn.
//!
//! Invariant: a range is only ever widened, about its middle, and only one of the two. The shape of a part
//! of the screen is its width over its height.

/// From the lowest to the highest.
pub type Range = (f64, f64);

/// What is drawn may be so many times larger along one axis than what is needed now: so it serves until the
/// screen's shape has changed by that much.
const STEP: f64 = 1.25;
/// A range is widened to so many times itself at most, where that is asked for.
const MOST: f64 = 2.0;
/// Ranges up to so many times as long as the other are comparable.
const ALIKE: f64 = 3.0;

/// Ranges of x and y that fill a part of the screen of that shape with `unit[0]` along x as long as `unit[1]`
/// along y. They are as they were where one of them is empty or no number.
#[must_use]
pub fn evened([x, y]: [Range; 2], unit: [f64; 2], shape: f64) -> [Range; 2] {
    let by = shape / shape_of([x, y], unit);
    if !(by.is_finite() && by > 0.0) {
        [x, y]
    } else if by > 1.0 {
        [widened(x, by), y]
    } else {
        [x, widened(y, 1.0 / by)]
    }
}

/// The shape nearest to `shape` for which [`evened`] widens neither range to more than twice itself: a
/// part of the screen much wider or higher is not filled evenly, as what matters would be lost in it.
#[must_use]
pub fn fillable(ranges: [Range; 2], unit: [f64; 2], shape: f64) -> f64 {
    let own = shape_of(ranges, unit);
    if own.is_finite() && own > 0.0 { shape.clamp(own / MOST, own * MOST) } else { shape }
}

/// Ranges that hold those of [`evened`], and are the same for all shapes within a step.
#[must_use]
pub fn roomy(ranges: [Range; 2], unit: [f64; 2], shape: f64) -> [Range; 2] {
    let own = shape_of(ranges, unit);
    let by = shape / own;
    if !(by.is_finite() && by > 0.0) {
        return ranges;
    }
    // A hair below a step is on it.
    let steps = |by: f64| STEP.powi((by.ln() / STEP.ln() - 1e-6).ceil() as i32);
    let by = if by > 1.0 { steps(by) } else { 1.0 / steps(1.0 / by) };
    evened(ranges, unit, own * by)
}

/// The shape of a part of the screen that ranges fill as they are.
#[must_use]
pub fn shape_of([x, y]: [Range; 2], unit: [f64; 2]) -> f64 {
    (x.1 - x.0) / unit[0] / ((y.1 - y.0) / unit[1])
}

/// Whether ranges are so alike in their units that both are well seen with units of one length. Else they are
/// likely not of one kind, and a plane of equal axes would be a strip.
#[must_use]
pub fn comparable(ranges: [Range; 2], unit: [f64; 2]) -> bool {
    let shape = shape_of(ranges, unit);
    shape.max(1.0 / shape) <= ALIKE
}

fn widened((low, high): Range, by: f64) -> Range {
    let (middle, half) = ((low + high) * 0.5, (high - low) * 0.5 * by);
    (middle - half, middle + half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_two_ranges_is_widened_until_units_are_equal() {
        assert_eq!(evened([(0.0, 1.0), (0.0, 1.0)], [1.0, 1.0], 2.0), [(-0.5, 1.5), (0.0, 1.0)]);
        assert_eq!(evened([(0.0, 1.0), (0.0, 1.0)], [1.0, 1.0], 0.5), [(0.0, 1.0), (-0.5, 1.5)]);
        // Ten of one are as long as one of the other.
        assert_eq!(evened([(0.0, 10.0), (0.0, 1.0)], [10.0, 1.0], 1.0), [(0.0, 10.0), (0.0, 1.0)]);
        let empty = [(0.0, 0.0), (0.0, 1.0)];
        assert_eq!(evened(empty, [1.0, 1.0], 1.0), empty);
        assert_eq!(roomy(empty, [1.0, 1.0], 1.0), empty);
    }

    #[test]
    fn a_wide_part_of_the_screen_is_filled_evenly_as_far_as_ranges_double() {
        let (ranges, unit) = ([(-5.0, 5.0), (-5.0, 5.0)], [1.0, 1.0]);
        assert_eq!(fillable(ranges, unit, 1.5), 1.5);
        assert_eq!(fillable(ranges, unit, 7.0), 2.0);
        assert_eq!(fillable(ranges, unit, 0.1), 0.5);
        assert_eq!(evened(ranges, unit, fillable(ranges, unit, 7.0))[0], (-10.0, 10.0));
        assert_eq!(fillable([(0.0, 0.0), (0.0, 1.0)], unit, 7.0), 7.0);
    }

    #[test]
    fn roomy_ranges_hold_the_others_and_change_by_steps() {
        let (ranges, unit) = ([(-1.0, 2.0), (0.0, 4.0)], [1.0, 2.0]);
        let holds = |wide: Range, narrow: Range| wide.0 <= narrow.0 && wide.1 >= narrow.1;
        let mut seen: Vec<[Range; 2]> = Vec::new();
        for i in 0..200 {
            let shape = 0.3 * 1.02_f64.powi(i);
            let (drawn, map) = (evened(ranges, unit, shape), roomy(ranges, unit, shape));
            assert!((shape_of(drawn, unit) / shape - 1.0).abs() < 1e-12);
            for axis in 0..2 {
                assert!(holds(drawn[axis], ranges[axis]));
                let room = (drawn[axis].1 - drawn[axis].0) * 1e-5;
                assert!(holds((map[axis].0 - room, map[axis].1 + room), drawn[axis]));
                assert!(map[axis].1 - map[axis].0 < (drawn[axis].1 - drawn[axis].0) * 1.251);
            }
            if seen.last() != Some(&map) {
                seen.push(map);
            }
        }
        assert!(seen.len() < 22, "{}", seen.len());
    }
}
