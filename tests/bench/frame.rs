//! `cargo bench --bench frame`: what a frame costs, and what a sample costs to keep.
//!
//! Times are CPU times of the thread that draws (building the frame and tessellating it), so that
//! lanes at work beside it do not count. The window's frames are those of `shot`: the same panels on
//! a stage without a display.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use downhill::numeric::Precision;
use downhill::series::{Bucket, Series};
use downhill::session::library::Library;
use downhill::session::{Action, Draft, Session, Waker};
use downhill::train::{SEGMENT_LEN, Segment};
use downhill::ui::App;
use downhill::ui::shot::{Stage, StageSettings};
use eframe::egui::{Event, Pos2};

/// Frames measured in each setting.
const FRAMES: usize = 600;
/// Time between two frames.
const FRAME: Duration = Duration::from_micros(16_667);

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "keeping samples")?;
    for precision in [Precision::F32, Precision::F64] {
        keep(&mut out, precision, 100_000_000)?;
    }
    writeln!(out, "\nframes of 1440 x 900, CPU time of building and tessellating, in ms")?;
    let heads = ["news", "build", "tessell.", "all", "p99", "worst"];
    writeln!(out, "{:<44} {}", "", heads.map(|head| format!("{head:>8}")).join(" "))?;
    eight_lanes(&mut out)
}

/// Adopts `count` samples, and views them.
fn keep(out: &mut impl Write, precision: Precision, count: usize) -> io::Result<()> {
    let mut series = Series::new();
    let segments: Vec<Arc<Segment>> = (0..count.div_ceil(SEGMENT_LEN))
        .map(|at| {
            let segment = Segment::new(precision);
            for i in 0..SEGMENT_LEN {
                let sample = ((at * SEGMENT_LEN + i) as f64 * 0.01).sin();
                let bits = match precision {
                    Precision::F32 => u64::from((sample as f32).to_bits()),
                    Precision::F64 => sample.to_bits(),
                };
                segment.store_bits(i, bits);
            }
            segment.publish(SEGMENT_LEN);
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

const EIGHT: &str = r#"(
    version: 1,
    name: "Eight lanes",
    task: Learn(
        data: Moons(samples: 400, noise: 0.2, seed: 1),
        held_out: (fraction: 0.25, seed: 1),
        model: (hidden: [Dense(units: 8, activation: Tanh), Dense(units: 8, activation: Tanh)]),
    ),
    training: (epochs: Unlimited, batch_size: 10, precision: F32),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.05)),
        (name: "Momentum", optimizer: Sgd(learning_rate: 0.02, momentum: 0.9)),
        (name: "Nesterov", optimizer: Sgd(learning_rate: 0.02, momentum: 0.9, nesterov: true)),
        (name: "Adagrad", optimizer: Adagrad(learning_rate: 0.05)),
        (name: "RMSprop", optimizer: RmsProp(learning_rate: 0.002)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.002)),
        (name: "AdamW", optimizer: AdamW(learning_rate: 0.002)),
        (name: "Lion", optimizer: Lion(learning_rate: 0.0005)),
    ],
)"#;

/// Eight lanes at full speed, from a million batches each on.
fn eight_lanes(out: &mut impl Write) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let draft = Draft::open(EIGHT.to_owned(), None).expect("a valid experiment");
    let session = Session::new(draft, Library::under(folder.path()), Waker::silent());
    let mut stage = Stage::new(StageSettings::default());
    let mut app = App::new(stage.context(), session);
    wait(&mut app, |session| !session.is_busy());
    app.session_mut().apply(Action::Run);
    let enough = |session: &Session, steps| session.lanes().iter().all(|l| l.losses.len() >= steps);
    wait(&mut app, |session| enough(session, 1_000));
    report(out, "8 lanes, some thousand batches, training", &mut stage, &mut app, false)?;
    wait(&mut app, |session| enough(session, 1_000_000));
    report(out, "8 lanes x 1M batches, training", &mut stage, &mut app, false)?;
    report(out, "the same, the wheel zooming each frame", &mut stage, &mut app, true)?;
    app.session_mut().apply(Action::Pause);
    wait(&mut app, |session| !session.is_running());
    report(out, "8 lanes x 1M batches, paused", &mut stage, &mut app, false)
}

fn wait(app: &mut App, is_done: impl Fn(&Session) -> bool) {
    while !is_done(app.session()) {
        app.take_news();
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn report(
    out: &mut impl Write,
    what: &str,
    stage: &mut Stage,
    app: &mut App,
    zooming: bool,
) -> io::Result<()> {
    let mut parts: [Vec<f64>; 4] = Default::default();
    for frame in 0..FRAMES {
        let begin = Instant::now();
        let events = if zooming { wheel(frame) } else { Vec::new() };
        let work = ThreadTime::now();
        app.take_news();
        let news = work.elapsed();
        stage.frame_with(events, |ui| app.draw(ui));
        let built = work.elapsed();
        let shapes = stage.tessellate();
        let all = work.elapsed();
        drop(shapes);
        std::thread::sleep(FRAME.saturating_sub(begin.elapsed()));
        let times = [news, built.saturating_sub(news), all.saturating_sub(built), all];
        for (part, time) in parts.iter_mut().zip(times) {
            part.push(time.as_secs_f64() * 1e3);
        }
    }
    let at = |part: &mut Vec<f64>, share: f64| {
        part.sort_by(f64::total_cmp);
        part[((part.len() - 1) as f64 * share) as usize]
    };
    let [news, built, tessellated, all] = &mut parts;
    writeln!(
        out,
        "{what:<44} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2}",
        at(news, 0.5),
        at(built, 0.5),
        at(tessellated, 0.5),
        at(all, 0.5),
        at(all, 0.99),
        at(all, 1.0),
    )?;
    out.flush()
}

/// The wheel over the loss curve, in for a while and then out.
fn wheel(frame: usize) -> Vec<Event> {
    vec![
        Event::PointerMoved(Pos2::new(650.0, 250.0)),
        Event::Zoom(if (frame / 40).is_multiple_of(2) { 1.04 } else { 1.0 / 1.04 }),
    ]
}
