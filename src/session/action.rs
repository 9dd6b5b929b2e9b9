//! Everything a person can do, as values. Panels, shortcuts, menus and tests speak only these;
//! [`Session::apply`](super::Session::apply) is the one place that acts on them.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog::Duration;
use crate::experiment::{Arrange, Change, Race, TextEdit};
use crate::lab::Tool;
use crate::train::{BranchId, PictureRequest};

use super::library::Settings;
use super::{LaneId, LessonAction};

/// Something on screen that can be written to a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Export {
    /// Every batch loss of every lane, as CSV.
    Batches,
    /// Epochs and evaluations of every lane, as CSV.
    Epochs,
    /// The training rows with a lane's outputs, as CSV.
    Outputs(LaneId),
    /// The path of a lane on a surface, as CSV.
    Trail(LaneId),
    /// The program last written, as a Python file.
    Program,
    /// The same as a Jupyter notebook.
    Notebook,
    /// A picture, as PNG.
    Picture {
        /// Pixels along x.
        width: u32,
        /// Pixels along y.
        height: u32,
        /// Four bytes a pixel, rows from the top.
        rgba: Arc<[u8]>,
    },
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Train all lanes that have not ended.
    Run,
    /// Hold all lanes still.
    Pause,
    /// Run if nothing runs, else pause.
    ToggleRun,
    /// One update of every lane.
    StepOnce,
    /// To the end of each lane's current epoch.
    StepEpoch,
    /// End all lanes here.
    Stop,
    /// All lanes back to the same start, with the experiment as it reads now.
    Reset,
    /// As [`Action::Reset`], with what was turned by hand written into the experiment first.
    ResetKeeping {
        /// Whether to train at once.
        run: bool,
    },
    /// Write into the experiment what was turned by hand in the run that the last reset has left.
    KeepTurned,
    /// The next seed, then as [`Action::Reset`].
    Reseed,
    /// Lengthen the run of ended lanes and go on.
    TrainOn(Duration),
    /// At most so many updates a second; `None` is full speed.
    SetPace(Option<f64>),

    /// Change the experiment. Edits with one `gesture` merge into one undo step until
    /// [`Action::EndGesture`].
    Edit {
        /// What changes in the text.
        edits: Vec<TextEdit>,
        /// The drag or typing they belong to.
        gesture: Option<String>,
    },
    /// The drag or typing is over.
    EndGesture,
    /// Turn a knob of a lane: live if the lane has trained, else in the experiment.
    Turn {
        /// The lane.
        lane: LaneId,
        /// What changes.
        change: Change,
    },
    /// Look at an earlier step of every lane; none looks at the present again.
    LookAt(Option<u64>),
    /// Play the past back at so many steps a second, backwards below 0; none holds it.
    PlayBack(Option<f64>),
    /// Take every lane back to this step.
    RewindTo(u64),
    /// Put a lane on a branch that it has left, where that one ended.
    GoToBranch(LaneId, BranchId),
    /// Fork a lane: a new one goes on from where it stood.
    Fork {
        /// The parent.
        lane: LaneId,
        /// After how many updates; none where it is shown.
        step: Option<u64>,
        /// What the fork has otherwise.
        change: Option<Change>,
    },
    /// Add a lane from a template, by its name.
    AddLane(&'static str),
    /// Add a copy of a lane.
    DuplicateLane(LaneId),
    /// Put a lane one place further up (below 0) or down.
    MoveLane(LaneId, i8),
    /// Remove a lane.
    RemoveLane(LaneId),
    /// Give a lane another name.
    RenameLane(LaneId, String),
    /// Give a lane another colour, 1 to 8.
    RecolorLane(LaneId, u8),
    /// Make lanes over values of one knob of a lane: the first value replaces the lane's own.
    SpreadLane {
        /// The lane.
        lane: LaneId,
        /// The knob, as a path below the lane: `optimizer.learning_rate`.
        path: String,
        /// The values, as written in the file.
        values: Vec<String>,
    },
    /// Paint points of one class: the data become `Inline` if they are not.
    Paint {
        /// Which class, from 0.
        class: usize,
        /// Their places, unscaled.
        points: Vec<[f64; 2]>,
    },

    /// A fresh experiment.
    New,
    /// Open an experiment file.
    Open(PathBuf),
    /// Open a preset, shipped or own, by name.
    OpenPreset(String),
    /// Take an experiment from text (pasted or dropped).
    OpenText(String),
    /// Make an experiment of a table.
    OpenTable {
        /// The CSV file.
        path: PathBuf,
        /// The column to predict.
        target: String,
        /// Whether it holds classes, not numbers.
        classes: bool,
    },
    /// Read the first rows of a table, to choose its target by.
    PreviewTable(PathBuf),
    /// Tell a lane as a NumPy program, with all that was turned so far.
    WriteProgram(LaneId),
    /// Write something that is on screen to a file.
    Export(PathBuf, Export),
    /// Back to the experiment as it was opened or last saved, and to the beginning of a lesson.
    Revert,
    /// Write the experiment to its file.
    Save,
    /// Write the experiment to this file from now on.
    SaveAs(PathBuf),
    /// Keep the experiment as an own preset.
    SavePreset {
        /// Its name.
        name: String,
        /// A note shown in the menu.
        note: String,
        /// Whether to put it in the place of one of that name.
        replace: bool,
    },
    /// Rename an own preset.
    RenamePreset {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// Delete an own preset.
    DeletePreset(String),

    /// Take back the last change.
    Undo,
    /// Make it again.
    Redo,
    /// By what lanes go abreast.
    Race(Race),
    /// Train a lane without drawing it, or draw it again.
    Mute(LaneId, bool),
    /// Draw a lane and no others that are not solo, too; or no longer.
    Solo(LaneId, bool),
    /// Draw every seed of a lane, beside their median and the band; or no longer.
    DrawSeeds(LaneId, bool),
    /// The lane that others are compared with; none for the first.
    Pin(Option<LaneId>),
    /// What the metric on the plot should reach; none for nothing.
    Aim(Option<f64>),
    /// Change which parts of the middle are on screen, and where.
    Arrange(Arrange),
    /// Of a lane that stands for several seeds, show this one, from 0, in its tile and on its card.
    ShowSeed(LaneId, usize),
    /// Which pictures of a lane are on screen.
    Watch(LaneId, Vec<PictureRequest>),
    /// Find the principal components of a lane's training rows.
    Project(LaneId),
    /// Take a lane under examination, so that its state is at hand; none puts it back.
    PutOnBench(Option<LaneId>),
    /// Apply an instrument to a copy of a lane.
    Examine(LaneId, Tool),
    /// Whether somebody looks at the loss view; while nobody does, none is made.
    WatchLandscape(bool),
    /// The loss view is drawn so many times as wide as high: the loss is found over all of it.
    ShapeLandscape(f64),
    /// Lay the plane of the loss view anew, through where the lanes have been by now.
    SurveyAgain,
    /// Add a lane that starts at this point of the loss view's plane, else as the first one.
    StartLaneAt([f64; 2]),
    /// Find out why a lane diverged, unless that is known or on its way.
    Autopsy(LaneId),
    /// Bring back single batch losses of a lane that were given up for memory.
    Recall(LaneId, Range<u64>),
    /// Forget the earlier runs drawn as ghosts.
    ClearGhosts,
    /// Take a lesson.
    Lesson(LessonAction),
    /// Keep how the window is liked.
    Remember(Settings),
    /// Put a notice away.
    Dismiss(u64),
}
