//! Adan: Adam with a look-ahead made of gradient differences.
//!
//! With d the difference to the last gradient (0 in the first update):
//!
//! ```text
//! m ← β1·m + (1 − β1)·g            v ← β2·v + (1 − β2)·d
//! n ← β3·n + (1 − β3)·(g + (1 − β2)·d)²
//! u = (m̂ + (1 − β2)·v̂) / (√(n̂ + ε_root) + ε)
//! θ ← θ − γ·(u + λθ)
//! ```
//!
//! with m̂, v̂, n̂ corrected as Adam's. This is `optax.adan` to the letter, which weighs d by 1 − β2 where
//! the paper, whose β is optax's 1 − β, weighs by what is optax's β2; and the paper divides by 1 + λγ
//! instead of subtracting. PyTorch and Keras have none.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::parts::{BETA1, BETA2, EPSILON, EPSILON_ROOT, LEARNING_RATE, Mean, SHRINKAGE, moved};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Adan, 4>(Entry {
    name: "Adan",
    label: "Adan",
    summary: "Adam that also follows how the gradient changes, as Nesterov's look-ahead would.",
    details: "Keeps running means of the gradient, of its difference from one update to the next, and of \
            the square of both together. The difference tells where the slope is turning before the \
            mean does. Four numbers a parameter: the hungriest rule of the table.",
    source: "optax.adan; Xie et al. (2022), arXiv:2208.06677",
    form: Form::Named,
    card: Some(&Card {
        equation: "d = g − g of the update before\nm ← β1·m + (1 − β1)·g\nv ← β2·v + (1 − β2)·d\n\
            n ← β3·n + (1 − β3)·(g + (1 − β2)·d)²\n\
            w ← w − γ·((m̂ + (1 − β2)·v̂) / (√(n̂ + ε_root) + ε) + λ·w)",
        shines: "Large batches and large rates, where it needs fewer epochs than Adam; smooth slopes.",
        hurts: "Small batches: the difference of two batches is mostly noise. Twice Adam's memory.",
        differs: "optax's. The paper writes 1 − β for these β (0.02, 0.08, 0.01), weighs d by its own \
            1 − β2 = 0.92, and divides by 1 + λγ at the end. PyTorch and Keras have none.",
        call: "optax.adan({learning_rate}, b1={beta1}, b2={beta2}, b3={beta3}, eps={epsilon}, \
            eps_root={epsilon_root}, weight_decay={weight_decay})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    d = g - s.get(\"g\", g)
    s[\"g\"] = g
    s[\"p1\"] = s.get(\"p1\", 1.0) * b1
    s[\"p2\"] = s.get(\"p2\", 1.0) * {beta2}
    s[\"p3\"] = s.get(\"p3\", 1.0) * {beta3}
    s[\"m\"] = b1 * s.get(\"m\", 0.0) + (1 - b1) * g
    s[\"v\"] = {beta2} * s.get(\"v\", 0.0) + (1 - {beta2}) * d
    s[\"n\"] = {beta3} * s.get(\"n\", 0.0) + (1 - {beta3}) * (g + (1 - {beta2}) * d) ** 2
    u = s[\"m\"] / (1 - s[\"p1\"]) + (1 - {beta2}) * s[\"v\"] / (1 - s[\"p2\"])
    u = u / (np.sqrt(s[\"n\"] / (1 - s[\"p3\"]) + {epsilon_root}) + {epsilon})
    return w - lr * (u + {weight_decay} * w)
",
    }),
    fields: &[
        LEARNING_RATE,
        Field { default: Given::Number(0.98), ..BETA1 },
        Field {
            meaning: "How much of the differences' running mean is kept. Small reacts to every change of \
                the gradient, noise included; close to 1 leaves the look-ahead out.",
            default: Given::Number(0.92),
            ..BETA2
        },
        Field {
            name: "beta3",
            label: "Beta 3",
            meaning: "How much of the squares' running mean is kept. Too small makes step sizes jump with \
                each batch; close to 1 remembers an early steep slope for long.",
            kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.9999)),
            default: Given::Number(0.99),
            live: true,
        },
        EPSILON,
        Field { default: Given::Number(1e-8), ..EPSILON_ROOT },
        SHRINKAGE,
    ],
});

/// The rule; its buffers are m, v, n and the last gradient.
#[derive(Debug, Clone)]
struct Adan {
    knobs: Knobs,
    /// Π β1, Π β2 and Π β3 over the updates so far.
    products: [f64; 3],
    /// Whether there is a last gradient.
    started: bool,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    betas: [f64; 3],
    epsilon: f64,
    epsilon_root: f64,
    weight_decay: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            betas: ["beta1", "beta2", "beta3"].map(|name| knobs.number(name)),
            epsilon: knobs.number("epsilon"),
            epsilon_root: knobs.number("epsilon_root"),
            weight_decay: knobs.number("weight_decay"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    first: Mean<R>,
    change: Mean<R>,
    second: Mean<R>,
    started: bool,
    epsilon: R,
    epsilon_root: R,
    decay: R,
}

impl Rule<4> for Adan {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), products: [1.0; 3], started: false }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 4]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { betas, epsilon, epsilon_root, weight_decay } = self.knobs;
        let beta1 = scheduled.momentum.unwrap_or(betas[0]);
        Step {
            rate: R::from_f64(scheduled.learning_rate),
            first: Mean::begin(beta1, &mut self.products[0]),
            change: Mean::begin(betas[1], &mut self.products[1]),
            second: Mean::begin(betas[2], &mut self.products[2]),
            started: std::mem::replace(&mut self.started, true),
            epsilon: R::from_f64(epsilon),
            epsilon_root: R::from_f64(epsilon_root),
            decay: R::from_f64(weight_decay),
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        w: R,
        g: R,
        [m, v, n, last]: [&mut R; 4],
        trace: &mut T,
    ) -> R {
        trace.given("γ", step.rate);
        step.first.tell(["β1", "β1ᵗ"], trace);
        step.change.tell(["β2", "β2ᵗ"], trace);
        step.second.tell(["β3", "β3ᵗ"], trace);
        trace.given("ε", step.epsilon);
        trace.given("ε_root", step.epsilon_root);
        trace.given("λ", step.decay);
        trace.given("m", *m);
        trace.given("v", *v);
        trace.given("n", *n);
        if !step.started {
            *last = g;
        }
        trace.given("g_last", *last);
        let change = g - *last;
        trace.computed("d", "g − g_last", change);
        *last = g;
        *m = step.first.of(*m, g);
        trace.computed("m", "β1·m + (1 − β1)·g", *m);
        *v = step.change.of(*v, change);
        trace.computed("v", "β2·v + (1 − β2)·d", *v);
        let ahead = g + step.change.new * change;
        *n = step.second.of(*n, ahead * ahead);
        trace.computed("n", "β3·n + (1 − β3)·(g + (1 − β2)·d)²", *n);
        let mean = step.first.corrected(*m);
        trace.computed("m̂", "m / (1 − β1ᵗ)", mean);
        let changes = step.change.corrected(*v);
        trace.computed("v̂", "v / (1 − β2ᵗ)", changes);
        let square = step.second.corrected(*n);
        trace.computed("n̂", "n / (1 − β3ᵗ)", square);
        let scale = (square + step.epsilon_root).sqrt() + step.epsilon;
        trace.computed("γ_eff", "γ / (√(n̂ + ε_root) + ε)", step.rate / scale);
        let u = (mean + step.change.new * changes) / scale;
        trace.computed("u", "(m̂ + (1 − β2)·v̂) / (√(n̂ + ε_root) + ε)", u);
        moved(w, step.rate * (u + step.decay * w), "−γ·(u + λ·w)", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        let [first, change, second] = self.products;
        vec![first, change, second, f64::from(u8::from(self.started))]
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.products.copy_from_slice(&numbers[..3]);
        self.started = numbers[3] != 0.0;
    }
}
