//! How well words that were typed fit a line: each word an ordered subsequence, the better the more of its
//! letters begin words or follow each other.
//!
//! Invariant: a word's first letter begins a word of the line, or the word stands in it as a whole: else
//! any few letters would be found in any long line.

/// A letter that begins a word.
const START: i32 = 12;
/// A letter that follows the one before it.
const NEXT: i32 = 8;
/// A word that is a whole word of the line.
const WHOLE: i32 = 14;
/// Words of the line in the order of what was typed.
const IN_ORDER: i32 = 6;
/// Nothing found yet; below every score.
const NONE: i32 = i32::MIN / 2;

/// How well all words fit a line; `None` if one does not fit at all. No words fit every line, at 0.
pub(super) fn score(words: &[String], line: &str) -> Option<i32> {
    let letters: Vec<char> = line.to_lowercase().chars().collect();
    let starts: Vec<bool> = (0..letters.len()).map(|at| begins_word(&letters, at)).collect();
    let (mut total, mut before) = (0, 0);
    for word in words {
        let (score, at) = best(word, &letters, &starts)?;
        total += score + if at >= before { IN_ORDER } else { 0 };
        before = at;
    }
    Some(total * 16)
}

fn begins_word(letters: &[char], at: usize) -> bool {
    let here = letters[at];
    let Some(before) = at.checked_sub(1).map(|at| letters[at]) else { return true };
    here.is_alphanumeric()
        && (!before.is_alphanumeric() || before.is_alphabetic() != here.is_alphabetic())
}

/// The best fit of one word, and where it begins.
fn best(word: &str, letters: &[char], starts: &[bool]) -> Option<(i32, usize)> {
    let word: Vec<char> = word.chars().collect();
    let mut left = word.iter();
    let mut next = left.next();
    for letter in letters {
        if next == Some(letter) {
            next = left.next();
        }
    }
    if next.is_some() {
        return None;
    }
    let as_a_whole = whole(&word, letters, starts);
    scattered(&word, letters, starts).into_iter().chain(as_a_whole).max_by_key(|(score, _)| *score)
}

/// The word as it stands in the line.
fn whole(word: &[char], letters: &[char], starts: &[bool]) -> Option<(i32, usize)> {
    let run = NEXT * i32::try_from(word.len()).unwrap_or(0);
    let places = letters.windows(word.len().max(1)).enumerate();
    let fits = places.filter(|(_, part)| part == &word);
    fits.map(|(at, _)| {
        let end = at + word.len();
        let ends = end == letters.len() || starts[end] || !letters[end].is_alphanumeric();
        let score = match (starts[at], ends) {
            (true, true) => run + START + WHOLE,
            (true, false) => run + START,
            (false, _) => run / 2,
        };
        (score, at)
    })
    .max_by_key(|(score, at)| (*score, std::cmp::Reverse(*at)))
}

/// The word's letters in their order, from the beginning of a word on.
fn scattered(word: &[char], letters: &[char], starts: &[bool]) -> Option<(i32, usize)> {
    // scores[i]: the best with the letter looked at at place i; and where that fit begins.
    let mut row: Vec<(i32, usize)> = letters
        .iter()
        .enumerate()
        .map(|(at, letter)| if starts[at] && *letter == word[0] { (START, at) } else { (NONE, 0) })
        .collect();
    for wanted in &word[1..] {
        let mut next = vec![(NONE, 0); letters.len()];
        let mut earlier = (NONE, 0);
        for at in 1..letters.len() {
            let (before, begin) = row[at - 1];
            if letters[at] == *wanted {
                let bonus = if starts[at] { START } else { 0 };
                let following = (before.saturating_add(NEXT), begin);
                let jumping =
                    (earlier.0.saturating_add(if starts[at] { 0 } else { -4 }), earlier.1);
                let chosen = if following.0 >= jumping.0 { following } else { jumping };
                if chosen.0 > NONE / 2 {
                    next[at] = (chosen.0 + bonus, chosen.1);
                }
            }
            if before > earlier.0 {
                earlier = (before, begin);
            }
        }
        row = next;
    }
    let best = row.into_iter().max_by_key(|(score, at)| (*score, std::cmp::Reverse(*at)))?;
    (best.0 > 0).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(typed: &str, line: &str) -> Option<i32> {
        let words: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
        score(&words, line)
    }

    #[test]
    fn letters_that_begin_words_find_what_is_meant() {
        assert!(fit("lr", "Adam: Learning rate").is_some());
        assert!(fit("lr", "Adam: Learning rate") > fit("lr", "Larger text"));
        assert!(fit("bs", "SGD: Batch size").is_some());
        assert!(fit("mom", "SGD: Momentum").is_some());
        assert!(fit("opre", "Open preset: Moons").is_some());
    }

    #[test]
    fn every_word_must_fit_and_in_any_order() {
        assert!(fit("adam rate", "Adam: Learning rate").is_some());
        assert!(fit("rate adam", "Adam: Learning rate").is_some());
        assert!(fit("adam rate", "Adam: Learning rate") > fit("rate adam", "Adam: Learning rate"));
        assert_eq!(fit("sgd rate", "Adam: Learning rate"), None);
        assert_eq!(fit("mra", "Adam: Learning rate"), None, "it begins no word");
    }

    #[test]
    fn whole_words_come_before_beginnings_and_those_before_what_is_scattered() {
        let (whole, begun, scattered) =
            (fit("step", "One step"), fit("step", "One stepped"), fit("step", "Save the tepid"));
        assert!(whole > begun, "{whole:?} {begun:?}");
        assert!(begun > scattered, "{begun:?} {scattered:?}");
        assert_eq!(fit("", "Anything"), fit("", "Anything"));
        assert!(fit("", "Anything").is_some());
    }
}
