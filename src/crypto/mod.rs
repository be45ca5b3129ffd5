//! The only folder that names ring (TLS set-up in `edge/` aside).
//!
//! | file | idea |
//! |---|---|
//! | [`arena`] | long-lived secrets in locked, undumpable memory: the one room with `unsafe` |
//! | [`cobblestone`] | C2SP Cobblestone-256: sealed, key-committing bytes |
//! | [`frame`] | AES-256-GCM for the fixed-size headers of records |
//! | [`derive`] | HKDF-Expand, HMAC, SHA-256, constant-time comparison |
//! | [`sign`] | Ed25519, ECDSA P-256 verification |
//! | [`passphrase`] | argon2id |
//! | [`entropy`] | where random bytes come from |

pub mod arena;
pub mod cobblestone;
pub mod derive;
pub mod entropy;
pub mod frame;
pub mod keyring;
pub mod passphrase;
pub mod sign;
pub mod slots;

pub use arena::Secret;
pub use derive::{Digest, Sha256, expand, hmac, same, sha256};
pub use entropy::Entropy;
pub use keyring::{Keyring, Purpose};

/// The operating system gave no random bytes, or no locked memory. Ours to report, nobody's to retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exhausted {
    /// The system's random generator failed.
    Entropy,
    /// Memory could not be mapped or locked (see `ulimit -l`).
    LockedMemory,
}

impl std::fmt::Display for Exhausted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Entropy => "the system's random generator failed",
            Self::LockedMemory => "no more memory can be locked: raise the memlock limit",
        })
    }
}

impl std::error::Error for Exhausted {}

/// The bytes do not open under this key and context: damaged, moved, or another key's. One answer for all causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsealable;

impl std::fmt::Display for Unsealable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("sealed bytes do not open: damaged, moved, or sealed under another key")
    }
}

impl std::error::Error for Unsealable {}
