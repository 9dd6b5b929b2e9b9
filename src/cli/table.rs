//! The table of results: one row a lane, the best first, and below it what its seeds say of the lanes.
//!
//! A lane that stands for several seeds has the median of those that did not diverge, and the quartiles
//! below it.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

use crate::export::{LaneResult, ScoresResult};
use crate::metrics::quantile;
use crate::session::{Contender, verdicts};

use super::text::{rate, short_number, wrapped};

/// The runs of one lane, one a seed.
type Group<'a> = &'a [LaneResult];

fn groups(lanes: &[LaneResult]) -> Vec<Group<'_>> {
    lanes.chunk_by(|a, b| a.name == b.name).collect()
}

/// The table, the lanes ranked by their loss on held-out rows, else on all training rows. What is
/// not finite ranks last.
pub(super) fn result_table(lanes: &[LaneResult]) -> String {
    let mut ranked = groups(lanes);
    ranked.sort_by(|a, b| place(a).total_cmp(&place(b)));
    let has_held_out = lanes.iter().any(|lane| lane.held_out.is_some());
    let has_accuracy = lanes.iter().any(|lane| accuracy(lane).is_some());
    let has_r2 = lanes.iter().any(|lane| r2(lane).is_some());

    let mut header = vec!["rank", "lane", "loss", "full loss"];
    header.extend(has_held_out.then_some("held-out loss"));
    header.extend(has_accuracy.then_some("accuracy"));
    header.extend(has_r2.then_some("R²"));
    header.extend(["steps", "end", "steps/s"]);

    let mut table = Table::new();
    let line = LineStyle::none().fill('─').junction('─');
    table.load_style(TableStyle::new().header_separator(line));
    table.set_header(header.clone());
    for (place, group) in ranked.into_iter().enumerate() {
        let mut row = vec![(place + 1).to_string(), name(group)];
        row.push(cell(group, short_number, |lane| lane.loss.map(|loss| loss.0)));
        row.push(cell(group, short_number, |lane| Some(lane.full_loss.0)));
        row.extend(has_held_out.then(|| cell(group, short_number, held_out_loss)));
        row.extend(has_accuracy.then(|| cell(group, percent, accuracy)));
        row.extend(has_r2.then(|| cell(group, short_number, r2)));
        row.extend([steps(group), ends(group)]);
        row.push(rate(median(group, |lane| Some(lane.steps_per_second.0)).unwrap_or(0.0)));
        table.add_row(row);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        let is_text = ["lane", "end"].contains(&header[index]);
        let side = if is_text { CellAlignment::Left } else { CellAlignment::Right };
        column.set_cell_alignment(side);
    }
    table.trim_fmt()
}

/// What the seeds say of the lanes, a paragraph a pair; nothing where no two lanes have several.
pub(super) fn comparison(lanes: &[LaneResult]) -> String {
    let contenders = contenders(lanes);
    let paragraphs: Vec<String> = verdicts(&contenders)
        .iter()
        .map(|verdict| wrapped(&verdict.sentence(&contenders), 0))
        .collect();
    paragraphs.join("\n")
}

/// The lanes that stand for several seeds, each seed with its loss if it did not diverge.
pub(super) fn contenders(lanes: &[LaneResult]) -> Vec<Contender<'_>> {
    let seeded = groups(lanes).into_iter().filter(|group| group.len() > 1);
    let loss = |lane: &LaneResult| {
        let loss = ranking_loss(lane);
        (!is_broken(lane) && loss.is_finite()).then_some(loss)
    };
    seeded
        .map(|group| Contender { name: &group[0].name, losses: group.iter().map(loss).collect() })
        .collect()
}

fn name(group: Group<'_>) -> String {
    match group {
        [one] => one.name.clone(),
        many => format!("{} × {} seeds", many[0].name, many.len()),
    }
}

/// What the lane is ranked by.
fn place(group: Group<'_>) -> f64 {
    let loss = median(group, |lane| Some(ranking_loss(lane)));
    loss.filter(|loss| !loss.is_nan()).unwrap_or(f64::INFINITY)
}

fn ranking_loss(lane: &LaneResult) -> f64 {
    held_out_loss(lane).unwrap_or(lane.full_loss.0)
}

fn held_out_loss(lane: &LaneResult) -> Option<f64> {
    lane.held_out.as_ref().and_then(|held| held.scores.loss)
}

fn accuracy(lane: &LaneResult) -> Option<f64> {
    let of = |result: &ScoresResult| result.scores.accuracy;
    lane.held_out.as_ref().and_then(of).or_else(|| of(&lane.train))
}

fn r2(lane: &LaneResult) -> Option<f64> {
    lane.held_out.as_ref().unwrap_or(&lane.train).scores.r2
}

fn is_broken(lane: &LaneResult) -> bool {
    ["diverged", "failed"].contains(&lane.stop.reason.as_str())
}

/// The numbers of those seeds that did not diverge; of all, where none is left.
fn numbers(group: Group<'_>, of: impl Fn(&LaneResult) -> Option<f64>) -> Vec<f64> {
    let sound = group.iter().filter(|lane| !is_broken(lane)).filter_map(&of);
    let sound: Vec<f64> = sound.collect();
    if sound.is_empty() { group.iter().filter_map(of).collect() } else { sound }
}

fn median(group: Group<'_>, of: impl Fn(&LaneResult) -> Option<f64>) -> Option<f64> {
    quantile(&numbers(group, of), 0.5)
}

/// A number, of several seeds their median and quartiles.
fn cell(
    group: Group<'_>,
    text: impl Fn(f64) -> String,
    of: impl Fn(&LaneResult) -> Option<f64>,
) -> String {
    let numbers = numbers(group, of);
    let at = |q: f64| quantile(&numbers, q).map_or_else(|| "–".to_owned(), &text);
    match group {
        [_] => at(0.5),
        _ if numbers.is_empty() => at(0.5),
        _ => format!("{}\n{} – {}", at(0.5), at(0.25), at(0.75)),
    }
}

fn percent(part: f64) -> String {
    format!("{:.1} %", 100.0 * part)
}

fn steps(group: Group<'_>) -> String {
    let all = || group.iter().map(|lane| lane.steps);
    match (all().min(), all().max()) {
        (Some(least), Some(most)) if least < most => format!("{least} – {most}"),
        (least, _) => least.unwrap_or(0).to_string(),
    }
}

/// How the runs ended: `finished`, or `7 finished, 1 diverged`.
fn ends(group: Group<'_>) -> String {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for lane in group {
        let reason = lane.stop.reason.as_str();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    match reasons.as_slice() {
        [(reason, _)] => (*reason).to_owned(),
        many => {
            let counts: Vec<_> = many.iter().map(|(why, count)| format!("{count} {why}")).collect();
            counts.join(", ")
        }
    }
}
