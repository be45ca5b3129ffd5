//! Who vouches for client certificates, and what they have revoked. Here only that each is there, is what it says
//! and belongs together; whether a certificate holds is decided by rustls at the edge, with these bytes.

use std::collections::BTreeSet;

use x509_parser::{
    pem::parse_x509_pem,
    prelude::{FromDer as _, X509Certificate},
    revocation_list::CertificateRevocationList,
    time::ASN1Time,
};

use super::{file::shortened, shape::TrustEntry};
use crate::{
    clock::Time,
    limits::{ANCHORS_MAX, CRLS_MAX},
    words::{Sentence, key},
};

/// An authority that issues client certificates.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Anchor {
    der: Vec<u8>,
    subject: String,
    subject_der: Vec<u8>,
    expires: Time,
}

impl Anchor {
    /// The certificate.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The distinguished name, for people.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// End of the certificate's validity.
    pub const fn expires(&self) -> Time {
        self.expires
    }
}

/// A revocation list of one authority.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Crl {
    der: Vec<u8>,
    issuer: String,
    issuer_der: Vec<u8>,
    next_update: Time,
    revoked: usize,
}

impl Crl {
    /// The list.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The authority's distinguished name, for people.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// When the next list is due.
    pub const fn next_update(&self) -> Time {
        self.next_update
    }

    /// How many certificates it revokes.
    pub const fn revoked(&self) -> usize {
        self.revoked
    }
}

/// Anchors and lists that belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Trust {
    pub(super) anchors: Vec<Anchor>,
    pub(super) crls: Vec<Crl>,
}

impl Trust {
    /// `arriving` is the time when somebody brings the file; what is kept is not refused for having aged.
    pub(super) fn of(entry: &TrustEntry, arriving: Option<Time>) -> Result<Self, TrustFault> {
        if entry.anchors.is_empty() {
            return Err(TrustFault::NoAnchor);
        }
        if entry.anchors.len() > ANCHORS_MAX || entry.crls.len() > CRLS_MAX {
            return Err(TrustFault::TooMany { anchors: ANCHORS_MAX, crls: CRLS_MAX });
        }
        let anchors = numbered(&entry.anchors, |number, pem| anchor(number, pem, arriving))?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = anchors.iter().find(|anchor| !seen.insert(&anchor.der)) {
            return Err(TrustFault::SameAnchorTwice { subject: twice.subject.clone() });
        }
        let crls = numbered(&entry.crls, |number, pem| crl(number, pem, arriving))?;
        let mut issuers = BTreeSet::new();
        for crl in &crls {
            if !anchors.iter().any(|anchor| anchor.subject_der == crl.issuer_der) {
                return Err(TrustFault::StrayCrl { issuer: crl.issuer.clone() });
            }
            if !issuers.insert(&crl.issuer_der) {
                return Err(TrustFault::SameCrlTwice { issuer: crl.issuer.clone() });
            }
        }
        // Without a list nothing that this authority issued could ever be revoked.
        if let Some(bare) = anchors.iter().find(|anchor| !issuers.contains(&anchor.subject_der)) {
            return Err(TrustFault::AnchorWithoutCrl { subject: bare.subject.clone() });
        }
        Ok(Self { anchors, crls })
    }
}

fn numbered<T>(texts: &[String], read: impl Fn(usize, &str) -> Result<T, TrustFault>) -> Result<Vec<T>, TrustFault> {
    texts.iter().enumerate().map(|(place, text)| read(place.saturating_add(1), text)).collect()
}

/// The DER inside one PEM block that is alone in its text.
fn unwrapped(text: &str, label: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    if !text.starts_with("-----BEGIN ") || text.matches("-----BEGIN ").count() != 1 {
        return None;
    }
    let (rest, pem) = parse_x509_pem(text.as_bytes()).ok()?;
    (rest.trim_ascii().is_empty() && pem.label == label).then_some(pem.contents)
}

fn anchor(number: usize, pem: &str, arriving: Option<Time>) -> Result<Anchor, TrustFault> {
    let bad = || TrustFault::BadAnchor { number };
    let der = unwrapped(pem, "CERTIFICATE").ok_or_else(bad)?;
    let Ok((rest, certificate)) = X509Certificate::from_der(&der) else { return Err(bad()) };
    if !rest.is_empty() {
        return Err(bad());
    }
    let subject = shortened(&certificate.subject().to_string());
    if !certificate.is_ca() {
        return Err(TrustFault::NotAnAuthority { subject });
    }
    let expires = time(certificate.validity().not_after);
    if arriving.is_some_and(|now| now >= expires) {
        return Err(TrustFault::AnchorExpired { subject, since: expires });
    }
    let subject_der = certificate.subject().as_raw().to_vec();
    Ok(Anchor { subject, subject_der, expires, der })
}

fn crl(number: usize, pem: &str, arriving: Option<Time>) -> Result<Crl, TrustFault> {
    let bad = || TrustFault::BadCrl { number };
    let der = unwrapped(pem, "X509 CRL").ok_or_else(bad)?;
    let Ok((rest, list)) = CertificateRevocationList::from_der(&der) else { return Err(bad()) };
    if !rest.is_empty() {
        return Err(bad());
    }
    let issuer = shortened(&list.issuer().to_string());
    // A list without an end could be kept for ever by whoever does not want the next one seen.
    let Some(next_update) = list.next_update().map(time) else {
        return Err(TrustFault::CrlWithoutNextUpdate { issuer });
    };
    if arriving.is_some_and(|now| now >= next_update) {
        return Err(TrustFault::CrlStale { issuer, since: next_update });
    }
    let issuer_der = list.issuer().as_raw().to_vec();
    let revoked = list.iter_revoked_certificates().count();
    Ok(Crl { issuer, issuer_der, next_update, revoked, der })
}

fn time(asn1: ASN1Time) -> Time {
    Time(u64::try_from(asn1.timestamp()).unwrap_or(0).saturating_mul(1000))
}

/// What is wrong with the authorities and lists of a `config.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrustFault {
    /// Nobody could connect.
    NoAnchor,
    /// More than a server should carry.
    TooMany {
        /** The most anchors. */
        anchors: usize,
        /** The most lists. */
        crls: usize,
    },
    /// Not one certificate in PEM.
    BadAnchor {
        /** Which, from 1. */
        number: usize,
    },
    /// A certificate that may not issue others.
    NotAnAuthority {
        /** Whose. */
        subject: String,
    },
    /// The authority's certificate has ended.
    AnchorExpired {
        /** Whose. */
        subject: String,
        /** Since when. */
        since: Time,
    },
    /// One certificate twice.
    SameAnchorTwice {
        /** Whose. */
        subject: String,
    },
    /// Not one revocation list in PEM.
    BadCrl {
        /** Which, from 1. */
        number: usize,
    },
    /// A list by nobody who is trusted.
    StrayCrl {
        /** By whom. */
        issuer: String,
    },
    /// A list that never ends.
    CrlWithoutNextUpdate {
        /** By whom. */
        issuer: String,
    },
    /// The next list was due already.
    CrlStale {
        /** By whom. */
        issuer: String,
        /** Since when. */
        since: Time,
    },
    /// Two lists by one authority.
    SameCrlTwice {
        /** By whom. */
        issuer: String,
    },
    /// An authority without a list.
    AnchorWithoutCrl {
        /** Which. */
        subject: String,
    },
}

impl TrustFault {
    pub(super) fn facts(&self) -> (&'static str, Sentence) {
        let say = Sentence::new;
        match self {
            Self::NoAnchor => ("no-anchor", say(key::CONFIG_TRUST_NO_ANCHOR)),
            Self::TooMany { anchors, crls } => {
                ("too-much-trust", say(key::CONFIG_TRUST_TOO_MANY).with("anchors", *anchors).with("crls", *crls))
            }
            Self::BadAnchor { number } => ("bad-anchor", say(key::CONFIG_TRUST_BAD_ANCHOR).with("number", *number)),
            Self::NotAnAuthority { subject } => {
                ("not-an-authority", say(key::CONFIG_TRUST_NOT_AUTHORITY).with("subject", subject.as_str()))
            }
            Self::AnchorExpired { subject, since } => {
                let sentence = say(key::CONFIG_TRUST_ANCHOR_EXPIRED).with("subject", subject.as_str());
                ("anchor-expired", sentence.with("since", since.to_string()))
            }
            Self::SameAnchorTwice { subject } => {
                ("same-anchor-twice", say(key::CONFIG_TRUST_SAME_ANCHOR).with("subject", subject.as_str()))
            }
            Self::BadCrl { number } => ("bad-crl", say(key::CONFIG_TRUST_BAD_CRL).with("number", *number)),
            Self::StrayCrl { issuer } => {
                ("stray-crl", say(key::CONFIG_TRUST_STRAY_CRL).with("issuer", issuer.as_str()))
            }
            Self::CrlWithoutNextUpdate { issuer } => {
                ("crl-without-next-update", say(key::CONFIG_TRUST_CRL_ENDLESS).with("issuer", issuer.as_str()))
            }
            Self::CrlStale { issuer, since } => {
                let sentence = say(key::CONFIG_TRUST_CRL_STALE).with("issuer", issuer.as_str());
                ("crl-stale", sentence.with("since", since.to_string()))
            }
            Self::SameCrlTwice { issuer } => {
                ("same-crl-twice", say(key::CONFIG_TRUST_SAME_CRL).with("issuer", issuer.as_str()))
            }
            Self::AnchorWithoutCrl { subject } => {
                ("anchor-without-crl", say(key::CONFIG_TRUST_ANCHOR_WITHOUT_CRL).with("subject", subject.as_str()))
            }
        }
    }
}
