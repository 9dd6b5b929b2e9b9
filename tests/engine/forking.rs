//! Forking in the workbench: from a run that is there, with its past, undone, saved, and the same bits
//! from the file alone.

use downhill::experiment::Change;
use downhill::session::{Action, Lane};
use downhill::train::PictureRequest;

use crate::story::{Story, rate};
use crate::timeline::{TEXT, watched};

/// A run with a knob turned at 100, at its end; and the same with a fork at 156 of its first lane.
fn forked(change: Option<Change>) -> Story {
    let mut story = watched(TEXT);
    story.train_to(100);
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Turn { lane, change: rate(0.02) });
    story.until("it is turned", |s| s.lanes()[0].changes.len() == 1);
    story.run_to_end();
    story.session.apply(Action::Fork { lane, step: Some(156), change });
    story.until("the fork is there", |s| s.lanes().len() == 3 && !s.is_busy());
    story.until("it stands", |s| s.lanes()[1].status.step == 156 && !s.lanes()[1].is_running());
    let fork = story.session.lanes()[1].id;
    story.session.apply(Action::Watch(fork, vec![PictureRequest::Parameters]));
    story
}

#[test]
fn a_fork_goes_on_where_its_parent_stood_and_has_its_past() {
    let mut story = forked(None);
    let whole = story.losses(0);
    assert_eq!(story.losses(1), whole[..156], "the parent's past is its own");
    let [parent, fork] = [0, 1].map(|at| &story.session.lanes()[at]);
    assert_eq!(fork.name(), "SGD @156");
    assert!(fork.is_at_start() && fork.first_step() == 156);
    assert_eq!(fork.knobs.optimizer.number("learning_rate"), 0.02, "as it was then");
    assert_eq!(fork.epochs().count(), parent.epochs().filter(|e| e.step <= 156).count());
    let text = story.session.draft().text().to_owned();
    assert!(text.contains("from: (lane: \"SGD\", step: 156)"), "{text}");
    assert!(text.contains("step: 100, set: \"optimizer.learning_rate\", to: 0.02"), "{text}");
    assert!(!story.session.needs_reset(), "what was turned by hand is what the file orders now");
    story.session.apply(Action::Run);
    story.until("it has ended", |s| s.lanes()[1].end().is_some());
    assert_eq!(story.losses(1), whole, "without a change it is its parent");
    assert_eq!(story.losses(0), whole, "which stays as it is");
    let evaluations = |lane: &Lane| lane.evaluations.iter().map(|e| e.step).collect::<Vec<_>>();
    assert_eq!(evaluations(&story.session.lanes()[1]), evaluations(&story.session.lanes()[0]));

    // The same from the file alone.
    let file = story.home.path().join("forked.ron");
    story.session.apply(Action::SaveAs(file.clone()));
    story.until("it is saved", |s| !s.is_busy() && !s.has_unsaved());
    let mut again = watched(&std::fs::read_to_string(&file).unwrap());
    again.until("the fork is where it begins", |s| s.lanes()[1].status.step == 156);
    again.until("it has its past", |s| s.lanes()[1].losses.len() == 156);
    again.run_to_end();
    assert_eq!([again.losses(0), again.losses(1)], [whole.clone(), whole.clone()]);
    story.session.apply(Action::Reset);
    story.until("all are built anew", |s| !s.is_busy() && s.lanes().iter().all(Lane::is_at_start));
    story.until("the fork waits", |s| s.lanes()[1].losses.len() == 156);
    story.run_to_end();
    assert_eq!([story.losses(0), story.losses(1)], [whole.clone(), whole]);
}

#[test]
fn a_fork_with_a_change_differs_from_there_on_and_undo_takes_it_away() {
    let mut story = forked(Some(rate(0.4)));
    let whole = story.losses(0);
    assert!(story.session.draft().text().contains("Sgd(learning_rate: 0.4, momentum: 0.9)"));
    story.session.apply(Action::Run);
    story.until("it has ended", |s| s.lanes()[1].end().is_some());
    let other = story.losses(1);
    assert_eq!(
        other[..157],
        whole[..157],
        "sample 156 is measured before the first update of its own"
    );
    assert_ne!(other[157..], whole[157..]);
    story.session.apply(Action::Undo);
    story.until("it is gone", |s| s.lanes().len() == 2);
    assert_eq!(story.session.draft().text(), TEXT);
    assert!(!story.session.needs_reset());
    assert!(story.session.has_unsaved(), "the knob of the parent is again only of the run");
    story.session.apply(Action::Redo);
    story.until("it is back with its run", |s| s.lanes().len() == 3 && !s.is_busy());
    assert_eq!(story.losses(1), other);
}

#[test]
fn a_fork_at_its_start_takes_another_optimizer_and_keeps_its_place() {
    let mut story = forked(None);
    let edits = vec![downhill::experiment::TextEdit::set(
        "lanes[1].optimizer",
        "Adam(learning_rate: 0.03)",
    )];
    let whole = story.losses(0);
    story.session.apply(Action::Edit { edits, gesture: None });
    story.until("it is rebuilt", |s| {
        !s.is_busy()
            && s.lanes()[1].knobs.optimizer.name() == "Adam"
            && s.lanes()[1].status.step == 156
    });
    assert_eq!(story.losses(1), whole[..156]);
    story.session.apply(Action::Run);
    story.until("it has ended", |s| s.lanes()[1].end().is_some());
    let live = story.losses(1);
    let mut again = watched(story.session.draft().text());
    again.until("the fork is where it begins", |s| s.lanes()[1].status.step == 156);
    again.run_to_end();
    assert_eq!(again.losses(1), live, "and the file tells the same");
}

#[test]
fn a_knob_turned_in_the_past_forks_once_a_gesture() {
    let mut story = watched(TEXT);
    story.run_to_end();
    let (lane, whole) = (story.session.lanes()[0].id, story.losses(0));
    story.look_at(77);
    for value in [0.1, 0.2, 0.3] {
        story.session.apply(Action::Turn { lane, change: rate(value) });
        story.session.drain(std::time::Duration::from_millis(1));
    }
    story.session.apply(Action::EndGesture);
    story.until("the fork is there", |s| s.lanes().len() == 3 && !s.is_busy());
    story.until("it stands", |s| s.lanes()[1].status.step == 77);
    assert_eq!(story.session.lanes()[1].knobs.optimizer.number("learning_rate"), 0.3);
    assert_eq!(story.session.lanes()[0].changes.len(), 0, "the past stays as it was");
    assert_eq!(story.losses(0), whole);
    story.session.apply(Action::Turn { lane, change: rate(0.4) });
    story.until("another gesture, another fork", |s| s.lanes().len() == 4 && !s.is_busy());
}

#[test]
fn lanes_with_forks_are_renamed_with_them_and_removed_after_them() {
    let mut story = forked(None);
    let [parent, fork] = [0, 1].map(|at| story.session.lanes()[at].id);
    story.session.apply(Action::RenameLane(parent, "Plain".to_owned()));
    assert!(story.session.draft().text().contains("from: (lane: \"Plain\", step: 156)"));
    assert!(!story.session.needs_reset());
    story.session.apply(Action::RemoveLane(parent));
    assert_eq!(story.session.lanes().len(), 3);
    assert!(story.session.notices().iter().any(|n| n.text.contains("remove it first")));
    story.session.apply(Action::RemoveLane(fork));
    story.session.apply(Action::RemoveLane(parent));
    story.until("one is left", |s| s.lanes().len() == 1);
}

#[test]
fn a_parameter_put_to_a_value_in_the_past_is_where_a_fork_begins() {
    let mut story = watched(TEXT);
    story.run_to_end();
    let (lane, whole) = (story.session.lanes()[0].id, story.losses(0));
    story.look_at(100);
    story.session.apply(Action::Turn { lane, change: Change::Parameter { index: 3, value: 0.75 } });
    story.until("the fork is there", |s| s.lanes().len() == 3 && !s.is_busy());
    story.until("it stands", |s| s.lanes()[1].status.step == 100 && !s.lanes()[1].is_running());
    let text = story.session.draft().text().to_owned();
    let order = format!(
        "(lane: {:?}, step: 100, set: \"params.3\", to: 0.75)",
        story.session.lanes()[1].name()
    );
    assert!(text.contains(&order), "{text}");
    story.session.apply(Action::LookAt(None));
    story.session.apply(Action::Run);
    story.until("it has ended", |s| s.lanes()[1].end().is_some());
    let fork = story.losses(1);
    assert_eq!(fork[..100], whole[..100]);
    assert_ne!(fork[100], whole[100], "it begins elsewhere");
    let mut again = watched(&text);
    again.run_to_end();
    assert_eq!(again.losses(1), fork, "and the file tells the same");
    story.session.apply(Action::Undo);
    story.until("it is gone", |s| s.lanes().len() == 2);
    assert_eq!(story.session.draft().text(), TEXT);
}

#[test]
fn what_a_fork_has_of_its_parent_is_told_in_three_columns() {
    let story = forked(Some(Change::Regularize {
        penalty: downhill::objective::Penalty::L2,
        factor: 0.25,
    }));
    assert_eq!(story.session.lanes()[0].inherited(), None);
    let rows = story.session.lanes()[1].inherited().expect("a fork");
    let told = |what: &str| {
        let row = rows.iter().find(|row| row.what == what).unwrap_or_else(|| panic!("{rows:?}"));
        [row.then.as_str(), &row.file, &row.fork].map(str::to_owned)
    };
    assert_eq!(told("Learning rate"), ["0.02", "0.05", "0.02"], "turned at 100");
    assert_eq!(told("L2"), ["0.0", "0.0", "0.25"]);
    assert_eq!(told("Optimizer's memory")[2], "goes on");
    assert_eq!(told("Weights")[2], "all kept");
}

#[test]
fn a_fork_is_looked_at_from_where_it_begins() {
    let text = TEXT.replace(
        "(name: \"Adam\",",
        "(name: \"Fork\", from: (lane: \"SGD\", step: 90), optimizer: Adam(learning_rate: 0.01)),
        (name: \"Of a fork\", from: (lane: \"Fork\", step: 140), optimizer: Lion(learning_rate: 0.01)),
        (name: \"Adam\",",
    );
    let params = |lane: &Lane| {
        let picture = lane.pictures().parameters.clone().expect("it is watched");
        (picture.step, picture.kind)
    };
    let ready = |text: &str| {
        let mut story = watched(text);
        story.until("the forks stand", |s| {
            s.lanes()[1].status.step == 90 && s.lanes()[2].status.step == 140
        });
        story
    };
    let mut story = ready(&text);
    story.run_to_end();
    let mut other = ready(&text);
    for (step, fork, of_a_fork) in [(100, 100, 140), (147, 147, 147), (20, 90, 140)] {
        story.look_at(step);
        let steps = [1, 2].map(|at| story.session.lanes()[at].shown_step());
        assert_eq!(steps, [fork, of_a_fork], "at {step}");
        if step == 147 {
            other.session.hurry_to(147);
            other.until("they are there", |s| {
                s.lanes().iter().all(|l| l.status.step == 147 && !l.is_running())
            });
            other.until("pictured", |s| s.lanes().iter().all(Lane::has_its_pictures));
            for at in 0..4 {
                let [seen, there] = [&story, &other].map(|s| params(&s.session.lanes()[at]));
                assert_eq!(seen, there, "lane {at}");
            }
        }
    }
    story.session.apply(Action::RewindTo(20));
    story.until("no further back than they begin", |s| {
        s.lanes().iter().map(|l| l.status.step).eq([20, 90, 140, 20])
    });
}

#[test]
fn the_path_of_a_fork_begins_where_its_parent_began() {
    let preset = downhill::experiment::shipped_preset("forks").expect("it ships");
    let mut story = watched(preset.text);
    story.until("the forks stand", |s| {
        s.lanes()[1..].iter().all(|l| l.status.step == 60 && l.trail.len() == 61)
    });
    for lane in &story.session.lanes()[1..] {
        assert_eq!(lane.trail[0], (0, [-4.0, 1.0]), "{}", lane.name());
    }
}

#[test]
fn a_fork_that_is_not_yet_where_it_begins_is_not_forked() {
    let text = "(version: 1, task: Surface(function: Sphere, start: (1.0, 1.0)), \
        training: (steps: 40000000), lanes: [(name: \"a\", optimizer: Sgd(learning_rate: 1e-9)), \
        (name: \"b\", from: (lane: \"a\", step: 39000000), optimizer: Sgd(learning_rate: 1e-9))])";
    let mut story = watched(text);
    story.until("it is on the way", |s| (1..39_000_000).contains(&s.lanes()[1].status.step));
    let lane = story.session.lanes()[1].id;
    story.session.apply(Action::LookAt(Some(3)));
    story.session.apply(Action::Fork { lane, step: None, change: None });
    assert_eq!(story.session.lane_ids().len(), 2);
    assert!(story.session.notices().iter().any(|n| n.text.contains("not yet where it was forked")));
}

#[test]
fn a_fork_asked_for_while_its_parent_goes_back_past_it_is_built_from_the_file() {
    let mut story = watched(TEXT);
    story.train_to(150);
    let lane = story.session.lanes()[0].id;
    // Nothing is heard of the lane between the two.
    story.session.apply(Action::RewindTo(50));
    story.session.apply(Action::Fork { lane, step: Some(120), change: None });
    story.until("the fork is there", |s| s.lanes().len() == 3 && !s.is_busy());
    story.until("it stands", |s| {
        let fork = &s.lanes()[1];
        fork.status.step == 120 && fork.losses.len() == 120 && !fork.is_running()
    });
    assert_eq!(story.losses(0).len(), 50, "the parent is where it was taken");
    assert_eq!(story.losses(1)[..50], story.losses(0)[..]);
}
