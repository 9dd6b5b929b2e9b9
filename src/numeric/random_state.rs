//! NumPy's legacy generator, draw for draw: the Mersenne Twister of `rand_mt`, and NumPy's own
//! conversions of its words into numbers.
//!
//! Invariant: the same seed and the same calls give the same bits as `numpy.random.RandomState`, so
//! that a Python user can redraw everything this program draws. The words also come through the
//! traits of [`rand`] (`RandomState` is a [`rand::Rng`]), but the distributions of `rand` convert
//! them in another way and are not used here.
//!
//! Deliberately not here: other distributions, seeding from the machine's entropy.

use std::convert::Infallible;
use std::fmt;

use rand::rand_core::TryRng;
use rand_mt::Mt;

/// NumPy's `RandomState`.
#[derive(Clone, PartialEq, Eq)]
pub struct RandomState {
    words: Mt,
    /// The bits of the second normal of a pair, kept for the next call.
    cached_normal: Option<u64>,
}

impl RandomState {
    /// `RandomState(seed)`.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self { words: Mt::new(seed), cached_normal: None }
    }

    /// `RandomState(array)`: seeding by an array of words (`init_by_array`).
    ///
    /// # Panics
    /// If there are no words, which NumPy refuses, or more than 624, the size of the state.
    #[must_use]
    pub fn from_array(key: &[u32]) -> Self {
        assert!((1..=624).contains(&key.len()), "a key has 1 to 624 words, not {}", key.len());
        Self { words: Mt::new_with_key(key.iter().copied()), cached_normal: None }
    }

    /// The generator of a seed as an experiment file writes it: `RandomState(seed)` while it fits 32
    /// bits; beyond, where NumPy takes no plain number, `RandomState([low word, high word])`.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        match u32::try_from(seed) {
            Ok(seed) => Self::new(seed),
            Err(_too_large) => Self::from_array(&words(seed)),
        }
    }

    /// The generator of `RandomState([seed, purpose, index])`, by which a seed of the file gives many
    /// independent streams. A seed or index beyond 32 bits stands as its low and its high word.
    #[must_use]
    pub fn from_stream(seed: u64, purpose: u32, index: u64) -> Self {
        let mut key = [0; 5];
        let mut length = 0;
        let mut push = |value: u64| {
            let [low, high] = words(value);
            key[length] = low;
            length += 1;
            if high > 0 {
                key[length] = high;
                length += 1;
            }
        };
        push(seed);
        push(u64::from(purpose));
        push(index);
        Self::from_array(&key[..length])
    }

    /// The next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        self.words.next_u32()
    }

    /// A number of [0, 1) with 53 random bits: `random_sample()`.
    pub fn random_sample(&mut self) -> f64 {
        let high = f64::from(self.next_u32() >> 5);
        let low = f64::from(self.next_u32() >> 6);
        (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    }

    /// A number between `low` and `high`: `uniform(low, high)`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random_sample()
    }

    /// A normal number of mean 0 and standard deviation 1: `standard_normal()`.
    ///
    /// Marsaglia's polar method. It makes two numbers at a time; the second waits for the next call.
    pub fn standard_normal(&mut self) -> f64 {
        if let Some(bits) = self.cached_normal.take() {
            return f64::from_bits(bits);
        }
        loop {
            let x1 = 2.0 * self.random_sample() - 1.0;
            let x2 = 2.0 * self.random_sample() - 1.0;
            let r2 = x1 * x1 + x2 * x2;
            if r2 < 1.0 && r2 != 0.0 {
                let f = (-2.0 * r2.ln() / r2).sqrt();
                self.cached_normal = Some((f * x1).to_bits());
                return f * x2;
            }
        }
    }

    /// A normal number of mean `loc` and standard deviation `scale`: `normal(loc, scale)`.
    pub fn normal(&mut self, loc: f64, scale: f64) -> f64 {
        loc + scale * self.standard_normal()
    }

    /// A whole number from 0 to `max_inclusive`: `randint(0, max_inclusive + 1)`.
    ///
    /// Masked rejection: words are cut to the bits that `max_inclusive` needs, and drawn again while
    /// they are too large. A range of one number draws nothing.
    pub fn bounded(&mut self, max_inclusive: u64) -> u64 {
        if max_inclusive == 0 {
            return 0;
        }
        let mask = u64::MAX >> max_inclusive.leading_zeros();
        loop {
            let word = if max_inclusive >> 32 == 0 {
                u64::from(self.next_u32())
            } else {
                self.words.next_u64()
            };
            if word & mask <= max_inclusive {
                return word & mask;
            }
        }
    }

    /// Puts `items` into a random order: `shuffle(items)`.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        let mut left = items.len();
        if u32::try_from(left).is_err() {
            for last in (1..left).rev() {
                let other = self.bounded(last as u64) as usize;
                items.swap(last, other);
            }
            return;
        }
        left = shuffle_on(items, left, std::iter::repeat_with(|| self.next_u32()));
        debug_assert!(left < 2, "words do not end");
    }

    /// The numbers 0 to `n` − 1 in a random order: `permutation(n)`.
    #[must_use]
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.shuffle(&mut order);
        order
    }

    /// [`Self::permutation`] of `order.len()`, written in place.
    ///
    /// # Panics
    /// If there are more places than 32-bit numbers.
    pub fn fill_permutation(&mut self, order: &mut [u32]) {
        let count = u32::try_from(order.len()).expect("rows are counted in 32 bits");
        for (place, row) in order.iter_mut().zip(0..count) {
            *place = row;
        }
        self.shuffle(order);
    }
}

/// Goes on with a shuffle of which the first `left` items have no place yet, until all have one or there
/// are no more words; gives how many are left.
///
/// From the last on, each item changes places with the one that a word says; a word that says none of
/// those left is passed over. Nobody foresees which, so there is no branch.
///
/// # Panics
/// If there are not so many items.
#[inline(always)]
pub(crate) fn shuffle_on<T>(
    items: &mut [T],
    mut left: usize,
    mut words: impl Iterator<Item = u32>,
) -> usize {
    while left > 1 {
        // As long as it takes as many bits to say the last.
        let mask = usize::MAX >> (left - 1).leading_zeros();
        while left > mask / 2 + 1 {
            let Some(word) = words.next() else { return left };
            let (found, last) = (word as usize & mask, left - 1);
            let said = found <= last;
            items.swap(last, if said { found } else { last });
            left -= usize::from(said);
        }
    }
    left
}

/// The low and the high word of a number.
fn words(value: u64) -> [u32; 2] {
    [value as u32, (value >> 32) as u32]
}

impl fmt::Debug for RandomState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RandomState").finish_non_exhaustive()
    }
}

impl TryRng for RandomState {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.words.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.words.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.words.fill_bytes(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_beyond_32_bits_is_an_array_of_its_words() {
        let seed = 7 + (3 << 32);
        assert_eq!(RandomState::from_seed(seed), RandomState::from_array(&[7, 3]));
        assert_eq!(RandomState::from_seed(7), RandomState::new(7));
        assert_eq!(
            RandomState::from_stream(seed, 1, 5),
            RandomState::from_array(&[7, 3, 1, 5]),
            "the stream's key holds both words of the seed"
        );
    }

    #[test]
    fn a_permutation_is_the_same_in_place() {
        for n in [0, 1, 2, 33, 1000] {
            let order = RandomState::new(5).permutation(n);
            let mut rows = vec![9; n];
            RandomState::new(5).fill_permutation(&mut rows);
            assert!(rows.iter().map(|r| *r as usize).eq(order));
        }
    }

    #[test]
    fn it_serves_as_a_generator_of_rand() {
        let mut state = RandomState::new(0);
        let mut bytes = [0; 4];
        rand::Rng::fill_bytes(&mut state, &mut bytes);
        assert_eq!(u32::from_le_bytes(bytes), 2_357_136_044);
    }
}
