//! A batch of writes, born with its journal entry.
//!
//! ```compile_fail
//! // No write without an entry: a batch has one constructor, and it takes one.
//! let batch = vigie::store::Batch { entry: todo!(), writes: todo!() };
//! ```
//! ```compile_fail
//! // Nor a receipt without a commit.
//! let receipt = vigie::store::Receipt { number: 1 };
//! ```

use super::engine::{Check, Family, Key, Row, Writes};
use crate::audit::{
    RowMark,
    entry::{Entry, ObjectRef},
    mark::{Content, Place},
};

/// Rows to write with the entry that says so.
#[derive(Debug)]
pub struct Batch {
    pub(super) entry: Entry,
    pub(super) writes: Writes,
}

impl Batch {
    /// A batch that so far writes its entry alone.
    pub fn new(entry: Entry) -> Self {
        Self { entry, writes: Writes::default() }
    }

    /// Writes a row.
    pub fn put(&mut self, family: Family, key: Key, row: Row) {
        self.writes.puts.push((family, key, row));
    }

    /// Removes a row.
    pub fn delete(&mut self, family: Family, key: Key) {
        self.writes.deletes.push((family, key));
    }

    /// Writes nothing unless this holds.
    pub fn check(&mut self, check: Check) {
        self.writes.checks.push(check);
    }

    /// What the entry says of the rows, in the order in which they count: what is removed, then what is put.
    pub(super) fn marks(&self) -> Vec<RowMark> {
        let place = |family: &Family, key: &Key| Place::of(family.name(), key.bytes());
        let gone = self.writes.deletes.iter().map(|(family, key)| RowMark { place: place(family, key), content: None });
        let there = self.writes.puts.iter().map(|(family, key, row)| {
            let content = Content::of(row.version, &row.value);
            RowMark { place: place(family, key), content: Some(content) }
        });
        gone.chain(there).collect()
    }

    /// Names an object in the entry, with its label as stored text.
    pub fn name(&mut self, mut object: ObjectRef, label: String) {
        object.label = self.entry.label_index(label);
        self.entry.objects.push(object);
    }
}

/// Proof that an entry is durable. Made by the committer alone; not Clone, spent by the monitor.
#[derive(Debug)]
#[must_use = "a receipt is what a permit is minted against"]
pub struct Receipt {
    pub(super) number: u64,
}

impl Receipt {
    /// The entry's number in the journal.
    pub const fn number(&self) -> u64 {
        self.number
    }
}
