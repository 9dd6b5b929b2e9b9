//! Up and down between two rates, without end.
//!
//! Not here: a single cycle with a tail ([`super::one_cycle`]).

use super::super::schedule::{Curve, Lengths, WARM_UP, WARM_UP_START, duration};
use super::super::{ScheduleRow, Schedules};
use super::row;
use crate::catalog::{
    Card, Chosen, Duration, Entry, Field, Form, Given, Interval, Kind, Scale, Value,
};

pub(super) static ROW: ScheduleRow = ScheduleRow {
    lengths: Some(Lengths {
        are_missing: |chosen| {
            duration(chosen, "up").is_none() || duration(chosen, "down").is_none()
        },
        fill,
        ask: "`up` and `down`, such as `up: Epochs(2), down: Epochs(2)`",
    }),
    momentum: Some(momentum),
    flaw: Some(|chosen| {
        super::in_order(chosen, "low", "high")
            .or_else(|| super::in_order(chosen, "base_momentum", "max_momentum"))
            .or_else(|| super::not_zero(chosen, "up"))
            .or_else(|| super::not_zero(chosen, "down"))
    }),
    ..row(
        Entry {
            name: "Cyclic",
            label: "Cyclic",
            summary: "The learning rate goes up and down between two values, in straight lines.",
            details: "It sets the rate by itself: the optimizer's own learning rate is not used, as \
                in PyTorch. With `cycle_momentum` it also sets the optimizer's momentum (or beta1). \
                PyTorch's CyclicLR.",
            source: "torch.optim.lr_scheduler.CyclicLR; Smith (2017)",
            form: Form::Named,
            card: Some(&CARD),
            fields: FIELDS,
        },
        |curve, t| {
            let (x, cycle) = place(curve, t);
            let height = (curve.numbers[HIGH] - curve.numbers[LOW]) * x;
            curve.numbers[LOW] + height * scale(curve, cycle, t)
        },
    )
};

static CARD: Card = Card {
    equation: "x = 0 → 1 over `up`, 1 → 0 over `down`, c = the cycle, from 1\nrate = low + (high − \
        low) · x · s\ns = 1 (Triangular), 1 / 2^(c − 1) (Halving), gamma^t (Fading)",
    shines: "When neither the right rate nor the run's length is known: every cycle passes through \
        good rates. The lows are moments to take a model from.",
    hurts: "Half of the time the rate is not the best one. The loss swings with it, which makes curves \
        hard to read and stop rules unreliable.",
    differs: "PyTorch's CyclicLR is this, with the modes triangular, triangular2 and exp_range; it \
        refuses cycled momentum for optimizers without one, where this leaves them as they are. Keras \
        and optax have none in their core.",
    call: "torch.optim.lr_scheduler.CyclicLR(optimizer, base_lr={low}, max_lr={high}, step_size_up={up}, step_size_down={down}, mode={mode?Triangular=triangular,Halving=triangular2,Fading=exp_range}, gamma={gamma}, cycle_momentum={cycle_momentum}, base_momentum={base_momentum}, max_momentum={max_momentum})",
    numpy: "\
def place(t, length):
    up = {up} or {down} or max(1, -(-length // 8))
    down = {down} or up
    cycle, since = divmod(t, up + down)
    x = since / up if since <= up else 1 - (since - up) / down
    s = {\"Triangular\": 1.0, \"Halving\": 0.5 ** cycle, \"Fading\": {gamma} ** t}[{mode}]
    s_of_cycle = {gamma} ** (cycle + 1) if {mode} == \"Fading\" else s
    return x, s, s_of_cycle

def rate(base, t, length):
    x, s, _ = place(t, length)
    return {low} + ({high} - {low}) * x * s

def momentum(t, length):
    if not {cycle_momentum}:
        return None
    x, _, s = place(t, length)
    return {max_momentum} - ({max_momentum} - {base_momentum}) * x * s
",
};

const LOW: usize = 0;
const HIGH: usize = 1;
const UP: usize = 2;
const DOWN: usize = 3;
const MODE: usize = 4;
const GAMMA: usize = 5;
const CYCLE_MOMENTUM: usize = 6;
const BASE_MOMENTUM: usize = 7;
const MAX_MOMENTUM: usize = 8;

static FIELDS: &[Field] = &[
    Field {
        name: "low",
        label: "Lowest rate",
        meaning: "The learning rate between two cycles; the optimizer's own is not used. Too low \
            wastes that part of each cycle.",
        kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 1.0)),
        default: Given::Number(0.001),
        live: true,
    },
    Field {
        name: "high",
        label: "Highest rate",
        meaning: "The learning rate at the top of a cycle. Too high throws the parameters away once a \
            cycle.",
        kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-5, 10.0)),
        default: Given::Number(0.1),
        live: true,
    },
    Field {
        name: "up",
        label: "Up",
        meaning: "How long the climb takes, in updates or epochs; None is as long as `down`, or such \
            that four cycles fill the planned run. Usual are two to ten epochs.",
        kind: Kind::Duration,
        default: Given::NoDuration,
        live: false,
    },
    Field {
        name: "down",
        label: "Down",
        meaning: "How long the fall takes, in updates or epochs; None is as long as `up`. Longer than \
            `up` gives more time to settle.",
        kind: Kind::Duration,
        default: Given::NoDuration,
        live: false,
    },
    Field {
        name: "mode",
        label: "Height",
        meaning: "Triangular keeps the height of all cycles, Halving halves it after each, Fading \
            multiplies it by gamma at each update.",
        kind: Kind::Word(&["Triangular", "Halving", "Fading"]),
        default: Given::Text("Triangular"),
        live: false,
    },
    Field {
        name: "gamma",
        label: "Gamma",
        meaning: "What Fading multiplies the height with at each update. 1 does not fade; too small \
            flattens the first cycle already. Other modes do not use it.",
        kind: Kind::Number(
            Interval { low: 0.0, high: 1.0, low_open: true, high_open: false },
            Scale::Linear(0.9, 1.0),
        ),
        default: Given::Number(1.0),
        live: true,
    },
    Field {
        name: "cycle_momentum",
        label: "Cycle mom.",
        meaning: "Moves the optimizer's momentum (or beta1) against the rate, low where the rate is \
            high. Off, it stays as the optimizer says.",
        kind: Kind::Flag,
        default: Given::Flag(true),
        live: true,
    },
    Field {
        name: "base_momentum",
        label: "Mom. at top",
        meaning: "The momentum at the top of a cycle. Too high there overshoots; too low shakes.",
        kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.999)),
        default: Given::Number(0.8),
        live: true,
    },
    Field {
        name: "max_momentum",
        label: "Mom. at ends",
        meaning: "The momentum between two cycles, where the rate is low. Higher smooths more, and \
            reacts more slowly.",
        kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.999)),
        default: Given::Number(0.9),
        live: true,
    },
    WARM_UP,
    WARM_UP_START,
];

/// One of the two as long as the other; both such that four cycles fill the run.
fn fill(chosen: Chosen<Schedules>, run: Option<u64>) -> Chosen<Schedules> {
    let up = duration(&chosen, "up").or_else(|| duration(&chosen, "down"));
    let Some(up) = up.or_else(|| run.map(|run| run.div_ceil(8).max(1))) else { return chosen };
    let down = duration(&chosen, "down").unwrap_or(up);
    let steps = |n| Value::Duration(Some(Duration::Steps(n)));
    chosen.with("up", steps(up)).with("down", steps(down))
}

/// How far up, from 0 to 1, and in which cycle, from 0.
fn place(curve: &Curve<'_>, t: f64) -> (f64, f64) {
    let (up, down) = (curve.numbers[UP].max(1.0), curve.numbers[DOWN].max(1.0));
    let cycle = (t / (up + down)).floor();
    let since = (t - cycle * (up + down)).clamp(0.0, up + down);
    let x = if since <= up { since / up } else { 1.0 - (since - up) / down };
    (x.clamp(0.0, 1.0), cycle)
}

fn scale(curve: &Curve<'_>, cycle: f64, t: f64) -> f64 {
    match curve.numbers[MODE] as u8 {
        0 => 1.0,
        1 => 0.5_f64.powf(cycle),
        _ => curve.numbers[GAMMA].powf(t),
    }
}

/// PyTorch's momentum fades by cycles even where the rate fades by updates.
fn momentum(curve: &Curve<'_>, t: f64) -> Option<f64> {
    if curve.numbers[CYCLE_MOMENTUM] == 0.0 {
        return None;
    }
    let (x, cycle) = place(curve, t);
    let (low, high) = (curve.numbers[BASE_MOMENTUM], curve.numbers[MAX_MOMENTUM]);
    Some(high - (high - low) * x * scale(curve, cycle, cycle + 1.0))
}
