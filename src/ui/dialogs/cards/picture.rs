//! The pictures on cards: computed by the program's own code when a card is opened.

use eframe::egui::{Color32, RichText, Ui};
use ndarray::{Array1, Array2};

use crate::catalog::{Chosen, Duration, Entry};
use crate::data::{Dataset, Targets};
use crate::experiment::check;
use crate::model::{
    Activations, Initializers, Link, LossFunction, LossRows, LossTask, Losses, ModelSpec, Network,
    initial_parameters,
};
use crate::optim::{Optimizers, Schedule, Schedules, Span};
use crate::train::AnyTrainer;
use crate::ui::instruments::{Chart, Dots, Line};
use crate::ui::plot::AxisScale;
use crate::ui::theme::{small_style, tokens};

use super::usual::usual;

/// Lines over one axis, with a sentence below.
#[derive(Debug)]
pub(super) struct CardPicture {
    curves: Vec<Curve>,
    dots: Option<DotCloud>,
    x_scale: AxisScale,
    y_scale: AxisScale,
    titles: [&'static str; 2],
    caption: String,
}

/// Points on top of the curves, half seen through.
#[derive(Debug)]
struct DotCloud {
    x: Vec<f64>,
    y: Vec<f64>,
    color: Color32,
}

#[derive(Debug)]
struct Curve {
    name: &'static str,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl CardPicture {
    fn linear(curves: Vec<Curve>, titles: [&'static str; 2], caption: impl Into<String>) -> Self {
        let scale = AxisScale::Linear;
        let caption = caption.into();
        Self { curves, dots: None, x_scale: scale, y_scale: scale, titles, caption }
    }

    /// The same with points on it.
    pub(super) fn with_dots(self, x: Vec<f64>, y: Vec<f64>, color: Color32) -> Self {
        Self { dots: Some(DotCloud { x, y, color }), ..self }
    }

    pub(super) fn ui(&self, ui: &mut Ui) {
        // Not the lanes' colours, which mean lanes here too.
        let t = tokens(ui);
        let color = |index: usize| if index == 0 { t.accent } else { t.dim };
        // The first curve is drawn last, over the others.
        let lines: Vec<Line<'_>> = self
            .curves
            .iter()
            .enumerate()
            .rev()
            .map(|(i, c)| Line { x: &c.x, y: &c.y, color: color(i), width: 2.0 })
            .collect();
        let dots = self.dots.as_ref();
        let dots = dots.map(|d| Dots { x: &d.x, y: &d.y, color: d.color.gamma_multiply(0.5) });
        let chart = Chart {
            lines: &lines,
            dots,
            marks: &[],
            x_scale: self.x_scale,
            y_scale: self.y_scale,
            x_title: self.titles[0],
            y_title: self.titles[1],
            all_rule: true,
        };
        chart.show(ui, 190.0);
        ui.horizontal_wrapped(|ui| {
            for (index, curve) in self.curves.iter().enumerate().filter(|(_, c)| !c.name.is_empty())
            {
                let name = format!("— {}", curve.name);
                ui.label(RichText::new(name).text_style(small_style()).color(color(index)));
            }
            let dim = tokens(ui).dim;
            ui.label(RichText::new(&self.caption).text_style(small_style()).color(dim));
        });
    }
}

/// `count` numbers evenly from `low` to `high`.
fn evenly(low: f64, high: f64, count: usize) -> Vec<f64> {
    (0..count).map(|i| low + (high - low) * i as f64 / (count - 1) as f64).collect()
}

/// The activation and its slope over a range of sums.
pub(super) fn activation(entry: &'static Entry, (low, high): (f64, f64)) -> CardPicture {
    let x = evenly(low, high, 401);
    let (y, slope) = Activations::value_and_slope(&Chosen::of(entry), &x);
    let curves =
        vec![Curve { name: "value", x: x.clone(), y }, Curve { name: "slope", x, y: slope }];
    CardPicture::linear(curves, ["sum", ""], "")
}

/// The rate over a run of a hundred updates.
pub(super) fn schedule(entry: &'static Entry) -> Option<CardPicture> {
    let mut chosen = Chosen::<Schedules>::of(entry);
    if entry.name == "Constant" {
        let warmed = chosen.set("warm_up", Some(Duration::Steps(20)).into());
        warmed.expect("every schedule takes a warm-up");
    }
    // A schedule that watches the loss sees it fall for three epochs and then stand still.
    let watches = chosen.set("patience", 2_u64.into()).is_ok();
    let mut schedule = Schedule::new(&chosen, Span { steps: Some(100), epoch: 10 }).ok()?;
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for step in 0..=100_u64 {
        if step > 0 && step % 10 == 0 {
            schedule.see_epoch(0.1, 1.0 / step.min(30) as f64);
        }
        x.push(step as f64);
        y.push(schedule.rate(0.1, step));
    }
    let caption = if entry.name == "Constant" {
        "A run of 100 updates, base rate 0.1, here with a warm-up of 20 updates."
    } else if watches {
        "A run of 100 updates in 10 epochs, base rate 0.1, patience 2; the loss stands still after 30."
    } else {
        "A run of 100 updates in 10 epochs, base rate 0.1, all else as usual."
    };
    Some(CardPicture::linear(vec![Curve { name: "", x, y }], ["update", "rate"], caption))
}

/// The loss of one output over that output, for both classes or for a target of zero.
pub(super) fn loss(entry: &'static Entry) -> CardPicture {
    let chosen = Chosen::<Losses>::of(entry);
    let by_class = Losses::task(&chosen) == LossTask::Classes;
    let function = LossFunction::<f64>::new(&chosen);
    let x = evenly(-4.0, 4.0, 321);
    // A loss that ranks classes sees how far class 1 leads class 0; all others see one output.
    let ranks = Losses::ranks_classes(&chosen);
    let width = if ranks { 2 } else { 1 };
    let mut scratch = [0.0; 2];
    let mut over = |target: f64| -> Vec<f64> {
        x.iter()
            .map(|z| {
                let link = if by_class { Link::Sigmoid } else { Link::Identity };
                let sums = if ranks { [0.0, *z] } else { [*z, 0.0] };
                let targets = if ranks { [1.0 - target, target] } else { [target, 0.0] };
                let mut activations = [0.0; 2];
                link.forward(&sums[..width], width, &mut activations[..width]);
                let rows = LossRows {
                    sums: &sums[..width],
                    activations: &activations[..width],
                    targets: &targets[..width],
                    width,
                };
                function.sum(&rows, &mut scratch[..width])
            })
            .collect()
    };
    let curves = if by_class {
        vec![
            Curve { name: "true class 1", y: over(1.0), x: x.clone() },
            Curve { name: "true class 0", y: over(0.0), x: x.clone() },
        ]
    } else {
        vec![Curve { name: "", y: over(0.0), x: x.clone() }]
    };
    let title = match (by_class, ranks) {
        (true, true) => "lead of class 1",
        (true, false) => "score",
        (false, _) => "output − target",
    };
    CardPicture::linear(curves, [title, "loss"], "")
}

/// How the weights of a layer of 64 units over 64 inputs are spread.
pub(super) fn initializer(entry: &'static Entry) -> Option<CardPicture> {
    const BINS: usize = 25;
    let chosen = usual::<Initializers>(entry);
    let features = Array2::zeros((2, 64));
    let names = (0..64).map(|i| i.to_string()).collect();
    let values = Array2::zeros((2, 64));
    let targets = Targets::Values { values, names: (0..64).map(|i| i.to_string()).collect() };
    let data = Dataset::new(String::new(), features, names, targets).ok()?;
    let loss = Chosen::named("MeanSquaredError")?;
    let network = Network::new(64, &ModelSpec::default(), &data.targets, &loss).ok()?;
    let drawn = initial_parameters(&network, &chosen, 1).ok()?;
    let weights = &drawn[..64 * 64];
    let widest = weights.iter().fold(0.0, |m: f64, w| m.max(w.abs()));
    if widest == 0.0 {
        return None;
    }
    let mut counts = Array1::<f64>::zeros(BINS);
    for w in weights {
        let share = f64::midpoint(w / widest, 1.0);
        counts[((share * BINS as f64) as usize).min(BINS - 1)] += 1.0;
    }
    let width = 2.0 * widest / BINS as f64;
    let (mut x, mut y) = (vec![-widest], vec![0.0]);
    for (bin, count) in counts.iter().enumerate() {
        let density = count / (weights.len() as f64 * width);
        for edge in [bin, bin + 1] {
            x.push(-widest + edge as f64 * width);
            y.push(density);
        }
    }
    x.push(widest);
    y.push(0.0);
    let caption = "4096 weights of a layer of 64 units over 64 inputs, seed 1.";
    Some(CardPicture::linear(vec![Curve { name: "", x, y }], ["weight", "density"], caption))
}

/// The rates that a picture of an optimizer is chosen from.
const RATES: [f64; 7] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0];
/// A loss below this is as good as none; the picture ends there.
const LEAST: f64 = 1e-9;

/// Two hundred updates in a ravine, at the best of some rates.
pub(super) fn optimizer(entry: &'static Entry) -> Option<CardPicture> {
    let rates: &[f64] = if entry.field("learning_rate").is_some() { &RATES } else { &[1.0] };
    let (rate, y) = rates
        .iter()
        .filter_map(|rate| Some((*rate, descent(entry, *rate)?)))
        .filter(|(_, losses)| losses.iter().all(|x| x.is_finite()))
        .min_by(|(_, a), (_, b)| total(a).total_cmp(&total(b)))?;
    let x = (0..y.len()).map(|step| step as f64).collect();
    let caption = if rates.len() > 1 {
        let [rest @ .., last] = RATES;
        let rest = rest.map(|rate| rate.to_string()).join(", ");
        format!("In the ravine ½(x² + 30y²), at rate {rate}: the best of {rest} and {last} here.")
    } else {
        "In the ravine ½(x² + 30y²).".to_owned()
    };
    Some(CardPicture {
        curves: vec![Curve { name: "", x, y }],
        dots: None,
        x_scale: AxisScale::Linear,
        y_scale: AxisScale::Log,
        titles: ["update", "loss"],
        caption,
    })
}

/// The area under the curve in orders of magnitude: fast and far are both worth something.
fn total(losses: &[f64]) -> f64 {
    losses.iter().map(|x| x.max(LEAST).ln()).sum::<f64>() + (200 - losses.len()) as f64 * LEAST.ln()
}

/// The losses of two hundred updates.
fn descent(entry: &'static Entry, rate: f64) -> Option<Vec<f64>> {
    let mut chosen = Chosen::<Optimizers>::of(entry);
    if entry.field("learning_rate").is_some() {
        chosen.set("learning_rate", rate.into()).ok()?;
    }
    let text = "(version: 1, task: Surface(function: Ravine(condition: 30.0), start: (1.234567, 0.765432)), \
                training: (steps: 200), lanes: [(name: \"a\", optimizer: Sgd())])";
    let valid = check(text).ok()?;
    let mut plan = valid.plan(None).ok()?.into_iter().next()?;
    plan.optimizer = chosen;
    let mut trainer = AnyTrainer::new(&plan).ok()?;
    let mut losses = Vec::with_capacity(200);
    while trainer.end().is_none() && losses.len() < 200 {
        if trainer.replay(1).done > 0 {
            losses.extend(trainer.last_loss());
        }
        if losses.last().is_some_and(|loss| *loss < LEAST) {
            break;
        }
    }
    Some(losses)
}
