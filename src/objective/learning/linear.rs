//! A model of one output without hidden layers, a batch in one pass.
//!
//! Rows stand side by side in lanes: their sums, their losses and what each adds to the gradient are
//! made of registers, with nothing written in between. The same model through layers gives the same
//! numbers up to rounding. Invariant: a batch's numbers depend on parameters and rows alone, in the
//! order given; [`LANES`] sums side by side are added in pairs at the end. Deliberately not here: more
//! than [`MOST_FEATURES`] features, treated classes, and every loss not named in [`Rule`]: those go
//! through the layers.

use crate::catalog::Chosen;
use crate::model::{Link, Losses, Network};
use crate::numeric::{Arithmetic, Real, Runner, Stands, Work};

use super::super::rows::Rows;
use super::Sums;

/// Rows side by side.
const LANES: usize = 8;

/// More are not worth a pass of their own.
const MOST_FEATURES: usize = 4;

/// What is descended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Cross-entropy of two classes, reported as itself or as a sum of squared errors.
    Logistic,
    /// Squared errors of one value, reported as themselves.
    Squares,
}

/// The pass for one dataset.
#[derive(Debug)]
pub(super) struct Linear<R> {
    rule: Rule,
    reports: bool,
    features: usize,
    /// The features of all rows, feature by feature.
    columns: Vec<R>,
    runner: Runner,
}

impl<R: Real> Linear<R> {
    /// The pass, if model and losses are of the kind.
    pub(super) fn new(
        network: &Network,
        loss: &Chosen<Losses>,
        report: Option<&Chosen<Losses>>,
        rows: &Rows<R>,
    ) -> Option<Self> {
        let head = network.head();
        let features = rows.width();
        if network.has_hidden_layers()
            || head.width != 1
            || !(1..=MOST_FEATURES).contains(&features)
        {
            return None;
        }
        let rule = match (loss.name(), head.link, report.map(Chosen::name)) {
            ("CrossEntropy", Link::Sigmoid, None | Some("SquaredErrorSum")) => Rule::Logistic,
            ("MeanSquaredError", Link::Identity, None) => Rule::Squares,
            _ => return None,
        };
        let (all, _) = rows.run(0, rows.count());
        let column = |j: usize| all.iter().skip(j).step_by(features).copied();
        let columns = (0..features).flat_map(column).collect();
        Some(Self { rule, reports: report.is_some(), features, columns, runner: Runner::active() })
    }

    /// The sums of a batch of `picked` rows, with the mean gradient written. Without `loss`, where a
    /// report is shown, the sum of the loss is only finite where the loss's is.
    pub(super) fn descend(
        &self,
        params: &[R],
        (rows, picked): (&Rows<R>, &[u32]),
        loss: bool,
        gradient: &mut [R],
    ) -> Sums<R> {
        let pass = Pass { linear: self, params, rows, picked, loss, gradient };
        self.runner.run(pass)
    }
}

struct Pass<'a, R> {
    linear: &'a Linear<R>,
    params: &'a [R],
    rows: &'a Rows<R>,
    picked: &'a [u32],
    loss: bool,
    gradient: &'a mut [R],
}

impl<R: Real> Work for Pass<'_, R> {
    type Output = Sums<R>;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> Sums<R> {
        match self.linear.features {
            1 => self.of_width::<A::Number<R>, 1>(),
            2 => self.of_width::<A::Number<R>, 2>(),
            3 => self.of_width::<A::Number<R>, 3>(),
            _ => self.of_width::<A::Number<R>, MOST_FEATURES>(),
        }
    }
}

impl<R: Real> Pass<'_, R> {
    #[inline(always)]
    fn of_width<X: Real + Stands<R>, const F: usize>(self) -> Sums<R> {
        match self.linear.rule {
            Rule::Squares => self.all_rows::<X, Squares, F>(),
            Rule::Logistic if self.loss || !self.linear.reports => {
                self.all_rows::<X, Logistic<true>, F>()
            }
            Rule::Logistic => self.all_rows::<X, Logistic<false>, F>(),
        }
    }

    #[inline(always)]
    fn all_rows<X: Real + Stands<R>, P: PerRow, const F: usize>(self) -> Sums<R> {
        let weights: [X; F] = std::array::from_fn(|j| X::of(self.params[j]));
        let bias = X::of(self.params[F]);
        let mut sums = Totals::<X, F>::ZERO;
        let (picked, stride) = (self.picked, self.rows.count());
        let first = picked.first().map_or(0, |row| *row as usize);
        let (_, targets) = self.rows.run(0, stride);
        let apart = picked.iter().zip(first as u32..).fold(0, |any, (a, b)| any | (a ^ b));
        let whole = picked.len() - picked.len() % LANES;
        for block in (0..whole).step_by(LANES) {
            let mut x = [[X::ZERO; LANES]; F];
            let mut t = [X::ZERO; LANES];
            if apart == 0 {
                let at = first + block;
                for (j, x) in x.iter_mut().enumerate() {
                    let column = &self.linear.columns[j * stride + at..][..LANES];
                    x.copy_from_slice(<X as Stands<R>>::all(column));
                }
                t.copy_from_slice(<X as Stands<R>>::all(&targets[at..][..LANES]));
            } else {
                self.gather(&picked[block..block + LANES], targets, &mut x, &mut t);
            }
            sums.add::<P, true>(&weights, bias, &x, &t, LANES);
        }
        if whole < picked.len() {
            let mut x = [[X::ZERO; LANES]; F];
            let mut t = [X::ZERO; LANES];
            let rest = &picked[whole..];
            self.gather(rest, targets, &mut x, &mut t);
            sums.add::<P, false>(&weights, bias, &x, &t, rest.len());
        }
        sums.end(picked.len(), self.gradient)
    }

    #[inline(always)]
    fn gather<X: Real + Stands<R>, const F: usize>(
        &self,
        picked: &[u32],
        targets: &[R],
        x: &mut [[X; LANES]; F],
        t: &mut [X; LANES],
    ) {
        let stride = self.rows.count();
        for (lane, row) in picked.iter().enumerate() {
            let row = *row as usize;
            t[lane] = X::of(targets[row]);
            for (j, x) in x.iter_mut().enumerate() {
                x[lane] = X::of(self.linear.columns[j * stride + row]);
            }
        }
    }
}

/// What is made of one row.
trait PerRow {
    /// The loss's term, the report's, and the slope by the row's sum.
    fn of<X: Real>(z: X, t: X) -> (X, X, X);
}

struct Squares;

impl PerRow for Squares {
    #[inline(always)]
    fn of<X: Real>(z: X, t: X) -> (X, X, X) {
        let error = z - t;
        (error * error, X::ZERO, error + error)
    }
}

/// With the loss's term, or with |z|, which is finite where that is.
struct Logistic<const LOSS: bool>;

impl<const LOSS: bool> PerRow for Logistic<LOSS> {
    #[inline(always)]
    fn of<X: Real>(z: X, t: X) -> (X, X, X) {
        let e = (-z.abs()).exp();
        let numerator = if z < X::ZERO { e } else { X::ONE };
        let error = numerator / (X::ONE + e) - t;
        let loss = if LOSS { z.max(X::ZERO) - z * t + e.ln_1p() } else { z.abs() };
        (loss, error * error, error)
    }
}

/// Sums side by side.
struct Totals<X, const F: usize> {
    loss: [X; LANES],
    report: [X; LANES],
    slope: [X; LANES],
    /// Slope times each feature.
    along: [[X; LANES]; F],
}

impl<X: Real, const F: usize> Totals<X, F> {
    const ZERO: Self = Self {
        loss: [X::ZERO; LANES],
        report: [X::ZERO; LANES],
        slope: [X::ZERO; LANES],
        along: [[X::ZERO; LANES]; F],
    };

    /// Adds `rows` rows, each to a lane of its own; lanes without a row add nothing.
    #[inline(always)]
    fn add<P: PerRow, const WHOLE: bool>(
        &mut self,
        weights: &[X; F],
        bias: X,
        x: &[[X; LANES]; F],
        t: &[X; LANES],
        rows: usize,
    ) {
        for lane in 0..LANES {
            let mut z = bias;
            for (weight, x) in weights.iter().zip(x) {
                z += *weight * x[lane];
            }
            let (loss, report, slope) = P::of(z, t[lane]);
            let live = |number: X| if WHOLE || lane < rows { number } else { X::ZERO };
            self.loss[lane] += live(loss);
            self.report[lane] += live(report);
            let slope = live(slope);
            self.slope[lane] += slope;
            for (along, x) in self.along.iter_mut().zip(x) {
                along[lane] += slope * x[lane];
            }
        }
    }

    /// Writes the mean gradient; gives the sums.
    #[inline(always)]
    fn end<R: Real>(self, rows: usize, gradient: &mut [R]) -> Sums<R>
    where
        X: Stands<R>,
    {
        let rows = R::from_f64(rows as f64);
        for (g, along) in gradient.iter_mut().zip(self.along) {
            *g = in_pairs(along).bare() / rows;
        }
        gradient[F] = in_pairs(self.slope).bare() / rows;
        Sums { loss: in_pairs(self.loss).bare(), report: in_pairs(self.report).bare() }
    }
}

#[inline(always)]
fn in_pairs<X: Real>([a, b, c, d, e, f, g, h]: [X; LANES]) -> X {
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}
