//! The first rows of a set with what the model says of them.

use eframe::egui::{Align, Grid, Label, Layout, RichText, ScrollArea, Ui, vec2};

use crate::data::Targets;
use crate::metrics::predicted_class;
use crate::session::Lane;
use crate::train::RowSet;
use crate::ui::panels::fields::text_width;
use crate::ui::theme::{number_style, small_style, tokens};
use crate::ui::widgets::{brief, count, short};

/// Rows in the table.
pub(super) const ROWS: usize = 200;

/// Between columns.
const GAP: f32 = 10.0;

/// What stands in a cell.
enum Entry {
    Word(String),
    Number(f64),
}

impl Entry {
    fn text(&self, manner: Manner) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Number(number) => manner(*number),
        }
    }
}

/// How the numbers of a column are written: in all cells alike.
type Manner = fn(f64) -> String;

/// From the most digits to the fewest.
const MANNERS: [Manner; 6] = [
    |number| format!("{number:.4}"),
    short,
    |number| brief(number, 4),
    |number| brief(number, 3),
    |number| brief(number, 2),
    |number| brief(number, 1),
];

/// The manner with the most digits in which no number is longer than so many letters.
fn manner_of(rows: &[Cells], column: usize, letters: usize) -> Manner {
    let entries = || rows.iter().map(|row| &row.entries[column]);
    let fits = |manner: &Manner| {
        let numbers = entries().filter(|entry| matches!(entry, Entry::Number(_)));
        numbers.map(|entry| entry.text(*manner)).all(|text| text.chars().count() <= letters)
    };
    MANNERS.into_iter().find(fits).unwrap_or(MANNERS[MANNERS.len() - 1])
}

/// Draws the table.
pub(super) fn predictions_ui(ui: &mut Ui, lane: &Lane, of: RowSet) {
    let Some((of, data)) = lane.rows(of) else {
        ui.label("A surface has no rows to predict.");
        return;
    };
    let Some(said) = lane.outputs(of) else {
        ui.label("One moment.");
        return;
    };
    let colors = tokens(ui);
    if said.rows().len() > ROWS || said.every > 1 {
        let shown = said.rows().len().min(ROWS);
        let words = match said.every {
            1 => format!("the first {shown} of {} rows", count(data.rows() as u64)),
            every => format!("every {every}th of {} rows, {shown}", count(data.rows() as u64)),
        };
        let words = RichText::new(words).text_style(small_style()).color(colors.dim);
        ui.add(Label::new(words).truncate());
    }
    let classes = data.targets.classes().is_some();
    // Each in full, and short for where it is narrow.
    let (predicted, truth) = (("predicted", "pred."), ("true", "true"));
    let heads = if classes {
        [("activation", "act."), predicted, truth]
    } else {
        [("prediction", "pred."), ("target", "target"), ("target − prediction", "residual")]
    };
    // Where it is narrow the answer and the truth are what matters.
    let roomy = ui.available_width() > ui.text_style_height(&small_style()) * 18.0;
    let columns = match (roomy, classes) {
        (true, _) => 0..3,
        (false, true) => 1..3,
        (false, false) => 0..2,
    };
    // The row's number has room for three digits, the others share the rest.
    let first = text_width(ui, "199", &number_style()).max(text_width(ui, "row", &small_style()));
    let room = (ui.available_width() - first - GAP * columns.len() as f32 - 12.0).max(50.0);
    let other = (room / columns.len() as f32).min(110.0);
    let share = |column: usize| if column == 0 { first + 2.0 } else { other };
    let cell = |ui: &mut Ui, column: usize, text: RichText| {
        let size = vec2(share(column), ui.text_style_height(&number_style()));
        let layout = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(size, layout, |ui| {
            ui.set_min_width(size.x);
            ui.add(Label::new(text).truncate());
        });
    };
    let rows: Vec<Cells> = said
        .rows()
        .enumerate()
        .take(ROWS)
        .map(|(row, values)| cells_of(&data.targets, row * said.every, values))
        .collect();
    let letters = (other / text_width(ui, "0", &number_style())) as usize;
    let manners: Vec<Manner> =
        columns.clone().map(|column| manner_of(&rows, column, letters)).collect();
    ScrollArea::vertical().id_salt("predictions").auto_shrink(false).show(ui, |ui| {
        let grid = Grid::new("rows").striped(true).spacing([GAP, 2.0]).min_col_width(0.0);
        grid.show(ui, |ui| {
            let all = [("row", "row")].into_iter().chain(heads[columns.clone()].iter().copied());
            for (column, (head, brief)) in all.enumerate() {
                let fits = text_width(ui, head, &small_style()) <= share(column);
                let head = RichText::new(if fits { head } else { brief })
                    .text_style(small_style())
                    .color(colors.dim);
                cell(ui, column, head);
            }
            ui.end_row();
            for (row, cells) in rows.iter().enumerate() {
                let number =
                    RichText::new((row * said.every).to_string()).text_style(number_style());
                cell(ui, 0, number.color(colors.dim));
                for (column, entry) in cells.entries[columns.clone()].iter().enumerate() {
                    let color = if cells.right { colors.text } else { colors.bad };
                    let text = entry.text(manners[column]);
                    let text = RichText::new(text).text_style(number_style()).color(color);
                    cell(ui, column + 1, text);
                }
                ui.end_row();
            }
        });
    });
}

struct Cells {
    entries: [Entry; 3],
    right: bool,
}

fn cells_of(targets: &Targets, row: usize, values: &[f64]) -> Cells {
    match targets {
        Targets::Classes { labels, names } => {
            let class = predicted_class(values);
            let activation = values.get(if values.len() == 1 { 0 } else { class });
            let truth = labels.get(row).copied().unwrap_or_default();
            let name = |c: usize| names.get(c).cloned().unwrap_or_else(|| c.to_string());
            let mark = if class == truth { "" } else { "✗ " };
            let activation = activation.copied().unwrap_or(f64::NAN);
            Cells {
                entries: [
                    Entry::Number(activation),
                    Entry::Word(mark.to_owned() + &name(class)),
                    Entry::Word(name(truth)),
                ],
                right: class == truth,
            }
        }
        Targets::Values { values: targets, .. } => {
            let truth = targets.get([row, 0]).copied().unwrap_or(f64::NAN);
            let predicted = values.first().copied().unwrap_or(f64::NAN);
            let numbers = [predicted, truth, truth - predicted];
            Cells { entries: numbers.map(Entry::Number), right: true }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_fit_in_all_cells() {
        let targets = Targets::Values {
            values: ndarray::array![[314_287.5], [0.25]],
            names: vec!["price".to_owned()],
        };
        let rows = [cells_of(&targets, 0, &[26_142.7]), cells_of(&targets, 1, &[0.0])];
        let written = |letters: usize| {
            [0, 1, 2].map(|column| rows[0].entries[column].text(manner_of(&rows, column, letters)))
        };
        assert_eq!(written(12), ["26142.7000", "314287.5000", "288144.8000"]);
        assert_eq!(written(10), ["26142.7000", "314288", "288145"], "true less what is said");
        assert_eq!(written(6), ["26143", "314288", "288145"]);
        assert_eq!(written(5), ["26143", "3.1e5", "2.9e5"]);
    }
}
