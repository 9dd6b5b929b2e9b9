//! The sharpness page: the largest curvature against what the learning rate can bear.

use eframe::egui::{Grid, Rect, RichText, Sense, Ui, pos2, vec2};

use super::Bench;
use crate::lab::Sharpness;
use crate::ui::theme::{number_style, small_style, strong_style, tokens};
use crate::ui::widgets::short;

pub(super) fn ui(ui: &mut Ui, bench: &mut Bench<'_, '_>, found: &Sharpness) {
    bench.step_ui(ui, found.step);
    // The curvature was measured; the rate may have been turned since.
    let found = &found.at_rate(bench.lane.status.learning_rate);
    let t = tokens(ui);
    let limit = found.momentum_limit().unwrap_or(found.limit());
    let plain = bench.lane.knobs.optimizer.name() == "Sgd";
    let above = found.eigenvalue > limit;
    let (words, color) = match (found.eigenvalue <= 0.0, above) {
        (true, _) => ("The loss curves down or not at all in every direction here.", t.warn),
        (_, true) if plain => ("Above the limit: each step overshoots further along it.", t.bad),
        (_, true) => ("Above the limit of plain descent.", t.warn),
        (_, false) if !limit.is_finite() => ("The rate is 0: no step is taken.", t.warn),
        (_, false) if !plain => ("Below the limit of plain descent.", t.good),
        (_, false) => ("Below the limit: steps along the steepest curve settle.", t.good),
    };
    ui.label(RichText::new(words).text_style(strong_style()).color(color));
    ui.add_space(6.0);
    rail_ui(ui, found, limit);
    ui.add_space(6.0);
    numbers_ui(ui, found);
    let method = if plain {
        ""
    } else {
        " This lane's optimizer scales each parameter by itself, so the limit does not bind it as it \
         binds plain descent: read it as a landmark."
    };
    Bench::note_ui(
        ui,
        &format!(
            "The largest eigenvalue of the Hessian over all training rows, by power iteration on \
             Hessian-vector products ({} of them). Plain gradient descent is stable along a \
             direction of curvature λ while λ < 2/rate.{method}",
            found.products
        ),
    );
}

fn numbers_ui(ui: &mut Ui, found: &Sharpness) {
    let dim = tokens(ui).dim;
    let momentum =
        found.momentum_limit().map(|limit| ("limit 2(1 + momentum) / rate", short(limit)));
    let lines =
        [("sharpness λ", short(found.eigenvalue)), ("limit 2 / rate", short(found.limit()))];
    let rest = [
        ("rate of the next update", short(found.learning_rate)),
        ("λ · rate", short(found.eigenvalue * found.learning_rate)),
        ("not yet exact by", format!("{} of λ", short(found.residual))),
    ];
    Grid::new("numbers").num_columns(2).spacing([24.0, 4.0]).show(ui, |ui| {
        for (name, value) in lines.into_iter().chain(momentum).chain(rest) {
            ui.label(RichText::new(name).color(dim));
            ui.label(RichText::new(value).text_style(number_style()));
            ui.end_row();
        }
    });
}

/// The curvature and its limit on one logarithmic rail.
fn rail_ui(ui: &mut Ui, found: &Sharpness, limit: f64) {
    let t = tokens(ui);
    let (response, painter) = ui.allocate_painter(vec2(ui.available_width(), 46.0), Sense::hover());
    let rect = response.rect.shrink2(vec2(3.0 * small_style().resolve(ui.style()).size, 0.0));
    if !(limit.is_finite() && limit > 0.0 && found.eigenvalue > 0.0) {
        return;
    }
    // The limit stands at two thirds; three decades below it, one and a half above.
    let place = |value: f64| {
        let share = (value / limit).log10().clamp(-3.0, 1.5);
        rect.left() + rect.width() * ((share + 3.0) / 4.5) as f32
    };
    let y = rect.center().y + 6.0;
    let bar = |from: f32, to: f32, color| {
        let bar = Rect::from_min_max(pos2(from, y - 3.0), pos2(to, y + 3.0));
        painter.rect_filled(bar, 3.0, color);
    };
    let (here, border) = (place(found.eigenvalue), place(limit));
    bar(rect.left(), rect.right(), t.line);
    bar(rect.left(), here.min(border), t.good);
    if here > border {
        bar(border, here, t.bad);
    }
    let font = small_style().resolve(ui.style());
    painter.vline(border, y - 9.0..=y + 9.0, (2.0, t.text));
    painter.circle_filled(pos2(here, y), 5.0, t.text);
    let above = eframe::egui::Align2::CENTER_BOTTOM;
    painter.text(pos2(border, y - 10.0), above, "limit", font.clone(), t.dim);
    for (times, words) in [(1e-3, "÷ 1000"), (1e-2, "÷ 100"), (0.1, "÷ 10"), (10.0, "× 10")] {
        let x = place(limit * times);
        painter.vline(x, y - 5.0..=y + 5.0, (1.0, t.dim));
        painter.text(pos2(x, y - 10.0), above, words, font.clone(), t.dim);
    }
}
