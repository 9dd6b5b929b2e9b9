//! Which kernels compute: `DOWNHILL_KERNELS` may ask for one by name.

use super::Failure;

/// The kernels of this build.
pub const KERNELS: &str = "portable";

/// The kernels that compute.
///
/// # Errors
/// If `DOWNHILL_KERNELS` asks for others than this build has.
pub fn kernels() -> Result<&'static str, Failure> {
    match std::env::var_os("DOWNHILL_KERNELS") {
        None => Ok(KERNELS),
        Some(asked) if asked.is_empty() || asked == KERNELS => Ok(KERNELS),
        Some(asked) => Err(Failure::BadInput(format!(
            "DOWNHILL_KERNELS asks for `{}`; this build has `{KERNELS}` only: unset it, or set it \
             to `{KERNELS}`",
            asked.to_string_lossy()
        ))),
    }
}
