//! The table of surfaces: analytic functions of two variables.
//!
//! One file per surface, one row here: value, gradient by hand, where to start and what to look at.
//! Generic over the precision. The last row is
//! typed by the user and computed by [`super::formula`]. Formulas are those of Surjanovic and Bingham's "Virtual Library of
//! Simulation Experiments".

mod ackley;
mod beale;
mod booth;
mod custom;
mod easom;
mod goldstein_price;
mod griewank;
mod himmelblau;
mod levy13;
mod matyas;
mod mccormick;
mod monkey_saddle;
mod rastrigin;
mod ravine;
mod rosenbrock;
mod saddle;
mod six_hump_camel;
mod sphere;
mod styblinski_tang;
mod three_hump_camel;

use crate::catalog::{Chosen, Entry, Family};
use crate::numeric::{Real, of_precision};

use super::formula::{Formula, FormulaError, Program};

/// The field of the surface that is typed.
const FORMULA: &str = "formula";

/// The table of surfaces.
#[derive(Debug)]
pub struct Surfaces;

/// All but the one that is typed.
static ROWS: [&SurfaceRow; 19] = [
    &sphere::ROW,
    &ravine::ROW,
    &booth::ROW,
    &matyas::ROW,
    &rosenbrock::ROW,
    &beale::ROW,
    &goldstein_price::ROW,
    &himmelblau::ROW,
    &three_hump_camel::ROW,
    &six_hump_camel::ROW,
    &styblinski_tang::ROW,
    &mccormick::ROW,
    &rastrigin::ROW,
    &ackley::ROW,
    &griewank::ROW,
    &levy13::ROW,
    &easom::ROW,
    &saddle::ROW,
    &monkey_saddle::ROW,
];
static TABLE: [&Entry; 20] = [
    &sphere::ENTRY,
    &ravine::ENTRY,
    &booth::ENTRY,
    &matyas::ENTRY,
    &rosenbrock::ENTRY,
    &beale::ENTRY,
    &goldstein_price::ENTRY,
    &himmelblau::ENTRY,
    &three_hump_camel::ENTRY,
    &six_hump_camel::ENTRY,
    &styblinski_tang::ENTRY,
    &mccormick::ENTRY,
    &rastrigin::ENTRY,
    &ackley::ENTRY,
    &griewank::ENTRY,
    &levy13::ENTRY,
    &easom::ENTRY,
    &saddle::ENTRY,
    &monkey_saddle::ENTRY,
    &custom::ENTRY,
];

impl Family for Surfaces {
    const NOUN: &'static str = "surface";
    fn entries() -> &'static [&'static Entry] {
        &TABLE
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
    /// f*, the value at the minima; none where no minimum is known.
    pub lowest: Option<f64>,
}

/// What a row says of its surface.
#[derive(Debug, Clone, Copy)]
struct Sight {
    start: [f64; 2],
    x: (f64, f64),
    y: (f64, f64),
    minima: &'static [[f64; 2]],
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
    sight: Sight,
    single: SurfaceKernel<f32>,
    double: SurfaceKernel<f64>,
}

#[derive(Debug, Clone, Copy)]
struct SurfaceKernel<R> {
    value: fn(&[R], R, R) -> R,
    gradient: fn(&[R], R, R) -> [R; 2],
}

impl SurfaceRow {
    const fn new<L: Landscape>(entry: &'static Entry, sight: Sight) -> Self {
        Self {
            entry,
            sight,
            single: SurfaceKernel { value: L::value::<f32>, gradient: L::gradient::<f32> },
            double: SurfaceKernel { value: L::value::<f64>, gradient: L::gradient::<f64> },
        }
    }

    /// The row of a surface; none for the one that is typed.
    fn of(chosen: &Chosen<Surfaces>) -> Option<&'static Self> {
        ROWS.iter().copied().find(|row| std::ptr::eq(row.entry, chosen.entry()))
    }
}

/// A chosen surface in one precision, ready to compute. Computing does not allocate.
#[derive(Debug, Clone)]
pub struct SurfaceFunction<R> {
    body: Body<R>,
}

#[derive(Debug, Clone)]
enum Body<R> {
    Row { kernel: SurfaceKernel<R>, knobs: Vec<R> },
    Typed(Program<R>),
}

impl<R: Real> SurfaceFunction<R> {
    /// The chosen function. A formula that cannot be read (see [`formula_of`]) is NaN everywhere.
    pub fn new(chosen: &Chosen<Surfaces>) -> Self {
        let body = match SurfaceRow::of(chosen) {
            Some(row) => Body::Row {
                kernel: *of_precision::<R, SurfaceKernel<R>>(&row.single, &row.double),
                knobs: chosen.knobs().into_iter().map(R::from_f64).collect(),
            },
            None => Body::Typed(match Formula::parse(chosen.text(FORMULA)) {
                Ok(formula) => Program::new(&formula),
                Err(_unreadable) => Program::nowhere(),
            }),
        };
        Self { body }
    }

    /// The value at (x, y).
    pub fn value(&self, x: R, y: R) -> R {
        match &self.body {
            Body::Row { kernel, knobs } => (kernel.value)(knobs, x, y),
            Body::Typed(program) => program.at(x, y)[0],
        }
    }

    /// The gradient at (x, y).
    pub fn gradient(&self, x: R, y: R) -> [R; 2] {
        self.value_and_gradient(x, y).1
    }

    /// Both at (x, y).
    pub fn value_and_gradient(&self, x: R, y: R) -> (R, [R; 2]) {
        match &self.body {
            Body::Row { kernel, knobs } => {
                ((kernel.value)(knobs, x, y), (kernel.gradient)(knobs, x, y))
            }
            Body::Typed(program) => {
                let [value, dx, dy] = program.at(x, y);
                (value, [dx, dy])
            }
        }
    }
}

/// The formula of a surface that is typed, or what is wrong with it; `None` for all others.
pub fn formula_of(surface: &Chosen<Surfaces>) -> Option<Result<Formula, FormulaError>> {
    SurfaceRow::of(surface).is_none().then(|| Formula::parse(surface.text(FORMULA)))
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
    let Sight { start, x, y, minima } = SurfaceRow::of(surface).map_or(custom::SIGHT, |r| r.sight);
    let function = SurfaceFunction::<f64>::new(surface);
    let lowest = minima.iter().map(|[x, y]| function.value(*x, *y)).reduce(f64::min);
    SurfaceInfo { start, x, y, minima, lowest }
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
        assert_eq!(ROWS.len() + 1, TABLE.len());
        assert_eq!(TABLE[ROWS.len()].name, "Custom");
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
