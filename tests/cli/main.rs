//! The command line as a user meets it: verbs, exit codes, shapes of output.
