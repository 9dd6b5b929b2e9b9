//! The table of surfaces: analytic functions of two variables.
//!
//! One file per surface, one row here: value, gradient by hand, where to start and what to look at.
//! Generic over the precision. Formulas are those of Surjanovic and Bingham's "Virtual Library of
//! Simulation Experiments".

mod beale;
mod himmelblau;
mod ravine;
mod rosenbrock;
mod saddle;
mod sphere;

use crate::catalog::{Chosen, Entry, Family};
use crate::numeric::{Real, of_precision};

/// The table of surfaces.
#[derive(Debug)]
pub struct Surfaces;

static ROWS: [&SurfaceRow; 6] =
    [&sphere::ROW, &ravine::ROW, &rosenbrock::ROW, &himmelblau::ROW, &beale::ROW, &saddle::ROW];
static TABLE: [&Entry; 6] = [
    &sphere::ENTRY,
    &ravine::ENTRY,
    &rosenbrock::ENTRY,
    &himmelblau::ENTRY,
    &beale::ENTRY,
    &saddle::ENTRY,
];

impl Family for Surfaces {
    const NOUN: &'static str = "surface";
    fn entries() -> &'static [&'static Entry] {
        &TABLE
    }
    fn planned() -> &'static [&'static str] {
        &[
            "Booth",
            "Matyas",
            "ThreeHumpCamel",
            "SixHumpCamel",
            "StyblinskiTang",
            "GoldsteinPrice",
            "Rastrigin",
            "Ackley",
            "Griewank",
            "Levy13",
            "Easom",
            "Mccormick",
            "MonkeySaddle",
            "Custom",
        ]
    }
}

/// How to look at a surface, and what is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurfaceInfo {
    /// A start from which there is something to see.
    pub start: [f64; 2],
    /// The range of x worth drawing.
    pub x: (f64, f64),
    /// The range of y worth drawing.
    pub y: (f64, f64),
    /// Its minima; none if it falls without end.
    pub minima: &'static [[f64; 2]],
}

/// A function of two variables with its gradient. `k` are the numbers of its entry's fields.
trait Landscape {
    fn value<R: Real>(k: &[R], x: R, y: R) -> R;
    fn gradient<R: Real>(k: &[R], x: R, y: R) -> [R; 2];
}

/// One surface, for both precisions.
#[derive(Debug)]
struct SurfaceRow {
    entry: &'static Entry,
    info: SurfaceInfo,
    single: SurfaceKernel<f32>,
    double: SurfaceKernel<f64>,
}

#[derive(Debug, Clone, Copy)]
struct SurfaceKernel<R> {
    value: fn(&[R], R, R) -> R,
    gradient: fn(&[R], R, R) -> [R; 2],
}

impl SurfaceRow {
    const fn new<L: Landscape>(entry: &'static Entry, info: SurfaceInfo) -> Self {
        Self {
            entry,
            info,
            single: SurfaceKernel { value: L::value::<f32>, gradient: L::gradient::<f32> },
            double: SurfaceKernel { value: L::value::<f64>, gradient: L::gradient::<f64> },
        }
    }

    fn of(chosen: &Chosen<Surfaces>) -> &'static Self {
        let row = ROWS.iter().find(|row| std::ptr::eq(row.entry, chosen.entry()));
        row.expect("every entry of the table has a row")
    }
}

/// A chosen surface in one precision, ready to compute.
#[derive(Debug, Clone)]
pub(super) struct SurfaceFunction<R> {
    kernel: SurfaceKernel<R>,
    knobs: Vec<R>,
}

impl<R: Real> SurfaceFunction<R> {
    pub(super) fn new(chosen: &Chosen<Surfaces>) -> Self {
        let row = SurfaceRow::of(chosen);
        Self {
            kernel: *of_precision::<R, SurfaceKernel<R>>(&row.single, &row.double),
            knobs: chosen.knobs().into_iter().map(R::from_f64).collect(),
        }
    }

    pub(super) fn value(&self, x: R, y: R) -> R {
        (self.kernel.value)(&self.knobs, x, y)
    }

    pub(super) fn gradient(&self, x: R, y: R) -> [R; 2] {
        (self.kernel.gradient)(&self.knobs, x, y)
    }
}

/// The surface's value at (x, y).
pub fn surface_value(surface: &Chosen<Surfaces>, x: f64, y: f64) -> f64 {
    SurfaceFunction::new(surface).value(x, y)
}

/// The surface's gradient at (x, y).
pub fn surface_gradient(surface: &Chosen<Surfaces>, x: f64, y: f64) -> [f64; 2] {
    SurfaceFunction::new(surface).gradient(x, y)
}

/// Where to start on the surface, what to look at, and its minima.
pub fn surface_info(surface: &Chosen<Surfaces>) -> SurfaceInfo {
    SurfaceRow::of(surface).info
}

/// The whole number `n` in precision `R`.
#[inline]
fn whole<R: Real>(n: i32) -> R {
    R::from_f64(f64::from(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_its_row_in_the_same_order() {
        assert_eq!(ROWS.len(), TABLE.len());
        for (row, entry) in ROWS.iter().zip(TABLE) {
            assert!(std::ptr::eq(row.entry, entry), "{}", entry.name);
        }
    }

    #[test]
    fn starts_and_minima_lie_in_view_and_minima_are_flat_and_lower_than_the_start() {
        for entry in Surfaces::entries() {
            let surface = Chosen::of(entry);
            let info = surface_info(&surface);
            let value = |[x, y]: [f64; 2]| surface_value(&surface, x, y);
            let in_view = |[x, y]: [f64; 2]| {
                (info.x.0..=info.x.1).contains(&x) && (info.y.0..=info.y.1).contains(&y)
            };
            assert!(in_view(info.start), "{}", entry.name);
            for minimum in info.minima {
                assert!(in_view(*minimum), "{}", entry.name);
                assert!(value(*minimum) < value(info.start), "{}", entry.name);
                let [gx, gy] = surface_gradient(&surface, minimum[0], minimum[1]);
                assert!(gx.abs().max(gy.abs()) < 1e-9, "{}: {gx} {gy}", entry.name);
            }
        }
    }

    #[test]
    fn gradients_are_slopes_of_values() {
        for entry in Surfaces::entries() {
            let surface = Chosen::<Surfaces>::of(entry);
            for (x, y) in [(0.3, -0.7), (-1.2, 0.4), (1.9, 1.1)] {
                let h = 1e-5;
                let value = |x, y| surface_value(&surface, x, y);
                let [gx, gy] = surface_gradient(&surface, x, y);
                let slopes = [
                    (value(x + h, y) - value(x - h, y)) / (2.0 * h),
                    (value(x, y + h) - value(x, y - h)) / (2.0 * h),
                ];
                for (g, slope) in [gx, gy].into_iter().zip(slopes) {
                    let error = (g - slope).abs() / g.abs().max(1.0);
                    assert!(error < 1e-7, "{}: {g} {slope}", entry.name);
                }
            }
        }
    }
}
