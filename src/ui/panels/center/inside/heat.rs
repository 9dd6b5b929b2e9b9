//! One spread over time: the heat map as a texture, its axes, and the bars of the present beside it.

use std::sync::Arc;

use eframe::egui::{
    Align2, Color32, ColorImage, Context, Pos2, Rect, Stroke, TextureHandle, TextureOptions, Theme,
    Ui, pos2, vec2,
};

use crate::metrics::{BINS, Histogram};
use crate::train::{LayerInside, LayersInside};
use crate::ui::theme::{line_width, small_style, tokens, tokens_of, viridis};
use crate::ui::widgets::{AxisNumbers, count, stepped};

use super::spread::frame_words;
use super::words::elided;

/// Pixels of a map along time and along values.
const ACROSS: usize = 128;
const UP: usize = 64;
/// Spreads whose ranges differ by more doublings than this are drawn on a logarithmic scale.
const EVEN: i32 = 3;

/// What is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Quantity {
    /// The weights of a layer.
    #[default]
    Weights,
    /// What its units say.
    Activations,
    /// The gradient by its weights.
    Gradients,
}

impl Quantity {
    pub(super) const ALL: [Self; 3] = [Self::Weights, Self::Activations, Self::Gradients];

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Activations => "activations",
            Self::Gradients => "gradients",
        }
    }

    pub(super) fn of(self, layer: &LayerInside) -> &Histogram {
        match self {
            Self::Weights => &layer.weights,
            Self::Activations => &layer.activations,
            Self::Gradients => &layer.gradients,
        }
    }
}

/// How values lie along y: from `low` to `high`, in bins up to `width` wide, even, or even only below `even` and logarithmic above.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Axis {
    low: f64,
    high: f64,
    width: f64,
    even: Option<f64>,
}

impl Axis {
    /// That holds all numbers in the bins of all histograms.
    fn of<'a>(all: impl Iterator<Item = &'a Histogram>) -> Self {
        let (mut low, mut high, mut least, mut most) =
            (f64::INFINITY, -f64::INFINITY, i32::MAX, i32::MIN);
        let mut width = 0.0_f64;
        for histogram in all {
            let Some((from, to)) = histogram.span() else { continue };
            (low, high) = (low.min(from), high.max(to));
            width = width.max(histogram.bin_width());
            (least, most) = (least.min(histogram.exponent), most.max(histogram.exponent));
        }
        if low >= high {
            return Self { low: -1.0, high: 1.0, width: 1.0, even: None };
        }
        let even = (most.saturating_sub(least) > EVEN).then(|| 2f64.powi(least - 2));
        Self { low, high, width, even }
    }

    fn bent(&self, value: f64) -> f64 {
        self.even.map_or(value, |even| (value / even).asinh())
    }

    /// Where a value lies: 0 at the low end, 1 at the high one.
    fn share(&self, value: f64) -> f64 {
        let (low, high) = (self.bent(self.low), self.bent(self.high));
        (self.bent(value) - low) / (high - low)
    }

    /// The value at such a place.
    fn value(&self, share: f64) -> f64 {
        let (low, high) = (self.bent(self.low), self.bent(self.high));
        let bent = low + (high - low) * share;
        self.even.map_or(bent, |even| bent.sinh() * even)
    }
}

/// How many numbers of a histogram lie below a value, as if those of a bin were spread evenly.
fn below(histogram: &Histogram, sums: &[u64; BINS + 1], value: f64) -> f64 {
    let place = (value * 2f64.powi(-histogram.exponent) + 1.0) * BINS as f64 / 2.0;
    let place = place.clamp(0.0, BINS as f64);
    let bin = (place as usize).min(BINS - 1);
    sums[bin] as f64 + (place - bin as f64) * f64::from(histogram.counts[bin])
}

fn sums(histogram: &Histogram) -> [u64; BINS + 1] {
    let mut sums = [0; BINS + 1];
    for (bin, count) in histogram.counts.iter().enumerate() {
        sums[bin + 1] = sums[bin] + u64::from(*count);
    }
    sums
}

/// A spread over time.
pub(super) struct Heat {
    texture: TextureHandle,
    axis: Axis,
    steps: (u64, u64),
}

impl std::fmt::Debug for Heat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Heat").field("axis", &self.axis).finish_non_exhaustive()
    }
}

/// Where the parts of a drawn spread lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) heat: Rect,
    pub(super) bars: Rect,
}

type Seen = [(u64, Arc<LayersInside>)];

impl Heat {
    /// Of what was seen of a layer in these steps.
    pub(super) fn new(
        ctx: &Context,
        theme: Theme,
        (seen, steps): (&Seen, (u64, u64)),
        (layer, quantity): (usize, Quantity),
    ) -> Self {
        let of = |layers: &LayersInside| layers.layers.get(layer).map(|l| quantity.of(l).clone());
        let columns: Vec<Histogram> = seen.iter().filter_map(|(_, layers)| of(layers)).collect();
        let axis = Axis::of(columns.iter());
        let edges: [f64; UP + 1] = std::array::from_fn(|row| axis.value(row as f64 / UP as f64));
        let shares: Vec<[f32; UP]> = columns.iter().map(|column| shares(column, &edges)).collect();
        let most = shares.iter().flatten().copied().fold(f32::MIN_POSITIVE, f32::max);
        let nothing = tokens_of(theme).card;
        let mut image = ColorImage::filled([ACROSS, UP], nothing);
        for x in 0..ACROSS {
            let step = steps.0 + (steps.1 - steps.0) * (2 * x as u64 + 1) / (2 * ACROSS as u64);
            let Some(column) = column_at(seen, step).and_then(|at| shares.get(at)) else {
                continue;
            };
            for (row, share) in column.iter().enumerate().filter(|(_, share)| **share > 0.0) {
                image[(x, UP - 1 - row)] = viridis(0.12 + 0.88 * f64::from((share / most).sqrt()));
            }
        }
        let texture = ctx.load_texture("spread", image, TextureOptions::NEAREST);
        Self { texture, axis, steps }
    }

    /// Paints it with the bars of one step, and says where they lie; a line marks a step, with its colour.
    pub(super) fn paint(
        &self,
        ui: &Ui,
        rect: Rect,
        (layer, quantity, when): (&LayerInside, Quantity, Option<u64>),
        marked: Option<(f64, Color32)>,
    ) -> Place {
        let t = tokens(ui);
        let now = quantity.of(layer);
        // Numbers that were not seen before, as those of a past step, may lie further out.
        let line = ui.text_style_height(&small_style());
        let numbers = AxisNumbers::between(self.axis.low, self.axis.high);
        let ticks = [self.axis.high, self.axis.low].map(|end| numbers.about(end));
        let wide = ticks.iter().map(|text| width_of(ui, text)).fold(0.0, f32::max);
        let inner = Rect::from_min_max(
            rect.min + vec2(wide + 5.0, line + 2.0),
            rect.max - vec2(0.0, line + 2.0),
        );
        let bars = (inner.width() * 0.24).max(30.0);
        let place = Place {
            heat: Rect::from_min_max(inner.min, inner.max - vec2(bars + 5.0, 0.0)),
            bars: Rect::from_min_max(pos2(inner.right() - bars, inner.top()), inner.max),
        };
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        let painter = ui.painter();
        painter.image(self.texture.id(), place.heat, whole, Color32::WHITE);
        painter.rect_filled(place.bars, 0.0, t.card);
        self.bars(ui, now, place.bars);
        let left = rect.left() + wide;
        let top = pos2(left, inner.top());
        elided(ui, &ticks[0], top, Align2::RIGHT_TOP, wide, t.dim);
        elided(ui, &ticks[1], pos2(left, inner.bottom()), Align2::RIGHT_BOTTOM, wide, t.dim);
        let zero = self.axis.share(0.0);
        if (0.0..=1.0).contains(&zero) {
            let y = inner.bottom() - inner.height() * zero as f32;
            let stroke = Stroke::new(line_width(1.0), t.faint.gamma_multiply(0.55));
            painter.hline(place.heat.x_range(), y, stroke);
            painter.hline(place.bars.x_range(), y, stroke);
            let free = inner.top() + line..=inner.bottom() - line;
            if free.contains(&(y - line / 2.0)) && free.contains(&(y + line / 2.0)) {
                elided(ui, "0", pos2(left, y), Align2::RIGHT_CENTER, wide.max(8.0), t.dim);
            }
        }
        let (first, last) = (self.steps.0 as f64, self.steps.1 as f64);
        if let Some((step, color)) = marked.filter(|(step, _)| (first..=last).contains(step)) {
            let share = ((step - first) / (last - first).max(1.0)) as f32;
            let x = place.heat.left() + place.heat.width() * share;
            painter.vline(x, place.heat.y_range(), Stroke::new(line_width(1.5), color));
        }
        let scale = if self.axis.even.is_some() { " · log" } else { "" };
        let title = format!("{}{scale}", quantity.label());
        frame_words(ui, &place, &title, (self.steps, when));
        place
    }

    /// What screen readers say of it.
    pub(super) fn name(
        &self,
        (layer, quantity): (&LayerInside, Quantity),
        when: Option<u64>,
    ) -> String {
        let histogram = quantity.of(layer);
        let when = when.map_or_else(|| "now".to_owned(), |step| format!("at step {step}"));
        let lie = match histogram.span() {
            None => "there are none".to_owned(),
            Some((from, to)) => {
                let [from, to] = [from, to].map(|edge| stepped(edge, histogram.bin_width()));
                format!("{} from {from} to {to}", histogram.total() - histogram.outside())
            }
        };
        let (name, what) = (&layer.part.name, quantity.label());
        let (first, last) = self.steps;
        format!("{what} of {name} from step {first} to {last}; {when} {lie}")
    }

    fn bars(&self, ui: &Ui, now: &Histogram, rect: Rect) {
        let edges: [f64; UP + 1] =
            std::array::from_fn(|row| self.axis.value(row as f64 / UP as f64));
        let shares = shares(now, &edges);
        let most = shares.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let high = rect.height() / UP as f32;
        let mut mesh = eframe::egui::Mesh::default();
        for (row, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            let bottom = rect.bottom() - high * row as f32;
            let far = rect.left() + rect.width() * (share / most).max(0.02);
            let bar = Rect::from_min_max(pos2(rect.left(), bottom - high), pos2(far, bottom));
            mesh.add_colored_rect(bar, tokens(ui).accent);
        }
        ui.painter().add(mesh);
    }

    /// The step at a place in the picture, not necessarily a whole one; none beside it.
    pub(super) fn step_at(&self, place: &Place, at: Pos2) -> Option<f64> {
        let share = f64::from((at.x - place.heat.left()) / place.heat.width());
        let step = self.steps.0 as f64 + (self.steps.1 - self.steps.0) as f64 * share;
        place.heat.contains(at).then_some(step)
    }

    /// What a place in the picture says; `layer` and `step` are of the bars.
    pub(super) fn says(
        &self,
        place: &Place,
        at: Pos2,
        seen: &Seen,
        (layer, quantity, step): (&LayerInside, Quantity, u64),
    ) -> Option<String> {
        let (rect, name) = (place.heat, &layer.part.name);
        let (histogram, step) = match self.step_at(place, at) {
            None if place.bars.contains(at) => (quantity.of(layer).clone(), step),
            None => return None,
            Some(step) => {
                let (step, layers) = seen.get(column_at(seen, step as u64)?)?;
                let layer = layers.layers.iter().find(|layer| layer.part.name == *name)?;
                (quantity.of(layer).clone(), *step)
            }
        };
        let up = f64::from((rect.bottom() - at.y) / rect.height());
        let value = self.axis.value(up.clamp(0.0, 1.0));
        let scaled = (value * 2f64.powi(-histogram.exponent) + 1.0) * BINS as f64 / 2.0;
        let bin = (scaled.max(0.0) as usize).min(BINS - 1);
        let number = if scaled < 0.0 || scaled >= BINS as f64 { 0 } else { histogram.counts[bin] };
        let outside = match histogram.outside() {
            0 => String::new(),
            n => format!("\n{} further out or not finite", count(n)),
        };
        Some(format!(
            "{name} {} at step {}\n{} of {} from {} to {}{outside}",
            quantity.label(),
            count(step),
            count(u64::from(number)),
            count(histogram.total()),
            stepped(histogram.edge(bin), histogram.bin_width()),
            stepped(histogram.edge(bin + 1), histogram.bin_width())
        ))
    }
}

/// What share of all numbers lies between each two edges.
fn shares(histogram: &Histogram, edges: &[f64; UP + 1]) -> [f32; UP] {
    let (sums, total) = (sums(histogram), histogram.total().max(1) as f64);
    let below = edges.map(|edge| below(histogram, &sums, edge));
    std::array::from_fn(|row| ((below[row + 1] - below[row]) / total) as f32)
}

/// What was seen last at a step.
pub(super) fn column_at(seen: &Seen, step: u64) -> Option<usize> {
    seen.partition_point(|(at, _)| *at <= step).checked_sub(1)
}

fn width_of(ui: &Ui, text: &str) -> f32 {
    let font = small_style().resolve(ui.style());
    ui.painter().layout_no_wrap(text.to_owned(), font, Color32::WHITE).size().x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_leads_there_and_back_even_or_logarithmic() {
        let of = |scale: f64| Histogram::of([-scale, 0.3 * scale, 0.9 * scale].into_iter());
        for (all, is_log) in [(vec![of(1.0), of(2.0)], false), (vec![of(1.0), of(1e-4)], true)] {
            let axis = Axis::of(all.iter());
            assert_eq!(axis.even.is_some(), is_log);
            assert!(
                axis.share(axis.low).abs() < 1e-12 && (axis.share(axis.high) - 1.0).abs() < 1e-12
            );
            for value in [axis.low, -0.2, 0.0, 1e-3, 0.7 * axis.high] {
                assert!((axis.value(axis.share(value)) - value).abs() < 1e-9, "{value}");
            }
        }
        assert_eq!(Axis::of(std::iter::empty()).low, -1.0);
    }

    #[test]
    fn the_shares_of_all_rows_are_the_numbers_in_bins() {
        let numbers: Vec<f64> = (0..1000).map(|i| (f64::from(i) * 0.37).sin()).collect();
        let histogram = Histogram::of(numbers.iter().copied());
        for exponent in [0, 4] {
            let wide = 2f64.powi(exponent);
            let axis =
                Axis { low: -wide, high: wide, width: 1.0, even: (exponent > 0).then_some(0.1) };
            let edges = std::array::from_fn(|row| axis.value(row as f64 / UP as f64));
            let all: f32 = shares(&histogram, &edges).iter().sum();
            assert!((all - 1.0).abs() < 1e-4, "{all}");
        }
    }
}
