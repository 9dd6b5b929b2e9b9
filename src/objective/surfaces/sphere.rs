//! f = x² + y².

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Sphere",
    label: "Sphere",
    summary: "A round bowl: f = x² + y².",
    details: "The easiest surface there is. With plain gradient descent each step shrinks the \
              distance to the middle by the factor 1 − 2·(learning rate): 0.5 gets there in one \
              step, 1 and more never.",
    source: "sfu.ca/~ssurjano/spheref.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = x² + y²\n\
                   ∂f/∂x = 2x\n\
                   ∂f/∂y = 2y",
        shines: "The yardstick: a method that is slow here has its learning rate wrong, nothing \
                 else. Every quantity can be worked out by hand.",
        hurts: "Hurts nobody, and so tells nothing apart. Adam and sign methods of constant \
                step size cannot come to rest at the minimum and tremble around it.",
        differs: "Some collections halve it, f = ½·Σv²; learning rates then differ by the factor \
                  2.",
        call: "",
        numpy: "\
def surface(x, y):
    return x * x + y * y, 2 * x, 2 * y
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Sphere>(
    &ENTRY,
    Sight { start: [-1.6, 1.2], x: (-2.0, 2.0), y: (-2.0, 2.0), minima: &[[0.0, 0.0]] },
);

struct Sphere;

impl Landscape for Sphere {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        x * x + y * y
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        [whole::<R>(2) * x, whole::<R>(2) * y]
    }
}
