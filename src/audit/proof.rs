//! Proofs: that an entry is in a tree, that a tree continues an earlier one. Made from tiles; checked
//! by RFC 9162 §2.1.3.2 and §2.1.4.2 with nothing but hashes in hand.

use std::{collections::BTreeMap, fmt};

use data_encoding::BASE64;

use super::{
    checkpoint::{Checkpoint, parse_decimal, parse_hash},
    note::{Note, NoteError, decode},
    tile::{Tile, TileError, Tiles, decode_hashes, hashes_at},
    tree::{empty_root, leaf_hash, node_hash, root_of},
    vkey::VerifyingKey,
};
use crate::{
    crypto::Digest,
    limits::PROOF_HASHES_MAX,
    words::{Sentence, key},
};

/// Why a proof does not convince.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofError {
    /// The file is not a tlog-proof.
    Malformed,
    /// The tree is smaller than the number of the entry, or than the earlier tree.
    BeyondSize,
    /// The hashes do not lead to the root: another entry, another place, another log, or a damaged proof.
    WrongRoot,
    /// The checkpoint is not believed.
    Checkpoint(NoteError),
}

impl ProofError {
    /// What a person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Malformed => Sentence::new(key::AUDIT_PROOF_MALFORMED),
            Self::BeyondSize => Sentence::new(key::AUDIT_PROOF_BEYOND),
            Self::WrongRoot => Sentence::new(key::AUDIT_PROOF_WRONG),
            Self::Checkpoint(error) => error.sentence(),
        }
    }
}

impl From<NoteError> for ProofError {
    fn from(error: NoteError) -> Self {
        Self::Checkpoint(error)
    }
}

impl fmt::Display for ProofError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => formatter.write_str("the proof is malformed"),
            Self::BeyondSize => formatter.write_str("the tree is smaller than what is to be proved"),
            Self::WrongRoot => formatter.write_str("the proof does not lead to the signed root"),
            Self::Checkpoint(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for ProofError {}

/// Root of the tree of the first `size` entries.
///
/// # Errors
/// What the tiles say; [`TileError::Width`] for a short one.
pub fn root<T: Tiles>(tiles: &T, size: u64) -> Result<Digest, T::Failure> {
    if size == 0 { Ok(empty_root()) } else { Reader::new(tiles, size).subtree(0, size) }
}

/// The hashes that lead from entry `index` to the root of the tree of `size` entries, lowest first.
///
/// # Errors
/// [`TileError::BeyondSize`] when `index` is not below `size`; what the tiles say.
pub fn inclusion<T: Tiles>(tiles: &T, index: u64, size: u64) -> Result<Vec<Digest>, T::Failure> {
    if index >= size {
        return Err(TileError::BeyondSize.into());
    }
    let mut reader = Reader::new(tiles, size);
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while let Some(middle) = split(low, high) {
        if index < middle {
            path.push(reader.subtree(middle, high)?);
            high = middle;
        } else {
            path.push(reader.subtree(low, middle)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The hashes that show the tree of `old` entries to be the beginning of the tree of `new` ones.
///
/// # Errors
/// [`TileError::BeyondSize`] when `old` exceeds `new`; what the tiles say.
pub fn consistency<T: Tiles>(tiles: &T, old: u64, new: u64) -> Result<Vec<Digest>, T::Failure> {
    if old > new {
        return Err(TileError::BeyondSize.into());
    }
    let mut proof = Vec::new();
    if old == 0 || old == new {
        return Ok(proof);
    }
    let mut reader = Reader::new(tiles, new);
    let (mut low, mut high) = (0, new);
    while high != old {
        let Some(middle) = split(low, high) else { break };
        if old <= middle {
            proof.push(reader.subtree(middle, high)?);
            high = middle;
        } else {
            proof.push(reader.subtree(low, middle)?);
            low = middle;
        }
    }
    // The old root itself needs no proof; a part of it does.
    if low != 0 {
        proof.push(reader.subtree(low, high)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Where RFC 6962 cuts `low..high`: the largest power of two below its length. Nothing for a single leaf.
fn split(low: u64, high: u64) -> Option<u64> {
    let last = high.checked_sub(low)?.checked_sub(1)?;
    low.checked_add(1_u64.wrapping_shl(last.checked_ilog2()?))
}

struct Reader<'tiles, T> {
    tiles: &'tiles T,
    size: u64,
    read: BTreeMap<Tile, Vec<Digest>>,
}

impl<'tiles, T: Tiles> Reader<'tiles, T> {
    const fn new(tiles: &'tiles T, size: u64) -> Self {
        Self { tiles, size, read: BTreeMap::new() }
    }

    /// Root of the leaves `low..high`, a subtree of RFC 6962's recursion: `low` is a multiple of any
    /// power of two up to the length.
    fn subtree(&mut self, low: u64, high: u64) -> Result<Digest, T::Failure> {
        let length = high.saturating_sub(low);
        if length.is_power_of_two() {
            return self.perfect(low, length.trailing_zeros());
        }
        let middle = split(low, high).ok_or(TileError::BeyondSize)?;
        let left = self.subtree(low, middle)?;
        Ok(node_hash(&left, &self.subtree(middle, high)?))
    }

    /// Root of the perfect subtree of that height from leaf `low`: some neighbours of one tile.
    fn perfect(&mut self, low: u64, height: u32) -> Result<Digest, T::Failure> {
        let level = height / 8;
        let first = hashes_at(low, level);
        let tile = Tile::at(level, first / 256, self.size).ok_or(TileError::BeyondSize)?;
        if !self.read.contains_key(&tile) {
            let hashes = decode_hashes(&self.tiles.tile(tile)?, tile.width())?;
            self.read.insert(tile, hashes);
        }
        let hashes = self.read.get(&tile).map_or(&[][..], Vec::as_slice);
        let start = usize::try_from(first % 256).unwrap_or(usize::MAX);
        let end = start.saturating_add(1_usize.wrapping_shl(height % 8));
        Ok(root_of(hashes.get(start..end).ok_or(TileError::Width)?))
    }
}

/// Checks that the leaf hash `leaf` is number `index` of the tree of `size` entries with that root.
///
/// # Errors
/// [`ProofError::BeyondSize`], [`ProofError::WrongRoot`].
pub fn check_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: &Digest,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::BeyondSize);
    }
    let (mut place, mut last) = (index, size.saturating_sub(1));
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::WrongRoot);
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(sibling, &hash);
            climb_left_edge(&mut place, &mut last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(ProofError::WrongRoot) }
}

/// A node that is last and a left child has no sibling until an ancestor is a right child.
const fn climb_left_edge(place: &mut u64, last: &mut u64) {
    while *place & 1 == 0 && *place != 0 {
        *place >>= 1;
        *last >>= 1;
    }
}

/// Checks that the tree of `new` entries begins with the tree of `old` ones.
///
/// # Errors
/// [`ProofError::BeyondSize`], [`ProofError::WrongRoot`].
pub fn check_consistency(
    old: u64,
    new: u64,
    old_root: &Digest,
    new_root: &Digest,
    proof: &[Digest],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::BeyondSize);
    }
    let accept = |holds: bool| if holds { Ok(()) } else { Err(ProofError::WrongRoot) };
    if old == new {
        return accept(proof.is_empty() && old_root == new_root);
    }
    if old == 0 {
        return accept(proof.is_empty() && *old_root == empty_root());
    }
    let (first, rest) = if old.is_power_of_two() {
        (*old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(ProofError::WrongRoot)?;
        (*first, rest)
    };
    let (mut place, mut last) = (old.saturating_sub(1), new.saturating_sub(1));
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::WrongRoot);
        }
        if place & 1 == 1 || place == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            climb_left_edge(&mut place, &mut last);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    accept(last == 0 && old_hash == *old_root && new_hash == *new_root)
}

const PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1";

/// A C2SP tlog-proof file: everything an inspector needs, besides the entry and the log's key, to be sure that
/// the entry is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// Bytes that the proof does not vouch for.
    pub extra: Option<Vec<u8>>,
    /// Number of the entry.
    pub index: u64,
    /// Inclusion proof, lowest hash first.
    pub hashes: Vec<Digest>,
    /// The signed checkpoint it leads to.
    pub checkpoint: Note,
}

impl ProofFile {
    /// Reads a proof; believes nothing of it yet.
    ///
    /// # Errors
    /// [`ProofError::Malformed`]; [`ProofError::Checkpoint`] on the note's form.
    pub fn parse(text: &str) -> Result<Self, ProofError> {
        let (head, note) = text.split_once("\n\n").ok_or(ProofError::Malformed)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(PROOF_HEADER) {
            return Err(ProofError::Malformed);
        }
        let extra = match lines.next_if(|line| line.starts_with("extra ")) {
            None => None,
            Some(line) => Some(line.strip_prefix("extra ").and_then(decode).ok_or(ProofError::Malformed)?),
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(parse_decimal);
        let index = index.ok_or(ProofError::Malformed)?;
        let hashes: Vec<Digest> = lines.map(parse_hash).collect::<Option<_>>().ok_or(ProofError::Malformed)?;
        if hashes.len() > PROOF_HASHES_MAX {
            return Err(ProofError::Malformed);
        }
        Ok(Self { extra, index, hashes, checkpoint: Note::parse(note.as_bytes())? })
    }

    /// Checks that `entry` is in the log of that key, and returns the checkpoint that says so.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn verify(&self, entry: &[u8], log: &VerifyingKey) -> Result<Checkpoint, ProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, log)?;
        check_inclusion(&leaf_hash(entry), self.index, checkpoint.size, &self.hashes, &checkpoint.root)?;
        Ok(checkpoint)
    }
}

/// The bytes of the file.
impl fmt::Display for ProofFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{PROOF_HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(formatter, "extra {}", BASE64.encode(extra))?;
        }
        writeln!(formatter, "index {}", self.index)?;
        for hash in &self.hashes {
            writeln!(formatter, "{}", BASE64.encode(&hash.0))?;
        }
        write!(formatter, "\n{}", self.checkpoint)
    }
}
