//! f = 1 + (x² + y²)/4000 − cos x·cos(y/√2).

use std::f64::consts::SQRT_2;

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Griewank",
    label: "Griewank",
    summary: "Even waves over an almost flat bowl: f = 1 + (x² + y²)/4000 − cos x·cos(y/√2).",
    details: "Every dent is about 2 deep and the bowl under them hardly falls: the next dent, at \
              (π, 4.44), is only 0.0074 worse than the minimum 0 at the origin.",
    source: "sfu.ca/~ssurjano/griewank.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = 1 + (x² + y²)/4000 − cos x·cos(y/√2)\n\
                   ∂f/∂x = x/2000 + sin x·cos(y/√2)\n\
                   ∂f/∂y = y/2000 + cos x·sin(y/√2)/√2",
        shines: "Smooth and mild, and still with endless minima: a loss close to the best says \
                 little about how close the place is.",
        hurts: "Every descent ends in the dent of its start. Sign methods and Adam walk at a \
                fixed pace and may cross a rim that plain descent respects.",
        differs: "In more dimensions the product runs over cos(vᵢ/√i). The usual search range is \
                  −600 to 600, where the dents cannot be seen; shown is −8 to 8.",
        call: "",
        numpy: "\
def surface(x, y):
    s = np.sqrt(2)
    value = 1 + (x * x + y * y) / 4000 - np.cos(x) * np.cos(y / s)
    dx = x / 2000 + np.sin(x) * np.cos(y / s)
    return value, dx, y / 2000 + np.cos(x) * np.sin(y / s) / s
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Griewank>(
    &ENTRY,
    Sight { start: [-1.9, 2.0], x: (-8.0, 8.0), y: (-8.0, 8.0), minima: &[[0.0, 0.0]] },
);

struct Griewank;

impl Landscape for Griewank {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        let bowl = (x * x + y * y) / whole(4000);
        R::ONE + bowl - x.cos() * (y / R::from_f64(SQRT_2)).cos()
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let root = R::from_f64(SQRT_2);
        let (u, n) = (y / root, whole::<R>(2000));
        [x / n + x.sin() * u.cos(), y / n + x.cos() * u.sin() / root]
    }
}
