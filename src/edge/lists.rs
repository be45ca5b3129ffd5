//! Certificate revocation lists, read when a gate is built: every anchor has exactly one, signed by it, with a number
//! and an end.

use std::collections::BTreeMap;

use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use x509_parser::{
    certificate::X509Certificate, revocation_list::CertificateRevocationList, time::ASN1Time, x509::X509Name,
};

use super::gate_error::GateError;
use crate::clock::Time;

/// What one revocation list says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    issuer: String,
    /// Big-endian, no leading zero.
    number: Vec<u8>,
    from: Time,
    until: Time,
}

impl RevocationList {
    /// Distinguished name of the authority that signed it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// When it was issued.
    pub const fn from(&self) -> Time {
        self.from
    }

    /// From then on it is worth nothing, and nobody of its authority gets in.
    pub const fn until(&self) -> Time {
        self.until
    }

    /// Has a lower number than the other.
    pub fn is_older_than(&self, other: &Self) -> bool {
        (self.number.len(), &self.number) < (other.number.len(), &other.number)
    }
}

/// Reads all lists, by the raw name of their issuer.
///
/// # Errors
/// [`GateError`]: every way in which a revocation could pass unseen.
pub(super) fn read(
    anchors: &[CertificateDer<'_>],
    lists: &[CertificateRevocationListDer<'_>],
) -> Result<BTreeMap<Vec<u8>, RevocationList>, GateError> {
    if anchors.is_empty() {
        return Err(GateError::NoAnchor);
    }
    if lists.is_empty() {
        return Err(GateError::NoList);
    }
    let mut parsed = BTreeMap::new();
    for (place, list) in lists.iter().enumerate() {
        let (rest, list) = x509_parser::parse_x509_crl(list).map_err(|_not_a_list| GateError::BadList { place })?;
        if !rest.is_empty() {
            return Err(GateError::BadList { place });
        }
        let issuer = list.issuer().to_string();
        let Some(summary) = summarise(&list) else { return Err(GateError::IncompleteList { issuer }) };
        // webpki reads the first list of a name only: the second's revocations would be lost.
        if parsed.insert(raw(list.issuer()), (list, summary)).is_some() {
            return Err(GateError::TwoLists { issuer });
        }
    }
    for (place, anchor) in anchors.iter().enumerate() {
        let (_rest, anchor) =
            x509_parser::parse_x509_certificate(anchor).map_err(|_not_one| GateError::BadAnchor { place })?;
        let list = parsed.get(&raw(anchor.subject()));
        let (list, _summary) =
            list.ok_or_else(|| GateError::AnchorWithoutList { anchor: anchor.subject().to_string() })?;
        assert_signed(list, &anchor)?;
    }
    Ok(parsed.into_iter().map(|(issuer, (_list, summary))| (issuer, summary)).collect())
}

fn assert_signed(list: &CertificateRevocationList<'_>, anchor: &X509Certificate<'_>) -> Result<(), GateError> {
    list.verify_signature(anchor.public_key())
        .map_err(|_bad_signature| GateError::ForgedList { issuer: list.issuer().to_string() })
}

fn summarise(list: &CertificateRevocationList<'_>) -> Option<RevocationList> {
    Some(RevocationList {
        issuer: list.issuer().to_string(),
        number: list.crl_number()?.to_bytes_be().into_iter().skip_while(|byte| *byte == 0).collect(),
        from: time(list.last_update())?,
        until: time(list.next_update()?)?,
    })
}

fn raw(name: &X509Name<'_>) -> Vec<u8> {
    name.as_raw().to_vec()
}

fn time(time: ASN1Time) -> Option<Time> {
    u64::try_from(time.timestamp()).ok().and_then(|seconds| seconds.checked_mul(1000)).map(Time)
}
