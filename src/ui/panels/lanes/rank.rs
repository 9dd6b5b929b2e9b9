//! A place in the race, as it is spoken.

/// `1st`, `2nd`, `3rd`, `4th`, `11th`.
pub(in crate::ui) fn ordinal(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_are_spelt_as_spoken() {
        let spelt: Vec<String> = [1, 2, 3, 4, 11, 12, 21, 22].into_iter().map(ordinal).collect();
        assert_eq!(spelt, ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "22nd"]);
    }
}
