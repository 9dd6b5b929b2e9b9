//! The straight line of a model with two features, no hidden layer and one output.

use crate::data::Scaler;
use crate::experiment::TaskPlan;
use crate::model::{Head, Link};
use crate::session::Lane;
use crate::train::PictureKind;

/// Score = w1·x + w2·y + b, in the data's own units; the model's answer turns where it is zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::ui) struct Line {
    pub(in crate::ui) w1: f64,
    pub(in crate::ui) w2: f64,
    pub(in crate::ui) b: f64,
}

/// The lane's line, if its model has one and its parameters were sent.
pub(in crate::ui) fn line_of(lane: &Lane) -> Option<Line> {
    let TaskPlan::Learn(learn) = &lane.plan.task else { return None };
    let linear = learn.model.hidden.is_empty() && learn.split.train.width() == 2;
    if !linear || learn.split.train.targets.classes() != Some(2) {
        return None;
    }
    let picture = lane.pictures().parameters.as_ref()?;
    let PictureKind::Parameters(params) = &picture.kind else { return None };
    let [w1, w2, b] = **params else { return None };
    // Without a sigmoid the answer turns at an output of one half, not of zero.
    let head = Head::new(&learn.split.train.targets, &learn.loss, learn.model.output).ok()?;
    let b = if head.link == Link::Identity { b - 0.5 } else { b };
    let line = unscaled([w1, w2, b], learn.split.scaler.as_ref());
    (line.w1.is_finite() && line.w2.is_finite() && line.b.is_finite()).then_some(line)
}

/// w·(x − shift)/scale + b as a function of x.
fn unscaled([w1, w2, b]: [f64; 3], scaler: Option<&Scaler>) -> Line {
    match scaler {
        None => Line { w1, w2, b },
        Some(Scaler { shift, scale, .. }) => {
            let (w1, w2) = (w1 / scale[0], w2 / scale[1]);
            Line { w1, w2, b: b - w1 * shift[0] - w2 * shift[1] }
        }
    }
}
