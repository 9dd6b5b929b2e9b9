//! f = ½·Σ (v⁴ − 16v² + 5v) over x and y.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "StyblinskiTang",
    label: "Styblinski–Tang",
    summary: "Four valleys in a square, one of them deepest: f = ½·Σ (v⁴ − 16v² + 5v) over x and \
              y.",
    details: "x and y do not touch each other: each has a poor minimum near 2.75 and a good one \
              near −2.90. The best is −78.332, with one coordinate wrong −64.196, with both \
              −50.059.",
    source: "sfu.ca/~ssurjano/stybtang.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = ½·(x⁴ − 16x² + 5x) + ½·(y⁴ − 16y² + 5y)\n\
                   ∂f/∂x = 2x³ − 16x + 2.5\n\
                   ∂f/∂y = 2y³ − 16y + 2.5",
        shines: "Separable, so one sees at once what each coordinate did, and methods that scale \
                 by coordinate are at home.",
        hurts: "Descent without noise: the rim at v = 0.157 decides by the start alone. \
                Momentum of 0.9 and more can carry over it, and past it.",
        differs: "Some write it as a mean over the coordinates instead of half the sum; the \
                  minimum is then −39.166 instead of −78.332 in two dimensions.",
        call: "",
        numpy: "\
def surface(x, y):
    half = lambda v: (v**4 - 16 * v**2 + 5 * v) / 2
    slope = lambda v: 2 * v**3 - 16 * v + 2.5
    return half(x) + half(y), slope(x), slope(y)
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<StyblinskiTang>(
    &ENTRY,
    Sight {
        start: [0.5, -0.6],
        x: (-5.0, 5.0),
        y: (-5.0, 5.0),
        minima: &[[-2.903_534_027_771_177, -2.903_534_027_771_177]],
    },
);

struct StyblinskiTang;

impl Landscape for StyblinskiTang {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        (term(x) + term(y)) / whole(2)
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        [slope(x), slope(y)]
    }
}

fn term<R: Real>(v: R) -> R {
    let square = v * v;
    square * square - whole::<R>(16) * square + whole::<R>(5) * v
}

fn slope<R: Real>(v: R) -> R {
    whole::<R>(2) * v * v * v - whole::<R>(16) * v + R::from_f64(2.5)
}
