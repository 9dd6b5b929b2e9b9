//! Muon: momentum whose matrices are made orthogonal before the step.
//!
//! For a matrix of weights, with P the product of the momenta μ applied:
//!
//! ```text
//! m ← μ·m + (1 − μ)·g
//! m̂ = μ·m / (1 − P·μ) + (1 − μ)·g / (1 − P), with Nesterov; else m / (1 − P)
//! X = m̂ / (‖m̂‖ + ε)
//! X ← a·X + (b·A + c·A²)·X with A = X·Xᵀ, some times       (Newton and Schulz)
//! θ ← θ − γ·(√max(1, columns/rows)·X + λθ)
//! ```
//!
//! Everything that is no matrix follows Adam at the same rate, with Nesterov's look-ahead made in the
//! same way. This is `optax.contrib.muon`, which counts the rows of a matrix as its inputs when it
//! scales X, and which works in the precision of training. PyTorch's takes matrices only, computes in
//! bfloat16 and scales by rows/columns; Keras's has an Adam of its own.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale, Value};
use crate::model::Tensor;
use crate::numeric::{End, Kernels, Left, Real, Runner};

use super::parts::{BETA1, BETA2, EPSILON, LEARNING_RATE, Mean, SHRINKAGE, moved};
use super::tensorwise::length;
use super::{OptimizerRow, Optimizers, Scheduled, Site, TensorRule, Watch};

/// The polynomial of the first program, which is tuned for speed, not for exactness.
const COEFFICIENTS: [f64; 3] = [3.4445, -4.775, 2.0315];

pub(super) static ROW: OptimizerRow = OptimizerRow::tensorwise::<Muon>(Entry {
    name: "Muon",
    label: "Muon",
    summary: "Momentum whose steps push every direction of a weight matrix equally far.",
    details: "The momentum of a weight matrix is usually ruled by a few directions. Muon replaces it by \
            the nearest matrix whose singular values are all about 1, found by a few matrix products. \
            Biases, and the two numbers of a surface, follow Adam instead.",
    source: "optax.contrib.muon; Jordan et al. (2024), kellerjordan.github.io/posts/muon",
    form: Form::Named,
    card: Some(&Card {
        equation: "m ← μ·m + (1 − μ)·g\nm̂ = corrected, looked ahead\nX = m̂ / (‖m̂‖ + ε)\n\
            X ← a·X + (b·A + c·A²)·X, A = X·transpose(X), some times\n\
            w ← w − γ·(√max(1, columns/rows)·X + λ·w)\nno matrix: Adam with look-ahead",
        shines: "Hidden layers of wide networks, where it needs fewer updates than AdamW.",
        hurts: "A few matrix products an update: slow on wide layers. Output layers and small nets gain \
            little; every step of a matrix has the same size, so the rate must fall at the end.",
        differs: "optax's, in the precision of training. PyTorch's takes matrices only, works in bfloat16 \
            and scales by √max(1, rows/columns), with λ = 0.1. PyTorch's rate, 0.001, is the default; \
            0.02 is usual.",
        call: "optax.contrib.muon({learning_rate}, ns_coeffs=tuple({newton_schulz_coefficients}), \
            ns_steps={newton_schulz_steps}, beta={momentum}, eps={epsilon}, weight_decay={weight_decay}, \
            nesterov={nesterov}, adam_b1={adam_beta1}, adam_b2={adam_beta2})",
        numpy: NUMPY,
    }),
    fields: &[
        Field {
            meaning: "How far an update turns each direction of a matrix, and about how far each other \
                parameter moves. Too small crawls; too large jitters or diverges. Usual: 0.02.",
            ..LEARNING_RATE
        },
        Field {
            name: "momentum",
            label: "Momentum",
            meaning: "How much of a matrix's running mean is kept. Small follows every noisy batch; close \
                to 1 reacts late and overshoots.",
            default: Given::Number(0.95),
            ..BETA1
        },
        Field {
            name: "nesterov",
            label: "Nesterov",
            meaning: "Mixes the present gradient into the mean once more, which brakes earlier before a \
                turn; in matrices and in what follows Adam.",
            kind: Kind::Flag,
            default: Given::Flag(true),
            live: true,
        },
        Field {
            name: "newton_schulz_steps",
            label: "Newton–Schulz steps",
            meaning: "How often the polynomial is applied. Few leave weak directions weak; more cost \
                matrix products, and five are enough.",
            kind: Kind::Integer { min: 1, max: 100, scale: Scale::Linear(1.0, 10.0) },
            default: Given::Integer(5),
            live: true,
        },
        Field {
            name: "newton_schulz_coefficients",
            label: "Newton–Schulz coefficients",
            meaning: "a, b and c of the polynomial: three numbers. A larger a lifts weak directions \
                sooner; where a + b + c is far from 1, singular values end far from 1 or explode.",
            kind: Kind::Numbers,
            default: Given::Numbers(&COEFFICIENTS),
            live: false,
        },
        Field {
            meaning: "Added to a matrix's norm and to Adam's root, against division by 0. Too large \
                leaves matrices short of orthogonal; too small only matters for vanishing gradients.",
            ..EPSILON
        },
        Field {
            meaning: "In each update every weight of a matrix loses learning_rate times this part of it. \
                0 is none; too large holds the weights near 0. Biases do not decay.",
            ..SHRINKAGE
        },
        Field {
            name: "adam_beta1",
            label: "Adam's beta 1",
            meaning: "How much of the running mean is kept of what is no matrix. Small follows every \
                noisy batch; close to 1 reacts late.",
            kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.999)),
            default: Given::Number(0.9),
            live: true,
        },
        Field {
            name: "adam_beta2",
            label: "Adam's beta 2",
            meaning: "How much of the squares' running mean is kept of what is no matrix. Too small makes \
                steps jump; close to 1 remembers an early steep slope for long.",
            ..BETA2
        },
    ],
});

const NUMPY: &str = "\
def orthogonal(x):
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / (math.sqrt(np.sum(x * x)) + {epsilon})
    a, b, c = {newton_schulz_coefficients}
    for _ in range({newton_schulz_steps}):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if tall else x


def update(w, g, s, t, lr, momentum):
    matrix = w.ndim == 2
    b = {adam_beta1}
    if matrix:
        b = {momentum} if momentum is None else momentum
    s[\"p\"] = p = s.get(\"p\", 1.0) * b
    s[\"m\"] = m = b * s.get(\"m\", 0.0) + (1 - b) * g
    m_hat = m / (1 - p)
    if {nesterov}:
        m_hat = b * m / (1 - p * b) + (1 - b) * g / (1 - p)
    if matrix:
        scale = math.sqrt(max(1.0, w.shape[1] / w.shape[0]))
        return w - lr * (scale * orthogonal(m_hat) + {weight_decay} * w)
    s[\"p2\"] = s.get(\"p2\", 1.0) * {adam_beta2}
    s[\"v\"] = {adam_beta2} * s.get(\"v\", 0.0) + (1 - {adam_beta2}) * g * g
    return w - lr * m_hat / (np.sqrt(s[\"v\"] / (1 - s[\"p2\"])) + {epsilon})
";

/// The rule; its buffers are m, and v of what is no matrix.
#[derive(Debug, Clone)]
struct Muon {
    knobs: Knobs,
    /// Who multiplies matrices.
    runner: Runner,
    /// Π momentum, Π β1 and Π β2 over the updates so far.
    products: [f64; 3],
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    momentum: f64,
    nesterov: bool,
    rounds: u64,
    coefficients: [f64; 3],
    epsilon: f64,
    weight_decay: f64,
    betas: [f64; 2],
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        let coefficients = match knobs.get("newton_schulz_coefficients") {
            Some(Value::Numbers(given)) => <[f64; 3]>::try_from(&**given).unwrap_or(COEFFICIENTS),
            _ => COEFFICIENTS,
        };
        Self {
            momentum: knobs.number("momentum"),
            nesterov: knobs.flag("nesterov"),
            rounds: knobs.integer("newton_schulz_steps"),
            coefficients,
            epsilon: knobs.number("epsilon"),
            weight_decay: knobs.number("weight_decay"),
            betas: ["adam_beta1", "adam_beta2"].map(|name| knobs.number(name)),
        }
    }
}

/// A running mean and how it is looked ahead of.
#[derive(Debug, Clone, Copy)]
struct Ahead<R> {
    mean: Mean<R>,
    /// The shares of m and g in m̂.
    shares: [R; 2],
}

impl<R: Real> Ahead<R> {
    fn begin(beta: f64, product: &mut f64, nesterov: bool) -> Self {
        let mean = Mean::begin(beta, product);
        let shares = if nesterov {
            [beta / (1.0 - *product * beta), (1.0 - beta) / (1.0 - *product)]
        } else {
            [1.0 / (1.0 - *product), 0.0]
        };
        Self { mean, shares: shares.map(R::from_f64) }
    }

    /// Moves m and gives m̂.
    #[inline]
    fn of<T: Watch<R>>(&self, m: &mut R, g: R, watch: &mut T) -> R {
        watch.given("β", self.mean.old);
        watch.given("ahead", self.shares[0]);
        watch.given("now", self.shares[1]);
        watch.given("m", *m);
        *m = self.mean.of(*m, g);
        watch.computed("m", "β·m + (1 − β)·g", *m);
        let ahead = self.shares[0] * *m + self.shares[1] * g;
        watch.computed("m̂", "ahead·m + now·g", ahead);
        ahead
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R: 'static> {
    kernels: &'static Kernels<R>,
    rate: R,
    matrix: Ahead<R>,
    first: Ahead<R>,
    second: Mean<R>,
    rounds: u64,
    coefficients: [R; 3],
    epsilon: R,
    decay: R,
}

impl TensorRule for Muon {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), runner: Runner::active(), products: [1.0; 3] }
    }

    fn configure(&mut self, knobs: &Chosen<Optimizers>) {
        self.knobs = Knobs::of(knobs);
    }

    fn buffers(tensor: &Tensor) -> Vec<usize> {
        vec![tensor.len(); if tensor.is_matrix() { 1 } else { 2 }]
    }

    fn scratch(tensor: &Tensor) -> usize {
        let short = tensor.rows.min(tensor.cols);
        if tensor.is_matrix() { 2 * tensor.len() + 2 * short * short } else { 0 }
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { nesterov, rounds, betas, .. } = self.knobs;
        let momentum = scheduled.momentum.unwrap_or(self.knobs.momentum);
        let [matrix, first, second] = &mut self.products;
        Step {
            kernels: Kernels::of(self.runner),
            rate: R::from_f64(scheduled.learning_rate),
            matrix: Ahead::begin(momentum, matrix, nesterov),
            first: Ahead::begin(betas[0], first, nesterov),
            second: Mean::begin(betas[1], second),
            rounds,
            coefficients: self.knobs.coefficients.map(R::from_f64),
            epsilon: R::from_f64(self.knobs.epsilon),
            decay: R::from_f64(self.knobs.weight_decay),
        }
    }

    fn update<R: Real, T: Watch<R>>(step: &Step<R>, site: Site<'_, R>, watch: &mut T) {
        watch.whole();
        watch.given("γ", step.rate);
        watch.given("ε", step.epsilon);
        if site.tensor.is_matrix() {
            matrix(step, site, watch);
        } else {
            adam(step, site, watch);
        }
    }

    fn numbers(&self) -> Vec<f64> {
        self.products.to_vec()
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.products.copy_from_slice(numbers);
    }
}

/// The update of a matrix.
fn matrix<R: Real, T: Watch<R>>(step: &Step<R>, site: Site<'_, R>, watch: &mut T) {
    let Site { tensor, w, g, buffers, scratch } = site;
    let [m] = buffers else { return };
    let (rows, columns) = (tensor.rows, tensor.cols);
    let (x, rest) = scratch.split_at_mut(w.len());
    for (i, x) in x.iter_mut().enumerate() {
        watch.element(i);
        *x = step.matrix.of(&mut m[i], g[i], watch);
    }
    let norm = length(x);
    watch.whole();
    watch.given("norm", norm);
    let scale = norm + step.epsilon;
    for x in x.iter_mut() {
        *x /= scale;
    }
    orthogonalize(step, x, rest, [rows, columns]);
    let stretch = R::from_f64(f64::max(1.0, columns as f64 / rows as f64).sqrt());
    watch.given("stretch", stretch);
    watch.given("λ", step.decay);
    for (i, (w, x)) in w.iter_mut().zip(x).enumerate() {
        watch.element(i);
        watch.computed("x", "its place in Newton–Schulz(m̂ / (norm + ε))", *x);
        let along = stretch * *x + step.decay * *w;
        *w = moved(*w, step.rate * along, "−γ·(stretch·x + λ·w)", watch);
    }
}

/// Newton and Schulz: `x`, of the given shape, becomes nearly orthogonal. A tall matrix is laid on its
/// side meanwhile.
fn orthogonalize<R: Real>(step: &Step<R>, x: &mut [R], rest: &mut [R], shape: [usize; 2]) {
    let [rows, columns] = shape;
    let (short, long) = (rows.min(columns), rows.max(columns));
    let (other, rest) = rest.split_at_mut(x.len());
    let (gram, rest) = rest.split_at_mut(short * short);
    let polynomial = &mut rest[..short * short];
    let (kernels, [a, b, c]) = (step.kernels, step.coefficients);
    let tall = rows > columns;
    if tall {
        kernels.transpose((x, columns), [rows, columns], other);
        x.copy_from_slice(other);
    }
    for _ in 0..step.rounds {
        kernels.transpose((x, long), [short, long], other);
        let (sides, square) = ([short, long, short], [short, short, short]);
        kernels.product(gram, Left::transposed(other, short), other, sides, End::Set);
        kernels.product(polynomial, Left::rows(gram, short), gram, square, End::Set);
        for (square, gram) in polynomial.iter_mut().zip(&*gram) {
            *square = b * *gram + c * *square;
        }
        for (other, x) in other.iter_mut().zip(&*x) {
            *other = a * *x;
        }
        let shape = [short, short, long];
        kernels.product(other, Left::rows(polynomial, short), x, shape, End::Add);
        x.copy_from_slice(other);
    }
    if tall {
        kernels.transpose((x, long), [short, long], other);
        x.copy_from_slice(other);
    }
}

/// The update of what is no matrix.
fn adam<R: Real, T: Watch<R>>(step: &Step<R>, site: Site<'_, R>, watch: &mut T) {
    let Site { w, g, buffers, .. } = site;
    let [m, v] = buffers else { return };
    for (i, w) in w.iter_mut().enumerate() {
        watch.element(i);
        let mean = step.first.of(&mut m[i], g[i], watch);
        step.second.tell(["β2", "β2ᵗ"], watch);
        watch.given("v", v[i]);
        v[i] = step.second.of(v[i], g[i] * g[i]);
        watch.computed("v", "β2·v + (1 − β2)·g²", v[i]);
        let square = step.second.corrected(v[i]);
        watch.computed("v̂", "v / (1 − β2ᵗ)", square);
        let scale = square.sqrt() + step.epsilon;
        watch.computed("γ_eff", "γ / (√v̂ + ε)", step.rate / scale);
        *w = moved(*w, step.rate * (mean / scale), "−γ·m̂ / (√v̂ + ε)", watch);
    }
}
