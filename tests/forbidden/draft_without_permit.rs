//! A write that nobody allowed.
use vigie::vault::Vault;

pub fn draft(vault: &Vault) {
    drop(vault.draft());
}
