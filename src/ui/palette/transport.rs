//! Running, stepping, pace, and the past.

use crate::catalog::Duration;
use crate::experiment::{Length, PlannedLength, Race, TextEdit};
use crate::session::{Action, Session};
use crate::ui::shortcuts::KeyCommand;
use crate::ui::widgets::count;

use super::{Deed, Entry, whole};

pub(super) fn entries(session: &Session) -> Vec<Entry<'_>> {
    let mut all = vec![
        Entry::act("Run", Action::Run)
            .note("Trains all lanes that have not ended.")
            .also("play start"),
        Entry::act("Pause", Action::Pause).note("Holds all lanes still.").also("hold"),
        Entry::act("One update", Action::StepOnce)
            .note("One step of every lane.")
            .also("step once"),
        Entry::act("To the end of the epoch", Action::StepEpoch).also("step epoch"),
        Entry::act("Stop", Action::Stop).note("Ends all lanes here.").also("end"),
        Entry::act("Reset to the same start", Action::Reset)
            .note("With the experiment as it reads now.")
            .also("restart again"),
        Entry::act("Reset with the next seed", Action::Reseed).also("reseed random"),
        Entry::act("Reset with what was turned by hand", Action::ResetKeeping { run: false })
            .note("Knobs turned by hand become edits of the experiment, and are turned again.")
            .also("restart keep edits"),
        Entry::act("Run again with what was turned by hand", Action::ResetKeeping { run: true })
            .note("Knobs turned by hand become edits of the experiment, and are turned again.")
            .also("restart keep edits"),
    ];
    if session.next_undo().is_some() {
        let what = session.next_undo().unwrap_or_default();
        all.push(Entry::act("Undo", Action::Undo).note(what));
    }
    if session.next_redo().is_some() {
        let what = session.next_redo().unwrap_or_default();
        all.push(Entry::act("Redo", Action::Redo).note(what));
    }
    all.extend(lengths(session));
    all.extend(paces(session));
    all.extend(races(session));
    all.extend(past(session));
    all
}

/// How long, from which seed.
fn lengths(session: &Session) -> Vec<Entry<'_>> {
    let on_epochs = matches!(session.experiment().length(), PlannedLength::Epochs(_));
    let (unit, field) = if on_epochs { ("epochs", "epochs") } else { ("steps", "steps") };
    let planned = match session.experiment().length() {
        PlannedLength::Epochs(Length::Count(n)) | PlannedLength::Steps(Length::Count(n)) => {
            count(n)
        }
        PlannedLength::Epochs(Length::Unlimited) | PlannedLength::Steps(Length::Unlimited) => {
            "unlimited".to_owned()
        }
    };
    let seed = session.experiment().training.seed;
    let train_on = move |typed: &str| {
        let more = whole(typed)?;
        let more = if on_epochs { Duration::Epochs(more) } else { Duration::Steps(more) };
        Ok(vec![Deed::Do(Action::TrainOn(more))])
    };
    vec![
        Entry::value(format!("Train for {unit}"), move |typed| {
            let n = whole(typed)?;
            Ok(set(&format!("training.{field}"), n.to_string()))
        })
        .note(format!("now {planned}; applies on Reset"))
        .also("length epochs steps"),
        Entry::value(format!("Train on for {unit}"), train_on)
            .note("Lengthens the run and goes on.")
            .also("more longer"),
        Entry::value("Seed", |typed| Ok(set("training.seed", whole(typed)?.to_string())))
            .note(format!("now {seed}; applies on Reset")),
    ]
}

/// One change of the experiment.
pub(super) fn set(path: &str, value: impl Into<String>) -> Vec<Deed> {
    let edits = vec![TextEdit::set(path, value)];
    vec![Deed::Do(Action::Edit { edits, gesture: None })]
}

fn paces(session: &Session) -> Vec<Entry<'_>> {
    let now = session.view().pace.map_or("full speed".to_owned(), |pace| format!("{pace}/s"));
    vec![
        Entry::value("Pace", |typed| match typed.parse::<f64>() {
            Ok(pace) if pace.is_finite() && pace > 0.0 => {
                Ok(vec![Deed::Do(Action::SetPace(Some(pace)))])
            }
            _ if typed == "full" => Ok(vec![Deed::Do(Action::SetPace(None))]),
            _ => Err(format!("takes updates a second, a number above 0, or full; not {typed}")),
        })
        .note(format!("updates a second of every lane, or full; now {now}"))
        .also("speed"),
        Entry::act("Full speed", Action::SetPace(None)).also("pace"),
        Entry::new("Faster", Deed::Key(KeyCommand::Pace(1.5))).also("pace speed"),
        Entry::new("Slower", Deed::Key(KeyCommand::Pace(1.0 / 1.5))).also("pace speed"),
    ]
}

/// How lanes keep abreast, and what they run for.
fn races(session: &Session) -> Vec<Entry<'_>> {
    let now = session.view().race;
    let mut all: Vec<Entry<'_>> = Race::ALL
        .into_iter()
        .filter(|race| *race != now)
        .map(|race| {
            let title = format!("Race: {}", race.label());
            Entry::act(title, Action::Race(race)).also("lockstep abreast")
        })
        .collect();
    let aim = Entry::value("Aim of the race", |typed| match typed.parse::<f64>() {
        Ok(aim) if aim.is_finite() => Ok(vec![Deed::Do(Action::Aim(Some(aim)))]),
        _ if typed == "none" => Ok(vec![Deed::Do(Action::Aim(None))]),
        _ => Err(format!("takes a value of the metric on the plot, or none; not {typed}")),
    });
    all.push(aim.note("A value of the metric on the plot, or none.").also("target goal"));
    all
}

fn past(session: &Session) -> Vec<Entry<'_>> {
    let furthest = session.furthest();
    if furthest == 0 {
        return Vec::new();
    }
    let range = format!("0 to {}", count(furthest));
    let step = move |typed: &str| match whole(typed)? {
        step if step <= furthest => Ok(step),
        step => Err(format!("the lanes have got to step {furthest}, not to {step}")),
    };
    let rate = (furthest as f64 / 10.0).max(1.0);
    let mut all = vec![
        Entry::value("Look at step", move |typed| {
            Ok(vec![Deed::Do(Action::LookAt(Some(step(typed)?)))])
        })
        .note(range.clone())
        .also("past timeline view go"),
        Entry::value("Rewind every lane to step", move |typed| {
            Ok(vec![Deed::Do(Action::RewindTo(step(typed)?))])
        })
        .note(format!("{range}. What came after is kept: Undo returns to it."))
        .also("back go"),
        Entry::act("Play the past", Action::PlayBack(Some(rate))).also("timeline forwards"),
        Entry::act("Play the past backwards", Action::PlayBack(Some(-rate))).also("timeline"),
        Entry::new("One step back in the past", Deed::Key(KeyCommand::Look(-1))).also("timeline"),
        Entry::new("One step on in the past", Deed::Key(KeyCommand::Look(1))).also("timeline"),
    ];
    if session.played_back().is_some() {
        all.push(Entry::act("Hold the past", Action::PlayBack(None)).also("pause timeline"));
    }
    if let Some(step) = session.looked_at() {
        all.push(Entry::act("Back to live", Action::LookAt(None)).also("present now"));
        let title = format!("Rewind every lane to step {step}");
        all.push(Entry::act(title, Action::RewindTo(step)).also("go back here"));
    }
    all
}
