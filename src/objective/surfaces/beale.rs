//! f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)².

use crate::catalog::{Entry, Form};
use crate::numeric::Real;

use super::{Landscape, SurfaceInfo, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Beale",
    label: "Beale",
    summary: "A flat floor between cliffs: f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)².",
    details: "Gradients are huge near the corners and tiny near the minimum at (3, 0.5), so one \
              learning rate does not suit both; clipping and adaptive methods show their worth.",
    source: "Beale 1958; sfu.ca/~ssurjano/beale.html",
    fields: &[],
    form: Form::Named,
    card: None,
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Beale>(
    &ENTRY,
    SurfaceInfo { start: [1.0, 1.5], x: (-1.0, 4.5), y: (-1.5, 2.0), minima: &[[3.0, 0.5]] },
);

struct Beale;

impl Landscape for Beale {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        let [a, b, c] = parts(x, y);
        a * a + b * b + c * c
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let [a, b, c] = parts(x, y);
        let (two, three) = (whole::<R>(2), whole::<R>(3));
        let along_x = a * (y - R::ONE) + b * (y * y - R::ONE) + c * (y * y * y - R::ONE);
        let along_y = a * x + two * b * x * y + three * c * x * y * y;
        [two * along_x, two * along_y]
    }
}

fn parts<R: Real>(x: R, y: R) -> [R; 3] {
    [
        R::from_f64(1.5) - x + x * y,
        R::from_f64(2.25) - x + x * y * y,
        R::from_f64(2.625) - x + x * y * y * y,
    ]
}
