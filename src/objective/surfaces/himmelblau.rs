//! f = (x² + y − 11)² + (x + y² − 7)².

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Himmelblau",
    label: "Himmelblau",
    summary: "Four valleys, all equally deep: f = (x² + y − 11)² + (x + y² − 7)².",
    details: "Which of the four minima is found depends on the start and on the optimizer: close to \
              the hill in the middle a small difference decides. All four have the value 0.",
    source: "Himmelblau 1972, Applied Nonlinear Programming",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = (x² + y − 11)² + (x + y² − 7)²\n\
                   ∂f/∂x = 4x·(x² + y − 11) + 2·(x + y² − 7)\n\
                   ∂f/∂y = 2·(x² + y − 11) + 4y·(x + y² − 7)",
        shines: "Four equal answers: shows that the minimum found is a matter of start and \
                 method, and that none of them is wrong.",
        hurts: "Steep walls and curvatures up to 134 at the minima: plain learning rates above \
                about 0.015 do not settle in all four. Close to the middle, tiny differences \
                decide the basin.",
        differs: "The same in all collections; the four minima are often printed with six digits.",
        call: "",
        numpy: "\
def surface(x, y):
    a, b = x * x + y - 11, x + y * y - 7
    return a * a + b * b, 4 * x * a + 2 * b, 2 * a + 4 * y * b
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Himmelblau>(
    &ENTRY,
    Sight {
        start: [-0.3, -0.9],
        x: (-5.0, 5.0),
        y: (-5.0, 5.0),
        minima: &[
            [3.0, 2.0],
            [-2.805_118_086_952_745, 3.131_312_518_250_573],
            [-3.779_310_253_377_747, -3.283_185_991_286_169_4],
            [3.584_428_340_330_492, -1.848_126_526_964_403_5],
        ],
    },
);

struct Himmelblau;

impl Landscape for Himmelblau {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        let (a, b) = parts(x, y);
        a * a + b * b
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let (a, b) = parts(x, y);
        let (two, four) = (whole::<R>(2), whole::<R>(4));
        [four * x * a + two * b, two * a + four * y * b]
    }
}

fn parts<R: Real>(x: R, y: R) -> (R, R) {
    (x * x + y - whole(11), x + y * y - whole(7))
}
