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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        audit::entry::{Act, Detail, LEAF_FORMAT_ENTRY_ALONE, Leaf, Verdict},
        clock::Time,
        crypto::{Entropy, Keyring, Purpose, Secret, cobblestone, keyring},
        store::{
            Check, CommitRefused, Journal, Memory, Opening,
            journal::{entry_context, open_told},
        },
    };

    fn keys() -> Arc<Keyring> {
        let root = Secret::new(&mut [7; 32]).expect("locked memory");
        let file = keyring::create(&root, "site", Time(1), &Entropy::default()).expect("a keyring");
        Arc::new(Keyring::open(&root, "site", &file).expect("a keyring"))
    }

    fn batch() -> Batch {
        Batch::new(Entry::system(Time(1), Act::Start, Detail::None))
    }

    #[tokio::test]
    async fn an_entry_says_what_its_write_did_to_every_row_and_nothing_of_a_write_that_was_not_done() {
        let keyring = keys();
        let opening = Opening {
            keyring: Arc::clone(&keyring),
            deployment: "site".to_owned(),
            origin: "vigie.example/audit/1".to_owned(),
            checkpoint_path: None,
            inception: true,
        };
        let (journal, _thread) =
            Journal::open(Arc::new(Memory::new()), opening, Entropy::default()).expect("a journal");
        let mut writes = batch();
        writes.put(Family::Keys, Key::fixed(*b"there"), Row { version: 3, value: b"ab".to_vec() });
        writes.delete(Family::Meta, Key::fixed(*b"gone"));
        drop(journal.commit(writes).await.expect("written"));
        let mut late = batch();
        late.check(Check::Absent(Family::Keys, Key::fixed(*b"there")));
        late.put(Family::Keys, Key::fixed(*b"there"), Row { version: 4, value: b"cd".to_vec() });
        assert_eq!(journal.commit(late).await.err(), Some(CommitRefused::Conflict));

        let leaves = journal.leaves(0, 2).expect("leaves");
        let told: Vec<_> = leaves.iter().map(|leaf| open_told(&keyring, "site", leaf).expect("opens")).collect();
        let [done, refused] = told.as_slice() else { panic!("{told:?}") };
        let gone = RowMark { place: Place::of("meta", b"gone"), content: None };
        let there = RowMark { place: Place::of("keys", b"there"), content: Some(Content::of(3, b"ab")) };
        assert_eq!(done.marks, Some(vec![gone, there]));
        assert_eq!((refused.entry.verdict, &refused.marks), (Verdict::Conflict, &Some(Vec::new())));
    }

    #[test]
    fn a_leaf_of_the_first_format_still_reads_and_says_nothing_of_rows() {
        let (keyring, entry) = (keys(), Entry::system(Time(7), Act::Start, Detail::None));
        let content = postcard::to_stdvec(&entry).expect("bytes");
        let key = keyring.present(Purpose::Audit).expect("a key");
        let context = entry_context(LEAF_FORMAT_ENTRY_ALONE, "site", 5);
        let sealed = cobblestone::seal(key, &context, &content, &Entropy::default()).expect("sealed");
        let mut leaf = Leaf { format: LEAF_FORMAT_ENTRY_ALONE, number: 5, epoch: keyring.current(), sealed: &sealed };
        let told = open_told(&keyring, "site", &leaf.bytes()).expect("opens");
        assert_eq!((told.number, told.entry, told.marks), (5, entry, None));
        // Nobody can take the marks off an entry by calling it an old one.
        leaf.format = crate::audit::entry::LEAF_FORMAT;
        assert_eq!(open_told(&keyring, "site", &leaf.bytes()).err(), Some(crate::crypto::Unsealable));
    }
}
