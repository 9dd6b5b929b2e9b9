//! Where the command line writes: results to standard output, everything else to standard error.

use std::io::{self, BufWriter, Stdout, Write};
use std::process::ExitCode;

use super::Failure;

/// The two streams of the terminal.
#[derive(Debug)]
pub struct Console {
    /// Results.
    pub out: BufWriter<Stdout>,
}

impl Console {
    /// The program's own streams.
    #[must_use]
    pub fn new() -> Self {
        Self { out: BufWriter::new(io::stdout()) }
    }

    /// Says something beside the result.
    #[expect(clippy::print_stderr, reason = "this is the one place where it is printed")]
    pub fn say(&mut self, message: &str) {
        eprintln!("{message}");
    }

    /// Writes out what waits, says what failed, and gives the exit code.
    #[must_use]
    pub fn end(mut self, served: Result<ExitCode, Failure>) -> ExitCode {
        let flushed = self.out.flush().map_err(Failure::from);
        match served.and_then(|code| flushed.map(|()| code)) {
            Ok(code) => code,
            Err(Failure::Closed) => ExitCode::SUCCESS,
            Err(failure) => {
                self.say(&format!("downhill: {failure}"));
                ExitCode::from(failure.exit_code())
            }
        }
    }
}

impl Default for Console {
    fn default() -> Self {
        Self::new()
    }
}
