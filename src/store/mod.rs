//! The ordered key-value engine that everything is written to.
//!
//! | file | idea |
//! |---|---|
//! | [`engine`] | the contract: families, keys, rows, snapshots, checked commits; what an error leaves behind |
//! | [`range`] | which keys a scan walks, and how a cursor narrows it |
//! | [`memory`] | the contract in forty lines of `BTreeMap`: the model that the others are compared with |
//!
//! Nothing here understands a value: they arrive sealed. A key is a random identifier or an
//! HMAC, because RocksDB keeps keys in clear in its log, its tables and its manifest.

pub mod engine;
pub mod memory;
pub mod range;

pub use engine::{Check, CommitError, Engine, EngineError, Family, Key, KeyLength, Row, Snapshot, TooLarge, Writes};
pub use memory::Memory;
pub use range::{Direction, KeyRange};
