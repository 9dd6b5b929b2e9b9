//! Sums in a fixed order.
//!
//! Invariant: the order depends only on the number of terms: eight lanes side by side inside chunks
//! of [`CHUNK`] terms, chunk sums in ascending order. So a sum is the same for any thread count, and
//! its rounding error grows with the number of chunks, not of terms.

use super::Real;

/// Terms in a chunk; every chunk is summed by itself.
const CHUNK: usize = 256;
const LANES: usize = 8;

/// Σ x.
#[inline(always)]
pub fn sum<R: Real>(x: &[R]) -> R {
    sum_by(x, |x| x)
}

/// Σ x².
#[inline(always)]
pub fn sum_of_squares<R: Real>(x: &[R]) -> R {
    sum_by(x, |x| x * x)
}

/// √Σ x², the Euclidean norm.
pub fn euclidean_norm<R: Real>(x: &[R]) -> R {
    sum_of_squares(x).sqrt()
}

/// Σ x·y over the terms both have.
pub fn dot<R: Real>(x: &[R], y: &[R]) -> R {
    let mut total = R::ZERO;
    for (x, y) in x.chunks(CHUNK).zip(y.chunks(CHUNK)) {
        let mut lanes = [R::ZERO; LANES];
        for (x, y) in x.chunks(LANES).zip(y.chunks(LANES)) {
            for (lane, (x, y)) in lanes.iter_mut().zip(x.iter().zip(y)) {
                *lane += *x * *y;
            }
        }
        total += add_up(lanes);
    }
    total
}

#[inline(always)]
fn sum_by<R: Real>(x: &[R], term: impl Fn(R) -> R) -> R {
    let mut total = R::ZERO;
    for chunk in x.chunks(CHUNK) {
        let mut lanes = [R::ZERO; LANES];
        let mut eights = chunk.chunks_exact(LANES);
        for eight in &mut eights {
            for (lane, x) in lanes.iter_mut().zip(eight) {
                *lane += term(*x);
            }
        }
        for (lane, x) in lanes.iter_mut().zip(eights.remainder()) {
            *lane += term(*x);
        }
        total += add_up(lanes);
    }
    total
}

#[inline(always)]
fn add_up<R: Real>(lanes: [R; LANES]) -> R {
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_summed_exactly_at_every_length() {
        for count in [0usize, 1, 7, 8, 9, 255, 256, 257, 1000] {
            let x: Vec<f64> = (1..=count).map(|i| i as f64).collect();
            let n = count as f64;
            assert_eq!(sum(&x), n * (n + 1.0) / 2.0, "{count} terms");
            assert_eq!(sum_of_squares(&x), n * (n + 1.0) * (2.0 * n + 1.0) / 6.0);
            assert_eq!(dot(&x, &x), sum_of_squares(&x));
        }
        assert_eq!(euclidean_norm(&[3.0, 4.0]), 5.0);
    }

    #[test]
    fn many_equal_terms_in_single_precision_keep_their_sum() {
        let x = vec![0.1_f32; 1_000_000];
        // Added one by one they come out near 100_958.
        assert!((sum(&x) - 100_000.0).abs() < 10.0, "{}", sum(&x));
    }

    #[test]
    fn what_is_not_finite_stays_visible() {
        assert!(sum(&[1.0, f64::NAN, 2.0]).is_nan());
        assert_eq!(sum(&[1.0, f64::INFINITY]), f64::INFINITY);
    }
}
