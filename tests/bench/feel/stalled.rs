//! A window that stands still for ten seconds while a lane trains at full speed: how much lies between
//! them, and whether all of it arrives.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use downhill::train::{
    Allowance, Command, EpochRecord, EvaluationRecord, Event, HeadlessOptions, LaneHandle,
    LaneState, Permits, Segment, Target, spawn, train_all,
};

use crate::streaming::{plan_of, tutorial};
use crate::table::{Table, mib};

/// How long nobody looks.
const STALL: Duration = Duration::from_secs(10);
/// How long the lane may take for anything.
const PATIENCE: Duration = Duration::from_mins(1);

/// What has arrived.
#[derive(Debug, Default)]
struct Arrived {
    segments: Vec<(u64, Arc<Segment>)>,
    epochs: Vec<EpochRecord>,
    evaluations: usize,
    /// Bytes up to where the lane said that it waits, and the step it said it at.
    waited: Option<(u64, u64)>,
    end: Option<u64>,
}

impl Arrived {
    fn bytes(&self) -> u64 {
        let segments: usize = self.segments.iter().map(|(_, segment)| segment.bytes()).sum();
        let records = self.epochs.len() * size_of::<EpochRecord>()
            + self.evaluations * size_of::<EvaluationRecord>();
        (segments + records) as u64
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Segment { first_step, segment } => self.segments.push((first_step, segment)),
            Event::Epochs(epochs) => self.epochs.extend(epochs),
            Event::Evaluations(evaluations) => self.evaluations += evaluations.len(),
            Event::Status(status) => match status.state {
                LaneState::Waiting if self.waited.is_none() => {
                    self.waited = Some((self.bytes(), status.step));
                }
                LaneState::Ended(end) => self.end = Some(end.step),
                _ => {}
            },
            _ => {}
        }
    }

    /// Takes in what comes until something holds.
    fn until(&mut self, lane: &mut LaneHandle, holds: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !holds(self) {
            lane.wait(Duration::from_millis(5), |event| self.take(event));
            assert!(begin.elapsed() < PATIENCE, "the lane should go on");
        }
    }
}

pub(crate) fn measure(table: &mut Table) {
    let plan = plan_of(&tutorial("Unlimited"));
    let mut lane = spawn(plan, Permits::new(1), &Allowance::of_checkpoints(), Arc::new(|| {}));
    let mut arrived = Arrived::default();
    lane.try_send(Command::Run(Target::End)).expect("its queue is empty");
    std::thread::sleep(STALL);
    arrived.until(&mut lane, |arrived| arrived.waited.is_some());
    let (bytes, step) = arrived.waited.unwrap_or_default();
    table.row("nobody looks for 10 s, W1: undelivered", mib(bytes), "≤ 64 MiB, and then it waits");
    arrived.until(&mut lane, |arrived| {
        arrived.epochs.last().is_some_and(|epoch| epoch.step > 2 * step)
    });
    lane.try_send(Command::Stop).expect("its queue is empty");
    arrived.until(&mut lane, |arrived| arrived.end.is_some());
    let end = arrived.end.unwrap_or_default();
    let samples: u64 = arrived.segments.iter().map(|(_, segment)| segment.len() as u64).sum();
    let measured = format!("{samples} samples, {} epochs", arrived.epochs.len());
    let wanted = format!("{end} samples, {} epochs", end / 13);
    table.row("what arrives in the end", measured, wanted);
    table.row("of these, other than those of a run nobody watches", differing(&arrived, end), 0);
}

/// How many samples differ from those of the same run made without a window.
fn differing(arrived: &Arrived, end: u64) -> usize {
    let options = HeadlessOptions { threads: 1, history: true, params_at: Vec::new() };
    let plan = plan_of(&tutorial(&end.to_string()));
    let results = train_all(&[plan], &options, &AtomicBool::new(false), &());
    let own = arrived.segments.iter().flat_map(|(_, s)| (0..s.len()).map(|i| s.get(i)));
    own.zip(results[0].batch_losses()).filter(|(a, b)| a.to_bits() != b.to_bits()).count()
}
