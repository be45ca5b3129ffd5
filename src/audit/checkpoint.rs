//! C2SP tlog-checkpoint (v1.0.0): the signed size and root of a log. Three lines, no extension.

use std::fmt;

use data_encoding::BASE64;

use super::{
    note::{Note, NoteError, Signer, decode},
    tree::empty_root,
    vkey::{Kind, VerifyingKey},
};
use crate::{
    crypto::{Digest, sign::SigningKey},
    limits::JOURNAL_ENTRIES_MAX,
};

/// How long the log is and what it holds. Its text is origin, size and root, a line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, which is also the name its key signs under, e.g. `vigie.site/audit/1`.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// RFC 6962 root of the tree of that many entries.
    pub root: Digest,
}

impl Checkpoint {
    /// Reads the text of a checkpoint: exactly three lines.
    ///
    /// # Errors
    /// [`NoteError::Lines`], [`NoteError::Size`], [`NoteError::Root`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let lines: Vec<&str> = text.strip_suffix('\n').ok_or(NoteError::Lines)?.split('\n').collect();
        let [origin, size, root] = *lines.as_slice() else { return Err(NoteError::Lines) };
        if origin.is_empty() {
            return Err(NoteError::Lines);
        }
        let size = parse_decimal(size).filter(|size| *size <= JOURNAL_ENTRIES_MAX).ok_or(NoteError::Size)?;
        let root = parse_hash(root).ok_or(NoteError::Root)?;
        if size == 0 && root != empty_root() {
            return Err(NoteError::Root);
        }
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// The note of this checkpoint, signed by the log's key under the origin.
    ///
    /// # Errors
    /// [`NoteError`] when the origin cannot be a key name, or the key cannot be used.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, NoteError> {
        let mut note = Note::new(self.to_string())?;
        note.sign(&self.origin, key)?;
        Ok(note)
    }

    /// The checkpoint of a note, if the log's key signed it. Lines of unknown keys are passed over.
    ///
    /// # Errors
    /// [`NoteError`]: form, signature, or [`NoteError::Origin`] when the key's name is not the origin.
    pub fn open(note: &Note, log: &VerifyingKey) -> Result<Self, NoteError> {
        let signers = note.signers(std::slice::from_ref(log))?;
        if log.kind() != Kind::Ed25519 || signers.is_empty() {
            return Err(NoteError::Unsigned);
        }
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin == log.name() {
            Ok(checkpoint)
        } else {
            Err(NoteError::Origin { found: checkpoint.origin })
        }
    }

    /// As [`Checkpoint::open`], with at least `quorum` of the known `witnesses`, who are returned with the
    /// times at which they signed.
    ///
    /// # Errors
    /// As [`Checkpoint::open`]; [`NoteError::BadSignature`] of any known witness; [`NoteError::TooFewWitnesses`].
    pub fn open_witnessed<'keys>(
        note: &Note,
        log: &VerifyingKey,
        witnesses: &'keys [VerifyingKey],
        quorum: usize,
    ) -> Result<(Self, Vec<Signer<'keys>>), NoteError> {
        let checkpoint = Self::open(note, log)?;
        let mut signers = note.signers(witnesses)?;
        signers.retain(|signer| signer.key.kind() == Kind::Cosignature);
        // A cosignature does not name its maker: one key under two names is one witness.
        let mut people: Vec<&[u8; 32]> = signers.iter().map(|signer| signer.key.public()).collect();
        people.sort_unstable();
        people.dedup();
        if people.len() < quorum {
            return Err(NoteError::TooFewWitnesses { signed: people.len() });
        }
        Ok((checkpoint, signers))
    }
}

/// The three lines.
impl fmt::Display for Checkpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}\n{}\n{}", self.origin, self.size, BASE64.encode(&self.root.0))
    }
}

/// A decimal number without sign or leading zeros.
pub(super) fn parse_decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A hash in canonical base64.
pub(super) fn parse_hash(text: &str) -> Option<Digest> {
    decode(text)?.try_into().ok().map(Digest)
}
