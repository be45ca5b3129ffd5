//! Contents too large for a record: cut into chunks, each sealed alone, written once and read one by one.
//!
//! ```text
//! chunk    = Cobblestone-256(record key, context, u32 length ‖ content ‖ zeros up to a Padmé length)
//! context  = "vigie/chunk/v1" ‖ id ‖ label handle ‖ home ‖ about ‖ index ‖ version
//! progress = a header alone under the last index: `extent` is how many bytes have come, `version` counts the appends
//! ```
//!
//! A chunk opens in its own place only, so none can be exchanged, moved or repeated. All but the last are full and the
//! record says how many bytes there are, so none can be left out or cut off. Content only grows while it is sent: a
//! chunk that was stored while it was not full yet is shorter than it must be, should somebody put it back.

use super::{
    Draft, Envelope, Header, Kind, Opened, Stored, Vault, VaultError, WriteError,
    body::padded_length,
    rows::{half, join},
};
use crate::{
    crypto::{Keyring, Secret, cobblestone, hmac},
    ids::Id,
    limits,
    monitor::{Permit, Read, Refusal},
    store::{Check, Family, Key, Row},
};

const LENGTH_BYTES: usize = 4;
/// Where the progress of an upload stands.
const PROGRESS: u32 = u32::MAX;
/// Bytes in a chunk, as contents are counted.
const CHUNK: u64 = 60 * 1024;
const _: () = assert!(limits::CHUNK_BYTES == 60 * 1024);

/// The contents of one object that a permit opened.
#[derive(Debug)]
pub struct Chunks {
    header: Header,
}

impl Chunks {
    /// Bytes of the whole content.
    pub const fn length(&self) -> u64 {
        self.header.extent
    }
}

/// How far an upload has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    version: u64,
    offset: u64,
}

impl Progress {
    /// Bytes that are stored.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    pub(super) const fn version(&self) -> u64 {
        self.version
    }
}

/// Chunks that `bytes` fill.
pub(super) fn count(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(CHUNK)).unwrap_or(PROGRESS)
}

/// Bytes in a chunk of a content of `extent` bytes; none behind its end.
pub(super) fn length_at(extent: u64, index: u32) -> Option<u64> {
    let start = u64::from(index).checked_mul(CHUNK)?;
    extent.checked_sub(start).filter(|left| *left > 0).map(|left| left.min(CHUNK))
}

pub(super) fn prefix(keyring: &Keyring, id: Id) -> [u8; 16] {
    half(hmac(keyring.row(), &[b"chunk\0", id.bytes()]))
}

pub(super) fn key(keyring: &Keyring, id: Id, index: u32) -> Key {
    Key::fixed(join::<20>(&[&prefix(keyring, id), &index.to_be_bytes()]))
}

pub(super) fn progress_key(keyring: &Keyring, id: Id) -> Key {
    key(keyring, id, PROGRESS)
}

fn context(of: &Header, index: u32, version: u64) -> Vec<u8> {
    let parts = [
        b"vigie/chunk/v1\0".as_slice(),
        of.id.bytes(),
        &of.label,
        of.home.bytes(),
        of.about.bytes(),
        &index.to_be_bytes(),
        &version.to_be_bytes(),
    ];
    parts.concat()
}

/// The content of a stored chunk, if it is the one that belongs there and holds `length` bytes.
pub(super) fn open(secret: &Secret, of: &Header, index: u32, row: &Row, length: u64) -> Option<Vec<u8>> {
    let mut plain = cobblestone::open(secret, &context(of, index, row.version), &row.value).ok()?;
    let said = u32::from_be_bytes(*plain.first_chunk::<LENGTH_BYTES>()?);
    let end = usize::try_from(said).ok()?.checked_add(LENGTH_BYTES)?;
    if u64::from(said) != length || plain.get(end..)?.iter().any(|byte| *byte != 0) {
        return None;
    }
    plain.truncate(end);
    plain.drain(..LENGTH_BYTES);
    Some(plain)
}

impl Chunks {
    pub(super) const fn of(envelope: &Envelope) -> Self {
        Self { header: envelope.header }
    }
}

impl Vault {
    /// Opens a record and its chunks with the permit to read it.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_with_chunks<T: Stored>(
        &self,
        permit: Permit<Read>,
        envelope: Envelope,
    ) -> Result<(Opened<T>, Chunks), VaultError> {
        let header = envelope.header;
        Ok((self.open(permit, envelope)?, Chunks { header }))
    }

    /// The chunk in which byte `at` of a content stands, from that byte on; empty behind the end.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when it is missing or not the one that belongs there.
    pub fn chunk(&self, of: &Chunks, at: u64) -> Result<Vec<u8>, VaultError> {
        let header = &of.header;
        let index = u32::try_from(at.checked_div(CHUNK).unwrap_or(0)).unwrap_or(PROGRESS);
        let Some(length) = length_at(header.extent, index) else { return Ok(Vec::new()) };
        let mut content = self.open_chunk(header, index, length)?;
        let skipped = usize::try_from(at.checked_rem(CHUNK).unwrap_or(0)).unwrap_or(0);
        content.drain(..skipped.min(content.len()));
        Ok(content)
    }

    /// The first bytes of a content, `most` of them.
    ///
    /// # Errors
    /// As [`Vault::chunk`].
    pub fn first_bytes(&self, of: &Chunks, most: usize) -> Result<Vec<u8>, VaultError> {
        let mut bytes = Vec::new();
        while bytes.len() < most {
            let at = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let more = self.chunk(of, at)?;
            if more.is_empty() {
                break;
            }
            bytes.extend_from_slice(&more);
        }
        bytes.truncate(most);
        Ok(bytes)
    }

    fn open_chunk(&self, header: &Header, index: u32, length: u64) -> Result<Vec<u8>, VaultError> {
        let secret = self
            .keys
            .record_key(&*self.engine, &header.label, header.home)
            .map_err(|error| self.key_error(error, header.id))?;
        let Some(row) = self.engine.get(Family::Chunks, &key(&self.keyring, header.id, index))? else {
            return Err(self.lost(header)?);
        };
        open(&secret, header, index, &row, length).ok_or(VaultError::Tampered(header.id))
    }

    /// What a missing row means: its object has gone, or changed, since it was fetched; or the row alone is missing.
    fn lost(&self, header: &Header) -> Result<VaultError, VaultError> {
        let present = self.fetch(header.kind, header.id)?;
        Ok(match present.is_some_and(|present| present.header.version == header.version) {
            true => VaultError::Tampered(header.id),
            false => VaultError::Refused(Refusal::Absent),
        })
    }

    /// How far an upload has come. A header alone: nothing is opened.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when its row is missing or not its own; refused when the upload has gone meanwhile.
    pub fn progress(&self, upload: &Envelope) -> Result<Progress, VaultError> {
        let id = upload.header.id;
        let place = progress_key(&self.keyring, id);
        let Some(row) = self.engine.get(Family::Chunks, &place)? else { return Err(self.lost(&upload.header)?) };
        let (header, _epoch, _body_at) =
            Header::open(&self.keyring, place.bytes(), &row.value).map_err(|_unsealable| VaultError::Tampered(id))?;
        let ours = header.kind == Kind::Progress && header.id == id && header.version == row.version;
        if !ours || header.extent > upload.header.extent {
            return Err(VaultError::Tampered(id));
        }
        Ok(Progress { version: header.version, offset: header.extent })
    }
}

impl Draft<'_> {
    /// Begins the content of a new upload, with its record.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn begin_content(&mut self, upload: &Header) -> Result<(), WriteError> {
        let place = progress_key(&self.vault.keyring, upload.id);
        self.batch.check(Check::Absent(Family::Chunks, place));
        self.put_progress(upload, Progress { version: 1, offset: 0 })
    }

    fn put_progress(&mut self, upload: &Header, progress: Progress) -> Result<(), WriteError> {
        let place = progress_key(&self.vault.keyring, upload.id);
        let header =
            Header { kind: Kind::Progress, version: progress.version, extent: progress.offset, parts: 0, ..*upload };
        let value = header.seal(&self.vault.keyring, place.bytes(), &[], &self.vault.entropy)?;
        self.batch.put(Family::Chunks, place, Row { version: progress.version, value });
        Ok(())
    }

    /// Adds bytes behind those that are stored, if nobody else added any meanwhile.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn append(&mut self, upload: &Envelope, from: Progress, bytes: &[u8]) -> Result<(), WriteError> {
        let header = upload.header;
        self.same_content(upload, from)?;
        let next = Progress {
            version: from.version.saturating_add(1),
            offset: from.offset.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
        };
        let first = u32::try_from(from.offset.checked_div(CHUNK).unwrap_or(0)).unwrap_or(PROGRESS);
        let begun = from.offset.checked_rem(CHUNK).unwrap_or(0);
        // A chunk that is not full yet is written anew, with what it held.
        let mut content = if begun == 0 { Vec::new() } else { self.vault.open_chunk(&header, first, begun)? };
        let whole = if content.is_empty() {
            bytes
        } else {
            content.extend_from_slice(bytes);
            &content
        };
        let secret = self.vault.keys.record_key(&*self.vault.engine, &header.label, header.home);
        let secret = secret.map_err(|error| self.vault.key_error(error, header.id))?;
        for (index, piece) in (first..PROGRESS).zip(whole.chunks(limits::CHUNK_BYTES)) {
            let length = u32::try_from(piece.len()).map_err(|_too_long| WriteError::TooLarge)?;
            let mut plain = Vec::with_capacity(LENGTH_BYTES.saturating_add(limits::CHUNK_BYTES));
            plain.extend_from_slice(&length.to_be_bytes());
            plain.extend_from_slice(piece);
            if piece.len() < limits::CHUNK_BYTES {
                let padded = padded_length(plain.len()).min(LENGTH_BYTES.saturating_add(limits::CHUNK_BYTES));
                plain.resize(padded, 0);
            }
            let context = context(&header, index, next.version);
            let value = cobblestone::seal(&secret, &context, &plain, &self.vault.entropy)?;
            self.batch.put(
                Family::Chunks,
                key(&self.vault.keyring, header.id, index),
                Row { version: next.version, value },
            );
        }
        self.put_progress(&header, next)
    }

    /// Ends the sending of a content that is whole: nothing can be added any more.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn end_content(&mut self, upload: &Envelope, at: Progress) -> Result<(), WriteError> {
        self.same_content(upload, at)?;
        self.batch.delete(Family::Chunks, progress_key(&self.vault.keyring, upload.header.id));
        Ok(())
    }

    /// The upload is still there, as is its progress: of two who add at once, one is told that it came too late.
    fn same_content(&mut self, upload: &Envelope, at: Progress) -> Result<(), WriteError> {
        self.same_label(upload)?;
        let place = progress_key(&self.vault.keyring, upload.header.id);
        self.batch.check(Check::VersionIs(Family::Records, Key::from(upload.header.id), upload.row_version));
        self.batch.check(Check::VersionIs(Family::Chunks, place, at.version));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{clock::Time, crypto::Entropy, ids::AccountId};

    fn header(id: u8, extent: u64) -> Header {
        Header {
            kind: Kind::Attachment,
            schema: 1,
            parts: 0,
            version: 2,
            modified: Time(0),
            label: [1; 16],
            id: Id::from_bytes([id; 16]),
            home: Id::from_bytes([3; 16]),
            author: AccountId(Id::from_bytes([4; 16])),
            about: Id::from_bytes([5; 16]),
            extent,
        }
    }

    fn sealed(secret: &Secret, of: &Header, index: u32, version: u64, content: &[u8]) -> Row {
        let mut plain = u32::try_from(content.len()).unwrap().to_be_bytes().to_vec();
        plain.extend_from_slice(content);
        plain.resize(padded_length(plain.len()), 0);
        let value = cobblestone::seal(secret, &context(of, index, version), &plain, &Entropy::default()).unwrap();
        Row { version, value }
    }

    proptest! {
        #[test]
        fn the_chunks_of_a_content_are_its_length(extent in 0..=limits::ATTACHMENT_BYTES_MAX) {
            let chunks = count(extent);
            let sum: u64 = (0..chunks).map(|index| length_at(extent, index).unwrap()).sum();
            prop_assert_eq!(sum, extent);
            prop_assert_eq!(length_at(extent, chunks), None);
        }

        #[test]
        fn a_chunk_opens_in_its_place_and_whole_alone(content in proptest::collection::vec(any::<u8>(), 1..600), at: u16) {
            let secret = Secret::new(&mut [9; 32]).unwrap();
            let (here, other) = (header(1, 600), header(2, 600));
            let length = u64::try_from(content.len()).unwrap();
            let row = sealed(&secret, &here, 7, 3, &content);
            prop_assert_eq!(open(&secret, &here, 7, &row, length), Some(content));
            prop_assert_eq!(open(&secret, &other, 7, &row, length), None);
            prop_assert_eq!(open(&secret, &here, 8, &row, length), None);
            prop_assert_eq!(open(&secret, &here, 7, &Row { version: 4, ..row.clone() }, length), None);
            prop_assert_eq!(open(&secret, &here, 7, &row, length.saturating_add(1)), None);
            let mut bent = row.clone();
            let at = usize::from(at).checked_rem(bent.value.len()).unwrap();
            bent.value[at] ^= 1;
            prop_assert_eq!(open(&secret, &here, 7, &bent, length), None);
            let mut cut = row;
            cut.value.truncate(at);
            prop_assert_eq!(open(&secret, &here, 7, &cut, length), None);
        }
    }
}
