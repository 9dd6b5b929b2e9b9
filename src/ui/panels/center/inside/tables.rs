//! The numbers behind the pictures as tables, which screen readers read cell by cell: a layer's weights,
//! a row a unit; and how its numbers are spread, a row a bin of one step or a row a step that was
//! watched.
//!
//! Invariant: what stands in a table is what its picture is drawn from; counts are whole, and bounds are
//! edges of bins.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{Align, Layout, Role, ScrollArea, Ui, WidgetInfo, vec2};

use crate::metrics::{BINS, Histogram};
use crate::session::Lane;
use crate::train::{LayerInside, LayersInside};
use crate::ui::frame::Frame;
use crate::ui::widgets::{
    Grid, GridCell, GridColumn, GridState, Icon, count, elided, exact, short, stepped,
};

use super::choice_ui;
use super::heat::Quantity;
use super::model::Model;

/// The window's own state of the tables.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// Whether they are shown in place of the pictures.
    pub(super) is_shown: bool,
    /// The dense layer that is told.
    layer: usize,
    rows: Rows,
    grid: GridState,
}

/// What a row of a spread is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Rows {
    /// A bin at one step.
    #[default]
    Bins,
    /// A step that was watched.
    Steps,
}

/// Draws the weights of a layer, the bias at the end of each row.
pub(super) fn weights_ui(ui: &mut Ui, frame: &mut Frame<'_>, model: &Model, params: &[f64]) {
    let names: Vec<&str> = model.parts.iter().map(|part| part.name.as_str()).collect();
    bar_ui(ui, frame, &names, false);
    let tables = &mut frame.window.center.inside.tables;
    let layer = tables.layer;
    let Some(part) = model.parts.get(layer) else { return };
    let column = |title: String| GridColumn { group: String::new(), title, color: None };
    let inputs = (0..part.inputs).map(|from| column(model.unit(layer, from)));
    let columns: Vec<GridColumn> = inputs.chain([column("bias".to_owned())]).collect();
    let value = |row: u64, column: usize| {
        let unit = row as usize;
        let index = if column < part.inputs { part.weight(unit, column) } else { part.bias(unit) };
        params.get(index).map_or_else(String::new, |value| exact(*value))
    };
    let grid = Grid {
        name: &format!("Weights and biases of {}, as a table", part.name),
        row_title: "unit",
        columns: &columns,
        rows: part.units as u64,
        head: &|row| model.unit(layer + 1, row as usize),
        cell: &|row, column| GridCell { text: value(row, column), is_old: false },
        marked: None,
    };
    let size = ui.available_size();
    grid.show(ui, &mut tables.grid, size);
}

/// Draws how the numbers of a layer are spread: at one step, or over those that were watched.
pub(super) fn spread_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    lane: &Lane,
    (step, now): (u64, &LayersInside),
) {
    let names: Vec<&str> = now.layers.iter().map(|layer| layer.part.name.as_str()).collect();
    bar_ui(ui, frame, &names, true);
    let tables = &mut frame.window.center.inside.tables;
    let Some(layer) = now.layers.get(tables.layer) else { return };
    match tables.rows {
        Rows::Bins => bins_ui(ui, &mut tables.grid, (layer, step)),
        Rows::Steps => steps_ui(ui, tables, lane),
    }
}

/// A row a bin, the lowest first: of each quantity its bounds and how many numbers it holds.
fn bins_ui(ui: &mut Ui, grid: &mut GridState, (layer, step): (&LayerInside, u64)) {
    let columns: Vec<GridColumn> = Quantity::ALL
        .iter()
        .flat_map(|quantity| ["from", "to", "how many"].map(|title| (*quantity, title)))
        .map(|(quantity, title)| column(quantity.label(), title))
        .collect();
    let cell = |row: u64, column: usize| {
        let histogram = Quantity::ALL[column / 3].of(layer);
        let bin = row as usize;
        let text = match column % 3 {
            0 => edge(histogram, bin),
            1 => edge(histogram, bin + 1),
            _ => count(u64::from(histogram.counts[bin])),
        };
        GridCell { text, is_old: false }
    };
    let table = Grid {
        name: &format!("Spread of {} at step {step}, as a table", layer.part.name),
        row_title: "bin",
        columns: &columns,
        rows: BINS as u64,
        head: &|row| count(row + 1),
        cell: &cell,
        marked: None,
    };
    let size = ui.available_size();
    table.show(ui, grid, size);
}

/// A row a step: of each quantity from where to where it reaches, the length of the update, and the dead
/// units.
fn steps_ui(ui: &mut Ui, tables: &mut Tables, lane: &Lane) {
    let (seen, at) = (lane.inside.seen(), tables.layer);
    let first = seen.first().and_then(|(_, layers)| layers.layers.get(at));
    let Some(first) = first else { return };
    let mut columns: Vec<GridColumn> = Quantity::ALL
        .iter()
        .flat_map(|quantity| ["from", "to"].map(|title| column(quantity.label(), title)))
        .collect();
    columns.push(column("update", "‖Δw‖ / ‖w‖"));
    if first.dead.is_some() {
        columns.push(column("units", "dead"));
    }
    let layer = |row: u64| -> Option<&LayerInside> { seen.get(row as usize)?.1.layers.get(at) };
    let told = |row: u64, column: usize| -> Option<String> {
        let layer = layer(row)?;
        match column {
            6 => layer.update_ratio.map(short),
            7 => layer.dead.map(|dead| count(dead as u64)),
            _ => {
                let histogram = Quantity::ALL[column / 2].of(layer);
                let (from, to) = histogram.span()?;
                let end = if column.is_multiple_of(2) { from } else { to };
                Some(stepped(end, histogram.bin_width()))
            }
        }
    };
    let marked = lane.looked_at().map(|step| seen.partition_point(|(at, _)| *at <= step) as u64);
    let grid = Grid {
        name: &format!("Spread of {} over the steps watched, as a table", first.part.name),
        row_title: "step",
        columns: &columns,
        rows: seen.len() as u64,
        head: &|row| seen.get(row as usize).map_or_else(String::new, |(step, _)| count(*step)),
        cell: &|row, column| GridCell {
            text: told(row, column).unwrap_or_else(|| "—".to_owned()),
            is_old: false,
        },
        marked: marked.map(|after| after.saturating_sub(1)),
    };
    let size = ui.available_size();
    grid.show(ui, &mut tables.grid, size);
}

fn column(group: &str, title: &str) -> GridColumn {
    GridColumn { group: group.to_owned(), title: title.to_owned(), color: None }
}

fn edge(histogram: &Histogram, bin: usize) -> String {
    stepped(histogram.edge(bin), histogram.bin_width())
}

/// Which layer, and what a row is.
fn bar_ui(ui: &mut Ui, frame: &mut Frame<'_>, names: &[&str], is_spread: bool) {
    let tables = &mut frame.window.center.inside.tables;
    tables.layer = tables.layer.min(names.len().saturating_sub(1));
    let row = vec2(ui.available_width(), ui.spacing().interact_size.y + 4.0);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        let name = elided(names.get(tables.layer).copied().unwrap_or_default(), 12);
        let (response, _) = MenuButton::new((name.as_str(), Icon::Down.atom(ui))).ui(ui, |ui| {
            ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
                for (at, name) in names.iter().enumerate() {
                    if ui.selectable_label(at == tables.layer, *name).clicked() {
                        (tables.layer, tables.grid) = (at, GridState::default());
                        ui.close();
                    }
                }
            });
        });
        let enabled = ui.is_enabled();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, "Layer told"));
        if is_spread {
            let all = [(Rows::Bins, "bins now"), (Rows::Steps, "steps watched")];
            if let Some(rows) = choice_ui(ui, "Rows of the spread's table", tables.rows, &all) {
                (tables.rows, tables.grid) = (rows, GridState::default());
            }
        }
    });
}
