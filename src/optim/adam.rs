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

use crate::catalog::{Card, Chosen, Entry, Form};
use crate::numeric::Real;

use super::parts::{AMSGRAD, BETA1, BETA2, EPSILON, LEARNING_RATE, WEIGHT_DECAY};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Adam<false>, 3>(Entry {
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
    card: Some(&Card {
        equation: "g ← g + λ·w\nm ← β1·m + (1 − β1)·g\nv ← β2·v + (1 − β2)·g²\nm̂ = m / (1 − β1ᵗ), \
            v̂ = v / (1 − β2ᵗ)\nw ← w − γ·m̂ / (√v̂ + ε)",
        shines: "Nearly everywhere as a first try: noisy batches, gradients of very different size from \
            layer to layer, little time to tune.",
        hurts: "Near a minimum it keeps jumping by about γ unless a schedule lowers the rate; well-tuned \
            SGD with momentum often generalises better on images; weight_decay hardly acts (see AdamW).",
        differs: "PyTorch's. Keras and TensorFlow add ε before the correction of v and take 1e-7. For \
            AMSGrad optax takes the largest corrected v̂, this and Keras the largest v. The paper's ε is \
            this one in its algorithm, Keras's in its remark on speed.",
        call: "torch.optim.Adam(params, lr={learning_rate}, betas=({beta1}, {beta2}), eps={epsilon}, \
            weight_decay={weight_decay}, amsgrad={amsgrad})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    g = g + {weight_decay} * w
    s[\"p1\"] = s.get(\"p1\", 1.0) * b1
    s[\"p2\"] = s.get(\"p2\", 1.0) * {beta2}
    s[\"m\"] = b1 * s.get(\"m\", 0.0) + (1 - b1) * g
    v = s[\"v\"] = {beta2} * s.get(\"v\", 0.0) + (1 - {beta2}) * g * g
    if {amsgrad}:
        v = s[\"top\"] = np.maximum(s.get(\"top\", 0.0), v)
    else:
        s.pop(\"top\", None)
    m_hat, v_hat = s[\"m\"] / (1 - s[\"p1\"]), v / (1 - s[\"p2\"])
    return w - lr * m_hat / (np.sqrt(v_hat) + {epsilon})
",
    }),
    fields: &[LEARNING_RATE, BETA1, BETA2, EPSILON, WEIGHT_DECAY, AMSGRAD],
});

/// The rule; its buffers are m, v and the largest v. `DECOUPLED` makes it `AdamW`: decay shrinks the
/// parameters beside the step.
#[derive(Debug, Clone)]
pub(super) struct Adam<const DECOUPLED: bool> {
    knobs: Knobs,
    /// Π β1 and Π β2 over the updates so far.
    products: [f64; 2],
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    weight_decay: f64,
    amsgrad: bool,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            beta1: knobs.number("beta1"),
            beta2: knobs.number("beta2"),
            epsilon: knobs.number("epsilon"),
            weight_decay: knobs.number("weight_decay"),
            amsgrad: knobs.flag("amsgrad"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Step<R> {
    /// γ·√(1 − β2ᵗ) / (1 − β1ᵗ) and ε·√(1 − β2ᵗ): both corrections, where no division is needed.
    rate: R,
    epsilon: R,
    new1: R,
    old2: R,
    new2: R,
    told: Told<R>,
    /// λ, or γλ if decoupled.
    decay: R,
    amsgrad: bool,
}

/// Numbers that only the telling needs.
#[derive(Debug, Clone, Copy)]
struct Told<R> {
    rate: R,
    epsilon: R,
    /// β1ᵗ and β2ᵗ.
    powers: [R; 2],
    root_correction2: R,
}

impl<const DECOUPLED: bool> Rule<3> for Adam<DECOUPLED> {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), products: [1.0; 2] }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, buffers: &mut [Vec<R>; 3]) {
        let knobs = Knobs::of(knobs);
        if self.knobs.amsgrad && !knobs.amsgrad {
            // Turned on again later, the maximum starts anew.
            buffers[2].fill(R::ZERO);
        }
        self.knobs = knobs;
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { beta1, beta2, epsilon, weight_decay, amsgrad } = self.knobs;
        let beta1 = scheduled.momentum.unwrap_or(beta1);
        self.products[0] *= beta1;
        self.products[1] *= beta2;
        let root = (1.0 - self.products[1]).sqrt();
        Step {
            rate: R::from_f64(scheduled.learning_rate * root / (1.0 - self.products[0])),
            epsilon: R::from_f64(epsilon * root),
            new1: R::from_f64(1.0 - beta1),
            old2: R::from_f64(beta2),
            new2: R::from_f64(1.0 - beta2),
            told: Told {
                rate: R::from_f64(scheduled.learning_rate),
                epsilon: R::from_f64(epsilon),
                powers: self.products.map(R::from_f64),
                root_correction2: R::from_f64(root),
            },
            decay: R::from_f64(if DECOUPLED {
                scheduled.learning_rate * weight_decay
            } else {
                weight_decay
            }),
            amsgrad,
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        mut w: R,
        mut g: R,
        [m, v, top]: [&mut R; 3],
        trace: &mut T,
    ) -> R {
        let told = &step.told;
        trace.given("γ", told.rate);
        trace.given("β1", R::ONE - step.new1);
        trace.given("β2", step.old2);
        trace.given("ε", told.epsilon);
        trace.given(if DECOUPLED { "γλ" } else { "λ" }, step.decay);
        trace.given("β1ᵗ", told.powers[0]);
        trace.given("β2ᵗ", told.powers[1]);
        trace.given("m", *m);
        trace.given("v", *v);
        if DECOUPLED {
            w -= step.decay * w;
            trace.computed("w", "w − γλ·w", w);
        } else {
            g += step.decay * w;
            trace.computed("g", "g + λ·w", g);
        }
        *m += step.new1 * (g - *m);
        trace.computed("m", "β1·m + (1 − β1)·g", *m);
        *v = step.old2 * *v + step.new2 * (g * g);
        trace.computed("v", "β2·v + (1 − β2)·g²", *v);
        let mut square = *v;
        if step.amsgrad {
            trace.given("v_max", *top);
            square = if *v > *top { *v } else { *top };
            *top = square;
            trace.computed("v_max", "max(v_max, v)", square);
        }
        trace.computed("m̂", "m / (1 − β1ᵗ)", *m / (R::ONE - told.powers[0]));
        let corrected = if step.amsgrad { "v_max / (1 − β2ᵗ)" } else { "v / (1 − β2ᵗ)" };
        let root = square.sqrt() / told.root_correction2;
        trace.computed("v̂", corrected, root * root);
        trace.computed("γ_eff", "γ / (√v̂ + ε)", told.rate / (root + told.epsilon));
        let scale = square.sqrt() + step.epsilon;
        let moved = step.rate * (*m / scale);
        trace.computed("Δw", "−γ · m̂ / (√v̂ + ε)", -moved);
        let after = w - moved;
        trace.computed("w", "w + Δw", after);
        after
    }

    fn numbers(&self) -> Vec<f64> {
        self.products.to_vec()
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.products.copy_from_slice(numbers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::{Elementwise, Optimizer};

    #[test]
    fn after_a_change_of_beta_the_correction_is_that_of_the_betas_applied() {
        // With a constant gradient and exact corrections, every step has the size of the rate.
        let knobs = Chosen::<Optimizers>::named("Adam").unwrap().with("epsilon", 0.0);
        let mut adam = Elementwise::<f64, Adam<false>, 3>::new(&knobs, 1);
        let mut w = [0.0];
        for k in 0..40 {
            if k == 10 {
                adam.configure(&knobs.clone().with("beta1", 0.5).with("beta2", 0.9));
            }
            adam.update(Scheduled::rate(0.25), &mut w, &[3.0]);
            let expected = -0.25 * f64::from(k + 1);
            assert!((w[0] - expected).abs() < 1e-12, "update {}: {} ≠ {expected}", k + 1, w[0]);
        }
    }
}
