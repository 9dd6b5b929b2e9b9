//! What the README shows is so: its experiments can be trained, its commands are understood.

use super::Place;

const README: &str = include_str!("../../README.md");

fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    README.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn its_experiments_can_be_trained() {
    let place = Place::new();
    let shown = blocks("ron");
    assert!(shown.len() >= 2);
    for (i, text) in shown.iter().enumerate() {
        place.file(&format!("shown{i}.ron"), text);
        let answer = place.run(&format!("run shown{i}.ron --steps 60"));
        assert_eq!(answer.code, Some(0), "{answer:?}");
    }
}

#[test]
fn its_commands_work() {
    let place = Place::new();
    let commands = README.lines().filter_map(|line| line.trim().strip_prefix("downhill "));
    let commands: Vec<_> =
        commands.map(|line| line.split('#').next().unwrap().trim().to_owned()).collect();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        let answer = place.run(&command);
        assert_eq!(answer.code, Some(0), "downhill {command}: {answer:?}");
    }
}

#[test]
fn its_fences_stand_on_lines_of_their_own() {
    let fences: Vec<&str> = README.lines().filter(|line| line.contains("```")).collect();
    assert!(fences.len() >= 4 && fences.len().is_multiple_of(2), "{fences:?}");
    for fence in fences {
        let rest = fence.trim().strip_prefix("```");
        assert!(rest.is_some_and(|rest| rest.chars().all(char::is_alphanumeric)), "{fence}");
    }
}
