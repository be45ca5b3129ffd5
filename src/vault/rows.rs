//! Where rows stand. Every key is a random identifier or an HMAC of a logical key.
//!
//! ```text
//! record    id                                              random
//! revision  HMAC(id) ‖ version                              old versions, moved here unopened
//! part      HMAC(id, version) ‖ number                      the end of a long body
//! listing   HMAC(listing, scope, label) ‖ order ‖ id        one partition a label: a low list never walks high rows
//! chunk     HMAC(id) ‖ index                                 contents of attachments; the last index is the progress
//! sweep     HMAC("sweep") ‖ time ‖ sort ‖ id                 what is to be removed, and when
//! ```

use crate::{
    crypto::{Keyring, hmac},
    ids::Id,
    store::{Direction, Key, KeyRange},
    vault::LabelHandle,
};

/// The ordered lists that are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Listing {
    /// Note cards of a space, by last change.
    SpaceNotes,
    /// Links that start from a note.
    LinksOut,
    /// Links that lead to a note.
    LinksIn,
    /// Mentions of a title (`[[…]]`) in notes.
    Mentions,
    /// Notes that bear a title.
    Titles,
    /// Conversations of a note, a space, or an account.
    Conversations,
    /// Messages of a conversation.
    Messages,
    /// Note cards of a space, by the day they are to be looked at again.
    Reviews,
    /// Note cards of a space's templates.
    Templates,
    /// Texts in which a person is named.
    Calls,
    /// What a person is writing.
    Sketches,
    /// Attachments of a note.
    Attachments,
    /// Unfinished uploads of an account.
    Uploads,
    /// Watches of a space, or of an account.
    Watches,
    /// What an account has seen of watches.
    Marks,
}

impl Listing {
    const fn tag(self) -> &'static [u8] {
        match self {
            Self::SpaceNotes => b"space-notes\0",
            Self::LinksOut => b"links-out\0",
            Self::LinksIn => b"links-in\0",
            Self::Mentions => b"mentions\0",
            Self::Titles => b"titles\0",
            Self::Conversations => b"conversations\0",
            Self::Messages => b"messages\0",
            Self::Reviews => b"reviews\0",
            Self::Templates => b"templates\0",
            Self::Calls => b"calls\0",
            Self::Sketches => b"sketches\0",
            Self::Attachments => b"attachments\0",
            Self::Uploads => b"uploads\0",
            Self::Watches => b"watches\0",
            Self::Marks => b"marks\0",
        }
    }

    /// The order people read it in: newest first; titles oldest first (an older bearer of a title keeps it),
    /// attachments as they came, reviews by the nearest day.
    pub const fn direction(self) -> Direction {
        match self {
            Self::Titles | Self::Attachments | Self::Uploads | Self::Reviews => Direction::Forward,
            Self::SpaceNotes
            | Self::LinksOut
            | Self::LinksIn
            | Self::Mentions
            | Self::Conversations
            | Self::Messages
            | Self::Templates
            | Self::Calls
            | Self::Sketches
            | Self::Watches
            | Self::Marks => Direction::Backward,
        }
    }
}

/// What a list is a list of: the notes of a space, the bearers of a title.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope(Vec<u8>);

impl Scope {
    /// Of an object.
    pub fn of(id: Id) -> Self {
        Self(id.bytes().to_vec())
    }

    /// Of a name, already folded.
    pub fn named(name: &str) -> Self {
        Self([b"name\0".as_slice(), name.as_bytes()].concat())
    }
}

/// A place in a listing: its order, then the identifier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// What it is sorted by: a time in milliseconds.
    pub order: u64,
    /// The object.
    pub id: Id,
}

impl Place {
    pub(super) fn of(key: &Key) -> Self {
        let bytes = key.bytes();
        let order = bytes.get(16..24).and_then(|order| order.try_into().ok()).map_or(0, u64::from_be_bytes);
        let id = bytes.get(24..40).and_then(|id| id.try_into().ok()).map_or(Id::NONE, Id::from_bytes);
        Self { order, id }
    }
}

pub(super) fn half(whole: [u8; 32]) -> [u8; 16] {
    let mut first = [0; 16];
    first.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    first
}

pub(super) fn join<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.iter_mut().zip(parts.iter().copied().flatten()).for_each(|(to, from)| *to = *from);
    bytes
}

/// What a record's header is bound to: its object, so that an old version can move to its revision row unopened.
pub(super) fn record_place(id: Id) -> Vec<u8> {
    [b"record\0".as_slice(), id.bytes()].concat()
}

pub(super) fn revision_prefix(keyring: &Keyring, id: Id) -> [u8; 16] {
    half(hmac(keyring.row(), &[b"revision\0", id.bytes()]))
}

pub(super) fn revision_key(keyring: &Keyring, id: Id, version: u64) -> Key {
    Key::fixed(join::<24>(&[&revision_prefix(keyring, id), &version.to_be_bytes()]))
}

pub(super) fn part_key(keyring: &Keyring, id: Id, version: u64, number: u8) -> Key {
    let prefix = half(hmac(keyring.row(), &[b"part\0", id.bytes(), &version.to_be_bytes()]));
    Key::fixed(join::<17>(&[&prefix, &[number]]))
}

pub(super) fn listing_prefix(keyring: &Keyring, listing: Listing, scope: &Scope, label: &LabelHandle) -> [u8; 16] {
    half(hmac(keyring.row(), &[b"listing\0", listing.tag(), label, &scope.0]))
}

pub(super) fn listing_key(prefix: &[u8; 16], order: u64, id: Id) -> Key {
    Key::fixed(join::<40>(&[prefix, &order.to_be_bytes(), id.bytes()]))
}

pub(super) fn listing_range(prefix: &[u8; 16], direction: Direction, after: Option<&Place>) -> KeyRange {
    let range = KeyRange::prefix(prefix);
    match after {
        Some(place) => range.past(direction, &listing_key(prefix, place.order, place.id)),
        None => range,
    }
}

/// A row of its own for a logical name (repeated requests, external names), apart for each label.
pub(super) fn named_key(keyring: &Keyring, label: &LabelHandle, name: &[&[u8]]) -> Key {
    #[cfg(feature = "exam")]
    let shared = crate::exam::planted(crate::exam::Leak::RepeatKeysShared)
        && name.first() == Some(&b"request\0".as_slice())
        || crate::exam::planted(crate::exam::Leak::ExternalNamesShared)
            && name.first() == Some(&b"external\0".as_slice());
    #[cfg(feature = "exam")]
    let label = if shared { &LabelHandle::default() } else { label };
    let mut parts: Vec<&[u8]> = vec![b"named\0", label];
    parts.extend_from_slice(name);
    Key::fixed(half(hmac(keyring.row(), &parts)))
}

/// The 16 bytes of a named key, which serve as its record's identifier.
pub(super) fn id_of(key: &Key) -> Id {
    key.bytes().try_into().map_or(Id::NONE, Id::from_bytes)
}
