//! Getting things out: CSV, images, weights.
