//! f = sin(x + y) + (x − y)² − 1.5x + 2.5y + 1.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Mccormick",
    label: "McCormick",
    summary: "A slanted trough with a wave along it: f = sin(x + y) + (x − y)² − 1.5x + 2.5y + 1.",
    details: "The minimum −1.9132 lies at (−0.5472, −1.5472). Beyond the usual range the trough \
              goes on: π further along both axes towards minus lies the next, lower by π, so a \
              step too long falls out of the picture and below the known minimum.",
    source: "sfu.ca/~ssurjano/mccorm.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = sin(x + y) + (x − y)² − 1.5x + 2.5y + 1\n\
                   ∂f/∂x = cos(x + y) + 2(x − y) − 1.5\n\
                   ∂f/∂y = cos(x + y) − 2(x − y) + 2.5",
        shines: "Gentle walls and a clear minimum that does not lie at a whole number: good for \
                 comparing how exactly, and how soon, methods arrive.",
        hurts: "Momentum rolls over the low rim at the far end and falls on without end. The \
                gap to the minimum is then negative and has no place on a logarithmic axis.",
        differs: "The usual range is −1.5 to 4 for x and −3 to 4 for y; only there the value is \
                  the lowest.",
        call: "",
        numpy: "\
def surface(x, y):
    c, d = np.cos(x + y), x - y
    return np.sin(x + y) + d * d - 1.5 * x + 2.5 * y + 1, c + 2 * d - 1.5, c - 2 * d + 2.5
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Mccormick>(
    &ENTRY,
    Sight {
        start: [3.2, 2.6],
        x: (-1.5, 4.0),
        y: (-3.0, 4.0),
        minima: &[[-0.547_197_551_196_597_6, -1.547_197_551_196_597_6]],
    },
);

struct Mccormick;

impl Landscape for Mccormick {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        let (d, k) = (x - y, R::from_f64);
        (x + y).sin() + d * d - k(1.5) * x + k(2.5) * y + R::ONE
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let (wave, d) = ((x + y).cos(), whole::<R>(2) * (x - y));
        [wave + d - R::from_f64(1.5), wave - d + R::from_f64(2.5)]
    }
}
