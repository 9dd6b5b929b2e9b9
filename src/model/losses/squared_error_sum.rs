//! The sum of (activation − target)², as the tutorials print it.

use crate::catalog::{Entry, Form};

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
    card: None,
};

pub(super) static ROW: LossRow =
    LossRow::new::<SquaredError>(&ENTRY, LossTask::Either, Reduction::Sum, SlopeBy::Activations);
