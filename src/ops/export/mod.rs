//! Export, the client's half: what the server lets out, as files.
//!
//! | file | idea |
//! |---|---|
//! | [`packet`] | what the server lets out |
//! | [`collect`] | all of it, fetched: page after page, then what changed meanwhile |
//! | [`spool`] | kept until all of it is known |
//! | [`names`] | files that no title leads out of the folder |
//! | [`place`] | nothing half written bears the name asked for |
//! | [`markdown`], [`stix`], [`csv`] | one format each |
//!
//! The server decides what leaves, at the ceiling, and journals it. Nothing here leaves anything out for its label, and
//! nothing here could put in what the server did not give.

pub mod collect;
pub mod csv;
pub mod markdown;
pub mod names;
pub mod packet;
pub mod place;
pub mod spool;
pub mod stix;

use std::{fmt, io};

use serde::Serialize;

use super::client::ClientError;

/// What left.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Counts {
    /// Notes.
    pub notes: usize,
    /// Links between them.
    pub links: usize,
    /// Links to notes that did not leave: told, not followed.
    pub elsewhere: usize,
    /// Attachments with their contents.
    pub attachments: usize,
}

/// Why an export broke off. Nothing bears the name that was asked for then.
#[derive(Debug)]
pub enum ExportError {
    /// The connection or the server.
    Client(ClientError),
    /// A file could not be written.
    Disk(io::Error),
    /// This attachment's content is not what was announced.
    Differs(String),
}

impl From<ClientError> for ExportError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(error) => error.fmt(formatter),
            Self::Disk(error) => error.fmt(formatter),
            Self::Differs(id) => write!(formatter, "attachment {id}: not what was announced"),
        }
    }
}

impl std::error::Error for ExportError {}

#[cfg(test)]
mod tests;
