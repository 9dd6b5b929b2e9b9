//! What one core of this machine can do at all: multiply-adds a second, bytes from memory a second.
//!
//! Measured in the same run as the workloads, because other programs share the machine.

use std::fmt;
use std::hint::black_box;

use crate::clock::rate;

/// The limits of one core.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Floating-point operations a second in f32; half of that in f64.
    pub(crate) flops: f64,
    /// Bytes a second read from memory.
    pub(crate) bytes: f64,
}

impl Limits {
    pub(crate) fn measured() -> Self {
        let best = |mut once: Box<dyn FnMut() -> f64>| (0..3).map(|_| once()).fold(0.0, f64::max);
        let numbers = vec![1.0_f32; 32 << 20];
        Self {
            flops: best(Box::new(|| rate(0.15, multiply_adds))),
            bytes: best(Box::new(move || rate(0.2, || read(&numbers)))),
        }
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (flops, bytes) = (self.flops / 1e9, self.bytes / 1e9);
        write!(f, "one core: {flops:.0} GFLOP/s in f32, {bytes:.1} GB/s read from memory")
    }
}

/// A moment of multiply-adds on registers; how many floating-point operations that was.
fn multiply_adds() -> u64 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512f") {
        #[expect(unsafe_code, reason = "the limit is that of the vector units")]
        // SAFETY: the processor has just been asked for the feature.
        return unsafe { multiply_adds_avx512() };
    }
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        #[expect(unsafe_code, reason = "the limit is that of the vector units")]
        // SAFETY: the processor has just been asked for both features.
        return unsafe { multiply_adds_avx2() };
    }
    multiply_adds_of::<4>(|x, y, z| x * y + z)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,fma")]
fn multiply_adds_avx512() -> u64 {
    use std::arch::x86_64::{_mm512_fmadd_ps, _mm512_reduce_add_ps, _mm512_set1_ps};
    const CHAINS: usize = 12;
    const ROUNDS: usize = 20_000;
    let (x, y) = (_mm512_set1_ps(black_box(0.999)), _mm512_set1_ps(black_box(0.001)));
    let mut sums = [_mm512_set1_ps(black_box(0.5)); CHAINS];
    for _ in 0..ROUNDS {
        for sum in &mut sums {
            *sum = _mm512_fmadd_ps(*sum, x, y);
        }
    }
    black_box(sums.map(|sum| _mm512_reduce_add_ps(sum)));
    (2 * 16 * CHAINS * ROUNDS) as u64
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn multiply_adds_avx2() -> u64 {
    multiply_adds_of::<8>(f32::mul_add)
}

#[inline(always)]
fn multiply_adds_of<const LANES: usize>(fused: impl Fn(f32, f32, f32) -> f32) -> u64 {
    const CHAINS: usize = 12;
    const ROUNDS: usize = 20_000;
    let (x, y) = (black_box([0.999_f32; LANES]), black_box([0.001_f32; LANES]));
    let mut sums = black_box([[0.5_f32; LANES]; CHAINS]);
    for _ in 0..ROUNDS {
        for sums in &mut sums {
            for lane in 0..LANES {
                sums[lane] = fused(sums[lane], x[lane], y[lane]);
            }
        }
    }
    black_box(sums);
    (2 * LANES * CHAINS * ROUNDS) as u64
}

/// Reads all of it; how many bytes that was.
fn read(numbers: &[f32]) -> u64 {
    let mut sums = [0_u32; 32];
    for block in numbers.chunks_exact(32) {
        for (sum, x) in sums.iter_mut().zip(block) {
            *sum ^= x.to_bits();
        }
    }
    black_box(sums);
    size_of_val(numbers) as u64
}
