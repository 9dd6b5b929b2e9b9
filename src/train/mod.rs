//! Training: the trainer, its checkpoints and branches, and the thread it runs on.

mod allowance;
mod any_trainer;
mod branches;
mod checkpoint;
mod crew;
mod edits;
mod error;
mod fingerprint;
mod fork;
mod headless;
mod inside;
mod lane;
mod permits;
mod post_mortem;
mod progress;
mod protocol;
mod race;
mod retrace;
mod route;
mod segment;
mod start;
mod stop;
mod summary;
mod trainer;
mod update;

pub use allowance::Allowance;
pub use any_trainer::AnyTrainer;
pub use branches::{BranchId, Branches, RewindError, Stretch};
pub use checkpoint::{Checkpoint, State};
pub use error::{ChangeError, RestoreError, TrainError};
pub use fingerprint::Fingerprint;
pub use headless::{HeadlessOptions, LaneProgress, LaneResult, Watcher, train_all};
pub use inside::{LayerInside, LayersInside};
pub use lane::{LaneHandle, Waker, spawn, spawn_fork, spawn_seeds, spawn_visitor};
pub use permits::Permits;
pub use post_mortem::{Attempt, Bad};
pub use protocol::{
    ChangeRecord, Command, End, EndReason, EpochRecord, EvaluationRecord, Event, LaneState,
    MapPlane, Picture, PictureKind, PictureRequest, RowSet, Status, Target,
};
pub use race::Course;
pub use retrace::{Retrace, RetraceError};
pub use route::{Place, Route};
pub use segment::{LossSink, SEGMENT_LEN, Segment};
pub use start::Start;
pub use summary::{SUMMARISED, Summary};
pub use trainer::{Burst, Trainer};
pub use update::Explained;
