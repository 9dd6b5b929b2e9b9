//! LAMB: Adam's direction, with each tensor's step as long as the tensor.
//!
//! With u Adam's step plus decay, and norms over one tensor of weights or biases:
//!
//! ```text
//! u = m̂ / (√(v̂ + ε_root) + ε) + λθ
//! r = ‖θ‖ / ‖u‖, or 1 where either is 0
//! θ ← θ − γ·r·u
//! ```
//!
//! This is `optax.lamb`. The paper leaves room for a function of ‖θ‖, which is the identity here, and
//! many programs spare biases; PyTorch has none. Keras takes the same ratio.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given};
use crate::model::Tensor;
use crate::numeric::Real;

use super::parts::{BETA1, BETA2, EPSILON, EPSILON_ROOT, LEARNING_RATE, Mean, WEIGHT_DECAY, moved};
use super::tensorwise::length;
use super::{OptimizerRow, Optimizers, Scheduled, Site, TensorRule, Watch};

pub(super) static ROW: OptimizerRow = OptimizerRow::tensorwise::<Lamb>(Entry {
    name: "Lamb",
    label: "LAMB",
    summary: "Adam whose step in each layer is a fixed part of that layer's size.",
    details: "learning_rate says by which part of its own length each tensor of weights moves in an \
            update, so that no layer runs ahead of the others, however large the batch. A tensor of \
            zeros, such as fresh biases, moves by plain Adam's step until it is no longer zero, and \
            slowly then.",
    source: "optax.lamb; You et al. (2020), arXiv:1904.00962",
    form: Form::Named,
    card: Some(&Card {
        equation: "m, v, m̂, v̂ as Adam's\nu = m̂ / (√(v̂ + ε_root) + ε) + λ·w\n\
            r = ‖w‖ / ‖u‖ over the tensor, 1 if either is 0\nw ← w − γ·r·u",
        shines: "Very large batches with large rates in deep networks, for which it was made.",
        hurts: "Small tensors: a bias near 0 can hardly leave it, since its steps are parts of its own \
            size. On a surface it cannot cross the origin quickly.",
        differs: "optax's. Keras has the same ratio; PyTorch has none. The paper bounds ‖w‖ in its \
            experiments, and many programs leave biases to plain Adam.",
        call: "optax.lamb({learning_rate}, b1={beta1}, b2={beta2}, eps={epsilon}, \
            eps_root={epsilon_root}, weight_decay={weight_decay})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    s[\"p1\"] = s.get(\"p1\", 1.0) * b1
    s[\"p2\"] = s.get(\"p2\", 1.0) * {beta2}
    s[\"m\"] = b1 * s.get(\"m\", 0.0) + (1 - b1) * g
    s[\"v\"] = {beta2} * s.get(\"v\", 0.0) + (1 - {beta2}) * g * g
    scale = np.sqrt(s[\"v\"] / (1 - s[\"p2\"]) + {epsilon_root}) + {epsilon}
    u = s[\"m\"] / (1 - s[\"p1\"]) / scale + {weight_decay} * w
    norm_w, norm_u = math.sqrt(np.sum(w * w)), math.sqrt(np.sum(u * u))
    ratio = norm_w / norm_u if norm_w > 0 and norm_u > 0 else 1.0
    return w - lr * ratio * u
",
    }),
    fields: &[
        Field {
            meaning: "By which part of its own length each tensor moves in one update. Too small crawls; \
                near 1 turns a whole layer over at once. Usual: 0.001 to 0.01.",
            ..LEARNING_RATE
        },
        BETA1,
        BETA2,
        Field { default: Given::Number(1e-6), ..EPSILON },
        EPSILON_ROOT,
        Field {
            meaning: "Adds this part of each parameter to its step before the step's length is set, so \
                that it turns the direction toward 0 rather than lengthening it. 0 is none; too large \
                only shrinks.",
            ..WEIGHT_DECAY
        },
    ],
});

/// The rule; its buffers are m and v.
#[derive(Debug, Clone)]
struct Lamb {
    knobs: Knobs,
    /// Π β1 and Π β2 over the updates so far.
    products: [f64; 2],
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    epsilon_root: f64,
    weight_decay: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            beta1: knobs.number("beta1"),
            beta2: knobs.number("beta2"),
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
    second: Mean<R>,
    epsilon: R,
    epsilon_root: R,
    decay: R,
}

impl<R: Real> Step<R> {
    /// Adam's step plus decay, of one number.
    #[inline]
    fn direction<T: Watch<R>>(&self, w: R, g: R, [m, v]: [&mut R; 2], watch: &mut T) -> R {
        watch.given("γ", self.rate);
        self.first.tell(["β1", "β1ᵗ"], watch);
        self.second.tell(["β2", "β2ᵗ"], watch);
        watch.given("ε", self.epsilon);
        watch.given("ε_root", self.epsilon_root);
        watch.given("λ", self.decay);
        watch.given("m", *m);
        watch.given("v", *v);
        *m = self.first.of(*m, g);
        watch.computed("m", "β1·m + (1 − β1)·g", *m);
        *v = self.second.of(*v, g * g);
        watch.computed("v", "β2·v + (1 − β2)·g²", *v);
        let mean = self.first.corrected(*m);
        watch.computed("m̂", "m / (1 − β1ᵗ)", mean);
        let square = self.second.corrected(*v);
        watch.computed("v̂", "v / (1 − β2ᵗ)", square);
        let scale = (square + self.epsilon_root).sqrt() + self.epsilon;
        let u = mean / scale + self.decay * w;
        watch.computed("u", "m̂ / (√(v̂ + ε_root) + ε) + λ·w", u);
        u
    }
}

impl TensorRule for Lamb {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), products: [1.0; 2] }
    }

    fn configure(&mut self, knobs: &Chosen<Optimizers>) {
        self.knobs = Knobs::of(knobs);
    }

    fn buffers(tensor: &Tensor) -> Vec<usize> {
        vec![tensor.len(); 2]
    }

    fn scratch(tensor: &Tensor) -> usize {
        tensor.len()
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { beta1, beta2, epsilon, epsilon_root, weight_decay } = self.knobs;
        let beta1 = scheduled.momentum.unwrap_or(beta1);
        Step {
            rate: R::from_f64(scheduled.learning_rate),
            first: Mean::begin(beta1, &mut self.products[0]),
            second: Mean::begin(beta2, &mut self.products[1]),
            epsilon: R::from_f64(epsilon),
            epsilon_root: R::from_f64(epsilon_root),
            decay: R::from_f64(weight_decay),
        }
    }

    fn update<R: Real, T: Watch<R>>(step: &Step<R>, site: Site<'_, R>, watch: &mut T) {
        let Site { w, g, buffers, scratch, .. } = site;
        let [m, v] = buffers else { return };
        let u = &mut scratch[..w.len()];
        for i in 0..w.len() {
            watch.element(i);
            u[i] = step.direction(w[i], g[i], [&mut m[i], &mut v[i]], watch);
        }
        let (norm_w, norm_u) = (length(w), length(u));
        let mut ratio = R::ONE;
        if norm_w > R::ZERO && norm_u > R::ZERO {
            ratio = norm_w / norm_u;
        }
        watch.whole();
        watch.given("norm_w", norm_w);
        watch.given("norm_u", norm_u);
        watch.computed("r", "norm_w / norm_u, 1 if either is 0", ratio);
        watch.computed("γ_eff", "γ·r", step.rate * ratio);
        for (i, (w, u)) in w.iter_mut().zip(u).enumerate() {
            watch.element(i);
            *w = moved(*w, step.rate * ratio * *u, "−γ·r·u", watch);
        }
    }

    fn numbers(&self) -> Vec<f64> {
        self.products.to_vec()
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.products.copy_from_slice(numbers);
    }
}
