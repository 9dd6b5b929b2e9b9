//! f = −cos x·cos y·exp(−(x − π)² − (y − π)²).

use std::f64::consts::PI;

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Easom",
    label: "Easom",
    summary: "A flat desert with one well: f = −cos x·cos y·exp(−(x − π)² − (y − π)²).",
    details: "The minimum −1 lies at (π, π). Two units away the gradient is already below 0.1, \
              five units away below 1e-9: a start there sees nothing at all.",
    source: "sfu.ca/~ssurjano/easom.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "w = exp(−(x − π)² − (y − π)²)\n\
                   f = −cos x·cos y·w\n\
                   ∂f/∂x = (sin x + 2(x − π)·cos x)·cos y·w\n\
                   ∂f/∂y = (sin y + 2(y − π)·cos y)·cos x·w",
        shines: "Shows vanishing gradients in their pure form. Methods that divide by the size \
                 of past gradients (Adam, RmsProp, signs) walk where plain descent stands still.",
        hurts: "Plain descent and momentum on the plain. Adam too, once gradients fall below \
                its epsilon of 1e-8. A ring of low hills around the well turns careful steps \
                away.",
        differs: "The same in all collections. The usual search range is −100 to 100, nearly all \
                  of it flat; shown is the surrounding of the well.",
        call: "",
        numpy: "\
def surface(x, y):
    a, b = x - np.pi, y - np.pi
    w = np.exp(-a * a - b * b)
    dx = (np.sin(x) + 2 * a * np.cos(x)) * np.cos(y) * w
    dy = (np.sin(y) + 2 * b * np.cos(y)) * np.cos(x) * w
    return -np.cos(x) * np.cos(y) * w, dx, dy
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Easom>(
    &ENTRY,
    Sight { start: [1.9, 2.1], x: (0.0, 6.0), y: (0.0, 6.0), minima: &[[PI, PI]] },
);

struct Easom;

impl Landscape for Easom {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        -(x.cos() * y.cos() * well(x, y))
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let pi = R::from_f64(PI);
        let slope = |v: R| v.sin() + whole::<R>(2) * (v - pi) * v.cos();
        let well = well(x, y);
        [slope(x) * y.cos() * well, slope(y) * x.cos() * well]
    }
}

fn well<R: Real>(x: R, y: R) -> R {
    let (a, b) = (x - R::from_f64(PI), y - R::from_f64(PI));
    (-(a * a) - b * b).exp()
}
