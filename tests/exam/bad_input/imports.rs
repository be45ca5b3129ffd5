//! Imports: each line has its own result, and what is good in a bad stream is kept.

use axum::{body::Body, extract::Request};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use vigie::{
    crypto::sha256,
    edge::{Peer, router},
    limits,
};

use super::{Case, stored};
use crate::{furnished::Site, world::Who};

async fn import(site: &Site, body: impl AsRef<[u8]>) -> Vec<Value> {
    let path = format!("/notes/import?space={}", site.floor);
    let kind = [("content-type", "application/x-ndjson")];
    let reply = site.world.send(Who::Bas, "DR", "POST", &path, &kind, body.as_ref()).await;
    assert_eq!(
        (reply.status, reply.header("vigie-label")),
        (200, Some("DR")),
        "{}",
        String::from_utf8_lossy(&reply.body)
    );
    results(&reply.body)
}

fn results(body: &[u8]) -> Vec<Value> {
    let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).expect("a result is JSON")).collect()
}

fn note(name: &str) -> Value {
    json!({"note": {"external_id": name, "kind": "watch", "title": name}})
}

fn link(name: &str, from: &str, to: &str) -> Value {
    json!({"link": {"external_id": name, "from": from, "to": to, "type": "attributed-to"}})
}

fn lines(items: &[Value]) -> Vec<u8> {
    items.iter().flat_map(|item| format!("{item}\n").into_bytes()).collect()
}

/// Status, or the code of the refusal, of each line.
fn outcomes(results: &[Value]) -> Vec<&str> {
    results.iter().map(|result| result["code"].as_str().or(result["status"].as_str()).expect("an outcome")).collect()
}

#[tokio::test]
async fn a_broken_line_is_refused_and_the_others_are_kept() {
    let site = Site::new().await;
    let long = "a".repeat(2 * limits::IMPORT_LINE_BYTES_MAX);
    let deep = "[".repeat(100_000);
    let mut bodies: Vec<(Vec<u8>, &str)> = vec![
        (lines(&[note("first")]), "created"),
        (b"{\n".to_vec(), "malformed-json"),
        (b"not json\n".to_vec(), "malformed-json"),
        (b"{\"note\":{\"external_id\":\"\xff\",\"kind\":\"watch\",\"title\":\"T\"}}\n".to_vec(), "malformed-json"),
        (format!("{deep}\n").into_bytes(), "malformed-json"),
        (format!("{{\"note\":{{\"external_id\":\"{long}\"}}}}\n").into_bytes(), "too-large"),
        (format!("{long}\n").into_bytes(), "too-large"),
        (b"{\"thing\":{}}\n".to_vec(), "wrong-shape"),
        (b"{\"note\":{}}\n".to_vec(), "wrong-shape"),
        (b"[]\n".to_vec(), "malformed-json"),
        (
            b"{\"note\":{\"external_id\":\"d\",\"external_id\":\"e\",\"kind\":\"watch\",\"title\":\"T\"}}\n".to_vec(),
            "wrong-shape",
        ),
    ];
    let with = |field: &str, value: Value| {
        let mut item = note("bad");
        item["note"][field] = value;
        lines(&[item])
    };
    bodies.extend([
        (with("colour", json!("red")), "wrong-shape"),
        (with("label", json!("S")), "marked-above"),
        (with("label", json!({"level": "S"})), "wrong-shape"),
        (with("space", json!(site.floor)), "wrong-shape"),
        (with("kind", json!("essay")), "wrong-shape"),
        (with("external_id", json!("")), "empty-field"),
        (with("external_id", json!("x".repeat(257))), "too-long"),
        (with("title", json!("")), "empty-field"),
        (with("title", json!("a\u{202e}b")), "hidden-characters"),
        (with("body", json!("a".repeat(limits::NOTE_BODY_BYTES_MAX + 1))), "too-long"),
        (with("grade", json!({"reliability": "A", "credibility": 9})), "bad-grade"),
        (with("language", json!("la")), "unknown-language"),
        (with("expires", json!("2026-02-30")), "bad-date"),
        (lines(&[link("dangling", "first", "nowhere")]), "not-found"),
        (lines(&[link("itself", "first", "first")]), "self-link"),
        (lines(&[link("", "first", "last")]), "not-found"),
        (lines(&[note("last")]), "created"),
        (lines(&[link("", "first", "last")]), "empty-field"),
        (lines(&[link("good", "first", "last")]), "created"),
        (b"\n  \r\n".to_vec(), ""),
        (b"{\"note\":{\"external_id\":\"cut".to_vec(), "malformed-json"),
    ]);
    let (body, expected): (Vec<Vec<u8>>, Vec<&str>) = bodies.into_iter().unzip();
    let expected: Vec<&str> = expected.into_iter().filter(|outcome| !outcome.is_empty()).collect();
    let found = import(&site, body.concat()).await;
    assert_eq!(outcomes(&found), expected);
    assert!(found.iter().enumerate().all(|(place, result)| result["line"] == place + 1), "in order: {found:?}");
    for result in found.iter().filter(|result| result["status"] == "refused") {
        assert!(
            result["id"].is_null() && result["detail"].as_str().is_some_and(|detail| !detail.is_empty()),
            "{result}"
        );
    }
    let feed = site.world.get(Who::Bas, "DR", "/feed?limit=200").await.json();
    let titles: Vec<&str> =
        feed["items"].as_array().expect("items").iter().filter_map(|card| card["title"].as_str()).collect();
    assert_eq!(titles.iter().filter(|title| matches!(**title, "first" | "last")).count(), 2, "{titles:?}");
    assert!(!titles.contains(&"bad"));
}

#[tokio::test]
async fn names_that_come_twice_in_one_stream_are_one_thing() {
    let site = Site::new().await;
    let mut renamed = note("n");
    renamed["note"]["title"] = json!("Autre titre");
    let found = import(
        &site,
        lines(&[
            note("n"),
            note("n"),
            renamed.clone(),
            renamed,
            note("m"),
            link("n", "n", "m"),
            link("n", "n", "m"),
            link("n", "m", "n"),
        ]),
    )
    .await;
    let expected = ["created", "unchanged", "updated", "unchanged", "created", "created", "unchanged", "updated"];
    assert_eq!(outcomes(&found), expected, "{found:?}");
    assert!(found[..4].iter().all(|result| result["id"] == found[0]["id"]));
    let links = site
        .world
        .get(Who::Bas, "DR", &format!("/notes/{}/links?way=in", found[0]["id"].as_str().expect("id")))
        .await
        .json();
    assert_eq!(links["items"].as_array().map(Vec::len), Some(1), "{links}");
}

#[tokio::test]
async fn twice_imported_is_once_and_a_stream_cut_in_the_middle_is_taken_up_again() {
    let site = Site::new().await;
    let mut items: Vec<Value> = (0..300).map(|number| note(&format!("n-{number}"))).collect();
    items.extend(
        (0..299).map(|number| link(&format!("l-{number}"), &format!("n-{number}"), &format!("n-{}", number + 1))),
    );
    // Each link right behind its notes, too: what a reader of bundles would send.
    items.extend([note("late-a"), note("late-b"), link("late", "late-a", "late-b")]);
    let whole = lines(&items);
    let cut = import(&site, &whole[..whole.len() / 3]).await;
    assert_eq!(outcomes(&cut).last(), Some(&"malformed-json"), "half a line");
    let kept = cut.len() - 1;
    assert!(outcomes(&cut)[..kept].iter().all(|outcome| *outcome == "created"));
    let again = import(&site, &whole).await;
    assert!(outcomes(&again)[..kept].iter().all(|outcome| *outcome == "unchanged"));
    assert!(outcomes(&again)[kept..].iter().all(|outcome| *outcome == "created"), "{:?}", outcomes(&again));
    let before = stored(&*site.world.engine);
    assert!(outcomes(&import(&site, &whole).await).iter().all(|outcome| *outcome == "unchanged"));
    assert_eq!(before, stored(&*site.world.engine), "a second run changes nothing");
    let middle = site
        .world
        .get(Who::Bas, "DR", &format!("/notes/{}/links?limit=200", again[5]["id"].as_str().expect("id")))
        .await
        .json();
    assert_eq!(middle["items"].as_array().map(Vec::len), Some(1), "{middle}");
}

#[tokio::test]
async fn what_was_deleted_is_made_anew_with_its_links() {
    let site = Site::new().await;
    let items = lines(&[note("a"), note("b"), link("l", "a", "b")]);
    let first = import(&site, &items).await;
    let path = format!("/notes/{}", first[0]["id"].as_str().expect("id"));
    let tag = site.world.get(Who::Bas, "DR", &path).await.header("etag").expect("a tag").to_owned();
    assert_eq!(site.world.send(Who::Bas, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await.status, 204);
    let again = import(&site, &items).await;
    assert_eq!(outcomes(&again)[..2], ["created", "unchanged"]);
    assert_ne!(again[2]["id"], first[2]["id"], "{again:?}");
    let links =
        site.world.get(Who::Bas, "DR", &format!("/notes/{}/links", again[0]["id"].as_str().expect("id"))).await.json();
    assert_eq!(links["items"][0]["id"], again[2]["id"], "{links}");
    assert!(outcomes(&import(&site, &items).await).iter().all(|outcome| *outcome == "unchanged"));
}

#[tokio::test]
async fn a_stream_that_breaks_off_keeps_what_came_before() {
    let site = Site::new().await;
    let parts: Vec<Result<Vec<u8>, std::io::Error>> = vec![
        Ok(lines(&[note("whole")])),
        Ok(b"{\"note\":{\"external_id\":\"half\"".to_vec()),
        Err(std::io::Error::other("the line is dead")),
    ];
    let mut request = Request::builder()
        .method("POST")
        .uri(format!("/api/v1/notes/import?space={}", site.floor))
        .header("content-type", "application/x-ndjson")
        .header("vigie-working", "DR")
        .body(Body::from_stream(futures_util::stream::iter(parts)))
        .expect("a request");
    let peer = Peer::danger_forged(sha256(&[&[Who::Bas.number()]]).0, "127.0.0.1:1".parse().expect("an address"));
    request.extensions_mut().insert(peer);
    let response = router(&site.world.app).oneshot(request).await.expect("infallible");
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    assert_eq!(outcomes(&results(&body)), ["created", "malformed-json"]);
    assert_eq!(outcomes(&import(&site, lines(&[note("whole"), note("half")])).await), ["unchanged", "created"]);
}

#[tokio::test]
async fn an_import_into_what_is_not_there_reads_nothing() {
    let site = Site::new().await;
    for space in ["aaaaaaaaaaaaaaaaaaaaaaaaae", &site.shelf("S").space, &site.notes[0]] {
        let path = format!("/notes/import?space={space}");
        let case = Case::new("another space", "POST", path)
            .header("content-type", "application/x-ndjson")
            .bytes(lines(&[note("n")]));
        case.decided().examine(&site).await;
    }
    for query in ["", "?space=x", "?space=", "?into=x"] {
        let path = format!("/notes/import{query}");
        let case = Case::new("no space", "POST", path)
            .header("content-type", "application/x-ndjson")
            .bytes(lines(&[note("n")]));
        case.gets(400, "bad-query").examine(&site).await;
    }
}
