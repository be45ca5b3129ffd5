//! What leaves and must come back as it was, read by nobody on the way: the browser's cookie, the tokens of forms.

use super::Vault;
use crate::crypto::{Exhausted, Purpose, Unsealable, cobblestone, hmac, same};

impl Vault {
    /// A keyed hash of what leaves and must come back as it was: entity tags, cursors.
    ///
    /// # Errors
    /// [`Unsealable`] without a key; never for an open keyring.
    pub fn mark(&self, parts: &[&[u8]]) -> Result<[u8; 16], Unsealable> {
        let whole = hmac(self.keyring.present(Purpose::Etag)?, parts);
        whole.first_chunk().copied().ok_or(Unsealable)
    }

    /// Whether `mark` is the mark of these parts.
    pub fn marked(&self, parts: &[&[u8]], mark: &[u8]) -> bool {
        self.mark(parts).is_ok_and(|ours| same(&ours, mark))
    }

    /// Seals bytes that a client keeps for us. `context` says what they are and whose: they come back only under the same.
    ///
    /// # Errors
    /// [`Exhausted`] without random bytes.
    pub fn lend(&self, context: &[impl AsRef<[u8]>], bytes: &[u8]) -> Result<Vec<u8>, Exhausted> {
        let key = self.keyring.present(Purpose::Cookie).map_err(|_never| Exhausted::Entropy)?;
        cobblestone::seal(key, &whole(context), bytes, &self.entropy)
    }

    /// The bytes that were lent under this context; none for anything else, and after a rotation of keys.
    pub fn returned(&self, context: &[impl AsRef<[u8]>], sealed: &[u8]) -> Option<Vec<u8>> {
        let key = self.keyring.present(Purpose::Cookie).ok()?;
        cobblestone::open(key, &whole(context), sealed).ok()
    }
}

/// The parts with their lengths: no two lists of parts give the same bytes.
fn whole(parts: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut bytes = b"lent/v1\0".to_vec();
    for part in parts {
        let part = part.as_ref();
        bytes.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}
