//! The controls the panels are made of.
//!
//! Each takes plain values, draws itself in the theme and says what was done to it. Every control
//! that can be pressed or typed into has an accessible name, and everything that can be done with
//! the pointer can be done from the keyboard. None keeps state but what is on the screen only
//! (half-typed text, focus), and none knows the workbench's session.

mod axis;
mod buttons;
mod card;
mod entry;
mod field;
mod grid;
mod icon;
mod knob;
mod number;
mod rail;
mod segmented;
mod text;
mod toast;

pub use axis::AxisNumbers;
pub use buttons::{button, icon_button, icon_toggle, link_button, primary_button};
pub use card::{card, chip, empty_state, progress_bar, section, section_header, tile, tile_frame};
pub use entry::{Entry, EntryResponse, NumberEntry};
pub use field::{FieldRow, problem_ui};
pub use grid::{Grid, GridCell, GridColumn, GridState};
pub use icon::{Icon, icon_size};
pub use knob::{Knob, KnobResponse};
pub use number::{
    brief, count, difference, duration, exact, fixed, parse_number, score, short, stepped,
    with_minus,
};
pub use rail::{Rail, Spread};
pub use segmented::{segmented, segmented_told, toggle_chip};
pub use text::{elided, elided_middle};
pub use toast::{ToastKind, Toasts};
