//! The path of a lane on a surface as a table: where it was after every update, and how high.

use eframe::egui::{RichText, Ui};

use crate::experiment::TaskPlan;
use crate::objective::surface_value;
use crate::session::Lane;
use crate::ui::theme::tokens;
use crate::ui::widgets::{Grid, GridCell, GridColumn, GridState, count, exact};

/// Draws the table.
pub(super) fn ui(ui: &mut Ui, state: &mut GridState, lane: &Lane) {
    let TaskPlan::Surface { function, start, .. } = &lane.plan.task else { return };
    let trail = lane.shown_trail();
    let first = [(lane.first_step(), *start)];
    let trail = if trail.is_empty() { &first[..] } else { trail };
    let columns = ["x", "y", "f(x, y)"].map(|title| GridColumn {
        group: String::new(),
        title: title.to_owned(),
        color: None,
    });
    let grid = Grid {
        name: &format!("Path of {}, as a table", lane.name()),
        row_title: "step",
        columns: &columns,
        rows: trail.len() as u64,
        head: &|row| count(trail[row as usize].0),
        cell: &|row, column| {
            let [x, y] = trail[row as usize].1;
            let number = [x, y, surface_value(function, x, y)][column];
            GridCell { text: exact(number), is_old: false }
        },
        marked: None,
    };
    let size = ui.available_size();
    if size.y < 3.0 * ui.spacing().interact_size.y {
        ui.label(RichText::new("No room for a table.").color(tokens(ui).dim));
        return;
    }
    grid.show(ui, state, size);
}
