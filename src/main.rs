//! The story of a run: arguments become a request, a request goes to the face that serves it.

use std::process::ExitCode;

fn main() -> ExitCode {
    downhill::cli::main()
}
