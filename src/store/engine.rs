//! What the store asks of the engine beneath it, and nothing more.
//!
//! The trait is narrow on purpose: the same records must be able to live on a distributed engine
//! later (PostgreSQL wire, TiKV), so there is no interactive transaction, no merge, no server-side
//! code. Whoever wants to write reads first, says what it relied on as [`Check`]s, and hands over
//! one [`Writes`].
//!
//! What every engine promises; `tests/engine.rs` holds them to it, one suite for all:
//!
//! - **Order.** Keys of a family sort as unsigned bytes; families do not see each other.
//! - **Atomicity.** A commit happens whole or not at all, its checks and its writes at one instant,
//!   however many threads commit.
//! - **Isolation.** A snapshot is the state after some commit, and never moves. [`Engine::get`] sees
//!   every commit that has returned.
//! - **Durability.** When [`Engine::commit`] returns `Ok`, the writes survive the loss of power.
//!   A later loss of power never loses a commit while keeping one that returned after it.
//! - **Refusals change nothing.** After [`CommitError::Conflict`] or [`CommitError::TooLarge`] the
//!   engine is as it was, and usable.
//! - **A failure leaves the truth unknown.** After [`CommitError::Engine`] the writes are whole or
//!   absent, and only [`Engine::reopen`], or a start, tells which. Until then every commit is refused
//!   with [`EngineError::Stopped`], and reads answer the last acknowledged state.

use std::{borrow::Borrow, fmt};

pub use super::error::{CommitError, EngineError, KeyLength, TooLarge};
use super::range::{Direction, KeyRange};
use crate::{
    ids::Id,
    limits::{COMMIT_BYTES_MAX, COMMIT_CHECKS_MAX, COMMIT_ROWS_MAX, STORE_KEY_BYTES_MAX, STORE_VALUE_BYTES_MAX},
};

/// An ordered, durable map from family and key to row. See the module for its promises.
///
/// Every call may block on the disk: async code calls it from a blocking thread, short reads aside.
pub trait Engine: Send + Sync + 'static {
    /// A view of the present state. It pins old rows on the disk: drop it within seconds.
    ///
    /// # Errors
    /// The engine's, when it cannot be read.
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError>;

    /// The newest row at a key: the hot path of a read.
    ///
    /// # Errors
    /// The engine's, when it cannot be read. A missing row is `Ok(None)`.
    fn get(&self, family: Family, key: &Key) -> Result<Option<Row>, EngineError>;

    /// Verifies all checks against the present state, then writes everything; durable on return.
    ///
    /// Deletes apply first, then puts in their order: the last put of a key stays. Deleting what is
    /// not there is no error.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] names the first check that failed, in the caller's order;
    /// [`CommitError::TooLarge`] a bound of `limits.rs`. After either, nothing has changed. After
    /// [`CommitError::Engine`] the outcome is unknown: stop answering, and [`Engine::reopen`].
    fn commit(&self, writes: Writes) -> Result<(), CommitError>;

    /// Finds the truth again after a failed commit, and takes commits from then on.
    ///
    /// On `Ok` the failed commit is there whole or not at all, for good, and the engine has shown
    /// that it can write durably. Snapshots taken before stay valid. It may be called again and
    /// again, and when nothing has failed.
    ///
    /// # Errors
    /// What still stands in the way; commits stay refused. After [`EngineError::Full`] make room and
    /// wait some seconds; after anything else only a new start helps.
    fn reopen(&self) -> Result<(), EngineError>;
}

/// The state after one commit, for as long as it is held.
pub trait Snapshot: Send {
    /// The rows at `keys`, in the order of `keys`, which may repeat; `None` where there is no row.
    ///
    /// # Errors
    /// The engine's; then there is no answer at all, rather than part of one.
    fn get_many(&self, family: Family, keys: &[Key]) -> Result<Vec<Option<Row>>, EngineError>;

    /// The first rows of a range, walking it in one direction.
    ///
    /// Answers at most `limit` rows, and at most [`SCAN_ROWS_MAX`](crate::limits::SCAN_ROWS_MAX).
    /// Fewer than the smaller of the two means that the range ends there. To go on, scan
    /// [`KeyRange::past`] the last key received.
    ///
    /// # Errors
    /// The engine's; then there is no answer at all, rather than part of one.
    fn scan(
        &self,
        family: Family,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(Key, Row)>, EngineError>;
}

/// The parts of the store, one for each way of being read and written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Family {
    /// Sealed objects, read one by one.
    Records,
    /// Ordered partitions, read as pages.
    Listings,
    /// Parts of attachments: large, written once.
    Chunks,
    /// Journal entries and tiles: appended, never changed.
    Journal,
    /// Wrapped keys: few, and compacted at once when one is destroyed.
    Keys,
    /// What the store knows of itself: few rows, read at start.
    Meta,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 6] = [Self::Records, Self::Listings, Self::Chunks, Self::Journal, Self::Keys, Self::Meta];

    /// The stable name: a column family of RocksDB, a word of the sealing context.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Listings => "listings",
            Self::Chunks => "chunks",
            Self::Journal => "journal",
            Self::Keys => "keys",
            Self::Meta => "meta",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A row key: 1 to [`STORE_KEY_BYTES_MAX`] bytes, and nothing readable in them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Vec<u8>);

impl Key {
    /// A key of these bytes.
    ///
    /// # Errors
    /// [`KeyLength`] when there are none, or more than [`STORE_KEY_BYTES_MAX`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, KeyLength> {
        let bytes = bytes.into();
        match bytes.len() {
            1..=STORE_KEY_BYTES_MAX => Ok(Self(bytes)),
            length => Err(KeyLength(length)),
        }
    }

    /// A key of these parts, one after the other: a partition, then a position in it.
    ///
    /// Nothing separates them, so all but the last must have a fixed length.
    ///
    /// # Errors
    /// As [`Key::new`].
    pub fn joined(parts: &[&[u8]]) -> Result<Self, KeyLength> {
        Self::new(parts.concat())
    }

    /// A key whose length the compiler knows.
    pub fn fixed<const N: usize>(bytes: [u8; N]) -> Self {
        const { assert!(N >= 1 && N <= STORE_KEY_BYTES_MAX, "the length of a key") };
        Self(bytes.into())
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Id> for Key {
    fn from(id: Id) -> Self {
        Self::fixed(*id.bytes())
    }
}

impl AsRef<[u8]> for Key {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A key sorts as its bytes do, so maps of keys can be searched by bytes.
impl Borrow<[u8]> for Key {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

/// What a key leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Chosen by whoever writes, compared by [`Check::VersionIs`]; the engine gives it no meaning.
    pub version: u64,
    /// At most [`STORE_VALUE_BYTES_MAX`] bytes, sealed above.
    pub value: Vec<u8>,
}

/// What a commit relies on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Check {
    /// There is no row at this key.
    Absent(Family, Key),
    /// There is a row at this key, at this version.
    VersionIs(Family, Key, u64),
}

impl Check {
    /// The key that this looks at.
    pub const fn place(&self) -> (Family, &Key) {
        match self {
            Self::Absent(family, key) | Self::VersionIs(family, key, _) => (*family, key),
        }
    }

    /// Settles it, given the version of the row found at [`Check::place`].
    ///
    /// # Errors
    /// [`CommitError::Conflict`] when the row is not as relied upon.
    pub fn settle(&self, found: Option<u64>) -> Result<(), CommitError> {
        let wanted = match self {
            Self::Absent(..) => None,
            Self::VersionIs(_, _, version) => Some(*version),
        };
        if found == wanted {
            return Ok(());
        }
        let (family, key) = self.place();
        Err(CommitError::Conflict(family, key.clone()))
    }
}

/// What happens together, or not at all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Writes {
    /// Verified first, against the state before this commit.
    pub checks: Vec<Check>,
    /// Written after the deletes, in this order.
    pub puts: Vec<(Family, Key, Row)>,
    /// Removed before the puts.
    pub deletes: Vec<(Family, Key)>,
}

impl Writes {
    /// Rows written: puts and deletes.
    pub const fn rows(&self) -> usize {
        self.puts.len().saturating_add(self.deletes.len())
    }

    /// Bytes of all keys and values written.
    pub fn bytes(&self) -> usize {
        let puts = self.puts.iter().map(|(_, key, row)| key.0.len().saturating_add(row.value.len()));
        let deletes = self.deletes.iter().map(|(_, key)| key.0.len());
        puts.chain(deletes).fold(0, usize::saturating_add)
    }

    /// Compares with the bounds that every engine can keep; engines call it before anything else.
    ///
    /// # Errors
    /// The first bound that is passed.
    pub fn bounded(&self) -> Result<(), TooLarge> {
        if self.checks.len() > COMMIT_CHECKS_MAX {
            return Err(TooLarge::Checks(self.checks.len()));
        }
        if self.rows() > COMMIT_ROWS_MAX {
            return Err(TooLarge::Rows(self.rows()));
        }
        if let Some(length) = self.puts.iter().map(|(_, _, row)| row.value.len()).max()
            && length > STORE_VALUE_BYTES_MAX
        {
            return Err(TooLarge::Value(length));
        }
        match self.bytes() {
            0..=COMMIT_BYTES_MAX => Ok(()),
            bytes => Err(TooLarge::Bytes(bytes)),
        }
    }
}
