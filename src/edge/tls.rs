//! Who gets through the door: a [`Gate`] exists only if it demands TLS 1.3, a client certificate of a known
//! anchor, a current revocation list of that anchor, and a key that the configuration names.

use std::{cell::Cell, collections::BTreeMap, fmt, future::Future, sync::Arc, time::Duration};

use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, UnixTime, pem::PemObject},
    server::{
        NoServerSessionStorage, WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
    time_provider::TimeProvider,
};

use super::{
    gate_error::GateError,
    lists::{self, RevocationList},
    refusal::Reason,
};
use crate::{
    clock::Clock,
    config::{Config, KeyFingerprint},
    crypto::{Digest, sha256},
};

/// Says whether the configuration names a key, by the SHA-256 of its SubjectPublicKeyInfo. Asked in every handshake.
pub type KnownKey = Arc<dyn Fn(&[u8; 32]) -> bool + Send + Sync>;

/// The server's own certificate chain and private key.
pub struct ServerIdentity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl ServerIdentity {
    /// Reads a PEM chain (own certificate first) and a PEM private key.
    ///
    /// # Errors
    /// [`GateError::ServerCertificate`] or [`GateError::ServerKey`] when one of them is not there.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, GateError> {
        let chain = certificates(chain).ok_or(GateError::ServerCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_not_a_key| GateError::ServerKey)?;
        Ok(Self { chain, key })
    }
}

/// Whom the server believes: all from the signed configuration.
pub struct Trust {
    /// Certificates of the authorities that issue client certificates.
    pub anchors: Vec<CertificateDer<'static>>,
    /// Their revocation lists, one for each authority (intermediate ones too).
    pub lists: Vec<CertificateRevocationListDer<'static>>,
    /// The keys that the configuration names.
    pub known: KnownKey,
}

impl Trust {
    /// What a signed configuration says: its anchors and lists, and the keys of accounts that are not suspended.
    pub fn of(config: &Arc<Config>) -> Self {
        let accounts = Arc::clone(config);
        Self {
            anchors: config.anchors().iter().map(|anchor| anchor.der().to_vec().into()).collect(),
            lists: config.crls().iter().map(|list| list.der().to_vec().into()).collect(),
            known: Arc::new(move |key| {
                accounts
                    .account_by_key(&KeyFingerprint::from_digest(Digest(*key)))
                    .is_some_and(|account| !account.suspended())
            }),
        }
    }
}

/// The handshake of one configuration. Immutable: a new configuration is a new gate.
pub struct Gate {
    config: Arc<ServerConfig>,
    verifier: Arc<Demanding>,
    clock: Clock,
    lists: BTreeMap<Vec<u8>, RevocationList>,
}

impl Gate {
    /// A gate for this server and this trust.
    ///
    /// # Errors
    /// [`GateError`]. rustls accepts everybody's revoked certificate when it has no list at all, hence the refusals here.
    pub fn build(identity: ServerIdentity, trust: Trust, clock: &Clock) -> Result<Self, GateError> {
        let mut roots = RootCertStore::empty();
        for (place, anchor) in trust.anchors.iter().enumerate() {
            roots.add(anchor.clone()).map_err(|_not_an_anchor| GateError::BadAnchor { place })?;
        }
        let lists = lists::read(&trust.anchors, &trust.lists)?;
        let inner = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
            .with_crls(trust.lists)
            .enforce_revocation_expiration()
            .build()
            .map_err(|_delta_or_indirect| GateError::UnsupportedList)?;
        let verifier = Arc::new(Demanding { inner, known: trust.known });
        let mut config = ServerConfig::builder_with_details(provider(), Arc::new(Timekeeper(clock.clone())))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(|_no_suite| GateError::ServerKey)?
            .with_client_cert_verifier(Arc::<Demanding>::clone(&verifier))
            .with_single_cert(identity.chain, identity.key)
            .map_err(|_mismatch| GateError::ServerKey)?;
        // A resumed session would not meet the verifier again, so a revoked person would stay.
        config.send_tls13_tickets = 0;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.ignore_client_order = true;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), verifier, clock: clock.clone(), lists })
    }

    /// Checks a live connection's chain (own certificate first) again, as a new handshake would.
    ///
    /// # Errors
    /// Why the handshake would be refused today.
    pub fn admits(&self, chain: &[CertificateDer<'_>]) -> Result<(), Reason> {
        let (end_entity, intermediates) = chain.split_first().ok_or(Reason::NoCertificate)?;
        let now = Timekeeper(self.clock.clone()).current_time().ok_or(Reason::Expired)?;
        match self.verifier.verify_client_cert(end_entity, intermediates, now) {
            Ok(_verified) => Ok(()),
            Err(error) => Err(Reason::of(&error)),
        }
    }

    /// The revocation lists in use. When the first of them ends, nobody of its authority gets in any more.
    pub fn revocation_lists(&self) -> impl Iterator<Item = &RevocationList> {
        self.lists.values()
    }

    /// Refuses a gate whose lists are older than `before`'s: an old list forgets revocations.
    ///
    /// # Errors
    /// [`GateError::ListWentBack`].
    pub fn succeeds(&self, before: &Self) -> Result<(), GateError> {
        for (issuer, list) in &self.lists {
            if before.lists.get(issuer).is_some_and(|older| list.is_older_than(older)) {
                return Err(GateError::ListWentBack { issuer: list.issuer().to_owned() });
            }
        }
        Ok(())
    }

    pub(super) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gate").field("lists", &self.lists).finish_non_exhaustive()
    }
}

/// SHA-256 of the SubjectPublicKeyInfo of a DER certificate: what a person's identity hangs on.
pub fn key_fingerprint(certificate: &[u8]) -> Option<[u8; 32]> {
    let (_rest, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
    Some(sha256(&[certificate.tbs_certificate.subject_pki.raw]).0)
}

/// All certificates of a PEM text; `None` when there is none or one is damaged.
pub fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let all: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
    (!all.is_empty()).then_some(all)
}

/// All revocation lists of a PEM text; `None` when there is none or one is damaged.
pub fn revocation_lists(pem: &[u8]) -> Option<Vec<CertificateRevocationListDer<'static>>> {
    let all: Vec<_> = CertificateRevocationListDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
    (!all.is_empty()).then_some(all)
}

/// ring, cut to TLS 1.3.
pub fn provider() -> Arc<CryptoProvider> {
    let mut provider = rustls::crypto::ring::default_provider();
    provider.cipher_suites.retain(|suite| suite.tls13().is_some());
    Arc::new(provider)
}

/// Our clock, for rustls.
#[derive(Debug)]
pub struct Timekeeper(pub Clock);

impl TimeProvider for Timekeeper {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_millis(self.0.now().0)))
    }
}

tokio::task_local! {
    /// The key that the client of this task's handshake showed.
    static SHOWN: Cell<Option<[u8; 32]>>;
}

/// Runs a handshake and tells which key the client showed, refused or not. The client has not proved that it holds it.
pub(super) async fn showing<H: Future>(handshake: H) -> (H::Output, Option<[u8; 32]>) {
    let watched = async { (handshake.await, SHOWN.with(Cell::get)) };
    SHOWN.scope(Cell::new(None), watched).await
}

/// webpki's demands (chain, dates, purpose, revocation) and ours: the key is one that the configuration names.
struct Demanding {
    inner: Arc<dyn ClientCertVerifier>,
    known: KnownKey,
}

impl fmt::Debug for Demanding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Demanding").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl ClientCertVerifier for Demanding {
    fn client_auth_mandatory(&self) -> bool {
        true
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let shown = key_fingerprint(end_entity);
        // Outside a handshake (a live connection checked again) nobody listens.
        let _nobody_listens = SHOWN.try_with(|cell| cell.set(shown));
        let verified = self.inner.verify_client_cert(end_entity, intermediates, now)?;
        match shown {
            Some(fingerprint) if (self.known)(&fingerprint) => Ok(verified),
            // Alert access_denied. A stranger with a good certificate must not reach HTTP.
            Some(_) | None => Err(CertificateError::ApplicationVerificationFailure.into()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::danger_example::{Example, account};

    #[test]
    fn a_suspended_persons_key_is_as_unknown_as_a_strangers() {
        let mut suspended = account(2, "bruno", "NP");
        suspended.suspended = true;
        let config = Arc::new(Example::new(vec![account(1, "alice", "NP"), suspended]).config);
        let trust = Trust::of(&config);
        let known = |name: &str| (trust.known)(&sha256(&[name.as_bytes()]).0);
        assert!(known("alice"));
        assert!(!known("bruno"));
        assert!(!known("zoé"));
        assert!(lists::read(&trust.anchors, &trust.lists).is_ok());
    }
}
