//! f = x² − y².

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{Landscape, Sight, SurfaceRow, whole};

pub(super) static ENTRY: Entry = Entry {
    name: "Saddle",
    label: "Saddle",
    summary: "Up along x, down along y, flat in the middle: f = x² − y².",
    details: "There is no minimum: y falls without end. A start close to y = 0 first runs towards \
              the flat middle and lingers there; momentum, noise and adaptive steps leave it sooner. \
              A start with y = 0 exactly never leaves it, unless there is noise.",
    source: "Dauphin et al. 2014, on saddle points in high dimensions",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "f = x² − y²\n\
                   ∂f/∂x = 2x\n\
                   ∂f/∂y = −2y",
        shines: "The simplest saddle: progress stops for a while without being finished. In many \
                 dimensions such places are far commoner than poor minima.",
        hurts: "Plain descent leaves it only as fast as its small distance from y = 0 grows, by \
                the factor 1 + 2·(learning rate) a step. At y = 0 exactly, no method without \
                noise leaves.",
        differs: "Often drawn as y² − x², turned by 90°. There is no minimum, so there is no gap \
                  to one.",
        call: "",
        numpy: "\
def surface(x, y):
    return x * x - y * y, 2 * x, -2 * y
",
    }),
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Saddle>(
    &ENTRY,
    Sight { start: [-1.6, 0.01], x: (-2.0, 2.0), y: (-2.0, 2.0), minima: &[] },
);

struct Saddle;

impl Landscape for Saddle {
    fn value<R: Real>(_: &[R], x: R, y: R) -> R {
        x * x - y * y
    }

    fn gradient<R: Real>(_: &[R], x: R, y: R) -> [R; 2] {
        [whole::<R>(2) * x, -whole::<R>(2) * y]
    }
}
