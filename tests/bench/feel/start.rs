//! From a click on the icon to the first frame: the process, the session with its panels, and the real
//! window under Xvfb with OpenGL in software, where Xvfb and xdotool are installed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use downhill::session::library::Library;
use downhill::session::{Draft, Session, Waker};
use downhill::ui::App;
use downhill::ui::shot::{Stage, StageSettings};

use crate::table::Table;

const PROGRAM: &str = env!("CARGO_BIN_EXE_downhill");
/// Programs started.
const STARTS: usize = 30;
/// Windows opened.
const WINDOWS: usize = 15;
/// How long a window may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A child that is killed when it is no longer wanted.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

pub(crate) fn measure(table: &mut Table) {
    let folder = tempfile::tempdir().expect("a place for settings");
    let mut times: Vec<Duration> = (0..STARTS).map(|_| process(folder.path())).collect();
    table.times("exec → the program has read its arguments and ended", &mut times, "");
    let mut times: Vec<Duration> = (0..STARTS).map(|_| first_frame(folder.path())).collect();
    table.times("session, fonts, panels → the first frame's triangles", &mut times, "");
    match Screen::open(folder.path()) {
        Some(screen) => {
            let (mut shown, mut drawn): (Vec<_>, Vec<_>) =
                (0..WINDOWS).map(|_| screen.window()).unzip();
            table.times("exec → window on the screen (Xvfb)", &mut shown, "");
            table.times("exec → first frame built (Xvfb)", &mut drawn, "< 200 ms");
        }
        None => table.row("exec → first frame built", "no Xvfb and xdotool here", "< 200 ms"),
    }
}

fn process(home: &Path) -> Duration {
    let begin = Instant::now();
    let mut program = Command::new(PROGRAM);
    let output = program.arg("--version").env("DOWNHILL_HOME", home).output();
    assert!(output.expect("it starts").status.success());
    begin.elapsed()
}

fn first_frame(home: &Path) -> Duration {
    let opening = Library::shipped_document("opening").expect("it ships");
    let begin = Instant::now();
    let draft = Draft::open(opening.text, None).expect("a valid experiment");
    let session = Session::new(draft, Library::under(home), Waker::silent());
    let mut stage = Stage::new(StageSettings::default());
    let mut app = App::new(stage.context(), session);
    app.take_news();
    stage.frame(|ui| app.draw(ui));
    assert!(!stage.tessellate().is_empty());
    begin.elapsed()
}

struct Screen<'a> {
    display: String,
    home: &'a Path,
    _server: Killed,
}

impl<'a> Screen<'a> {
    fn open(home: &'a Path) -> Option<Self> {
        let version = Command::new("xdotool").arg("version").output();
        version.ok()?;
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
            .args(["+extension", "GLX", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let output = server.stdout.take()?;
        let server = Killed(server);
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number).ok()?;
        let screen = Self { display: format!(":{}", number.trim()), home, _server: server };
        // The first window finds libraries that nobody has read yet.
        screen.window();
        Some(screen)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .env("DOWNHILL_HOME", self.home)
            .env("XDG_RUNTIME_DIR", self.home)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .stderr(Stdio::null());
        command
    }

    /// Times until the window is there, and until it has the title that its first frame gives it.
    fn window(&self) -> (Duration, Duration) {
        let begin = Instant::now();
        let program = Killed(self.command(PROGRAM).spawn().expect("it starts"));
        let until = |title: &str| {
            while !self.is_there(title) {
                assert!(begin.elapsed() < PATIENCE, "the window should come");
            }
            begin.elapsed()
        };
        let times = (until("Downhill"), until(". Downhill$"));
        drop(program);
        while self.is_there("Downhill") {}
        times
    }

    fn is_there(&self, title: &str) -> bool {
        let mut search = self.command("xdotool");
        let found = search.args(["search", "--onlyvisible", "--name", title]).output();
        found.is_ok_and(|output| !output.stdout.is_empty())
    }
}
