//! What `vigie store verify` may know of stored rows: that each header opens where it stands and says what it should,
//! and that each body opens. Never what a body says: no function here answers a plaintext.

use zeroize::Zeroize;

use super::{
    Header, KeyError, Keys, Kind, Listing, Scope, Sweep, chunks,
    rows::{self, Place},
    sweep,
};
use crate::{
    crypto::{Digest, Keyring, Unsealable, cobblestone, sha256},
    ids::Id,
    store::{Engine, EngineError, Family, Key, Row},
};

/// A row whose header is authentic.
#[derive(Debug, Clone, Copy)]
pub struct Inspected {
    /// The header.
    pub header: Header,
    /// SHA-256 of the stored bytes, as the journal names them.
    pub digest: Digest,
    body_at: usize,
}

/// What became of an attempt to open a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// It opens.
    Opens,
    /// The key of its label or home is not here: destroyed, or never unsealed.
    NoKey,
    /// It does not open, or a part of it is missing.
    Damaged,
}

/// Reads rows without opening them to anybody.
pub struct Inspector<'a> {
    engine: &'a dyn Engine,
    keyring: &'a Keyring,
    keys: &'a Keys,
}

impl<'a> Inspector<'a> {
    /// An inspector of this store.
    pub const fn new(engine: &'a dyn Engine, keyring: &'a Keyring, keys: &'a Keys) -> Self {
        Self { engine, keyring, keys }
    }

    /// The present record of an object, standing under its identifier.
    ///
    /// # Errors
    /// [`Unsealable`] for a header that was not sealed for this row, object and version.
    pub fn record(&self, id: Id, row: &Row) -> Result<Inspected, Unsealable> {
        let found = self.open(&rows::record_place(id), row)?;
        if found.header.id == id { Ok(found) } else { Err(Unsealable) }
    }

    /// An old version of an object, standing in its revision row.
    ///
    /// # Errors
    /// As [`Inspector::record`].
    pub fn revision(&self, id: Id, key: &Key, row: &Row) -> Result<Inspected, Unsealable> {
        let found = self.record(id, row)?;
        let place = rows::revision_key(self.keyring, id, found.header.version);
        if place == *key { Ok(found) } else { Err(Unsealable) }
    }

    /// A row of a list.
    ///
    /// # Errors
    /// As [`Inspector::record`].
    pub fn listed(&self, key: &Key, row: &Row) -> Result<Inspected, Unsealable> {
        let found = self.open(key.bytes(), row)?;
        if found.header.id == Place::of(key).id { Ok(found) } else { Err(Unsealable) }
    }

    /// A row under a name of its own.
    ///
    /// # Errors
    /// As [`Inspector::record`].
    pub fn named(&self, key: &Key, row: &Row) -> Result<Inspected, Unsealable> {
        let found = self.open(key.bytes(), row)?;
        let fits = found.header.kind == Kind::Repeat && found.header.id == rows::id_of(key);
        if fits { Ok(found) } else { Err(Unsealable) }
    }

    fn open(&self, place: &[u8], row: &Row) -> Result<Inspected, Unsealable> {
        let (header, _epoch, body_at) = Header::open(self.keyring, place, &row.value)?;
        if header.version != row.version {
            return Err(Unsealable);
        }
        Ok(Inspected { header, digest: sha256(&[&row.value]), body_at })
    }

    /// Whether the body of a row opens, its further parts included. What it says is wiped unseen.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn body(&self, of: &Inspected, row: &Row) -> Result<Body, EngineError> {
        let header = &of.header;
        let key = match self.keys.record_key(self.engine, &header.label, header.home) {
            Ok(key) => key,
            Err(KeyError::Missing | KeyError::Exhausted(_)) => return Ok(Body::NoKey),
            Err(KeyError::Tampered) => return Ok(Body::Damaged),
            Err(KeyError::Engine(error)) => return Err(error),
        };
        let mut sealed = row.value.get(of.body_at..).unwrap_or_default().to_vec();
        for place in self.parts(header) {
            match self.engine.get(Family::Records, &place)? {
                Some(part) if part.version == header.version => sealed.extend_from_slice(&part.value),
                Some(_) | None => return Ok(Body::Damaged),
            }
        }
        match cobblestone::open(&key, &header.context(), &sealed) {
            Ok(mut plaintext) => {
                plaintext.zeroize();
                Ok(Body::Opens)
            }
            Err(Unsealable) => Ok(Body::Damaged),
        }
    }

    /// Whether a chunk is the one that belongs there: sealed for its object and index, and as long as it must be.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn chunk(&self, of: &Header, index: u32, row: &Row) -> Result<Body, EngineError> {
        let Some(length) = chunks::length_at(of.extent, index) else { return Ok(Body::Damaged) };
        let key = match self.keys.record_key(self.engine, &of.label, of.home) {
            Ok(key) => key,
            Err(KeyError::Missing | KeyError::Exhausted(_)) => return Ok(Body::NoKey),
            Err(KeyError::Tampered) => return Ok(Body::Damaged),
            Err(KeyError::Engine(error)) => return Err(error),
        };
        match chunks::open(&key, of, index, row, length) {
            Some(mut content) => {
                content.zeroize();
                Ok(Body::Opens)
            }
            None => Ok(Body::Damaged),
        }
    }

    /// How many bytes of an upload have come, as its own row says; none without a row that is its own.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn progress(&self, upload: &Header) -> Result<Option<u64>, EngineError> {
        let key = chunks::progress_key(self.keyring, upload.id);
        let Some(row) = self.engine.get(Family::Chunks, &key)? else { return Ok(None) };
        let Ok(found) = self.open(key.bytes(), &row) else { return Ok(None) };
        let found = found.header;
        let fits = found.kind == Kind::Progress && found.id == upload.id && found.extent <= upload.extent;
        Ok(fits.then_some(found.extent))
    }

    /// What is to be removed, and of which object.
    ///
    /// # Errors
    /// As [`Inspector::record`].
    pub fn sweep(&self, key: &Key, row: &Row) -> Result<(Id, Sweep), Unsealable> {
        sweep::open(self.keyring, key, row)
    }

    /// How the rows of an object's chunks begin.
    pub fn chunks_begin(&self, id: Id) -> [u8; 16] {
        chunks::prefix(self.keyring, id)
    }

    /// Chunks of a content.
    pub fn chunks_of(&self, header: &Header) -> u32 {
        chunks::count(header.extent)
    }

    /// Where the further parts of a long body stand.
    pub fn parts(&self, header: &Header) -> Vec<Key> {
        (1..=header.parts).map(|number| rows::part_key(self.keyring, header.id, header.version, number)).collect()
    }

    /// How the rows of an object's old versions begin.
    pub fn revisions_begin(&self, id: Id) -> [u8; 16] {
        rows::revision_prefix(self.keyring, id)
    }

    /// Where the card of a note stands in the list of its space.
    pub fn card(&self, note: &Header) -> Key {
        let prefix = rows::listing_prefix(self.keyring, Listing::SpaceNotes, &Scope::of(note.home), &note.label);
        rows::listing_key(&prefix, note.modified.0, note.id)
    }
}
