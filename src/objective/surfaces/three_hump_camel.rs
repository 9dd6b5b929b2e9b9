//! f = 2x² − 1.05x⁴ + x⁶/6 + xy + y².

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "ThreeHumpCamel",
    label: "Three-hump camel",
    summary: "One good valley between two poor ones: f = 2x² − 1.05x⁴ + x⁶/6 + xy + y².",
    details: "The minimum 0 lies at the origin; two minima of the value 0.2986 lie at ±(1.7476, \
              −0.8738). Which one is reached depends on the start and on how far a step carries.",
    source: "sfu.ca/~ssurjano/camel3.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = 2x² − 1.05x⁴ + x⁶/6 + xy + y²\n\
                   ∂f/∂x = 4x − 4.2x³ + x⁵ + y\n\
                   ∂f/∂y = x + 2y",
        shines: "Teaches what a poor minimum is: from x = −2 plain descent settles at 0.2986, \
                 while momentum may roll over the low rim to 0.",
        hurts: "Every careful method. The sixth power makes gradients explode for |x| above 3, \
                where a learning rate that suits the middle diverges.",
        differs: "The same in all collections. The usual search range is −5 to 5, where the humps \
                  cannot be seen for the walls; shown is −2.5 to 2.5.",
        call: "",
        numpy: "\
def surface(x, y):
    value = 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y * y
    return value, 4 * x - 4.2 * x**3 + x**5 + y, x + 2 * y
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<ThreeHumpCamel>(
    &ENTRY,
    Sight { start: [-2.1, 1.9], x: (-2.5, 2.5), y: (-2.5, 2.5), minima: &[[0.0, 0.0]] },
);

struct ThreeHumpCamel;

impl Landscape for ThreeHumpCamel {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        let square = x * x;
        let hump = whole::<R>(2) - R::from_f64(1.05) * square + square * square / whole(6);
        square * hump + x * y + y * y
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let square = x * x;
        let along_x = x * (whole::<R>(4) - R::from_f64(4.2) * square + square * square) + y;
        [along_x, x + whole::<R>(2) * y]
    }
}
