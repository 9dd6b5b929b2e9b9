//! The user's own presets, on the command line: found by name, listed, before the shipped ones.

use downhill::session::library::{Existing, Library};

use super::{Place, SMALL};

#[test]
fn an_own_preset_is_listed_and_run_by_its_name() {
    let place = Place::new();
    let library = Library::under(&place.home());
    library.save_preset("My best: 0.1/x", "Watch the end.", SMALL, Existing::Keep).unwrap();
    let listed = place.json("list presets --json");
    let mine = listed["presets"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&mine["name"], &mine["own"]), (&"My best: 0.1/x".into(), &true.into()));
    assert_eq!(mine["notes"], "Watch the end.");
    let output = place.command().args(["run", "My best: 0.1/x", "--json"]).output().unwrap();
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["experiment"], "My best: 0.1/x");
    let answer =
        super::Answer::of(place.command().args(["check", "My bset: 0.1/x"]).output().unwrap());
    answer.is_refused(&["did you mean `My best: 0.1/x`?"]);
}

#[test]
fn an_own_preset_stands_before_the_shipped_one_of_its_name() {
    let place = Place::new();
    let library = Library::under(&place.home());
    library.save_preset("xor", "", SMALL, Existing::Keep).unwrap();
    assert_eq!(place.json("run xor --json --steps 1")["lanes"][1]["name"], "Adam");
    let listed = place.json("list presets --json");
    let rows = listed["presets"].as_array().unwrap();
    let xor: Vec<_> = rows.iter().filter(|row| row["name"] == "xor").collect();
    assert_eq!((xor.len(), &xor[0]["replaces_shipped"]), (1, &true.into()));
    library.delete_preset("xor").unwrap();
    assert_eq!(place.json("list presets --json")["presets"].as_array().unwrap().len(), rows.len());
    assert!(place.run("new xor").out.contains("Xor"));
}

#[test]
fn a_file_stands_before_a_preset_of_its_name() {
    let place = Place::new();
    place.file("xor", SMALL);
    assert_eq!(place.json("run xor --json --steps 1")["experiment"], "Small");
    std::fs::create_dir(place.path().join("moons")).unwrap();
    assert_eq!(place.run("check moons").code, Some(0), "a folder is no experiment");
}
