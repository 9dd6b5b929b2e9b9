//! `cargo bench --bench frame`: what a frame costs, and what a sample costs to keep. A word after it
//! (`-- lanes`) measures that part alone: `keep`, `lanes`, `smooth` (the lanes, their curves smoothed),
//! `landscape`, `all` (the past, the landscape and the lanes at once), `seeds`, `inside` or `drain`.
//!
//! Times are CPU times of the thread that draws (building the frame and tessellating it), so that
//! lanes at work beside it do not count. The window's frames are those of `shot`: the same panels on
//! a stage without a display.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use downhill::experiment::InsideView;
use downhill::numeric::Precision;
use downhill::series::{Bucket, Series};
use downhill::session::library::Library;
use downhill::session::{Action, Draft, Session, Waker};
use downhill::train::{SEGMENT_LEN, Segment};
use downhill::ui::App;
use downhill::ui::shot::{Stage, StageSettings};
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2};

/// Frames measured in each setting.
const FRAMES: usize = 600;
/// Time between two frames.
const FRAME: Duration = Duration::from_micros(16_667);

/// What comes in between two frames when eight lanes do ten million updates a second each.
const FLOOD: u64 = 8 * 10_000_000 / 60;
/// Frames drawn in the flood.
const FLOODED: usize = 200;

fn main() -> io::Result<()> {
    downhill::ui::memory::keep_between_frames();
    let mut out = io::stdout().lock();
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wants = |part: &str| words.is_empty() || words.iter().any(|word| word == part);
    if wants("keep") {
        writeln!(out, "keeping samples")?;
        for precision in [Precision::F32, Precision::F64] {
            keep(&mut out, precision, 100_000_000)?;
        }
    }
    writeln!(out, "\nframes of 1440 x 900, CPU time of building and tessellating, in ms")?;
    let heads = ["news", "build", "tessell.", "all", "p99", "worst"];
    writeln!(out, "{:<44} {}", "", heads.map(|head| format!("{head:>8}")).join(" "))?;
    if wants("lanes") {
        eight_lanes(&mut out, EIGHT)?;
    }
    if wants("smooth") {
        writeln!(out, "\nthe same, smoothed")?;
        eight_lanes(&mut out, &EIGHT.replacen("lanes:", "view: (smooth: 0.99), lanes:", 1))?;
    }
    if wants("landscape") {
        landscape(&mut out)?;
    }
    if wants("all") {
        all_at_once(&mut out)?;
    }
    if wants("seeds") {
        seeds(&mut out)?;
    }
    if wants("inside") {
        inside(&mut out)?;
    }
    if wants("drain") { flooded(&mut out) } else { Ok(()) }
}

/// Adopts `count` samples, and views them.
fn keep(out: &mut impl Write, precision: Precision, count: usize) -> io::Result<()> {
    let mut series = Series::new();
    let segments: Vec<Arc<Segment>> = (0..count.div_ceil(SEGMENT_LEN))
        .map(|at| {
            let segment = Segment::with_summaries(precision, (at * SEGMENT_LEN) as u64);
            for i in 0..SEGMENT_LEN {
                let sample = ((at * SEGMENT_LEN + i) as f64 * 0.01).sin();
                let bits = match precision {
                    Precision::F32 => u64::from((sample as f32).to_bits()),
                    Precision::F64 => sample.to_bits(),
                };
                segment.store_bits(i, bits);
            }
            segment.publish(SEGMENT_LEN);
            segment.summarise();
            Arc::new(segment)
        })
        .collect();
    let begin = ThreadTime::now();
    for (at, segment) in segments.into_iter().enumerate() {
        series.adopt((at * SEGMENT_LEN) as u64, segment);
        series.refresh();
    }
    let time = begin.elapsed();
    let samples = series.len() as f64;
    writeln!(
        out,
        "  {precision:?}: {:.2} ns and {:.2} bytes a sample, of {samples:.0}",
        time.as_nanos() as f64 / samples,
        series.bytes() as f64 / samples,
    )?;
    let mut buckets: Vec<Bucket> = Vec::new();
    for part in [1, 10, 1_000, 100_000] {
        let width = series.len() / part;
        let from = series.len() / 2 - width / 2;
        let begin = ThreadTime::now();
        for i in 0..20 {
            series.view(from + i..from + i + width, 1400, &mut buckets);
        }
        let each = begin.elapsed().as_secs_f64() * 1e6 / 20.0;
        writeln!(out, "    a view of {width} samples in {} buckets: {each:.0} µs", buckets.len())?;
    }
    Ok(())
}

const EIGHT: &str = include_str!("eight_lanes.ron");

/// What costs least an update: two numbers a row and three parameters, in batches of one.
const TINY: &str = r#"(
    version: 1,
    name: "Eight lanes in a flood",
    task: Learn(data: Moons(samples: 400, noise: 0.2, seed: 1), model: (hidden: [])),
    training: (epochs: Unlimited, batch_size: 1, shuffle: Never, precision: F32),
    lanes: [
        (name: "1", optimizer: Sgd(learning_rate: 0.01)),
        (name: "2", optimizer: Sgd(learning_rate: 0.02)),
        (name: "3", optimizer: Sgd(learning_rate: 0.03)),
        (name: "4", optimizer: Sgd(learning_rate: 0.04)),
        (name: "5", optimizer: Sgd(learning_rate: 0.05)),
        (name: "6", optimizer: Sgd(learning_rate: 0.06)),
        (name: "7", optimizer: Sgd(learning_rate: 0.07)),
        (name: "8", optimizer: Sgd(learning_rate: 0.08)),
    ],
)"#;

/// Two lanes of a network that is looked into.
const SMALL: &str = r#"(
    version: 1,
    name: "Looked into",
    task: Learn(
        data: Moons(samples: 400, noise: 0.2, seed: 1),
        model: (hidden: [Dense(units: 8, activation: Relu), Dense(units: 8, activation: Tanh)]),
    ),
    training: (epochs: Unlimited, batch_size: 16),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.001)),
    ],
)"#;

/// A window, and how often its lanes woke it.
struct Desk {
    stage: Stage,
    app: App,
    wakes: Arc<AtomicU64>,
    _folder: tempfile::TempDir,
}

impl Desk {
    /// The window on an experiment, its lanes at their start.
    fn open(text: &str) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let draft = Draft::open(text.to_owned(), None).expect("a valid experiment");
        let wakes = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&wakes);
        let waker = Waker::new(move || _ = count.fetch_add(1, Ordering::Relaxed));
        let session = Session::new(draft, Library::under(folder.path()), waker);
        let stage = Stage::new(StageSettings::default());
        let app = App::new(stage.context(), session);
        let mut desk = Self { stage, app, wakes, _folder: folder };
        desk.wait(|session| !session.is_busy());
        Ok(desk)
    }

    fn wait(&mut self, is_done: impl Fn(&Session) -> bool) {
        while !is_done(self.app.session()) {
            self.app.take_news();
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn samples(&self) -> u64 {
        self.app.session().lanes().iter().map(|lane| lane.losses.len()).sum()
    }

    /// What a frame costs: news, building, tessellating, all; in ms.
    fn frame(&mut self, events: Vec<Event>) -> [f64; 4] {
        let work = ThreadTime::now();
        self.app.take_news();
        let news = work.elapsed();
        self.stage.frame_with(events, |ui| self.app.draw(ui));
        let built = work.elapsed();
        let triangles = self.stage.tessellate();
        let all = work.elapsed();
        drop(triangles);
        let parts = [news, built.saturating_sub(news), all.saturating_sub(built), all];
        parts.map(|part| part.as_secs_f64() * 1e3)
    }

    /// Sixty frames a second for a while, and what they cost.
    fn watch(&mut self, mut events: impl FnMut(usize) -> Vec<Event>) -> Vec<[f64; 4]> {
        self.watch_and(|_, at| events(at))
    }

    /// The same; what happens before each frame may be more than events.
    fn watch_and(
        &mut self,
        mut before: impl FnMut(&mut Self, usize) -> Vec<Event>,
    ) -> Vec<[f64; 4]> {
        let frame = |at| {
            let begin = Instant::now();
            let events = before(self, at);
            let cost = self.frame(events);
            std::thread::sleep(FRAME.saturating_sub(begin.elapsed()));
            cost
        };
        (0..FRAMES).map(frame).collect()
    }
}

/// Eight lanes at full speed, from a million batches each on.
fn eight_lanes(out: &mut impl Write, text: &str) -> io::Result<()> {
    let mut desk = Desk::open(text)?;
    desk.app.session_mut().apply(Action::Run);
    let enough = |session: &Session, steps| session.lanes().iter().all(|l| l.losses.len() >= steps);
    desk.wait(|session| enough(session, 1_000));
    report(out, "8 lanes, some thousand batches, training", &desk.watch(|_| Vec::new()))?;
    desk.wait(|session| enough(session, 1_000_000));
    report(out, "8 lanes x 1M batches, training", &desk.watch(|_| Vec::new()))?;
    report(out, "the same, the wheel zooming each frame", &desk.watch(wheel))?;
    desk.app.session_mut().apply(Action::Pause);
    desk.wait(|session| !session.is_running());
    report(out, "8 lanes x 1M batches, paused, zoomed", &desk.watch(|_| Vec::new()))?;
    let follow = |at| if at == 0 { vec![pressed(Key::F)] } else { Vec::new() };
    report(out, "8 lanes x 1M batches, paused, all shown", &desk.watch(follow))?;
    let before = desk.wakes.load(Ordering::Relaxed);
    std::thread::sleep(Duration::from_secs(2));
    let wakes = desk.wakes.load(Ordering::Relaxed) - before;
    let wait = desk.stage.repaint_wanted().map_or("never".to_owned(), |wait| format!("{wait:?}"));
    writeln!(
        out,
        "at rest the window is woken {wakes} times in 2 s; its next frame is wanted: {wait}"
    )
}

/// Eight lanes at full speed while the loss around them is computed and shown, as a map and as a bowl, the
/// bowl also while it is turned.
fn landscape(out: &mut impl Write) -> io::Result<()> {
    for (shape, turned) in [("Contours", false), ("Bowl", false), ("Bowl", true)] {
        let mut desk = Desk::open(&with_landscape(shape))?;
        desk.app.session_mut().apply(Action::Run);
        let has_run = |s: &Session| s.lanes().iter().all(|lane| lane.losses.len() >= 1_000);
        desk.wait(has_run);
        let costs = desk.watch_and(|desk, at| {
            if at.is_multiple_of(FRAMES / 10) {
                // Always at work: a plane is laid anew before the last is finest.
                desk.app.session_mut().apply(Action::SurveyAgain);
            }
            if turned { drag(at) } else { Vec::new() }
        });
        let what = if turned {
            "the same, turned each frame"
        } else {
            "8 lanes training, the loss around them"
        };
        report(out, &format!("{what}, {shape}"), &costs)?;
    }
    Ok(())
}

/// The file of eight lanes with the loss around them beside their curves.
fn with_landscape(shape: &str) -> String {
    let view = format!(
        "view: (panes: [[Curve, Landscape], [Lanes]], landscape: (shape: {shape}, arrows: true)),"
    );
    let text = EIGHT.trim_end().strip_suffix(')').expect("the file's end");
    format!("{text}    {view}\n)")
}

/// Everything at once: eight lanes of a million batches each go on at full speed, the loss around them is
/// computed again and again, and every frame looks at another step of the past; then all lanes are taken
/// back ten times, each to another step, and run on.
fn all_at_once(out: &mut impl Write) -> io::Result<()> {
    let mut desk = Desk::open(&with_landscape("Contours"))?;
    desk.app.session_mut().apply(Action::Run);
    desk.wait(|s| s.lanes().iter().all(|lane| lane.losses.len() >= 1_000_000));
    let step_of = |count: usize| (count as u64).wrapping_mul(7_919_777) % 1_000_000;
    let costs = desk.watch_and(|desk, at| {
        let session = desk.app.session_mut();
        if at.is_multiple_of(FRAMES / 10) {
            session.apply(Action::SurveyAgain);
        }
        session.apply(Action::LookAt(Some(step_of(at))));
        Vec::new()
    });
    report(out, "8 x 1M training, looked back, landscape", &costs)?;
    let costs = desk.watch_and(|desk, at| {
        let session = desk.app.session_mut();
        if at.is_multiple_of(FRAMES / 10) {
            session.apply(Action::LookAt(None));
            session.apply(Action::SurveyAgain);
            session.apply(Action::RewindTo(step_of(at)));
            session.apply(Action::Run);
        }
        Vec::new()
    });
    report(out, "the same, gone back ten times, run on", &costs)
}

/// Four lanes of sixteen seeds each at full speed, their bands and comparison drawn.
fn seeds(out: &mut impl Write) -> io::Result<()> {
    let lanes = EIGHT.lines().filter(|line| line.contains("(name:")).take(4);
    let lanes: String = lanes.map(|line| line.replace(")),", "), seeds: 16),")).collect();
    let head = EIGHT.split("lanes: [").next().expect("what stands before the lanes");
    let mut desk = Desk::open(&format!("{head}lanes: [{lanes}])"))?;
    desk.app.session_mut().apply(Action::Run);
    desk.wait(|s| s.lanes().iter().all(|lane| lane.losses.len() >= 20_000));
    report(out, "4 lanes of 16 seeds, training", &desk.watch(|_| Vec::new()))
}

/// Two lanes of small networks at full speed while somebody looks into the first.
fn inside(out: &mut impl Write) -> io::Result<()> {
    let mut desk = Desk::open(SMALL)?;
    desk.app.session_mut().apply(Action::Run);
    let steps = |desk: &Desk| desk.app.session().lanes()[0].status.step;
    let views = [
        (None, "2 lanes of 2-8-8-1, training"),
        (Some(InsideView::Network), "the same, its network open"),
        (Some(InsideView::Weights), "its weights open"),
        (Some(InsideView::Histograms), "its histograms open"),
    ];
    for (view, what) in views {
        if let Some(view) = view {
            desk.app.show_inside(view);
        }
        let (begin, before) = (Instant::now(), steps(&desk));
        let costs = desk.watch(|_| Vec::new());
        let rate = (steps(&desk) - before) as f64 / begin.elapsed().as_secs_f64();
        report(out, &format!("{what}, {:.0} k steps/s", rate * 1e-3), &costs)?;
    }
    Ok(())
}

/// Frames between which as much comes in as at ten million updates a second and lane, whatever time
/// this machine takes for those.
fn flooded(out: &mut impl Write) -> io::Result<()> {
    let mut desk = Desk::open(TINY)?;
    desk.app.session_mut().apply(Action::Run);
    desk.wait(|session| session.lanes().iter().all(|lane| lane.losses.len() >= 1_000));
    let (mut costs, mut counts) = (Vec::new(), Vec::new());
    let mut pause = Duration::from_millis(50);
    for _ in 0..FLOODED {
        let (begin, before) = (Instant::now(), desk.samples());
        std::thread::sleep(pause);
        costs.push(desk.frame(Vec::new()));
        let came = desk.samples() - before;
        counts.push(came);
        let wanted = begin.elapsed().as_secs_f64() * FLOOD as f64 / came.max(1) as f64;
        pause = Duration::from_secs_f64(wanted.clamp(0.005, 1.0));
    }
    counts.sort_unstable();
    let median = counts[FLOODED / 2] as f64;
    let what = format!("8 lanes, {:.2} M samples between frames", median * 1e-6);
    report(out, &what, &costs)
}

fn report(out: &mut impl Write, what: &str, costs: &[[f64; 4]]) -> io::Result<()> {
    let at = |part: usize, share: f64| {
        let mut all: Vec<f64> = costs.iter().map(|cost| cost[part]).collect();
        all.sort_by(f64::total_cmp);
        all[((all.len() - 1) as f64 * share) as usize]
    };
    let parts = [at(0, 0.5), at(1, 0.5), at(2, 0.5), at(3, 0.5), at(3, 0.99), at(3, 1.0)];
    writeln!(out, "{what:<44} {}", parts.map(|part| format!("{part:>8.2}")).join(" "))?;
    out.flush()
}

fn pressed(key: Key) -> Event {
    let modifiers = Modifiers::NONE;
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
}

/// The wheel over the loss curve, in for a while and then out.
fn wheel(frame: usize) -> Vec<Event> {
    vec![
        Event::PointerMoved(Pos2::new(650.0, 250.0)),
        Event::Zoom(if (frame / 40).is_multiple_of(2) { 1.04 } else { 1.0 / 1.04 }),
    ]
}

/// The pointer drags along the bowl, there and back.
fn drag(frame: usize) -> Vec<Event> {
    let way = (frame % 120) as f32;
    let at = Pos2::new(930.0 + if way < 60.0 { way } else { 120.0 - way } * 2.0, 280.0);
    let mut events = vec![Event::PointerMoved(at)];
    if frame == 0 {
        events.push(Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed: true,
            modifiers: Modifiers::NONE,
        });
    }
    events
}
