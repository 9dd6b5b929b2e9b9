//! What the user keeps: presets saved, found, renamed and deleted; a home that cannot be written.

use std::ffi::OsStr;
use std::fs;

use downhill::session::library::{Existing, Library, LibraryError, Origin};

const TEXT: &str = r#"// Mine.
(
    version: 1,
    name: "First",
    task: Surface(function: Sphere, start: (1.0, 1.0)), // a bowl
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.1))],
)
"#;

fn own(library: &Library) -> Vec<String> {
    library.presets().into_iter().filter(|card| card.own).map(|card| card.name).collect()
}

#[test]
fn a_preset_is_saved_found_renamed_and_deleted() {
    let home = tempfile::tempdir().unwrap();
    let library = Library::under(home.path());
    assert!(own(&library).is_empty());

    let path = library.save_preset(" A/B: test ", "Watch\n\"it\".", TEXT, Existing::Keep).unwrap();
    assert!(path.starts_with(home.path().join("presets")), "{}", path.display());
    assert_eq!(own(&library), ["A/B: test"]);
    let found = library.find(OsStr::new("A/B: test")).unwrap();
    assert!(found.text.contains("// Mine.") && found.text.contains("// a bowl"), "{}", found.text);
    assert_eq!(library.presets().last().unwrap().notes, "Watch\n\"it\".");

    library.rename_preset("A/B: test", "Second").unwrap();
    assert_eq!(own(&library), ["Second"]);
    assert!(matches!(library.find(OsStr::new("Second")).unwrap().origin, Origin::Own { .. }));
    assert!(library.find(OsStr::new("A/B: test")).is_err());

    library.delete_preset("Second").unwrap();
    assert!(own(&library).is_empty());
    let error = library.delete_preset("Second").unwrap_err();
    assert!(matches!(error, LibraryError::NotFound { .. }), "{error}");
}

#[test]
fn a_name_that_is_taken_is_replaced_only_when_asked_to() {
    let home = tempfile::tempdir().unwrap();
    let library = Library::under(home.path());
    library.save_preset("Mine", "one", TEXT, Existing::Keep).unwrap();
    let again = library.save_preset("Mine", "two", TEXT, Existing::Keep).unwrap_err();
    assert!(matches!(again, LibraryError::Exists { .. }), "{again}");
    assert_eq!(library.presets().last().unwrap().notes, "one");
    library.save_preset("Mine", "two", TEXT, Existing::Replace).unwrap();
    assert_eq!(library.presets().last().unwrap().notes, "two");
    library.save_preset("Other", "", TEXT, Existing::Keep).unwrap();
    let taken = library.rename_preset("Other", "Mine").unwrap_err();
    assert!(matches!(taken, LibraryError::Exists { .. }), "{taken}");
    assert_eq!(own(&library), ["Mine", "Other"]);
}

#[test]
fn names_that_make_the_same_file_name_keep_apart() {
    let home = tempfile::tempdir().unwrap();
    let library = Library::under(home.path());
    for name in ["a/b", "a:b", "a?b"] {
        library.save_preset(name, "", TEXT, Existing::Keep).unwrap();
    }
    assert_eq!(own(&library), ["a/b", "a:b", "a?b"]);
    assert_eq!(fs::read_dir(home.path().join("presets")).unwrap().count(), 3);
}

#[test]
fn an_own_preset_stands_before_a_shipped_one_until_it_is_deleted() {
    let home = tempfile::tempdir().unwrap();
    let library = Library::under(home.path());
    let count = library.presets().len();
    library.save_preset("xor", "mine", TEXT, Existing::Keep).unwrap();
    assert_eq!(library.presets().len(), count);
    assert!(library.presets().iter().any(|card| card.name == "xor" && card.replaces_shipped));
    assert!(library.find(OsStr::new("xor")).unwrap().text.contains("// Mine."));
    library.delete_preset("xor").unwrap();
    assert_eq!(library.find(OsStr::new("xor")).unwrap().origin, Origin::Shipped("xor"));
}

#[test]
fn what_is_no_experiment_or_has_no_name_is_not_kept() {
    let home = tempfile::tempdir().unwrap();
    let library = Library::under(home.path());
    for (name, text) in
        [("", TEXT), (" \n", TEXT), (&*"x".repeat(200), TEXT), ("Mine", "(version: ")]
    {
        assert!(library.save_preset(name, "", text, Existing::Keep).is_err(), "{name:?}");
    }
    assert!(own(&library).is_empty());
}

#[test]
fn a_preset_that_was_broken_since_keeps_its_file_name_and_can_be_deleted() {
    let home = tempfile::tempdir().unwrap();
    let library = Library::under(home.path());
    let path = library.save_preset("Mine", "", TEXT, Existing::Keep).unwrap();
    fs::write(&path, &TEXT[..40]).unwrap();
    assert_eq!(own(&library), ["Mine"]);
    assert_eq!(library.find(OsStr::new("Mine")).unwrap().text, TEXT[..40]);
    library.delete_preset("Mine").unwrap();
    assert!(!path.exists());
}

#[test]
fn a_home_that_cannot_be_written_is_an_error_and_reading_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    fs::write(&home, "a file, not a folder").unwrap();
    let library = Library::under(&home);
    assert!(own(&library).is_empty() && library.recent().is_empty());
    assert!(library.find(OsStr::new("xor")).is_ok());
    let errors = [
        library.save_preset("Mine", "", TEXT, Existing::Keep).map(drop),
        library.add_recent(&home),
        library.set_settings(&downhill::session::library::Settings::default()),
    ];
    for error in errors {
        let error = error.unwrap_err().to_string();
        assert!(error.contains("cannot be written") && error.contains("DOWNHILL_HOME"), "{error}");
    }
}
