//! The journal in the hands of an inspector: copied out of a server or of a stopped deployment, and proved entry by
//! entry. Nothing here opens an entry; that takes an officer and a running server.

use std::{cell::RefCell, fmt, path::Path};

use crate::{
    audit::{
        Bundle, Checkpoint, Divergence, Note, ProofFile, Rows, Tile, TileError, VerifyingKey, View,
        folder::{self, ExportError, Progress},
        proof, replay,
        tile::decode_bundle,
    },
    ops::client::ClientError,
};

/// A log that is read resource by resource: `fetch` answers the bytes of a C2SP path, such as `tile/0/000`.
pub struct Remote<F> {
    fetch: RefCell<F>,
    size: u64,
}

impl<F> fmt::Debug for Remote<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Remote").field("size", &self.size).finish_non_exhaustive()
    }
}

impl<F: FnMut(&str) -> Result<Vec<u8>, ClientError>> Remote<F> {
    /// The log of that size behind `fetch`.
    pub const fn new(size: u64, fetch: F) -> Self {
        Self { fetch: RefCell::new(fetch), size }
    }

    fn get(&self, path: &str) -> Result<Vec<u8>, RemoteError> {
        // One caller at a time, and `fetch` cannot come back here.
        let mut fetch = self.fetch.try_borrow_mut().map_err(|_busy| RemoteError::Client(ClientError::Closed))?;
        (*fetch)(path).map_err(RemoteError::Client)
    }
}

/// Why a remote log cannot be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteError {
    /// The connection or the server.
    Client(ClientError),
    /// A resource has not the shape that its name says.
    Tile(TileError),
    /// The resources are not what was signed.
    Diverged(Divergence),
}

impl fmt::Display for RemoteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(error) => error.fmt(formatter),
            Self::Tile(error) => error.fmt(formatter),
            Self::Diverged(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for RemoteError {}

impl From<TileError> for RemoteError {
    fn from(error: TileError) -> Self {
        Self::Tile(error)
    }
}

impl From<Divergence> for RemoteError {
    fn from(error: Divergence) -> Self {
        Self::Diverged(error)
    }
}

impl<F: FnMut(&str) -> Result<Vec<u8>, ClientError>> Rows for Remote<F> {
    type Failure = RemoteError;

    fn full_tile(&self, level: u32, index: u64) -> Result<Vec<u8>, RemoteError> {
        self.get(&Tile::full(level, index).to_string())
    }

    fn entries(&self, first: u64, count: u16) -> Result<Vec<Vec<u8>>, RemoteError> {
        let bundle = bundle_of(first, self.size).ok_or(TileError::BeyondSize)?;
        let bytes = self.get(&bundle.to_string())?;
        let entries = decode_bundle(&bytes, bundle.width())?;
        let before = usize::try_from(first.saturating_sub(bundle.first())).unwrap_or(usize::MAX);
        Ok(entries.into_iter().skip(before).take(usize::from(count)).map(<[u8]>::to_vec).collect())
    }
}

/// The bundle that an entry stands in, in a log of that size.
fn bundle_of(number: u64, size: u64) -> Option<Bundle> {
    Bundle::at(number >> 8, size)
}

/// Copies a log into a folder, once it is sure that its rows are what was signed.
///
/// # Errors
/// [`ExportError`].
pub fn export<R: Rows>(
    to: &Path,
    rows: &R,
    note: &Note,
    checkpoint: &Checkpoint,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), ExportError<R::Failure>>
where
    R::Failure: From<Divergence>,
{
    let frontier = replay::resume(rows, checkpoint.size, Some(checkpoint)).map_err(ExportError::Rows)?;
    folder::write(to, &View::new(&frontier, rows), note, progress)
}

/// The proof of one entry against a signed checkpoint, and the entry as it is hashed.
///
/// # Errors
/// What the rows say; [`TileError::BeyondSize`] for an entry that the checkpoint does not cover.
pub fn prove<R: Rows>(
    rows: &R,
    note: Note,
    checkpoint: &Checkpoint,
    number: u64,
) -> Result<(ProofFile, Vec<u8>), R::Failure>
where
    R::Failure: From<Divergence>,
{
    if number >= checkpoint.size {
        return Err(TileError::BeyondSize.into());
    }
    let frontier = replay::resume(rows, checkpoint.size, Some(checkpoint))?;
    let hashes = proof::inclusion(&View::new(&frontier, rows), number, checkpoint.size)?;
    let entry = entry(rows, number)?;
    Ok((ProofFile { extra: None, index: number, hashes, checkpoint: note }, entry))
}

/// The bytes of one entry.
///
/// # Errors
/// What the rows say.
fn entry<R: Rows>(rows: &R, number: u64) -> Result<Vec<u8>, R::Failure> {
    let mut found = rows.entries(number, 1)?;
    found.pop().ok_or_else(|| TileError::Entries.into())
}

/// A checkpoint, believed if `key` is given and signed it; otherwise only read.
///
/// # Errors
/// [`crate::audit::NoteError`].
pub fn read_checkpoint(note: &Note, key: Option<&VerifyingKey>) -> Result<Checkpoint, crate::audit::NoteError> {
    match key {
        Some(key) => Checkpoint::open(note, key),
        None => Checkpoint::parse(note.text()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");

    fn log() -> (Note, VerifyingKey) {
        let note = std::fs::read(format!("{VECTORS}/checkpoint")).expect("a vector");
        let keys = std::fs::read_to_string(format!("{VECTORS}/vkeys.txt")).expect("a vector");
        let key = VerifyingKey::parse(keys.lines().next().expect("a key")).expect("a key");
        (Note::parse(&note).expect("a note"), key)
    }

    fn fetch(path: &str) -> Result<Vec<u8>, ClientError> {
        std::fs::read(format!("{VECTORS}/{path}")).map_err(|_absent| ClientError::Closed)
    }

    #[test]
    fn a_log_read_over_the_wire_is_the_log_that_was_signed() {
        let (note, key) = log();
        let checkpoint = read_checkpoint(&note, Some(&key)).expect("signed");
        let folder = std::env::temp_dir().join(format!("vigie-journal-tools-{}", std::process::id()));
        export(&folder, &Remote::new(checkpoint.size, fetch), &note, &checkpoint, &mut |_| ()).expect("a copy");
        let verified = folder::verify(&folder, &key, &mut |_| ()).expect("a whole copy");
        std::fs::remove_dir_all(&folder).expect("a folder");
        assert_eq!(verified.checkpoint, checkpoint);
    }

    #[test]
    fn a_proof_is_that_of_the_vectors() {
        let (note, key) = log();
        let checkpoint = read_checkpoint(&note, Some(&key)).expect("signed");
        let rows = Remote::new(checkpoint.size, fetch);
        let (made, entry) = prove(&rows, note.clone(), &checkpoint, 417).expect("a proof");
        let expected = std::fs::read_to_string(format!("{VECTORS}/entry417.tlog-proof")).expect("a vector");
        let expected = ProofFile::parse(&expected).expect("a proof");
        assert_eq!((made.index, &made.hashes), (expected.index, &expected.hashes));
        assert!(made.verify(&entry, &key).is_ok());
        assert_eq!(prove(&rows, note, &checkpoint, 600).err(), Some(TileError::BeyondSize.into()));
    }

    #[test]
    fn one_changed_byte_on_the_wire_is_seen() {
        let (note, key) = log();
        let checkpoint = read_checkpoint(&note, Some(&key)).expect("signed");
        let altered = |path: &str| {
            let mut bytes = fetch(path)?;
            if path.starts_with("tile/0/001") {
                bytes[40] ^= 1;
            }
            Ok(bytes)
        };
        let refused = prove(&Remote::new(checkpoint.size, altered), note, &checkpoint, 3).err();
        assert_eq!(refused, Some(Divergence::Forked { signed: 600 }.into()));
    }
}
