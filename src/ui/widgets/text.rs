//! Text that has to be short.

/// At most `most` letters of a text, the last an ellipsis where some are left out.
pub fn elided(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// At most `most` letters of a text, with an ellipsis in the middle where some are left out: names that
/// begin alike often differ at their ends.
pub fn elided_middle(text: &str, most: usize) -> String {
    let letters = text.chars().count();
    if letters <= most {
        return text.to_owned();
    }
    let kept = most.saturating_sub(1);
    let (head, tail) = (kept.div_ceil(2), kept / 2);
    let head = text.chars().take(head).collect::<String>();
    let tail = text.chars().skip(letters - tail).collect::<String>();
    format!("{}…{}", head.trim_end(), tail.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_in_the_middle_keeps_both_ends() {
        assert_eq!(elided_middle("Nesterov", 8), "Nesterov");
        assert_eq!(elided_middle("Adam with a rate of 0.003", 11), "Adam…0.003");
        assert_eq!(elided_middle("βeschleunigtγ", 4), "βe…γ");
        assert_eq!(elided_middle("ab", 0), "…");
    }

    #[test]
    fn letters_are_left_out_only_where_there_are_too_many() {
        assert_eq!(elided("Nesterov", 8), "Nesterov");
        assert_eq!(elided("βeschleunigt", 4), "βes…");
        assert_eq!(elided("ab", 0), "…");
    }
}
