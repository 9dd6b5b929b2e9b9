//! The pane that looks inside one lane's model: the network with a map a unit, its weights as matrices,
//! and how weights, activations and gradients are spread over the time that somebody watched.
//!
//! What is shown are pictures that the lane's thread takes while the pane is open; where the timeline
//! looks back, they are of that step. Deliberately not here: what a lane has learnt as a whole, which
//! its tile shows.

mod drawing;
mod heat;
mod maps;
mod model;
mod network;
mod pager;
mod spread;
mod tables;
mod typing;
mod weights;
mod words;

use std::sync::Arc;

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{
    Align, Color32, Label, Layout, Rect, RichText, Role, ScrollArea, Sense, TextStyle, Ui, Vec2,
    WidgetInfo, vec2,
};

use ndarray::Axis;

use crate::experiment::{InsideView, Pane, TaskPlan, TextEdit, literal};
use crate::session::{Action, Lane};
use crate::train::{EndReason, PictureKind, PictureRequest};
use crate::ui::theme::{lane_look, paint_marker, small_style, strong_style, theme_of, tokens};
use crate::ui::widgets::{Icon, elided, empty_state, icon_toggle, segmented, tile_frame};

use super::panes;
use crate::ui::frame::Frame;

use heat::Quantity;
use maps::Maps;
use model::Model;
use network::Scene;
use pager::Pages;
use spread::SpreadCache;
use tables::Tables;
use typing::Typing;
use weights::WeightsCache;

/// Cells along each side of a unit's map.
const CELLS: usize = 40;

const VIEWS: [(InsideView, &str); 3] = [
    (InsideView::Network, "network"),
    (InsideView::Weights, "weights"),
    (InsideView::Histograms, "histograms"),
];

/// The pane's own state.
#[derive(Debug, Default)]
pub(in crate::ui) struct InsideState {
    /// What is shown, as the experiment's view has it in this frame.
    view: InsideView,
    /// Whose spread is drawn where there is room for one.
    quantity: Quantity,
    /// The two features that maps are over, and their ranges: of which model.
    plane: [usize; 2],
    ranges: Option<([usize; 2], Ranges)>,
    /// Which units of wide columns are drawn.
    pages: Pages,
    model: Option<Model>,
    maps: Option<Maps>,
    typing: Option<Typing>,
    weights: WeightsCache,
    spread: SpreadCache,
    tables: Tables,
}

type Ranges = [(f64, f64); 2];

/// The edit by which something else is shown.
pub(in crate::ui) fn shows(view: InsideView) -> Action {
    edited("show", &literal(&view))
}

fn edited(field: &str, value: &str) -> Action {
    let edits = vec![TextEdit::set(format!("view.inside.{field}"), value)];
    Action::Edit { edits, gesture: None }
}

/// Draws the pane.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, size: Vec2) {
    let session = frame.session;
    let look = &session.experiment().view.inside;
    let is_chosen = |lane: &&Lane| look.lane.as_deref() == Some(lane.name());
    let chosen = session.lanes().iter().find(is_chosen);
    let Some(lane) = chosen.or(session.lanes().first()) else { return };
    if frame.window.center.inside.view != look.show {
        (frame.window.center.inside.view, frame.window.center.inside.typing) = (look.show, None);
    }
    let model = take_model(&mut frame.window.center.inside, lane);
    tile_frame(ui, size, |ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        head_ui(ui, frame, (lane, model.as_ref()));
        match &model {
            Some(model) => ui.push_id(lane.id, |ui| body_ui(ui, frame, lane, model)).inner,
            None => empty_state(
                ui,
                Icon::Info,
                "Nothing inside",
                "A function of two variables has no layers to look into.",
                |_| {},
            ),
        }
    });
    frame.window.center.inside.model = model;
}

/// The model of a lane: the one that is known, or made anew with all that hangs on it.
fn take_model(state: &mut InsideState, lane: &Lane) -> Option<Model> {
    if let Some(model) = state.model.take().filter(|model| model.is_of(&lane.plan)) {
        return Some(model);
    }
    let model = Model::of(&lane.plan)?;
    let inputs = model.inputs.len();
    if state.plane.iter().any(|feature| *feature >= inputs) || state.plane == [0, 0] {
        state.plane = widest_features(lane, inputs);
    }
    (state.ranges, state.maps, state.typing) = (None, None, None);
    state.pages = Pages::default();
    (state.weights, state.spread) = (WeightsCache::default(), SpreadCache::default());
    Some(model)
}

/// The two features that vary most over the training rows, in their order: over one that never does, maps
/// would show nothing.
fn widest_features(lane: &Lane, inputs: usize) -> [usize; 2] {
    let first = [0, 1.min(inputs - 1)];
    let TaskPlan::Learn(learn) = &lane.plan.task else { return first };
    if inputs < 3 {
        return first;
    }
    let spread = learn.split.train.features.var_axis(Axis(0), 0.0);
    let mut all: Vec<usize> = (0..inputs.min(spread.len())).collect();
    all.sort_by(|a, b| spread[*b].total_cmp(&spread[*a]));
    let mut two = [all[0], all[1]];
    two.sort_unstable();
    two
}

/// The room that the choice of views needs beside the title, at a text size of 100 %.
const ROOMY: f32 = 470.0;

fn head_ui(ui: &mut Ui, frame: &mut Frame<'_>, (lane, model): (&Lane, Option<&Model>)) {
    let height = ui.spacing().interact_size.y + 4.0;
    let roomy = ui.available_width() > ROOMY * frame.window.text_scale;
    let row = vec2(ui.available_width(), height);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        panes::grip_ui(ui, frame, Pane::Inside);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            panes::buttons_ui(ui, frame, Pane::Inside);
            if model.is_some() {
                table_ui(ui, frame);
            }
            if roomy && model.is_some() {
                views_ui(ui, frame);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                if ui.available_width() > 200.0 * frame.window.text_scale {
                    ui.label(RichText::new("Inside").text_style(strong_style()));
                }
                lane_ui(ui, frame, lane);
                if let Some(model) = model {
                    let words = RichText::new(model.words()).text_style(small_style());
                    ui.add(Label::new(words.color(tokens(ui).dim)).truncate());
                }
            });
        });
    });
    if !roomy && model.is_some() {
        views_ui(ui, frame);
    }
}

/// Whether the numbers of what is shown stand in a table instead; of the network there is none.
fn table_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let state = &mut frame.window.center.inside;
    if state.view == InsideView::Network {
        return;
    }
    let (name, says) = ("Inside as a table", "These numbers as a table");
    if icon_toggle(ui, state.tables.is_shown, Icon::Table, name).on_hover_text(says).clicked() {
        state.tables.is_shown = !state.tables.is_shown;
    }
}

fn views_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let current = frame.window.center.inside.view;
    if let Some(view) = choice_ui(ui, "Inside shows", current, &VIEWS) {
        frame.push(shows(view));
    }
}

/// One of a few, side by side, or in a menu where there is no room for that.
fn choice_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    current: T,
    choices: &[(T, &str)],
) -> Option<T> {
    let padding = 2.0 * ui.spacing().button_padding.x + 2.0;
    let font = TextStyle::Button.resolve(ui.style());
    let width = |(_, label): &(T, &str)| {
        let galley = ui.painter().layout_no_wrap((*label).to_owned(), font.clone(), Color32::WHITE);
        galley.size().x + padding
    };
    if choices.iter().map(width).sum::<f32>() + 4.0 < ui.available_width() {
        return segmented(ui, name, current, choices);
    }
    let mut chosen = None;
    let label = choices.iter().find(|(choice, _)| *choice == current).map_or("", |(_, l)| *l);
    let (response, _) = MenuButton::new((label, Icon::Down.atom(ui))).ui(ui, |ui| {
        for (choice, label) in choices {
            if ui.selectable_label(*choice == current, *label).clicked() {
                chosen = Some(*choice);
                ui.close();
            }
        }
    });
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    chosen
}

/// Letters of a lane's name in the head, at most.
const LETTERS: usize = 18;

/// Which lane is looked into.
fn lane_ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane) {
    let side = ui.text_style_height(&strong_style());
    let (mark, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
    let look = lane_look(lane.color);
    let color = look.color(theme_of(ui));
    paint_marker(ui.painter(), look.marker, mark.center(), side * 0.3, color);
    let room = ui.available_width() / frame.window.text_scale;
    let letters = ((room - 40.0) / 8.0).max(3.0) as usize;
    let name = elided(lane.name(), letters.min(LETTERS));
    let (response, _) = MenuButton::new((name.as_str(), Icon::Down.atom(ui))).ui(ui, |ui| {
        for other in frame.session.lanes() {
            let on = other.id == lane.id;
            if ui.selectable_label(on, elided(other.name(), 60)).clicked() {
                frame.push(edited("lane", &literal(&other.name())));
                ui.close();
            }
        }
    });
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, "Lane looked into"));
    response.on_hover_text("Which lane is looked into");
}

fn body_ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane, model: &Model) {
    let scale = frame.window.text_scale;
    let view = frame.window.center.inside.view;
    if view == InsideView::Network && model.inputs.len() > 2 {
        plane_ui(ui, frame, model);
    }
    let most = drawing::fit(ui.available_height(), scale);
    let units = units_request(&mut frame.window.center.inside, lane, model, most);
    let requests = match (view, units) {
        (InsideView::Network, Some(units)) => {
            vec![units, PictureRequest::Parameters, PictureRequest::Layers]
        }
        (InsideView::Histograms, _) => vec![PictureRequest::Layers],
        _ => vec![PictureRequest::Parameters, PictureRequest::Layers],
    };
    frame.watch(lane.id, requests);
    let params = lane.pictures().parameters.as_ref().and_then(|picture| match &picture.kind {
        PictureKind::Parameters(params) => Some(Arc::clone(params)),
        _ => None,
    });
    let params = params.filter(|params| params.len() == model.layout.len());
    let in_table = frame.window.center.inside.tables.is_shown;
    match view {
        InsideView::Network => network_ui(ui, frame, lane, model, params.as_deref()),
        InsideView::Weights if in_table => match params.as_deref() {
            Some(params) => tables::weights_ui(ui, frame, model, params),
            None => waiting_ui(ui, lane),
        },
        InsideView::Weights => weights::ui(ui, frame, (lane, model), params.as_ref()),
        InsideView::Histograms => spread::ui(ui, frame, lane),
    }
    typing::ui(ui, frame, lane, params.as_deref());
}

/// The least width of a column of units, at a text size of 100 %: deeper networks scroll sideways.
const COLUMN: f32 = 46.0;

fn network_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    lane: &Lane,
    model: &Model,
    params: Option<&[f64]>,
) {
    let features = frame.window.center.inside.plane;
    // Of a single feature the maps are along y.
    let features = if model.inputs.len() == 1 { [usize::MAX, 0] } else { features };
    let picture = lane.pictures().units.as_ref();
    let scene = Scene { lane, model, params, features, picture };
    let size = ui.available_size();
    let least = COLUMN * frame.window.text_scale * (model.widths().len() + 1) as f32;
    ScrollArea::horizontal().id_salt("network").auto_shrink(false).show(ui, |ui| {
        let size = vec2(size.x.max(least), size.y);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        // Room for the frame of the answer at the right.
        network::ui(ui, frame, &scene, rect.with_max_x(rect.right() - 2.0));
    });
}

/// The picture of the units that are drawn over the plane of two features; none without a range to look at.
fn units_request(
    state: &mut InsideState,
    lane: &Lane,
    model: &Model,
    most: usize,
) -> Option<PictureRequest> {
    let TaskPlan::Learn(learn) = &lane.plan.task else { return None };
    let features = state.plane;
    let known = state.ranges.filter(|(of, _)| *of == features);
    let (_, [x, y]) = known.unwrap_or_else(|| {
        let ranges = features.map(|feature| model::range(&learn.split, feature));
        (features, ranges)
    });
    state.ranges = Some((features, [x, y]));
    let cells = if model.inputs.len() == 1 { (4, CELLS) } else { (CELLS, CELLS) };
    let is_range = |(low, high): (f64, f64)| low.is_finite() && high.is_finite() && low < high;
    let widths = model.widths();
    let hidden = 1..widths.len().saturating_sub(1);
    let shown = hidden.map(|column| state.pages.range(column, widths[column], most)).collect();
    let request = PictureRequest::Units { features, x, y, cells, shown };
    (is_range(x) && is_range(y)).then_some(request)
}

/// Which two features the maps are over; all others are held at their means.
fn plane_ui(ui: &mut Ui, frame: &mut Frame<'_>, model: &Model) {
    let height = ui.spacing().interact_size.y;
    let row = vec2(ui.available_width(), height);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        let dim = tokens(ui).dim;
        let room = ui.available_width() / frame.window.text_scale;
        if room > 240.0 {
            ui.label(RichText::new("maps over").text_style(small_style()).color(dim));
        }
        let letters = ((room - 90.0) / 18.0).clamp(3.0, 14.0) as usize;
        for axis in [0, 1] {
            let state = &mut frame.window.center.inside;
            let name = elided(&model.unit(0, state.plane[axis]), letters);
            let (response, _) =
                MenuButton::new((name.as_str(), Icon::Down.atom(ui))).ui(ui, |ui| {
                    ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
                        for feature in 0..model.inputs.len() {
                            let on = state.plane[axis] == feature;
                            let label = elided(&model.unit(0, feature), 40);
                            let taken = state.plane[1 - axis] == feature;
                            let choice = eframe::egui::Button::selectable(on, label);
                            if ui.add_enabled(!taken, choice).clicked() {
                                state.plane[axis] = feature;
                                ui.close();
                            }
                        }
                    });
                });
            let says = ["Feature along the maps' x", "Feature along the maps' y"][axis];
            let enabled = ui.is_enabled();
            response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, says));
        }
        let words = RichText::new("others at their means").text_style(small_style()).color(dim);
        ui.add(Label::new(words).truncate());
    });
}

/// What stands in a view before its first picture has come.
fn waiting_ui(ui: &mut Ui, lane: &Lane) {
    if lane.end().is_some_and(|end| matches!(end.reason, EndReason::Failed(_))) {
        let words = RichText::new("The lane failed: there is nothing to look into.");
        ui.add(Label::new(words.color(tokens(ui).dim)).wrap());
        return;
    }
    let rect: Rect = ui.available_rect_before_wrap();
    ui.put(Rect::from_center_size(rect.center(), Vec2::splat(24.0)), eframe::egui::Spinner::new());
}
