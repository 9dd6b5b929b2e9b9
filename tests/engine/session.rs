//! A person's story told by Actions, without a window.

use std::fmt::Write as _;
use std::time::Duration;

use downhill::experiment::{Change, TextEdit};
use downhill::lab::{Ramp, Tool};
use downhill::session::{Action, Lane, Session};
use downhill::train::EndReason;

use crate::story::{penalty, rate, story};

const TEXT: &str = r#"(
    version: 1,
    // A comment that must live.
    name: "Story",
    task: Learn(data: Blobs(samples: 60, features: 2, centers: 2, std: 1.5, seed: 3), loss: CrossEntropy),
    training: (epochs: 40, batch_size: 10, seed: 1),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)
"#;

#[test]
fn run_reset_run_gives_the_same_numbers_and_a_ghost() {
    let mut story = story(TEXT);
    assert_eq!(story.session.lanes().len(), 2);
    story.run_to_end();
    let first = story.losses(0);
    assert_eq!(first.len(), 240);
    assert_eq!(story.session.lanes()[0].end().unwrap().reason, EndReason::Finished);
    story.session.apply(Action::Reset);
    story.until("lanes stand at their start", |s| {
        !s.is_busy() && s.lanes().iter().all(Lane::is_at_start)
    });
    assert_eq!(story.session.ghosts().len(), 2);
    story.run_to_end();
    assert_eq!(story.losses(0), first);
}

#[test]
fn steps_and_epochs_go_exactly_as_far_as_asked() {
    let mut story = story(TEXT);
    story.session.apply(Action::StepOnce);
    story.session.apply(Action::StepOnce);
    story.until("two steps are done", |s| s.lanes().iter().all(|l| l.status.step == 2));
    story.session.apply(Action::StepEpoch);
    story.until("the epoch is done", |s| s.lanes().iter().all(|l| l.status.epoch == 1));
    assert_eq!((story.step(0), story.step(1)), (6, 6));
}

#[test]
fn a_knob_turned_at_the_start_changes_the_experiment_and_undo_takes_it_back() {
    let mut story = story(TEXT);
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Turn { lane, change: rate(0.5) });
    story.until("the lane is rebuilt", |s| !s.is_busy());
    assert!(story.session.draft().text().contains("Sgd(learning_rate: 0.5)"));
    assert_eq!(story.session.lanes()[0].knobs.optimizer.number("learning_rate"), 0.5);
    assert!(story.session.draft().text().contains("// A comment that must live."));
    story.session.apply(Action::EndGesture);
    story.session.apply(Action::Undo);
    story.until("the lane is rebuilt", |s| !s.is_busy());
    assert_eq!(story.session.draft().text(), TEXT);
    assert_eq!(story.session.lanes()[0].knobs.optimizer.number("learning_rate"), 0.01);
}

#[test]
fn what_is_turned_at_the_start_stands_in_the_file_once() {
    let mut story = story(&TEXT.replace("CrossEntropy)", "CrossEntropy, regularize: (l1: 0.5))"));
    let lane = story.session.lanes()[1].id;
    for factor in [0.1, 0.2] {
        story.session.apply(Action::Turn { lane, change: penalty(factor) });
        let place = Change::Parameter { index: 0, value: factor };
        story.session.apply(Action::Turn { lane, change: place });
        story.until("the lane is rebuilt", |s| !s.is_busy());
    }
    let text = story.session.draft().text();
    assert!(
        text.contains("optimizer: Adam(learning_rate: 0.05), regularize: (l1: 0.5, l2: 0.2)"),
        "{text}"
    );
    let order = "edits: [(lane: \"Adam\", step: 0, set: \"params.0\", to: 0.2)]";
    assert!(text.contains(order), "{text}");
    assert_eq!(story.session.lanes()[1].knobs.regularize.l2, 0.2);
    assert_eq!(story.session.lanes()[0].knobs.regularize.l2, 0.0);
}

#[test]
fn a_knob_turned_midway_is_recorded_saved_and_replayed_bit_for_bit() {
    let mut story = story(TEXT);
    story.session.apply(Action::StepEpoch);
    story.until("an epoch is done", |s| s.lanes().iter().all(|l| l.status.epoch == 1));
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Turn { lane, change: rate(0.3) });
    story.session.apply(Action::Turn { lane, change: penalty(0.25) });
    let place = Change::Parameter { index: 1, value: -0.5 };
    story.session.apply(Action::Turn { lane, change: place });
    story.until("the changes are echoed", |s| s.lanes()[0].changes.len() == 3);
    assert_eq!(story.session.lanes()[0].changes[0].step, 6);
    assert_eq!(story.session.lanes()[0].knobs.regularize.l2, 0.25);
    assert!(story.session.has_unsaved());
    story.run_to_end();
    let live = story.losses(0);

    let file = story.home.path().join("story.ron");
    story.session.apply(Action::SaveAs(file.clone()));
    story.until("it is saved", |s| !s.is_busy() && !s.has_unsaved());
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("edits: [") && text.contains("// A comment that must live."), "{text}");

    let mut again = self::story(&text);
    again.run_to_end();
    assert_eq!(again.losses(0), live);
    assert_eq!(again.session.lanes()[0].changes.len(), 3);
}

#[test]
fn undo_of_a_live_knob_rewinds_to_before_it() {
    let mut story = story(TEXT);
    let mut plain = self::story(TEXT);
    plain.run_to_end();
    story.session.apply(Action::StepEpoch);
    story.until("an epoch is done", |s| s.lanes().iter().all(|l| l.status.epoch == 1));
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Turn { lane, change: rate(0.3) });
    story.until("the change is echoed", |s| s.lanes()[0].changes.len() == 1);
    story.session.apply(Action::StepEpoch);
    story.until("two epochs are done", |s| s.lanes().iter().all(|l| l.status.epoch == 2));
    story.session.apply(Action::Undo);
    story.until("the lane is back", |s| s.lanes()[0].status.step == 6);
    assert!(story.session.lanes()[0].changes.is_empty());
    story.run_to_end();
    assert_eq!(story.losses(0), plain.losses(0));
}

#[test]
fn a_bad_value_is_reported_in_its_place_and_the_last_valid_experiment_runs_on() {
    let mut story = story(TEXT);
    story.session.apply(Action::Edit {
        edits: vec![TextEdit::set("training.batch_size", "0")],
        gesture: None,
    });
    let problem = story.session.problems().next().unwrap().clone();
    assert_eq!(problem.path, "training.batch_size");
    story.session.apply(Action::StepOnce);
    story.until("a step is done", |s| s.lanes().iter().all(|l| l.status.step == 1));
    story.session.apply(Action::Undo);
    assert_eq!(story.session.problems().count(), 0);
}

#[test]
fn lanes_are_added_spread_renamed_removed_and_brought_back_with_their_run() {
    let mut story = story(TEXT);
    story.session.apply(Action::AddLane("Momentum"));
    story.until("three lanes", |s| s.lanes().len() == 3);
    story.run_to_end();
    let momentum = story.session.lanes()[2].id;
    let losses = story.losses(2);
    story.session.apply(Action::RenameLane(momentum, "Heavy ball".to_owned()));
    assert_eq!(story.session.lane(momentum).unwrap().name(), "Heavy ball");
    story.session.apply(Action::RemoveLane(momentum));
    assert_eq!(story.session.lanes().len(), 2);
    story.session.apply(Action::Undo);
    assert_eq!(story.session.lanes().len(), 3);
    assert_eq!(story.losses(2), losses);

    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::SpreadLane {
        lane,
        path: "optimizer.learning_rate".to_owned(),
        values: vec!["0.001".to_owned(), "0.01".to_owned(), "0.1".to_owned()],
    });
    story.until("five lanes", |s| s.lanes().len() == 5 && !s.is_busy());
    let rates: Vec<f64> = story.session.lanes()[..3]
        .iter()
        .map(|l| l.spec.optimizer.number("learning_rate"))
        .collect();
    assert!(rates.contains(&0.1) && rates.contains(&0.01), "{rates:?}");
}

#[test]
fn painted_points_become_inline_data() {
    let mut story = story(TEXT);
    story.session.apply(Action::Paint { class: 1, points: vec![[1.0, 2.0], [1.5, 2.5]] });
    story.until("the data are loaded", |s| !s.is_busy());
    assert!(story.session.draft().text().contains("Inline("));
    assert_eq!(story.session.lanes()[0].train_rows(), 62);
}

#[test]
fn own_presets_are_saved_found_and_deleted() {
    let mut story = story(TEXT);
    story.session.apply(Action::SavePreset {
        name: "mine".to_owned(),
        note: "Look here".to_owned(),
        replace: false,
    });
    story.until("it is kept", |s| s.shelf().presets.iter().any(|p| p.own && p.name == "mine"));
    story.session.apply(Action::New);
    story.session.apply(Action::OpenPreset("mine".to_owned()));
    story.until("it is open", |s| s.shown_name() == "mine" && !s.is_busy());
    story.session.apply(Action::DeletePreset("mine".to_owned()));
    story.until("it is gone", |s| s.shelf().presets.iter().all(|p| p.name != "mine"));
}

#[test]
fn a_file_that_is_no_experiment_is_refused_and_the_old_one_kept() {
    let mut story = story(TEXT);
    let file = story.home.path().join("broken.ron");
    std::fs::write(&file, "(version: 1, task: Lern(").unwrap();
    story.session.apply(Action::Open(file));
    story.until("it was refused", |s| !s.notices().is_empty());
    assert_eq!(story.session.draft().text(), TEXT);
}

#[test]
fn training_goes_on_after_the_end() {
    let mut story = story(TEXT);
    story.run_to_end();
    story.session.apply(Action::TrainOn(downhill::catalog::Duration::Epochs(5)));
    story.until("five more epochs", |s| {
        s.is_over() && s.lanes().iter().all(|l| l.status.epoch == 45)
    });
    assert_eq!(story.losses(0).len(), 270);
}

#[test]
fn a_knob_turned_after_training_on_is_saved_in_a_file_that_plays_the_same_run() {
    let mut story = story(TEXT);
    story.run_to_end();
    story.session.apply(Action::TrainOn(downhill::catalog::Duration::Epochs(5)));
    story.until("five more epochs", |s| s.is_over() && s.lanes()[0].status.epoch == 45);
    // Slow enough that the pause comes long before the end.
    story.session.apply(Action::SetPace(Some(20.0)));
    story.session.apply(Action::TrainOn(downhill::catalog::Duration::Epochs(5)));
    story.session.apply(Action::Pause);
    story.until("the lanes hold still", |s| {
        s.lanes().iter().all(|l| !l.is_running() && l.end().is_none())
    });
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Turn { lane, change: rate(0.2) });
    story.until("the change is echoed", |s| s.lanes()[0].changes.len() == 1);
    story.session.apply(Action::SetPace(None));
    story.session.apply(Action::Run);
    story.until("the end", |s| s.is_over() && s.lanes()[0].status.epoch == 50);
    let live = story.losses(0);
    let file = story.home.path().join("longer.ron");
    story.session.apply(Action::SaveAs(file.clone()));
    story.until("it is saved", |s| !s.is_busy() && !s.has_unsaved());
    let mut again = self::story(&std::fs::read_to_string(&file).unwrap());
    again.run_to_end();
    assert_eq!(again.losses(0), live);
}

#[test]
fn a_table_becomes_an_experiment_that_learns_it() {
    let mut story = story(TEXT);
    let table = story.home.path().join("houses.csv");
    let mut rows = String::from("area,district,price\n");
    for i in 0..120 {
        let (area, district) = (30 + (i * 37) % 150, ["north", "south"][i % 2]);
        let price = area * 3 + 40 * (i % 2);
        writeln!(rows, "{area},{district},{price}").expect("writing to a string cannot fail");
    }
    std::fs::write(&table, rows).expect("the table can be written");
    story.session.apply(Action::PreviewTable(table.clone()));
    story.until("the preview", |s| s.table_preview().is_some());
    let preview = story.session.table_preview().and_then(|p| p.found.as_ref().ok());
    let preview = preview.expect("the table can be read");
    assert_eq!(preview.headers, ["area", "district", "price"]);
    assert!(!preview.is_class(2) && preview.is_class(1));
    let target = "price".to_owned();
    story.session.apply(Action::OpenTable { path: table, target, classes: false });
    story.until("it is open", |s| s.shown_name() == "houses" && !s.is_busy());
    assert_eq!(story.session.problems().count(), 0);
    story.run_to_end();
    for lane in story.session.lanes() {
        let r2 = lane.latest().and_then(|l| l.evaluation.train.r2).expect("it was measured");
        assert!(r2 > 0.5, "{} explains only {r2}", lane.name());
    }
}

#[test]
fn instruments_examine_a_copy_and_their_findings_go_with_the_run() {
    let mut story = story(TEXT);
    let id = story.session.lanes()[1].id;
    story.session.apply(Action::StepOnce);
    story.until("one update is done", |s| s.lanes()[1].status.step == 1);
    let tools = [
        Tool::GradientCheck,
        Tool::RateFinder(Ramp::default()),
        Tool::Sharpness,
        Tool::Microscope { index: 2, ahead: 0 },
    ];
    for tool in &tools {
        story.session.apply(Action::Examine(id, tool.clone()));
        assert!(story.session.is_examining(id, tool));
        story.until("the instrument has answered", |s| !s.is_examining(id, tool));
        let finding = story.session.finding(id, tool).expect("a finding");
        assert_eq!((finding.step, finding.lane), (1, id));
        assert!(finding.found.is_ok(), "{:?}", finding.found);
    }
    assert_eq!(story.step(1), 1, "the lane itself has not moved");
    let before = story.losses(1);
    story.session.apply(Action::Examine(id, Tool::Microscope { index: 99, ahead: 0 }));
    story.until("the instrument has answered", |s| !s.is_examining(id, &tools[3]));
    let reason = story.session.finding(id, &tools[3]).expect("a finding").found.clone();
    assert!(reason.unwrap_err().contains("no parameter 99"));
    assert_eq!(story.losses(1), before);
    story.session.apply(Action::Reset);
    story.until("the lanes are built anew", |s| {
        !s.is_busy() && s.lanes().iter().all(Lane::is_at_start)
    });
    assert!(story.session.finding(id, &tools[0]).is_none(), "another run, nothing found yet");
    story.session.apply(Action::Examine(id, Tool::Sharpness));
    story.until("the instrument has answered", |s| !s.is_examining(id, &Tool::Sharpness));
    assert_eq!(story.session.finding(id, &Tool::Sharpness).expect("a finding").step, 0);
    story.session.apply(Action::PutOnBench(None));
}

#[test]
fn losses_given_up_for_memory_come_back_when_somebody_looks_closely() {
    let text = "(version: 1, task: Surface(function: Rosenbrock, start: (-1.5, 2.0)), \
                training: (steps: 2500000), \
                lanes: [(name: \"SGD\", optimizer: Sgd(learning_rate: 0.0001))])";
    let mut story = story(text);
    story.run_to_end();
    let id = story.session.lanes()[0].id;
    let close = 1_200_000..1_200_800;
    let middle = |session: &Session| -> Vec<Option<u64>> {
        let series = &session.lanes()[0].losses;
        close.clone().map(|step| series.get(step).map(f64::to_bits)).collect()
    };
    let whole = middle(&story.session);
    assert!(whole.iter().all(Option::is_some));
    story.session.set_series_bytes(1 << 20);
    story.session.drain(Duration::from_millis(5));
    assert!(middle(&story.session).iter().all(Option::is_none), "they are given up");
    let wanted = story.session.lanes()[0].losses.lacks(&close, 1_000).expect("they are missed");
    story.session.apply(Action::Recall(id, wanted.clone()));
    story.session.apply(Action::Recall(id, wanted));
    story.until("they are back", |s| middle(s) == whole);
    assert_eq!(story.session.lanes()[0].losses.lacks(&close, 1_000), None);
    assert_eq!(story.session.lanes()[0].status.step, 2_500_000, "the lane stays where it is");
}

#[test]
fn running_what_was_before_a_mistake_says_so() {
    let mut story = story(TEXT);
    let wrong = TextEdit::set("lanes[0].optimizer.learning_rate", "-1.0");
    story.session.apply(Action::Edit { edits: vec![wrong], gesture: None });
    story.until("it is judged", |s| s.problems().next().is_some());
    story.session.apply(Action::Run);
    let notices = story.session.notices();
    assert!(notices.iter().any(|n| n.text.contains("as it was before them")), "{notices:?}");
    story.until("it runs all the same", |s| s.lanes()[0].status.step > 0);
}

#[test]
fn lanes_prove_that_they_start_alike_and_see_the_same_batches() {
    let lanes = "lanes: [
        (name: \"a\", optimizer: Sgd(learning_rate: 0.01)),
        (name: \"b\", optimizer: Adam(learning_rate: 0.05)),
        (name: \"start\", optimizer: Sgd(learning_rate: 0.01), init: Normal(std: 0.5)),
        (name: \"size\", optimizer: Sgd(learning_rate: 0.01), batch_size: 7),
        (name: \"order\", optimizer: Sgd(learning_rate: 0.01), shuffle: Once),
        (name: \"fork\", from: (lane: \"a\", step: 9), optimizer: Adam(learning_rate: 0.05)),
    ],";
    let at = TEXT.find("lanes: [").expect("it has lanes");
    let mut story = story(&format!("{}{lanes}\n)", &TEXT[..at]));
    story.until("all have begun", |s| s.lanes().iter().all(|lane| lane.began.is_some()));
    let prints: Vec<_> = story.session.lanes().iter().filter_map(|lane| lane.began).collect();
    assert_eq!(prints[1], prints[0]);
    assert_eq!(prints[5], prints[0], "a fork begins as its parent");
    let same =
        |at: usize| (prints[at].start == prints[0].start, prints[at].batches == prints[0].batches);
    assert_eq!([same(2), same(3), same(4)], [(false, true), (true, false), (true, false)]);
}

#[test]
fn lanes_change_places_with_their_runs() {
    let mut story = story(TEXT);
    story.run_to_end();
    let (first, losses) = (story.session.lanes()[0].id, story.losses(0));
    let colors = |session: &Session| session.lanes().iter().map(|l| l.color).collect::<Vec<_>>();
    let before = colors(&story.session);
    story.session.apply(Action::MoveLane(first, -1));
    assert_eq!(story.session.draft().text(), TEXT, "there is no place above the first");
    story.session.apply(Action::MoveLane(first, 1));
    let names: Vec<&str> = story.session.lanes().iter().map(Lane::name).collect();
    assert_eq!(names, ["Adam", "SGD"]);
    assert_eq!(colors(&story.session), [before[1], before[0]], "each keeps its own");
    assert_eq!((story.session.lanes()[1].id, story.losses(1)), (first, losses.clone()));
    assert!(story.session.draft().text().contains("// A comment that must live."));
    assert!(!story.session.needs_reset());
    story.session.apply(Action::Undo);
    assert_eq!((story.session.draft().text(), story.losses(0)), (TEXT, losses));
}

#[test]
fn a_lane_remembers_where_it_was_held() {
    let mut story = story(TEXT);
    let pauses = |story: &crate::story::Story| story.session.lanes()[0].pauses.clone();
    let mut held = |action, step| {
        story.session.apply(action);
        story.until("lanes are held", |s| {
            s.lanes().iter().all(|lane| lane.status.step == step && !lane.is_running())
        });
        pauses(&story)
    };
    assert_eq!(held(Action::StepOnce, 1), [[1, 1]]);
    assert_eq!(held(Action::StepOnce, 2), [[1, 2]], "steps done one at a time are one");
    assert_eq!(held(Action::StepEpoch, 6), [[1, 2], [6, 6]]);
    assert_eq!(held(Action::StepEpoch, 12), [[1, 2], [6, 6], [12, 12]]);
    assert_eq!(held(Action::RewindTo(7), 7), [[1, 2], [6, 6]], "what came after is no past");
    assert_eq!(held(Action::StepOnce, 8), [[1, 2], [6, 6], [8, 8]]);
    story.run_to_end();
    assert_eq!(pauses(&story), [[1, 2], [6, 6], [8, 8]], "an end is no pause");
}

/// A knob turned where a run has ended acts nowhere: saved, it would make a file that is refused.
#[test]
fn a_knob_turned_at_the_end_is_saved_only_once_training_goes_on() {
    let mut story = story(TEXT);
    story.run_to_end();
    let lane = story.session.lanes()[1].id;
    story.session.apply(Action::Turn { lane, change: rate(0.03) });
    story.until("it is turned", |s| s.lanes()[1].changes.len() == 1);
    let file = story.home.path().join("end.ron");
    story.session.apply(Action::SaveAs(file.clone()));
    story.until("it is saved", |s| !s.is_busy());
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("edits"), "{text}");
    assert!(downhill::experiment::check(&text).is_ok());
    story.session.apply(Action::TrainOn(downhill::catalog::Duration::Epochs(10)));
    story.until("it has gone on", |s| s.is_over() && !s.is_running());
    assert!(story.session.has_unsaved(), "now it has acted");
    story.session.apply(Action::Save);
    story.until("it is saved", |s| !s.is_busy() && !s.has_unsaved());
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("step: 240, set: \"optimizer.learning_rate\", to: 0.03"), "{text}");
    assert!(downhill::experiment::check(&text).is_ok());
}

#[test]
fn running_again_with_mistakes_in_the_experiment_does_not_seem_to_run() {
    let mut story = story(TEXT);
    story.run_to_end();
    let wrong = vec![TextEdit::set("training.batch_size", "0")];
    story.session.apply(Action::Edit { edits: wrong, gesture: None });
    assert!(story.session.problems().next().is_some());
    story.session.apply(Action::Run);
    assert!(!story.session.is_running());
}

#[test]
fn lanes_keep_their_colours_when_one_comes_in_between() {
    let mut story = story(TEXT);
    let colors = |s: &Session| -> Vec<usize> { s.lanes().iter().map(|l| l.color).collect() };
    assert_eq!(colors(&story.session), [0, 1]);
    story.run_to_end();
    let first = story.session.lanes()[0].id;
    story.session.apply(Action::Fork { lane: first, step: Some(10), change: None });
    story.until("the fork is there", |s| s.lanes().len() == 3 && !s.is_busy());
    assert_eq!(colors(&story.session), [0, 2, 1]);
    story.session.apply(Action::DuplicateLane(first));
    story.until("the copy is there", |s| s.lanes().len() == 4 && !s.is_busy());
    assert_eq!(colors(&story.session), [0, 3, 2, 1]);
}

#[test]
fn of_a_knob_turned_often_at_one_step_the_file_orders_the_last() {
    let mut story = story(TEXT);
    story.train_to(50);
    let lane = story.session.lanes()[0].id;
    for turn in 1..=9 {
        story.session.apply(Action::Turn { lane, change: rate(0.01 * f64::from(turn)) });
        story.until("it is turned", |s| s.lanes()[0].changes.len() == turn as usize);
    }
    story.session.apply(Action::Turn { lane, change: penalty(0.5) });
    story.until("the other is turned", |s| s.lanes()[0].changes.len() == 10);
    assert!(story.session.has_unsaved());
    story.run_to_end();
    let file = story.home.path().join("turned.ron");
    story.session.apply(Action::SaveAs(file.clone()));
    story.until("it is saved", |s| !s.is_busy() && !s.has_unsaved());
    assert!(!story.session.needs_reset());
    let text = std::fs::read_to_string(file).expect("it is there");
    assert_eq!(text.matches("step: 50").count(), 2, "{text}");
    assert!(text.contains("edits: [\n        (lane: "), "a line each: {text}");
    assert!(text.contains("set: \"optimizer.learning_rate\", to: 0.09"), "{text}");
    let whole = story.losses(0);
    let mut again = self::story(&text);
    again.run_to_end();
    assert_eq!(again.losses(0), whole);
}
