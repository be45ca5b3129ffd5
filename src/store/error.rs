//! What can go wrong in the store, and whose fault it is.

use std::fmt;

use super::engine::{Family, Key};
use crate::limits::{COMMIT_BYTES_MAX, COMMIT_CHECKS_MAX, COMMIT_ROWS_MAX, STORE_KEY_BYTES_MAX, STORE_VALUE_BYTES_MAX};

/// Why a commit did not return `Ok`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CommitError {
    /// The row at this key is not as relied upon. Nothing has changed: read again, and decide again.
    Conflict(Family, Key),
    /// The commit passes a bound. Nothing has changed.
    TooLarge(TooLarge),
    /// We no longer know the truth: the writes are whole or absent. See the module.
    Engine(EngineError),
}

impl CommitError {
    /// For a writer that settles its checks and bounds beforehand: any refusal is then a failure,
    /// since only a second writer explains it.
    pub fn into_engine(self) -> EngineError {
        match self {
            Self::Engine(error) => error,
            refusal @ (Self::Conflict(..) | Self::TooLarge(_)) => EngineError::Foreign { detail: refusal.to_string() },
        }
    }
}

impl fmt::Display for CommitError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict(family, key) => write!(formatter, "row {key:?} of {family} has changed"),
            Self::TooLarge(bound) => bound.fmt(formatter),
            Self::Engine(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for CommitError {}

impl From<TooLarge> for CommitError {
    fn from(bound: TooLarge) -> Self {
        Self::TooLarge(bound)
    }
}

impl From<EngineError> for CommitError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

/// The engine cannot do what was asked. Clones answer all who waited on the same commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EngineError {
    /// Operator: the volume has no room left.
    Full,
    /// Operator: another process holds the folder.
    Locked,
    /// Operator: there is no store in the folder.
    Missing,
    /// Operator: there is a store, or something else, in the folder already.
    Occupied,
    /// Disk: what was read is not what was written.
    Corrupt {
        /// What the engine says of it: files and offsets.
        detail: String,
    },
    /// Disk: reading or writing failed.
    Disk {
        /// What the engine says of it.
        detail: String,
    },
    /// Ours: the store is not as this program leaves it; another version of it wrote there.
    Foreign {
        /// The row, family or setting that does not fit.
        detail: String,
    },
    /// A commit failed earlier: the engine must be reopened before it takes another.
    Stopped,
}

impl fmt::Display for EngineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => formatter.write_str("the volume of the store is full"),
            Self::Locked => formatter.write_str("another process holds the store"),
            Self::Missing => formatter.write_str("there is no store in this folder"),
            Self::Occupied => formatter.write_str("the folder of a new store must be empty"),
            Self::Corrupt { detail } => write!(formatter, "the store is damaged: {detail}"),
            Self::Disk { detail } => write!(formatter, "the disk of the store failed: {detail}"),
            Self::Foreign { detail } => write!(formatter, "the store is not as this program leaves it: {detail}"),
            Self::Stopped => formatter.write_str("an earlier write failed: the store must be reopened"),
        }
    }
}

impl std::error::Error for EngineError {}

/// A commit passes a bound of `limits.rs`. Our fault: callers cut their work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TooLarge {
    /// This many checks.
    Checks(usize),
    /// This many rows.
    Rows(usize),
    /// This many bytes in all.
    Bytes(usize),
    /// This many bytes in one value.
    Value(usize),
}

impl fmt::Display for TooLarge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checks(count) => write!(formatter, "a commit of {count} checks, over {COMMIT_CHECKS_MAX}"),
            Self::Rows(count) => write!(formatter, "a commit of {count} rows, over {COMMIT_ROWS_MAX}"),
            Self::Bytes(bytes) => write!(formatter, "a commit of {bytes} bytes, over {COMMIT_BYTES_MAX}"),
            Self::Value(bytes) => write!(formatter, "a value of {bytes} bytes, over {STORE_VALUE_BYTES_MAX}"),
        }
    }
}

impl std::error::Error for TooLarge {}

/// So many bytes are not a key. Our fault: callers make keys of a length they know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyLength(pub usize);

impl fmt::Display for KeyLength {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a key of {} bytes: 1 to {STORE_KEY_BYTES_MAX} are expected", self.0)
    }
}

impl std::error::Error for KeyLength {}
