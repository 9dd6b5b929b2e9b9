//! Today's sums on an activation's card: where on the curve the hidden units of a lane stand now.
//!
//! They are asked for as every finding is, on a copy of the lane, and again whenever the lane has
//! gone on.

use eframe::egui::{Color32, RichText, Theme, Ui};

use crate::catalog::{Chosen, Entry};
use crate::experiment::TaskPlan;
use crate::lab::{HiddenSums, Report, Tool};
use crate::model::{Activations, LayerSpec};
use crate::objective::LayerSums;
use crate::session::{Action, Lane, LaneId};
use crate::ui::frame::Frame;
use crate::ui::theme::{lane_look, small_style, theme_of, tokens};
use crate::ui::widgets::short;

use super::picture::{self, CardPicture};

/// Points drawn on the curve, at most.
const MOST_DOTS: usize = 400;
/// How far to either side the curve is drawn, whatever the sums.
const WIDEST: f64 = 60.0;

/// Which lane's sums are shown.
#[derive(Debug, Default)]
pub(super) struct Today {
    lane: Option<LaneId>,
    shown: Option<Shown>,
}

/// What is drawn of one finding, made once.
#[derive(Debug)]
struct Shown {
    of: Key,
    picture: CardPicture,
    sentences: Vec<String>,
}

/// What a drawing depends on: lane, step, activation and theme.
type Key = (LaneId, u64, &'static str, bool);

/// The sums of one lane in the layers with one activation.
struct Found<'a> {
    lane: &'a Lane,
    report: &'a HiddenSums,
    layers: Vec<&'a LayerSums>,
}

impl Today {
    /// The activation's curve with the sums on it, and a sentence a layer.
    pub(super) fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>, entry: &'static Entry) {
        let session = frame.session;
        let lanes: Vec<&Lane> = session.lanes().iter().filter(|lane| uses(lane, entry)).collect();
        if lanes.len() > 1 {
            ui.horizontal_wrapped(|ui| {
                for lane in &lanes {
                    let on = self.of(&lanes).is_some_and(|chosen| chosen.id == lane.id);
                    if ui.selectable_label(on, lane.name()).clicked() {
                        self.lane = Some(lane.id);
                    }
                }
            });
        }
        let Some(lane) = self.of(&lanes) else {
            picture::activation(entry, (-5.0, 5.0)).ui(ui);
            let words =
                "With a lane that has this activation, its present sums stand on the curve.";
            small(ui, words);
            return;
        };
        let finding = session.finding(lane.id, &Tool::HiddenSums);
        let stale = finding.is_none_or(|finding| finding.step != lane.status.step);
        if stale && !session.is_examining(lane.id, &Tool::HiddenSums) {
            frame.push(Action::Examine(lane.id, Tool::HiddenSums));
        }
        match finding.map(|finding| &finding.found) {
            Some(Ok(Report::HiddenSums(report))) => {
                let layers = report.layers.iter().filter(|l| l.activation == entry.name);
                let found = Found { lane, report, layers: layers.collect() };
                self.found_ui(ui, entry, &found);
            }
            other => {
                picture::activation(entry, (-5.0, 5.0)).ui(ui);
                if let Some(Err(reason)) = other {
                    small(ui, &format!("No sums of {}: {reason}.", lane.name()));
                }
            }
        }
    }

    fn found_ui(&mut self, ui: &mut Ui, entry: &'static Entry, found: &Found<'_>) {
        let theme = theme_of(ui);
        let of = (found.lane.id, found.report.step, entry.name, theme == Theme::Dark);
        let known = self.shown.take().filter(|shown| shown.of == of);
        let shown = self.shown.insert(known.unwrap_or_else(|| Shown {
            of,
            picture: drawn(entry, found, lane_look(found.lane.color).color(theme)),
            sentences: found.layers.iter().map(|layer| sentence(entry, layer)).collect(),
        }));
        shown.picture.ui(ui);
        let HiddenSums { step, rows, .. } = found.report;
        let name = found.lane.name();
        small(ui, &format!("On the curve: the sums of {name} at step {step}, over {rows} rows."));
        shown.sentences.iter().for_each(|words| small(ui, words));
    }

    /// The lane that was picked, else the first.
    fn of<'a>(&self, lanes: &[&'a Lane]) -> Option<&'a Lane> {
        let picked = lanes.iter().find(|lane| Some(lane.id) == self.lane);
        picked.or(lanes.first()).copied()
    }
}

/// Whether some hidden layer of the lane has this activation.
fn uses(lane: &Lane, entry: &'static Entry) -> bool {
    let TaskPlan::Learn(learn) = &lane.plan.task else { return false };
    learn.model.hidden.iter().any(|layer| match layer {
        LayerSpec::Dense { activation, .. } => activation.name() == entry.name,
        LayerSpec::Dropout { .. } | LayerSpec::LayerNorm => false,
    })
}

/// The activation's curve with the sums on it.
fn drawn(entry: &'static Entry, found: &Found<'_>, color: Color32) -> CardPicture {
    let all = || found.layers.iter().flat_map(|layer| &layer.sums).copied();
    let finite = || all().filter(|sum| sum.is_finite());
    let low = finite().fold(-5.0, f64::min).max(-WIDEST);
    let high = finite().fold(5.0, f64::max).min(WIDEST);
    let every = all().count().div_ceil(MOST_DOTS).max(1);
    let x: Vec<f64> = all().step_by(every).filter(|x| (low..=high).contains(x)).collect();
    let (y, _) = Activations::value_and_slope(&Chosen::of(entry), &x);
    picture::activation(entry, (low, high)).with_dots(x, y, color)
}

/// Where a layer's sums lie, and how many of them where the activation is flat.
fn sentence(entry: &'static Entry, layer: &LayerSums) -> String {
    let mut sums: Vec<f64> = layer.sums.iter().copied().filter(|sum| sum.is_finite()).collect();
    if sums.is_empty() {
        return format!("{}: no finite sum.", layer.layer);
    }
    sums.sort_by(f64::total_cmp);
    let at = |share: f64| short(sums[((sums.len() - 1) as f64 * share).round() as usize]);
    let (_, slopes) = Activations::value_and_slope(&Chosen::of(entry), &sums);
    let flat = slopes.iter().filter(|slope| slope.abs() < 0.1).count();
    let share = 100.0 * flat as f64 / sums.len() as f64;
    format!(
        "{}: from {} to {}, half of them between {} and {}; {share:.0} % where the slope is below 0.1.",
        layer.layer,
        at(0.0),
        at(1.0),
        at(0.25),
        at(0.75),
    )
}

fn small(ui: &mut Ui, words: &str) {
    let dim = tokens(ui).dim;
    ui.label(RichText::new(words).text_style(small_style()).color(dim));
}
