//! Python as text: numbers, lists, comments, and names put in place of others.
//!
//! Invariant: a number reads back to the same bits.

/// How wide a line of a program may get.
const WIDTH: usize = 96;

/// A program's text as it grows.
pub(super) trait Code {
    /// Adds to its end.
    fn put(&mut self, text: impl AsRef<str>);
}

impl Code for String {
    fn put(&mut self, text: impl AsRef<str>) {
        self.push_str(text.as_ref());
    }
}

/// A number as Python writes it.
pub(super) fn number(x: f64) -> String {
    if x.is_nan() {
        "math.nan".to_owned()
    } else if x.is_infinite() {
        if x > 0.0 { "math.inf" } else { "-math.inf" }.to_owned()
    } else {
        format!("{x:?}")
    }
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    // JSON's quotes and escapes are also Python's.
    serde_json::Value::from(text).to_string()
}

/// `items` parted by commas, as many a line as fit, each line indented.
pub(super) fn listed(items: impl IntoIterator<Item = String>, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let (mut out, mut line) = (String::new(), margin.clone());
    for item in items {
        let empty = line.len() == margin.len();
        if !empty && line.len() + item.len() + 2 > WIDTH {
            out.push_str(&line);
            out.push('\n');
            line.clone_from(&margin);
        } else if !empty {
            line.push(' ');
        }
        line.push_str(&item);
        line.push(',');
    }
    out.push_str(&line);
    out.push('\n');
    out
}

/// A row of a matrix.
pub(super) fn row(numbers: impl IntoIterator<Item = f64>) -> String {
    let cells: Vec<String> = numbers.into_iter().map(number).collect();
    format!("[{}]", cells.join(", "))
}

/// `text` with its lines broken, at most `width` letters each; paragraphs stay apart.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// `text` as comment lines.
pub(super) fn comment(text: &str) -> String {
    let line = |line: String| format!("# {line}").trim_end().to_owned() + "\n";
    wrapped(text, WIDTH - 2).into_iter().map(line).collect()
}

/// `text` as it can stand within a docstring.
pub(super) fn within_docstring(text: &str) -> String {
    text.replace('\\', "\\\\").replace("\"\"\"", "'''")
}

/// Python code with the function or class `from` called `to`; only where it is defined and called.
pub(super) fn renamed(code: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    while let Some(at) = rest.find(from) {
        let before = rest[..at].chars().next_back().is_some_and(|c| is_word(c) || c == '.');
        let after = &rest[at + from.len()..];
        out.push_str(&rest[..at]);
        out.push_str(if !before && after.starts_with('(') { to } else { from });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// `LeakyRelu` as `leaky_relu`.
pub(super) fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

/// How `RandomState` takes a seed: a word, or a list of two beyond 32 bits.
pub(super) fn seed(seed: u64) -> String {
    let (low, high) = (seed & 0xFFFF_FFFF, seed >> 32);
    if high == 0 { low.to_string() } else { format!("[{low}, {high}]") }
}

/// The words of a seed, as the start of a longer list.
pub(super) fn seed_words(seed: u64) -> String {
    let (low, high) = (seed & 0xFFFF_FFFF, seed >> 32);
    if high == 0 { low.to_string() } else { format!("{low}, {high}") }
}

/// The code without what a filled-in number has settled: decay by nothing, choices that are made.
pub(super) fn settled(code: &str) -> String {
    let mut out = String::with_capacity(code.len() + 1);
    for line in code.lines() {
        // Only at the top of a function: inside a branch it may be all there is.
        if line == "    g = g + 0.0 * w" {
            continue;
        }
        let line = line.replace("(1 - 0.0) * ", "");
        let choice = line.split_once(" = ").filter(|_| line.matches(" if ").count() == 1);
        let made = choice.and_then(|(name, value)| {
            let yes = value.split_once(" if True else ").map(|(yes, _)| yes);
            let no = value.split_once(" if False else ").map(|(_, no)| no);
            yes.or(no).map(|value| format!("{name} = {value}"))
        });
        out.push_str(made.as_deref().unwrap_or(&line));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_number_has_settled_is_left_out_and_nothing_else() {
        let code = "def update(w, g):\n    g = g + 0.0 * w\n    if mu:\n        \
            b = mu * b + (1 - 0.0) * g if \"b\" in s else g\n        g = g + mu * b if False else b\n        \
            h = c if True else d\n    return w - (1 - 0.5) * g";
        let plain = "def update(w, g):\n    if mu:\n        b = mu * b + g if \"b\" in s else g\n        \
            g = b\n        h = c\n    return w - (1 - 0.5) * g\n";
        assert_eq!(settled(code), plain);
    }

    #[test]
    fn only_whole_names_that_are_called_are_renamed() {
        let code = "def loss(z):\n    total_loss(z)\n    loss = m.loss(z)\n    return loss(z)\n";
        let expected =
            "def report(z):\n    total_loss(z)\n    loss = m.loss(z)\n    return report(z)\n";
        assert_eq!(renamed(code, "loss", "report"), expected);
    }

    #[test]
    fn names_texts_and_numbers_are_pythons() {
        assert_eq!(snake("GeluErf"), "gelu_erf");
        assert_eq!(snake("Relu6"), "relu6");
        assert_eq!(quoted("a \"b\"\n"), r#""a \"b\"\n""#);
        assert_eq!(number(f64::NEG_INFINITY), "-math.inf");
        assert_eq!(number(1e-8), "1e-8");
        assert_eq!(seed(1 << 32), "[0, 1]");
    }

    #[test]
    fn long_lists_are_broken_between_items() {
        let text = listed((0..60).map(|i| i.to_string()), 4);
        assert!(text.lines().count() > 1 && text.lines().all(|line| line.len() <= WIDTH));
        assert!(text.lines().all(|line| line.starts_with("    ") && line.ends_with(',')));
    }
}
