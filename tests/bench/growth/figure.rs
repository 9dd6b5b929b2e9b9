//! A figure of lines over logarithmic axes, panel beside panel, as SVG.
//!
//! Colours are the Okabe–Ito palette, which colour-blind eyes tell apart; each line also has a dash and
//! its name at its end. White ground, so that it reads on light and dark pages.

use std::fmt::Write as _;

/// Lines over one x.
#[derive(Debug)]
pub(crate) struct Panel {
    /// What x counts.
    pub(crate) name: &'static str,
    pub(crate) lines: Vec<Line>,
}

/// Nanoseconds of an update against x, ascending.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

const COLUMNS: usize = 3;
/// Of a panel with its margins.
const WIDTH: f64 = 330.0;
const HEIGHT: f64 = 250.0;
/// Left, top, right, bottom.
const MARGIN: [f64; 4] = [58.0, 30.0, 14.0, 40.0];
const LOOKS: [(&str, &str); 3] = [("#0072b2", ""), ("#d55e00", "7 3"), ("#007a58", "2 3")];

/// The figure.
pub(crate) fn drawn(panels: &[Panel]) -> String {
    let rows = panels.len().div_ceil(COLUMNS);
    let (width, height) = (WIDTH * COLUMNS as f64, HEIGHT * rows as f64);
    let mut out = Picture(String::new());
    out.add(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"11\" fill=\"#222\">"
    ));
    out.add(format_args!("<title>What an update costs, in nanoseconds of one core</title>"));
    out.add(format_args!("<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>"));
    for (at, panel) in panels.iter().enumerate() {
        let corner = [(at % COLUMNS) as f64 * WIDTH, (at / COLUMNS) as f64 * HEIGHT];
        panel_into(&mut out, panel, corner);
    }
    out.add(format_args!("</svg>"));
    out.0
}

/// The text of an SVG, element by element.
struct Picture(String);

impl Picture {
    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        let written = writeln!(self.0, "{element}");
        debug_assert!(written.is_ok(), "a text takes all");
    }

    fn text(&mut self, [x, y]: [f64; 2], anchor: &str, words: &str) {
        self.add(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>"
        ));
    }
}

/// A logarithmic axis: powers of its base from the first to the last stand on a stretch of the page.
struct Axis {
    base: f64,
    powers: (f64, f64),
    page: (f64, f64),
}

impl Axis {
    fn of(numbers: impl Iterator<Item = f64>, base: f64, page: (f64, f64)) -> Self {
        let (low, high) = numbers
            .map(|number| number.log(base))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        // A hair of rounding is no power more.
        let powers = ((low + 1e-9).floor(), (high - 1e-9).ceil());
        Self { base, powers: (powers.0, powers.1.max(powers.0 + 1.0)), page }
    }

    fn place(&self, number: f64) -> f64 {
        let (first, last) = self.powers;
        let part = (number.log(self.base) - first) / (last - first);
        self.page.0 + part * (self.page.1 - self.page.0)
    }

    /// Every power, or every so many, so that there are at most about nine.
    fn ticks(&self) -> impl Iterator<Item = f64> + '_ {
        let count = (self.powers.1 - self.powers.0).round() as u32;
        let every = count.div_ceil(8).max(1) as usize;
        (0..=count).step_by(every).map(|i| self.base.powf(self.powers.0 + f64::from(i)))
    }
}

fn panel_into(out: &mut Picture, panel: &Panel, [left, top]: [f64; 2]) {
    let [low_x, high_x] = [left + MARGIN[0], left + WIDTH - MARGIN[2]];
    let [high_y, low_y] = [top + MARGIN[1], top + HEIGHT - MARGIN[3]];
    let points = || panel.lines.iter().flat_map(|line| line.points.iter().copied());
    let widest = points().map(|(x, _)| x).fold(1.0, f64::max);
    let base = if widest > 1e5 { 10.0 } else { 2.0 };
    let x = Axis::of(points().map(|(x, _)| x), base, (low_x, high_x));
    let y = Axis::of(points().map(|(_, y)| y), 10.0, (low_y, high_y));
    for tick in y.ticks() {
        let at = y.place(tick);
        out.add(format_args!(
            "<path d=\"M{low_x:.1} {at:.1}H{high_x:.1}\" stroke=\"#ddd\" fill=\"none\"/>"
        ));
        out.text([low_x - 6.0, at + 4.0], "end", &time(tick));
    }
    for tick in x.ticks() {
        let at = x.place(tick);
        out.add(format_args!("<path d=\"M{at:.1} {low_y:.1}v4\" stroke=\"#888\" fill=\"none\"/>"));
        out.text([at, low_y + 16.0], "middle", &count(tick));
    }
    out.add(format_args!(
        "<path d=\"M{low_x:.1} {high_y:.1}V{low_y:.1}H{high_x:.1}\" stroke=\"#888\" fill=\"none\"/>"
    ));
    out.text([f64::midpoint(low_x, high_x), low_y + 32.0], "middle", panel.name);
    let mut along = low_x;
    for (line, (color, dash)) in panel.lines.iter().zip(LOOKS) {
        line_into(out, line, (&x, &y), (color, dash));
        // The names stand above the panel, from the left.
        let name = format!("<tspan fill=\"{color}\">{}</tspan>", line.name);
        out.text([along, high_y - 10.0], "start", &name);
        along += 12.0 + 6.2 * line.name.len() as f64;
    }
}

fn line_into(out: &mut Picture, line: &Line, (x, y): (&Axis, &Axis), (color, dash): (&str, &str)) {
    let places: Vec<String> = line
        .points
        .iter()
        .map(|(at, cost)| format!("{:.1},{:.1}", x.place(*at), y.place(*cost)))
        .collect();
    out.add(format_args!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\" \
         stroke-dasharray=\"{dash}\"/>",
        places.join(" ")
    ));
    for (at, cost) in &line.points {
        out.add(format_args!(
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.6\" fill=\"{color}\"/>",
            x.place(*at),
            y.place(*cost)
        ));
    }
}

/// Nanoseconds in few letters.
fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        n if n < 1e3 => format!("{n:.0} ns"),
        n if n < 1e6 => format!("{:.0} µs", n / 1e3),
        n => format!("{:.0} ms", n / 1e6),
    }
}

/// A count in few letters: 512, 10⁶.
fn count(number: f64) -> String {
    if number < 1e5 {
        return format!("{number:.0}");
    }
    let digits = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];
    let power = (number.log10().round() as usize).min(9);
    format!("10{}", digits[power])
}
