//! Why the small authority issues nothing.

use std::fmt;

use crate::{
    clock::Time,
    crypto::Exhausted,
    limits,
    words::{Sentence, key},
};

/// Why nothing was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PkiError {
    /// A name that is empty, too long, or has control characters or outer spaces.
    BadName,
    /// Not a DNS name.
    BadDnsName {
        /// What was given.
        name: String,
    },
    /// A server certificate needs a name or an address.
    ServerWithoutName,
    /// An authority's life is out of bounds.
    YearsOutOfBounds,
    /// A certificate's or list's life is out of bounds.
    DaysOutOfBounds,
    /// It would live longer than its authority.
    OutlivesAuthority {
        /// The authority's end.
        ends: Time,
    },
    /// Not the certificate of an authority.
    NotAnAuthority,
    /// Not a private key.
    BadKey,
    /// The key is not that of the certificate.
    KeyDoesNotFit,
    /// Not a certificate request, or its signature is wrong.
    BadRequest,
    /// The signature could not be made.
    Signing,
    /// No random bytes.
    Exhausted(Exhausted),
}

impl From<rcgen::Error> for PkiError {
    fn from(error: rcgen::Error) -> Self {
        tracing::debug!(%error, "signing failed");
        Self::Signing
    }
}

impl PkiError {
    /// For people.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::BadName => Sentence::new(key::PKI_BAD_NAME).with("max", limits::COMMON_NAME_CHARS_MAX),
            Self::BadDnsName { name } => Sentence::new(key::PKI_BAD_DNS_NAME).with("name", name.as_str()),
            Self::ServerWithoutName => Sentence::new(key::PKI_SERVER_WITHOUT_NAME),
            Self::YearsOutOfBounds => Sentence::new(key::PKI_YEARS).with("max", limits::AUTHORITY_YEARS_MAX),
            Self::DaysOutOfBounds => Sentence::new(key::PKI_DAYS)
                .with("certificate", limits::CERTIFICATE_DAYS_MAX)
                .with("list", limits::REVOCATION_LIST_DAYS_MAX),
            Self::OutlivesAuthority { ends } => Sentence::new(key::PKI_OUTLIVES).with("ends", ends.to_string()),
            Self::NotAnAuthority => Sentence::new(key::PKI_NOT_AN_AUTHORITY),
            Self::BadKey => Sentence::new(key::PKI_BAD_KEY),
            Self::KeyDoesNotFit => Sentence::new(key::PKI_KEY_DOES_NOT_FIT),
            Self::BadRequest => Sentence::new(key::PKI_BAD_REQUEST),
            Self::Signing => Sentence::new(key::PKI_SIGNING),
            Self::Exhausted(_) => Sentence::new(key::PKI_EXHAUSTED),
        }
    }
}

impl fmt::Display for PkiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(formatter)
    }
}

impl std::error::Error for PkiError {}
