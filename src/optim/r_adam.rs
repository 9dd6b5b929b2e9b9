//! `RAdam`: Adam that waits for its second moment to be known.
//!
//! With g the gradient (plus λθ unless the decay is decoupled) and moments as Adam's:
//!
//! ```text
//! ρ∞ = 2 / (1 − β2) − 1            ρ = ρ∞ − 2t·β2ᵗ / (1 − β2ᵗ)
//! r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ))
//! θ ← θ − γ·m̂                                   while ρ ≤ 5
//! θ ← θ − γ·r·m̂·√(1 − β2ᵗ) / (√v + ε)           then
//! ```
//!
//! This is `torch.optim.RAdam`, ε before the correction of v. The paper's threshold is 4, optax's and
//! PyTorch's 5. ρ comes from the product of the β2 applied and the count of updates.

use crate::catalog::{Card, Chosen, Entry, Form};
use crate::numeric::Real;

use super::parts::{
    BETA1, BETA2, DECOUPLED, EPSILON, LEARNING_RATE, Mean, WEIGHT_DECAY, decayed, moved,
};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<RAdam, 2>(Entry {
    name: "RAdam",
    label: "RAdam",
    summary: "Adam with a warm-up of its own: plain momentum until its step sizes can be trusted.",
    details: "Adam's first steps divide by a mean of very few squares, which may be far off. RAdam \
            computes how far, follows bare momentum while it is too far (five updates at the usual \
            beta2), and then grows into Adam over a few thousand updates.",
    source: "torch.optim.RAdam; Liu et al. (2020), arXiv:1908.03265",
    form: Form::Named,
    card: Some(&Card {
        equation: "m, v, m̂ as Adam's\nρ = ρ∞ − 2t·β2ᵗ / (1 − β2ᵗ), ρ∞ = 2 / (1 − β2) − 1\n\
            w ← w − γ·m̂ while ρ ≤ 5\nr = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ))\n\
            w ← w − γ·r·m̂·√(1 − β2ᵗ) / (√v + ε)",
        shines: "Runs that would otherwise need a hand-made warm-up: transformers, small batches.",
        hurts: "Short runs: its growing takes about 2 / (1 − beta2) updates. Its first five steps are as \
            long as the gradient is, where Adam's are bounded by the rate.",
        differs: "PyTorch's. The paper starts at ρ > 4; PyTorch and optax at ρ > 5. PyTorch adds ε to √v \
            before the correction, optax after it. Keras has none.",
        call: "torch.optim.RAdam(params, lr={learning_rate}, betas=({beta1}, {beta2}), eps={epsilon}, \
            weight_decay={weight_decay}, decoupled_weight_decay={decoupled_weight_decay})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    if {decoupled_weight_decay}:
        w = w * (1 - lr * {weight_decay})
    else:
        g = g + {weight_decay} * w
    s[\"p1\"] = s.get(\"p1\", 1.0) * b1
    s[\"p2\"] = p2 = s.get(\"p2\", 1.0) * {beta2}
    s[\"m\"] = b1 * s.get(\"m\", 0.0) + (1 - b1) * g
    s[\"v\"] = {beta2} * s.get(\"v\", 0.0) + (1 - {beta2}) * g * g
    m_hat = s[\"m\"] / (1 - s[\"p1\"])
    end = 2 / (1 - {beta2}) - 1
    rho = end - 2 * t * p2 / (1 - p2)
    if rho <= 5:
        return w - lr * m_hat
    r = math.sqrt((rho - 4) * (rho - 2) * end / ((end - 4) * (end - 2) * rho))
    return w - lr * r * m_hat * math.sqrt(1 - p2) / (np.sqrt(s[\"v\"]) + {epsilon})
",
    }),
    fields: &[LEARNING_RATE, BETA1, BETA2, EPSILON, WEIGHT_DECAY, DECOUPLED],
});

/// The rule; its buffers are m and v.
#[derive(Debug, Clone)]
struct RAdam {
    knobs: Knobs,
    /// Π β1, Π β2 and the updates so far.
    products: [f64; 2],
    done: f64,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    weight_decay: f64,
    decoupled: bool,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            beta1: knobs.number("beta1"),
            beta2: knobs.number("beta2"),
            epsilon: knobs.number("epsilon"),
            weight_decay: knobs.number("weight_decay"),
            decoupled: knobs.flag("decoupled_weight_decay"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    first: Mean<R>,
    second: Mean<R>,
    /// r·√(1 − β2ᵗ), once the second moment is trusted.
    trust: Option<R>,
    epsilon: R,
    decay: R,
    decoupled: bool,
}

/// r, once ρ is above 5.
fn rectification(beta2: f64, product: f64, done: f64) -> Option<f64> {
    let end = 2.0 / (1.0 - beta2) - 1.0;
    let now = end - 2.0 * done * product / (1.0 - product);
    let share = (now - 4.0) * (now - 2.0) * end / ((end - 4.0) * (end - 2.0) * now);
    (now > 5.0).then(|| share.sqrt())
}

impl Rule<2> for RAdam {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), products: [1.0; 2], done: 0.0 }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 2]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { beta1, beta2, epsilon, weight_decay, decoupled } = self.knobs;
        let beta1 = scheduled.momentum.unwrap_or(beta1);
        self.done += 1.0;
        let first = Mean::begin(beta1, &mut self.products[0]);
        let second = Mean::begin(beta2, &mut self.products[1]);
        let product = self.products[1];
        let trust = rectification(beta2, product, self.done);
        let rate = scheduled.learning_rate;
        Step {
            rate: R::from_f64(rate),
            first,
            second,
            trust: trust.map(|r| R::from_f64(r * (1.0 - product).sqrt())),
            epsilon: R::from_f64(epsilon),
            decay: R::from_f64(if decoupled { rate * weight_decay } else { weight_decay }),
            decoupled,
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        mut w: R,
        mut g: R,
        [m, v]: [&mut R; 2],
        trace: &mut T,
    ) -> R {
        trace.given("γ", step.rate);
        step.first.tell(["β1", "β1ᵗ"], trace);
        trace.given("β2", step.second.old);
        trace.given("ε", step.epsilon);
        trace.given("m", *m);
        trace.given("v", *v);
        if step.decoupled {
            trace.given("γλ", step.decay);
            w -= step.decay * w;
            trace.computed("w", "w − γλ·w", w);
        } else {
            g = decayed(step.decay, w, g, trace);
        }
        *m = step.first.of(*m, g);
        trace.computed("m", "β1·m + (1 − β1)·g", *m);
        *v = step.second.of(*v, g * g);
        trace.computed("v", "β2·v + (1 − β2)·g²", *v);
        let mean = step.first.corrected(*m);
        trace.computed("m̂", "m / (1 − β1ᵗ)", mean);
        let Some(trust) = step.trust else {
            return moved(w, step.rate * mean, "−γ·m̂", trace);
        };
        trace.given("trust", trust);
        let scale = trust / (v.sqrt() + step.epsilon);
        trace.computed("γ_eff", "γ·trust / (√v + ε)", step.rate * scale);
        moved(w, step.rate * (mean * scale), "−γ·m̂·trust / (√v + ε)", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        vec![self.products[0], self.products[1], self.done]
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.products.copy_from_slice(&numbers[..2]);
        self.done = numbers[2];
    }
}
