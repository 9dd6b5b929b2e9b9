//! The panels of the window.
//!
//! [`header`] on top (with `progress`), [`experiment`] on the left, [`lanes`] on the right, [`center`] between them
//! with the curve plot and a tile a lane, [`timeline`] below it. The side panels are built of the same rows: `fields` (a
//! label, a control, what is wrong), `choice` (any choice of any table as rows), `editor` (text being
//! typed and edits to push), `typed` (between typed text and the file), `section` (headings, rules). `marks` says what happened to lanes, for curve and timeline. `start_page` covers the middle; [`lesson`] stands in the experiment's place while one is taken; `thumbnail`
//! draws its pictures.
//! Panels read the session and push actions; none of them changes anything else.

pub(super) mod center;
mod choice;
mod editor;
pub(super) mod experiment;
mod fields;
pub(super) mod header;
mod header_fit;
pub(super) mod lanes;
pub(super) mod lesson;
mod marks;
mod progress;
mod section;
mod start_page;
mod thumbnail;
pub(super) mod timeline;
mod typed;

pub(super) use center::{CenterState, line_of};
pub(in crate::ui) use center::{inside_shows, tiles_show};
pub(super) use experiment::ExperimentPanelState;
pub(super) use lanes::LanesPanelState;
pub(super) use lesson::LessonPanelState;
pub(super) use timeline::TimelineState;

/// Asks the window for the dialog that opens a table.
fn open_table_dialog(frame: &mut super::frame::Frame<'_>) {
    frame.window.dialog = Some(super::dialogs::Dialog::open_table(frame.session));
}
