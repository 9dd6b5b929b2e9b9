//! The laws of formulas: what is read, what is refused and how, and that slopes are slopes.

use super::{Formula, FormulaError, LONGEST_FORMULA};
use crate::catalog::Chosen;
use crate::numeric::RandomState;
use crate::objective::{SurfaceFunction, Surfaces};

fn at(text: &str, x: f64, y: f64) -> [f64; 3] {
    Formula::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).at(x, y)
}

fn refused(text: &str) -> FormulaError {
    Formula::parse(text).expect_err(text)
}

#[test]
fn formulas_mean_what_mathematics_means() {
    let (x, y) = (1.5, -0.75);
    for (text, value) in [
        ("-x^2", -2.25),
        ("2^3^2", 512.0),
        ("2^-x", 2f64.powf(-1.5)),
        ("x - y - 1", 1.25),
        ("8/2/2", 2.0),
        ("-2*-3", 6.0),
        ("+x--y", 0.75),
        ("2 + 3*4", 14.0),
        ("(2 + 3)*4", 20.0),
        ("1.5e2 + .5 + 2.", 152.5),
        ("1e-3", 1e-3),
        ("pi + e", std::f64::consts::PI + std::f64::consts::E),
        ("log(e) + ln(e) + log2(8) + log10(100)", 7.0),
        ("min(x, y) + max(x, y)", 0.75),
        ("pow(2, 10) + abs(y) + sign(y) + floor(x)", 1024.75),
        ("atan2(1, 1)*4", std::f64::consts::PI),
        ("\n x ^ 2\t*\n 2 ", 4.5),
        ("(-2)^3", -8.0),
        ("x^0", 1.0),
    ] {
        let found = at(text, x, y)[0];
        assert!((found - value).abs() < 1e-14 * value.abs().max(1.0), "{text}: {found} {value}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_column_and_what_to_write() {
    for (text, column, message, hint) in [
        ("", 1, "empty", "x^2 + 3*y^2"),
        ("   ", 1, "empty", "x^2"),
        ("2x", 1, "`2x` needs a `*`", "`2*x`"),
        ("x + 2(y)", 5, "`2(` needs a `*`", "`2*(`"),
        ("x y", 1, "need a sign between", "`x*y`"),
        ("xy", 1, "`xy` is not known", "`x*y`"),
        ("x + z", 5, "`z` is not known", "variables are x and y"),
        ("X", 1, "`X`", "`x`"),
        ("sine(x)", 1, "`sine` is not known", "did you mean `sin`?"),
        ("arctan(x)", 1, "not known", "`atan`"),
        ("sin x", 1, "needs brackets", "`sin(…)`"),
        ("x(y)", 1, "not a function", "`x*(…)`"),
        ("(x + 1", 7, "opened at column 1 is not closed", "add `)`"),
        ("x + 1)", 6, "closes no bracket", "take it out"),
        ("x +", 4, "between `+` and the end", "must follow"),
        ("x * / y", 5, "between `*` and `/`", "must follow"),
        ("*x", 1, "in front of `*`", "begins"),
        ("()", 2, "brackets are empty", "write"),
        ("0,5*x", 2, "comma", "a point"),
        ("(0,5)*x", 3, "comma", "a point"),
        ("max(x)", 1, "`max` takes 2 arguments, not 1", "max(x, y)"),
        ("sin(x, y)", 1, "`sin` takes 1 argument, not 2", "sin(x)"),
        ("sin()", 1, "not 0", "sin(x)"),
        ("x**2", 2, "`**`", "`^`"),
        ("x²", 2, "`²`", "`^2`"),
        ("x − 1", 3, "`−`", "`-`"),
        ("f = x", 3, "`=`", "right side"),
        ("x = 1", 3, "`=`", "right side"),
        ("1.2.3", 1, "is no number", "0.5"),
        ("1e999", 1, "too large", "1.8e308"),
        ("x # y", 3, "`#`", "a formula has"),
    ] {
        let error = refused(text);
        let FormulaError { at, message: said, hint: advice } = &error;
        assert_eq!(at.start + 1, column, "{text}: {error}");
        assert!(said.contains(message), "{text}: {said}");
        let advice = advice.as_deref().unwrap_or_default();
        assert!(advice.contains(hint), "{text}: {advice}");
    }
}

#[test]
fn what_is_too_long_or_too_deep_is_refused_and_what_is_just_not_is_read() {
    let long = |n: usize| format!("x{}", "+x".repeat(n));
    assert!(Formula::parse(&long((LONGEST_FORMULA - 1) / 2)).is_ok());
    assert!(refused(&long(LONGEST_FORMULA)).message.contains("longer than 1000"));
    let deep = |n: usize| format!("{}x{}", "(".repeat(n), ")".repeat(n));
    assert!(Formula::parse(&deep(40)).is_ok());
    for text in [deep(41), "-".repeat(900) + "x", "x^".repeat(400) + "x", "sin(".repeat(200)] {
        assert!(refused(&text).message.contains("nested too deep"), "{text}");
    }
    let wide = format!("{}x{}", "1+2*(x+".repeat(30), ")".repeat(30));
    assert!(refused(&wide).message.contains("nested too deep"), "its stack is too high");
}

fn below(random: &mut RandomState, n: usize) -> usize {
    (random.random_sample() * n as f64) as usize
}

/// 100,000 texts of tokens and as many of bytes: an answer each, and values where it can be read.
#[test]
fn no_text_makes_it_panic_or_hang() {
    const TOKENS: [&str; 34] = [
        "x", "y", "z", "1", "2.5", "1e3", "1e", ".", "pi", "e", "+", "-", "*", "/", "^", "(", ")",
        "(", ")", ",", "sin(", "min(", "pow(", "log(", "sqrt(", "atan2(", "floor(", "**", "²", " ",
        "\n", "abs", "xy", "0",
    ];
    let mut random = RandomState::new(7);
    let mut read = 0;
    for round in 0..100_000 {
        let length = 1 + below(&mut random, 12);
        let tokens: String =
            (0..length).map(|_| TOKENS[below(&mut random, TOKENS.len())]).collect();
        let bytes: Vec<u8> = (0..length).map(|_| below(&mut random, 256) as u8).collect();
        for text in [tokens, String::from_utf8_lossy(&bytes).into_owned()] {
            match Formula::parse(&text) {
                Ok(formula) => {
                    read += 1;
                    let point = [(0.0, 0.0), (-1.0, 2.0), (f64::NAN, f64::INFINITY)][round % 3];
                    assert_eq!(formula.at(point.0, point.1).len(), 3);
                }
                Err(error) => {
                    let length = text.chars().count();
                    assert!(error.at.start <= length && error.at.end > error.at.start, "{text:?}");
                    assert!(!error.message.is_empty(), "{text:?}");
                }
            }
        }
    }
    assert!(read > 1000, "only {read} could be read");
}

#[test]
fn slopes_of_every_function_are_slopes() {
    for text in [
        "sin(x*y)",
        "cos(x - y)",
        "tan(x/2)",
        "asin(x/3)*y",
        "acos(y/4)",
        "atan(x*y)",
        "sinh(x)",
        "cosh(y)*x",
        "tanh(x + y)",
        "exp(x*y)",
        "log(x + 3)",
        "ln(y*y + 1)",
        "log2(x^2 + 1)",
        "log10(4 + y)",
        "sqrt(x + 4)*y",
        "abs(x*y - 10)",
        "min(x, y + 5)",
        "max(x^2, y - 9)",
        "pow(x + 3, y)",
        "atan2(y + 3, x + 4)",
        "x^3*y^-2",
        "x^5/y",
        "(x + 3)^1.5",
        "2^x*3^y",
        "x^64/1e9",
        "(x*x + 1)^(y - x)",
        "-x^2 - -y",
        "sign(x)*x*y",
        "(x - 1)^0*y",
    ] {
        for (x, y) in [(0.7, 1.3), (-1.1, 0.6), (1.9, -0.8)] {
            let h = 1e-5;
            let [_, dx, dy] = at(text, x, y);
            let value = |x, y| at(text, x, y)[0];
            let slopes = [
                (value(x + h, y) - value(x - h, y)) / (2.0 * h),
                (value(x, y + h) - value(x, y - h)) / (2.0 * h),
            ];
            for (found, slope) in [dx, dy].into_iter().zip(slopes) {
                let error = (found - slope).abs() / slope.abs().max(1.0);
                assert!(error < 1e-7, "{text} at ({x}, {y}): {found} {slope}");
            }
        }
    }
}

#[test]
fn kinks_have_the_slopes_that_are_promised() {
    assert_eq!(at("abs(x)", 0.0, 0.0), [0.0, 0.0, 0.0]);
    assert_eq!(at("max(x, y)", 2.0, 2.0), [2.0, 0.5, 0.5]);
    assert_eq!(at("min(2*x, y)", 1.0, 2.0), [2.0, 1.0, 0.5]);
    assert_eq!(at("floor(x) + sign(y)", 1.5, 2.0), [2.0, 0.0, 0.0]);
    assert_eq!(at("sqrt(x^2)", 0.0, 1.0)[1], 0.0, "what has no slope keeps none");
    assert_eq!(at("x^y", 0.0, 2.0), [0.0, 0.0, 0.0]);
    assert!(at("log(x)", -1.0, 0.0)[0].is_nan() && at("1/x", 0.0, 0.0)[0].is_infinite());
}

#[test]
fn built_in_surfaces_written_as_formulas_are_the_same() {
    for (name, text) in [
        ("Sphere", "x^2 + y^2"),
        ("Rosenbrock", "(1 - x)^2 + 100*(y - x^2)^2"),
        ("Beale", "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2"),
        ("Himmelblau", "(x^2 + y - 11)^2 + (x + y^2 - 7)^2"),
        ("Booth", "(x + 2*y - 7)^2 + (2*x + y - 5)^2"),
        ("Rastrigin", "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)"),
        (
            "Ackley",
            "-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e + 20",
        ),
        ("Griewank", "1 + (x^2 + y^2)/4000 - cos(x)*cos(y/sqrt(2))"),
        ("Easom", "-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)"),
        ("Mccormick", "sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1"),
        ("MonkeySaddle", "x^3 - 3*x*y^2"),
    ] {
        let known = Chosen::<Surfaces>::named(name).expect("it is in the table");
        let typed = Chosen::<Surfaces>::named("Custom").expect("it is in the table");
        let typed = SurfaceFunction::<f64>::new(&typed.with("formula", text));
        let known_function = SurfaceFunction::<f64>::new(&known);
        for (x, y) in [(0.3, -0.7), (-1.2, 0.4), (1.9, 1.1), (2.9, 3.3)] {
            let (a, [ax, ay]) = known_function.value_and_gradient(x, y);
            let (b, [bx, by]) = typed.value_and_gradient(x, y);
            for (a, b) in [(a, b), (ax, bx), (ay, by)] {
                assert!((a - b).abs() <= 1e-12 * a.abs().max(1.0), "{name}: {a} {b}");
            }
        }
        let single = SurfaceFunction::<f32>::new(&known).value(0.3, -0.7);
        assert!((f64::from(single) - known_function.value(0.3, -0.7)).abs() < 1e-3, "{name}");
    }
}
