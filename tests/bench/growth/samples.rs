//! Which experiments are measured, and against what.

use super::figure::{Line, Panel};
use super::runs::{Net, along, in_company, update};

/// All samples, told as they are measured.
pub(crate) fn all(say: impl Fn(&str)) -> Vec<Panel> {
    let told = |panel: Panel| {
        say(panel.name);
        for line in &panel.lines {
            let each = |(x, y): &(f64, f64)| format!("{x}: {y:.1} ns");
            let points: Vec<String> = line.points.iter().map(each).collect();
            say(&format!("  {}  {}", line.name, points.join(", ")));
        }
        panel
    };
    vec![told(batch()), told(width()), told(depth()), told(lanes()), told(length())]
}

/// A line of nets, one for each x.
fn line(name: &str, numbers: &[u64], net: impl Fn(u64) -> Net) -> Line {
    let points = numbers.iter().map(|x| (*x as f64, update(&net(*x)))).collect();
    Line { name: name.to_owned(), points }
}

fn batch() -> Panel {
    let sizes: Vec<u64> = (0..=11).map(|power| 1 << power).collect();
    let of = |hidden: &'static [u64]| move |batch| Net { batch, ..Net::of(hidden) };
    Panel {
        name: "rows a batch",
        lines: vec![
            line("10-1", &sizes, of(&[])),
            line("10-8-8-1", &sizes, of(&[8, 8])),
            line("10-64-64-1", &sizes, of(&[64, 64])),
        ],
    }
}

fn width() -> Panel {
    let widths: Vec<u64> = (1..=9).map(|power| 1 << power).collect();
    let wide = |units| Net { hidden: vec![units; 2], ..Net::of(&[]) };
    Panel {
        name: "units a layer",
        lines: vec![
            line("F32", &widths, wide),
            line("F64", &widths, |units| Net { precision: "F64", ..wide(units) }),
        ],
    }
}

fn depth() -> Panel {
    let depths = [1, 2, 3, 4, 6, 8, 12, 16];
    let deep =
        |units: u64| move |depth| Net { hidden: vec![units; depth as usize], ..Net::of(&[]) };
    Panel {
        name: "hidden layers",
        lines: vec![line("8 units", &depths, deep(8)), line("32 units", &depths, deep(32))],
    }
}

fn lanes() -> Panel {
    let counts = [1, 2, 4, 8, 16];
    let net = Net { batch: 10, ..Net::of(&[8, 8]) };
    let points = counts.iter().map(|count| (*count as f64, in_company(&net, *count))).collect();
    Panel {
        name: "lanes in the workbench",
        lines: vec![Line { name: "10-8-8-1".to_owned(), points }],
    }
}

fn length() -> Panel {
    let net = Net { precision: "F64", ..Net::of(&[]) };
    let (updates, everything) = along(&net, 3..=8);
    Panel {
        name: "updates so far",
        lines: vec![
            Line { name: "updates alone".to_owned(), points: updates },
            Line { name: "in the workbench, everything".to_owned(), points: everything },
        ],
    }
}
