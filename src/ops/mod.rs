//! What the command line runs: set-up, client, demonstration, imports, measurement.

pub mod label;
pub mod sample;
//! What the command line runs.

pub mod client;
pub mod pki;
