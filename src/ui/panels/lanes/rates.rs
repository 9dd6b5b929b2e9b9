//! The small drawing of a lane's learning rate over its run: what is behind drawn strong, what is
//! planned drawn faint, a dot where it stands; the momentum dashed, where it moves too.
//!
//! Invariant: what is drawn is what the schedules' own forms say. A rate that depends on losses is
//! drawn as far as it is known. Without a schedule there is nothing to draw.

use eframe::egui::{
    Align2, Color32, FontId, Painter, Pos2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2,
};

use super::card::Card;
use crate::session::Rates;
use crate::ui::theme::{Tokens, number_style, small_style, tokens};
use crate::ui::widgets::{fixed, with_minus};

/// The height of the drawing at 100 % text, in points.
const HEIGHT: f32 = 56.0;
/// Below this part of the highest rate lies the middle one where a logarithmic axis shows more.
const STEEP: f64 = 0.1;

/// The drawing, if there is a schedule.
pub(super) fn ui(ui: &mut Ui, card: &Card<'_, '_>) {
    let Some(lane) = card.lane else { return };
    let Some(rates) = Rates::of(lane) else { return };
    let step = lane.status.step;
    let font = small_style().resolve(ui.style());
    let height = (HEIGHT * font.size / 12.0).max(HEIGHT);
    let size = vec2(ui.available_width(), height + 2.0 * font.size);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let name = format!("Planned rate of {}", card.spec.name);
    let response = response.accessible_name(name);
    if !ui.is_rect_visible(rect) {
        return;
    }
    let drawing = Drawing::new(rect, &rates, step, font);
    drawing.paint(ui.painter(), tokens(ui), card.color(ui), lane.status.learning_rate);
    if let Some(pointer) = response.hover_pos() {
        let at = drawing.step_at(pointer.x);
        drawing.mark(ui.painter(), tokens(ui), at);
        response.on_hover_ui_at_pointer(|ui| tooltip_ui(ui, &drawing, at));
    } else {
        response.on_hover_text("The learning rate over the run.");
    }
}

fn tooltip_ui(ui: &mut Ui, drawing: &Drawing<'_>, step: u64) {
    let font = number_style();
    let line = |ui: &mut Ui, words: String| {
        ui.label(eframe::egui::RichText::new(words).text_style(font.clone()));
    };
    line(ui, format!("step {step}"));
    if step > drawing.known {
        line(ui, "depends on the loss".to_owned());
        return;
    }
    let at = drawing.rates.at(step);
    line(ui, format!("learning rate {}", fixed(at.learning_rate)));
    if let Some(momentum) = at.momentum {
        line(ui, format!("momentum {}", fixed(momentum)));
    }
}

/// Where everything stands.
struct Drawing<'a> {
    rates: &'a Rates,
    /// The plot itself, below the captions.
    plot: Rect,
    captions: Rect,
    font: FontId,
    /// The last step drawn.
    end: u64,
    step: u64,
    /// The last step whose rate is known.
    known: u64,
    low: f64,
    high: f64,
    is_log: bool,
    /// The ends of the momentum, where it moves.
    momentum: Option<(f64, f64)>,
}

impl<'a> Drawing<'a> {
    fn new(rect: Rect, rates: &'a Rates, step: u64, font: FontId) -> Self {
        let line = font.size + 3.0;
        let captions = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + line));
        let plot = Rect::from_min_max(
            pos2(rect.left() + 4.0, captions.bottom() + 3.0),
            pos2(rect.right() - 4.0, rect.bottom() - 5.0),
        );
        let ahead = step.saturating_add(step / 4).max(100);
        let end = rates.end().unwrap_or(ahead).max(step).max(1);
        let known = if rates.is_known_ahead() { end } else { step };
        let mut drawing = Self {
            rates,
            plot,
            captions,
            font,
            end,
            step,
            known,
            low: 0.0,
            high: 1.0,
            is_log: false,
            momentum: None,
        };
        drawing.find_ends();
        drawing
    }

    /// The steps at the drawing's columns, first to last known.
    fn steps(&self) -> impl Iterator<Item = u64> + '_ {
        let columns = (self.plot.width() * 2.0).max(2.0) as u64;
        let at = move |i: u64| (self.known as f64 * i as f64 / columns as f64).round() as u64;
        (0..=columns).map(at)
    }

    fn find_ends(&mut self) {
        let mut rates: Vec<f64> = Vec::new();
        let mut momentum: Option<(f64, f64)> = None;
        for step in self.steps() {
            let at = self.rates.at(step);
            rates.push(at.learning_rate);
            if let Some(m) = at.momentum {
                let (low, high) = momentum.unwrap_or((m, m));
                momentum = Some((low.min(m), high.max(m)));
            }
        }
        rates.sort_by(f64::total_cmp);
        let (low, high) = (rates[0], rates[rates.len() - 1]);
        self.is_log = low > 0.0 && rates[rates.len() / 2] < STEEP * high;
        self.high = if high > 0.0 { high } else { 1.0 };
        self.low = if self.is_log { low } else { 0.0 };
        self.momentum = momentum.filter(|(low, high)| high > low);
    }

    fn x(&self, step: u64) -> f32 {
        self.plot.left() + self.plot.width() * (step as f64 / self.end as f64) as f32
    }

    fn step_at(&self, x: f32) -> u64 {
        let share = ((x - self.plot.left()) / self.plot.width()).clamp(0.0, 1.0);
        (f64::from(share) * self.end as f64).round() as u64
    }

    fn at(&self, step: u64, rate: f64) -> Pos2 {
        let share = if self.is_log {
            let span = (self.high / self.low).ln();
            if span > 0.0 { (rate / self.low).ln() / span } else { 1.0 }
        } else {
            rate / self.high
        };
        let up = share.clamp(0.0, 1.0) as f32;
        pos2(self.x(step), self.plot.bottom() - up * self.plot.height())
    }

    /// The rates' line between two steps.
    fn line(&self, from: u64, to: u64) -> Vec<Pos2> {
        let inner = self.steps().filter(|step| *step > from && *step < to);
        std::iter::once(from)
            .chain(inner)
            .chain([to])
            .map(|step| self.at(step, self.rates.at(step).learning_rate))
            .collect()
    }

    fn paint(&self, painter: &Painter, t: &Tokens, color: Color32, present: f64) {
        for y in [self.plot.top(), self.plot.bottom()] {
            painter.hline(self.plot.x_range(), y, Stroke::new(1.0, t.grid));
        }
        self.captions(painter, t, present);
        if let Some((low, high)) = self.momentum {
            let points: Vec<Pos2> = self
                .steps()
                .filter_map(|step| {
                    let share = (self.rates.at(step).momentum? - low) / (high - low);
                    let up = share as f32 * self.plot.height();
                    Some(pos2(self.x(step), self.plot.bottom() - up))
                })
                .collect();
            painter.extend(Shape::dashed_line(&points, Stroke::new(1.0, t.dim), 4.0, 3.0));
        }
        let here = self.step.min(self.known);
        if self.known > here {
            let planned = Stroke::new(1.5, color.gamma_multiply(0.5));
            painter.add(Shape::line(self.line(here, self.known), planned));
        }
        if here > 0 {
            painter.add(Shape::line(self.line(0, here), Stroke::new(2.5, color)));
        }
        let dot = self.at(here, self.rates.at(here).learning_rate);
        painter.circle(dot, 4.0, color, Stroke::new(1.5, t.card));
    }

    fn captions(&self, painter: &Painter, t: &Tokens, present: f64) {
        let axis = if self.is_log { ", logarithmic" } else { "" };
        let title = match self.momentum {
            Some((low, high)) => {
                format!("momentum dashed, {} to {}", short(low), short(high))
            }
            None => format!("rate up to {}{axis}", short(self.high)),
        };
        let now = format!("now {}", fixed(present));
        let right = self.captions.right_center();
        let taken = painter.text(right, Align2::RIGHT_CENTER, now, self.font.clone(), t.text);
        let mut room = self.captions;
        room.max.x = taken.left() - 6.0;
        let left = self.captions.left_center();
        let clipped = painter.with_clip_rect(room.intersect(painter.clip_rect()));
        clipped.text(left, Align2::LEFT_CENTER, title, self.font.clone(), t.dim);
    }

    /// The step under the pointer.
    fn mark(&self, painter: &Painter, t: &Tokens, step: u64) {
        painter.vline(self.x(step), self.plot.y_range(), Stroke::new(1.0, t.dim));
        if step <= self.known {
            let dot = self.at(step, self.rates.at(step).learning_rate);
            painter.circle(dot, 3.0, t.text, Stroke::new(1.0, t.card));
        }
    }
}

/// A number in few characters.
fn short(x: f64) -> String {
    if x != 0.0 && !(1e-3..1e4).contains(&x.abs()) {
        with_minus(&format!("{x:.1e}"))
    } else {
        let rounded = (x * 1e4).round() / 1e4;
        with_minus(&format!("{rounded}"))
    }
}
