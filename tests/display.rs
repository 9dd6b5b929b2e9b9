//! A display without a screen: Xvfb, with OpenGL in software. For the test of the real window, and for the
//! bench of how soon it comes.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A child that is killed when it is no longer wanted, however that comes.
pub(crate) struct Killed(pub(crate) Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A display, there as long as this is.
pub(crate) struct Display {
    name: String,
    home: PathBuf,
    _server: Killed,
}

impl Display {
    /// A display whose programs keep what they keep in `home`; none where Xvfb does not start.
    pub(crate) fn open(home: &Path) -> Option<Self> {
        let server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
            // Without -noreset the server starts anew whenever its last client leaves, and takes along
            // whoever is just arriving.
            .args(["+extension", "GLX", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut server = Killed(server.ok()?);
        let mut number = String::new();
        BufReader::new(server.0.stdout.take()?).read_line(&mut number).ok()?;
        let name = format!(":{}", number.trim());
        Some(Self { name, home: home.to_owned(), _server: server })
    }

    /// A program that shows itself there, and keeps what it keeps in the home.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.name)
            .env("DOWNHILL_HOME", &self.home)
            .env("HOME", &self.home)
            .env("XDG_RUNTIME_DIR", &self.home)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env_remove("WAYLAND_DISPLAY");
        command
    }
}
