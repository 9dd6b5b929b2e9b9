//! The rate finder's page: loss over a ramp of rates, and rates to adopt with a click.

use eframe::egui::{RichText, Ui};

use super::Bench;
use super::chart::{Chart, Line, Mark};
use crate::experiment::Change;
use crate::lab::RateFinder;
use crate::session::Action;
use crate::ui::plot::AxisScale;
use crate::ui::theme::{lane_look, strong_style, theme_of, tokens};
use crate::ui::widgets::{button, short};

pub(super) fn ui(ui: &mut Ui, bench: &mut Bench<'_, '_>, found: &RateFinder) {
    bench.step_ui(ui, found.step);
    let t = tokens(ui);
    let color = lane_look(bench.lane.color).color(theme_of(ui));
    let marks: Vec<Mark> = found
        .suggestions
        .iter()
        .map(|s| Mark { x: s.rate, label: s.kind.label(), color: t.text })
        .chain([Mark { x: bench.lane.status.learning_rate, label: "now", color: t.accent }])
        .collect();
    let chart = Chart {
        dots: None,
        lines: &[
            Line {
                x: &found.rates,
                y: &found.losses,
                color: color.gamma_multiply(0.45),
                width: 1.0,
            },
            Line { x: &found.rates, y: &found.smoothed, color, width: 2.0 },
        ],
        marks: &marks,
        x_scale: AxisScale::Log,
        y_scale: AxisScale::Linear,
        x_title: "learning rate",
        y_title: "batch loss",
        all_rule: false,
    };
    chart.show(ui, 210.0 * (ui.available_width() / 540.0).clamp(1.0, 1.4));
    ui.add_space(4.0);
    if found.suggestions.is_empty() {
        let words = "The loss never fell along the ramp by more than batches differ from each other, so \
            no rate can be suggested from here. From the lane's start, or with larger batches, there \
            may be more to see.";
        ui.label(RichText::new(words).text_style(strong_style()).color(t.warn));
    } else {
        ui.horizontal_wrapped(|ui| {
            ui.label("Adopt");
            for suggestion in &found.suggestions {
                let rate = rounded(suggestion.rate);
                let words = format!("{}: {}", suggestion.kind.label(), short(rate));
                if button(ui, None, &words).on_hover_text(suggestion.kind.meaning()).clicked() {
                    let change = Change::Optimizer { knob: "learning_rate", value: rate };
                    bench.actions.push(Action::Turn { lane: bench.lane.id, change });
                    bench.actions.push(Action::EndGesture);
                }
            }
        });
    }
    if found.still_falls {
        let words = "The loss still fell at the end of the ramp: larger rates may do better yet.";
        ui.label(RichText::new(words).color(t.warn));
    }
    let end = if found.blew_up { "until the loss blew up" } else { "to its end" };
    Bench::note_ui(
        ui,
        &format!(
            "A copy of the lane trained {} updates {end}, each with a larger rate; the lane itself \
             stands where it stood. The bold line is smoothed. A rate far left learns too slowly; \
             at the lowest point it is about to be too large.",
            found.rates.len()
        ),
    );
}

/// Two significant digits: more would claim more than a ramp can tell.
fn rounded(rate: f64) -> f64 {
    format!("{rate:.1e}").parse().unwrap_or(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adopted_rate_has_two_digits() {
        assert_eq!(rounded(0.012_345), 0.012);
        assert_eq!(rounded(9.96e-5), 1e-4);
    }
}
