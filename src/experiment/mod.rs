//! The experiment file: schema, places in its text, validation, presets.
//!
//! A draft is its text: panels, `--set`, undo and saving change it by [`TextEdit`]s, [`check`] reads
//! it, and only the [`ValidExperiment`] that comes out can be trained.

mod blame;
mod change;
mod check;
mod edit;
mod effective;
mod excerpt;
mod parse;
mod path;
mod plan;
mod prepare;
mod presets;
mod problem;
mod schema;
mod shape;
mod spans;
mod stop_rules;
mod text;
mod validate;
mod view;

pub use change::{lacks_dropout, parse_change};
pub use check::{ValidExperiment, check};
pub use edit::{EditError, TextEdit, apply_edits};
pub use excerpt::excerpt;
pub use parse::parse;
pub use path::{PathError, place_of, text_at};
pub use plan::{
    Change, ForkPlan, LanePlan, LearnPlan, PlannedEdit, PlannedLength, Seeds, TaskPlan,
};
pub use presets::{Preset, shipped_preset, shipped_presets};
pub use problem::Problem;
pub use schema::{
    EditSpec, Experiment, ForkSpec, LaneSpec, Learn, Length, Literal, NotYet, SurfaceTask, Task,
    Training, VERSION,
};
pub use spans::{MAX_TEXT, Place};
pub use stop_rules::StopRules;
pub use text::{literal, to_text};
pub use view::{
    Arrange, HeightScale, InsideLook, InsideView, LandscapePlane, LandscapeShape, LandscapeView,
    Metric, Pane, Panes, Race, SeedBand, Side, TileAxes, TileRows, TileView, TilesView, ViewSpec,
    XAxis,
};
