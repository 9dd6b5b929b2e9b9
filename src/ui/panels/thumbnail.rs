//! The small pictures of the start page: one a topic, drawn from formulas, in the lanes' colours.
//!
//! Deliberately not here: real runs. A picture says what a thing is about, not what it measures.

use std::f32::consts::TAU;

use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Theme, pos2, vec2};

use crate::ui::theme::{lane_look, paint_class, tokens_of, viridis};

/// What a picture is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thumbnail {
    /// A straight line between two classes.
    Line,
    /// One curve as its batches see it, and calm.
    NoisyAndCalm,
    /// Three curves, the noisier the faster.
    ThreeCurves,
    /// Neurons and what joins them.
    Network,
    /// A ring around a disc, and a closed boundary.
    Rings,
    /// A slow, a good and a quick curve, and one that leaves.
    Rates,
    /// Rows of dots, more of them taken at a time from row to row.
    Batches,
    /// Handwritten digits, coarse.
    Digits,
    /// A long narrow valley: one path swings, one does not.
    Ravine,
    /// A bent valley with a path along its floor.
    Bend,
    /// Rows and columns.
    Table,
    /// Loose points of two classes and a brush.
    Brush,
    /// Footsteps that fade into fog.
    Fog,
    /// A bowl, stepped down and across.
    Strides,
    /// One dot, a few, many.
    Handfuls,
    /// A ball that rolls through a valley.
    Ball,
    /// A ridge between two valleys.
    Pass,
    /// Two directions of very different steepness.
    Scales,
}

/// What a picture is drawn on: places are parts of the rectangle, y grows downwards.
struct Sheet<'a> {
    painter: &'a Painter,
    rect: Rect,
    theme: Theme,
}

/// Draws a picture.
pub(super) fn paint(painter: &Painter, rect: Rect, what: Thumbnail, theme: Theme) {
    let sheet = Sheet { painter, rect, theme };
    match what {
        Thumbnail::Line => sheet.line_between(),
        Thumbnail::NoisyAndCalm => sheet.noisy_and_calm(),
        Thumbnail::ThreeCurves => sheet.three_curves(),
        Thumbnail::Network => sheet.network(),
        Thumbnail::Rings => sheet.rings(),
        Thumbnail::Rates => sheet.rates(),
        Thumbnail::Batches => sheet.batches(),
        Thumbnail::Digits => sheet.digits(),
        Thumbnail::Ravine => sheet.ravine(),
        Thumbnail::Bend => sheet.bend(),
        Thumbnail::Table => sheet.table(),
        Thumbnail::Brush => sheet.brush(),
        Thumbnail::Fog => sheet.fog(),
        Thumbnail::Strides => sheet.strides(),
        Thumbnail::Handfuls => sheet.handfuls(),
        Thumbnail::Ball => sheet.ball(),
        Thumbnail::Pass => sheet.pass(),
        Thumbnail::Scales => sheet.scales(),
    }
}

impl Sheet<'_> {
    fn at(&self, x: f32, y: f32) -> Pos2 {
        pos2(self.rect.left() + x * self.rect.width(), self.rect.top() + y * self.rect.height())
    }

    fn color(&self, lane: usize) -> Color32 {
        lane_look(lane).color(self.theme)
    }

    fn stroke(&self, lane: usize) -> Stroke {
        Stroke::new(2.0, self.color(lane))
    }

    fn path(&self, places: impl IntoIterator<Item = (f32, f32)>, stroke: Stroke) {
        let points = places.into_iter().map(|(x, y)| self.at(x, y)).collect();
        self.painter.add(Shape::line(points, stroke));
    }

    /// A curve from the upper left downwards, by its fall and the size of its noise.
    fn curve(&self, fall: f32, wiggle: f32, stroke: Stroke) {
        let parts = (0..=60).map(|i| i as f32 / 60.0);
        self.path(parts.map(|x| (x, 0.93 - 0.88 * (-fall * x).exp() + wiggle * noise(x))), stroke);
    }

    fn dot(&self, class: usize, x: f32, y: f32) {
        paint_class(self.painter, class, self.theme, self.at(x, y), 2.6);
    }

    fn line_between(&self) {
        for i in 0..46 {
            let (u, v) = spread(i);
            if i % 2 == 0 {
                self.dot(0, 0.08 + 0.42 * u, 0.4 + 0.55 * v);
            } else {
                self.dot(1, 0.5 + 0.42 * u, 0.05 + 0.55 * v);
            }
        }
        self.path([(0.2, 0.0), (0.8, 1.0)], self.stroke(0));
    }

    fn noisy_and_calm(&self) {
        let faint = Stroke::new(1.2, self.color(1).gamma_multiply(0.55));
        self.curve(3.4, 0.17, faint);
        self.curve(3.4, 0.0, self.stroke(1));
    }

    fn three_curves(&self) {
        for (lane, fall, wiggle) in [(2, 8.0, 0.1), (1, 4.5, 0.045), (0, 1.8, 0.0)] {
            self.curve(fall, wiggle, self.stroke(lane));
        }
    }

    fn network(&self) {
        let layers: [(f32, usize); 4] = [(0.14, 4), (0.38, 5), (0.62, 5), (0.86, 1)];
        let place = |(x, count): (f32, usize), i: usize| {
            self.at(x, 0.5 + (i as f32 - (count - 1) as f32 * 0.5) * 0.22)
        };
        let wire = Stroke::new(0.8, tokens_of(self.theme).faint.gamma_multiply(0.6));
        for pair in layers.windows(2) {
            for from in 0..pair[0].1 {
                for to in 0..pair[1].1 {
                    self.painter.line_segment([place(pair[0], from), place(pair[1], to)], wire);
                }
            }
        }
        for (lane, layer) in layers.into_iter().enumerate() {
            for i in 0..layer.1 {
                self.painter.circle_filled(place(layer, i), 3.6, self.color(lane));
            }
        }
    }

    fn rings(&self) {
        let around = |radius: f32, angle: f32| {
            (0.5 + radius * 0.36 * angle.cos(), 0.5 + radius * 0.5 * angle.sin())
        };
        for i in 0..44 {
            let (u, v) = spread(i);
            let (class, radius) = if i % 2 == 0 { (0, 0.82 + 0.16 * v) } else { (1, 0.42 * v) };
            let (x, y) = around(radius, u * TAU);
            self.dot(class, x, y);
        }
        let angles = (0..=48).map(|i| i as f32 / 48.0 * TAU);
        self.path(angles.map(|a| around(0.63 + 0.04 * (3.0 * a).sin(), a)), self.stroke(0));
    }

    fn rates(&self) {
        for (lane, fall) in [(0, 0.5), (1, 2.2), (2, 7.0)] {
            self.curve(fall, 0.0, self.stroke(lane));
        }
        let bounce = (0..=7).map(|i| (i as f32 / 7.0, if i % 2 == 0 { 0.05 } else { 0.42 }));
        self.path(bounce, self.stroke(3));
    }

    fn batches(&self) {
        const DOTS: usize = 16;
        for (row, taken) in [1, 4, 8, DOTS].into_iter().enumerate() {
            for i in 0..DOTS {
                let here = self.at(0.05 + 0.06 * i as f32, 0.14 + 0.24 * row as f32);
                let color = self.color(row);
                let color = if i < taken { color } else { color.gamma_multiply(0.25) };
                self.painter.circle_filled(here, 2.8, color);
            }
        }
    }

    fn digits(&self) {
        // Five columns, seven rows, a bit a cell.
        const SHAPES: [[u8; 7]; 3] = [
            [0b01110, 0b10001, 0b00001, 0b00110, 0b00001, 0b10001, 0b01110],
            [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
            [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
        ];
        let side = (self.rect.height() / 7.0).min(self.rect.width() / 20.0);
        let corner = self.rect.center() - vec2(side * 9.5, side * 3.5);
        for (digit, rows) in SHAPES.into_iter().enumerate() {
            for (y, row) in rows.into_iter().enumerate() {
                for x in (0..5).filter(|x| row >> (4 - x) & 1 == 1) {
                    let left = digit as f32 * 7.0 + x as f32;
                    let cell = corner + vec2(left, y as f32) * side;
                    // Ink as a pen leaves it, darker here and there.
                    let ink = 0.7 + 0.3 * noise((left + y as f32 * 3.0) * 0.13).abs();
                    let color = self.color(digit).gamma_multiply(ink.min(1.0));
                    let cell = Rect::from_min_size(cell, vec2(side, side)).shrink(0.5);
                    self.painter.rect_filled(cell, 1.0, color);
                }
            }
        }
    }

    fn ravine(&self) {
        for ring in 1..6 {
            let r = ring as f32 / 5.0;
            let angles = (0..=64).map(|i| i as f32 / 64.0 * TAU);
            let places = angles.map(|a| (0.5 + 0.49 * r * a.cos(), 0.5 + 0.36 * r * a.sin()));
            self.path(places, Stroke::new(1.4, viridis(1.0 - f64::from(r) * 0.8)));
        }
        let swings = (0..=9).map(|i| {
            let (x, rest) = (0.07 + 0.045 * i as f32, 0.24 * 0.86_f32.powi(i));
            (x, if i % 2 == 0 { 0.5 - rest } else { 0.5 + rest })
        });
        self.path(swings, self.stroke(0));
        let glide =
            [(0.07, 0.26), (0.16, 0.6), (0.25, 0.47), (0.35, 0.53), (0.44, 0.5), (0.5, 0.5)];
        self.path(glide, self.stroke(1));
    }

    fn bend(&self) {
        // The floor of the valley, and walls at growing distances from it.
        let floor = |x: f32| 0.9 - 0.8 * (2.0 * x - 1.0) * (2.0 * x - 1.0);
        let parts = || (0..=48).map(|i| i as f32 / 48.0);
        for (wall, height) in [(0.1, 0.15), (0.24, 0.4), (0.42, 0.65), (0.64, 0.9)] {
            for side in [-1.0, 1.0] {
                let inside = |(_, y): &(f32, f32)| (0.0..=1.0).contains(y);
                let color = viridis(height);
                let wall: Vec<_> = parts().map(|x| (x, floor(x) + side * wall)).collect();
                for run in wall.split(|place| !inside(place)).filter(|run| run.len() > 1) {
                    self.path(run.iter().copied(), Stroke::new(1.4, color));
                }
            }
        }
        self.path(
            parts().filter(|x| (0.1..=0.78).contains(x)).map(|x| (x, floor(x))),
            self.stroke(0),
        );
        self.painter.circle_filled(self.at(0.78, floor(0.78)), 3.5, self.color(0));
    }

    fn table(&self) {
        for row in 0..5 {
            for column in 0..4 {
                let cell = Rect::from_min_max(
                    self.at(0.04 + 0.24 * column as f32, 0.04 + 0.19 * row as f32),
                    self.at(0.24 + 0.24 * column as f32, 0.17 + 0.19 * row as f32),
                );
                let color = self.color(column);
                let color = if row == 0 { color } else { color.gamma_multiply(0.35) };
                self.painter.rect_filled(cell, 2.0, color);
            }
        }
    }

    fn brush(&self) {
        for i in 0..30 {
            let (u, v) = spread(i);
            let (class, x, y) = if i % 2 == 0 { (0, 0.27, 0.6) } else { (1, 0.7, 0.42) };
            let far = 0.5 * v.sqrt();
            self.dot(class, x + 0.32 * far * (u * TAU).cos(), y + 0.62 * far * (u * TAU).sin());
        }
        let stroke = Stroke::new(1.5, tokens_of(self.theme).dim);
        self.painter.circle_stroke(self.at(0.7, 0.42), self.rect.height() * 0.38, stroke);
    }
}

/// The pictures of the lessons.
impl Sheet<'_> {
    /// The floor of something, from formula to line.
    fn ground(&self, height: impl Fn(f32) -> f32) {
        let stroke = Stroke::new(1.6, tokens_of(self.theme).faint);
        self.path((0..=60).map(|i| i as f32 / 60.0).map(|x| (x, height(x))), stroke);
    }

    fn fog(&self) {
        let steps =
            [(0.12, 0.2), (0.24, 0.34), (0.34, 0.26), (0.46, 0.46), (0.56, 0.62), (0.7, 0.56)];
        for (i, (x, y)) in steps.into_iter().enumerate() {
            let color = self.color(0).gamma_multiply(0.25 + 0.15 * i as f32);
            self.painter.circle_filled(self.at(x, y), 3.6, color);
        }
        let (from, to) = (self.at(0.7, 0.56), self.at(0.84, 0.74));
        self.painter.line_segment([from, to], self.stroke(0));
        self.painter.circle_stroke(to, 4.0, self.stroke(0));
    }

    fn strides(&self) {
        let bowl = |x: f32| 0.92 - 3.4 * (x - 0.5) * (x - 0.5);
        self.ground(bowl);
        let places = [0.02, 0.86, 0.2, 0.74, 0.32, 0.64];
        self.path(places.map(|x| (x, bowl(x))), self.stroke(1));
        for x in places {
            self.painter.circle_filled(self.at(x, bowl(x)), 2.6, self.color(1));
        }
    }

    fn handfuls(&self) {
        for (lane, (left, count)) in [(0.08, 1), (0.3, 9), (0.62, 36)].into_iter().enumerate() {
            let side = (count as f32).sqrt() as usize;
            for i in 0..count {
                let (x, y) = ((i % side) as f32, (i / side) as f32 - (side - 1) as f32 * 0.5);
                let place = self.at(left + 0.065 * x, 0.5 + 0.14 * y);
                self.painter.circle_filled(place, 2.6, self.color(lane));
            }
        }
    }

    fn ball(&self) {
        let valley = |x: f32| 0.9 - 0.75 * (2.0 * x - 1.0).powi(2);
        self.ground(valley);
        for (i, x) in [0.12, 0.19, 0.3, 0.45, 0.63, 0.78].into_iter().enumerate() {
            let color = self.color(2).gamma_multiply(0.3 + 0.14 * i as f32);
            let place = self.at(x, valley(x)) - vec2(0.0, 6.0);
            self.painter.circle_filled(place, 5.0, color);
        }
    }

    fn pass(&self) {
        let ridge = |x: f32| {
            0.62 - 0.34
                * (x * TAU * 1.0 - TAU * 0.5).cos()
                * if (x - 0.5).abs() < 0.5 { 1.0 } else { 0.0 }
        };
        self.ground(ridge);
        let top = self.at(0.5, ridge(0.5)) - vec2(0.0, 5.0);
        self.painter.circle_filled(top, 4.5, self.color(3));
        for way in [-1.0, 1.0] {
            let end = top + vec2(way * self.rect.width() * 0.16, self.rect.height() * 0.18);
            let dashes = Shape::dashed_line(&[top, end], self.stroke(3), 3.0, 3.0);
            self.painter.extend(dashes);
        }
    }

    fn scales(&self) {
        for (lane, (top, length, height)) in [(0, (0.3, 0.16, 0.46)), (1, (0.74, 0.84, 0.1))] {
            let low = self.at(0.08 + length, top + height * 0.5);
            let high = self.at(0.08, top - height * 0.5);
            self.painter.line_segment([high, low], self.stroke(lane));
            self.painter.circle_filled(low, 3.5, self.color(lane));
        }
        let step = self.stroke(2);
        for x in [0.36, 0.52, 0.68] {
            self.painter.line_segment([self.at(x, 0.3), self.at(x + 0.11, 0.3)], step);
        }
    }
}

/// The i-th of points that fill a square evenly.
fn spread(i: usize) -> (f32, f32) {
    ((i as f32 * 0.618).fract(), (i as f32 * 0.414).fract())
}

/// Something between −1 and 1 that looks like chance.
fn noise(x: f32) -> f32 {
    (x * 61.0).sin() * (x * 37.0).cos()
}
