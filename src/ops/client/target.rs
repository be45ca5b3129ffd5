//! The server, and as whom we speak with it.

use std::{sync::Arc, time::Duration};

use http::Uri;
use rustls::{
    ClientConfig, RootCertStore,
    client::Resumption,
    pki_types::{PrivateKeyDer, pem::PemObject},
};

use super::ClientError;
use crate::{clock::Clock, edge::tls, limits};

/// HTTP versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// HTTP/1.1: one request at a time.
    Http1,
    /// HTTP/2.
    Http2,
}

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the connection.
    pub connect: Duration,
    /// For the head of an answer, and for each next part.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_millis(limits::CLIENT_CONNECT_MS_MAX),
            answer: Duration::from_millis(limits::CLIENT_ANSWER_MS_MAX),
        }
    }
}

/// The server, and how to speak with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `host:port` to connect to.
    pub address: String,
    /// Name that the server's certificate must bear.
    pub name: String,
    /// HTTP version.
    pub version: Version,
    /// Time-outs.
    pub patience: Patience,
}

impl Target {
    /// From `https://host:port`, the port being 443 if left out.
    ///
    /// # Errors
    /// [`ClientError::BadAddress`] for anything else.
    pub fn parse(url: &str, version: Version) -> Result<Self, ClientError> {
        let bad = || ClientError::BadAddress { address: url.to_owned() };
        let uri: Uri = url.parse().map_err(|_not_a_url| bad())?;
        let host = uri.host().ok_or_else(bad)?;
        if uri.scheme_str() != Some("https") || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(bad());
        }
        let address = format!("{host}:{}", uri.port_u16().unwrap_or(443));
        let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { address, name, version, patience: Patience::default() })
    }
}

/// Our certificate and key, and whom we believe.
#[derive(Clone)]
pub struct Credentials(Arc<ClientConfig>);

impl Credentials {
    /// From PEM: the authorities of the server, our certificate chain, our key.
    ///
    /// # Errors
    /// [`ClientError::BadAuthority`], [`ClientError::BadCertificate`] or [`ClientError::BadKey`].
    pub fn from_pem(authorities: &[u8], certificate: &[u8], key: &[u8], clock: &Clock) -> Result<Self, ClientError> {
        let mut roots = RootCertStore::empty();
        for authority in tls::certificates(authorities).ok_or(ClientError::BadAuthority)? {
            roots.add(authority).map_err(|_not_an_anchor| ClientError::BadAuthority)?;
        }
        let chain = tls::certificates(certificate).ok_or(ClientError::BadCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_not_a_key| ClientError::BadKey)?;
        let mut config = ClientConfig::builder_with_details(tls::provider(), Arc::new(tls::Timekeeper(clock.clone())))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(|_no_suite| ClientError::BadKey)?
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, key)
            .map_err(|_mismatch| ClientError::BadKey)?;
        config.resumption = Resumption::disabled();
        Ok(Self(Arc::new(config)))
    }

    pub(in crate::ops) fn config(&self) -> &ClientConfig {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_its_address_alone() {
        let target = Target::parse("https://vigie.example:8443", Version::Http2).expect("an address");
        assert_eq!((target.address.as_str(), target.name.as_str()), ("vigie.example:8443", "vigie.example"));
        assert_eq!(Target::parse("https://[::1]/", Version::Http1).expect("an address").name, "::1");
        for bad in ["http://vigie.example", "vigie.example:8443", "https://vigie.example/api", "https://", ""] {
            assert!(Target::parse(bad, Version::Http2).is_err(), "{bad}");
        }
    }
}
