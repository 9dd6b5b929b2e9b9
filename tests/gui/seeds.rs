//! Lanes of several seeds in the window: what the card says, which seed is shown, who wins.

use downhill::ui::raster::Picture;
use downhill::ui::shot::{Stage, StageSettings};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::desk::{Desk, desk, press, settle, wait_for};
use super::gallery::keep;

const SEEDED: &str = r#"(
    version: 1,
    name: "Seeds",
    task: Learn(
        data: Moons(samples: 80, noise: 0.2, seed: 5),
        held_out: (fraction: 0.25, seed: 2),
        model: (hidden: [Dense(units: 6, activation: Tanh)]),
    ),
    training: (epochs: 12, batch_size: 10),
    lanes: [
        (name: "Slow", optimizer: Sgd(learning_rate: 0.02), seeds: 6),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05), seeds: 5),
        (name: "Alone", optimizer: Sgd(learning_rate: 0.1)),
    ],
    view: (x: Epoch, metric: FullLoss),
)"#;

fn says(h: &Harness<'_, Desk>, part: &str) -> bool {
    h.query_all_by_label_contains(part).next().is_some()
}

fn trained() -> Harness<'static, Desk> {
    let mut h = desk(SEEDED);
    h.state_mut().session_mut().hurry_to(u64::MAX);
    wait_for(&mut h, |s| s.is_over() && s.comparison().is_some());
    h
}

#[test]
fn the_card_says_how_many_seeds_and_how_far_apart_and_who_wins_stands_below() {
    let mut h = trained();
    assert!(says(&h, "× 6 seeds") && says(&h, "× 5 seeds"));
    assert_eq!(h.query_all_by_label_contains("median · IQR 0.").count(), 2);
    assert!(says(&h, "Who wins?") && says(&h, "at their ends"));
    assert!(says(&h, "Adam beats Slow by 0."), "a rate fifty times as high");
    assert!(says(&h, "5 paired seeds"));
    let session = h.state_mut().session_mut();
    let median = session.lanes()[1].spread().expect("several seeds").median;
    assert!(median < session.lanes()[0].spread().expect("several seeds").low);
    session.apply(downhill::session::Action::LookAt(Some(6)));
    wait_for(&mut h, |s| s.comparison().is_some_and(|found| found.at == Some(1)));
    assert!(says(&h, "epoch 1"), "what is looked at is what is compared");
}

#[test]
fn a_seed_that_is_chosen_is_shown_in_the_tile_and_on_the_card() {
    let mut h = trained();
    assert_eq!(h.state().session().lanes()[0].shown_seed(), 0);
    let latest = |lane: &downhill::session::Lane| lane.latest().map(|r| r.evaluation.full_loss);
    let first = latest(&h.state().session().lanes()[0]);
    h.get_by_role_and_label(Role::ComboBox, "Seed of Slow that is shown").click();
    h.run_ok();
    h.get_all_by_label_contains("seed 4: 0.").last().expect("the menu has it").click();
    h.run_ok();
    wait_for(&mut h, |s| s.lanes()[0].shown_seed() == 3 && s.lanes()[0].has_its_pictures());
    let lane = &h.state().session().lanes()[0];
    assert_ne!(latest(lane), first);
    let held_out = lane.latest().and_then(|r| r.evaluation.held_out.as_ref()?.loss);
    assert_eq!(held_out.or(latest(lane)), lane.seed_loss(3));
    assert!(says(&h, "#4"));
}

#[test]
fn how_many_seeds_is_typed_and_applies_on_reset() {
    let mut h = trained();
    press(&mut h, "More of Alone");
    h.get_by_role_and_label(Role::TextInput, "Seeds of Alone").focus();
    h.run_ok();
    h.key_press_modifiers(Modifiers::COMMAND, Key::A);
    h.run_ok();
    h.get_by_role_and_label(Role::TextInput, "Seeds of Alone").type_text("3");
    h.run_ok();
    h.key_press(Key::Enter);
    h.run_ok();
    settle(&mut h);
    assert!(h.state().session().draft().text().contains("learning_rate: 0.1), seeds: 3)"));
    assert!(says(&h, "changed: applies on Reset"));
    h.state_mut().session_mut().apply(downhill::session::Action::Reset);
    wait_for(&mut h, |s| !s.is_busy() && s.lanes()[2].seed_count() == 3);
    assert!(says(&h, "× 3 seeds"));
}

/// The middle with every seed as a line, and with the wide band: other pictures than without.
#[test]
fn every_seed_and_the_wide_band_are_drawn_on_demand() {
    let mut h = trained();
    let before = curves(&mut h);
    press(&mut h, "Draw every seed of Slow as a line");
    let text = |h: &Harness<'_, Desk>| h.state().session().draft().text().to_owned();
    assert!(text(&h).contains("every_seed: [\"Slow\"]"), "{}", text(&h));
    let with_lines = curves(&mut h);
    assert_ne!(with_lines.rgba, before.rgba, "six lines more");
    keep("seeds-lines", &with_lines);
    press(&mut h, "Curve's menu");
    h.get_by_role_and_label(Role::RadioButton, "Band of seeds: 95 %").click();
    h.run_ok();
    h.key_press(Key::Escape);
    h.run_ok();
    let wide = curves(&mut h);
    keep("seeds-wide", &wide);
    assert_ne!(wide.rgba, with_lines.rgba, "a wider band");
    assert!(says(&h, "95 % of them in the band"));
    press(&mut h, "Draw every seed of Slow as a line");
    assert_ne!(curves(&mut h).rgba, wide.rgba);
    assert!(text(&h).contains("seed_band: Percent95") && !text(&h).contains("every_seed"));
    // How seeds are looked at is undone as all of the view is.
    for _ in 0..2 {
        press(&mut h, "Undo");
    }
    assert!(text(&h).contains("every_seed: [\"Slow\"]") && !text(&h).contains("seed_band"));
}

fn curves(h: &mut Harness<'_, Desk>) -> Picture {
    let mut stage = Stage::new(StageSettings { size: [1440.0, 900.0], ..StageSettings::default() });
    for _ in 0..3 {
        stage.frame(|ui| h.state_mut().draw(ui));
    }
    stage.picture()
}
