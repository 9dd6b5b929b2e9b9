//! A guard that cannot flake: how many instructions an update takes, counted by callgrind.
//!
//! `cargo bench -- --guard` counts W1 to W4 on every kernel path that valgrind and this processor run,
//! and fails where a count is more than a tenth off the recorded one. After a change that is meant,
//! write the new counts here. It is no part of `cargo test`, because only an optimised build says
//! anything.

use std::process::{Command, Stdio};

use downhill::numeric::KernelPath;

/// Instructions of one update, by workload: on the portable path and on avx2. (Valgrind runs no AVX-512.)
static RECORDED: [(&str, [f64; 2]); 4] = [
    ("W1", [3464.0, 1523.0]),
    ("W2", [100_601.0, 19_386.0]),
    ("W3", [957_719.0, 184_904.0]),
    ("W4", [24_457.0, 6185.0]),
];

/// How far a count may be off.
const MARGIN: f64 = 0.1;

/// Counts everything and prints what came out; whether all is well.
#[expect(clippy::print_stdout, reason = "a guard says what it sees")]
pub(crate) fn guard() -> bool {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("skipped: valgrind is not installed");
        return true;
    }
    let mut all_well = true;
    for (workload, recorded) in RECORDED {
        for (path, recorded) in [KernelPath::Portable, KernelPath::Avx2].into_iter().zip(recorded) {
            if !path.is_available() {
                println!("{workload} {path}: skipped: this processor does not run it");
                continue;
            }
            match instructions(workload, path) {
                Ok(found) => {
                    let off = found / recorded - 1.0;
                    let well = off.abs() <= MARGIN;
                    all_well &= well;
                    let verdict = if well { "well" } else { "OFF" };
                    println!(
                        "{workload} {path}: {found:.0} instructions an update, recorded \
                         {recorded:.0}: {verdict}"
                    );
                }
                Err(problem) => {
                    all_well = false;
                    println!("{workload} {path}: {problem}");
                }
            }
        }
    }
    all_well
}

/// Instructions of one update: what so many more updates cost, so that the start does not count.
fn instructions(workload: &str, path: KernelPath) -> Result<f64, String> {
    const UPDATES: [u64; 2] = [40, 640];
    let [few, many] = UPDATES.map(|updates| collected(workload, path, updates));
    Ok((many? - few?) / (UPDATES[1] - UPDATES[0]) as f64)
}

/// Instructions of a whole process that does so many updates.
fn collected(workload: &str, path: KernelPath, updates: u64) -> Result<f64, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(own)
        .args(["--exact", workload, "--updates", &updates.to_string()])
        .env("DOWNHILL_KERNELS", path.name())
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find_map(|line| line.split("Collected : ").nth(1));
    let count = line.and_then(|count| count.trim().parse().ok());
    count.ok_or_else(|| format!("callgrind counted nothing: {text}"))
}
