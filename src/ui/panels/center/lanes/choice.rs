//! What the tiles show: one choice for all tiles of the window, with which rows and which threshold.
//!
//! Invariant: a tile shows the choice if its lane has such a view, else the lane's own first view, so
//! lanes of different tasks stand side by side. Deliberately not here: the views themselves.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{Align, Layout, RichText, Role, Ui, WidgetInfo, vec2};

use crate::data::Dataset;
use crate::experiment::{TaskPlan, TextEdit, TileAxes, TileRows, TileView, TilesView, literal};
use crate::session::{Action, Lane};
use crate::train::RowSet;
use crate::ui::theme::{small_style, tokens};
use crate::ui::widgets::{Icon, Knob, Rail, Spread, segmented, segmented_told, toggle_chip};

use super::super::panes;
use super::axes::{self, axes_ui};
use super::key;
use super::points::Axes;
use crate::ui::frame::Frame;

impl TileView {
    /// In the order in which they are offered.
    const ALL: [Self; 7] = [
        Self::Picture,
        Self::Fit,
        Self::Residuals,
        Self::Confusion,
        Self::Roc,
        Self::Mistakes,
        Self::Rows,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Fit => "fit",
            Self::Residuals => "residuals",
            Self::Confusion => "matrix",
            Self::Roc => "ROC",
            Self::Mistakes => "mistakes",
            Self::Rows => "rows",
        }
    }

    /// What it tells of the learning.
    fn says(self) -> &'static str {
        match self {
            Self::Picture => "What the lane says of every place, with the rows on it.",
            Self::Fit => "What the lane says beside what is true: on the diagonal it is right.",
            Self::Residuals => {
                "What is true less what the lane says: a pattern is still to be learnt."
            }
            Self::Confusion => "Which classes are taken for which: the diagonal is right.",
            Self::Roc => {
                "How many of class 1 are found for how many false alarms, as the threshold moves."
            }
            Self::Mistakes => "The images that the lane takes for another class, the worst first.",
            Self::Rows => "Row by row: what the lane says, and what is true.",
        }
    }

    /// The views of a lane, in the order in which they are offered.
    pub(super) fn of(lane: &Lane) -> Vec<Self> {
        let TaskPlan::Learn(learn) = &lane.plan.task else {
            return vec![Self::Picture, Self::Rows];
        };
        let data = &learn.split.train;
        Self::ALL.into_iter().filter(|view| view.suits(data)).collect()
    }

    fn suits(self, data: &Dataset) -> bool {
        let (classes, width) = (data.targets.classes(), data.width());
        match self {
            Self::Picture => classes.is_none() || width >= 1,
            Self::Fit => classes.is_none() && width == 1,
            Self::Residuals => classes.is_none(),
            Self::Confusion => classes.is_some(),
            Self::Roc => classes == Some(2),
            Self::Mistakes => classes.is_some() && data.image.is_some(),
            Self::Rows => true,
        }
    }
}

/// What the tiles show, of which rows, and from which score on a row counts as class 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::ui::panels::center) struct TileChoice {
    pub(in crate::ui::panels::center) view: TileView,
    pub(in crate::ui::panels::center) of: RowSet,
    pub(in crate::ui::panels::center) threshold: f64,
    /// What the axes of points stand for, where there are more features than two.
    pub(super) axes: Axes,
    /// Whether boundaries and curves of earlier steps are drawn.
    pub(in crate::ui::panels::center) earlier: bool,
}

impl Default for TileChoice {
    fn default() -> Self {
        Self::of(&TilesView::default())
    }
}

impl TileChoice {
    /// As the experiment's view has it.
    pub(in crate::ui::panels::center) fn of(view: &TilesView) -> Self {
        let axes = match view.axes {
            TileAxes::Components => Axes::Components,
            TileAxes::Features(across, up) => Axes::Features([across, up]),
        };
        let of = match view.rows {
            TileRows::Training => RowSet::Training,
            TileRows::HeldOut => RowSet::HeldOut,
        };
        let TilesView { show, earlier, threshold, .. } = *view;
        Self { view: show, of, threshold, axes, earlier }
    }

    /// The view of a lane's tile.
    pub(super) fn view_of(&self, lane: &Lane) -> TileView {
        let views = TileView::of(lane);
        let own = views.iter().find(|view| **view == self.view).or(views.first());
        own.copied().unwrap_or_default()
    }
}

/// The edit by which the tiles show another view.
pub(in crate::ui) fn shows(view: TileView) -> Action {
    edited("show", &literal(&view), None)
}

fn edited(field: &str, value: &str, gesture: Option<&str>) -> Action {
    let edits = vec![TextEdit::set(format!("view.tiles.{field}"), value)];
    Action::Edit { edits, gesture: gesture.map(str::to_owned) }
}

/// Chooses the axes of points.
pub(super) fn set_axes(frame: &mut Frame<'_>, axes: Axes) {
    let axes = match axes {
        Axes::Components => TileAxes::Components,
        Axes::Features([across, up]) => TileAxes::Features(across, up),
    };
    frame.push(edited("axes", &literal(&axes), None));
}

/// Moves the threshold; all of one gesture is one undo step.
pub(super) fn set_threshold(frame: &mut Frame<'_>, threshold: f64) {
    frame.push(edited("threshold", &literal(&threshold), Some("threshold")));
}

/// Draws the choice in one row over all the width there is; folded into a menu where it is narrow.
pub(super) fn bar_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let scale = frame.window.text_scale;
    let needed = width(frame);
    let row = vec2(ui.available_width(), panes::head_height(ui));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if ui.available_width() < needed * scale {
            menu_ui(ui, frame);
            return key::ui(ui, frame);
        }
        view_ui(ui, frame);
        rows_ui(ui, frame);
        axes_ui(ui, frame);
        earlier_ui(ui, frame);
        threshold_ui(ui, frame);
        key::ui(ui, frame);
    });
}

/// The width of the choice in one row, in text of its usual size.
fn width(frame: &Frame<'_>) -> f32 {
    let rows = if has_rows(frame) { 150.0 } else { 0.0 };
    let axes = if axes::names(frame).is_some() { 220.0 } else { 0.0 };
    let earlier = if has_earlier(frame) { 80.0 } else { 0.0 };
    let threshold = if has_threshold(frame) { 272.0 } else { 0.0 };
    let views: f32 = offered(frame).iter().map(|view| 7.4 * view.1.len() as f32 + 16.0).sum();
    views + rows + axes + earlier + threshold
}

fn menu_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let scale = frame.window.text_scale;
    let text = format!("Tiles: {}", shown_label(frame));
    let button = MenuButton::new((text.as_str(), Icon::Down.atom(ui))).config(axes::stays_open());
    let (response, _) = button.ui(ui, |ui| {
        ui.set_min_width(264.0 * scale);
        ui.horizontal(|ui| view_ui(ui, frame));
        ui.horizontal(|ui| rows_ui(ui, frame));
        axes::plane_ui(ui, frame);
        earlier_ui(ui, frame);
        threshold_ui(ui, frame);
    });
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &text));
}

fn has_threshold(frame: &Frame<'_>) -> bool {
    let choice = frame.window.center.choice;
    frame.session.lanes().iter().any(|lane| choice.view_of(lane) == TileView::Roc)
}

fn shown_label(frame: &Frame<'_>) -> &'static str {
    let choice = frame.window.center.choice;
    let first = frame.session.lanes().iter().find(|lane| !TileView::of(lane).is_empty());
    first.map_or("", |lane| choice.view_of(lane).label())
}

/// The views that some lane has.
fn offered(frame: &Frame<'_>) -> Vec<(TileView, &'static str, &'static str)> {
    let lanes = frame.session.lanes();
    let all = TileView::ALL;
    let is_offered = |view: &TileView| lanes.iter().any(|lane| TileView::of(lane).contains(view));
    all.into_iter().filter(is_offered).map(|view| (view, view.label(), view.says())).collect()
}

fn view_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let choices = offered(frame);
    let lanes = frame.session.lanes();
    let choice = frame.window.center.choice;
    let learning = lanes.iter().find(|lane| !TileView::of(lane).is_empty());
    let current = learning.map_or(choice.view, |lane| choice.view_of(lane));
    if let Some(view) = segmented_told(ui, "Tiles show", current, &choices) {
        frame.push(shows(view));
    }
}

/// Whether some tile shows what changes from step to step as lines.
fn has_earlier(frame: &Frame<'_>) -> bool {
    let choice = frame.window.center.choice;
    let draws = |lane: &Lane| {
        let views = TileView::of(lane);
        choice.view_of(lane) == TileView::Picture
            && (views.contains(&TileView::Confusion) || views.contains(&TileView::Fit))
    };
    frame.session.lanes().iter().any(draws)
}

/// Whether lines of earlier steps are drawn.
fn earlier_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    if has_earlier(frame) {
        let earlier = frame.window.center.choice.earlier;
        if toggle_chip(ui, earlier, "earlier", "Show how it was at earlier steps, as fading lines")
        {
            frame.push(edited("earlier", &literal(&!earlier), None));
        }
    }
}

/// Whether some are held out and the view judges rows of one set.
fn has_rows(frame: &Frame<'_>) -> bool {
    let choice = frame.window.center.choice;
    let judged = |lane: &Lane| {
        let points = choice.view_of(lane) == TileView::Picture
            && TileView::of(lane).contains(&TileView::Confusion);
        matches!(lane.rows(RowSet::HeldOut), Some((RowSet::HeldOut, _))) && !points
    };
    frame.session.lanes().iter().any(judged)
}

/// Which rows are judged.
fn rows_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    if !has_rows(frame) {
        return;
    }
    let choice = frame.window.center.choice;
    let sets = [(RowSet::Training, "training"), (RowSet::HeldOut, "held out")];
    if let Some(of) = segmented(ui, "Rows judged", choice.of, &sets) {
        let rows = match of {
            RowSet::Training => TileRows::Training,
            RowSet::HeldOut => TileRows::HeldOut,
        };
        frame.push(edited("rows", &literal(&rows), None));
    }
}

/// From which score on a row counts as class 1, where a ROC curve is shown.
fn threshold_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    if !has_threshold(frame) {
        return;
    }
    let (low, high) = score_range(frame);
    let scale = frame.window.text_scale;
    let mut threshold = frame.window.center.choice.threshold.clamp(low, high);
    ui.allocate_ui_with_layout(
        vec2(264.0 * scale, panes::head_height(ui)),
        Layout::left_to_right(Align::Center),
        |ui| {
            let rail = Rail::new(Spread::Linear, low, high);
            let knob = Knob::new("Threshold", &mut threshold, rail)
                .label("threshold")
                .widths(66.0, 78.0)
                .default_value(0.5)
                .help("A row counts as class 1 when its score is above this.");
            let answer = knob.show(ui);
            if answer.changed {
                set_threshold(frame, threshold);
            }
            if answer.gesture_end {
                frame.push(Action::EndGesture);
            }
        },
    );
}

/// From 0 to 1, and further where scores are no probabilities.
fn score_range(frame: &Frame<'_>) -> (f64, f64) {
    let mut range = (0.0_f64, 1.0_f64);
    for lane in frame.session.lanes() {
        for set in [RowSet::Training, RowSet::HeldOut] {
            let said = lane.outputs(set).filter(|_| TileView::of(lane).contains(&TileView::Roc));
            for score in said.iter().flat_map(|said| said.outputs.iter()).filter(|s| s.is_finite())
            {
                range = (range.0.min(*score), range.1.max(*score));
            }
        }
    }
    range
}

/// What stands above a tile's picture of judged rows: "held out, 50 rows".
pub(super) fn caption(ui: &Ui, text: &str) -> RichText {
    RichText::new(text).text_style(small_style()).color(tokens(ui).dim)
}
