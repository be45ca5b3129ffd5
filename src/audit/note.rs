//! C2SP signed-note (v1.0.0): a text and the signatures under it.
//!
//! Strict where the format leaves room: base64 must be canonical, so that no byte of a note can
//! change without the note being refused or losing that signature.

use std::fmt;

use data_encoding::BASE64;

pub use super::vkey::{Kind, VerifyingKey};
use crate::{
    clock::Time,
    crypto::sign::SigningKey,
    limits::{NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX},
    words::{Sentence, key},
};

/// Why a note, a checkpoint or a verifier key is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteError {
    /// More bytes or more signature lines than the limits.
    TooLong,
    /// Not UTF-8, a control character, or no last newline.
    NotText,
    /// No blank line followed by signature lines.
    NoSignatures,
    /// A signature line that is not `— name base64`.
    SignatureLine,
    /// A key name that is empty or holds a space or a plus sign.
    KeyName,
    /// A verifier key that is not `name+hash+base64`, or whose hash is not that of its key.
    KeyText,
    /// A verifier key of a type that is not checked here (Ed25519 and its cosignature are).
    KeyType,
    /// A line bears the name and hash of a known key, and its signature is wrong.
    BadSignature {
        /// The key's name.
        name: String,
    },
    /// None of the signatures is by the key that had to sign.
    Unsigned,
    /// Fewer known witnesses than asked for.
    TooFewWitnesses {
        /// How many signed.
        signed: usize,
    },
    /// The signing key could not be used.
    Signing,
    /// The text is not the three lines of a checkpoint.
    Lines,
    /// The size is not a decimal number without leading zeros, or exceeds the limit.
    Size,
    /// The root is not the canonical base64 of 32 bytes, or a tree of no entries has another root than the empty one.
    Root,
    /// The checkpoint is of another log.
    Origin {
        /// The origin that it names.
        found: String,
    },
}

impl NoteError {
    /// What a person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::BadSignature { name } => Sentence::new(key::AUDIT_NOTE_BAD_SIGNATURE).with("name", name.as_str()),
            Self::TooFewWitnesses { signed } => Sentence::new(key::AUDIT_NOTE_WITNESSES).with("signed", *signed),
            Self::Origin { found } => Sentence::new(key::AUDIT_NOTE_ORIGIN).with("found", found.as_str()),
            Self::Unsigned => Sentence::new(key::AUDIT_NOTE_UNSIGNED),
            Self::Signing => Sentence::new(key::AUDIT_NOTE_SIGNING),
            Self::KeyText | Self::KeyType | Self::KeyName => Sentence::new(key::AUDIT_NOTE_KEY),
            Self::TooLong
            | Self::NotText
            | Self::NoSignatures
            | Self::SignatureLine
            | Self::Lines
            | Self::Size
            | Self::Root => Sentence::new(key::AUDIT_NOTE_MALFORMED),
        }
    }
}

impl fmt::Display for NoteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fixed = match self {
            Self::BadSignature { name } => return write!(formatter, "the signature in the name of {name} is wrong"),
            Self::TooFewWitnesses { signed } => return write!(formatter, "only {signed} known witnesses signed"),
            Self::Origin { found } => return write!(formatter, "the checkpoint is of another log: {found}"),
            Self::TooLong => "the note is too long",
            Self::NotText => "the note is not text",
            Self::NoSignatures => "the note has no signature lines",
            Self::SignatureLine => "a signature line is malformed",
            Self::KeyName => "a key name is empty or holds a space or a plus sign",
            Self::KeyText => "the verifier key is malformed",
            Self::KeyType => "the verifier key is of an unknown type",
            Self::Unsigned => "the log's own key did not sign",
            Self::Signing => "the signing key cannot be used",
            Self::Lines => "the text is not the three lines of a checkpoint",
            Self::Size => "the size is malformed",
            Self::Root => "the root is malformed",
        };
        formatter.write_str(fixed)
    }
}

impl std::error::Error for NoteError {}

/// One line under a note, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    name: String,
    id: [u8; 4],
    signature: Vec<u8>,
}

impl SignatureLine {
    /// Reads `— name base64`, without the newline.
    ///
    /// # Errors
    /// [`NoteError::SignatureLine`], [`NoteError::KeyName`].
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let (name, base64) =
            line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or(NoteError::SignatureLine)?;
        check_name(name)?;
        let bytes = decode(base64).ok_or(NoteError::SignatureLine)?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::SignatureLine)?;
        if signature.is_empty() {
            return Err(NoteError::SignatureLine);
        }
        Ok(Self { name: name.to_owned(), id: *id, signature: signature.to_vec() })
    }

    /// Whether it bears that key name and key hash.
    pub(super) fn is_of(&self, name: &str, id: [u8; 4]) -> bool {
        self.name == name && self.id == id
    }

    /// The name of the key that is said to have signed.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.to_vec();
        bytes.extend_from_slice(&self.signature);
        write!(formatter, "— {} {}", self.name, BASE64.encode(&bytes))
    }
}

/// A known key whose signature holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signer<'keys> {
    /// The key.
    pub key: &'keys VerifyingKey,
    /// Seconds since 1970 at which a witness signed; none for the log's own signature.
    pub seconds: Option<u64>,
}

/// A text and its signature lines; [`Note::signers`] says which hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    lines: Vec<SignatureLine>,
}

impl Note {
    /// A note without signatures yet.
    ///
    /// # Errors
    /// [`NoteError::NotText`], [`NoteError::TooLong`].
    pub fn new(text: String) -> Result<Self, NoteError> {
        check_text(text.as_bytes())?;
        Ok(Self { text, lines: Vec::new() })
    }

    /// Reads a note; believes nothing of it yet.
    ///
    /// # Errors
    /// A [`NoteError`] on form.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let whole = check_text(bytes)?;
        // The last blank line: signature lines hold none, the text may.
        let (text, lines) = whole.rsplit_once("\n\n").ok_or(NoteError::NoSignatures)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::NoSignatures)?;
        let lines = lines.split('\n').map(SignatureLine::parse).collect::<Result<Vec<_>, _>>()?;
        if lines.len() > NOTE_SIGNATURES_MAX {
            return Err(NoteError::TooLong);
        }
        Ok(Self { text: format!("{text}\n"), lines })
    }

    /// The signed text, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, unchecked.
    pub fn lines(&self) -> &[SignatureLine] {
        &self.lines
    }

    /// Signs the text under `name`.
    ///
    /// # Errors
    /// [`NoteError::KeyName`], [`NoteError::Signing`].
    pub fn sign(&mut self, name: &str, key: &SigningKey) -> Result<(), NoteError> {
        let id = VerifyingKey::new(name, Kind::Ed25519, key.public())?.id();
        let signature = key.sign(self.text.as_bytes()).map_err(|_key| NoteError::Signing)?.to_vec();
        self.lines.push(SignatureLine { name: name.to_owned(), id, signature });
        Ok(())
    }

    /// Signs the text as a witness under `name`, at `time` (whole seconds are kept). Who calls has checked
    /// that the log only grew since this witness last signed.
    ///
    /// # Errors
    /// [`NoteError::KeyName`], [`NoteError::Signing`].
    pub fn cosign(&mut self, name: &str, key: &SigningKey, time: Time) -> Result<(), NoteError> {
        let id = VerifyingKey::new(name, Kind::Cosignature, key.public())?.id();
        let seconds = time.0 / 1000;
        let mut signature = seconds.to_be_bytes().to_vec();
        let message = cosigned(seconds, &self.text);
        signature.extend_from_slice(&key.sign(message.as_bytes()).map_err(|_key| NoteError::Signing)?);
        self.lines.push(SignatureLine { name: name.to_owned(), id, signature });
        Ok(())
    }

    /// Adds a line that came from elsewhere, such as a witness's. A line already there is not repeated.
    ///
    /// # Errors
    /// [`NoteError::TooLong`].
    pub fn add(&mut self, line: SignatureLine) -> Result<(), NoteError> {
        if self.lines.contains(&line) {
            return Ok(());
        }
        if self.lines.len() >= NOTE_SIGNATURES_MAX {
            return Err(NoteError::TooLong);
        }
        self.lines.push(line);
        Ok(())
    }

    /// Which of `keys` signed, each once. Lines of other keys are passed over.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] when a line bears the name and hash of one of `keys` and does not hold: then
    /// nothing of the note is believed.
    pub fn signers<'keys>(&self, keys: &'keys [VerifyingKey]) -> Result<Vec<Signer<'keys>>, NoteError> {
        let mut signers: Vec<Signer<'keys>> = Vec::new();
        for line in &self.lines {
            let Some(key) = keys.iter().find(|key| key.made(line)) else { continue };
            if signers.iter().any(|signer| signer.key == key) {
                continue;
            }
            let seconds = key
                .check(&self.text, &line.signature)
                .ok_or_else(|| NoteError::BadSignature { name: line.name.clone() })?;
            signers.push(Signer { key, seconds });
        }
        Ok(signers)
    }
}

/// The bytes of the note.
impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.text)?;
        self.lines.iter().try_for_each(|line| writeln!(formatter, "{line}"))
    }
}

/// What a witness signs.
pub(super) fn cosigned(seconds: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

fn check_text(bytes: &[u8]) -> Result<&str, NoteError> {
    if bytes.len() > NOTE_BYTES_MAX {
        return Err(NoteError::TooLong);
    }
    let text = str::from_utf8(bytes).map_err(|_utf8| NoteError::NotText)?;
    if !text.ends_with('\n') || text.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
        return Err(NoteError::NotText);
    }
    Ok(text)
}

pub(super) fn check_name(name: &str) -> Result<(), NoteError> {
    let wrong = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '+';
    if name.is_empty() || name.contains(wrong) { Err(NoteError::KeyName) } else { Ok(()) }
}

/// Canonical base64 only: padding present, spare bits zero.
pub(super) fn decode(base64: &str) -> Option<Vec<u8>> {
    BASE64.decode(base64.as_bytes()).ok()
}
