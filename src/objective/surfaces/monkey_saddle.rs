//! f = x³ − 3xy².

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "MonkeySaddle",
    label: "Monkey saddle",
    summary: "A saddle for three legs, flat to second order: f = x³ − 3xy².",
    details: "There is no minimum: three valleys fall without end, to the left and to the upper \
              and lower right. In the middle slope and curvature are both 0, so even a method \
              that knows the curvature learns nothing there.",
    source: "Hilbert and Cohn-Vossen 1952, Geometry and the Imagination",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = x³ − 3x·y²\n\
                   ∂f/∂x = 3x² − 3y²\n\
                   ∂f/∂y = −6x·y",
        shines: "Shows a saddle of higher order: the gradient falls with the square of the \
                 distance, so plain descent slows down much longer than on x² − y².",
        hurts: "Newton steps (the curvature vanishes) and plain descent. On the ridge y = 0, x \
                > 0 every method without noise walks straight into the middle.",
        differs: "Often written with x and y exchanged or turned by 60°; the shape is the same.",
        call: "",
        numpy: "\
def surface(x, y):
    return x**3 - 3 * x * y * y, 3 * (x * x - y * y), -6 * x * y
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<MonkeySaddle>(
    &ENTRY,
    Sight { start: [1.6, 0.01], x: (-2.0, 2.0), y: (-2.0, 2.0), minima: &[] },
);

struct MonkeySaddle;

impl Landscape for MonkeySaddle {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        x * (x * x - whole::<R>(3) * y * y)
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        [whole::<R>(3) * (x * x - y * y), whole::<R>(-6) * x * y]
    }
}
