//! f = 20 + Σ (v² − 10·cos 2πv) over x and y.

use std::f64::consts::TAU;

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Rastrigin",
    label: "Rastrigin",
    summary: "A bowl full of dents, one at every pair of whole numbers: f = 20 + Σ (v² − 10·cos \
              2πv).",
    details: "Close to each pair of whole numbers lies a minimum; only the one at the origin has \
              the value 0. Between neighbours stands a wall of height 20.",
    source: "sfu.ca/~ssurjano/rastr.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = 20 + (x² − 10·cos 2πx) + (y² − 10·cos 2πy)\n\
                   ∂f/∂x = 2x + 20π·sin 2πx\n\
                   ∂f/∂y = 2y + 20π·sin 2πy",
        shines: "Shows what gradients cannot do: they know the dent one stands in, not the bowl. \
                 Random search and noise get further here than any clever step.",
        hurts: "All descent with careful steps ends in the nearest dent. The curvature in a \
                dent is about 397, so a plain learning rate above 0.005 jumps between them \
                without order.",
        differs: "The factor 10 is sometimes a parameter A, with A·2 in place of 20. The usual \
                  search range is −5.12 to 5.12.",
        call: "",
        numpy: "\
def surface(x, y):
    term = lambda v: v * v - 10 * np.cos(2 * np.pi * v)
    slope = lambda v: 2 * v + 20 * np.pi * np.sin(2 * np.pi * v)
    return 20 + term(x) + term(y), slope(x), slope(y)
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Rastrigin>(
    &ENTRY,
    Sight { start: [-2.3, 1.7], x: (-3.0, 3.0), y: (-3.0, 3.0), minima: &[[0.0, 0.0]] },
);

struct Rastrigin;

impl Landscape for Rastrigin {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        whole::<R>(20) + term(x) + term(y)
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        [slope(x), slope(y)]
    }
}

fn turn<R: Real>(v: R) -> R {
    R::from_f64(TAU) * v
}

fn term<R: Real>(v: R) -> R {
    v * v - whole::<R>(10) * turn(v).cos()
}

fn slope<R: Real>(v: R) -> R {
    whole::<R>(2) * v + R::from_f64(10.0 * TAU) * turn(v).sin()
}
