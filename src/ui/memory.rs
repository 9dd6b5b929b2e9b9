//! Memory of one frame, kept for the next.
//!
//! A frame of eight curves is some megabytes of triangles, freed when they are drawn and asked for again
//! with the next. By default the C library gives pieces of that size back to the system each time, and
//! the system clears every page of them anew: more work than drawing. Deliberately not here: what any
//! frame holds.

/// Lets the process keep freed memory, up to some tens of megabytes, instead of giving it back at once.
/// Only the GNU C library needs to be told; elsewhere nothing happens.
pub fn keep_between_frames() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    gnu::keep();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod gnu {
    #![expect(unsafe_code, reason = "the C library is told by a function of its own")]

    /// Larger pieces come from the system and go back to it; the most that can be set.
    const LARGEST: libc::c_int = 32 << 20;
    /// Free memory at the heap's end that is kept.
    const KEPT: libc::c_int = 64 << 20;

    pub(super) fn keep() {
        // SAFETY: both parameters exist, take any number of bytes, and change no memory that is in use.
        let told = unsafe {
            [
                libc::mallopt(libc::M_MMAP_THRESHOLD, LARGEST),
                libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT),
            ]
        };
        debug_assert_eq!(told, [1, 1], "the C library takes both");
    }
}
