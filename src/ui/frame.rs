//! What a panel gets to draw one frame: the session to read, the window's own state, and a list to
//! put actions on. Panels change nothing else.

use crate::session::{Action, Session};

use super::state::WindowState;

/// One frame's view of everything.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    /// The workbench; read only.
    pub(super) session: &'a Session,
    /// What belongs to the window alone: zoom, open dialogs, text being typed.
    pub(super) window: &'a mut WindowState,
    /// What is to be done after the frame is drawn.
    pub(super) actions: Vec<Action>,
}

impl Frame<'_> {
    /// Asks for something to be done after this frame.
    pub(super) fn push(&mut self, action: Action) {
        self.actions.push(action);
    }
}
