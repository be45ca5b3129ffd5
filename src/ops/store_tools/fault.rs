//! What can be wrong with a row, and what it means.

use data_encoding::HEXLOWER;

use crate::{
    audit::Divergence,
    ids::Id,
    store::{Family, Key},
    words::{Sentence, key},
};

/// One thing that is not as the signed journal says. Each is an attack or a failing disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The journal is not the one that was signed.
    Diverged(Divergence),
    /// The store's own note of the journal's length and root is not that of the entries.
    Head,
    /// A tile is missing or does not follow from the entries.
    Tile {
        /// Its C2SP path.
        path: String,
    },
    /// An entry does not open in its place.
    Entry {
        /// Its number.
        number: u64,
    },
    /// Two entries name the same version of an object with different bytes.
    Contradiction {
        /// The later entry.
        number: u64,
        /// The object.
        id: Id,
    },
    /// A record's header does not open in its place.
    Sealed {
        /// The object.
        id: Id,
    },
    /// A record that the journal has never heard of.
    Unknown {
        /// The object.
        id: Id,
    },
    /// A record of an object that was deleted: an old row was put back.
    Returned {
        /// The object.
        id: Id,
    },
    /// A record older than the last one written: an old row was put back.
    Stale {
        /// The object.
        id: Id,
        /// What is there.
        version: u64,
        /// What was written last.
        newest: u64,
    },
    /// A record's bytes are not those that were written.
    Altered {
        /// The object.
        id: Id,
        /// The version.
        version: u64,
    },
    /// A record's body, or a part of it, does not open.
    Body {
        /// The object.
        id: Id,
        /// The version.
        version: u64,
    },
    /// A record that was written and not deleted is not there.
    Missing {
        /// The object.
        id: Id,
    },
    /// A list shows another version of an object than its record, or an object that has none.
    Listed {
        /// The object.
        id: Id,
        /// The version that the list shows.
        version: u64,
    },
    /// A note is missing from the list of its space.
    NoCard {
        /// The note.
        id: Id,
    },
    /// A row that is not what the last entry about its place wrote: altered, or put back from an older copy.
    Row {
        /// Where.
        family: Family,
        /// Its key, hexadecimal.
        row: String,
        /// The entry.
        number: u64,
    },
    /// A row that an entry wrote and none removed is not there.
    Gone {
        /// The entry.
        number: u64,
    },
    /// A row that no entry wrote, or that was removed, or was not sealed for its place.
    Stray {
        /// Where.
        family: Family,
        /// Its key, hexadecimal.
        row: String,
    },
}

impl Fault {
    pub(super) fn row(family: Family, key: &Key, number: u64) -> Self {
        Self::Row { family, row: HEXLOWER.encode(key.bytes()), number }
    }

    pub(super) fn stray(family: Family, key: &Key) -> Self {
        Self::Stray { family, row: HEXLOWER.encode(key.bytes()) }
    }

    fn facts(&self) -> (&'static str, Sentence) {
        let of = |key, id: &Id| Sentence::new(key).with("id", id.to_string());
        let at = |key, id: &Id, version: &u64| of(key, id).with("version", version.to_string());
        match self {
            Self::Diverged(divergence) => (divergence.code(), divergence.sentence()),
            Self::Head => ("journal-head", Sentence::new(key::CLI_FAULT_HEAD)),
            Self::Tile { path } => ("journal-tile", Sentence::new(key::CLI_FAULT_TILE).with("path", path.as_str())),
            Self::Entry { number } => {
                ("journal-entry", Sentence::new(key::CLI_FAULT_ENTRY).with("number", number.to_string()))
            }
            Self::Contradiction { number, id } => {
                ("journal-contradiction", of(key::CLI_FAULT_CONTRADICTION, id).with("number", number.to_string()))
            }
            Self::Sealed { id } => ("record-sealed", of(key::CLI_FAULT_SEALED, id)),
            Self::Unknown { id } => ("record-unknown", of(key::CLI_FAULT_UNKNOWN, id)),
            Self::Returned { id } => ("record-returned", of(key::CLI_FAULT_RETURNED, id)),
            Self::Stale { id, version, newest } => {
                ("record-stale", at(key::CLI_FAULT_STALE, id, version).with("newest", newest.to_string()))
            }
            Self::Altered { id, version } => ("record-altered", at(key::CLI_FAULT_ALTERED, id, version)),
            Self::Body { id, version } => ("record-body", at(key::CLI_FAULT_BODY, id, version)),
            Self::Missing { id } => ("record-missing", of(key::CLI_FAULT_MISSING, id)),
            Self::Listed { id, version } => ("list-stale", at(key::CLI_FAULT_LISTED, id, version)),
            Self::NoCard { id } => ("list-missing", of(key::CLI_FAULT_NO_CARD, id)),
            Self::Row { family, row, number } => (
                "row-altered",
                Sentence::new(key::CLI_FAULT_ROW)
                    .with("family", family.name())
                    .with("row", row.as_str())
                    .with("number", number.to_string()),
            ),
            Self::Gone { number } => {
                ("row-missing", Sentence::new(key::CLI_FAULT_GONE).with("number", number.to_string()))
            }
            Self::Stray { family, row } => (
                "row-stray",
                Sentence::new(key::CLI_FAULT_STRAY).with("family", family.name()).with("row", row.as_str()),
            ),
        }
    }

    /// Stable word for machines.
    pub fn code(&self) -> &'static str {
        self.facts().0
    }

    /// For the operator.
    pub fn sentence(&self) -> Sentence {
        self.facts().1
    }
}
