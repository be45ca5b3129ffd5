//! What an index of the contents is made from: what was written, in the order of the journal, and the contents.
//!
//! An index opens everything, so this needs a permit of its own ([`Follow`]), journalled each time that a server begins to
//! follow. Not a person's act: what a person sees of an index is decided, and journalled, when it is asked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Chunks, Envelope, Header, Kind, LabelHandle, Opened, Stored, Vault, VaultError, rows};
use crate::{
    audit::entry::{Act, Verdict},
    crypto::{Exhausted, Purpose, Secret, Unsealable, cobblestone, expand, frame, sha256},
    identity::Subject,
    ids::Id,
    label::Label,
    limits,
    monitor::{Follow, Permit},
    store::{Direction, Family, JournalError, Key, KeyRange},
};

/// The right to follow. Not Clone; held by the one index of the process.
#[derive(Debug)]
pub struct Following(());

/// Objects that were written, or removed, since a place in the journal.
#[derive(Debug, Default)]
pub struct Changes {
    /// In the order of the journal; one may come more than once.
    pub objects: Vec<Id>,
    /// Entries that are not there, do not open, or lie in another's place: what they wrote is unknown.
    pub unknown: u64,
    /// Where to go on.
    pub next: u64,
}

/// Some present records, in the order of their identifiers.
#[derive(Debug)]
pub struct Records {
    /// The records.
    pub found: Vec<Envelope>,
    /// Records that do not open, or were put back.
    pub altered: Vec<Id>,
    /// Where to go on; none at the end.
    pub next: Option<Cursor>,
}

/// A place among all rows of records.
#[derive(Clone, Debug)]
pub struct Cursor(Key);

impl Cursor {
    /// How much of all rows stands before it, in thousandths: keys begin with identifiers, which are spread evenly.
    pub fn share(&self) -> u32 {
        let first = self.0.bytes().first_chunk().map_or(0, |first| u16::from_be_bytes(*first));
        u32::from(first).saturating_mul(1000) >> u16::BITS
    }
}

/// The two places that a label's index may lie in: it is made anew in one while the other is asked.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Side {
    /// Where every index begins.
    #[default]
    A,
    /// The other one.
    B,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// Whether an act may have changed what is indexed.
const fn writes(act: Act) -> bool {
    matches!(
        act,
        Act::SpaceCreate
            | Act::SpaceChange
            | Act::SpaceDelete
            | Act::NoteCreate
            | Act::NoteChange
            | Act::NoteDelete
            | Act::RevisionRestore
            | Act::LinkCreate
            | Act::LinkDelete
            | Act::ConversationCreate
            | Act::MessageCreate
            | Act::MessageChange
            | Act::MessageWithdraw
            | Act::Import
            | Act::AttachmentFinish
            | Act::AttachmentDelete
            | Act::AttachmentSweep
    )
}

impl Vault {
    /// Spends the permit to follow.
    pub fn follow(&self, permit: Permit<Follow>) -> Following {
        permit.spend();
        Following(())
    }

    /// The labels whose contents may be sought at this working label, with their handles.
    pub fn sought_labels(&self, subject: &Subject) -> Vec<(LabelHandle, Label)> {
        self.keys.below(subject.working())
    }

    /// Seals the words of a search under the working label: whoever reads the journal without that label sees that
    /// something was sought, not what.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn seal_words(&self, subject: &Subject, words: &str) -> Result<Vec<u8>, VaultError> {
        let key = self.words_key(&self.keys.handle(subject.working()))?;
        Ok(cobblestone::seal(&key, b"vigie/words/v1\0", words.as_bytes(), &self.entropy)?)
    }

    /// The words of a search, for an officer whose working label reaches that of the search.
    pub fn open_words(&self, subject: &Subject, label: &Label, sealed: &[u8]) -> Option<String> {
        if !label.flows_to(subject.working()) {
            return None;
        }
        let key = self.words_key(&self.keys.handle(label)).ok()?;
        String::from_utf8(cobblestone::open(&key, b"vigie/words/v1\0", sealed).ok()?).ok()
    }

    fn words_key(&self, handle: &LabelHandle) -> Result<Secret, VaultError> {
        self.keys.derived(handle, b"vigie/words/v1\0").map_err(|error| self.key_error(error, Id::NONE))
    }

    fn record_of(&self, id: Id) -> Result<Option<Envelope>, VaultError> {
        match self.present(id)? {
            Some(envelope) => self.fetch(envelope.header.kind, id),
            None => Ok(None),
        }
    }
}

impl Following {
    /// The labels that have a key.
    pub fn labels(&self, vault: &Vault) -> Vec<LabelHandle> {
        vault.keys.all()
    }

    /// Those of them that the policy in force knows: what is under the others does not open now.
    pub fn readable(&self, vault: &Vault) -> BTreeSet<LabelHandle> {
        vault.keys.readable()
    }

    /// The label of an object that is there and whose label does not open now.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn unreadable(&self, vault: &Vault, id: Id) -> Result<Option<LabelHandle>, VaultError> {
        let Some(row) = vault.engine.get(Family::Records, &Key::from(id))? else { return Ok(None) };
        let (header, _, _) = Header::open(&vault.keyring, &rows::record_place(id), &row.value)
            .map_err(|_unsealable| VaultError::Tampered(id))?;
        let label = header.label;
        Ok((vault.keys.has(&label) && !vault.keys.readable().contains(&label)).then_some(label))
    }

    /// The digest of an entry of the journal; nothing's for none.
    ///
    /// # Errors
    /// [`VaultError::Engine`].
    pub fn digest(&self, vault: &Vault, number: Option<u64>) -> Result<[u8; 32], VaultError> {
        let leaf = number.map(|number| vault.monitor.journal().leaves(number, 1)).transpose()?;
        Ok(leaf.and_then(|leaves| leaves.into_iter().next()).map_or([0; 32], |leaf| sha256(&[&leaf]).0))
    }

    /// The key of a label's index on one of its sides: gone with the label's own.
    ///
    /// # Errors
    /// [`VaultError`]; refused when the label has no key.
    pub fn key(&self, vault: &Vault, label: &LabelHandle, side: Side) -> Result<Secret, VaultError> {
        let purpose: &[u8] = match side {
            Side::A => b"vigie/index/v2\0a",
            Side::B => b"vigie/index/v2\0b",
        };
        vault.keys.derived(label, purpose).map_err(|error| vault.key_error(error, Id::NONE))
    }

    /// Seals what the index remembers of itself.
    ///
    /// # Errors
    /// [`Exhausted`].
    pub fn seal_own(&self, vault: &Vault, content: &[u8]) -> Result<Vec<u8>, Exhausted> {
        let key = vault.keyring.present(Purpose::Index).map_err(|Unsealable| Exhausted::Entropy)?;
        let mut sealed = vault.keyring.current().to_be_bytes().to_vec();
        sealed.extend_from_slice(&frame::seal(
            key,
            b"vigie/index-own/v1\0",
            content,
            &crate::crypto::Entropy::default(),
        )?);
        Ok(sealed)
    }

    /// What [`Following::seal_own`] sealed; none for anything else.
    pub fn open_own(&self, vault: &Vault, sealed: &[u8]) -> Option<Vec<u8>> {
        let (epoch, framed) = sealed.split_at_checked(4)?;
        let key = vault.keyring.key(u32::from_be_bytes(epoch.try_into().ok()?), Purpose::Index).ok()?;
        frame::open(key, b"vigie/index-own/v1\0", framed).ok()
    }

    /// The name of the folder of a label's index on one of its sides: tells nothing.
    ///
    /// # Errors
    /// [`VaultError`] without a key; never for an open keyring.
    pub fn folder(&self, vault: &Vault, label: &LabelHandle, side: Side) -> Result<String, VaultError> {
        let key = vault.keyring.present(Purpose::Index).map_err(|Unsealable| Exhausted::Entropy)?;
        let purpose: &[u8] = match side {
            Side::A => b"vigie/index-folder/v2\0a",
            Side::B => b"vigie/index-folder/v2\0b",
        };
        let key = expand(key, &[purpose, label])?;
        Ok(data_encoding::HEXLOWER.encode(key.expose().get(..16).unwrap_or_default()))
    }

    /// What was written from entry `from` on, within some entries. One that was altered is counted and passed by: nothing
    /// that comes after it would be found again.
    ///
    /// # Errors
    /// [`JournalError`] of the store.
    pub fn changes(&self, vault: &Vault, from: u64) -> Result<Changes, JournalError> {
        let journal = vault.monitor.journal();
        let length = journal.length();
        let mut changes = Changes { next: from, ..Changes::default() };
        let end = length.min(from.saturating_add(limits::FOLLOWED_ENTRIES_MAX));
        // Most entries are readings: those that wrote are known while the server runs.
        if let Some(numbers) = journal.written(from, end) {
            for number in numbers {
                self.take(vault, number, 1, &mut changes)?;
            }
        } else {
            while changes.next < end {
                let count = usize::try_from(end.saturating_sub(changes.next)).unwrap_or(1).min(limits::SCAN_ROWS_MAX);
                self.take(vault, changes.next, count, &mut changes)?;
            }
            return Ok(changes);
        }
        changes.next = end.max(from);
        Ok(changes)
    }

    fn take(&self, vault: &Vault, start: u64, count: usize, changes: &mut Changes) -> Result<(), JournalError> {
        let journal = vault.monitor.journal();
        let mut leaves = journal.leaves(start, count)?;
        if leaves.is_empty() {
            // It opens as little as a leaf that was altered.
            leaves.push(Vec::new());
        }
        for (expected, leaf) in (start..).zip(leaves) {
            match journal.open_leaf(&leaf) {
                Ok((number, entry)) if number == expected => {
                    if entry.verdict == Verdict::Allow && writes(entry.act) {
                        changes.objects.extend(entry.objects.iter().map(|object| object.id));
                    }
                }
                Ok(_) | Err(Unsealable) => changes.unknown = changes.unknown.saturating_add(1),
            }
            changes.next = expected.saturating_add(1);
        }
        Ok(())
    }

    /// The present record of an object, whatever it is.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn record(&self, vault: &Vault, id: Id) -> Result<Option<Envelope>, VaultError> {
        vault.record_of(id)
    }

    /// Present records behind `after`, some at a time.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn records(&self, vault: &Vault, after: Option<&Cursor>) -> Result<Records, VaultError> {
        let everything = KeyRange::prefix(&[]);
        let range = after.map_or(everything.clone(), |after| everything.after(&after.0));
        let rows = vault.engine.snapshot()?.scan(Family::Records, &range, Direction::Forward, limits::REINDEX_ROWS)?;
        let full = rows.len() == limits::REINDEX_ROWS;
        let (mut found, mut altered) = (Vec::new(), Vec::new());
        for (key, _) in &rows {
            // Old versions and parts of long bodies have longer keys.
            if let Ok(id) = <[u8; 16]>::try_from(key.bytes()).map(Id::from_bytes) {
                match vault.record_of(id) {
                    Ok(record) => found.extend(record),
                    // One row must not keep all others from being found.
                    Err(VaultError::Tampered(id)) => altered.push(id),
                    Err(error) => return Err(error),
                }
            }
        }
        let last = rows.into_iter().next_back().filter(|_| full);
        Ok(Records { found, altered, next: last.map(|(key, _)| Cursor(key)) })
    }

    /// Opens a record for the index.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open<T: Stored>(&self, vault: &Vault, envelope: Envelope) -> Result<Opened<T>, VaultError> {
        vault.open_body(envelope)
    }

    /// The content of an attachment, to be read.
    pub const fn chunks(&self, of: &Envelope) -> Chunks {
        Chunks::of(of)
    }

    /// The home of a note that is there.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn home(&self, vault: &Vault, note: Id) -> Result<Option<Id>, VaultError> {
        Ok(vault.fetch(Kind::Note, note)?.map(|note| note.header.home))
    }
}
