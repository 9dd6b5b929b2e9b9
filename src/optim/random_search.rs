//! The honest baselines: guess, evaluate, repeat.
//!
//! Neither looks at a gradient. Each update guesses a point, evaluates the batch's loss there and at
//! the present point, and keeps the better of the two: two evaluations an update, which results
//! count. On small problems they are not bad at all; with every parameter more they get worse.

use crate::catalog::{Card, Entry, Field, Form, Given, Interval, Kind, Scale};

use super::{OptimizerRow, Search};

pub(super) static ANYWHERE: OptimizerRow = OptimizerRow::search(
    Entry {
        name: "RandomSearch",
        label: "Random search",
        summary: "Guesses a point, evaluates the loss there, keeps it if it is the best so far.",
        details: "The blind walker: every guess is a fresh draw around zero, and nothing is learned from \
            the last one. The baseline that any method has to beat, at two loss evaluations an \
            update. With more than a few parameters it finds next to nothing.",
        source: "the tutorials; Bergstra and Bengio (2012), on why it is an honest baseline",
        form: Form::Named,
        fields: &[Field {
            name: "spread",
            label: "Spread",
            meaning: "The standard deviation of the guesses around zero. Too small never reaches \
                the minimum; too large rarely comes near it.",
            kind: Kind::Number(Interval::POSITIVE, Scale::Log(1e-3, 100.0)),
            default: Given::Number(1.0),
            live: true,
        }],
        card: Some(&Card {
            equation: "w′ = spread · N(0, 1)\nw ← w′ if loss(w′) < loss(w)",
            shines: "One to three parameters, and as the baseline that shows what a gradient is worth.",
            hurts: "The chance of a good guess shrinks with every parameter. On batches it compares \
                losses that are themselves noisy.",
            differs: "Not in PyTorch or Keras. Both points are compared on the same batch.",
            call: "w_new = {spread} * np.random.randn(*w.shape)",
            numpy: "def guess(w, normal, lr):\n    return {spread} * normal\n",
        }),
    },
    |knobs| Search::Anywhere { spread: knobs.number("spread") },
);

pub(super) static LOCAL: OptimizerRow = OptimizerRow::search(
    Entry {
        name: "RandomLocalSearch",
        label: "Random local search",
        summary: "Guesses a point near the best so far, and goes there if the loss is lower.",
        details: "Feels around for the way down: a guess is the present point plus a random step. Walks \
            downhill without any gradient, at two loss evaluations an update, ever slower the more \
            parameters there are, since ever fewer directions lead down.",
        source: "the tutorials; Matyas (1965); Rastrigin (1963)",
        form: Form::Named,
        fields: &[Field {
            name: "learning_rate",
            label: "Step size",
            meaning: "The standard deviation of each parameter's random step; a schedule moves it. Too \
                small inches along; too large misses every lower point nearby.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-4, 10.0)),
            default: Given::Number(0.1),
            live: true,
        }],
        card: Some(&Card {
            equation: "w′ = w + γ · N(0, 1)\nw ← w′ if loss(w′) < loss(w)",
            shines: "Few parameters, and losses without a gradient: steps, counts, a black box.",
            hurts: "Needs about as many tries as there are parameters for what one gradient tells; stuck \
                in every dent smaller than its step.",
            differs: "Not in PyTorch or Keras. Both points are compared on the same batch.",
            call: "w_new = w + {learning_rate} * np.random.randn(*w.shape)",
            numpy: "def guess(w, normal, lr):\n    return w + lr * normal\n",
        }),
    },
    |_| Search::Nearby,
);
