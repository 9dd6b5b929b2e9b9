//! A real window under Xvfb, with a real mouse and keyboard: the one test that needs a display.
//!
//! Where Xvfb or its tools are not installed the test says so and passes.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::display::{Display, Killed};

/// Tools the test works with, each with what it is for.
const TOOLS: [&str; 3] = ["Xvfb", "xdotool", "import"];
/// How long the machine may take for anything.
const PATIENCE: Duration = Duration::from_secs(90);

struct Screen {
    display: Display,
    folder: tempfile::TempDir,
}

fn is_installed(tool: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(tool).is_file())
}

impl Screen {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a place for settings");
        let display = Display::open(folder.path()).expect("Xvfb says which display it is");
        Self { display, folder }
    }

    fn xdotool(&self, words: &[&str]) -> String {
        let output = self.display.command("xdotool").args(words).output().expect("xdotool runs");
        assert!(output.status.success(), "xdotool {words:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The visible windows of the program, a line each; none yet is no mistake.
    fn windows(&self) -> String {
        let mut search = self.display.command("xdotool");
        search.args(["search", "--onlyvisible", "--name", "Downhill"]);
        let output = search.output().expect("xdotool runs");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The pixels of the whole screen, three bytes each, and its width.
    fn picture(&self) -> (Vec<[u8; 3]>, usize) {
        let file = self.folder.path().join("screen.png");
        let made = self.display.command("import").args(["-window", "root"]).arg(&file).status();
        assert!(made.expect("import runs").success(), "the screen can be taken");
        read_png(&file)
    }

    fn click(&self, (x, y): (usize, usize)) {
        let (x, y) = (x.to_string(), y.to_string());
        self.xdotool(&["mousemove", &x, &y, "sleep", "0.4", "click", "1", "sleep", "0.4"]);
    }
}

fn read_png(file: &Path) -> (Vec<[u8; 3]>, usize) {
    let bytes = std::io::BufReader::new(std::fs::File::open(file).expect("the picture is there"));
    let mut decoder = png::Decoder::new(bytes);
    decoder.set_transformations(png::Transformations::STRIP_16 | png::Transformations::EXPAND);
    let mut reader = decoder.read_info().expect("the picture is PNG");
    let mut buffer = vec![0; reader.output_buffer_size().expect("the picture fits")];
    let info = reader.next_frame(&mut buffer).expect("the picture is whole");
    let samples = info.color_type.samples();
    let pixel = |p: &[u8]| if samples >= 3 { [p[0], p[1], p[2]] } else { [p[0]; 3] };
    let pixels = buffer[..info.buffer_size()].chunks(samples).map(pixel).collect();
    (pixels, info.width as usize)
}

/// Waits until `done`, which must come before long.
fn until<T>(what: &str, mut done: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = done() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(100));
    }
}

/// The middle of the Run button: the one filled shape of the accent colour in the header.
fn run_button((pixels, width): &(Vec<[u8; 3]>, usize)) -> Option<(usize, usize)> {
    const ACCENT: [u8; 3] = [0x4f, 0xb3, 0xff];
    let near = |p: &[u8; 3]| p.iter().zip(ACCENT).all(|(a, b)| a.abs_diff(b) < 8);
    let places: Vec<(usize, usize)> = pixels
        .iter()
        .take(60 * width)
        .enumerate()
        .filter(|(_, p)| near(p))
        .map(|(i, _)| (i % width, i / width))
        .filter(|(x, _)| (60..420).contains(x))
        .collect();
    (places.len() > 400).then(|| {
        let mean =
            |f: fn(&(usize, usize)) -> usize| places.iter().map(f).sum::<usize>() / places.len();
        (mean(|p| p.0), mean(|p| p.1))
    })
}

fn changed(a: &[[u8; 3]], b: &[[u8; 3]]) -> usize {
    a.iter().zip(b).filter(|(a, b)| a != b).count()
}

#[test]
fn a_real_window_runs_by_click_and_takes_typed_text() {
    if let Some(missing) = TOOLS.into_iter().find(|tool| !is_installed(tool)) {
        println!("skipped: {missing} is not installed, so there is no display to open a window on");
        return;
    }
    let screen = Screen::open();
    let program = PathBuf::from(env!("CARGO_BIN_EXE_downhill"));
    let mut window = screen.display.command(program);
    let said = screen.folder.path().join("said.txt");
    let log = std::fs::File::create(&said).expect("a place for its words");
    let window = window.stdout(Stdio::null()).stderr(log).spawn().expect("it starts");
    let mut window = Killed(window);
    let id = until("the window", || {
        let ended = window.0.try_wait().expect("it can be asked");
        let words = || std::fs::read_to_string(&said).unwrap_or_default();
        assert!(ended.is_none(), "the program ended by itself, {ended:?}: {}", words());
        screen.windows().lines().next().map(str::to_owned)
    });
    screen.xdotool(&["windowmove", "--sync", &id, "0", "0"]);
    screen.xdotool(&["windowfocus", "--sync", &id]);
    let button = until("the Run button", || run_button(&screen.picture()));

    let (before, _) = screen.picture();
    screen.click(button);
    until("the picture to change while it trains", || {
        let (now, _) = screen.picture();
        (changed(&before, &now) > 500).then_some(())
    });

    // The experiment's name is the first field on the left.
    screen.click((120, 85));
    screen.xdotool(&["key", "ctrl+a"]);
    screen.xdotool(&["type", "--delay", "60", "Typed by hand"]);
    screen.xdotool(&["key", "Tab"]);
    until("the typed name in the title", || {
        let title = screen.xdotool(&["getwindowname", &id]);
        title.contains("Typed by hand").then_some(())
    });
}
