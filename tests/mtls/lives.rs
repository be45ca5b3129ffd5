//! What ends a connection that is already open.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use http::Method;
use tokio::time::{Instant, sleep, timeout};
use vigie::{
    edge::{Bounds, GateError, Reason},
    ops::client::{Client, ClientError, Lines, Version, empty},
};

use crate::site::{BOTH, Server, Site, whoami};

const CUT_WITHIN: Duration = Duration::from_secs(1);

async fn ticks(client: &mut Client) -> Lines {
    let request = Client::request(Method::GET, "/ticks").body(empty()).expect("a request");
    let mut lines = client.send(request).await.expect("an answer").lines();
    for count in 0..3 {
        assert_eq!(lines.next().await, Ok(Some(format!("tick {count}"))));
    }
    lines
}

/// Reads until the stream breaks.
async fn broken(lines: &mut Lines) -> ClientError {
    loop {
        match lines.next().await {
            Ok(Some(_tick)) => {}
            Ok(None) => panic!("a stream that was cut must not look complete"),
            Err(error) => return error,
        }
    }
}

async fn streams(server: &Server, count: usize) -> bool {
    for _ in 0..50 {
        if server.streams.load(Ordering::SeqCst) == count {
            return true;
        }
        sleep(Duration::from_millis(20)).await;
    }
    false
}

#[tokio::test]
async fn a_revocation_cuts_a_live_stream_within_a_second() {
    for version in BOTH {
        let site = Site::new();
        let (alice, bruno) = (site.person("alice"), site.person("bruno"));
        let server = site.open(site.gate(1, &[]), Bounds::default()).await;
        let mut hers = server.client(site.credentials(&alice), version).await.expect("a connection");
        let mut his = server.client(site.credentials(&bruno), version).await.expect("a connection");
        let (mut cut, mut kept) = (ticks(&mut hers).await, ticks(&mut his).await);
        assert!(streams(&server, 2).await);

        server.door.swap(site.gate(2, &[&alice])).expect("a newer list");
        timeout(CUT_WITHIN, broken(&mut cut)).await.expect("cut in time");
        // What the server did for her has ended too.
        assert!(streams(&server, 1).await, "{version:?}");
        assert_eq!(server.refused_for(Reason::Revoked).await.fingerprint, Some(alice.fingerprint));
        assert!(whoami(&mut hers).await.is_err());
        for _ in 0..10 {
            assert!(matches!(kept.next().await, Ok(Some(_))), "{version:?}");
        }
    }
}

#[tokio::test]
async fn a_key_no_longer_known_is_cut_even_when_idle() {
    for version in BOTH {
        let site = Site::new();
        let (alice, bruno) = (site.person("alice"), site.person("bruno"));
        let server = site.open(site.gate(1, &[]), Bounds::default()).await;
        let mut hers = server.client(site.credentials(&alice), version).await.expect("a connection");
        let mut his = server.client(site.credentials(&bruno), version).await.expect("a connection");
        assert!(whoami(&mut hers).await.is_ok() && whoami(&mut his).await.is_ok());
        assert_eq!(server.door.open_connections(), 2);
        let gone = alice.fingerprint;
        let began = Instant::now();
        server.door.cut(Arc::new(move |peer| *peer.fingerprint() != gone));
        while server.door.open_connections() > 1 {
            assert!(began.elapsed() < CUT_WITHIN);
            sleep(Duration::from_millis(10)).await;
        }
        assert!(whoami(&mut his).await.is_ok());
        // And a new connection of hers goes the same way, although her certificate is good.
        assert!(server.ask(site.credentials(&alice), version).await.is_err());
        server.door.cut(Arc::new(|_everybody| true));
        assert!(server.ask(site.credentials(&alice), version).await.is_ok());
    }
}

#[tokio::test]
async fn a_list_older_than_the_one_in_use_changes_nothing() {
    let site = Site::new();
    let (alice, bruno) = (site.person("alice"), site.person("bruno"));
    let server = site.open(site.gate(300, &[&alice]), Bounds::default()).await;
    let outcome = server.door.swap(site.gate(299, &[]));
    assert!(matches!(outcome, Err(GateError::ListWentBack { .. })), "{outcome:?}");
    let answer = server.ask(site.credentials(&alice), Version::Http2).await;
    assert_eq!(answer, Err(ClientError::Refused { reason: Reason::Revoked }));
    assert!(server.ask(site.credentials(&bruno), Version::Http2).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_reloads_under_load_lose_no_request() {
    let site = Arc::new(Site::new());
    let server = Arc::new(site.open(site.gate(1, &[]), Bounds::default()).await);
    let mut clients = tokio::task::JoinSet::new();
    for (number, version) in (0..4).zip(BOTH.into_iter().cycle()) {
        let credentials = site.credentials(&site.person(&format!("client {number}")));
        let server = Arc::clone(&server);
        clients.spawn(async move {
            let mut kept = server.client(credentials.clone(), version).await.expect("a connection");
            for _ in 0..50 {
                whoami(&mut kept).await.expect("an answer on the kept connection");
                server.ask(credentials.clone(), version).await.expect("an answer on a new connection");
            }
        });
    }
    for number in 2..102 {
        server.door.swap(site.gate(number, &[])).expect("a newer list");
        sleep(Duration::from_millis(2)).await;
    }
    while let Some(ended) = clients.join_next().await {
        ended.expect("no request lost");
    }
    assert_eq!(*server.refusals.lock().expect("a lock"), []);
}

#[tokio::test]
async fn closing_lets_requests_under_way_end_and_then_ends_all() {
    for version in BOTH {
        let site = Site::new();
        let alice = site.person("alice");
        let bounds = Bounds { drain: Duration::from_secs(1), ..Bounds::default() };
        let server = site.open(site.gate(1, &[]), bounds).await;
        let mut client = server.client(site.credentials(&alice), version).await.expect("a connection");
        let mut endless = server.client(site.credentials(&alice), version).await.expect("a connection");
        let mut endless = ticks(&mut endless).await;
        let request = Client::request(Method::GET, "/slow").body(empty()).expect("a request");
        let answer = client.begin(request).await.expect("a request under way");
        let answer = tokio::spawn(answer);
        sleep(Duration::from_millis(100)).await;
        server.door.close();
        let answer = answer.await.expect("a task").expect("an answer");
        assert_eq!(answer.bytes().await.expect("a body"), "done");
        assert!(timeout(Duration::from_secs(3), server.serving).await.is_ok(), "{version:?}");
        timeout(CUT_WITHIN, broken(&mut endless)).await.expect("the endless stream ends with the server");
    }
}

#[tokio::test]
async fn idle_and_old_connections_end() {
    for version in BOTH {
        let site = Site::new();
        let alice = site.person("alice");
        let drain = Duration::from_millis(100);
        let idle = Bounds { idle: Duration::from_millis(200), drain, ..Bounds::default() };
        let server = site.open(site.gate(1, &[]), idle).await;
        let mut client = server.client(site.credentials(&alice), version).await.expect("a connection");
        assert!(whoami(&mut client).await.is_ok());
        sleep(Duration::from_millis(700)).await;
        assert_eq!(server.door.open_connections(), 0, "{version:?}");
        // The client connects again by itself.
        assert!(whoami(&mut client).await.is_ok());

        let old = Bounds { age: Duration::from_millis(300), drain, ..Bounds::default() };
        let server = site.open(site.gate(1, &[]), old).await;
        let mut client = server.client(site.credentials(&alice), version).await.expect("a connection");
        let mut lines = ticks(&mut client).await;
        timeout(Duration::from_secs(2), broken(&mut lines)).await.expect("an age that ends");
    }
}
