//! The one function that opens a body, called past the permit.
use vigie::{
    sharing::note::Note,
    vault::{Envelope, Opened, Vault, VaultError},
};

pub fn open(vault: &Vault, envelope: Envelope) -> Result<Opened<Note>, VaultError> {
    vault.open_body(envelope)
}
