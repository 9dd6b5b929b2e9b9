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
use crate::ui::panels::fields::text_width;
use crate::ui::theme::{lane_look, small_style, theme_of};
use crate::ui::tiles::{ScatterScene, Still, scatter_ui};
use crate::ui::widgets::{brief, count, score, short};

use super::judged::{Judged, captioned, describe};
use crate::ui::frame::Frame;

/// In how many ways a fit's worth is told, the longest first.
const WORTHS: usize = 4;

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
    /// "R² 0.9  MAE 0.1  RMSE 0.2", and that in short, R² last; in words where they are no numbers.
    fn worth(&self, lane: &Lane) -> [String; WORTHS] {
        let Self { r2, mae, rmse, .. } = *self;
        if ![r2, mae, rmse].iter().all(|x| x.is_finite()) {
            let brief = format!("not finite{}", since(lane));
            let full = format!("R² and errors {brief}");
            return [full, brief.clone(), brief, "not finite".to_owned()];
        }
        let r2 = format!("R² {}", score(r2, 1.0, 3));
        let [mae_brief, rmse_brief] = [mae, rmse].map(|error| brief(error, 3));
        [
            format!("{r2}  MAE {}  RMSE {}", short(mae), short(rmse)),
            format!("{r2}  MAE {mae_brief}  RMSE {rmse_brief}"),
            format!("{r2}  MAE {mae_brief}"),
            r2,
        ]
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
    let worths = fit.worth(lane);
    let name = format!("{what} of {}: {}, {}", lane.name(), rows[0], worths[0]);
    describe(ui, rect, "fit", &name);
    // The picture comes first where there is little room.
    let lines = rect.height() / ui.text_style_height(&small_style());
    let mut rest = rect;
    if lines > 6.0 {
        rest = captioned(ui, rest, &[&rows[0], &rows[1]]);
    }
    if lines > 8.0 {
        let longest = longest(ui, frame, (fit, lane), rest.width());
        rest = captioned(ui, rest, &worths.each_ref().map(String::as_str)[longest..]);
    }
    rest
}

/// The longest way of telling what fits are worth that has room in every tile: all do alike. The tile that
/// is drawn is told apart, as its numbers are not among the others meanwhile.
fn longest(ui: &Ui, frame: &Frame<'_>, (fit, own): (&Fit, &Lane), room: f32) -> usize {
    let others = frame.session.lanes().iter().filter_map(|lane| {
        let cache = frame.window.center.tiles.get(&lane.id)?;
        Some(cache.fit().fit.as_ref()?.worth(lane))
    });
    let all: Vec<[String; WORTHS]> = others.chain([fit.worth(own)]).collect();
    let fits = |way: &usize| {
        all.iter().all(|worths| text_width(ui, &worths[*way], &small_style()) <= room)
    };
    (0..WORTHS).find(fits).unwrap_or(WORTHS - 1)
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
