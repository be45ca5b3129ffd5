//! Labelled, encrypted records: fetch an [`Envelope`], have the monitor decide, open it
//! with the permit; or have a write allowed and seal into a [`Draft`].
//!
//! | file | idea |
//! |---|---|
//! | [`header`] | what is decided on, sealed and authenticated apart |
//! | [`envelope`] | a fetched record: header believed, body closed |
//! | [`body`] | postcard, zstd, Padmé |
//! | [`keys`] | label keys, space salts, record keys |
//! | [`draft`] | a write under way: permit in, batch out |
//! | [`chunks`] | contents too large for a record |
//! | [`sweep`] | what is removed later, by the system itself |
//! | [`inspect`] | `vigie store verify`: whether rows are what they should be, never what they say |
//! | [`follow`] | what an index of the contents is made from |
//! | [`lent`] | what a browser keeps for us and cannot read |
//! | `mixed` | a page of objects of several kinds |
//! | `pages` | one page of a listing: found, decided, opened |
//! | `glimpse` | what is looked at along links before the journal says it |
//! | `merge` | several partitions of a listing, walked as one |
//! | [`rows`] | where rows stand: HMACs of logical keys, ordered listings |

pub mod body;
pub mod chunks;
pub mod draft;
pub mod envelope;
pub mod follow;
mod glimpse;
pub mod header;
pub mod inspect;
pub mod keys;
mod lent;
mod merge;
mod mixed;
mod pages;
pub mod rows;
pub mod sweep;

use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};

pub use self::{
    chunks::{Chunks, Progress},
    draft::{Draft, WriteError},
    envelope::Envelope,
    follow::Following,
    glimpse::Glimpse,
    header::{Header, Kind, LabelHandle},
    keys::{KeyError, Keys},
    mixed::Mixed,
    rows::{Listing, Scope},
    sweep::Sweep,
};
use crate::{
    audit::entry::Act,
    clock::{Clock, Time},
    crypto::{Entropy, Exhausted, Keyring, cobblestone},
    identity::Subject,
    ids::{AccountId, Id},
    label::Label,
    monitor::{Claim, Granted, Monitor, Permit, Read, Refusal, Target},
    store::{Direction, Engine, EngineError, Family, Key, KeyRange, Row},
};

/// A value kept in the store. Every shape has a number, and its predecessors stay readable.
pub trait Stored: Serialize + DeserializeOwned {
    /// What it is.
    const KIND: Kind;
    /// Number of the present shape.
    const SCHEMA: u8;

    /// Reads a body of shape `schema`.
    ///
    /// # Errors
    /// [`body::Malformed`] for a shape that never was.
    fn read(schema: u8, bytes: &[u8]) -> Result<Self, body::Malformed> {
        if schema == Self::SCHEMA { body::unpack(bytes) } else { Err(body::Malformed) }
    }
}

/// Why nothing was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VaultError {
    /// Refused by the monitor.
    Refused(Refusal),
    /// A record does not open, or is not what its row says: damaged or altered. Ours to report, never to hide.
    Tampered(Id),
    /// The store failed.
    Engine(EngineError),
    /// No random bytes or locked memory.
    Exhausted(Exhausted),
}

impl From<Refusal> for VaultError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<EngineError> for VaultError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<Exhausted> for VaultError {
    fn from(cause: Exhausted) -> Self {
        Self::Exhausted(cause)
    }
}

/// An opened record: what its header said, and the content.
#[derive(Debug, Clone)]
pub struct Opened<T> {
    /// The object.
    pub id: Id,
    /// Its version.
    pub version: u64,
    /// Its label: whoever shows the content joins it into the page's.
    pub label: Label,
    /// Where it lives.
    pub home: Id,
    /// Who created it.
    pub author: AccountId,
    /// When this version was written.
    pub modified: Time,
    /// What it says.
    pub content: T,
}

/// The vault: the only way to what is stored.
pub struct Vault {
    engine: Arc<dyn Engine>,
    monitor: Monitor,
    keyring: Arc<Keyring>,
    keys: Keys,
    entropy: Entropy,
    clock: Clock,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Vault").field("monitor", &self.monitor).finish_non_exhaustive()
    }
}

impl Vault {
    /// A vault over an engine, decided by a monitor.
    pub const fn new(
        engine: Arc<dyn Engine>,
        monitor: Monitor,
        keyring: Arc<Keyring>,
        keys: Keys,
        entropy: Entropy,
        clock: Clock,
    ) -> Self {
        Self { engine, monitor, keyring, keys, entropy, clock }
    }

    /// The monitor.
    pub const fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// The time.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Random bytes.
    pub const fn entropy(&self) -> &Entropy {
        &self.entropy
    }

    /// The record of an object, header authenticated; none when there is none or its label has no key.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when the row is not what it should be.
    pub fn fetch(&self, kind: Kind, id: Id) -> Result<Option<Envelope>, VaultError> {
        let found = self.present(id)?;
        // Looked up in any case: a note that is hidden costs what one that is absent costs (LEAKS T30).
        let version = found.as_ref().map_or(1, |found| found.header.version);
        let kept = kind == Kind::Note && self.is_kept(id, version)?;
        let Some(mut envelope) = found else { return Ok(None) };
        // What is kept as an old version is not the present one: an old row was put back. Or it was replaced since it
        // was read just now, and then the present one is newer.
        if kept && envelope.header.kind == Kind::Note {
            let seen = envelope.header.version;
            let Some(newer) = self.present(id)? else { return Ok(None) };
            if newer.header.version <= seen {
                return Err(VaultError::Tampered(id));
            }
            envelope = newer;
        }
        #[cfg(feature = "exam")]
        if crate::exam::planted(crate::exam::Leak::WrongSortTold) && envelope.header.kind != kind {
            return Err(VaultError::Tampered(id));
        }
        // An identifier of another kind is as absent as any other (LEAKS T32).
        Ok((envelope.header.kind == kind).then_some(envelope))
    }

    fn present(&self, id: Id) -> Result<Option<Envelope>, VaultError> {
        let Some(row) = self.engine.get(Family::Records, &Key::from(id))? else { return Ok(None) };
        let envelope = self.envelope(row, &rows::record_place(id), id)?;
        match envelope {
            Some(envelope) if envelope.header.id != id => Err(VaultError::Tampered(id)),
            envelope => Ok(envelope),
        }
    }

    /// Whether this version stands among the old ones.
    fn is_kept(&self, id: Id, version: u64) -> Result<bool, VaultError> {
        let key = rows::revision_key(&self.keyring, id, version);
        Ok(self.engine.get(Family::Records, &key)?.is_some())
    }

    /// The records of several objects, in their order.
    ///
    /// # Errors
    /// As [`Vault::fetch`].
    pub fn fetch_many(&self, kind: Kind, ids: &[Id]) -> Result<Vec<Option<Envelope>>, VaultError> {
        ids.iter().map(|id| self.fetch(kind, *id)).collect()
    }

    /// An old version of an object.
    ///
    /// # Errors
    /// As [`Vault::fetch`].
    pub fn fetch_revision(&self, kind: Kind, id: Id, version: u64) -> Result<Option<Envelope>, VaultError> {
        let key = rows::revision_key(&self.keyring, id, version);
        let Some(row) = self.engine.get(Family::Records, &key)? else { return Ok(None) };
        let Some(envelope) = self.envelope(row, &rows::record_place(id), id)? else { return Ok(None) };
        let header = &envelope.header;
        if header.id != id || header.version != version || header.kind != kind {
            return Err(VaultError::Tampered(id));
        }
        Ok(Some(envelope))
    }

    /// All old versions of an object that are kept, newest first, at most `limit`.
    ///
    /// # Errors
    /// As [`Vault::fetch`].
    pub fn fetch_revisions(&self, id: Id, before: u64, limit: usize) -> Result<Vec<Envelope>, VaultError> {
        let range = KeyRange::prefix(&rows::revision_prefix(&self.keyring, id)).before(&rows::revision_key(
            &self.keyring,
            id,
            before,
        ));
        let rows = self.engine.snapshot()?.scan(Family::Records, &range, Direction::Backward, limit)?;
        let mut found = Vec::with_capacity(rows.len());
        for (_, row) in rows {
            found.extend(self.envelope(row, &rows::record_place(id), id)?);
        }
        Ok(found)
    }

    fn envelope(&self, row: Row, place: &[u8], named: Id) -> Result<Option<Envelope>, VaultError> {
        let (header, _epoch, body_at) =
            Header::open(&self.keyring, place, &row.value).map_err(|_unsealable| VaultError::Tampered(named))?;
        if header.version != row.version {
            return Err(VaultError::Tampered(named));
        }
        match self.keys.label(&header.label) {
            Ok(label) => {
                Ok(Some(Envelope { header, label, value: row.value, body_at, row_version: row.version, key: None }))
            }
            Err(KeyError::Missing) => Ok(None),
            Err(error) => Err(self.key_error(error, named)),
        }
    }

    fn key_error(&self, error: KeyError, named: Id) -> VaultError {
        match error {
            KeyError::Missing => VaultError::Refused(Refusal::Absent),
            KeyError::Tampered => VaultError::Tampered(named),
            KeyError::Engine(error) => VaultError::Engine(error),
            KeyError::Exhausted(cause) => VaultError::Exhausted(cause),
        }
    }

    /// Reads one object: fetch, decide, journal, open.
    ///
    /// # Errors
    /// [`VaultError`]; refused and absent are the same.
    pub async fn read<T: Stored>(
        &self,
        subject: &Subject,
        act: Act,
        id: Id,
        also: &[Claim],
    ) -> Result<Opened<T>, VaultError> {
        let envelope = self.fetch(T::KIND, id)?;
        let found = envelope.as_ref().map(Envelope::target_with_digest);
        let permit = self.monitor.read(subject, act, id, found, also).await?;
        match envelope {
            Some(envelope) => self.open(permit, envelope),
            None => Err(VaultError::Refused(Refusal::Absent)),
        }
    }

    /// Opens a record with the permit to read it.
    ///
    /// # Errors
    /// [`VaultError::Refused`] when the permit is for another record, version or label; [`VaultError::Tampered`].
    pub fn open<T: Stored>(&self, permit: Permit<Read>, envelope: Envelope) -> Result<Opened<T>, VaultError> {
        self.open_granted(&permit.spend(), envelope)
    }

    fn open_granted<T: Stored>(&self, granted: &Granted, envelope: Envelope) -> Result<Opened<T>, VaultError> {
        let header = envelope.header;
        // Pair assertion: what was decided on is what is opened.
        let same =
            granted.id() == header.id && granted.version() == header.version && *granted.label() == envelope.label;
        if !same || header.kind != T::KIND {
            return Err(VaultError::Refused(Refusal::Absent));
        }
        self.open_body(envelope)
    }

    /// The one place where a body becomes clear.
    fn open_body<T: Stored>(&self, envelope: Envelope) -> Result<Opened<T>, VaultError> {
        let header = envelope.header;
        let tampered = || VaultError::Tampered(header.id);
        let key = self
            .keys
            .record_key(&*self.engine, &header.label, header.home)
            .map_err(|error| self.key_error(error, header.id))?;
        let head = envelope.value.get(envelope.body_at..).ok_or_else(tampered)?;
        let body = if header.parts == 0 {
            cobblestone::open(&key, &header.context(), head)
        } else {
            cobblestone::open(&key, &header.context(), &self.join_parts(&header, head)?)
        };
        let body = body.map_err(|_unsealable| tampered())?;
        let content = T::read(header.schema, &body).map_err(|_malformed| tampered())?;
        Ok(Opened {
            id: header.id,
            version: header.version,
            label: envelope.label,
            home: header.home,
            author: header.author,
            modified: header.modified,
            content,
        })
    }

    fn join_parts(&self, header: &Header, head: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut sealed = head.to_vec();
        for number in 1..=header.parts {
            let key = rows::part_key(&self.keyring, header.id, header.version, number);
            let row = self.engine.get(Family::Records, &key)?.ok_or(VaultError::Tampered(header.id))?;
            sealed.extend_from_slice(&row.value);
        }
        Ok(sealed)
    }

    /// Makes the key of the working label on its first use. Journalled as an act of its own.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn ensure_label(&self, subject: &Subject) -> Result<(), VaultError> {
        let label = subject.working();
        if self.keys.has(&self.keys.handle(label)) {
            return Ok(());
        }
        let permit = self.monitor.write(subject, Act::LabelKeyMade, &[]).await?;
        let mut batch = crate::store::Batch::new(permit.spend().entry);
        self.keys.make_label(&mut batch, label)?;
        match self.monitor.commit(batch, &[]).await {
            // Another request made it meanwhile: it is there, which is all that is wanted.
            Ok(()) | Err(crate::store::CommitRefused::Conflict) => {}
            Err(_stopped) => return Err(VaultError::Refused(Refusal::Stopped)),
        }
        self.keys.learn(&*self.engine, label).map_err(|error| self.key_error(error, Id::NONE))
    }

    /// What stands under a name at the working label: for repeated requests and external names of this very subject or space.
    /// The content holds identifiers only, never text of a person, and serves the write that is being decided.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn named<T: Stored>(&self, subject: &Subject, name: &[&[u8]]) -> Result<Option<(u64, T)>, VaultError> {
        let handle = self.keys.handle(subject.working());
        let key = rows::named_key(&self.keyring, &handle, name);
        let Some(row) = self.engine.get(Family::Meta, &key)? else { return Ok(None) };
        let id = rows::id_of(&key);
        let Some(envelope) = self.envelope(row, key.bytes(), id)? else { return Ok(None) };
        // Nothing but such notes of ours may be opened without a permit.
        if T::KIND != Kind::Repeat || envelope.header.kind != Kind::Repeat {
            return Err(VaultError::Tampered(id));
        }
        let version = envelope.row_version;
        self.open_body(envelope).map(|opened| Some((version, opened.content)))
    }

    /// A claim on an object, for the monitor: found or not.
    ///
    /// # Errors
    /// As [`Vault::fetch`].
    pub fn claim(
        &self,
        kind: Kind,
        id: Id,
        need: crate::monitor::Need,
    ) -> Result<(Claim, Option<Envelope>), VaultError> {
        let envelope = self.fetch(kind, id)?;
        let found: Option<Target> = envelope.as_ref().map(Envelope::target_with_digest);
        Ok((Claim::new(id, found, need), envelope))
    }
}
