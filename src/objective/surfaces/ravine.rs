//! f = (x² + condition·y²) / 2.

use crate::catalog::{Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::{Landscape, SurfaceInfo, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Ravine",
    label: "Ravine",
    summary: "A long valley with steep sides: f = (x² + condition·y²) / 2.",
    details: "Its curvature is 1 along the valley and `condition` across it. Plain gradient descent \
              must keep its learning rate below 2 / condition or bounce from side to side ever \
              higher, and then creeps along the floor. This is what momentum is for.",
    source: "Goh 2017, Why Momentum Really Works",
    fields: &[Field {
        name: "condition",
        label: "Condition",
        meaning: "How many times steeper the sides are than the floor: 1 is a round bowl, 100 a \
                  gorge in which plain descent oscillates.",
        kind: Kind::Number(Interval::closed(1.0, 1e6), Scale::Log(1.0, 1e4)),
        default: Given::Number(100.0),
        live: false,
    }],
    form: Form::Named,
    card: None,
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Ravine>(
    &ENTRY,
    SurfaceInfo { start: [-4.0, 0.4], x: (-5.0, 5.0), y: (-1.0, 1.0), minima: &[[0.0, 0.0]] },
);

struct Ravine;

impl Landscape for Ravine {
    fn value<R: Real>(k: &[R], x: R, y: R) -> R {
        (x * x + k[0] * y * y) / whole(2)
    }

    fn gradient<R: Real>(k: &[R], x: R, y: R) -> [R; 2] {
        [x, k[0] * y]
    }
}
