//! The tree of a lane's past: its branches along the steps, what was turned on each, and the lanes that were
//! forked off it. A branch that was left is gone to by a click.

use std::fmt::Write as _;

use eframe::egui::{
    Align, Color32, Label, Layout, Rect, RichText, ScrollArea, Sense, Shape, Stroke, Ui, pos2, vec2,
};

use crate::session::{Action, Lane, LaneBranch, LaneId, Session};
use crate::train::BranchId;
use crate::ui::theme::{lane_look, number_style, small_style, strong_style, theme_of, tokens};
use crate::ui::widgets::{button, count, elided_middle, fixed};

use super::super::frame::Frame;
use super::Outcome;

/// How wide the picture of the tree is, at a text size of 100 %.
const PICTURE: f32 = 220.0;
/// How wide what is said beside it may be.
const WORDS: f32 = 320.0;
/// What was turned, told at once.
const TOLD: usize = 2;
/// Letters of a fork's name.
const NAME: usize = 32;

/// A line of the tree.
struct Row {
    /// Where it begins and ends.
    steps: [u64; 2],
    /// The row it parts from.
    from: Option<usize>,
    color: Color32,
    /// Whether it goes on now.
    is_here: bool,
    title: String,
    says: String,
    leads: Leads,
}

/// Where a row leads.
enum Leads {
    Nowhere,
    /// To a branch that was left.
    Branch(BranchId),
    /// To a fork's lane: what it has of its parent.
    Fork(LaneId),
}

/// Draws the sheet.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, id: LaneId) -> Outcome {
    let Some(lane) = frame.session.lane(id) else { return Outcome::Close };
    ui.heading(format!("Branches of {}", elided_middle(lane.name(), NAME)));
    let dim = tokens(ui).dim;
    let says = "Going back, undoing a turned knob and turning another way open branches; none is lost. Forks \
        are lanes of their own that begin at a step of this one.";
    ui.set_max_width((PICTURE + WORDS) * frame.window.text_scale.min(1.5) + 160.0);
    ui.add(Label::new(RichText::new(says).color(dim)).wrap());
    ui.add_space(8.0);
    let rows = rows(ui, frame.session, lane);
    let mut outcome = Outcome::Stay;
    let height = (ui.ctx().content_rect().height() - 240.0).max(120.0);
    ScrollArea::vertical().max_height(height).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        tree_ui(ui, frame, (id, &rows), &mut outcome);
    });
    ui.add_space(8.0);
    if ui.button("Close").clicked() { Outcome::Close } else { outcome }
}

/// The branches, each below the one it parted from, then the forks.
fn rows(ui: &Ui, session: &Session, lane: &Lane) -> Vec<Row> {
    let own = lane_look(lane.color).color(theme_of(ui));
    let branches = lane.branches();
    let mut order: Vec<&LaneBranch> = Vec::new();
    let mut waiting: Vec<&LaneBranch> = branches.iter().filter(|b| b.parent.is_none()).collect();
    while let Some(branch) = waiting.pop() {
        order.push(branch);
        let is_child = |b: &&LaneBranch| b.parent.is_some_and(|(parent, _)| parent == branch.id);
        waiting.extend(branches.iter().filter(is_child).rev());
    }
    let mut rows: Vec<Row> = Vec::new();
    for branch in &order {
        let place = |id: BranchId| order.iter().position(|other| other.id == id);
        let begin = branch.parent.map_or(lane.first_step(), |(_, step)| step);
        rows.push(Row {
            steps: [begin, branch.last],
            from: branch.parent.and_then(|(id, _)| place(id)),
            color: own,
            is_here: branch.is_here,
            title: title_of(branch, begin),
            says: turned(branch),
            leads: match (branch.is_here, branch.is_known) {
                (false, true) => Leads::Branch(branch.id),
                _ => Leads::Nowhere,
            },
        });
    }
    let here = order.iter().position(|branch| branch.is_here);
    // A fork parts from what the lane is on now, or from what that shares with others.
    let parting = |step: u64| {
        let above = |row: &usize| rows.get(*row).and_then(|row| row.from);
        let own = |row: &usize| rows.get(*row).is_some_and(|row| row.steps[0] < step);
        let line: Vec<usize> = std::iter::successors(here, above).collect();
        line.iter().copied().find(own).or(line.last().copied())
    };
    let mut forks: Vec<Row> = Vec::new();
    for fork in session.lanes() {
        let Some(from) = fork.spec.from.as_ref().filter(|from| from.lane == lane.name()) else {
            continue;
        };
        let loss = fork.ranked_loss().map_or(String::new(), |l| format!(" · {}", fixed(l.value)));
        forks.push(Row {
            steps: [from.step, fork.status.step.max(from.step)],
            from: parting(from.step),
            color: lane_look(fork.color).color(theme_of(ui)),
            is_here: false,
            title: format!("fork at {}{loss}", count(from.step)),
            says: elided_middle(fork.name(), NAME),
            leads: Leads::Fork(fork.id),
        });
    }
    rows.extend(forks);
    rows
}

fn title_of(branch: &LaneBranch, begin: u64) -> String {
    let loss = branch.loss.map_or(String::new(), |loss| format!(" · {}", fixed(loss)));
    format!("steps {} – {}{loss}", count(begin), count(branch.last))
}

/// What was turned on a branch, in words.
fn turned(branch: &LaneBranch) -> String {
    let mut words = String::new();
    for change in branch.changes.iter().take(TOLD) {
        let joint = if words.is_empty() { "" } else { ", " };
        let label = change.change.label();
        // Writing to a string cannot fail.
        let _infallible = write!(
            words,
            "{joint}{label} {} → {} at {}",
            change.from,
            change.to,
            count(change.step)
        );
    }
    let more = branch.changes.len().saturating_sub(TOLD);
    if more > 0 {
        let _infallible = write!(words, " and {more} more");
    }
    if !branch.is_known {
        words = format!("given up for memory {words}");
    } else if words.is_empty() {
        words.push_str("nothing turned by hand");
    }
    words
}

fn tree_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    (id, rows): (LaneId, &[Row]),
    outcome: &mut Outcome,
) {
    let scale = frame.window.text_scale.min(1.5);
    let line = ui.text_style_height(&strong_style()) + ui.text_style_height(&small_style());
    let height = line.max(ui.spacing().interact_size.y) + 10.0;
    let furthest = rows.iter().map(|row| row.steps[1]).max().unwrap_or(0).max(1) as f32;
    let left = ui.cursor().left() + 8.0;
    let x = |step: u64| left + (PICTURE * scale - 24.0) * step as f32 / furthest;
    let mut middles: Vec<f32> = Vec::new();
    let behind = ui.painter().add(Shape::Noop);
    for row in rows {
        let size = vec2(ui.available_width(), height);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            let (picture, _) =
                ui.allocate_exact_size(vec2(PICTURE * scale, height), Sense::hover());
            middles.push(picture.center().y);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                match leads_ui(ui, row) {
                    None | Some(Leads::Nowhere) => {}
                    Some(Leads::Branch(branch)) => frame.push(Action::GoToBranch(id, *branch)),
                    Some(Leads::Fork(fork)) => {
                        *outcome = Outcome::Next(super::Dialog::Lineage(*fork));
                    }
                }
                ui.with_layout(Layout::top_down(Align::Min), |ui| words_ui(ui, row));
            });
        });
    }
    ui.painter().set(behind, Shape::Vec(lines(rows, &middles, x)));
}

/// What a row says.
fn words_ui(ui: &mut Ui, row: &Row) {
    let dim = tokens(ui).dim;
    ui.add_space(3.0);
    ui.add(Label::new(RichText::new(&row.title).text_style(number_style())).truncate());
    ui.add(Label::new(RichText::new(&row.says).text_style(small_style()).color(dim)).truncate())
        .on_hover_text(&row.says);
}

/// What leads to where a row stands; gives it where it was pressed.
fn leads_ui<'a>(ui: &mut Ui, row: &'a Row) -> Option<&'a Leads> {
    if row.is_here {
        let accent = tokens(ui).accent;
        ui.label(RichText::new("here").text_style(strong_style()).color(accent));
        return None;
    }
    let (words, says) = match row.leads {
        Leads::Nowhere => return None,
        Leads::Branch(_) => {
            ("Go there", "The lane goes on from its furthest step. Undo comes back here.")
        }
        Leads::Fork(_) => ("Compare", "What the fork has of this lane"),
    };
    button(ui, None, words).on_hover_text(says).clicked().then_some(&row.leads)
}

/// The lines of the tree: each branch from where it parts to where it ended.
fn lines(rows: &[Row], middles: &[f32], x: impl Fn(u64) -> f32) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for (row, y) in rows.iter().zip(middles) {
        let [begin, end] = row.steps.map(&x);
        let width = if row.is_here { 3.0 } else { 1.5 };
        let stroke = Stroke::new(width, row.color);
        if let Some(above) = row.from.and_then(|from| middles.get(from)) {
            let thin = Stroke::new(1.5, row.color);
            shapes.push(Shape::line_segment([pos2(begin, *above), pos2(begin, *y)], thin));
            shapes.push(Shape::circle_filled(pos2(begin, *above), 3.0, row.color));
        }
        shapes.push(Shape::line_segment([pos2(begin, *y), pos2(end, *y)], stroke));
        let dot = Rect::from_center_size(pos2(end, *y), vec2(7.0, 7.0));
        shapes.push(Shape::circle_filled(
            dot.center(),
            if row.is_here { 5.0 } else { 3.0 },
            row.color,
        ));
    }
    shapes
}
