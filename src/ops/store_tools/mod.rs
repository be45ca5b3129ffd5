//! `vigie store verify`: every row of a stopped deployment against the signed journal.
//!
//! The journal is believed because its root is signed; it says of every write which object, which version and which
//! bytes, and of every row, of whatever family, what must stand there. So a row that an attacker put back from an older
//! copy of the disk opens, and is still found: the journal names a later one. So is a row that is gone.
//!
//! What this does not find by itself: a whole older folder, checkpoint included, put in the place of the present one.
//! For that, somebody keeps a checkpoint elsewhere and hands it in.
//!
//! | file | idea |
//! |---|---|
//! | `mod.rs` | the report; all steps in their order |
//! | `expected` | the journal read from its first entry: what the store must hold |
//! | `walk` | every row, compared |
//! | [`fault`] | what can be wrong, and what it means |

use std::fmt;

use serde::Serialize;

pub use self::fault::Fault;
use crate::{
    audit::{Checkpoint, replay},
    limits::STORE_FAULTS_KEPT_MAX,
    ops::deployment::inspect::Inspection,
    store::{
        EngineError, JournalError,
        journal::{StoreRows, length},
    },
};

mod chunks;
mod expected;
pub mod fault;
mod walk;

/// Which rows are being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Entries and tiles of the journal.
    Journal,
    /// The rows of all families.
    Rows,
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Report {
    /// Entries of the journal.
    pub entries: u64,
    /// Present records of objects.
    pub records: u64,
    /// Old versions.
    pub revisions: u64,
    /// Rows of lists.
    pub listed: u64,
    /// Rows under names of their own.
    pub named: u64,
    /// Chunks of attachments.
    pub chunks: u64,
    /// Bodies that were opened (and shown to nobody).
    pub bodies: u64,
    /// Bodies whose key is not here: destroyed on purpose, or never unsealed.
    pub sealed: u64,
    /// All faults.
    pub faulty: u64,
    /// The first of them.
    #[serde(skip)]
    pub faults: Vec<Fault>,
}

impl Report {
    fn fault(&mut self, fault: Fault) {
        self.faulty = self.faulty.saturating_add(1);
        if self.faults.len() < STORE_FAULTS_KEPT_MAX {
            self.faults.push(fault);
        }
    }

    /// Whether everything is what the journal says.
    pub const fn is_whole(&self) -> bool {
        self.faulty == 0
    }
}

/// Why the store could not be read to its end.
#[derive(Debug)]
pub struct Unreadable(pub JournalError);

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for Unreadable {}

impl From<JournalError> for Unreadable {
    fn from(error: JournalError) -> Self {
        Self(error)
    }
}

impl From<EngineError> for Unreadable {
    fn from(error: EngineError) -> Self {
        Self(error.into())
    }
}

/// Reads everything. `kept`: a checkpoint of this journal that was kept elsewhere, whose entries must all be here.
///
/// # Errors
/// [`Unreadable`] when the store itself fails; what is merely wrong is in the report.
pub fn verify(
    of: &Inspection,
    kept: Option<&Checkpoint>,
    progress: &mut dyn FnMut(Stage, u64),
) -> Result<Report, Unreadable> {
    let mut report = Report::default();
    let expected = expected::read(of, &mut report, progress)?;
    if let Some(kept) = kept {
        let engine = &**of.ground.engine();
        match replay::resume(&StoreRows(engine), length(engine)?, Some(kept)) {
            Ok(_) => {}
            Err(JournalError::Diverged(divergence)) => report.fault(Fault::Diverged(divergence)),
            Err(error) => return Err(error.into()),
        }
    }
    walk::all(of, expected, report, progress)
}
