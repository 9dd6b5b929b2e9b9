//! Counter-based random numbers: Philox 4×32-10.
//!
//! Invariant: a number is a pure function of (seed, purpose, step), so noise needs no state in
//! checkpoints, and replay from any step draws the same. Source: Salmon, Moraes, Dror, Shaw,
//! "Parallel random numbers: as easy as 1, 2, 3" (2011), and its library Random123, whose
//! known-answer vectors are the test below. Deliberately not here: NumPy's generator, which draws
//! data, starts and row orders.

/// What a number is drawn for; numbers of different purposes are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noise {
    /// Noise on a gradient.
    Gradient,
    /// A guess of a random search.
    Guess,
    /// Which units a dropout layer silences.
    Dropout,
    /// Where the search for the largest curvature starts.
    Curvature,
    /// A direction along which the loss is looked at.
    Direction,
}

impl Noise {
    fn word(self) -> u32 {
        match self {
            Self::Gradient => 1,
            Self::Guess => 2,
            Self::Dropout => 3,
            Self::Curvature => 4,
            Self::Direction => 5,
        }
    }

    /// Two independent numbers from the standard normal distribution, for one step of one run: the
    /// pair called `index` of that step.
    ///
    /// Box and Muller's transform of two uniform numbers of 53 bits.
    pub fn normal_pair(self, seed: u64, step: u64, index: u32) -> [f64; 2] {
        let [a, b, c, d] = self.words(seed, step, index);
        // Above zero, so that the logarithm is finite.
        let u = (bits53(a, b) + 1.0) / TWO_53;
        let angle = std::f64::consts::TAU * (bits53(c, d) / TWO_53);
        let radius = (-2.0 * u.ln()).sqrt();
        [radius * angle.cos(), radius * angle.sin()]
    }

    /// Four words of random bits, for one step of one run: the four called `index` of that step.
    pub fn words(self, seed: u64, step: u64, index: u32) -> [u32; 4] {
        let counter = [step as u32, (step >> 32) as u32, self.word(), index];
        philox4x32(counter, [seed as u32, (seed >> 32) as u32])
    }
}

const TWO_53: f64 = 9_007_199_254_740_992.0;

/// A whole number below 2⁵³, from 27 bits of one word and 26 of another, as NumPy joins them.
fn bits53(a: u32, b: u32) -> f64 {
    f64::from(a >> 5) * 67_108_864.0 + f64::from(b >> 6)
}

/// Ten rounds of Philox 4×32: four words from a counter of four words and a key of two.
pub fn philox4x32(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
    const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
    let ([mut x0, mut x1, mut x2, mut x3], [mut k0, mut k1]) = (counter, key);
    for _ in 0..10 {
        let first = MULTIPLIERS[0] * u64::from(x0);
        let second = MULTIPLIERS[1] * u64::from(x2);
        [x0, x1, x2, x3] = [
            (second >> 32) as u32 ^ x1 ^ k0,
            second as u32,
            (first >> 32) as u32 ^ x3 ^ k1,
            first as u32,
        ];
        k0 = k0.wrapping_add(WEYL[0]);
        k1 = k1.wrapping_add(WEYL[1]);
    }
    [x0, x1, x2, x3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_answers_of_random123_come_out() {
        let cases = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, expected) in cases {
            assert_eq!(philox4x32(counter, key), expected);
        }
    }

    #[test]
    fn normal_pairs_have_mean_zero_and_variance_one_and_depend_on_seed_and_step() {
        let draws: Vec<f64> =
            (0..20_000).flat_map(|step| Noise::Gradient.normal_pair(7, step, 0)).collect();
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        assert!(mean.abs() < 0.02, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.03, "variance {variance}");
        let draw = |seed, step| Noise::Gradient.normal_pair(seed, step, 0);
        assert_eq!(draw(1, 5), draw(1, 5));
        assert_ne!(draw(1, 5), draw(2, 5));
        assert_ne!(draw(1, 5), draw(1 << 32 | 1, 5));
        assert_ne!(draw(1, 5), draw(1, 6));
        assert_ne!(draw(1, 5), draw(1, 1 << 32 | 5));
        assert_ne!(draw(1, 5), Noise::Gradient.normal_pair(1, 5, 1));
        assert_ne!(draw(1, 5), Noise::Guess.normal_pair(1, 5, 0));
    }
}
