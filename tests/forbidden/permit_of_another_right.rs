//! A write with the right to read.
use vigie::{
    monitor::{Permit, Read},
    vault::{Draft, Vault},
};

pub fn write(vault: &Vault, permit: Permit<Read>) -> Draft<'_> {
    vault.draft(permit)
}
