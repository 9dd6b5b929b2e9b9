//! Which class is taken for which: rows are the truth, columns the answer.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Align2, Rect, Ui, pos2, vec2};

use super::super::theme::{mix, small_style, theme_of, tokens, tokens_of, viridis};

/// Counts of true class (row) against answered class (column).
#[derive(Debug, Clone, PartialEq)]
pub struct Confusion {
    /// How many classes.
    pub classes: usize,
    /// Row by row.
    pub counts: Vec<u64>,
}

impl Confusion {
    /// Counts pairs of true and answered class.
    pub fn of(classes: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut counts = vec![0; classes * classes];
        for (truth, answer) in pairs {
            if truth < classes && answer < classes {
                counts[truth * classes + answer] += 1;
            }
        }
        Self { classes, counts }
    }
}

/// Draws the matrix; a cell's colour is its share of its row.
pub fn confusion_ui(ui: &Ui, rect: Rect, confusion: &Confusion, names: &[String]) {
    let colors = tokens(ui);
    let font = small_style().resolve(ui.style());
    let line = ui.text_style_height(&small_style());
    let n = confusion.classes.max(1);
    let left = line * 1.4;
    let area = Rect::from_min_max(rect.min + vec2(left, 0.0), rect.max - vec2(0.0, line * 2.2));
    let cell = vec2(area.width() / n as f32, area.height() / n as f32);
    let painter = ui.painter();
    let short = |name: &str| name.chars().take(if n > 5 { 2 } else { 4 }).collect::<String>();
    for truth in 0..n {
        let row = &confusion.counts[truth * n..(truth + 1) * n];
        let all = row.iter().sum::<u64>().max(1);
        for (answer, count) in row.iter().enumerate() {
            let corner = area.min + vec2(answer as f32 * cell.x, truth as f32 * cell.y);
            let place = Rect::from_min_size(corner, cell).shrink(0.5);
            let share = *count as f64 / all as f64;
            let strength = (share.sqrt() as f32).min(1.0);
            let heat = viridis(0.25 + 0.6 * share);
            let fill = mix(
                tokens_of(theme_of(ui)).card,
                heat,
                if *count == 0 { 0.0 } else { 0.25 + 0.75 * strength },
            );
            painter.rect_filled(place, 1.0, fill);
            let text = count.to_string();
            let fits = cell.x > 7.0 * text.len() as f32 && cell.y > line;
            if fits && *count > 0 {
                let light =
                    u32::from(fill.r()) * 3 + u32::from(fill.g()) * 6 + u32::from(fill.b()) > 1300;
                let ink = if light {
                    super::super::theme::DARK.background
                } else {
                    super::super::theme::DARK.ink
                };
                painter.text(place.center(), Align2::CENTER_CENTER, text, font.clone(), ink);
            }
        }
        let name = names.get(truth).map(|n| short(n)).unwrap_or_default();
        let middle = area.top() + (truth as f32 + 0.5) * cell.y;
        painter.text(
            pos2(area.left() - 4.0, middle),
            Align2::RIGHT_CENTER,
            &name,
            font.clone(),
            colors.dim,
        );
        let x = area.left() + (truth as f32 + 0.5) * cell.x;
        painter.text(
            pos2(x, area.bottom() + 2.0),
            Align2::CENTER_TOP,
            name,
            font.clone(),
            colors.dim,
        );
    }
    let legend = "rows: truth · columns: answer";
    let mut job = LayoutJob::simple_singleline(legend.to_owned(), font, colors.dim);
    job.wrap = TextWrapping::truncate_at_width(area.width());
    let legend = painter.layout_job(job);
    let corner = pos2(area.left(), rect.bottom() - legend.size().y);
    painter.galley(corner, legend, colors.dim);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_and_strangers_left_out() {
        let pairs = [(0, 0), (0, 1), (1, 1), (1, 1), (7, 0)];
        let confusion = Confusion::of(2, pairs.into_iter());
        assert_eq!(confusion.counts, [1, 1, 0, 2]);
    }
}
