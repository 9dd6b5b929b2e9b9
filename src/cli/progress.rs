//! Progress on standard error: one bar a lane with its loss and the time left. The bar of a lane that
//! stands for several seeds counts the updates of all of them; its loss is the median.
//!
//! Where standard error is no terminal nothing is drawn. Bars never touch standard output.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::metrics::quantile;
use crate::train::{EpochRecord, LaneProgress, LaneResult, Watcher};

use super::text::short_number;

const REDRAWS_PER_SECOND: u8 = 10;

/// The bars of one experiment, and the lines of its epochs where they are asked for.
#[derive(Debug)]
pub(super) struct Progress {
    all: MultiProgress,
    lanes: Vec<ProgressBar>,
    /// Of each run, its lane.
    lane_of: Vec<usize>,
    /// Where each run stands.
    now: Mutex<Vec<Stand>>,
    /// The runs' names before an epoch's line; empty where there is one run only.
    names: Vec<String>,
    epochs: Epochs,
}

/// One run, for its lane's bar.
#[derive(Debug)]
pub(super) struct Bar<'a> {
    /// The lane's name.
    pub(super) name: &'a str,
    /// The lane's place.
    pub(super) lane: usize,
    /// The run's seed.
    pub(super) seed: u64,
    /// Its planned updates, if they are known.
    pub(super) steps: Option<u64>,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, Default)]
struct Stand {
    step: u64,
    planned: Option<u64>,
    loss: Option<f64>,
    ended: bool,
}

/// Where each epoch's loss is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Epochs {
    /// Nowhere.
    Silent,
    /// Among the results.
    ToOutput,
    /// Beside them, because they are read by a machine.
    ToError,
}

impl Watcher for Progress {
    fn epoch(&self, run: usize, record: &EpochRecord) {
        let name = self.names.get(run).map(|name| format!("{name}: ")).unwrap_or_default();
        let line = format!("{name}epoch #{}, loss={:.7}", record.epoch, record.loss);
        match self.epochs {
            Epochs::Silent => {}
            // The reader of the lines may go away; training goes on without.
            Epochs::ToOutput => {
                self.all.suspend(|| drop(writeln!(std::io::stdout(), "{line}")));
            }
            Epochs::ToError => {
                self.all.suspend(|| drop(writeln!(std::io::stderr(), "{line}")));
            }
        }
    }

    fn progress(&self, run: usize, now: &LaneProgress) {
        self.stand(run, |stand| {
            stand.step = now.step;
            stand.planned = now.planned_steps.or(stand.planned);
            stand.loss = now.loss.or(stand.loss);
        });
    }

    fn ended(&self, run: usize, result: &LaneResult) {
        self.stand(run, |stand| {
            stand.step = result.steps;
            stand.ended = true;
        });
    }
}

impl Progress {
    /// One bar a lane, for its runs, which stand together.
    pub(super) fn new(runs: &[Bar<'_>], quiet: bool, epochs: Epochs) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let target = if shown {
            ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND)
        } else {
            ProgressDrawTarget::hidden()
        };
        let all = MultiProgress::with_draw_target(target);
        let lanes: Vec<&[Bar<'_>]> = runs.chunk_by(|a, b| a.lane == b.lane).collect();
        let title = |lane: &&[Bar<'_>]| match lane {
            [one] => one.name.to_owned(),
            many => format!("{} × {}", many[0].name, many.len()),
        };
        let titles: Vec<String> = lanes.iter().map(title).collect();
        let width = titles.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(24);
        let bar = |(lane, title): (&&[Bar<'_>], &String)| {
            let steps = lane.iter().map(|run| run.steps).sum::<Option<u64>>();
            let bar = all.add(steps.map_or_else(ProgressBar::no_length, ProgressBar::new));
            bar.set_style(style(steps.is_some()));
            bar.set_prefix(format!("{:width$}", shortened(title, width)));
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        };
        let bars = lanes.iter().zip(&titles).map(bar).collect();
        let is_seeded = runs.len() > lanes.len();
        let name = |run: &Bar<'_>| {
            let seed = if is_seeded { format!(", seed {}", run.seed) } else { String::new() };
            format!("{}{seed}", run.name)
        };
        let names = if runs.len() == 1 { Vec::new() } else { runs.iter().map(name).collect() };
        let stands = runs.iter().map(|run| Stand { planned: run.steps, ..Stand::default() });
        let now = Mutex::new(stands.collect());
        let lane_of = lanes.iter().enumerate().flat_map(|(at, lane)| lane.iter().map(move |_| at));
        Self { lanes: bars, all, lane_of: lane_of.collect(), now, names, epochs }
    }

    /// Takes note of where a run stands, and shows it.
    fn stand(&self, run: usize, note: impl FnOnce(&mut Stand)) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        note(&mut now[run]);
        let lane = self.lane_of[run];
        let runs: Vec<Stand> =
            now.iter().zip(&self.lane_of).filter(|(_, of)| **of == lane).map(|(s, _)| *s).collect();
        drop(now);
        let bar = &self.lanes[lane];
        if let Some(steps) = runs.iter().map(|run| run.planned).sum::<Option<u64>>() {
            bar.set_length(steps);
        }
        bar.set_position(runs.iter().map(|run| run.step).sum());
        let losses: Vec<f64> = runs.iter().filter_map(|run| run.loss).collect();
        if let Some(loss) = quantile(&losses, 0.5) {
            bar.set_message(short_number(loss));
        }
        if runs.iter().all(|run| run.ended) {
            bar.abandon();
        }
    }

    /// Takes the bars away.
    pub(super) fn clear(&self) {
        for bar in &self.lanes {
            bar.disable_steady_tick();
        }
        // A terminal that is gone shows no bars.
        drop(self.all.clear());
    }
}

fn style(planned: bool) -> ProgressStyle {
    let template = if planned {
        "{prefix}  {bar:28} {percent:>3} %  loss {msg:>10}  {eta_precise} left"
    } else {
        "{prefix}  {spinner} {human_pos} updates  loss {msg:>10}  {elapsed_precise}"
    };
    ProgressStyle::with_template(template)
        .expect("the template is known to be right")
        .progress_chars("━╸─")
}

fn shortened(name: &str, width: usize) -> String {
    if name.chars().count() <= width {
        return name.to_owned();
    }
    let kept: String = name.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}
