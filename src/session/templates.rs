//! Lanes to add with one click: a name, sensible numbers, and a word on what to expect. And the names of
//! lanes that are made of others.

/// A lane to add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its name, and the new lane's.
    pub name: &'static str,
    /// What to expect of it.
    pub note: &'static str,
    /// The lane, as written in the file after its name.
    pub fields: &'static str,
}

/// The templates, in the menu's order.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "SGD",
        note: "The plain rule: a step against the gradient of each mini-batch.",
        fields: "optimizer: Sgd(learning_rate: 0.01)",
    },
    Template {
        name: "Gradient descent",
        note: "One step per pass over all rows: calm, and slow.",
        fields: "optimizer: Sgd(learning_rate: 0.01), batch_size: Full",
    },
    Template {
        name: "Momentum",
        note: "Remembers its direction: ten times as far where gradients agree.",
        fields: "optimizer: Sgd(learning_rate: 0.01, momentum: 0.9)",
    },
    Template {
        name: "Nesterov",
        note: "Momentum that looks ahead and brakes before it overshoots.",
        fields: "optimizer: Sgd(learning_rate: 0.01, momentum: 0.9, nesterov: true)",
    },
    Template {
        name: "Adam",
        note: "A step size of its own for every parameter.",
        fields: "optimizer: Adam(learning_rate: 0.01)",
    },
    Template {
        name: "Adam, cosine",
        note: "Adam that slows down to a stop over the planned run.",
        fields: "optimizer: Adam(learning_rate: 0.01), schedule: Cosine(min: 0.0)",
    },
    Template {
        name: "SGD, clipped",
        note: "Steps no longer than a gradient of norm 1 would make them.",
        fields: "optimizer: Sgd(learning_rate: 0.01), clip: Norm(1.0)",
    },
];

/// The template called `name`.
pub(super) fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|t| t.name == name)
}

/// `wanted`, or `wanted 2`, `wanted 3` … : the first that is not taken.
pub(super) fn free_name<'a>(wanted: &str, taken: impl Iterator<Item = &'a str>) -> String {
    let taken: Vec<&str> = taken.collect();
    if !taken.contains(&wanted) {
        return wanted.to_owned();
    }
    // Of one name more than are taken, one is free.
    (2..=taken.len() + 2)
        .map(|n| format!("{wanted} {n}"))
        .find(|name| !taken.contains(&name.as_str()))
        .unwrap_or_else(|| wanted.to_owned())
}

/// `Momentum @86` for what is forked off `Momentum` at step 86, or `Momentum @86 ·2`: the first that is not
/// taken. Of a fork's fork the same, as if it were of the first lane: names do not grow.
pub(super) fn fork_name<'a>(
    (parent, is_fork): (&str, bool),
    step: u64,
    taken: impl Iterator<Item = &'a str>,
) -> String {
    let stem = if is_fork { fork_stem(parent).unwrap_or(parent) } else { parent };
    let wanted = format!("{stem} @{step}");
    let taken: Vec<&str> = taken.collect();
    let others = (2..=taken.len() + 2).map(|n| format!("{wanted} ·{n}"));
    let mut names = std::iter::once(wanted.clone()).chain(others);
    names.find(|name| !taken.contains(&name.as_str())).unwrap_or(wanted)
}

/// What stands before the step in a name that [`fork_name`] made.
fn fork_stem(name: &str) -> Option<&str> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let first = match name.rsplit_once(" ·") {
        Some((first, number)) if is_number(number) => first,
        _ => name,
    };
    let (stem, step) = first.rsplit_once(" @")?;
    (is_number(step) && !stem.is_empty()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_forks_of_forks_do_not_grow() {
        let named = |name: &str, is_fork, taken: &[&str]| {
            fork_name((name, is_fork), 86, taken.iter().copied())
        };
        assert_eq!(named("Momentum", false, &["Momentum"]), "Momentum @86");
        assert_eq!(named("Momentum", false, &["Momentum @86"]), "Momentum @86 ·2");
        assert_eq!(named("Momentum @5", true, &["Momentum @86"]), "Momentum @86 ·2");
        let taken = ["Momentum @86", "Momentum @86 ·2"];
        assert_eq!(named("Momentum @5 ·2", true, &taken), "Momentum @86 ·3");
        assert_eq!(named("Mail @5", false, &[]), "Mail @5 @86", "its own name, not a fork's");
        assert_eq!(named("Calm", true, &[]), "Calm @86", "a name that was given stays");
        assert_eq!(named(" @5", true, &[]), " @5 @86");
    }

    #[test]
    fn taken_names_get_a_number() {
        assert_eq!(free_name("SGD", ["Adam"].into_iter()), "SGD");
        assert_eq!(free_name("SGD", ["SGD", "SGD 2"].into_iter()), "SGD 3");
    }
}
