//! Who wins: what the seeds of the lanes say of each other, in plain words, below the cards.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Label, RichText, TextStyle, Ui};

use super::super::section::caption_row_ui;
use crate::metrics::SIGNIFICANCE;
use crate::session::{Comparison, Contender, LEAST_PAIRS, Outcome, Session};
use crate::ui::theme::{small_style, strong_style, tokens};
use crate::ui::widgets::{card, count, elided};

/// Letters of a name.
const NAME: usize = 24;
/// The most sentences; those of differences that are shown come first.
const MOST: usize = 12;

pub(super) fn ui(ui: &mut Ui, session: &Session) {
    let Some(comparison) = session.comparison() else { return };
    let edge = tokens(ui).edge;
    card(ui, edge, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let dim = tokens(ui).dim;
        let title = RichText::new("Who wins?").text_style(strong_style());
        caption_row_ui(ui, title, "Who wins?", |ui| {
            let when = RichText::new(when(session, comparison)).text_style(small_style());
            ui.add(Label::new(when.color(dim)).truncate()).on_hover_text(ground(comparison));
        });
        let all = comparison.contenders();
        let names: Vec<String> = all.iter().map(|one| elided(one.name, NAME)).collect();
        let contenders: Vec<Contender<'_>> = all
            .into_iter()
            .zip(&names)
            .map(|(one, name)| Contender { name, losses: one.losses })
            .collect();
        let is_thin = |outcome: &Outcome| matches!(outcome, Outcome::TooFew);
        if comparison.verdicts.iter().all(|verdict| is_thin(&verdict.outcome)) {
            let words = format!("Nothing is claimed below {LEAST_PAIRS} paired seeds.");
            return sentence_ui(ui, &[String::new(), words]);
        }
        let mut verdicts: Vec<_> = comparison.verdicts.iter().collect();
        verdicts.sort_by_key(|verdict| verdict.winner().is_none());
        for verdict in verdicts.iter().take(MOST) {
            sentence_ui(ui, &verdict.words(&contenders));
        }
        if verdicts.len() > MOST {
            let words = format!("And {} pairs more.", verdicts.len() - MOST);
            sentence_ui(ui, &[String::new(), words]);
        }
    });
    ui.add_space(4.0);
}

/// A finding, and in small letters what it rests on.
fn sentence_ui(ui: &mut Ui, [finding, ground]: &[String; 2]) {
    let t = tokens(ui);
    let part = |style: TextStyle, color| TextFormat::simple(style.resolve(ui.style()), color);
    let mut words = LayoutJob::default();
    if !finding.is_empty() {
        words.append(finding, 0.0, part(TextStyle::Body, t.text));
    }
    if !ground.is_empty() {
        let before = if finding.is_empty() { "" } else { " " };
        words.append(&format!("{before}{ground}"), 0.0, part(small_style(), t.dim));
    }
    ui.add(Label::new(words).wrap());
}

/// When: "epoch 12", or "at their ends".
fn when(session: &Session, comparison: &Comparison) -> String {
    let on_surface = session.experiment().surface().is_some();
    match comparison.at {
        None => "at their ends".to_owned(),
        Some(step) if on_surface => format!("step {}", count(step)),
        Some(epoch) => format!("epoch {}", count(epoch)),
    }
}

/// What all of it rests on.
fn ground(comparison: &Comparison) -> String {
    let rows = if comparison.on_held_out {
        "the loss on the held-out rows"
    } else {
        "the loss over all training rows, or the function's value"
    };
    format!(
        "Lanes of several seeds, compared seed by seed on {rows}; the lower one wins. A paired t-test, \
         two-sided; the chance p is corrected for all comparisons (Holm), and a difference is claimed \
         where it is below {SIGNIFICANCE}. The interval is that of its pair alone. Nothing is claimed \
         below {LEAST_PAIRS} paired seeds, nor where a seed diverged. Who looks again and again while \
         lanes train finds more than there is: decide at the end."
    )
}
