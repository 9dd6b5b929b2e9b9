//! Which family of kernels the program computes with.
//!
//! Results are identical bit for bit on one path, and agree within the fixtures' tolerance across
//! paths; that is why every result names its path. The choice is made once for the process, from what
//! the processor has and what `DOWNHILL_KERNELS` asks for; whoever computes asks for it when it is
//! built and keeps the answer. Deliberately not here: reading the environment, which is done once,
//! above, and handed to [`kernel_path`].

use std::cell::Cell;
use std::fmt;
use std::sync::OnceLock;

/// A family of kernels, one per sort of processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KernelPath {
    /// Plain loops that every processor runs, in the order the source states.
    Portable,
    /// Vectors of 256 bits with fused multiply-adds: x86-64 with AVX2 and FMA.
    Avx2,
    /// Vectors of 512 bits and twice as many registers: x86-64 with AVX-512 F, VL, DQ and BW.
    Avx512,
}

/// What the process computes with, once it was asked for or set.
static CHOSEN: OnceLock<KernelPath> = OnceLock::new();

thread_local! {
    /// Stands for the process's choice inside [`KernelPath::within`].
    static FORCED: Cell<Option<KernelPath>> = const { Cell::new(None) };
}

impl KernelPath {
    /// All of them, plainest first.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Avx512];

    /// The name printed in results and taken by `DOWNHILL_KERNELS`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Whether this processor runs it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                Self::Avx2.is_available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// Those that this processor runs, plainest first.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|path| path.is_available())
    }

    /// The fastest that this processor runs.
    #[must_use]
    pub fn best() -> Self {
        Self::available().last().unwrap_or(Self::Portable)
    }

    /// What is computed with here and now: the process's choice, which is the best there is unless
    /// [`KernelPath::choose`] came first.
    #[must_use]
    pub fn active() -> Self {
        FORCED.get().unwrap_or_else(|| *CHOSEN.get_or_init(Self::best))
    }

    /// Makes this the process's choice. Whether it is: the first choice stands.
    pub fn choose(self) -> bool {
        *CHOSEN.get_or_init(|| self) == self
    }

    /// Calls `work` with this path for whatever it builds on this thread: for comparing paths.
    ///
    /// # Panics
    /// If this processor does not run it.
    pub fn within<T>(self, work: impl FnOnce() -> T) -> T {
        assert!(self.is_available(), "this processor does not run the kernels {self}");
        let before = FORCED.replace(Some(self));
        let done = work();
        FORCED.set(before);
        done
    }
}

impl fmt::Display for KernelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// `DOWNHILL_KERNELS` names no kernels that this program has or this processor runs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KernelPathError {
    /// There are none of this name.
    #[error(
        "DOWNHILL_KERNELS={found} names no kernels of this version: unset it, or set it to one of \
         {known}"
    )]
    Unknown {
        /// What the variable says.
        found: String,
        /// What it may say on this processor.
        known: String,
    },
    /// The processor lacks what they need.
    #[error(
        "DOWNHILL_KERNELS={found} asks for kernels that this processor does not run: unset it, or \
         set it to one of {known}"
    )]
    Unavailable {
        /// What the variable says.
        found: &'static str,
        /// What it may say on this processor.
        known: String,
    },
}

/// The path to compute on, given what `DOWNHILL_KERNELS` says (`None` where it is not set): the best
/// there is, if it says nothing.
///
/// # Errors
/// If the setting names kernels that this version does not have or this processor does not run.
pub fn kernel_path(setting: Option<&str>) -> Result<KernelPath, KernelPathError> {
    let setting = setting.map_or("", str::trim);
    if setting.is_empty() {
        return Ok(KernelPath::best());
    }
    let known = || {
        let names: Vec<String> = KernelPath::available().map(|path| format!("`{path}`")).collect();
        names.join(", ")
    };
    let found = KernelPath::ALL.into_iter().find(|path| path.name() == setting);
    match found {
        Some(path) if path.is_available() => Ok(path),
        Some(path) => Err(KernelPathError::Unavailable { found: path.name(), known: known() }),
        None => Err(KernelPathError::Unknown { found: setting.to_owned(), known: known() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_is_the_default_and_others_are_asked_for_or_refused_by_name() {
        assert_eq!(kernel_path(None), Ok(KernelPath::best()));
        assert_eq!(kernel_path(Some("")), Ok(KernelPath::best()));
        assert_eq!(kernel_path(Some(" portable ")), Ok(KernelPath::Portable));
        for path in KernelPath::ALL {
            assert_eq!(kernel_path(Some(path.name())).is_ok(), path.is_available(), "{path}");
        }
        let refused = kernel_path(Some("avx9")).unwrap_err();
        assert!(refused.to_string().contains("DOWNHILL_KERNELS=avx9"), "{refused}");
        assert!(refused.to_string().contains("`portable`"), "{refused}");
    }

    #[test]
    fn a_path_is_forced_for_a_piece_of_work_and_no_longer() {
        let before = KernelPath::active();
        for path in KernelPath::available() {
            path.within(|| {
                assert_eq!(KernelPath::active(), path);
                KernelPath::Portable
                    .within(|| assert_eq!(KernelPath::active(), KernelPath::Portable));
                assert_eq!(KernelPath::active(), path);
            });
        }
        assert_eq!(KernelPath::active(), before);
    }
}
