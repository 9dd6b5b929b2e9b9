//! What there is without a window: a sentence, and the opening experiment in the terminal.

use super::Place;

#[test]
fn help_names_every_verb_and_a_mistyped_one_is_guessed() {
    let place = Place::new();
    let answer = place.run("--help");
    assert_eq!(answer.code, Some(0));
    for verb in ["run", "check", "list", "shot", "new"] {
        assert!(answer.out.contains(&format!("  {verb} ")), "no {verb} in {}", answer.out);
        let help = place.run(&format!("{verb} --help"));
        assert_eq!(help.code, Some(0), "{verb}");
        assert!(help.out.contains("Usage: downhill"), "{verb}");
    }
    place.run("chekc").is_refused(&["chekc", "did you mean `downhill check`?"]);
    place.run("nothing.ron").is_refused(&["nothing.ron"]);
}
