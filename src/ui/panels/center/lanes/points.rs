//! A dataset's classes as points on a plane, computed once per dataset and plane.
//!
//! The plane is of two features, in the data's own units, or of the first two principal components of
//! the training rows as they are trained on. Of many rows every so many-th is a point. Axes are equal where
//! their ranges allow it: a unit of the space that the model sees (of scaled features, their scale) is as
//! long along both.

use std::sync::Arc;

use crate::data::{Dataset, Principal, Scaler, Span, Split, Targets};
use crate::numeric::{Range, comparable, roomy, shape_of};
use crate::session::Projection;
use crate::train::{MapPlane, PictureRequest, RowSet};

use super::fitted::Rows;
use super::judged::every_of;

/// Cells along each side of a map as wide as high.
const CELLS: f64 = 72.0;
/// The range up where classes lie along one feature.
const ALONG: Range = (-0.13, 1.13);
/// How far the rows of one class lie apart, in parts of the way to the next.
const SPREAD: f64 = 0.14;

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
    /// How long a unit is along either axis, where units are drawn equally long along both.
    pub(super) unit: Option<[f64; 2]>,
    /// What the plane does not show of the rows, in full and in short; of two features nothing.
    pub(super) unseen: Option<[&'static str; 2]>,
}

/// The points of a dataset, as far as they are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// Here they are.
    Points(Arc<Points>),
    /// Classes by one feature: places across are its, places up the classes'.
    Along(Arc<Points>),
    /// Numbers to predict by one feature.
    Rows(Arc<Rows>),
    /// The principal components are not known yet.
    Waiting,
    /// There are none: more features than one and no classes.
    None,
}

/// The points of data with classes, or with numbers and one feature; `projection` is what is known of its
/// components.
pub(super) fn find(split: &Split, axes: Axes, projection: Option<&Projection>) -> Found {
    if split.train.targets.classes().is_some() && split.train.width() == 1 {
        return Points::along(split).map_or(Found::None, |points| Found::Along(Arc::new(points)));
    }
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
    fn empty() -> Self {
        let along = Span { origin: vec![0.0], across: vec![1.0], up: vec![0.0] };
        Self {
            plane: MapPlane::Span(Arc::new(along)),
            train: Vec::new(),
            held_out: Vec::new(),
            x: (0.0, 1.0),
            y: (0.0, 1.0),
            names: Default::default(),
            unit: None,
            unseen: None,
        }
    }

    /// One feature across; up, the first class at 0 and the last at 1, the rows of one beside each other.
    fn along(split: &Split) -> Option<Self> {
        let scaler = split.scaler.as_ref();
        let classes = split.train.targets.classes()?;
        let place =
            |data: &Dataset, row: usize| [unscaled(scaler, 0, data.features[[row, 0]]), 0.0];
        let name = split.train.feature_names.first().cloned().unwrap_or_default();
        let names = [name, String::new()];
        let mut found = Self::placed(split, place, Self { names, ..Self::empty() })?;
        let step = height_of(1, classes);
        for point in found.train.iter_mut().chain(&mut found.held_out) {
            point.place[1] = height_of(point.class, classes) + spread(point.row) * SPREAD * step;
        }
        Some(Self { y: ALONG, ..found })
    }

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
                names: pair.map(name),
                unit: Some(pair.map(|i| scaler.map_or(1.0, |scaler| scaler.scale[i]))),
                unseen: (split.train.width() > 2).then_some(unseen),
                ..Self::empty()
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
                names: [name(0), name(1)],
                unit: Some([1.0, 1.0]),
                unseen: Some(["distances off the plane not shown", "off the plane: not shown"]),
                ..Self::empty()
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
        let unit = empty.unit.filter(|unit| comparable([x, y], *unit));
        Some(Self { train, held_out, x, y, unit, ..empty })
    }

    /// The map that fills a picture of that shape, with cells as wide as high.
    pub(super) fn map(&self, shape: Option<f64>) -> PictureRequest {
        let seen = [self.x, self.y];
        let ranges = match self.unit.zip(shape) {
            Some((unit, shape)) => roomy(seen, unit, shape),
            None => seen,
        };
        let slope = self.unit.map_or(1.0, |unit| shape_of(ranges, unit).sqrt());
        let cells = [CELLS * slope, CELLS / slope].map(|cells| cells.round().max(8.0) as usize);
        let ([x, y], plane) = (ranges, self.plane.clone());
        PictureRequest::Regions { plane, x, y, cells: cells.into() }
    }

    /// The points of a set.
    pub(super) fn of(&self, set: RowSet) -> &[Point] {
        match set {
            RowSet::Training => &self.train,
            RowSet::HeldOut => &self.held_out,
        }
    }
}

/// Where the rows of a class lie, from 0 to 1.
pub(super) fn height_of(class: usize, classes: usize) -> f64 {
    class as f64 / (classes.max(2) - 1) as f64
}

/// How far a row lies off the height of its class, −½ to ½: evenly, and the same each time.
fn spread(row: usize) -> f64 {
    (row as f64 * 0.618_033_988_75).fract() - 0.5
}

/// A feature in the data's own units.
pub(super) fn unscaled(scaler: Option<&Scaler>, column: usize, x: f64) -> f64 {
    scaler.map_or(x, |s| x * s.scale[column] + s.shift[column])
}
