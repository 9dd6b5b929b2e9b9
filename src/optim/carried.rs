//! What an optimizer can take over from the memory of another.
//!
//! Invariant: what is carried goes on as if the new rule had been there before, as far as its memory is
//! the same: `Adam`, `AdamW` and `NAdam` keep the same two means of the gradient and of its square. Everything
//! else begins afresh.

use crate::catalog::Chosen;
use crate::numeric::Real;

use super::{OptimizerState, Optimizers};

/// The rules that keep a mean of gradients and one of their squares, first and second in their memory,
/// beside the products of the betas applied.
const FAMILY: [&str; 3] = ["Adam", "AdamW", "NAdam"];

/// Whether a lane of optimizer `to` that is forked off one of `from` goes on with its memory.
#[must_use]
pub fn is_carried(from: &Chosen<Optimizers>, to: &Chosen<Optimizers>) -> bool {
    let in_family = |name: &str| FAMILY.contains(&name);
    from.name() == to.name() || (in_family(from.name()) && in_family(to.name()))
}

/// The memory that an optimizer `to` goes on with after `updates` updates of `from`; `None` where it
/// begins afresh.
pub fn carried<R: Real>(
    (from, memory): (&Chosen<Optimizers>, &OptimizerState<R>),
    to: &Chosen<Optimizers>,
    updates: u64,
) -> Option<OptimizerState<R>> {
    if from.name() == to.name() {
        return Some(memory.clone());
    }
    if !is_carried(from, to) {
        return None;
    }
    let is_nadam = |chosen: &Chosen<Optimizers>| chosen.name() == "NAdam";
    let mut next = memory.clone();
    match (is_nadam(from), is_nadam(to)) {
        // It counts updates, too; what its first mean was weighted by is what was applied.
        (false, true) => {
            next.buffers.truncate(2);
            next.numbers.push(updates as f64);
        }
        // Its first mean is weighted by beta1, its products are of smaller momenta.
        (true, false) => {
            let len = next.buffers.first().map_or(0, Vec::len);
            next.buffers.push(vec![R::ZERO; len]);
            next.numbers.truncate(2);
            next.numbers[0] = from.number("beta1").powf(updates as f64);
        }
        _ => {}
    }
    Some(next)
}
