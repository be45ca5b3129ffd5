//! What the three signed files have in common: a header that ties each to one deployment, one place in its chain
//! and one span of time, and the exact bytes that people sign.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use super::refusal::Refusal;
use crate::{
    clock::Time,
    crypto::{Digest, sha256},
    ids::Id,
    limits::{CONFIG_FILE_BYTES_MAX, SIGNATURES_MAX},
};

/// Which of the three files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// `root.toml`: who may sign, and how many of them.
    Root,
    /// `config.toml`: everything that is granted.
    Config,
    /// `revoke.toml`: only takes away.
    Revoke,
}

impl Kind {
    /// All three, in the order in which waiting files are read: signers, then what cuts, then what grants.
    pub const ALL: [Self; 3] = [Self::Root, Self::Revoke, Self::Config];

    /// What `header.format` must say.
    pub const fn format(self) -> &'static str {
        match self {
            Self::Root => "vigie-root-1",
            Self::Config => "vigie-config-1",
            Self::Revoke => "vigie-revoke-1",
        }
    }

    /// The word in file names and refusals.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Config => "config",
            Self::Revoke => "revoke",
        }
    }

    /// The name under which people hand the file over; signatures lie beside as `….sig.1`, `….sig.2`.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Root => "root.toml",
            Self::Config => "config.toml",
            Self::Revoke => "revoke.toml",
        }
    }

    /// What `ssh-keygen -Y sign -n` is given: a signature for one purpose and one deployment serves no other.
    pub fn namespace(self, deployment: Id) -> String {
        format!("vigie-{}-v1@{deployment}", self.word())
    }
}

/// The bytes of a file and of the signatures that lie beside it, as somebody brought them. Nothing is checked yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedFile {
    /// The exact bytes that were signed.
    pub bytes: Vec<u8>,
    /// Armored SSHSIG files.
    pub signatures: Vec<Vec<u8>>,
}

impl SignedFile {
    /// SHA-256 of the exact bytes; the next file of the chain names it.
    pub fn digest(&self) -> Digest {
        sha256(&[&self.bytes])
    }

    /// The bytes as text, when their number and that of the signatures are bearable.
    pub(super) fn text(&self) -> Result<&str, Refusal> {
        if self.signatures.len() > SIGNATURES_MAX {
            return Err(Refusal::TooManySignatures { most: SIGNATURES_MAX });
        }
        text(&self.bytes)
    }
}

/// File bytes as text, when their number is bearable.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Refusal> {
    if bytes.len() > CONFIG_FILE_BYTES_MAX {
        return Err(Refusal::TooLarge { most: CONFIG_FILE_BYTES_MAX });
    }
    std::str::from_utf8(bytes).map_err(|_not_utf8| Refusal::NotText)
}

/// The `[header]` table of each signed file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`Kind::format`].
    pub format: String,
    /// The random identifier of the deployment.
    pub deployment: Id,
    /// Place in the chain, from 1, without gaps. A `revoke.toml` counts from 1 after each `config.toml`.
    pub epoch: u64,
    /// SHA-256 of the file before (hexadecimal); 64 zeros for the first of a chain.
    #[serde(with = "hex")]
    pub prev_sha256: Digest,
    /// Not accepted before.
    pub not_before: Time,
    /// Not accepted from then on; a `config.toml` is not in force from then on either.
    pub expires: Time,
}

impl Header {
    /// What stands in `prev_sha256` of the first file of a chain.
    pub const FIRST: Digest = Digest([0; 32]);

    /// The header for the file that would come after `previous` (its epoch and digest), or for the first.
    pub fn following(
        kind: Kind,
        deployment: Id,
        previous: Option<(u64, Digest)>,
        not_before: Time,
        expires: Time,
    ) -> Self {
        let (epoch, prev_sha256) = previous.unwrap_or((0, Self::FIRST));
        let format = kind.format().to_owned();
        Self { format, deployment, epoch: epoch.saturating_add(1), prev_sha256, not_before, expires }
    }

    /// Reads only the header and ignores the rest, so that a file of another kind or chain is refused for what it
    /// is and not for a field that its own kind lacks.
    pub(super) fn read(text: &str, kind: Kind) -> Result<Self, Refusal> {
        #[derive(Deserialize)]
        struct Opening {
            header: toml::Table,
        }
        let Opening { header } = read(text)?;
        let format = header.get("format").and_then(toml::Value::as_str).unwrap_or_default();
        if format != kind.format() {
            return Err(Refusal::OtherFormat { expected: kind.format(), found: shortened(format) });
        }
        let malformed = |fault: toml::de::Error| Refusal::Malformed { line: 1, detail: shortened(fault.message()) };
        toml::Value::Table(header).try_into().map_err(malformed)
    }
}

/// Reads a whole file strictly: an unknown field or a field twice is refused.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    toml::from_str(text).map_err(|fault| {
        let before = fault.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        Refusal::Malformed {
            line: before.matches('\n').count().saturating_add(1),
            detail: shortened(&fault.message().replace(|character: char| character.is_control(), " ")),
        }
    })
}

/// A text from a stranger, cut to what a message can bear.
pub(super) fn shortened(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(120).collect()
}

/// Digests as 64 lower-case hexadecimal characters.
pub(super) mod hex {
    use super::{Deserialize, Deserializer, Digest, Serializer, digest_of_hex};

    pub(in crate::config) fn serialize<S: Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(digest)
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        let text = String::deserialize(deserializer)?;
        digest_of_hex(&text)
            .ok_or_else(|| serde::de::Error::custom("64 lower-case hexadecimal characters are expected"))
    }
}

/// A digest from its only spelling.
pub(super) fn digest_of_hex(text: &str) -> Option<Digest> {
    let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok().map(Digest)
}
