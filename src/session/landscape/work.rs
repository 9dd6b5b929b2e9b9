//! What a worker does for the loss view: lays the plane, finds the loss over it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::experiment::{LandscapePlane, LanePlan, TaskPlan};
use crate::lab::{LabError, Sheet, Slice, SliceKind, Specimen, Survey, Window, layout_of, thrust};
use crate::model::ParamLayout;
use crate::objective::surface_info;
use crate::train::{BranchId, Place, Route};

use super::LaneId;
use super::paths::Traced;

/// How long all lanes' updates may be done again for places between checkpoints.
const RETRACING: Duration = Duration::from_millis(600);
/// How long a finer sheet may take.
const LONGEST_SHEET: Duration = Duration::from_secs(6);

/// What a plane is of: which one, and which lanes' runs.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) plane: LandscapePlane,
    pub(super) members: Vec<Run>,
}

/// A lane's run: the lane, what it was built from, and on which branch it is.
pub(super) type Run = (LaneId, Arc<LanePlan>, BranchId);

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&Run, &Run)| a.0 == b.0 && Arc::ptr_eq(&a.1, &b.1) && a.2 == b.2;
        self.plane == other.plane
            && self.members.len() == other.members.len()
            && self.members.iter().zip(&other.members).all(same)
    }
}

impl Subject {
    /// Whether the plane of one may serve the other: of the same sort, over the same lane's loss.
    pub(super) fn has_ground_of(&self, other: &Self) -> bool {
        let same = match (self.members.first(), other.members.first()) {
            (Some(one), Some(two)) => Arc::ptr_eq(&one.1, &two.1),
            (None, None) => true,
            _ => false,
        };
        self.plane == other.plane && same
    }
}

/// What a worker gets.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) ticket: u64,
    /// Set when nobody wants it any more.
    pub(super) stale: Arc<AtomicBool>,
    pub(super) plane: LandscapePlane,
    pub(super) members: Vec<Member>,
    pub(super) earlier: Option<Arc<Chart>>,
    /// What is known of the loss over the earlier plane, if that is to stay and only paths are wanted.
    pub(super) keep: Option<Sheet>,
    /// How many times as wide as high the picture is.
    pub(super) shape: Option<f64>,
}

/// A lane that a worker gets.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) id: LaneId,
    pub(super) plan: Arc<LanePlan>,
    pub(super) branch: BranchId,
    pub(super) route: Box<Route>,
    pub(super) known: Vec<Place>,
    /// Whether it leaves all bounds.
    pub(super) runs_away: bool,
}

/// What a worker says.
#[derive(Debug)]
pub(in crate::session) enum SurveyNews {
    Laid { ticket: u64, chart: Arc<Chart>, paths: Vec<Traced> },
    Sheet { ticket: u64, sheet: Sheet },
    Failed { ticket: u64, reason: String },
    Over { ticket: u64 },
    Thrusts { chart: Arc<Chart>, found: Vec<DrawnThrust> },
}

impl SurveyNews {
    pub(super) fn ticket(&self) -> Option<u64> {
        match self {
            Self::Laid { ticket, .. }
            | Self::Sheet { ticket, .. }
            | Self::Failed { ticket, .. }
            | Self::Over { ticket } => Some(*ticket),
            Self::Thrusts { .. } => None,
        }
    }
}

/// A plane, and what is to be known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The plane.
    pub slice: Arc<Slice>,
    /// The part of it that is looked at.
    pub window: Window,
    /// The names of its axes.
    pub names: [String; 2],
    /// The lane whose loss it shows.
    pub lane: LaneId,
    /// Lanes whose model or loss is another.
    pub apart: Vec<(LaneId, Apart)>,
    /// The furthest step of the paths it was laid through.
    pub furthest: u64,
}

/// How a lane differs from the one whose loss is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// Its parameters lie otherwise: it has no place on the plane.
    Model,
    /// It has a place there, but its loss is another than the one shown.
    Loss,
    /// Its state could not be found again.
    Lost,
}

impl Chart {
    /// Whether it was laid for want of anything better.
    #[must_use]
    pub fn is_makeshift(&self) -> bool {
        self.slice.kind == SliceKind::Still
    }

    /// Whether the part of it that is looked at is the one around the lanes' paths.
    #[must_use]
    pub fn frames_paths(&self) -> bool {
        self.follows_paths() || matches!(self.slice.kind, SliceKind::Parameters(_))
    }

    /// Whether it was laid through the lanes' paths.
    #[must_use]
    pub fn follows_paths(&self) -> bool {
        matches!(self.slice.kind, SliceKind::Paths { .. } | SliceKind::Still)
    }
}

/// What drives a lane where it is shown, along the plane.
#[derive(Debug, Clone)]
pub struct DrawnThrust {
    /// The lane.
    pub lane: LaneId,
    /// Updates done.
    pub step: u64,
    /// The gradient as the method gets it.
    pub gradient: [f64; 2],
    /// The running mean of gradients, where the method has one.
    pub momentum: Option<[f64; 2]>,
    /// How far the next update moves.
    pub step_taken: [f64; 2],
    /// The roots of the accumulated squares along both axes, where the method has them.
    pub squares: Option<[f64; 2]>,
}

/// Lays the plane and finds the loss over it, from coarse to fine.
pub(super) fn lay_and_survey(order: Order, tell: &mut dyn FnMut(SurveyNews)) {
    let (ticket, stale, keep) = (order.ticket, Arc::clone(&order.stale), order.keep.clone());
    let shape = order.shape;
    let ground = order.members.first().map(|m| (Arc::clone(&m.plan), m.route.end().regularize()));
    let laid = lay(order);
    let (Some((plan, penalties)), false) = (ground, stale.load(Ordering::Acquire)) else { return };
    let (chart, paths) = match laid {
        Ok(laid) => laid,
        Err(reason) => {
            tell(SurveyNews::Failed { ticket, reason });
            return tell(SurveyNews::Over { ticket });
        }
    };
    let (slice, window) = (Arc::clone(&chart.slice), chart.window.filling(shape));
    let keep = keep.filter(|sheet| sheet.window == window);
    tell(SurveyNews::Laid { ticket, chart: Arc::new(chart), paths });
    if keep.as_ref().is_none_or(|sheet| !sheet.is_finest) {
        let survey = Survey::new(&plan, penalties, slice, window);
        let survey = survey.map(|survey| match &keep {
            Some(sheet) => survey.going_on_from(sheet),
            None => survey,
        });
        match survey {
            Ok(mut survey) => refine(&mut survey, &stale, &mut |sheet| {
                tell(SurveyNews::Sheet { ticket, sheet });
            }),
            Err(error) => tell(SurveyNews::Failed { ticket, reason: error.to_string() }),
        }
    }
    tell(SurveyNews::Over { ticket });
}

/// Ever finer sheets, until the finest, or the next one would take too long.
fn refine(survey: &mut Survey, stale: &AtomicBool, show: &mut dyn FnMut(Sheet)) {
    let mut last = Instant::now();
    while let Some(mut sheet) = survey.refine(&mut || !stale.load(Ordering::Acquire)) {
        let took = last.elapsed();
        last = Instant::now();
        // Half as far apart, points are four times as many.
        sheet.is_finest |= 4 * took > LONGEST_SHEET;
        let is_finest = sheet.is_finest;
        show(sheet);
        if is_finest {
            return;
        }
    }
}

fn lay(order: Order) -> Result<(Chart, Vec<Traced>), String> {
    let Order { stale, plane, members, earlier, keep, .. } = order;
    let first = members.first().ok_or("There is no lane.")?;
    let (lane, plan) = (first.id, Arc::clone(&first.plan));
    let layout = layout_of(&plan).map_err(|error| error.to_string())?;
    let origin = first.route.end().params();
    let (begin, count) = (Instant::now(), members.len() as u32);
    let (mut apart, mut traced, mut calm) = (Vec::new(), Vec::new(), Vec::new());
    for (member, nth) in members.into_iter().zip(1..) {
        // What one lane leaves of its share goes to those after it.
        let deadline = begin + RETRACING * nth / count;
        let fits = layout_of(&member.plan).is_ok_and(|own| own == layout);
        let mut may_go_on = || Instant::now() < deadline && !stale.load(Ordering::Acquire);
        if !fits {
            apart.push((member.id, Apart::Model));
            continue;
        }
        if has_other_loss(&plan, &member.plan) {
            apart.push((member.id, Apart::Loss));
        }
        match member.route.places(&member.plan, &member.known, &mut may_go_on) {
            Ok(places) => {
                calm.push(!member.runs_away);
                traced.push(Traced::new(member.id, &member.plan, member.branch, places));
            }
            Err(_) => apart.push((member.id, Apart::Lost)),
        }
    }
    let furthest = traced.iter().map(Traced::last_step).max().unwrap_or(0);
    let bounded = bounded(&traced, &calm);
    let kept = earlier.as_ref().filter(|_| keep.is_some());
    let slice = if let Some(chart) = kept {
        Arc::clone(&chart.slice)
    } else {
        let paths: Vec<&[Place]> =
            traced.iter().zip(&bounded).map(|(one, count)| &one.places[..*count]).collect();
        Arc::new(choose(plane, &origin, &layout, &paths)?)
    };
    for traced in &mut traced {
        traced.project(&slice);
    }
    let window = kept.map_or_else(
        || {
            let paths = traced.iter().zip(&bounded);
            window_of(&plan, &slice, paths.flat_map(|(one, count)| one.spots().take(*count)))
        },
        |chart| chart.window,
    );
    let names = slice.names(&layout);
    Ok((Chart { slice, window, names, lane, apart, furthest }, traced))
}

/// The plane that is wanted, as far as it can be laid.
fn choose(
    plane: LandscapePlane,
    origin: &[f64],
    layout: &ParamLayout,
    paths: &[&[Place]],
) -> Result<Slice, String> {
    if layout.len() == 2 {
        return Ok(Slice::whole());
    }
    let no_length = || {
        "All weights of the first lane are 0: directions have no length there. Choose another plane."
            .to_owned()
    };
    match plane {
        LandscapePlane::Paths => Slice::through(paths, layout)
            .or_else(|| Slice::still(origin, layout))
            .ok_or_else(|| {
                "The lanes have not moved yet, and all weights are 0: there is no plane.".to_owned()
            }),
        LandscapePlane::Random { seed } => {
            Slice::random(origin, layout, seed).ok_or_else(no_length)
        }
        LandscapePlane::Parameters(i, j) => {
            let count = layout.len();
            Slice::of_parameters(origin, [i, j]).ok_or_else(|| {
                format!("Parameters {i} and {j} are not two of the {count}, counted from 0.")
            })
        }
    }
}

/// How many places of each path are looked at: all, but of a run that has left all bounds only until it is
/// farther from the start than twice the farthest of the others, or, if there are none, ten times as far as
/// half of its places.
fn bounded(traced: &[Traced], calm: &[bool]) -> Vec<usize> {
    let Some((_, start)) = traced.first().and_then(|one| one.places.first()) else {
        return vec![0; traced.len()];
    };
    let far = |(_, place): &Place| {
        place.iter().zip(&**start).map(|(x, s)| (x - s).powi(2)).sum::<f64>().sqrt()
    };
    let others = || traced.iter().zip(calm).filter(|(_, is_calm)| **is_calm);
    let farthest = others().flat_map(|(one, _)| &one.places).map(far).fold(0.0, f64::max);
    let limit_of = |one: &Traced| {
        if farthest > 0.0 {
            return 2.0 * farthest;
        }
        let mut all: Vec<f64> = one.places.iter().map(far).collect();
        all.sort_by(f64::total_cmp);
        10.0 * all.get(all.len() / 2).copied().unwrap_or(0.0)
    };
    let counts = traced.iter().zip(calm).map(|(one, is_calm)| {
        if *is_calm {
            return one.places.len();
        }
        let limit = limit_of(one);
        let left = one.places.iter().position(|place| far(place) > limit);
        left.unwrap_or(one.places.len())
    });
    counts.collect()
}

/// The part of the plane to look at: around all these places.
fn window_of(plan: &LanePlan, slice: &Slice, spots: impl Iterator<Item = [f64; 2]>) -> Window {
    if let SliceKind::Still | SliceKind::Random { .. } = slice.kind {
        // As in the paper: as far as the weights are long.
        return Window { x: (-1.0, 1.0), y: (-1.0, 1.0) };
    }
    if let TaskPlan::Surface { function, .. } = &plan.task {
        let info = surface_info(function);
        let middle = [(info.x.0 + info.x.1) * 0.5, (info.y.0 + info.y.1) * 0.5];
        let span = (info.x.1 - info.x.0).max(info.y.1 - info.y.0);
        let near = |at: &[f64; 2]| (at[0] - middle[0]).hypot(at[1] - middle[1]) <= 2.0 * span;
        let spots: Vec<[f64; 2]> = spots.filter(near).collect();
        let room = |(low, high): (f64, f64), axis: usize| {
            let room = (high - low) * 0.08;
            let reach = spots.iter().map(|at| at[axis]);
            let least = reach.clone().fold(low, |least, at| least.min(at - room));
            (least, reach.fold(high, |most, at| most.max(at + room)))
        };
        return Window { x: room(info.x, 0), y: room(info.y, 1) };
    }
    // Two parameters are looked at on their own scale, however little they have moved.
    let are_parameters = matches!(slice.kind, SliceKind::Whole | SliceKind::Parameters(_));
    Window::around(spots, if are_parameters { 1.0 } else { 1e-3 })
}

/// Whether a lane descends another loss than the first one does.
fn has_other_loss(first: &LanePlan, other: &LanePlan) -> bool {
    match (&first.task, &other.task) {
        (TaskPlan::Learn(one), TaskPlan::Learn(two)) => {
            one.model.hidden != two.model.hidden
                || one.model.output != two.model.output
                || one.loss != two.loss
                || one.treatment != two.treatment
                || one.regularize != two.regularize
        }
        (TaskPlan::Surface { function: one, .. }, TaskPlan::Surface { function: two, .. }) => {
            one != two
        }
        _ => true,
    }
}

/// What drives lanes, along a plane.
pub(super) fn project_thrusts(chart: Arc<Chart>, specimens: Vec<(LaneId, Specimen)>) -> SurveyNews {
    let drawn = |(lane, specimen): (LaneId, Specimen)| -> Result<Option<DrawnThrust>, LabError> {
        let found = thrust(&specimen)?;
        let slice = &chart.slice;
        let along = |vector: &[f64]| slice.shadow(vector);
        let Some((gradient, step_taken)) = along(&found.gradient).zip(along(&found.step_taken))
        else {
            return Ok(None);
        };
        let momentum = found.momentum.as_deref().and_then(along);
        let squares = found.squares.as_deref().and_then(|squares| slice.reach(squares));
        Ok(Some(DrawnThrust { lane, step: found.step, gradient, momentum, step_taken, squares }))
    };
    // A lane without a gradient has none to be drawn.
    let found = specimens.into_iter().filter_map(|one| drawn(one).ok().flatten()).collect();
    SurveyNews::Thrusts { chart, found }
}
