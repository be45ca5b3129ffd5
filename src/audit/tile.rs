//! C2SP tlog-tiles (v0.1.0): the tree as files that never change once full.
//!
//! A hash tile of level 0 holds 256 leaf hashes; one of level L holds the roots of 256 full tiles of level
//! L − 1. An entry bundle holds the 256 entries under a tile of level 0. The last tile of a level may be
//! unfinished; an empty one does not exist.

use std::fmt;

use super::checkpoint::parse_decimal;
use crate::{crypto::Digest, limits::JOURNAL_ENTRY_BYTES_MAX};

/// Hashes of a full tile and entries of a full bundle. The format's own number.
pub const TILE_HASHES: usize = 256;
const FULL_WIDTH: u16 = 256;
const HASH_BYTES: usize = 32;
/// Levels that a tree of 64-bit size can have.
const LEVELS: u32 = 8;
/// The highest level that a path may name.
const PATH_LEVEL_MAX: u32 = 63;

/// Why tiles and bundles cannot be read or made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileError {
    /// The bytes of a tile are not as many hashes as its width says.
    Width,
    /// The bytes of a bundle are not as many entries as its width says.
    Entries,
    /// An entry is longer than its two-byte length can say.
    EntryTooLong,
    /// The tree does not hold that entry or that earlier tree.
    BeyondSize,
}

impl fmt::Display for TileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Width => "the tile does not hold as many hashes as it should",
            Self::Entries => "the bundle does not hold as many entries as it should",
            Self::EntryTooLong => "the entry exceeds 65,535 bytes",
            Self::BeyondSize => "the tree is smaller than that",
        })
    }
}

impl std::error::Error for TileError {}

/// Where hash tiles come from: rows of a store, files of a folder, answers of a server.
pub trait Tiles {
    /// What can go wrong there.
    type Failure: From<TileError>;

    /// The hashes of that tile, 32 bytes each, exactly as many as its width.
    ///
    /// # Errors
    /// As the source says; a short or long tile is found by the caller.
    fn tile(&self, tile: Tile) -> Result<Vec<u8>, Self::Failure>;
}

/// The place and width of a hash tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    level: u32,
    index: u64,
    width: u16,
}

impl Tile {
    /// A full tile.
    pub const fn full(level: u32, index: u64) -> Self {
        Self { level, index, width: FULL_WIDTH }
    }

    /// The tile at that place in a tree of `size` entries: full, unfinished, or none.
    pub fn at(level: u32, index: u64, size: u64) -> Option<Self> {
        let width = width_at(index, hashes_at(size, level))?;
        Some(Self { level, index, width })
    }

    /// Every tile of a tree of `size` entries, level 0 first.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        let of_level = move |level| (0..).map_while(move |index| Self::at(level, index, size));
        (0..LEVELS).flat_map(of_level)
    }

    /// The unfinished tiles of a tree of `size` entries, level 0 first.
    pub fn unfinished(size: u64) -> impl Iterator<Item = Self> {
        (0..LEVELS).filter_map(move |level| {
            let tile = Self::at(level, hashes_at(size, level.saturating_add(1)), size)?;
            (!tile.is_full()).then_some(tile)
        })
    }

    /// The tiles that become full when a tree grows from one size to another, level 0 first.
    pub fn completed(from: u64, to: u64) -> impl Iterator<Item = Self> {
        (0..LEVELS).flat_map(move |level| {
            let above = level.saturating_add(1);
            (hashes_at(from, above)..hashes_at(to, above)).map(move |index| Self::full(level, index))
        })
    }

    /// Height in the tree of tiles; 0 holds leaf hashes.
    pub const fn level(&self) -> u32 {
        self.level
    }

    /// Position within its level.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Hashes it holds: 1 to 256.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Whether it will never change.
    pub const fn is_full(&self) -> bool {
        self.width == FULL_WIDTH
    }
}

/// `tile/<level>/<number>[.p/<width>]`
impl fmt::Display for Tile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "tile/{}/{}", self.level, Place(self.index, self.width))
    }
}

/// The place and width of an entry bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bundle {
    index: u64,
    width: u16,
}

impl Bundle {
    /// The bundle of that index in a tree of `size` entries: full, unfinished, or none.
    pub fn at(index: u64, size: u64) -> Option<Self> {
        Some(Self { index, width: width_at(index, size)? })
    }

    /// Every bundle of a tree of `size` entries.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        (0..).map_while(move |index| Self::at(index, size))
    }

    /// Position: its first entry is 256 times this.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Number of its first entry.
    pub const fn first(&self) -> u64 {
        self.index.saturating_mul(256)
    }

    /// Entries it holds: 1 to 256.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Whether it will never change.
    pub const fn is_full(&self) -> bool {
        self.width == FULL_WIDTH
    }
}

/// `tile/entries/<number>[.p/<width>]`
impl fmt::Display for Bundle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "tile/entries/{}", Place(self.index, self.width))
    }
}

/// What a path below the log's prefix names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// `checkpoint`
    Checkpoint,
    /// `tile/<level>/…`
    Tile(Tile),
    /// `tile/entries/…`
    Bundle(Bundle),
}

impl Resource {
    /// Reads a path such as `tile/0/x001/234.p/56`; only its one canonical spelling.
    pub fn parse(path: &str) -> Option<Self> {
        if path == "checkpoint" {
            return Some(Self::Checkpoint);
        }
        let (kind, place) = path.strip_prefix("tile/")?.split_once('/')?;
        let (number, width) = match place.split_once(".p/") {
            Some((number, width)) => (number, width.parse().ok().filter(|width| (1..FULL_WIDTH).contains(width))?),
            None => (place, FULL_WIDTH),
        };
        let index = number.split('/').try_fold(0_u64, |sum, group| {
            let group: u16 = group.trim_start_matches('x').parse().ok()?;
            sum.checked_mul(1000)?.checked_add(group.into())
        })?;
        let resource = if kind == "entries" {
            Self::Bundle(Bundle { index, width })
        } else {
            let level = parse_decimal(kind).and_then(|level| u32::try_from(level).ok())?;
            Self::Tile(Tile { level: (level <= PATH_LEVEL_MAX).then_some(level)?, index, width })
        };
        (resource.to_string() == path).then_some(resource)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint => formatter.write_str("checkpoint"),
            Self::Tile(tile) => tile.fmt(formatter),
            Self::Bundle(bundle) => bundle.fmt(formatter),
        }
    }
}

struct Place(u64, u16);

/// Groups of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`.
impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(index, width) = *self;
        let mut groups = vec![format!("{:03}", index % 1000)];
        let mut rest = index / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        groups.reverse();
        formatter.write_str(&groups.join("/"))?;
        if width == FULL_WIDTH { Ok(()) } else { write!(formatter, ".p/{width}") }
    }
}

/// The number of hashes at a level of a tree of `size` entries: `size` divided by 256 to the power of `level`.
pub(super) fn hashes_at(size: u64, level: u32) -> u64 {
    size.checked_shr(level.saturating_mul(8)).unwrap_or(0)
}

fn width_at(index: u64, hashes: u64) -> Option<u16> {
    let here = hashes.checked_sub(index.checked_mul(256)?)?.min(256);
    u16::try_from(here).ok().filter(|width| *width > 0)
}

/// The bytes of a tile.
pub fn encode_hashes(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The hashes of a tile.
///
/// # Errors
/// [`TileError::Width`] when there are more or fewer than `width`.
pub fn decode_hashes(bytes: &[u8], width: u16) -> Result<Vec<Digest>, TileError> {
    let (hashes, rest) = bytes.as_chunks::<HASH_BYTES>();
    if hashes.len() != usize::from(width) || !rest.is_empty() {
        return Err(TileError::Width);
    }
    Ok(hashes.iter().copied().map(Digest).collect())
}

/// The bytes of an entry bundle: each entry behind its length, two bytes, big-endian.
///
/// # Errors
/// [`TileError::EntryTooLong`]; [`TileError::Entries`] for none or more than 256.
pub fn encode_bundle<Entry: AsRef<[u8]>>(entries: &[Entry]) -> Result<Vec<u8>, TileError> {
    if entries.is_empty() || entries.len() > TILE_HASHES {
        return Err(TileError::Entries);
    }
    let mut bytes = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).map_err(|_length| TileError::EntryTooLong)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle.
///
/// # Errors
/// [`TileError::Entries`] when there are more or fewer than `width`, or the bytes end within one.
pub fn decode_bundle(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, TileError> {
    let mut entries = Vec::with_capacity(usize::from(width).min(TILE_HASHES));
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        debug_assert!(length <= JOURNAL_ENTRY_BYTES_MAX);
        let (entry, after) = after.split_at_checked(length).ok_or(TileError::Entries)?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() && entries.len() == usize::from(width) { Ok(entries) } else { Err(TileError::Entries) }
}
