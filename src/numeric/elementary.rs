//! eˣ, eˣ − 1, ln(1 + x) and tanh without a branch, so that loops over them run on vectors.
//!
//! Each is a chain of fused multiply-adds, comparisons and shifts: the compiler makes vector code of a
//! loop where the processor has them, and calls to a slow function where not, so only kernels for such
//! processors use it ([`super::Fast`]). Error below two and a half units in the last place (of eˣ and eˣ − 1
//! below one), special values as in the standard library: tested against it. The reduction of eˣ and the
//! polynomials of the logarithm are those of FreeBSD's msun; those of eˣ interpolate (eʳ − 1 − r)/r² at
//! the Chebyshev nodes of |r| ≤ ln 2 / 2.

#![expect(clippy::excessive_precision, reason = "as the source prints them")]

/// c[0] + x·(c[1] + x·(…)).
macro_rules! horner {
    ($x:expr, $last:expr) => { $last };
    ($x:expr, $first:expr, $($more:expr),+) => { $x.mul_add(horner!($x, $($more),+), $first) };
}

/// The same in steps of four terms, which wait less for each other.
macro_rules! fours {
    ($x:expr, $x2:expr, $x4:expr, $a:expr, $b:expr, $c:expr, $d:expr $(, $more:expr)+) => {
        $x4.mul_add(
            fours!($x, $x2, $x4 $(, $more)+),
            fours!($x, $x2, $x4, $a, $b, $c, $d),
        )
    };
    ($x:expr, $x2:expr, $x4:expr, $a:expr, $b:expr, $c:expr, $d:expr) => {
        $x2.mul_add($x.mul_add($d, $c), $x.mul_add($b, $a))
    };
    ($x:expr, $x2:expr, $x4:expr, $a:expr, $b:expr, $c:expr) => {
        $x2.mul_add($c, $x.mul_add($b, $a))
    };
    ($x:expr, $x2:expr, $x4:expr, $a:expr, $b:expr) => { $x.mul_add($b, $a) };
}

macro_rules! elementary {
    (
        $module:ident, $float:ident, $bits:ident, round: $round:literal, mantissa: $mantissa:literal,
        bias: $bias:literal, exp_range: $exp_low:literal, $exp_high:literal, exp_normal: $exp_normal:literal,
        exp_m1_low: $exp_m1_low:literal, tanh_one: $tanh_one:literal,
        ln2: $ln2_high:literal, $ln2_low:literal, exp: [$($exp:literal),+],
        log_even: [$($log_even:literal),+], log_odd: [$($log_odd:literal),+], half_root: $half_root:literal,
        wrap: $wrap:literal,
    ) => {
        pub(super) mod $module {
            /// Added and taken away again, it rounds to a whole number.
            const ROUND: $float = $round;
            const LOG2_E: $float = std::$float::consts::LOG2_E;

            /// 2ⁿ, for a whole number n of a normal number's exponents.
            #[inline(always)]
            fn power_of_two(n: $float) -> $float {
                let whole = (n + ROUND).to_bits();
                $float::from_bits((whole << $mantissa).wrapping_add($bias << $mantissa))
            }

            /// The whole number n nearest to x / ln 2, and eʳ − 1 for r = x − n·ln 2.
            #[inline(always)]
            fn reduced(x: $float) -> ($float, $float) {
                let n = x.mul_add(LOG2_E, ROUND) - ROUND;
                let r = n.mul_add(-$ln2_low, n.mul_add(-$ln2_high, x));
                let square = r * r;
                let fourth = square * square;
                let bend = fours!(r, square, fourth, $($exp),+);
                (n, square.mul_add(bend, r))
            }

            #[inline(always)]
            pub(in crate::numeric) fn exp(x: $float) -> $float {
                let bounded = if x > $exp_high { $exp_high } else { x };
                let bounded = if bounded < $exp_low { $exp_low } else { bounded };
                let (n, rest) = reduced(bounded);
                // In two steps, because 2ⁿ alone may be no normal number.
                let half = (n * 0.5 + ROUND) - ROUND;
                (1.0 + rest) * power_of_two(half) * power_of_two(n - half)
            }

            /// eˣ for x ≤ 0, with 0 for what is no normal number.
            #[inline(always)]
            pub(in crate::numeric) fn exp_falling(x: $float) -> $float {
                let bounded = if x < $exp_normal { $exp_normal } else { x };
                let (n, rest) = reduced(bounded);
                let power = power_of_two(n);
                let value = power.mul_add(rest, power);
                if x < $exp_normal { 0.0 } else { value }
            }

            #[inline(always)]
            pub(in crate::numeric) fn exp_m1(x: $float) -> $float {
                let bounded = if x > $exp_high { $exp_high } else { x };
                let bounded = if bounded < $exp_m1_low { $exp_m1_low } else { bounded };
                let (n, rest) = reduced(bounded);
                // 2ⁿ⁻¹, so that the greatest n are within reach.
                let half = power_of_two(n - 1.0);
                let value = 2.0 * half.mul_add(rest, half - 0.5);
                // Keeps −0.
                if x == 0.0 { x } else { value }
            }

            #[inline(always)]
            pub(in crate::numeric) fn ln_1p(x: $float) -> $float {
                let whole = 1.0 + x;
                // What rounding took from 1 + x.
                let lost = if x < 1.0 { x - (whole - 1.0) } else { 1.0 - (whole - x) };
                // whole = 2ᵏ·(1 + f), with 1 + f between √½ and √2.
                let shifted = whole.to_bits().wrapping_sub($half_root);
                // The exponent without a conversion: laid into the mantissa of 1.5·2ᵐ.
                let k = $float::from_bits((shifted >> $mantissa) | ROUND.to_bits());
                // A negative exponent came out as many higher as the shift leaves numbers.
                let wrap = if whole < $float::from_bits($half_root) { $wrap } else { 0.0 };
                let k = (k - ROUND) - wrap;
                let mantissa = shifted & ((1 << $mantissa) - 1);
                let f = $float::from_bits(mantissa.wrapping_add($half_root)) - 1.0;
                let s = f / (2.0 + f);
                let z = s * s;
                let w = z * z;
                let odd = z * (horner!(w, $($log_odd),+));
                let even = w * (horner!(w, $($log_even),+));
                let square = 0.5 * f * f;
                let low = k.mul_add($ln2_low, lost / whole);
                let tail = s.mul_add(square + (odd + even), low);
                let value = k.mul_add($ln2_high, f - (square - tail));
                let value = if whole == 1.0 { x } else { value };
                let value = if x < $float::INFINITY { value } else { x };
                let value = if x == -1.0 { $float::NEG_INFINITY } else { value };
                if x < -1.0 { $float::NAN } else { value }
            }

            #[inline(always)]
            pub(in crate::numeric) fn tanh(x: $float) -> $float {
                let twice = x.abs() + x.abs();
                // From there on it rounds to 1.
                let bounded = if twice > $tanh_one { $tanh_one } else { twice };
                let (n, rest) = reduced(bounded);
                let power = power_of_two(n);
                // e²ˣ − 1.
                let t = power.mul_add(rest, power - 1.0);
                (t / (t + 2.0)).copysign(x)
            }
        }
    };
}

elementary! {
    double, f64, u64, round: 6_755_399_441_055_744.0, mantissa: 52, bias: 1023,
    exp_range: -746.0, 710.0, exp_normal: -708.0, exp_m1_low: -40.0, tanh_one: 44.0,
    ln2: 6.931_471_803_691_238_164_90e-1, 1.908_214_929_270_587_700_02e-10,
    exp: [
        0.5, 0.166_666_666_666_666_709_91, 0.041_666_666_666_666_669_755,
        0.008_333_333_333_326_135_125_8, 0.001_388_888_888_888_374_830_5,
        0.000_198_412_698_748_206_252_71, 0.000_024_801_587_325_547_741_216,
        2.755_725_540_020_642_443e-6, 2.755_727_364_311_029_532_8e-7,
        2.510_521_700_472_074_516_4e-8, 2.091_468_696_808_687_723_3e-9
    ],
    log_even: [3.999_999_999_940_941_908e-1, 2.222_219_843_214_978_396e-1, 1.531_383_769_920_937_332e-1],
    log_odd: [
        6.666_666_666_666_735_130e-1, 2.857_142_874_366_239_149e-1, 1.818_357_216_161_805_012e-1,
        1.479_819_860_511_658_591e-1
    ],
    half_root: 0x3fe6_a09e_667f_3bcd, wrap: 4096.0,
}

elementary! {
    single, f32, u32, round: 12_582_912.0, mantissa: 23, bias: 127,
    exp_range: -104.0, 89.0, exp_normal: -87.0, exp_m1_low: -20.0, tanh_one: 20.0,
    ln2: 6.931_381_225_6e-1, 9.058_000_614_5e-6,
    exp: [
        0.500_000_001_346_580_920_01, 0.166_666_666_816_232_314_02, 0.041_666_464_925_285_905_408,
        0.008_333_310_925_480_900_834_7, 0.001_393_364_999_630_925_043, 0.000_198_909_908_246_736_538_48
    ],
    log_even: [0.400_009_721_52, 0.242_790_788_41],
    log_odd: [0.666_666_626_93, 0.284_987_866_88],
    half_root: 0x3f35_04f3, wrap: 512.0,
}

#[cfg(test)]
mod tests {
    use super::{double, single};

    /// The error allowed, in units in the last place. What double precision is compared with may be off
    /// by half a unit and more itself.
    const LARGEST: f64 = 2.5;

    /// A function of ours and that of the standard library.
    type Pair<R> = (fn(R) -> R, fn(R) -> R);

    /// How many units in the last place `found` lies from `exact`.
    fn ulps64(found: f64, exact: f64) -> f64 {
        if found == exact || (found.is_nan() && exact.is_nan()) {
            return 0.0;
        }
        let unit = (exact.abs().to_bits() + 1).min(f64::MAX.to_bits());
        (found - exact).abs() / (f64::from_bits(unit) - exact.abs()).max(f64::from_bits(1))
    }

    /// The same against an exact value of twice the precision.
    fn ulps32(found: f32, exact: f64) -> f64 {
        let near = exact as f32;
        if found == near || (found.is_nan() && exact.is_nan()) {
            return 0.0;
        }
        let unit = f32::from_bits(near.abs().to_bits() + 1) - near.abs();
        (f64::from(found) - exact).abs() / f64::from(unit.max(f32::from_bits(1)))
    }

    /// Numbers of every size and sign, dense where the functions bend.
    fn arguments() -> Vec<f64> {
        let mut all =
            vec![0.0, -0.0, 1.0, -1.0, f64::MIN_POSITIVE, 5e-324, -5e-324, 709.78, 710.0, -745.0];
        for i in 0..40_000 {
            let t = f64::from(i) * 0.618_033_988_749;
            let (near, far) = (t.sin(), (t * 0.77).cos());
            all.extend([near, 4.0 * far, 40.0 * near, 745.0 * far, near * 1e-9, far * 1e-300]);
        }
        all
    }

    #[test]
    fn they_are_near_the_standard_library_s_in_double_precision() {
        type Named = (&'static str, fn(f64) -> f64, fn(f64) -> f64);
        let pairs: [Named; 4] = [
            ("exp", double::exp, f64::exp),
            ("exp_m1", double::exp_m1, f64::exp_m1),
            ("ln_1p", double::ln_1p, f64::ln_1p),
            ("tanh", double::tanh, f64::tanh),
        ];
        for (name, fast, exact) in pairs {
            let worst = arguments().into_iter().map(|x| (ulps64(fast(x), exact(x)), x));
            let (error, at) = worst.fold((0.0, 0.0), |a, b| if b.0 > a.0 { b } else { a });
            assert!(error <= LARGEST + 0.5, "{name}({at:e}) is {error} units off");
        }
    }

    #[test]
    fn they_are_near_the_exact_value_in_single_precision() {
        type Named = (&'static str, fn(f32) -> f32, fn(f64) -> f64);
        let pairs: [Named; 4] = [
            ("exp", single::exp, f64::exp),
            ("exp_m1", single::exp_m1, f64::exp_m1),
            ("ln_1p", single::ln_1p, f64::ln_1p),
            ("tanh", single::tanh, f64::tanh),
        ];
        for (name, fast, exact) in pairs {
            let worst = arguments().into_iter().map(|x| {
                let x = x as f32;
                (ulps32(fast(x), exact(f64::from(x))), x)
            });
            let (error, at) = worst.fold((0.0, 0.0), |a, b| if b.0 > a.0 { b } else { a });
            assert!(error <= LARGEST, "{name}({at:e}) is {error} units off");
        }
    }

    #[test]
    fn falling_powers_are_as_near_and_nothing_where_no_normal_number_is() {
        for x in arguments().into_iter().map(|x| -x.abs()) {
            let (found, exact) = (double::exp_falling(x), x.exp());
            let tiny = x < -708.0 && found == 0.0 && exact < 1e-307;
            assert!(tiny || ulps64(found, exact) <= LARGEST, "e^{x:e}: {found:e} ≠ {exact:e}");
            let x = x as f32;
            let (found, exact) = (single::exp_falling(x), f64::from(x).exp());
            let tiny = x < -87.0 && found == 0.0 && exact < 2e-38;
            assert!(tiny || ulps32(found, exact) <= LARGEST, "e^{x:e}: {found:e} ≠ {exact:e}");
        }
        assert_eq!(double::exp_falling(-0.0), 1.0);
        assert_eq!(double::exp_falling(f64::NEG_INFINITY), 0.0);
        assert_eq!(single::exp_falling(f32::NEG_INFINITY), 0.0);
        assert!(double::exp_falling(f64::NAN).is_nan() && single::exp_falling(f32::NAN).is_nan());
    }

    #[test]
    fn special_values_are_those_of_the_standard_library() {
        let (inf, nan) = (f64::INFINITY, f64::NAN);
        let pairs: [Pair<f64>; 4] = [
            (double::exp, f64::exp),
            (double::exp_m1, f64::exp_m1),
            (double::ln_1p, f64::ln_1p),
            (double::tanh, f64::tanh),
        ];
        for (fast, exact) in pairs {
            for x in [inf, -inf, nan, 0.0, -0.0, -1.0, -2.0, 1e308, -1e308, f64::MAX] {
                let (fast, exact) = (fast(x), exact(x));
                let same = fast.to_bits() == exact.to_bits() || (fast.is_nan() && exact.is_nan());
                assert!(same, "at {x}: {fast} ≠ {exact}");
            }
        }
        let pairs: [Pair<f32>; 4] = [
            (single::exp, f32::exp),
            (single::exp_m1, f32::exp_m1),
            (single::ln_1p, f32::ln_1p),
            (single::tanh, f32::tanh),
        ];
        for (fast, exact) in pairs {
            for x in [f32::INFINITY, -f32::INFINITY, f32::NAN, 0.0, -0.0, -1.0, -2.0, 1e38, -1e38] {
                let (fast, exact) = (fast(x), exact(x));
                let same = fast.to_bits() == exact.to_bits() || (fast.is_nan() && exact.is_nan());
                assert!(same, "at {x}: {fast} ≠ {exact}");
            }
        }
    }
}
