//! SSHSIG, the signatures of `ssh-keygen -Y sign` (OpenSSH `PROTOCOL.sshsig`, `PROTOCOL.u2f`).
//!
//! Why ours and not the `ssh-key` crate: neither that crate nor `ssh-keygen -Y verify` looks at the flags of a
//! token's signature, so both accept one that nobody touched the token for; here touch is always required, and the
//! reserved field must be empty. And it keeps one crypto library, ring, in the trusted base instead of two.

use data_encoding::BASE64;

use super::{
    ssh_key::{BadKey, ED25519, Material, PublicKey, SK_ED25519, SK_P256, armor, public_blob},
    wire::{Reader, Truncated, positive_32, push_string},
};
use crate::{
    crypto::{
        derive::sha512,
        sha256,
        sign::{BadSignature, SigningKey, verify_ed25519, verify_p256},
    },
    limits::{SSHSIG_BYTES_MAX, SSHSIG_LINE_CHARS_MAX},
    words::{Key, Sentence, key},
};

const MAGIC: &[u8] = b"SSHSIG";
const VERSION: u32 = 1;
const HEADER: &str = "-----BEGIN SSH SIGNATURE-----\n";
const FOOTER: &str = "\n-----END SSH SIGNATURE-----\n";
const FLAG_TOUCHED: u8 = 0x01;
const FLAG_USER_VERIFIED: u8 = 0x04;

/// Whether a token must have asked for its PIN or finger, beyond the touch that is always required.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UserVerification {
    /// Flag 0x04 is required of every token.
    Required,
    /// Touch is enough.
    NotRequired,
}

/// Why a signature file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureFault {
    /// Longer than any signature of the kinds we take.
    TooLong,
    /// Not one `SSH SIGNATURE` block from the first byte to the last.
    NotArmored,
    /// The base64 between the lines does not decode, or not to one spelling.
    NotBase64,
    /// The bytes end early, or a length in them points beyond the end.
    Truncated,
    /// Bytes follow where the format ends.
    TrailingBytes,
    /// Not SSHSIG.
    OtherMagic,
    /// A version of SSHSIG that does not exist yet.
    OtherVersion,
    /// The reserved field holds something.
    Reserved,
    /// The namespace is empty.
    NoNamespace,
    /// Signed for another purpose or another deployment.
    OtherNamespace,
    /// Neither sha256 nor sha512.
    OtherHash,
    /// A kind of key that may not sign.
    OtherKey,
    /// The signature is of another kind than its key.
    KeyMismatch,
    /// Nobody touched the token.
    NotTouched,
    /// The token did not ask for its PIN or finger, and the root demands it.
    NotVerified,
    /// The signature does not hold over these bytes.
    Forged,
}

impl From<Truncated> for SignatureFault {
    fn from(Truncated: Truncated) -> Self {
        Self::Truncated
    }
}

impl SignatureFault {
    const fn facts(self) -> (&'static str, Key) {
        match self {
            Self::TooLong => ("signature-too-long", key::CONFIG_SIG_TOO_LONG),
            Self::NotArmored => ("signature-not-armored", key::CONFIG_SIG_NOT_ARMORED),
            Self::NotBase64 => ("signature-not-base64", key::CONFIG_SIG_NOT_BASE64),
            Self::Truncated => ("signature-truncated", key::CONFIG_SIG_TRUNCATED),
            Self::TrailingBytes => ("signature-trailing-bytes", key::CONFIG_SIG_TRAILING),
            Self::OtherMagic => ("signature-other-magic", key::CONFIG_SIG_MAGIC),
            Self::OtherVersion => ("signature-other-version", key::CONFIG_SIG_VERSION),
            Self::Reserved => ("signature-reserved", key::CONFIG_SIG_RESERVED),
            Self::NoNamespace => ("signature-no-namespace", key::CONFIG_SIG_NO_NAMESPACE),
            Self::OtherNamespace => ("signature-other-namespace", key::CONFIG_SIG_NAMESPACE),
            Self::OtherHash => ("signature-other-hash", key::CONFIG_SIG_HASH),
            Self::OtherKey => ("signature-other-key", key::CONFIG_SIG_KEY_KIND),
            Self::KeyMismatch => ("signature-key-mismatch", key::CONFIG_SIG_MISMATCH),
            Self::NotTouched => ("signature-not-touched", key::CONFIG_SIG_NOT_TOUCHED),
            Self::NotVerified => ("signature-not-verified", key::CONFIG_SIG_NOT_VERIFIED),
            Self::Forged => ("signature-forged", key::CONFIG_SIG_FORGED),
        }
    }

    /// Stable, for machines.
    pub const fn code(self) -> &'static str {
        self.facts().0
    }

    /// For people.
    pub const fn sentence(self) -> Sentence {
        Sentence::new(self.facts().1)
    }
}

impl std::fmt::Display for SignatureFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.sentence().fmt(formatter)
    }
}

impl std::error::Error for SignatureFault {}

/// Verifies one armored signature over `message` and yields the key that made it. The caller decides whose it is.
///
/// # Errors
/// [`SignatureFault`], for the first thing that is wrong.
pub fn verify(
    armored: &[u8],
    message: &[u8],
    namespace: &str,
    presence: UserVerification,
) -> Result<PublicKey, SignatureFault> {
    let blob = unarmor(armored)?;
    let parts = Parts::read(&blob)?;
    if parts.namespace.is_empty() {
        return Err(SignatureFault::NoNamespace);
    }
    if parts.namespace != namespace.as_bytes() {
        return Err(SignatureFault::OtherNamespace);
    }
    let key = PublicKey::parse_blob(parts.key).map_err(|fault| match fault {
        BadKey::OtherKind => SignatureFault::OtherKey,
        BadKey::NotALine | BadKey::Malformed => SignatureFault::Truncated,
    })?;
    let signed = signed_bytes(parts.namespace, parts.hash, message)?;
    holds(&key, &signed, parts.signature, presence)?;
    Ok(key)
}

/// Signs `message` in `namespace`: the file that `ssh-keygen -Y sign` would have written.
///
/// # Errors
/// [`BadSignature`] never in practice, as in [`SigningKey::sign`].
pub fn sign(key: &SigningKey, namespace: &str, message: &[u8]) -> Result<String, BadSignature> {
    let hash = b"sha512";
    let signed = signed_bytes(namespace.as_bytes(), hash, message).map_err(|_never| BadSignature)?;
    let mut signature = Vec::new();
    push_string(&mut signature, ED25519);
    push_string(&mut signature, &key.sign(&signed)?);
    let mut blob = MAGIC.to_vec();
    blob.extend_from_slice(&VERSION.to_be_bytes());
    push_string(&mut blob, &public_blob(key));
    push_string(&mut blob, namespace.as_bytes());
    push_string(&mut blob, b"");
    push_string(&mut blob, hash);
    push_string(&mut blob, &signature);
    Ok(armor("SSH SIGNATURE", &blob).to_string())
}

fn unarmor(armored: &[u8]) -> Result<Vec<u8>, SignatureFault> {
    if armored.len() > SSHSIG_BYTES_MAX {
        return Err(SignatureFault::TooLong);
    }
    let text = std::str::from_utf8(armored).map_err(|_not_text| SignatureFault::NotArmored)?;
    let body =
        text.strip_prefix(HEADER).and_then(|rest| rest.strip_suffix(FOOTER)).ok_or(SignatureFault::NotArmored)?;
    let mut encoded = String::with_capacity(body.len());
    for line in body.split('\n') {
        if line.is_empty() || line.len() > SSHSIG_LINE_CHARS_MAX {
            return Err(SignatureFault::NotArmored);
        }
        encoded.push_str(line);
    }
    BASE64.decode(encoded.as_bytes()).map_err(|_not_base64| SignatureFault::NotBase64)
}

struct Parts<'a> {
    key: &'a [u8],
    namespace: &'a [u8],
    hash: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Parts<'a> {
    fn read(blob: &'a [u8]) -> Result<Self, SignatureFault> {
        let mut reader = Reader::new(blob);
        if reader.take(MAGIC.len())? != MAGIC {
            return Err(SignatureFault::OtherMagic);
        }
        if reader.number()? != VERSION {
            return Err(SignatureFault::OtherVersion);
        }
        let (key, namespace, reserved) = (reader.string()?, reader.string()?, reader.string()?);
        let (hash, signature) = (reader.string()?, reader.string()?);
        if !reader.finished() {
            return Err(SignatureFault::TrailingBytes);
        }
        // ssh-keygen rebuilds the signed bytes with an empty field whatever stands here: two files, one signature.
        if !reserved.is_empty() {
            return Err(SignatureFault::Reserved);
        }
        Ok(Self { key, namespace, hash, signature })
    }
}

fn signed_bytes(namespace: &[u8], hash: &[u8], message: &[u8]) -> Result<Vec<u8>, SignatureFault> {
    let mut signed = MAGIC.to_vec();
    push_string(&mut signed, namespace);
    push_string(&mut signed, b"");
    push_string(&mut signed, hash);
    match hash {
        b"sha256" => push_string(&mut signed, &sha256(&[message]).0),
        b"sha512" => push_string(&mut signed, &sha512(&[message])),
        _ => return Err(SignatureFault::OtherHash),
    }
    Ok(signed)
}

fn holds(key: &PublicKey, signed: &[u8], signature: &[u8], presence: UserVerification) -> Result<(), SignatureFault> {
    let mut reader = Reader::new(signature);
    let (kind, inner) = (reader.string()?, reader.string()?);
    let expected = match &key.material {
        Material::Ed25519(_) => ED25519,
        Material::SkEd25519 { .. } => SK_ED25519,
        Material::SkP256 { .. } => SK_P256,
    };
    if kind != expected {
        return Err(SignatureFault::KeyMismatch);
    }
    let forged = |BadSignature: BadSignature| SignatureFault::Forged;
    match &key.material {
        Material::Ed25519(public) => {
            finished(&reader)?;
            verify_ed25519(public, signed, inner).map_err(forged)
        }
        Material::SkEd25519 { public, application } => {
            let touched = token_bytes(&mut reader, application, signed, presence)?;
            verify_ed25519(public, &touched, inner).map_err(forged)
        }
        Material::SkP256 { point, application } => {
            let touched = token_bytes(&mut reader, application, signed, presence)?;
            verify_p256(point, &touched, &fixed_p256(inner)?).map_err(forged)
        }
    }
}

/// What the token signed: SHA-256 of the application, flags, counter, SHA-256 of the data (`PROTOCOL.u2f`).
fn token_bytes(
    reader: &mut Reader<'_>,
    application: &[u8],
    signed: &[u8],
    presence: UserVerification,
) -> Result<Vec<u8>, SignatureFault> {
    let (flags, counter) = (reader.byte()?, reader.number()?);
    finished(reader)?;
    if flags & FLAG_TOUCHED == 0 {
        return Err(SignatureFault::NotTouched);
    }
    if presence == UserVerification::Required && flags & FLAG_USER_VERIFIED == 0 {
        return Err(SignatureFault::NotVerified);
    }
    let mut bytes = sha256(&[application]).0.to_vec();
    bytes.push(flags);
    bytes.extend_from_slice(&counter.to_be_bytes());
    bytes.extend_from_slice(&sha256(&[signed]).0);
    Ok(bytes)
}

fn fixed_p256(inner: &[u8]) -> Result<[u8; 64], SignatureFault> {
    let mut reader = Reader::new(inner);
    let (r, s) = (positive_32(reader.string()?)?, positive_32(reader.string()?)?);
    finished(&reader)?;
    let mut fixed = [0; 64];
    for (byte, source) in fixed.iter_mut().zip(r.iter().chain(&s)) {
        *byte = *source;
    }
    Ok(fixed)
}

const fn finished(reader: &Reader<'_>) -> Result<(), SignatureFault> {
    if reader.finished() { Ok(()) } else { Err(SignatureFault::TrailingBytes) }
}
