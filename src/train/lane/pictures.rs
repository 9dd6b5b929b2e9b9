//! Pictures of a model for whoever looks: what to take, how often, and the taking.
//!
//! Invariant: training gives at most a fifth of its time to pictures, and takes none while the reader
//! has not yet got the last ones. When a lane comes to rest, a fresh one is always taken.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ndarray::{ArrayView2, Axis, s};

use crate::data::Split;

use super::super::{Picture, PictureKind, PictureRequest, RowSet};
use super::body::Body;

/// Time between two pictures, at least.
const BETWEEN: Duration = Duration::from_millis(16);
/// Training time per time spent on pictures.
const SHARE: u32 = 4;
/// Rows of a plane that a model is asked at once, about.
const ROWS: usize = 2048;
/// Cells of a picture at most along each side.
const MOST_CELLS: usize = 1024;

/// What is looked at, and when it was last pictured.
pub(super) struct Pictures {
    split: Option<Arc<Split>>,
    /// Unscaled means of the training rows' features.
    base: Option<Vec<f64>>,
    requests: Vec<PictureRequest>,
    fresh: bool,
    last: Option<(Instant, u64)>,
    cost: Duration,
}

impl Pictures {
    /// Of a model of the given rows; without rows, of parameters only.
    pub(super) fn new(split: Option<Arc<Split>>) -> Self {
        let cost = Duration::ZERO;
        Self { split, base: None, requests: Vec::new(), fresh: false, last: None, cost }
    }

    /// Somebody looks at something else from now on.
    pub(super) fn watch(&mut self, requests: Vec<PictureRequest>) {
        self.requests = requests;
        self.refresh();
    }

    /// The next picture is due at once.
    pub(super) fn refresh(&mut self) {
        self.fresh = !self.requests.is_empty();
    }

    /// Whether pictures are to be taken now; `taken` says whether the last ones reached the reader.
    pub(super) fn due(&self, now: Instant, step: u64, taken: bool) -> bool {
        if self.fresh || self.requests.is_empty() {
            return self.fresh;
        }
        self.last.is_none_or(|(time, of)| {
            let pause = BETWEEN.max(self.cost * SHARE);
            of != step && taken && now.duration_since(time) >= pause
        })
    }

    /// Takes all pictures that are asked for.
    pub(super) fn take(&mut self, body: &mut dyn Body) -> Vec<Picture> {
        let start = Instant::now();
        let step = body.step();
        let requests = std::mem::take(&mut self.requests);
        let kinds = requests.iter().filter_map(|request| self.one(request, body));
        let pictures = kinds.map(|kind| Picture { step, kind }).collect();
        self.requests = requests;
        let now = Instant::now();
        self.cost = now - start;
        self.last = Some((now, step));
        self.fresh = false;
        pictures
    }

    fn one(&mut self, request: &PictureRequest, body: &mut dyn Body) -> Option<PictureKind> {
        match request {
            PictureRequest::Parameters => Some(PictureKind::Parameters(body.params().into())),
            PictureRequest::State => Some(PictureKind::State(body.checkpoint()?.into())),
            PictureRequest::Outputs { of, rows } => {
                let split = self.split.as_ref()?;
                let data = match of {
                    RowSet::Training => &split.train,
                    RowSet::HeldOut => split.held_out.as_ref()?,
                };
                let rows = (*rows).min(data.rows());
                let mut features = data.features.slice(s![..rows, ..]).to_owned();
                for (column, mut values) in features.axis_iter_mut(Axis(1)).enumerate() {
                    values.mapv_inplace(|x| self.unscaled(column, x));
                }
                let outputs = body.predict(features.view())?;
                let (values, width) = (outputs.values.into(), outputs.width);
                Some(PictureKind::Outputs { of: *of, outputs: values, width })
            }
            PictureRequest::Regions { .. } => self.regions(request, body),
        }
    }

    fn regions(&mut self, request: &PictureRequest, body: &mut dyn Body) -> Option<PictureKind> {
        let PictureRequest::Regions { features, x, y, cells } = request else { return None };
        let mut row = self.base()?.to_vec();
        let (across, up) = (cells.0.min(MOST_CELLS), cells.1.min(MOST_CELLS));
        if features.iter().any(|f| *f >= row.len()) || across == 0 {
            return None;
        }
        let lines = (ROWS / across).max(1);
        let (mut plane, mut outputs, mut width) = (Vec::new(), Vec::new(), 0);
        for first in (0..up).step_by(lines) {
            plane.clear();
            for j in first..(first + lines).min(up) {
                row[features[1]] = centre(*y, j, up);
                for i in 0..across {
                    row[features[0]] = centre(*x, i, across);
                    plane.extend_from_slice(&row);
                }
            }
            let rows = plane.len() / row.len();
            let said = body.predict(ArrayView2::from_shape((rows, row.len()), &plane).ok()?)?;
            width = said.width;
            outputs.reserve(across * up * width - outputs.len());
            outputs.extend(said.values.iter().map(|v| *v as f32));
        }
        let request = request.clone();
        Some(PictureKind::Regions { request, outputs: outputs.into(), width })
    }

    fn base(&mut self) -> Option<&[f64]> {
        if self.base.is_none() {
            let means = self.split.as_ref()?.train.features.mean_axis(Axis(0))?;
            let base = means.iter().enumerate().map(|(i, x)| self.unscaled(i, *x)).collect();
            self.base = Some(base);
        }
        self.base.as_deref()
    }

    fn unscaled(&self, column: usize, x: f64) -> f64 {
        match self.split.as_ref().and_then(|split| split.scaler.as_ref()) {
            Some(scaler) => x * scaler.scale[column] + scaler.shift[column],
            None => x,
        }
    }
}

/// The middle of cell `index` of `cells` along `range`.
fn centre(range: (f64, f64), index: usize, cells: usize) -> f64 {
    range.0 + (range.1 - range.0) * (index as f64 + 0.5) / cells as f64
}
