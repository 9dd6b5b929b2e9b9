//! What a lane's predictions of numbers are worth: against the targets, and what they leave of them.
//!
//! Invariant: all is computed once an output, of the rows that the line above names; of several targets
//! a row the picture shows the first, and says so.

use std::sync::Arc;

use eframe::egui::{Rect, Ui};
use ndarray::s;

use crate::data::Targets;
use crate::metrics::{mean_absolute_error, r2, root_mean_squared_error};
use crate::session::{Lane, RowOutputs};
use crate::train::{EndReason, RowSet};
use crate::ui::theme::{lane_look, small_style, theme_of};
use crate::ui::tiles::{ScatterScene, Still, scatter_ui};
use crate::ui::widgets::{count, score, short};

use super::judged::{Judged, captioned, describe};
use crate::ui::frame::Frame;

/// What a tile keeps of a fit between frames.
#[derive(Debug, Default)]
pub(super) struct FitCache {
    fit: Option<Fit>,
    points: Still,
}

/// Predictions beside targets, and the outputs they were made of.
#[derive(Debug)]
pub(super) struct Fit {
    outputs: Arc<[f64]>,
    of: RowSet,
    every: usize,
    /// Target and prediction of each row.
    pairs: Arc<[[f64; 2]]>,
    r2: f64,
    mae: f64,
    rmse: f64,
    /// "held out, 50 rows", and that without the set.
    rows: [String; 2],
    /// "the first of 3 targets", where there are more.
    target: Option<String>,
}

impl Fit {
    /// "R² 0.9  MAE 0.1  RMSE 0.2", and that in short; in words where they are no numbers.
    fn worth(&self, lane: &Lane) -> [String; 2] {
        let Self { r2, mae, rmse, .. } = *self;
        if ![r2, mae, rmse].iter().all(|x| x.is_finite()) {
            let since = since(lane);
            return [format!("R² and errors not finite{since}"), format!("not finite{since}")];
        }
        let errors = format!("MAE {}  RMSE {}", short(mae), short(rmse));
        [format!("R² {}  {errors}", score(r2, 1.0, 3)), errors]
    }
}

/// " since step 12", of a lane that diverged.
fn since(lane: &Lane) -> String {
    let diverged = lane.end().filter(|end| end.reason == EndReason::Diverged);
    diverged.map_or_else(String::new, |end| format!(" since step {}", count(end.step)))
}

/// Predictions against targets.
pub(super) fn fit(ui: &mut Ui, frame: &Frame<'_>, cache: &mut FitCache, lane: &Lane, rect: Rect) {
    picture(ui, frame, cache, lane, (rect, false));
}

/// What predictions leave of the targets.
pub(super) fn residuals(
    ui: &mut Ui,
    frame: &Frame<'_>,
    cache: &mut FitCache,
    lane: &Lane,
    rect: Rect,
) {
    picture(ui, frame, cache, lane, (rect, true));
}

fn picture(
    ui: &mut Ui,
    frame: &Frame<'_>,
    cache: &mut FitCache,
    lane: &Lane,
    (rect, residuals): (Rect, bool),
) {
    let what = if residuals { "Residuals" } else { "Predictions" };
    let rest = worth_ui(ui, frame, cache, lane, rect, what);
    let Some(fit) = &cache.fit else { return };
    let color = lane_look(lane.color).color(theme_of(ui));
    let scene = ScatterScene { pairs: &fit.pairs, residuals, color };
    if let Some((row, response)) = scatter_ui(ui, rest, &scene, &mut cache.points) {
        let [target, prediction] = fit.pairs[row].map(short);
        let left = short(fit.pairs[row][0] - fit.pairs[row][1]);
        let text = format!(
            "row {}\ntarget {target}, prediction {prediction}\ntarget − prediction {left}",
            row * fit.every
        );
        response.on_hover_text_at_pointer(text);
    }
}

/// What the predictions of the chosen rows are worth, in lines above a picture called `what`; the room
/// below.
pub(super) fn worth_ui(
    ui: &mut Ui,
    frame: &Frame<'_>,
    cache: &mut FitCache,
    lane: &Lane,
    rect: Rect,
    what: &str,
) -> Rect {
    refresh(&mut cache.fit, lane, frame.window.center.choice.of);
    let Some(fit) = &cache.fit else { return rect };
    let Fit { rows, target, .. } = fit;
    let rows = match target {
        Some(target) => [format!("{}, {target}", rows[0]), rows[1].clone()],
        None => rows.clone(),
    };
    let [worth, errors] = fit.worth(lane);
    let name = format!("{what} of {}: {}, {worth}", lane.name(), rows[0]);
    describe(ui, rect, "fit", &name);
    // The picture comes first where there is little room.
    let lines = rect.height() / ui.text_style_height(&small_style());
    let mut rest = rect;
    if lines > 6.0 {
        rest = captioned(ui, rest, &[&rows[0], &rows[1]]);
    }
    if lines > 8.0 {
        rest = captioned(ui, rest, &[&worth, &errors]);
    }
    rest
}

/// Compares predictions and targets anew where they are others than before.
fn refresh(cache: &mut Option<Fit>, lane: &Lane, of: RowSet) {
    let Some(judged) = Judged::of(lane, of) else {
        *cache = None;
        return;
    };
    let Targets::Values { values, names } = &judged.data.targets else { return };
    let RowOutputs { outputs, width, every } = judged.said;
    let is_known = |fit: &Fit| Arc::ptr_eq(&fit.outputs, outputs) && fit.of == judged.set;
    if cache.as_ref().is_some_and(is_known) {
        return;
    }
    let rows = judged.rows();
    let outputs = &outputs[..rows * width];
    let targets: Vec<f64> =
        values.slice(s![..;every, ..]).iter().copied().take(rows * width).collect();
    let of = |of: fn(&[f64], &[f64], usize) -> Option<f64>| {
        of(outputs, &targets, width).unwrap_or(f64::NAN)
    };
    let [r2, mae, rmse] = [r2, mean_absolute_error, root_mean_squared_error].map(of);
    let pairs = targets.chunks_exact(width).zip(outputs.chunks_exact(width));
    *cache = Some(Fit {
        outputs: Arc::clone(judged.said.outputs),
        of: judged.set,
        every,
        pairs: pairs.map(|(target, said)| [target[0], said[0]]).collect(),
        r2,
        mae,
        rmse,
        rows: [judged.caption(), judged.count()],
        target: (names.len() > 1).then(|| format!("the first of {} targets", names.len())),
    });
}
