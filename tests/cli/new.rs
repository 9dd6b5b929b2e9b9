//! `new`: a commented file to start from.

use super::Place;

#[test]
fn a_new_experiment_is_commented_and_can_be_trained() {
    let place = Place::new();
    let answer = place.run("new");
    assert_eq!(answer.code, Some(0), "{answer:?}");
    assert!(answer.out.lines().filter(|line| line.contains("//")).count() > 5, "{}", answer.out);
    place.file("mine.ron", &answer.out);
    let answer = place.run("check mine.ron");
    assert_eq!(answer.code, Some(0), "{answer:?}");
    assert_eq!(place.run("run mine.ron --epochs 1").code, Some(0));
}

#[test]
fn a_preset_is_copied_with_its_comments() {
    let place = Place::new();
    let answer = place.run("new tutorial_sgd --out mine.ron");
    assert_eq!((answer.code, answer.out.as_str()), (Some(0), ""), "{answer:?}");
    let text = std::fs::read_to_string(place.path().join("mine.ron")).unwrap();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/experiments/tutorial_sgd.ron");
    assert_eq!(text, std::fs::read_to_string(shipped).unwrap());
    place.run("new tutorial_sgd --out mine.ron").is_refused(&["mine.ron", "--force"]);
    assert_eq!(place.run("new xor --out mine.ron --force").code, Some(0));
    assert_ne!(std::fs::read_to_string(place.path().join("mine.ron")).unwrap(), text);
}

#[test]
fn a_preset_that_is_not_there_is_guessed() {
    Place::new().run("new tutorial_sdg").is_refused(&["did you mean `tutorial_sgd`?"]);
}
