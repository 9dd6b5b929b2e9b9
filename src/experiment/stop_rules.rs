//! The table of rules that end a lane early.

use crate::catalog::{Entry, Family, Field, Form, Given, Interval, Kind, Scale};

/// The table of stop rules.
#[derive(Debug)]
pub struct StopRules;

impl Family for StopRules {
    const NOUN: &'static str = "stop rule";
    fn entries() -> &'static [&'static Entry] {
        TABLE
    }
}

static TABLE: &[&Entry] = &[&LOSS_BELOW, &ACCURACY_ABOVE, &NO_GAIN];

static LOSS_BELOW: Entry = Entry {
    name: "LossBelow",
    label: "Loss below",
    summary: "Stops when an epoch's mean loss falls below the given value.",
    details: "",
    source: "",
    form: Form::Positional,
    card: None,
    fields: &[Field {
        name: "value",
        label: "Loss below",
        meaning: "The epoch's mean loss at which training is good enough.",
        kind: Kind::Number(Interval::FINITE, Scale::Log(1e-6, 10.0)),
        default: Given::Nothing,
        live: false,
    }],
};

static ACCURACY_ABOVE: Entry = Entry {
    name: "AccuracyAbove",
    label: "Accuracy above",
    summary: "Stops when accuracy on the held-out rows (else on the training rows) exceeds the given part.",
    details: "",
    source: "",
    form: Form::Positional,
    card: None,
    fields: &[Field {
        name: "value",
        label: "Accuracy above",
        meaning: "The part of rows, 0 to 1, predicted rightly.",
        kind: Kind::Number(Interval::UNIT, Scale::Linear(0.5, 1.0)),
        default: Given::Nothing,
        live: false,
    }],
};

static NO_GAIN: Entry = Entry {
    name: "NoGain",
    label: "No gain for",
    summary: "Stops when the epoch's mean loss has not improved for so many epochs.",
    details: "",
    source: "",
    form: Form::Named,
    card: None,
    fields: &[
        Field {
            name: "epochs",
            label: "No gain for",
            meaning: "How many epochs without improvement are borne.",
            kind: Kind::Integer { min: 1, max: 1_000_000_000, scale: Scale::Log(1.0, 1000.0) },
            default: Given::Integer(10),
            live: false,
        },
        Field {
            name: "min_gain",
            label: "Least gain",
            meaning: "How much lower the loss must get to count as an improvement.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 1.0)),
            default: Given::Number(0.0),
            live: false,
        },
    ],
};
