//! `cargo bench --bench feel`: how soon the workbench answers, what watching costs, and what is held
//! in memory, each beside what is wanted.
//!
//! `cargo bench --bench feel -- answers start` measures those only; without a name, all of them.
//! Deliberately not here: the window's frames (`frame`), the training step (`speed`), and any
//! judgement. Times are of the machine as it is; on a busy one the last parts of a hundred are those of
//! the others' turns.

mod answers;
#[path = "../../display.rs"]
mod display;
mod evaluation;
mod landscape;
mod lanes;
mod map;
mod memory;
mod past;
mod processor;
mod stalled;
mod start;
mod streaming;
mod table;

use std::process::ExitCode;

use table::Table;

type Part = fn(&mut Table);

/// What can be measured, in the order in which it is.
const PARTS: [(&str, Part); 9] = [
    ("answers", answers::measure),
    ("past", past::measure),
    ("streaming", streaming::measure),
    ("stalled", stalled::measure),
    ("start", start::measure),
    ("memory", memory::measure),
    ("map", map::measure),
    ("landscape", landscape::measure),
    ("evaluation", evaluation::measure),
];

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its table")]
fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).filter(|name| name != "--bench").collect();
    if let [flag, what] = names.as_slice()
        && flag == memory::CHILD
    {
        println!("{}", memory::resident_with(what));
        return ExitCode::SUCCESS;
    }
    if let Some(name) = names.iter().find(|name| PARTS.iter().all(|part| part.0 != *name)) {
        let known = PARTS.map(|part| part.0).join(", ");
        eprintln!("nothing is called {name}: there are {known}");
        return ExitCode::from(2);
    }
    let mut table = Table::begin();
    for (name, measure) in PARTS {
        if names.is_empty() || names.iter().any(|asked| asked == name) {
            measure(&mut table);
        }
    }
    ExitCode::SUCCESS
}
