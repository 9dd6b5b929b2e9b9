//! Student's t: how probable a mean so far from zero would be by chance.
//!
//! Invariant: two-sided, for whole degrees of freedom, as `scipy.stats.t`. Equations: the tail beyond
//! ±t is I(ν/(ν + t²); ν/2, 1/2), the regularised incomplete beta function, by its continued fraction
//! (Numerical Recipes 6.4, Lentz's method).

/// The chance of a t at least so far from zero, either way, with `freedom` degrees of freedom.
pub(super) fn two_sided(t: f64, freedom: usize) -> f64 {
    if t.is_nan() || freedom == 0 {
        return f64::NAN;
    }
    if t.is_infinite() {
        return 0.0;
    }
    let nu = freedom as f64;
    let square = t * t;
    let (inside, outside) = (nu / (nu + square), square / (nu + square));
    let (a, b) = (nu / 2.0, 0.5);
    if inside < (a + 1.0) / (a + b + 2.0) {
        front(inside, outside, (a, b), freedom) * fraction(inside, a, b) / a
    } else {
        1.0 - front(outside, inside, (b, a), freedom) * fraction(outside, b, a) / b
    }
}

/// The t beyond which, either way, lies `chance`: of 0.05 the one that 95 % intervals use.
pub(super) fn beyond(chance: f64, freedom: usize) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    while two_sided(high, freedom) > chance {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if two_sided(middle, freedom) > chance {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// x^a (1 − x)^b / B(ν/2, 1/2), `rest` being 1 − x.
fn front(x: f64, rest: f64, (a, b): (f64, f64), freedom: usize) -> f64 {
    x.powf(a) * rest.powf(b) / beta(freedom)
}

/// B(ν/2, 1/2), from B(1/2, 1/2) = π or B(1, 1/2) = 2 by B(a + 1, 1/2) = B(a, 1/2)·a/(a + 1/2).
fn beta(freedom: usize) -> f64 {
    let (first, start) = if freedom % 2 == 1 { (1, std::f64::consts::PI) } else { (2, 2.0) };
    (first..freedom).step_by(2).fold(start, |beta, nu| {
        let a = nu as f64 / 2.0;
        beta * a / (a + 0.5)
    })
}

/// The continued fraction of the incomplete beta function.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let kept = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / kept(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = value;
        for part in [even, odd] {
            d = 1.0 / kept(1.0 + part * d);
            c = kept(1.0 + part / c);
            value *= d * c;
        }
        if (value - before).abs() <= f64::EPSILON * value.abs() {
            break;
        }
    }
    value
}
