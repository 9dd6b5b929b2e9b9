//! Memory that lanes hold together, shared out evenly among those that live.
//!
//! A lane takes a [`Share`] when it is built and gives it back when it goes; what a share comes to
//! changes with the number of lanes. Deliberately not here: what is held, and who lets go of what.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of the checkpoints of all lanes of a session.
const CHECKPOINTS: usize = 256 << 20;

/// Bytes that lanes may hold together.
#[derive(Debug)]
pub struct Allowance {
    bytes: usize,
    lanes: AtomicUsize,
}

impl Allowance {
    /// So many bytes, of which nobody holds a share yet.
    #[must_use]
    pub fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self { bytes, lanes: AtomicUsize::new(0) })
    }

    /// What the checkpoints of a session's lanes may hold: 256 MiB.
    #[must_use]
    pub fn of_checkpoints() -> Arc<Self> {
        Self::new(CHECKPOINTS)
    }
}

/// One lane's part of an allowance, as long as it lives.
#[derive(Debug)]
pub(super) struct Share(Arc<Allowance>);

impl Share {
    /// A part of its own for one lane more.
    pub(super) fn of(allowance: &Arc<Allowance>) -> Self {
        allowance.lanes.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(allowance))
    }

    /// The bytes it comes to now.
    pub(super) fn bytes(&self) -> usize {
        self.0.bytes / self.0.lanes.load(Ordering::Relaxed).max(1)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.0.lanes.fetch_sub(1, Ordering::Relaxed);
    }
}
