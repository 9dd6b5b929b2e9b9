//! The parts of a program between the gradient and the next parameters: noise, clipping, the learning
//! rate's course, the update rule.
//!
//! Invariant: each stands in a program only if its lane has it, or an edit gives it to the lane.

use crate::catalog::{Chosen, Value};
use crate::experiment::Change;
use crate::optim::Clips;

use super::lane::{Lane, knob};
use super::text::{Code, number, renamed};
use super::{Part, ScriptError};

pub(super) fn parts(lane: &Lane<'_>) -> Result<Vec<Part>, ScriptError> {
    let mut parts = Vec::new();
    parts.extend(noise(lane));
    parts.extend(clipping(lane)?);
    parts.push(rule(lane)?);
    parts.extend(schedule(lane)?);
    Ok(parts)
}

/// The update rule, or the guess.
fn rule(lane: &Lane<'_>) -> Result<Part, ScriptError> {
    let optimizer = &lane.plan.optimizer;
    let code = lane.rule(optimizer, Some("optimizer"))?;
    let mut words = format!("{}. {}", optimizer.entry().label, optimizer.entry().summary);
    if !lane.is_search() {
        words.put(
            "\nOne tensor's update: w its parameters, g its gradient, s what the rule remembers of it, \
             t the number of the update counted from 1, lr the learning rate. (momentum is None \
             unless a schedule moves it.)",
        );
    }
    Ok(Part::new("The optimizer", words, code))
}

/// Whether the learning rate does not simply stay what the optimizer says.
pub(super) fn is_scheduled(lane: &Lane<'_>) -> bool {
    let schedule = &lane.plan.schedule;
    let warms_up = matches!(schedule.get("warm_up"), Some(Value::Duration(Some(_))));
    schedule.name() != "Constant" || warms_up
}

/// Whether the schedule reads the curve of the loss.
pub(super) fn sees_losses(lane: &Lane<'_>) -> bool {
    lane.plan.schedule.name() == "Plateau"
}

/// Whether the schedule moves the momentum, too.
pub(super) fn moves_momentum(lane: &Lane<'_>) -> bool {
    lane.plan.schedule.entry().card.is_some_and(|card| card.numpy.contains("def momentum("))
}

/// The optimizer's own learning rate in the program.
pub(super) fn base_rate(lane: &Lane<'_>) -> &'static str {
    if lane.is_edited("optimizer.learning_rate") {
        "knobs[\"optimizer.learning_rate\"]"
    } else {
        "learning_rate"
    }
}

fn schedule(lane: &Lane<'_>) -> Result<Option<Part>, ScriptError> {
    if !is_scheduled(lane) {
        return Ok(None);
    }
    let built = lane.schedule();
    let (schedule, warm_up) = (built.in_updates(), built.warm_up());
    let length = built.length().map_or("math.inf".to_owned(), |n| n.to_string());
    let mut code = format!("{}\n\n", lane.rule(schedule, Some("schedule"))?);
    let base = base_rate(lane);
    if sees_losses(lane) {
        code.put("plateau = Plateau()\n\n\n");
    } else {
        code.put(format!("length = {length}  # updates, without the warm-up\n"));
    }
    let now = match (sees_losses(lane), warm_up > 0) {
        (true, _) => format!("plateau.rate({base})"),
        (false, true) => format!("rate({base}, step - warm_up, length)"),
        (false, false) => format!("rate({base}, step, length)"),
    };
    let first = if sees_losses(lane) { now.clone() } else { format!("rate({base}, 0, length)") };
    if warm_up > 0 {
        code.put(format!(
            "warm_up = {warm_up}  # updates over which the rate climbs to its height\n"
        ));
    }
    code.put("\n\ndef learning_rate_at(step):\n");
    code.put("    \"\"\"The learning rate of the update after `step` updates.\"\"\"\n");
    if warm_up > 0 {
        let from = number(schedule.number("warm_up_start"));
        code.put("    if step < warm_up:\n");
        code.put(format!(
            "        return float({first} * ({from} + (1 - {from}) * step / warm_up))\n"
        ));
    }
    code.put(format!("    return float({now})\n"));
    if moves_momentum(lane) {
        let since = if warm_up > 0 { "max(step - warm_up, 0)" } else { "step" };
        code.put("\n\ndef momentum_at(step):\n");
        code.put("    \"\"\"The momentum of the update after `step` updates.\"\"\"\n");
        code.put(format!("    return momentum({since}, length)\n"));
    }
    let words = format!("{}. {}", schedule.entry().label, schedule.entry().summary);
    Ok(Some(Part::new("The learning rate", words, code)))
}

/// Every clipping the lane ever has, in the order in which it gets them.
fn clips<'a>(lane: &'a Lane<'_>) -> Vec<&'a Chosen<Clips>> {
    let own = lane.plan.clip.iter();
    let edits = lane.plan.edits.iter().filter_map(|edit| match &edit.change {
        Change::Clip(clip) => clip.as_ref(),
        _ => None,
    });
    own.chain(edits).collect()
}

/// What stands for a clipping in the program, by its place among all of the lane's.
pub(super) fn clip_name(lane: &Lane<'_>, clip: Option<&Chosen<Clips>>) -> String {
    let Some(clip) = clip else { return "None".to_owned() };
    let place = clips(lane).into_iter().position(|other| other == clip).unwrap_or(0);
    if lane.is_edited("clip") { format!("clip_{}", place + 1) } else { "clip".to_owned() }
}

/// Whether the lane ever clips.
pub(super) fn is_clipped(lane: &Lane<'_>) -> bool {
    !lane.is_search() && (lane.plan.clip.is_some() || lane.is_edited("clip"))
}

fn clipping(lane: &Lane<'_>) -> Result<Option<Part>, ScriptError> {
    let clips = clips(lane);
    if !is_clipped(lane) || clips.is_empty() {
        return Ok(None);
    }
    let mut rules: Vec<String> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for clip in &clips {
        let name = clip_name(lane, Some(clip));
        if !names.contains(&name) {
            rules.push(renamed(&lane.rule(clip, None)?, "clip", &name));
            names.push(name);
        }
    }
    let entry = clips[0].entry();
    let words = format!("{}. {}", entry.label, entry.summary);
    Ok(Some(Part::new("Clipping", words, rules.join("\n\n"))))
}

/// What random numbers a program draws by counter.
fn noise(lane: &Lane<'_>) -> Option<Part> {
    let noise = lane.gradient_noise();
    let draws_normals = noise.is_some() || lane.is_search();
    if !draws_normals && !lane.drops_out() {
        return None;
    }
    let mut code = String::from(PHILOX);
    code.put(format!(
        "noise_key = ({}, {})\n",
        lane.plan.seeds.noise & 0xFFFF_FFFF,
        lane.plan.seeds.noise >> 32
    ));
    if draws_normals {
        code.put(NORMALS);
    }
    if lane.drops_out() {
        code.put(MASK);
    }
    if noise.is_some() {
        let noise = if lane.is_edited("gradient_noise") {
            knob("gradient_noise")
        } else {
            "gradient_noise".to_owned()
        };
        code.put(format!(
            "\n\ndef add_noise(gradients, step):\n    \
             \"\"\"The gradients with normal noise on every component.\"\"\"\n    \
             noise = normals(1, step, gradients)\n    \
             return [g + ({noise} * n).astype(dtype) for g, n in zip(gradients, noise)]\n"
        ));
    }
    let words = "Random numbers that depend on the seed, the purpose and the step alone, so that any step \
        can be drawn again: a block of bits is scrambled ten times.";
    Some(Part::new("Noise", words, code))
}

const PHILOX: &str = "\
def philox(counter, key):
    \"\"\"Philox 4x32 (Salmon et al., 2011): four words of 32 random bits from a counter and a key.\"\"\"
    a, b, c, d = (np.asarray(word, dtype=np.uint64) for word in counter)
    k, l = key
    low, high = np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(10):
        first, second = np.uint64(0xD2511F53) * a, np.uint64(0xCD9E8D57) * c
        a, b = (second >> high) ^ b ^ np.uint64(k), second & low
        c, d = (first >> high) ^ d ^ np.uint64(l), first & low
        k, l = (k + 0x9E3779B9) % 2**32, (l + 0xBB67AE85) % 2**32
    return a, b, c, d


";

const MASK: &str = "

def mask(step, rate, rows, units, before):
    \"\"\"Which units of each row stay, scaled up to keep the sum; all where nothing is trained.\"\"\"
    if step is None:
        return 1
    element = rows * before + np.arange(rows * units)
    counter = (step % 2**32, step >> 32, 3, element // 4 % 2**32)
    words = np.stack(np.broadcast_arrays(*philox(counter, noise_key)))
    kept = words[element % 4, np.arange(rows * units)].reshape(rows, units) / 2**32 >= rate
    return (kept / (1 - rate)).astype(dtype)
";

const NORMALS: &str = "

def normals(purpose, step, like):
    \"\"\"Normal numbers in the shapes of `like`, by Box and Muller, two from each four words.\"\"\"
    count = sum(w.size for w in like)
    index = np.arange((count + 1) // 2)
    words = philox((step % 2**32, step >> 32, purpose, index), noise_key)
    a, b, c, d = (word.astype(np.int64) for word in np.broadcast_arrays(*words))
    radius = np.sqrt(-2 * np.log(((a >> 5) * 2**26 + (b >> 6) + 1) / 2**53))
    angle = 2 * np.pi * (((c >> 5) * 2**26 + (d >> 6)) / 2**53)
    flat = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]).ravel()
    places = np.cumsum([0] + [w.size for w in like])
    return [flat[p:p + w.size].reshape(w.shape) for p, w in zip(places, like)]
";
