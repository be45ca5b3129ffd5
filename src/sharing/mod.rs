//! Spaces, notes, revisions, people: what is kept and shared. Every act goes through the vault.
//!
//! | file | idea |
//! |---|---|
//! | [`space`] | spaces and their members |
//! | [`note`] | what a note is: stored shapes, checked content, Admiralty grade, dates |
//! | [`notes`] | what people do with notes: create, read, change, delete, list |
//! | [`revisions`] | the history of a note |
//! | [`wikilinks`] | `[[…]]` in bodies: found in the text, kept as mentions, resolved for the reader |
//! | [`calls`] | `@name` in texts: kept for the person named |
//! | [`sketches`] | what somebody is writing and has not published: drafts |
//! | [`attachment`] | what an attachment is: stored shapes, checked announcements |
//! | [`attachments`] | what people do with attachments: list, read, delete |
//! | [`uploads`] | how attachments come in, cut and resumed at any byte |
//! | [`signature`] | what the first bytes of a content look like |
//! | [`people`] | whom the working label lets one know |
//! | [`repeat`] | repeated requests and external names |

pub mod attachment;
pub mod attachments;
pub mod calls;
pub mod note;
pub mod notes;
pub mod people;
pub mod repeat;
pub mod revisions;
pub mod signature;
pub mod sketches;
pub mod space;
pub mod uploads;
pub mod wikilinks;

use crate::{
    crypto::Exhausted,
    limits,
    monitor::Refusal,
    vault::{VaultError, WriteError},
    words::{Sentence, key},
};

/// Why an act of sharing, linking or messaging was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SharingError {
    /// The content breaks a rule.
    Invalid(Invalid),
    /// Refused, stale, or the store failed.
    Write(WriteError),
    /// The upload stands at another byte: this one.
    Offset(u64),
    /// The sender went away or stood still; what came is kept.
    Cut,
}

impl From<Invalid> for SharingError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<WriteError> for SharingError {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl From<VaultError> for SharingError {
    fn from(error: VaultError) -> Self {
        Self::Write(WriteError::Vault(error))
    }
}

impl From<Refusal> for SharingError {
    fn from(refusal: Refusal) -> Self {
        VaultError::Refused(refusal).into()
    }
}

impl From<Exhausted> for SharingError {
    fn from(cause: Exhausted) -> Self {
        VaultError::Exhausted(cause).into()
    }
}

/// Content that breaks a rule of the house. The person's to mend; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invalid {
    /// A text is empty that must not be: the field's name.
    Empty(&'static str),
    /// A text or list is longer than its limit.
    TooLong {
        /// The field.
        field: &'static str,
        /// The limit.
        maximum: usize,
    },
    /// A text has control characters, or marks that hide or reorder text.
    Hidden(&'static str),
    /// Not a language of the product.
    Language,
    /// Not a grade of the Admiralty code.
    Grade,
    /// "1" (confirmed) demands two sources that do not depend on each other.
    Unconfirmed,
    /// The date is not a day such as 2026-11-21.
    Date(&'static str),
    /// The date breaks a rule: an expiry before its review, or beyond 50 years.
    DateOrder,
    /// A link from a note to itself.
    SelfLink,
    /// The link type is not a word of lower-case letters and hyphens.
    LinkType,
    /// A conversation between people needs somebody else.
    Alone,
    /// A space keeps at least one animator.
    LastAnimator,
    /// A file name with folders in it.
    FileName,
    /// More bytes than an attachment may have.
    FileTooLarge,
    /// The digest is no SHA-256 in lower-case hexadecimal.
    DigestText,
    /// What came is not what was announced; it was removed.
    DigestDiffers,
    /// The note has all the attachments that a note may have.
    TooManyAttachments,
    /// The person has all the unfinished uploads that one may have.
    TooManyUploads,
}

impl Invalid {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty(_) => "empty-field",
            Self::TooLong { .. } => "too-long",
            Self::Hidden(_) => "hidden-characters",
            Self::Language => "unknown-language",
            Self::Grade => "bad-grade",
            Self::Unconfirmed => "grade-needs-two-sources",
            Self::Date(_) => "bad-date",
            Self::DateOrder => "bad-date-order",
            Self::SelfLink => "self-link",
            Self::LinkType => "bad-link-type",
            Self::Alone => "no-participant",
            Self::LastAnimator => "last-animator",
            Self::FileName => "bad-file-name",
            Self::FileTooLarge => "file-too-large",
            Self::DigestText => "bad-digest",
            Self::DigestDiffers => "digest-differs",
            Self::TooManyAttachments => "too-many-attachments",
            Self::TooManyUploads => "too-many-uploads",
        }
    }

    /// What the person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Empty(field) => Sentence::new(key::SHARING_EMPTY).with("field", *field),
            Self::TooLong { field, maximum } => {
                Sentence::new(key::SHARING_TOO_LONG).with("field", *field).with("maximum", *maximum)
            }
            Self::Hidden(field) => Sentence::new(key::SHARING_HIDDEN).with("field", *field),
            Self::Language => Sentence::new(key::SHARING_LANGUAGE),
            Self::Grade => Sentence::new(key::SHARING_GRADE),
            Self::Unconfirmed => Sentence::new(key::SHARING_UNCONFIRMED),
            Self::Date(field) => Sentence::new(key::SHARING_DATE).with("field", *field),
            Self::DateOrder => Sentence::new(key::SHARING_DATE_ORDER),
            Self::SelfLink => Sentence::new(key::SHARING_SELF_LINK),
            Self::LinkType => Sentence::new(key::SHARING_LINK_TYPE),
            Self::Alone => Sentence::new(key::SHARING_ALONE),
            Self::LastAnimator => Sentence::new(key::SHARING_LAST_ANIMATOR),
            Self::FileName => Sentence::new(key::SHARING_FILE_NAME),
            Self::FileTooLarge => {
                let most = limits::ATTACHMENT_BYTES_MAX.checked_div(1024 * 1024).unwrap_or(0);
                Sentence::new(key::SHARING_FILE_TOO_LARGE).with("maximum", most)
            }
            Self::DigestText => Sentence::new(key::SHARING_DIGEST_TEXT),
            Self::DigestDiffers => Sentence::new(key::SHARING_DIGEST_DIFFERS),
            Self::TooManyAttachments => {
                Sentence::new(key::SHARING_TOO_MANY_ATTACHMENTS).with("maximum", limits::ATTACHMENTS_PER_NOTE_MAX)
            }
            Self::TooManyUploads => {
                Sentence::new(key::SHARING_TOO_MANY_UPLOADS).with("maximum", limits::UPLOADS_PER_PERSON_MAX)
            }
        }
    }
}

/// A text of one line: trimmed, NFC, not empty, within `maximum` characters, nothing hidden in it.
///
/// # Errors
/// [`Invalid`].
pub fn line(field: &'static str, text: &str, maximum: usize) -> Result<String, Invalid> {
    let text = normal(text);
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::Empty(field));
    }
    if text.chars().count() > maximum {
        return Err(Invalid::TooLong { field, maximum });
    }
    if text.chars().any(|character| character.is_control() || hides(character)) {
        return Err(Invalid::Hidden(field));
    }
    Ok(text.to_owned())
}

/// A text of several lines: NFC, within `maximum` bytes; line ends, tabs and ordinary text only.
///
/// # Errors
/// [`Invalid`].
pub fn text(field: &'static str, text: &str, maximum: usize) -> Result<String, Invalid> {
    if text.len() > maximum {
        return Err(Invalid::TooLong { field, maximum });
    }
    let text = normal(text).replace("\r\n", "\n");
    if text.len() > maximum {
        return Err(Invalid::TooLong { field, maximum });
    }
    let odd = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
    if text.chars().any(|character| odd(character) || reorders(character)) {
        return Err(Invalid::Hidden(field));
    }
    Ok(text)
}

fn normal(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization as _, is_nfc};
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// Marks that reorder what is read ("Trojan Source", CVE-2021-42574), and characters of tags, which are read by nobody
/// but machines.
const fn reorders(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{e0000}'..='\u{e007f}')
}

/// Marks that one does not see, and line ends: two titles would look alike and differ.
const fn hides(character: char) -> bool {
    reorders(character)
        || matches!(
            character,
            '\u{ad}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{2060}'..='\u{2064}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
        )
}
