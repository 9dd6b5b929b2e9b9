//! For every kind of action: how the palette reaches it, or why it does not.
//!
//! Invariant: a new action does not compile before it has its line here, and a test finds an entry for
//! every line that promises one.

use crate::session::Action;

/// How the palette reaches a kind of action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// An entry does it.
    Entry,
    /// An entry opens what does it.
    Opens,
    /// It makes no sense without a place on the screen, or happens by itself.
    Not(&'static str),
}

/// A kind of action and how it is reached.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// The kind's name.
    pub(super) name: &'static str,
    /// How it is reached.
    pub(super) reach: Reach,
}

macro_rules! rows {
    ($($pattern:pat => $name:literal, $reach:expr;)*) => {
        /// The row of an action.
        pub(super) fn row_of(action: &Action) -> Row {
            match action { $($pattern => Row { name: $name, reach: $reach }),* }
        }

        /// All rows.
        pub(super) const ROWS: &[Row] = &[$(Row { name: $name, reach: $reach }),*];
    };
}

use Reach::{Entry, Not, Opens};

rows! {
    Action::Run => "Run", Entry;
    Action::Pause => "Pause", Entry;
    Action::ToggleRun => "ToggleRun", Not("Run and Pause are its two halves");
    Action::StepOnce => "StepOnce", Entry;
    Action::StepEpoch => "StepEpoch", Entry;
    Action::Stop => "Stop", Entry;
    Action::Reset => "Reset", Entry;
    Action::ResetKeeping { .. } => "ResetKeeping", Entry;
    Action::KeepTurned => "KeepTurned", Not("offered by the message of a reset, for as long as it can be undone");
    Action::Reseed => "Reseed", Entry;
    Action::TrainOn(_) => "TrainOn", Entry;
    Action::SetPace(_) => "SetPace", Entry;
    Action::Edit { .. } => "Edit", Entry;
    Action::EndGesture => "EndGesture", Not("ends a drag or typing; goes with every knob that is turned");
    Action::Turn { .. } => "Turn", Entry;
    Action::LookAt(_) => "LookAt", Entry;
    Action::PlayBack(_) => "PlayBack", Entry;
    Action::RewindTo(_) => "RewindTo", Entry;
    Action::GoToBranch(..) => "GoToBranch", Opens;
    Action::Fork { .. } => "Fork", Entry;
    Action::AddLane(_) => "AddLane", Entry;
    Action::DuplicateLane(_) => "DuplicateLane", Entry;
    Action::MoveLane(..) => "MoveLane", Entry;
    Action::RemoveLane(_) => "RemoveLane", Entry;
    Action::RenameLane(..) => "RenameLane", Entry;
    Action::RecolorLane(..) => "RecolorLane", Entry;
    Action::SpreadLane { .. } => "SpreadLane", Entry;
    Action::Paint { .. } => "Paint", Not("points are painted where the pointer is");
    Action::New => "New", Entry;
    Action::Revert => "Revert", Entry;
    Action::Open(_) => "Open", Entry;
    Action::OpenPreset(_) => "OpenPreset", Entry;
    Action::OpenText(_) => "OpenText", Not("comes with the text that is pasted or dropped");
    Action::OpenTable { .. } => "OpenTable", Opens;
    Action::PreviewTable(_) => "PreviewTable", Opens;
    Action::WriteProgram(_) => "WriteProgram", Entry;
    Action::Export(..) => "Export", Opens;
    Action::Save => "Save", Entry;
    Action::SaveAs(_) => "SaveAs", Opens;
    Action::SavePreset { .. } => "SavePreset", Opens;
    Action::RenamePreset { .. } => "RenamePreset", Opens;
    Action::DeletePreset(_) => "DeletePreset", Opens;
    Action::ShowSeed(..) => "ShowSeed", Entry;
    Action::ShapeLandscape(_) => "ShapeLandscape", Not("the loss view follows what is on screen");
    Action::WatchLandscape(_) => "WatchLandscape", Not("the loss view follows what is on screen");
    Action::SurveyAgain => "SurveyAgain", Entry;
    Action::StartLaneAt(_) => "StartLaneAt", Not("a lane starts where the plane is clicked");
    Action::Autopsy(_) => "Autopsy", Not("made by itself when a lane diverges");
    Action::Project(_) => "Project", Not("goes with the plane that tiles show");
    Action::Race(_) => "Race", Entry;
    Action::Mute(..) => "Mute", Entry;
    Action::Solo(..) => "Solo", Entry;
    Action::DrawSeeds(..) => "DrawSeeds", Entry;
    Action::Pin(_) => "Pin", Entry;
    Action::Aim(_) => "Aim", Entry;
    Action::Arrange(_) => "Arrange", Entry;
    Action::Undo => "Undo", Entry;
    Action::Redo => "Redo", Entry;
    Action::Watch(..) => "Watch", Not("pictures follow what is on screen");
    Action::PutOnBench(_) => "PutOnBench", Not("goes with the instruments that are open");
    Action::Examine(..) => "Examine", Opens;
    Action::Recall(..) => "Recall", Not("follows the zoom of the plot");
    Action::ClearGhosts => "ClearGhosts", Entry;
    Action::Lesson(_) => "Lesson", Entry;
    Action::Remember(_) => "Remember", Not("how the window is liked is kept whenever it changes");
    Action::Dismiss(_) => "Dismiss", Not("messages go by themselves");
}
