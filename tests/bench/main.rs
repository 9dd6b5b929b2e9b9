//! Benchmarks of the training step: `cargo bench` trains each workload for a moment on one core and
//! prints updates a second, beside what this machine can do at all.
//!
//! `cargo bench -- W1 W4` measures those only (with all their variants, unless `--exact`), `--json`
//! prints one object a line, `--rounds N` and `--seconds S` set how often and how long.
//! `DOWNHILL_KERNELS` names the kernels. Losses are recorded, as a lane records them. Deliberately not here: the peers (`tests/bench/peers`), and any
//! judgement; but `--guard` counts instructions (`guard.rs`).

mod clock;
mod guard;
mod machine;
mod workloads;

use std::process::ExitCode;

use downhill::numeric::{KernelPath, kernel_path};

use clock::Rates;
use machine::Limits;
use workloads::{WORKLOADS, Workload};

/// What the command line asks for.
#[derive(Debug)]
struct Request {
    names: Vec<String>,
    exact: bool,
    json: bool,
    rounds: usize,
    seconds: f64,
    /// So many updates and nothing else.
    updates: Option<u64>,
    guard: bool,
}

impl Request {
    fn of(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut request = Self {
            names: Vec::new(),
            exact: false,
            json: false,
            rounds: 5,
            seconds: 0.3,
            updates: None,
            guard: false,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut number = |what: &str| -> Result<f64, String> {
                let text = arguments.next().ok_or(format!("{what} needs a number"))?;
                text.parse().map_err(|_not_a_number| format!("{text} is no number for {what}"))
            };
            match argument.as_str() {
                "--bench" => {}
                "--json" => request.json = true,
                "--exact" => request.exact = true,
                "--guard" => request.guard = true,
                "--updates" => request.updates = Some(number("--updates")? as u64),
                "--rounds" => request.rounds = (number("--rounds")? as usize).max(1),
                "--seconds" => request.seconds = number("--seconds")?.clamp(0.001, 60.0),
                name => request.names.push(name.to_uppercase()),
            }
        }
        Ok(request)
    }

    fn wants(&self, workload: &Workload) -> bool {
        let own = workload.name.to_uppercase();
        let asked = |name: &String| if self.exact { own == *name } else { own.starts_with(name) };
        self.names.is_empty() || self.names.iter().any(asked)
    }
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its table")]
fn main() -> ExitCode {
    let chosen =
        Request::of(std::env::args().skip(1)).and_then(|request| Ok((request, kernels()?)));
    let (request, path) = match chosen {
        Ok(chosen) => chosen,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(2);
        }
    };
    if request.guard {
        return if guard::guard() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let chosen = WORKLOADS.iter().filter(|workload| request.wants(workload));
    if let Some(updates) = request.updates {
        chosen.for_each(|workload| workload.only_train(updates));
        return ExitCode::SUCCESS;
    }
    let limits = Limits::measured();
    if !request.json {
        println!("kernels {path}; {limits}");
        println!(
            "{:28} {:>14} {:>14} {:>12} {:>9}",
            "workload", "median /s", "best /s", "each", "of limit"
        );
    }
    for workload in chosen {
        let rates = workload.measure(request.rounds, request.seconds);
        if request.json {
            println!("{}", as_json(workload, &rates, path));
        } else {
            println!("{}", as_line(workload, &rates, limits));
        }
    }
    ExitCode::SUCCESS
}

/// The kernels that the environment asks for, made those of this process.
fn kernels() -> Result<KernelPath, String> {
    let asked = std::env::var("DOWNHILL_KERNELS").ok();
    let path = kernel_path(asked.as_deref()).map_err(|error| error.to_string())?;
    path.choose();
    Ok(path)
}

fn as_line(workload: &Workload, rates: &Rates, limits: Limits) -> String {
    let share = workload
        .limit(limits)
        .map_or("—".to_owned(), |limit| format!("{:.0} %", 100.0 * rates.best() / limit));
    format!(
        "{:28} {:>14} {:>14} {:>9.1} ns {:>9}",
        workload.title(),
        grouped(rates.median()),
        grouped(rates.best()),
        1e9 / rates.best(),
        share
    )
}

fn as_json(workload: &Workload, rates: &Rates, path: KernelPath) -> String {
    format!(
        "{{\"workload\": \"{}\", \"unit\": \"{}\", \"kernels\": \"{path}\", \"median\": {:.1}, \
         \"best\": {:.1}}}",
        workload.name,
        workload.unit(),
        rates.median(),
        rates.best()
    )
}

/// A rate with its thousands apart.
fn grouped(rate: f64) -> String {
    let digits = format!("{rate:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
