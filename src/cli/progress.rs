//! Progress on standard error: one bar a lane with its loss and the time left.
//!
//! Where standard error is no terminal nothing is drawn. Bars never touch standard output.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::train::{EpochRecord, LaneProgress, LaneResult, Watcher};

use super::text::short_number;

const REDRAWS_PER_SECOND: u8 = 10;

/// The bars of one experiment, and the lines of its epochs where they are asked for.
#[derive(Debug)]
pub(super) struct Progress {
    all: MultiProgress,
    lanes: Vec<ProgressBar>,
    /// The lanes' names before an epoch's line; empty where there is one lane only.
    names: Vec<String>,
    epochs: Epochs,
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
    fn epoch(&self, lane: usize, record: &EpochRecord) {
        let name = self.names.get(lane).map(|name| format!("{name}: ")).unwrap_or_default();
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

    fn progress(&self, lane: usize, now: &LaneProgress) {
        let bar = &self.lanes[lane];
        if let Some(steps) = now.planned_steps {
            bar.set_length(steps);
        }
        bar.set_position(now.step);
        if let Some(loss) = now.loss {
            bar.set_message(short_number(loss));
        }
    }

    fn ended(&self, lane: usize, result: &LaneResult) {
        let bar = &self.lanes[lane];
        bar.set_position(result.steps);
        bar.abandon();
    }
}

impl Progress {
    /// One bar a lane: its name and its planned updates, if they are known.
    pub(super) fn new(lanes: &[(&str, Option<u64>)], quiet: bool, epochs: Epochs) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let target = if shown {
            ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND)
        } else {
            ProgressDrawTarget::hidden()
        };
        let all = MultiProgress::with_draw_target(target);
        let width = lanes.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(24);
        let bar = |(name, steps): &(&str, Option<u64>)| {
            let bar = all.add(steps.map_or_else(ProgressBar::no_length, ProgressBar::new));
            bar.set_style(style(steps.is_some()));
            bar.set_prefix(format!("{:width$}", shortened(name, width)));
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        };
        let bars = lanes.iter().map(bar).collect();
        let names = match lanes {
            [_] => Vec::new(),
            many => many.iter().map(|(name, _)| (*name).to_owned()).collect(),
        };
        Self { lanes: bars, all, names, epochs }
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
