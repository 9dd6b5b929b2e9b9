//! `QHAdam`: Adam with quasi-hyperbolic means above and below.
//!
//! With g the gradient (plus λθ), m̂ and v̂ corrected as Adam's:
//!
//! ```text
//! θ ← θ − γ · ((1 − ν1)·g + ν1·m̂) / (√((1 − ν2)·g² + ν2·v̂) + ε)
//! ```
//!
//! As in the paper and its package `qhoptim`. ν1 = ν2 = 1 is Adam, ν1 = 0 with ν2 = 1 `RMSprop` with its
//! start corrected.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::parts::{BETA1, BETA2, EPSILON, LEARNING_RATE, Mean, WEIGHT_DECAY, decayed, moved};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<QhAdam, 2>(Entry {
    name: "QhAdam",
    label: "QHAdam",
    summary: "Adam that mixes the present gradient back into its means.",
    details: "Both running means of Adam are averaged with their present values, in proportions nu1 and \
            nu2. That allows a longer memory in the momentum without reacting later, and, with nu2 below \
            1, bounds the step where a gradient suddenly grows.",
    source: "facebookresearch/qhoptim; Ma and Yarats (2019), arXiv:1810.06801",
    form: Form::Named,
    card: Some(&Card {
        equation: "g ← g + λ·w\nm̂, v̂ as Adam's\n\
            w ← w − γ·((1 − ν1)·g + ν1·m̂) / (√((1 − ν2)·g² + ν2·v̂) + ε)",
        shines: "Where Adam is unsteady: nu2 a little below 1 holds back the step of a sudden gradient.",
        hurts: "Two knobs more than Adam; small nu2 turns it into the noisy sign of each gradient.",
        differs: "The paper's. PyTorch, Keras and optax have none. With nu1 = nu2 = 1 it is Adam exactly.",
        call: "qhoptim.pyt.QHAdam(params, lr={learning_rate}, betas=({beta1}, {beta2}), \
            nus=({nu1}, {nu2}), weight_decay={weight_decay}, eps={epsilon})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    g = g + {weight_decay} * w
    s[\"p1\"] = s.get(\"p1\", 1.0) * b1
    s[\"p2\"] = s.get(\"p2\", 1.0) * {beta2}
    s[\"m\"] = b1 * s.get(\"m\", 0.0) + (1 - b1) * g
    s[\"v\"] = {beta2} * s.get(\"v\", 0.0) + (1 - {beta2}) * g * g
    mean = (1 - {nu1}) * g + {nu1} * s[\"m\"] / (1 - s[\"p1\"])
    square = (1 - {nu2}) * g * g + {nu2} * s[\"v\"] / (1 - s[\"p2\"])
    return w - lr * mean / (np.sqrt(square) + {epsilon})
",
    }),
    fields: &[
        LEARNING_RATE,
        Field { default: Given::Number(0.995), ..BETA1 },
        BETA2,
        Field {
            name: "nu1",
            label: "Nu 1",
            meaning: "The part of the step that follows the running mean; the rest follows the present \
                gradient. 0 is noisy as each batch, 1 is Adam's, late to turn.",
            kind: Kind::Number(Interval::UNIT, Scale::Linear(0.0, 1.0)),
            default: Given::Number(0.7),
            live: true,
        },
        Field {
            name: "nu2",
            label: "Nu 2",
            meaning: "The part of the divisor that comes from the mean square; the rest from the present \
                one. 1 is Adam's; smaller bounds sudden steps; at 0 only signs are left of a steady slope.",
            kind: Kind::Number(Interval::UNIT, Scale::Linear(0.0, 1.0)),
            default: Given::Number(1.0),
            live: true,
        },
        EPSILON,
        WEIGHT_DECAY,
    ],
});

/// The rule; its buffers are m and v.
#[derive(Debug, Clone)]
struct QhAdam {
    knobs: Knobs,
    /// Π β1 and Π β2 over the updates so far.
    products: [f64; 2],
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    betas: [f64; 2],
    nus: [f64; 2],
    epsilon: f64,
    weight_decay: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            betas: ["beta1", "beta2"].map(|name| knobs.number(name)),
            nus: ["nu1", "nu2"].map(|name| knobs.number(name)),
            epsilon: knobs.number("epsilon"),
            weight_decay: knobs.number("weight_decay"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    first: Mean<R>,
    second: Mean<R>,
    /// ν and 1 − ν, of the mean and of the square.
    nu1: [R; 2],
    nu2: [R; 2],
    epsilon: R,
    decay: R,
}

impl Rule<2> for QhAdam {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), products: [1.0; 2] }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 2]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { betas, nus, epsilon, weight_decay } = self.knobs;
        let beta1 = scheduled.momentum.unwrap_or(betas[0]);
        let [nu1, nu2] = nus.map(|nu| [nu, 1.0 - nu].map(R::from_f64));
        Step {
            rate: R::from_f64(scheduled.learning_rate),
            first: Mean::begin(beta1, &mut self.products[0]),
            second: Mean::begin(betas[1], &mut self.products[1]),
            nu1,
            nu2,
            epsilon: R::from_f64(epsilon),
            decay: R::from_f64(weight_decay),
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        w: R,
        g: R,
        [m, v]: [&mut R; 2],
        trace: &mut T,
    ) -> R {
        trace.given("γ", step.rate);
        step.first.tell(["β1", "β1ᵗ"], trace);
        step.second.tell(["β2", "β2ᵗ"], trace);
        trace.given("ν1", step.nu1[0]);
        trace.given("ν2", step.nu2[0]);
        trace.given("ε", step.epsilon);
        trace.given("m", *m);
        trace.given("v", *v);
        let g = decayed(step.decay, w, g, trace);
        *m = step.first.of(*m, g);
        trace.computed("m", "β1·m + (1 − β1)·g", *m);
        *v = step.second.of(*v, g * g);
        trace.computed("v", "β2·v + (1 − β2)·g²", *v);
        let mean = step.first.corrected(*m);
        trace.computed("m̂", "m / (1 − β1ᵗ)", mean);
        let square = step.second.corrected(*v);
        trace.computed("v̂", "v / (1 − β2ᵗ)", square);
        let mean = step.nu1[1] * g + step.nu1[0] * mean;
        trace.computed("d", "(1 − ν1)·g + ν1·m̂", mean);
        let square = step.nu2[1] * (g * g) + step.nu2[0] * square;
        trace.computed("q", "(1 − ν2)·g² + ν2·v̂", square);
        let scale = square.sqrt() + step.epsilon;
        trace.computed("γ_eff", "γ / (√q + ε)", step.rate / scale);
        moved(w, step.rate * (mean / scale), "−γ·d / (√q + ε)", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        self.products.to_vec()
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.products.copy_from_slice(numbers);
    }
}
