//! The symbols of the equations: which field each stands for.
//!
//! Invariant: a symbol is told only where the rule's equation has it and it is not the field's own
//! name in Greek that anyone would guess (β1 for beta1).

use crate::catalog::Entry;

use super::Optimizers;

/// Field and symbol, as every rule writes them unless [`OWN`] says otherwise.
const USUAL: [(&str, &str); 16] = [
    ("learning_rate", "γ"),
    ("weight_decay", "λ"),
    ("momentum", "μ"),
    ("dampening", "τ"),
    ("epsilon", "ε"),
    ("epsilon_root", "ε_root"),
    ("epsilon1", "ε1"),
    ("epsilon2", "ε2"),
    ("rho", "ρ"),
    ("learning_rate_decay", "η"),
    ("momentum_decay", "ψ"),
    ("nu", "ν"),
    ("nu1", "ν1"),
    ("nu2", "ν2"),
    ("beta2_decay", "c"),
    ("clip_threshold", "d"),
];

/// The rules that write a field otherwise.
const OWN: [(&str, &str, &str); 3] =
    [("Asgd", "weight_decay", "λ′"), ("Asgd", "lambda", "λ"), ("Qhm", "momentum", "β")];

impl Optimizers {
    /// What the symbols of a rule's equation stand for, in the order of its fields: `("γ",
    /// "learning_rate")`.
    #[must_use]
    pub fn symbols(entry: &Entry) -> Vec<(&'static str, &'static str)> {
        let equation = entry.card.map_or("", |card| card.equation);
        let symbol = |name: &str| {
            let own = OWN.iter().find(|(rule, field, _)| (*rule, *field) == (entry.name, name));
            let usual = USUAL.iter().find(|(field, _)| *field == name).map(|(_, symbol)| *symbol);
            own.map(|(_, _, symbol)| *symbol).or(usual)
        };
        let told = entry.fields.iter().filter_map(|field| Some((symbol(field.name)?, field.name)));
        told.filter(|(symbol, _)| equation.contains(symbol)).collect()
    }

    /// The same as a sentence: `γ is learning_rate, λ is weight_decay`; empty if there are none.
    #[must_use]
    pub fn legend(entry: &Entry) -> String {
        let told = Self::symbols(entry);
        let told = told.iter().map(|(symbol, field)| format!("{symbol} is {field}"));
        told.collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Family;

    #[test]
    fn every_rate_decay_and_momentum_of_an_equation_is_told() {
        for entry in Optimizers::entries() {
            let equation = entry.card.expect("a card").equation;
            let symbols = Optimizers::symbols(entry);
            for letter in ["γ", "λ", "τ", "ε", "ψ", "ν"] {
                let told = symbols.iter().any(|(symbol, _)| symbol.starts_with(letter));
                assert_eq!(told, equation.contains(letter), "{}: {letter}", entry.name);
            }
        }
        let legend = Optimizers::legend(Optimizers::find("Asgd").expect("a row"));
        assert!(
            legend.contains("λ′ is weight_decay") && legend.contains("λ is lambda"),
            "{legend}"
        );
    }
}
