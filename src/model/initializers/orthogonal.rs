//! Weights whose rows, or columns, stand at right angles.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};

use crate::numeric::RandomState;

use super::{InitRow, Initializers, Shape};

pub(super) static ROW: InitRow = InitRow::new(&ENTRY, draw);

pub(super) static ENTRY: Entry = Entry {
    name: "Orthogonal",
    label: "Orthogonal",
    summary: "A random matrix with orthogonal rows, or columns, of one length.",
    details: "A matrix of normal numbers, row by row, is made orthogonal by its QR decomposition \
              with a positive diagonal of R; of a matrix wider than tall the rows are orthogonal, \
              else the columns. Signals keep their length through layers of equal width. Biases \
              start at zero.",
    source: "Saxe et al. 2014; torch.nn.init.orthogonal_",
    fields: &FIELDS,
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "A ~ N(0, 1), outputs × inputs; A = Q·R with R's diagonal positive\nW = gain·Q; where outputs < inputs the same of Aᵀ, turned back",
    shines: "Deep stacks of equal width, linear or tanh: neither signals nor gradients fade at the \
             start.",
    hurts: "Wide layers take time to start, and with one output it is only a random direction of \
            length gain.",
    differs: "The rule of torch.nn.init.orthogonal_ and Keras' Orthogonal, each with its own \
              normal numbers; the numbers here are NumPy's.",
    call: "torch.nn.init.orthogonal_(w, gain={gain})",
    numpy: r"def start(rng, outputs, inputs):
    a = rng.standard_normal((outputs, inputs))
    q, r = np.linalg.qr(a if outputs >= inputs else a.T)
    q = q * np.sign(np.diag(r))
    return {gain} * (q if outputs >= inputs else q.T)
",
};

static FIELDS: [Field; 1] = [Field {
    name: "gain",
    label: "Gain",
    meaning: "The length of the rows or columns. 1 keeps the length of signals, √2 suits ReLU; too \
              small and they fade with depth, too large and they grow.",
    kind: Kind::Number(Interval::POSITIVE, Scale::Log(0.1, 10.0)),
    default: Given::Number(1.0),
    live: false,
}];

/// The most multiplications that a layer's start may take.
const MOST_WORK: f64 = 4e9;

/// Whether a layer of this shape is orthogonalized in a bearable time.
pub(super) fn is_bearable(shape: &Shape) -> bool {
    let (long, short) = (shape.outputs.max(shape.inputs), shape.outputs.min(shape.inputs));
    4.0 * long as f64 * short as f64 * short as f64 <= MOST_WORK
}

fn draw(init: &Chosen<Initializers>, shape: &Shape, random: &mut RandomState, weights: &mut [f64]) {
    for w in weights.iter_mut() {
        *w = random.standard_normal();
    }
    let (outputs, inputs) = (shape.outputs, shape.inputs);
    let tall = outputs >= inputs;
    let (count, length) = if tall { (inputs, outputs) } else { (outputs, inputs) };
    // Where the entry `i` of vector `v` stands in the matrix.
    let place = |v: usize, i: usize| if tall { i * inputs + v } else { v * inputs + i };
    let mut vectors: Vec<Vec<f64>> =
        (0..count).map(|v| (0..length).map(|i| weights[place(v, i)]).collect()).collect();
    orthonormalize(&mut vectors);
    let gain = init.number("gain");
    for (v, vector) in vectors.iter().enumerate() {
        for (i, x) in vector.iter().enumerate() {
            weights[place(v, i)] = gain * x;
        }
    }
}

/// Makes vectors orthonormal in their order: the Q of a QR decomposition whose R has a positive
/// diagonal, which is unique. Gram and Schmidt's way, twice, because twice is enough for full
/// precision.
fn orthonormalize(vectors: &mut [Vec<f64>]) {
    for v in 0..vectors.len() {
        let (before, rest) = vectors.split_at_mut(v);
        let vector = &mut rest[0];
        for _ in 0..2 {
            for other in before.iter() {
                let along: f64 = vector.iter().zip(other).map(|(x, q)| x * q).sum();
                for (x, q) in vector.iter_mut().zip(other) {
                    *x -= along * q;
                }
            }
        }
        let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
        for x in vector {
            *x /= length;
        }
    }
}
