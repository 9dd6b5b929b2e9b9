//! The curve as a table: the very numbers that it is drawn from, a row a step or a row an epoch.

use eframe::egui::{Align, Layout, RichText, Ui, vec2};

use crate::session::{Lane, Measure, Session};
use crate::ui::plot::{CurveLine, Samples};
use crate::ui::theme::{lane_look, small_style, theme_of, tokens};
use crate::ui::widgets::{
    Grid, GridCell, GridColumn, GridState, NumberEntry, count, exact, segmented,
};

use super::super::panes;
use crate::ui::frame::Frame;

/// The window's own state of the table.
#[derive(Debug, Default)]
pub(in crate::ui::panels::center) struct CurveTable {
    /// Whether it is shown in place of the curves.
    pub(in crate::ui::panels::center) is_shown: bool,
    rows: Rows,
    grid: GridState,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Rows {
    /// A step at which something was measured beside the batch: the end of an epoch.
    #[default]
    Epochs,
    /// Every step.
    Steps,
}

/// The steps that have rows.
enum Steps<'a> {
    /// All up to a last one.
    Every(u64),
    /// Those of a curve.
    Of(&'a crate::series::Curve),
}

impl Steps<'_> {
    fn count(&self) -> u64 {
        match self {
            Self::Every(count) => *count,
            Self::Of(curve) => curve.len(),
        }
    }

    fn of_row(&self, row: u64) -> u64 {
        match self {
            Self::Every(_) => row,
            Self::Of(curve) => curve.get(row).map_or(0, |point| point.step),
        }
    }

    /// The last row at or before a step.
    fn row_of(&self, step: u64) -> u64 {
        match self {
            Self::Every(count) => step.min(count.saturating_sub(1)),
            Self::Of(curve) => {
                let (mut low, mut high) = (0, curve.len());
                while low < high {
                    let middle = low + (high - low) / 2;
                    if self.of_row(middle) <= step { low = middle + 1 } else { high = middle }
                }
                low.saturating_sub(1)
            }
        }
    }
}

/// A lane and its lines.
pub(super) type LaneLines<'a> = (&'a Lane, &'a [CurveLine<'a>]);

/// Draws the table of these lines.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, measure: &Measure, lanes: &[LaneLines<'_>]) {
    let session = frame.session;
    let points = longest(lanes);
    let table = &mut frame.window.center.table;
    bar_ui(ui, table, session, points.is_some());
    let steps = match points.filter(|_| table.rows == Rows::Epochs) {
        Some(curve) => Steps::Of(curve),
        None => Steps::Every(session.furthest() + u64::from(session.furthest() > 0)),
    };
    let theme = theme_of(ui);
    let mut columns = Vec::new();
    let mut lines = Vec::new();
    for (lane, of_lane) in lanes {
        for line in *of_lane {
            columns.push(GridColumn {
                group: lane.name().to_owned(),
                title: line.title.to_owned(),
                color: Some(lane_look(lane.color).color(theme)),
            });
            lines.push((*lane, line.samples));
        }
    }
    if steps.count() == 0 || columns.is_empty() {
        let words = "Nothing measured yet. Run, or take a single step.";
        ui.label(RichText::new(words).color(tokens(ui).dim));
        return;
    }
    let grid = Grid {
        name: &format!("{} of all lanes, as a table", measure.label),
        row_title: "step",
        columns: &columns,
        rows: steps.count(),
        head: &|row| count(steps.of_row(row)),
        cell: &|row, column| {
            let (lane, samples) = lines[column];
            cell_of(lane, samples, steps.of_row(row))
        },
        marked: session.looked_at().map(|step| steps.row_of(step)),
    };
    let size = ui.available_size();
    grid.show(ui, &mut frame.window.center.table.grid, size);
}

/// What a lane's line says at a step: the number measured there, else the last one before, if it is of
/// the kind that is measured now and then.
fn cell_of(lane: &Lane, samples: Samples<'_>, step: u64) -> GridCell {
    if step < lane.first_step() {
        return GridCell::default();
    }
    // No batch is measured after the last update: the nearest is the one before it.
    let nearest = samples.last_step().filter(|last| *last + 1 == step);
    let Some(point) = samples.at(nearest.unwrap_or(step)) else { return GridCell::default() };
    let is_mean = match samples {
        Samples::Every(series) | Samples::Less(series, _) | Samples::Made(series, _) => {
            series.get(point.step).is_none()
        }
        Samples::Some(_) => false,
    };
    let about = if is_mean { "≈ " } else { "" };
    GridCell { text: format!("{about}{}", exact(point.value)), is_old: point.step != step }
}

/// The curve with the most points among those of the lanes.
fn longest<'a>(lanes: &[LaneLines<'a>]) -> Option<&'a crate::series::Curve> {
    let lines = lanes.iter().flat_map(|(_, lines)| lines.iter());
    let curves = lines.filter_map(|line| match line.samples {
        Samples::Some(curve) => Some(curve),
        Samples::Every(_) | Samples::Less(..) | Samples::Made(..) => None,
    });
    curves.max_by_key(|curve| curve.len())
}

/// What a row is, and where to go.
fn bar_ui(ui: &mut Ui, table: &mut CurveTable, session: &Session, has_points: bool) {
    let row = vec2(ui.available_width(), panes::head_height(ui));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        if has_points {
            let all = [(Rows::Epochs, "epochs"), (Rows::Steps, "every step")];
            if let Some(rows) = segmented(ui, "Rows of the table", table.rows, &all) {
                (table.rows, table.grid) = (rows, GridState::default());
            }
        }
        let is_every = !has_points || table.rows == Rows::Steps;
        if is_every && ui.available_width() > 160.0 {
            ui.label(RichText::new("go to").text_style(small_style()).color(tokens(ui).dim));
            let mut step = session.looked_at().unwrap_or(session.furthest()) as f64;
            let scale = ui.text_style_height(&small_style()) / 13.0;
            ui.allocate_ui(vec2(90.0 * scale.max(1.0), row.y), |ui| {
                let answer = NumberEntry::new("Go to step", &mut step).integer().show(ui);
                if answer.committed {
                    table.grid.go_to(step.max(0.0) as u64);
                }
            });
        }
    });
}
