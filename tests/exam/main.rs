//! Examinations over the whole stack without sockets: the real router, monitor, vault and journal over
//! the in-memory engine, with a clock and an entropy that the test drives.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::too_many_lines,
    reason = "a test fails by panicking"
)]

mod acts;
mod attachments;
mod bad_input;
mod desk;
mod exports;
mod finding;
mod furnished;
mod idempotency;
mod journal_complete;
mod leaks;
mod matrix;
mod observe;
mod officers;
mod pages;
mod planted;
mod smoke;
mod two_worlds;
mod world;
mod writing;
