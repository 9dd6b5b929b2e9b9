//! What happened to the lanes, as curve and timeline mark it.

use std::borrow::Cow;

use crate::catalog::Family as _;
use crate::experiment::StopRules;
use crate::session::{Lane, Session};
use crate::train::{ChangeRecord, EndReason};
use crate::ui::plot::{MarkerKind, PlotMarker};

/// The marks of all lanes.
pub(super) fn marks_of(session: &Session) -> Vec<PlotMarker<'_>> {
    let lanes = session.lanes().iter().enumerate();
    lanes.flat_map(|(index, lane)| marks_of_lane(index, lane)).collect()
}

fn marks_of_lane(index: usize, lane: &Lane) -> Vec<PlotMarker<'_>> {
    let mark = |step, kind| PlotMarker { lane: index, step, kind };
    let mut marks = Vec::new();
    if let Some(from) = &lane.spec.from {
        marks.push(mark(from.step, MarkerKind::Fork(&from.lane)));
    }
    let same =
        |a: &ChangeRecord, b: &ChangeRecord| (a.step, a.change.path()) == (b.step, b.change.path());
    // Of a knob turned several times at one step the last value is the one that acts. What was turned
    // before a fork is marked with its parent.
    for turns in lane.changes.chunk_by(same) {
        let (Some(first), Some(last)) = (turns.first(), turns.last()) else { continue };
        if last.step >= lane.first_step() {
            let knob = Cow::Owned(last.change.label());
            let (from, to) = (&*first.from, &*last.to);
            marks.push(mark(last.step, MarkerKind::Edit { knob, from, to }));
        }
    }
    // Where it stands is no place where it stood.
    let stood = lane.pauses.iter().filter(|[_, last]| *last < lane.status.step);
    marks.extend(stood.map(|[first, last]| mark(*last, MarkerKind::Pause(*first))));
    if let Some(end) = lane.end() {
        let kind = match &end.reason {
            EndReason::Finished => return marks,
            EndReason::Rule(rule) => MarkerKind::Stop(Some(rule_words(rule))),
            EndReason::Stopped => MarkerKind::Stop(None),
            EndReason::Diverged => MarkerKind::Diverged,
            EndReason::Failed(_) => MarkerKind::Failed,
        };
        marks.push(mark(end.step, kind));
    }
    marks
}

/// The name of a stop rule within a sentence.
fn rule_words(name: &str) -> Cow<'_, str> {
    StopRules::find(name)
        .map_or(Cow::Borrowed(name), |entry| Cow::Owned(entry.label.to_lowercase()))
}
