//! `check`: every problem in its place.

use super::{Place, SMALL};

#[test]
fn a_right_file_is_said_to_be_right() {
    let place = Place::new();
    place.file("small.ron", SMALL);
    let answer = place.run("check small.ron tutorial_sgd");
    assert_eq!(answer.code, Some(0), "{answer:?}");
    assert!(answer.out.contains("small.ron: can be trained, 2 lanes"), "{answer:?}");
    assert!(answer.out.contains("tutorial_sgd: can be trained, 1 lane\n"), "{answer:?}");
}

#[test]
fn all_problems_are_shown_with_their_places() {
    let place = Place::new();
    let wrong = SMALL
        .replace("learning_rate: 0.1", "learning_rate: -0.1")
        .replace("batch_size: 10", "batch_size: 0")
        .replace("\"Adam\"", "\"SGD\"");
    place.file("wrong.ron", &wrong);
    let answer = place.run("check wrong.ron");
    answer.is_refused(&["wrong.ron:10:39", "wrong.ron:12:53", "^^^^", "3 problems", "-0.1"]);
    assert_eq!(answer.out, "", "what is wrong is no result");
}

#[test]
fn a_mistyped_name_is_guessed() {
    let place = Place::new();
    place.file("wrong.ron", &SMALL.replace("Adam(", "Agam("));
    place.run("check wrong.ron").is_refused(&["Agam", "did you mean `Adam`?", "^^^^"]);
    place.file("field.ron", &SMALL.replace("batch_size: 10", "batchsize: 10"));
    place.run("check field.ron").is_refused(&["did you mean `batch_size`?"]);
    place.run("check tutorial_sdg").is_refused(&["did you mean `tutorial_sgd`?"]);
    place.file("small.ron", SMALL);
    place.run("check smal.ron").is_refused(&["did you mean `small.ron`?"]);
}

#[test]
fn a_formula_is_marked_where_it_is_wrong() {
    let place = Place::new();
    let text = "(version: 1, task: Surface(function: Custom(\"x^2 + cosine(y)\"), start: (1.0, 1.0)),\n\
                lanes: [(name: \"SGD\", optimizer: Sgd(learning_rate: 0.1))])";
    place.file("wrong.ron", text);
    let answer = place.run("check wrong.ron");
    answer.is_refused(&["wrong.ron:1:52", "column 7 of the formula", "did you mean `cos`?"]);
    assert!(answer.err.contains("^^^^^^"), "the whole name is marked: {answer:?}");
    place.file(
        "right.ron",
        &text.replace("cosine", "cos").replace("0.1)", "0.1), gradient: Numeric(1e-5)"),
    );
    let result = place.json("run right.ron --json --steps 200");
    let end: Vec<f64> = result["lanes"][0]["params"]
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap())
        .collect();
    assert!(end[0].abs() < 1e-9 && (end[1] - std::f64::consts::PI).abs() < 1e-4, "{end:?}");
}

#[test]
fn every_file_is_checked_even_after_a_wrong_one() {
    let place = Place::new();
    place.file("broken.ron", "(version: 1, task: ");
    place.file("small.ron", SMALL);
    let answer = place.run("check broken.ron nowhere.ron small.ron");
    answer.is_refused(&["broken.ron:1:", "nowhere.ron", "2 of 3 files"]);
    assert!(answer.out.contains("small.ron: can be trained"), "{answer:?}");
}

#[test]
fn a_table_that_is_missing_is_found_beside_the_file_or_said_to_be_missing() {
    let place = Place::new();
    let data = SMALL.find("Blobs(").unwrap()..SMALL.find("seed: 3)").unwrap() + 8;
    let mut text = SMALL.to_owned();
    text.replace_range(data, "Csv(path: \"table.csv\", target: \"kind\")");
    std::fs::create_dir(place.path().join("inner")).unwrap();
    place.file("inner/mine.ron", &text);
    place.run("check inner/mine.ron").is_refused(&["table.csv", "mine.ron:6:"]);
    place.file("inner/table.csv", &format!("x,y,kind\n{}", "1,2,a\n2,1,b\n".repeat(10)));
    let answer = place.run("check inner/mine.ron");
    assert_eq!(answer.code, Some(0), "found beside the file, not here: {answer:?}");
}

#[test]
fn what_is_no_experiment_is_refused_in_a_sentence() {
    let place = Place::new();
    std::fs::write(place.path().join("bytes.ron"), b"(name: \"\xff\xfe\")").unwrap();
    place.run("check bytes.ron").is_refused(&["bytes.ron", "UTF-8"]);
    std::fs::create_dir(place.path().join("folder.ron")).unwrap();
    place.run("check folder.ron").is_refused(&["folder.ron"]);
    place.run("check").is_refused(&["FILE"]);
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_text_can_be_checked() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    let name = std::ffi::OsStr::from_bytes(b"\xff\xfe \n'.ron");
    std::fs::write(place.path().join(name), SMALL).unwrap();
    let answer = super::Answer::of(place.command().arg("check").arg(name).output().unwrap());
    assert_eq!(answer.code, Some(0), "{answer:?}");
}

#[test]
fn a_misspelt_name_hides_no_other_problem() {
    let place = Place::new();
    let wrong = SMALL
        .replace("batch_size: 10", "batchsize: 10")
        .replace("Adam(learning_rate: 0.05", "Agam(learning_rate: -0.05")
        .replace("std: 1.0", "sdt: -1.0");
    place.file("wrong.ron", &wrong);
    let answer = place.run("check wrong.ron");
    answer.is_refused(&[
        "did you mean `batch_size`?",
        "did you mean `Adam`?",
        "did you mean `std`?",
        "-0.05",
        "5 problems",
    ]);
    // Places are those of the file as it stands.
    let column = |line: usize, word: &str| {
        let line = wrong.lines().nth(line - 1).unwrap();
        line[..line.find(word).unwrap()].chars().count() + 1
    };
    for (line, word) in [(6, "sdt"), (6, "-1.0"), (10, "batchsize"), (13, "Agam"), (13, "-0.05")] {
        let marked = format!("wrong.ron:{line}:{}", column(line, word));
        assert!(answer.err.contains(&marked), "no {marked} in {answer:?}");
    }
}

#[test]
fn a_folder_is_no_experiment_but_may_hold_some() {
    let place = Place::new();
    std::fs::create_dir(place.path().join("mine")).unwrap();
    for command in ["check mine", "check ./mine", "run mine"] {
        let answer = place.run(command);
        answer.is_refused(&["mine is a folder", "no experiment"]);
        assert!(!answer.err.contains("os error"), "{answer:?}");
    }
    place.file("mine/small.ron", SMALL);
    place.run("check mine").is_refused(&["name a file in it, such as mine/small.ron"]);
}

const TABLE: &str = r#"(
    version: 1,
    task: Learn(data: Csv(path: "rows.csv", target: "y")),
    training: (epochs: 2),
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.1))],
)"#;

#[test]
fn a_table_that_is_not_there_is_said_in_words() {
    let place = Place::new();
    place.file("table.ron", TABLE);
    for command in ["check table.ron", "run table.ron"] {
        let answer = place.run(command);
        answer.is_refused(&["table.ron:3:", "rows.csv cannot be read", "put the table there"]);
        assert!(!answer.err.contains("os error"), "{answer:?}");
    }
}

#[test]
fn rows_that_are_left_out_are_counted() {
    let place = Place::new();
    place.file("table.ron", TABLE);
    place.file("rows.csv", "x,y\n1,a\n2,b\n,a\n4,b\n5,\n6,b\n7,a\n");
    let words = "2 of 7 rows of rows.csv are left out: each lacks a value";
    let answer = place.run("check table.ron");
    assert!(answer.code == Some(0) && answer.out.contains(words), "{answer:?}");
    let answer = place.run("run table.ron --json");
    assert!(answer.code == Some(0) && answer.err.contains(words), "{answer:?}");
    place.file("rows.csv", "x,y\n1,a\n2,b\n");
    assert!(!place.run("check table.ron").out.contains("left out"));
}
