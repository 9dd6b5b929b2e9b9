//! A fall along half a cosine.
//!
//! Not here: falling more than once ([`super::cosine_restarts`]).

use super::super::ScheduleRow;
use super::super::schedule::{WARM_UP, WARM_UP_START, half_cosine};
use super::{MIN, WHOLE_RUN, row};
use crate::catalog::{Card, Entry, Field, Form, Given, Kind};

pub(super) static ROW: ScheduleRow = ScheduleRow {
    lengths: Some(WHOLE_RUN),
    ..row(
        Entry {
            name: "Cosine",
            label: "Cosine",
            summary: "The learning rate falls along half a cosine, slowly at both ends.",
            details: "min + (base − min) · (1 + cos(π t / T)) / 2, where T is the planned run without \
                its warm-up, or `length`. Large steps first, small steps last. PyTorch's \
                CosineAnnealingLR; where that rises again after T, this holds min.",
            source: "torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov and Hutter (2017)",
            form: Form::Named,
            card: Some(&Card {
                equation: "rate(t) = min + (base − min) · (1 + cos(π t / T)) / 2",
                shines: "When the length of the run is known: half of it is spent near the full rate, \
                    and the end settles calmly. The usual choice for networks, with one number less \
                    to guess than steps have.",
                hurts: "When the run is stopped early, since the gain comes in the last third; and \
                    when it is lengthened, since the rate is spent.",
                differs: "PyTorch's CosineAnnealingLR climbs again after T_max; Keras's CosineDecay \
                    and optax's cosine_decay_schedule hold the last rate, as here. Both give min as \
                    a part (alpha) of the base; PyTorch and this give it as a rate.",
                call: "torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max={length}, eta_min={min})",
                numpy: "\
def rate(base, t, length):
    share = t / length if t < length else 1.0
    return {min} + (base - {min}) * (1 + math.cos(math.pi * share)) / 2
",
            }),
            fields: &[
                MIN,
                Field {
                    name: "length",
                    label: "Length",
                    meaning: "How long the fall takes, in updates or epochs, warm-up not counted; None \
                        is the planned run. Shorter than the run, the rest trains at the lowest rate; \
                        longer, the run ends before the rate is down.",
                    kind: Kind::Duration,
                    default: Given::NoDuration,
                    live: false,
                },
                WARM_UP,
                WARM_UP_START,
            ],
        },
        |curve, t| {
            let min = curve.numbers[0];
            min + (curve.base - min) * half_cosine(curve.share(t))
        },
    )
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
        assert!(matches!(refused, ScheduleError::NoLength { schedule: "Cosine", .. }));
        assert!(refused.to_string().contains("give it a `length`, such as `length: Epochs(100)`"));
        let cosine = cosine.with("length", Some(Duration::Epochs(2)));
        let schedule = Schedule::new(&cosine, span).unwrap();
        assert!((schedule.rate(1.0, 13) - 0.5).abs() < 1e-15);
        assert_eq!(schedule.rate(1.0, 26), 0.0);
        assert_eq!(schedule.rate(1.0, 1_000_000), 0.0, "holds its last rate");
    }
}
