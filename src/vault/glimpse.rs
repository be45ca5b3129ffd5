//! What is looked at along links before the journal says what was shown: where a walk goes next stands in the links themselves.
//!
//! A [`Glimpse`] can be looked into and not taken out: [`Vault::shown`] gives its content against the permit for the page,
//! which exists only once the entry that names it is durable. A walk that is cut short has answered nothing and names nothing.

use super::{Envelope, Mixed, Opened, Stored, Vault, VaultError};
use crate::{
    identity::Subject,
    monitor::{Permit, Target, Walk},
};

/// An object that was looked at and has not been shown.
#[derive(Debug)]
pub struct Glimpse<T> {
    target: Target,
    opened: Opened<T>,
}

impl<T> Glimpse<T> {
    /// What it says, for deciding where to go on.
    pub const fn look(&self) -> &Opened<T> {
        &self.opened
    }

    /// What the monitor decides on.
    pub const fn target(&self) -> Target {
        self.target
    }
}

impl Vault {
    /// Looks at one object; none when the subject does not reach it.
    ///
    /// # Errors
    /// [`VaultError::Tampered`].
    pub fn glimpse<T: Stored>(
        &self,
        _walking: &Permit<Walk>,
        subject: &Subject,
        envelope: Envelope,
    ) -> Result<Option<Glimpse<T>>, VaultError> {
        let target = envelope.target();
        if envelope.header.kind != T::KIND || !self.monitor.reaches(subject, &target) {
            return Ok(None);
        }
        Ok(Some(Glimpse { target, opened: self.open_body(envelope)? }))
    }

    /// Takes out what the permit for the page covers; none when it does not, or no longer.
    pub fn shown<T>(&self, page: &mut Mixed, seen: Glimpse<T>) -> Option<Opened<T>> {
        let granted = page.take(seen.target.id, seen.target.version)?;
        (*granted.label() == seen.target.label).then_some(seen.opened)
    }
}
