//! Models: the layout of parameters, layers, activations, initialisers, losses, the network.
//!
//! A [`Network`] knows shapes and rules and holds no numbers; parameters come as one flat slice laid
//! out by its [`ParamLayout`], and intermediate values live in a [`Workspace`] that is allocated once.
//! Everything is generic over the precision. Deliberately not here: batches, data, penalties (see
//! [`crate::objective`]), updates (see [`crate::optim`]).

mod activations;
mod anatomy;
mod budget;
mod dropout_rates;
mod error;
mod head;
mod initializers;
mod layer_kinds;
mod layers;
mod layout;
mod losses;
mod network;
mod silence;
mod spec;
mod workspace;

pub use activations::Activations;
pub(crate) use activations::Inlined;
pub use anatomy::{Between, DensePart};
pub use budget::{MEMORY_BUDGET, check_memory};
pub use dropout_rates::DropoutRates;
pub use error::ModelError;
pub use head::{Head, Link};
pub use initializers::{Initializers, initial_parameters};
pub use layer_kinds::Layers;
pub use layers::Masks;
pub use layout::{ParamLayout, Tensor, TensorKind};
pub use losses::{ClassTreatment, LossFunction, LossRows, LossTask, Losses, Reduction};
pub use network::Network;
pub(crate) use network::PlainLayer;
pub use spec::{InitSpec, LayerSpec, ModelSpec, Output};
pub use workspace::{CHUNK_ROWS, Workspace};
