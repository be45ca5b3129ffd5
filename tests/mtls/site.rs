//! A site for one test: its own authority, a server on a free port, people with certificates.

use std::{
    collections::BTreeSet,
    future::ready,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Extension, Router,
    body::{Body, Bytes},
    routing::{get, post},
};
use futures_util::{StreamExt, stream};
use rcgen::{
    CertificateParams, CertificateRevocationListParams, ExtendedKeyUsagePurpose, Issuer, KeyIdMethod, KeyPair,
    PKCS_ECDSA_P256_SHA256, RevokedCertParams, SerialNumber,
};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};
use vigie::{
    clock::{Clock, Time},
    crypto::Entropy,
    edge::{Bounds, Door, Gate, GateError, KnownKey, Peer, Reason, Refusal, ServerIdentity, Trust, serve, tls},
    ops::{
        client::{Client, ClientError, Credentials, Patience, Target, Version, empty},
        pki::{Authority, Issued, Revoked},
    },
};

pub const BOTH: [Version; 2] = [Version::Http1, Version::Http2];

pub struct Site {
    pub authority: Authority,
    pub server: Issued,
    pub known: Arc<Mutex<BTreeSet<[u8; 32]>>>,
}

impl Site {
    pub fn new() -> Self {
        let authority = authority("Autorité d’essai");
        let server = authority.issue_server(&["localhost".to_owned()], &[], 30).expect("a server certificate");
        Self { authority, server, known: Arc::default() }
    }

    /// A person whom the configuration names.
    pub fn person(&self, name: &str) -> Issued {
        let issued = self.stranger(name);
        self.known.lock().expect("a lock").insert(issued.fingerprint);
        issued
    }

    /// A good certificate that the configuration does not name.
    pub fn stranger(&self, name: &str) -> Issued {
        self.authority.issue_client(name, 30).expect("a client certificate")
    }

    pub fn anchors(&self) -> Vec<CertificateDer<'static>> {
        tls::certificates(self.authority.certificate().as_bytes()).expect("a certificate")
    }

    pub fn list(&self, number: u64, revoked: &[&Issued]) -> Vec<CertificateRevocationListDer<'static>> {
        let now = Clock::System.now();
        let revoked: Vec<_> = revoked.iter().map(|one| Revoked { serial: one.serial.clone(), at: now }).collect();
        let pem = self.authority.revocation_list(&revoked, number, now.plus_ms(3_600_000)).expect("a list");
        tls::revocation_lists(pem.as_bytes()).expect("a list")
    }

    /// A list that ended in 2021.
    pub fn expired_list(&self) -> Vec<CertificateRevocationListDer<'static>> {
        let list = CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(2020, 1, 1),
            next_update: rcgen::date_time_ymd(2021, 1, 1),
            crl_number: SerialNumber::from(1u64),
            issuing_distribution_point: None,
            revoked_certs: Vec::<RevokedCertParams>::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        vec![list.signed_by(&self.issuer()).expect("a list").der().clone()]
    }

    /// A certificate that our authority would not make, of a known key: (certificate, key), PEM.
    pub fn odd(&self, usage: ExtendedKeyUsagePurpose, last_year: i32) -> (String, String) {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
        let mut wanted = CertificateParams::default();
        wanted.not_before = rcgen::date_time_ymd(2020, 1, 1);
        wanted.not_after = rcgen::date_time_ymd(last_year, 1, 1);
        wanted.extended_key_usages = vec![usage];
        let certificate = wanted.signed_by(&key, &self.issuer()).expect("a certificate");
        let fingerprint = tls::key_fingerprint(certificate.der()).expect("a fingerprint");
        self.known.lock().expect("a lock").insert(fingerprint);
        (certificate.pem(), key.serialize_pem())
    }

    fn issuer(&self) -> Issuer<'static, KeyPair> {
        let key = KeyPair::from_pem(self.authority.key()).expect("a key");
        Issuer::from_ca_cert_pem(self.authority.certificate(), key).expect("an issuer")
    }

    pub fn gate_with(
        &self,
        anchors: Vec<CertificateDer<'static>>,
        lists: Vec<CertificateRevocationListDer<'static>>,
    ) -> Result<Gate, GateError> {
        let key = self.server.key.as_ref().expect("a key");
        let identity = ServerIdentity::from_pem(self.server.certificate.as_bytes(), key.as_bytes())?;
        let known = Arc::clone(&self.known);
        let known: KnownKey = Arc::new(move |key| known.lock().expect("a lock").contains(key));
        Gate::build(identity, Trust { anchors, lists, known }, &Clock::System)
    }

    pub fn gate(&self, number: u64, revoked: &[&Issued]) -> Gate {
        self.gate_with(self.anchors(), self.list(number, revoked)).expect("a gate")
    }

    pub async fn open(&self, gate: Gate, bounds: Bounds) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let refusals: Arc<Mutex<Vec<Refusal>>> = Arc::default();
        let sink = Arc::clone(&refusals);
        let door = Door::new(gate, bounds, Arc::new(move |refusal| sink.lock().expect("a lock").push(refusal)));
        let streams: Arc<AtomicUsize> = Arc::default();
        let serving = tokio::spawn(serve(listener, Arc::clone(&door), router(Arc::clone(&streams))));
        Server { door, address, refusals, streams, serving }
    }

    pub fn credentials(&self, issued: &Issued) -> Credentials {
        self.credentials_of(&issued.certificate, issued.key.as_ref().expect("a key"))
    }

    pub fn credentials_of(&self, certificate: &str, key: &str) -> Credentials {
        let authorities = self.authority.certificate().as_bytes();
        Credentials::from_pem(authorities, certificate.as_bytes(), key.as_bytes(), &Clock::System).expect("credentials")
    }
}

pub fn authority(name: &str) -> Authority {
    Authority::create(name, 1, Clock::System, Entropy::default()).expect("an authority")
}

pub struct Server {
    pub door: Arc<Door>,
    pub address: SocketAddr,
    pub refusals: Arc<Mutex<Vec<Refusal>>>,
    /// Streaming answers that the server holds open.
    pub streams: Arc<AtomicUsize>,
    pub serving: JoinHandle<()>,
}

impl Server {
    pub fn target(&self, version: Version) -> Target {
        let patience = Patience { connect: Duration::from_secs(10), answer: Duration::from_secs(10) };
        Target { address: self.address.to_string(), name: "localhost".to_owned(), version, patience }
    }

    pub async fn client(&self, credentials: Credentials, version: Version) -> Result<Client, ClientError> {
        Client::connect(self.target(version), credentials).await
    }

    /// Connects, asks who we are, and gives the answer.
    pub async fn ask(&self, credentials: Credentials, version: Version) -> Result<String, ClientError> {
        whoami(&mut self.client(credentials, version).await?).await
    }

    pub async fn refused_for(&self, reason: Reason) -> Refusal {
        for _ in 0..100 {
            let told = self.refusals.lock().expect("a lock").iter().find(|one| one.reason == reason).copied();
            if let Some(told) = told {
                return told;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("no refusal for {reason}, but {:?}", self.refusals.lock());
    }
}

pub async fn whoami(client: &mut Client) -> Result<String, ClientError> {
    let request = Client::request(http::Method::GET, "/whoami").body(empty()).expect("a request");
    let bytes = client.send(request).await?.bytes().await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

pub fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn router(streams: Arc<AtomicUsize>) -> Router {
    let ticks = move || {
        streams.fetch_add(1, Ordering::SeqCst);
        let counted = Counted(Arc::clone(&streams));
        async move {
            let lines = stream::unfold((0u64, counted), |(count, counted)| async move {
                sleep(Duration::from_millis(20)).await;
                Some((
                    Ok::<_, std::io::Error>(Bytes::from(format!("tick {count}\n"))),
                    (count.wrapping_add(1), counted),
                ))
            });
            Body::from_stream(lines)
        }
    };
    let echo = |body: Body| async move {
        // HTTP/2 ends a body with an empty part.
        let parts = body.into_data_stream().filter(|part| ready(!matches!(part, Ok(part) if part.is_empty())));
        Body::from_stream(parts.map(|part| part.map(|part| Bytes::from([&b"echo "[..], &part].concat()))))
    };
    Router::new()
        .route("/whoami", get(|Extension(peer): Extension<Peer>| async move { hex(peer.fingerprint()) }))
        .route("/connection", get(|Extension(peer): Extension<Peer>| async move { peer.connection().to_string() }))
        .route(
            "/slow",
            get(|| async {
                sleep(Duration::from_millis(400)).await;
                "done"
            }),
        )
        .route("/ticks", get(ticks))
        .route("/echo", post(echo))
}

pub fn past(milliseconds: u64) -> Time {
    Time(Clock::System.now().0.saturating_sub(milliseconds))
}
