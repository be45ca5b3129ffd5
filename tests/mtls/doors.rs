//! Who gets in, and who does not.

use std::{sync::Arc, time::Duration};

use rcgen::ExtendedKeyUsagePurpose;
use rustls::{
    ClientConfig, HandshakeKind, RootCertStore,
    pki_types::{PrivateKeyDer, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use vigie::{
    edge::{Bounds, GateError, Reason, tls},
    ops::{
        client::{ClientError, Version},
        pki::Issued,
    },
};

use crate::site::{BOTH, Server, Site, authority, hex, past};

fn short() -> Bounds {
    Bounds { handshake: Duration::from_millis(300), head: Duration::from_millis(300), ..Bounds::default() }
}

#[tokio::test]
async fn a_known_person_gets_in_over_either_http() {
    let site = Site::new();
    let alice = site.person("alice");
    let server = site.open(site.gate(1, &[]), Bounds::default()).await;
    for version in BOTH {
        let answer = server.ask(site.credentials(&alice), version).await;
        assert_eq!(answer, Ok(hex(&alice.fingerprint)), "{version:?}");
    }
    assert_eq!(server.refusals.lock().expect("a lock").len(), 0);
}

#[tokio::test]
async fn a_revoked_person_is_told_so_and_the_journal_knows_who() {
    let site = Site::new();
    let (alice, bruno) = (site.person("alice"), site.person("bruno"));
    let server = site.open(site.gate(1, &[&alice]), Bounds::default()).await;
    for version in BOTH {
        let answer = server.ask(site.credentials(&alice), version).await;
        assert_eq!(answer, Err(ClientError::Refused { reason: Reason::Revoked }), "{version:?}");
    }
    let told = server.refused_for(Reason::Revoked).await;
    assert_eq!(told.fingerprint, Some(alice.fingerprint));
    assert_eq!(told.address.map(|address| address.ip()), Some([127, 0, 0, 1].into()));
    assert!(server.ask(site.credentials(&bruno), Version::Http2).await.is_ok());
}

#[tokio::test]
async fn an_expired_list_lets_nobody_in() {
    let site = Site::new();
    let alice = site.person("alice");
    let gate = site.gate_with(site.anchors(), site.expired_list()).expect("a gate");
    assert!(gate.revocation_lists().all(|list| list.until() < past(0)));
    let server = site.open(gate, Bounds::default()).await;
    let answer = server.ask(site.credentials(&alice), Version::Http2).await;
    assert!(matches!(answer, Err(ClientError::Refused { .. })), "{answer:?}");
    server.refused_for(Reason::CrlExpired).await;
}

#[tokio::test]
async fn without_a_good_list_for_every_anchor_there_is_no_gate() {
    let (site, other) = (Site::new(), Site::new());
    let third = Site { authority: authority("Autre autorité"), ..Site::new() };
    assert_eq!(site.gate_with(site.anchors(), vec![]).err(), Some(GateError::NoList));
    assert_eq!(site.gate_with(vec![], site.list(1, &[])).err(), Some(GateError::NoAnchor));
    let both = [site.anchors(), third.anchors()].concat();
    let without = site.gate_with(both.clone(), site.list(1, &[])).err();
    assert!(
        matches!(&without, Some(GateError::AnchorWithoutList { anchor }) if anchor.contains("Autre")),
        "{without:?}"
    );
    // The same name, another key: nothing in the list can be believed.
    let forged = site.gate_with(site.anchors(), other.list(1, &[])).err();
    assert!(matches!(forged, Some(GateError::ForgedList { .. })), "{forged:?}");
    let twice = site.gate_with(site.anchors(), [site.list(1, &[]), site.list(2, &[])].concat()).err();
    assert!(matches!(twice, Some(GateError::TwoLists { .. })), "{twice:?}");
    let damaged = site.gate_with(site.anchors(), vec![vec![0x30, 0x00].into()]).err();
    assert_eq!(damaged, Some(GateError::BadList { place: 0 }));
    assert!(site.gate_with(both, [site.list(1, &[]), third.list(1, &[])].concat()).is_ok());
}

#[tokio::test]
async fn strangers_get_no_http() {
    let (site, elsewhere) = (Site::new(), Site { authority: authority("Ailleurs"), ..Site::new() });
    let server = site.open(site.gate(1, &[]), Bounds::default()).await;
    let foreign = elsewhere.person("alice");
    site.known.lock().expect("a lock").insert(foreign.fingerprint);
    let key = foreign.key.as_ref().expect("a key");
    let (server_only, server_key) = site.odd(ExtendedKeyUsagePurpose::ServerAuth, 2090);
    let (expired, expired_key) = site.odd(ExtendedKeyUsagePurpose::ClientAuth, 2021);
    let unnamed = site.stranger("zoé");
    let cases = [
        (site.credentials_of(&foreign.certificate, key), Reason::UnknownIssuer),
        (site.credentials_of(&server_only, &server_key), Reason::WrongPurpose),
        (site.credentials_of(&expired, &expired_key), Reason::Expired),
        (site.credentials(&unnamed), Reason::UnknownKey),
    ];
    for (credentials, reason) in cases {
        for version in BOTH {
            let answer = server.ask(credentials.clone(), version).await;
            assert!(matches!(answer, Err(ClientError::Refused { .. })), "{reason}, {version:?}: {answer:?}");
        }
        server.refused_for(reason).await;
    }
    assert_eq!(server.refused_for(Reason::UnknownKey).await.fingerprint, Some(unnamed.fingerprint));
    assert_eq!(server.door.open_connections(), 0);
}

fn plain_config(site: &Site, person: Option<&Issued>) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for anchor in site.anchors() {
        roots.add(anchor).expect("an anchor");
    }
    let builder = ClientConfig::builder_with_provider(tls::provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .expect("TLS 1.3")
        .with_root_certificates(roots);
    let mut config = match person {
        None => builder.with_no_client_auth(),
        Some(person) => {
            let chain = tls::certificates(person.certificate.as_bytes()).expect("a certificate");
            let key = PrivateKeyDer::from_pem_slice(person.key.as_ref().expect("a key").as_bytes()).expect("a key");
            builder.with_client_auth_cert(chain, key).expect("a key that fits")
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

async fn connect(server: &Server, config: &Arc<ClientConfig>) -> TlsStream<TcpStream> {
    let tcp = TcpStream::connect(server.address).await.expect("a connection");
    let name = "localhost".try_into().expect("a name");
    TlsConnector::from(Arc::clone(config)).connect(name, tcp).await.expect("a handshake")
}

/// What comes until the server closes; an error is a close too.
async fn rest(stream: &mut (impl AsyncReadExt + Unpin)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let reading = async { while let Ok(1..) = stream.read_buf(&mut bytes).await {} };
    timeout(Duration::from_secs(3), reading).await.expect("the server closes");
    bytes
}

#[tokio::test]
async fn without_a_certificate_there_is_no_http() {
    let site = Site::new();
    let server = site.open(site.gate(1, &[]), Bounds::default()).await;
    let mut stream = connect(&server, &plain_config(&site, None)).await;
    let written = stream.write_all(b"GET /whoami HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert!(written.is_err() || rest(&mut stream).await.is_empty());
    assert_eq!(server.refused_for(Reason::NoCertificate).await.fingerprint, None);
}

#[tokio::test]
async fn an_older_tls_is_refused_by_its_own_alert() {
    let site = Site::new();
    let server = site.open(site.gate(1, &[]), Bounds::default()).await;
    // ClientHello of TLS 1.2 (RFC 5246 §7.4.1.2): no supported_versions.
    let mut hello = vec![0x03, 0x03];
    hello.extend([7; 32]);
    hello.extend([0x00, 0x00, 0x04, 0xc0, 0x2b, 0xc0, 0x2f, 0x01, 0x00]);
    // supported_groups: secp256r1, x25519; signature_algorithms: ecdsa_secp256r1_sha256; ec_point_formats.
    let extensions = [
        [0x00, 0x0a, 0x00, 0x06, 0x00, 0x04, 0x00, 0x17, 0x00, 0x1d].as_slice(),
        &[0x00, 0x0d, 0x00, 0x04, 0x00, 0x02, 0x04, 0x03],
        &[0x00, 0x0b, 0x00, 0x02, 0x01, 0x00],
    ]
    .concat();
    hello.extend([0x00, u8::try_from(extensions.len()).expect("short")]);
    hello.extend(extensions);
    let length = u8::try_from(hello.len()).expect("short");
    let record =
        [&[0x16, 0x03, 0x01, 0x00, length.checked_add(4).expect("short"), 0x01, 0x00, 0x00, length], &hello[..]]
            .concat();
    let mut tcp = TcpStream::connect(server.address).await.expect("a connection");
    tcp.write_all(&record).await.expect("a write");
    // Fatal alert 70, protocol_version.
    assert_eq!(rest(&mut tcp).await, [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46]);
    server.refused_for(Reason::Protocol).await;
}

#[tokio::test]
async fn no_session_is_resumed() {
    let site = Site::new();
    let alice = site.person("alice");
    let server = site.open(site.gate(1, &[]), Bounds::default()).await;
    let config = plain_config(&site, Some(&alice));
    for _ in 0..3 {
        let mut stream = connect(&server, &config).await;
        let request = b"GET /whoami HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request).await.expect("a write");
        // Reading to the end would have taken a ticket in.
        assert!(rest(&mut stream).await.starts_with(b"HTTP/1.1 200"));
        let (_, session) = stream.get_ref();
        assert_eq!(session.handshake_kind(), Some(HandshakeKind::Full));
        assert_eq!(session.tls13_tickets_received(), 0);
    }
}

#[tokio::test]
async fn a_silent_client_is_cut_at_the_limit_of_the_handshake() {
    let site = Site::new();
    let alice = site.person("alice");
    let server = site.open(site.gate(1, &[]), short()).await;
    let mut silent = TcpStream::connect(server.address).await.expect("a connection");
    // It holds up nobody meanwhile.
    assert!(server.ask(site.credentials(&alice), Version::Http2).await.is_ok());
    assert!(rest(&mut silent).await.is_empty());
    server.refused_for(Reason::Timeout).await;
}

#[tokio::test]
async fn one_address_cannot_take_all_handshakes() {
    let site = Site::new();
    let alice = site.person("alice");
    let server = site.open(site.gate(1, &[]), Bounds { handshakes_per_address: 1, ..short() }).await;
    let mut silent = TcpStream::connect(server.address).await.expect("a connection");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(server.ask(site.credentials(&alice), Version::Http2).await.is_err());
    server.refused_for(Reason::Crowded).await;
    assert!(rest(&mut silent).await.is_empty());
    assert!(server.ask(site.credentials(&alice), Version::Http2).await.is_ok());
}

#[tokio::test]
async fn slow_heads_are_cut_and_idle_connections_are_not() {
    let site = Site::new();
    let alice = site.person("alice");
    let server = site.open(site.gate(1, &[]), short()).await;
    let config = plain_config(&site, Some(&alice));
    let mut never = connect(&server, &config).await;
    let mut slow = connect(&server, &config).await;
    slow.write_all(b"GET /whoami HTTP/1.1\r\nHo").await.expect("a write");
    assert!(rest(&mut never).await.is_empty());
    assert!(rest(&mut slow).await.is_empty());

    // After a good request, silence is allowed, a second head begun and not ended is not.
    let mut second = connect(&server, &config).await;
    let request = b"GET /whoami HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for _ in 0..2 {
        second.write_all(request).await.expect("a write");
        let mut answer = [0; 1024];
        assert!(second.read(&mut answer).await.expect("an answer") > 0);
        tokio::time::sleep(Duration::from_millis(700)).await;
    }
    second.write_all(b"GET /who").await.expect("a write");
    assert!(rest(&mut second).await.is_empty());
}

#[tokio::test]
async fn one_certificate_cannot_take_all_connections() {
    let site = Site::new();
    let (alice, bruno) = (site.person("alice"), site.person("bruno"));
    let server = site.open(site.gate(1, &[]), Bounds { connections_per_key: 2, ..Bounds::default() }).await;
    let mut held = Vec::new();
    for version in BOTH {
        let mut client = server.client(site.credentials(&alice), version).await.expect("a connection");
        assert!(crate::site::whoami(&mut client).await.is_ok());
        held.push(client);
    }
    assert_eq!(server.ask(site.credentials(&alice), Version::Http2).await, Err(ClientError::Closed));
    assert_eq!(server.refused_for(Reason::Crowded).await.fingerprint, Some(alice.fingerprint));
    assert!(server.ask(site.credentials(&bruno), Version::Http2).await.is_ok());
    drop(held);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(server.ask(site.credentials(&alice), Version::Http2).await.is_ok());
}

#[tokio::test]
async fn the_whole_server_has_a_number_of_seats() {
    let site = Site::new();
    let (alice, bruno) = (site.person("alice"), site.person("bruno"));
    let server = site.open(site.gate(1, &[]), Bounds { connections: 1, ..Bounds::default() }).await;
    let mut client = server.client(site.credentials(&alice), Version::Http2).await.expect("a connection");
    assert!(crate::site::whoami(&mut client).await.is_ok());
    assert_eq!(server.ask(site.credentials(&bruno), Version::Http2).await, Err(ClientError::Closed));
    drop(client);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(server.ask(site.credentials(&bruno), Version::Http2).await.is_ok());
}
