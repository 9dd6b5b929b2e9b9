//! The schedules, each a row with its closed form.

use crate::catalog::{Entry, Field, Form, Given, Interval, Kind, Scale};

use super::ScheduleRow;
use super::schedule::{WARM_UP, WARM_UP_START, half_cosine};

pub(super) static CONSTANT: ScheduleRow = ScheduleRow {
    entry: Entry {
        name: "Constant",
        label: "Constant",
        summary: "The learning rate stays as the optimizer says.",
        details: "With a warm-up, it climbs there first.",
        source: "",
        form: Form::Named,
        card: None,
        fields: &[WARM_UP, WARM_UP_START],
    },
    needs_length: false,
    rate: |curve, _| curve.base,
};

pub(super) static COSINE: ScheduleRow = ScheduleRow {
    entry: Entry {
        name: "Cosine",
        label: "Cosine",
        summary: "The learning rate falls along half a cosine, slowly at both ends.",
        details: "min + (base − min) · (1 + cos(π t / T)) / 2, where T is the planned run without its \
            warm-up, or `length`. Large steps first, small steps last. PyTorch's \
            CosineAnnealingLR; where that rises again after T, this holds min.",
        source: "torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov and Hutter (2017)",
        form: Form::Named,
        card: None,
        fields: &[
            Field {
                name: "min",
                label: "Lowest rate",
                meaning: "The learning rate at the end. 0 comes to rest; above the optimizer's rate \
                    the curve rises instead.",
                kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 1.0)),
                default: Given::Number(0.0),
                live: true,
            },
            Field {
                name: "length",
                label: "Length",
                meaning: "How long the fall takes, warm-up not counted; None is the planned run. \
                    Shorter than the run, the rest trains at the lowest rate.",
                kind: Kind::Duration,
                default: Given::NoDuration,
                live: false,
            },
            WARM_UP,
            WARM_UP_START,
        ],
    },
    needs_length: true,
    rate: |curve, t| {
        let min = curve.knobs[0];
        min + (curve.base - min) * half_cosine(t / curve.length)
    },
};

#[cfg(test)]
mod tests {
    use crate::catalog::{Chosen, Duration};
    use crate::optim::{Schedule, ScheduleError, Schedules, Span};

    #[test]
    fn a_schedule_with_an_end_asks_an_unlimited_run_for_it() {
        let cosine = Chosen::<Schedules>::named("Cosine").unwrap();
        let span = Span { steps: None, epoch: 13 };
        let refused = Schedule::new(&cosine, span).unwrap_err();
        assert_eq!(refused, ScheduleError::NoLength("Cosine"));
        let cosine = cosine.with("length", Some(Duration::Epochs(2)));
        let schedule = Schedule::new(&cosine, span).unwrap();
        assert!((schedule.rate(1.0, 13) - 0.5).abs() < 1e-15);
        assert_eq!(schedule.rate(1.0, 26), 0.0);
        assert_eq!(schedule.rate(1.0, 1_000_000), 0.0, "holds its last rate");
    }
}
