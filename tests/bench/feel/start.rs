//! From a click on the icon to the first frame: the process, the session with its panels, and the real
//! window under Xvfb with OpenGL in software, where Xvfb and xdotool are installed.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use downhill::session::library::Library;
use downhill::session::{Draft, Session, Waker};
use downhill::ui::App;
use downhill::ui::shot::{Stage, StageSettings};

use crate::display::{Display, Killed};
use crate::table::Table;

const PROGRAM: &str = env!("CARGO_BIN_EXE_downhill");
/// Programs started.
const STARTS: usize = 30;
/// Windows opened.
const WINDOWS: usize = 15;
/// How long a window may take.
const PATIENCE: Duration = Duration::from_mins(1);

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

struct Screen {
    display: Display,
}

impl Screen {
    fn open(home: &Path) -> Option<Self> {
        Command::new("xdotool").arg("version").output().ok()?;
        let screen = Self { display: Display::open(home)? };
        // The first window finds libraries that nobody has read yet.
        screen.window();
        Some(screen)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = self.display.command(program);
        command.stderr(Stdio::null());
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
