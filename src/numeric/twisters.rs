//! Mersenne Twisters side by side: the words of eight streams at once.
//!
//! Seeding a twister is one long chain in which every word waits for the one before it, and costs more
//! than a few hundred numbers drawn from it; eight chains side by side cost hardly more than one.
//! Invariant: the words are those of [`RandomState::from_stream`](super::RandomState::from_stream), tested
//! against it. Deliberately not here: what is made of the words.

use super::{Arithmetic, Runner, Work};

/// Streams side by side.
pub const TWISTERS: usize = 8;

/// Words of a twister's state, and of a block.
const WORDS: usize = 624;
/// How far the other word lies of which a new one is made.
const AHEAD: usize = 397;

type Lanes = [u32; TWISTERS];

/// A state as the reference seeds it before it mixes in a key: `init_genrand(19650218)`.
static FRESH: [u32; WORDS] = {
    let mut words = [19_650_218_u32; WORDS];
    let mut i = 1;
    while i < WORDS {
        let before = words[i - 1];
        words[i] = 1_812_433_253_u32.wrapping_mul(before ^ (before >> 30)).wrapping_add(i as u32);
        i += 1;
    }
    words
};

/// Eight streams of random words, drawn in blocks.
#[derive(Debug, Clone)]
pub struct Twisters {
    states: Box<[Lanes; WORDS]>,
    block: Box<[Lanes; WORDS]>,
    runner: Runner,
}

impl Twisters {
    /// Space for eight streams, not seeded yet.
    #[must_use]
    pub fn new() -> Self {
        let zeros = || {
            let words = vec![[0; TWISTERS]; WORDS];
            Box::try_from(words).expect("there are as many words as a state has")
        };
        Self { states: zeros(), block: zeros(), runner: Runner::active() }
    }

    /// Starts the streams of [`RandomState::from_stream`](super::RandomState::from_stream) for the indices
    /// from `first` on.
    ///
    /// # Panics
    /// If `first` is no multiple of eight.
    pub fn seed(&mut self, seed: u64, purpose: u32, first: u64) {
        assert!(first.is_multiple_of(TWISTERS as u64), "streams are seeded in whole groups");
        // The words that are the same for all; only the low word of the index differs.
        let mut key = [0; 5];
        let mut length = 0;
        let mut push = |value: u64| {
            for (at, word) in [value as u32, (value >> 32) as u32].into_iter().enumerate() {
                if at == 0 || word > 0 {
                    key[length] = word;
                    length += 1;
                }
            }
            length
        };
        push(seed);
        let index = push(u64::from(purpose));
        let length = push(first);
        let mut keys = [[0; TWISTERS]; 5];
        for (at, (keys, word)) in keys.iter_mut().zip(key).enumerate() {
            for (lane, key) in keys.iter_mut().enumerate() {
                // The place of a word in the key is added with it.
                *key = word + if at == index { lane as u32 } else { 0 };
                *key = key.wrapping_add(at as u32);
            }
        }
        self.runner.run(Seed { states: &mut self.states, keys: &keys[..length] });
    }

    /// The next 624 words of each stream: word i of stream j is number j of row i.
    pub fn block(&mut self) -> &[Lanes] {
        self.runner.run(Twist { states: &mut self.states, block: &mut self.block });
        &self.block[..]
    }
}

impl Default for Twisters {
    fn default() -> Self {
        Self::new()
    }
}

struct Seed<'a> {
    states: &'a mut [Lanes; WORDS],
    keys: &'a [Lanes],
}

impl Work for Seed<'_> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let Self { states, keys } = self;
        let mut last = [FRESH[0]; TWISTERS];
        let mut key = 0;
        for i in 1..WORDS {
            for (lane, last) in last.iter_mut().enumerate() {
                *last = mixed(FRESH[i], *last, 1_664_525).wrapping_add(keys[key][lane]);
            }
            states[i] = last;
            key = if key + 1 == keys.len() { 0 } else { key + 1 };
        }
        for (lane, last) in last.iter_mut().enumerate() {
            *last = mixed(states[1][lane], *last, 1_664_525).wrapping_add(keys[key][lane]);
        }
        states[1] = last;
        for i in (2..WORDS).chain([1]) {
            for (lane, last) in last.iter_mut().enumerate() {
                *last = mixed(states[i][lane], *last, 1_566_083_941).wrapping_sub(i as u32);
            }
            states[i] = last;
        }
        states[0] = [1 << 31; TWISTERS];
    }
}

/// A word of the state, mixed with the word before it.
#[inline(always)]
fn mixed(word: u32, before: u32, factor: u32) -> u32 {
    word ^ (before ^ (before >> 30)).wrapping_mul(factor)
}

struct Twist<'a> {
    states: &'a mut [Lanes; WORDS],
    block: &'a mut [Lanes; WORDS],
}

impl Work for Twist<'_> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let Self { states, block } = self;
        for i in 0..WORDS {
            let next = states[if i + 1 == WORDS { 0 } else { i + 1 }];
            let ahead = states[if i < WORDS - AHEAD { i + AHEAD } else { i + AHEAD - WORDS }];
            for lane in 0..TWISTERS {
                let joined = (states[i][lane] & (1 << 31)) | (next[lane] & !(1 << 31));
                let odd = (joined & 1).wrapping_neg() & 0x9908_b0df;
                let word = ahead[lane] ^ (joined >> 1) ^ odd;
                states[i][lane] = word;
                block[i][lane] = tempered(word);
            }
        }
    }
}

/// A word as it is given out.
#[inline(always)]
fn tempered(word: u32) -> u32 {
    let word = word ^ (word >> 11);
    let word = word ^ ((word << 7) & 0x9d2c_5680);
    let word = word ^ ((word << 15) & 0xefc6_0000);
    word ^ (word >> 18)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::{KernelPath, RandomState};

    #[test]
    fn the_words_are_those_of_single_streams() {
        for path in KernelPath::available() {
            let mut twisters = path.within(Twisters::new);
            for (seed, first) in [(0, 0), (1, 8), (7 + (3 << 32), 16), (1, (5 << 32) + 8)] {
                twisters.seed(seed, 1, first);
                let stream = |lane| RandomState::from_stream(seed, 1, first + lane);
                let mut single: Vec<_> = (0..TWISTERS as u64).map(stream).collect();
                for _ in 0..3 {
                    for words in twisters.block() {
                        for (word, single) in words.iter().zip(&mut single) {
                            assert_eq!(*word, single.next_u32(), "{path}, seed {seed}");
                        }
                    }
                }
            }
        }
    }
}
