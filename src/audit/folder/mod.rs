//! An exported journal: `checkpoint`, `tile/<level>/…`, `tile/entries/…` in a folder, as any C2SP reader expects.
//!
//! Verification believes nothing but the log's key: it hashes every entry, builds the tree anew, and
//! compares every tile, the root and the signature.

use std::{
    fmt, fs,
    io::{self, ErrorKind, Read as _},
    path::Path,
};

use super::{
    checkpoint::Checkpoint,
    note::{Note, NoteError},
    tile::{Bundle, Resource, TILE_HASHES, Tile, TileError, decode_bundle, decode_hashes, encode_hashes},
    tree::Frontier,
    vkey::VerifyingKey,
};
use crate::{
    limits::{JOURNAL_BUNDLE_BYTES_MAX, NOTE_BYTES_MAX},
    words::{Sentence, key},
};

mod write;

pub use write::{ExportError, write};

/// The name of the checkpoint's file.
const CHECKPOINT: &str = "checkpoint";

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is not there.
    Missing,
    /// It cannot be read.
    Unreadable(ErrorKind),
    /// It cannot be written.
    Unwritable(ErrorKind),
    /// It has not the length or the shape that its name says.
    Malformed,
    /// The entry of that number is not the one that was hashed.
    Entry(u64),
    /// The tile does not follow from the entries, which are those that were signed.
    Differs,
    /// What it holds agrees with the tiles next to it, but not with what was signed.
    Rewritten,
    /// The note is not believed.
    Note(NoteError),
    /// Entries and tiles agree with each other, but not with the root that was signed.
    Root,
    /// It is not part of a log of this size.
    Foreign,
    /// Another file stands where one would be written.
    Occupied,
}

impl Fault {
    fn sentence(&self) -> Sentence {
        match self {
            Self::Missing => Sentence::new(key::AUDIT_FAULT_MISSING),
            Self::Unreadable(kind) => Sentence::new(key::AUDIT_FAULT_UNREADABLE).with("cause", kind.to_string()),
            Self::Unwritable(kind) => Sentence::new(key::AUDIT_FAULT_UNWRITABLE).with("cause", kind.to_string()),
            Self::Malformed => Sentence::new(key::AUDIT_FAULT_MALFORMED),
            Self::Entry(number) => Sentence::new(key::AUDIT_FAULT_ENTRY).with("number", *number),
            Self::Differs => Sentence::new(key::AUDIT_FAULT_DIFFERS),
            Self::Rewritten => Sentence::new(key::AUDIT_FAULT_REWRITTEN),
            Self::Note(error) => error.sentence(),
            Self::Root => Sentence::new(key::AUDIT_FAULT_ROOT),
            Self::Foreign => Sentence::new(key::AUDIT_FAULT_FOREIGN),
            Self::Occupied => Sentence::new(key::AUDIT_FAULT_OCCUPIED),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(kind) => write!(formatter, "cannot be read: {kind}"),
            Self::Unwritable(kind) => write!(formatter, "cannot be written: {kind}"),
            Self::Entry(number) => write!(formatter, "entry {number} is not the one that was hashed"),
            Self::Note(error) => error.fmt(formatter),
            Self::Missing => formatter.write_str("missing"),
            Self::Malformed => formatter.write_str("has not the shape that its name says"),
            Self::Differs => formatter.write_str("does not follow from the entries"),
            Self::Rewritten => formatter.write_str("rewritten: agrees with its neighbours, not with what was signed"),
            Self::Root => formatter.write_str("the signed root is not that of the entries"),
            Self::Foreign => formatter.write_str("not part of a log of this size"),
            Self::Occupied => formatter.write_str("another file stands in its place"),
        }
    }
}

/// The first damaged file of a folder, by its path below it, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderError {
    /// Path below the folder, `/` between its parts.
    pub file: String,
    /// What is wrong.
    pub fault: Fault,
}

impl FolderError {
    fn new(file: impl fmt::Display, fault: Fault) -> Self {
        Self { file: file.to_string(), fault }
    }

    /// What a person reads.
    pub fn sentence(&self) -> Sentence {
        Sentence::new(key::AUDIT_FAULT).with("file", self.file.as_str()).with("fault", self.fault.sentence())
    }
}

impl fmt::Display for FolderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.file, self.fault)
    }
}

impl std::error::Error for FolderError {}

/// How far a long work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries done.
    pub entries: u64,
    /// Entries of the log.
    pub size: u64,
}

/// A folder in which everything holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Its checkpoint.
    pub checkpoint: Checkpoint,
    /// The note the checkpoint came in, for the witnesses' lines.
    pub note: Note,
}

/// Verifies an exported folder: signature, entries, tiles, root, and that nothing else lies under `tile/`.
///
/// # Errors
/// The first damaged file. Where an entry and a hash of it disagree, the signed root decides which of them is
/// wrong; with several damaged files the one named is the first that disagrees.
pub fn verify(folder: &Path, log: &VerifyingKey, progress: &mut dyn FnMut(Progress)) -> Result<Verified, FolderError> {
    let refuse = |error| FolderError::new(CHECKPOINT, Fault::Note(error));
    let note = Note::parse(&read(folder, CHECKPOINT, NOTE_BYTES_MAX)?).map_err(refuse)?;
    let checkpoint = Checkpoint::open(&note, log).map_err(refuse)?;
    let size = checkpoint.size;

    let mut rebuilt = Rebuilt { folder, frontier: Frontier::new(), first: None };
    for bundle in Bundle::all(size) {
        rebuilt.bundle(bundle)?;
        progress(Progress { entries: rebuilt.frontier.size(), size });
    }
    for tile in Tile::unfinished(size) {
        rebuilt.compare(tile, &encode_hashes(rebuilt.frontier.unfinished(tile.level())))?;
    }
    match (rebuilt.frontier.root() == checkpoint.root, rebuilt.first) {
        (true, None) => {}
        (true, Some(place)) => return Err(FolderError::new(place.tile, Fault::Differs)),
        (false, None) => return Err(FolderError::new(CHECKPOINT, Fault::Root)),
        (false, Some(place)) => return Err(place.blame(size)),
    }
    check_nothing_else(folder, size)?;
    Ok(Verified { checkpoint, note })
}

/// A hash that a tile and the entries disagree about.
#[derive(Debug, Clone, Copy)]
struct Disagreement {
    tile: Tile,
    slot: u64,
}

impl Disagreement {
    /// The tree is not the signed one: what lies under the hash is wrong, not the hash.
    fn blame(self, size: u64) -> FolderError {
        let under = self.tile.index().saturating_mul(256).saturating_add(self.slot);
        let bundle = |index, fault| match Bundle::at(index, size) {
            Some(bundle) => FolderError::new(bundle, fault),
            None => FolderError::new(self.tile, Fault::Differs),
        };
        match self.tile.level() {
            0 => bundle(self.tile.index(), Fault::Entry(under)),
            1 => bundle(under, Fault::Rewritten),
            level => FolderError::new(Tile::full(level.saturating_sub(1), under), Fault::Rewritten),
        }
    }
}

/// The tree as the entries make it.
struct Rebuilt<'folder> {
    folder: &'folder Path,
    frontier: Frontier,
    first: Option<Disagreement>,
}

impl Rebuilt<'_> {
    fn bundle(&mut self, bundle: Bundle) -> Result<(), FolderError> {
        let file = bundle.to_string();
        let bytes = read(self.folder, &file, JOURNAL_BUNDLE_BYTES_MAX)?;
        let entries =
            decode_bundle(&bytes, bundle.width()).map_err(|_shape| FolderError::new(&file, Fault::Malformed))?;
        for entry in entries {
            for full in self.frontier.append(super::leaf_hash(entry)) {
                self.compare(full.tile, &full.bytes)?;
            }
        }
        Ok(())
    }

    fn compare(&mut self, tile: Tile, computed: &[u8]) -> Result<(), FolderError> {
        let malformed = |_: TileError| FolderError::new(tile, Fault::Malformed);
        let stored = read(self.folder, &tile.to_string(), TILE_BYTES)?;
        let stored = decode_hashes(&stored, tile.width()).map_err(malformed)?;
        let computed = decode_hashes(computed, tile.width()).map_err(malformed)?;
        let differs = (0..).zip(stored.iter().zip(&computed)).find(|(_, (stored, computed))| stored != computed);
        if let Some((slot, _)) = differs
            && self.first.is_none()
        {
            self.first = Some(Disagreement { tile, slot });
        }
        Ok(())
    }
}

const TILE_BYTES: usize = TILE_HASHES * 32;

/// Under `tile/` lie the files of this tree and, perhaps, narrower ones of earlier checkpoints; whoever reads one
/// of them must not be misled.
fn check_nothing_else(folder: &Path, size: u64) -> Result<(), FolderError> {
    let mut waiting = vec!["tile".to_owned()];
    while let Some(below) = waiting.pop() {
        let unreadable = |error: io::Error| FolderError::new(&below, Fault::Unreadable(error.kind()));
        let listing = match fs::read_dir(folder.join(&below)) {
            Err(error) if error.kind() == ErrorKind::NotFound && size == 0 => return Ok(()),
            listing => listing.map_err(unreadable)?,
        };
        for item in listing {
            let item = item.map_err(unreadable)?;
            let path = format!("{below}/{}", item.file_name().to_string_lossy());
            let kind = item.file_type().map_err(unreadable)?;
            if kind.is_dir() {
                waiting.push(path);
            } else if !kind.is_file() || !belongs(folder, &path, size)? {
                return Err(FolderError::new(path, Fault::Foreign));
            }
        }
    }
    Ok(())
}

fn belongs(folder: &Path, path: &str, size: u64) -> Result<bool, FolderError> {
    let (here, width, widest, limit) = match Resource::parse(path) {
        None | Some(Resource::Checkpoint) => return Ok(false),
        Some(Resource::Tile(tile)) => {
            let Some(here) = Tile::at(tile.level(), tile.index(), size) else { return Ok(false) };
            (here.to_string(), tile.width(), here.width(), TILE_BYTES)
        }
        Some(Resource::Bundle(bundle)) => {
            let Some(here) = Bundle::at(bundle.index(), size) else { return Ok(false) };
            (here.to_string(), bundle.width(), here.width(), JOURNAL_BUNDLE_BYTES_MAX)
        }
    };
    if width >= widest {
        return Ok(width == widest);
    }
    let narrow = read(folder, path, limit)?;
    let shape = match Resource::parse(path) {
        Some(Resource::Bundle(_)) => decode_bundle(&narrow, width).is_ok(),
        _ => decode_hashes(&narrow, width).is_ok(),
    };
    if !shape {
        return Err(FolderError::new(path, Fault::Malformed));
    }
    if read(folder, &here, limit)?.starts_with(&narrow) {
        Ok(true)
    } else {
        Err(FolderError::new(path, Fault::Differs))
    }
}

/// Reads a file of at most `limit` bytes: a hostile folder must not fill the memory.
fn read(folder: &Path, file: &str, limit: usize) -> Result<Vec<u8>, FolderError> {
    let fault = |error: io::Error| {
        let missing = error.kind() == ErrorKind::NotFound;
        FolderError::new(file, if missing { Fault::Missing } else { Fault::Unreadable(error.kind()) })
    };
    let bound = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    fs::File::open(folder.join(file)).map_err(fault)?.take(bound).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() > limit { Err(FolderError::new(file, Fault::Malformed)) } else { Ok(bytes) }
}
