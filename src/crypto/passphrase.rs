//! argon2id (RFC 9106) for custodians' passphrases.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use super::{Exhausted, Secret};
use crate::limits;

/// The cost of one derivation, written beside the slot it protects.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// The parameters are under the floor (a weakened slot file) or beyond what we will spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostOutOfBounds;

impl std::fmt::Display for CostOutOfBounds {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("argon2id cost outside the accepted bounds")
    }
}

impl std::error::Error for CostOutOfBounds {}

/// Derives 32 bytes from a passphrase. Takes seconds and the memory of `cost`.
///
/// # Errors
/// [`CostOutOfBounds`] when the cost is under the floor or over the ceiling of `limits.rs`.
pub fn derive(passphrase: &[u8], salt: &[u8; 16], cost: Cost) -> Result<Result<Secret, Exhausted>, CostOutOfBounds> {
    let accepted = (limits::PASSPHRASE_MEMORY_KIB_MIN..=limits::PASSPHRASE_MEMORY_KIB_MAX).contains(&cost.memory_kib)
        && (limits::PASSPHRASE_PASSES_MIN..=limits::PASSPHRASE_PASSES_MAX).contains(&cost.passes)
        && (1..=limits::PASSPHRASE_LANES_MAX).contains(&cost.lanes);
    if !accepted {
        return Err(CostOutOfBounds);
    }
    let params =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_rejected| CostOutOfBounds)?;
    let mut bytes = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase, salt, &mut bytes)
        .map_err(|_rejected| CostOutOfBounds)?;
    let secret = Secret::new(&mut bytes);
    bytes.zeroize();
    Ok(secret)
}
