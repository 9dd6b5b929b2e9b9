//! A new lane that starts where the plane was clicked.

use crate::catalog::{Chosen, Value};
use crate::experiment::{Task, literal};
use crate::model::Initializers;

use super::super::templates::free_name;
use super::super::workbench::{NoticeKind, Session};

/// Parameters that are written into the file, at most.
const MOST: usize = 1_000;

impl Session {
    /// Adds a lane that starts at a point of the plane, else as the lane whose loss is shown.
    pub(in crate::session) fn start_lane_at(&mut self, at: [f64; 2]) {
        let Some(chart) = self.landscape.chart.clone() else { return };
        let Some(index) = self.index_of(chart.lane) else { return };
        let count = chart.slice.len();
        if count > MOST {
            let words = format!(
                "No lane can start here: its {count} parameters would have to be written into the \
                 experiment, and that is done up to {MOST}."
            );
            return self.notify(NoticeKind::Failed, words);
        }
        let window = chart.window;
        let [x, y] = [(at[0], window.x), (at[1], window.y)]
            .map(|(x, (low, high))| rounded(x, (high - low) * 1e-4));
        let mut spec = self.experiment().lanes[index].clone();
        spec.name = free_name(&format!("{} from ({x}, {y})", spec.name), self.lane_names());
        (spec.color, spec.from) = (None, None);
        match &self.experiment().task {
            Task::Surface(_) => spec.start = Some((x, y)),
            Task::Learn(_) => {
                let mut init = Chosen::<Initializers>::named("Values")
                    .expect("the table of starts has a row for Values");
                let values = if count == 2 { vec![x, y] } else { chart.slice.point(at) };
                if let Err(error) = init.set("values", Value::Numbers(values.into())) {
                    return self.notify(NoticeKind::Failed, error.to_string());
                }
                spec.init = Some(init);
            }
        }
        let label = format!("Start {}", spec.name);
        self.insert_lane(self.ids.len(), literal(&spec), label);
    }
}

/// The multiple of a power of ten next to `x`, that power at most `grain`.
fn rounded(x: f64, grain: f64) -> f64 {
    let digits = (-grain.log10()).ceil().clamp(0.0, 300.0);
    let unit = 10f64.powf(digits);
    let round = (x * unit).round() / unit;
    if round.is_finite() { round } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_no_more_digits_than_can_be_pointed_at() {
        assert_eq!(rounded(1.234_567_8, 4e-4), 1.234_6);
        assert_eq!(rounded(-0.000_012_345, 1e-9), -0.000_012_345);
        assert_eq!(rounded(123.456, 25.0), 123.0);
    }
}
