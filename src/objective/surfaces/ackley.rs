//! f = −20·exp(−0.2·√((x² + y²)/2)) − exp((cos 2πx + cos 2πy)/2) + e + 20.

use std::f64::consts::{E, PI, TAU};

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Ackley",
    label: "Ackley",
    summary: "A flat, dented plain with one deep funnel at the origin.",
    details: "f = −20·exp(−0.2·√((x² + y²)/2)) − exp((cos 2πx + cos 2πy)/2) + e + 20. Far out it \
              is flat at 22 with small dents; the minimum 0 at the origin is a point without a \
              slope: close to it the gradient keeps a length of 2.8. At the origin itself the \
              gradient is taken as 0.",
    source: "Ackley 1987; sfu.ca/~ssurjano/ackley.html",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "r = √((x² + y²)/2)\n\
                   f = −20·exp(−0.2·r) − exp((cos 2πx + cos 2πy)/2) + e + 20\n\
                   ∂f/∂x = 2·exp(−0.2·r)·x/r + π·sin 2πx·exp((cos 2πx + cos 2πy)/2)",
        shines: "Shows why a learning rate must fall: the pointed minimum throws every step of \
                 constant size across, and the path circles it. A schedule settles.",
        hurts: "Momentum and Adam with a constant learning rate hover around the tip. From far \
                out careful steps end in a dent.",
        differs: "a = 20, b = 0.2, c = 2π as in most collections. Libraries differ at the origin: \
                  automatic differentiation gives NaN there, here it is 0.",
        call: "",
        numpy: "\
def surface(x, y):
    r = np.sqrt((x * x + y * y) / 2)
    funnel = np.exp(-0.2 * r)
    dents = np.exp((np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)) / 2)
    value = -20 * funnel - dents + np.e + 20
    steep = 2 * funnel / r if r > 0 else 0.0
    slope = lambda v: steep * v + np.pi * np.sin(2 * np.pi * v) * dents
    return value, slope(x), slope(y)
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Ackley>(
    &ENTRY,
    Sight { start: [-2.6, 1.8], x: (-4.0, 4.0), y: (-4.0, 4.0), minima: &[[0.0, 0.0]] },
);

struct Ackley;

impl Landscape for Ackley {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        let (_, funnel, dents) = parts(x, y);
        whole::<R>(-20) * funnel - dents + R::from_f64(E) + whole(20)
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        let (r, funnel, dents) = parts(x, y);
        let steep = if r == R::ZERO { R::ZERO } else { whole::<R>(2) * funnel / r };
        let wave = |v: R| R::from_f64(PI) * (R::from_f64(TAU) * v).sin() * dents;
        [steep * x + wave(x), steep * y + wave(y)]
    }
}

/// The distance from the middle, the funnel, and the dents.
fn parts<R: Real>(x: R, y: R) -> (R, R, R) {
    let two = whole::<R>(2);
    let r = ((x * x + y * y) / two).sqrt();
    let wave = |v: R| (R::from_f64(TAU) * v).cos();
    (r, (R::from_f64(-0.2) * r).exp(), ((wave(x) + wave(y)) / two).exp())
}
