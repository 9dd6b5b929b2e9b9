//! Which family of kernels the program computes with.
//!
//! Results are identical bit for bit on one path, and agree within the fixtures' tolerance across
//! paths; that is why every result names its path. Deliberately not here: reading the environment,
//! which is done once, above, and handed to [`kernel_path`].

use std::fmt;

/// A family of kernels, one per sort of processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KernelPath {
    /// Plain loops that every processor runs, in the order the source states.
    #[default]
    Portable,
}

impl KernelPath {
    /// The name printed in results and taken by `DOWNHILL_KERNELS`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
        }
    }
}

impl fmt::Display for KernelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// `DOWNHILL_KERNELS` names no kernels that this program has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "DOWNHILL_KERNELS={found} names no kernels of this version: unset it, or set it to `portable`"
)]
pub struct KernelPathError {
    /// What the variable says.
    pub found: String,
}

/// The path to compute on, given what `DOWNHILL_KERNELS` says (`None` where it is not set).
///
/// # Errors
/// If the setting names kernels that this version does not have.
pub fn kernel_path(setting: Option<&str>) -> Result<KernelPath, KernelPathError> {
    match setting.map(str::trim) {
        None | Some("" | "portable") => Ok(KernelPath::Portable),
        Some(other) => Err(KernelPathError { found: other.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portable_path_is_the_default_and_others_are_refused_by_name() {
        assert_eq!(kernel_path(None), Ok(KernelPath::Portable));
        assert_eq!(kernel_path(Some(" portable ")), Ok(KernelPath::Portable));
        let refused = kernel_path(Some("avx9")).unwrap_err();
        assert!(refused.to_string().contains("DOWNHILL_KERNELS=avx9"), "{refused}");
    }
}
