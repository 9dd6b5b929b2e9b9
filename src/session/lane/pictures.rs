//! The latest pictures of a lane, one of each kind.

use crate::train::{Picture, PictureKind, PictureRequest};

/// The latest pictures of a lane.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    /// What the model says over a plane.
    pub regions: Option<Picture>,
    /// What each unit says over a plane.
    pub units: Option<Picture>,
    /// How weights, activations and gradients of every layer are spread.
    pub layers: Option<Picture>,
    /// Outputs per row of one set.
    pub outputs: Option<Picture>,
    /// The parameters.
    pub parameters: Option<Picture>,
    /// The whole state, for trials on a copy.
    pub state: Option<Picture>,
}

impl Pictures {
    /// Puts a picture in the place of the last of its kind.
    pub(super) fn keep(&mut self, picture: Picture) {
        let place = match &picture.kind {
            PictureKind::Regions { .. } => &mut self.regions,
            PictureKind::Units { .. } => &mut self.units,
            PictureKind::Layers(_) => &mut self.layers,
            PictureKind::Outputs { .. } => &mut self.outputs,
            PictureKind::Parameters(_) => &mut self.parameters,
            PictureKind::State(_) => &mut self.state,
        };
        *place = Some(picture);
    }

    /// Whether all that is asked for is here, finished, and shows the state after `step` updates.
    pub(super) fn answer(&self, requests: &[PictureRequest], step: u64) -> bool {
        requests.iter().all(|request| {
            let picture = match request {
                PictureRequest::Regions { .. } => &self.regions,
                PictureRequest::Units { .. } => &self.units,
                PictureRequest::Layers => &self.layers,
                PictureRequest::Outputs { .. } => &self.outputs,
                PictureRequest::Parameters => &self.parameters,
                PictureRequest::State => &self.state,
            };
            let as_asked = |picture: &Picture| match (request, &picture.kind) {
                (PictureRequest::Outputs { of, .. }, PictureKind::Outputs { of: shown, .. }) => {
                    of == shown
                }
                (_, PictureKind::Units { request: shown, grain, .. }) => {
                    request == shown && *grain == 1
                }
                (_, PictureKind::Regions { grain, .. }) => *grain == 1,
                _ => true,
            };
            picture.as_ref().is_some_and(|p| p.step == step && as_asked(p))
        })
    }
}
