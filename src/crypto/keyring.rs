//! The keyring: one row key, one key per epoch, and the purpose keys made from them.
//!
//! ```text
//! RootKey (from a slot) -> keyring file -> row key                       never rotated: row keys depend on it
//!                                       -> epoch keys -> purpose keys    header, audit, roll, label, etag, cookie
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{Entropy, Exhausted, Secret, Unsealable, cobblestone, expand};
use crate::clock::Time;

/// What a key is for. One key, one purpose.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Purpose {
    /// Headers of records.
    Header,
    /// Journal entries.
    Audit,
    /// Membership rolls.
    Roll,
    /// Wrapped label keys and space salts.
    Label,
    /// ETags and cursors.
    Etag,
    /// What a browser keeps for us and cannot read: the cookie, the tokens of forms.
    Cookie,
    /// What the index remembers of itself, and the names of its folders.
    Index,
}

impl Purpose {
    const ALL: [Self; 7] = [Self::Header, Self::Audit, Self::Roll, Self::Label, Self::Etag, Self::Cookie, Self::Index];

    const fn info(self) -> &'static [u8] {
        match self {
            Self::Header => b"vigie/header/v1",
            Self::Audit => b"vigie/audit/v1",
            Self::Roll => b"vigie/roll/v1",
            Self::Label => b"vigie/label/v1",
            Self::Etag => b"vigie/etag/v1",
            Self::Cookie => b"vigie/cookie/v1",
            Self::Index => b"vigie/index-own/v1",
        }
    }
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Stored {
    /// Counts the rewrites of the file; bound into its context.
    #[zeroize(skip)]
    version: u64,
    row: [u8; 32],
    checkpoint: [u8; 32],
    epochs: Vec<StoredEpoch>,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct StoredEpoch {
    number: u32,
    key: [u8; 32],
    created_ms: u64,
}

/// All long-lived keys of an unsealed deployment, in locked memory.
#[derive(Debug)]
pub struct Keyring {
    row: Secret,
    checkpoint: Secret,
    current: u32,
    epochs: BTreeMap<u32, BTreeMap<Purpose, Secret>>,
}

fn context(deployment: &str) -> Vec<u8> {
    [b"vigie/keyring/v1\0".as_slice(), deployment.as_bytes()].concat()
}

/// A fresh keyring file with one epoch, sealed under `root`.
///
/// # Errors
/// [`Exhausted`] when the system gives no random bytes or locked memory.
pub fn create(root: &Secret, deployment: &str, now: Time, entropy: &Entropy) -> Result<Vec<u8>, Exhausted> {
    let stored = Stored {
        version: 1,
        row: entropy.bytes()?,
        checkpoint: entropy.bytes()?,
        epochs: vec![StoredEpoch { number: 1, key: entropy.bytes()?, created_ms: now.0 }],
    };
    let mut bytes = postcard::to_stdvec(&stored).map_err(|_never| Exhausted::Entropy)?;
    let sealed = cobblestone::seal(root, &context(deployment), &bytes, entropy);
    bytes.zeroize();
    sealed
}

impl Keyring {
    /// Opens a keyring file.
    ///
    /// # Errors
    /// [`Unsealable`] for another root key, another deployment or a damaged file; also when no memory can be locked.
    pub fn open(root: &Secret, deployment: &str, file: &[u8]) -> Result<Self, Unsealable> {
        let mut bytes = cobblestone::open(root, &context(deployment), file)?;
        let stored: Result<Stored, _> = postcard::from_bytes(&bytes);
        bytes.zeroize();
        let mut stored = stored.map_err(|_malformed| Unsealable)?;
        let mut epochs = BTreeMap::new();
        let mut current = 0;
        for epoch in &mut stored.epochs {
            let key = Secret::new(&mut epoch.key).map_err(|_exhausted| Unsealable)?;
            let mut purposes = BTreeMap::new();
            for purpose in Purpose::ALL {
                purposes.insert(purpose, expand(&key, &[purpose.info()]).map_err(|_exhausted| Unsealable)?);
            }
            epochs.insert(epoch.number, purposes);
            current = current.max(epoch.number);
        }
        if epochs.is_empty() {
            return Err(Unsealable);
        }
        let row = Secret::new(&mut stored.row).map_err(|_exhausted| Unsealable)?;
        let checkpoint = Secret::new(&mut stored.checkpoint).map_err(|_exhausted| Unsealable)?;
        Ok(Self { row, checkpoint, current, epochs })
    }

    /// The key that turns logical keys into row keys.
    pub const fn row(&self) -> &Secret {
        &self.row
    }

    /// The seed of the key that signs the journal's checkpoints.
    pub const fn checkpoint_seed(&self) -> &Secret {
        &self.checkpoint
    }

    /// The epoch that new records are written under.
    pub const fn current(&self) -> u32 {
        self.current
    }

    /// The key of a purpose in an epoch.
    ///
    /// # Errors
    /// [`Unsealable`] when that epoch was destroyed or never existed.
    pub fn key(&self, epoch: u32, purpose: Purpose) -> Result<&Secret, Unsealable> {
        self.epochs.get(&epoch).and_then(|purposes| purposes.get(&purpose)).ok_or(Unsealable)
    }

    /// The key of a purpose in the current epoch.
    ///
    /// # Errors
    /// As [`Keyring::key`]; never for a keyring that opened.
    pub fn present(&self, purpose: Purpose) -> Result<&Secret, Unsealable> {
        self.key(self.current, purpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyring_opens_only_with_its_root_and_deployment() {
        let entropy = Entropy::default();
        let root = entropy.secret().unwrap();
        let file = create(&root, "deployment", Time(1), &entropy).unwrap();
        let first = Keyring::open(&root, "deployment", &file).unwrap();
        let second = Keyring::open(&root, "deployment", &file).unwrap();
        assert_eq!(first.row().expose(), second.row().expose());
        assert!(Keyring::open(&entropy.secret().unwrap(), "deployment", &file).is_err());
        assert!(Keyring::open(&root, "elsewhere", &file).is_err());
        let mut seen = std::collections::BTreeSet::new();
        for purpose in Purpose::ALL {
            assert!(seen.insert(*first.present(purpose).unwrap().expose()), "{purpose:?} shares its key");
        }
    }
}
