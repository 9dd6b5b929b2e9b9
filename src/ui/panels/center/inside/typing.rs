//! Typing a weight: a small window beside the edge or the unit that was clicked.
//!
//! Of an edge it holds one number, of a unit its bias and the weights it reads its inputs by. What is
//! typed is an edit of the run like every other.

use eframe::egui::{
    Align, Area, Id, Key, Label, Layout, Order, Pos2, RichText, ScrollArea, Ui, vec2,
};

use crate::experiment::Change;
use crate::lab::parameter;
use crate::session::{Action, Lane, LaneId};
use crate::ui::theme::{number_style, small_style, strong_style, tokens};
use crate::ui::widgets::{NumberEntry, count};

use super::drawing::Edge;
use super::model::Model;
use crate::ui::frame::Frame;

/// Weights of one unit that are listed, at most.
const MOST: usize = 256;

/// What is being typed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typing {
    lane: LaneId,
    title: String,
    /// Each with what it is from, and its place in the flat vector.
    rows: Vec<(String, usize)>,
    /// Weights that are not listed.
    left: usize,
    at: Pos2,
    is_fresh: bool,
}

impl Typing {
    /// The weight of an edge.
    pub(super) fn edge(lane: LaneId, model: &Model, edge: Edge, at: Pos2) -> Self {
        let index = model.parts[edge.layer].weight(edge.to, edge.from);
        let (from, to) = (model.unit(edge.layer, edge.from), model.unit(edge.layer + 1, edge.to));
        let rows = vec![("weight".to_owned(), index)];
        Self { lane, title: format!("{from} → {to}"), rows, left: 0, at, is_fresh: true }
    }

    /// A single weight of a matrix.
    pub(super) fn parameter(lane: LaneId, model: &Model, index: usize, at: Pos2) -> Self {
        let title = parameter(&model.layout, index).map_or_else(String::new, |p| p.to_string());
        let rows = vec![("value".to_owned(), index)];
        Self { lane, title, rows, left: 0, at, is_fresh: true }
    }

    /// The bias and the weights of a unit of a dense layer.
    pub(super) fn unit(
        lane: LaneId,
        model: &Model,
        (layer, unit): (usize, usize),
        at: Pos2,
    ) -> Self {
        let part = &model.parts[layer];
        let bias = ("bias".to_owned(), part.bias(unit));
        let weights = (0..part.inputs.min(MOST))
            .map(|from| (format!("from {}", model.unit(layer, from)), part.weight(unit, from)));
        Self {
            lane,
            title: model.unit(layer + 1, unit),
            rows: std::iter::once(bias).chain(weights).collect(),
            left: part.inputs.saturating_sub(MOST),
            at,
            is_fresh: true,
        }
    }
}

/// Draws the window of what is being typed, if something is.
pub(super) fn ui(ui: &Ui, frame: &mut Frame<'_>, lane: &Lane, params: Option<&[f64]>) {
    let Some(mut typing) = frame.window.center.inside.typing.take() else { return };
    let Some(params) = params.filter(|_| typing.lane == lane.id) else { return };
    let scale = frame.window.text_scale;
    let area = Area::new(Id::unique("typed weight"))
        .order(Order::Foreground)
        .fixed_pos(typing.at + vec2(10.0, 8.0))
        .constrain_to(ui.ctx().content_rect().shrink(8.0));
    let mut stays = true;
    let shown = area.show(ui.ctx(), |ui| {
        eframe::egui::Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_width(212.0 * scale);
            stays = body_ui(ui, frame, lane, &typing, params);
        });
    });
    let escaped = ui.input(|input| input.key_pressed(Key::Escape));
    let elsewhere = !typing.is_fresh && shown.response.clicked_elsewhere();
    if stays && !escaped && !elsewhere {
        typing.is_fresh = false;
        frame.window.center.inside.typing = Some(typing);
    }
}

/// False once a single number has been typed.
fn body_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    lane: &Lane,
    typing: &Typing,
    params: &[f64],
) -> bool {
    let t = tokens(ui);
    ui.add(Label::new(RichText::new(&typing.title).text_style(strong_style())).truncate());
    let looked_at = lane.looked_at();
    if let Some(step) = looked_at {
        let words = format!("You look back: what is typed begins a fork at step {}.", count(step));
        ui.add(Label::new(RichText::new(words).color(t.dim)).wrap());
    }
    let mut stays = true;
    let height = 240.0 * frame.window.text_scale;
    ScrollArea::vertical().max_height(height).show(ui, |ui| {
        for (at, (words, index)) in typing.rows.iter().enumerate() {
            let Some(value) = params.get(*index) else { continue };
            ui.allocate_ui_with_layout(
                vec2(ui.available_width(), ui.spacing().interact_size.y),
                Layout::right_to_left(Align::Center),
                |ui| {
                    let mut now = *value;
                    let name = format!("params.{index}");
                    let width = 92.0 * frame.window.text_scale;
                    let entry = NumberEntry::new(&name, &mut now).width(width).show(ui);
                    if typing.is_fresh && at == 0 {
                        entry.response.request_focus();
                    }
                    if entry.committed {
                        let change = Change::Parameter { index: *index, value: now };
                        frame.push(Action::Turn { lane: lane.id, change });
                        frame.push(Action::EndGesture);
                        // A fork stands beside this lane, whose numbers stay.
                        stays = typing.rows.len() > 1 && looked_at.is_none();
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let words = RichText::new(words).color(t.dim);
                        ui.add(Label::new(words).truncate());
                    });
                },
            );
        }
    });
    if typing.left > 0 {
        let words = format!("and {} weights more: see the matrices", typing.left);
        ui.label(RichText::new(words).text_style(small_style()).color(t.dim));
    }
    if let [(_, index)] = &typing.rows[..] {
        let words = RichText::new(format!("params.{index}")).text_style(number_style());
        ui.label(words.color(t.faint));
    }
    stays
}
