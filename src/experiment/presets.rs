//! The experiments that ship with the program.
//!
//! Each is a file in `experiments/`, embedded as it stands; its name is the file's, its title and
//! notes are read from the text.

use std::sync::LazyLock;

use super::parse::parse;

/// An experiment with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// The name it is run by: `"tutorial_gd"`.
    pub name: &'static str,
    /// The whole file.
    pub text: &'static str,
}

impl Preset {
    /// The experiment's own name, for menus.
    #[must_use]
    pub fn title(&self) -> String {
        parse(self.text).map_or_else(|_| self.name.to_owned(), |experiment| experiment.name)
    }

    /// What to look at, in the author's words.
    #[must_use]
    pub fn notes(&self) -> String {
        parse(self.text).map_or_else(|_| String::new(), |experiment| experiment.notes)
    }
}

macro_rules! presets {
    ($($name:literal),* $(,)?) => {
        vec![$(Preset {
            name: $name,
            text: include_str!(concat!("../../experiments/", $name, ".ron")),
        }),*]
    };
}

/// The experiments that ship with the program, in the order of menus.
#[must_use]
pub fn shipped_presets() -> &'static [Preset] {
    static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
        presets![
            "opening",
            "tutorial_gd",
            "tutorial_sgd",
            "three_ways",
            "batch_sizes",
            "learning_rates",
            "schedules",
            "starts",
            "squared_error_gradient",
            "momentum_ravine",
            "forks",
            "rosenbrock",
            "gap_momentum",
            "gap_adaptive",
            "gap_scaling",
            "gap_signs",
            "guess_or_descend",
            "measured_gradient",
            "two_wells",
            "regression_mlp",
            "moons",
            "circles",
            "spirals",
            "xor",
            "digits",
            "blobs_ten",
            "hinge_softmax",
            "small_or_full",
            "dropout",
            "seeds",
        ]
    });
    &PRESETS
}

/// The shipped experiment called `name`.
#[must_use]
pub fn shipped_preset(name: &str) -> Option<&'static Preset> {
    shipped_presets().iter().find(|preset| preset.name == name)
}
