//! The analytic gradient against central differences, tensor by tensor.
//!
//! On the rows of the lane's next batch, in double precision, with whatever is random in the model
//! frozen at the lane's step. Each parameter x is moved by h = 1e-5 · max(1, |x|) to both sides. The
//! error is |analytic − numeric| relative to the largest gradient in the tensor (at least a
//! thousandth of the loss, below which rounding rules). Below 1e-7 the gradient is right.
//!
//! A parameter whose change crosses a kink (a ReLU's, |w|'s at zero) has no slope to compare and is
//! skipped, which is seen by its slope jumping there.

use super::specimen::Ground;
use super::{LabError, Specimen};

/// Parameters compared in one tensor, at most; evenly spread over larger ones.
const MOST: usize = 200;
/// Below this error the gradient is right.
const RIGHT: f64 = 1e-7;
/// Below this error it is doubtful, above it is wrong.
const DOUBTFUL: f64 = 1e-5;

/// What a gradient check found.
#[derive(Debug, Clone, PartialEq)]
pub struct GradientCheck {
    /// Updates done.
    pub step: u64,
    /// Rows of the batch that was used.
    pub rows: usize,
    /// One entry a tensor of parameters, in the layout's order.
    pub tensors: Vec<Checked>,
}

/// One tensor's comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The tensor's name.
    pub name: String,
    /// How many parameters it has.
    pub len: usize,
    /// How many were compared.
    pub compared: usize,
    /// How many were left out at kinks.
    pub kinks: usize,
    /// Where the two differ most; none if nothing could be compared.
    pub worst: Option<Coordinate>,
}

/// One parameter's two gradients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coordinate {
    /// Its place in the flat vector.
    pub index: usize,
    /// Its row and column in the tensor.
    pub place: (usize, usize),
    /// By the chain rule.
    pub analytic: f64,
    /// By central differences.
    pub numeric: f64,
    /// Their difference relative to the tensor's largest gradient.
    pub error: f64,
}

/// How an error is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Below 1e-7.
    Right,
    /// Below 1e-5.
    Doubtful,
    /// Above.
    Wrong,
}

impl Coordinate {
    /// How its error is to be read.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.error {
            error if error < RIGHT => Verdict::Right,
            error if error < DOUBTFUL => Verdict::Doubtful,
            _ => Verdict::Wrong,
        }
    }
}

impl GradientCheck {
    /// The worst of all tensors.
    #[must_use]
    pub fn worst(&self) -> Option<&Coordinate> {
        let all = self.tensors.iter().filter_map(|tensor| tensor.worst.as_ref());
        all.max_by(|a, b| a.error.total_cmp(&b.error))
    }
}

/// Compares the two gradients of the lane's next batch.
///
/// # Errors
/// If the specimen's parts do not fit, or loss or gradient are not finite there.
pub fn check_gradient(specimen: &Specimen) -> Result<GradientCheck, LabError> {
    let rows = specimen.trainer()?.next_rows().to_vec();
    let mut ground = specimen.ground()?;
    let params = ground.params.clone();
    let mut analytic = vec![0.0; params.len()];
    let loss = ground.gradient(&params, &rows, &mut analytic);
    if !loss.is_finite() || analytic.iter().any(|g| !g.is_finite()) {
        return Err(LabError::NotFinite);
    }
    let mut check = Check { ground, rows, params, scratch: vec![0.0; analytic.len()] };
    let layout = check.ground.objective.layout().clone();
    let tensors = layout.tensors.iter().map(|tensor| {
        let len = tensor.len();
        let count = len.min(MOST);
        let chosen = (0..count).map(|i| tensor.offset + i * len / count);
        let largest = analytic[tensor.range()].iter().fold(0.0, |m: f64, g| m.max(g.abs()));
        let scale = largest.max(1e-3 * loss.abs()).max(1e-12);
        let mut found =
            Checked { name: tensor.name.clone(), len, compared: 0, kinks: 0, worst: None };
        for index in chosen {
            let numeric = check.slope(index);
            let error = (analytic[index] - numeric).abs() / scale;
            let suspect = error.is_nan() || error >= RIGHT;
            if suspect && check.crosses_kink(index) {
                found.kinks += 1;
                continue;
            }
            found.compared += 1;
            let inside = index - tensor.offset;
            let place = (inside / tensor.cols, inside % tensor.cols);
            if found.worst.is_none_or(|worst| error.is_nan() || error > worst.error) {
                let analytic = analytic[index];
                found.worst = Some(Coordinate { index, place, analytic, numeric, error });
            }
        }
        found
    });
    let tensors = tensors.collect();
    Ok(GradientCheck { step: check.ground.step, rows: check.rows.len(), tensors })
}

/// The loss around one point.
struct Check {
    ground: Ground,
    rows: Vec<u32>,
    params: Vec<f64>,
    scratch: Vec<f64>,
}

impl Check {
    fn distance(&self, index: usize) -> f64 {
        1e-5 * self.params[index].abs().max(1.0)
    }

    /// The central difference of the loss along one parameter.
    fn slope(&mut self, index: usize) -> f64 {
        let (here, h) = (self.params[index], self.distance(index));
        let (above, below) = (here + h, here - h);
        let mut loss = |x: f64| {
            self.params[index] = x;
            self.ground.objective.value(&self.params, &self.rows, self.ground.step).loss
        };
        let slope = (loss(above) - loss(below)) / (above - below);
        self.params[index] = here;
        slope
    }

    /// Whether the analytic slope jumps between the two sides: across a kink the jump does not shrink
    /// with the distance, where the function is smooth it does.
    fn crosses_kink(&mut self, index: usize) -> bool {
        let (here, h) = (self.params[index], self.distance(index));
        let mut slope = |x: f64| {
            self.params[index] = x;
            self.ground.gradient(&self.params, &self.rows, &mut self.scratch);
            self.scratch[index]
        };
        let wide = (slope(here + h) - slope(here - h)).abs();
        let narrow = (slope(here + h / 2.0) - slope(here - h / 2.0)).abs();
        self.params[index] = here;
        wide > 1e-6 && narrow > 0.75 * wide
    }
}
