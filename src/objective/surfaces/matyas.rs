//! f = 0.26·(x² + y²) − 0.48·xy.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow};

pub(super) static ENTRY: Entry = Entry {
    name: "Matyas",
    label: "Matyas",
    summary: "A shallow plate with a crease along x = y: f = 0.26·(x² + y²) − 0.48·xy.",
    details: "A quadratic with curvature 0.04 along the diagonal and 1 across it, and the minimum \
              0 at the origin. Plain descent is stable below a learning rate of 2 and still slow \
              along the crease.",
    source: "sfu.ca/~ssurjano/matya.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = 0.26·(x² + y²) − 0.48·x·y\n\
                   ∂f/∂x = 0.52x − 0.48y\n\
                   ∂f/∂y = 0.52y − 0.48x",
        shines: "Shows that gradients may be small everywhere without the way being short: \
                 learning rates that suit other surfaces stand still here.",
        hurts: "Fixed small learning rates, and Adagrad, whose steps have shrunk before the \
                crease ends. Along the diagonal x and y are alike, so per-coordinate scaling \
                cannot help.",
        differs: "The same in all collections. The usual search range is −10 to 10.",
        call: "",
        numpy: "\
def surface(x, y):
    return 0.26 * (x * x + y * y) - 0.48 * x * y, 0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Matyas>(
    &ENTRY,
    Sight { start: [-4.0, -1.0], x: (-5.0, 5.0), y: (-5.0, 5.0), minima: &[[0.0, 0.0]] },
);

struct Matyas;

impl Landscape for Matyas {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        R::from_f64(0.26) * (x * x + y * y) - R::from_f64(0.48) * x * y
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let (own, other) = (R::from_f64(0.52), R::from_f64(0.48));
        [own * x - other * y, own * y - other * x]
    }
}
