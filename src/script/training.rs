//! The part of a program that trains: its settings, and the loop.
//!
//! Invariant: the loop does what [`Trainer`](crate::train::Trainer) does, in the same order. The loss of
//! a batch is kept before its update is tried; what is not finite ends the run with the parameters as
//! they were; rules see an epoch's mean; knobs are turned just before the update after their step.

use crate::catalog::Chosen;
use crate::catalog::python_literal;
use crate::data::{BatchSize, Shuffle};
use crate::experiment::{Change, Length, PlannedLength, StopRules};

use super::Part;
use super::lane::Lane;
use super::text::{Code, number, quoted, seed_words};
use super::treatment::{
    base_rate, clip_name, is_clipped, is_scheduled, moves_momentum, sees_losses,
};

/// Numbers of the run, the order of rows, and the knobs that are turned.
pub(super) fn settings(lane: &Lane<'_>) -> Part {
    let plan = lane.plan;
    let mut code = String::new();
    if plan.optimizer.get("learning_rate").is_some() && !lane.is_edited("optimizer.learning_rate") {
        let rate = number(plan.optimizer.number("learning_rate"));
        code.put(format!("learning_rate = {rate}\n"));
    }
    if let Some(noise) = lane.gradient_noise().filter(|_| !lane.is_edited("gradient_noise")) {
        code.put(format!("gradient_noise = {noise}  # the standard deviation\n"));
    }
    match (plan.length, lane.learning().is_some()) {
        (PlannedLength::Epochs(Length::Count(n)), true) => {
            code.put(format!("epochs = {n}  # passes over the training rows\n"));
        }
        (PlannedLength::Epochs(Length::Count(n)) | PlannedLength::Steps(Length::Count(n)), _) => {
            code.put(format!("steps = {n}  # updates\n"));
        }
        _ => code.put("# There is no planned end: stop it with Ctrl-C, or by a rule.\n"),
    }
    if lane.learning().is_some() {
        if !lane.is_edited("batch_size") {
            code.put(match plan.batch_size {
                BatchSize::Full => {
                    "batch_size = len(X_train)  # all rows: plain gradient descent\n".to_owned()
                }
                BatchSize::Rows(n) => format!("batch_size = {n}  # rows an update\n"),
            });
        }
        code.put(rows_of_epoch(lane));
    }
    code.put(knobs(lane));
    if let Some(learning) = lane.learning()
        && judges_accuracy(lane) | learning.targets().classes().is_some()
    {
        code.put(if learning.head().width == 1 { ACCURACY_OF_TWO } else { ACCURACY });
    }
    Part::new("Settings", "Change these first.", code)
}

const ACCURACY_OF_TWO: &str = "

def accuracy(params, x, y):
    \"\"\"The part of the rows whose class is predicted rightly: class 1 above one half.\"\"\"
    return np.mean((output(forward(params, x)[-1])[:, 0] > 0.5) == y)
";

const ACCURACY: &str = "

def accuracy(params, x, y):
    \"\"\"The part of the rows whose class is predicted rightly: the class of the largest output.\"\"\"
    return np.mean(output(forward(params, x)[-1]).argmax(axis=1) == y)
";

fn rows_of_epoch(lane: &Lane<'_>) -> String {
    let seed = seed_words(lane.plan.seeds.order);
    let (told, body) = match lane.plan.shuffle {
        Shuffle::Never => ("as they stand", "    return np.arange(len(X_train))\n".to_owned()),
        Shuffle::Once => (
            "in one random order",
            format!("    return np.random.RandomState([{seed}, 1, 0]).permutation(len(X_train))\n"),
        ),
        Shuffle::EachEpoch => (
            "in a new random order",
            format!(
                "    return np.random.RandomState([{seed}, 1, epoch]).permutation(len(X_train))\n"
            ),
        ),
        Shuffle::WithReplacement => (
            "each drawn anew from all of them",
            format!(
                "    n = len(X_train)\n    return np.random.RandomState([{seed}, 1, epoch]).randint(0, n, n)\n"
            ),
        ),
    };
    format!("\n\ndef rows_of_epoch(epoch):\n    \"\"\"The rows of an epoch, {told}.\"\"\"\n{body}")
}

/// The dictionary of what edits change, and the edits.
fn knobs(lane: &Lane<'_>) -> String {
    if lane.plan.edits.is_empty() {
        return String::new();
    }
    let plan = lane.plan;
    let mut code = String::from(
        "\n# What is turned while the run goes on, as it is at the start.\nknobs = {\n",
    );
    for path in lane.edited().filter(|path| !path.starts_with(PARAMS)) {
        let value = match path.split_once('.') {
            Some(("optimizer", field)) => plan.optimizer.get(field).map(python_literal),
            Some(("schedule", field)) => plan.schedule.get(field).map(python_literal),
            Some(("model", _)) => dropout_at_start(lane, path),
            _ => None,
        };
        let value = value.unwrap_or_else(|| match path {
            "clip" => clip_name(lane, plan.clip.as_ref()),
            "gradient_noise" => number(plan.gradient_noise),
            "regularize.l1" => number(plan.regularize().l1),
            "regularize.l2" => number(plan.regularize().l2),
            _ => batch_size(plan.batch_size),
        });
        code.put(format!("    {}: {value},\n", quoted(path)));
    }
    code.put("}\n\n# After how many updates each is turned, and to what.\nedits = [\n");
    for edit in &plan.edits {
        let value = match &edit.change {
            Change::Optimizer { knob, value } => {
                let mut turned = plan.optimizer.clone();
                let set = turned.set(knob, (*value).into());
                set.ok().and_then(|()| turned.get(knob).map(python_literal))
            }
            Change::Schedule { knob, value } => {
                let mut turned = plan.schedule.clone();
                let set = turned.set(knob, (*value).into());
                set.ok().and_then(|()| turned.get(knob).map(python_literal))
            }
            Change::Clip(clip) => Some(clip_name(lane, clip.as_ref())),
            Change::GradientNoise(noise) => Some(number(*noise)),
            Change::BatchSize(size) => Some(batch_size(*size)),
            Change::Regularize { factor, .. } => Some(number(*factor)),
            Change::Dropout { rate, .. } => Some(number(*rate)),
            Change::Parameter { value, .. } => Some(number(*value)),
        };
        let value = value.unwrap_or_else(|| "None".to_owned());
        code.put(format!("    ({}, {}, {value}),\n", edit.step, quoted(&edit.change.path())));
    }
    code.put("]\n");
    if puts_parameters(lane) {
        code.put(WITH_PARAMETER);
    }
    code
}

/// The rate of a dropout layer as it is at the start, by the path that an edit calls it.
fn dropout_at_start(lane: &Lane<'_>, path: &str) -> Option<String> {
    let has = |layer| Change::Dropout { layer, rate: 0.0 }.path() == path;
    let rates = lane.plan.dropout();
    rates.iter().find_map(|(layer, rate)| has(layer).then(|| number(rate)))
}

/// How the paths of parameters begin.
const PARAMS: &str = "params.";

const WITH_PARAMETER: &str = "

def with_parameter(params, place, value):
    \"\"\"The same parameters with one of them, counted through all tensors, put to a value.\"\"\"
    params = [w.copy() for w in params]
    for w in params:
        if place < w.size:
            w.flat[place] = value
            break
        place -= w.size
    return params
";

/// Whether some edit puts a parameter to a value.
fn puts_parameters(lane: &Lane<'_>) -> bool {
    lane.edited().any(|path| path.starts_with(PARAMS))
}

fn batch_size(size: BatchSize) -> String {
    match size {
        BatchSize::Full => "len(X_train)".to_owned(),
        BatchSize::Rows(n) => n.to_string(),
    }
}

fn rule_number(rule: &Chosen<StopRules>, field: &str) -> String {
    number(rule.number(field))
}

fn judges_accuracy(lane: &Lane<'_>) -> bool {
    lane.plan.stop.iter().any(|rule| rule.name() == "AccuracyAbove")
}

/// Lines that give `end` a reason if a rule holds, for `loss`; indented by `margin`.
fn rules(lane: &Lane<'_>, loss: &str, margin: &str) -> String {
    let mut code = String::new();
    let mut late = String::new();
    for (at, rule) in lane.plan.stop.iter().enumerate() {
        let n = at + 1;
        let then = |condition: &str| {
            format!(
                "{margin}if not end and {condition}:\n{margin}    end = \"rule:{}\"\n",
                rule.name()
            )
        };
        match rule.name() {
            "LossBelow" => {
                code.put(then(&format!("{loss} < {}", rule_number(rule, "value"))));
            }
            "NoGain" => {
                let gain = rule_number(rule, "min_gain");
                code.put(format!(
                    "{margin}if {loss} < best{n} - {gain}:\n{margin}    best{n}, waited{n} = {loss}, 0\n\
                     {margin}else:\n{margin}    waited{n} += 1\n"
                ));
                code.put(then(&format!("waited{n} >= {}", rule.integer("epochs"))));
            }
            "AccuracyAbove" if lane.learning().is_some() => {
                let rows = if lane.experiment.learn().is_some_and(|learn| learn.held_out.is_some())
                {
                    "X_held_out, y_held_out"
                } else {
                    "X_train, y_train"
                };
                let limit = rule_number(rule, "value");
                late.put(then(&format!("accuracy(params, {rows}) > {limit}")));
            }
            _ => {}
        }
    }
    code + &late
}

/// The loop over updates.
pub(super) fn training(lane: &Lane<'_>) -> Part {
    let mut code = String::new();
    if !lane.is_search() {
        code.put("memory = [{} for _ in params]  # what the optimizer remembers of each tensor\n");
    }
    code.put("step, epoch, end = 0, 0, \"\"\n");
    code.put("batch_losses, epoch_losses, epoch_ends = [], [], []\n");
    for (at, _) in lane.plan.stop.iter().enumerate().filter(|(_, rule)| rule.name() == "NoGain") {
        code.put(format!("best{0}, waited{0} = math.inf, 0\n", at + 1));
    }
    code.put(
        "\n\ndef all_finite(tensors):\n    return all(np.isfinite(w).all() for w in tensors)\n\n\n",
    );
    code.put(if lane.learning().is_some() { over_epochs(lane) } else { over_steps(lane) });
    let words = if lane.learning().is_some() {
        "Epoch by epoch, batch by batch. The loss of a batch is measured before its update; an epoch's \
         loss is the plain mean of its batches, a short last one included."
    } else {
        "Step by step. The loss is measured before each update."
    };
    Part::new("Training", words, code)
}

fn over_epochs(lane: &Lane<'_>) -> String {
    let size = lane.value("batch_size", "batch_size".to_owned());
    let mut code = String::from("while not end:\n    rows_in_order = rows_of_epoch(epoch)\n");
    code.put("    losses, first = [], 0\n    while first < len(rows_in_order):\n");
    let margin = " ".repeat(8);
    code.put(goal_of_steps(lane, &margin));
    code.put(turning(lane, &margin));
    code.put(format!("{margin}rows = rows_in_order[first:first + {size}]\n"));
    code.put(format!("{margin}x, t = X_train[rows], T_train[rows]\n"));
    code.put(update(lane, lane.arguments(), &margin));
    code.put(format!("{margin}step, first = step + 1, first + len(rows)\n"));
    code.put(format!("{margin}losses.append(shown)\n"));
    code.put("    if end:\n        break\n");
    code.put(
        "    epoch, mean = epoch + 1, sum(losses) / len(losses)\n    epoch_losses.append(mean)\n",
    );
    code.put("    epoch_ends.append(step)\n");
    code.put("    print(f\"epoch #{epoch}, loss={mean:.7f}\")\n");
    if sees_losses(lane) {
        code.put("    plateau.see(mean)\n");
    }
    code.put(rules(lane, "mean", "    "));
    if let PlannedLength::Epochs(Length::Count(_)) = lane.plan.length {
        code.put("    if not end and epoch == epochs:\n        end = \"finished\"\n");
    }
    code
}

fn over_steps(lane: &Lane<'_>) -> String {
    let margin = " ".repeat(4);
    let mut code = String::from("while not end:\n");
    code.put(goal_of_steps(lane, &margin));
    code.put(turning(lane, &margin));
    code.put(update(lane, lane.arguments(), &margin));
    code.put("    step += 1\n");
    if sees_losses(lane) {
        code.put("    plateau.see(shown)\n");
    }
    code.put(rules(lane, "shown", &margin));
    let every = lane.planned_updates().map_or(100, |steps| (steps / 20).max(1));
    code.put(format!(
        "    if step % {every} == 0:\n        print(f\"step #{{step}}, loss={{shown:.7f}}\")\n"
    ));
    code
}

/// The end of a run whose length is counted in updates, or whose epochs are updates.
fn goal_of_steps(lane: &Lane<'_>, margin: &str) -> String {
    let counted = match lane.plan.length {
        PlannedLength::Steps(Length::Count(_)) => true,
        PlannedLength::Epochs(Length::Count(_)) => lane.learning().is_none(),
        _ => false,
    };
    if counted {
        format!("{margin}if step == steps:\n{margin}    end = \"finished\"\n{margin}    break\n")
    } else {
        String::new()
    }
}

fn turning(lane: &Lane<'_>, margin: &str) -> String {
    if lane.plan.edits.is_empty() {
        return String::new();
    }
    let mut code = format!("{margin}for after, name, value in edits:\n");
    if puts_parameters(lane) {
        code.put(format!(
            "{margin}    if after == step and name.startswith(\"{PARAMS}\"):\n\
             {margin}        params = with_parameter(params, int(name[{}:]), value)\n\
             {margin}    elif after == step:\n",
            PARAMS.len()
        ));
    } else {
        code.put(format!("{margin}    if after == step:\n"));
    }
    code.put(format!("{margin}        knobs[name] = value\n"));
    code
}

/// One update of the parameters, or the end if it cannot be made.
fn update(lane: &Lane<'_>, arguments: &str, margin: &str) -> String {
    let rate = match (lane.plan.optimizer.get("learning_rate"), is_scheduled(lane)) {
        (None, _) => "0.0",
        (Some(_), true) => "learning_rate_at(step)",
        (Some(_), false) => base_rate(lane),
    };
    let mut lines: Vec<String> = Vec::new();
    if lane.is_search() {
        lines.push(format!("value, shown = measure({arguments})"));
        lines.push("batch_losses.append(shown)".to_owned());
        lines.push("# Guess a point, and go there if the loss is lower.".to_owned());
        lines.push(format!("lr = {rate}"));
        lines.push("tried = [guess(w, n, lr).astype(dtype) for w, n in zip(params, normals(2, step, params))]".to_owned());
        let there = arguments.replacen("params", "tried", 1);
        lines.push(format!("if measure({there})[0] < value and all_finite(tried):"));
        lines.push("    params = tried".to_owned());
        lines.push("if not np.isfinite(value):".to_owned());
    } else {
        lines.push(format!("value, shown, gradients = loss_and_gradient({arguments})"));
        lines.push("batch_losses.append(shown)".to_owned());
        if lane.gradient_noise().is_some() {
            lines.push("gradients = add_noise(gradients, step)".to_owned());
        }
        lines.push("if not (np.isfinite(value) and all_finite(gradients)):".to_owned());
        lines.push("    end = \"diverged\"".to_owned());
        lines.push("    break".to_owned());
        if is_clipped(lane) {
            lines.push(if lane.is_edited("clip") {
                "gradients = knobs[\"clip\"](gradients) if knobs[\"clip\"] else gradients"
                    .to_owned()
            } else {
                "gradients = clip(gradients)".to_owned()
            });
        }
        lines.push(format!("lr = {rate}"));
        let cast = if lane.dtype() == "float32" { ".astype(dtype)" } else { "" };
        lines.push(format!(
            "moved = [update(w, g, s, step + 1, lr, {}){cast} for w, g, s in zip(params, gradients, memory)]",
            momentum(lane)
        ));
        lines.push("if all_finite(moved):".to_owned());
        lines.push("    params = moved".to_owned());
        lines.push("else:".to_owned());
    }
    lines.push("    end = \"diverged\"".to_owned());
    lines.push("    break".to_owned());
    lines.iter().fold(String::new(), |code, line| code + margin + line + "\n")
}

/// What the schedule makes of momentum.
fn momentum(lane: &Lane<'_>) -> &'static str {
    if moves_momentum(lane) { "momentum_at(step)" } else { "None" }
}
