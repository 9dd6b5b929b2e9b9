//! Dropout turned while a lane trains: as the file has it, across rewinds and forks, and refused where
//! there is none.

use downhill::data::NoFiles;
use downhill::experiment::{Change, LanePlan, TaskPlan, check};
use downhill::numeric::Precision;
use downhill::session::Action;
use downhill::train::{AnyTrainer, Branches, ChangeError};

use crate::plans::{model, small, surface};
use crate::story::{Story, story};

const TEXT: &str = r#"(
    version: 1,
    name: "Less and less silence",
    task: Learn(
        data: Blobs(samples: 60, features: 2, centers: 2, std: 1.5, seed: 3),
        model: (hidden: [
            Dense(units: 6, activation: Tanh), Dropout(rate: 0.5),
            Dense(units: 4, activation: Relu), Dropout(rate: 0.2),
        ]),
        loss: CrossEntropy,
    ),
    training: (steps: 200, batch_size: 9, seed: 1),
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.05, momentum: 0.9))],
)
"#;

fn turned(layer: usize, rate: f64) -> Change {
    Change::Dropout { layer, rate }
}

/// A plan with dropout behind its one hidden layer.
fn silenced(rate: f64) -> LanePlan {
    let mut plan = small();
    let TaskPlan::Learn(learn) = &mut plan.task else { panic!("it learns") };
    learn.model =
        model(&format!("(hidden: [Dense(units: 5, activation: Tanh), Dropout(rate: {rate:?})])"));
    plan
}

fn go(trainer: &mut AnyTrainer, step: u64) {
    while trainer.step() < step && !trainer.replay(step - trainer.step()).ended {}
}

#[test]
fn a_rate_turned_at_the_start_is_that_of_the_file() {
    for precision in [Precision::F32, Precision::F64] {
        let [from_file, before] = [0.25, 0.5].map(|rate| LanePlan { precision, ..silenced(rate) });
        let mut turned_lane = AnyTrainer::new(&before).unwrap();
        let record = turned_lane.change(&turned(1, 0.25)).unwrap();
        assert_eq!((&*record.from, &*record.to), ("0.5", "0.25"));
        assert_eq!(record.change.path(), "model.hidden[1].rate");
        let mut lanes = [turned_lane]
            .into_iter()
            .chain([&from_file, &before].map(|plan| AnyTrainer::new(plan).unwrap()));
        let [turned_lane, from_file, before] = std::array::from_fn(|_| {
            let mut lane = lanes.next().expect("three");
            go(&mut lane, 50);
            lane.params()
        });
        assert_eq!(turned_lane, from_file);
        assert_ne!(turned_lane, before);
    }
}

#[test]
fn each_step_of_a_lane_whose_dropout_is_turned_is_found_again() {
    let mut trainer = AnyTrainer::new(&silenced(0.5)).unwrap();
    let mut past = Branches::new(&trainer, 5 * trainer.checkpoint().bytes());
    let mut states = vec![trainer.checkpoint()];
    while trainer.end().is_none() {
        past.keep(&trainer);
        if trainer.step() == 90 {
            past.change(&mut trainer, &turned(1, 0.1)).expect("a knob");
            states[90] = trainer.checkpoint();
        }
        let step = trainer.step();
        trainer.burst(1, past.sink(step));
        states.push(trainer.checkpoint());
    }
    past.keep(&trainer);
    let mut visitor = AnyTrainer::new(&silenced(0.5)).unwrap();
    let mut way = None;
    for (step, state) in states.iter().enumerate().rev() {
        let next = past.retrace(step as u64..step as u64).expect("the lane was there");
        next.go_to_end(&mut visitor, way.as_ref()).expect("of the same plan");
        assert!(visitor.checkpoint() == *state, "step {step}");
        way = Some(next);
    }
}

#[test]
fn what_has_no_dropout_refuses_a_rate_and_so_does_a_rate_that_is_none() {
    let mut lane = AnyTrainer::new(&silenced(0.5)).unwrap();
    let before = lane.checkpoint();
    assert_eq!(lane.change(&turned(0, 0.5)), Err(ChangeError::NoDropout { layer: 0 }));
    assert_eq!(lane.change(&turned(1, 1.0)), Err(ChangeError::DropoutRate(1.0)));
    assert!(lane.checkpoint() == before);
    let mut lane = AnyTrainer::new(&surface("Sphere", [1.0, 1.0])).unwrap();
    assert_eq!(lane.change(&turned(1, 0.5)), Err(ChangeError::NoDropout { layer: 1 }));
    let ordered = |set: &str, to: &str| {
        let edits = format!("edits: [(lane: \"SGD\", step: 9, set: \"{set}\", to: {to})],\n)");
        let text = TEXT.trim_end().strip_suffix(')').expect("a file").to_owned() + &edits;
        let problems = check(&text).err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(ordered("model.hidden[1].rate", "0.0"), [""; 0]);
    assert_eq!(ordered("model.hidden.3.rate", "0.9"), [""; 0]);
    for (set, to, told) in [
        (
            "model.hidden[0].rate",
            "0.5",
            "edits[0].set: `model.hidden[0]` is Dense, not a dropout layer; there is \
             `model.hidden[1].rate`, `model.hidden[3].rate`",
        ),
        (
            "model.hidden[7].rate",
            "0.5",
            "edits[0].set: the model has no `model.hidden[7]`; there is `model.hidden[1].rate`",
        ),
        (
            "model.hidden[1].rate",
            "1.0",
            "edits[0].to: `rate` takes a number from 0, \
            below 1, not 1.0",
        ),
        (
            "model.hidden[0].units",
            "9",
            "of a model only the rates of dropout layers change while a lane runs",
        ),
    ] {
        let problems = ordered(set, to).join("\n");
        assert!(problems.contains(told), "{set}: {problems}");
    }
}

/// A run whose second dropout layer was turned at 80, at its end.
fn relieved() -> Story {
    let mut story = story(TEXT);
    story.train_to(80);
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Turn { lane, change: turned(3, 0.0) });
    story.until("it is turned", |s| s.lanes()[0].knobs.dropout.get(3) == Some(0.0));
    story.run_to_end();
    story
}

#[test]
fn the_file_saved_with_a_turned_rate_plays_the_same_run_and_undo_takes_it_back() {
    let mut story = relieved();
    let whole = story.losses(0);
    let file = story.home.path().join("relieved.ron");
    story.session.apply(Action::SaveAs(file.clone()));
    story.until("it is saved", |s| !s.is_busy() && !s.has_unsaved());
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("step: 80, set: \"model.hidden[3].rate\", to: 0.0"), "{text}");
    let plans = check(&text).unwrap().prepare(&NoFiles).unwrap();
    let mut again = crate::story::story(&text);
    again.run_to_end();
    assert_eq!(again.losses(0), whole);
    assert_eq!(plans[0].edits.len(), 1);
    story.session.apply(Action::Undo);
    story.until("it is taken back", |s| s.lanes()[0].knobs.dropout.get(3) == Some(0.2));
}

#[test]
fn a_fork_has_the_rate_that_held_and_keeps_the_optimizers_memory() {
    let mut story = relieved();
    let whole = story.losses(0);
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Fork { lane, step: Some(120), change: None });
    story.until("it stands", |s| s.lanes().len() == 2 && s.lanes()[1].status.step == 120);
    let fork = &story.session.lanes()[1];
    assert_eq!(fork.knobs.dropout.get(3), Some(0.0));
    let rows = fork.inherited().expect("a fork");
    let told = |what: &str| {
        let row = rows.iter().find(|row| row.what == what).unwrap_or_else(|| panic!("{rows:?}"));
        [row.then.clone(), row.file.clone(), row.fork.clone()]
    };
    assert_eq!(told("Dropout, layer 4"), ["0.0", "0.2", "0.0"]);
    assert_eq!(told("Dropout, layer 2"), ["0.5", "0.5", "0.5"]);
    assert_eq!(told("Weights")[2], "all kept");
    assert_eq!(told("Optimizer's memory")[2], "goes on");
    story.session.apply(Action::Run);
    story.until("it has ended", |s| s.lanes()[1].end().is_some());
    assert_eq!(story.losses(1), whole, "without a change it is its parent");
}

#[test]
fn a_rate_is_among_a_lanes_dials_at_its_start_and_later() {
    let mut story = story(TEXT);
    let lane = story.session.lane_ids()[0];
    let now = |story: &Story| {
        let dials = story.session.dials(lane).into_iter();
        let rates = dials.filter(|dial| dial.path.starts_with("model."));
        rates.map(|dial| (dial.path, dial.now)).collect::<Vec<_>>()
    };
    let [first, second] = ["model.hidden[1].rate", "model.hidden[3].rate"].map(str::to_owned);
    assert_eq!(now(&story), [(first.clone(), "0.5".into()), (second.clone(), "0.2".into())]);
    let change = story.session.read_dial(lane, &first, "0.3").unwrap();
    story.session.apply(Action::Turn { lane, change });
    story.until("it is built", |s| !s.is_busy() && s.lanes()[0].knobs.dropout.get(1) == Some(0.3));
    assert_eq!(now(&story), [(first.clone(), "0.3".into()), (second.clone(), "0.2".into())]);
    assert!(story.session.draft().text().contains("Dropout(rate: 0.5)"), "the common layers stay");
    let change = story.session.read_dial(lane, &first, "0.35").unwrap();
    story.session.apply(Action::Turn { lane, change });
    story.until("it is built", |s| !s.is_busy() && s.lanes()[0].knobs.dropout.get(1) == Some(0.35));
    story.train_to(10);
    let change = story.session.read_dial(lane, &second, "0.1").unwrap();
    story.session.apply(Action::Turn { lane, change });
    story.until("it is turned", |s| s.lanes()[0].knobs.dropout.get(3) == Some(0.1));
    assert_eq!(now(&story), [(first, "0.35".into()), (second, "0.1".into())]);
    let refused = story.session.read_dial(lane, "model.hidden[0].rate", "0.1").unwrap_err();
    assert!(refused.contains("is Dense, not a dropout layer"), "{refused}");
}
