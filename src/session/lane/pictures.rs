//! The latest pictures of a lane, one of each kind.

use std::sync::Arc;

use crate::train::{Picture, PictureKind, PictureRequest, RowSet};

use super::Trace;

/// The latest pictures of a lane.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    /// What the model says over a plane.
    pub regions: Option<Picture>,
    /// The lines of that.
    pub trace: Option<Trace>,
    /// Outputs of training rows.
    pub training: Option<Picture>,
    /// Outputs of held-out rows.
    pub held_out: Option<Picture>,
    /// What each unit says over a plane.
    pub units: Option<Picture>,
    /// How weights, activations and gradients of every layer are spread.
    pub layers: Option<Picture>,
    /// The parameters.
    pub parameters: Option<Picture>,
    /// The whole state, for trials on a copy.
    pub state: Option<Picture>,
}

/// What a model says of rows of a set.
#[derive(Debug, Clone, Copy)]
pub struct RowOutputs<'a> {
    /// Row by row, so many numbers each.
    pub outputs: &'a Arc<[f64]>,
    /// Numbers a row, at least one.
    pub width: usize,
    /// Of every how many-th row, from 1 up.
    pub every: usize,
}

impl RowOutputs<'_> {
    /// The outputs, a row each.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.outputs.chunks_exact(self.width)
    }
}

impl Pictures {
    /// The outputs of rows of a set.
    pub fn outputs(&self, of: RowSet) -> Option<&Picture> {
        match of {
            RowSet::Training => self.training.as_ref(),
            RowSet::HeldOut => self.held_out.as_ref(),
        }
    }

    /// Puts a picture in the place of the last of its kind.
    pub(super) fn keep(&mut self, picture: Picture) {
        let place = match &picture.kind {
            PictureKind::Regions { .. } => {
                self.trace = Trace::of(&picture);
                &mut self.regions
            }
            PictureKind::Outputs { of: RowSet::Training, .. } => &mut self.training,
            PictureKind::Outputs { of: RowSet::HeldOut, .. } => &mut self.held_out,
            PictureKind::Units { .. } => &mut self.units,
            PictureKind::Layers(_) => &mut self.layers,
            PictureKind::Parameters(_) => &mut self.parameters,
            PictureKind::State(_) => &mut self.state,
        };
        *place = Some(picture);
    }

    /// Puts away outputs that nobody asks for any more.
    pub(super) fn keep_asked(&mut self, requests: &[PictureRequest]) {
        let is_asked = |set: RowSet| {
            requests.iter().any(|r| matches!(r, PictureRequest::Outputs { of, .. } if *of == set))
        };
        self.training.take_if(|_| !is_asked(RowSet::Training));
        self.held_out.take_if(|_| !is_asked(RowSet::HeldOut));
    }

    /// Whether all that is asked for is here, finished, and shows the state after `step` updates.
    pub(super) fn answer(&self, requests: &[PictureRequest], step: u64) -> bool {
        requests.iter().all(|request| {
            let picture = match request {
                PictureRequest::Regions { .. } => self.regions.as_ref(),
                PictureRequest::Outputs { of, .. } => self.outputs(*of),
                PictureRequest::Parameters => self.parameters.as_ref(),
                PictureRequest::State => self.state.as_ref(),
                PictureRequest::Units { .. } => self.units.as_ref(),
                PictureRequest::Layers => self.layers.as_ref(),
            };
            let as_asked = |picture: &Picture| match (request, &picture.kind) {
                (
                    PictureRequest::Outputs { every, .. },
                    PictureKind::Outputs { every: shown, .. },
                ) => every == shown,
                (
                    _,
                    PictureKind::Regions { request: shown, grain, .. }
                    | PictureKind::Units { request: shown, grain, .. },
                ) => request == shown && *grain == 1,
                _ => true,
            };
            picture.is_some_and(|p| p.step == step && as_asked(p))
        })
    }
}
