//! A model of one output without hidden layers, a batch in one pass.
//!
//! With few features whole rows stand side by side in lanes (`narrow`): their sums, their losses and what
//! each adds to the gradient are made of registers, with nothing written in between. With many, a few rows
//! at a time go through sums, losses and gradient while they are near (`wide`). The same model through
//! layers gives the same numbers up to rounding. Invariant: a batch's numbers depend on parameters and rows
//! alone, in the order given; sums side by side are added in pairs at the end. Deliberately not here: other
//! numbers of features, treated classes, and every loss not named in [`Rule`]: those go through the layers.

mod narrow;
mod wide;

use crate::catalog::Chosen;
use crate::model::{Link, Losses, Network};
use crate::numeric::{Arithmetic, ROW_WIDTHS, Real, RowKernels, Runner, Work};

use super::super::rows::Rows;
use super::Sums;
use super::rules::{Logistic, PerRow, Squares};
use narrow::Narrow;
use wide::Wide;

/// The most features of rows that stand side by side.
const FEW: usize = 4;

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
    shape: Shape<R>,
    runner: Runner,
}

#[derive(Debug)]
enum Shape<R> {
    /// Few features, with those of all rows, feature by feature.
    Narrow(Vec<R>),
    /// Many, on a path that has passes over them.
    Wide(RowKernels<R>),
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
        if network.has_hidden_layers() || head.width != 1 {
            return None;
        }
        let rule = match (loss.name(), head.link, report.map(Chosen::name)) {
            ("CrossEntropy", Link::Sigmoid, None | Some("SquaredErrorSum")) => Rule::Logistic,
            ("MeanSquaredError", Link::Identity, None) => Rule::Squares,
            _ => return None,
        };
        let (features, runner) = (rows.width(), Runner::active());
        let shape = if (1..=FEW).contains(&features) {
            let (all, _) = rows.all();
            let column = |j: usize| all.iter().skip(j).step_by(features).copied();
            Shape::Narrow((0..features).flat_map(column).collect())
        } else if ROW_WIDTHS.contains(&features) {
            Shape::Wide(RowKernels::of(runner)?)
        } else {
            return None;
        };
        Some(Self { rule, reports: report.is_some(), features, shape, runner })
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
        let (x, targets) = rows.all();
        let params = &params[..=self.features];
        let (loss, report) = match &self.shape {
            Shape::Narrow(columns) => {
                let batch = Narrow { columns, x, targets, params, picked };
                self.runner.run(Pass { linear: self, batch, loss, gradient })
            }
            Shape::Wide(kernels) => {
                let batch = Wide { x, targets, params, picked };
                match self.rule {
                    Rule::Squares => batch.run::<Squares>(*kernels, self.runner, gradient),
                    Rule::Logistic if loss || !self.reports => {
                        batch.run::<Logistic<true>>(*kernels, self.runner, gradient)
                    }
                    Rule::Logistic => batch.run::<Logistic<false>>(*kernels, self.runner, gradient),
                }
            }
        };
        Sums { loss, report }
    }
}

/// The pass over few features.
struct Pass<'a, R> {
    linear: &'a Linear<R>,
    batch: Narrow<'a, R>,
    loss: bool,
    gradient: &'a mut [R],
}

impl<R: Real> Work for Pass<'_, R> {
    type Output = (R, R);

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> (R, R) {
        match self.linear.rule {
            Rule::Squares => self.of_rule::<A, Squares>(),
            Rule::Logistic if self.loss || !self.linear.reports => {
                self.of_rule::<A, Logistic<true>>()
            }
            Rule::Logistic => self.of_rule::<A, Logistic<false>>(),
        }
    }
}

impl<R: Real> Pass<'_, R> {
    #[inline(always)]
    fn of_rule<A: Arithmetic, P: PerRow>(self) -> (R, R) {
        let Self { batch, gradient, .. } = self;
        match self.linear.features {
            1 => batch.run::<A::Number<R>, P, 1>(gradient),
            2 => batch.run::<A::Number<R>, P, 2>(gradient),
            3 => batch.run::<A::Number<R>, P, 3>(gradient),
            _ => batch.run::<A::Number<R>, P, FEW>(gradient),
        }
    }
}
