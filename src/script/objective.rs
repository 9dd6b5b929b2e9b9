//! The part of a program that says what is minimised: the loss with its gradient, by the chain rule
//! or measured; or a surface.

use crate::catalog::Chosen;
use crate::experiment::{LearnPlan, TaskPlan};
use crate::model::{Link, Losses, Reduction};
use crate::objective::Penalty;

use super::lane::{Lane, Learning};
use super::layers::stages;
use super::model::{forward_names, tensor_names};
use super::text::{Code, number, renamed};
use super::{Part, ScriptError};

pub(super) fn learning(lane: &Lane<'_>, learning: &Learning<'_>) -> Result<Vec<Part>, ScriptError> {
    let mut parts = vec![loss_part(lane, learning)?];
    if !lane.is_search() {
        parts.push(match lane.numeric_step() {
            Some(step) => numeric_part(lane.arguments(), step),
            None => gradient_part(lane, learning),
        });
    }
    Ok(parts)
}

/// The arguments that treat labels and classes, where the loss reads them.
fn treated(plan: &LearnPlan) -> String {
    let treatment = plan.treatment.on(&plan.loss);
    if treatment.is_neutral() {
        return String::new();
    }
    let weights = if treatment.class_weights.is_some() { "class_weights" } else { "None" };
    format!(
        ", smoothing={}, weights={weights}, positive={}",
        number(treatment.label_smoothing),
        number(treatment.positive_weight.unwrap_or(1.0))
    )
}

/// The sum of the descended loss's terms, divided.
fn descended(total: &str, plan: &LearnPlan) -> String {
    if plan.treatment.on(&plan.loss).class_weights.is_some() {
        format!("{total} / weight_of(t)")
    } else {
        divided(total, &plan.loss)
    }
}

/// Class weights, and the weight of a batch.
fn class_weights(learning: &Learning<'_>) -> Option<String> {
    let weights = learning.plan.treatment.on(&learning.plan.loss).class_weights?;
    let told: Vec<String> = weights.iter().map(|weight| number(*weight)).collect();
    let weight = if learning.head().width == 1 {
        "np.sum(class_weights[1] * t + class_weights[0] * (1 - t))"
    } else {
        "np.sum(t * class_weights)"
    };
    Some(format!(
        "class_weights = np.array([{}], dtype=dtype)\n\n\ndef weight_of(t):\n    \
         \"\"\"What a batch is divided by: the weights of its rows' classes.\"\"\"\n    \
         return {weight}\n\n\n",
        told.join(", ")
    ))
}

/// The sum of a loss's terms, divided as the loss divides it.
fn divided(total: &str, loss: &Chosen<Losses>) -> String {
    match Losses::reduction(loss) {
        Reduction::MeanOverRows => format!("{total} / len(t)"),
        Reduction::MeanOverElements => format!("{total} / t.size"),
        Reduction::Sum => total.to_owned(),
    }
}

fn loss_part(lane: &Lane<'_>, learning: &Learning<'_>) -> Result<Part, ScriptError> {
    let plan = learning.plan;
    let mut code = format!("{}\n\n", lane.rule(&plan.loss, None)?);
    if let Some(report) = &plan.report {
        code.put("# What is shown beside it; no update follows this.\n");
        code.put(format!("{}\n\n", renamed(&lane.rule(report, None)?, "loss", "report")));
    }
    if let Some(factors) = lane.penalties() {
        code.put(penalty(learning, &factors));
    }
    code.put(class_weights(learning).unwrap_or_default());
    let step = if lane.drops_out() { ", step=None" } else { "" };
    code.put(format!("def measure(params, x, t{step}):\n"));
    code.put("    \"\"\"The loss of some rows, and what is shown of them.\"\"\"\n");
    code.put(format!("    z = {}[-1]\n    a = output(z)\n", forward(lane)));
    code.put(values(lane, plan, &format!("loss(z, a, t{})[0]", treated(plan))));
    code.put("    return value, shown\n");
    let mut words = format!("{}. {}", plan.loss.entry().label, plan.loss.entry().summary);
    words.put(
        "\nz are the network's last sums, a the outputs made of them, t the targets. A loss gives the \
         sum over the rows of a batch, and its slope for every number.",
    );
    Ok(Part::new("The loss", words, code))
}

/// Lines that give `value` and `shown`, from the sum of the loss's terms.
fn values(lane: &Lane<'_>, plan: &LearnPlan, total: &str) -> String {
    let penalty = if lane.penalties().is_some() { " + penalty(params)" } else { "" };
    let shown = plan.report.as_ref();
    let shown = shown.map_or("value".to_owned(), |report| divided("report(z, a, t)[0]", report));
    format!("    value = {}{penalty}\n    shown = {shown}\n", descended(total, plan))
}

fn penalty(learning: &Learning<'_>, [l1, l2]: &[String; 2]) -> String {
    let mut code = String::new();
    for (penalty, told) in Penalty::ALL.into_iter().zip([l1, l2]) {
        if told == penalty.field() {
            code.put(format!("{told} = {}\n", number(learning.plan.regularize.of(penalty))));
        }
    }
    code.put(format!(
        "weights = {}  # only weights are held down, not biases\n\n\n\
         def penalty(params):\n    \
         \"\"\"l1 times all sizes and half of l2 times all squares: large weights cost.\"\"\"\n    \
         return sum(\n        \
         {l1} * np.abs(params[i]).sum() + {l2} / 2 * (params[i] ** 2).sum() for i in weights\n    \
         )\n\n\n",
        learning.weights()
    ));
    code
}

/// The call of the forward pass in training.
fn forward(lane: &Lane<'_>) -> &'static str {
    if lane.drops_out() { "forward(params, x, step)" } else { "forward(params, x)" }
}

/// The gradient by the chain rule, from the output back to the input.
fn gradient_part(lane: &Lane<'_>, learning: &Learning<'_>) -> Part {
    let plan = learning.plan;
    let names = tensor_names(learning);
    let mut code = format!("def loss_and_gradient({}):\n", lane.arguments());
    code.put(
        "    \"\"\"The loss, what is shown, and the slope of the loss by every parameter.\"\"\"\n",
    );
    code.put(format!("    {} = params\n", names.join(", ")));
    code.put(format!("    {} = {}\n    a = output(z)\n", forward_names(learning), forward(lane)));
    code.put(format!("    total, slopes = loss(z, a, t{})\n", treated(plan)));
    code.put(values(lane, plan, "total"));
    code.put("    # Backward: the chain rule, from the output to the input.\n");
    let by_sums = match learning.head().link {
        _ if !Losses::slopes_by_activations(&plan.loss) => "slopes",
        Link::Identity => "slopes",
        Link::Score => "0.5 * slopes",
        Link::Sigmoid => "slopes * a * (1 - a)",
        Link::Softmax => "a * (slopes - (slopes * a).sum(axis=1, keepdims=True))",
    };
    code.put(format!("    dz = {}\n", descended(by_sums, plan)));
    for stage in stages(learning).iter().rev() {
        for line in stage.backward() {
            code.put(format!("    {line}\n"));
        }
    }
    let gradients: Vec<String> = names.iter().map(|name| format!("g{name}")).collect();
    code.put(format!("    gradients = [{}]\n", gradients.join(", ")));
    if let Some([l1, l2]) = lane.penalties() {
        code.put("    for i in weights:\n");
        code.put(format!("        gradients[i] += {l1} * np.sign(params[i]) + {l2} * params[i]\n"));
    }
    code.put("    return value, shown, gradients\n");
    let mut words = String::from(
        "How the loss changes with every parameter: the slope at the output, carried back from layer \
         to layer by the chain rule.",
    );
    if plan.loss.name() == "CrossEntropy" {
        words.put(
            "\nWhy is there no derivative of the sigmoid (or softmax) in it? Because it cancels: the \
             slope of the cross-entropy by the sums is simply output minus target. A squared error \
             that a program prints beside it is only what is shown.",
        );
    }
    Part::new("The gradient", words, code)
}

/// The gradient by trying every parameter a little to both sides.
fn numeric_part(arguments: &str, step: f64) -> Part {
    let code = format!(
        "difference = dtype({})\n\n\n\
         def loss_and_gradient({arguments}):\n    \
         \"\"\"The loss, what is shown, and the slope by every parameter, measured.\"\"\"\n    \
         gradients = [np.zeros_like(w) for w in params]\n    \
         for w, g in zip(params, gradients):\n        \
         for i in np.ndindex(w.shape):\n            \
         here = w[i]\n            \
         above, below = here + difference, here - difference\n            \
         w[i] = above\n            \
         loss_above = measure({arguments})[0]\n            \
         w[i] = below\n            \
         loss_below = measure({arguments})[0]\n            \
         w[i] = here\n            \
         g[i] = (loss_above - loss_below) / (above - below)\n    \
         value, shown = measure({arguments})\n    \
         return value, shown, gradients\n",
        number(step)
    );
    let words = "No calculus: every parameter is moved a little to both sides, and the loss measured \
        there. Two measurements a parameter for every update, and never quite exact.";
    Part::new("The gradient", words, code)
}

/// A surface: the loss is its height.
pub(super) fn surface(lane: &Lane<'_>) -> Result<Part, ScriptError> {
    let TaskPlan::Surface { function, start: [x, y] } = &lane.plan.task else {
        return Ok(Part::new("The surface", "", String::new()));
    };
    let mut code = format!("{}\n\n", lane.rule(function, None)?);
    code.put(
        "def measure(params):\n    \
         \"\"\"The height of the surface, which is the loss, and what is shown.\"\"\"\n    \
         value, _, _ = surface(*params[0])\n    return value, value\n\n\n",
    );
    if let Some(step) = lane.numeric_step() {
        code.put(numeric_part("params", step).code);
        code.put("\n\n");
    } else if !lane.is_search() {
        code.put(
            "def loss_and_gradient(params):\n    \
             \"\"\"The loss, what is shown, and the slopes along x and y.\"\"\"\n    \
             value, dx, dy = surface(*params[0])\n    \
             return value, value, [np.array([dx, dy], dtype=dtype)]\n\n\n",
        );
    }
    code.put(format!("params = [np.array([{}, {}], dtype=dtype)]\n", number(*x), number(*y)));
    let words = format!("{}. {}", function.entry().label, function.entry().summary);
    Ok(Part::new("The surface", words, code))
}
