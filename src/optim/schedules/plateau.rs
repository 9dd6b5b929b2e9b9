//! A lower rate when the loss stops falling.
//!
//! The one schedule that is no closed form: it reads the mean loss of every epoch (on a surface, the
//! loss of every update) and remembers. Its memory is a [`ScheduleMemory`], plain data.
//!
//! Not here: where the losses come from, and checkpoints of the memory (`train`).

use super::super::ScheduleRow;
use super::super::schedule::{WARM_UP, WARM_UP_START};
use super::row;
use crate::catalog::{Card, Entry, Field, Form, Given, Interval, Kind, Scale};

/// What a schedule remembers of a run; part of every checkpoint. Closed forms leave it fresh.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScheduleMemory {
    /// What the base rate is multiplied with now.
    pub(in crate::optim) factor: f64,
    /// The lowest loss that counted as a gain.
    best: f64,
    /// Epochs since then.
    waited: u64,
    /// Epochs of rest that are left.
    resting: u64,
}

impl ScheduleMemory {
    /// Before the first epoch.
    pub const FRESH: Self = Self { factor: 1.0, best: f64::INFINITY, waited: 0, resting: 0 };
}

pub(super) static ROW: ScheduleRow = ScheduleRow {
    watch: Some(watch),
    ..row(
        Entry {
            name: "Plateau",
            label: "Plateau",
            summary: "The learning rate is cut when the loss of epochs has stopped falling.",
            details: "After more than `patience` epochs without a gain the rate is multiplied by \
                `factor`, down to `min`. It reads the curve of the epochs' mean losses; on a surface \
                every update counts as an epoch. PyTorch's ReduceLROnPlateau with mode min.",
            source: "torch.optim.lr_scheduler.ReduceLROnPlateau",
            form: Form::Named,
            card: Some(&CARD),
            fields: FIELDS,
        },
        |curve, _| curve.base * curve.factor,
    )
};

static CARD: Card = Card {
    equation: "gain: loss < best · (1 − threshold), or best − threshold\nafter more than `patience` \
        epochs without one: rate ← max(rate · factor, min)",
    shines: "When nobody knows how long a rate stays useful: it waits as long as there is progress, \
        and needs no length of the run.",
    hurts: "Noisy losses hide a plateau, or feign one. Each cut costs `patience` epochs of standing \
        still, and it never goes back up.",
    differs: "PyTorch and Keras (ReduceLROnPlateau) usually watch the held-out loss; this watches the \
        training curve. Keras waits `patience` epochs, PyTorch and this one more, and Keras's \
        threshold is absolute. With losses below 0 PyTorch's relative threshold counts small losses \
        as gains: use Absolute there.",
    call: "torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode=\"min\", factor={factor}, patience={patience}, threshold={threshold}, threshold_mode={threshold_mode?Relative=rel,Absolute=abs}, cooldown={cooldown}, min_lr={min}, eps={epsilon})",
    numpy: "\
class Plateau:
    def __init__(self):
        self.factor, self.best, self.waited, self.resting = 1.0, math.inf, 0, 0
        self.base = 0.0

    def rate(self, base):
        self.base = base
        return base * self.factor

    def see(self, loss):
        if {threshold_mode} == \"Relative\":
            gained = loss < self.best * (1 - {threshold})
        else:
            gained = loss < self.best - {threshold}
        if gained:
            self.best, self.waited = loss, 0
        else:
            self.waited += 1
        if self.resting > 0:
            self.resting, self.waited = self.resting - 1, 0
        if self.waited > {patience}:
            old = self.base * self.factor
            new = max(old * {factor}, {min})
            if old - new > {epsilon}:
                self.factor = new / self.base
            self.resting, self.waited = {cooldown}, 0
",
};

static FIELDS: &[Field] = &[
    Field {
        name: "factor",
        label: "Factor",
        meaning: "What the rate is multiplied with at a plateau. Close to 1 takes many cuts; 0.1 is \
            usual; much smaller ends training.",
        kind: Kind::Number(Interval::open(0.0, 1.0), Scale::Linear(0.1, 0.9)),
        default: Given::Number(0.1),
        live: true,
    },
    Field {
        name: "patience",
        label: "Patience",
        meaning: "How many epochs without a gain are let pass (updates on a surface); the next one \
            cuts. Too small takes noise for a plateau; too large stands still for long.",
        kind: Kind::Integer { min: 0, max: 1_000_000, scale: Scale::Log(1.0, 1000.0) },
        default: Given::Integer(10),
        live: true,
    },
    Field {
        name: "threshold",
        label: "Threshold",
        meaning: "By how much the loss must fall to count as a gain. 0 counts any fall; too large sees \
            plateaus everywhere.",
        kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 0.1)),
        default: Given::Number(1e-4),
        live: true,
    },
    Field {
        name: "threshold_mode",
        label: "Threshold is",
        meaning: "Relative: a part of the best loss so far. Absolute: in units of the loss.",
        kind: Kind::Word(&["Relative", "Absolute"]),
        default: Given::Text("Relative"),
        live: false,
    },
    Field {
        name: "cooldown",
        label: "Rest",
        meaning: "Epochs after a cut that are not counted. 0 counts on at once; too many let a second \
            plateau pass unseen.",
        kind: Kind::Integer { min: 0, max: 1_000_000, scale: Scale::Log(1.0, 1000.0) },
        default: Given::Integer(0),
        live: true,
    },
    Field {
        name: "min",
        label: "Lowest rate",
        meaning: "Cuts stop here. 0 cuts on and on; a rate that starts lower is not raised.",
        kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 1.0)),
        default: Given::Number(0.0),
        live: true,
    },
    Field {
        name: "epsilon",
        label: "Least cut",
        meaning: "A cut that would lower the rate by no more than this is not made. Too large allows \
            no cuts at all.",
        kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-10, 1e-3)),
        default: Given::Number(1e-8),
        live: true,
    },
    WARM_UP,
    WARM_UP_START,
];

fn watch(numbers: &[f64], memory: &mut ScheduleMemory, base: f64, loss: f64) {
    let [factor, patience, threshold, mode, cooldown, min, epsilon, ..] = *numbers else { return };
    let ScheduleMemory { factor: scale, best, waited, resting } = memory;
    let goal = if mode == 0.0 { *best * (1.0 - threshold) } else { *best - threshold };
    if loss < goal {
        *best = loss;
        *waited = 0;
    } else {
        *waited += 1;
    }
    if *resting > 0 {
        *resting -= 1;
        *waited = 0;
    }
    if *waited as f64 > patience {
        let old = base * *scale;
        let new = (old * factor).max(min);
        if old - new > epsilon {
            *scale = new / base;
        }
        *resting = cooldown as u64;
        *waited = 0;
    }
}
