//! The ordered key-value engine that everything is written to.
//!
//! | file | idea |
//! |---|---|
//! | [`engine`] | the contract: families, keys, rows, snapshots, checked commits; what an error leaves behind |
//! | [`error`] | what can go wrong, and whose fault it is |
//! | [`range`] | which keys a scan walks, and how a cursor narrows it |
//! | [`memory`] | the contract in forty lines of `BTreeMap`: the model that the others are compared with |
//! | [`rocks`] | the contract on RocksDB: the only file that names its `DB` |
//! | [`profile`] | RocksDB's settings, one small profile for each way of being read |
//! | `torn` | what a power cut leaves of the last record of RocksDB's log, and how it is cut off |
//! | [`batch`] | writes born with their journal entry; receipts |
//! | [`committer`] | the one writer: checks, numbers, seals, commits in groups |
//! | [`gather`] | how long a group waits for company |
//! | [`journal`] | the journal's rows, and the handle to the committer |
//! | `recent` | which of the last entries wrote rows |
//! | `faulty` | an engine that fails on demand, for examinations only |
//!
//! Nothing here understands a value: they arrive sealed. A key is a random identifier or an
//! HMAC, because RocksDB keeps keys in clear in its log, its tables and its manifest.

pub mod batch;
pub mod committer;
pub mod engine;
pub mod error;
#[cfg(any(test, feature = "exam"))]
pub mod faulty;
pub mod gather;
pub mod journal;
pub mod memory;
mod profile;
pub mod range;
mod recent;
mod recycled;
pub mod rocks;
mod torn;

pub use batch::{Batch, Receipt};
pub use engine::{Check, Engine, Family, Key, Row, Snapshot, Writes};
pub use error::{CommitError, EngineError, KeyLength, TooLarge};
pub use gather::Gathering;
pub use journal::{CommitRefused, Journal, JournalError, Opening, Published, Stopped};
pub use memory::Memory;
pub use range::{Direction, KeyRange};
pub use rocks::{Rocks, SizeHint};
