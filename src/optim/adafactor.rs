//! Adafactor: step sizes from the mean squares of rows and columns alone.
//!
//! With κ = t^c (c the decay of β2, κ = 1 − β2 at update t) and n numbers in a tensor:
//!
//! ```text
//! α = max(ε2, ‖θ‖/√n) · min(γ, 1/√t)
//! θ ← θ − γλθ
//! matrix:  r_i ← r_i + κ·(mean of g² in row i − r_i)    k_j likewise for columns
//!          v_ij = r_i·k_j / max(mean of r, ε1)
//! other:   v ← v + κ·(g² − v)
//! u = g / √max(v, ε1²)
//! θ ← θ − α / max(1, rms(u)/d) · u
//! ```
//!
//! This is `torch.optim.Adafactor`. PyTorch's `eps1=None` is the machine epsilon of the precision:
//! 2.2e-16, the default here, in float64, and 1.2e-7 in float32. Keras and optax add 1e-30 to g² and
//! clamp nothing; optax can leave any part out.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::model::Tensor;
use crate::numeric::Real;

use super::parts::{EPSILON, LEARNING_RATE, SHRINKAGE, moved};
use super::tensorwise::root_mean_square;
use super::{OptimizerRow, Optimizers, Scheduled, Site, TensorRule, Watch};

pub(super) static ROW: OptimizerRow = OptimizerRow::tensorwise::<Adafactor>(Entry {
    name: "Adafactor",
    label: "Adafactor",
    summary: "Adam's division with hardly any memory: mean squares of rows and columns only.",
    details: "For a matrix of weights it keeps one number a row and one a column and takes their product \
            for the mean square of each weight. It has no momentum. Steps are parts of a tensor's own \
            size, never more than 1/√t of it, and clipped where the gradient suddenly grows.",
    source: "torch.optim.Adafactor; Shazeer and Stern (2018), arXiv:1804.04235",
    form: Form::Named,
    card: Some(&Card {
        equation: "κ = t^c, α = max(ε2, rms(w)) · min(γ, 1/√t)\nw ← w − γ·λ·w\n\
            r, k ← means of g² by row and by column, moved by κ\n\
            v = r·k / max(mean(r), ε1) for a matrix, the mean of g² itself for a row\n\
            u = g / √max(v, ε1²)\nw ← w − α / max(1, rms(u) / d) · u",
        shines: "Models that hardly fit into memory; runs with no tuning of the rate at all.",
        hurts: "Biases near 0 move by ε2 of a step only. Without momentum it is noisy on small batches, \
            and squares that are no product of row and column are badly met.",
        differs: "PyTorch's, which has no momentum. Keras and optax add ε1 = 1e-30 to g² instead of \
            holding v above ε1². The paper's β2 is 1 − t^-0.8, as here.",
        call: "torch.optim.Adafactor(params, lr={learning_rate}, beta2_decay={beta2_decay}, \
            eps=({epsilon1}, {epsilon2}), d={clip_threshold}, weight_decay={weight_decay})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    k = t ** {beta2_decay}
    alpha = max({epsilon2}, math.sqrt(np.mean(w * w))) * min(lr, 1 / math.sqrt(t))
    w = w - lr * {weight_decay} * w
    if w.ndim == 2:
        s[\"r\"] = (1 - k) * s.get(\"r\", 0.0) + k * np.mean(g * g, axis=1, keepdims=True)
        s[\"c\"] = (1 - k) * s.get(\"c\", 0.0) + k * np.mean(g * g, axis=0, keepdims=True)
        v = s[\"r\"] * s[\"c\"] / max(np.mean(s[\"r\"]), {epsilon1})
    else:
        v = s[\"v\"] = (1 - k) * s.get(\"v\", 0.0) + k * g * g
    u = g / np.sqrt(np.maximum(v, {epsilon1} ** 2))
    return w - alpha / max(1.0, math.sqrt(np.mean(u * u)) / {clip_threshold}) * u
",
    }),
    fields: &[
        Field {
            meaning: "The largest part of its own size by which a tensor moves in one update; 1/√t \
                bounds it too. Too small crawls; above 0.1 early updates turn whole layers over.",
            default: Given::Number(0.01),
            ..LEARNING_RATE
        },
        Field {
            name: "beta2_decay",
            label: "Beta 2 decay",
            meaning: "The power c of t by which each new square counts. 0 counts the present one only; \
                -0.8 averages over ever more updates; far below, the first gradients count for ever.",
            kind: Kind::Number(
                Interval { low: f64::NEG_INFINITY, high: 0.0, low_open: true, high_open: false },
                Scale::Linear(-2.0, 0.0),
            ),
            default: Given::Number(-0.8),
            live: true,
        },
        Field {
            name: "epsilon1",
            label: "Epsilon 1",
            meaning: "Its square is the least mean square that is divided by. Too large makes the rule \
                plain descent; 0 divides by 0 where a gradient vanishes.",
            default: Given::Number(f64::EPSILON),
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-30, 1e-3)),
            ..EPSILON
        },
        Field {
            name: "epsilon2",
            label: "Epsilon 2",
            meaning: "The least size a tensor counts as having. 0 never moves a tensor of zeros, such as \
                fresh biases; too large makes small tensors jump.",
            default: Given::Number(1e-3),
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 1.0)),
            ..EPSILON
        },
        Field {
            name: "clip_threshold",
            label: "Clip threshold",
            meaning: "How large the divided gradient may be, as root mean square over the tensor. 1 is \
                its usual size; smaller shortens every step, much larger never acts.",
            kind: Kind::Number(Interval::POSITIVE, Scale::Log(0.01, 100.0)),
            default: Given::Number(1.0),
            live: true,
        },
        SHRINKAGE,
    ],
});

/// The rule; its buffers of a matrix are r and k, of any other tensor v.
#[derive(Debug, Clone)]
struct Adafactor {
    knobs: Knobs,
    /// Updates done.
    done: f64,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    beta2_decay: f64,
    epsilon1: f64,
    epsilon2: f64,
    threshold: f64,
    weight_decay: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            beta2_decay: knobs.number("beta2_decay"),
            epsilon1: knobs.number("epsilon1"),
            epsilon2: knobs.number("epsilon2"),
            threshold: knobs.number("clip_threshold"),
            weight_decay: knobs.number("weight_decay"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    /// min(γ, 1/√t).
    rate: R,
    /// κ and 1 − κ.
    share: [R; 2],
    epsilon1: R,
    /// ε1².
    least: R,
    epsilon2: R,
    threshold: R,
    /// γλ.
    decay: R,
}

impl<R: Real> Step<R> {
    /// The mean square moved toward the present one.
    #[inline]
    fn averaged(&self, mean: R, square: R) -> R {
        self.share[1] * mean + self.share[0] * square
    }

    /// Moves the means of rows and columns; gives max(mean of r, ε1).
    fn average_matrix(&self, g: &[R], columns: usize, r: &mut [R], k: &mut [R]) -> R {
        let rows = R::from_f64(r.len() as f64);
        for (r, g) in r.iter_mut().zip(g.chunks_exact(columns)) {
            let squares: R = g.iter().map(|g| *g * *g).sum();
            *r = self.averaged(*r, squares / R::from_f64(columns as f64));
        }
        for (j, k) in k.iter_mut().enumerate() {
            let squares: R = g.iter().skip(j).step_by(columns).map(|g| *g * *g).sum();
            *k = self.averaged(*k, squares / rows);
        }
        Real::max(r.iter().copied().sum::<R>() / rows, self.epsilon1)
    }
}

impl TensorRule for Adafactor {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), done: 0.0 }
    }

    fn configure(&mut self, knobs: &Chosen<Optimizers>) {
        self.knobs = Knobs::of(knobs);
    }

    fn buffers(tensor: &Tensor) -> Vec<usize> {
        if tensor.is_matrix() { vec![tensor.rows, tensor.cols] } else { vec![tensor.len()] }
    }

    fn scratch(tensor: &Tensor) -> usize {
        tensor.len()
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { beta2_decay, epsilon1, epsilon2, threshold, weight_decay } = self.knobs;
        self.done += 1.0;
        let share = self.done.powf(beta2_decay);
        let rate = scheduled.learning_rate;
        Step {
            rate: R::from_f64(f64::min(rate, 1.0 / self.done.sqrt())),
            share: [share, 1.0 - share].map(R::from_f64),
            epsilon1: R::from_f64(epsilon1),
            least: R::from_f64(epsilon1 * epsilon1),
            epsilon2: R::from_f64(epsilon2),
            threshold: R::from_f64(threshold),
            decay: R::from_f64(rate * weight_decay),
        }
    }

    fn update<R: Real, T: Watch<R>>(step: &Step<R>, site: Site<'_, R>, watch: &mut T) {
        let Site { tensor, w, g, buffers, scratch } = site;
        let u = &mut scratch[..w.len()];
        watch.whole();
        watch.given("rate", step.rate);
        watch.given("κ", step.share[0]);
        let size = Real::max(step.epsilon2, root_mean_square(w));
        watch.given("size", size);
        let alpha = size * step.rate;
        watch.computed("α", "size·rate", alpha);
        match buffers {
            [r, k] => {
                let mean = step.average_matrix(g, tensor.cols, r, k);
                watch.given("mean_r", mean);
                for (i, u) in u.iter_mut().enumerate() {
                    watch.element(i);
                    let (r, k) = (r[i / tensor.cols], k[i % tensor.cols]);
                    watch.given("r", r);
                    watch.given("k", k);
                    let v = r * k / mean;
                    watch.computed("v", "r·k / mean_r", v);
                    *u = divided(step, g[i], v, watch);
                }
            }
            [v] => {
                for (i, u) in u.iter_mut().enumerate() {
                    watch.element(i);
                    watch.given("v", v[i]);
                    v[i] = step.averaged(v[i], g[i] * g[i]);
                    watch.computed("v", "(1 − κ)·v + κ·g²", v[i]);
                    *u = divided(step, g[i], v[i], watch);
                }
            }
            _ => return,
        }
        watch.whole();
        let excess = Real::max(R::ONE, root_mean_square(u) / step.threshold);
        watch.given("excess", excess);
        let alpha = alpha / excess;
        watch.computed("α", "α / excess", alpha);
        watch.given("γλ", step.decay);
        for (i, (w, u)) in w.iter_mut().zip(u).enumerate() {
            watch.element(i);
            let kept = *w - step.decay * *w;
            watch.computed("w", "w − γλ·w", kept);
            *w = moved(kept, alpha * *u, "−α·u", watch);
        }
    }

    fn numbers(&self) -> Vec<f64> {
        vec![self.done]
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.done = numbers[0];
    }
}

/// g / √max(v, ε1²).
#[inline]
fn divided<R: Real, T: Watch<R>>(step: &Step<R>, g: R, v: R, watch: &mut T) -> R {
    watch.given("ε1", step.epsilon1);
    let u = g / Real::max(v, step.least).sqrt();
    watch.computed("u", "g / √max(v, ε1²)", u);
    u
}
