//! A page of objects of several kinds, opened one by one with the permit that covers the page.

use std::collections::BTreeMap;

use super::{Chunks, Envelope, Opened, Stored, Vault, VaultError};
use crate::{
    ids::Id,
    monitor::{Granted, List, Permit},
};

/// What is left of a permit for a page. Each object is opened once.
#[derive(Debug)]
pub struct Mixed(BTreeMap<(Id, u64), Granted>);

impl Mixed {
    /// Whether the permit covers an object that has not been opened yet.
    pub fn covers(&self, id: Id, version: u64) -> bool {
        self.0.contains_key(&(id, version))
    }

    pub(super) fn take(&mut self, id: Id, version: u64) -> Option<Granted> {
        self.0.remove(&(id, version))
    }
}

impl Vault {
    /// Spends the permit for a page of several kinds.
    pub fn mixed(&self, permit: Permit<List>) -> Mixed {
        Mixed(permit.spend().into_iter().map(|granted| ((granted.id(), granted.version()), granted)).collect())
    }

    /// Opens one object of the page with its content, to be read; none when the permit does not cover it, or no longer.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_mixed_content<T: Stored>(
        &self,
        page: &mut Mixed,
        of: Envelope,
    ) -> Result<Option<(Opened<T>, Chunks)>, VaultError> {
        let chunks = Chunks::of(&of);
        Ok(self.open_mixed(page, of)?.map(|opened| (opened, chunks)))
    }

    /// Opens one object of the page; none when the permit does not cover it, or no longer.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_mixed<T: Stored>(&self, page: &mut Mixed, of: Envelope) -> Result<Option<Opened<T>>, VaultError> {
        match page.take(of.header.id, of.header.version) {
            Some(granted) => self.open_granted(&granted, of).map(Some),
            None => Ok(None),
        }
    }
}
