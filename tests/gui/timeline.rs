//! Looking back, going back and forking by mouse and keys, and the same run from the saved file.

use downhill::experiment::check;
use downhill::session::{Action, Lane};
use downhill::train::{HeadlessOptions, train_all};
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::desk::{Desk, desk, key, press, settle, wait_for};

const FOUR: &str = r#"(
    version: 1,
    name: "Four lanes",
    task: Learn(data: Blobs(samples: 60, features: 2, centers: 2, std: 1.5, seed: 1)),
    training: (steps: 400, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01)),
        (name: "Momentum", optimizer: Sgd(learning_rate: 0.01, momentum: 0.9)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
        (name: "Lion", optimizer: Lion(learning_rate: 0.01)),
    ],
)"#;

/// Clicks on the timeline at a part of its length.
fn click_track(h: &mut Harness<'_, Desk>, part: f32) {
    let rect = h.get_by_label("Step looked at").rect();
    let at = rect.left_center() + eframe::egui::vec2(6.0 + (rect.width() - 12.0) * part, 0.0);
    h.hover_at(at);
    h.run_ok();
    h.drag_at(at);
    h.run_ok();
    h.drop_at(at);
    h.run_ok();
}

fn losses(lane: &Lane) -> Vec<f64> {
    (0..lane.losses.len()).filter_map(|i| lane.losses.get(i)).collect()
}

#[test]
fn while_one_looks_back_the_cards_say_that_a_knob_forks() {
    let mut h = desk(FOUR);
    h.state_mut().session_mut().hurry_to(20);
    wait_for(&mut h, |s| s.lanes().iter().all(|lane| lane.status.step == 20));
    let says =
        |h: &Harness<'_, Desk>| h.query_by_label_contains("a knob turned now forks").is_some();
    assert!(!says(&h));
    let below =
        |h: &Harness<'_, Desk>| h.get_all_by_label("Learning rate").next().expect("a card").rect();
    let before = below(&h);
    h.state_mut().session_mut().apply(Action::LookAt(Some(5)));
    h.run_ok();
    assert!(says(&h));
    assert_eq!(below(&h), before, "nothing moves");
    h.state_mut().session_mut().apply(Action::LookAt(None));
    h.run_ok();
    assert!(!says(&h));
}

#[test]
fn the_story_of_a_turned_knob_a_rewind_and_a_fork() {
    let mut h = desk(FOUR);
    // Run four lanes, to the end.
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    let whole = losses(&h.state().session().lanes()[0]);
    // Look back, by mouse and by keys.
    click_track(&mut h, 0.25);
    wait_for(&mut h, |s| {
        s.lanes().iter().all(|l| l.moment().is_some_and(|m| m.status.step == 100))
    });
    assert!(h.query_by_label("viewing step 100").is_some());
    key(&mut h, Modifiers::NONE, Key::Comma);
    key(&mut h, Modifiers::NONE, Key::Comma);
    key(&mut h, Modifiers::NONE, Key::Period);
    assert_eq!(h.state().session().looked_at(), Some(99));
    key(&mut h, Modifiers::NONE, Key::L);
    assert_eq!(h.state().session().looked_at(), None);
    // Go back there, turn the learning rate of one, and run on.
    click_track(&mut h, 0.25);
    press(&mut h, "Go back here");
    wait_for(&mut h, |s| s.lanes().iter().all(|l| l.status.step == 100 && !l.is_running()));
    let rate = h.get_by_role_and_label(Role::Slider, "Learning rate of SGD");
    rate.focus();
    h.run_ok();
    key(&mut h, Modifiers::NONE, Key::ArrowUp);
    wait_for(&mut h, |s| s.lanes()[0].changes.len() == 1);
    assert_eq!(h.state().session().lanes()[0].changes[0].step, 100);
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    let turned = losses(&h.state().session().lanes()[0]);
    assert_eq!(turned[..101], whole[..101]);
    assert_ne!(turned[101..], whole[101..]);
    // Fork it at 156 with Nesterov's momentum.
    click_track(&mut h, 0.39);
    wait_for(&mut h, |s| {
        s.lanes().iter().all(|l| l.moment().is_some_and(|m| m.status.step == 156))
    });
    press(&mut h, "Fork here");
    h.get_all_by_role_and_label(Role::Button, "SGD").last().expect("in the menu").click();
    h.run_ok();
    settle(&mut h);
    wait_for(&mut h, |s| s.lanes().len() == 5 && s.lanes()[1].status.step == 156);
    key(&mut h, Modifiers::NONE, Key::L);
    assert_eq!(h.state().session().lanes()[1].name(), "SGD @156");
    let edits = vec![downhill::experiment::TextEdit::set(
        "lanes[1].optimizer",
        "Sgd(learning_rate: 0.03, momentum: 0.9, nesterov: true)",
    )];
    let action = downhill::session::Action::Edit { edits, gesture: None };
    h.state_mut().session_mut().apply(action);
    settle(&mut h);
    wait_for(&mut h, |s| s.lanes()[1].knobs.optimizer.flag("nesterov"));
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    // Compare: the fork has its parent's past, and another future.
    let fork = losses(&h.state().session().lanes()[1]);
    assert_eq!(fork[..157], turned[..157]);
    assert_ne!(fork[157..], turned[157..]);
    // Undo takes back the optimizer, the fork, and redo brings both back.
    for _ in 0..2 {
        key(&mut h, Modifiers::COMMAND, Key::Z);
    }
    settle(&mut h);
    wait_for(&mut h, |s| s.lanes().len() == 4);
    for _ in 0..2 {
        key(&mut h, Modifiers::COMMAND, Key::Y);
    }
    settle(&mut h);
    wait_for(&mut h, |s| s.lanes().len() == 5);
    // Save with edits, and run that without a window: the same bits.
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("story.ron");
    h.state_mut().session_mut().apply(downhill::session::Action::SaveAs(file.clone()));
    settle(&mut h);
    let text = std::fs::read_to_string(&file).expect("it was written");
    assert!(
        text.contains("from: (lane: \"SGD\", step: 156)") && text.contains("step: 100"),
        "{text}"
    );
    let plans = check(&text).expect("valid").prepare(&downhill::data::NoFiles).expect("generated");
    let options = HeadlessOptions { threads: 2, history: true, params_at: Vec::new() };
    let results = train_all(&plans, &options, &std::sync::atomic::AtomicBool::new(false), &());
    let alone: Vec<Vec<f64>> = results.iter().map(|r| r.batch_losses().collect()).collect();
    assert_eq!(alone[0], turned);
    assert_eq!(alone[1], fork);
}

#[test]
fn the_timeline_moves_by_keys_when_it_has_the_focus() {
    let mut h = desk(FOUR);
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    h.get_by_label("Step looked at").focus();
    h.run_ok();
    for (pressed, step) in [
        (Key::Home, 0),
        (Key::ArrowRight, 1),
        (Key::PageDown, 21),
        (Key::ArrowLeft, 20),
        (Key::End, 400),
        (Key::PageUp, 380),
    ] {
        key(&mut h, Modifiers::NONE, pressed);
        assert_eq!(h.state().session().looked_at(), Some(step), "{pressed:?}");
    }
    assert_eq!(h.state().session().lanes()[0].status.step, 400, "arrows train nothing meanwhile");
}

#[test]
fn a_lane_that_diverged_is_forked_from_where_it_was_calm() {
    let text = FOUR.replace("Sgd(learning_rate: 0.01)),", "Sgd(learning_rate: 1000.0)),");
    let model = "seed: 1), model: (output: Identity), loss: MeanSquaredError)";
    let text = text.replace("seed: 1))", model);
    let mut h = desk(&text);
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    let diverged = &h.state().session().lanes()[0];
    assert!(diverged.calm_step() < 3, "{}", diverged.calm_step());
    press(&mut h, "with learning rate ÷ 10");
    settle(&mut h);
    wait_for(&mut h, |s| s.lanes().len() == 5);
    let rate = h.state().session().lanes()[1].spec.optimizer.number("learning_rate");
    assert!((rate / 100.0 - 1.0).abs() < 1e-12, "{rate}");
    let from = h.state().session().lanes()[1].spec.from.clone().expect("a fork");
    assert!(from.lane == "SGD" && from.step < 3, "{from:?}");
}

#[test]
fn the_lanes_panel_says_whether_all_begin_alike() {
    let h = desk(FOUR);
    assert!(h.query_by_label("same start ✓ · same batches ✓").is_some());
    let text =
        FOUR.replace("Adam(learning_rate: 0.05))", "Adam(learning_rate: 0.05), batch_size: Full)");
    let h = desk(&text);
    assert!(h.query_by_label("same start ✓ · same batches ✕").is_some());
}
