//! The tree of a lane's past, as a face shows it, and going to what was left.

use downhill::session::{Action, LaneBranch};

use super::story::{Story, rate, story};

const ONE: &str = r#"(
    version: 1,
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0)),
    training: (steps: 200),
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.0005))],
)"#;

fn branches(story: &Story) -> Vec<LaneBranch> {
    story.session.lanes()[0].branches()
}

/// Trained to 100, taken back to 40, another rate there, trained to 70.
fn grown() -> Story {
    let mut story = story(ONE);
    story.train_to(100);
    story.session.apply(Action::RewindTo(40));
    story.until("it went back", |s| s.lanes()[0].status.step == 40);
    let lane = story.session.lane_ids()[0];
    story.session.apply(Action::Turn { lane, change: rate(0.001) });
    story.until("it acts", |s| s.lanes()[0].changes.len() == 1);
    story.train_to(70);
    story
}

#[test]
fn the_tree_tells_where_branches_part_how_far_they_came_and_what_was_turned() {
    let story = grown();
    let all = branches(&story);
    assert_eq!(all.len(), 2);
    assert_eq!((all[0].parent, all[0].last, all[0].is_here), (None, 100, false));
    assert_eq!((all[1].parent, all[1].last, all[1].is_here), (Some((all[0].id, 40)), 70, true));
    assert!(all[0].changes.is_empty() && all.iter().all(|branch| branch.is_known));
    assert_eq!(all[1].changes.iter().map(|change| change.step).collect::<Vec<_>>(), [40]);
    assert!(all.iter().all(|branch| branch.loss.is_some_and(f64::is_finite)));
}

#[test]
fn a_branch_that_parts_where_its_parent_was_not_yet_its_own_parts_from_the_one_before() {
    let mut story = grown();
    story.session.apply(Action::RewindTo(20));
    story.until("it went back", |s| s.lanes()[0].status.step == 20);
    let all = branches(&story);
    assert_eq!(all[2].parent, Some((all[0].id, 20)), "steps up to 40 are the first one's");
}

#[test]
fn a_branch_that_was_left_is_gone_to_and_undo_comes_back() {
    let mut story = grown();
    let lane = story.session.lane_ids()[0];
    let (all, here) = (branches(&story), story.losses(0));
    story.session.apply(Action::GoToBranch(lane, all[0].id));
    story.until("it is on the first branch", |s| s.lanes()[0].branch() == all[0].id);
    story.until("it stands at its end", |s| s.lanes()[0].status.step == 100);
    assert_eq!((story.losses(0).len(), story.session.turned_by_hand()), (100, 0));
    let there = branches(&story);
    assert!(there[0].is_here && !there[1].is_here && there[1].is_known);
    assert_eq!((there[1].last, there[1].changes.len()), (70, 1));
    assert_eq!(story.session.next_undo().as_deref(), Some("Go to another branch"));
    story.session.apply(Action::Undo);
    story.until("it came back", |s| s.lanes()[0].status.step == 70);
    assert_eq!((story.losses(0), story.session.turned_by_hand()), (here, 1));
    // It goes on from there as if nothing had been.
    story.train_to(90);
    assert_eq!(story.losses(0).len(), 90);
}
