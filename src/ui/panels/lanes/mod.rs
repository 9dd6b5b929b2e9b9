//! The right panel: the lanes, one card each.
//!
//! A card shows what its lane *is* now: on a lane that has trained, its live knobs; at the start, or
//! where the file names another optimizer than the one that trains, what the file says. Cards for
//! which there is no room fold to a line. This panel owns folds, a name being typed, the spread form, and
//! values that are on their way to a lane.

mod abreast;
mod card;
mod folding;
mod head;
mod knobs;
mod losses;
mod own;
mod rank;
mod rates;
mod rescue;
mod seeds;
mod spread;
mod treatment;
mod tree;
mod winner;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use eframe::egui::{Button, RichText, Ui, containers::menu::MenuButton};

use super::editor::{Buffers, Editor};
use super::fields::note_ui;
use super::section::{BAR, caption_row_ui, margin, scroll_ui};
use crate::experiment::LaneSpec;
use crate::session::{Action, Knobs, Lane, LaneId, Session, TEMPLATES};
use crate::ui::frame::Frame;
use crate::ui::theme::{small_style, tokens};

use folding::Folding;
use head::Renaming;
use knobs::Turned;
pub(in crate::ui) use rank::ordinal;
pub(in crate::ui) use rescue::rescues;
use spread::SpreadForm;

/// What the lanes panel keeps between frames.
#[derive(Debug, Default)]
pub(in crate::ui) struct LanesPanelState {
    buffers: Buffers,
    /// Cards folded (`false`) or opened (`true`) by hand.
    open: BTreeMap<LaneId, bool>,
    /// The others are open where there is room.
    folding: Folding,
    /// Cards that show everything.
    more: BTreeSet<LaneId>,
    renaming: Option<Renaming>,
    spread: Option<SpreadForm>,
    /// Values turned that the lane has not answered yet.
    turned: BTreeMap<(LaneId, String), Turned>,
    /// Why a value turned on a running lane was not sent.
    refused: BTreeMap<(LaneId, String), String>,
}

impl LanesPanelState {
    /// Shows all that these cards can show.
    pub(in crate::ui) fn unfold(&mut self, lanes: &[LaneId]) {
        for lane in lanes {
            self.open.insert(*lane, true);
            self.more.insert(*lane);
        }
    }
}

/// The lanes panel.
pub(in crate::ui) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    margin().show(ui, |ui| panel_ui(ui, frame));
}

fn panel_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let session = frame.session;
    let LanesPanelState { buffers, open, folding, more, renaming, spread, turned, refused } =
        &mut frame.window.lanes;
    let (instruments, dialog) = (&mut frame.window.instruments, &mut frame.window.dialog);
    let mut editor = Editor::new(session, buffers, &mut frame.actions);
    let caption = RichText::new("LANES").color(tokens(ui).dim);
    caption_row_ui(ui, caption, "Lanes", |ui| {
        ui.add_space(BAR);
        if session.lesson().is_none() {
            add_lane_ui(ui, &mut editor);
            abreast::race_ui(ui, session, editor.actions);
        }
    });
    abreast::line_ui(ui, session);
    let specs = &session.experiment().lanes;
    let ids = session.lane_ids();
    let ranks = session.ranks();
    let now: Vec<LaneSpec> =
        ids.iter().zip(specs).map(|(id, spec)| as_it_is(session, *id, spec)).collect();
    let knobs: Vec<Option<Cow<'_, Knobs>>> =
        ids.iter().map(|id| session.lane(*id).map(Lane::shown_knobs)).collect();
    let pinned = session.pinned().and_then(|id| session.index_of(id));
    let branches = tree::branches(specs, pinned);
    let ordered: Vec<LaneId> = branches.iter().map(|branch| ids[branch.index]).collect();
    folding.decide(ui, session, &ordered, open);
    scroll_ui(ui, "lanes", |ui| {
        let mut joints = tree::Joints::default();
        for branch in branches {
            let index = branch.index;
            let (id, spec) = (&ids[index], &specs[index]);
            let mut card = card::Card {
                session,
                id: *id,
                index,
                spec,
                now: &now,
                lane: session.lane(*id),
                knobs: knobs.get(index).and_then(Option::as_deref),
                rank: ranks.get(id).copied(),
                editor: &mut editor,
                open,
                has_room: folding.is_open(*id),
                is_dense: folding.is_dense(),
                more,
                renaming,
                spread,
                turned,
                refused,
                instruments,
                dialog,
            };
            let drawn = ui.push_id(("lane", id.0), |ui| {
                let is_open = card.is_open();
                joints.branched_ui(ui, &branch, |ui| card::ui(ui, &mut card));
                is_open
            });
            if drawn.inner {
                folding.measured(ui, *id, drawn.response.rect.height());
            }
            ui.add_space(4.0);
        }
        winner::ui(ui, session);
        if specs.is_empty() {
            note_ui(ui, "No lanes yet: add one.");
        }
    });
}

/// A lane's spec with the batch size, the noise and the gradient that it trains with now. What it
/// shares with the experiment stays shared.
fn as_it_is(session: &Session, id: LaneId, spec: &LaneSpec) -> LaneSpec {
    let mut now = spec.clone();
    let lane = session.lane(id).filter(|lane| !lane.is_at_start() || lane.is_running());
    let Some(lane) = lane else { return now };
    let experiment = session.experiment();
    let (batch_size, noise) = (lane.knobs.batch_size, lane.knobs.gradient_noise);
    if experiment.batch_size(spec) != batch_size {
        now.batch_size = Some(batch_size).filter(|own| *own != experiment.training.batch_size);
    }
    if experiment.gradient_noise(spec) != noise {
        now.gradient_noise = Some(noise);
    }
    now.gradient.clone_from(&lane.plan.gradient);
    now
}

fn add_lane_ui(ui: &mut Ui, editor: &mut Editor<'_>) {
    let button = Button::new("+ Add lane");
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        ui.set_min_width(260.0);
        for template in TEMPLATES {
            let dim = tokens(ui).dim;
            let size = small_style().resolve(ui.style());
            let mut words = eframe::egui::text::LayoutJob::default();
            let text = tokens(ui).text;
            let body = eframe::egui::TextStyle::Body.resolve(ui.style());
            let format = |font, color| eframe::egui::TextFormat {
                font_id: font,
                color,
                ..Default::default()
            };
            words.append(template.name, 0.0, format(body, text));
            words.append(&format!("\n{}", template.note), 0.0, format(size, dim));
            let line = ui.add(Button::new(words).frame_when_inactive(false).wrap());
            if line.accessible_name(template.name).clicked() {
                editor.actions.push(Action::AddLane(template.name));
            }
        }
    });
    response.accessible_name("Add lane").on_hover_text("Another optimizer on the same task");
}
