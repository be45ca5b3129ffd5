//! What the command line runs: set-up, client, demonstration, imports, measurement.

pub mod client;
pub mod label;
pub mod pki;
pub mod sample;
//! What the command line runs.

pub mod import;
