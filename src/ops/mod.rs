//! What the command line runs: set-up, client, demonstration, imports, measurement.

pub mod label;
pub mod sample;
