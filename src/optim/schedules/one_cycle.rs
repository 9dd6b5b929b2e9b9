//! One climb and one fall, with the momentum the other way round.
//!
//! Not here: cycles without end ([`super::cyclic`]).

use std::f64::consts::PI;

use super::super::schedule::{Curve, Flaw, WARM_UP, WARM_UP_START};
use super::super::{ScheduleRow, Schedules};
use super::{WHOLE_RUN, row};
use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};

pub(super) static ROW: ScheduleRow = ScheduleRow {
    lengths: Some(WHOLE_RUN),
    must_fit: true,
    momentum: Some(momentum),
    flaw: Some(flaw),
    ..row(
        Entry {
            name: "OneCycle",
            label: "One cycle",
            summary: "The learning rate climbs to a high top and falls far below its start; momentum \
                goes the other way.",
            details: "From max / start_divisor up to max, then down to max / start_divisor / \
                end_divisor. It sets the rate by itself: the optimizer's own learning rate is not \
                used, as in PyTorch. With `cycle_momentum` it also sets the optimizer's momentum (or \
                beta1), whose own value then rests; optimizers without either keep as they are. \
                PyTorch's OneCycleLR.",
            source: "torch.optim.lr_scheduler.OneCycleLR; Smith and Topin (2018)",
            form: Form::Named,
            card: Some(&CARD),
            fields: FIELDS,
        },
        |curve, t| {
            let top = curve.numbers[MAX];
            let bottom = top / curve.numbers[START_DIVISOR];
            let end = bottom / curve.numbers[END_DIVISOR];
            along(curve, t, [bottom, top, end], bottom)
        },
    )
};

static CARD: Card = Card {
    equation: "start = max / start_divisor, end = start / end_divisor\nrate: start → max over \
        start_share of the run, then max → end\nmomentum: max_momentum → base_momentum → max_momentum",
    shines: "Short runs: the high middle moves far and blurs over sharp minima, the long tail settles. \
        Often as good in a few epochs as a constant rate in many.",
    hurts: "The top must be found by trying, and a top that is too high ruins the run in its middle. \
        Stopped early it has nothing to show, and it cannot be lengthened.",
    differs: "PyTorch's OneCycleLR is this: the fall goes below the start, momentum is cycled by \
        default. The paper and fastai's first version climb and fall in straight lines of one length, \
        then a short tail: `anneal: Linear, three_phase: true`. optax's \
        cosine_onecycle_schedule leaves momentum alone; Keras has none.",
    call: "torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr={max}, total_steps={length}, pct_start={start_share}, anneal_strategy={anneal?Cosine=cos,Linear=linear}, cycle_momentum={cycle_momentum}, base_momentum={base_momentum}, max_momentum={max_momentum}, div_factor={start_divisor}, final_div_factor={end_divisor}, three_phase={three_phase})",
    numpy: "\
def cycle(t, length, values):
    last = max(length, 1) - 1
    t, peak = min(t, last), {start_share} * max(length, 1) - 1
    ends = [peak, last]
    if {three_phase}:
        ends = [peak, 2 * peak, last]
    begin = 0
    for i, end in enumerate(ends):
        if t <= end or i == len(ends) - 1:
            a, b = values[i], values[i + 1]
            share = min(max((t - begin) / (end - begin), 0.0), 1.0) if end > begin else 1.0
            if {anneal} == \"Cosine\":
                return b + (a - b) / 2 * (1 + math.cos(math.pi * share))
            return a + (b - a) * share
        begin = end

def rate(base, t, length):
    top = {max}
    start = top / {start_divisor}
    end = start / {end_divisor}
    return cycle(t, length, [start, top, start, end] if {three_phase} else [start, top, end])

def momentum(t, length):
    if not {cycle_momentum}:
        return None
    low, high = {base_momentum}, {max_momentum}
    return cycle(t, length, [high, low, high, high])
",
};

const MAX: usize = 0;
const START_SHARE: usize = 1;
const START_DIVISOR: usize = 2;
const END_DIVISOR: usize = 3;
const ANNEAL: usize = 4;
const THREE_PHASE: usize = 5;
const CYCLE_MOMENTUM: usize = 6;
const BASE_MOMENTUM: usize = 7;
const MAX_MOMENTUM: usize = 8;

static FIELDS: &[Field] = &[
    Field {
        name: "max",
        label: "Top rate",
        meaning: "The learning rate at the top; the optimizer's own is not used. Too small wastes the \
            cycle; too large throws the parameters away half-way.",
        kind: Kind::Number(Interval::POSITIVE, Scale::Log(1e-5, 10.0)),
        default: Given::Number(0.1),
        live: true,
    },
    Field {
        name: "start_share",
        label: "Climb",
        meaning: "The part of the length that climbs (PyTorch's pct_start). Small is up at once; close \
            to 1 leaves no time to settle.",
        kind: Kind::Number(Interval::UNIT, Scale::Linear(0.0, 1.0)),
        default: Given::Number(0.3),
        live: true,
    },
    Field {
        name: "start_divisor",
        label: "Top / start",
        meaning: "How many times smaller the first rate is than the top (PyTorch's div_factor). 1 \
            starts at the top; large starts with a long creep.",
        kind: Kind::Number(Interval::at_least(1.0), Scale::Log(1.0, 1e3)),
        default: Given::Number(25.0),
        live: true,
    },
    Field {
        name: "end_divisor",
        label: "Start / end",
        meaning: "How many times smaller the last rate is than the first (PyTorch's final_div_factor). \
            1 ends where it began; large comes to rest.",
        kind: Kind::Number(Interval::at_least(1.0), Scale::Log(1.0, 1e6)),
        default: Given::Number(1e4),
        live: true,
    },
    Field {
        name: "anneal",
        label: "Shape",
        meaning: "Cosine turns softly at top and bottom; Linear goes in straight lines.",
        kind: Kind::Word(&["Cosine", "Linear"]),
        default: Given::Text("Cosine"),
        live: false,
    },
    Field {
        name: "three_phase",
        label: "Three phases",
        meaning: "Falls back to the start in the time of the climb, and only then to the end, as the \
            paper does. Off, it falls from the top to the end in one go.",
        kind: Kind::Flag,
        default: Given::Flag(false),
        live: true,
    },
    Field {
        name: "cycle_momentum",
        label: "Cycle mom.",
        meaning: "Moves the optimizer's momentum (or beta1) against the rate, high where the rate is \
            low. Off, it stays as the optimizer says.",
        kind: Kind::Flag,
        default: Given::Flag(true),
        live: true,
    },
    Field {
        name: "base_momentum",
        label: "Mom. at top",
        meaning: "The momentum at the top of the rate. Too high there overshoots; too low shakes.",
        kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.999)),
        default: Given::Number(0.85),
        live: true,
    },
    Field {
        name: "max_momentum",
        label: "Mom. at ends",
        meaning: "The momentum at both ends, where the rate is low. Higher smooths more, and reacts \
            more slowly.",
        kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.999)),
        default: Given::Number(0.95),
        live: true,
    },
    Field {
        name: "length",
        label: "Length",
        meaning: "How long the cycle takes, in updates or epochs, warm-up not counted; None is the \
            planned run. Longer than the run is refused: its end would be missing. Shorter, the rest \
            trains at the last rate.",
        kind: Kind::Duration,
        default: Given::NoDuration,
        live: false,
    },
    WARM_UP,
    WARM_UP_START,
];

/// The value after `t` updates on the way start → top → end, with `between` inserted before the end
/// where there are three phases.
fn along(curve: &Curve<'_>, t: f64, [start, top, end]: [f64; 3], between: f64) -> f64 {
    let total = curve.length.max(1.0);
    let last = total - 1.0;
    let t = t.min(last);
    let peak = curve.numbers[START_SHARE] * total - 1.0;
    let three = curve.numbers[THREE_PHASE] != 0.0;
    let phases = if three {
        [(peak, top), (2.0 * peak, between), (last, end)]
    } else {
        [(peak, top), (last, end), (last, end)]
    };
    let (mut begin, mut from) = (0.0, start);
    for (until, to) in &phases[..2] {
        if t <= *until {
            return anneal(curve, from, *to, (t - begin) / (until - begin));
        }
        (begin, from) = (*until, *to);
    }
    let (until, to) = phases[2];
    anneal(curve, from, to, (t - begin) / (until - begin))
}

/// Between two values; a phase without length is at its end.
fn anneal(curve: &Curve<'_>, from: f64, to: f64, share: f64) -> f64 {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 };
    if curve.numbers[ANNEAL] == 0.0 {
        to + (from - to) / 2.0 * (1.0 + (PI * share).cos())
    } else {
        from + (to - from) * share
    }
}

fn momentum(curve: &Curve<'_>, t: f64) -> Option<f64> {
    if curve.numbers[CYCLE_MOMENTUM] == 0.0 {
        return None;
    }
    let (low, high) = (curve.numbers[BASE_MOMENTUM], curve.numbers[MAX_MOMENTUM]);
    Some(along(curve, t, [high, low, high], high))
}

fn flaw(chosen: &Chosen<Schedules>) -> Option<Flaw> {
    if chosen.flag("three_phase") && chosen.number("start_share") > 0.5 {
        return Some(Flaw {
            field: "start_share",
            message: "with three phases the climb takes as long as the first fall, so at most half"
                .to_owned(),
            hint: "write at most 0.5, or leave out `three_phase`",
        });
    }
    super::not_zero(chosen, "length")
        .or_else(|| super::in_order(chosen, "base_momentum", "max_momentum"))
}
