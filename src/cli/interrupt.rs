//! Ctrl-C: the first asks the lanes to stop, so that what was trained is written; the second ends
//! the program at once.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use super::Failure;

/// Exit code of a run that was interrupted.
pub(super) const INTERRUPTED: u8 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Listens from now on; true once the program is asked to stop.
pub(super) fn listen() -> Result<&'static AtomicBool, Failure> {
    let heard = || {
        if ASKED.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(INTERRUPTED));
        }
    };
    match ctrlc::set_handler(heard) {
        // A second run in one program hears the same signal.
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(&ASKED),
        Err(error) => Err(anyhow::Error::new(error)).context("Ctrl-C cannot be heard")?,
    }
}
