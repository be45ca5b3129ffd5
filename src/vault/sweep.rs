//! What is removed later: the attachments of deleted notes, the chunks of deleted attachments, uploads that nobody
//! finished. A row says what and from when on; it is written in the batch of the act that makes the removal due, so no
//! crash forgets it, and it goes away with the last of what it names. Until then nothing of it can be read: the record,
//! or the note that it is read with, is gone.
//!
//! ```text
//! key   = HMAC("sweep") ‖ time u64 ‖ sort u8 ‖ id
//! value = epoch u32 ‖ frame(header key, key, postcard)
//! ```

use serde::{Deserialize, Serialize};

use super::{
    Draft, Envelope, Kind, LabelHandle, Listing, Scope, Vault, VaultError, WriteError, chunks,
    rows::{half, join, listing_key, listing_prefix},
};
use crate::{
    audit::entry::ObjectRef,
    clock::Time,
    crypto::{Exhausted, Keyring, Purpose, Unsealable, frame, hmac, sha256},
    ids::Id,
    limits,
    store::{Batch, Check, CommitRefused, Direction, Family, Key, KeyRange, Row},
};

/// What is to be removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Sweep {
    /// An upload, if it is not finished by then.
    Upload,
    /// The attachments of a note that is gone, at the note's label.
    Note(LabelHandle),
    /// So many chunks of an object that is gone.
    Chunks(u32),
}

impl Sweep {
    const fn sort(self) -> u8 {
        match self {
            Self::Upload => 1,
            Self::Note(_) => 2,
            Self::Chunks(_) => 3,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Due {
    id: Id,
    what: Sweep,
}

fn prefix(keyring: &Keyring) -> [u8; 16] {
    half(hmac(keyring.row(), &[b"sweep"]))
}

fn row_key(keyring: &Keyring, from: Time, id: Id, what: Sweep) -> Key {
    Key::fixed(join::<41>(&[&prefix(keyring), &from.0.to_be_bytes(), &[what.sort()], id.bytes()]))
}

/// The time in a key.
fn time_of(key: &Key) -> Time {
    Time(key.bytes().get(16..24).and_then(|time| time.try_into().ok()).map_or(0, u64::from_be_bytes))
}

/// What a row says, if it was written for its place.
pub(super) fn open(keyring: &Keyring, key: &Key, row: &Row) -> Result<(Id, Sweep), Unsealable> {
    let (epoch, framed) = row.value.split_at_checked(4).ok_or(Unsealable)?;
    let epoch = u32::from_be_bytes(epoch.try_into().map_err(|_length| Unsealable)?);
    let content = frame::open(keyring.key(epoch, Purpose::Header)?, key.bytes(), framed)?;
    let due: Due = postcard::from_bytes(&content).map_err(|_malformed| Unsealable)?;
    // Pair assertion: the row stands where its content says.
    if row_key(keyring, time_of(key), due.id, due.what) != *key {
        return Err(Unsealable);
    }
    Ok((due.id, due.what))
}

fn put(vault: &Vault, batch: &mut Batch, from: Time, id: Id, what: Sweep) -> Result<(), Exhausted> {
    let key = row_key(&vault.keyring, from, id, what);
    let content = postcard::to_stdvec(&Due { id, what }).map_err(|_never| Exhausted::Entropy)?;
    let secret = vault.keyring.present(Purpose::Header).map_err(|Unsealable| Exhausted::Entropy)?;
    let mut value = vault.keyring.current().to_be_bytes().to_vec();
    value.extend_from_slice(&frame::seal(secret, key.bytes(), &content, &vault.entropy)?);
    batch.put(Family::Listings, key, Row { version: 1, value });
    Ok(())
}

impl Draft<'_> {
    /// Has something removed by the system, from `from` on.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn sweep(&mut self, from: Time, id: Id, what: Sweep) -> Result<(), WriteError> {
        Ok(put(self.vault, &mut self.batch, from, id, what)?)
    }

    /// What was to be removed at `from` is kept.
    pub fn keep(&mut self, from: Time, id: Id, what: Sweep) {
        self.batch.delete(Family::Listings, row_key(&self.vault.keyring, from, id, what));
    }

    /// Has the attachments of a note removed that this draft removes.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn sweep_note(&mut self, note: Id) -> Result<(), WriteError> {
        let from = self.now().plus_ms(limits::SWEEP_DELAY_MS);
        self.sweep(from, note, Sweep::Note(self.handle))
    }

    /// Has the chunks of an attachment removed that this draft removes.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn sweep_content(&mut self, of: &Envelope, bytes: u64) -> Result<(), WriteError> {
        self.sweep(self.now(), of.header.id, Sweep::Chunks(chunks::count(bytes)))
    }
}

impl Vault {
    /// Removes some of what is due, in one batch with one entry; answers how many rows that took.
    ///
    /// # Errors
    /// [`WriteError`]; nothing was removed then, and it stays due.
    pub async fn sweep(&self) -> Result<usize, WriteError> {
        let now = self.clock.now();
        let end = Key::fixed(join::<24>(&[&prefix(&self.keyring), &now.plus_ms(1).0.to_be_bytes()]));
        let range = KeyRange::prefix(&prefix(&self.keyring)).before(&end);
        let due =
            self.engine.snapshot()?.scan(Family::Listings, &range, Direction::Forward, limits::SWEEP_ITEMS_MAX)?;
        if due.is_empty() {
            return Ok(0);
        }
        let mut broom = Broom { vault: self, batch: Batch::new(self.monitor.sweep().spend()), rows: 0, now };
        for (key, row) in &due {
            match open(&self.keyring, key, row) {
                Ok((id, what)) => match broom.take(key, id, what) {
                    Err(WriteError::Vault(VaultError::Tampered(id))) => {
                        tracing::error!(%id, "what is to be removed is not what its row says: run `vigie store verify`");
                    }
                    done => done?,
                },
                // Nothing is removed on the word of such a row.
                Err(Unsealable) => tracing::error!("a row of what is to be removed does not open"),
            }
        }
        let rows = broom.rows;
        if rows == 0 {
            return Ok(0);
        }
        match self.monitor.commit(broom.batch, &[]).await {
            Ok(()) => Ok(rows),
            Err(CommitRefused::Conflict) => Err(WriteError::Conflict),
            Err(CommitRefused::TooLarge) => Err(WriteError::TooLarge),
            Err(CommitRefused::Stopped) => Err(VaultError::Refused(crate::monitor::Refusal::Stopped).into()),
        }
    }
}

/// One batch of removals.
struct Broom<'v> {
    vault: &'v Vault,
    batch: Batch,
    rows: usize,
    now: Time,
}

/// Rows that the removal of one object takes: its record, its place in a list, its progress, what is said of its chunks.
const ROWS_OF_ONE: usize = 4;

impl Broom<'_> {
    fn room(&self) -> usize {
        limits::SWEEP_ROWS_MAX.saturating_sub(self.rows)
    }

    fn delete(&mut self, family: Family, key: Key) {
        self.batch.delete(family, key);
        self.rows = self.rows.saturating_add(1);
    }

    /// Removes what fits of one thing.
    fn take(&mut self, key: &Key, id: Id, what: Sweep) -> Result<(), WriteError> {
        if self.room() <= ROWS_OF_ONE {
            return Ok(());
        }
        match what {
            Sweep::Upload => self.upload(id)?,
            Sweep::Note(label) => {
                if !self.attachments(id, &label)? {
                    return Ok(());
                }
            }
            Sweep::Chunks(count) => {
                let some = count.min(u32::try_from(self.room().saturating_sub(1)).unwrap_or(0));
                let left = count.saturating_sub(some);
                for index in left..count {
                    self.delete(Family::Chunks, chunks::key(&self.vault.keyring, id, index));
                }
                if left > 0 {
                    put(self.vault, &mut self.batch, time_of(key), id, Sweep::Chunks(left))?;
                    self.rows = self.rows.saturating_add(1);
                    return Ok(());
                }
            }
        }
        self.delete(Family::Listings, key.clone());
        Ok(())
    }

    /// An upload that nobody finished. One that was finished, or deleted, meanwhile is left alone.
    fn upload(&mut self, id: Id) -> Result<(), WriteError> {
        let vault = self.vault;
        let Some(upload) = vault.fetch(Kind::Upload, id)? else { return Ok(()) };
        let progress = vault.progress(&upload)?;
        let (header, scope) = (upload.header, Scope::of(upload.header.author.0));
        let prefix = listing_prefix(&vault.keyring, Listing::Uploads, &scope, &header.label);
        self.delete(Family::Listings, listing_key(&prefix, header.modified.0, id));
        let place = chunks::progress_key(&vault.keyring, id);
        // Somebody may be adding to it at this very moment.
        self.batch.check(Check::VersionIs(Family::Chunks, place.clone(), progress.version()));
        self.delete(Family::Chunks, place);
        self.object(&upload, progress.offset())
    }

    /// The attachments of a note; whether these were the last.
    fn attachments(&mut self, note: Id, label: &LabelHandle) -> Result<bool, WriteError> {
        let vault = self.vault;
        let prefix = listing_prefix(&vault.keyring, Listing::Attachments, &Scope::of(note), label);
        let some = self.room().saturating_sub(1).checked_div(ROWS_OF_ONE).unwrap_or(0);
        let listed =
            vault.engine.snapshot()?.scan(Family::Listings, &KeyRange::prefix(&prefix), Direction::Forward, some)?;
        let last = listed.len() < some;
        for (key, _) in listed {
            let id = super::rows::Place::of(&key).id;
            if let Some(attachment) = vault.fetch(Kind::Attachment, id)? {
                self.object(&attachment, attachment.header.extent)?;
            }
            self.delete(Family::Listings, key);
        }
        Ok(last)
    }

    /// The record itself, and later the chunks of `bytes` bytes.
    fn object(&mut self, of: &Envelope, bytes: u64) -> Result<(), WriteError> {
        let (vault, header) = (self.vault, &of.header);
        let digest = Some(sha256(&[&of.value]));
        let object = ObjectRef { id: header.id, version: header.version, digest, label: None };
        self.batch.name(object, vault.monitor.config().policy().stored(&of.label));
        let key = Key::from(header.id);
        self.batch.check(Check::VersionIs(Family::Records, key.clone(), of.row_version));
        self.delete(Family::Records, key);
        put(vault, &mut self.batch, self.now, header.id, Sweep::Chunks(chunks::count(bytes)))?;
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }
}
