//! What the command line runs: set-up, client, demonstration, imports, measurement.

pub mod client;
pub mod import;
pub mod label;
pub mod pki;
pub mod sample;
