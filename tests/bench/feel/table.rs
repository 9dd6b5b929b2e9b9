//! The table: what, measured, wanted.

use std::fmt::Display;
use std::time::Duration;

/// The table, printed row by row.
#[derive(Debug)]
pub(crate) struct Table {
    /// Letters of its first two columns.
    widths: [usize; 2],
}

impl Table {
    pub(crate) fn begin() -> Self {
        let table = Self { widths: [58, 44] };
        table.row("", "measured", "wanted");
        table
    }

    /// A row of the table.
    #[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
    pub(crate) fn row(&self, what: &str, measured: impl Display, wanted: impl Display) {
        let [first, second] = self.widths;
        println!("{what:<first$} {measured:<second$} {wanted}");
    }

    /// A row of times, of which the 99th of 100 is told.
    pub(crate) fn times(&self, what: &str, times: &mut [Duration], wanted: &str) {
        times.sort_unstable();
        let at = |share: f64| ms(times[((times.len() - 1) as f64 * share).round() as usize]);
        let measured = format!("{} median, {} p99, {} worst", at(0.5), at(0.99), at(1.0));
        self.row(what, measured, wanted);
    }
}

/// A time in milliseconds.
pub(crate) fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// Bytes in units of 2^20.
pub(crate) fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// The median of some numbers, and the least and the greatest.
pub(crate) fn spread(numbers: &mut [f64]) -> (f64, f64, f64) {
    numbers.sort_by(f64::total_cmp);
    (numbers[numbers.len() / 2], numbers[0], numbers[numbers.len() - 1])
}
