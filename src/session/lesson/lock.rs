//! What a lesson's step holds still.
//!
//! Invariant: whatever could change what is trained is held unless the step allows it; looking, saving
//! and leaving never are. A new action does not compile before it has its line here.

use crate::experiment::TextEdit;
use crate::lesson::Control;
use crate::session::Action;

use super::LessonRun;

const ASKED: &str = "First say what you expect, then run.";
const BLIND: &str = "You are in the fog: walk first, or have the map shown.";
const LOCKED: &str = "The lesson holds this still; what is free stands on the left.";

/// Why an action is held, if it is.
pub(super) fn held(run: &LessonRun, action: &Action) -> Option<&'static str> {
    let allows = |control: &Control| run.step().allow.contains(control);
    let locked = |free: bool| (!free).then_some(LOCKED);
    match action {
        Action::Run | Action::ToggleRun | Action::StepOnce | Action::StepEpoch => {
            match (run.is_asked(), run.is_blind()) {
                (true, _) => Some(ASKED),
                (_, true) => Some(BLIND),
                _ => None,
            }
        }
        Action::Edit { edits, .. } => locked(edits.iter().all(|edit| may_edit(run, edit))),
        Action::Turn { change, .. } => locked(is_free(run, &change.path())),
        Action::Reseed => locked(allows(&Control::Seed)),
        Action::RewindTo(_) | Action::GoToBranch(..) => locked(allows(&Control::Rewind)),
        Action::TrainOn(_)
        | Action::ResetKeeping { .. }
        | Action::KeepTurned
        | Action::Fork { .. }
        | Action::StartLaneAt(_)
        | Action::AddLane(_)
        | Action::DuplicateLane(_)
        | Action::MoveLane(..)
        | Action::RemoveLane(_)
        | Action::RenameLane(..)
        | Action::SpreadLane { .. }
        | Action::Paint { .. } => Some(LOCKED),
        Action::Pause
        | Action::Stop
        | Action::Reset
        | Action::SetPace(_)
        | Action::EndGesture
        | Action::LookAt(_)
        | Action::PlayBack(_)
        | Action::RecolorLane(..)
        | Action::New
        | Action::Revert
        | Action::Open(_)
        | Action::OpenPreset(_)
        | Action::OpenText(_)
        | Action::OpenTable { .. }
        | Action::PreviewTable(_)
        | Action::WriteProgram(_)
        | Action::Export(..)
        | Action::Save
        | Action::SaveAs(_)
        | Action::SavePreset { .. }
        | Action::RenamePreset { .. }
        | Action::DeletePreset(_)
        | Action::Undo
        | Action::Redo
        | Action::ShowSeed(..)
        | Action::WatchLandscape(_)
        | Action::ShapeLandscape(_)
        | Action::SurveyAgain
        | Action::Autopsy(_)
        | Action::Project(_)
        | Action::Race(_)
        | Action::Mute(..)
        | Action::Solo(..)
        | Action::DrawSeeds(..)
        | Action::Pin(_)
        | Action::Aim(_)
        | Action::Arrange(_)
        | Action::Watch(..)
        | Action::PutOnBench(_)
        | Action::Examine(..)
        | Action::Recall(..)
        | Action::ClearGhosts
        | Action::Lesson(_)
        | Action::Remember(_)
        | Action::Dismiss(_) => None,
    }
}

/// Whether a knob is free, by its path below a lane.
pub(super) fn is_free(run: &LessonRun, knob: &str) -> bool {
    run.step().allow.iter().any(|control| matches!(control, Control::Knob(free) if free == knob))
}

/// Looks may be changed, and knobs that are free.
fn may_edit(run: &LessonRun, edit: &TextEdit) -> bool {
    let path = edit.path();
    let of_lane = path.strip_prefix("lanes[").and_then(|rest| rest.split_once("]."));
    path == "view"
        || path.starts_with("view.")
        || of_lane.is_some_and(|(_, knob)| is_free(run, knob))
}
