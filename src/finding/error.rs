//! What can go wrong with an index. Never a person's fault: what is wrong with a question is [`QueryError`].

use std::{fmt, io};

use tantivy::{
    TantivyError,
    directory::error::{LockError, OpenReadError, OpenWriteError},
};

pub use super::query::QueryError;
use crate::{
    crypto::Exhausted,
    ids::Id,
    monitor::Refusal,
    store::JournalError,
    vault::{LabelHandle, VaultError, follow::Side},
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
    /// As [`FindingError::Damaged`], the index of this label that lies on this side.
    DamagedIndex(LabelHandle, Side, String),
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
            Self::Damaged(what) | Self::DamagedIndex(.., what) => write!(formatter, "search: damaged index: {what}"),
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
    /// Only what says that the files are not what they should be makes an index anew: a full disk must not cost one.
    fn from(error: TantivyError) -> Self {
        let system = match &error {
            TantivyError::IoError(cause)
            | TantivyError::OpenReadError(OpenReadError::IoError { io_error: cause, .. })
            | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: cause, .. })
            | TantivyError::LockFailure(LockError::IoError(cause), _) => Some((cause.kind(), cause.raw_os_error())),
            TantivyError::LockFailure(LockError::LockBusy, _) => Some((io::ErrorKind::ResourceBusy, None)),
            TantivyError::SystemError(_) | TantivyError::ErrorInThread(_) | TantivyError::Poisoned => {
                Some((io::ErrorKind::Other, None))
            }
            _ => None,
        };
        match system {
            Some((kind, _)) if is_damage(kind) => Self::Damaged(error.to_string()),
            Some((kind, code)) => {
                Self::Disk(code.map_or_else(|| io::Error::new(kind, error.to_string()), io::Error::from_raw_os_error))
            }
            // Its text names files by their readable names and no word of anybody.
            None => Self::Damaged(error.to_string()),
        }
    }
}

const fn is_damage(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::InvalidData | io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof)
}

impl From<io::Error> for FindingError {
    fn from(error: io::Error) -> Self {
        if is_damage(error.kind()) { Self::Damaged(error.to_string()) } else { Self::Disk(error) }
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

/// A row does not open. Told where an operator looks: the others go on being followed and found.
pub(super) fn altered(id: Id) {
    tracing::error!(%id, "a stored record does not open and is left out: run `vigie store verify`");
}

/// What is there and opens: a row that was altered must not keep all that is found beside it from being shown.
pub(super) fn intact<T>(outcome: Result<Option<T>, VaultError>) -> Result<Option<T>, FindingError> {
    match outcome {
        Err(VaultError::Tampered(id)) => {
            altered(id);
            Ok(None)
        }
        other => Ok(other?),
    }
}
