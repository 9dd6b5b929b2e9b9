//! Text that has to be short.

/// At most `most` letters of a text, the last an ellipsis where some are left out.
pub fn elided(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// At most `most` letters of a text, its beginning and its end, with an ellipsis between where some are
/// left out: names that differ at their ends stay apart.
pub fn middle_elided(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let kept = most.saturating_sub(1);
    let (head, tail) = (kept.div_ceil(2), kept / 2);
    let begin: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{}…{}", begin.trim_end(), end.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_beginning_and_its_end() {
        assert_eq!(middle_elided("Nesterov", 8), "Nesterov");
        assert_eq!(middle_elided("momentum, rate 0.03", 9), "mome…0.03");
        assert_eq!(middle_elided("ab", 0), "…");
        assert!(middle_elided("one two three four", 9).chars().count() <= 9);
    }

    #[test]
    fn letters_are_left_out_only_where_there_are_too_many() {
        assert_eq!(elided("Nesterov", 8), "Nesterov");
        assert_eq!(elided("βeschleunigt", 4), "βes…");
        assert_eq!(elided("ab", 0), "…");
    }
}
