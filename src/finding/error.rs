//! What can go wrong with an index. Never a person's fault: what is wrong with a question is [`QueryError`].

use std::{fmt, io};

use tantivy::TantivyError;

pub use super::query::QueryError;
use crate::{
    crypto::Exhausted,
    monitor::Refusal,
    store::JournalError,
    vault::{LabelHandle, VaultError},
};

/// What can go wrong.
#[derive(Debug)]
pub enum FindingError {
    /// The question cannot be read: the asker's to mend.
    Query(QueryError),
    /// An index that the question needs is being made anew.
    Rebuilding,
    /// A file of an index does not open, or the index is not what it should be. It is made anew.
    Damaged(String),
    /// As [`FindingError::Damaged`], the index of this label.
    DamagedIndex(LabelHandle, String),
    /// The disk.
    Disk(io::Error),
    /// The journal cannot be followed.
    Journal(JournalError),
    /// Refused, or the store failed.
    Vault(VaultError),
}

impl fmt::Display for FindingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(error) => write!(formatter, "search: {}", error.code()),
            Self::Rebuilding => formatter.write_str("search: an index is being made anew"),
            Self::Damaged(what) | Self::DamagedIndex(_, what) => write!(formatter, "search: damaged index: {what}"),
            Self::Disk(error) => write!(formatter, "search: {error}"),
            Self::Journal(error) => write!(formatter, "search: {error}"),
            Self::Vault(error) => write!(formatter, "search: {error:?}"),
        }
    }
}

impl std::error::Error for FindingError {}

impl From<QueryError> for FindingError {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<TantivyError> for FindingError {
    fn from(error: TantivyError) -> Self {
        // Its text names files by their readable names and no word of anybody.
        Self::Damaged(error.to_string())
    }
}

impl From<io::Error> for FindingError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Disk(error),
        }
    }
}

impl From<JournalError> for FindingError {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<VaultError> for FindingError {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<Refusal> for FindingError {
    fn from(refusal: Refusal) -> Self {
        VaultError::Refused(refusal).into()
    }
}

impl From<Exhausted> for FindingError {
    fn from(cause: Exhausted) -> Self {
        VaultError::Exhausted(cause).into()
    }
}
