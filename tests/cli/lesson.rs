//! `lesson` and `list lessons`: what there is, and what is said where one cannot be given.

use super::Place;

#[test]
fn lessons_are_listed_with_what_they_are_about_and_their_steps() {
    let place = Place::new();
    let list = place.json("list lessons --json");
    let lessons = list["lessons"].as_array().unwrap();
    let names: Vec<_> = lessons.iter().map(|lesson| lesson["name"].as_str().unwrap()).collect();
    let all =
        ["blind_walker", "learning_rate", "batch_size", "momentum", "saddle_points", "why_adam"];
    assert_eq!(names, all);
    for lesson in lessons {
        assert!(lesson["help"].as_str().unwrap().len() > 20, "{lesson}");
        assert!(lesson["steps"].as_array().unwrap().len() >= 2, "{lesson}");
    }
    let text = place.run("list lessons");
    assert_eq!(text.code, Some(0));
    assert!(text.out.contains("saddle_points") && text.out.contains("A mountain pass"), "{text:?}");
}

#[test]
fn a_lesson_that_is_not_there_or_not_right_is_refused_with_the_reason() {
    let place = Place::new();
    place.run("lesson momentun").is_refused(&["no lesson `momentun`", "did you mean `momentum`?"]);
    place.file("mine.ron", "(version: 1, name: \"Mine\")");
    place.run("lesson mine.ron").is_refused(&["mine.ron:1:", "about"]);
    let text = include_str!("../../experiments/lessons/momentum.ron");
    place.file("mine.ron", &text.replace("lane: \"Yours\"", "lane: \"Ours\""));
    place.run("lesson mine.ron").is_refused(&["no lane `Ours`", "steps[2].goal.lane"]);
}

#[test]
fn without_a_window_a_lesson_says_that_it_needs_one() {
    let place = Place::new();
    place.run("lesson momentum").is_refused(&["window"]);
}
