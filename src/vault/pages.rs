//! One page of a listing, over all labels that flow to the working label: found, decided, journalled, opened.

use std::collections::BTreeMap;

use super::{
    Envelope, Header, Listing, Opened, Scope, Stored, Vault, VaultError,
    merge::{self, Partition},
    rows,
};
use crate::{
    audit::entry::Act,
    identity::Subject,
    ids::Id,
    limits,
    monitor::{Claim, Granted, List, Permit},
    store::Family,
};

impl Vault {
    /// One page of a listing, over all labels that flow to the working label: what may come next, newest or oldest first.
    /// Partitions of other labels are not touched at all.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn page(
        &self,
        subject: &Subject,
        listing: Listing,
        scopes: &[Scope],
        after: Option<&rows::Place>,
        limit: usize,
    ) -> Result<Vec<Envelope>, VaultError> {
        let limit = limit.min(limits::PAGE_ROWS_MAX);
        let snapshot = self.engine.snapshot()?;
        let below = self.keys.below(subject.working());
        let mut partitions = Vec::with_capacity(scopes.len().saturating_mul(below.len()));
        for scope in scopes {
            for (handle, label) in &below {
                let prefix = rows::listing_prefix(&self.keyring, listing, scope, handle);
                let range = rows::listing_range(&prefix, listing.direction(), after);
                partitions.push(Partition::new(*label, range));
            }
        }
        let rows = merge::first(&*snapshot, listing.direction(), partitions, limit)?;
        let mut envelopes = Vec::with_capacity(rows.len());
        for (place, key, row, label) in rows {
            let (header, _epoch, body_at) = Header::open(&self.keyring, key.bytes(), &row.value)
                .map_err(|_unsealable| VaultError::Tampered(place.id))?;
            if header.id != place.id || header.version != row.version || self.keys.label(&header.label) != Ok(label) {
                return Err(VaultError::Tampered(place.id));
            }
            envelopes.push(Envelope {
                header,
                label,
                value: row.value,
                body_at,
                row_version: row.version,
                key: Some(key),
            });
        }
        Ok(envelopes)
    }

    /// The rows of a list at all labels: what planted leaks look at.
    #[cfg(feature = "exam")]
    pub fn exam_rows(&self, subject: &Subject, listing: Listing, scope: Scope) -> Vec<Envelope> {
        crate::exam::wide(|| self.page(subject, listing, &[scope], None, limits::PAGE_ROWS_MAX)).unwrap_or_default()
    }

    /// The listing row of one object, when its place is known.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn fetch_listed(&self, listing: Listing, scope: &Scope, of: &Header) -> Result<Option<Envelope>, VaultError> {
        let prefix = rows::listing_prefix(&self.keyring, listing, scope, &of.label);
        let key = rows::listing_key(&prefix, of.modified.0, of.id);
        let Some(row) = self.engine.get(Family::Listings, &key)? else { return Ok(None) };
        let place = key.bytes().to_vec();
        let envelope = self.envelope(row, &place, of.id)?;
        Ok(envelope.map(|envelope| Envelope { key: Some(key), ..envelope }))
    }

    /// Decides on the rows of a page, journals them, and opens what is granted, in their order.
    ///
    /// # Errors
    /// [`VaultError`]; refused and absent are the same.
    pub async fn list<T: Stored>(
        &self,
        subject: &Subject,
        act: Act,
        claims: &[Claim],
        page: Vec<Envelope>,
    ) -> Result<Vec<Opened<T>>, VaultError> {
        let targets: Vec<_> = page.iter().map(Envelope::target).collect();
        let permit = self.monitor.list(subject, act, claims, &targets).await?;
        self.open_page(permit, page)
    }

    /// Opens the records of a page with the permit that covers them, in their order; those it does not cover are left out.
    ///
    /// # Errors
    /// [`VaultError::Tampered`].
    pub fn open_page<T: Stored>(
        &self,
        permit: Permit<List>,
        envelopes: Vec<Envelope>,
    ) -> Result<Vec<Opened<T>>, VaultError> {
        let granted: BTreeMap<(Id, u64), Granted> =
            permit.spend().into_iter().map(|granted| ((granted.id(), granted.version()), granted)).collect();
        let mut opened = Vec::with_capacity(envelopes.len());
        for envelope in envelopes {
            if let Some(granted) = granted.get(&(envelope.header.id, envelope.header.version)) {
                opened.push(self.open_granted(granted, envelope)?);
            }
        }
        Ok(opened)
    }
}
