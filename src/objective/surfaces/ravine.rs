//! f = (x² + condition·y²) / 2.

use crate::catalog::{Card, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

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
    card: Some(&Card {
        equation: "f = (x² + c·y²)/2,  c = condition\n\
                   ∂f/∂x = x\n\
                   ∂f/∂y = c·y",
        shines: "The textbook of conditioning: plain descent needs of the order of c steps, \
                 momentum of the order of √c. Methods that scale by coordinate see a round bowl.",
        hurts: "Plain descent: stable only below a learning rate of 2/c, so the floor is \
                crossed at a rate of at most 2/c a step. The axes are aligned with x and y, which \
                flatters Adam and its kin; Booth turns them.",
        differs: "There is no common name; it is the quadratic of most analyses of momentum, up \
                  to the factor ½.",
        call: "",
        numpy: "\
def surface(x, y):
    return (x * x + {condition} * y * y) / 2, x, {condition} * y
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Ravine>(
    &ENTRY,
    Sight { start: [-4.0, 0.4], x: (-5.0, 5.0), y: (-1.0, 1.0), minima: &[[0.0, 0.0]] },
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
