//! The rows of a store and a frontier, seen as the tiles and bundles of one tree.

use super::{
    tile::{Bundle, TILE_HASHES, Tile, TileError, Tiles, decode_hashes, encode_bundle, encode_hashes, hashes_at},
    tree::{Frontier, leaf_hash, root_of},
};
use crate::crypto::Digest;

/// What the store keeps of the journal: a row for each entry and a row for each full tile of every level.
pub trait Rows {
    /// What can go wrong there. A missing row is one such thing.
    type Failure: From<TileError>;

    /// The bytes of a full tile, as [`Frontier::append`] returned them.
    ///
    /// # Errors
    /// When the row is missing or cannot be read.
    fn full_tile(&self, level: u32, index: u64) -> Result<Vec<u8>, Self::Failure>;

    /// The entries numbered from `first` on, `count` of them (at most 256), in order.
    ///
    /// # Errors
    /// When a row is missing or cannot be read.
    fn entries(&self, first: u64, count: u16) -> Result<Vec<Vec<u8>>, Self::Failure>;
}

/// One tree: the frontier of a signed checkpoint, and the rows below it. Rows of later entries may exist already.
#[derive(Debug)]
pub struct View<'log, R> {
    frontier: &'log Frontier,
    rows: &'log R,
}

impl<'log, R: Rows> View<'log, R> {
    /// The tree whose edge is `frontier`, over `rows` that hold at least its entries.
    pub const fn new(frontier: &'log Frontier, rows: &'log R) -> Self {
        Self { frontier, rows }
    }

    /// Number of entries.
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The bytes of a bundle of this tree, or of a smaller one that was published before.
    ///
    /// # Errors
    /// [`TileError::BeyondSize`]; what the rows say.
    pub fn bundle(&self, bundle: Bundle) -> Result<Vec<u8>, R::Failure> {
        let here = Bundle::at(bundle.index(), self.size()).ok_or(TileError::BeyondSize)?;
        if bundle.width() > here.width() {
            return Err(TileError::BeyondSize.into());
        }
        let entries = self.rows.entries(bundle.first(), bundle.width())?;
        if entries.len() != usize::from(bundle.width()) {
            return Err(TileError::Entries.into());
        }
        // Rows that changed places in a store that somebody altered would be told as they lie.
        let hashes = Tile::at(0, bundle.index(), self.size()).ok_or(TileError::BeyondSize)?;
        let hashes = decode_hashes(&self.tile(hashes)?, hashes.width())?;
        if entries.iter().zip(hashes).any(|(entry, hash)| leaf_hash(entry) != hash) {
            return Err(TileError::Entries.into());
        }
        Ok(encode_bundle(&entries)?)
    }
}

/// Tiles of this tree, and narrower ones that were published before.
impl<R: Rows> Tiles for View<'_, R> {
    type Failure = R::Failure;

    fn tile(&self, tile: Tile) -> Result<Vec<u8>, R::Failure> {
        let here = Tile::at(tile.level(), tile.index(), self.size()).ok_or(TileError::BeyondSize)?;
        if tile.width() > here.width() {
            return Err(TileError::BeyondSize.into());
        }
        let mut bytes = if here.is_full() {
            self.rows.full_tile(tile.level(), tile.index())?
        } else {
            encode_hashes(self.frontier.unfinished(tile.level()))
        };
        bytes.truncate(usize::from(tile.width()).saturating_mul(32));
        Ok(bytes)
    }
}

/// The frontier of the first `size` entries of these rows, read at the right edge only: at each level the
/// full tiles under the unfinished one, and at most 255 entries.
///
/// # Errors
/// What the rows say; [`TileError::Width`] for a damaged tile.
pub fn frontier_at<R: Rows>(rows: &R, size: u64) -> Result<Frontier, R::Failure> {
    let mut unfinished = Vec::new();
    let mut level = 0;
    while hashes_at(size, level) > 0 {
        let above = hashes_at(size, level.saturating_add(1));
        let first = above.saturating_mul(256);
        let hashes: Vec<Digest> = match level.checked_sub(1) {
            None => {
                let count = u16::try_from(size.saturating_sub(first)).unwrap_or(0);
                let entries = if count == 0 { Vec::new() } else { rows.entries(first, count)? };
                entries.iter().map(|entry| leaf_hash(entry)).collect()
            }
            Some(below) => (first..hashes_at(size, level))
                .map(|index| Ok(root_of(&full_hashes(rows, below, index)?)))
                .collect::<Result<_, R::Failure>>()?,
        };
        unfinished.push(hashes);
        level = level.saturating_add(1);
    }
    Frontier::from_unfinished(size, unfinished).ok_or_else(|| TileError::Entries.into())
}

/// The hashes of a full tile.
pub(super) fn full_hashes<R: Rows>(rows: &R, level: u32, index: u64) -> Result<Vec<Digest>, R::Failure> {
    let bytes = rows.full_tile(level, index)?;
    Ok(decode_hashes(&bytes, Tile::full(level, index).width())?)
}

const _: () = assert!(TILE_HASHES == 256);
