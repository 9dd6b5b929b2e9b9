//! One number places a lane, and that number is the one to be read: on its card, its tile, in the table.

use downhill::experiment::{Arrange, Pane};
use downhill::session::{Action, RankedBy, Session};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::desk::{Desk, desk, wait_for};

const HELD_OUT: &str = r#"(
    version: 1,
    task: Learn(
        data: Moons(samples: 80, noise: 0.3, seed: 1),
        held_out: (fraction: 0.25, seed: 1),
        model: (hidden: [Dense(units: 6, activation: Tanh)]),
    ),
    training: (epochs: 3, batch_size: 10),
    lanes: [
        (name: "Steady", optimizer: Sgd(learning_rate: 0.3)),
        (name: "Quick", optimizer: Adam(learning_rate: 0.03)),
        (name: "Whole", optimizer: Sgd(learning_rate: 0.1), batch_size: Full),
    ],
)"#;

const SURFACE: &str = r#"(
    version: 1,
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0)),
    training: (steps: 30),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.0005)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;

fn trained(text: &str) -> Harness<'static, Desk> {
    let mut h = desk(text);
    h.state_mut().session_mut().hurry_to(u64::MAX);
    wait_for(&mut h, Session::is_over);
    let open = Action::Arrange(Arrange::Open(Pane::Results));
    h.state_mut().session_mut().apply(open);
    for _ in 0..4 {
        h.run_ok();
    }
    h
}

#[test]
fn the_number_that_places_a_lane_stands_on_its_card_its_tile_and_in_the_table() {
    for (text, by) in [
        (HELD_OUT.to_owned(), RankedBy::HeldOut),
        (HELD_OUT.replace("held_out: (fraction: 0.25, seed: 1),", ""), RankedBy::AllRows),
        (SURFACE.to_owned(), RankedBy::Value),
    ] {
        let h = trained(&text);
        let session = h.state().session();
        let mut placed: Vec<(usize, f64)> = Vec::new();
        for lane in session.lanes() {
            let ranked = lane.ranked_loss().expect("it was measured");
            assert_eq!(ranked.by, by);
            let told = format!("{:.4}", ranked.value);
            let count = h.query_all_by_label(&told).count();
            assert!(count >= 3, "{told} of {} stands {count} times", lane.name());
            placed.push((session.ranks()[&lane.id], ranked.value));
        }
        placed.sort_by_key(|(rank, _)| *rank);
        assert!(placed.is_sorted_by(|a, b| a.1 <= b.1), "{placed:?}");
        let named = h.query_all_by_label(by.word()).count();
        assert!(named >= session.lanes().len(), "{} stands {named} times", by.word());
        let batches = h.query_all_by_label_contains("epoch mean ").count();
        let expected = if by == RankedBy::Value { 0 } else { session.lanes().len() };
        assert_eq!(batches, expected, "the other loss stands beside it");
    }
}

#[test]
fn the_number_of_several_seeds_is_their_median_of_the_same_loss() {
    let h = trained(&HELD_OUT.replace("(name: \"Quick\",", "(name: \"Quick\", seeds: 3,"));
    let lane = &h.state().session().lanes()[1];
    let mut each: Vec<f64> = (0..3).filter_map(|run| lane.seed_loss(run)).collect();
    each.sort_by(f64::total_cmp);
    assert_eq!(
        lane.ranked_loss().map(|loss| (loss.by, loss.value)),
        Some((RankedBy::HeldOut, each[1]))
    );
    assert!(h.query_all_by_label(&format!("{:.4}", each[1])).count() >= 3);
}
