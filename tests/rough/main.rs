//! What a deployment goes through in bad years, with the program that people run.
//!
//! | file | question |
//! |---|---|
//! | `kill` | the process dies at any moment: is anything lost that was acknowledged, is anything there unjournalled? |
//! | `power` | the power fails at any moment: the same, and the disk forgets what was not synced |
//! | `tamper` | somebody had the folder for an hour: does anybody read what nobody wrote, does anybody notice? |
//! | `full` | the disk fills up and gets room again |
//! | `at_rest` | somebody has the disk: is any word of anybody in any file? |
//! | `finding` | the process dies while it indexes: is everything that was acknowledged found, and nothing else? |
//! | `large` | a file much larger than the memory allowed for it goes up and comes down |
//! | `silence` | a machine without a network: does everything work, does the server call anybody? |
//!
//! Helpers: `site` (a deployment and its people), `ledger` (what clients were told), `offline` (what a stopped store
//! and its journal say), `dice` (random choices).

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it has counted"
)]

mod at_rest;
mod dice;
mod finding;
mod full;
mod kill;
mod large;
mod ledger;
mod offline;
mod power;
mod silence;
mod site;
mod tamper;
