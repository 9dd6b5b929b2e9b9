//! Numbers that begin where a cache line does, so that no vector of them lies on two lines.
//!
//! Invariant: where numbers lie changes no result, only how fast it comes.

use std::ops::{Deref, DerefMut};

use super::Real;

/// Bytes of a cache line.
const LINE: usize = 64;

/// A slice of numbers that begins where a cache line does.
#[derive(Debug)]
pub struct Aligned<R> {
    /// The numbers, between some that nobody reads.
    space: Vec<R>,
    first: usize,
    len: usize,
}

impl<R: Real> Aligned<R> {
    /// So many zeros.
    #[must_use]
    pub fn zeros(len: usize) -> Self {
        let space = vec![R::ZERO; len + LINE / size_of::<R>()];
        Self { first: first_of(&space, len), space, len }
    }

    /// A copy of these numbers.
    #[must_use]
    pub fn of(numbers: &[R]) -> Self {
        let mut own = Self::zeros(numbers.len());
        own.copy_from_slice(numbers);
        own
    }
}

/// Where in a space so many numbers begin.
fn first_of<R>(space: &[R], len: usize) -> usize {
    // How far the next line is may not be known; then any place will do.
    space.as_ptr().align_offset(LINE).min(space.len() - len)
}

impl<R: Clone> Clone for Aligned<R> {
    fn clone(&self) -> Self {
        let mut space = self.space.clone();
        let first = first_of(&space, self.len);
        space[first..first + self.len].clone_from_slice(self);
        Self { space, first, len: self.len }
    }
}

impl<R> Deref for Aligned<R> {
    type Target = [R];

    #[inline(always)]
    fn deref(&self) -> &[R] {
        &self.space[self.first..self.first + self.len]
    }
}

impl<R> DerefMut for Aligned<R> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [R] {
        &mut self.space[self.first..self.first + self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_their_copies_begin_where_a_line_does() {
        for len in [0, 1, 7, 1000] {
            let numbers: Vec<f64> = (0..len).map(f64::from).collect();
            let aligned = Aligned::of(&numbers);
            assert_eq!(*aligned, *numbers);
            let copies = [aligned.clone(), aligned.clone(), aligned];
            for copy in &copies {
                assert_eq!(**copy, *numbers);
                assert_eq!(copy.as_ptr() as usize % LINE, 0);
            }
        }
    }
}
