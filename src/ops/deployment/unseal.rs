//! From the machine's secret, and a custodian's words where they are asked for, to the keyring.

use std::{
    fs::{self, File},
    io::Read as _,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use zeroize::{Zeroize, Zeroizing};

use super::{OpenError, Places};
use crate::{
    crypto::{
        Entropy, Exhausted, Keyring, Secret,
        slots::{Offer, SlotError, SlotKind, Slots},
    },
    ids::Id,
    limits,
};

/// What opens the deployment.
#[derive(Debug, Default)]
pub struct Unseal {
    /// Where the machine's secret is, when not in the folder: a systemd credential.
    pub credential: Option<PathBuf>,
    /// A custodian's words, where a slot asks for them.
    pub passphrase: Option<Zeroizing<Vec<u8>>>,
}

impl Unseal {
    /// Where the machine's secret is.
    pub fn secret_path(&self, places: &Places) -> PathBuf {
        self.credential.clone().unwrap_or_else(|| places.machine_secret())
    }
}

/// A new secret of the machine: the text of its file.
///
/// # Errors
/// [`Exhausted`] when the system gives no random bytes.
pub fn new_machine_secret(entropy: &Entropy) -> Result<Zeroizing<String>, Exhausted> {
    let bytes = Zeroizing::new(entropy.bytes::<32>()?);
    let mut text = Zeroizing::new(HEXLOWER.encode(bytes.as_slice()));
    text.push('\n');
    Ok(text)
}

/// Reads the machine's secret, if nobody else can.
///
/// # Errors
/// [`OpenError::SecretExposed`], [`OpenError::SecretMalformed`], or those of the disk.
pub fn machine_secret(path: &Path) -> Result<Secret, OpenError> {
    let failed = |error: std::io::Error| OpenError::of_file(path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    // systemd hands a credential over as root's, with an access list for the service that shows as a group's right.
    let others = if metadata.uid() == 0 && !rustix::process::geteuid().is_root() { 0o037 } else { 0o077 };
    if metadata.mode() & others != 0 {
        return Err(OpenError::SecretExposed { file: path.to_owned(), mode: metadata.mode() & 0o777 });
    }
    let mut text = Zeroizing::new([0_u8; limits::MACHINE_SECRET_BYTES_MAX]);
    let mut length = 0_usize;
    while let Some(rest) = text.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read(rest).map_err(failed)? {
            0 => break,
            more => length = length.saturating_add(more),
        }
    }
    let malformed = || OpenError::SecretMalformed { file: path.to_owned() };
    let digits = text.get(..length).map(<[u8]>::trim_ascii_end).ok_or_else(malformed)?;
    let mut bytes = [0; 32];
    if digits.len() != 64 || HEXLOWER.decode_mut(digits, &mut bytes).is_err() {
        bytes.zeroize();
        return Err(malformed());
    }
    Secret::new(&mut bytes).map_err(OpenError::from)
}

/// The keyring of the deployment, opened by the first slot that the offer fits.
pub(super) fn keyring(places: &Places, deployment: Id, unseal: &Unseal) -> Result<Keyring, OpenError> {
    let slots = read_slots(&places.slots(), deployment)?;
    let has = |kind: SlotKind| slots.slots.iter().any(|slot| slot.kind == kind);
    if unseal.passphrase.is_none() && !has(SlotKind::Machine) {
        return Err(OpenError::PassphraseNeeded);
    }
    let machine = machine_secret(&unseal.secret_path(places))?;
    let offer = match &unseal.passphrase {
        Some(words) => Offer::Passphrase(&machine, words),
        None => Offer::Machine(&machine),
    };
    let root = slots.open(&offer).map_err(|fault| match fault {
        SlotError::WrongSecret => OpenError::WrongSecret { slots: places.slots(), secret: unseal.secret_path(places) },
        SlotError::Malformed | SlotError::NotSupported | SlotError::Cost => {
            OpenError::SlotsDamaged { file: places.slots() }
        }
        SlotError::Exhausted(cause) => OpenError::Exhausted(cause),
    })?;
    let path = places.keyring();
    let sealed = fs::read(&path).map_err(|error| OpenError::of_file(&path, &error))?;
    Keyring::open(&root, &deployment.to_string(), &sealed)
        .map_err(|_unsealable| OpenError::KeyringDamaged { file: path })
}

fn read_slots(path: &Path, deployment: Id) -> Result<Slots, OpenError> {
    let damaged = || OpenError::SlotsDamaged { file: path.to_owned() };
    let bytes = fs::read(path).map_err(|error| OpenError::of_file(path, &error))?;
    let text = std::str::from_utf8(&bytes).map_err(|_not_text| damaged())?;
    let slots: Slots = toml::from_str(text).map_err(|_malformed| damaged())?;
    if slots.deployment == deployment.to_string() { Ok(slots) } else { Err(damaged()) }
}
