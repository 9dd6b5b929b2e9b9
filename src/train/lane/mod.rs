//! The thread of a lane: it trains, listens and reports.
//!
//! Commands are looked at between two bursts of about a millisecond, and while waiting for a slow
//! pace as soon as they come. Events leave in parcels, about sixty a second, each waking the reader
//! once; what does not fit into the queue merges and waits here. Training goes on meanwhile, until
//! [`UNDELIVERED`] bytes lie between lane and reader: then the lane says that it waits, and waits.
//!
//! Invariants: nothing here changes a result: neither pace, permits, pictures nor a slow reader. A
//! panic ends this lane alone, with its message as the result. The thread ends when its handle goes.
//!
//! Deliberately not here: what an update is ([`super::Trainer`]), and who listens.

mod body;
mod group;
mod handle;
mod map;
mod outbox;
mod pace;
mod pictures;
mod runner;
mod stopwatch;
#[cfg(test)]
mod tests;
mod trail;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use crate::data::Split;
use crate::experiment::{LanePlan, TaskPlan};
use crate::numeric::{Precision, Team};

use super::allowance::Share;
use super::{Allowance, Command, End, EndReason, LaneState, Permits, Retrace, Status};
use body::{Body, TrainerBody};
use group::Group;
use outbox::{Outbox, Taken};
use runner::{Runner, deliver_last};

pub use handle::LaneHandle;

/// Called after each parcel, from the lane's thread: wakes whoever reads.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Bytes between lane and reader at which a lane waits.
const UNDELIVERED: u64 = 64 << 20;
/// Commands that may wait.
const COMMANDS: usize = 64;
/// Parcels that may wait.
const PARCELS: usize = 8;

/// Starts a lane's thread, paused at step 0, that shares permits and the memory of checkpoints with
/// others. Whatever goes wrong, also while the trainer is built, comes as [`EndReason::Failed`].
#[must_use]
pub fn spawn(
    plan: LanePlan,
    permits: Arc<Permits>,
    checkpoints: &Arc<Allowance>,
    waker: Waker,
) -> LaneHandle {
    spawn_trainer(plan, permits, checkpoints, waker, TrainerBody::new)
}

/// As [`spawn`], of a lane that stands for so many runs of the plan, one a seed. They take turns on its
/// thread, and stand at the same step whenever somebody looks.
#[must_use]
pub fn spawn_seeds(
    plan: LanePlan,
    runs: u32,
    permits: Arc<Permits>,
    checkpoints: &Arc<Allowance>,
    waker: Waker,
) -> LaneHandle {
    let name = format!("lane {}", plan.name);
    let setting = Setting::of(&plan, permits, waker);
    let (team, checkpoints) = (setting.permits.team(), Arc::clone(checkpoints));
    spawn_body(&name, setting, move || Ok(Box::new(Group::new(&plan, runs, &team, &checkpoints)?)))
}

/// Starts the thread of a lane of `plan` with the body that `build` makes of it.
fn spawn_trainer(
    plan: LanePlan,
    permits: Arc<Permits>,
    checkpoints: &Arc<Allowance>,
    waker: Waker,
    build: impl FnOnce(&LanePlan, &Team, Share) -> Result<TrainerBody, String> + Send + 'static,
) -> LaneHandle {
    let name = format!("lane {}", plan.name);
    let setting = Setting::of(&plan, permits, waker);
    let (team, share) = (setting.permits.team(), Share::of(checkpoints));
    spawn_body(&name, setting, move || Ok(Box::new(build(&plan, &team, share)?)))
}

/// Starts the thread of a lane that is only to visit states of another of the same plan
/// ([`Command::Adopt`]): whatever that one was forked off, it does none of its updates again, and it
/// keeps no past.
#[must_use]
pub fn spawn_visitor(plan: LanePlan, permits: Arc<Permits>, waker: Waker) -> LaneHandle {
    spawn_trainer(plan, permits, &Allowance::new(0), waker, TrainerBody::visitor)
}

/// Starts the thread of a lane of `plan` that begins where `way` leads in a lane of the plan `parent`.
#[must_use]
pub fn spawn_fork(
    plan: LanePlan,
    parent: Arc<LanePlan>,
    way: Retrace,
    permits: Arc<Permits>,
    checkpoints: &Arc<Allowance>,
    waker: Waker,
) -> LaneHandle {
    spawn_trainer(plan, permits, checkpoints, waker, move |plan, team, share| {
        TrainerBody::forked(plan, (&parent, &way), team, share)
    })
}

/// What a lane's thread needs beside its body.
struct Setting {
    precision: Precision,
    split: Option<Arc<Split>>,
    permits: Arc<Permits>,
    waker: Waker,
    undelivered: u64,
    parcels: usize,
}

impl Setting {
    fn of(plan: &LanePlan, permits: Arc<Permits>, waker: Waker) -> Self {
        let split = match &plan.task {
            TaskPlan::Learn(learn) => Some(Arc::clone(&learn.split)),
            TaskPlan::Surface { .. } => None,
        };
        let precision = plan.precision;
        Self { precision, split, permits, waker, undelivered: UNDELIVERED, parcels: PARCELS }
    }
}

/// Starts a thread that drives whatever `build` builds in it.
fn spawn_body(
    name: &str,
    setting: Setting,
    build: impl FnOnce() -> Result<Box<dyn Body>, String> + Send + 'static,
) -> LaneHandle {
    let (commands, orders) = sync_channel(COMMANDS);
    let (sender, parcels) = sync_channel(setting.parcels);
    let taken = Arc::new(Taken::default());
    let outbox = || Outbox::new(sender.clone(), Arc::clone(&setting.waker), Arc::clone(&taken));
    let (mut own, mut spare) = (outbox(), outbox());
    drop(sender);
    // A thread's name must not hold a zero.
    let builder = thread::Builder::new().name(name.replace('\0', " "));
    let thread = builder.spawn(move || live(&mut own, &orders, setting, build));
    let thread = match thread {
        Ok(thread) => Some(thread),
        Err(error) => {
            spare.status(failed(format!("no thread could be started: {error}"), None));
            let sent = spare.send();
            debug_assert!(sent.is_ok(), "the queue is empty and its reader is the handle below");
            None
        }
    };
    LaneHandle::new(commands, parcels, taken, thread)
}

/// A lane's life, in its thread.
fn live(
    outbox: &mut Outbox,
    orders: &Receiver<Command>,
    setting: Setting,
    build: impl FnOnce() -> Result<Box<dyn Body>, String>,
) {
    let mut last = None;
    let life = AssertUnwindSafe(|| {
        let body = build()?;
        Runner::new(body, orders, outbox, setting, &mut last).run();
        Ok(())
    });
    let message = match catch_unwind(life) {
        Ok(Ok(())) => return,
        Ok(Err(message)) => message,
        Err(panic) => message_of(panic.as_ref()),
    };
    outbox.status(failed(message, last));
    deliver_last(outbox, orders);
}

/// The status of a lane that failed, `last` being how it stood when it was last heard of.
fn failed(message: String, last: Option<Status>) -> Status {
    let last = last.unwrap_or(Status {
        state: LaneState::Paused,
        step: 0,
        epoch: 0,
        planned_steps: None,
        batch_loss: None,
        learning_rate: 0.0,
        samples: 0,
        loss_evaluations: 0,
        seconds: 0.0,
        steps_per_second: 0.0,
    });
    let end = End { reason: EndReason::Failed(message), step: last.step };
    Status { state: LaneState::Ended(end), ..last }
}

/// What a panic said.
fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
