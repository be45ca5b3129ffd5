//! The journal, read by officers: entries, tiles and proofs against an inspection permit.

use super::{Inspect, Monitor, Permit};
use crate::{
    audit::{
        Bundle, Checkpoint, Divergence, Note, ProofFile, Resource, Rows as _, Tile, TileError, Tiles as _, View,
        entry::Entry, leaf_hash, proof, view::frontier_at,
    },
    crypto::{Digest, Unsealable},
    limits,
    store::JournalError,
};

/// Entries looked at by one reading, newest first.
#[derive(Debug)]
pub struct Reading {
    /// Number and entry.
    pub entries: Vec<(u64, Entry)>,
    /// Number of the oldest entry that was looked at.
    pub oldest: u64,
}

/// What a verification has computed anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verified {
    /// Entries of the signed tree.
    pub size: u64,
    /// Its root.
    pub root: Digest,
    /// The first entry whose bytes were hashed; those before it stand in the tree by the hashes kept of them.
    pub first: u64,
}

/// Why the journal could not be read. For the operator.
#[derive(Debug)]
pub enum InspectError {
    /// There is no such entry or tile in the published tree.
    Absent,
    /// The store failed or a row is damaged.
    Journal(JournalError),
    /// An entry does not open.
    Unsealable(u64),
}

impl From<JournalError> for InspectError {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl Monitor {
    /// Opens the entries just before `before`, at most `count`.
    ///
    /// # Errors
    /// [`InspectError`].
    pub fn entries(&self, permit: Permit<Inspect>, before: u64, count: u64) -> Result<Reading, InspectError> {
        permit.spend();
        let end = before.min(self.journal.length());
        let start = end.saturating_sub(count);
        let mut entries = Vec::new();
        let mut next = start;
        while next < end {
            let room = usize::try_from(end.saturating_sub(next)).unwrap_or(usize::MAX);
            let leaves = self.journal.leaves(next, room).map_err(JournalError::from)?;
            if leaves.is_empty() {
                return Err(InspectError::Unsealable(next));
            }
            for leaf in leaves {
                let (number, entry) =
                    self.journal.open_leaf(&leaf).map_err(|_damaged| InspectError::Unsealable(next))?;
                if number != next {
                    return Err(InspectError::Unsealable(next));
                }
                entries.push((number, entry));
                next = next.saturating_add(1);
            }
        }
        entries.reverse();
        Ok(Reading { entries, oldest: start })
    }

    /// The signed checkpoint.
    pub fn checkpoint(&self, permit: Permit<Inspect>) -> String {
        permit.spend();
        self.journal.published().note
    }

    /// Computes the published tree anew from the bytes of its newest entries, at most [`limits::JOURNAL_VERIFIED_MAX`] and a tile,
    /// upon the hashes kept of the older ones, and compares its root with the checkpoint that was signed.
    ///
    /// # Errors
    /// [`InspectError::Journal`] with [`JournalError::Diverged`] or [`JournalError::Damaged`] when it is another tree.
    pub fn verify(&self, permit: Permit<Inspect>) -> Result<Verified, InspectError> {
        const TILE: u16 = 256;
        permit.spend();
        let published = self.journal.published();
        let note = Note::parse(published.note.as_bytes()).map_err(|_ours| InspectError::Absent)?;
        let signed = Checkpoint::open(&note, self.journal.verifier()).map_err(|_ours| InspectError::Absent)?;
        let rows = self.journal.rows();
        let whole = u64::from(TILE);
        let old = signed.size.saturating_sub(limits::JOURNAL_VERIFIED_MAX);
        let first = old.saturating_sub(old.checked_rem(whole).unwrap_or(0));
        let mut tree = frontier_at(&rows, first)?;
        while tree.size() < signed.size {
            let count = u16::try_from(signed.size.saturating_sub(tree.size())).map_or(TILE, |left| left.min(TILE));
            for entry in rows.entries(tree.size(), count)? {
                for full in tree.append(leaf_hash(&entry)) {
                    // What proofs are made of must be what the entries say.
                    if rows.full_tile(full.tile.level(), full.tile.index())? != full.bytes {
                        return Err(JournalError::Damaged(TileError::Entries).into());
                    }
                }
            }
        }
        if tree.root() != signed.root {
            return Err(JournalError::Diverged(Divergence::Forked { signed: signed.size }).into());
        }
        Ok(Verified { size: signed.size, root: signed.root, first })
    }

    /// The bytes of a tile or bundle of the published tree.
    ///
    /// # Errors
    /// [`InspectError::Absent`] beyond the published size.
    pub fn resource(&self, permit: Permit<Inspect>, resource: Resource) -> Result<Vec<u8>, InspectError> {
        permit.spend();
        let published = self.journal.published();
        let rows = self.journal.rows();
        let view = View::new(&published.frontier, &rows);
        let size = published.frontier.size();
        match resource {
            Resource::Checkpoint => Ok(published.note.into_bytes()),
            Resource::Tile(tile) => match Tile::at(tile.level(), tile.index(), size) {
                Some(here) if tile.width() <= here.width() => Ok(view.tile(tile)?),
                _ => Err(InspectError::Absent),
            },
            Resource::Bundle(bundle) => match Bundle::at(bundle.index(), size) {
                Some(here) if bundle.width() <= here.width() => Ok(view.bundle(bundle)?),
                _ => Err(InspectError::Absent),
            },
        }
    }

    /// A C2SP tlog-proof of one entry against the published checkpoint.
    ///
    /// # Errors
    /// [`InspectError::Absent`] beyond the published size.
    pub fn proof(&self, permit: Permit<Inspect>, number: u64) -> Result<String, InspectError> {
        permit.spend();
        let published = self.journal.published();
        let size = published.frontier.size();
        if number >= size {
            return Err(InspectError::Absent);
        }
        let rows = self.journal.rows();
        let view = View::new(&published.frontier, &rows);
        let hashes = proof::inclusion(&view, number, size)?;
        let checkpoint = Note::parse(published.note.as_bytes()).map_err(|_ours| InspectError::Absent)?;
        Ok(ProofFile { extra: None, index: number, hashes, checkpoint }.to_string())
    }

    /// The bytes of one leaf, still sealed: what a proof is checked against.
    ///
    /// # Errors
    /// [`InspectError::Absent`] when there is none.
    pub fn leaf(&self, permit: Permit<Inspect>, number: u64) -> Result<Vec<u8>, InspectError> {
        permit.spend();
        let leaves = self.journal.leaves(number, 1).map_err(JournalError::from)?;
        let leaf = leaves.into_iter().next().ok_or(InspectError::Absent)?;
        match self.journal.open_leaf(&leaf) {
            Ok((inside, _)) if inside == number => Ok(leaf),
            Ok(_) | Err(Unsealable) => Err(InspectError::Unsealable(number)),
        }
    }
}
