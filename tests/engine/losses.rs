//! The cases of `losses.json` as this program's losses see them: for the parity test, and for the
//! Python code of the cards.

use downhill::catalog::Chosen;
use downhill::model::{ClassTreatment, Losses};
use serde_json::Value;

use crate::fixtures::{flat, integers, list, number, numbers, read};
use crate::plans::chosen;

/// One case: a loss on outputs and targets, and what PyTorch makes of it.
pub(crate) struct LossCase {
    pub(crate) loss: Chosen<Losses>,
    pub(crate) treatment: ClassTreatment,
    pub(crate) sums: Vec<f64>,
    pub(crate) targets: Vec<f64>,
    pub(crate) width: usize,
    /// Whether the reference is the sum, whatever the loss divides by.
    pub(crate) summed: bool,
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) what: String,
}

/// `leaky_relu` as the tables write it: `LeakyRelu`.
pub(crate) fn camel_case(name: &str) -> String {
    let upper = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    name.split('_').map(upper).collect()
}

/// Every case but those of `bce_on_probabilities_torch_clamped`: they are of a loss on probabilities
/// whose logarithm is cut off at -100, which has no counterpart here, where cross-entropy is always
/// computed from logits and needs no cut.
pub(crate) fn loss_cases() -> Vec<LossCase> {
    let fixture = read("losses.json");
    let cases = list(&fixture["cases"]).iter();
    let (ours, left_out): (Vec<&Value>, Vec<&Value>) =
        cases.partition(|case| case["loss"] != "bce_on_probabilities_torch_clamped");
    assert_eq!(left_out.len(), 2, "cases without a counterpart");
    ours.into_iter().map(loss_case).collect()
}

fn loss_case(case: &Value) -> LossCase {
    let (name, hp) = (case["loss"].as_str().expect("a name"), &case["hp"]);
    let knob = |key: &str| hp.get(key).map(number);
    let summed = hp["reduction"] == "sum";
    let loss = match name {
        // Two of ours are the mean and the sum of the same terms.
        "mse" if summed => "SquaredErrorSum".to_owned(),
        "mse" => "MeanSquaredError".to_owned(),
        "l1" => "MeanAbsoluteError".to_owned(),
        "smooth_l1" => format!("SmoothL1(beta: {})", hp["beta"]),
        "huber" => format!("Huber(delta: {})", hp["delta"]),
        "multi_margin" => format!("MultiClassHinge(margin: {}, p: {})", hp["margin"], hp["p"]),
        "bce_with_logits" | "cross_entropy" => "CrossEntropy".to_owned(),
        other => camel_case(other),
    };
    let treatment = ClassTreatment {
        label_smoothing: knob("label_smoothing").unwrap_or(0.0),
        class_weights: hp.get("class_weight").map(numbers),
        positive_weight: knob("pos_weight").filter(|w| *w != 1.0),
    };
    let by_row = matches!(name, "cross_entropy" | "multi_margin");
    let is_margin = matches!(name, "hinge" | "squared_hinge" | "soft_margin");
    let width = if by_row { list(&case["pred"][0]).len() } else { 1 };
    let targets = if by_row {
        let one_hot = |label: usize| (0..width).map(move |j| f64::from(u8::from(j == label)));
        integers(&case["target"]).into_iter().flat_map(one_hot).collect()
    } else {
        let sides = numbers(&case["target"]);
        // Labels of -1 and +1 are 0 and 1 here.
        sides.into_iter().map(|t| if is_margin { f64::midpoint(t, 1.0) } else { t }).collect()
    };
    LossCase {
        loss: chosen(&loss),
        treatment,
        sums: if by_row { flat(&case["pred"]) } else { numbers(&case["pred"]) },
        targets,
        width,
        summed,
        value: number(&case["value"]),
        gradient: if by_row { flat(&case["grad"]) } else { numbers(&case["grad"]) },
        what: format!("{loss} {hp}"),
    }
}
