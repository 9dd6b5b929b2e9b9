//! Lanes of several seeds in the workbench: each seed is the run that it would be alone, through knobs
//! turned, going back, undo and divergence; what they show together is of one step.

use downhill::experiment::{Change, LanePlan};
use downhill::metrics::quantile;
use downhill::session::{Action, Lane, Outcome, Session};
use downhill::train::{EndReason, LaneResult, LaneState, PictureKind};

use super::fixtures::assert_same_bits;
use super::seeds::{SEEDED, plans, trained};
use super::story::Story;
use super::timeline::watched;

/// A longer run at a pace, so that something can be done to it on its way.
fn paced() -> String {
    SEEDED
        .replace("epochs: 12", "epochs: 300")
        .replace("lanes: [", "view: (pace: 2500.0),\n    lanes: [")
}

/// All runs of the lane at `index`, without a window.
fn headless(text: &str, index: usize, seeds: u32) -> Vec<LaneResult> {
    let plan = plans(text).remove(index);
    let runs: Vec<LanePlan> = (0..seeds).map(|number| plan.of_run(number)).collect();
    trained(&runs)
}

fn show(story: &mut Story, lane: usize, run: usize) {
    let id = story.session.lanes()[lane].id;
    story.session.apply(Action::ShowSeed(id, run));
    story.until("the seed is shown", |s| {
        let lane = &s.lanes()[lane];
        lane.shown_seed() == run && lane.has_its_pictures()
    });
}

fn params(lane: &Lane) -> Vec<f64> {
    let picture = lane.pictures().parameters.as_ref().expect("it is watched");
    let PictureKind::Parameters(params) = &picture.kind else { panic!("{picture:?}") };
    params.to_vec()
}

/// Every seed of a lane that has ended is the run that it would be without a window.
fn assert_are(story: &mut Story, lane: usize, runs: &[LaneResult]) {
    assert_eq!(story.session.lanes()[lane].seed_count(), runs.len());
    for (number, run) in runs.iter().enumerate().chain([(0, &runs[0])]) {
        let what = format!("{}, run {number}", run.name);
        show(story, lane, number);
        let found = &story.session.lanes()[lane];
        assert_eq!(found.seed_end(number), Some(&run.end), "{what}");
        let losses: Vec<f64> = run.batch_losses().collect();
        let shown: Vec<f64> = (0..found.losses.len()).filter_map(|i| found.losses.get(i)).collect();
        assert_same_bits(&shown, &losses, &what);
        let epochs: Vec<_> = run.epoch_records.iter().map(|e| (e.step, e.loss)).collect();
        let shown: Vec<_> = found.epochs().map(|e| (e.step, e.loss)).collect();
        assert_eq!(shown, epochs, "{what}");
        // Where it went back it was measured once more; where a parameter is set by hand, the file sets
        // it before it is measured.
        let is_set = |step: u64| found.changes.iter().any(|change| change.step == step);
        for record in run.evaluations.iter().filter(|record| !is_set(record.step)) {
            let mut all = found.seed_evaluations(number).iter();
            let there = all.find(|other| other.step == record.step).map(|other| &other.evaluation);
            // Compared as text, in which NaN equals itself.
            let texts = [there, Some(&record.evaluation)].map(|found| format!("{found:?}"));
            assert_eq!(texts[0], texts[1], "{what}, step {}", record.step);
        }
        if found.train_rows() > 0 {
            assert_same_bits(&params(found), &run.params, &what);
        }
    }
}

#[test]
fn every_seed_in_the_window_is_the_run_that_it_is_without_one() {
    let mut story = watched(SEEDED);
    story.run_to_end();
    for (lane, seeds) in [(0, 3), (1, 6)] {
        assert_are(&mut story, lane, &headless(SEEDED, lane, seeds));
    }
    let [sgd, adam, plain] = story.session.lanes() else { panic!("three lanes") };
    assert_eq!((plain.seed_count(), plain.spread()), (1, None));
    for run in 0..3 {
        assert_eq!(sgd.seed_began(run), adam.seed_began(run), "seed {run} pairs");
        assert!(sgd.seed_began(run).is_some());
    }
    assert_ne!(adam.seed_began(0), adam.seed_began(1));
}

#[test]
fn a_knob_turned_on_all_seeds_acts_at_one_step_and_is_saved_and_replayed() {
    let mut story = watched(&paced());
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Run);
    story.until("it is on its way", |s| s.lanes()[0].status.step > 300);
    let rate = Change::Optimizer { knob: "learning_rate", value: 0.02 };
    story.session.apply(Action::Turn { lane, change: rate });
    story.until("it is turned", |s| s.lanes()[0].changes.len() == 2);
    story.session.apply(Action::EndGesture);
    let weight = Change::Parameter { index: 3, value: 0.25 };
    story.session.apply(Action::Turn { lane, change: weight });
    story.until("it is set", |s| s.lanes()[0].changes.len() == 3);
    story.session.apply(Action::SetPace(None));
    story.until("it has ended", Session::is_over);
    let file = story.home.path().join("turned.ron");
    story.session.apply(Action::SaveAs(file.clone()));
    story.until("it is saved", |s| !s.is_busy() && !s.has_unsaved());
    let text = std::fs::read_to_string(&file).expect("it is there");
    assert!(text.contains("set: \"params.3\""), "{text}");
    assert_are(&mut story, 0, &headless(&text, 0, 3));

    // Back to before it, and on without it: as the file was.
    for _ in 0..3 {
        story.session.apply(Action::Undo);
    }
    story.until("it is taken back", |s| s.lanes()[0].changes.len() == 1);
    story.run_to_end();
    assert_are(&mut story, 0, &headless(&paced(), 0, 3));
}

#[test]
fn all_seeds_stand_at_one_step_whenever_they_rest_and_go_back_together() {
    let mut story = watched(&paced());
    story.session.apply(Action::SetPace(None));
    for step in [1, 77, 500] {
        story.train_to(step);
        for lane in &story.session.lanes()[..2] {
            assert_eq!(lane.status.step, step);
            let last = |run| lane.seed_curves(run).0.epoch_loss.last().map_or(0, |p| p.step);
            assert!((0..lane.seed_count()).all(|run| last(run) == step / 7 * 7));
        }
    }
    story.session.apply(Action::RewindTo(123));
    story.until("they went back", |s| s.lanes().iter().all(|lane| lane.status.step == 123));
    let lane = &story.session.lanes()[1];
    for run in 0..6 {
        assert!(lane.seed_evaluations(run).iter().all(|record| record.step <= 123));
    }
    story.run_to_end();
    let whole = headless(&paced(), 1, 6);
    assert_are(&mut story, 1, &whole);
    story.session.apply(Action::Undo);
    story.until("they are back where they were", |s| s.lanes()[1].status.step == 500);
    story.session.apply(Action::Redo);
    story.until("and again", |s| s.lanes()[1].status.step == 2100);
    assert_are(&mut story, 1, &whole);
}

/// About half of the seeds are thrown out of the valley by their noise.
const SOME_DIVERGE: &str = r#"(
    version: 1,
    task: Surface(function: Custom("x^4 + y^2"), start: (2.2, 1.0), noise: 3.0),
    training: (steps: 60, seed: 5),
    lanes: [
        (name: "Far", optimizer: Sgd(learning_rate: 0.1), seeds: 8),
        (name: "Near", optimizer: Sgd(learning_rate: 0.1), start: (0.5, 1.0), seeds: 8),
    ],
)"#;

#[test]
fn seeds_that_diverge_stay_and_the_others_go_on() {
    let mut story = watched(SOME_DIVERGE);
    let runs = headless(SOME_DIVERGE, 0, 8);
    let broken = runs.iter().filter(|run| run.end.reason == EndReason::Diverged).count();
    assert!((1..8).contains(&broken), "{broken} diverge");
    story.run_to_end();
    let far = &story.session.lanes()[0];
    assert_eq!((far.diverged_seeds(), far.status.step), (broken, 60));
    let end = far.end().map(|end| end.reason.clone());
    assert_eq!(end, Some(EndReason::Finished), "as those that did not");
    assert_are(&mut story, 0, &runs);
    story.until("it is compared", |s| s.comparison().is_some());
    let verdict = story.session.comparison().expect("two lanes").verdicts[0].clone();
    let Outcome::Broken { diverged, lower } = verdict.outcome else { panic!("{verdict:?}") };
    assert_eq!(diverged, [broken, 0]);
    assert!(lower[1] >= broken, "who diverged has the higher loss: {lower:?}");

    // Back to where some had ended, and on: they end again.
    let ended = runs.iter().map(|run| run.steps).filter(|steps| *steps < 60).max().unwrap_or(0);
    let back = ended + 5;
    story.session.apply(Action::RewindTo(back));
    story.until("it went back", |s| {
        let stands = |lane: &Lane| lane.status.step == back;
        s.lanes().iter().all(|l| stands(l) && l.status.state == LaneState::Paused)
    });
    assert_eq!(story.session.lanes()[0].diverged_seeds(), broken);
    story.run_to_end();
    assert_are(&mut story, 0, &runs);
    story.session.apply(Action::RewindTo(1));
    story.until("to the start", |s| s.lanes().iter().all(|lane| lane.status.step == 1));
    story.until("nobody has ended", |s| s.lanes()[0].diverged_seeds() == 0);
    story.run_to_end();
    assert_are(&mut story, 0, &runs);
}

#[test]
fn the_band_is_that_of_numpy_at_each_epoch() {
    let mut story = watched(SEEDED);
    story.run_to_end();
    let runs = headless(SEEDED, 1, 6);
    story.until("the band is drawn", |s| {
        s.lanes()[1].bands().is_some_and(|bands| bands.main.median().len() == 12)
    });
    let lane: &Lane = &story.session.lanes()[1];
    let bands = lane.bands().expect("several seeds");
    for (index, record) in runs[0].epoch_records.iter().enumerate() {
        let values: Vec<f64> = runs.iter().map(|run| run.epoch_records[index].loss).collect();
        let [low, high] = bands.main.quartiles();
        let [least, most] = bands.main.most();
        let lines = [least, low, bands.main.median(), high, most];
        for (line, part) in lines.into_iter().zip([0.025, 0.25, 0.5, 0.75, 0.975]) {
            let point = line.get(index as u64).expect("a point an epoch");
            assert_eq!((point.step, Some(point.value)), (record.step, quantile(&values, part)));
        }
    }
    let spread = lane.spread().expect("several seeds");
    // What is told of all seeds is what lanes are placed by.
    assert_eq!(Some(spread.median), bands.held_out.median().last().map(|point| point.value));
    assert_eq!(lane.ranked_loss().map(|loss| loss.value), Some(spread.median));
    assert!(bands.held_out.median().len() >= 12);
}

#[test]
fn a_fork_of_a_lane_of_several_seeds_goes_on_from_its_first_whichever_is_shown() {
    let mut story = watched(SEEDED);
    story.run_to_end();
    let (lane, first) = (story.session.lanes()[1].id, story.losses(1));
    for run in [0, 4] {
        show(&mut story, 1, run);
        story.session.apply(Action::Fork { lane, step: Some(40), change: None });
        story.until("the fork is there", |s| s.lanes().len() == 4 && !s.is_busy());
        story.until("it stands", |s| s.lanes()[2].status.step == 40 && !s.lanes()[2].is_running());
        assert_eq!(story.session.lanes()[2].seed_count(), 1);
        story.session.apply(Action::Run);
        story.until("it has ended", |s| s.lanes()[2].end().is_some());
        assert_eq!(story.losses(2), first, "seed {run} was shown");
        story.session.apply(Action::Undo);
        story.until("it is gone", |s| s.lanes().len() == 3);
    }
}

#[test]
fn all_seeds_train_on_together() {
    let mut story = watched(SEEDED);
    story.run_to_end();
    story.session.apply(Action::TrainOn(downhill::catalog::Duration::Epochs(5)));
    story.until("it is longer", |s| s.is_over() && s.lanes()[1].status.step == 17 * 7);
    let longer = SEEDED.replace("epochs: 12", "epochs: 17");
    assert_are_but_for_the_old_end(&mut story, &headless(&longer, 1, 6));
    // One step, and to the end of the epoch.
    story.session.apply(Action::RewindTo(100));
    story.until("back", |s| s.lanes().iter().all(|l| l.status.step == 100 && !l.is_running()));
    story.session.apply(Action::StepOnce);
    story.until("a step", |s| s.lanes().iter().all(|l| l.status.step == 101));
    story.session.apply(Action::StepEpoch);
    story.until("to the epoch's end", |s| s.lanes().iter().all(|l| l.status.step == 105));
    story.session.apply(Action::Stop);
    story.until("stopped", |s| s.lanes().iter().all(|l| l.end().is_some()));
    for run in 0..6 {
        let end = story.session.lanes()[1].seed_end(run).map(|end| (end.reason.clone(), end.step));
        assert_eq!(end, Some((EndReason::Stopped, 105)));
    }
}

/// As [`assert_are`], but for how they ended.
fn assert_are_but_for_the_old_end(story: &mut Story, runs: &[LaneResult]) {
    for (number, run) in runs.iter().enumerate() {
        show(story, 1, number);
        let found = &story.session.lanes()[1];
        let shown: Vec<f64> = (0..found.losses.len()).filter_map(|i| found.losses.get(i)).collect();
        let losses: Vec<f64> = run.batch_losses().collect();
        assert_same_bits(&shown, &losses, &run.name);
        assert_same_bits(&params(found), &run.params, &run.name);
    }
}

#[test]
fn seeds_that_a_rule_ends_at_different_epochs_stay_there_and_end_again() {
    let text = paced().replace("lanes: [", "stop: [LossBelow(0.28)],\n    lanes: [");
    let runs = headless(&text, 1, 6);
    let mut ends: Vec<u64> = runs.iter().map(|run| run.steps).collect();
    ends.sort_unstable();
    assert!(ends[0] < ends[5] && ends[5] < 2100, "at different epochs: {ends:?}");
    let mut story = watched(&text);
    story.session.apply(Action::SetPace(None));
    story.run_to_end();
    assert_are(&mut story, 1, &runs);
    assert_eq!(story.session.lanes()[1].status.step, ends[5]);
    // Between two ends: who had ended by then stays, the others do it again.
    let back = u64::midpoint(ends[0], ends[5]);
    story.session.apply(Action::RewindTo(back));
    story.until("they went back", |s| {
        let gone = s.lanes().iter().all(|lane| lane.status.step <= back && !lane.is_running());
        gone && s.lanes()[1].status.step == back
    });
    let ended = (0..6).filter(|run| story.session.lanes()[1].seed_end(*run).is_some()).count();
    assert_eq!(ended, ends.iter().filter(|end| **end <= back).count());
    story.run_to_end();
    assert_are(&mut story, 1, &runs);
    // A seed that has ended is looked at no later than at its end.
    let early = runs.iter().position(|run| run.steps == ends[0]).expect("one of them");
    show(&mut story, 1, early);
    story.session.apply(Action::LookAt(Some(ends[5])));
    story.until("it is shown", |s| s.lanes()[1].has_its_pictures());
    assert_eq!(story.session.lanes()[1].shown_step(), ends[0]);
    assert_same_bits(&params(&story.session.lanes()[1]), &runs[early].params, "as it ended");
}
