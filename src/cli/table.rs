//! The table of results: one row a lane, the best first.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

use crate::export::{LaneResult, Number, ScoresResult};

use super::text::{rate, short_number};

/// The table, the lanes ranked by their loss on held-out rows, else on all training rows. What is
/// not finite ranks last.
pub(super) fn result_table(lanes: &[LaneResult]) -> String {
    let mut ranked: Vec<_> = lanes.iter().collect();
    ranked.sort_by(|a, b| ranking_loss(a).total_cmp(&ranking_loss(b)));
    let has_held_out = lanes.iter().any(|lane| lane.held_out.is_some());
    let has_accuracy = lanes.iter().any(|lane| accuracy(lane).is_some());
    let has_r2 = lanes.iter().any(|lane| lane.train.scores.r2.is_some());

    let mut header = vec!["rank", "lane", "loss", "full loss"];
    header.extend(has_held_out.then_some("held-out loss"));
    header.extend(has_accuracy.then_some("accuracy"));
    header.extend(has_r2.then_some("R²"));
    header.extend(["steps", "end", "steps/s"]);

    let mut table = Table::new();
    let line = LineStyle::none().fill('─').junction('─');
    table.load_style(TableStyle::new().header_separator(line));
    table.set_header(header.clone());
    for (place, lane) in ranked.iter().enumerate() {
        let mut row = vec![(place + 1).to_string(), lane.name.clone()];
        row.push(cell(lane.loss));
        row.push(short_number(lane.full_loss.0));
        let held_out = lane.held_out.as_ref();
        row.extend(
            has_held_out.then(|| cell(held_out.and_then(|held| held.scores.loss.map(Number)))),
        );
        row.extend(has_accuracy.then(|| percent(accuracy(lane))));
        row.extend(has_r2.then(|| cell(held_out.unwrap_or(&lane.train).scores.r2.map(Number))));
        row.extend([lane.steps.to_string(), lane.stop.reason.clone()]);
        row.push(rate(lane.steps_per_second.0));
        table.add_row(row);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        let is_text = ["lane", "end"].contains(&header[index]);
        let side = if is_text { CellAlignment::Left } else { CellAlignment::Right };
        column.set_cell_alignment(side);
    }
    table.trim_fmt()
}

fn ranking_loss(lane: &LaneResult) -> f64 {
    let held_out = lane.held_out.as_ref().and_then(|held| held.scores.loss);
    let loss = held_out.unwrap_or(lane.full_loss.0);
    if loss.is_nan() { f64::INFINITY } else { loss }
}

fn accuracy(lane: &LaneResult) -> Option<Number> {
    let of = |result: &ScoresResult| result.scores.accuracy.map(Number);
    lane.held_out.as_ref().and_then(of).or_else(|| of(&lane.train))
}

fn cell(number: Option<Number>) -> String {
    number.map_or_else(|| "–".to_owned(), |number| short_number(number.0))
}

fn percent(part: Option<Number>) -> String {
    part.map_or_else(|| "–".to_owned(), |part| format!("{:.1} %", 100.0 * part.0))
}
