//! The window as a user meets it: by role and label, laid out, painted, and once for real.
