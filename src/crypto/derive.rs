//! HKDF-Expand-SHA512 (RFC 5869 §2.3), HMAC-SHA256 (RFC 2104), SHA-256 and SHA-512 (FIPS 180-4).

use std::fmt;

use data_encoding::HEXLOWER;
use ring::{digest, hkdf, hmac as ring_hmac};
use zeroize::Zeroize;

use super::{Exhausted, Secret};

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// SHA-256 of the parts one after the other. The caller makes the cut between parts unambiguous.
pub fn sha256(parts: &[&[u8]]) -> Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    Digest(bytes)
}

/// A SHA-256 that grows with what is fed to it.
#[derive(Clone)]
pub struct Sha256(digest::Context);

impl Default for Sha256 {
    fn default() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sha256")
    }
}

impl Sha256 {
    /// Feeds it.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all that was fed.
    pub fn finish(self) -> Digest {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.finish().as_ref());
        Digest(bytes)
    }
}

/// SHA-512 of the parts one after the other. The caller makes the cut between parts unambiguous.
pub fn sha512(parts: &[&[u8]]) -> [u8; 64] {
    let mut context = digest::Context::new(&digest::SHA512);
    for part in parts {
        context.update(part);
    }
    let mut bytes = [0; 64];
    bytes.copy_from_slice(context.finish().as_ref());
    bytes
}

/// HMAC-SHA256 of the parts one after the other. The caller makes the cut between parts unambiguous.
pub fn hmac(key: &Secret, parts: &[&[u8]]) -> [u8; 32] {
    let key = ring_hmac::Key::new(ring_hmac::HMAC_SHA256, key.expose());
    let mut context = ring_hmac::Context::with_key(&key);
    for part in parts {
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.sign().as_ref());
    bytes
}

/// A key of its own for one purpose: HKDF-Expand-SHA512 of `key` with the info parts.
///
/// # Errors
/// [`Exhausted::LockedMemory`] when the new key finds no locked memory.
pub fn expand(key: &Secret, info: &[&[u8]]) -> Result<Secret, Exhausted> {
    let mut bytes = [0; 32];
    expand_into(key.expose(), info, &mut bytes);
    let secret = Secret::new(&mut bytes);
    bytes.zeroize();
    secret
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-Expand-SHA512 into `output`.
pub(super) fn expand_into(key: &[u8], info: &[&[u8]], output: &mut [u8]) {
    let prk = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA512, key);
    // Fails only for outputs over 255 × 64 bytes; every output here is a constant of at most 76.
    let filled = prk.expand(info, Length(output.len())).and_then(|okm| okm.fill(output));
    debug_assert!(filled.is_ok());
}

/// Constant-time equality of two byte strings.
#[must_use]
pub fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let difference = left.iter().zip(right).fold(0, |difference, (a, b)| difference | (a ^ b));
    std::hint::black_box(difference) == 0
}
