//! The verifier key of a signed note: `name+hash+base64`.

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};

use super::note::{NoteError, SignatureLine, check_name, cosigned, decode};
use crate::crypto::{sha256, sign::verify_ed25519};

/// What a key signs with, and over what. The byte is part of the key's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `0x01`: Ed25519 over the text.
    Ed25519,
    /// `0x04`: a witness's timestamped Ed25519 cosignature over the text.
    Cosignature,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
        }
    }
}

/// A public key and the name it signs under. Its text is `name+hash+base64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    id: [u8; 4],
    kind: Kind,
    public: [u8; 32],
}

impl VerifyingKey {
    /// The key of that name.
    ///
    /// # Errors
    /// [`NoteError::KeyName`].
    pub fn new(name: &str, kind: Kind, public: &[u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        let [a, b, c, d, ..] = sha256(&[name.as_bytes(), b"\n", &[kind.byte()], public]).0;
        Ok(Self { name: name.to_owned(), id: [a, b, c, d], kind, public: *public })
    }

    /// Reads the text of a verifier key.
    ///
    /// # Errors
    /// [`NoteError::KeyText`], [`NoteError::KeyType`], [`NoteError::KeyName`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let (name, rest) = text.split_once('+').ok_or(NoteError::KeyText)?;
        let (id, key) = rest.split_once('+').ok_or(NoteError::KeyText)?;
        let bytes = decode(key).ok_or(NoteError::KeyText)?;
        let (kind, public) = bytes.split_first().ok_or(NoteError::KeyText)?;
        let kind = match kind {
            0x01 => Kind::Ed25519,
            0x04 => Kind::Cosignature,
            _ => return Err(NoteError::KeyType),
        };
        let public: &[u8; 32] = public.try_into().map_err(|_length| NoteError::KeyText)?;
        let key = Self::new(name, kind, public)?;
        if HEXLOWER.encode(&key.id) == id { Ok(key) } else { Err(NoteError::KeyText) }
    }

    /// The name it signs under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The first four bytes of the hash of name, kind and key.
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The 32-byte Ed25519 public key.
    pub const fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// Whether that line bears this key's name and hash.
    pub(super) fn made(&self, line: &SignatureLine) -> bool {
        line.is_of(&self.name, self.id)
    }

    /// Checks a signature of this key over `text`; a cosignature gives its time in seconds.
    pub(super) fn check(&self, text: &str, signature: &[u8]) -> Option<Option<u64>> {
        match self.kind {
            Kind::Ed25519 => verify_ed25519(&self.public, text.as_bytes(), signature).ok().map(|()| None),
            Kind::Cosignature => {
                let (seconds, signature) = signature.split_first_chunk::<8>()?;
                let seconds = u64::from_be_bytes(*seconds);
                verify_ed25519(&self.public, cosigned(seconds, text).as_bytes(), signature).ok()?;
                Some(Some(seconds))
            }
        }
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.kind.byte()];
        key.extend_from_slice(&self.public);
        write!(formatter, "{}+{}+{}", self.name, HEXLOWER.encode(&self.id), BASE64.encode(&key))
    }
}
