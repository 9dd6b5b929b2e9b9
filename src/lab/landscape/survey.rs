//! The loss over a plane, from coarse to fine.

use std::sync::Arc;

use crate::experiment::{LanePlan, TaskPlan};
use crate::model::{Network, ParamLayout};
use crate::numeric::{Range, comparable, fillable, roomy};
use crate::objective::{Objective, Regularize, SurfaceObjective};
use crate::train::{Start, TrainError};

use super::super::LabError;
use super::Slice;

/// Points along each side of the coarsest sheet, and of the finest; each has twice the pieces of the last.
const FIRST_SIDE: usize = 11;
const LAST_SIDE: usize = 161;

/// The part of a plane that is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// From where to where along the first axis.
    pub x: (f64, f64),
    /// From where to where along the second.
    pub y: (f64, f64),
}

impl Window {
    /// Whether a point lies in it.
    #[must_use]
    pub fn holds(&self, [x, y]: [f64; 2]) -> bool {
        (self.x.0..=self.x.1).contains(&x) && (self.y.0..=self.y.1).contains(&y)
    }

    /// How many times as far from the middle a point lies as the edge does; 1 on the edge.
    #[must_use]
    pub fn distance(&self, [x, y]: [f64; 2]) -> f64 {
        let part = |value: f64, (low, high): (f64, f64)| {
            ((value - (low + high) * 0.5) / ((high - low) * 0.5)).abs()
        };
        part(x, self.x).max(part(y, self.y))
    }

    /// Both ranges, x first.
    #[must_use]
    pub fn ranges(&self) -> [Range; 2] {
        [self.x, self.y]
    }

    /// How long a unit is along both axes where they are drawn equal. Parameters are numbers of one kind, and
    /// so are steps along axes of one length; but of ranges too unlike one would be a line.
    #[must_use]
    pub fn unit(&self) -> Option<[f64; 2]> {
        Some([1.0, 1.0]).filter(|unit| comparable(self.ranges(), *unit))
    }

    /// What is to be known of the plane where this window is drawn with equal axes, or nearly
    /// ([`fillable`]), in a picture so many times as wide as high.
    #[must_use]
    pub fn filling(&self, shape: Option<f64>) -> Self {
        let Some((unit, shape)) = self.unit().zip(shape) else { return *self };
        let ranges = self.ranges();
        let [x, y] = roomy(ranges, unit, fillable(ranges, unit, shape));
        Self { x, y }
    }

    /// Around all these points, with room; at least so wide along each axis as `least` says.
    #[must_use]
    pub fn around(points: impl Iterator<Item = [f64; 2]>, least: f64) -> Self {
        let none = (f64::INFINITY, f64::NEG_INFINITY);
        let wider = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
        let finite = points.filter(|at| at.iter().all(|x| x.is_finite()));
        let (x, y) = finite.fold((none, none), |(x, y), at| (wider(x, at[0]), wider(y, at[1])));
        let (x, y) = if x.0 > x.1 { ((0.0, 0.0), (0.0, 0.0)) } else { (x, y) };
        let span = (x.1 - x.0).max(y.1 - y.0).max(least);
        let room = |(low, high): (f64, f64)| {
            // A path along one axis is not drawn as a line from edge to edge of the other.
            let half = ((high - low) * 0.7).max(span * 0.3);
            let middle = (low + high) * 0.5;
            (middle - half, middle + half)
        };
        Self { x: room(x), y: room(y) }
    }
}

/// The loss over a window, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Where.
    pub window: Window,
    /// Points along each side; the outermost lie on the window's edges.
    pub side: usize,
    /// The loss at each point, rows of y from low to high, x fastest; not finite where the loss is not.
    pub heights: Arc<[f64]>,
    /// Whether there will be no finer one.
    pub is_finest: bool,
}

impl Sheet {
    /// The height at a point of the plane, between the four points around it; none outside.
    #[must_use]
    pub fn height(&self, [x, y]: [f64; 2]) -> Option<f64> {
        let pieces = (self.side - 1) as f64;
        let place = |value: f64, (low, high): (f64, f64)| {
            let place = (value - low) / (high - low) * pieces;
            // On the very edge, whatever was rounded.
            if (place - place.clamp(0.0, pieces)).abs() < 1e-9 * pieces {
                place.clamp(0.0, pieces)
            } else {
                place
            }
        };
        let (x, y) = (place(x, self.window.x), place(y, self.window.y));
        let inside = 0.0..=pieces;
        if !(inside.contains(&x) && inside.contains(&y)) {
            return None;
        }
        let (column, row) = ((x as usize).min(self.side - 2), (y as usize).min(self.side - 2));
        let (right, up) = (x - column as f64, y - row as f64);
        let at = |r: usize, c: usize| self.heights[(row + r) * self.side + column + c];
        let low = at(0, 0) + right * (at(0, 1) - at(0, 0));
        let high = at(1, 0) + right * (at(1, 1) - at(1, 0));
        Some(low + up * (high - low))
    }
}

impl Sheet {
    /// The heights of a part of it, at as many points.
    #[must_use]
    pub fn part(&self, window: Window) -> Arc<[f64]> {
        if window == self.window {
            return Arc::clone(&self.heights);
        }
        let along = |i: usize, (low, high): Range| {
            low + (high - low) * i as f64 / (self.side - 1).max(1) as f64
        };
        let heights = (0..self.side * self.side).map(|i| {
            let at = [along(i % self.side, window.x), along(i / self.side, window.y)];
            self.height(at).unwrap_or(f64::NAN)
        });
        heights.collect()
    }
}

/// Where the parameters of a plan's model lie.
///
/// # Errors
/// If the model does not fit its data.
pub fn layout_of(plan: &LanePlan) -> Result<ParamLayout, LabError> {
    match &plan.task {
        TaskPlan::Learn(learn) => {
            let data = &learn.split.train;
            let network = Network::new(data.width(), &learn.model, &data.targets, &learn.loss);
            Ok(network.map_err(TrainError::from)?.layout().clone())
        }
        TaskPlan::Surface { function, .. } => {
            Ok(SurfaceObjective::<f64>::new(function).layout().clone())
        }
    }
}

/// Whoever finds the loss over a window of a plane.
#[derive(Debug)]
pub struct Survey {
    objective: Box<dyn Objective<f64>>,
    slice: Arc<Slice>,
    window: Window,
    side: usize,
    heights: Vec<f64>,
    at: Vec<f64>,
}

impl Survey {
    /// Of a lane's objective under these penalties.
    ///
    /// # Errors
    /// If the plan cannot be trained.
    pub fn new(
        plan: &LanePlan,
        penalties: Regularize,
        slice: Arc<Slice>,
        window: Window,
    ) -> Result<Self, LabError> {
        let mut objective = Start::<f64>::of(plan)?.objective;
        objective.regularize(penalties);
        let at = vec![0.0; slice.len()];
        Ok(Self { objective, slice, window, side: 0, heights: Vec::new(), at })
    }

    /// The same, going on from a sheet that was found of the same objective, plane and window.
    #[must_use]
    pub fn going_on_from(mut self, sheet: &Sheet) -> Self {
        if sheet.window == self.window {
            (self.side, self.heights) = (sheet.side, sheet.heights.to_vec());
        }
        self
    }

    /// The loss at a point.
    pub fn height(&mut self, at: [f64; 2]) -> f64 {
        self.slice.write_point(at, &mut self.at);
        self.objective.full_loss(&self.at)
    }

    /// The next finer sheet; none if there is no finer one, or `may_go_on`, asked before each point, said
    /// no: then what was found is given up.
    pub fn refine(&mut self, may_go_on: &mut dyn FnMut() -> bool) -> Option<Sheet> {
        let side = if self.side == 0 { FIRST_SIDE } else { 2 * self.side - 1 };
        if side > LAST_SIDE {
            return None;
        }
        let mut heights = Vec::with_capacity(side * side);
        let Window { x, y } = self.window;
        let along =
            |i: usize, (low, high): (f64, f64)| low + (high - low) * i as f64 / (side - 1) as f64;
        for row in 0..side {
            for column in 0..side {
                let known = self.side > 0 && row.is_multiple_of(2) && column.is_multiple_of(2);
                let height = if known {
                    self.heights[row / 2 * self.side + column / 2]
                } else if may_go_on() {
                    self.height([along(column, x), along(row, y)])
                } else {
                    return None;
                };
                heights.push(height);
            }
        }
        (self.side, self.heights) = (side, heights);
        Some(Sheet {
            window: self.window,
            side,
            heights: self.heights.as_slice().into(),
            is_finest: side == LAST_SIDE,
        })
    }
}
