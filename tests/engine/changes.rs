//! Changes of a running lane, read from a path below the lane and a value as it is written.

use downhill::experiment::{Change, LaneSpec, parse, parse_change};
use downhill::objective::Penalty;

use crate::experiment::BASE;

#[test]
fn changes_of_a_running_lane_are_read_and_checked() {
    let experiment = parse(BASE).unwrap();
    let lane: &LaneSpec = &experiment.lanes[0];
    let change = |path: &str, value: &str| parse_change(lane, path, value);
    let expected = Change::Optimizer { knob: "momentum", value: 0.9 };
    assert_eq!(change("optimizer.momentum", "0.9"), Ok(expected));
    assert_eq!(
        change("optimizer.nesterov", "true").map(|c| c.path()),
        Ok("optimizer.nesterov".into())
    );
    assert_eq!(change("clip", "None"), Ok(Change::Clip(None)));
    assert!(matches!(change("clip.limit", "2.0"), Ok(Change::Clip(Some(_)))));
    assert!(matches!(change("batch_size", "Full"), Ok(Change::BatchSize(_))));
    let dropout = Change::Dropout { layer: 1, rate: 0.25 };
    assert_eq!(change("model.hidden[1].rate", "0.25"), Ok(dropout.clone()));
    assert_eq!(change(&dropout.path(), "0.25"), Ok(dropout));
    let penalty = Change::Regularize { penalty: Penalty::L2, factor: 0.1 };
    assert_eq!(change("regularize.l2", "0.1"), Ok(penalty));
    assert_eq!(change("params.17", "-0.5"), Ok(Change::Parameter { index: 17, value: -0.5 }));
    for (path, value) in [
        ("optimizer.momentum", "1.5"),
        ("optimizer.momentum", "NaN"),
        ("optimizer", "Adam()"),
        ("batch_size", "0"),
        ("clip", "Norm(-1.0)"),
        ("regularize", "(l2: 0.1)"),
        ("regularize.l3", "0.1"),
        ("regularize.l2", "-0.1"),
        ("model", "()"),
        ("model.hidden[1].units", "3"),
        ("model.hidden[1].rate", "1.0"),
        ("params", "[1.0]"),
        ("params.x", "1.0"),
        ("params.-1", "1.0"),
        ("params.0", "inf"),
        ("seed", "3"),
    ] {
        assert!(change(path, value).is_err(), "{path}={value}");
    }
    assert!(parse_change(&experiment.lanes[1], "clip.limit", "2.0").is_err());
}
