//! The tree of a lane's past as the session knows it: which branches there are, where each parted from
//! which, how far it came and what was turned on it.
//!
//! Invariant: every branch that the lane's thread opened has its place here, in the order in which they were
//! opened; one whose numbers were given up for memory is told, but cannot be gone to.

use crate::train::{BranchId, ChangeRecord};

use super::Lane;
use crate::session::ranking::ranked_by;

/// One branch of a lane's past.
#[derive(Debug, Clone, PartialEq)]
pub struct LaneBranch {
    /// Which.
    pub id: BranchId,
    /// The branch whose own steps it parted from, and after how many updates; none of the first.
    pub parent: Option<(BranchId, u64)>,
    /// The furthest step it reached.
    pub last: u64,
    /// What was turned on it since it parted.
    pub changes: Vec<ChangeRecord>,
    /// The loss that lanes are placed by, as last measured on it.
    pub loss: Option<f64>,
    /// Whether the lane is on it now.
    pub is_here: bool,
    /// Whether the lane can go there with all its numbers.
    pub is_known: bool,
}

/// What is kept of a branch, whether its numbers still are or not.
#[derive(Debug, Clone)]
pub(super) struct Grown {
    id: BranchId,
    parent: Option<(BranchId, u64)>,
    last: u64,
    /// All that was turned on the way to its end.
    changes: Vec<ChangeRecord>,
    loss: Option<f64>,
}

impl Grown {
    /// The branch that a lane begins on.
    pub(super) fn first() -> Self {
        Self { id: BranchId(0), parent: None, last: 0, changes: Vec::new(), loss: None }
    }
}

/// The branch that a step of a branch belongs to: that one, or the one it shares the step with.
fn owner(grown: &[Grown], mut id: BranchId, step: u64) -> BranchId {
    while let Some((parent, at)) = grown.iter().find(|b| b.id == id).and_then(|b| b.parent) {
        if at < step {
            break;
        }
        id = parent;
    }
    id
}

impl Lane {
    /// The branches of its past, in the order in which they were opened.
    pub fn branches(&self) -> Vec<LaneBranch> {
        let mut grown = self.grown.clone();
        if let Some(here) = grown.iter_mut().find(|branch| branch.id == self.branch) {
            self.describe(here);
        }
        let told = |branch: &Grown| {
            let parent = branch.parent.and_then(|(id, _)| grown.iter().find(|b| b.id == id));
            let is_own = |change: &&ChangeRecord| {
                !change.planned && parent.is_none_or(|parent| !parent.changes.contains(change))
            };
            let is_here = branch.id == self.branch;
            LaneBranch {
                id: branch.id,
                parent: branch.parent.map(|(id, step)| (owner(&grown, id, step), step)),
                last: branch.last,
                changes: branch.changes.iter().filter(is_own).cloned().collect(),
                loss: branch.loss,
                is_here,
                is_known: is_here || self.knows_branch(branch.id),
            }
        };
        grown.iter().map(told).collect()
    }

    /// Whether its past has more than one branch.
    pub fn has_branches(&self) -> bool {
        self.grown.len() > 1
    }

    /// Takes note of the branch that is being left, while the lane's numbers are still of it.
    pub(super) fn leave_branch(&mut self, from: BranchId) {
        let Some(at) = self.grown.iter().position(|branch| branch.id == from) else { return };
        let mut left = self.grown[at].clone();
        self.describe(&mut left);
        self.grown[at] = left;
    }

    /// Takes note of a branch that was opened at a step of another.
    pub(super) fn open_branch(&mut self, to: BranchId, from: BranchId, step: u64) {
        let (changes, loss) = (Vec::new(), None);
        self.grown.push(Grown { id: to, parent: Some((from, step)), last: step, changes, loss });
    }

    fn describe(&self, branch: &mut Grown) {
        branch.last = branch.last.max(self.status.step).max(self.losses.len());
        branch.changes.clone_from(&self.changes);
        let latest = self.evaluations.last().map(|record| ranked_by(record, false).1);
        branch.loss = latest.or(branch.loss);
    }
}
