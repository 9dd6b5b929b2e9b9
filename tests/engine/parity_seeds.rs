//! Statistics of seeds against those of `SciPy` and NumPy.

use downhill::metrics::{Paired, quantile};

use super::fixtures::{assert_close, list, number, numbers, read};

#[test]
fn paired_tests_are_those_of_scipy() {
    let fixture = read("seeds.json");
    let cases = list(&fixture["paired"]);
    assert_eq!(cases.len(), 9);
    for case in cases {
        let (a, b) = (numbers(&case["a"]), numbers(&case["b"]));
        let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
        let ours = Paired::of(&differences).expect("two pairs or more");
        let what = format!("{} pairs", a.len());
        assert_eq!(ours.pairs, a.len());
        let found = [ours.mean, ours.low, ours.high];
        let expected = ["mean", "low", "high"].map(|key| number(&case[key]));
        assert_close(&found, &expected, 1e-11, &what);
        let p = number(&case["p"]);
        assert!((ours.p - p).abs() <= 1e-10 * p, "{what}: p is {:e}, expected {p:e}", ours.p);
    }
}

/// Two differences ±1 around a mean have t = mean, so that every t can be asked for.
fn chance(t: f64, freedom: usize) -> f64 {
    let pairs = freedom + 1;
    // Half of them above, half below, an odd one in the middle; spread so that the error is 1.
    let mut around: Vec<f64> = (0..pairs).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
    if pairs % 2 == 1 {
        around[pairs - 1] = 0.0;
    }
    let squares: f64 = around.iter().map(|d| d * d).sum();
    let error = (squares / freedom as f64 / pairs as f64).sqrt();
    let differences: Vec<f64> = around.iter().map(|d| d / error + t).collect();
    Paired::of(&differences).expect("two pairs or more").p
}

#[test]
fn tails_and_intervals_of_t_are_those_of_scipy() {
    let fixture = read("seeds.json");
    for case in list(&fixture["t_two_sided"]) {
        let (t, freedom, p) = (number(&case["t"]), number(&case["df"]), number(&case["p"]));
        let ours = chance(t, freedom as usize);
        assert!((ours - p).abs() <= 1e-10 * p.max(1e-3), "t {t}, ν {freedom}: {ours:e}, not {p:e}");
    }
    for case in list(&fixture["t_quantile"]) {
        let (freedom, expected) = (number(&case["df"]) as usize, number(&case["q975"]));
        let p = chance(expected, freedom);
        assert!((p - 0.05).abs() < 1e-11, "ν {freedom}: {p}");
    }
}

#[test]
fn quantiles_are_those_of_numpy() {
    let fixture = read("seeds.json");
    for case in list(&fixture["quantiles"]) {
        let values = numbers(&case["x"]);
        for (q, expected) in case["q"].as_object().expect("quantiles by their part") {
            let ours = quantile(&values, q.parse().expect("a number")).expect("there are values");
            assert_close(&[ours], &[number(expected)], 1e-15, &format!("{q} of {}", values.len()));
        }
    }
}
