//! A stored record whose header was authenticated; its plaintext has no accessor but
//! [`Vault::open`](super::Vault::open), which spends a permit.
//!
//! ```compile_fail
//! // The sealed body cannot be reached.
//! fn peek(envelope: vigie::vault::Envelope) -> Vec<u8> { envelope.value }
//! ```

use super::{header::Header, rows::Place};
use crate::{
    crypto::{Digest, sha256},
    label::Label,
    monitor::Target,
    store::Key,
};

/// A record as fetched: header believed, body still sealed.
#[derive(Debug)]
pub struct Envelope {
    pub(super) header: Header,
    pub(super) label: Label,
    pub(super) value: Vec<u8>,
    /// Where the sealed body starts in `value`.
    pub(super) body_at: usize,
    pub(super) row_version: u64,
    /// The row it stands in, for lists.
    pub(super) key: Option<Key>,
}

impl Envelope {
    /// The authenticated header.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The authentic label.
    pub const fn label(&self) -> &Label {
        &self.label
    }

    /// SHA-256 of the stored bytes, as the journal names them.
    pub fn digest(&self) -> Digest {
        sha256(&[&self.value])
    }

    /// What the monitor decides on, without the digest (lists).
    pub const fn target(&self) -> Target {
        Target {
            id: self.header.id,
            version: self.header.version,
            label: self.label,
            home: self.header.home,
            author: self.header.author,
            digest: None,
        }
    }

    /// What the monitor decides on, with the digest of the stored bytes (reads of one record, changes).
    pub fn target_with_digest(&self) -> Target {
        Target { digest: Some(self.digest()), ..self.target() }
    }

    /// Its place in the listing it was read from: a cursor points behind it.
    pub fn place(&self) -> Option<Place> {
        self.key.as_ref().map(Place::of)
    }
}
