//! At start: do the rows still hold everything that the last signed checkpoint vouched for?

use std::fmt;

use super::{
    checkpoint::Checkpoint,
    proof,
    tile::{TileError, decode_hashes},
    tree::{Frontier, leaf_hash},
    view::{Rows, View, frontier_at},
};
use crate::{
    crypto::Digest,
    words::{Sentence, key},
};

/// The rows are not the log that was signed. The server does not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divergence {
    /// Signed entries are gone: an older copy was put back, or the end was cut off.
    Rollback {
        /// Entries that are there.
        entries: u64,
        /// Entries that were signed.
        signed: u64,
    },
    /// The entries are not those that were signed.
    Forked {
        /// Entries that were signed.
        signed: u64,
    },
}

impl Divergence {
    /// What a person reads.
    pub fn sentence(&self) -> Sentence {
        match *self {
            Self::Rollback { entries, signed } => {
                Sentence::new(key::AUDIT_ROLLBACK).with("entries", entries).with("signed", signed)
            }
            Self::Forked { signed } => Sentence::new(key::AUDIT_FORKED).with("signed", signed),
        }
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Rollback { .. } => "journal-rollback",
            Self::Forked { .. } => "journal-forked",
        }
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rollback { entries, signed } => {
                write!(formatter, "the journal has {entries} entries, {signed} were signed: rolled back or cut")
            }
            Self::Forked { signed } => write!(formatter, "the first {signed} entries are not those that were signed"),
        }
    }
}

impl std::error::Error for Divergence {}

/// The frontier of `size` entries in these rows, checked against the last signed checkpoint (none at the very
/// first start). Reads the right edge only: a few hundred rows at most at each level, whatever the size.
///
/// The rows' own failure type takes in [`Divergence`], so that both end in one `Err`.
///
/// # Errors
/// [`Divergence`]; what the rows say.
pub fn resume<R>(rows: &R, size: u64, signed: Option<&Checkpoint>) -> Result<Frontier, R::Failure>
where
    R: Rows,
    R::Failure: From<Divergence>,
{
    if let Some(signed) = signed
        && signed.size > size
    {
        return Err(Divergence::Rollback { entries: size, signed: signed.size }.into());
    }
    let frontier = frontier_at(rows, size)?;
    let Some(signed) = signed else { return Ok(frontier) };
    let view = View::new(&frontier, rows);
    let root = proof::root(&view, signed.size)?;
    if root != signed.root {
        return Err(Divergence::Forked { signed: signed.size }.into());
    }
    Ok(frontier)
}

/// The same check over every leaf, oldest first; it finds damage that the right edge does not touch.
///
/// Feed full level-0 tiles while there are, then the entries (or the entries alone), then [`Replay::finish`]. What
/// the entries themselves say against their tile is checked by feeding entries and comparing the tiles that
/// [`Replay::entry`] returns with the rows.
#[derive(Debug)]
pub struct Replay {
    frontier: Frontier,
    signed: Option<Checkpoint>,
    root_there: Option<Digest>,
}

impl Replay {
    /// Starts with the empty tree.
    pub fn new(signed: Option<Checkpoint>) -> Self {
        let mut replay = Self { frontier: Frontier::new(), signed, root_there: None };
        replay.look();
        replay
    }

    /// The next full level-0 tile. Returns the tiles that become full, itself among them.
    ///
    /// # Errors
    /// [`TileError::Width`] when it is not 256 hashes.
    pub fn tile(&mut self, bytes: &[u8]) -> Result<Vec<super::FullTile>, TileError> {
        let hashes = decode_hashes(bytes, super::Tile::full(0, 0).width())?;
        Ok(hashes.into_iter().flat_map(|hash| self.leaf(hash)).collect())
    }

    /// The next entry. Returns the tiles that it fills.
    pub fn entry(&mut self, entry: &[u8]) -> Vec<super::FullTile> {
        self.leaf(leaf_hash(entry))
    }

    fn leaf(&mut self, hash: Digest) -> Vec<super::FullTile> {
        let full = self.frontier.append(hash);
        self.look();
        full
    }

    fn look(&mut self) {
        if self.signed.as_ref().is_some_and(|signed| signed.size == self.frontier.size()) {
            self.root_there = Some(self.frontier.root());
        }
    }

    /// Entries so far.
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// No more entries.
    ///
    /// # Errors
    /// [`Divergence`].
    pub fn finish(self) -> Result<Frontier, Divergence> {
        let Some(signed) = self.signed else { return Ok(self.frontier) };
        match self.root_there {
            None => Err(Divergence::Rollback { entries: self.frontier.size(), signed: signed.size }),
            Some(root) if root == signed.root => Ok(self.frontier),
            Some(_) => Err(Divergence::Forked { signed: signed.size }),
        }
    }
}
