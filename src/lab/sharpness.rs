//! The largest curvature of the loss where a lane stands, against what its steps can bear.
//!
//! The largest eigenvalue λ of the Hessian H over all training rows (penalties included), by power
//! iteration on Hessian-vector products. A product is the central difference of two analytic
//! gradients, H·v ≈ (∇f(w + εv) − ∇f(w − εv)) / 2ε, in double precision. Power iteration finds the
//! eigenvalue of the largest size, if there is one; where that is negative or two are as large, as
//! at a saddle, the iteration is repeated on H + cI with c ≥ |λ|, whose largest is the top one.
//!
//! Plain gradient descent with rate γ is stable along a direction of curvature λ if λ < 2/γ; with
//! momentum μ if λ < 2(1 + μ)/γ. Runs of full-batch descent often hover just there: Cohen et al.
//! (2021), "Gradient descent on neural networks typically occurs at the edge of stability".

use crate::numeric::{Noise, dot, euclidean_norm};
use crate::optim::Optimizers;

use super::specimen::Ground;
use super::{LabError, Specimen};

/// Hessian-vector products of one power iteration, at most.
const MOST: usize = 200;
/// The iteration ends when ‖Hv − λv‖ is this part of |λ|.
const ENOUGH: f64 = 1e-4;

/// The largest curvature at a lane's point.
#[derive(Debug, Clone, PartialEq)]
pub struct Sharpness {
    /// Updates done.
    pub step: u64,
    /// The largest eigenvalue of the Hessian.
    pub eigenvalue: f64,
    /// ‖Hv − λv‖ / |λ| at the end: how far from exact it still is.
    pub residual: f64,
    /// Hessian-vector products it took.
    pub products: usize,
    /// The rate of the lane's next update.
    pub learning_rate: f64,
    /// The momentum, where the optimizer is SGD with plain momentum.
    pub momentum: Option<f64>,
}

impl Sharpness {
    /// 2 / rate: the curvature above which plain descent overshoots more each step; infinite at rate 0.
    #[must_use]
    pub fn limit(&self) -> f64 {
        2.0 / self.learning_rate
    }

    /// 2(1 + momentum) / rate, where the optimizer is SGD with plain momentum.
    #[must_use]
    pub fn momentum_limit(&self) -> Option<f64> {
        self.momentum.map(|momentum| 2.0 * (1.0 + momentum) / self.learning_rate)
    }

    /// The same curvature against another rate.
    #[must_use]
    pub fn at_rate(&self, learning_rate: f64) -> Self {
        Self { learning_rate, ..self.clone() }
    }
}

/// Measures the largest curvature over all training rows.
///
/// # Errors
/// If the method follows no gradient, the parts do not fit, or the gradient is not finite around the
/// point.
pub fn measure_sharpness(specimen: &Specimen) -> Result<Sharpness, LabError> {
    let entry = specimen.plan.optimizer.entry();
    if Optimizers::is_search(entry) {
        return Err(LabError::NoGradient { optimizer: entry.label });
    }
    let trainer = specimen.trainer()?;
    let (learning_rate, knobs) = (trainer.learning_rate(), trainer.knobs());
    let momentum = knobs.number("momentum");
    let heavy_ball = knobs.name() == "Sgd" && momentum > 0.0 && !knobs.flag("nesterov");
    let mut hessian = Hessian::new(specimen.ground()?);
    let mut top = hessian.dominant(0.0)?;
    if top.eigenvalue < 0.0 || top.residual > ENOUGH {
        let shift = 1.05 * top.stretch;
        top = hessian.dominant(shift)?;
        top.eigenvalue -= shift;
    }
    Ok(Sharpness {
        step: trainer.step(),
        eigenvalue: top.eigenvalue,
        residual: top.residual,
        products: hessian.products,
        learning_rate,
        momentum: heavy_ball.then_some(momentum),
    })
}

struct Eigen {
    eigenvalue: f64,
    residual: f64,
    /// The largest ‖Hv‖ of a unit vector seen: about the largest |λ|.
    stretch: f64,
}

/// The Hessian at one point, known by its products with vectors.
struct Hessian {
    ground: Ground,
    rows: Vec<u32>,
    at: Vec<f64>,
    above: Vec<f64>,
    below: Vec<f64>,
    products: usize,
}

impl Hessian {
    fn new(ground: Ground) -> Self {
        let zeros = vec![0.0; ground.params.len()];
        let (at, above, below) = (zeros.clone(), zeros.clone(), zeros);
        Self { rows: ground.all_rows(), ground, at, above, below, products: 0 }
    }

    /// Writes H·v of a unit vector.
    fn product(&mut self, v: &[f64], out: &mut [f64]) -> Result<(), LabError> {
        let epsilon = 1e-4 * euclidean_norm(&self.ground.params).max(1.0) / 10.0;
        let params = self.ground.params.clone();
        for (sign, gradient) in [(1.0, &mut self.above), (-1.0, &mut self.below)] {
            for ((at, w), v) in self.at.iter_mut().zip(&params).zip(v) {
                *at = w + sign * epsilon * v;
            }
            self.ground.gradient(&self.at, &self.rows, gradient);
        }
        for ((out, above), below) in out.iter_mut().zip(&self.above).zip(&self.below) {
            *out = (above - below) / (2.0 * epsilon);
        }
        self.products += 1;
        if out.iter().all(|x| x.is_finite()) { Ok(()) } else { Err(LabError::NotFinite) }
    }

    /// The eigenvalue of the largest size of H + shift·I.
    fn dominant(&mut self, shift: f64) -> Result<Eigen, LabError> {
        let len = self.ground.params.len();
        let mut v: Vec<f64> = (0..len.div_ceil(2))
            .flat_map(|pair| Noise::Curvature.normal_pair(1, 0, pair as u32))
            .take(len)
            .collect();
        let mut product = vec![0.0; len];
        normalise(&mut v);
        let mut found = Eigen { eigenvalue: 0.0, residual: f64::INFINITY, stretch: 0.0 };
        for _ in 0..MOST {
            self.product(&v, &mut product)?;
            product.iter_mut().zip(&v).for_each(|(p, v)| *p += shift * v);
            let eigenvalue = dot(&v, &product);
            let off: Vec<f64> = product.iter().zip(&v).map(|(p, v)| p - eigenvalue * v).collect();
            let size = eigenvalue.abs().max(f64::MIN_POSITIVE);
            let stretch = found.stretch.max(euclidean_norm(&product));
            found = Eigen { eigenvalue, residual: euclidean_norm(&off) / size, stretch };
            if found.residual < ENOUGH || !normalise(&mut product) {
                break;
            }
            std::mem::swap(&mut v, &mut product);
        }
        Ok(found)
    }
}

/// Scales to length one; false if there is no direction left.
fn normalise(v: &mut [f64]) -> bool {
    let length = euclidean_norm(v);
    if length > 0.0 {
        for x in v {
            *x /= length;
        }
    }
    length > 0.0
}
