//! A lane as a NumPy program, from its menu: what is shown, what is copied, where it is saved.

use downhill::experiment::Change;
use downhill::session::{Action, Session};
use eframe::egui::OutputCommand;
use egui_kittest::kittest::Queryable;

use super::desk::{desk, settle, wait_for};

const LANES: &str = r#"(
    version: 1,
    name: "Two ways",
    task: Learn(data: Blobs(samples: 60, centers: 2, seed: 1)),
    training: (steps: 300, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;

#[test]
fn a_lane_is_shown_as_a_program_with_every_knob_that_was_turned() {
    let mut h = desk(LANES);
    h.state_mut().session_mut().apply(Action::StepOnce);
    let stepped = |s: &Session| s.lanes().iter().all(|lane| lane.status.step == 1);
    wait_for(&mut h, stepped);
    let lane = h.state().session().lane_ids()[1];
    let change = Change::Optimizer { knob: "learning_rate", value: 0.0625 };
    h.state_mut().session_mut().apply(Action::Turn { lane, change });
    wait_for(&mut h, |s| s.lane(lane).is_some_and(|lane| !lane.changes.is_empty()));
    let before = h.state().session().draft().text().to_owned();

    h.get_by_label("Menu of Adam").click();
    h.run_ok();
    h.get_by_label("Show as NumPy…").click();
    h.run_ok();
    settle(&mut h);
    assert!(h.query_by_label("Adam as a NumPy program").is_some());
    assert!(h.query_by_label("import numpy as np").is_some(), "its code is there to be read");
    assert_eq!(h.state().session().draft().text(), before, "looking changes nothing");

    h.get_by_label("Copy").click();
    h.step();
    let copied = h.output().platform_output.commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    let program = copied.expect("the program was copied");
    assert!(program.contains("the lane “Adam”"), "{program}");
    assert!(program.contains("(1, \"optimizer.learning_rate\", 0.0625)"), "{program}");

    h.get_by_label("Save as notebook…").click();
    h.run_ok();
    let name = "two_ways_adam.ipynb";
    assert!(h.query_all_by_value(name).next().is_some(), "a name is proposed");
}
