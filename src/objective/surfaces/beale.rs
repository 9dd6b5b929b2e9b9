//! f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)².

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Beale",
    label: "Beale",
    summary: "A flat floor between cliffs: f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)².",
    details: "Gradients are huge near the corners and tiny near the minimum at (3, 0.5), so one \
              learning rate does not suit both; clipping and adaptive methods show their worth.",
    source: "Beale 1958; sfu.ca/~ssurjano/beale.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²\n\
                   ∂f/∂x = 2·Σ aₖ·(yᵏ − 1)\n\
                   ∂f/∂y = 2·Σ aₖ·k·x·yᵏ⁻¹,  aₖ the kth bracket",
        shines: "A flat floor beside cliffs: gradients differ by a factor of thousands over the \
                 picture, which is what clipping and second moments are for.",
        hurts: "Plain descent must take the learning rate of the cliffs to the floor. Close to \
                (0, 1) lies a flat saddle where all methods linger. Along y = 1 + small, x \
                escapes slowly to minus infinity.",
        differs: "The same in all collections. The usual search range is −4.5 to 4.5; the corners \
                  reach 180,000.",
        call: "",
        numpy: "\
def surface(x, y):
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
    dx = 2 * (a * (y - 1) + b * (y**2 - 1) + c * (y**3 - 1))
    return a * a + b * b + c * c, dx, 2 * x * (a + 2 * b * y + 3 * c * y**2)
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Beale>(
    &ENTRY,
    Sight { start: [1.0, 1.5], x: (-1.0, 4.5), y: (-1.5, 2.0), minima: &[[3.0, 0.5]] },
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
