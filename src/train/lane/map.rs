//! A map of what a model, or each unit of it, says over a plane, drawn from coarse to fine.
//!
//! A grain is how many cells along each side share one answer. The coarsest is asked first; each finer
//! one asks only the cells between those that are known. The last grain is 1, where every cell was asked
//! at its own centre.
//!
//! Invariant: what a finished map says depends on nothing but the model and the request: not on the
//! grains before, and not on how many rows were asked at once.

use ndarray::ArrayView2;

use super::super::{MapPlane, PictureKind, PictureRequest};
use super::body::Body;

/// Cells of a picture at most along each side.
const MOST_CELLS: usize = 1024;
/// Cells of the coarsest map at least along each side.
const LEAST_CELLS: usize = 8;

/// A map that is being drawn.
pub(super) struct Map {
    request: PictureRequest,
    plane: MapPlane,
    x: (f64, f64),
    y: (f64, f64),
    across: usize,
    up: usize,
    /// A row of the plane; of two features all others stay.
    row: Vec<f64>,
    outputs: Vec<f32>,
    /// Numbers a cell, once the model has said some.
    width: usize,
    coarsest: usize,
    grain: usize,
    /// Points of this grain's grid that were looked at, row by row.
    next: usize,
    /// The cells being asked, and their rows.
    asked: Vec<usize>,
    rows: Vec<f64>,
}

impl Map {
    /// The map asked for; `base` is what the features are that it does not vary. At once as fine as can
    /// be if it is `quick`. None if the request is not for a map of this model.
    pub(super) fn new(request: &PictureRequest, base: &[f64], quick: bool) -> Option<Self> {
        let (plane, x, y, cells) = match request {
            PictureRequest::Regions { plane, x, y, cells } => (plane.clone(), x, y, cells),
            PictureRequest::Units { features, x, y, cells, .. } => {
                (MapPlane::Features(*features), x, y, cells)
            }
            _ => return None,
        };
        let (across, up) = (cells.0.min(MOST_CELLS), cells.1.min(MOST_CELLS));
        if !fits(&plane, base.len()) || across == 0 || up == 0 {
            return None;
        }
        let most = (across.min(up) / LEAST_CELLS).max(1);
        let coarsest = if quick { 1 } else { 1 << most.ilog2() };
        Some(Self {
            request: request.clone(),
            plane,
            x: *x,
            y: *y,
            across,
            up,
            row: base.to_vec(),
            outputs: Vec::new(),
            width: 0,
            coarsest,
            grain: coarsest,
            next: 0,
            asked: Vec::new(),
            rows: Vec::new(),
        })
    }

    /// Asks the next cells, at most so many at once. True if that ended a grain; none if the model says
    /// nothing.
    pub(super) fn ask(&mut self, rows: usize, body: &mut dyn Body) -> Option<bool> {
        self.choose(rows);
        if !self.asked.is_empty() {
            let shape = (self.asked.len(), self.row.len());
            let rows = ArrayView2::from_shape(shape, &self.rows).ok()?;
            let said = match &self.request {
                PictureRequest::Units { shown, .. } => body.units(rows, shown)?,
                _ => body.predict(rows)?,
            };
            self.width = said.width;
            self.outputs.resize(self.across * self.up * said.width, 0.0);
            for (cell, values) in self.asked.iter().zip(said.values.chunks_exact(said.width)) {
                let place = &mut self.outputs[cell * said.width..][..said.width];
                place.iter_mut().zip(values).for_each(|(place, value)| *place = *value as f32);
            }
        }
        Some(self.next == self.points())
    }

    /// Whether every cell was asked.
    pub(super) fn is_finished(&self) -> bool {
        self.grain == 1 && self.next == self.points()
    }

    /// Goes on with the next grain, half as coarse.
    pub(super) fn refine(&mut self) {
        self.grain /= 2;
        self.next = 0;
    }

    /// What is known at the end of a grain, over all cells.
    pub(super) fn shown(&mut self) -> PictureKind {
        let outputs =
            if self.grain == 1 { std::mem::take(&mut self.outputs) } else { self.spread() };
        let (request, outputs) = (self.request.clone(), outputs.into());
        let (width, grain) = (self.width, self.grain);
        match request {
            PictureRequest::Units { .. } => PictureKind::Units { request, outputs, width, grain },
            _ => PictureKind::Regions { request, outputs, width, grain },
        }
    }

    /// Every cell with the answer of the one that was asked for it.
    fn spread(&self) -> Vec<f32> {
        let mut all = Vec::with_capacity(self.outputs.len());
        for j in 0..self.up {
            for i in 0..self.across {
                let asked = j / self.grain * self.grain * self.across + i / self.grain * self.grain;
                all.extend_from_slice(&self.outputs[asked * self.width..][..self.width]);
            }
        }
        all
    }

    /// Points of this grain's grid.
    fn points(&self) -> usize {
        self.across.div_ceil(self.grain) * self.up.div_ceil(self.grain)
    }

    /// The next cells that no coarser grain has asked, at most `rows`, and their rows.
    fn choose(&mut self, rows: usize) {
        self.asked.clear();
        self.rows.clear();
        let (columns, points) = (self.across.div_ceil(self.grain), self.points());
        while self.next < points && self.asked.len() < rows {
            let (i, j) = (self.next % columns, self.next / columns);
            self.next += 1;
            let is_known = self.grain < self.coarsest && i % 2 == 0 && j % 2 == 0;
            if !is_known {
                let (i, j) = (i * self.grain, j * self.grain);
                let (x, y) = (centre(self.x, i, self.across), centre(self.y, j, self.up));
                match &self.plane {
                    MapPlane::Features([a, b]) => (self.row[*a], self.row[*b]) = (x, y),
                    MapPlane::Span(span) => span.fill(&mut self.row, x, y),
                }
                self.rows.extend_from_slice(&self.row);
                self.asked.push(j * self.across + i);
            }
        }
    }
}

/// Whether a plane is one of rows with so many features.
fn fits(plane: &MapPlane, width: usize) -> bool {
    match plane {
        MapPlane::Features(features) => features.iter().all(|feature| *feature < width),
        MapPlane::Span(span) => {
            [&span.origin, &span.across, &span.up].iter().all(|numbers| numbers.len() == width)
        }
    }
}

/// The middle of cell `index` of `cells` along `range`.
fn centre(range: (f64, f64), index: usize, cells: usize) -> f64 {
    range.0 + (range.1 - range.0) * (index as f64 + 0.5) / cells as f64
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;
    use std::time::Duration;

    use super::super::tests::fake::{Fake, Faults};
    use super::*;

    #[test]
    fn a_map_grows_finer_and_ends_as_if_it_had_been_drawn_at_once() {
        let request = |cells| PictureRequest::Regions {
            plane: MapPlane::Features([2, 0]),
            x: (-1.0, 2.0),
            y: (0.0, 5.0),
            cells,
        };
        let base = [7.0, 8.0, 9.0];
        let model = || Fake::new(None, Faults::default()).answering(Duration::ZERO);
        for cells in [(33, 20), (1, 1), (16, 64), (7, 100)] {
            let mut at_once = Map::new(&request(cells), &base, true).expect("a map");
            let mut whole = model();
            assert_eq!(at_once.ask(usize::MAX, &mut whole), Some(true));
            assert!(at_once.is_finished());
            let wanted = at_once.shown();
            for rows in [1, 5, 10_000] {
                let (mut map, mut body) =
                    (Map::new(&request(cells), &base, false).expect("a map"), model());
                let mut grains = Vec::new();
                let last = loop {
                    if !map.ask(rows, &mut body).expect("it answers") {
                        continue;
                    }
                    let is_finished = map.is_finished();
                    let PictureKind::Regions { outputs, width, grain, .. } = map.shown() else {
                        panic!("a map")
                    };
                    grains.push(grain);
                    assert_eq!(outputs.len(), cells.0 * cells.1 * width);
                    if is_finished {
                        break PictureKind::Regions {
                            request: request(cells),
                            outputs,
                            width,
                            grain,
                        };
                    }
                    map.refine();
                };
                assert_eq!(last, wanted);
                assert!(
                    grains.windows(2).all(|two| two[1] * 2 == two[0]) && grains.ends_with(&[1])
                );
                let asked = body.asked.load(Ordering::Acquire) as usize;
                assert_eq!(asked, cells.0 * cells.1, "no cell is asked twice");
                assert!(body.most_asked <= rows);
            }
        }
        assert!(Map::new(&request((0, 4)), &base, false).is_none());
        assert!(Map::new(&request((4, 4)), &base[..2], false).is_none(), "no such feature");
    }
}
