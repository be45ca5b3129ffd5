//! What the command line runs: set-up, client, demonstration, imports, measurement.

pub mod bench;
pub mod cli;
pub mod client;
pub mod demo;
pub mod deployment;
pub mod export;
pub mod import;
pub mod import_review;
pub mod import_run;
pub mod init;
pub mod journal_tools;
pub mod label;
pub mod load;
pub mod pki;
pub mod reindex;
pub mod report;
pub mod sample;
pub mod serve;
pub mod store_tools;
pub mod tour;
