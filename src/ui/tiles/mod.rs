//! Pictures of data and models: decision regions, prediction against target, confusion, ROC curves,
//! contours.
//!
//! Pure drawing: each takes plain numbers and a rectangle, and paints. What is computed from many
//! numbers (textures, isolines) is made once and kept by the caller; a frame only places it.

mod bowl;
mod confusion;
mod contour;
mod heat;
mod plane;
mod regions;
mod relief;
mod roc;
mod scatter;
mod sheet;
mod stamps;
mod still;
mod trail;

pub use bowl::{Bowl, Camera, Spatial};
pub use confusion::{ConfusionScene, confusion_ui};
pub use contour::Contour;
pub use heat::{HeatMap, heat};
pub use plane::{Plane, ticks};
pub use regions::{Regions, answer, line_shapes, paint_line};
pub use relief::Relief;
pub use roc::{RocScene, roc_ui};
pub use scatter::{ScatterScene, scatter_ui};
pub use sheet::{Sheet, SheetImage, SheetPlan, sheet_ui};
pub use stamps::{Stamp, Stamps};
pub use still::Still;
pub use trail::{beyond, inherited_stroke, paint_beyond, paint_inherited, paint_trail, pieces};
