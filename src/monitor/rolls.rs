//! Membership rolls: who belongs to which space or conversation, and in which part.
//!
//! Held in memory, because every decision asks; kept in the store as one sealed row
//! per member under the roll key. The row key hides space and account behind HMACs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
};

use serde::{Deserialize, Serialize};

use super::decide::Part;
use crate::{
    crypto::{Entropy, Exhausted, Keyring, Purpose, frame, hmac},
    ids::{AccountId, Id},
    limits,
    store::{Batch, Direction, Engine, EngineError, Family, Key, KeyRange, Row},
};

#[derive(Serialize, Deserialize)]
struct Membership {
    home: Id,
    account: AccountId,
    part: Part,
}

/// A change of a roll: written with the batch, applied when it is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollChange {
    /// The account joins, or plays another part.
    Put(Id, AccountId, Part),
    /// The account leaves.
    Remove(Id, AccountId),
}

#[derive(Debug, Default)]
struct Table {
    by_home: BTreeMap<Id, BTreeMap<AccountId, Part>>,
    by_account: BTreeMap<AccountId, BTreeSet<Id>>,
}

impl Table {
    fn apply(&mut self, change: RollChange) {
        match change {
            RollChange::Put(home, account, part) => {
                self.by_home.entry(home).or_default().insert(account, part);
                self.by_account.entry(account).or_default().insert(home);
            }
            RollChange::Remove(home, account) => {
                // A home that nobody belongs to any more (a draft thrown away) takes no room.
                if let Some(members) = self.by_home.get_mut(&home) {
                    members.remove(&account);
                    if members.is_empty() {
                        self.by_home.remove(&home);
                    }
                }
                if let Some(homes) = self.by_account.get_mut(&account) {
                    homes.remove(&home);
                    if homes.is_empty() {
                        self.by_account.remove(&account);
                    }
                }
            }
        }
    }
}

/// The rolls of all spaces and conversations.
#[derive(Debug)]
pub struct Rolls {
    keyring: Arc<Keyring>,
    entropy: Entropy,
    table: RwLock<Table>,
}

/// The rolls could not be read at start.
#[derive(Debug)]
pub enum RollError {
    /// The store failed.
    Engine(EngineError),
    /// A row does not open: the store was damaged or altered.
    Tampered,
}

impl std::fmt::Display for RollError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Engine(error) => write!(formatter, "membership rolls: {error}"),
            Self::Tampered => formatter.write_str("membership rolls: a row does not open"),
        }
    }
}

impl std::error::Error for RollError {}

impl Rolls {
    /// Reads all rolls.
    ///
    /// # Errors
    /// [`RollError`]; the server must not start then.
    pub fn load(engine: &dyn Engine, keyring: Arc<Keyring>, entropy: Entropy) -> Result<Self, RollError> {
        let mut table = Table::default();
        let prefix = prefix(&keyring);
        let snapshot = engine.snapshot().map_err(RollError::Engine)?;
        let mut range = KeyRange::prefix(&prefix);
        loop {
            let rows = snapshot
                .scan(Family::Listings, &range, Direction::Forward, limits::SCAN_ROWS_MAX)
                .map_err(RollError::Engine)?;
            for (key, row) in &rows {
                let member = open(&keyring, key, row).ok_or(RollError::Tampered)?;
                table.apply(RollChange::Put(member.home, member.account, member.part));
            }
            match rows.last() {
                Some((last, _)) if rows.len() == limits::SCAN_ROWS_MAX => range = range.after(last),
                _ => break,
            }
        }
        drop(snapshot);
        Ok(Self { keyring, entropy, table: RwLock::new(table) })
    }

    /// The part that `account` plays in `home`.
    pub fn part(&self, home: Id, account: AccountId) -> Option<Part> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        table.by_home.get(&home)?.get(&account).copied()
    }

    /// The spaces and conversations that `account` belongs to.
    pub fn homes(&self, account: AccountId) -> BTreeSet<Id> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        table.by_account.get(&account).cloned().unwrap_or_default()
    }

    /// The members of `home`.
    pub fn members(&self, home: Id) -> BTreeMap<AccountId, Part> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        table.by_home.get(&home).cloned().unwrap_or_default()
    }

    pub(super) fn apply(&self, changes: &[RollChange]) {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            table.apply(*change);
        }
    }

    pub(super) fn write(&self, batch: &mut Batch, change: RollChange) -> Result<(), Exhausted> {
        match change {
            RollChange::Put(home, account, part) => {
                let key = row_key(&self.keyring, home, account);
                let member = Membership { home, account, part };
                let content = postcard::to_stdvec(&member).map_err(|_never| Exhausted::Entropy)?;
                let epoch = self.keyring.current();
                let seal_key = self.keyring.present(Purpose::Roll).map_err(|_never| Exhausted::Entropy)?;
                let mut value = epoch.to_be_bytes().to_vec();
                value.extend_from_slice(&frame::seal(seal_key, key.bytes(), &content, &self.entropy)?);
                batch.put(Family::Listings, key, Row { version: 1, value });
            }
            RollChange::Remove(home, account) => {
                batch.delete(Family::Listings, row_key(&self.keyring, home, account));
            }
        }
        Ok(())
    }
}

fn prefix(keyring: &Keyring) -> [u8; 16] {
    half(hmac(keyring.row(), &[b"rolls"]))
}

fn half(whole: [u8; 32]) -> [u8; 16] {
    let mut first = [0; 16];
    first.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    first
}

fn row_key(keyring: &Keyring, home: Id, account: AccountId) -> Key {
    let home = half(hmac(keyring.row(), &[b"roll-home", home.bytes()]));
    let account = half(hmac(keyring.row(), &[b"roll-account", &home, account.id().bytes()]));
    Key::fixed(joined([prefix(keyring), home, account]))
}

fn open(keyring: &Keyring, key: &Key, row: &Row) -> Option<Membership> {
    let (epoch, sealed) = row.value.split_at_checked(4)?;
    let seal_key = keyring.key(u32::from_be_bytes(epoch.try_into().ok()?), Purpose::Roll).ok()?;
    let content = frame::open(seal_key, key.bytes(), sealed).ok()?;
    let member: Membership = postcard::from_bytes(&content).ok()?;
    // Pair assertion: the row stands where its content says.
    (row_key(keyring, member.home, member.account) == *key).then_some(member)
}

fn joined(parts: [[u8; 16]; 3]) -> [u8; 48] {
    let mut bytes = [0; 48];
    bytes.iter_mut().zip(parts.iter().flatten()).for_each(|(to, from)| *to = *from);
    bytes
}
