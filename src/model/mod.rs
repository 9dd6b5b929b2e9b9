//! Models: the layout of parameters, layers, activations, initialisers, losses, the network.

mod spec;

use crate::catalog::{Entry, Family};

pub use spec::{InitSpec, LayerSpec, ModelSpec, Output};

/// The table of activations.
#[derive(Debug)]
pub struct Activations;

impl Family for Activations {
    const NOUN: &'static str = "activation";
    fn entries() -> &'static [&'static Entry] {
        &[]
    }
}

/// The table of initialisers.
#[derive(Debug)]
pub struct Initializers;

impl Family for Initializers {
    const NOUN: &'static str = "initializer";
    fn entries() -> &'static [&'static Entry] {
        &[]
    }
}

/// The table of losses.
#[derive(Debug)]
pub struct Losses;

impl Family for Losses {
    const NOUN: &'static str = "loss";
    fn entries() -> &'static [&'static Entry] {
        &[]
    }
}
