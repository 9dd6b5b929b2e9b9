//! f = (1 + (x + y + 1)²·A)·(30 + (2x − 3y)²·B), A and B quadratic.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "GoldsteinPrice",
    label: "Goldstein–Price",
    summary: "Values from 3 to a million in a small square: a product of two polynomials of \
              degree four.",
    details: "f = (1 + (x+y+1)²·(19 − 14x + 3x² − 14y + 6xy + 3y²))·(30 + (2x−3y)²·(18 − 32x + \
              12x² + 48y − 36xy + 27y²)). The minimum 3 lies at (0, −1); three poorer ones have \
              the values 30, 84 and 840.",
    source: "sfu.ca/~ssurjano/goldpr.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = (1 + (x + y + 1)²·A)·(30 + (2x − 3y)²·B)\n\
                   A = 19 − 14x + 3x² − 14y + 6xy + 3y²\n\
                   B = 18 − 32x + 12x² + 48y − 36xy + 27y²",
        shines: "Six orders of magnitude in one picture: shows why gradients are clipped, and \
                 why steps of a fixed size (Adam, sign methods) do not care about the height of a \
                 wall.",
        hurts: "Plain descent: a learning rate that is stable at the minimum diverges at the \
                walls, one that survives the walls stands still in the valley. Adagrad remembers \
                the first huge gradient for ever.",
        differs: "Some collections take the logarithm of f, scaled to mean 0 and deviation 1, for \
                  use with Gaussian processes. This is the plain one.",
        call: "",
        numpy: "\
def surface(x, y):
    p, q = x + y + 1, 2 * x - 3 * y
    a = 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    b = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    u, v = 1 + p**2 * a, 30 + q**2 * b
    slope = 2 * p * a + p**2 * (6 * x + 6 * y - 14)
    ux, uy = slope, slope
    vx = 4 * q * b + q**2 * (24 * x - 36 * y - 32)
    vy = -6 * q * b + q**2 * (54 * y - 36 * x + 48)
    return u * v, ux * v + u * vx, uy * v + u * vy
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<GoldsteinPrice>(
    &ENTRY,
    Sight { start: [-1.5, 0.8], x: (-2.0, 2.0), y: (-2.5, 1.5), minima: &[[0.0, -1.0]] },
);

struct GoldsteinPrice;

impl Landscape for GoldsteinPrice {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        let n = whole::<R>;
        let (p, q, a, b) = parts(x, y);
        (n(1) + p * p * a) * (n(30) + q * q * b)
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let n = whole::<R>;
        let (p, q, a, b) = parts(x, y);
        let (u, v) = (n(1) + p * p * a, n(30) + q * q * b);
        // The first factor depends on x and y through their sum alone.
        let u_slope = n(2) * p * a + p * p * (n(6) * x + n(6) * y - n(14));
        let v_along_x = n(4) * q * b + q * q * (n(24) * x - n(36) * y - n(32));
        let v_along_y = -n(6) * q * b + q * q * (n(54) * y - n(36) * x + n(48));
        [u_slope * v + u * v_along_x, u_slope * v + u * v_along_y]
    }
}

fn parts<R: Real>(x: R, y: R) -> (R, R, R, R) {
    let n = whole::<R>;
    let a = n(19) - n(14) * (x + y) + n(3) * (x * x + y * y) + n(6) * x * y;
    let b = n(18) - n(32) * x + n(12) * x * x + n(48) * y - n(36) * x * y + n(27) * y * y;
    (x + y + n(1), n(2) * x - n(3) * y, a, b)
}
