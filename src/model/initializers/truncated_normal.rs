//! Weights from the normal distribution, drawn again where they lie far out.

use crate::catalog::{Card, Entry, Form};

use crate::numeric::RandomState;

use super::InitRow;
use super::normal::STD;

pub(super) static ROW: InitRow = InitRow::new(&ENTRY, |init, _, random, weights| {
    for w in weights {
        *w = init.number("std") * within(random);
    }
});

pub(super) static ENTRY: Entry = Entry {
    name: "TruncatedNormal",
    label: "Normal, truncated",
    summary: "Weights from the normal distribution, none further out than two standard deviations.",
    details: "A number outside ±2 is drawn again until it lies inside, then multiplied by std: \
              weight by weight, each with as many calls of `standard_normal()` as it needs. The \
              weights' own standard deviation is 0.88·std. Biases start at zero.",
    source: "torch.nn.init.trunc_normal_ with a = −2·std, b = 2·std",
    fields: &[STD],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "z ~ N(0, 1), drawn again while |z| > 2\nw = std·z",
    shines: "Transformers and wide layers, where one far weight among many thousands would \
             saturate a unit.",
    hurts: "Deep networks: as Normal, one spread cannot suit layers of different widths.",
    differs: "Keras' TruncatedNormal cuts at two standard deviations as well. \
              torch.nn.init.trunc_normal_ cuts at −2 and 2 whatever std is, unless told a and b. \
              Neither widens std to make up for the cut, nor does this.",
    call: "torch.nn.init.trunc_normal_(w, std={std}, a=-2 * {std}, b=2 * {std})",
    numpy: r"def start(rng, outputs, inputs):
    w = np.empty(outputs * inputs)
    for i in range(w.size):
        z = rng.standard_normal()
        while abs(z) > 2.0:
            z = rng.standard_normal()
        w[i] = {std} * z
    return w.reshape(outputs, inputs)
",
};

/// A normal number no further out than two standard deviations.
fn within(random: &mut RandomState) -> f64 {
    loop {
        let z = random.standard_normal();
        if z.abs() <= 2.0 {
            return z;
        }
    }
}
