//! f = 100·(y − x²)² + (1 − x)².

use crate::catalog::{Entry, Form};
use crate::numeric::Real;

use super::{Landscape, SurfaceInfo, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Rosenbrock",
    label: "Rosenbrock",
    summary: "A curved valley, steep-walled and almost flat: f = 100·(y − x²)² + (1 − x)².",
    details: "Finding the valley is easy, following its bend to the minimum at (1, 1) is slow: the \
              classic trial of optimizers since 1960. Plain gradient descent needs a learning rate \
              below about 0.001 here.",
    source: "Rosenbrock 1960; sfu.ca/~ssurjano/rosen.html",
    fields: &[],
    form: Form::Named,
    card: None,
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Rosenbrock>(
    &ENTRY,
    SurfaceInfo { start: [-1.5, 2.0], x: (-2.0, 2.0), y: (-1.0, 3.0), minima: &[[1.0, 1.0]] },
);

struct Rosenbrock;

impl Landscape for Rosenbrock {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        let (off, rest) = (y - x * x, R::ONE - x);
        whole::<R>(100) * off * off + rest * rest
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let off = y - x * x;
        let along = -whole::<R>(400) * x * off - whole::<R>(2) * (R::ONE - x);
        [along, whole::<R>(200) * off]
    }
}
