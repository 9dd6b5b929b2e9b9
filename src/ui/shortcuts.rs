//! The keys, in one table: what the help sheet lists is what the window listens to.
//!
//! Keys without Ctrl act wherever the focus is not in a text field; arrows also leave a focused
//! control alone, because sliders use them. While a dialog stands in front, only keys that concern
//! the window as a whole act: none that trains, changes or replaces what lies behind it.

use eframe::egui::{Context, Event, Key, KeyboardShortcut, Modifiers};

use crate::session::Action;

/// What a key does: something to the session, or something to the window.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum KeyCommand {
    /// An action of the session.
    Do(Action),
    /// Pace up or down by a factor.
    Pace(f64),
    /// Look so many steps further on, or back.
    Look(i8),
    /// Open a file.
    Open,
    /// A fresh experiment.
    New,
    /// Write the experiment to its file, or ask for one.
    Save,
    /// Ask for a file and write the experiment to it.
    SaveAs,
    /// Larger or smaller text; 0 is the usual size.
    TextSize(i8),
    /// Begin or end the presentation.
    Present,
    /// All as it is in the file, after asking if something would be lost.
    Revert,
    /// Show or hide the help sheet.
    Help,
    /// Show or hide the reference cards.
    Cards,
    /// Open or close the command palette.
    Palette,
    /// Let the curve follow the training again.
    Follow,
    /// Curves and landscape as tables, or as pictures again.
    Table,
    /// The experiment as text to the clipboard.
    Copy,
    /// An experiment from pasted text.
    Paste(String),
    /// Close the window.
    Quit,
}

impl KeyCommand {
    /// Whether it acts while a dialog stands in front.
    fn passes_dialogs(&self) -> bool {
        matches!(
            self,
            Self::TextSize(_)
                | Self::Present
                | Self::Help
                | Self::Cards
                | Self::Palette
                | Self::Quit
        )
    }
}

/// A row of the table.
#[derive(Debug)]
pub(super) struct Shortcut {
    /// As the help sheet shows it.
    pub(super) keys: &'static str,
    /// What it does, for the help sheet.
    pub(super) does: &'static str,
    key: KeyboardShortcut,
    kind: Kind,
    command: fn() -> KeyCommand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Works everywhere.
    Chord,
    /// Not while text is being typed.
    Plain,
    /// Not while any control has the focus.
    Arrow,
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

macro_rules! shortcut {
    ($keys:literal, $does:literal, $key:expr, $kind:ident, $command:expr) => {
        Shortcut { keys: $keys, does: $does, key: $key, kind: Kind::$kind, command: || $command }
    };
}

/// All keys, in the order of the help sheet. Longer chords stand before their shorter kin, because
/// the first that matches takes the key.
pub(super) static SHORTCUTS: &[Shortcut] = &[
    shortcut!("Space", "Run or pause", plain(Key::Space), Plain, KeyCommand::Do(Action::ToggleRun)),
    shortcut!(
        "Shift →",
        "To the end of the epoch",
        shift(Key::ArrowRight),
        Arrow,
        KeyCommand::Do(Action::StepEpoch)
    ),
    shortcut!("→", "One update", plain(Key::ArrowRight), Arrow, KeyCommand::Do(Action::StepOnce)),
    shortcut!(",", "One step back in the past", plain(Key::Comma), Plain, KeyCommand::Look(-1)),
    shortcut!(".", "One step on in the past", plain(Key::Period), Plain, KeyCommand::Look(1)),
    shortcut!("L", "Back to live", plain(Key::L), Plain, KeyCommand::Do(Action::LookAt(None))),
    shortcut!("↑", "Faster", plain(Key::ArrowUp), Arrow, KeyCommand::Pace(1.5)),
    shortcut!("↓", "Slower", plain(Key::ArrowDown), Arrow, KeyCommand::Pace(1.0 / 1.5)),
    shortcut!(
        "Shift R",
        "Reset with the next seed",
        shift(Key::R),
        Plain,
        KeyCommand::Do(Action::Reseed)
    ),
    shortcut!("R", "Reset to the same start", plain(Key::R), Plain, KeyCommand::Do(Action::Reset)),
    shortcut!("F", "Let the curve follow", plain(Key::F), Plain, KeyCommand::Follow),
    shortcut!("T", "Curves and landscape as tables", plain(Key::T), Plain, KeyCommand::Table),
    shortcut!("Ctrl Shift Z", "Redo", ctrl_shift(Key::Z), Chord, KeyCommand::Do(Action::Redo)),
    shortcut!("Ctrl Z", "Undo", ctrl(Key::Z), Chord, KeyCommand::Do(Action::Undo)),
    shortcut!("Ctrl Y", "Redo", ctrl(Key::Y), Chord, KeyCommand::Do(Action::Redo)),
    shortcut!("Ctrl N", "New experiment", ctrl(Key::N), Chord, KeyCommand::New),
    shortcut!("Ctrl O", "Open an experiment", ctrl(Key::O), Chord, KeyCommand::Open),
    shortcut!("Ctrl Shift S", "Save as", ctrl_shift(Key::S), Chord, KeyCommand::SaveAs),
    shortcut!("Ctrl S", "Save", ctrl(Key::S), Chord, KeyCommand::Save),
    shortcut!("Ctrl +", "Larger text", ctrl(Key::Plus), Chord, KeyCommand::TextSize(1)),
    shortcut!("Ctrl =", "Larger text", ctrl(Key::Equals), Chord, KeyCommand::TextSize(1)),
    shortcut!("Ctrl −", "Smaller text", ctrl(Key::Minus), Chord, KeyCommand::TextSize(-1)),
    shortcut!("Ctrl 0", "Text at its usual size", ctrl(Key::Num0), Chord, KeyCommand::TextSize(0)),
    shortcut!("Ctrl K", "Find a command by typing", ctrl(Key::K), Chord, KeyCommand::Palette),
    shortcut!(
        "F11",
        "Presentation: full screen, larger, clearer",
        plain(Key::F11),
        Chord,
        KeyCommand::Present
    ),
    shortcut!(
        "F5",
        "Back to the file, for the next class",
        plain(Key::F5),
        Chord,
        KeyCommand::Revert
    ),
    shortcut!("F1", "This sheet", plain(Key::F1), Chord, KeyCommand::Help),
    shortcut!("F2", "Reference cards", plain(Key::F2), Chord, KeyCommand::Cards),
    shortcut!("Ctrl Q", "Quit", ctrl(Key::Q), Chord, KeyCommand::Quit),
];

/// The keys that do something, as the help sheet shows them.
pub(super) fn keys_of(command: &KeyCommand) -> Vec<&'static str> {
    let same = SHORTCUTS.iter().filter(|shortcut| (shortcut.command)() == *command);
    same.map(|shortcut| shortcut.keys).collect()
}

/// The commands of the keys pressed in this frame, those that act behind a dialog if one is open; the
/// keys are used up.
pub(super) fn pressed(ctx: &Context, is_dialog_open: bool) -> Vec<KeyCommand> {
    let typing = ctx.text_edit_focused();
    let focused = ctx.egui_wants_keyboard_input();
    let mut commands = Vec::new();
    ctx.input_mut(|input| {
        for shortcut in SHORTCUTS {
            let free = match shortcut.kind {
                Kind::Chord => true,
                Kind::Plain => !typing,
                Kind::Arrow => !typing && !focused,
            };
            // Undo inside a text field belongs to the field.
            let field_has_it = typing && matches!(shortcut.key.logical_key, Key::Z | Key::Y);
            let command = (shortcut.command)();
            let free = free && (!is_dialog_open || command.passes_dialogs());
            if free && !field_has_it && input.consume_shortcut(&shortcut.key) {
                commands.push(command);
            }
        }
        if !typing && !is_dialog_open {
            for event in &input.events {
                match event {
                    Event::Copy => commands.push(KeyCommand::Copy),
                    Event::Paste(text) => commands.push(KeyCommand::Paste(text.clone())),
                    _ => {}
                }
            }
        }
    });
    commands
}
