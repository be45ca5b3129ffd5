//! Slots: the ways to the root key, as LUKS has them. Any one slot opens it.
//!
//! A slot seals the root key under a key made from a secret that is not in this
//! file: the machine's secret, or a custodian's passphrase together with it.
//! A wrong secret is noticed at once by Cobblestone's commitment. Kind `pair`
//! (two custodians) is reserved in the format and not made yet.

use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};

use super::{
    Entropy, Exhausted, Secret, cobblestone,
    derive::expand_into,
    passphrase::{self, Cost, CostOutOfBounds},
};

/// The slot file, `keys/slots.toml`.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Slots {
    /// Always `vigie-slots-v1`.
    pub format: String,
    /// The deployment these slots open.
    pub deployment: String,
    /// The slots; the number is bound into each seal.
    #[serde(rename = "slot", default)]
    pub slots: Vec<Slot>,
}

/// One way to the root key.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Number, unique in the file.
    pub number: u32,
    /// How the slot's key is made.
    pub kind: SlotKind,
    /// Random salt, hexadecimal, 16 bytes.
    pub salt: String,
    /// argon2id cost, for passphrases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// The sealed root key, Base64.
    pub root: String,
}

/// How a slot's key is made.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum SlotKind {
    /// From the machine's secret alone (a root-only file or a systemd credential).
    Machine,
    /// From the machine's secret and one passphrase.
    Passphrase,
    /// From the machine's secret and two custodians' passphrases. Reserved.
    Pair,
}

/// Why no root key came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotError {
    /// No slot of this kind opens with this secret.
    WrongSecret,
    /// The file's format, salt or Base64 is not readable.
    Malformed,
    /// Reserved kind.
    NotSupported,
    /// argon2id cost under the floor or over the ceiling.
    Cost,
    /// No random bytes or locked memory.
    Exhausted(Exhausted),
}

impl std::fmt::Display for SlotError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::WrongSecret => formatter.write_str("no slot opens with this secret"),
            Self::Malformed => formatter.write_str("the slot file is malformed"),
            Self::NotSupported => formatter.write_str("slots of this kind are reserved for a later version"),
            Self::Cost => formatter.write_str("a slot's argon2id cost is outside the accepted bounds"),
            Self::Exhausted(cause) => cause.fmt(formatter),
        }
    }
}

impl std::error::Error for SlotError {}

impl From<Exhausted> for SlotError {
    fn from(cause: Exhausted) -> Self {
        Self::Exhausted(cause)
    }
}

impl From<CostOutOfBounds> for SlotError {
    fn from(CostOutOfBounds: CostOutOfBounds) -> Self {
        Self::Cost
    }
}

/// What a person or the machine offers to open a slot.
#[derive(Debug)]
pub enum Offer<'a> {
    /// The machine's secret.
    Machine(&'a Secret),
    /// The machine's secret and a passphrase.
    Passphrase(&'a Secret, &'a [u8]),
}

impl Slots {
    /// A file without slots.
    pub fn empty(deployment: &str) -> Self {
        Self { format: "vigie-slots-v1".to_owned(), deployment: deployment.to_owned(), slots: Vec::new() }
    }

    /// Adds a slot that opens to `root` with `offer`.
    ///
    /// # Errors
    /// [`SlotError::Cost`] for a cost out of bounds, [`SlotError::Exhausted`].
    pub fn add(&mut self, offer: &Offer<'_>, cost: Cost, root: &Secret, entropy: &Entropy) -> Result<(), SlotError> {
        let number = self.slots.iter().map(|slot| slot.number).max().unwrap_or(0).saturating_add(1);
        let salt: [u8; 16] = entropy.bytes()?;
        let (kind, cost) = match offer {
            Offer::Machine(_) => (SlotKind::Machine, None),
            Offer::Passphrase(..) => (SlotKind::Passphrase, Some(cost)),
        };
        let key = self.slot_key(offer, number, &salt, cost)?;
        let sealed = cobblestone::seal(&key, &self.context(number), root.expose(), entropy)?;
        self.slots.push(Slot { number, kind, salt: HEXLOWER.encode(&salt), cost, root: BASE64.encode(&sealed) });
        Ok(())
    }

    /// The root key, by the first slot that opens.
    ///
    /// # Errors
    /// [`SlotError::WrongSecret`] when none opens; the other variants for a damaged or foreign file.
    pub fn open(&self, offer: &Offer<'_>) -> Result<Secret, SlotError> {
        if self.format != "vigie-slots-v1" {
            return Err(SlotError::Malformed);
        }
        let kind = match offer {
            Offer::Machine(_) => SlotKind::Machine,
            Offer::Passphrase(..) => SlotKind::Passphrase,
        };
        for slot in self.slots.iter().filter(|slot| slot.kind == kind) {
            let salt = HEXLOWER.decode(slot.salt.as_bytes()).map_err(|_not_hex| SlotError::Malformed)?;
            let salt: [u8; 16] = salt.try_into().map_err(|_length| SlotError::Malformed)?;
            let sealed = BASE64.decode(slot.root.as_bytes()).map_err(|_not_base64| SlotError::Malformed)?;
            let key = self.slot_key(offer, slot.number, &salt, slot.cost)?;
            if let Ok(root) = cobblestone::open(&key, &self.context(slot.number), &sealed) {
                let mut root: [u8; 32] = root.try_into().map_err(|_length| SlotError::Malformed)?;
                return Ok(Secret::new(&mut root)?);
            }
        }
        Err(SlotError::WrongSecret)
    }

    fn context(&self, number: u32) -> Vec<u8> {
        [b"vigie/slot/v1\0".as_slice(), &number.to_be_bytes(), self.deployment.as_bytes()].concat()
    }

    fn slot_key(
        &self,
        offer: &Offer<'_>,
        number: u32,
        salt: &[u8; 16],
        cost: Option<Cost>,
    ) -> Result<Secret, SlotError> {
        let mut material = zeroize::Zeroizing::new(Vec::with_capacity(64));
        match offer {
            Offer::Machine(machine) => material.extend_from_slice(machine.expose()),
            Offer::Passphrase(machine, words) => {
                let cost = cost.ok_or(SlotError::Malformed)?;
                let stretched = passphrase::derive(words, salt, cost)??;
                material.extend_from_slice(stretched.expose());
                material.extend_from_slice(machine.expose());
            }
        }
        let mut key = [0; 32];
        expand_into(
            &material,
            &[b"vigie/unseal/v1\0", salt, &number.to_be_bytes(), self.deployment.as_bytes()],
            &mut key,
        );
        Ok(Secret::new(&mut key)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits;

    const FLOOR: Cost =
        Cost { memory_kib: limits::PASSPHRASE_MEMORY_KIB_MIN, passes: limits::PASSPHRASE_PASSES_MIN, lanes: 1 };

    #[test]
    fn either_slot_opens_and_nothing_else_does() {
        let entropy = Entropy::default();
        let (machine, other, root) = (entropy.secret().unwrap(), entropy.secret().unwrap(), entropy.secret().unwrap());
        let mut slots = Slots::empty("deployment");
        slots.add(&Offer::Machine(&machine), FLOOR, &root, &entropy).unwrap();
        slots.add(&Offer::Passphrase(&machine, b"six mots de passe"), FLOOR, &root, &entropy).unwrap();
        let slots: Slots = toml::from_str(&toml::to_string(&slots).unwrap()).unwrap();
        assert_eq!(slots.open(&Offer::Machine(&machine)).unwrap().expose(), root.expose());
        let by_words = slots.open(&Offer::Passphrase(&machine, b"six mots de passe")).unwrap();
        assert_eq!(by_words.expose(), root.expose());
        assert_eq!(slots.open(&Offer::Machine(&other)).unwrap_err(), SlotError::WrongSecret);
        assert_eq!(slots.open(&Offer::Passphrase(&other, b"six mots de passe")).unwrap_err(), SlotError::WrongSecret);
    }

    #[test]
    fn a_weakened_slot_file_is_refused() {
        let entropy = Entropy::default();
        let (machine, root) = (entropy.secret().unwrap(), entropy.secret().unwrap());
        let mut slots = Slots::empty("deployment");
        let weak = Cost { memory_kib: 1024, ..FLOOR };
        assert_eq!(slots.add(&Offer::Passphrase(&machine, b"x"), weak, &root, &entropy), Err(SlotError::Cost));
    }
}
