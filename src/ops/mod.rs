//! What the command line runs: set-up, client, demonstration, imports, measurement.

pub mod client;
pub mod deployment;
pub mod import;
pub mod init;
pub mod label;
pub mod pki;
pub mod report;
pub mod sample;
pub mod serve;
