//! What the command line runs.

pub mod import;
