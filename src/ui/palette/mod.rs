//! The command palette: everything that can be done without a place on the screen, found by typing.
//!
//! What can be done is a list of [`Entry`]s made of the session and the window (`transport`, `lanes`,
//! `knobs`, `files`, `looks`); what was typed picks among them (`query`, `fuzzy`), the most recently used
//! first; `sheet` shows them. `coverage` holds every kind of action to account. An entry that takes a value
//! reads it from the end of what was typed, and says what it takes.
//!
//! Deliberately not here: doing anything. An entry is actions and commands of the window like those of
//! keys and menus, and they are done in the same places.

#[cfg(test)]
mod coverage;
mod files;
mod fuzzy;
mod knobs;
mod lanes;
mod looks;
mod query;
mod race;
mod sheet;
mod transport;

use std::fmt;

use eframe::egui::{Context, Theme};

use crate::session::{Action, Export, LaneId, Session};

use super::dialogs::{self, CardsSheet, Dialog, FilePurpose, ProgramSheet};
use super::frame::Frame;
use super::instruments::{Instrument, Instruments};
use super::shortcuts::{KeyCommand, keys_of};
use super::state::WindowState;

pub(super) use sheet::Palette;

/// As many entries are remembered as used.
const REMEMBERED: usize = 12;

/// Something that an entry does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Deed {
    /// Something to the session.
    Do(Action),
    /// The same, after asking where unsaved work would be lost.
    Replace(Action),
    /// What a key does.
    Key(KeyCommand),
    /// Something to the window.
    Window(WindowDeed),
}

/// Something that an entry does to the window.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum WindowDeed {
    /// Colours.
    Theme(Theme),
    /// The size of text, in percent.
    TextSize(u32),
    /// The start page over the middle, or away.
    StartPage(bool),
    /// The dialog that opens a table.
    OpenTable,
    /// The form that keeps the experiment as a preset.
    SavePreset,
    /// The list of own presets.
    Presets,
    /// Where numbers are written; under which name to begin with.
    Export(Export, &'static str),
    /// An instrument on a lane.
    Instrument(LaneId, Instrument),
    /// A lane's program.
    Program(LaneId),
    /// The branches of a lane's past.
    Branches(LaneId),
    /// A reference card.
    Card(&'static str),
    /// All that a lane's card can show.
    Unfold(LaneId),
}

/// One line of the palette.
pub(super) struct Entry<'a> {
    /// What it is called, and found by.
    title: String,
    /// Other words that it is found by.
    also: &'static str,
    /// What it does, or takes.
    note: String,
    /// What happens.
    takes: Takes<'a>,
}

/// What an entry needs before it can be done.
enum Takes<'a> {
    /// Nothing.
    Nothing(Vec<Deed>),
    /// A value.
    Value(Value<'a>),
}

/// From a value as typed to what is done with it, or why it is not one.
type Read<'a> = Box<dyn Fn(&str) -> Result<Vec<Deed>, String> + 'a>;

/// A value that an entry takes.
struct Value<'a> {
    /// Whether it may hold spaces, and so only follows the entry's whole title.
    is_text: bool,
    read: Read<'a>,
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("title", &self.title).finish_non_exhaustive()
    }
}

impl<'a> Entry<'a> {
    /// Whether it puts another experiment in the place of this one.
    fn leaves(&self) -> bool {
        matches!(&self.takes, Takes::Nothing(deeds) if matches!(deeds[..], [Deed::Replace(_), ..]))
    }

    fn new(title: impl Into<String>, deed: Deed) -> Self {
        let takes = Takes::Nothing(vec![deed]);
        Self { title: title.into(), also: "", note: String::new(), takes }
    }

    fn act(title: impl Into<String>, action: Action) -> Self {
        Self::new(title, Deed::Do(action))
    }

    fn window(title: impl Into<String>, deed: WindowDeed) -> Self {
        Self::new(title, Deed::Window(deed))
    }

    /// An entry that takes one word or number.
    fn value(
        title: impl Into<String>,
        read: impl Fn(&str) -> Result<Vec<Deed>, String> + 'a,
    ) -> Self {
        let takes = Takes::Value(Value { is_text: false, read: Box::new(read) });
        Self { title: title.into(), also: "", note: String::new(), takes }
    }

    /// An entry that takes any text.
    fn text(
        title: impl Into<String>,
        read: impl Fn(&str) -> Result<Vec<Deed>, String> + 'a,
    ) -> Self {
        let takes = Takes::Value(Value { is_text: true, read: Box::new(read) });
        Self { title: title.into(), also: "", note: String::new(), takes }
    }

    fn also(mut self, words: &'static str) -> Self {
        self.also = words;
        self
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// The keys that do the same.
    fn keys(&self) -> String {
        let key = match &self.takes {
            Takes::Nothing(deeds) => match deeds.as_slice() {
                // One key does either.
                [Deed::Do(Action::Run | Action::Pause)] => {
                    keys_of(&KeyCommand::Do(Action::ToggleRun))
                }
                [Deed::Do(action) | Deed::Replace(action)] => {
                    keys_of(&KeyCommand::Do(action.clone()))
                }
                [Deed::Key(command)] => keys_of(command),
                _ => Vec::new(),
            },
            Takes::Value(_) => Vec::new(),
        };
        key.first().copied().unwrap_or_default().to_owned()
    }
}

/// Everything that can be done now, in the order in which it is shown while nothing is typed.
fn entries<'a>(session: &'a Session, window: &WindowState) -> Vec<Entry<'a>> {
    let mut all = transport::entries(session);
    all.extend(lanes::entries(session));
    all.extend(knobs::entries(session));
    all.extend(race::entries(session));
    all.extend(looks::entries(session, window));
    all.extend(files::entries(session));
    all
}

/// Does what an entry stands for.
fn do_deeds(ctx: &Context, frame: &mut Frame<'_>, deeds: Vec<Deed>) {
    for deed in deeds {
        match deed {
            Deed::Do(action) => frame.push(action),
            Deed::Replace(action) => dialogs::guard(frame, action),
            Deed::Key(command) => super::app::do_command(ctx, frame, command),
            Deed::Window(deed) => do_to_window(frame, deed),
        }
    }
}

fn do_to_window(frame: &mut Frame<'_>, deed: WindowDeed) {
    let session = frame.session;
    let window = &mut *frame.window;
    match deed {
        WindowDeed::Theme(theme) => window.theme = theme,
        WindowDeed::TextSize(percent) => window.text_scale = percent as f32 / 100.0,
        WindowDeed::StartPage(shown) => window.start_page = shown,
        WindowDeed::OpenTable => window.dialog = Some(Dialog::open_table(session)),
        WindowDeed::SavePreset => window.dialog = Some(Dialog::save_preset(session)),
        WindowDeed::Presets => window.dialog = Some(Dialog::presets()),
        WindowDeed::Export(what, name) => {
            window.dialog = Some(Dialog::save(session, FilePurpose::Export(what), name));
        }
        WindowDeed::Instrument(lane, instrument) => {
            window.instruments = Some(Instruments::of(lane, instrument));
        }
        WindowDeed::Branches(lane) => window.dialog = Some(Dialog::Branches(lane)),
        WindowDeed::Program(lane) => {
            window.dialog = Some(Dialog::Program(ProgramSheet::new(lane)));
        }
        WindowDeed::Card(name) => {
            let sheet = CardsSheet::named(name);
            window.dialog = sheet.map(|sheet| Dialog::Cards(Box::new(sheet)));
        }
        WindowDeed::Unfold(lane) => window.lanes.unfold(&[lane]),
    }
}

/// A whole number as it is typed.
fn whole(typed: &str) -> Result<u64, String> {
    let refused = |_| format!("takes a whole number, not {typed}");
    typed.replace('_', "").parse().map_err(refused)
}

#[cfg(test)]
mod tests;
