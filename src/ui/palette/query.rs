//! What was typed: words to find entries by and, at its end, a value for one that takes it.
//!
//! Invariant: what is found can be done, completed, or says why not. Among equals the order of the entries
//! stays; what was used lately comes first.

use crate::session::Session;
use crate::ui::state::WindowState;

use super::fuzzy::score;
use super::{Deed, Entry, Takes, entries, knobs};

/// An entry that fits what was typed.
#[derive(Debug)]
pub(super) struct Found {
    /// What is shown.
    pub(super) title: String,
    /// What it does or takes, or why it cannot be done.
    pub(super) note: String,
    /// The keys that do the same.
    pub(super) keys: String,
    /// What Enter does.
    pub(super) enter: Enter,
    /// What it is remembered by.
    pub(super) remembered: String,
}

/// What Enter does with an entry.
#[derive(Debug)]
pub(super) enum Enter {
    /// It is done.
    Do(Vec<Deed>),
    /// It takes a value: this is what stands in the field then.
    Complete(String),
    /// The value is not one it takes.
    Refused,
}

/// More than any fit of words: a title typed out in full.
const TYPED_OUT: i32 = 1 << 20;
/// A knob that fits without its lane's name.
const BY_ITS_NAME: i32 = 160;
/// Of what was used last; less for what was used before it.
const LATELY: i32 = 120;
/// What puts another experiment in the place of this one.
const LEAVES: i32 = 100;

/// What fits, best first.
pub(super) fn find(session: &Session, window: &WindowState, typed: &str) -> Vec<Found> {
    let typed = typed.trim_start();
    let query = Query::of(typed);
    let mut all = knobs::parameter_entries(session, &query.words);
    all.extend(entries(session, window));
    let lately = &window.lately;
    let mut found: Vec<(i32, Found)> = all
        .into_iter()
        .filter_map(|entry| {
            let rank = lately.iter().position(|title| *title == entry.title);
            let (score, found) = fit(&entry, &query)?;
            let bonus = rank.map_or(0, |rank| LATELY - i32::try_from(rank).unwrap_or(0));
            // Whatever is typed, all of what was used lately stands before the rest only where it fits as
            // well; while nothing is typed everything fits alike.
            // Of two titles that fit alike the shorter says more exactly what was meant.
            let named = entry.title.split_once(": ").map_or(&*entry.title, |(_, own)| own);
            let length = i32::try_from(named.chars().count()).unwrap_or(i32::MAX).min(120);
            // What leaves the experiment is not what a few letters are likely to mean.
            let score = if entry.leaves() { score - LEAVES } else { score };
            Some((if typed.is_empty() { bonus } else { score + bonus - length }, found))
        })
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, found)| found).collect()
}

/// What was typed.
struct Query<'t> {
    typed: &'t str,
    /// All words, in small letters.
    words: Vec<String>,
    /// The words before the value.
    head: Vec<String>,
    /// The last word, if it may be a value.
    value: Option<String>,
}

impl<'t> Query<'t> {
    fn of(typed: &'t str) -> Self {
        let spaced = typed.replace('=', " ");
        let all: Vec<&str> = spaced.split_whitespace().collect();
        let small = |words: &[&str]| -> Vec<String> {
            let told = words.iter().map(|word| word.to_lowercase());
            told.filter(|word| !matches!(word.as_str(), "→" | ":" | "->")).collect()
        };
        let last = all.last().filter(|word| all.len() > 1 && may_be_value(word));
        let mut head = small(&all[..all.len().saturating_sub(usize::from(last.is_some()))]);
        if last.is_some() && head.len() > 1 && head.last().is_some_and(|word| word == "to") {
            head.pop();
        }
        Self { typed, words: small(&all), head, value: last.map(|word| (*word).to_owned()) }
    }
}

/// Numbers, and the words that stand for values.
fn may_be_value(word: &str) -> bool {
    let number = word.trim_end_matches('%').replace('_', "");
    let words = ["full", "all", "true", "false", "on", "off", "yes", "no", "none"];
    number.parse::<f64>().is_ok()
        || words.contains(&word.to_lowercase().as_str())
        || (word.contains('(') && word.ends_with(')'))
}

/// How well an entry fits, and what it is then.
fn fit(entry: &Entry<'_>, query: &Query<'_>) -> Option<(i32, Found)> {
    let line = format!("{}  {}", entry.title, entry.also);
    let found = |title: String, note: String, enter| Found {
        title,
        note,
        enter,
        keys: entry.keys(),
        remembered: entry.title.clone(),
    };
    let value = match &entry.takes {
        Takes::Nothing(deeds) => {
            let score = score(&query.words, &line)?;
            let enter = Enter::Do(deeds.clone());
            return Some((score, found(entry.title.clone(), entry.note.clone(), enter)));
        }
        Takes::Value(value) => value,
    };
    let read = |typed: &str| {
        let title = format!("{} → {typed}", entry.title);
        match (value.read)(typed) {
            Ok(deeds) => found(title, entry.note.clone(), Enter::Do(deeds)),
            Err(reason) => found(title, reason, Enter::Refused),
        }
    };
    if let Some(rest) = after(query.typed, &entry.title) {
        return Some((TYPED_OUT, read(rest)));
    }
    if let Some(typed) = query.value.as_ref().filter(|_| !value.is_text)
        && let Some(score) = by_name(&query.head, &entry.title, entry.also, &line)
    {
        return Some((score, read(typed)));
    }
    let score = by_name(&query.words, &entry.title, entry.also, &line)?;
    let complete = Enter::Complete(format!("{} ", entry.title));
    Some((score, found(format!("{} …", entry.title), entry.note.clone(), complete)))
}

/// What follows a title that was typed out in full.
fn after<'t>(typed: &'t str, title: &str) -> Option<&'t str> {
    let mut rest = typed.chars();
    for wanted in title.chars() {
        let same = rest.next()?.to_lowercase().eq(wanted.to_lowercase());
        if !same {
            return None;
        }
    }
    let rest = rest.as_str();
    let value = rest.trim().trim_start_matches(['=', '→']).trim();
    (rest.starts_with([' ', '=']) && !value.is_empty()).then_some(value)
}

/// A knob whose own name fits comes before one whose lane is called so.
fn by_name(words: &[String], title: &str, also: &str, line: &str) -> Option<i32> {
    let own = title.split_once(": ").map(|(_, label)| format!("{label}  {also}"));
    let by_own = own.filter(|_| !words.is_empty()).and_then(|own| score(words, &own));
    by_own.map(|score| score + BY_ITS_NAME).or_else(|| score(words, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_what_is_typed_may_be_a_value() {
        let parts = |typed| {
            let query = Query::of(typed);
            (query.head.join(" "), query.value)
        };
        let value = |text: &str| Some(text.to_owned());
        assert_eq!(parts("Adam LR 0.03"), ("adam lr".to_owned(), value("0.03")));
        assert_eq!(parts("momentum = 0.9"), ("momentum".to_owned(), value("0.9")));
        assert_eq!(parts("batch size to full"), ("batch size".to_owned(), value("full")));
        assert_eq!(parts("clip Norm(1.0)"), ("clip".to_owned(), value("Norm(1.0)")));
        assert_eq!(parts("params.17 0.5"), ("params.17".to_owned(), value("0.5")));
        assert_eq!(parts("open preset moons"), ("open preset moons".to_owned(), None));
        assert_eq!(parts("7"), ("7".to_owned(), None));
    }

    #[test]
    fn what_follows_a_title_is_its_value() {
        assert_eq!(after("rename sgd to My lane", "Rename SGD to"), Some("My lane"));
        assert_eq!(after("Rename SGD to ", "Rename SGD to"), None);
        assert_eq!(after("Rename SGD tonight", "Rename SGD to"), None);
        assert_eq!(after("Re", "Rename SGD to"), None);
    }
}
