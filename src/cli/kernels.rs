//! Which kernels compute: `DOWNHILL_KERNELS` may ask for one by name.

use crate::numeric::{KernelPath, kernel_path};

use super::Failure;

/// The kernels that compute, from here on those of the whole process.
///
/// # Errors
/// If `DOWNHILL_KERNELS` asks for others than this build has and this processor runs.
pub fn kernels() -> Result<&'static str, Failure> {
    let asked = std::env::var_os("DOWNHILL_KERNELS");
    let asked = asked.as_deref().map(std::ffi::OsStr::to_string_lossy);
    match kernel_path(asked.as_deref()) {
        Ok(path) => {
            path.choose();
            Ok(KernelPath::active().name())
        }
        Err(error) => Err(Failure::BadInput(error.to_string())),
    }
}
