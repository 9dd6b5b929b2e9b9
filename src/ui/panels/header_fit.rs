//! What the bar on top has room for: how wide the experiment's name may be, and whether buttons say their
//! words.
//!
//! Invariant: it follows from what stood beside the name in the last frame, so that words that come and go
//! (*Run*, *Run again*) shorten the name, and nothing lies on anything else.

use eframe::egui::{Id, TextStyle, Ui};

use super::fields::text_width;

/// What the bar has room for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    /// How wide the experiment's name may be.
    pub(super) name: f32,
    /// Whether buttons that have an icon say their words, too.
    pub(super) has_words: bool,
}

/// What stands on the left beside the name, as last drawn.
#[derive(Debug, Clone, Copy)]
struct Beside {
    width: f32,
    had_words: bool,
}

impl Fit {
    /// From what stood beside the name in the last frame: the name is shortened first, down to some
    /// letters, then words go.
    pub(super) fn of(ui: &Ui) -> Self {
        let last: Option<Beside> = ui.data(|data| data.get_temp(Self::id()));
        let buttons = (ui.spacing().interact_size.x + ui.spacing().item_spacing.x) * 4.0;
        let room = ui.available_width() - buttons - 34.0;
        let Some(last) = last else { return Self { name: room * 0.4, has_words: true } };
        let words = Self::words(ui);
        let worded = if last.had_words { last.width } else { last.width + words };
        let least = ui.spacing().interact_size.y * 4.0;
        let has_words = room - worded >= least;
        let beside = if has_words { worded } else { worded - words };
        Self { name: (room - beside).max(0.0), has_words }
    }

    /// Takes note of what stands beside the name.
    pub(super) fn keep(self, ui: &Ui, width: f32) {
        let had_words = self.has_words;
        ui.data_mut(|data| data.insert_temp(Self::id(), Beside { width, had_words }));
    }

    /// How wide the words are that can be left out.
    fn words(ui: &Ui) -> f32 {
        let words = ["Step", "Epoch"].map(|word| text_width(ui, word, &TextStyle::Button));
        words.iter().sum::<f32>() + ui.spacing().icon_spacing * 2.0
    }

    fn id() -> Id {
        Id::unique("beside the experiment's name")
    }
}
