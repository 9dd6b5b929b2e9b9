//! Where numbers lie: counts in even bins over a range that the numbers themselves choose.
//!
//! The range is ±2ᵏ with the smallest k that leaves at most a hundredth of the numbers outside, so that
//! a few far ones do not flatten the rest, and the bins of two histograms lie one in the other: those of
//! ±2ᵏ are halves of those of ±2ᵏ⁺¹. Invariant: every number is counted once, also those outside and
//! those that are not finite.

/// Bins of a histogram.
pub const BINS: usize = 64;
/// At most one number in so many lies outside the range.
const OUTSIDE: usize = 100;
/// ±2ᵏ for k of this and above is no finite range.
const LARGEST: i32 = 1023;
/// Of a number's bits, those of its exponent: where they begin, how many there are, and what they say
/// of a number between one half and one.
const EXPONENT: (u32, u64, i32) = (52, 0x7ff, 1022);

/// Counts of numbers in even bins over ±2ᵏ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// k: the bins span −2ᵏ to 2ᵏ.
    pub exponent: i32,
    /// Numbers in each bin, from low to high; a bin has its lower edge, not its upper.
    pub counts: [u32; BINS],
    /// Numbers below −2ᵏ.
    pub below: u32,
    /// Numbers from 2ᵏ on.
    pub above: u32,
    /// Numbers that are infinite or undefined.
    pub not_finite: u32,
}

impl Histogram {
    /// The histogram of some numbers, which are gone through twice.
    #[must_use]
    pub fn of(numbers: impl Iterator<Item = f64> + Clone) -> Self {
        let exponent = exponent_of(numbers.clone());
        let mut histogram = Self { exponent, counts: [0; BINS], below: 0, above: 0, not_finite: 0 };
        let half = BINS as f64 / 2.0;
        let unit = 2f64.powi(-exponent);
        for x in numbers {
            // From 0 at the lower end to BINS at the upper.
            let place = (x * unit + 1.0) * half;
            if !x.is_finite() {
                histogram.not_finite += 1;
            } else if place < 0.0 {
                histogram.below += 1;
            } else if place >= BINS as f64 {
                histogram.above += 1;
            } else {
                histogram.counts[place as usize] += 1;
            }
        }
        histogram
    }

    /// All numbers counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        let inside: u64 = self.counts.iter().map(|count| u64::from(*count)).sum();
        inside + self.outside()
    }

    /// Those in no bin.
    #[must_use]
    pub fn outside(&self) -> u64 {
        u64::from(self.below) + u64::from(self.above) + u64::from(self.not_finite)
    }

    /// How wide a bin is.
    #[must_use]
    pub fn bin_width(&self) -> f64 {
        2.0 / BINS as f64 * 2f64.powi(self.exponent)
    }

    /// The lower edge of a bin; of bin [`BINS`], the end of the range.
    #[must_use]
    pub fn edge(&self, bin: usize) -> f64 {
        (bin as f64 / BINS as f64 * 2.0 - 1.0) * 2f64.powi(self.exponent)
    }

    /// From where to where there are numbers in bins; none if there are none.
    #[must_use]
    pub fn span(&self) -> Option<(f64, f64)> {
        let first = self.counts.iter().position(|count| *count > 0)?;
        let last = self.counts.iter().rposition(|count| *count > 0)?;
        Some((self.edge(first), self.edge(last + 1)))
    }
}

/// The smallest k that leaves at most a hundredth of the finite numbers outside ±2ᵏ; 0 if all are 0.
fn exponent_of(numbers: impl Iterator<Item = f64>) -> i32 {
    let (shift, mask, bias) = EXPONENT;
    // How many numbers are at least 2ᵏ⁻¹ and below 2ᵏ.
    let mut sizes = [0_usize; EXPONENT.1 as usize + 1];
    let mut all = 0;
    for x in numbers.filter(|x| x.is_finite()) {
        all += 1;
        sizes[if x == 0.0 { 0 } else { (x.to_bits() >> shift & mask) as usize }] += 1;
    }
    let mut outside = all / OUTSIDE;
    for (size, count) in sizes.iter().enumerate().skip(1).rev() {
        if *count > outside {
            return (size as i32 - bias).min(LARGEST);
        }
        outside -= count;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[f64]) -> Histogram {
        Histogram::of(numbers.iter().copied())
    }

    #[test]
    fn every_number_is_counted_where_it_lies() {
        let found = of(&[-0.9, 0.0, 0.25, 0.251, 0.999, f64::NAN, f64::INFINITY]);
        assert_eq!((found.exponent, found.not_finite, found.total()), (0, 2, 7));
        for (x, count) in [(-0.9, 1), (0.0, 1), (0.25, 2), (0.999, 1)] {
            let bin = (0..BINS).find(|bin| found.edge(*bin) <= x && x < found.edge(bin + 1));
            assert_eq!(found.counts[bin.expect("it lies in a bin")], count, "{x}");
        }
        let (low, high) = found.span().expect("there are some");
        assert!(low <= -0.9 && high >= 0.999 && low >= -1.0 && high <= 1.0);
    }

    #[test]
    fn a_few_far_numbers_do_not_choose_the_range() {
        let mut numbers: Vec<f64> = (0..999).map(|i| f64::from(i) * 1e-5).collect();
        numbers.extend([1e9; 5]);
        numbers.extend([-1e9; 4]);
        let found = of(&numbers);
        assert_eq!((found.exponent, found.below, found.above), (-6, 4, 5));
        assert_eq!(found.total(), 1008);
        assert_eq!(of(&[1e9, 1.0]).exponent, 30, "of two, none is rare");
    }

    #[test]
    fn the_ends_of_all_numbers_have_a_range() {
        for x in [f64::MAX, -f64::MAX, f64::MIN_POSITIVE, 5e-324, 0.0] {
            let found = of(&[x, x]);
            assert_eq!(found.total(), 2, "{x}");
            assert!(found.edge(BINS).is_finite());
        }
        assert_eq!(of(&[]).total(), 0);
        assert_eq!(of(&[]).span(), None);
    }
}
