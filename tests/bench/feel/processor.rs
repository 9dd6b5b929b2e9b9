//! How long threads have had the processor, where the system tells (Linux).

use std::fs;
use std::path::Path;
use std::time::Duration;

/// The time that a thread of this process, by its name, has had the processor.
pub(crate) fn thread_time(name: &str) -> Option<Duration> {
    let mut threads = fs::read_dir("/proc/self/task").ok()?.flatten();
    let named = |task: &Path| {
        fs::read_to_string(task.join("comm")).is_ok_and(|found| found.trim_end() == name)
    };
    let task = threads.find(|task| named(&task.path()))?.path();
    time_of(&task)
}

/// Waits until a thread that was told to end has ended, so that the next of its name is not taken for it.
pub(crate) fn until_gone(name: &str) {
    while thread_time(name).is_some() {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The time that this thread has had the processor.
pub(crate) fn own_time() -> Option<Duration> {
    time_of(Path::new("/proc/thread-self"))
}

fn time_of(task: &Path) -> Option<Duration> {
    let text = fs::read_to_string(task.join("schedstat")).ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// Bytes of this process that lie in memory.
pub(crate) fn resident() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}
