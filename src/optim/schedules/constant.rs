//! The rate as the optimizer says.
//!
//! Not here: the warm-up, which every schedule can have.

use super::super::ScheduleRow;
use super::super::schedule::{WARM_UP, WARM_UP_START};
use super::row;
use crate::catalog::{Card, Entry, Form};

pub(super) static ROW: ScheduleRow = row(
    Entry {
        name: "Constant",
        label: "Constant",
        summary: "The learning rate stays as the optimizer says.",
        details: "With a warm-up, it climbs there first.",
        source: "torch.optim.lr_scheduler.LinearLR for the warm-up",
        form: Form::Named,
        card: Some(&Card {
            equation: "rate(t) = base",
            shines: "While looking for a rate, for methods that adapt by themselves, and whenever the \
                length of the run is not known. What a knob does shows at once.",
            hurts: "At the end of a run on mini-batches: the noise of the batches keeps the parameters \
                in a ball around the minimum whose size grows with the rate, and only a falling rate \
                shrinks it.",
            differs: "The same everywhere. PyTorch and Keras need no object for it; optax writes \
                constant_schedule. PyTorch's ConstantLR is another thing: a lower rate for the first \
                updates.",
            call: "torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: 1.0)",
            numpy: "\
def rate(base, t, length):
    return base
",
        }),
        fields: &[WARM_UP, WARM_UP_START],
    },
    |curve, _| curve.base,
);
