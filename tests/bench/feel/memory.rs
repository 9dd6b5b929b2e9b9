//! What lies in memory, each measured in a process of its own.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use downhill::numeric::Precision;
use downhill::series::Series;
use downhill::session::Action;
use downhill::session::library::Library;
use downhill::train::{SEGMENT_LEN, Segment};

use crate::lanes::{look_on, ready};
use crate::processor::resident;
use crate::table::{Table, mib};

/// How the process of its own is told what to hold.
pub(crate) const CHILD: &str = "--resident-with";

const SAMPLES: usize = 100_000_000;

pub(crate) fn measure(table: &mut Table) {
    for (what, name, wanted) in [
        ("resident, the opening experiment ready to run", "opening", "< 100 MB"),
        ("resident, the same after its run", "run", "< 100 MB"),
        ("resident, 1e8 samples of F32 held", "samples", "< 700 MB"),
    ] {
        let measured = in_own_process(name).map_or("not told here".to_owned(), mib);
        table.row(what, measured, wanted);
    }
}

fn in_own_process(what: &str) -> Option<u64> {
    let program = std::env::current_exe().ok()?;
    let output = Command::new(program).args([CHILD, what]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Bytes of this process in memory while it holds something; 0 where the system does not tell.
pub(crate) fn resident_with(what: &str) -> u64 {
    if what == "samples" {
        let series = samples();
        let bytes = resident();
        drop(series);
        return bytes.unwrap_or_default();
    }
    let opening = Library::shipped_document("opening").expect("it ships");
    let mut session = ready(&opening.text);
    if what == "run" {
        session.apply(Action::SetPace(None));
        session.apply(Action::Run);
        look_on(&mut session, Duration::from_secs(2));
    }
    let bytes = resident();
    drop(session);
    bytes.unwrap_or_default()
}

fn samples() -> Series {
    let mut series = Series::new();
    for at in 0..SAMPLES.div_ceil(SEGMENT_LEN) {
        let segment = Segment::with_summaries(Precision::F32, (at * SEGMENT_LEN) as u64);
        let length = SEGMENT_LEN.min(SAMPLES - at * SEGMENT_LEN);
        for i in 0..length {
            let sample = ((at * SEGMENT_LEN + i) as f32 * 0.01).sin();
            segment.store_bits(i, u64::from(sample.to_bits()));
        }
        segment.publish(length);
        segment.summarise();
        series.adopt((at * SEGMENT_LEN) as u64, Arc::new(segment));
        series.refresh();
    }
    series
}
