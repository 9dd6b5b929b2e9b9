//! Whether numbers are finite.

use super::{Arithmetic, Real, Runner, Team, Work};

/// Numbers that a look at is worth sharing.
const WORTH: usize = 1 << 16;

/// Numbers that are looked at side by side, without a branch.
const LANES: usize = 32;

/// Whether every number is finite, by several if there are very many.
#[inline]
pub fn all_finite<R: Real>(runner: Runner, team: &Team, numbers: &[R]) -> bool {
    if numbers.len() < LANES {
        return numbers.iter().all(|number| number.is_finite());
    }
    if numbers.len() < WORTH || team.parts() < 2 {
        return runner.run(Finite(numbers));
    }
    team.all(numbers.chunks(numbers.len().div_ceil(team.parts())), |part| runner.run(Finite(part)))
}

struct Finite<'a, R>(&'a [R]);

impl<R: Real> Work for Finite<'_, R> {
    type Output = bool;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> bool {
        // Zero times what is finite is zero, and NaN otherwise, which stays.
        let mut lanes = [R::ZERO; LANES];
        let mut blocks = self.0.chunks_exact(LANES);
        let rest = blocks.remainder().iter().all(|x| x.is_finite());
        for block in &mut blocks {
            for (lane, x) in lanes.iter_mut().zip(block) {
                *lane += *x * R::ZERO;
            }
        }
        rest & lanes.iter().all(|lane| *lane == R::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::KernelPath;

    #[test]
    fn one_number_that_is_not_finite_is_seen_wherever_it_stands() {
        for path in KernelPath::available() {
            let (runner, team) = (Runner::of(path), Team::alone());
            for len in [1, 31, 32, 33, 64, 100] {
                let mut numbers = vec![f32::MAX; len];
                assert!(all_finite(runner, &team, &numbers), "{len} on {path}");
                for at in 0..len {
                    for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                        numbers[at] = odd;
                        assert!(!all_finite(runner, &team, &numbers), "{at} of {len} on {path}");
                    }
                    numbers[at] = f32::MAX;
                }
            }
        }
    }
}
