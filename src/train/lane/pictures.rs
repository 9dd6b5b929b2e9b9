//! Pictures of a model for whoever looks: what to take, how often, and the taking.
//!
//! Pictures are taken in portions of about [`PORTION`], so that a lane hears its commands meanwhile,
//! however large its network is. A map that takes longer is shown from coarse to fine.
//!
//! Invariant: training gives at most a fifth of its time to pictures, and takes none while the reader has
//! not yet got the last ones; after [`HOLD`] it waits for a map no longer than until there is a coarse
//! one, and a look inside goes through fewer rows the larger the network is. When a lane comes to rest,
//! a fresh one is always taken, and finished.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ndarray::{Array2, Axis, s};

use crate::data::Split;

use super::super::inside::Look;
use super::super::{Picture, PictureKind, PictureRequest, RowSet};
use super::body::Body;
use super::map::Map;

/// Time between two pictures, at least.
const BETWEEN: Duration = Duration::from_millis(16);
/// Training time per time spent on pictures.
const SHARE: u32 = 4;
/// Time between two looks at the commands.
const PORTION: Duration = Duration::from_millis(2);
/// How long nobody is shown a coarse map, and training waits for a finer one.
const HOLD: Duration = Duration::from_millis(50);
/// Rows that a model is asked at once: at first, and at most.
const FIRST_ROWS: usize = 8;
const MOST_ROWS: usize = 2048;

/// What is looked at, and when it was last pictured.
pub(super) struct Pictures {
    split: Option<Arc<Split>>,
    /// Unscaled means of the training rows' features.
    base: Option<Vec<f64>>,
    requests: Vec<PictureRequest>,
    fresh: bool,
    last: Option<(Instant, u64)>,
    cost: Duration,
    /// Rows that the model answers well within a portion.
    rows: usize,
    work: Option<Work>,
}

/// Pictures that are being taken.
struct Work {
    step: u64,
    /// How long it has taken.
    spent: Duration,
    /// What is left to take, the next one last.
    left: Vec<PictureRequest>,
    part: Option<Part>,
    /// The finest map so far, while there is to be a finer one, and whether it is shown.
    coarse: Option<(Picture, bool)>,
    done: Vec<Picture>,
}

/// What came of asking the model.
enum Said {
    Nothing,
    /// Not yet enough to show.
    Some,
    All(PictureKind),
}

impl Work {
    fn is_done(&self) -> bool {
        self.part.is_none() && self.left.is_empty()
    }
}

/// A picture that is being taken.
enum Part {
    Map(Box<Map>),
    Look(Box<Look>),
    /// Outputs of every how many-th row of a set, so many in all.
    Outputs {
        of: RowSet,
        every: usize,
        rows: usize,
        next: usize,
        outputs: Vec<f64>,
        width: usize,
    },
}

impl Pictures {
    /// Of a model of the given rows; without rows, of parameters only.
    pub(super) fn new(split: Option<Arc<Split>>) -> Self {
        Self {
            split,
            base: None,
            requests: Vec::new(),
            fresh: false,
            last: None,
            cost: Duration::ZERO,
            rows: FIRST_ROWS,
            work: None,
        }
    }

    /// Somebody looks at something else from now on.
    pub(super) fn watch(&mut self, requests: Vec<PictureRequest>) {
        self.requests = requests;
        self.refresh();
    }

    /// The next picture is due at once. What is being taken is not finished: it may be of a past state.
    pub(super) fn refresh(&mut self) {
        self.work = None;
        self.fresh = !self.requests.is_empty();
    }

    /// Begins to take pictures if that is due; `taken` says whether the last ones reached the reader.
    pub(super) fn begin(&mut self, now: Instant, step: u64, taken: bool) {
        if self.work.is_none() && self.is_due(now, step, taken) {
            let left = self.requests.iter().rev().cloned().collect();
            let (spent, done) = (Duration::ZERO, Vec::new());
            self.work = Some(Work { step, spent, left, part: None, coarse: None, done });
        }
    }

    fn is_due(&self, now: Instant, step: u64, taken: bool) -> bool {
        if self.fresh || self.requests.is_empty() {
            return self.fresh;
        }
        self.last.is_none_or(|(time, of)| {
            let pause = BETWEEN.max(self.cost * SHARE);
            of != step && taken && now.duration_since(time) >= pause
        })
    }

    /// Whether pictures are being taken.
    pub(super) fn is_at_work(&self) -> bool {
        self.work.is_some()
    }

    /// Goes on taking pictures, for about [`PORTION`]. Says what is to be shown now, if anything is: all
    /// that were asked for, or a map that is still coarse. `in_training` is whether updates wait for it;
    /// `taken` as before.
    pub(super) fn portion(
        &mut self,
        body: &mut dyn Body,
        in_training: bool,
        taken: bool,
    ) -> Option<Vec<Picture>> {
        let mut work = self.work.take()?;
        let begin = Instant::now();
        if in_training && work.spent >= HOLD && work.coarse.is_some() {
            work.part = None;
            work.done.extend(work.coarse.take().map(|(picture, _)| picture));
        }
        while !work.is_done() && begin.elapsed() < PORTION {
            match work.part.take() {
                Some(part) => self.go_on(part, &mut work, body),
                None => self.start(&mut work, body),
            }
        }
        work.spent += begin.elapsed();
        if work.is_done() {
            self.cost = work.spent;
            self.last = Some((Instant::now(), work.step));
            self.fresh = false;
            return Some(work.done);
        }
        let is_slow = work.spent >= HOLD && !in_training;
        let coarse = work.coarse.as_mut().filter(|(_, is_shown)| !is_shown && is_slow && taken);
        let shown = coarse.map(|(picture, is_shown)| {
            *is_shown = true;
            vec![picture.clone()]
        });
        self.work = Some(work);
        shown
    }

    /// Begins the next picture, or takes it where that is done at once.
    fn start(&mut self, work: &mut Work, body: &mut dyn Body) {
        let Some(request) = work.left.pop() else { return };
        let kind = match &request {
            PictureRequest::Parameters => Some(PictureKind::Parameters(body.params().into())),
            PictureRequest::State => {
                body.checkpoint().map(|state| PictureKind::State(state.into()))
            }
            PictureRequest::Outputs { of, rows, every } => {
                let (of, every) = (*of, (*every).max(1));
                let all = self.features(of).map(Array2::nrows);
                work.part = all.map(|all| {
                    let rows = all.div_ceil(every).min(*rows);
                    let (next, outputs, width) = (0, Vec::new(), 0);
                    Part::Outputs { of, every, rows, next, outputs, width }
                });
                None
            }
            PictureRequest::Layers => {
                work.part = body.look().map(|look| Part::Look(Box::new(look)));
                None
            }
            PictureRequest::Regions { .. } | PictureRequest::Units { .. } => {
                let quick = self.rows == MOST_ROWS;
                let map = self.base().and_then(|base| Map::new(&request, base, quick));
                work.part = map.map(|map| Part::Map(Box::new(map)));
                None
            }
        };
        work.done.extend(kind.map(|kind| Picture { step: work.step, kind }));
    }

    /// Asks the model once more for a picture; one of which it says nothing is dropped.
    fn go_on(&mut self, mut part: Part, work: &mut Work, body: &mut dyn Body) {
        let (begin, step) = (Instant::now(), work.step);
        let said = self.ask(&mut part, body).unwrap_or(Said::Nothing);
        let time = begin.elapsed();
        // A look chooses by itself how much it does at once.
        let asks_rows = !matches!(part, Part::Look(_));
        if asks_rows && time > PORTION / 2 {
            self.rows = (self.rows / 2).max(1);
        } else if asks_rows && time < PORTION / 8 {
            self.rows = (self.rows * 2).min(MOST_ROWS);
        }
        match (said, &mut part) {
            (Said::Nothing, _) => {}
            (Said::Some, _) => work.part = Some(part),
            (Said::All(kind), Part::Map(map)) if !map.is_finished() => {
                map.refine();
                work.coarse = Some((Picture { step, kind }, false));
                work.part = Some(part);
            }
            (Said::All(kind), _) => {
                work.coarse = None;
                work.done.push(Picture { step, kind });
            }
        }
    }

    /// Asks the model for as many rows as it answers quickly; none if it says nothing.
    fn ask(&self, part: &mut Part, body: &mut dyn Body) -> Option<Said> {
        let shown = match part {
            Part::Map(map) => map.ask(self.rows, body)?.then(|| map.shown()),
            Part::Look(look) => look
                .go_on(|rows, part, inside| body.gather(rows, part, inside))
                .map(|found| PictureKind::Layers(found.into())),
            Part::Outputs { of, every, rows, next, outputs, width } => {
                let end = (*next + self.rows).min(*rows);
                let said = body.predict(self.unscaled_rows(*of, *next..end, *every)?.view())?;
                outputs.extend(said.values);
                (*next, *width) = (end, said.width);
                (end == *rows).then(|| PictureKind::Outputs {
                    of: *of,
                    every: *every,
                    outputs: std::mem::take(outputs).into(),
                    width: *width,
                })
            }
        };
        Some(shown.map_or(Said::Some, Said::All))
    }

    fn features(&self, of: RowSet) -> Option<&Array2<f64>> {
        let split = self.split.as_ref()?;
        match of {
            RowSet::Training => Some(&split.train.features),
            RowSet::HeldOut => Some(&split.held_out.as_ref()?.features),
        }
    }

    /// Of every how many-th row, those of the given places.
    fn unscaled_rows(&self, of: RowSet, rows: Range<usize>, every: usize) -> Option<Array2<f64>> {
        let mut features =
            self.features(of)?.slice(s![..;every, ..]).slice(s![rows, ..]).to_owned();
        for (column, mut values) in features.axis_iter_mut(Axis(1)).enumerate() {
            values.mapv_inplace(|x| self.unscaled(column, x));
        }
        Some(features)
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
