//! One decision for two readings, by a copy of the permit.
use vigie::{
    monitor::{Permit, Read},
    sharing::note::Note,
    vault::{Envelope, Vault},
};

pub fn twice(vault: &Vault, permit: Permit<Read>, first: Envelope, second: Envelope) {
    drop(vault.open::<Note>(permit.clone(), first));
    drop(vault.open::<Note>(permit, second));
}
