//! f = sin²3πx + (x − 1)²·(1 + sin²3πy) + (y − 1)²·(1 + sin²2πy).

use std::f64::consts::PI;

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Levy13",
    label: "Lévy 13",
    summary: "A bowl with grooves across it: f = sin²3πx + (x−1)²·(1 + sin²3πy) + (y−1)²·(1 + \
              sin²2πy).",
    details: "The minimum 0 lies at (1, 1). Grooves of width 1/3 run along y; the bowl under them \
              grows with the distance, so far out one can still roll down, close in one is \
              caught.",
    source: "sfu.ca/~ssurjano/levy13.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = sin²(3πx) + (x − 1)²·(1 + sin²(3πy)) + (y − 1)²·(1 + sin²(2πy))\n\
                   ∂f/∂x = 3π·sin 6πx + 2(x − 1)·(1 + sin²3πy)\n\
                   ∂f/∂y = 3π·(x − 1)²·sin 6πy + 2(y − 1)·(1 + sin²2πy) + 2π·(y − 1)²·sin 4πy",
        shines: "A landscape for noise: the grooves are shallow (height 1), so gradient noise of \
                 fitting size shakes a path out of them, step by step towards (1, 1).",
        hurts: "Plain descent and second moments end in the groove they start in. Curvature \
                across a groove is 178, so a learning rate above 0.011 is not stable in it.",
        differs: "Number 13 of Levy and Montalvo; in two dimensions the last term has 2π, in the \
                  general function LEVY the terms are written with w = 1 + (v − 1)/4.",
        call: "",
        numpy: "\
def surface(x, y):
    pi, a, b = np.pi, x - 1, y - 1
    p, q = 1 + np.sin(3 * pi * y) ** 2, 1 + np.sin(2 * pi * y) ** 2
    value = np.sin(3 * pi * x) ** 2 + a * a * p + b * b * q
    dx = 3 * pi * np.sin(6 * pi * x) + 2 * a * p
    dy = 3 * pi * a * a * np.sin(6 * pi * y) + 2 * b * q + 2 * pi * b * b * np.sin(4 * pi * y)
    return value, dx, dy
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Levy13>(
    &ENTRY,
    Sight { start: [-2.4, 2.6], x: (-3.0, 4.0), y: (-3.0, 4.0), minima: &[[1.0, 1.0]] },
);

struct Levy13;

impl Landscape for Levy13 {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        let (a, b) = (x - R::ONE, y - R::ONE);
        let groove = wave(3.0, x);
        groove * groove + a * a * ribs(3.0, y) + b * b * ribs(2.0, y)
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let (a, b, two) = (x - R::ONE, y - R::ONE, whole::<R>(2));
        let rate = |n: f64, v: R| R::from_f64(n * PI) * wave(2.0 * n, v);
        let along_x = rate(3.0, x) + two * a * ribs(3.0, y);
        let along_y = a * a * rate(3.0, y) + two * b * ribs(2.0, y) + b * b * rate(2.0, y);
        [along_x, along_y]
    }
}

/// sin nπv.
fn wave<R: Real>(n: f64, v: R) -> R {
    (R::from_f64(n * PI) * v).sin()
}

/// 1 + sin² nπv.
fn ribs<R: Real>(n: f64, v: R) -> R {
    let wave = wave(n, v);
    R::ONE + wave * wave
}
