//! The journal as rows of the store, and the handle through which everything is written.
//!
//! ```text
//! journal   'e' ‖ number        -> leaf                  one row an entry
//!           't' ‖ level ‖ index -> 256 hashes            a tile once it is full
//! meta      "journal"           -> root; version = size  the head, checked by every commit
//! file      audit/checkpoint    -> signed size and root  the anchor: at start the rows must reach it
//! ```

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
};

use super::{
    batch::{Batch, Receipt},
    committer::{self, Submission},
    engine::{Engine, EngineError, Family, Key},
    range::{Direction, KeyRange},
    recent::Recent,
};
use crate::{
    audit::{
        Checkpoint, Divergence, Frontier, Note, RowMark, Rows, TileError, VerifyingKey,
        entry::{Entry, LEAF_FORMAT_ENTRY_ALONE, Leaf},
        note::Kind,
        replay,
    },
    crypto::{Entropy, Keyring, Purpose, Unsealable, cobblestone, sign::SigningKey},
    limits,
};

/// The journal takes no entry: the store failed and we no longer know the truth. Everything answers 503.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

impl std::fmt::Display for Stopped {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the journal takes no entry: the store failed")
    }
}

impl std::error::Error for Stopped {}

/// Why a batch was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitRefused {
    /// A check failed: the object changed meanwhile. The entry stands in the journal as a conflict.
    Conflict,
    /// The batch is larger than the store takes at once.
    TooLarge,
    /// The store failed.
    Stopped,
}

impl From<Stopped> for CommitRefused {
    fn from(Stopped: Stopped) -> Self {
        Self::Stopped
    }
}

/// Why the server must not start on this journal.
#[derive(Debug)]
pub enum JournalError {
    /// The store failed.
    Engine(EngineError),
    /// A tile or entry is missing or damaged.
    Damaged(TileError),
    /// The rows are not what was signed: rolled back or rewritten.
    Diverged(Divergence),
    /// The checkpoint file is missing though the journal is not empty, or cannot be read or verified.
    Checkpoint(PathBuf),
    /// The checkpoint file cannot be written.
    Disk(PathBuf, std::io::Error),
    /// The keyring gives no signing key, or the origin cannot be a key name.
    Key,
    /// The committer's thread cannot be started.
    Thread(std::io::Error),
}

impl JournalError {
    /// Whether the rows are not the tree that was signed; otherwise they could not be read.
    pub const fn is_another_tree(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::Diverged(_))
    }
}

impl std::fmt::Display for JournalError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Engine(error) => write!(formatter, "journal: {error}"),
            Self::Damaged(error) => write!(formatter, "journal: {error}"),
            Self::Diverged(error) => error.fmt(formatter),
            Self::Checkpoint(path) => write!(formatter, "{}: missing, unreadable or not signed by us", path.display()),
            Self::Disk(path, error) => write!(formatter, "{}: {error}", path.display()),
            Self::Key => formatter.write_str("journal: no signing key"),
            Self::Thread(error) => write!(formatter, "journal: no thread: {error}"),
        }
    }
}

impl std::error::Error for JournalError {}

impl From<EngineError> for JournalError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<TileError> for JournalError {
    fn from(error: TileError) -> Self {
        Self::Damaged(error)
    }
}

impl From<Divergence> for JournalError {
    fn from(error: Divergence) -> Self {
        Self::Diverged(error)
    }
}

/// The last signed checkpoint, and the tree it speaks of.
#[derive(Debug, Clone)]
pub struct Published {
    /// The signed note (C2SP tlog-checkpoint).
    pub note: String,
    /// The right edge at that size.
    pub frontier: Frontier,
}

/// The journal's rows in a store.
pub struct StoreRows<'e>(pub &'e dyn Engine);

impl Rows for StoreRows<'_> {
    type Failure = JournalError;

    fn full_tile(&self, level: u32, index: u64) -> Result<Vec<u8>, JournalError> {
        let row = self.0.get(Family::Journal, &tile_key(level, index))?;
        row.map(|row| row.value).ok_or(JournalError::Damaged(TileError::Width))
    }

    fn entries(&self, first: u64, count: u16) -> Result<Vec<Vec<u8>>, JournalError> {
        let found = leaves(self.0, first, usize::from(count))?;
        if found.len() == usize::from(count) { Ok(found) } else { Err(JournalError::Damaged(TileError::Entries)) }
    }
}

/// What the committer and the readers of the journal share.
pub(super) struct Shared {
    pub(super) engine: Arc<dyn Engine>,
    pub(super) keyring: Arc<Keyring>,
    pub(super) entropy: Entropy,
    pub(super) deployment: String,
    pub(super) origin: String,
    pub(super) signer: SigningKey,
    pub(super) checkpoint_path: Option<PathBuf>,
    pub(super) length: AtomicU64,
    pub(super) stopped: AtomicBool,
    pub(super) waiting: AtomicU64,
    pub(super) verifier: VerifyingKey,
    pub(super) published: Mutex<Published>,
    pub(super) recent: Recent,
}

/// The handle to the journal and its committer. Cheap to clone.
#[derive(Clone)]
pub struct Journal {
    shared: Arc<Shared>,
    sender: mpsc::Sender<Submission>,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Journal").field("length", &self.length()).finish_non_exhaustive()
    }
}

/// What a journal is opened with.
#[derive(Debug)]
pub struct Opening {
    /// The keys.
    pub keyring: Arc<Keyring>,
    /// The deployment's identifier.
    pub deployment: String,
    /// The log's origin, such as `vigie.example/audit/1`.
    pub origin: String,
    /// The file of the signed checkpoint; none in tests that have no disk.
    pub checkpoint_path: Option<PathBuf>,
    /// Whether this is the inception of the deployment, when there is no checkpoint yet.
    pub inception: bool,
}

impl Journal {
    /// Recomputes length and root, compares them with the signed checkpoint, and starts the committer's thread.
    ///
    /// # Errors
    /// [`JournalError`]; the server must not start then.
    pub fn open(
        engine: Arc<dyn Engine>,
        opening: Opening,
        entropy: Entropy,
    ) -> Result<(Self, std::thread::JoinHandle<()>), JournalError> {
        let (signer, verifier) = keys(&opening.keyring, &opening.origin)?;
        let signed = match &opening.checkpoint_path {
            Some(path) if !opening.inception => Some(read_checkpoint(path, &verifier)?),
            _ => None,
        };
        let size = length(&*engine)?;
        let frontier = replay::resume(&StoreRows(&*engine), size, signed.as_ref())?;
        let head = engine.get(Family::Meta, &head_key())?.map(|head| head.value);
        if head.is_some_and(|root| root != frontier.root().0) {
            return Err(Divergence::Forked { signed: size }.into());
        }
        let shared = Shared {
            length: AtomicU64::new(frontier.size()),
            engine,
            keyring: opening.keyring,
            entropy,
            deployment: opening.deployment,
            origin: opening.origin,
            signer,
            checkpoint_path: opening.checkpoint_path,
            stopped: AtomicBool::new(false),
            waiting: AtomicU64::new(0),
            verifier,
            published: Mutex::new(Published { note: String::new(), frontier: Frontier::new() }),
            recent: Recent::from(frontier.size()),
        };
        committer::sign_checkpoint(&shared, &frontier)?;
        let shared = Arc::new(shared);
        let (sender, receiver) = mpsc::channel();
        let thread = committer::start(Arc::clone(&shared), receiver, frontier).map_err(JournalError::Thread)?;
        Ok((Self { shared, sender }, thread))
    }

    /// Appends an entry that writes nothing else.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn append(&self, entry: Entry) -> Result<Receipt, Stopped> {
        match self.commit(Batch::new(entry)).await {
            Ok(receipt) => Ok(receipt),
            Err(CommitRefused::Conflict | CommitRefused::TooLarge | CommitRefused::Stopped) => Err(Stopped),
        }
    }

    /// Makes a batch and its entry durable together.
    ///
    /// # Errors
    /// [`CommitRefused`].
    pub async fn commit(&self, batch: Batch) -> Result<Receipt, CommitRefused> {
        if self.shared.stopped.load(Ordering::Acquire) {
            return Err(CommitRefused::Stopped);
        }
        let (answer, answered) = tokio::sync::oneshot::channel();
        // A bound on what waits: beyond it the server sheds load instead of growing.
        let _place = Place::take(&self.shared.waiting).ok_or(CommitRefused::Stopped)?;
        // Hashed here, on the caller's time: the committer is one thread for everybody.
        let marks = batch.marks();
        match self.sender.send(Submission { batch, marks, answer }) {
            Ok(()) => answered.await.unwrap_or(Err(CommitRefused::Stopped)),
            Err(mpsc::SendError(_batch)) => Err(CommitRefused::Stopped),
        }
    }

    /// Entries that are durable.
    pub fn length(&self) -> u64 {
        self.shared.length.load(Ordering::Acquire)
    }

    /// The entries from `from` to `end`, excluded, whose batch wrote rows; none when that is no longer remembered.
    pub fn written(&self, from: u64, end: u64) -> Option<Vec<u64>> {
        self.shared.recent.within(from, end)
    }

    /// Whether the store failed and nothing can be answered.
    pub fn is_stopped(&self) -> bool {
        self.shared.stopped.load(Ordering::Acquire)
    }

    /// The last signed checkpoint, and the tree it speaks of.
    pub fn published(&self) -> Published {
        self.shared.published.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The verifier key of the checkpoints (its text is a C2SP vkey).
    pub fn verifier(&self) -> &VerifyingKey {
        &self.shared.verifier
    }

    /// The rows of the journal, for tiles, bundles and proofs.
    pub fn rows(&self) -> StoreRows<'_> {
        StoreRows(&*self.shared.engine)
    }

    /// Leaves from `start`, at most `count`, in order.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn leaves(&self, start: u64, count: usize) -> Result<Vec<Vec<u8>>, EngineError> {
        leaves(&*self.shared.engine, start, count)
    }

    /// Opens a leaf. Called by the monitor, which holds the permit.
    ///
    /// # Errors
    /// [`Unsealable`] for a damaged leaf or a destroyed epoch.
    pub fn open_leaf(&self, bytes: &[u8]) -> Result<(u64, Entry), Unsealable> {
        open_leaf(&self.shared.keyring, &self.shared.deployment, bytes)
    }
}

/// A place among those who wait; given back also when the waiter is dropped with its connection.
struct Place<'s>(&'s AtomicU64);

impl<'s> Place<'s> {
    fn take(waiting: &'s AtomicU64) -> Option<Self> {
        let place = Self(waiting);
        (waiting.fetch_add(1, Ordering::AcqRel) < limits::COMMITS_WAITING_MAX).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Opens a leaf with the audit key of its epoch.
///
/// # Errors
/// [`Unsealable`].
pub fn open_leaf(keyring: &Keyring, deployment: &str, bytes: &[u8]) -> Result<(u64, Entry), Unsealable> {
    let told = open_told(keyring, deployment, bytes)?;
    Ok((told.number, told.entry))
}

/// All that a leaf says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The entry's number.
    pub number: u64,
    /// The entry.
    pub entry: Entry,
    /// What its write did to rows; none in a leaf of the first format, which does not say.
    pub marks: Option<Vec<RowMark>>,
}

/// Opens a leaf with the audit key of its epoch, and what it says of rows.
///
/// # Errors
/// [`Unsealable`].
pub fn open_told(keyring: &Keyring, deployment: &str, bytes: &[u8]) -> Result<Told, Unsealable> {
    let leaf = Leaf::parse(bytes).ok_or(Unsealable)?;
    let key = keyring.key(leaf.epoch, Purpose::Audit)?;
    let content = cobblestone::open(key, &entry_context(leaf.format, deployment, leaf.number), leaf.sealed)?;
    let (entry, marks) = if leaf.format == LEAF_FORMAT_ENTRY_ALONE {
        (postcard::from_bytes(&content).map_err(|_malformed| Unsealable)?, None)
    } else {
        let (entry, marks) = postcard::from_bytes(&content).map_err(|_malformed| Unsealable)?;
        (entry, Some(marks))
    };
    Ok(Told { number: leaf.number, entry, marks })
}

pub(super) fn entry_context(format: u8, deployment: &str, number: u64) -> Vec<u8> {
    let version: &[u8] = if format == LEAF_FORMAT_ENTRY_ALONE { b"vigie/journal/v1\0" } else { b"vigie/journal/v2\0" };
    [version, deployment.as_bytes(), &number.to_be_bytes()].concat()
}

pub(super) fn entry_key(number: u64) -> Key {
    let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
    Key::fixed([b'e', a, b, c, d, e, f, g, h])
}

pub(super) fn tile_key(level: u32, index: u64) -> Key {
    let [a, b, c, d, e, f, g, h] = index.to_be_bytes();
    // Levels run from 0 to 7: 256^8 entries are beyond u64.
    Key::fixed([b't', u8::try_from(level).unwrap_or(u8::MAX), a, b, c, d, e, f, g, h])
}

/// Where the journal's length and root stand, in [`Family::Meta`].
pub fn head_key() -> Key {
    Key::fixed(*b"journal")
}

/// Whether a key of the journal's family is one that a journal of `size` entries has: an entry's, or a full tile's.
pub fn is_row_of(key: &Key, size: u64) -> bool {
    match key.bytes() {
        [b'e', number @ ..] => number.try_into().is_ok_and(|number| u64::from_be_bytes(number) < size),
        [b't', level, index @ ..] => {
            let covered = u32::from(*level).saturating_add(1).saturating_mul(8);
            let tiles = size.checked_shr(covered).unwrap_or(0);
            index.try_into().is_ok_and(|index| u64::from_be_bytes(index) < tiles)
        }
        _ => false,
    }
}

/// Leaves from `start`, at most `count`, in order; stops at the first gap.
pub(super) fn leaves(engine: &dyn Engine, start: u64, count: usize) -> Result<Vec<Vec<u8>>, EngineError> {
    let range = KeyRange::prefix(b"e").from(&entry_key(start));
    let rows =
        engine.snapshot()?.scan(Family::Journal, &range, Direction::Forward, count.min(limits::SCAN_ROWS_MAX))?;
    let mut expected = start;
    let mut found = Vec::with_capacity(rows.len());
    for (key, row) in rows {
        if key != entry_key(expected) {
            break;
        }
        found.push(row.value);
        expected = expected.saturating_add(1);
    }
    Ok(found)
}

/// The key that signs the checkpoints of this log, and the one that verifies them.
fn keys(keyring: &Keyring, origin: &str) -> Result<(SigningKey, VerifyingKey), JournalError> {
    let mut seed = *keyring.checkpoint_seed().expose();
    let seed = crate::crypto::Secret::new(&mut seed).map_err(|_exhausted| JournalError::Key)?;
    let signer = SigningKey::from_seed(seed).map_err(|_bad| JournalError::Key)?;
    let verifier = VerifyingKey::new(origin, Kind::Ed25519, signer.public()).map_err(|_name| JournalError::Key)?;
    Ok((signer, verifier))
}

/// The key that verifies the checkpoints of this log.
///
/// # Errors
/// [`JournalError::Key`].
pub fn verifier(keyring: &Keyring, origin: &str) -> Result<VerifyingKey, JournalError> {
    keys(keyring, origin).map(|(_signer, verifier)| verifier)
}

/// Length and root of the journal as the last commit left them; none before the first.
///
/// # Errors
/// [`EngineError`].
pub fn head(engine: &dyn Engine) -> Result<Option<(u64, Vec<u8>)>, EngineError> {
    Ok(engine.get(Family::Meta, &head_key())?.map(|head| (head.version, head.value)))
}

/// Length of the journal in a store.
///
/// # Errors
/// [`EngineError`].
pub fn length(engine: &dyn Engine) -> Result<u64, EngineError> {
    Ok(engine.get(Family::Meta, &head_key())?.map_or(0, |head| head.version))
}

/// The checkpoint of a file, if our key signed it.
///
/// # Errors
/// [`JournalError::Checkpoint`].
pub fn read_checkpoint(path: &Path, key: &VerifyingKey) -> Result<Checkpoint, JournalError> {
    let unreadable = || JournalError::Checkpoint(path.to_owned());
    let bytes = std::fs::read(path).map_err(|_error| unreadable())?;
    let note = Note::parse(&bytes).map_err(|_malformed| unreadable())?;
    Checkpoint::open(&note, key).map_err(|_not_ours| unreadable())
}
