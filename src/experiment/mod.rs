//! The experiment file: schema, places in its text, validation, presets.

mod plan;
mod schema;
mod stop_rules;

pub use plan::{Change, LanePlan, LearnPlan, PlannedEdit, PlannedLength, Seeds, TaskPlan};
pub use schema::{
    EditSpec, Experiment, LaneSpec, Learn, Length, Literal, Metric, NotYet, SurfaceTask, Task,
    Training, VERSION, ViewSpec, XAxis,
};
pub use stop_rules::StopRules;
