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
};
use crate::{
    audit::{
        checkpoint::Checkpoint,
        entry::{Entry, Leaf},
        tree::{Frontier, leaf_hash, root_of},
    },
    clock::Clock,
    crypto::{Digest, Entropy, Keyring, Purpose, Unsealable, cobblestone, sign::SigningKey},
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
    /// A row is missing or does not fit: named.
    Damaged(&'static str, u64),
    /// The rows are shorter than the signed checkpoint: an old store was put back.
    RolledBack { found: u64, signed: u64 },
    /// The rows' root is not the one that was signed: the history was rewritten.
    Forked { size: u64 },
    /// The checkpoint file is missing though the journal is not empty, or cannot be read or verified.
    Checkpoint(PathBuf),
    /// The checkpoint file cannot be written.
    Disk(PathBuf, std::io::Error),
    /// The keyring gives no signing key.
    Key,
}

impl std::fmt::Display for JournalError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Engine(error) => write!(formatter, "journal: {error}"),
            Self::Damaged(what, number) => write!(formatter, "journal: {what} {number} is missing or damaged"),
            Self::RolledBack { found, signed } => {
                write!(formatter, "journal: {found} entries found, {signed} were signed: an old store was put back")
            }
            Self::Forked { size } => write!(formatter, "journal: the root at {size} is not the one that was signed"),
            Self::Checkpoint(path) => write!(formatter, "{}: missing, unreadable or not signed by us", path.display()),
            Self::Disk(path, error) => write!(formatter, "{}: {error}", path.display()),
            Self::Key => formatter.write_str("journal: the keyring gives no signing key"),
        }
    }
}

impl std::error::Error for JournalError {}

impl From<EngineError> for JournalError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

/// What the committer and the readers of the journal share.
pub(super) struct Shared {
    pub(super) engine: Arc<dyn Engine>,
    pub(super) keyring: Arc<Keyring>,
    pub(super) entropy: Entropy,
    pub(super) clock: Clock,
    pub(super) deployment: String,
    pub(super) origin: String,
    pub(super) signer: SigningKey,
    pub(super) checkpoint_path: Option<PathBuf>,
    pub(super) length: AtomicU64,
    pub(super) stopped: AtomicBool,
    pub(super) waiting: AtomicU64,
    pub(super) checkpoint: Mutex<String>,
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
        clock: Clock,
        entropy: Entropy,
    ) -> Result<(Self, std::thread::JoinHandle<()>), JournalError> {
        let mut seed = *opening.keyring.checkpoint_seed().expose();
        let seed = crate::crypto::Secret::new(&mut seed).map_err(|_exhausted| JournalError::Key)?;
        let signer = SigningKey::from_seed(seed).map_err(|_bad| JournalError::Key)?;
        let frontier = rebuild(&*engine)?;
        let shared = Shared {
            length: AtomicU64::new(frontier.size()),
            engine,
            keyring: opening.keyring,
            entropy,
            clock,
            deployment: opening.deployment,
            origin: opening.origin,
            signer,
            checkpoint_path: opening.checkpoint_path,
            stopped: AtomicBool::new(false),
            waiting: AtomicU64::new(0),
            checkpoint: Mutex::new(String::new()),
        };
        if !opening.inception {
            compare_with_signed(&shared, &frontier)?;
        }
        committer::sign_checkpoint(&shared, &frontier)?;
        let shared = Arc::new(shared);
        let (sender, receiver) = mpsc::channel();
        let thread = committer::start(Arc::clone(&shared), receiver, frontier);
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
        if self.shared.waiting.fetch_add(1, Ordering::AcqRel) >= limits::COMMITS_WAITING_MAX {
            self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(CommitRefused::Stopped);
        }
        let sent = self.sender.send(Submission { batch, answer });
        let outcome = match sent {
            Ok(()) => answered.await.unwrap_or(Err(CommitRefused::Stopped)),
            Err(mpsc::SendError(_batch)) => Err(CommitRefused::Stopped),
        };
        self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
        outcome
    }

    /// Entries that are durable.
    pub fn length(&self) -> u64 {
        self.shared.length.load(Ordering::Acquire)
    }

    /// Whether the store failed and nothing can be answered.
    pub fn is_stopped(&self) -> bool {
        self.shared.stopped.load(Ordering::Acquire)
    }

    /// The last signed checkpoint (C2SP tlog-checkpoint).
    pub fn checkpoint(&self) -> String {
        self.shared.checkpoint.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The verifier key of the checkpoints (C2SP vkey).
    pub fn verifier_key(&self) -> String {
        crate::audit::note::vkey(&self.shared.origin, self.shared.signer.public())
    }

    /// Leaves from `start`, at most `count`, in order.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn leaves(&self, start: u64, count: usize) -> Result<Vec<Vec<u8>>, EngineError> {
        leaves(&*self.shared.engine, start, count)
    }

    /// The stored bytes of a full tile of hashes.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn full_tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, EngineError> {
        Ok(self.shared.engine.get(Family::Journal, &tile_key(level, index))?.map(|row| row.value))
    }

    /// Opens a leaf. Called by the monitor, which holds the permit.
    ///
    /// # Errors
    /// [`Unsealable`] for a damaged leaf or a destroyed epoch.
    pub fn open_leaf(&self, bytes: &[u8]) -> Result<(u64, Entry), Unsealable> {
        open_leaf(&self.shared.keyring, &self.shared.deployment, bytes)
    }
}

/// Opens a leaf with the audit key of its epoch.
///
/// # Errors
/// [`Unsealable`].
pub fn open_leaf(keyring: &Keyring, deployment: &str, bytes: &[u8]) -> Result<(u64, Entry), Unsealable> {
    let leaf = Leaf::parse(bytes).ok_or(Unsealable)?;
    let key = keyring.key(leaf.epoch, Purpose::Audit)?;
    let content = cobblestone::open(key, &entry_context(deployment, leaf.number), leaf.sealed)?;
    let entry = postcard::from_bytes(&content).map_err(|_malformed| Unsealable)?;
    Ok((leaf.number, entry))
}

pub(super) fn entry_context(deployment: &str, number: u64) -> Vec<u8> {
    [b"vigie/journal/v1\0".as_slice(), deployment.as_bytes(), &number.to_be_bytes()].concat()
}

pub(super) fn entry_key(number: u64) -> Key {
    let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
    Key::fixed([b'e', a, b, c, d, e, f, g, h])
}

pub(super) fn tile_key(level: u8, index: u64) -> Key {
    let [a, b, c, d, e, f, g, h] = index.to_be_bytes();
    Key::fixed([b't', level, a, b, c, d, e, f, g, h])
}

pub(super) fn head_key() -> Key {
    Key::fixed(*b"journal")
}

/// Leaves from `start`, at most `count`, in order; stops at the first gap.
pub(super) fn leaves(engine: &dyn Engine, start: u64, count: usize) -> Result<Vec<Vec<u8>>, EngineError> {
    let range = KeyRange::prefix(b"e").from(&entry_key(start));
    let rows = engine.snapshot()?.scan(Family::Journal, &range, Direction::Forward, count.min(limits::SCAN_ROWS_MAX))?;
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

/// The right edge of the tree, recomputed from all full level-0 tiles and the leaves after them.
pub(super) fn rebuild(engine: &dyn Engine) -> Result<Frontier, JournalError> {
    let Some(head) = engine.get(Family::Meta, &head_key())? else {
        return Ok(Frontier::new());
    };
    let size = head.version;
    let full = size.checked_shr(8).unwrap_or(0);
    let mut roots = Vec::new();
    for index in 0..full {
        let row = engine.get(Family::Journal, &tile_key(0, index))?;
        let hashes = row.and_then(|row| hashes_of(&row.value)).ok_or(JournalError::Damaged("tile", index))?;
        roots.push(root_of(&hashes));
    }
    let start = full.saturating_mul(256);
    let tail = leaves(engine, start, 256)?;
    let tail: Vec<Digest> = tail.iter().map(|leaf| leaf_hash(leaf)).collect();
    let mut unfinished = vec![tail];
    // Each level keeps what does not fill a tile; what does becomes one hash of the level above.
    while !roots.is_empty() {
        let whole = roots.chunks_exact(256);
        let rest = whole.remainder().to_vec();
        let above = whole.map(root_of).collect();
        unfinished.push(rest);
        roots = above;
    }
    let frontier = Frontier::from_unfinished(size, unfinished).ok_or(JournalError::Damaged("entry", start))?;
    let stored = <[u8; 32]>::try_from(head.value.as_slice()).map_err(|_length| JournalError::Damaged("head", size))?;
    if frontier.root() != Digest(stored) {
        return Err(JournalError::Forked { size });
    }
    Ok(frontier)
}

fn hashes_of(tile: &[u8]) -> Option<Vec<Digest>> {
    let (whole, rest) = tile.as_chunks::<32>();
    (whole.len() == 256 && rest.is_empty()).then(|| whole.iter().map(|hash| Digest(*hash)).collect())
}

/// The rows must reach the signed checkpoint, and have its root at its size.
fn compare_with_signed(shared: &Shared, frontier: &Frontier) -> Result<(), JournalError> {
    let Some(path) = &shared.checkpoint_path else { return Ok(()) };
    let signed = read_checkpoint(path, &shared.origin, shared.signer.public())?;
    if frontier.size() < signed.size {
        return Err(JournalError::RolledBack { found: frontier.size(), signed: signed.size });
    }
    let root = root_at(&*shared.engine, signed.size)?;
    if root == signed.root { Ok(()) } else { Err(JournalError::Forked { size: signed.size }) }
}

fn read_checkpoint(path: &Path, origin: &str, public: &[u8; 32]) -> Result<Checkpoint, JournalError> {
    let text = std::fs::read_to_string(path).map_err(|_error| JournalError::Checkpoint(path.to_owned()))?;
    Checkpoint::verify(&text, origin, public).map_err(|_error| JournalError::Checkpoint(path.to_owned()))
}

/// The root of the first `size` leaves.
fn root_at(engine: &dyn Engine, size: u64) -> Result<Digest, JournalError> {
    let mut hashes = Vec::new();
    let full = size.checked_shr(8).unwrap_or(0);
    for index in 0..full {
        let row = engine.get(Family::Journal, &tile_key(0, index))?;
        let tile = row.and_then(|row| hashes_of(&row.value)).ok_or(JournalError::Damaged("tile", index))?;
        hashes.push(root_of(&tile));
    }
    let start = full.saturating_mul(256);
    let rest = usize::try_from(size.saturating_sub(start)).unwrap_or(0);
    let tail: Vec<Digest> = leaves(engine, start, rest.max(1))?.iter().take(rest).map(|leaf| leaf_hash(leaf)).collect();
    if tail.len() != rest {
        return Err(JournalError::Damaged("entry", start));
    }
    // A perfect subtree of 256 leaves may stand for its leaves: the split points of RFC 6962 are powers of two.
    let tail_root = root_of(&tail);
    if hashes.is_empty() {
        return Ok(tail_root);
    }
    if !tail.is_empty() {
        hashes.push(tail_root);
    }
    Ok(root_of(&hashes))
}
