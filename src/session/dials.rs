//! Everything of a lane that can be turned, by name: what it is called, what it does, what it takes, how it
//! stands now; and a value as it is typed, read for one of them.
//!
//! Invariant: a [`Change`] that comes out names something its lane has, and its value is allowed there,
//! so that [`Action::Turn`](super::Action::Turn) with it does what was said.

use crate::catalog::{Chosen, Family, Kind, Value};
use crate::data::BatchSize;
use crate::experiment::{
    Change, LaneSpec, Problem, Task, TaskPlan, lacks_dropout, literal, parse_change,
};
use crate::model::{DropoutRates, LayerSpec, Network};
use crate::objective::Penalty;

use super::{Lane, LaneId, Session};

/// Something of a lane that can be turned.
#[derive(Debug, Clone, PartialEq)]
pub struct Dial {
    /// Its place below the lane: `optimizer.learning_rate`.
    pub path: String,
    /// Its name on screen: `Learning rate`.
    pub label: String,
    /// What it does.
    pub meaning: &'static str,
    /// What it takes, as the end of "takes".
    pub allowed: String,
    /// Its value now, as the file writes it.
    pub now: String,
    /// Whether it can be turned while the lane runs; else only at its start.
    pub live: bool,
}

const CLIP: &str =
    "Holds gradients that are too long, so that one bad batch cannot throw a lane off.";
const CLIPS: &str = "Norm(x), Value(x) or None";
const NOISE: &str = "The standard deviation of the noise added to each component of the gradient.";
const BATCH: &str = "Rows per update. All of them is plain gradient descent.";
const DROPOUT: &str = "The chance of each unit of the layer to be silenced at a step.";
const NOT_NEGATIVE: &str = "a number of at least 0";

impl Session {
    /// Everything of a lane that can be turned, in the order of its card; nothing of a lane that is not
    /// there. Single parameters are not listed: they go by their place, `params.17`.
    pub fn dials(&self, id: LaneId) -> Vec<Dial> {
        let Some(spec) = self.as_it_runs(id) else { return Vec::new() };
        let mut dials = of_choice("optimizer", &spec.optimizer);
        let learns = matches!(self.experiment().task, Task::Learn(_));
        if learns {
            let now = literal(&spec.batch_size.unwrap_or_default());
            dials.push(own("batch_size", "Batch size", BATCH, "a whole number, or Full", now));
        }
        dials.extend(of_choice("schedule", &spec.schedule));
        let noise = literal(&spec.gradient_noise.unwrap_or(0.0));
        dials.push(own("gradient_noise", "Gradient noise", NOISE, NOT_NEGATIVE, noise));
        let clip = spec.clip.as_ref().map_or_else(|| "None".to_owned(), literal);
        dials.push(own("clip", "Clipping", CLIP, CLIPS, clip));
        if learns {
            let penalties = spec.regularize.unwrap_or_default();
            for penalty in Penalty::ALL {
                let (label, meaning) = match penalty {
                    Penalty::L1 => ("L1 penalty", "Sends small weights to 0 and holds them there."),
                    Penalty::L2 => ("L2 penalty", "Holds large weights down."),
                };
                let path = format!("regularize.{}", penalty.field());
                dials.push(own(
                    &path,
                    label,
                    meaning,
                    NOT_NEGATIVE,
                    literal(&penalties.of(penalty)),
                ));
            }
            let rates = spec.model.as_ref().map(DropoutRates::of).unwrap_or_default();
            for (layer, rate) in rates.iter() {
                let path = Change::Dropout { layer, rate }.path();
                let label = format!("Dropout, layer {}", layer + 1);
                dials.push(own(&path, &label, DROPOUT, LayerSpec::RATES, literal(&rate)));
            }
        }
        dials
    }

    /// A value as it is typed, read for one of a lane's dials or parameters. Words count in any case,
    /// and `on`, `yes`, `off`, `no` as true and false.
    ///
    /// # Errors
    /// A sentence: there is no such dial, it takes no such value, or it cannot be turned any more.
    pub fn read_dial(&self, id: LaneId, path: &str, typed: &str) -> Result<Change, String> {
        let spec = self.as_it_runs(id).ok_or("The lane is not there any more.")?;
        let typed = as_written(path, typed);
        if path == "clip" && typed.parse::<f64>().is_ok() {
            return Err(format!("`clip` takes {CLIPS}, not {typed}"));
        }
        let at_start = self.trained(id).is_none();
        let change = parse_change(&spec, path, &typed).or_else(|problem| {
            let refused = || Err(sentence(&problem));
            let change = at_start.then(|| at_its_start(&spec, path, &typed)).flatten();
            change.unwrap_or_else(refused)
        })?;
        if let Some(problem) = lacks_dropout(&change, spec.model.as_ref()) {
            return Err(sentence(&problem));
        }
        match (&change, self.parameters(id)) {
            (Change::Parameter { index, .. }, Some(count)) if *index >= count => {
                let last = count.saturating_sub(1);
                Err(format!("it has {count} parameters: the last is `params.{last}`"))
            }
            _ => Ok(change),
        }
    }

    /// How many parameters a lane has; none while it is not built.
    pub fn parameters(&self, id: LaneId) -> Option<usize> {
        match &self.lane(id)?.plan.task {
            TaskPlan::Surface { .. } => Some(2),
            TaskPlan::Learn(learn) => {
                let train = &learn.split.train;
                let network =
                    Network::new(train.width(), &learn.model, &train.targets, &learn.loss);
                network.ok().map(|network| network.layout().len())
            }
        }
    }

    /// The lane, if it has trained: then what is turned is turned in its run.
    fn trained(&self, id: LaneId) -> Option<&Lane> {
        self.lane(id).filter(|lane| !lane.is_at_start() || lane.is_running())
    }

    /// What the file says of a lane, with everything it has of the experiment, and with what was turned
    /// since, up to the step that is shown.
    fn as_it_runs(&self, id: LaneId) -> Option<LaneSpec> {
        let experiment = self.experiment();
        let mut spec = experiment.lanes.get(self.index_of(id)?)?.clone();
        spec.batch_size = Some(experiment.batch_size(&spec));
        spec.gradient_noise = Some(experiment.gradient_noise(&spec));
        spec.regularize = experiment.regularize(&spec);
        spec.model = experiment.model(&spec).cloned();
        if let Some(lane) = self.trained(id) {
            let knobs = lane.shown_knobs().into_owned();
            spec.optimizer = knobs.optimizer;
            spec.schedule = knobs.schedule;
            spec.clip = knobs.clip;
            spec.gradient_noise = Some(knobs.gradient_noise);
            spec.batch_size = Some(knobs.batch_size);
            spec.regularize = spec.regularize.map(|_| knobs.regularize);
            spec.model = spec.model.map(|model| knobs.dropout.in_model(&model));
        }
        Some(spec)
    }
}

fn own(path: &str, label: &str, meaning: &'static str, allowed: &str, now: String) -> Dial {
    let (path, label, allowed) = (path.to_owned(), label.to_owned(), allowed.to_owned());
    Dial { path, label, meaning, allowed, now, live: true }
}

fn of_choice<F: Family>(part: &str, chosen: &Chosen<F>) -> Vec<Dial> {
    let numbers = chosen.iter().filter(|(_, value)| value.as_number().is_some());
    let dial = |(field, value): (&'static crate::catalog::Field, &Value)| Dial {
        path: format!("{part}.{}", field.name),
        label: field.label.to_owned(),
        meaning: field.meaning,
        allowed: field.kind.allowed(),
        now: value.to_string(),
        live: field.live,
    };
    numbers.map(dial).collect()
}

/// What is wrong, and what to do.
fn sentence(problem: &Problem) -> String {
    let hint = problem.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("{}{hint}", problem.message)
}

/// What is typed, as the file writes it.
fn as_written(path: &str, typed: &str) -> String {
    let typed = typed.trim();
    match (path, typed.to_lowercase().as_str()) {
        (_, "on" | "yes" | "true") => "true".to_owned(),
        (_, "off" | "no" | "false") if path != "clip" => "false".to_owned(),
        ("clip", "off" | "no" | "none") => "None".to_owned(),
        ("clip", _) => {
            let mut letters = typed.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string());
            first.unwrap_or_default() + letters.as_str()
        }
        ("batch_size", "full" | "all") => literal(&BatchSize::Full),
        _ => typed.to_owned(),
    }
}

/// A number that only applies at the start, on a lane that is there; none where there is no such number.
fn at_its_start(spec: &LaneSpec, path: &str, typed: &str) -> Option<Result<Change, String>> {
    let (part, knob) = path.split_once('.')?;
    match part {
        "optimizer" => number(&spec.optimizer, knob, typed)
            .map(|read| read.map(|(knob, value)| Change::Optimizer { knob, value })),
        "schedule" => number(&spec.schedule, knob, typed)
            .map(|read| read.map(|(knob, value)| Change::Schedule { knob, value })),
        _ => None,
    }
}

fn number<F: Family>(
    chosen: &Chosen<F>,
    knob: &str,
    typed: &str,
) -> Option<Result<(&'static str, f64), String>> {
    let field = chosen.entry().field(knob).filter(|field| !field.live)?;
    let value = match field.kind {
        Kind::Number(..) | Kind::Integer { .. } => typed.parse().ok(),
        Kind::Flag => typed.parse::<bool>().ok().map(|on| f64::from(u8::from(on))),
        _ => return None,
    };
    let refused = || format!("`{knob}` takes {}, not {typed}", field.kind.allowed());
    let allowed = value.filter(|value: &f64| chosen.clone().set(knob, (*value).into()).is_ok());
    Some(allowed.map(|value| (field.name, value)).ok_or_else(refused))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::library::Library;
    use crate::session::{Action, Draft, Waker};

    fn session(lanes: &str) -> Session {
        let text = format!(
            "(version: 1, task: Learn(data: Moons(samples: 40, noise: 0.1, seed: 1)), \
             training: (epochs: 3), lanes: [{lanes}])"
        );
        let draft = Draft::open(text, None).expect("it is valid");
        let home = tempfile::tempdir().expect("a place");
        let mut session = Session::new(draft, Library::under(home.path()), Waker::silent());
        while session.is_busy() {
            session.drain(std::time::Duration::from_millis(20));
        }
        session
    }

    #[test]
    fn every_number_of_a_lane_is_a_dial_and_its_own_value_can_be_read_for_it() {
        let session = session(
            "(name: \"A\", optimizer: Adam(learning_rate: 0.05), schedule: Cosine(min: 0.0)), \
             (name: \"B\", optimizer: Sgd(learning_rate: 0.1), clip: Norm(1.0))",
        );
        for id in session.lane_ids() {
            let dials = session.dials(*id);
            for wanted in ["optimizer.learning_rate", "batch_size", "regularize.l2", "clip"] {
                assert!(dials.iter().any(|dial| dial.path == wanted), "{wanted}");
            }
            for dial in dials {
                let read = session.read_dial(*id, &dial.path, &dial.now);
                assert_eq!(read.map(|change| change.path()), Ok(dial.path.clone()), "{dial:?}");
                assert!(!dial.meaning.is_empty() && !dial.allowed.is_empty(), "{dial:?}");
            }
        }
    }

    #[test]
    fn what_is_out_of_range_says_what_is_allowed() {
        let session = session("(name: \"A\", optimizer: Sgd(learning_rate: 0.1))");
        let id = session.lane_ids()[0];
        let refused = |path, typed| session.read_dial(id, path, typed).unwrap_err();
        let rate = refused("optimizer.learning_rate", "-1");
        assert!(rate.contains("takes a number of at least 0"), "{rate}");
        assert!(refused("optimizer.momentum", "much").contains("takes"));
        assert!(refused("batch_size", "0").contains("at least 1"));
        assert_eq!(refused("params.3", "1"), "it has 3 parameters: the last is `params.2`");
        assert!(refused("optimizer.beta3", "1").contains("no field"));
        assert_eq!(refused("clip", "7"), "`clip` takes Norm(x), Value(x) or None, not 7");
        assert!(session.read_dial(id, "params.2", "0.5").is_ok());
        assert!(session.read_dial(id, "batch_size", "full").is_ok());
        assert!(session.read_dial(id, "optimizer.nesterov", "off").is_ok());
    }

    #[test]
    fn what_only_applies_at_the_start_can_be_turned_there() {
        let mut session = session("(name: \"A\", optimizer: Adagrad(learning_rate: 0.1))");
        let id = session.lane_ids()[0];
        let fixed: Vec<Dial> = session.dials(id).into_iter().filter(|dial| !dial.live).collect();
        let dial = fixed.first().expect("Adagrad's accumulator begins somewhere");
        let change = session.read_dial(id, &dial.path, "0.25").expect("it is allowed");
        session.apply(Action::Turn { lane: id, change });
        assert!(session.draft().text().contains("0.25"), "{}", session.draft().text());
    }
}
