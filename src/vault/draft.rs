//! A write under way: a permit goes in, records are sealed at its label, a batch comes out.
//!
//! Whatever is sealed here bears the working label of the writer, because the label is
//! taken from the permit and from nowhere else (DESIGN §1: computed, never chosen).

use super::{
    Envelope, Header, Opened, Stored, Vault, VaultError, body,
    rows::{self, Listing, Scope},
};
use crate::{
    audit::entry::ObjectRef,
    clock::Time,
    crypto::{cobblestone, sha256},
    ids::{AccountId, Id},
    label::Label,
    limits,
    monitor::{Permit, RollChange, Write},
    store::{Batch, Check, CommitRefused, Family, Key, Row},
    vault::LabelHandle,
};

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// The object changed meanwhile.
    Conflict,
    /// More than the store takes at once.
    TooLarge,
    /// The version that the change was made from is not the present one.
    Stale(u64),
    /// Anything that reading can meet too.
    Vault(VaultError),
}

impl<E: Into<VaultError>> From<E> for WriteError {
    fn from(error: E) -> Self {
        Self::Vault(error.into())
    }
}

/// A write under way.
#[derive(Debug)]
#[must_use = "a draft that is not committed writes nothing"]
pub struct Draft<'v> {
    pub(super) vault: &'v Vault,
    pub(super) batch: Batch,
    label: Label,
    pub(super) handle: LabelHandle,
    text: String,
    now: Time,
    changes: Vec<RollChange>,
    fresh_homes: Vec<(Id, Vec<u8>)>,
}

impl Vault {
    /// Spends a write permit and starts a draft.
    pub fn draft(&self, permit: Permit<Write>) -> Draft<'_> {
        let mandate = permit.spend();
        let text = self.monitor.config().policy().stored(&mandate.label);
        Draft {
            vault: self,
            label: mandate.label,
            handle: self.keys.handle(&mandate.label),
            text,
            now: mandate.entry.time,
            batch: Batch::new(mandate.entry),
            changes: Vec::new(),
            fresh_homes: Vec::new(),
        }
    }
}

impl Draft<'_> {
    /// When the act was decided: what new records bear as their time.
    pub const fn now(&self) -> Time {
        self.now
    }

    /// The label that everything in this draft bears.
    pub const fn label(&self) -> &Label {
        &self.label
    }

    /// Gives a new space or conversation its salt. Before anything is sealed in it.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn open_home(&mut self, home: Id) -> Result<(), WriteError> {
        let salt = self.vault.keys.make_salt(&mut self.batch, home)?;
        self.fresh_homes.push((home, salt));
        Ok(())
    }

    /// Destroys the salt of a home whose last record goes with this batch.
    pub fn close_home(&mut self, home: Id) {
        self.vault.keys.forget_salt(&mut self.batch, home);
    }

    /// Enrols or removes a member with the batch.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn enrol(&mut self, change: RollChange) -> Result<(), WriteError> {
        self.vault.monitor.enrol(&mut self.batch, change)?;
        self.changes.push(change);
        Ok(())
    }

    /// Writes a new object.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn create<T: Stored>(
        &mut self,
        id: Id,
        home: Id,
        author: AccountId,
        content: &T,
    ) -> Result<Header, WriteError> {
        let header = self.header::<T>(id, 1, home, author);
        self.batch.check(Check::Absent(Family::Records, Key::from(id)));
        self.record(header, content)
    }

    /// Writes a new object that belongs to `about` and will have `extent` bytes in chunks.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn create_about<T: Stored>(
        &mut self,
        id: Id,
        about: &Envelope,
        extent: u64,
        author: AccountId,
        content: &T,
    ) -> Result<Header, WriteError> {
        self.same_label(about)?;
        let header = self.header::<T>(id, 1, about.header.home, author);
        let header = Header { about: about.header.id, extent, ..header };
        self.batch.check(Check::Absent(Family::Records, Key::from(id)));
        self.record(header, content)
    }

    /// Replaces the record of an object by its next version.
    ///
    /// # Errors
    /// [`WriteError`]; refused when the envelope bears another label than the draft.
    pub fn replace<T: Stored>(&mut self, old: &Envelope, content: &T) -> Result<Header, WriteError> {
        self.same_label(old)?;
        let version = old.header.version.saturating_add(1);
        let header = self.header::<T>(old.header.id, version, old.header.home, old.header.author);
        let header = Header { about: old.header.about, extent: old.header.extent, ..header };
        self.batch.check(Check::VersionIs(Family::Records, Key::from(old.header.id), old.row_version));
        self.record(header, content)
    }

    /// Keeps an old version as it is, unopened, in its revision row.
    pub fn keep_revision(&mut self, old: &Envelope) {
        let key = rows::revision_key(&self.vault.keyring, old.header.id, old.header.version);
        self.batch.put(Family::Records, key, Row { version: old.row_version, value: old.value.clone() });
    }

    /// Removes an object's record and its long body.
    ///
    /// # Errors
    /// As [`Draft::replace`].
    pub fn remove(&mut self, old: &Envelope) -> Result<(), WriteError> {
        self.same_label(old)?;
        self.batch.check(Check::VersionIs(Family::Records, Key::from(old.header.id), old.row_version));
        self.batch.delete(Family::Records, Key::from(old.header.id));
        self.remove_parts(&old.header);
        Ok(())
    }

    /// Removes a kept old version.
    ///
    /// # Errors
    /// As [`Draft::replace`].
    pub fn remove_revision(&mut self, old: &Envelope) -> Result<(), WriteError> {
        self.same_label(old)?;
        let key = rows::revision_key(&self.vault.keyring, old.header.id, old.header.version);
        self.batch.delete(Family::Records, key);
        self.remove_parts(&old.header);
        Ok(())
    }

    /// Removes the long body of a version that is replaced and not kept.
    pub fn forget_parts(&mut self, old: &Envelope) {
        self.remove_parts(&old.header);
    }

    fn remove_parts(&mut self, header: &Header) {
        for number in 1..=header.parts {
            let key = rows::part_key(&self.vault.keyring, header.id, header.version, number);
            self.batch.delete(Family::Records, key);
        }
    }

    /// Puts an object into a listing, in the place that `order` gives it.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn list<T: Stored>(
        &mut self,
        listing: Listing,
        scope: &Scope,
        order: u64,
        of: &Header,
        card: &T,
    ) -> Result<(), WriteError> {
        let header = Header { kind: T::KIND, schema: T::SCHEMA, parts: 0, ..*of };
        let prefix = rows::listing_prefix(&self.vault.keyring, listing, scope, &self.handle);
        let key = rows::listing_key(&prefix, order, of.id);
        let sealed = self.seal(&header, card)?;
        if sealed.len() > limits::PART_BYTES {
            return Err(WriteError::TooLarge);
        }
        let value = header.seal(&self.vault.keyring, key.bytes(), &sealed, &self.vault.entropy)?;
        self.batch.put(Family::Listings, key, Row { version: header.version, value });
        Ok(())
    }

    /// Takes an object out of a listing.
    pub fn unlist(&mut self, listing: Listing, scope: &Scope, order: u64, id: Id) {
        let prefix = rows::listing_prefix(&self.vault.keyring, listing, scope, &self.handle);
        self.batch.delete(Family::Listings, rows::listing_key(&prefix, order, id));
    }

    /// Writes a row under a name of its own, if `check` holds; the name is bound to the draft's label.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn put_named<T: Stored>(
        &mut self,
        name: &[&[u8]],
        old: Option<u64>,
        author: AccountId,
        content: &T,
    ) -> Result<(), WriteError> {
        let key = rows::named_key(&self.vault.keyring, &self.handle, name);
        let version = old.map_or(1, |version| version.saturating_add(1));
        let header = self.header::<T>(rows::id_of(&key), version, Id::NONE, author);
        let sealed = self.seal(&header, content)?;
        let value = header.seal(&self.vault.keyring, key.bytes(), &sealed, &self.vault.entropy)?;
        self.batch.check(match old {
            None => Check::Absent(Family::Meta, key.clone()),
            Some(version) => Check::VersionIs(Family::Meta, key.clone(), version),
        });
        self.batch.put(Family::Meta, key, Row { version, value });
        Ok(())
    }

    /// Removes a named row.
    pub fn forget_named(&mut self, name: &[&[u8]]) {
        let key = rows::named_key(&self.vault.keyring, &self.handle, name);
        self.batch.delete(Family::Meta, key);
    }

    /// What the caller answers with once the draft is committed: the content it wrote, with its header.
    pub const fn opened<T: Stored>(&self, header: &Header, content: T) -> Opened<T> {
        Opened {
            id: header.id,
            version: header.version,
            label: self.label,
            home: header.home,
            author: header.author,
            modified: header.modified,
            content,
        }
    }

    /// Makes everything durable at once.
    ///
    /// # Errors
    /// [`WriteError`]; nothing was written then.
    pub async fn commit(self) -> Result<(), WriteError> {
        match self.vault.monitor.commit(self.batch, &self.changes).await {
            Ok(()) => Ok(()),
            Err(CommitRefused::Conflict) => Err(WriteError::Conflict),
            Err(CommitRefused::TooLarge) => Err(WriteError::TooLarge),
            Err(CommitRefused::Stopped) => {
                Err(WriteError::Vault(VaultError::Refused(crate::monitor::Refusal::Stopped)))
            }
        }
    }

    const fn header<T: Stored>(&self, id: Id, version: u64, home: Id, author: AccountId) -> Header {
        Header {
            kind: T::KIND,
            schema: T::SCHEMA,
            parts: 0,
            version,
            modified: self.now,
            label: self.handle,
            id,
            home,
            author,
            about: Id::NONE,
            extent: 0,
        }
    }

    pub(super) fn same_label(&self, old: &Envelope) -> Result<(), WriteError> {
        if old.label == self.label {
            Ok(())
        } else {
            Err(WriteError::Vault(VaultError::Refused(crate::monitor::Refusal::Absent)))
        }
    }

    fn record<T: Stored>(&mut self, mut header: Header, content: &T) -> Result<Header, WriteError> {
        // The number of parts is in the context, so it must be known before the seal.
        let packed = body::pack(content).map_err(|body::Malformed| WriteError::TooLarge)?;
        let sealed_bytes = cobblestone::sealed_length(packed.len());
        let parts = sealed_bytes.saturating_sub(1).checked_div(limits::PART_BYTES).unwrap_or(0);
        header.parts = u8::try_from(parts).map_err(|_too_many| WriteError::TooLarge)?;
        let sealed = self.seal_packed(&header, &packed)?;
        let mut chunks = sealed.chunks(limits::PART_BYTES);
        let head = chunks.next().unwrap_or_default();
        let place = rows::record_place(header.id);
        let value = header.seal(&self.vault.keyring, &place, head, &self.vault.entropy)?;
        let object = ObjectRef { id: header.id, version: header.version, digest: Some(sha256(&[&value])), label: None };
        self.batch.name(object, self.text.clone());
        self.batch.put(Family::Records, Key::from(header.id), Row { version: header.version, value });
        for (number, chunk) in (1..=header.parts).zip(chunks) {
            let key = rows::part_key(&self.vault.keyring, header.id, header.version, number);
            self.batch.put(Family::Records, key, Row { version: header.version, value: chunk.to_vec() });
        }
        Ok(header)
    }

    fn seal<T: Stored>(&self, header: &Header, content: &T) -> Result<Vec<u8>, WriteError> {
        let packed = body::pack(content).map_err(|body::Malformed| WriteError::TooLarge)?;
        self.seal_packed(header, &packed)
    }

    fn seal_packed(&self, header: &Header, packed: &[u8]) -> Result<Vec<u8>, WriteError> {
        let vault = self.vault;
        let fresh = self.fresh_homes.iter().find(|(home, _)| *home == header.home);
        let key = match fresh {
            // The salt is in this very batch, not yet in the store.
            Some((home, salt)) => vault.keys.fresh_record_key(&self.handle, *home, salt),
            None => vault.keys.record_key(&*vault.engine, &self.handle, header.home),
        };
        let key = key.map_err(|error| vault.key_error(error, header.id))?;
        Ok(cobblestone::seal(&key, &header.context(), packed, &vault.entropy)?)
    }
}
