//! The side panels, used as a person uses them: by role and label, read back from the session.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Shape};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::desk::{Desk, desk, settle, wait_for};

const TWO: &str = r#"(
    version: 1,
    name: "Two ways",
    task: Learn(
        data: Blobs(samples: 60, features: 2, centers: 2, std: 1.0, seed: 1), // two clouds
        model: (hidden: [Dense(units: 4, activation: Tanh)]),
    ),
    training: (epochs: 3, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;

const RACE: &str = r#"(
    version: 1,
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0)),
    training: (steps: 50),
    lanes: [(name: "Adam", optimizer: Adam(learning_rate: 0.05))],
)"#;

/// Puts `text` into a field in place of what stands there, without leaving it.
fn type_into(h: &mut Harness<'_, Desk>, name: &str, text: &str) {
    type_into_a(h, Role::TextInput, name, text);
}

fn type_into_a(h: &mut Harness<'_, Desk>, role: Role, name: &str, text: &str) {
    h.get_by_role_and_label(role, name).focus();
    h.run_ok();
    h.key_press_modifiers(Modifiers::COMMAND, Key::A);
    h.run_ok();
    h.get_by_role_and_label(role, name).type_text(text);
    h.run_ok();
}

fn enter(h: &mut Harness<'_, Desk>) {
    h.key_press(Key::Enter);
    h.run_ok();
    settle(h);
}

fn click(h: &mut Harness<'_, Desk>, name: &str) {
    h.get_by_label(name).click();
    h.run_ok();
    settle(h);
}

/// Picks `item` of the menu called `name`.
fn pick(h: &mut Harness<'_, Desk>, name: &str, item: &str) {
    h.get_by_role_and_label(Role::ComboBox, name).click();
    h.run_ok();
    // A long menu scrolls.
    h.get_all_by_label(item).last().expect("the menu has it").scroll_to_me();
    h.run_ok();
    click(h, item);
}

fn lane_names(h: &Harness<'_, Desk>) -> Vec<String> {
    h.state().session().experiment().lanes.iter().map(|l| l.name.clone()).collect()
}

fn says(h: &Harness<'_, Desk>, part: &str) -> bool {
    h.query_all_by_label_contains(part).next().is_some()
}

fn text(h: &Harness<'_, Desk>) -> String {
    h.state().session().draft().text().to_owned()
}

#[test]
fn what_cannot_be_read_stays_in_the_field_with_the_reason_beside_it() {
    let mut h = desk(TWO);
    let before = text(&h);
    type_into(&mut h, "Samples", "many");
    assert!(says(&h, "“many” is no whole number"));
    enter(&mut h);
    assert!(says(&h, "“many” is no whole number"), "it stays after the field is left");
    assert_eq!(text(&h), before, "nothing was pushed");
    type_into(&mut h, "Samples", "80");
    enter(&mut h);
    assert!(!says(&h, "is no whole number"));
    assert!(text(&h).contains("samples: 80"));
    assert!(text(&h).contains("// two clouds"), "comments survive");
}

#[test]
fn what_is_not_allowed_says_why_and_the_last_valid_experiment_stays() {
    let mut h = desk(TWO);
    type_into(&mut h, "Spread", "-1");
    enter(&mut h);
    assert!(text(&h).contains("std: -1.0"), "{}", text(&h));
    assert!(says(&h, "`std` takes"));
    let session = h.state().session();
    assert!(!session.draft().problems().is_empty());
    assert!(session.draft().valid().text().contains("std: 1.0"));
    assert_eq!(session.lanes().len(), 2, "the lanes are still there");
}

#[test]
fn typing_is_one_step_of_undo() {
    let mut h = desk(TWO);
    let before = text(&h);
    type_into(&mut h, "Epochs", "25");
    enter(&mut h);
    assert!(text(&h).contains("epochs: 25"));
    h.state_mut().session_mut().apply(downhill::session::Action::Undo);
    h.run_ok();
    assert_eq!(text(&h), before);
}

fn add_layer(h: &mut Harness<'_, Desk>, kind: &str) {
    h.get_by_label("Add layer").click();
    h.run_ok();
    click(h, kind);
}

#[test]
fn dropout_and_layer_norm_are_added_edited_and_removed_by_click() {
    let mut h = desk(TWO);
    add_layer(&mut h, "Add dropout");
    add_layer(&mut h, "Add layer norm");
    assert!(text(&h).contains("Dropout(rate: 0.5), LayerNorm]"), "{}", text(&h));
    assert!(says(&h, "25 parameters"), "4 gains and 4 biases more");
    type_into(&mut h, "Rate of layer 2", "1");
    enter(&mut h);
    assert!(says(&h, "`rate` takes a number from 0, below 1"));
    type_into(&mut h, "Rate of layer 2", "25 %");
    enter(&mut h);
    assert!(text(&h).contains("Dropout(rate: 0.25), LayerNorm]"), "{}", text(&h));
    assert!(h.state().session().draft().problems().is_empty());
    type_into(&mut h, "Units of layer 1", "1");
    enter(&mut h);
    assert!(says(&h, "a layer norm over one unit"));
    click(&mut h, "Remove layer 3");
    click(&mut h, "Remove layer 2");
    assert!(!text(&h).contains("Dropout") && !text(&h).contains("LayerNorm"));
    assert!(h.state().session().draft().problems().is_empty());
}

#[test]
fn layers_are_added_and_removed_by_click() {
    let mut h = desk(TWO);
    assert!(says(&h, "17 parameters"));
    add_layer(&mut h, "Add dense");
    assert!(text(&h).matches("Dense").count() == 2, "{}", text(&h));
    assert!(says(&h, "37 parameters"), "4 × 4 + 4 more");
    type_into(&mut h, "Units of layer 2", "3");
    enter(&mut h);
    pick(&mut h, "Activation of layer 2", "ReLU");
    assert!(text(&h).contains("units: 3, activation: Relu"), "{}", text(&h));
    click(&mut h, "Remove layer 1");
    assert!(text(&h).matches("Dense").count() == 1 && text(&h).contains("units: 3"));
}

#[test]
fn another_source_brings_its_own_fields() {
    let mut h = desk(TWO);
    pick(&mut h, "Source", "Moons");
    assert!(text(&h).contains("Moons(samples: 60"), "what both have is kept: {}", text(&h));
    assert!(h.query_by_role_and_label(Role::TextInput, "Noise").is_some());
    assert!(h.query_by_role_and_label(Role::TextInput, "Spread").is_none());
}

#[test]
fn the_task_switches_to_a_surface_and_back() {
    let mut h = desk(TWO);
    click(&mut h, "Task: Walk a surface");
    assert!(text(&h).contains("Rosenbrock"), "{}", text(&h));
    assert!(h.state().session().draft().problems().is_empty(), "{}", text(&h));
    type_into(&mut h, "Start x", "0.5");
    enter(&mut h);
    assert!(text(&h).contains("start: (0.5, 2.0)"), "{}", text(&h));
    click(&mut h, "Task: Learn from data");
    assert!(text(&h).contains("samples: 60"), "the data come back as they were: {}", text(&h));
    assert!(h.state().session().draft().problems().is_empty(), "{}", text(&h));
}

#[test]
fn stop_rules_are_switched_on_and_off() {
    let mut h = desk(TWO);
    h.get_by_role_and_label(Role::CheckBox, "No gain for").click_accesskit();
    h.run_ok();
    settle(&mut h);
    assert!(text(&h).contains("NoGain(epochs: 10)"), "{}", text(&h));
    h.get_by_role_and_label(Role::CheckBox, "No gain for").click_accesskit();
    h.run_ok();
    settle(&mut h);
    assert!(!text(&h).contains("NoGain"), "{}", text(&h));
}

#[test]
fn rows_are_held_out_by_typing_a_part() {
    let mut h = desk(TWO);
    type_into(&mut h, "Held out", "25 %");
    enter(&mut h);
    assert!(text(&h).contains("held_out: (fraction: 0.25, seed: 42)"), "{}", text(&h));
    type_into(&mut h, "Held out", "0");
    enter(&mut h);
    assert!(!text(&h).contains("held_out"), "{}", text(&h));
}

#[test]
fn lanes_are_added_duplicated_renamed_and_removed() {
    let mut h = desk(TWO);
    h.get_by_label("Add lane").click();
    h.run_ok();
    click(&mut h, "Nesterov");
    assert_eq!(lane_names(&h), ["SGD", "Adam", "Nesterov"]);

    h.get_by_label("Menu of Adam").click();
    h.run_ok();
    click(&mut h, "Duplicate");
    assert_eq!(lane_names(&h), ["SGD", "Adam", "Adam 2", "Nesterov"]);

    h.get_by_label("Menu of Adam 2").click();
    h.run_ok();
    click(&mut h, "Rename…");
    type_into(&mut h, "Name of Adam 2", "SGD");
    assert!(says(&h, "Another lane is called “SGD”."));
    type_into(&mut h, "Name of Adam 2", "Careful Adam");
    enter(&mut h);
    assert_eq!(lane_names(&h), ["SGD", "Adam", "Careful Adam", "Nesterov"]);

    h.get_by_label("Menu of SGD").click();
    h.run_ok();
    click(&mut h, "Remove");
    assert_eq!(lane_names(&h), ["Adam", "Careful Adam", "Nesterov"]);
}

#[test]
fn a_lane_is_spread_over_values_of_a_knob() {
    let mut h = desk(TWO);
    h.get_by_label("Menu of SGD").click();
    h.run_ok();
    click(&mut h, "Spread…");
    let values = h.get_by_role_and_label(Role::TextInput, "Values of SGD").value();
    assert_eq!(values.as_deref(), Some("0.001, 0.01, 0.1"));
    type_into(&mut h, "Values of SGD", "0.1, fast");
    click(&mut h, "Make lanes");
    assert!(says(&h, "“fast” is no number"));
    type_into(&mut h, "Values of SGD", "0.1, 0.02");
    click(&mut h, "Make lanes");
    let rates: Vec<f64> = h
        .state()
        .session()
        .experiment()
        .lanes
        .iter()
        .map(|l| l.optimizer.number("learning_rate"))
        .collect();
    assert_eq!(rates, [0.1, 0.02, 0.05]);
}

#[test]
fn a_knob_turned_at_the_start_changes_the_file_and_later_the_run() {
    let mut h = desk(RACE);
    let knob = "Learning rate of Adam";
    h.get_by_role_and_label(Role::Slider, knob).set_value_accesskit(0.2);
    h.run_ok();
    settle(&mut h);
    assert!(text(&h).contains("learning_rate: 0.2"), "{}", text(&h));

    h.state_mut().session_mut().apply(downhill::session::Action::StepOnce);
    wait_for(&mut h, |s| s.lanes().first().is_some_and(|l| l.status.step == 1));
    let file = text(&h);
    h.get_by_role_and_label(Role::Slider, knob).set_value_accesskit(0.3);
    h.run_ok();
    wait_for(&mut h, |s| s.lanes()[0].knobs.optimizer.number("learning_rate") == 0.3);
    assert_eq!(text(&h), file, "a running lane's knob is an edit of the run");
    assert_eq!(h.state().session().lanes()[0].changes.len(), 1);
}

#[test]
fn a_value_that_a_running_lane_cannot_take_is_not_sent() {
    let mut h = desk(RACE);
    h.state_mut().session_mut().apply(downhill::session::Action::StepOnce);
    wait_for(&mut h, |s| s.lanes().first().is_some_and(|l| l.status.step == 1));
    h.run_ok();
    type_into(&mut h, "Learning rate of Adam", "-1");
    enter(&mut h);
    assert!(says(&h, "takes a number of at least 0"));
    assert!(h.state().session().lanes()[0].changes.is_empty());
}

#[test]
fn another_optimizer_applies_on_reset_once_a_lane_has_trained() {
    let mut h = desk(RACE);
    h.state_mut().session_mut().apply(downhill::session::Action::StepOnce);
    wait_for(&mut h, |s| s.lanes().first().is_some_and(|l| l.status.step == 1));
    h.run_ok();
    assert!(!says(&h, "applies on Reset"));
    pick(&mut h, "Optimizer of Adam", "SGD");
    h.run_ok();
    assert!(says(&h, "applies on Reset"));
    assert!(text(&h).contains("Sgd(learning_rate: 0.05)"), "{}", text(&h));
}

#[test]
fn cards_for_which_there_is_no_room_fold_and_open_by_click() {
    let mut h = desk(TWO);
    for _ in 0..4 {
        let id = h.state().session().lane_ids()[0];
        h.state_mut().session_mut().apply(downhill::session::Action::DuplicateLane(id));
        settle(&mut h);
    }
    let open = |h: &Harness<'_, Desk>| {
        let sliders = h.query_all_by_role(Role::Slider).map(|node| {
            egui_kittest::kittest::NodeT::accesskit_node(&node).label().unwrap_or_default()
        });
        sliders.filter(|name| name.starts_with("Learning rate of ")).count()
    };
    for _ in 0..4 {
        h.run_ok();
    }
    assert_eq!(open(&h), 6, "there is room for all");
    h.set_size([1280.0, 800.0].into());
    for _ in 0..4 {
        h.run_ok();
    }
    assert!((1..6).contains(&open(&h)), "{} are open", open(&h));
    assert!(h.query_by_role_and_label(Role::Slider, "Learning rate of SGD").is_some());
    assert!(h.query_by_role_and_label(Role::Slider, "Learning rate of Adam").is_none());
    // The lane that others are compared with is open wherever it stood.
    let last = h.state().session().lane_ids()[5];
    h.state_mut().session_mut().apply(downhill::session::Action::Pin(Some(last)));
    for _ in 0..4 {
        h.run_ok();
    }
    assert!(h.query_by_role_and_label(Role::Slider, "Learning rate of Adam").is_some());
    h.state_mut().session_mut().apply(downhill::session::Action::Pin(None));
    for _ in 0..4 {
        h.run_ok();
    }
    // The name stands on the tile and in the legend, too; the card is on the right.
    let card =
        h.get_all_by_label("Adam").max_by(|a, b| a.rect().left().total_cmp(&b.rect().left()));
    card.expect("the card shows its lane's name").click();
    h.run_ok();
    assert!(h.query_by_role_and_label(Role::Slider, "Learning rate of Adam").is_some());
}

/// Texts of the side panels that reach past the right or left end of what shows them.
fn cut_off(h: &Harness<'_, Desk>) -> Vec<String> {
    let end = |name: &str, beside: f32| {
        let caption = h.query_by_role_and_label(Role::Label, name).or(h.query_by_label(name));
        caption.map(|node| node.rect().left() + beside)
    };
    let left_end = end("Open table…", 520.0).unwrap_or(f32::MIN);
    let right_begin = end("Lanes", -16.0).unwrap_or(f32::MAX);
    let mut cut = Vec::new();
    for clipped in &h.output().shapes {
        if let Shape::Text(text) = &clipped.shape {
            let rect = text.visual_bounding_rect();
            let clip = clipped.clip_rect.x_range();
            let is_beside = clip.max <= left_end || clip.min >= right_begin;
            let is_shown = is_beside && rect.intersects(clipped.clip_rect);
            if is_shown && (rect.left() < clip.min - 1.0 || rect.right() > clip.max + 1.0) {
                cut.push(text.galley.job.text.clone());
            }
        }
    }
    cut
}

#[test]
fn the_longest_names_are_not_cut_off_at_any_text_size() {
    let long = "The lane with the longest name that anybody would ever think of giving it";
    let text = TWO.replace("\"Adam\"", &format!("{long:?}"));
    for size in [1.0, 2.0] {
        let mut h = desk(&text);
        let ctx = h.ctx.clone();
        h.set_size([1280.0, 800.0].into());
        h.state_mut().set_text_scale(&ctx, size);
        for _ in 0..6 {
            h.step();
        }
        let cut = cut_off(&h);
        assert!(cut.is_empty(), "at {size}: {cut:?}");
        if h.query_by_label("Show the experiment").is_some() {
            click(&mut h, "Show the experiment");
            for _ in 0..6 {
                h.step();
            }
            let cut = cut_off(&h);
            assert!(cut.is_empty(), "the experiment at {size}: {cut:?}");
        }
    }
}

/// The drawing of the planned rate stands on the unfolded card of a lane whose rate moves, and on no
/// other.
#[test]
fn a_rate_that_moves_is_drawn_on_its_card() {
    let scheduled = RACE.replace("0.05))", "0.05), schedule: OneCycle())");
    for (text, drawings) in [(RACE.to_owned(), 0), (scheduled, 1)] {
        let mut h = desk(&text);
        settle(&mut h);
        click(&mut h, "More of Adam");
        assert_eq!(h.query_all_by_label("Planned rate of Adam").count(), drawings, "{text}");
    }
}

#[test]
fn a_formula_is_typed_with_its_errors_below_and_a_new_surface_moves_a_start_out_of_view() {
    let mut h = desk(RACE);
    pick(&mut h, "Function", "Easom");
    assert!(text(&h).contains("function: Easom, start: (1.9, 2.1)"), "{}", text(&h));
    pick(&mut h, "Function", "Himmelblau");
    assert!(text(&h).contains("function: Himmelblau, start: (1.9, 2.1)"), "it is in view");
    pick(&mut h, "Function", "Custom");
    assert!(text(&h).contains("Custom(\"(1 - x)^2 + 100*(y - x^2)^2\")"), "{}", text(&h));
    type_into_a(&mut h, Role::MultilineTextInput, "Formula", "x^2 + sine(y)");
    settle(&mut h);
    assert!(says(&h, "did you mean `sin`?"));
    type_into_a(&mut h, Role::MultilineTextInput, "Formula", "x^2 + sin(y)");
    settle(&mut h);
    assert!(!says(&h, "did you mean"));
    assert!(text(&h).contains("Custom(\"x^2 + sin(y)\")"), "{}", text(&h));
}

#[test]
fn the_gap_is_offered_only_where_the_minimum_is_known() {
    let mut h = desk(&RACE.replace("lanes:", "view: (metric: Gap, y_log: true), lanes:"));
    assert!(h.query_by_label("Metric: Loss − f*").is_some());
    pick(&mut h, "Function", "Saddle");
    assert!(
        h.query_by_label("Metric: Loss − f*").is_none(),
        "a saddle has no minimum: the loss is shown"
    );
    assert!(text(&h).contains("metric: Gap"), "the choice comes back with the next surface");
    pick(&mut h, "Function", "Booth");
    assert!(h.query_by_label("Metric: Loss − f*").is_some());
}
