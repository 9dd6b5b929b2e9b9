//! A body whose losses are known in advance and which fails on command, and a reader that collects
//! everything a lane says.

use std::sync::atomic::AtomicU64;

use super::super::super::{BranchId, Retrace};
use super::*;

/// Updates of an epoch.
pub(super) const PER_EPOCH: u64 = 10;

/// What goes wrong, and when.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Faults {
    pub(super) panic_in_step: Option<u64>,
    pub(super) panic_in_evaluation: Option<u64>,
    pub(super) nan: Option<u64>,
}

/// x ← x·0.999 + knob·(step + 1), with x as the loss.
#[derive(Debug)]
pub(in super::super) struct Fake {
    now: State,
    past: Vec<State>,
    faults: Faults,
    plan: Option<u64>,
    surface: bool,
    branches: usize,
    /// How long a row takes; none where nothing can be asked.
    per_row: Option<Duration>,
    /// Rows that were asked, in all and at most at once.
    pub(in super::super) asked: Arc<AtomicU64>,
    pub(in super::super) most_asked: usize,
    /// How far it got, and that it is alive, for whoever watches from outside.
    pub(super) seen: Arc<AtomicU64>,
}

#[derive(Debug, Clone)]
struct State {
    step: u64,
    x: f64,
    knob: f64,
    epoch_sum: f64,
    loss: Option<f64>,
    end: Option<End>,
}

impl Fake {
    pub(in super::super) fn new(plan: Option<u64>, faults: Faults) -> Self {
        let now = State { step: 0, x: 1.0, knob: 0.5, epoch_sum: 0.0, loss: None, end: None };
        let past = vec![now.clone()];
        let (asked, seen) = (Arc::default(), Arc::default());
        let surface = false;
        Self {
            now,
            past,
            faults,
            plan,
            surface,
            branches: 0,
            per_row: None,
            asked,
            most_asked: 0,
            seen,
        }
    }

    /// That can be asked for rows, and takes its time.
    pub(in super::super) fn answering(self, per_row: Duration) -> Self {
        Self { per_row: Some(per_row), ..self }
    }

    pub(super) fn surface(plan: u64) -> Self {
        Self { surface: true, ..Self::new(Some(plan), Faults::default()) }
    }

    fn update(&mut self, out: Option<&LossSink>, burst: &mut Burst) {
        let now = &mut self.now;
        assert_ne!(Some(now.step), self.faults.panic_in_step, "the step that fails");
        let loss = if self.faults.nan == Some(now.step) { f64::NAN } else { now.x };
        now.loss = Some(loss);
        if let Some(out) = out {
            out.store(now.step, loss);
        }
        if loss.is_nan() {
            now.end = Some(End { reason: EndReason::Diverged, step: now.step });
            return;
        }
        now.x = now.x * 0.999 + now.knob * (now.step + 1) as f64;
        now.epoch_sum += loss;
        now.step += 1;
        burst.done += 1;
        if now.step.is_multiple_of(PER_EPOCH) {
            let (epoch, loss) = (now.step / PER_EPOCH, now.epoch_sum / PER_EPOCH as f64);
            now.epoch_sum = 0.0;
            let samples = now.step * 3;
            burst.epoch = Some(EpochRecord { epoch, step: now.step, loss, samples, seconds: 0.0 });
            burst.evaluation_due = epoch.is_multiple_of(7);
        }
        if self.plan == Some(now.step) {
            now.end = Some(End { reason: EndReason::Finished, step: now.step });
        }
    }

    fn run(&mut self, updates: u64, out: Option<&LossSink>) -> Burst {
        let mut burst = Burst::default();
        let until = out.map_or(u64::MAX, LossSink::end);
        while burst.done < updates
            && self.now.step < until
            && self.now.end.is_none()
            && burst.epoch.is_none()
        {
            self.update(out, &mut burst);
        }
        if let Some(out) = out {
            let diverged = self.now.loss.is_some_and(f64::is_nan);
            out.publish(self.now.step + u64::from(diverged));
        }
        burst.ended = self.now.end.is_some();
        self.seen.store(self.now.step, Ordering::Release);
        burst
    }
}

impl Body for Fake {
    fn burst(&mut self, updates: u64, out: &LossSink) -> Burst {
        self.run(updates, Some(out))
    }
    fn last_loss(&self) -> Option<f64> {
        self.now.loss
    }
    fn step(&self) -> u64 {
        self.now.step
    }
    fn epoch(&self) -> u64 {
        self.now.step / PER_EPOCH
    }
    fn samples(&self) -> u64 {
        self.now.step * 3
    }
    fn loss_evaluations(&self) -> u64 {
        0
    }
    fn learning_rate(&self) -> f64 {
        self.now.knob
    }
    fn planned_steps(&self) -> Option<u64> {
        self.plan
    }
    fn end(&self) -> Option<&End> {
        self.now.end.as_ref()
    }
    fn stop(&mut self) {
        self.now.end = Some(End { reason: EndReason::Stopped, step: self.now.step });
    }
    fn train_on(&mut self, more: crate::catalog::Duration) -> bool {
        let crate::catalog::Duration::Steps(more) = more else { return false };
        self.plan = Some(self.now.step + more);
        self.now.end = None;
        true
    }
    fn change(&mut self, change: &Change) -> Result<ChangeRecord, String> {
        let Change::Optimizer { value, .. } = change else { return Err("no such knob".to_owned()) };
        let (from, to) = (self.now.knob.to_string(), value.to_string());
        self.now.knob = *value;
        self.past.push(self.now.clone());
        let (step, change) = (self.now.step, change.clone());
        Ok(ChangeRecord { step, change, from, to, planned: false })
    }
    fn return_to(&mut self, _branch: BranchId) -> Option<BranchId> {
        None
    }
    fn rewind(&mut self, step: u64, _before_changes: bool) -> (BranchId, BranchId) {
        self.past.retain(|state| state.step <= step);
        self.now = self.past[self.past.len() - 1].clone();
        while self.now.step < step {
            self.run(step - self.now.step, None);
        }
        self.now.end = None;
        self.branches += 1;
        (BranchId(self.branches - 1), BranchId(self.branches))
    }
    fn remember(&mut self) {}
    fn evaluate(&mut self) -> Evaluation {
        assert_ne!(Some(self.now.step), self.faults.panic_in_evaluation, "what cannot be told");
        Evaluation { full_loss: self.now.x, ..Evaluation::default() }
    }
    fn predict(&mut self, rows: ndarray::ArrayView2<'_, f64>) -> Option<Outputs> {
        let count = u32::try_from(rows.nrows()).expect("few");
        let begin = Instant::now();
        let time = self.per_row? * count;
        while begin.elapsed() < time {
            std::thread::park_timeout(time.saturating_sub(begin.elapsed()));
        }
        self.asked.fetch_add(u64::from(count), Ordering::AcqRel);
        self.most_asked = self.most_asked.max(rows.nrows());
        let step = self.now.step as f64;
        let said = rows.rows().into_iter().flat_map(|row| [row.sum() + step, row[0] - row[1]]);
        Some(Outputs { values: said.collect(), width: 2 })
    }
    fn adopt(&mut self, _stretch: Retrace) -> Result<(), String> {
        Err("it has no trainer".to_owned())
    }
    fn params(&self) -> Vec<f64> {
        vec![self.now.x]
    }
    fn position(&self) -> Option<[f64; 2]> {
        self.surface.then_some([self.now.x, self.now.step as f64])
    }
}

/// Collects everything a lane says.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) handle: LaneHandle,
    pub(super) segments: Vec<(u64, Arc<Segment>)>,
    pub(super) epochs: Vec<EpochRecord>,
    pub(super) evaluations: Vec<EvaluationRecord>,
    /// The steps measured at rest.
    pub(super) at_rest: Vec<u64>,
    pub(super) changes: Vec<ChangeRecord>,
    pub(super) refused: Vec<String>,
    pub(super) rewound: Vec<u64>,
    pub(super) trail: Vec<(u64, [f64; 2])>,
    pub(super) states: Vec<LaneState>,
    pub(super) status: Option<Status>,
    pub(super) pictures: Vec<Picture>,
}

impl Reader {
    pub(super) fn new(handle: LaneHandle) -> Self {
        Self {
            handle,
            segments: Vec::new(),
            epochs: Vec::new(),
            evaluations: Vec::new(),
            at_rest: Vec::new(),
            changes: Vec::new(),
            refused: Vec::new(),
            rewound: Vec::new(),
            trail: Vec::new(),
            states: Vec::new(),
            status: None,
            pictures: Vec::new(),
        }
    }

    /// Sends a command, however full the queue is; the answers are collected meanwhile.
    pub(super) fn tell(&mut self, command: Command) {
        let mut command = command;
        while let Err(refused) = self.handle.try_send(command) {
            let TrySendError::Full(back) = refused else { panic!("the thread has ended") };
            command = back;
            self.read(Duration::from_millis(1));
        }
    }

    /// Reads until `done`, which must happen.
    pub(super) fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !done(self) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "never: {what}; at the end {:?}", self.status);
            self.read(left.min(Duration::from_millis(50)));
        }
    }

    pub(super) fn until_rest(&mut self, step: u64) {
        self.until(&format!("rest at {step}"), |r| {
            r.status.as_ref().is_some_and(|s| s.step == step && s.state != LaneState::Running)
        });
    }

    pub(super) fn until_end(&mut self) -> End {
        self.until("an end", |r| r.end().is_some());
        self.end().cloned().expect("just seen")
    }

    pub(super) fn end(&self) -> Option<&End> {
        match &self.status.as_ref()?.state {
            LaneState::Ended(end) => Some(end),
            _ => None,
        }
    }

    /// The bits of every loss on the present branch.
    pub(super) fn losses(&self) -> Vec<u64> {
        let mut all = Vec::new();
        for (first, segment) in &self.segments {
            all.truncate(*first as usize);
            segment.for_each(0..segment.len(), |x| all.push(x.to_bits()));
        }
        all
    }

    fn read(&mut self, patience: Duration) {
        let mut events = Vec::new();
        self.handle.wait(patience, |event| events.push(event));
        for event in events {
            self.take(event);
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Segment { first_step, segment } => self.segments.push((first_step, segment)),
            Event::Epochs(records) => self.epochs.extend(records),
            Event::Evaluations(records) => self.evaluations.extend(records),
            Event::AtRest(record) => self.at_rest.push(record.step),
            Event::Began(_) | Event::Retrace(_) | Event::Route(_) => {}
            Event::Changed(record) => self.changes.push(record),
            Event::Refused { reason, .. } => self.refused.push(reason),
            Event::Rewound { step, .. } => {
                self.epochs.retain(|e| e.step <= step);
                self.evaluations.retain(|e| e.step <= step);
                self.trail.retain(|(s, _)| *s < step);
                let nothing = LossSink::new(step, crate::numeric::Precision::F64);
                self.segments.push((step, Arc::clone(nothing.segment())));
                self.rewound.push(step);
            }
            Event::Trail(positions) => self.trail.extend(positions),
            Event::Status(status) => {
                self.states.push(status.state.clone());
                self.status = Some(status);
            }
            Event::Returned { .. } => panic!("it has no branches to return to"),
            Event::Of(..) | Event::Shown(_) | Event::Ends(_) => panic!("it has one seed"),
            Event::Picture(picture) => self.pictures.push(picture),
        }
    }
}
