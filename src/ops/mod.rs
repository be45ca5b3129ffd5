//! What the command line runs.

pub mod client;
pub mod pki;
