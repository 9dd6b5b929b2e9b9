//! Text that has to be short.

/// At most `most` letters of a text, the last an ellipsis where some are left out.
pub fn elided(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_left_out_only_where_there_are_too_many() {
        assert_eq!(elided("Nesterov", 8), "Nesterov");
        assert_eq!(elided("βeschleunigt", 4), "βes…");
        assert_eq!(elided("ab", 0), "…");
    }
}
