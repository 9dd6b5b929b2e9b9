//! Adam, with AMSGrad.
//!
//! With g the gradient (plus λθ), m and v its running mean and mean square:
//!
//! ```text
//! m ← m + (1 − β1)(g − m)          v ← β2·v + (1 − β2)g²
//! m̂ = m / (1 − β1ᵗ)                v̂ = v / (1 − β2ᵗ)
//! θ ← θ − γ · m̂ / (√v̂ + ε)
//! ```
//!
//! This is `torch.optim.Adam`: ε stands outside the root, and AMSGrad takes the running maximum of
//! the *uncorrected* v (optax takes that of v̂). βᵗ is kept as the product of the βs that were
//! actually applied, so that a β turned in mid-run leaves the bias correction exact.

use crate::catalog::{Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::{Optimizer, OptimizerRow, OptimizerState, Optimizers};

pub(super) static ROW: OptimizerRow = OptimizerRow {
    entry: Entry {
        name: "Adam",
        label: "Adam",
        summary: "Momentum, with each parameter's step divided by the size of its own gradients.",
        details: "Keeps a running mean of each gradient and of its square, and steps by their ratio: \
            every parameter moves about learning_rate an update, however large or small its \
            gradient. Hardly needs tuning, which is why it is so often tried first. weight_decay is \
            added to the gradient (AdamW's stands apart). AMSGrad keeps the largest mean square \
            seen, as PyTorch does it: before the bias correction, where optax corrects first.",
        source: "torch.optim.Adam; Kingma and Ba (2015), arXiv:1412.6980; Reddi et al. (2018)",
        form: Form::Named,
        fields: &[
            Field {
                name: "learning_rate",
                label: "Learning rate",
                meaning: "About how far each parameter moves in one update. Too small crawls; too \
                    large jitters around the minimum or diverges. Usual: 0.001; small problems bear \
                    0.05.",
                kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-5, 10.0)),
                default: Given::Number(0.001),
                live: true,
            },
            Field {
                name: "beta1",
                label: "Beta 1",
                meaning: "How much of the gradient's running mean is kept: the momentum. Small follows \
                    every noisy batch; close to 1 reacts late and overshoots.",
                kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.999)),
                default: Given::Number(0.9),
                live: true,
            },
            Field {
                name: "beta2",
                label: "Beta 2",
                meaning: "How much of the squares' running mean is kept. Too small makes step sizes \
                    jump with each batch; close to 1 remembers an early steep slope for long.",
                kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.9999)),
                default: Given::Number(0.999),
                live: true,
            },
            Field {
                name: "epsilon",
                label: "Epsilon",
                meaning: "Added to the root of the mean square, against division by 0. Too large turns \
                    Adam into plain momentum with a tiny rate; too small lets vanishing gradients \
                    take full steps.",
                kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-12, 1.0)),
                default: Given::Number(1e-8),
                live: true,
            },
            Field {
                name: "weight_decay",
                label: "Weight decay",
                meaning: "Adds this part of each parameter to its gradient. 0 is none; Adam's division \
                    then evens it out, so it acts less than one expects.",
                kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 1.0)),
                default: Given::Number(0.0),
                live: true,
            },
            Field {
                name: "amsgrad",
                label: "AMSGrad",
                meaning: "Divides by the largest mean square seen so far, so that steps can only get \
                    smaller. Steadier near a minimum, slower after an early spike.",
                kind: Kind::Flag,
                default: Given::Flag(false),
                live: true,
            },
        ],
    },
    f32: |len| Box::new(Adam::<f32>::new(len)),
    f64: |len| Box::new(Adam::<f64>::new(len)),
};

/// The rule with its moments.
#[derive(Debug)]
struct Adam<R> {
    mean: Vec<R>,
    square: Vec<R>,
    largest: Vec<R>,
    /// Π β1 and Π β2 over the updates so far.
    products: [f64; 2],
    knobs: Knobs,
}

#[derive(Debug, Clone, Copy, Default)]
struct Knobs {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    weight_decay: f64,
    amsgrad: bool,
}

impl<R: Real> Adam<R> {
    fn new(len: usize) -> Self {
        let zeros = || vec![R::ZERO; len];
        Self {
            mean: zeros(),
            square: zeros(),
            largest: zeros(),
            products: [1.0; 2],
            knobs: Knobs::default(),
        }
    }
}

impl<R: Real> Optimizer<R> for Adam<R> {
    fn configure(&mut self, knobs: &Chosen<Optimizers>) {
        let amsgrad = knobs.flag("amsgrad");
        if self.knobs.amsgrad && !amsgrad {
            // Turned on again later, the maximum starts anew.
            self.largest.fill(R::ZERO);
        }
        self.knobs = Knobs {
            beta1: knobs.number("beta1"),
            beta2: knobs.number("beta2"),
            epsilon: knobs.number("epsilon"),
            weight_decay: knobs.number("weight_decay"),
            amsgrad,
        };
    }

    fn update(&mut self, learning_rate: f64, params: &mut [R], gradient: &[R]) {
        let Knobs { beta1, beta2, epsilon, weight_decay, amsgrad } = self.knobs;
        self.products[0] *= beta1;
        self.products[1] *= beta2;
        let rate = R::from_f64(learning_rate / (1.0 - self.products[0]));
        let root_correction = R::from_f64((1.0 - self.products[1]).sqrt());
        let new1 = R::from_f64(1.0 - beta1);
        let (old2, new2) = (R::from_f64(beta2), R::from_f64(1.0 - beta2));
        let (epsilon, decay) = (R::from_f64(epsilon), R::from_f64(weight_decay));
        let moments = self.mean.iter_mut().zip(&mut self.square);
        let pairs = params.iter_mut().zip(gradient).zip(moments);
        if amsgrad {
            for (((w, &g), (m, v)), top) in pairs.zip(&mut self.largest) {
                let g = g + decay * *w;
                *m += new1 * (g - *m);
                *v = old2 * *v + new2 * (g * g);
                *top = if *v > *top { *v } else { *top };
                *w -= rate * (*m / (top.sqrt() / root_correction + epsilon));
            }
        } else {
            for ((w, &g), (m, v)) in pairs {
                let g = g + decay * *w;
                *m += new1 * (g - *m);
                *v = old2 * *v + new2 * (g * g);
                *w -= rate * (*m / (v.sqrt() / root_correction + epsilon));
            }
        }
    }

    fn state(&self) -> OptimizerState<R> {
        let Self { mean, square, largest, products, knobs: _ } = self;
        OptimizerState {
            buffers: vec![mean.clone(), square.clone(), largest.clone()],
            numbers: products.to_vec(),
        }
    }

    fn restore(&mut self, state: &OptimizerState<R>) {
        let Self { mean, square, largest, products, knobs: _ } = self;
        mean.copy_from_slice(&state.buffers[0]);
        square.copy_from_slice(&state.buffers[1]);
        largest.copy_from_slice(&state.buffers[2]);
        products.copy_from_slice(&state.numbers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::build_optimizer;

    #[test]
    fn after_a_change_of_beta_the_correction_is_that_of_the_betas_applied() {
        // With a constant gradient and exact corrections, every step has the size of the rate.
        let knobs = Chosen::<Optimizers>::named("Adam").unwrap().with("epsilon", 0.0);
        let mut adam = build_optimizer::<f64>(&knobs, 1);
        let mut w = [0.0];
        for k in 0..40 {
            if k == 10 {
                adam.configure(&knobs.clone().with("beta1", 0.5).with("beta2", 0.9));
            }
            adam.update(0.25, &mut w, &[3.0]);
            let expected = -0.25 * f64::from(k + 1);
            assert!((w[0] - expected).abs() < 1e-12, "update {}: {} ≠ {expected}", k + 1, w[0]);
        }
    }
}
