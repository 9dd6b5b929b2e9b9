//! Lanes abreast: by whatever they are counted, and nothing that they compute changes.

use downhill::experiment::Race;
use downhill::session::{Action, Lane, Session};

use crate::story::{Story, story};

/// Three lanes of different speeds: full batches, small ones, and a gradient measured by differences.
const TEXT: &str = r#"(
    version: 1,
    task: Learn(
        data: Blobs(samples: 60, features: 2, centers: 2, std: 1.5, seed: 3),
        model: (hidden: [Dense(units: 6, activation: Tanh)]),
    ),
    training: (epochs: Unlimited, batch_size: 6, seed: 1),
    lanes: [
        (name: "Full", optimizer: Sgd(learning_rate: 0.05), batch_size: Full),
        (name: "Small", optimizer: Adam(learning_rate: 0.01)),
        (name: "Measured", optimizer: Sgd(learning_rate: 0.05), gradient: Numeric(1e-5)),
    ],
)
"#;

fn counted(lane: &Lane, rule: Race) -> u64 {
    match rule {
        Race::Free | Race::Step => lane.status.step,
        Race::Epoch => lane.status.epoch,
        Race::Samples => lane.status.samples,
        Race::Evaluations => lane.status.loss_evaluations,
    }
}

/// What one update may add at most.
fn most_an_update(lane: &Lane, rule: Race) -> u64 {
    match rule {
        Race::Free | Race::Step | Race::Epoch => 1,
        Race::Samples => lane.status.samples.div_ceil(lane.status.step.max(1)).max(6),
        Race::Evaluations => lane.status.loss_evaluations.div_ceil(lane.status.step.max(1)),
    }
}

fn are_still(session: &Session) -> bool {
    session.lanes().iter().all(|lane| !lane.is_running())
}

#[test]
fn lanes_that_are_paused_stand_side_by_side() {
    for rule in [Race::Step, Race::Epoch, Race::Samples, Race::Evaluations] {
        let mut story = story(TEXT);
        story.session.apply(Action::Race(rule));
        for round in 1..=3 {
            story.session.apply(Action::Run);
            let goal = round * 300;
            story.until("they have come some way", |s| {
                s.lanes().iter().all(|lane| counted(lane, rule) >= goal)
            });
            story.session.apply(Action::Pause);
            story.until("they hold still", are_still);
            let lanes = story.session.lanes();
            let places: Vec<u64> = lanes.iter().map(|lane| counted(lane, rule)).collect();
            let most = lanes.iter().map(|lane| most_an_update(lane, rule)).max().unwrap_or(1);
            let (first, last) = (places.iter().max().unwrap(), places.iter().min().unwrap());
            let abreast = if rule == Race::Step || rule == Race::Epoch { 0 } else { most };
            assert!(first - last <= abreast, "{rule:?}: {places:?}, an update adds {most}");
        }
    }
}

#[test]
fn a_race_changes_no_bit() {
    let text = TEXT.replace("epochs: Unlimited", "epochs: 40");
    let mut free = story(&text);
    free.run_to_end();
    for rule in [Race::Step, Race::Epoch, Race::Samples, Race::Evaluations] {
        let mut raced = story(&text);
        raced.session.apply(Action::Race(rule));
        raced.run_to_end();
        for lane in 0..3 {
            assert_eq!(raced.losses(lane), free.losses(lane), "{rule:?}");
        }
    }
}

#[test]
fn whoever_ends_or_is_reset_is_not_waited_for() {
    let mut story = story(TEXT);
    story.session.apply(Action::Race(Race::Step));
    story.session.apply(Action::Run);
    story.until("they run", |s| s.lanes().iter().all(|lane| lane.status.step > 50));
    // One goes away, one is added and catches up, and all go on.
    let gone = story.session.lanes()[2].id;
    story.session.apply(Action::RemoveLane(gone));
    story.session.apply(Action::DuplicateLane(story.session.lanes()[0].id));
    story.until("the new one is there", |s| s.lanes().len() == 3);
    let furthest = story.session.furthest();
    story.until("all go on", |s| s.lanes().iter().all(|lane| lane.status.step > furthest + 500));
    // Free again in the middle of it.
    story.session.apply(Action::Race(Race::Free));
    let furthest = story.session.furthest();
    story.until("all go on", |s| s.lanes().iter().all(|lane| lane.status.step > furthest + 500));
}

#[test]
fn lanes_drawn_with_every_seed_are_kept_by_name_and_undone() {
    let mut story = story(TEXT);
    let ids = story.session.lane_ids().to_vec();
    let text = |story: &Story| story.session.draft().text().to_owned();
    story.session.apply(Action::DrawSeeds(ids[1], true));
    assert!(story.session.draws_every_seed(ids[1]) && !story.session.draws_every_seed(ids[0]));
    story.session.apply(Action::RenameLane(ids[1], "Tiny".to_owned()));
    assert!(text(&story).contains("every_seed: [\"Tiny\"]"), "{}", text(&story));
    story.session.apply(Action::RemoveLane(ids[1]));
    assert!(!text(&story).contains("every_seed"));
    story.session.apply(Action::Undo);
    story.session.apply(Action::Undo);
    assert!(story.session.draws_every_seed(ids[1]));
    story.session.apply(Action::Undo);
    assert!(!text(&story).contains("every_seed"));
}

#[test]
fn who_is_drawn_and_compared_with_is_kept_by_name_and_undone() {
    let mut story = story(TEXT);
    let ids = story.session.lane_ids().to_vec();
    let shown = |s: &Session| -> Vec<bool> { s.lanes().iter().map(|l| s.is_shown(l)).collect() };
    story.session.apply(Action::Mute(ids[0], true));
    assert_eq!(shown(&story.session), [false, true, true]);
    story.session.apply(Action::Solo(ids[1], true));
    assert_eq!(shown(&story.session), [false, true, false]);
    story.session.apply(Action::Pin(Some(ids[1])));
    story.session.apply(Action::RenameLane(ids[1], "Tiny".to_owned()));
    assert!(story.session.draft().text().contains("pinned: \"Tiny\""));
    assert_eq!(story.session.pinned(), Some(ids[1]));
    assert_eq!(shown(&story.session), [false, true, false]);
    story.session.apply(Action::RemoveLane(ids[1]));
    story.until("it is gone", |s| s.lanes().len() == 2);
    assert_eq!(story.session.pinned(), None);
    assert_eq!(shown(&story.session), [false, true]);
    assert!(story.session.draft().problems().is_empty());
    for _ in 0..4 {
        story.session.apply(Action::Undo);
    }
    story.until("it is back", |s| s.lanes().len() == 3);
    assert_eq!(shown(&story.session), [false, true, true]);
    assert_eq!(story.session.pinned(), None);
}

#[test]
fn results_tell_places_what_was_reached_when_and_what_differs() {
    let mut story = story(&TEXT.replace("epochs: Unlimited", "epochs: 30"));
    story.run_to_end();
    let target = 0.3;
    story.session.apply(Action::Aim(Some(target)));
    let results = story.session.results();
    assert_eq!(results.rows.len(), 3);
    let ranks: Vec<usize> = results.rows.iter().filter_map(|row| row.rank).collect();
    assert_eq!(ranks.iter().sum::<usize>(), 6);
    for row in &results.rows {
        let lane = story.session.lane(row.lane).unwrap();
        assert_eq!(row.loss, lane.ranked_loss().map(|ranked| ranked.value));
        let epochs = &lane.curves.epoch_loss;
        let first = (0..epochs.len())
            .filter_map(|at| epochs.get(at))
            .find(|point| point.value <= target)
            .map(|point| point.step);
        assert_eq!(row.reached.map(|reached| reached.step), first, "{}", lane.name());
    }
    assert!(results.rows.iter().any(|row| row.reached.is_some()), "a target worth testing");
    assert_eq!(results.rows[0].ahead, None, "the first is what others are compared with");
    let less = results.rows[1].loss.unwrap() - results.rows[0].loss.unwrap();
    assert_eq!(results.rows[1].ahead, Some(less));
    assert!(results.settings.contains(&"Optimizer") && results.settings.contains(&"Batch size"));
    assert!(!results.settings.contains(&"Weights"), "all start alike");
    // Looking back, it is of that step.
    story.look_at(3);
    assert!(story.session.results().rows.iter().all(|row| row.step == 3));
}
