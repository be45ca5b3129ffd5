//! The promises of `store::engine`, held against every engine there is.
//!
//! | file | promise |
//! |---|---|
//! | `model` | any sequence of calls answers as a plain map would, across snapshots, compactions and restarts |
//! | `races` | commits and snapshots of several threads |
//! | `bounds` | what is refused, and that a refusal changes nothing |
//! | `folder` | RocksDB's folder: who may open it, what is in it, what leaves it |
//! | `torn` | RocksDB's folder after a power cut, an accident of the disk, a full volume |
//!
//! A sequence that fails is shrunk, printed, and its seed kept in `tests/engine/seeds`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_in_result,
    reason = "a test fails by panicking"
)]

mod bench;
mod bounds;
mod folder;
mod model;
mod races;
mod torn;
