//! What there is without a window: a sentence, and the opening experiment in the terminal.

use super::Place;

#[test]
fn help_names_every_verb_and_a_mistyped_one_is_guessed() {
    let place = Place::new();
    let answer = place.run("--help");
    assert_eq!(answer.code, Some(0));
    for verb in ["run", "check", "list", "shot", "lesson", "new"] {
        assert!(answer.out.contains(&format!("  {verb} ")), "no {verb} in {}", answer.out);
        let help = place.run(&format!("{verb} --help"));
        assert_eq!(help.code, Some(0), "{verb}");
        assert!(help.out.contains("Usage: downhill"), "{verb}");
    }
    place.run("chekc").is_refused(&["chekc", "did you mean `downhill check`?"]);
    place.run("nothing.ron").is_refused(&["nothing.ron"]);
}

#[cfg(feature = "gui")]
#[test]
fn without_a_display_it_says_so_and_trains_in_the_terminal() {
    let place = Place::new();
    for file in ["", "xor"] {
        let answer = place.run(file);
        assert_eq!(answer.code, Some(0), "{answer:?}");
        assert!(answer.err.contains("DISPLAY"), "{answer:?}");
        assert!(answer.out.contains("rank") && answer.out.contains("finished"), "{answer:?}");
    }
}

#[cfg(feature = "gui")]
#[test]
fn a_picture_needs_no_display() {
    let place = Place::new();
    let answer = place.run("shot xor --steps 20 --size 1280x800 --theme light --out lab.png");
    assert_eq!(answer.code, Some(0), "{answer:?}");
    let png = std::fs::read(place.path().join("lab.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG\r\n"));
    assert_eq!(png[16..24], [0, 0, 5, 0, 0, 0, 3, 32], "1280 by 800");
    place.run("shot xor --out lab.png --size 12").is_refused(&["--size", "1280x800"]);
    place.run("shot nothing --out lab.png").is_refused(&["nothing"]);
}

#[cfg(not(feature = "gui"))]
#[test]
fn a_build_without_the_window_says_so() {
    let place = Place::new();
    place.run("").is_refused(&["no window", "gui"]);
    place.run("shot xor --out lab.png").is_refused(&["no window", "gui"]);
}
