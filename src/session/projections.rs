//! The planes in which the lanes' rows differ most, found once for each data on a worker.
//!
//! Invariant: what is known is of data that lanes train on, whatever else was asked for before.

use std::sync::Arc;

use crate::data::{Principal, Split};
use crate::experiment::TaskPlan;

use super::{Lane, LaneId, NoticeKind, Session};

/// What is known of some rows: nothing yet, or their components, if they have any.
#[derive(Debug)]
struct Known {
    split: Arc<Split>,
    found: Option<Projection>,
}

/// The principal components of some rows; none if there are none.
pub type Projection = Option<Arc<Principal>>;

/// The components of all data that somebody looks at.
#[derive(Debug, Default)]
pub(super) struct Projections(Vec<Known>);

impl Projections {
    fn of(&self, split: &Arc<Split>) -> Option<&Known> {
        self.0.iter().find(|known| Arc::ptr_eq(&known.split, split))
    }
}

fn split_of(lane: &Lane) -> Option<&Arc<Split>> {
    match &lane.plan.task {
        TaskPlan::Learn(learn) => Some(&learn.split),
        TaskPlan::Surface { .. } => None,
    }
}

impl Session {
    /// The principal components of a lane's training rows; none while they are not known.
    pub fn projection(&self, lane: &Lane) -> Option<&Projection> {
        self.projections.of(split_of(lane)?)?.found.as_ref()
    }

    /// Whether components are being computed.
    pub fn is_projecting(&self) -> bool {
        self.projections.0.iter().any(|known| known.found.is_none())
    }

    /// Has the components of a lane's training rows found, unless they are known or on their way.
    pub(super) fn project(&mut self, lane: LaneId) {
        let Some(split) = self.lane(lane).and_then(split_of).cloned() else { return };
        if self.projections.of(&split).is_some() {
            return;
        }
        let lanes = &self.lanes;
        let used =
            |of: &Arc<Split>| lanes.iter().filter_map(split_of).any(|split| Arc::ptr_eq(split, of));
        self.projections.0.retain(|known| known.found.is_none() || used(&known.split));
        match self.jobs.project(Arc::clone(&split)) {
            Ok(()) => self.projections.0.push(Known { split, found: None }),
            Err(error) => {
                self.projections.0.push(Known { split, found: Some(None) });
                self.notify(NoticeKind::Failed, format!("no thread could be started: {error}"));
            }
        }
    }

    pub(super) fn take_projected(&mut self, split: &Arc<Split>, found: Option<Principal>) {
        let known = self.projections.0.iter_mut().find(|known| Arc::ptr_eq(&known.split, split));
        if let Some(known) = known {
            known.found = Some(found.map(Arc::new));
        }
    }
}
