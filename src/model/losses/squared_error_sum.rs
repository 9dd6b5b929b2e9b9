//! The sum of (activation − target)², as the tutorials print it.

use crate::catalog::{Card, Entry, Form};

use super::mean_squared_error::SquaredError;
use super::{LossRow, LossTask, Reduction, SlopeBy};

pub(super) static ENTRY: Entry = Entry {
    name: "SquaredErrorSum",
    label: "Squared-error sum",
    summary: "The sum, not the mean, of the squared differences between activations and targets.",
    details: "What the tutorials print: Σ (activation − y)², with the sigmoid (or softmax) of the \
              logits as activation where the targets are classes. As `report` it is only shown, \
              while cross-entropy is descended, exactly as the tutorials do. As the loss it is \
              descended by its true gradient, 2·(a − y)·a·(1 − a), which fades where the sigmoid is \
              flat. A sum grows with the batch: learning rates that suit a mean are too large.",
    source: "the tutorials' loss history; torch.nn.MSELoss(reduction=\"sum\")",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "L = Σ (a − t)²\n∂L/∂a = 2·(a − t)",
    shines: "As the report, to compare with programs that print it.",
    hurts: "As the loss: its slopes grow with the batch, so the learning rate must be changed with \
            it.",
    differs: "torch.nn.MSELoss(reduction=\"sum\") on the activations. The tutorials print it and \
              descend the slope of the cross-entropy.",
    call: "torch.nn.MSELoss(reduction=\"sum\")",
    numpy: r"def loss(z, a, t):
    error = a - t
    return np.sum(error * error), 2.0 * error
",
};

pub(super) static ROW: LossRow =
    LossRow::new::<SquaredError>(&ENTRY, LossTask::Either, Reduction::Sum, SlopeBy::Activations);
