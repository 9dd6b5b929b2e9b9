//! Append-only samples and the pyramid a plot reads them through.
