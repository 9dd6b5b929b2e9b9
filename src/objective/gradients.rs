//! How a lane gets its gradient: by the chain rule, or by trying each parameter a little to both
//! sides.
//!
//! The second is what one would do without calculus: two evaluations a parameter for every update,
//! and never quite exact. It is here to be watched beside the first.
//!
//! Invariant: the loss recorded with a numeric gradient is that of the analytic one, bit for bit.

use std::ops::Range;

use ndarray::ArrayView2;

use crate::catalog::{
    Card, Chosen, Entry, Family, Field, Form, Given, Interval, Kind, Scale, Value,
};
use crate::model::{DensePart, DropoutRates, ParamLayout};
use crate::numeric::{Real, Team};

use super::{Evaluation, Inside, LayerSums, Objective, Outputs, Regularize, Values};

/// The table of ways to get a gradient.
#[derive(Debug)]
pub struct Gradients;

static TABLE: [&Entry; 2] = [&ANALYTIC, &NUMERIC];

impl Family for Gradients {
    const NOUN: &'static str = "gradient";
    fn entries() -> &'static [&'static Entry] {
        &TABLE
    }
}

/// Whether a lane's gradient is measured by differences, not derived.
#[must_use]
pub fn is_measured(gradient: Option<&Chosen<Gradients>>) -> bool {
    gradient.is_some_and(|gradient| gradient.name() == NUMERIC.name)
}

static ANALYTIC: Entry = Entry {
    name: "Analytic",
    label: "Analytic",
    summary: "By the chain rule: exact, and about as cheap as two evaluations of the loss.",
    details: "Backpropagation through the network, or the derivative of the surface.",
    source: "Rumelhart, Hinton and Williams (1986)",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "g = ∇loss(w)",
        shines: "Always: one backward pass gives the whole gradient, however many parameters.",
        hurts: "Has to be derived and checked, which is what the numeric one is for.",
        differs: "What every library does.",
        call: "loss.backward()",
        numpy: "",
    }),
};

static NUMERIC: Entry = Entry {
    name: "Numeric",
    label: "Numeric",
    summary: "By central differences: each parameter is moved a little to both sides.",
    details: "Two evaluations of the loss a parameter, for every update: slow, and only nearly right. \
        The walker who can only measure the loss where it stands. Beside an analytic lane of the same \
        optimizer it takes the same path, visibly slower.",
    source: "any text on numerical differentiation; the tutorials",
    fields: &[Field {
        name: "step",
        label: "Difference",
        meaning: "How far each parameter is moved to either side. Too large measures the slope of a \
            chord; too small drowns in rounding (in F32, below about 0.001).",
        kind: Kind::Number(Interval::POSITIVE, Scale::Log(1e-9, 0.1)),
        default: Given::Number(1e-5),
        live: false,
    }],
    form: Form::Positional,
    card: Some(&Card {
        equation: "gᵢ = (loss(w + h·eᵢ) − loss(w − h·eᵢ)) / 2h",
        shines: "Checking an analytic gradient; losses nobody can differentiate.",
        hurts: "Costs two evaluations a parameter, and loses half of the digits.",
        differs: "torch.autograd.gradcheck compares with the same central differences.",
        call: "scipy.optimize.approx_fprime(w, loss, {step})  # one-sided there",
        numpy: "",
    }),
};

/// An objective whose gradient is measured, not derived.
#[derive(Debug)]
pub struct NumericGradient<R> {
    inner: Box<dyn Objective<R>>,
    step: f64,
    tried: Vec<R>,
}

impl<R: Real> NumericGradient<R> {
    /// Central differences of `step` to either side around `inner`'s values.
    pub fn new(inner: Box<dyn Objective<R>>, step: f64) -> Self {
        let tried = vec![R::ZERO; inner.layout().len()];
        Self { inner, step, tried }
    }
}

/// `objective` as it is, or with the gradient that is chosen.
pub fn with_gradient<R: Real>(
    objective: Box<dyn Objective<R>>,
    gradient: Option<&Chosen<Gradients>>,
) -> Box<dyn Objective<R>> {
    match gradient.and_then(|chosen| chosen.get("step")).and_then(Value::as_number) {
        Some(step) => Box::new(NumericGradient::new(objective, step)),
        None => objective,
    }
}

impl<R: Real> Objective<R> for NumericGradient<R> {
    fn layout(&self) -> &ParamLayout {
        self.inner.layout()
    }

    fn train_rows(&self) -> usize {
        self.inner.train_rows()
    }

    fn join(&mut self, team: &Team) {
        self.inner.join(team);
    }

    fn regularize(&mut self, penalties: Regularize) {
        self.inner.regularize(penalties);
    }

    fn drop_out(&mut self, rates: &DropoutRates) {
        self.inner.drop_out(rates);
    }

    fn evaluations(&self) -> u64 {
        1 + 2 * self.tried.len() as u64
    }

    fn value_and_gradient(
        &mut self,
        params: &[R],
        rows: &[u32],
        step: u64,
        gradient: &mut [R],
    ) -> Values<R> {
        self.tried.copy_from_slice(params);
        let h = R::from_f64(self.step);
        for (i, g) in gradient.iter_mut().enumerate() {
            let mut at = |w: R| {
                self.tried[i] = w;
                self.inner.value(&self.tried, rows, step).loss
            };
            let (above, below) = (params[i] + h, params[i] - h);
            // Divided by the distance there really is, once both ends are rounded.
            *g = (at(above) - at(below)) / (above - below);
            self.tried[i] = params[i];
        }
        self.inner.value(params, rows, step)
    }

    fn value(&mut self, params: &[R], rows: &[u32], step: u64) -> Values<R> {
        self.inner.value(params, rows, step)
    }

    fn evaluate(&mut self, params: &[R]) -> Evaluation {
        self.inner.evaluate(params)
    }

    fn measure(&mut self, params: &[R], batch_rows: usize) -> Evaluation {
        self.inner.measure(params, batch_rows)
    }

    fn layer_sums(&mut self, params: &[R], rows: &[u32]) -> Vec<LayerSums> {
        self.inner.layer_sums(params, rows)
    }

    fn predict(&mut self, params: &[R], features: ArrayView2<'_, f64>) -> Option<Outputs> {
        self.inner.predict(params, features)
    }

    fn parts(&self) -> Vec<DensePart> {
        self.inner.parts()
    }

    fn units(
        &mut self,
        params: &[R],
        features: ArrayView2<'_, f64>,
        shown: &[Range<usize>],
    ) -> Option<Outputs> {
        self.inner.units(params, features, shown)
    }

    fn gather(&mut self, params: &[R], rows: &[u32], part: Range<usize>, inside: &mut Inside) {
        self.inner.gather(params, rows, part, inside);
    }
}
