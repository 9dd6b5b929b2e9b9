//! A dataset as points on a plane, unscaled, computed once per dataset.

use crate::data::{Dataset, Scaler, Split, Targets};

/// The rows as points with their classes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Points {
    /// Training rows: place and class.
    pub(super) train: Vec<([f64; 2], usize)>,
    /// Held-out rows.
    pub(super) held_out: Vec<([f64; 2], usize)>,
    /// The range of x worth drawing.
    pub(super) x: (f64, f64),
    /// The range of y worth drawing.
    pub(super) y: (f64, f64),
    /// The features' names.
    pub(super) names: [String; 2],
}

impl Points {
    /// The points of data with two features and classes; `None` of others.
    pub(super) fn of(split: &Split) -> Option<Self> {
        let train = points(&split.train, split.scaler.as_ref())?;
        let held_out = split
            .held_out
            .as_ref()
            .and_then(|d| points(d, split.scaler.as_ref()))
            .unwrap_or_default();
        let range = |axis: usize| {
            let all = train.iter().chain(&held_out).map(|(p, _)| p[axis]);
            let (low, high) =
                all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
            let margin = ((high - low) * 0.07).max(1e-6);
            (low - margin, high + margin)
        };
        let name = |i: usize| split.train.feature_names.get(i).cloned().unwrap_or_default();
        Some(Self { x: range(0), y: range(1), names: [name(0), name(1)], train, held_out })
    }
}

fn points(data: &Dataset, scaler: Option<&Scaler>) -> Option<Vec<([f64; 2], usize)>> {
    let Targets::Classes { labels, .. } = &data.targets else { return None };
    if data.width() != 2 {
        return None;
    }
    let place = |row: usize, column: usize| {
        let x = data.features[[row, column]];
        scaler.map_or(x, |s| x * s.scale[column] + s.shift[column])
    };
    Some(labels.iter().enumerate().map(|(r, l)| ([place(r, 0), place(r, 1)], *l)).collect())
}
