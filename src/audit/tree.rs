//! RFC 6962 §2.1 hashing, and the right edge of a growing tree.
//!
//! The tree is never held whole. [`Frontier`] keeps what the next leaf can still change: the roots of the perfect
//! subtrees that make up the tree (its peaks) and, for each level of tiles, the hashes of the unfinished
//! tile. An append costs one node hash on average, a root as many as there are peaks.

use super::tile::{TILE_HASHES, Tile, encode_hashes, hashes_at};
use crate::crypto::{Digest, sha256};

/// Hash of an entry.
pub fn leaf_hash(entry: &[u8]) -> Digest {
    sha256(&[&[0x00], entry])
}

/// Hash of two subtrees.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    sha256(&[&[0x01], &left.0, &right.0])
}

/// Root of the tree without entries: the hash of nothing.
pub fn empty_root() -> Digest {
    sha256(&[])
}

/// Root of the tree over these hashes, of any number.
pub fn root_of(hashes: &[Digest]) -> Digest {
    let mut row = hashes.to_vec();
    // Pairs from the left, an odd last one carried up unchanged: the same tree as RFC 6962's recursion.
    while row.len() > 1 {
        row = row
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node_hash(left, right),
                [last, ..] => *last,
                [] => empty_root(),
            })
            .collect();
    }
    row.first().copied().unwrap_or_else(empty_root)
}

/// A tile that has just received its last hash and will never change again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullTile {
    /// Its place; the width is 256.
    pub tile: Tile,
    /// Its 8,192 bytes.
    pub bytes: Vec<u8>,
}

/// The right edge of the tree: enough to append, to tell the root, and to serve unfinished tiles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Roots of the perfect subtrees, largest first: one for each bit set in `size`.
    peaks: Vec<Digest>,
    /// For each level, the hashes of the unfinished tile: 0 to 255.
    unfinished: Vec<Vec<Digest>>,
}

impl Frontier {
    /// The edge of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// The edge of a tree of `size` leaves, from the hashes of the unfinished tile at each level (level 0 first).
    /// Nothing when their numbers are not those of such a tree.
    pub fn from_unfinished(size: u64, unfinished: Vec<Vec<Digest>>) -> Option<Self> {
        let mut peaks = Vec::new();
        let mut counted: u64 = 0;
        for level in unfinished.iter().rev() {
            if level.len() >= TILE_HASHES {
                return None;
            }
            counted = counted.checked_mul(256)?.checked_add(u64::try_from(level.len()).ok()?)?;
            let mut rest = level.as_slice();
            while !rest.is_empty() {
                let (subtree, after) = rest.split_at(1_usize.wrapping_shl(rest.len().ilog2()));
                peaks.push(root_of(subtree));
                rest = after;
            }
        }
        (counted == size).then_some(Self { size, peaks, unfinished })
    }

    /// Adds the next leaf. Returns the tiles that it fills, lowest level first: none most of the time.
    #[must_use = "full tiles are stored in the same batch as the leaf"]
    pub fn append(&mut self, leaf: Digest) -> Vec<FullTile> {
        let mut full = Vec::new();
        self.place(0, leaf, &mut full);
        let mut node = leaf;
        // Each trailing one of the old size is a peak of the node's own height, which it joins.
        for height in 1..=self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(&left, &node);
            }
            if height % 8 == 0 {
                self.place(height / 8, node, &mut full);
            }
        }
        self.peaks.push(node);
        self.size = self.size.saturating_add(1);
        full
    }

    fn place(&mut self, level: u32, hash: Digest, full: &mut Vec<FullTile>) {
        let Ok(place) = usize::try_from(level) else { return };
        if self.unfinished.len() <= place {
            self.unfinished.resize_with(place.saturating_add(1), Vec::new);
        }
        let Some(hashes) = self.unfinished.get_mut(place) else { return };
        hashes.push(hash);
        if hashes.len() == TILE_HASHES {
            let tile = Tile::full(level, hashes_at(self.size, level.saturating_add(1)));
            full.push(FullTile { tile, bytes: encode_hashes(hashes) });
            hashes.clear();
        }
    }

    /// Number of leaves, and so the number of the next one.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Root of the whole tree.
    pub fn root(&self) -> Digest {
        let joined = self.peaks.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
        joined.unwrap_or_else(empty_root)
    }

    /// The hashes of the unfinished tile of that level; empty when there is none.
    pub fn unfinished(&self, level: u32) -> &[Digest] {
        usize::try_from(level).ok().and_then(|level| self.unfinished.get(level)).map_or(&[], Vec::as_slice)
    }
}
