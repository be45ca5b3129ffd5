//! Why there is no answer, in words for the person at the terminal.

use std::{error::Error, fmt, io};

use rustls::{AlertDescription, CertificateError};

use crate::{
    edge::Reason,
    words::{Sentence, key},
};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientError {
    /// Not an address.
    BadAddress {
        /// What was given.
        address: String,
    },
    /// The file of authorities holds none.
    BadAuthority,
    /// The certificate file holds none.
    BadCertificate,
    /// The key file holds none, or another certificate's.
    BadKey,
    /// Nobody answers there.
    Unreachable {
        /// Where.
        address: String,
        /// What the system says.
        cause: io::ErrorKind,
    },
    /// Too slow.
    TimedOut,
    /// The server's certificate comes from an authority that we do not believe.
    ServerNotTrusted,
    /// The server's certificate bears another name.
    ServerName,
    /// The server's certificate is not valid today.
    ServerExpired,
    /// The server refused our certificate.
    Refused {
        /// Why, as far as it says.
        reason: Reason,
    },
    /// No common ground in TLS or HTTP.
    Protocol,
    /// The server closed the connection before the answer's end.
    Closed,
    /// The answer, or a line of it, is larger than we hold.
    TooLarge,
    /// Not JSON, or not the JSON that was expected.
    NotJson,
    /// Not text.
    NotText,
    /// The server answered that it did not do it.
    Problem {
        /// HTTP status.
        status: u16,
        /// The problem's stable code; empty if it gave none.
        code: String,
        /// What it says.
        detail: String,
    },
}

impl ClientError {
    /// The first cause in a chain of errors that means something to us.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(tls) = error.downcast_ref::<rustls::Error>() {
                return Self::of_tls(tls);
            }
            let io = error.downcast_ref::<io::Error>();
            // An io::Error hides the error it wraps from `source`.
            if let Some(tls) = io.and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                return Self::of_tls(tls);
            }
            if io.is_some() {
                return Self::Closed;
            }
            if let Some(http) = error.downcast_ref::<hyper::Error>()
                && (http.is_parse() || http.is_user())
            {
                return Self::Protocol;
            }
            next = error.source();
        }
        Self::Closed
    }

    const fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => Self::ServerName,
            rustls::Error::InvalidCertificate(
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. },
            ) => Self::ServerExpired,
            rustls::Error::InvalidCertificate(_) => Self::ServerNotTrusted,
            rustls::Error::AlertReceived(alert) => match alert {
                AlertDescription::CertificateRequired => Self::Refused { reason: Reason::NoCertificate },
                AlertDescription::UnknownCA => Self::Refused { reason: Reason::UnknownIssuer },
                AlertDescription::CertificateRevoked => Self::Refused { reason: Reason::Revoked },
                AlertDescription::CertificateExpired => Self::Refused { reason: Reason::Expired },
                AlertDescription::UnsupportedCertificate => Self::Refused { reason: Reason::WrongPurpose },
                AlertDescription::AccessDenied => Self::Refused { reason: Reason::UnknownKey },
                _ => Self::Protocol,
            },
            _ => Self::Protocol,
        }
    }

    /// Stable word for machines.
    pub fn code(&self) -> &str {
        match self {
            Self::BadAddress { .. } => "bad-address",
            Self::BadAuthority => "bad-authority",
            Self::BadCertificate => "bad-certificate",
            Self::BadKey => "bad-key",
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut => "timed-out",
            Self::ServerNotTrusted => "server-not-trusted",
            Self::ServerName => "server-name",
            Self::ServerExpired => "server-expired",
            Self::Refused { .. } => "refused",
            Self::Protocol => "protocol",
            Self::Closed => "closed",
            Self::TooLarge => "too-large",
            Self::NotJson => "not-json",
            Self::NotText => "not-text",
            Self::Problem { code, .. } => code,
        }
    }

    /// For people.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::BadAddress { address } => Sentence::new(key::CLIENT_BAD_ADDRESS).with("address", address.as_str()),
            Self::BadAuthority => Sentence::new(key::CLIENT_BAD_AUTHORITY),
            Self::BadCertificate => Sentence::new(key::CLIENT_BAD_CERTIFICATE),
            Self::BadKey => Sentence::new(key::CLIENT_BAD_KEY),
            Self::Unreachable { address, cause } => Sentence::new(key::CLIENT_UNREACHABLE)
                .with("address", address.as_str())
                .with("cause", cause.to_string()),
            Self::TimedOut => Sentence::new(key::CLIENT_TIMED_OUT),
            Self::ServerNotTrusted => Sentence::new(key::CLIENT_SERVER_NOT_TRUSTED),
            Self::ServerName => Sentence::new(key::CLIENT_SERVER_NAME),
            Self::ServerExpired => Sentence::new(key::CLIENT_SERVER_EXPIRED),
            // One alert, unknown_ca, stands for an unknown issuer and for an expired list.
            Self::Refused { reason: Reason::UnknownIssuer } => Sentence::new(key::CLIENT_REFUSED_ISSUER),
            Self::Refused { reason } => Sentence::new(key::CLIENT_REFUSED).with("reason", reason.sentence()),
            Self::Protocol => Sentence::new(key::CLIENT_PROTOCOL),
            Self::Closed => Sentence::new(key::CLIENT_CLOSED),
            Self::TooLarge => Sentence::new(key::CLIENT_TOO_LARGE),
            Self::NotJson => Sentence::new(key::CLIENT_NOT_JSON),
            Self::NotText => Sentence::new(key::CLIENT_NOT_TEXT),
            Self::Problem { status, detail, .. } => Sentence::new(key::CLIENT_PROBLEM)
                .with("status", u32::from(*status).to_string())
                .with("detail", detail.as_str()),
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(formatter)
    }
}

impl Error for ClientError {}
