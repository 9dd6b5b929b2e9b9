//! The window, and `shot`, which paints the same window to a picture without a display.
//!
//! From the ground up: [`theme`] holds every colour, type size and font; [`widgets`] the controls
//! built from them; [`plot`] the curve plot; [`tiles`] pictures of data and models; [`file_dialog`]
//! choosing a file. [`raster`] turns what egui painted into pixels on the CPU, and [`shot`] drives
//! egui with no window to do so.
//!
//! These parts are drawing and input only: they take plain data and give back what was pressed.
//! None of them knows the workbench's session; the panels above them do the asking and telling.

mod app;
mod dialogs;
pub mod file_dialog;
mod focus;
mod frame;
mod icon;
mod instruments;
mod linked;
pub mod memory;
mod palette;
mod panels;
pub mod plot;
mod pose;
mod presentation;
pub mod raster;
mod shortcuts;
pub mod shot;
mod sides;
mod state;
pub mod theme;
pub mod tiles;
pub mod widgets;
mod window;

pub use app::App;
pub use instruments::Instrument;
pub use pose::{Opened, Pose, PoseError, pose};
pub use window::{Opening, WindowError, open};
