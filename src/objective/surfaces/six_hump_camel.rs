//! f = (4 − 2.1x² + x⁴/3)·x² + xy + (4y² − 4)·y².

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "SixHumpCamel",
    label: "Six-hump camel",
    summary: "Six valleys, two of them deepest: f = (4 − 2.1x² + x⁴/3)·x² + xy + (4y² − 4)·y².",
    details: "The lowest value −1.0316 is reached at (0.0898, −0.7127) and its mirror image; four \
              more minima are poorer. The value is negative there, so a logarithmic axis needs \
              the gap to the minimum, not the value.",
    source: "sfu.ca/~ssurjano/camel6.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = (4 − 2.1x² + x⁴/3)·x² + x·y + (4y² − 4)·y²\n\
                   ∂f/∂x = 8x − 8.4x³ + 2x⁵ + y\n\
                   ∂f/∂y = x − 8y + 16y³",
        shines: "Shows basins of attraction: move the start a little, and another of the six \
                 valleys is found. Symmetric, so two answers are equally right.",
        hurts: "Careful steps that end in the first valley they meet. The walls grow as x⁶, \
                which throws large learning rates out.",
        differs: "The same in all collections; the value is −1.0316 in every one, the coordinates \
                  are often rounded to four digits.",
        call: "",
        numpy: "\
def surface(x, y):
    value = (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2
    return value, 8 * x - 8.4 * x**3 + 2 * x**5 + y, x - 8 * y + 16 * y**3
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<SixHumpCamel>(
    &ENTRY,
    Sight {
        start: [1.9, 0.9],
        x: (-2.1, 2.1),
        y: (-1.2, 1.2),
        minima: &[
            [0.089_842_013_100_318_07, -0.712_656_403_020_739_6],
            [-0.089_842_013_100_318_07, 0.712_656_403_020_739_6],
        ],
    },
);

struct SixHumpCamel;

impl Landscape for SixHumpCamel {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        let (x2, y2, four) = (x * x, y * y, whole::<R>(4));
        let hump = four - R::from_f64(2.1) * x2 + x2 * x2 / whole(3);
        hump * x2 + x * y + (four * y2 - four) * y2
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let (x2, y2) = (x * x, y * y);
        let along_x = x * (whole::<R>(8) - R::from_f64(8.4) * x2 + whole::<R>(2) * x2 * x2) + y;
        [along_x, x + y * (whole::<R>(16) * y2 - whole(8))]
    }
}
