//! The command line's client against a real server.

use std::time::Duration;

use http::Method;
use vigie::ops::client::{Client, ClientError, Target, Version, empty, upload};

use crate::site::{BOTH, Site, authority, whoami};
use vigie::{clock::Clock, edge::Bounds, ops::client::Credentials};

#[tokio::test]
async fn a_client_keeps_its_connection() {
    let site = Site::new();
    let alice = site.person("alice");
    let server = site.open(site.gate(1, &[]), Bounds::default()).await;
    for version in BOTH {
        let mut client = server.client(site.credentials(&alice), version).await.expect("a connection");
        let mut numbers = Vec::new();
        for _ in 0..3 {
            numbers.push(client.get_json::<u64>("/connection").await.expect("a number"));
        }
        assert!(numbers.iter().all(|number| numbers.first() == Some(number)), "{numbers:?}");
    }
}

#[tokio::test]
async fn lines_go_up_and_come_down_at_the_same_time() {
    let site = Site::new();
    let alice = site.person("alice");
    let server = site.open(site.gate(1, &[]), Bounds::default()).await;
    for version in BOTH {
        let mut client = server.client(site.credentials(&alice), version).await.expect("a connection");
        let (feed, body) = upload();
        let request = Client::request(Method::POST, "/echo").body(body).expect("a request");
        let answer = client.begin(request).await.expect("a request under way");
        feed.push("line 0\n").await.expect("a part");
        let mut lines = answer.await.expect("an answer").lines();
        for count in 0..20 {
            // Each comes back before the next is sent.
            assert_eq!(lines.next().await, Ok(Some(format!("echo line {count}"))), "{version:?}");
            feed.push(format!("line {}\n", count + 1)).await.expect("a part");
        }
        feed.finish().await.expect("an end");
        assert_eq!(lines.next().await, Ok(Some("echo line 20".to_owned())));
        assert_eq!(lines.next().await, Ok(None));
    }
}

#[tokio::test]
async fn half_an_upload_is_not_taken_for_a_whole_one() {
    let site = Site::new();
    let alice = site.person("alice");
    let server = site.open(site.gate(1, &[]), Bounds::default()).await;
    for version in BOTH {
        let mut client = server.client(site.credentials(&alice), version).await.expect("a connection");
        let (feed, body) = upload();
        let request = Client::request(Method::POST, "/echo").body(body).expect("a request");
        let answer = client.begin(request).await.expect("a request under way");
        feed.push("line 0\n").await.expect("a part");
        let mut lines = answer.await.expect("an answer").lines();
        assert_eq!(lines.next().await, Ok(Some("echo line 0".to_owned())));
        drop(feed);
        // The echo ends with an error because its source did.
        assert!(lines.next().await.is_err(), "{version:?}");
    }
}

#[tokio::test]
async fn a_client_says_what_is_wrong_with_the_server() {
    let site = Site::new();
    let alice = site.person("alice");
    let server = site.open(site.gate(1, &[]), Bounds::default()).await;
    let credentials = site.credentials(&alice);
    let unknown = authority("Inconnue");
    let key = alice.key.as_ref().expect("a key").as_bytes();
    let wary =
        Credentials::from_pem(unknown.certificate().as_bytes(), alice.certificate.as_bytes(), key, &Clock::System);
    let distrust = server.ask(wary.expect("credentials"), Version::Http2).await;
    assert_eq!(distrust, Err(ClientError::ServerNotTrusted));

    let renamed = Target { name: "example.test".to_owned(), ..server.target(Version::Http2) };
    let misnamed = Client::connect(renamed, credentials.clone()).await.err();
    assert_eq!(misnamed, Some(ClientError::ServerName));

    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let nobody =
        Target { address: free.local_addr().expect("an address").to_string(), ..server.target(Version::Http2) };
    drop(free);
    let unreachable = Client::connect(nobody.clone(), credentials.clone()).await.err();
    assert!(matches!(unreachable, Some(ClientError::Unreachable { .. })), "{unreachable:?}");

    let deaf = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let mut waiting = Target { address: deaf.local_addr().expect("an address").to_string(), ..nobody };
    waiting.patience.connect = Duration::from_millis(200);
    assert_eq!(Client::connect(waiting, credentials.clone()).await.err(), Some(ClientError::TimedOut));

    let mut hasty = server.target(Version::Http1);
    hasty.patience.answer = Duration::from_millis(100);
    let mut client = Client::connect(hasty, credentials.clone()).await.expect("a connection");
    let request = Client::request(Method::GET, "/slow").body(empty()).expect("a request");
    assert_eq!(client.send(request).await.err(), Some(ClientError::TimedOut));

    let mut client = server.client(credentials, Version::Http2).await.expect("a connection");
    let missing = client.get_json::<u64>("/nowhere").await;
    assert!(matches!(missing, Err(ClientError::Problem { status: 404, .. })), "{missing:?}");
    assert_eq!(client.get_json::<u64>("/whoami").await, Err(ClientError::NotJson));
    assert!(whoami(&mut client).await.is_ok());
}
