//! What an attachment is: the stored shapes, and the rules that its announcement must keep.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::{Invalid, line, signature::ContentKind};
use crate::{
    clock::Time,
    crypto::Digest,
    ids::NoteId,
    limits,
    vault::{Kind, Opened, Stored},
};

/// What is announced of an attachment before its bytes come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Announced {
    name: String,
    size: u64,
    digest: Option<Digest>,
}

impl Announced {
    /// An announcement that keeps the rules: a file name of one line without folders, a size within the limit, and,
    /// if it is given, the SHA-256 of the content in lower-case hexadecimal.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn checked(name: &str, size: u64, digest: Option<&str>) -> Result<Self, Invalid> {
        let name = line("name", name, limits::ATTACHMENT_NAME_CHARS_MAX)?;
        if name.contains(['/', '\\']) || matches!(name.as_str(), "." | "..") {
            return Err(Invalid::FileName);
        }
        if size > limits::ATTACHMENT_BYTES_MAX {
            return Err(Invalid::FileTooLarge);
        }
        let digest = match digest {
            Some(text) => Some(digest_of(text).ok_or(Invalid::DigestText)?),
            None => None,
        };
        Ok(Self { name, size, digest })
    }

    /// Bytes that will come.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The record of the upload.
    pub(super) fn upload(self, note: NoteId, created: Time) -> Upload {
        let until = created.plus_ms(limits::UPLOAD_LIFE_MS_MAX);
        Upload { note, name: self.name, size: self.size, digest: self.digest, created, until }
    }
}

fn digest_of(text: &str) -> Option<Digest> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok().map(Digest)
}

/// An attachment whose content is not whole yet. Its sender alone finds it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Upload {
    /// The note.
    pub note: NoteId,
    /// Name of the file.
    pub name: String,
    /// Bytes announced.
    pub size: u64,
    /// SHA-256 announced.
    pub digest: Option<Digest>,
    /// When it began.
    pub created: Time,
    /// When it is removed, if it is not finished.
    pub until: Time,
}

impl Stored for Upload {
    const KIND: Kind = Kind::Upload;
    const SCHEMA: u8 = 1;
}

/// An attachment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attachment {
    /// The note.
    pub note: NoteId,
    /// Name of the file.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// What its first bytes look like. What the sender said is not even asked.
    pub kind: ContentKind,
    /// SHA-256 of the content.
    pub digest: Digest,
    /// When its sending began.
    pub created: Time,
}

impl Stored for Attachment {
    const KIND: Kind = Kind::Attachment;
    const SCHEMA: u8 = 1;
}

/// An attachment in a list: all that is known of it but its content.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AttachmentCard(pub Attachment);

impl Stored for AttachmentCard {
    const KIND: Kind = Kind::AttachmentCard;
    const SCHEMA: u8 = 1;
}

/// The place of an upload among those of its sender.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UploadPlace {}

impl Stored for UploadPlace {
    const KIND: Kind = Kind::AttachmentCard;
    const SCHEMA: u8 = 1;
}

/// An attachment as its sender finds it: being sent, or whole.
#[derive(Clone, Debug)]
pub enum State {
    /// So many bytes have come.
    Unfinished {
        /// What was announced.
        upload: Opened<Upload>,
        /// Bytes that are stored: where to go on.
        offset: u64,
    },
    /// Whole.
    Whole(Opened<Attachment>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announcement_is_a_name_without_folders_a_size_and_a_digest() {
        let good = "0".repeat(64);
        let cases = [
            ("a.pdf", 0, None, Ok(())),
            ("rapport \"été\" 'é'.pdf", limits::ATTACHMENT_BYTES_MAX, Some(good.as_str()), Ok(())),
            ("a/b", 1, None, Err(Invalid::FileName)),
            ("a\\b", 1, None, Err(Invalid::FileName)),
            ("..", 1, None, Err(Invalid::FileName)),
            (" ", 1, None, Err(Invalid::Empty("name"))),
            ("a\nb", 1, None, Err(Invalid::Hidden("name"))),
            ("a\r\nX: y", 1, None, Err(Invalid::Hidden("name"))),
            ("annexe\u{202e}fdp.exe", 1, None, Err(Invalid::Hidden("name"))),
            ("a\0b", 1, None, Err(Invalid::Hidden("name"))),
            ("a", limits::ATTACHMENT_BYTES_MAX + 1, None, Err(Invalid::FileTooLarge)),
            ("a", 1, Some(""), Err(Invalid::DigestText)),
            ("a", 1, Some("00"), Err(Invalid::DigestText)),
        ];
        for (name, size, digest, expected) in cases {
            assert_eq!(Announced::checked(name, size, digest).map(drop), expected, "{name:?}");
        }
        assert_eq!(
            Announced::checked(&"a".repeat(256), 1, None).map(drop),
            Err(Invalid::TooLong { field: "name", maximum: 255 })
        );
        assert_eq!(Announced::checked("a", 1, Some(&"A".repeat(64))).map(drop), Err(Invalid::DigestText));
    }
}
