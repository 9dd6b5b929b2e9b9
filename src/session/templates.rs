//! Lanes to add with one click: a name, sensible numbers, and a word on what to expect.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_names_get_a_number() {
        assert_eq!(free_name("SGD", ["Adam"].into_iter()), "SGD");
        assert_eq!(free_name("SGD", ["SGD", "SGD 2"].into_iter()), "SGD 3");
    }
}
