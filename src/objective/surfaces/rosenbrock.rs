//! f = 100·(y − x²)² + (1 − x)².

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

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
    card: Some(&Card {
        equation: "f = (1 − x)² + 100·(y − x²)²\n\
                   ∂f/∂x = −2(1 − x) − 400x·(y − x²)\n\
                   ∂f/∂y = 200·(y − x²)",
        shines: "A bent valley: the good direction turns all the time, so memory of old \
                 directions helps only as long as it is short. The classic race.",
        hurts: "Plain descent, held below a learning rate of about 0.002 by the walls, creeps \
                along the floor. Momentum overshoots in the bend; Adagrad slows down before the \
                end.",
        differs: "The constants 1 and 100 are the usual ones (a and b elsewhere). In more \
                  dimensions there are two different extensions.",
        call: "scipy.optimize.rosen([x, y])",
        numpy: "\
def surface(x, y):
    a, b = 1 - x, y - x * x
    return a * a + 100 * b * b, -2 * a - 400 * x * b, 200 * b
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Rosenbrock>(
    &ENTRY,
    Sight { start: [-1.5, 2.0], x: (-2.0, 2.0), y: (-1.0, 3.0), minima: &[[1.0, 1.0]] },
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
