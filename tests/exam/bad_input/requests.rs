//! Everything about a request but its body: headers, queries, cursors, paths, methods, sizes.

use serde_json::json;
use vigie::limits;

use super::Case;
use crate::{
    furnished::Site,
    world::{Who, World},
};

#[tokio::test]
async fn content_types_and_sizes_are_exact() {
    let site = Site::new().await;
    let body = json!({"name": "N"}).to_string();
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "application/x-ndjson", "application/json5", "json", ""]
    {
        Case::new("another type", "POST", "/spaces")
            .header("content-type", kind)
            .bytes(body.clone())
            .gets(415, "unsupported-media-type")
            .examine(&site)
            .await;
    }
    Case::new("no type", "POST", "/spaces")
        .bytes(body.clone())
        .gets(415, "unsupported-media-type")
        .examine(&site)
        .await;
    let import = format!("/notes/import?space={}", site.floor);
    Case::new("JSON for lines", "POST", import).json(body).gets(415, "unsupported-media-type").examine(&site).await;
    let large = |bytes: usize| format!("{{\"name\":\"{}\"}}", "a".repeat(bytes - 11));
    Case::new("a byte too many", "POST", "/spaces")
        .json(large(limits::JSON_BYTES_MAX + 1))
        .gets(413, "too-large")
        .examine(&site)
        .await;
    Case::new("the last byte", "POST", "/spaces")
        .json(large(limits::JSON_BYTES_MAX))
        .gets(422, "too-long")
        .examine(&site)
        .await;
    Case::new("far too many", "POST", "/notes").json(vec![b'['; 20 << 20]).gets(413, "too-large").examine(&site).await;
    for (method, path) in [("GET", "/me".to_owned()), ("DELETE", format!("/links/{}", site.shelf("DR").link))] {
        Case::new("a body where none is read", method, path).json("{}").gets(413, "too-large").examine(&site).await;
    }
}

#[tokio::test]
async fn queries_have_no_parameter_but_ours_and_no_value_but_ours() {
    let site = Site::new().await;
    let space = &site.floor;
    for path in [
        "/feed?x=1".to_owned(),
        "/feed?limit=x".to_owned(),
        "/feed?limit=-1".to_owned(),
        "/feed?limit=".to_owned(),
        "/feed?limit=1e3".to_owned(),
        "/feed?limit=18446744073709551616".to_owned(),
        "/feed?limit=1&limit=2".to_owned(),
        "/feed?Limit=1".to_owned(),
        "/me?verbose=1".to_owned(),
        "/spaces?q=x".to_owned(),
        "/people?name=haut".to_owned(),
        "/openapi.json?x".to_owned(),
        format!("/spaces/{space}?label=DR"),
        format!("/notes/{}?label=NP", site.notes[0]),
        "/notes".to_owned(),
        "/notes?space=".to_owned(),
        "/notes?space=x".to_owned(),
        format!("/notes?space={space}&space={space}"),
        format!("/notes?space={}", space.to_uppercase()),
        format!("/conversations?space={space}&note={}", site.notes[0]),
        format!("/notes/{}/links?way=both", site.notes[0]),
        format!("/notes/{}/revisions?before=x", site.notes[0]),
        format!("/notes/{}/revisions?before=-1", site.notes[0]),
        format!("/notes/{}/revisions?after=1", site.notes[0]),
    ] {
        Case::new("a query", "GET", path).gets(400, "bad-query").examine(&site).await;
    }
    for (method, path) in [
        ("POST", "/spaces?dry=1".to_owned()),
        ("PUT", format!("/spaces/{space}?force=1")),
        ("DELETE", format!("/notes/{}?force=1", site.notes[0])),
    ] {
        Case::new("a query of a change", method, path)
            .json("{\"name\":\"N\"}")
            .gets(400, "bad-query")
            .examine(&site)
            .await;
    }
    for limit in ["0", "1", "200", "201", "99999999"] {
        let reply = site.world.get(Who::Bas, "DR", &format!("/feed?limit={limit}")).await;
        let count = reply.json()["items"].as_array().map(Vec::len);
        assert_eq!((reply.status, count), (200, Some(if matches!(limit, "0" | "1") { 1 } else { 4 })), "{limit}");
    }
}

async fn cursor(world: &World, who: Who, working: &str, path: &str) -> String {
    let page = world.get(who, working, path).await.json();
    page["next"].as_str().unwrap_or_else(|| panic!("no cursor at {path}: {page}")).to_owned()
}

#[tokio::test]
async fn a_cursor_counts_for_its_person_label_and_list_alone_and_whole() {
    let site = Site::new().await;
    let (world, space) = (&site.world, &site.floor);
    let own = cursor(world, Who::Bas, "DR", "/feed?limit=1").await;
    assert_eq!(world.get(Who::Bas, "DR", &format!("/feed?after={own}")).await.status, 200);
    let mut bent = own.clone().into_bytes();
    bent[5] = if bent[5] == b'A' { b'B' } else { b'A' };
    let foreign = [
        cursor(world, Who::Haut, "DR", "/feed?limit=1").await,
        cursor(world, Who::Bas, "NP/ALL", "/feed?limit=1").await,
        cursor(world, Who::Bas, "DR", &format!("/notes?space={space}&limit=1")).await,
        cursor(world, Who::Bas, "DR", &format!("/conversations?note={}&limit=1", site.notes[0])).await,
        cursor(world, Who::Bas, "DR", &format!("/notes/{}/links?limit=1", site.notes[0])).await,
        String::from_utf8(bent).expect("text"),
        own.chars().take(own.len() - 1).collect(),
        own.chars().take(own.len() / 2).collect(),
        format!("{own}A"),
        format!("{own}="),
        "A".to_owned(),
        "%00".to_owned(),
        "A".repeat(10_000),
        String::new(),
    ];
    for after in foreign {
        Case::new("a cursor", "GET", format!("/feed?after={after}")).gets(400, "bad-cursor").examine(&site).await;
        let elsewhere = format!("/conversations/{}/messages?after={after}", site.talk);
        Case::new("a cursor elsewhere", "GET", elsewhere).gets(400, "bad-cursor").examine(&site).await;
    }
}

#[tokio::test]
async fn a_change_names_the_version_it_is_made_from() {
    let site = Site::new().await;
    let note = site
        .world
        .post(Who::Bas, "DR", "/notes", json!({"space": site.shelf("DR").space, "kind": "watch", "title": "Un"}))
        .await;
    let (path, first) = (format!("/notes/{}", note.id()), note.header("etag").expect("a tag").to_owned());
    let body = json!({"kind": "watch", "title": "Deux"}).to_string();
    let headers = [("if-match", first.as_str()), ("content-type", "application/json")];
    let second = site.world.send(Who::Bas, "DR", "PUT", &path, &headers, body.as_bytes()).await;
    let present = second.header("etag").expect("a tag").to_owned();
    let other = site.world.get(Who::Bas, "DR", &format!("/notes/{}", site.shelf("DR").note)).await;
    let restore = format!("{path}/revisions/1/restore");
    let missing = |method, path: &str| Case::new("no tag", method, path).gets(428, "precondition-required");
    missing("PUT", &path).json(body.clone()).examine(&site).await;
    missing("DELETE", &path).examine(&site).await;
    missing("POST", &restore).examine(&site).await;
    missing("PUT", &format!("/spaces/{}", site.shelf("DR").space)).json("{\"name\":\"N\"}").examine(&site).await;
    missing("DELETE", &format!("/conversations/{}/messages/{}", site.talk, site.shelf("DR").message))
        .examine(&site)
        .await;
    let bare = present.trim_matches('"').to_owned();
    for tag in [
        first,
        other.header("etag").expect("a tag").to_owned(),
        "*".to_owned(),
        bare.clone(),
        format!("W/{present}"),
        format!("{present}, {present}"),
        present.to_uppercase(),
        present.replace("\"2.", "\"02."),
        present.replace("\"2.", "\"+2."),
        present.replace("\"2.", "\"3."),
        "\"2\"".to_owned(),
        String::new(),
        "\"".repeat(9000),
    ] {
        for (method, path, body) in
            [("PUT", &path, body.clone()), ("DELETE", &path, String::new()), ("POST", &restore, String::new())]
        {
            let case = Case::new("a tag", method, path.clone()).header("if-match", tag.clone());
            let case = if body.is_empty() { case } else { case.json(body) };
            let reply = case.gets(412, "stale-version").decided().examine(&site).await;
            assert_eq!(reply.header("etag"), Some(present.as_str()), "what it is now");
        }
    }
    let twice = Case::new("two tags", "DELETE", path).header("if-match", present.clone()).header("if-match", present);
    twice.gets(412, "stale-version").decided().examine(&site).await;
}

#[tokio::test]
async fn working_labels_come_once_and_within_the_clearance() {
    let site = Site::new().await;
    // The header that `send` adds comes first, so these come twice.
    for second in ["DR", "NP/ALL", "S"] {
        let case = Case::new("two working labels", "GET", "/me").header("vigie-working", second);
        case.gets(400, "bad-working-label").decided().examine(&site).await;
    }
    for working in [
        "S",
        "TS",
        "S/ALPHA",
        "DR/ALPHA",
        "DR/OMEGA",
        "Q",
        " ",
        "DR/",
        "/DR",
        "DR/BEL",
        "DR//FRA",
        "DR/FRA/FRA",
        "DR,S",
        "ALL",
        "DR\tx",
    ] {
        let before = site.world.vault.monitor().journal().length();
        let reply = site.world.get(Who::Bas, working, "/me").await;
        assert_eq!((reply.status, reply.code().as_str()), (400, "bad-working-label"), "{working:?}");
        assert_eq!(site.world.vault.monitor().journal().length(), before + 1, "{working:?}");
    }
    let long = "DR/".to_owned() + &"FRA,".repeat(20_000);
    assert_eq!(site.world.get(Who::Bas, &long, "/me").await.status, 400);
}

#[tokio::test]
async fn hostile_identifiers_and_paths_lead_nowhere() {
    let site = Site::new().await;
    let note = &site.notes[0];
    let long = "a".repeat(60_000);
    // What is asked of a route is decided and journalled; what is no route is not.
    for id in [
        "x",
        "aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "%61",
        "%20",
        "..%2f..%2fme",
        "%2e%2e",
        "%00",
        "%0d%0aX:1",
        "*",
        "null",
        "-1",
        "%25",
        "é",
        &long,
    ] {
        let id = if id == "é" { "%c3%a9" } else { id };
        for path in [
            format!("/notes/{id}"),
            format!("/spaces/{id}/members"),
            format!("/people/{id}"),
            format!("/notes/{note}/revisions/{id}"),
        ] {
            Case::new("an identifier", "GET", path).decided().examine(&site).await;
        }
    }
    for path in [
        format!("//notes/{note}"),
        format!("/notes//{note}"),
        format!("/notes/{note}/"),
        format!("/./notes/{note}"),
        format!("/spaces/../notes/{note}"),
        format!("/%6eotes/{note}"),
        format!("/notes%2f{note}"),
        format!("/NOTES/{note}"),
        format!("/notes/{note}/links/"),
        "/notes/%ff".to_owned(),
        "/notes/%c0%af".to_owned(),
        "/notes/%ff/links".to_owned(),
        "/".to_owned(),
        "/me/".to_owned(),
        "/me;x=1".to_owned(),
        format!("/{long}"),
        "/x".repeat(10_000),
    ] {
        Case::new("a path", "GET", path).examine(&site).await;
    }
    for (method, path) in [
        ("POST", "/me"),
        ("PUT", "/notes"),
        ("PATCH", "/notes"),
        ("DELETE", "/spaces"),
        ("OPTIONS", "/notes"),
        ("TRACE", "/me"),
        ("CONNECT", "/me"),
        ("BREW", "/me"),
        ("POST", "/journal"),
    ] {
        let reply = Case::new("a method", method, path).examine(&site).await;
        assert_eq!(reply.header("allow"), None, "{method} {path}");
    }
    let head = site.world.send(Who::Bas, "DR", "HEAD", &format!("/notes/{note}"), &[], b"").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test]
async fn a_stranger_is_told_that_he_is_one_whatever_he_sends() {
    let site = Site::new().await;
    let before = site.world.vault.monitor().journal().length();
    for (method, path, kind, body) in [
        ("GET", "/notes/%ff", "", vec![]),
        ("GET", "/nothing", "", vec![]),
        ("PATCH", "/me", "", vec![]),
        ("GET", "/feed?x=1", "", vec![]),
        ("POST", "/notes", "text/plain", vec![b'['; 3 << 20]),
        ("POST", "/notes", "application/json", b"{".to_vec()),
    ] {
        let reply = site.world.send(Who::Nobody, "DR", method, path, &[("content-type", kind)], &body).await;
        assert_eq!((reply.status, reply.code().as_str()), (401, "unknown-account"), "{method} {path}");
    }
    assert_eq!(site.world.vault.monitor().journal().length(), before);
}
