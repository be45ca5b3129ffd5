//! Ed25519 (RFC 8032) signing and verification; ECDSA P-256 with SHA-256 verification.

use ring::signature::{self, KeyPair as _, UnparsedPublicKey};

use super::Secret;

/// The signature is not by this key over these bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadSignature;

impl std::fmt::Display for BadSignature {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the signature is not by this key over these bytes")
    }
}

impl std::error::Error for BadSignature {}

/// An Ed25519 key pair: a 32-byte seed in locked memory and its public key.
#[derive(Debug)]
pub struct SigningKey {
    seed: Secret,
    public: [u8; 32],
}

impl SigningKey {
    /// The key pair of this seed (RFC 8032 private key).
    ///
    /// # Errors
    /// [`BadSignature`] never in practice: ring accepts every 32-byte seed.
    pub fn from_seed(seed: Secret) -> Result<Self, BadSignature> {
        let pair = ring_pair(&seed)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_length| BadSignature)?;
        Ok(Self { seed, public })
    }

    /// The 32-byte public key.
    pub const fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// The seed, to be written to a protected file.
    pub const fn seed(&self) -> &Secret {
        &self.seed
    }

    /// Signs `message`: 64 bytes.
    ///
    /// # Errors
    /// [`BadSignature`] never in practice, as in [`SigningKey::from_seed`].
    pub fn sign(&self, message: &[u8]) -> Result<[u8; 64], BadSignature> {
        ring_pair(&self.seed)?.sign(message).as_ref().try_into().map_err(|_length| BadSignature)
    }
}

// Built for each use: ring's own object would keep an unwiped copy on the heap.
fn ring_pair(seed: &Secret) -> Result<signature::Ed25519KeyPair, BadSignature> {
    signature::Ed25519KeyPair::from_seed_unchecked(seed.expose()).map_err(|_rejected| BadSignature)
}

/// Verifies an Ed25519 signature.
///
/// # Errors
/// [`BadSignature`] when it does not hold.
pub fn verify_ed25519(public: &[u8], message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
    UnparsedPublicKey::new(&signature::ED25519, public)
        .verify(message, signature)
        .map_err(|ring::error::Unspecified| BadSignature)
}

/// Verifies an ECDSA P-256 SHA-256 signature; `public` is 0x04‖X‖Y, `signature` is r‖s of 32 bytes each.
///
/// # Errors
/// [`BadSignature`] when it does not hold.
pub fn verify_p256(public: &[u8], message: &[u8], signature: &[u8; 64]) -> Result<(), BadSignature> {
    UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, public)
        .verify(message, signature)
        .map_err(|ring::error::Unspecified| BadSignature)
}
