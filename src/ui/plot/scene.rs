//! What a curve plot is asked to draw.

use std::borrow::Cow;

use eframe::egui::Color32;

use super::scale::AxisScale;
use crate::experiment::XAxis;
use crate::series::{Axes, Curve, Point, Series};
use crate::ui::theme::LaneLook;

/// Where a line's numbers come from.
#[derive(Debug, Clone, Copy)]
pub enum Samples<'a> {
    /// One number per update; number k was measured after k updates.
    Every(&'a Series),
    /// Numbers at some updates.
    Some(&'a Curve),
    /// One number per update, each less the given one. The least and the greatest of many stay the
    /// least and the greatest, so every zoom is as exact as of the numbers themselves.
    Less(&'a Series, f64),
    /// The same of a series that was made of another one: what it gave up for memory is not brought back.
    Made(&'a Series, f64),
}

impl Samples<'_> {
    /// What its numbers are told less.
    pub(super) fn less(&self) -> f64 {
        match self {
            Self::Every(_) | Self::Some(_) => 0.0,
            Self::Less(_, less) | Self::Made(_, less) => *less,
        }
    }

    /// The step of the last number.
    pub fn last_step(&self) -> Option<u64> {
        match self {
            Self::Every(series) | Self::Less(series, _) | Self::Made(series, _) => {
                series.len().checked_sub(1)
            }
            Self::Some(curve) => curve.last().map(|point| point.step),
        }
    }

    /// What was last measured at or before `step`, and at which step that was.
    pub fn at(&self, step: u64) -> Option<Point> {
        match self {
            Self::Every(series) if step < series.len() => {
                let one = || series.range(step..step + 1).map(|bucket| bucket.mean);
                series.get(step).or_else(one).map(|value| Point { step, value })
            }
            Self::Every(_) => None,
            Self::Less(series, less) | Self::Made(series, less) => {
                let point = Self::Every(series).at(step)?;
                Some(Point { value: point.value - less, ..point })
            }
            Self::Some(curve) => {
                let last = curve.last()?.step;
                // After its last point a curve says nothing, save for one point's distance.
                let first = curve.get(0)?.step;
                let reach = last + (last - first) / (curve.len().max(2) - 1);
                (step <= reach).then(|| curve.at(step))?
            }
        }
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineLook {
    /// Thin and translucent: single batches.
    Faint,
    /// Thick: means over epochs.
    Bold,
    /// Thick, in the lane's dash: held-out data.
    Dashed,
    /// Thin: one of several seeds.
    Thin,
    /// Not a line but the lower edge of a band; the upper edge follows it.
    Lower,
    /// The upper edge of the band.
    Upper,
}

impl LineLook {
    /// Whether it lies behind the others.
    pub(super) fn is_behind(self) -> bool {
        !matches!(self, Self::Bold | Self::Dashed)
    }

    /// Whether its numbers are told at the cursor.
    pub(super) fn is_told(self) -> bool {
        !matches!(self, Self::Thin | Self::Lower | Self::Upper)
    }
}

/// One line of a lane.
#[derive(Debug, Clone, Copy)]
pub struct CurveLine<'a> {
    /// What it is, as the value card heads its column: "batch", "epoch", "held out".
    pub title: &'a str,
    /// Its numbers.
    pub samples: Samples<'a>,
    /// How it is drawn.
    pub look: LineLook,
}

/// What one lane shows.
#[derive(Debug, Clone, Copy)]
pub struct LaneCurves<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its colour in the present theme.
    pub color: Color32,
    /// Its dash and marker.
    pub look: &'a LaneLook,
    /// Where its steps lie on the other axes.
    pub axes: &'a Axes,
    /// Its lines, drawn in order.
    pub lines: &'a [CurveLine<'a>],
    /// Whether it is drawn.
    pub shown: bool,
    /// The step from which its lines are drawn: where it was forked off.
    pub first_step: u64,
    /// Whether its run left all bounds; its last values then do not set the scale.
    pub diverged: bool,
}

/// What happened at a marked step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkerKind<'a> {
    /// The lane was held still, from this step on; a sign at the lower edge without a line.
    Pause(u64),
    /// A knob was turned.
    Edit {
        /// Which: "learning rate".
        knob: Cow<'a, str>,
        /// The value before, as in the file.
        from: &'a str,
        /// The value from here on, as in the file.
        to: &'a str,
    },
    /// The lane was forked off this one here.
    Fork(&'a str),
    /// The run ended by a rule, or, without one, by hand.
    Stop(Option<Cow<'a, str>>),
    /// The first number that was not finite.
    Diverged,
    /// The program failed.
    Failed,
}

/// What happened to a lane at a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlotMarker<'a> {
    /// Which of the scene's lanes it belongs to.
    pub lane: usize,
    /// At which step.
    pub step: u64,
    /// What happened.
    pub kind: MarkerKind<'a>,
}

/// An earlier run of this session, drawn thin and grey behind the lanes.
#[derive(Debug, Clone, Copy)]
pub struct Ghost<'a> {
    /// Its numbers.
    pub samples: Samples<'a>,
    /// Where its steps lie on the other axes.
    pub axes: &'a Axes,
}

/// What a model reaches that never looks at a row: a level across the plot, with its name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// The level; finite.
    pub value: f64,
    /// What that model does: "commonest class".
    pub name: &'static str,
}

/// Both axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AxisSettings<'a> {
    /// What x counts.
    pub x: XAxis,
    /// How x is spread.
    pub x_scale: AxisScale,
    /// How y is spread.
    pub y_scale: AxisScale,
    /// The name of what y shows: "loss".
    pub y_title: &'a str,
    /// Whether steps make up epochs; on a surface they do not.
    pub has_epochs: bool,
    /// Whether what few samples reach is left out of y, and marked at the edge.
    pub robust: bool,
    /// Where the planned run ends on x, if it does; a followed view never reaches beyond.
    pub planned_end: Option<f64>,
}

impl AxisSettings<'_> {
    /// The title of the x axis.
    pub fn x_title(&self) -> &'static str {
        match self.x {
            XAxis::Step => "step (updates done)",
            XAxis::Epoch => "epoch (passes over the training rows)",
            XAxis::Samples => "training rows seen",
            XAxis::Evaluations => "evaluations of gradient or loss",
            XAxis::Time => "seconds of computing",
        }
    }

    /// The title of the x axis in a plot so wide, in points at 100 % text.
    pub(super) fn x_title_within(&self, width: f32) -> &'static str {
        if width < 280.0 { self.x_name() } else { self.x_title() }
    }

    /// x in few words, for the head of the value card.
    pub(super) fn x_name(&self) -> &'static str {
        match self.x {
            XAxis::Step => "step",
            XAxis::Epoch => "epoch",
            XAxis::Samples => "rows",
            XAxis::Evaluations => "evaluations",
            XAxis::Time => "seconds",
        }
    }
}

/// Everything a curve plot shows.
#[derive(Debug, Clone, Copy)]
pub struct CurveScene<'a> {
    /// The lanes.
    pub lanes: &'a [LaneCurves<'a>],
    /// Earlier runs.
    pub ghosts: &'a [Ghost<'a>],
    /// What happened when.
    pub markers: &'a [PlotMarker<'a>],
    /// The level to compare with.
    pub baseline: Option<Baseline>,
    /// The axes.
    pub axes: AxisSettings<'a>,
}

impl CurveScene<'_> {
    /// Whether any shown lane has a number.
    pub fn is_empty(&self) -> bool {
        !self.lanes.iter().any(|lane| {
            lane.shown && lane.lines.iter().any(|line| line.samples.last_step().is_some())
        })
    }
}
