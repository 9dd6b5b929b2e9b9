//! A formula in the file: what is wrong with it is said where it stands.

use downhill::experiment::check;

const SURFACE: &str = r#"(
    version: 1,
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0), noise: 0.0),
    training: (steps: 200),
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.0005))],
)"#;

fn problems(function: &str) -> String {
    let found = check(&SURFACE.replace("Rosenbrock", function)).err().unwrap_or_default();
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_formula_is_refused_where_it_is_wrong() {
    for (formula, place, words) in [
        (
            "x + sine(y)",
            "column 41",
            "column 5 of the formula: `sine` is not known; did you mean `sin`?",
        ),
        ("2x", "column 37", "column 1 of the formula: `2x` needs a `*`; write `2*x`"),
        ("(x + 1", "column 43", "the bracket opened at column 1 is not closed; add `)`"),
        ("", "column 37", "column 1 of the formula: the formula is empty"),
        ("x\\n + z", "column 43", "column 6 of the formula: `z` is not known"),
    ] {
        let custom = format!("Custom(\"{formula}\")");
        let found = problems(&custom);
        assert!(found.contains(place) && found.contains("task.function: "), "{formula}: {found}");
        assert!(found.contains(words), "{formula}: {found}");
    }
    assert_eq!(problems("Custom(\"x^2 + 3*y^2\")"), "");
}
