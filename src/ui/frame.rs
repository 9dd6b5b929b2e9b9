//! What a panel gets to draw one frame: the session to read, the window's own state, and a list to
//! put actions on. Panels change nothing else.

use std::collections::BTreeMap;

use crate::session::{Action, LaneId, Session};
use crate::train::PictureRequest;

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
    /// The pictures of lanes that are on screen in this frame.
    pub(super) watched: BTreeMap<LaneId, Vec<PictureRequest>>,
    /// Whether the loss view is on screen in this frame.
    pub(super) looks_at_landscape: bool,
}

impl Frame<'_> {
    /// Asks for something to be done after this frame.
    pub(super) fn push(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// Says that pictures of a lane are on screen, beside those that others have said. Of one kind a
    /// lane has one picture: whoever asks first.
    pub(super) fn watch(&mut self, lane: LaneId, requests: Vec<PictureRequest>) {
        let watched = self.watched.entry(lane).or_default();
        for request in requests {
            if watched.iter().all(|other| !other.is_like(&request)) {
                watched.push(request);
            }
        }
    }
}
