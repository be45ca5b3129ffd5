//! Handshakes that failed, for the journal: why, from where, with which key; bounded, because strangers cause them.

use std::{
    collections::BTreeMap,
    fmt, io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::CertificateError;

use crate::words::{Sentence, key};

/// Why a handshake was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The client showed no certificate.
    NoCertificate,
    /// Its issuer is none of our anchors.
    UnknownIssuer,
    /// Its serial number is on the revocation list.
    Revoked,
    /// No current list says whether it is revoked.
    CrlExpired,
    /// It is not valid yet, or no more.
    Expired,
    /// It is not made for clients.
    WrongPurpose,
    /// A good certificate whose key the configuration does not name, or names no more.
    UnknownKey,
    /// The handshake took too long.
    Timeout,
    /// No common ground: older TLS, damaged messages, a scanner.
    Protocol,
    /// Too many connections: all, of this address, or of this key.
    Crowded,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::NoCertificate,
        Self::UnknownIssuer,
        Self::Revoked,
        Self::CrlExpired,
        Self::Expired,
        Self::WrongPurpose,
        Self::UnknownKey,
        Self::Timeout,
        Self::Protocol,
        Self::Crowded,
    ];

    /// Stable word for machines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoCertificate => "no-certificate",
            Self::UnknownIssuer => "unknown-issuer",
            Self::Revoked => "revoked",
            Self::CrlExpired => "crl-expired",
            Self::Expired => "expired",
            Self::WrongPurpose => "wrong-purpose",
            Self::UnknownKey => "unknown-key",
            Self::Timeout => "timeout",
            Self::Protocol => "protocol",
            Self::Crowded => "crowded",
        }
    }

    /// For people.
    pub const fn sentence(self) -> Sentence {
        Sentence::new(match self {
            Self::NoCertificate => key::EDGE_REFUSAL_NO_CERTIFICATE,
            Self::UnknownIssuer => key::EDGE_REFUSAL_UNKNOWN_ISSUER,
            Self::Revoked => key::EDGE_REFUSAL_REVOKED,
            Self::CrlExpired => key::EDGE_REFUSAL_CRL_EXPIRED,
            Self::Expired => key::EDGE_REFUSAL_EXPIRED,
            Self::WrongPurpose => key::EDGE_REFUSAL_WRONG_PURPOSE,
            Self::UnknownKey => key::EDGE_REFUSAL_UNKNOWN_KEY,
            Self::Timeout => key::EDGE_REFUSAL_TIMEOUT,
            Self::Protocol => key::EDGE_REFUSAL_PROTOCOL,
            Self::Crowded => key::EDGE_REFUSAL_CROWDED,
        })
    }

    /// What a TLS error means for us.
    pub(super) const fn of(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::NoCertificatesPresented => Self::NoCertificate,
            rustls::Error::InvalidCertRevocationList(_) => Self::CrlExpired,
            rustls::Error::InvalidCertificate(certificate) => match certificate {
                CertificateError::UnknownIssuer => Self::UnknownIssuer,
                CertificateError::Revoked => Self::Revoked,
                CertificateError::UnknownRevocationStatus
                | CertificateError::ExpiredRevocationList
                | CertificateError::ExpiredRevocationListContext { .. } => Self::CrlExpired,
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. } => Self::Expired,
                CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => Self::WrongPurpose,
                CertificateError::ApplicationVerificationFailure => Self::UnknownKey,
                _ => Self::Protocol,
            },
            _ => Self::Protocol,
        }
    }

    /// What the failure of a handshake means for us.
    pub(super) fn of_io(error: &io::Error) -> Self {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        inner.map_or(Self::Protocol, Self::of)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// One refused handshake, or the sum of those not told one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// From where; `None` in a sum.
    pub address: Option<SocketAddr>,
    /// The key that the client showed. It did not prove that it holds it.
    pub fingerprint: Option<[u8; 32]>,
    /// How many refusals this stands for: 1, or a sum.
    pub count: u64,
}

/// Where refusals are told. Called on the connection's task: it must not block.
pub type Report = Arc<dyn Fn(Refusal) + Send + Sync>;

/// Tells the first refusals of each reason in a window one by one, then their sum when the window ends.
pub(super) struct Refusals {
    report: Report,
    each_max: u64,
    seen: Mutex<BTreeMap<Reason, u64>>,
}

impl Refusals {
    pub(super) const fn new(report: Report, each_max: u64) -> Self {
        Self { report, each_max, seen: Mutex::new(BTreeMap::new()) }
    }

    pub(super) fn tell(&self, reason: Reason, address: SocketAddr, fingerprint: Option<[u8; 32]>) {
        let count = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            let count = seen.entry(reason).or_default();
            *count = count.saturating_add(1);
            *count
        };
        // One journal entry a refusal would let a stranger fill the disk.
        if count <= self.each_max {
            (self.report)(Refusal { reason, address: Some(address), fingerprint, count: 1 });
        }
    }

    /// Ends the window.
    pub(super) fn turn(&self) {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        for (reason, count) in seen {
            let untold = count.saturating_sub(self.each_max);
            if untold > 0 {
                (self.report)(Refusal { reason, address: None, fingerprint: None, count: untold });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_refusals_is_told_as_a_sum() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&told);
        let refusals = Refusals::new(Arc::new(move |refusal| sink.lock().expect("a lock").push(refusal)), 2);
        let address: SocketAddr = "192.0.2.1:9".parse().expect("an address");
        for _ in 0..1000 {
            refusals.tell(Reason::Protocol, address, None);
        }
        refusals.tell(Reason::Revoked, address, Some([7; 32]));
        refusals.turn();
        refusals.turn();
        let told = told.lock().expect("a lock");
        let counts: Vec<_> = told.iter().map(|refusal| (refusal.reason, refusal.count)).collect();
        assert_eq!(
            counts,
            [(Reason::Protocol, 1), (Reason::Protocol, 1), (Reason::Revoked, 1), (Reason::Protocol, 998)]
        );
    }
}
