//! f = (x + 2y − 7)² + (2x + y − 5)².

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Booth",
    label: "Booth",
    summary: "A tilted bowl, nine times steeper across than along: f = (x + 2y − 7)² + (2x + y − \
              5)².",
    details: "A quadratic whose axes lie at 45° to x and y, with the minimum 0 at (1, 3). Its \
              curvatures are 2 and 18, so plain descent needs a learning rate below 1/9.",
    source: "sfu.ca/~ssurjano/booth.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = (x + 2y − 7)² + (2x + y − 5)²\n\
                   ∂f/∂x = 10x + 8y − 34\n\
                   ∂f/∂y = 8x + 10y − 38",
        shines: "Shows that scaling each coordinate by itself does not undo a rotation: x and y \
                 have the same curvature, and yet the valley is narrow.",
        hurts: "Diagonal methods (Adagrad, RmsProp, Adam) see two equal coordinates and gain \
                nothing over plain descent; momentum does gain. Too easy to tell good methods \
                apart in the long run.",
        differs: "The same in all collections. The usual search range is −10 to 10; shown is the \
                  part around the valley.",
        call: "",
        numpy: "\
def surface(x, y):
    a, b = x + 2 * y - 7, 2 * x + y - 5
    return a * a + b * b, 2 * a + 4 * b, 4 * a + 2 * b
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Booth>(
    &ENTRY,
    Sight { start: [-4.0, 0.5], x: (-6.0, 6.0), y: (-4.0, 8.0), minima: &[[1.0, 3.0]] },
);

struct Booth;

impl Landscape for Booth {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        let (a, b) = parts(x, y);
        a * a + b * b
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let (a, b) = parts(x, y);
        let (two, four) = (whole::<R>(2), whole::<R>(4));
        [two * a + four * b, four * a + two * b]
    }
}

fn parts<R: Real>(x: R, y: R) -> (R, R) {
    let two = whole::<R>(2);
    (x + two * y - whole(7), two * x + y - whole(5))
}
