//! The header of a record: what the monitor decides on, authenticated before anything is believed.
//!
//! ```text
//! value  = format ‖ epoch u32 ‖ frame(header key of the epoch, place, header) ‖ body
//! header = kind ‖ schema ‖ parts ‖ version ‖ modified ‖ label handle ‖ id ‖ home ‖ author ‖ zeros up to 96   format 1
//!          and ‖ about ‖ extent ‖ zeros up to 128, for what belongs to an object and has chunks              format 2
//! ```
//!
//! The header is sealed too: on disk nobody can group records by label, space or author.

use crate::{
    clock::Time,
    crypto::{Entropy, Exhausted, Keyring, Purpose, Unsealable, frame},
    ids::{AccountId, Id},
};

/// Format byte of a stored record.
const FORMAT: u8 = 1;
const HEADER_BYTES: usize = 96;
/// Format byte of a stored record that belongs to another object.
const LONG_FORMAT: u8 = 2;
const LONG_HEADER_BYTES: usize = 128;
const PREFIX_BYTES: usize = 1 + 4;

/// What a record is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A space.
    Space,
    /// A note, present or past.
    Note,
    /// A note's card in a list.
    NoteCard,
    /// A typed link.
    Link,
    /// A mention of a title in a note's body (`[[…]]`).
    Mention,
    /// The place of a title.
    Title,
    /// A conversation.
    Conversation,
    /// A message.
    Message,
    /// The answer kept for a repeated request, or the note of an external name.
    Repeat,
    /// What somebody is writing and has not published.
    Sketch,
    /// A draft's line in its author's list.
    SketchCard,
    /// A person named in a text (`@name`).
    Call,
    /// An attachment whose content is not whole yet.
    Upload,
    /// An attachment.
    Attachment,
    /// An attachment's card in a list.
    AttachmentCard,
    /// How far an upload has come: a header alone.
    Progress,
    /// A question that is kept.
    Watch,
    /// Its line in the list of its space or author.
    WatchCard,
    /// What somebody has seen of the matches of watches.
    Marks,
    /// The same in his list.
    MarksCard,
}

impl Kind {
    const ALL: [Self; 20] = [
        Self::Space,
        Self::Note,
        Self::NoteCard,
        Self::Link,
        Self::Mention,
        Self::Title,
        Self::Conversation,
        Self::Message,
        Self::Repeat,
        Self::Sketch,
        Self::SketchCard,
        Self::Call,
        Self::Upload,
        Self::Attachment,
        Self::AttachmentCard,
        Self::Progress,
        Self::Watch,
        Self::WatchCard,
        Self::Marks,
        Self::MarksCard,
    ];

    /// The stored number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Space => 1,
            Self::Note => 2,
            Self::NoteCard => 3,
            Self::Link => 4,
            Self::Mention => 5,
            Self::Title => 6,
            Self::Conversation => 7,
            Self::Message => 8,
            Self::Repeat => 9,
            Self::Sketch => 20,
            Self::SketchCard => 21,
            Self::Call => 22,
            Self::Upload => 23,
            Self::Attachment => 24,
            Self::AttachmentCard => 25,
            Self::Progress => 26,
            Self::Watch => 30,
            Self::WatchCard => 31,
            Self::Marks => 32,
            Self::MarksCard => 33,
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The handle of a label on disk: an HMAC of its text, so that the text is nowhere in clear.
pub type LabelHandle = [u8; 16];

/// A record's header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// What the record is.
    pub kind: Kind,
    /// Number of the stored shape.
    pub schema: u8,
    /// Further rows that hold the end of a long body.
    pub parts: u8,
    /// Counts the changes, from 1.
    pub version: u64,
    /// When this version was written.
    pub modified: Time,
    /// The label.
    pub label: LabelHandle,
    /// The object.
    pub id: Id,
    /// The space or conversation it lives in, or [`Id::NONE`].
    pub home: Id,
    /// Who created the object.
    pub author: AccountId,
    /// The object that this one belongs to and is read with, or [`Id::NONE`].
    pub about: Id,
    /// Bytes of content in chunks.
    pub extent: u64,
}

impl Header {
    fn is_long(&self) -> bool {
        !self.about.is_none() || self.extent != 0
    }

    fn bytes(&self) -> Vec<u8> {
        let shape = [self.kind.code(), self.schema, self.parts];
        let fields = [
            shape.as_slice(),
            &self.version.to_be_bytes(),
            &self.modified.0.to_be_bytes(),
            &self.label,
            self.id.bytes(),
            self.home.bytes(),
            self.author.0.bytes(),
        ];
        let mut bytes = Vec::with_capacity(LONG_HEADER_BYTES);
        fields.iter().for_each(|field| bytes.extend_from_slice(field));
        bytes.resize(HEADER_BYTES, 0);
        if self.is_long() {
            bytes.extend_from_slice(self.about.bytes());
            bytes.extend_from_slice(&self.extent.to_be_bytes());
            bytes.resize(LONG_HEADER_BYTES, 0);
        }
        bytes
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (mut rest, more) = bytes.split_at_checked(HEADER_BYTES)?;
        let (about, extent) = match more.split_at_checked(16) {
            Some((about, more)) => (Id::from_bytes(about.try_into().ok()?), u64::from_be_bytes(*more.first_chunk()?)),
            None => (Id::NONE, 0),
        };
        let mut take = |count: usize| {
            let (field, after) = rest.split_at_checked(count)?;
            rest = after;
            Some(field)
        };
        let [kind, schema, parts] = take(3)?.try_into().ok()?;
        Some(Self {
            kind: Kind::from_code(kind)?,
            schema,
            parts,
            version: u64::from_be_bytes(take(8)?.try_into().ok()?),
            modified: Time(u64::from_be_bytes(take(8)?.try_into().ok()?)),
            label: take(16)?.try_into().ok()?,
            id: Id::from_bytes(take(16)?.try_into().ok()?),
            home: Id::from_bytes(take(16)?.try_into().ok()?),
            author: AccountId(Id::from_bytes(take(16)?.try_into().ok()?)),
            about,
            extent,
        })
    }

    /// The context of the body's seal: every field that must not be exchanged. The place is bound by the header's frame.
    pub fn context(&self) -> Vec<u8> {
        let mut context = b"vigie/record/v1\0".to_vec();
        context.extend_from_slice(&self.bytes());
        context
    }

    /// The stored bytes: prefix, framed header, then `body`.
    ///
    /// # Errors
    /// [`Exhausted`] when no nonce can be drawn.
    pub fn seal(&self, keyring: &Keyring, place: &[u8], body: &[u8], entropy: &Entropy) -> Result<Vec<u8>, Exhausted> {
        let key = keyring.present(Purpose::Header).map_err(|Unsealable| Exhausted::Entropy)?;
        let framed = frame::seal(key, place, &self.bytes(), entropy)?;
        let mut value = Vec::with_capacity(PREFIX_BYTES.saturating_add(framed.len()).saturating_add(body.len()));
        value.push(if self.is_long() { LONG_FORMAT } else { FORMAT });
        value.extend_from_slice(&keyring.current().to_be_bytes());
        value.extend_from_slice(&framed);
        value.extend_from_slice(body);
        Ok(value)
    }

    /// Authenticates the header of a stored value; answers it, the epoch, and where the body starts.
    ///
    /// # Errors
    /// [`Unsealable`] for anything that was not sealed for this place.
    pub fn open(keyring: &Keyring, place: &[u8], value: &[u8]) -> Result<(Self, u32, usize), Unsealable> {
        let (prefix, rest) = value.split_at_checked(PREFIX_BYTES).ok_or(Unsealable)?;
        let (format, epoch) = prefix.split_first().ok_or(Unsealable)?;
        let frame_bytes = match *format {
            FORMAT => HEADER_BYTES + frame::OVERHEAD_BYTES,
            LONG_FORMAT => LONG_HEADER_BYTES + frame::OVERHEAD_BYTES,
            _ => return Err(Unsealable),
        };
        let epoch = u32::from_be_bytes(epoch.try_into().map_err(|_length| Unsealable)?);
        let framed = rest.get(..frame_bytes).ok_or(Unsealable)?;
        let bytes = frame::open(keyring.key(epoch, Purpose::Header)?, place, framed)?;
        let header = Self::parse(&bytes).ok_or(Unsealable)?;
        Ok((header, epoch, PREFIX_BYTES.saturating_add(frame_bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_header_of_the_first_format_still_reads() {
        let header = Header {
            kind: Kind::Note,
            schema: 1,
            parts: 0,
            version: 7,
            modified: Time(1_795_248_000_123),
            label: [0xaa; 16],
            id: Id::from_bytes([0xbb; 16]),
            home: Id::from_bytes([0xcc; 16]),
            author: AccountId(Id::from_bytes([0xdd; 16])),
            about: Id::NONE,
            extent: 0,
        };
        let bytes = header.bytes();
        let golden = concat!(
            "020100",
            "0000000000000007",
            "000001a1fd1e8c7b",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
            "cccccccccccccccccccccccccccccccc",
            "dddddddddddddddddddddddddddddddd",
            "0000000000000000000000000000"
        );
        assert_eq!(data_encoding::HEXLOWER.encode(&bytes).get(..166), golden.get(..166));
        assert_eq!(Header::parse(&bytes), Some(header));
        let attached = Header { about: Id::from_bytes([0xee; 16]), extent: 258, ..header };
        let long = attached.bytes();
        assert_eq!((bytes.len(), long.len()), (96, 128));
        assert_eq!(long.get(..96), bytes.get(..96));
        assert_eq!(
            data_encoding::HEXLOWER.encode(&long[96..]),
            "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee00000000000001020000000000000000"
        );
        assert_eq!(Header::parse(&long), Some(attached));
    }
}
