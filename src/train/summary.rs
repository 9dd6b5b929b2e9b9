//! What stands for a few samples: made where they are measured, joined where they are drawn.
//!
//! Invariant: parts are exact, the sum up to its rounding; the same samples give the same bits.

/// Samples of a segment that are summarised together.
pub const SUMMARISED: usize = 64;

/// The range and the sum of some samples. Where the sum is not finite, some sample may not be finite
/// either, and the range means nothing: then only the samples themselves tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// The least sample.
    pub least: f64,
    /// The greatest sample.
    pub greatest: f64,
    /// Their sum.
    pub sum: f64,
}

impl Summary {
    /// Of `samples`, eight at a time.
    #[must_use]
    pub fn of(samples: &[f64]) -> Self {
        const LANES: usize = 8;
        let (mut min, mut max) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
        let mut sum = [0.0; LANES];
        let (parts, rest) = samples.as_chunks::<LANES>();
        for part in parts {
            for i in 0..LANES {
                min[i] = if part[i] < min[i] { part[i] } else { min[i] };
                max[i] = if part[i] > max[i] { part[i] } else { max[i] };
                sum[i] += part[i];
            }
        }
        let sum = sum.iter().sum::<f64>() + rest.iter().sum::<f64>();
        let ends = |all: [f64; LANES], pick: fn(f64, f64) -> f64| {
            all.into_iter().chain(rest.iter().copied()).reduce(pick).unwrap_or_default()
        };
        Self { least: ends(min, f64::min), greatest: ends(max, f64::max), sum }
    }
}
