//! "Did you mean": the nearest known name to a mistyped one.

/// The known name nearest to `typed`, if one is near enough to be what was meant.
///
/// Letter case and underscores do not count: `learningrate` finds `learning_rate`.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |s: &str| s.to_lowercase().replace(['_', '-', ' '], "");
    let typed = plain(typed);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&typed, &plain(name)), name))
        .filter(|(distance, name)| *distance <= 1.max(name.len().max(typed.len()) / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The end of a refusal: `": did you mean `Adam`?"`, or the list of what is known.
pub fn suggestion<'a>(typed: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match did_you_mean(typed, known.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known are {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["Sgd", "Adam", "AdamW", "RmsProp"];
        assert_eq!(did_you_mean("Agam", known), Some("Adam"));
        assert_eq!(did_you_mean("rms_prop", known), Some("RmsProp"));
        assert_eq!(did_you_mean("Nelder", known), None);
        assert!(suggestion("Nelder", known).contains("AdamW"));
    }
}
