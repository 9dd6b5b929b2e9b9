//! What stands where in an experiment file: the fields of every part in the order they are written,
//! and what may be made up when an edit names a field inside a part that is not there.
//!
//! Invariant: the lists are those of the types in [`super::schema`]; a test compares them with what
//! `ron` itself expects.

use crate::catalog::{Entry, Family};
use crate::data::Sources;
use crate::model::{Activations, Initializers, LayerSpec, Losses};
use crate::objective::{Gradients, Surfaces};
use crate::optim::{Clips, Optimizers, Schedules};

use super::StopRules;

type Names = &'static [&'static str];

const EXPERIMENT: Names =
    &["version", "name", "notes", "task", "training", "stop", "lanes", "edits", "view"];
const LEARN: Names = &[
    "data",
    "scale",
    "held_out",
    "model",
    "loss",
    "label_smoothing",
    "class_weights",
    "positive_weight",
    "report",
    "regularize",
];
const SURFACE: Names = &["function", "start", "noise"];
const HELD_OUT: Names = &["fraction", "seed", "stratified"];
const MODEL: Names = &["hidden", "output", "init"];
const DENSE: Names = &["units", "activation"];
const DROPOUT: Names = &["rate"];
const REGULARIZE: Names = &["l1", "l2"];
const TRAINING: Names = &[
    "epochs",
    "steps",
    "batch_size",
    "shuffle",
    "seed",
    "init_seed",
    "order_seed",
    "noise_seed",
    "precision",
];
const LANE: Names = &[
    "name",
    "from",
    "optimizer",
    "schedule",
    "clip",
    "gradient",
    "gradient_noise",
    "batch_size",
    "shuffle",
    "init",
    "loss",
    "model",
    "regularize",
    "start",
    "color",
    "seeds",
    "record",
];
const FROM: Names = &["lane", "step"];
const EDIT: Names = &["lane", "step", "set", "to"];
const VIEW: Names = &[
    "pace",
    "x",
    "x_log",
    "y_log",
    "y_symlog",
    "robust",
    "smooth",
    "metric",
    "seed_band",
    "every_seed",
    "landscape",
    "tiles",
    "inside",
    "panes",
    "maximised",
    "race",
    "muted",
    "solo",
    "pinned",
    "target",
];
const LANDSCAPE: Names = &["plane", "shape", "heights", "arrows"];
const TILES: Names = &["show", "rows", "axes", "earlier", "threshold"];
const INSIDE: Names = &["lane", "show"];

/// Parts that consist of defaults only and may therefore be begun by setting one of their fields.
const MAY_BE_BEGUN: Names =
    &["training", "model", "regularize", "view", "landscape", "tiles", "inside"];

/// Layers of the file format that this version cannot do yet.
const PLANNED_LAYERS: Names = &["Conv", "MaxPool", "BatchNorm"];

/// Whether the format knows the field or variant `name` at `path`, although this version does not.
pub(super) fn is_planned(path: &str, name: &str) -> bool {
    match last_key(path) {
        "hidden" => PLANNED_LAYERS.contains(&name),
        _ => false,
    }
}

/// Whether setting a field of the missing part `key` may create the part.
pub(super) fn may_be_begun(key: &str) -> bool {
    MAY_BE_BEGUN.contains(&key)
}

/// The fields of the part at `path` (with indices, not names), in the order they are written.
/// `variant` is the name in front of its bracket.
pub(super) fn fields(path: &str, variant: Option<&str>) -> Option<Vec<&'static str>> {
    let key = last_key(path);
    let is_item = path.ends_with(']');
    let fixed = match (key, is_item, variant) {
        ("", false, _) => EXPERIMENT,
        ("task", false, Some("Learn")) => LEARN,
        ("task", false, Some("Surface")) => SURFACE,
        ("held_out", false, _) => HELD_OUT,
        ("model", false, _) => MODEL,
        ("hidden", true, Some("Dense")) => DENSE,
        ("hidden", true, Some("Dropout")) => DROPOUT,
        ("regularize", false, _) => REGULARIZE,
        ("training", false, _) => TRAINING,
        ("lanes", true, _) => LANE,
        ("from", false, _) => FROM,
        ("edits", true, _) => EDIT,
        ("view", false, _) => VIEW,
        ("landscape", false, _) => LANDSCAPE,
        ("tiles", false, _) => TILES,
        ("inside", false, _) => INSIDE,
        _ => return Some(entry(key, variant?)?.fields.iter().map(|f| f.name).collect()),
    };
    Some(fixed.to_vec())
}

/// The row of the table that a choice called `name` under the field `key` comes from.
pub(super) fn entry(key: &str, name: &str) -> Option<&'static Entry> {
    match key {
        "data" => Sources::find(name),
        "init" => Initializers::find(name),
        "loss" | "report" => Losses::find(name),
        "activation" => Activations::find(name),
        "function" => Surfaces::find(name),
        "optimizer" => Optimizers::find(name),
        "schedule" => Schedules::find(name),
        "clip" => Clips::find(name),
        "gradient" => Gradients::find(name),
        "stop" => StopRules::find(name),
        _ => None,
    }
}

/// What a field of the fixed parts takes, as the end of "takes".
pub(super) fn allowed(path: &str) -> Option<&'static str> {
    Some(match last_key(path) {
        "epochs" | "steps" => "a whole number of at least 1, or `Unlimited`",
        "batch_size" => "a whole number of at least 1, or `Full`",
        "shuffle" => "one of Never, Once, EachEpoch, WithReplacement",
        "seed" | "init_seed" | "order_seed" | "noise_seed" | "step" => "a whole number from 0",
        "precision" => "`F64` or `F32`",
        "scale" => "`None`, `Standard` or `MinMax`",
        "held_out" => "`None`, or `(fraction: 0.25, seed: 42)`",
        "fraction" => "a number above 0 and below 1",
        "stratified" | "x_log" | "y_log" | "y_symlog" | "robust" => "`true` or `false`",
        "output" => "one of Auto, Identity, Sigmoid",
        "units" => "a whole number of at least 1",
        "smooth" => "a number of at least 0 and at most 0.999",
        "label_smoothing" => "a number of at least 0 and below 1",
        "class_weights" => "a list of numbers above 0, one a class, `[1.0, 2.5]`",
        "positive_weight" => "a number above 0",
        "l1" | "l2" | "noise" | "gradient_noise" => "a number of at least 0",
        "start" => "two numbers in parentheses, `(-1.5, 2.0)`",
        "from" => "where it is forked off, `(lane: \"SGD\", step: 100)`",
        "color" => "a whole number from 1 to 8",
        "pace" => "a number above 0, or `None`",
        "seed_band" => "`Quartiles` or `Percent95`",
        "x" => "one of Step, Epoch, Samples, Evaluations, Time",
        "metric" => {
            "one of Loss, FullLoss, Accuracy, Precision, Recall, F1, RocAuc, AveragePrecision, \
             LogLoss, Brier, R2, Mae, Rmse, GradientNorm, GradientNoise, ParameterNorm, UpdateRatio, \
             DeadUnits, Gap"
        }
        "name" | "notes" | "lane" | "set" => "text in double quotes",
        "rate" => LayerSpec::RATES,
        "hidden" if path.ends_with(']') => {
            "a layer: `Dense(units: 8, activation: Relu)`, `Dropout(rate: 0.5)` or `LayerNorm`"
        }
        "hidden" => "a list of layers, `[Dense(units: 8, activation: Relu)]`",
        "lanes" => "a list of lanes, `[(name: \"SGD\", optimizer: Sgd(learning_rate: 0.1))]`",
        "version" => "`1`",
        "task" => "`Learn(…)` or `Surface(…)`",
        _ => return None,
    })
}

/// The last name in a path, indices left out: `hidden` of `task.model.hidden[1]`.
pub(super) fn last_key(path: &str) -> &str {
    let mut path = path;
    while let Some(without) = path.strip_suffix(']') {
        path = without.rsplit_once('[').map_or("", |(before, _)| before);
    }
    path.rsplit_once('.').map_or(path, |(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::parse::parse_value;
    use crate::experiment::{
        EditSpec, Experiment, InsideLook, LandscapeView, LaneSpec, Learn, SurfaceTask, TilesView,
        Training, ViewSpec,
    };
    use crate::model::ModelSpec;
    use ron::Error;
    use serde::de::DeserializeOwned;

    /// The fields a type reads, as `ron` lists them when it meets one that is unknown.
    fn read_by<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> Vec<&'static str> {
        match parse_value::<T>(text).expect_err("no type has a field `unknown`").code {
            Error::NoSuchStructField { expected, .. } => expected.to_vec(),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn the_lists_are_those_of_the_schema() {
        let text = "(unknown: 1)";
        assert_eq!(fields("", None), Some(read_by::<Experiment>(text)));
        assert_eq!(fields("task", Some("Learn")), Some(read_by::<Learn>(text)));
        assert_eq!(fields("task", Some("Surface")), Some(read_by::<SurfaceTask>(text)));
        assert_eq!(fields("training", None), Some(read_by::<Training>(text)));
        assert_eq!(fields("lanes[3]", None), Some(read_by::<LaneSpec>(text)));
        assert_eq!(fields("edits[0]", None), Some(read_by::<EditSpec>(text)));
        assert_eq!(fields("view", None), Some(read_by::<ViewSpec>(text)));
        assert_eq!(fields("view.landscape", None), Some(read_by::<LandscapeView>(text)));
        assert_eq!(fields("view.tiles", None), Some(read_by::<TilesView>(text)));
        assert_eq!(fields("view.inside", None), Some(read_by::<InsideLook>(text)));
        assert_eq!(fields("lanes[1].model", None), Some(read_by::<ModelSpec>(text)));
        assert_eq!(
            fields("task.model.hidden[2]", Some("Dense")),
            Some(read_by::<LayerSpec>("Dense(unknown: 1)"))
        );
        assert_eq!(
            fields("task.model.hidden[2]", Some("Dropout")),
            Some(read_by::<LayerSpec>("Dropout(unknown: 1)"))
        );
        assert_eq!(fields("task.model.hidden[2]", Some("LayerNorm")), None);
        assert_eq!(fields("lanes[0].optimizer", Some("Sgd")).map(|f| f[0]), Some("learning_rate"));
        assert_eq!(fields("lanes[0].optimizer", Some("None")), None);
    }
}
