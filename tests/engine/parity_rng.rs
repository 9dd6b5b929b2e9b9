//! NumPy's `RandomState`, draw for draw.

use downhill::numeric::RandomState;
use serde_json::Value;

use crate::fixtures::{assert_same_bits, integers, list, numbers, read};

/// Draws as many numbers as the fixture has, each case from a fresh generator.
fn check(case: &Value, key: &str, mut draw: impl FnMut(&mut RandomState) -> f64) {
    let seed = case["seed"].as_u64().expect("a seed");
    let expected = numbers(&case[key]);
    let mut state = RandomState::from_seed(seed);
    let ours: Vec<f64> = expected.iter().map(|_| draw(&mut state)).collect();
    assert_same_bits(&ours, &expected, &format!("{key}, seed {seed}"));
}

#[test]
fn every_stream_is_numpys() {
    let fixture = read("rng_numpy_randomstate.json");
    for case in list(&fixture["cases"]) {
        check(case, "raw_uint32", |state| f64::from(state.next_u32()));
        check(case, "random_sample", RandomState::random_sample);
        check(case, "standard_normal", RandomState::standard_normal);
        check(case, "normal_loc2_scale3", |state| state.normal(2.0, 3.0));
        check(case, "uniform_-1_1", |state| state.uniform(-1.0, 1.0));
        check(case, "randint_0_10", |state| state.bounded(9) as f64);
        let seed = case["seed"].as_u64().expect("a seed");
        let order = RandomState::from_seed(seed).permutation(10);
        assert_eq!(order, integers(&case["permutation_10"]));
        let order = RandomState::from_seed(seed).permutation(100);
        assert_eq!(order[..10], integers(&case["permutation_100_first10"]));
    }
}

/// From NumPy 2.4: `RandomState([...]).randint(0, 2**32, 4)` and its kin.
#[test]
fn arrays_seed_as_in_numpy() {
    let fixture = read("rng_arrays.json");
    for case in list(&fixture["cases"]) {
        let key: Vec<u32> = integers(&case["key"]).iter().map(|word| *word as u32).collect();
        let mut state = RandomState::from_array(&key);
        let words: Vec<usize> = (0..4).map(|_| state.next_u32() as usize).collect();
        assert_eq!(words, integers(&case["raw_uint32"]), "{key:?}");
        let mut state = RandomState::from_array(&key);
        assert_eq!(state.permutation(20), integers(&case["permutation_20"]), "{key:?}");
        let mut state = RandomState::from_array(&key);
        let max = case["max"].as_u64().expect("a bound");
        let bounded: Vec<u64> = (0..6).map(|_| state.bounded(max)).collect();
        let expected: Vec<u64> =
            list(&case["bounded"]).iter().map(|x| x.as_u64().expect("a draw")).collect();
        assert_eq!(bounded, expected, "{key:?}, up to {max}");
    }
}
