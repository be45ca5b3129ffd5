//! Attachments from the first byte to the last row: cut and resumed anywhere, read in parts, damaged, deleted, swept.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use vigie::{
    crypto::sha256,
    limits,
    store::{Direction, Engine, Family, Key, KeyRange, Row, Writes},
};

use crate::{
    furnished::{OCTETS, Site},
    world::{Reply, Who, World, start_time},
};

/// A row of a chunk, as somebody leaves it.
type Left = (Key, Option<Row>);

/// Bytes of a content that differ from place to place.
fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|place| u8::try_from((place * 7 + place / 251 + place / 65_536) % 256).expect("a byte")).collect()
}

async fn announce(world: &World, note: &str, with: Value) -> Reply {
    let mut new = json!({"name": "relevé.bin", "size": 0});
    for (field, value) in with.as_object().expect("an object") {
        new[field] = value.clone();
    }
    world.post(Who::Bas, "DR", &format!("/notes/{note}/attachments"), new).await
}

async fn send(world: &World, id: &str, offset: usize, bytes: &[u8]) -> Reply {
    let path = format!("/attachments/{id}/content?offset={offset}");
    world.send(Who::Bas, "DR", "PUT", &path, &[OCTETS], bytes).await
}

/// A whole attachment of `Bas` at DR.
async fn attached(world: &World, note: &str, bytes: &[u8]) -> String {
    let made = announce(world, note, json!({"size": bytes.len()})).await;
    assert_eq!(made.status, 201, "{}", made.json());
    let id = made.id();
    let sent = send(world, &id, 0, bytes).await;
    assert_eq!((sent.status, &sent.json()["digest"]), (200, &json!(sha256(&[bytes]).to_string())), "{}", sent.json());
    id
}

async fn read(world: &World, id: &str, headers: &[(&str, &str)]) -> Reply {
    world.send(Who::Bas, "DR", "GET", &format!("/attachments/{id}/content"), headers, b"").await
}

/// What comes until the answer ends or breaks.
async fn received(world: &World, id: &str) -> (Vec<u8>, bool) {
    let path = format!("/attachments/{id}/content");
    let mut body = world.stream(Who::Bas, "DR", "GET", &path, &[], Body::empty()).await.into_body().into_data_stream();
    let mut bytes = Vec::new();
    while let Some(part) = body.next().await {
        let Ok(part) = part else { return (bytes, false) };
        bytes.extend_from_slice(&part);
    }
    (bytes, true)
}

fn rows(engine: &dyn Engine, family: Family) -> BTreeMap<Key, Row> {
    let snapshot = engine.snapshot().expect("a snapshot");
    let (mut found, mut range) = (BTreeMap::new(), KeyRange::all());
    loop {
        let page = snapshot.scan(family, &range, Direction::Forward, 1000).expect("rows");
        let Some((last, _)) = page.last() else { return found };
        range = range.past(Direction::Forward, last);
        found.extend(page);
    }
}

/// Somebody has the disk.
fn put_back(engine: &dyn Engine, rows: &[Left]) {
    let mut writes = Writes::default();
    for (key, row) in rows {
        match row {
            Some(row) => writes.puts.push((Family::Chunks, key.clone(), row.clone())),
            None => writes.deletes.push((Family::Chunks, key.clone())),
        }
    }
    engine.commit(writes).expect("a commit");
}

#[test]
fn an_upload_that_is_cut_anywhere_and_goes_on_becomes_the_same_content() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let site = runtime.block_on(Site::new());
    let (world, note) = (&site.world, &site.shelf("DR").note);
    let chunk = limits::CHUNK_BYTES;
    let sizes = prop_oneof![Just(0), Just(1), Just(chunk), Just(17 * chunk), 0..3 * chunk, 0..40 * chunk];
    let plans = (sizes, proptest::collection::vec((0..20 * chunk, any::<bool>(), 1..9000_usize), 0..6));
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let run = runner.run(&plans, |(size, cuts)| {
        runtime.block_on(async {
            let whole = content(size);
            let digest = sha256(&[&whole]).to_string();
            let id = announce(world, note, json!({"size": size, "digest": digest})).await.id();
            let path = format!("/attachments/{id}");
            let mut stands = 0;
            for (length, broken, piece) in cuts {
                if stands == size {
                    break;
                }
                let end = (stands + length).min(size);
                let mut parts: Vec<Result<Bytes, std::io::Error>> =
                    whole[stands..end].chunks(piece * 11).map(|part| Ok(Bytes::copy_from_slice(part))).collect();
                if broken {
                    parts.push(Err(std::io::Error::other("the connection is gone")));
                }
                let body = Body::from_stream(stream::iter(parts));
                let put = format!("{path}/content?offset={stands}");
                let reply = world.stream(Who::Bas, "DR", "PUT", &put, &[OCTETS], body).await;
                prop_assert_eq!(reply.status().as_u16(), if broken { 408 } else { 200 });
                // Whatever was answered, the state says where to go on; another place is refused and told.
                let state = world.get(Who::Bas, "DR", &path).await;
                let offset = usize::try_from(state.json()["offset"].as_u64().expect("an offset")).expect("small");
                prop_assert_eq!(state.header("upload-offset").map(str::to_owned), Some(offset.to_string()));
                prop_assert_eq!(offset, end);
                if offset < size || broken {
                    let wrong = send(world, &id, offset + 1, b"x").await;
                    prop_assert_eq!((wrong.status, wrong.code()), (409, "wrong-offset".to_owned()));
                    prop_assert_eq!(wrong.header("upload-offset").map(str::to_owned), Some(offset.to_string()));
                }
                stands = offset;
            }
            let last = send(world, &id, stands, &whole[stands..]).await;
            let state = last.json();
            prop_assert_eq!((last.status, &state["complete"], &state["digest"]), (200, &json!(true), &json!(digest)));
            prop_assert_eq!(received(world, &id).await, (whole, true));
            let tag = last.header("etag").expect("a tag").to_owned();
            let gone = world.send(Who::Bas, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await;
            prop_assert_eq!(gone.status, 204);
            Ok(())
        })
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn a_part_is_the_same_bytes_as_in_the_whole() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let site = runtime.block_on(Site::new());
    let world = &site.world;
    let whole = content(5 * limits::CHUNK_BYTES + 777);
    let id = runtime.block_on(attached(world, &site.shelf("DR").note, &whole));
    let size = whole.len();
    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let run = runner.run(&(0..size, 0..size + 10), |(one, other)| {
        let (start, last) = (one.min(other), one.max(other));
        let reply = runtime.block_on(read(world, &id, &[("range", &format!("bytes={start}-{last}"))]));
        let end = (last + 1).min(size);
        prop_assert_eq!(reply.status, 206);
        prop_assert_eq!(&reply.body, &whole[start..end]);
        let said = format!("bytes {start}-{}/{size}", end - 1);
        prop_assert_eq!(reply.header("content-range"), Some(said.as_str()));
        prop_assert_eq!(reply.header("content-length").map(str::to_owned), Some((end - start).to_string()));
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
    let beyond = runtime.block_on(read(world, &id, &[("range", &format!("bytes={size}-"))]));
    assert_eq!((beyond.status, beyond.code().as_str()), (416, "bad-range"));
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{size}").as_str()));
    let tag = runtime.block_on(read(world, &id, &[("range", "bytes=0-1")])).header("etag").expect("a tag").to_owned();
    let same = runtime.block_on(read(world, &id, &[("range", "bytes=0-1"), ("if-range", &tag)]));
    let other = runtime.block_on(read(world, &id, &[("range", "bytes=0-1"), ("if-range", "\"1.00\"")]));
    assert_eq!((same.status, other.status, other.body.len()), (206, 200, size));
    let head = runtime.block_on(world.send(Who::Bas, "DR", "HEAD", &format!("/attachments/{id}/content"), &[], b""));
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test]
async fn chunks_that_were_moved_cut_left_out_or_put_back_are_never_answered() {
    let site = Site::new().await;
    let (world, note) = (&site.world, &site.shelf("DR").note);
    let before = rows(&*world.engine, Family::Chunks);
    let whole = content(4 * limits::CHUNK_BYTES + 5);
    let made = announce(world, note, json!({"size": whole.len()})).await.id();
    // The first chunk was stored when it was not full yet.
    assert_eq!(send(world, &made, 0, &whole[..1000]).await.status, 200);
    let early = rows(&*world.engine, Family::Chunks);
    assert_eq!(send(world, &made, 1000, &whole[1000..]).await.status, 200);
    let other = attached(world, note, &content(4 * limits::CHUNK_BYTES + 5)).await;
    let all = rows(&*world.engine, Family::Chunks);
    let new = all.keys().filter(|key| !before.contains_key(*key));
    let begins: BTreeSet<Vec<u8>> = new.map(|key| key.bytes()[..16].to_vec()).collect();
    assert_eq!(begins.len(), 2);
    let first_of = early.keys().find(|key| !before.contains_key(*key)).expect("a row").bytes()[..16].to_vec();
    let of = |begin: &[u8]| -> Vec<(Key, Row)> {
        all.iter()
            .filter(|(key, _)| key.bytes().starts_with(begin))
            .map(|(key, row)| (key.clone(), row.clone()))
            .collect()
    };
    let own = of(&first_of);
    let foreign = of(begins.iter().find(|begin| **begin != first_of).expect("the other"));
    assert_eq!((own.len(), foreign.len()), (5, 5), "five chunks each, and no progress any more");
    let cut = |row: &Row| Row { version: row.version, value: row.value[..row.value.len() - 1].to_vec() };
    let short = early.iter().find(|(key, _)| **key == own[0].0).expect("as it was").1.clone();
    let tricks: Vec<(&str, usize, Vec<Left>)> = vec![
        (
            "two exchanged",
            1,
            vec![(own[1].0.clone(), Some(own[2].1.clone())), (own[2].0.clone(), Some(own[1].1.clone()))],
        ),
        ("the last left out", 4, vec![(own[4].0.clone(), None)]),
        ("the first left out", 0, vec![(own[0].0.clone(), None)]),
        ("one repeated", 3, vec![(own[3].0.clone(), Some(own[2].1.clone()))]),
        ("one of another attachment", 2, vec![(own[2].0.clone(), Some(foreign[2].1.clone()))]),
        ("one cut", 2, vec![(own[2].0.clone(), Some(cut(&own[2].1)))]),
        ("the short one put back", 0, vec![(own[0].0.clone(), Some(short))]),
        ("another version said", 1, vec![(own[1].0.clone(), Some(Row { version: 9, ..own[1].1.clone() }))]),
    ];
    for (what, good, trick) in tricks {
        put_back(&*world.engine, &trick);
        let (bytes, ended) = received(world, &made).await;
        assert!(!ended, "{what}: it breaks off");
        assert_eq!(bytes, whole[..good * limits::CHUNK_BYTES], "{what}: what came is what was sent");
        let rows: Vec<Left> = own.iter().map(|(key, row)| (key.clone(), Some(row.clone()))).collect();
        put_back(&*world.engine, &rows);
        assert_eq!(received(world, &made).await, (whole.clone(), true), "{what}, mended");
    }
    assert!(received(world, &other).await.1);
}

#[tokio::test]
async fn nothing_that_was_uploaded_can_run() {
    let site = Site::new().await;
    let (world, note) = (&site.world, &site.shelf("DR").note);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".as_slice();
    for (name, bytes, inline) in [
        ("a.svg", svg, None),
        ("a.html", b"<!doctype html><script>alert(1)</script>", None),
        ("a.png", svg, None),
        ("a.pdf", b"%PDF-1.7", None),
        ("a.xml", b"\x89PNG\r\n\x1a\n<script>", Some("image/png")),
        ("a.html", b"GIF89a=1;alert(1)", Some("image/gif")),
        ("a.jpg", b"\xff\xd8\xff\xe0", Some("image/jpeg")),
        ("a.webp", b"RIFF\x04\0\0\0WEBP", Some("image/webp")),
    ] {
        let made = announce(world, note, json!({"name": name, "size": bytes.len()})).await.id();
        assert_eq!(send(world, &made, 0, bytes).await.status, 200);
        for asked in [false, true] {
            let reply = world.get(Who::Bas, "DR", &format!("/attachments/{made}/content?inline={asked}")).await;
            let shown = inline.filter(|_| asked);
            assert_eq!(reply.header("content-type"), Some(shown.unwrap_or("application/octet-stream")), "{name}");
            let disposition = reply.header("content-disposition").expect("a disposition");
            assert!(disposition.starts_with(if shown.is_some() { "inline; " } else { "attachment; " }), "{name}");
            assert_eq!(
                reply.header("content-security-policy"),
                Some("sandbox; default-src 'none'; frame-ancestors 'none'")
            );
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"));
            assert_eq!(reply.header("cache-control"), Some("no-store"));
            assert_eq!(reply.body, bytes);
        }
    }
    let named = "l'été \"final\"; filename=x.exe .pdf";
    let made = announce(world, note, json!({"name": named, "size": 0})).await.id();
    assert_eq!(send(world, &made, 0, b"").await.status, 200);
    assert_eq!(
        read(world, &made, &[]).await.header("content-disposition"),
        Some(
            "attachment; filename=\"l__t_ _final__ filename=x.exe .pdf\"; \
             filename*=UTF-8''l%27%C3%A9t%C3%A9%20%22final%22%3B%20filename%3Dx.exe%20.pdf"
        )
    );
}

#[tokio::test]
async fn what_was_announced_binds_its_sender() {
    let site = Site::new().await;
    let (world, note) = (&site.world, &site.shelf("DR").note);
    let digest = sha256(&[b"vrai"]).to_string();
    let made = announce(world, note, json!({"size": 4, "digest": digest})).await.id();
    let more = send(world, &made, 0, b"trop long").await;
    assert_eq!((more.status, more.code().as_str()), (413, "too-large"));
    let unread = read(world, &made, &[]).await;
    assert_eq!(unread.status, 404, "what is not whole is not there to be read");
    let wrong = send(world, &made, 0, b"faux").await;
    assert_eq!((wrong.status, wrong.code().as_str()), (422, "digest-differs"));
    assert_eq!(world.get(Who::Bas, "DR", &format!("/attachments/{made}")).await.status, 404, "and it is gone");
    for (with, code) in [
        (json!({"name": "a/b"}), "bad-file-name"),
        (json!({"name": "a\nb"}), "hidden-characters"),
        (json!({"name": "a\u{202e}gpj.exe"}), "hidden-characters"),
        (json!({"name": ""}), "empty-field"),
        (json!({"name": "a".repeat(256)}), "too-long"),
        (json!({"size": limits::ATTACHMENT_BYTES_MAX + 1}), "file-too-large"),
        (json!({"digest": "x"}), "bad-digest"),
        (json!({"label": "S"}), "label-mismatch"),
    ] {
        let refused = announce(world, note, with.clone()).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, code), "{with}");
    }
    for (with, code) in [(json!({"size": -1}), "wrong-shape"), (json!({"size": "1"}), "wrong-shape")] {
        assert_eq!(announce(world, note, with).await.code(), code);
    }
    let made = announce(world, note, json!({"size": 4})).await.id();
    for path in ["content", "content?offset=-1", "content?offset=x", "content?offset=0&offset=0", "content?at=0"] {
        let reply = world.send(Who::Bas, "DR", "PUT", &format!("/attachments/{made}/{path}"), &[OCTETS], b"x").await;
        assert_eq!((reply.status, reply.code().as_str()), (400, "bad-query"), "{path}");
    }
    let kind = [("content-type", "image/png")];
    let path = format!("/attachments/{made}/content?offset=0");
    assert_eq!(world.send(Who::Bas, "DR", "PUT", &path, &kind, b"x").await.status, 415);
}

#[tokio::test]
async fn so_many_and_no_more() {
    let site = Site::new().await;
    let world = &site.world;
    let note = &site.shelf("DR").note;
    let mut begun = Vec::new();
    for _ in 0..limits::UPLOADS_PER_PERSON_MAX {
        begun.push(announce(world, note, json!({"size": 1})).await.id());
    }
    let more = announce(world, note, json!({"size": 1})).await;
    assert_eq!((more.status, more.code().as_str()), (422, "too-many-uploads"));
    let path = format!("/attachments/{}", begun[0]);
    let tag = world.get(Who::Bas, "DR", &path).await.header("etag").expect("a tag").to_owned();
    assert_eq!(world.send(Who::Bas, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await.status, 204);
    assert_eq!(announce(world, note, json!({"size": 1})).await.status, 201, "one was given up");
    let own = world.get(Who::Bas, "DR", &format!("/notes/{note}/attachments")).await;
    let listed = own.json()["items"].as_array().expect("items").len();
    assert_eq!(send(world, &begun[1], 0, b"x").await.status, 200);
    for _ in listed + 1..limits::ATTACHMENTS_PER_NOTE_MAX {
        attached(world, note, b"x").await;
    }
    let more = announce(world, note, json!({"size": 1})).await;
    assert_eq!((more.status, more.code().as_str()), (422, "too-many-attachments"));
}

#[tokio::test]
async fn a_running_download_ends_when_its_reader_may_not_go_on() {
    for how in ["dismissed", "note deleted", "deleted"] {
        let site = Site::new().await;
        let world = &site.world;
        let space = &site.shelf("DR").space;
        let new = json!({"space": space, "kind": "watch", "title": "Porte"});
        let note = world.post(Who::Haut, "DR", "/notes", new).await;
        let whole = content(60 * limits::CHUNK_BYTES);
        let id = attached(world, &note.id(), &whole).await;
        let path = format!("/attachments/{id}/content");
        let reply = world.stream(Who::Bas, "DR", "GET", &path, &[], Body::empty()).await;
        let mut body = reply.into_body();
        let first = body.frame().await.expect("a frame").expect("bytes").into_data().expect("data");
        assert_eq!(first, whole[..first.len()]);
        let done = match how {
            "dismissed" => {
                let path = format!("/spaces/{space}/members/{}", Who::Bas.id());
                world.send(Who::Haut, "DR", "DELETE", &path, &[], b"").await
            }
            "note deleted" => {
                let tag = note.header("etag").expect("a tag");
                world.send(Who::Haut, "DR", "DELETE", &format!("/notes/{}", note.id()), &[("if-match", tag)], b"").await
            }
            _ => {
                let path = format!("/attachments/{id}");
                let tag = world.get(Who::Bas, "DR", &path).await.header("etag").expect("a tag").to_owned();
                world.send(Who::Bas, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await
            }
        };
        assert_eq!(done.status, 204, "{how}");
        let (mut more, mut broken) = (0, false);
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => more += frame.into_data().expect("data").len(),
                Err(_) => broken = true,
            }
        }
        assert!(broken, "{how}");
        assert!(more <= 16 * limits::CHUNK_BYTES, "{how}: {more} bytes came after");
        assert_eq!(world.get(Who::Bas, "DR", &path).await.status, 404, "{how}");
    }
}

#[tokio::test]
async fn few_contents_at_once_for_each_person() {
    let site = Site::new().await;
    let world = &site.world;
    let id = attached(world, &site.shelf("DR").note, b"content").await;
    let path = format!("/attachments/{id}/content");
    let open = || world.stream(Who::Bas, "DR", "GET", &path, &[], Body::empty());
    let mut bodies = Vec::new();
    for _ in 0..limits::CONTENTS_AT_ONCE_MAX {
        let reply = open().await;
        assert_eq!(reply.status().as_u16(), 200);
        bodies.push(reply.into_body());
    }
    let more = world.get(Who::Bas, "DR", &path).await;
    assert_eq!((more.status, more.code().as_str()), (429, "too-many-requests"));
    assert_eq!(world.get(Who::Haut, "DR", &path).await.status, 200, "others have their own");
    bodies.pop();
    assert_eq!(world.get(Who::Bas, "DR", &path).await.status, 200, "one has ended");
}

async fn swept(world: &World) -> usize {
    let mut rows = 0;
    loop {
        match world.vault.sweep().await.expect("swept") {
            0 => return rows,
            some => {
                assert!(some <= limits::SWEEP_ROWS_MAX);
                rows += some;
            }
        }
    }
}

#[tokio::test]
async fn what_is_deleted_or_never_finished_is_swept_to_the_last_row() {
    let site = Site::new().await;
    let world = &site.world;
    let note = world
        .post(Who::Bas, "DR", "/notes", json!({"space": site.shelf("DR").space, "kind": "watch", "title": "Porte"}))
        .await;
    let state = || (rows(&*world.engine, Family::Chunks), rows(&*world.engine, Family::Listings).len());
    let before = rows(&*world.engine, Family::Chunks);
    let records = rows(&*world.engine, Family::Records).len();
    let mut ids = Vec::new();
    for size in [0, 1, 5 * limits::CHUNK_BYTES, 400 * limits::CHUNK_BYTES] {
        ids.push(attached(world, &note.id(), &content(size)).await);
    }
    let abandoned = announce(world, &note.id(), json!({"size": 900_000})).await.id();
    assert_eq!(send(world, &abandoned, 0, &content(100_000)).await.status, 200);
    assert_eq!(swept(world).await, 0, "nothing is due");
    let tag = note.header("etag").expect("a tag");
    let gone = world.send(Who::Bas, "DR", "DELETE", &format!("/notes/{}", note.id()), &[("if-match", tag)], b"").await;
    assert_eq!(gone.status, 204);
    for id in ids.iter().chain([&abandoned]) {
        assert_eq!(world.get(Who::Bas, "DR", &format!("/attachments/{id}")).await.status, 404, "at once");
        assert_eq!(read(world, id, &[]).await.status, 404, "at once");
    }
    assert_eq!(swept(world).await, 0, "whoever was finishing one is given a minute");
    world.set_time(start_time().0 + limits::SWEEP_DELAY_MS + 1);
    // One step alone, as if the server had died there; the next one goes on.
    assert!(world.vault.sweep().await.expect("a step") > 0);
    assert!(swept(world).await > 300);
    let left: Vec<Key> = state().0.into_keys().filter(|key| !before.contains_key(key)).collect();
    assert_eq!(left.len(), 3, "the abandoned upload: two chunks and its progress");
    world.set_time(start_time().0 + limits::UPLOAD_LIFE_MS_MAX);
    assert!(swept(world).await > 0);
    assert_eq!(state().0, before, "no chunk is left");
    assert_eq!(rows(&*world.engine, Family::Records).len(), records - 1, "nor a record, nor the note's");
    assert_eq!(swept(world).await, 0);
}

#[tokio::test]
async fn an_upload_that_is_finished_in_time_is_not_swept() {
    let site = Site::new().await;
    let world = &site.world;
    let id = attached(world, &site.shelf("DR").note, b"kept").await;
    world.set_time(start_time().0 + 2 * limits::UPLOAD_LIFE_MS_MAX);
    swept(world).await;
    assert_eq!(read(world, &id, &[]).await.body, b"kept");
}

#[tokio::test]
async fn every_step_of_an_upload_is_in_the_journal_and_nothing_of_its_name() {
    let site = Site::new().await;
    let world = &site.world;
    let journal = world.vault.monitor().journal();
    let before = journal.length();
    let step = limits::UPLOAD_STEP_CHUNKS * limits::CHUNK_BYTES;
    let id = attached(world, &site.shelf("DR").note, &content(2 * step + 1)).await;
    let mut acts = Vec::new();
    for leaf in journal.leaves(before, 100).expect("leaves") {
        let (_, entry) = journal.open_leaf(&leaf).expect("opens");
        assert!(entry.objects.iter().any(|object| object.id.to_string() == id), "{entry:?}");
        assert!(!serde_json::to_string(&entry).expect("JSON").contains("relev"));
        acts.push(entry.act.code());
    }
    let steps = ["attachment-append"; 4];
    let all = [&["attachment-begin"], &steps[..], &["attachment-read", "attachment-verify", "attachment-finish"]];
    assert_eq!(acts, all.concat(), "the decision, then one for each step that was stored");
}
