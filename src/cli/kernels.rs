//! Which kernels compute: `DOWNHILL_KERNELS` may ask for one by name.

use crate::numeric::{KernelPath, kernel_path};

use super::Failure;

/// The kernels of this build.
pub const KERNELS: &str = KernelPath::Portable.name();

/// The kernels that compute.
///
/// # Errors
/// If `DOWNHILL_KERNELS` asks for others than this build has.
pub fn kernels() -> Result<&'static str, Failure> {
    let asked = std::env::var_os("DOWNHILL_KERNELS");
    let asked = asked.as_deref().map(std::ffi::OsStr::to_string_lossy);
    match kernel_path(asked.as_deref()) {
        Ok(path) => Ok(path.name()),
        Err(error) => Err(Failure::BadInput(error.to_string())),
    }
}
