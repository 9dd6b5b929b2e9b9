//! The landscape as a table: the heights that it is drawn from, at fewer points, or where the lanes were at
//! which step.

use eframe::egui::{Align, Label, Layout, RichText, Ui, vec2};

use crate::lab::{Sheet, Spot};
use crate::session::{Lane, Session};
use crate::ui::theme::{lane_look, small_style, theme_of, tokens};
use crate::ui::widgets::{Grid, GridCell, GridColumn, GridState, count, exact, segmented, short};

use super::super::panes;
use super::{Scene, is_on_surface};
use crate::ui::frame::Frame;

/// Heights along each side of the table.
const SIDE: usize = 11;

/// The window's own state of the table.
#[derive(Debug)]
pub(super) struct LandscapeTable {
    /// Whether it is shown in place of the picture.
    pub(super) is_shown: bool,
    what: What,
    grid: GridState,
}

impl Default for LandscapeTable {
    fn default() -> Self {
        Self { is_shown: false, what: What::Heights, grid: from_the_top() }
    }
}

/// What a table is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Heights,
    Paths,
}

fn from_the_top() -> GridState {
    let mut grid = GridState::default();
    grid.go_to(0);
    grid
}

/// Where a lane was after which updates, ascending.
#[derive(Clone, Copy)]
enum Way<'a> {
    Trail(&'a [(u64, [f64; 2])]),
    Path(&'a [(u64, Spot)]),
}

impl<'a> Way<'a> {
    fn of(session: &'a Session, lane: &'a Lane) -> Self {
        if is_on_surface(lane) {
            Self::Trail(lane.shown_trail())
        } else {
            Self::Path(session.landscape().path(lane))
        }
    }

    fn len(self) -> usize {
        match self {
            Self::Trail(trail) => trail.len(),
            Self::Path(path) => path.len(),
        }
    }

    fn step(self, at: usize) -> u64 {
        match self {
            Self::Trail(trail) => trail[at].0,
            Self::Path(path) => path[at].0,
        }
    }

    /// The last place at or before a step: its step, both coordinates, and how far off the plane.
    fn at(self, step: u64) -> Option<(u64, [f64; 3])> {
        match self {
            Self::Trail(trail) => {
                let (of, [x, y]) = trail[..trail.partition_point(|(s, _)| *s <= step)].last()?;
                Some((*of, [*x, *y, 0.0]))
            }
            Self::Path(path) => {
                let (of, spot) = path[..path.partition_point(|(s, _)| *s <= step)].last()?;
                Some((*of, [spot.at[0], spot.at[1], spot.off]))
            }
        }
    }
}

/// Draws the table.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, scene: &Scene<'_>) {
    let session = frame.session;
    let Some(sheet) = session.landscape().sheet() else { return };
    let table = &mut frame.window.center.landscape.table;
    bar_ui(ui, table, sheet);
    match table.what {
        What::Heights => heights_ui(ui, &mut table.grid, scene, sheet),
        What::Paths => paths_ui(ui, &mut table.grid, session, scene),
    }
}

fn bar_ui(ui: &mut Ui, table: &mut LandscapeTable, sheet: &Sheet) {
    let row = vec2(ui.available_width(), panes::head_height(ui));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        let all = [(What::Heights, "heights"), (What::Paths, "paths")];
        if let Some(what) = segmented(ui, "The table tells", table.what, &all) {
            (table.what, table.grid) = (what, from_the_top());
        }
        let side = sheet.side;
        let words = match table.what {
            What::Heights => format!("{SIDE} × {SIDE} of the {side} × {side} that are drawn"),
            What::Paths => "every place of the longest path".to_owned(),
        };
        let words = RichText::new(words).text_style(small_style()).color(tokens(ui).dim);
        ui.add(Label::new(words).truncate());
    });
}

/// The loss at points spread evenly over what is known: x across, y from high to low.
fn heights_ui(ui: &mut Ui, grid: &mut GridState, scene: &Scene<'_>, sheet: &Sheet) {
    let along =
        |at: usize, (low, high): (f64, f64)| low + (high - low) * at as f64 / (SIDE - 1) as f64;
    let column = |at: usize| GridColumn {
        group: scene.chart.names[0].clone(),
        title: short(along(at, sheet.window.x)),
        color: None,
    };
    let columns: Vec<GridColumn> = (0..SIDE).map(column).collect();
    let y = |row: u64| along(SIDE - 1 - row as usize, sheet.window.y);
    let table = Grid {
        name: "Heights of the loss, as a table",
        row_title: &scene.chart.names[1],
        columns: &columns,
        rows: SIDE as u64,
        head: &|row| short(y(row)),
        cell: &|row, column| {
            let height = sheet.height([along(column, sheet.window.x), y(row)]);
            let height = height.filter(|height| height.is_finite());
            let text = height.map_or_else(|| "not finite".to_owned(), short);
            GridCell { text, is_old: false }
        },
        marked: None,
    };
    let size = ui.available_size();
    table.show(ui, grid, size);
}

/// Where each lane was, a row a place of the longest path.
fn paths_ui(ui: &mut Ui, grid: &mut GridState, session: &Session, scene: &Scene<'_>) {
    let theme = theme_of(ui);
    let is_slice = scene.chart.slice.len() > 2;
    let ways: Vec<(&Lane, Way<'_>)> =
        scene.tracks.iter().map(|track| (track.lane, Way::of(session, track.lane))).collect();
    let longest = ways.iter().map(|(_, way)| *way).max_by_key(|way| way.len());
    let Some(longest) = longest.filter(|way| way.len() > 0) else {
        let words = "No lane has moved yet.";
        ui.label(RichText::new(words).color(tokens(ui).dim));
        return;
    };
    let titles = [scene.chart.names[0].as_str(), scene.chart.names[1].as_str(), "off the plane"];
    let titles = &titles[..if is_slice { 3 } else { 2 }];
    let columns: Vec<GridColumn> = ways
        .iter()
        .flat_map(|(lane, _)| {
            titles.iter().map(|title| GridColumn {
                group: lane.name().to_owned(),
                title: (*title).to_owned(),
                color: Some(lane_look(lane.color).color(theme)),
            })
        })
        .collect();
    let table = Grid {
        name: "Paths of all lanes, as a table",
        row_title: "step",
        columns: &columns,
        rows: longest.len() as u64,
        head: &|row| count(longest.step(row as usize)),
        cell: &|row, column| {
            let step = longest.step(row as usize);
            let place = ways[column / titles.len()].1.at(step);
            place.map_or_else(GridCell::default, |(of, place)| GridCell {
                text: exact(place[column % titles.len()]),
                is_old: of != step,
            })
        },
        marked: None,
    };
    let size = ui.available_size();
    table.show(ui, grid, size);
}
