//! What a lane's outputs are worth on rows whose class is known: confusion, ROC curve.
//!
//! Invariant: everything is counted from the outputs that are shown and the truth beside them; the
//! header's score is of all rows, a tile's of the rows it names. Curves are sorted once an output.

use std::sync::Arc;

use eframe::egui::{Label, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo};

use crate::data::{Dataset, Targets};
use crate::metrics::{Confusion, RocPoint, predicted_class, roc_auc, roc_curve};
use crate::session::{Action, Lane, RowOutputs};
use crate::train::{PictureRequest, RowSet};
use crate::ui::panels::fields::text_width;
use crate::ui::theme::{lane_look, small_style, theme_of};
use crate::ui::tiles::{ConfusionScene, RocScene, confusion_ui, roc_ui};
use crate::ui::widgets::score;

use super::choice::{caption, set_threshold};
use crate::ui::frame::Frame;

/// Rows that are judged at most.
const MOST_ROWS: usize = 4000;

/// Every how many-th row is judged.
pub(super) fn every_of(data: &Dataset) -> usize {
    data.rows().div_ceil(MOST_ROWS).max(1)
}

/// The request for the outputs of the rows that are judged.
pub(super) fn request(lane: &Lane, set: RowSet) -> Option<PictureRequest> {
    let (of, data) = lane.rows(set)?;
    Some(PictureRequest::Outputs { of, rows: MOST_ROWS, every: every_of(data) })
}

/// A lane's ROC curve, and the outputs it was made of.
#[derive(Debug)]
pub(super) struct RocCache {
    outputs: Arc<[f64]>,
    of: RowSet,
    curve: Arc<[RocPoint]>,
    area: f64,
}

/// Outputs and truth of the rows on show.
pub(super) struct Judged<'a> {
    /// Which rows.
    pub(super) set: RowSet,
    /// The rows.
    pub(super) data: &'a Dataset,
    /// What the model says of them.
    pub(super) said: RowOutputs<'a>,
}

impl<'a> Judged<'a> {
    /// The rows of a set, if outputs have come.
    pub(super) fn of(lane: &'a Lane, set: RowSet) -> Option<Self> {
        let (set, data) = lane.rows(set)?;
        Some(Self { set, data, said: lane.outputs(set)? })
    }

    /// How many rows are judged.
    pub(super) fn rows(&self) -> usize {
        self.said.rows().len().min(self.data.rows().div_ceil(self.said.every))
    }

    /// "held out, 50 rows".
    pub(super) fn caption(&self) -> String {
        let set = match self.set {
            RowSet::Training => "training",
            RowSet::HeldOut => "held out",
        };
        format!("{set}, {}", self.count())
    }

    /// "50 rows".
    pub(super) fn count(&self) -> String {
        let (shown, all) = (self.rows(), self.data.rows());
        if shown < all { format!("{shown} of {all} rows") } else { format!("{shown} rows") }
    }

    /// The class of each row, and the classes' names.
    pub(super) fn classes(&self) -> Option<(impl Iterator<Item = usize> + Clone, &'a [String])> {
        match &self.data.targets {
            Targets::Classes { labels, names } => {
                Some((labels.iter().copied().step_by(self.said.every), names))
            }
            Targets::Values { .. } => None,
        }
    }
}

/// The line above a picture, the first of `texts` that fits or the last; what is left of the room.
pub(super) fn captioned(ui: &mut Ui, rect: Rect, texts: &[&str]) -> Rect {
    let line = ui.text_style_height(&small_style()) + 2.0;
    let (top, rest) = rect.split_top_bottom_at_y(rect.top() + line);
    let fits = |text: &&&str| text_width(ui, text, &small_style()) <= rect.width();
    let text = texts.iter().find(fits).or(texts.last()).copied().unwrap_or_default();
    let label = Label::new(caption(ui, text)).truncate();
    ui.scope_builder(UiBuilder::new().max_rect(top), |ui| ui.add(label));
    rest
}

/// Names what is painted for whoever cannot see it.
pub(super) fn describe(ui: &Ui, rect: Rect, id: &str, text: &str) {
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, text));
}

/// The confusion matrix.
pub(super) fn confusion(ui: &mut Ui, frame: &Frame<'_>, lane: &Lane, rect: Rect) {
    let Some(judged) = Judged::of(lane, frame.window.center.choice.of) else { return };
    let Some((labels, names)) = judged.classes() else { return };
    let answers = judged.said.rows().map(predicted_class);
    let confusion = Confusion::of(names.len(), labels.zip(answers));
    let right = confusion.accuracy().map_or(0.0, |part| 100.0 * part);
    let caption = judged.caption();
    let right = score(right, 100.0, 1);
    let name = format!("Confusion matrix of {}: {caption}, {right} % right", lane.name());
    describe(ui, rect, "matrix", &name);
    let rest = captioned(ui, rect, &[&caption, &judged.count()]);
    confusion_ui(ui, rest, &ConfusionScene { confusion: &confusion, names, with_axes: true });
}

/// The ROC curve with the threshold and what it makes of the rows.
pub(super) fn roc(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    cache: &mut Option<RocCache>,
    lane: &Lane,
    rect: Rect,
) {
    let Some(judged) = Judged::of(lane, frame.window.center.choice.of) else { return };
    let Some((labels, names)) = judged.classes().filter(|_| judged.said.width == 1) else { return };
    let rows = || judged.said.outputs.iter().copied().zip(labels.clone().map(|label| label == 1));
    let stale = |c: &RocCache| !Arc::ptr_eq(&c.outputs, judged.said.outputs) || c.of != judged.set;
    if cache.as_ref().is_none_or(stale) {
        let curve = roc_curve(rows()).unwrap_or_default().into();
        let area = roc_auc(rows()).unwrap_or(f64::NAN);
        let outputs = Arc::clone(judged.said.outputs);
        *cache = Some(RocCache { outputs, of: judged.set, curve, area });
    }
    let Some(RocCache { curve, area, .. }) = cache else { return };
    if curve.is_empty() {
        let text = "No ROC curve: it needs rows of both classes and scores that are numbers.";
        ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| ui.label(caption(ui, text)));
        return;
    }
    let threshold = frame.window.center.choice.threshold;
    let answers = rows().map(|(score, of)| (usize::from(of), usize::from(score > threshold)));
    let confusion = Confusion::of(2, answers);
    let auc = format!("AUC {}", score(*area, 1.0, 3));
    let texts = [judged.caption(), judged.count()].map(|rows| format!("{auc}, {rows}"));
    let rest = captioned(ui, rect, &[&texts[0], &texts[1], &auc]);
    let scene = RocScene {
        name: &format!("ROC curve of {}", lane.name()),
        curve,
        area: *area,
        threshold,
        confusion: &confusion,
        names,
        color: lane_look(lane.color).color(theme_of(ui)),
    };
    if let Some(threshold) = roc_ui(ui, rest, &scene) {
        set_threshold(frame, threshold);
    }
    if ui.input(|input| input.pointer.any_released()) {
        frame.push(Action::EndGesture);
    }
}
