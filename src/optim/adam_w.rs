//! `AdamW`: Adam whose weight decay stands beside the step.
//!
//! ```text
//! θ ← θ − γλθ, then Adam's step with the bare gradient
//! ```
//!
//! The rule is that of [`super::adam`]. This is `torch.optim.AdamW`: the decay is multiplied by the
//! learning rate, as in optax and Keras; the paper multiplies it by the schedule's factor alone.

use crate::catalog::{Card, Entry, Field, Form, Given};

use super::OptimizerRow;
use super::adam::Adam;
use super::parts::{AMSGRAD, BETA1, BETA2, EPSILON, LEARNING_RATE, SHRINKAGE};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Adam<true>, 3>(Entry {
    name: "AdamW",
    label: "AdamW",
    summary: "Adam whose weight decay shrinks the weights themselves, not their gradient.",
    details: "In Adam, decay that is added to the gradient is divided by the gradient's size like the \
            rest, so that weights with large gradients hardly decay. Here every parameter loses the same \
            part of itself in each update. The usual choice for transformers.",
    source: "torch.optim.AdamW; Loshchilov and Hutter (2019), arXiv:1711.05101",
    form: Form::Named,
    card: Some(&Card {
        equation: "w ← w − γ·λ·w\nm ← β1·m + (1 − β1)·g\nv ← β2·v + (1 − β2)·g²\nm̂ = m / (1 − β1ᵗ), \
            v̂ = v / (1 − β2ᵗ)\nw ← w − γ·m̂ / (√v̂ + ε)",
        shines: "Wherever Adam does and weights should stay small: large networks on little data, \
            transformers.",
        hurts: "As Adam near a minimum. The decay acts on biases too, and weakens as a schedule lowers \
            the rate.",
        differs: "PyTorch's, with its λ = 0.01; optax's default is 1e-4, Keras's 0.004. The paper \
            multiplies the decay by the schedule's factor, not by γ, so that both can be tuned alone.",
        call: "torch.optim.AdamW(params, lr={learning_rate}, betas=({beta1}, {beta2}), eps={epsilon}, \
            weight_decay={weight_decay}, amsgrad={amsgrad})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    w = w - lr * {weight_decay} * w
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
    fields: &[
        LEARNING_RATE,
        BETA1,
        BETA2,
        EPSILON,
        Field { default: Given::Number(0.01), ..SHRINKAGE },
        AMSGRAD,
    ],
});
