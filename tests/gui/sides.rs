//! How the window's parts share it: panels give way to the middle, the header to its buttons, messages to
//! the timeline.

use downhill::session::{Action, LessonAction, Session};
use eframe::egui::accesskit::Role;
use eframe::egui::{Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::desk::{Desk, desk, press, settle, wait_for};

const TWO: &str = r#"(
    version: 1,
    name: "Two ways down a hill that has the longest name anybody would think of",
    task: Learn(
        data: Moons(samples: 60, noise: 0.2, seed: 1),
        held_out: (fraction: 0.25, seed: 1),
        model: (hidden: [Dense(units: 4, activation: Tanh)]),
    ),
    training: (epochs: 3, batch_size: 15),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.02)),
    ],
)"#;

fn sized(text: &str, size: [f32; 2], text_size: f32) -> Harness<'static, Desk> {
    let mut h = desk(text);
    resize(&mut h, size, text_size);
    h
}

fn resize(h: &mut Harness<'_, Desk>, [width, height]: [f32; 2], text_size: f32) {
    let ctx = h.ctx.clone();
    h.state_mut().set_text_scale(&ctx, text_size);
    h.set_size(vec2(width, height));
    for _ in 0..5 {
        h.run_ok();
    }
}

/// From which x to which the middle reaches: the timeline stands below all of it.
fn middle(h: &Harness<'_, Desk>) -> (f32, f32) {
    let bar = h.get_by_role_and_label(Role::Slider, "Step looked at").rect();
    (bar.left(), bar.right())
}

#[test]
fn however_large_the_text_the_middle_keeps_more_than_half_of_the_width() {
    for size in [[1280.0, 800.0], [1440.0, 900.0], [1920.0, 1080.0]] {
        let mut h = desk(TWO);
        for text_size in [1.0, 1.2, 1.5, 1.75, 2.0] {
            resize(&mut h, size, text_size);
            let (left, right) = middle(&h);
            // The timeline's margins are the middle's, too.
            let part = (right - left + 20.0) / size[0];
            assert!(part >= 0.54, "{part} of {size:?} × {text_size}");
        }
    }
}

#[test]
fn a_panel_that_has_given_way_comes_back_in_the_place_of_the_other() {
    let mut h = sized(TWO, [1280.0, 800.0], 2.0);
    let rate = "Learning rate of SGD";
    assert!(h.query_by_role_and_label(Role::Slider, rate).is_some());
    assert!(h.query_by_label("EXPERIMENT").is_none() && h.query_by_label("Open table…").is_none());
    press(&mut h, "Show the experiment");
    h.run_ok();
    assert!(h.query_by_label("Open table…").is_some());
    assert!(h.query_by_role_and_label(Role::Slider, rate).is_none());
    press(&mut h, "Show the lanes");
    h.run_ok();
    assert!(h.query_by_role_and_label(Role::Slider, rate).is_some());
    resize(&mut h, [1280.0, 800.0], 1.0);
    assert!(h.query_by_label("Open table…").is_some(), "there is room for both");
    assert!(h.query_by_role_and_label(Role::Slider, rate).is_some());
    assert!(h.query_by_label("Show the lanes").is_none());
}

#[test]
fn a_lesson_is_read_first_and_its_lane_is_a_click_away() {
    let mut h = sized(TWO, [1280.0, 800.0], 2.0);
    let open = LessonAction::Open("momentum".to_owned());
    h.state_mut().session_mut().apply(Action::Lesson(open));
    settle(&mut h);
    h.run_ok();
    assert!(h.query_by_label("A ravine").is_some());
    let (left, right) = middle(&h);
    assert!(right - left + 20.0 >= 0.54 * 1280.0);
    press(&mut h, "Show the lanes");
    h.run_ok();
    assert!(h.query_by_label("A ravine").is_none());
    press(&mut h, "Show the lesson");
    h.run_ok();
    assert!(h.query_by_label("A ravine").is_some());
}

/// The header's buttons: role, name and place.
fn header(h: &Harness<'_, Desk>) -> Vec<(String, Rect)> {
    let all = h.root().children_recursive();
    let buttons = all.filter(|node| node.accesskit_node().role() == Role::Button);
    let of = |node: egui_kittest::Node<'_>| {
        (node.accesskit_node().label().unwrap_or_default(), node.rect())
    };
    let bottom = h.get_by_label("Help").rect().bottom() + 4.0;
    buttons.map(of).filter(|(_, rect)| rect.bottom() <= bottom).collect()
}

fn overlapping(h: &Harness<'_, Desk>, what: &str) -> Vec<String> {
    let buttons = header(h);
    assert!(buttons.len() >= 10, "{what}: {buttons:?}");
    let mut found = Vec::new();
    for (at, (one, place)) in buttons.iter().enumerate() {
        assert!(place.right() <= h.ctx.content_rect().right(), "{one} in {what}");
        for (other, there) in &buttons[at + 1..] {
            let over = place.intersect(*there);
            if over.width() > 0.5 && over.height() > 0.5 {
                found.push(format!("{one:?} at {place} lies on {other:?} at {there} in {what}"));
            }
        }
    }
    found
}

#[test]
fn nothing_in_the_header_lies_on_anything_else() {
    let mut found = Vec::new();
    for size in [[1280.0, 800.0], [1440.0, 900.0]] {
        for text_size in [1.0, 1.5, 2.0] {
            let what = |state: &str| format!("{state}, {size:?} × {text_size}");
            let mut h = sized(TWO, size, text_size);
            found.extend(overlapping(&h, &what("ready")));
            h.state_mut().session_mut().apply(Action::StepOnce);
            wait_for(&mut h, |s| s.lanes().iter().all(|lane| lane.status.step == 1));
            let lane = h.state().session().lane_ids()[0];
            let rate =
                downhill::experiment::Change::Optimizer { knob: "learning_rate", value: 0.2 };
            h.state_mut().session_mut().apply(Action::Turn { lane, change: rate });
            wait_for(&mut h, |s| s.lanes()[0].changes.len() == 1);
            h.state_mut().session_mut().hurry_to(u64::MAX);
            wait_for(&mut h, Session::is_over);
            for _ in 0..3 {
                h.run_ok();
            }
            assert!(h.query_by_label("Ways to run again").is_some());
            found.extend(overlapping(&h, &what("over")));
            let open = LessonAction::Open("momentum".to_owned());
            h.state_mut().session_mut().apply(Action::Lesson(open));
            settle(&mut h);
            for _ in 0..3 {
                h.run_ok();
            }
            found.extend(overlapping(&h, &what("in a lesson")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn messages_stand_above_each_other_and_above_the_timeline() {
    for text_size in [1.0, 2.0] {
        let mut h = sized(TWO, [1280.0, 800.0], text_size);
        for name in ["first", "second, which is much longer than the first one is", "third"] {
            let preset = Action::OpenPreset(name.to_owned());
            h.state_mut().session_mut().apply(preset);
        }
        for _ in 0..4 {
            h.run_ok();
        }
        let timeline = h.get_by_role_and_label(Role::Slider, "Step looked at").rect();
        let mut all: Vec<Rect> =
            h.query_all_by_label_contains("there is no").map(|node| node.rect()).collect();
        assert_eq!(all.len(), 3);
        all.sort_by(|a, b| a.top().total_cmp(&b.top()));
        for pair in all.windows(2) {
            assert!(pair[0].bottom() + 8.0 <= pair[1].top(), "{pair:?} at {text_size}");
        }
        let lowest = all[2];
        assert!(lowest.bottom() + 8.0 < timeline.top() - 20.0, "{lowest} over {timeline}");
        assert!(lowest.right() <= timeline.right() + 10.0, "{lowest} over the lanes");
    }
}

#[test]
fn what_was_turned_can_be_saved_after_the_run_has_begun_again() {
    let mut h = desk(TWO);
    h.state_mut().session_mut().apply(Action::StepOnce);
    wait_for(&mut h, |s| s.lanes().iter().all(|lane| lane.status.step == 1));
    h.run_ok();
    h.get_by_role_and_label(Role::Slider, "Learning rate of SGD").set_value_accesskit(0.3);
    h.run_ok();
    wait_for(&mut h, |s| s.turned_by_hand() == 1);
    press(&mut h, "Reset");
    settle(&mut h);
    h.run_ok();
    press(&mut h, "Save it into the experiment");
    settle(&mut h);
    let text = h.state().session().draft().text();
    assert!(text.contains("set: \"optimizer.learning_rate\", to: 0.3"), "{text}");
    assert!(h.query_by_label("Save it into the experiment").is_none());
}

#[test]
fn the_notes_show_whole_lines_and_their_box_grows_with_the_window() {
    let notes = "A line of the notes. ".repeat(60);
    let text = TWO.replace("task:", &format!("notes: {notes:?}, task:"));
    let mut heights = Vec::new();
    for (height, text_size) in [(800.0, 1.0), (1200.0, 1.0), (800.0, 1.2)] {
        let mut h = sized(&text, [1280.0, height], text_size);
        let line = {
            let font = eframe::egui::TextStyle::Body.resolve(&h.ctx.global_style());
            h.ctx.fonts_mut(|fonts| fonts.row_height(&font))
        };
        let top = h.get_by_role_and_label(Role::MultilineTextInput, "Notes").rect().top();
        let below = h.get_by_role_and_label(Role::RadioButton, "Task: Learn from data");
        // A margin above the first line, and the distance to what stands below.
        let shown = below.rect().top() - top - 3.0 - 4.0;
        let lines = shown / line;
        assert!(
            (lines - lines.round()).abs() < 0.15 && lines > 2.5,
            "{lines} lines at {text_size}"
        );
        heights.push(shown);
        h.run_ok();
    }
    assert!(heights[1] > heights[0] + 20.0, "{heights:?}");
}

#[test]
fn the_longest_name_of_an_optimizer_is_whole_where_there_is_room() {
    let text = TWO.replace("Sgd(learning_rate: 0.1)", "RandomLocalSearch(learning_rate: 0.1)");
    let h = sized(&text, [1440.0, 900.0], 1.0);
    let chooser = h.get_by_role_and_label(Role::ComboBox, "Optimizer of SGD").rect();
    let mut whole = false;
    for clipped in &h.output().shapes {
        if let eframe::egui::Shape::Text(text) = &clipped.shape
            && chooser.contains(text.visual_bounding_rect().center())
        {
            whole |= !text.galley.elided && text.galley.job.text.contains("Random local search");
        }
    }
    assert!(whole, "it is shortened in {chooser}");
}
