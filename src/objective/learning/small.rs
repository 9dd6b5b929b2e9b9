//! Small dense networks of one output, a batch in one pass.
//!
//! What a batch of few rows costs through the layers is not its sums but everything in between: calls,
//! dispatch, loops of a few turns. Here the whole way up and down is one piece of work
//! ([`pass`]). The same model through layers gives the same numbers up to rounding. Invariant: a batch's
//! numbers depend on parameters and rows alone, in the order given, and a loss asked for without its
//! gradient is the same, bit for bit. Deliberately not here: more than [`MOST_HIDDEN`] hidden layers or
//! [`LANES`] units in one, more than [`MOST_FEATURES`] features, dropout, layer norms, activations that are
//! not [`Inlined`], treated classes, and every loss not named in [`Rule`]: those go through the layers.

mod pass;

use crate::catalog::Chosen;
use crate::model::{Inlined, Link, Losses, Network, PlainLayer};
use crate::numeric::{Kernels, Real};

use super::super::rows::Rows;
use super::Sums;
use pass::Pass;

/// Units side by side, the most in one layer.
const LANES: usize = 8;
/// Rows that go up and down together.
const ROWS: usize = 16;
/// More are not worth a pass of their own.
const MOST_FEATURES: usize = 16;
/// The same.
const MOST_HIDDEN: usize = 4;
/// Weights of a unit whose gradients are summed at once, the most.
const AT_ONCE: usize = 4;

/// The pass for one dataset.
#[derive(Debug)]
pub(super) struct Small<R: 'static> {
    shape: Shape,
    space: Space<R>,
    kernels: &'static Kernels<R>,
}

impl<R: Real> Small<R> {
    /// The pass, if model and losses are of the kind.
    pub(super) fn new(
        network: &Network,
        loss: &Chosen<Losses>,
        report: Option<&Chosen<Losses>>,
    ) -> Option<Self> {
        let head = network.head();
        let layers = network.plain_layers()?;
        let (output, hidden) = layers.split_last()?;
        let fits = output.units == 1
            && (1..=MOST_HIDDEN).contains(&hidden.len())
            && layers[0].inputs <= MOST_FEATURES
            && hidden.iter().all(|layer| layer.units <= LANES);
        if !fits {
            return None;
        }
        let rule = match (loss.name(), head.link, report.map(Chosen::name)) {
            ("CrossEntropy", Link::Sigmoid, None | Some("SquaredErrorSum")) => Rule::Logistic,
            ("MeanSquaredError", Link::Identity, None) => Rule::Squares,
            _ => return None,
        };
        let shape = Shape::new(rule, &layers);
        Some(Self { space: Space::new(&shape), shape, kernels: Kernels::active() })
    }

    /// The sums of a batch of `picked` rows; the mean gradient is written, if it is asked for.
    pub(super) fn run(
        &mut self,
        params: &[R],
        (rows, picked): (&Rows<R>, &[u32]),
        gradient: Option<&mut [R]>,
    ) -> Sums<R> {
        let (shape, rows) = (&self.shape, rows.run(0, rows.count()));
        let (kernels, space) = (self.kernels, &mut self.space);
        let pass = Pass { kernels, shape, space, params, rows, picked, gradient };
        kernels.runner().run(pass)
    }
}

/// What is descended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Cross-entropy of two classes, reported as itself or as a sum of squared errors.
    Logistic,
    /// Squared errors of one value, reported as themselves.
    Squares,
}

/// A layer.
#[derive(Debug, Clone, Copy)]
struct Stage {
    inputs: usize,
    units: usize,
    activation: Inlined,
    /// Where its weights begin among the parameters; its biases follow.
    params: usize,
    /// Where it begins in the space's weights: biases, a row an input, a row a unit.
    at: usize,
    /// Where it begins in the space's sums: biases, then a row a feature in the first layer, and a row
    /// a unit in the others; up to whole groups of [`AT_ONCE`].
    sums: usize,
}

/// The network.
#[derive(Debug)]
struct Shape {
    rule: Rule,
    features: usize,
    /// The hidden layers, then the output.
    stages: Vec<Stage>,
    /// How many rows of lanes the space's weights and sums are.
    weight_rows: usize,
    sum_rows: usize,
}

impl Shape {
    fn new(rule: Rule, layers: &[PlainLayer]) -> Self {
        let (mut at, mut sums) = (0, 0);
        let mut stages = Vec::with_capacity(layers.len());
        for layer in layers {
            let &PlainLayer { inputs, units, activation, params } = layer;
            stages.push(Stage { inputs, units, activation, params, at, sums });
            let rows = if at == 0 { inputs } else { units };
            sums += 1 + rows.next_multiple_of(AT_ONCE);
            at += 1 + inputs + units;
        }
        Self { rule, features: layers[0].inputs, stages, weight_rows: at, sum_rows: sums }
    }
}

/// Numbers on the way, kept between batches so that no batch has to clear them; nothing is read that
/// the same batch has not written, but zeros beside the weights.
#[derive(Debug)]
struct Space<R> {
    weights: Vec<R>,
    values: Vec<R>,
    deltas: Vec<R>,
    sums: Vec<R>,
    features: Vec<R>,
}

impl<R: Real> Space<R> {
    fn new(shape: &Shape) -> Self {
        let rows = |count: usize| vec![R::ZERO; count * LANES];
        let units = shape.stages.len() * ROWS;
        Self {
            weights: rows(shape.weight_rows),
            values: rows(units),
            deltas: rows(units),
            sums: rows(shape.sum_rows),
            features: vec![R::ZERO; ROWS * MOST_FEATURES],
        }
    }
}
