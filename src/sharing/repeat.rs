//! Requests sent twice, and names that imported things bear elsewhere.
//!
//! Both are rows under an HMAC of (label, name): a name used at a high label is
//! unknown at a lower one, so nobody learns of it by trying (LEAKS T24, T28). The row
//! is written in the batch of what it names.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Time,
    crypto::{Digest, sha256},
    identity::Subject,
    ids::Id,
    limits,
    vault::{Draft, Kind, Stored, Vault, VaultError, WriteError},
};

/// What a name stands for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Named {
    /// The object.
    pub id: Id,
    /// SHA-256 of what was sent: the same again changes nothing, another under the same key is refused.
    pub digest: Digest,
    /// When.
    pub time: Time,
}

impl Stored for Named {
    const KIND: Kind = Kind::Repeat;
    const SCHEMA: u8 = 1;
}

/// A name to look up or to keep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    parts: Vec<Vec<u8>>,
    digest: Digest,
    /// Version of the row that is replaced; none when the name is new.
    old: Option<u64>,
}

impl Name {
    /// The name of an imported link in a space: notes and links may bear the same.
    pub fn external_link(space: Id, name: &str) -> Self {
        #[cfg(feature = "exam")]
        let space = if crate::exam::planted(crate::exam::Leak::LinkNamesShared) { Id::NONE } else { space };
        Self::of(&[b"external-link\0", space.bytes(), name.as_bytes()])
    }

    /// The name of an imported note in a space.
    pub fn external(home: Id, name: &str) -> Self {
        Self::of(&[b"external\0", home.bytes(), name.as_bytes()])
    }

    /// The `Idempotency-Key` of a request of this person: one space of names each, kept for a day.
    pub fn request(subject: &Subject, key: &str) -> Self {
        Self::of(&[b"request\0", subject.id().id().bytes(), &subject.fingerprint().digest().0, key.as_bytes()])
    }

    fn of(parts: &[&[u8]]) -> Self {
        Self { parts: parts.iter().map(|part| part.to_vec()).collect(), digest: sha256(&[]), old: None }
    }

    /// With what was sent under the name.
    #[must_use]
    pub fn saying(mut self, sent: &[u8]) -> Self {
        self.digest = sha256(&[sent]);
        self
    }

    /// The digest of what was sent.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    fn parts(&self) -> Vec<&[u8]> {
        self.parts.iter().map(Vec::as_slice).collect()
    }

    /// What the name stands for at the working label, remembering the row for a later [`Name::put`].
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn find(&mut self, vault: &Vault, subject: &Subject) -> Result<Option<Named>, VaultError> {
        let found: Option<(u64, Named)> = vault.named(subject, &self.parts())?;
        self.old = found.as_ref().map(|(version, _)| *version);
        Ok(found.map(|(_, named)| named))
    }

    /// As [`Name::find`], but what is older than a day counts as gone.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn find_recent(&mut self, vault: &Vault, subject: &Subject) -> Result<Option<Named>, VaultError> {
        let now = vault.clock().now();
        Ok(self.find(vault, subject)?.filter(|named| now.ms_since(named.time) < limits::REPEAT_MS_MAX))
    }

    /// Keeps the name with the draft's batch.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn put(&self, draft: &mut Draft<'_>, subject: &Subject, id: Id) -> Result<(), WriteError> {
        let named = Named { id, digest: self.digest, time: draft.now() };
        draft.put_named(&self.parts(), self.old, subject.id(), &named)
    }

    /// Forgets the name with the draft's batch.
    pub fn forget(&self, draft: &mut Draft<'_>) {
        draft.forget_named(&self.parts());
    }
}
