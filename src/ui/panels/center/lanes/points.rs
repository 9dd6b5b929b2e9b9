//! A dataset's classes as points on a plane, computed once per dataset and plane.
//!
//! The plane is of two features, in the data's own units, or of the first two principal components of
//! the training rows as they are trained on. Of many rows every so many-th is a point.

use std::sync::Arc;

use crate::data::{Dataset, Principal, Scaler, Split, Targets};
use crate::session::Projection;
use crate::train::{MapPlane, RowSet};

use super::fitted::Rows;
use super::judged::every_of;

/// What the axes of a picture of points stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Axes {
    /// The first two principal components of the training rows; of two features those themselves.
    #[default]
    Components,
    /// Two features, across and up.
    Features([usize; 2]),
}

impl Axes {
    /// What they stand for where there are so many features.
    pub(super) fn among(self, width: usize) -> Self {
        match self {
            _ if width <= 2 => Self::Features([0, 1]),
            Self::Features([a, b]) if a < width && b < width && a != b => self,
            Self::Features(_) | Self::Components => Self::Components,
        }
    }
}

/// One row as a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// Where it lies on the plane.
    pub(super) place: [f64; 2],
    /// Its class.
    pub(super) class: usize,
    /// Which row of its set it is.
    pub(super) row: usize,
}

/// The rows as points with their classes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Points {
    /// The plane that they lie on.
    pub(super) plane: MapPlane,
    /// Training rows.
    pub(super) train: Vec<Point>,
    /// Held-out rows.
    pub(super) held_out: Vec<Point>,
    /// The range of x worth drawing.
    pub(super) x: (f64, f64),
    /// The range of y worth drawing.
    pub(super) y: (f64, f64),
    /// What the axes are.
    pub(super) names: [String; 2],
    /// What the plane does not show of the rows, in full and in short; of two features nothing.
    pub(super) unseen: Option<[&'static str; 2]>,
}

/// The points of a dataset, as far as they are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// Here they are.
    Points(Arc<Points>),
    /// Numbers to predict by one feature.
    Rows(Arc<Rows>),
    /// The principal components are not known yet.
    Waiting,
    /// There are none: more features than one and no classes, or classes by one feature.
    None,
}

/// The points of data with classes and at least two features, or with numbers and one; `projection` is what is known of its
/// components.
pub(super) fn find(split: &Split, axes: Axes, projection: Option<&Projection>) -> Found {
    if split.train.targets.classes().is_none() || split.train.width() < 2 {
        return Rows::of(split).map_or(Found::None, |rows| Found::Rows(Arc::new(rows)));
    }
    let found = match (axes.among(split.train.width()), projection) {
        (Axes::Features(pair), _) => Points::of_features(split, pair),
        (Axes::Components, None) => return Found::Waiting,
        (Axes::Components, Some(Some(principal))) => Points::of_components(split, principal),
        // Numbers too large to be squared have none.
        (Axes::Components, Some(None)) => Points::of_features(split, [0, 1]),
    };
    found.map_or(Found::None, |points| Found::Points(Arc::new(points)))
}

impl Points {
    fn of_features(split: &Split, pair: [usize; 2]) -> Option<Self> {
        let scaler = split.scaler.as_ref();
        let place = |data: &Dataset, row: usize| {
            pair.map(|column| unscaled(scaler, column, data.features[[row, column]]))
        };
        let name = |i: usize| split.train.feature_names.get(i).cloned().unwrap_or_default();
        let unseen = ["the other features at their means", "others at their means"];
        Self::placed(
            split,
            place,
            Self {
                plane: MapPlane::Features(pair),
                train: Vec::new(),
                held_out: Vec::new(),
                x: (0.0, 1.0),
                y: (0.0, 1.0),
                names: pair.map(name),
                unseen: (split.train.width() > 2).then_some(unseen),
            },
        )
    }

    fn of_components(split: &Split, principal: &Principal) -> Option<Self> {
        let name = |i: usize| format!("PC{} {:.0} %", i + 1, 100.0 * principal.shares[i]);
        let place = |data: &Dataset, row: usize| principal.project(&data.features, row);
        Self::placed(
            split,
            place,
            Self {
                plane: MapPlane::Span(Arc::new(principal.span(split.scaler.as_ref()))),
                train: Vec::new(),
                held_out: Vec::new(),
                x: (0.0, 1.0),
                y: (0.0, 1.0),
                names: [name(0), name(1)],
                unseen: Some(["distances off the plane not shown", "off the plane: not shown"]),
            },
        )
    }

    fn placed(
        split: &Split,
        place: impl Fn(&Dataset, usize) -> [f64; 2],
        empty: Self,
    ) -> Option<Self> {
        let points = |data: &Dataset| {
            let Targets::Classes { labels, .. } = &data.targets else { return None };
            let rows = (0..data.rows()).step_by(every_of(data));
            let point = |row: usize| Point { place: place(data, row), class: labels[row], row };
            Some(rows.map(point).collect::<Vec<_>>())
        };
        let train = points(&split.train)?;
        let held_out = split.held_out.as_ref().and_then(points).unwrap_or_default();
        let range = |axis: usize| {
            let all = train.iter().chain(&held_out).map(|p| p.place[axis]);
            let (low, high) =
                all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
            let margin = ((high - low) * 0.07).max(1e-6);
            (low - margin, high + margin)
        };
        let (x, y) = (range(0), range(1));
        Some(Self { train, held_out, x, y, ..empty })
    }

    /// The points of a set.
    pub(super) fn of(&self, set: RowSet) -> &[Point] {
        match set {
            RowSet::Training => &self.train,
            RowSet::HeldOut => &self.held_out,
        }
    }
}

/// A feature in the data's own units.
pub(super) fn unscaled(scaler: Option<&Scaler>, column: usize, x: f64) -> f64 {
    scaler.map_or(x, |s| x * s.scale[column] + s.shift[column])
}
