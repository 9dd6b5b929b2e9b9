//! f = x² − y².

use crate::catalog::{Entry, Form};
use crate::numeric::Real;

use super::{Landscape, SurfaceInfo, SurfaceRow, whole};

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
    card: None,
};

pub(super) static ROW: SurfaceRow = SurfaceRow::new::<Saddle>(
    &ENTRY,
    SurfaceInfo { start: [-1.6, 0.01], x: (-2.0, 2.0), y: (-2.0, 2.0), minima: &[] },
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
