//! Lanes of several seeds without a window: the table, the JSON object, the folder of a run.

use super::{Place, SMALL};

fn seeded() -> String {
    SMALL
        .replace("learning_rate: 0.1)", "learning_rate: 0.1), seeds: 5")
        .replace("init: Zeros", "init: Auto")
        .replace("batch_size: 15", "batch_size: 15, seeds: 6")
}

fn place() -> Place {
    let place = Place::new();
    place.file("seeded.ron", &seeded());
    place
}

#[test]
fn the_table_has_one_row_a_lane_and_says_what_the_seeds_show() {
    let answer = place().run("run seeded.ron");
    assert_eq!(answer.code, Some(0), "{answer:?}");
    let rows = |name: &str| answer.out.lines().filter(|line| line.contains(name)).count();
    assert_eq!((rows("SGD × 5 seeds "), rows("Adam × 6 seeds ")), (1, 1), "{}", answer.out);
    assert!(answer.out.contains("5 paired\nseeds") || answer.out.contains("5 paired seeds"));
    let few = place().run("run seeded.ron --set lanes.SGD.seeds=4");
    assert!(
        few.out.contains("SGD and Adam: 4 paired seeds. Nothing is claimed below 5."),
        "{few:?}"
    );
    let one = place().run("run seeded.ron --set lanes.SGD.seeds=1");
    assert!(!one.out.contains("paired"), "{one:?}");
}

#[test]
fn every_seed_is_an_entry_and_the_same_run_alone() {
    let place = place();
    let result = place.json("run seeded.ron --json --history --predictions 3");
    let lanes = result["lanes"].as_array().unwrap();
    let entries: Vec<_> = lanes
        .iter()
        .map(|lane| (lane["name"].as_str().unwrap(), lane["seed"].as_u64().unwrap()))
        .collect();
    let sgd = (1..=5).map(|seed| ("SGD", seed));
    let expected: Vec<_> = sgd.chain((1..=6).map(|seed| ("Adam", seed))).collect();
    assert_eq!(entries, expected);
    let test = &result["comparisons"][0];
    assert_eq!((test["lanes"][0].as_str(), test["pairs"].as_u64()), (Some("SGD"), Some(5)));
    let rows = |lane: &serde_json::Value| {
        let rows = lane["predictions"].as_array().unwrap();
        rows.iter().map(|row| row["row"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(rows(&lanes[0]), rows(&lanes[4]), "every seed is asked about the same rows");
    let fields = "--set lanes.SGD.seeds=1 --set lanes.Adam.seeds=1 --set training.seed=4";
    let alone = place.json(&format!("run seeded.ron --json --history {fields}"));
    assert!(alone.get("comparisons").is_none());
    for (ours, alone) in [(&lanes[3], &alone["lanes"][0]), (&lanes[8], &alone["lanes"][1])] {
        for key in ["name", "seed", "params", "batch_loss", "epoch_loss", "held_out"] {
            assert_eq!(ours[key], alone[key], "{key}");
        }
    }
}

#[test]
fn the_folder_tells_the_seeds_apart() {
    let place = place();
    assert_eq!(place.run("run seeded.ron --out many --quiet").code, Some(0));
    let read = |name: &str| std::fs::read_to_string(place.path().join(name)).unwrap();
    let batches = read("many/batches.csv");
    assert!(batches.starts_with("lane,seed,step,loss\nSGD,1,0,"), "{}", &batches[..60]);
    assert!(batches.contains("\nSGD,5,0,") && batches.contains("\nAdam,6,0,"));
    assert!(read("many/epochs.csv").contains("\nAdam,6,4,"));
    let file = std::fs::File::open(place.path().join("many/weights.npz")).unwrap();
    let mut archive = ndarray_npy::NpzReader::new(file).unwrap();
    let names = archive.names().unwrap();
    assert_eq!(names.len(), 2 * 11, "{names:?}");
    assert!(names.iter().any(|name| name.starts_with("SGD/seed 5/output.weights")), "{names:?}");
}

#[test]
fn the_program_of_a_lane_is_its_first_seed_and_a_check_counts_them() {
    let place = place();
    let program = place.run("script seeded.ron --lane Adam");
    assert!(program.out.contains("the lane “Adam”, seed 1 of 6"), "{program:?}");
    let answer = place.run("check seeded.ron");
    assert!(answer.out.contains("can be trained, 2 lanes with 11 seeds in all"), "{answer:?}");
}
