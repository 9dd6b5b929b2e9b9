//! Training: the trainer, its checkpoints and branches, and the thread it runs on.

mod protocol;
mod segment;

pub use protocol::{
    ChangeRecord, Command, End, EndReason, EpochRecord, EvaluationRecord, Event, LaneState,
    Picture, PictureKind, PictureRequest, Status, Target,
};
pub use segment::{LossSink, SEGMENT_LEN, Segment};
