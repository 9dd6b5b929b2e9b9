//! The arguments as clap reads them. Their words are those of `--help`.
//!
//! Invariant: what stands here is only what was typed; whether a file exists or a path names
//! anything is found out by the verb.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A workbench for gradient descent: train optimizers side by side and watch every batch.
///
/// Without a verb the window opens, with FILE in it if one is named.
#[derive(Debug, Clone, PartialEq, Parser)]
#[command(name = "downhill", version, args_conflicts_with_subcommands = true)]
#[command(after_help = "FILE is a path or the name of a preset: `downhill list presets`.")]
pub struct Arguments {
    /// What to do without a window
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// The experiment to open in the window
    pub file: Option<OsString>,
}

/// What can be done.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum Verb {
    /// Trains every lane of an experiment in the terminal
    Run(Box<RunArguments>),
    /// Checks experiment files and shows each mistake in its place
    Check(CheckArguments),
    /// Lists what there is, with every parameter, its default, range and meaning
    List(ListArguments),
    /// Paints the workbench to a PNG image, with no display
    Shot(ShotArguments),
    /// Opens a lesson: something to predict, to see and to reach
    Lesson(LessonArguments),
    /// Writes a commented experiment file to start from
    New(NewArguments),
    /// Writes one lane of an experiment as a plain NumPy program
    Script(ScriptArguments),
}

/// The arguments of `run`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone, PartialEq, Default, Args)]
#[command(after_help = "PATH names a place in the file: `training.epochs=20`, \
    `lanes.0.optimizer.learning_rate=0.1`, `lanes.Adam.clip=Norm(1.0)`. VALUE is written as in the \
    file.\n\nExit codes: 0 finished, 2 bad input, 1 anything else, 130 interrupted (what was trained \
    is written).")]
pub struct RunArguments {
    /// Experiment files, or names of presets
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<OsString>,
    /// Changes the experiment before it runs
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Trains for N epochs
    #[arg(long, value_name = "N", conflicts_with = "steps")]
    pub epochs: Option<u64>,
    /// Trains for N updates
    #[arg(long, value_name = "N")]
    pub steps: Option<u64>,
    /// The learning rate of all lanes
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub learning_rate: Option<f64>,
    /// Rows per update of all lanes: a number, or Full
    #[arg(long, value_name = "N")]
    pub batch_size: Option<String>,
    /// Writes experiment.ron, batches.csv, epochs.csv, weights.npz and result.json into a folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Prints one JSON object per experiment instead of a table
    #[arg(long)]
    pub json: bool,
    /// Adds every batch's and every epoch's loss to the JSON
    #[arg(long, requires = "json")]
    pub history: bool,
    /// Adds the parameters after these steps to the JSON, as in 0,1,2
    #[arg(long, value_name = "STEPS", value_delimiter = ',', requires = "json")]
    pub params_at: Vec<u64>,
    /// Shows N rows with the model's activation, predicted and true label
    #[arg(long, value_name = "N")]
    pub predictions: Option<usize>,
    /// Threads that train: a lane each; where lanes are fewer, the rest help with large layers [default: the processor's cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Prints every epoch's loss
    #[arg(long, conflicts_with = "quiet")]
    pub verbose: bool,
    /// No progress bars
    #[arg(long, short)]
    pub quiet: bool,
}

/// The arguments of `check`.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct CheckArguments {
    /// Experiment files, or names of presets
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<OsString>,
}

/// The arguments of `list`.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct ListArguments {
    /// What to list; everything if left out
    #[arg(value_enum)]
    pub kind: Option<ListKind>,
    /// Prints one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListKind {
    /// Experiments that ship, and the user's own
    Presets,
    /// Lessons that ship
    Lessons,
    /// Update rules
    Optimizers,
    /// Courses of the learning rate
    Schedules,
    /// Treatments of the gradient
    Clips,
    /// Ways to get a gradient
    Gradients,
    /// Data sources
    Datasets,
    /// Analytic functions of two variables
    Surfaces,
    /// Losses
    Losses,
    /// Hidden layers
    Layers,
    /// Activations
    Activations,
    /// Starts of the weights
    Initializers,
    /// Rules that end a run
    Rules,
}

/// The arguments of `shot`.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct ShotArguments {
    /// The experiment file, or the name of a preset
    #[arg(required_unless_present = "lesson")]
    pub file: Option<OsString>,
    /// Opens this lesson instead; with --steps its first question is answered
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub lesson: Option<OsString>,
    /// Where the image goes
    #[arg(long, value_name = "FILE.png")]
    pub out: PathBuf,
    /// Updates before the picture is taken; as planned if left out
    #[arg(long, value_name = "N")]
    pub steps: Option<u64>,
    /// The step that is looked at then, if not the last
    #[arg(long, value_name = "N")]
    pub look_at: Option<u64>,
    /// The size of the picture in pixels
    #[arg(long, value_name = "WxH", default_value = "1280x800", value_parser = size)]
    pub size: (u32, u32),
    /// Dark or light
    #[arg(long, value_enum, default_value = "dark")]
    pub theme: ShotTheme,
    /// The size of text in percent, 100 to 200
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(100..=200))]
    pub text_size: u8,
    /// The view to paint
    #[arg(long, value_enum, default_value = "lab")]
    pub view: ShotView,
    /// Opens the reference card of this name, as in Adam
    #[arg(long, value_name = "NAME")]
    pub card: Option<String>,
    /// As on a projector: larger text, thicker lines, stronger contrast
    #[arg(long)]
    pub present: bool,
    /// Opens the command palette with this typed into it
    #[arg(long, value_name = "TEXT")]
    pub command: Option<String>,
    /// What the lanes' tiles show, where they can; as the experiment has it if left out
    #[arg(long, value_enum)]
    pub tiles: Option<ShotTiles>,
}

/// What the tiles of a picture show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShotTiles {
    /// Points and regions, the fitted curve, predictions against targets, the map
    Picture,
    /// Predictions against targets, also where there is one feature
    Fit,
    /// What predictions leave of the targets
    Residuals,
    /// The confusion matrix
    Matrix,
    /// The ROC curve of two classes
    Roc,
    /// The images taken for another class, the worst first
    Mistakes,
    /// A table of rows with predictions
    Rows,
}

/// The colours of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShotTheme {
    /// Light on dark
    Dark,
    /// Dark on light
    Light,
}

/// The views that can be painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShotView {
    /// The laboratory: curves, tiles, lanes
    Lab,
    /// The laboratory, with all that the lanes' cards can show
    Cards,
    /// The laboratory with the loss around the lanes, from above
    Landscape,
    /// The same as a bowl
    Bowl,
    /// The laboratory, with a table in place of the curves
    Table,
    /// The first lane under the microscope
    Microscope,
    /// The first lane's gradient check
    GradientCheck,
    /// The first lane's rate finder
    RateFinder,
    /// The first lane's sharpness
    Sharpness,
    /// The first lane as a NumPy program
    Program,
    /// The first lane's network, with a map a unit
    Inside,
    /// The first lane's weight matrices
    InsideWeights,
    /// How the first lane's weights, activations and gradients are spread
    InsideHistograms,
    /// The lanes' tiles; of those that diverged, why
    Autopsy,
}

/// The arguments of `lesson`.
#[derive(Debug, Clone, PartialEq, Args)]
#[command(after_help = "NAME is a lesson that ships, `downhill list lessons`, or a lesson's file.")]
pub struct LessonArguments {
    /// The lesson
    pub name: OsString,
}

/// The arguments of `new`.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct NewArguments {
    /// The preset to start from; a small commented experiment if left out
    pub preset: Option<OsString>,
    /// Where the file goes; to the terminal if left out
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replaces a file that is there already
    #[arg(long, requires = "out")]
    pub force: bool,
}

/// The arguments of `script`.
#[derive(Debug, Clone, PartialEq, Args)]
#[command(after_help = "The program draws the same data and the same start, and makes the same \
    updates in the same order: its losses and parameters agree with the lane's to about ten digits. \
    It needs Python 3 and NumPy.")]
pub struct ScriptArguments {
    /// The experiment file, or the name of a preset
    pub file: OsString,
    /// The lane to write; the first if left out
    #[arg(long, value_name = "NAME")]
    pub lane: Option<String>,
    /// Changes the experiment first
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Writes a Jupyter notebook instead of a Python file
    #[arg(long)]
    pub notebook: bool,
    /// Where the program goes; to the terminal if left out
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replaces a file that is there already
    #[arg(long, requires = "out")]
    pub force: bool,
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let side = |side: &str| side.parse::<u32>().ok().filter(|s| (1..=8192).contains(s));
    let parts = text.split_once(['x', 'X', '×']);
    let sides = parts.and_then(|(width, height)| Some((side(width)?, side(height)?)));
    sides.ok_or_else(|| "write it as 1280x800, each side from 1 to 8192".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_word_that_is_no_verb_is_a_file_to_open() {
        let parsed = Arguments::try_parse_from(["downhill", "mine.ron"]).unwrap();
        assert_eq!(parsed.file, Some("mine.ron".into()));
        assert_eq!(Arguments::try_parse_from(["downhill"]).unwrap().file, None);
        let parsed = Arguments::try_parse_from(["downhill", "check", "a", "b"]).unwrap();
        let files = vec!["a".into(), "b".into()];
        assert_eq!(parsed.verb, Some(Verb::Check(CheckArguments { files })));
    }

    #[test]
    fn sizes_are_two_numbers() {
        assert_eq!(size("1280x800"), Ok((1280, 800)));
        for wrong in ["1280", "0x10", "1x99999", "ax3", ""] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
