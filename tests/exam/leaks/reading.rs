//! What can be read: links, lists, names, identifiers, errors (T08-T11, T14, T19-T24, T29-T34, T40).

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use serde_json::json;
use vigie::{
    edge::routes::Reads,
    store::{CommitError, Direction, Engine, EngineError, Family, Key, KeyRange, Memory, Row, Snapshot, Writes},
};

use super::twins::{Twins, WORD, enrol, items, made, note, says};
use crate::{
    furnished::{Site, face},
    world::{Who, World, accounts, api, configuration},
};

#[tokio::test]
async fn t08_backlinks_of_a_low_note_never_list_a_high_one() {
    let twins = Twins::new().await;
    let path = format!("/notes/{}/links?way=in", twins.low.first);
    let low = twins.get(&path).await;
    assert!(items(&low).iter().all(|item| item["other"]["id"] == twins.low.second.as_str()));
    let high = twins.with.get(Who::Haut, "S", &path).await;
    let mentions =
        items(&high).iter().filter(|item| item["type"] == "mention" && item["other"]["title"] == WORD).count();
    assert_eq!(mentions, 2, "the high note and the one apart: {}", high.json());
}

#[tokio::test]
async fn t09_a_mention_of_a_hidden_title_looks_like_one_of_no_title() {
    let twins = Twins::new().await;
    let out = format!("/notes/{}/links", twins.low.first);
    assert!(!says(&twins.get(&out).await, WORD), "only the title as he wrote it himself, in the body");
    twins.get(&format!("/notes/{}", twins.low.first)).await;
    assert!(says(&twins.with.get(Who::Haut, "S", &out).await, &twins.high.note));
}

#[tokio::test]
async fn t10_a_high_link_between_two_low_notes_is_not_there() {
    let twins = Twins::new().await;
    for (note, way) in [(&twins.low.first, "out"), (&twins.low.second, "in")] {
        for limit in [1, 2, 200] {
            let path = format!("/notes/{note}/links?way={way}&limit={limit}");
            assert!(!says(&twins.get(&path).await, &twins.high.link));
        }
        let high = twins.with.get(Who::Haut, "S", &format!("/notes/{note}/links?way={way}")).await;
        assert!(says(&high, &twins.high.link), "{}", high.json());
    }
    assert_eq!(twins.get(&format!("/links/{}", twins.high.link)).await.status, 404);
}

#[tokio::test]
async fn t11_a_low_link_to_a_hidden_end_leaves_no_row_no_gap_and_no_further_page() {
    let twins = Twins::new().await;
    for way in ["out", "in"] {
        for limit in 1..4 {
            let path = format!("/notes/{}/links?way={way}&limit={limit}", twins.low.first);
            let mut page = twins.get(&path).await;
            // Through all pages: the cursors are the same bytes too.
            while let Some(next) = page.json()["next"].as_str().map(str::to_owned) {
                page = twins.get(&format!("{path}&after={next}")).await;
            }
        }
    }
    let own = twins.with.get(Who::Haut, "DR", &format!("/notes/{}/links", twins.low.first)).await;
    assert!(says(&own, &twins.high.apart_note), "its author sees it, at the same label: {}", own.json());
}

#[tokio::test]
async fn t14_a_link_bears_the_working_label_which_dominates_both_ends() {
    let twins = Twins::new().await;
    let (world, low) = (&twins.with, &twins.low);
    let link = json!({"from": low.first, "to": low.second, "type": "uses"});
    let high = world.post(Who::Haut, "S", "/links", link.clone()).await;
    assert_eq!((high.status, high.header("vigie-label")), (201, Some("S")));
    let mut lowered = link;
    lowered["label"] = json!("DR");
    let refused = world.post(Who::Haut, "S", "/links", lowered).await;
    assert_eq!((refused.status, refused.code().as_str()), (422, "label-mismatch"));
    let upwards = json!({"from": low.first, "to": twins.high.note, "type": "uses"});
    let refused = world.post(Who::Haut, "DR", "/links", upwards).await;
    assert_eq!(refused.status, 404, "at DR the high end is not there");
}

#[tokio::test]
async fn t19_recent_changes_do_not_move_with_high_ones() {
    let twins = Twins::new().await;
    for limit in [1, 2, 50] {
        let feed = twins.get(&format!("/feed?limit={limit}")).await;
        assert!(!says(&feed, &twins.high.note) && items(&feed).len() <= 2);
    }
    assert!(says(&twins.with.get(Who::Haut, "S", "/feed").await, &twins.high.note));
}

#[tokio::test]
async fn t20_old_versions_keep_their_label_and_low_history_names_nothing_high() {
    let twins = Twins::new().await;
    let path = format!("/notes/{}", twins.high.note);
    let tag = twins.with.get(Who::Haut, "S", &path).await.header("etag").expect("a tag").to_owned();
    let change = json!({"kind": "watch", "title": "Sans le mot"});
    let changed = twins.with.json(Who::Haut, "S", "PUT", &path, &[("if-match", &tag)], change).await;
    assert_eq!(changed.status, 200);
    let old = twins.with.get(Who::Haut, "S", &format!("{path}/revisions/1")).await;
    assert_eq!((old.json()["title"].as_str(), old.header("vigie-label")), (Some(WORD), Some("S")));
    for end in ["/revisions", "/revisions/1", "/revisions/2"] {
        assert_eq!(twins.get(&format!("{path}{end}")).await.status, 404);
        assert!(!says(&twins.get(&format!("/notes/{}{end}", twins.low.first)).await, &twins.high.note));
    }
}

#[tokio::test]
async fn t21_lists_of_spaces_people_conversations_and_words_are_filtered() {
    let twins = Twins::new().await;
    for path in ["/spaces", "/people", "/conversations", "/policy", "/me"] {
        let low = twins.get(path).await;
        assert!(!says(&low, WORD) && !says(&low, "ALPHA"), "{path}");
    }
    for (path, working) in [("/spaces", "S/ALPHA"), ("/conversations", "S/ALPHA")] {
        assert!(says(&twins.with.get(Who::Haut, working, path).await, WORD), "{path}");
    }
    assert!(says(&twins.with.get(Who::Haut, "DR", "/policy").await, "ALPHA"), "it is in his clearance");
}

/// Every route that takes an identifier, with every identifier that must look absent.
#[tokio::test]
async fn t22_unknown_hidden_deleted_and_mistaken_identifiers_get_the_same_bytes() {
    let twins = Twins::new().await;
    let (world, low, high) = (&twins.with, &twins.low, &twins.high);
    let gone = made(world, Who::Bas, "DR", "/notes", note(&low.space, "Passager", "")).await;
    let path = format!("/notes/{gone}");
    let tag = world.get(Who::Bas, "DR", &path).await.header("etag").expect("a tag").to_owned();
    assert_eq!(world.send(Who::Bas, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await.status, 204);
    let unknown = "aaaaaaaaaaaaaaaaaaaaaaaaae".to_owned();
    let officer = Who::Off.id().to_string();
    let ids = [
        &unknown,
        &gone,
        &high.note,
        &high.link,
        &high.talk,
        &high.message,
        &high.space,
        &high.apart,
        &high.apart_note,
        &officer,
    ];
    let mut faces = BTreeSet::new();
    for id in ids {
        for (method, path, body) in requests_about(id, low) {
            let headers = [("if-match", "\"1.0000000000000000\"")];
            let reply = match body {
                Some(body) => world.json(Who::Bas, "DR", &method, &path, &headers, body).await,
                None => world.send(Who::Bas, "DR", &method, &path, &headers, b"").await,
            };
            assert_eq!(reply.status, 404, "{method} {path}: {}", String::from_utf8_lossy(&reply.body));
            faces.insert(face(&reply));
        }
    }
    assert_eq!(faces.len(), 1, "{faces:#?}");
}

type Request = (String, String, Option<serde_json::Value>);

/// All routes of the router with an identifier in their path, and those that take one in the body or the query.
fn requests_about(id: &str, low: &super::twins::Low) -> Vec<Request> {
    let mut all = Vec::new();
    // Contents that are sent are asked for in `attachments`: they are no JSON.
    let takes = |path: &str| path.contains("{id}") || path.contains("{message}");
    for route in api().iter().filter(|route| takes(route.path) && route.reads != Reads::Bytes) {
        let body = (route.reads == Reads::Json).then(|| match route.name {
            "space-change" => json!({"name": "X"}),
            "member-enrol" => json!({"part": "member"}),
            "note-change" => json!({"kind": "watch", "title": "X"}),
            "draft-change" => json!({"form": {"title": "X"}}),
            "message-post" | "message-edit" => json!({"text": "X"}),
            "attachment-begin" => json!({"name": "X", "size": 1}),
            "watch-change" => json!({"name": "X", "query": "X"}),
            "watch-seen" => json!({"until": "2026-11-21T08:00:00Z"}),
            other => panic!("{other}: give it a body"),
        });
        let filled = |id: &str, path: &str| {
            path.replace("{id}", id).replace("{version}", "1").replace("{account}", &Who::Bis.id().to_string())
        };
        let path = filled(id, route.path).replace("{message}", &low.message);
        all.push((route.method.to_string(), path, body.clone()));
        if route.path.contains("{message}") {
            let path = filled(&low.talk, route.path).replace("{message}", id);
            all.push((route.method.to_string(), path, body));
        }
    }
    for query in ["notes?space", "conversations?space", "conversations?note"] {
        all.push(("GET".into(), format!("/{query}={id}"), None));
    }
    let bodies = [
        ("/notes", note(id, "X", "")),
        ("/links", json!({"from": id, "to": low.first, "type": "uses"})),
        ("/watches", json!({"name": "X", "query": "X", "space": id})),
        ("/links", json!({"from": low.first, "to": id, "type": "uses"})),
        ("/conversations", json!({"title": "X", "about": {"note": id}})),
        ("/conversations", json!({"title": "X", "about": {"space": id}})),
    ];
    all.extend(bodies.map(|(path, body)| ("POST".into(), path.into(), Some(body))));
    all
}

#[tokio::test]
async fn t23_identifiers_neither_count_up_nor_show_what_was_made_between() {
    let twins = Twins::new().await;
    let mut ids = Vec::new();
    for number in 0..20 {
        // The same identifiers in both worlds, though one makes high notes between.
        let made = twins.post("/notes", note(&twins.low.space, &format!("Note {number}"), "")).await;
        ids.push(made.id().parse::<vigie::ids::Id>().expect("an identifier"));
        made_high(&twins).await;
    }
    for pair in ids.windows(2) {
        let differing: u32 = pair[0].bytes().iter().zip(pair[1].bytes()).map(|(a, b)| (a ^ b).count_ones()).sum();
        assert!((20..108).contains(&differing), "{differing} of 128 bits differ");
    }
}

async fn made_high(twins: &Twins) {
    made(&twins.with, Who::Haut, "S", "/notes", note(&twins.low.space, WORD, "")).await;
}

#[tokio::test]
async fn t24_nothing_is_found_by_a_name_given_above() {
    let twins = Twins::new().await;
    let import = format!("/notes/import?space={}", twins.low.space);
    let lines = |names: &[&str]| -> Vec<u8> {
        let note =
            |name: &&str| format!("{}\n", json!({"note": {"external_id": name, "kind": "watch", "title": name}}));
        names.iter().map(note).collect::<String>().into_bytes()
    };
    let kind = [("content-type", "application/x-ndjson")];
    let high = twins.with.send(Who::Haut, "S", "POST", &import, &kind, &lines(&["x-1"])).await;
    assert!(says(&high, "created"));
    let link = json!({"link": {"external_id": "l", "from": "y-1", "to": "x-1", "type": "uses"}}).to_string();
    let sent = [lines(&["y-1"]), link.into_bytes()].concat();
    for world in [&twins.without, &twins.with] {
        world.seed(77);
        let reply = world.send(Who::Bas, "DR", "POST", &import, &kind, &sent).await;
        let lines: Vec<serde_json::Value> =
            reply.body.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
        assert_eq!(
            (lines[0]["status"].as_str(), lines[1]["code"].as_str()),
            (Some("created"), Some("not-found")),
            "{lines:?}"
        );
    }
    twins.look_around().await;
}

#[tokio::test]
async fn t29_no_error_says_anything_hidden() {
    let twins = Twins::new().await;
    let (low, high) = (&twins.low, &twins.high);
    for body in [
        json!({"from": low.first, "to": high.note, "type": "uses"}),
        json!({"from": low.first, "to": low.first, "type": "uses"}),
        json!({"from": low.first, "to": 7, "type": "uses"}),
        json!({"from": high.note}),
        json!({"from": low.first, "to": low.second, "type": WORD}),
    ] {
        assert!(twins.post("/links", body).await.status >= 400);
    }
    for path in [
        format!("/notes?space={}&limit=x", high.space),
        format!("/notes?space={}&after=x", high.space),
        format!("/conversations?note={}&space={}", high.note, low.space),
        format!("/notes/{}/links?way=up", high.note),
        format!("/notes/{}/revisions?before=x", high.note),
    ] {
        let reply = twins.get(&path).await;
        assert!(reply.status >= 400 && !says(&reply, WORD), "{path}");
    }
    // A compartment that exists and one that does not: the same refusal, word for word but the word.
    let refused = |word: &'static str| {
        let world = &twins.with;
        async move {
            world.seed(5);
            let reply = world.get(Who::Bas, word, "/me").await;
            (
                reply.status,
                String::from_utf8_lossy(&reply.body)
                    .replace(word, "?")
                    .replace(word.split('/').next_back().unwrap_or_default(), "?"),
            )
        }
    };
    assert_eq!(refused("DR/ALPHA").await, refused("DR/OMEGA").await);
    assert_eq!(refused("S").await, refused("Q").await);
}

/// Counts readings; everything else as in memory.
struct Counted {
    inner: Memory,
    read: Arc<AtomicU64>,
}

struct CountedView<'e>(Box<dyn Snapshot + 'e>, &'e AtomicU64);

impl Engine for Counted {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError> {
        Ok(Box::new(CountedView(self.inner.snapshot()?, &self.read)))
    }

    fn get(&self, family: Family, key: &Key) -> Result<Option<Row>, EngineError> {
        self.read.fetch_add(1, Ordering::SeqCst);
        self.inner.get(family, key)
    }

    fn commit(&self, writes: Writes) -> Result<(), CommitError> {
        self.inner.commit(writes)
    }

    fn reopen(&self) -> Result<(), EngineError> {
        self.inner.reopen()
    }
}

impl Snapshot for CountedView<'_> {
    fn get_many(&self, family: Family, keys: &[Key]) -> Result<Vec<Option<Row>>, EngineError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.get_many(family, keys)
    }

    fn scan(
        &self,
        family: Family,
        range: &KeyRange,
        way: Direction,
        limit: usize,
    ) -> Result<Vec<(Key, Row)>, EngineError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.scan(family, range, way, limit)
    }
}

#[tokio::test]
async fn t30_hidden_and_absent_cost_the_same_readings() {
    let read = Arc::new(AtomicU64::new(0));
    let engine = Counted { inner: Memory::new(), read: Arc::clone(&read) };
    let site = Site::over(World::with(configuration(accounts()), Arc::new(engine))).await;
    let shelf = site.shelf("S");
    let unknown = "aaaaaaaaaaaaaaaaaaaaaaaaae";
    for (path, id) in [
        ("/notes/{}", &shelf.note),
        ("/notes/{}/revisions", &shelf.note),
        ("/notes/{}/revisions/1", &shelf.note),
        ("/notes/{}/revisions/2", &shelf.note),
        ("/notes/{}/links", &shelf.note),
        ("/notes?space={}", &shelf.space),
        ("/spaces/{}", &shelf.space),
        ("/spaces/{}/members", &shelf.space),
        ("/links/{}", &shelf.link),
        ("/conversations/{}", &shelf.talk),
        ("/conversations/{}/messages", &shelf.talk),
        ("/conversations?note={}", &shelf.note),
    ] {
        let mut costs = Vec::new();
        for id in [unknown, id.as_str()] {
            let before = read.load(Ordering::SeqCst);
            assert_eq!(site.world.get(Who::Bas, "DR", &path.replace("{}", id)).await.status, 404, "{path}");
            costs.push(read.load(Ordering::SeqCst) - before);
        }
        assert_eq!(costs[0], costs[1], "{path}: absent, hidden");
    }
}

#[tokio::test]
async fn t31_what_holds_high_things_shows_no_place_for_them() {
    let twins = Twins::new().await;
    let (low, high) = (&twins.low, &twins.high);
    for (path, hidden) in [
        (format!("/notes?space={}", low.space), &high.note),
        (format!("/conversations?note={}", low.first), &high.talk),
        (format!("/conversations/{}/messages", low.talk), &high.message),
        (format!("/spaces/{}", low.space), &high.note),
    ] {
        for limit in ["", "limit=1"] {
            let path = if limit.is_empty() || !path.contains('?') { path.clone() } else { format!("{path}&{limit}") };
            twins.get(&path).await;
        }
        let seen = twins.with.get(Who::Haut, "S", &path).await;
        assert!(says(&seen, hidden) || path.starts_with("/spaces/"), "{path}: {}", seen.json());
    }
}

#[tokio::test]
async fn t32_an_identifier_counts_only_as_what_it_is_and_where_it_is() {
    let twins = Twins::new().await;
    let (world, low) = (&twins.with, &twins.low);
    let other =
        made(world, Who::Bas, "DR", "/conversations", json!({"title": "Autre", "about": {"note": low.second}})).await;
    let path = format!("/conversations/{}/messages/{}", low.talk, low.message);
    let stale = world.json(Who::Bas, "DR", "PUT", &path, &[("if-match", "\"0\"")], json!({"text": "Mieux."})).await;
    let tag = stale.header("etag").expect("the present tag").to_owned();
    for method in ["PUT", "DELETE"] {
        let path = format!("/conversations/{other}/messages/{}", low.message);
        let headers = [("if-match", tag.as_str())];
        let reply = match method {
            "PUT" => world.json(Who::Bas, "DR", method, &path, &headers, json!({"text": "Mieux."})).await,
            _ => world.send(Who::Bas, "DR", method, &path, &headers, b"").await,
        };
        assert_eq!(reply.status, 404, "{method}: a message of another conversation");
    }
    for (path, id) in [
        ("/notes/{}", &low.space),
        ("/notes/{}", &low.message),
        ("/spaces/{}", &low.first),
        ("/links/{}", &low.first),
        ("/conversations/{}", &low.message),
        ("/notes?space={}", &low.first),
        ("/conversations?space={}", &low.first),
        ("/conversations?note={}", &low.space),
        ("/notes/{}/revisions/1", &low.talk),
    ] {
        assert_eq!(world.get(Who::Bas, "DR", &path.replace("{}", id)).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn t33_there_is_no_route_of_health_or_numbers() {
    let site = Site::new().await;
    let absent = face(&site.world.get(Who::Bas, "DR", "/notes/x").await);
    for path in ["/metrics", "/health", "/healthz", "/status", "/stats", "/version", "/debug", "/journal", "/admin"] {
        assert_eq!(face(&site.world.get(Who::Bas, "DR", path).await), absent, "{path}");
    }
    for who in Who::ALL {
        for route in api().iter().filter(|route| route.officers && who != Who::Off && who != Who::Nobody) {
            let ask = site.ask(route, crate::furnished::FLOOR).await;
            assert_eq!(face(&site.send(who, "", &ask).await), absent, "{who:?} {route:?}");
        }
    }
}

#[tokio::test]
async fn t34_people_and_members_are_those_whose_clearance_reaches() {
    let twins = Twins::new().await;
    let names = |reply: &crate::world::Reply| -> Vec<String> {
        items(reply).iter().map(|person| person["name"].as_str().expect("a name").to_owned()).collect()
    };
    let world = &twins.with;
    assert_eq!(names(&world.get(Who::Haut, "DR", "/people").await), ["bas", "bis", "haut", "haut-b"]);
    assert_eq!(names(&world.get(Who::Haut, "S", "/people").await), ["haut", "haut-b"]);
    assert_eq!(names(&world.get(Who::Haut, "DR/FRA,BEL", "/people").await), ["bas", "bis", "etr", "haut", "haut-b"]);
    let members = format!("/spaces/{}/members", twins.low.space);
    assert_eq!(names(&world.get(Who::Haut, "DR", &members).await), ["bas", "bis", "haut"]);
    let above = world.get(Who::Haut, "S", &members).await;
    assert_eq!((names(&above), above.header("vigie-label")), (vec!["haut".to_owned()], Some("DR")));
    for space in [&twins.high.space, &twins.high.apart] {
        assert_eq!(twins.get(&format!("/spaces/{space}/members")).await.status, 404);
        // Nor by trying what only a member could be told.
        for who in [Who::Haut, Who::Bis] {
            let path = format!("/spaces/{space}/members/{}", who.id());
            assert_eq!(twins.send(Who::Bas, "PUT", &path, &[], Some(json!({"part": "member"}))).await.status, 404);
            assert_eq!(twins.send(Who::Bas, "DELETE", &path, &[], None).await.status, 404);
        }
    }
}

#[tokio::test]
async fn t40_nothing_is_kept_by_anybody_between() {
    let site = Site::new().await;
    for route in api() {
        if route.name == "journal-tile" {
            site.published().await;
        }
        for who in [Who::Haut, Who::Bas, Who::Off, Who::Nobody] {
            let ask = site.ask(route, "DR").await;
            let reply = site.send(who, if who == Who::Off { "" } else { "DR" }, &ask).await;
            let header = |name: &str| reply.header(name).unwrap_or_else(|| panic!("{who:?} {route:?}: no {name}"));
            assert_eq!(header("cache-control"), "no-store");
            assert!(header("vary").contains("Vigie-Working"));
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(reply.header("last-modified"), None);
            assert_eq!(reply.header("set-cookie"), None);
            // What comes from objects says its label; what is a refusal has none.
            let content = reply.status < 300 && !reply.body.is_empty() && !unlabelled(route.name);
            assert_eq!(reply.header("vigie-label").is_some(), content, "{who:?} {route:?}");
        }
    }
    let path = format!("/notes/{}", site.shelf("S").note);
    assert_eq!(site.world.get(Who::Haut, "S", &path).await.status, 200);
    assert_eq!(site.world.get(Who::Haut, "DR", &path).await.status, 404, "the same person, lower");
    assert_eq!(site.world.get(Who::Bas, "DR", &path).await.status, 404);
}

/// Answers made from the signed configuration, the programme or the journal.
fn unlabelled(route: &str) -> bool {
    matches!(route, "me" | "policy" | "people" | "person" | "openapi") || route.starts_with("journal")
}

#[tokio::test]
async fn t28_limits_and_uniqueness_are_not_computed_over_hidden_things() {
    let twins = Twins::new().await;
    let crowd = made(&twins.with, Who::Haut, "DR", "/spaces", json!({"name": WORD})).await;
    // More bearers of the title than are looked at, older than the low one, at a higher label and in a foreign space.
    for _ in 0..40 {
        made(&twins.with, Who::Haut, "S", "/notes", note(&twins.low.space, "Cible", "")).await;
        made(&twins.with, Who::Haut, "DR", "/notes", note(&crowd, "Cible", "Voir [[Premier]], [[Cible]].")).await;
    }
    for _ in 0..80 {
        made(&twins.with, Who::Haut, "DR", "/notes", note(&crowd, "Foule", "Voir [[Premier]], [[Cible]].")).await;
    }
    for world in [&twins.without, &twins.with] {
        world.set_time(crate::world::start_time().0 + 60_000);
    }
    let target = twins.post("/notes", note(&twins.low.space, "Cible", "Voir [[Premier]].")).await.id();
    let source = twins.post("/notes", note(&twins.low.space, "Source", "Voir [[Cible]].")).await.id();
    let out = twins.get(&format!("/notes/{source}/links")).await;
    assert_eq!(items(&out)[0]["other"]["id"], target.as_str(), "{}", out.json());
    twins.get(&format!("/notes/{target}/links?way=in")).await;
    twins.get(&format!("/notes/{}/links?way=in", twins.low.first)).await;
    twins.look_around().await;
    // A key used above is unknown below.
    let key = [("idempotency-key", "k")];
    let high = twins.with.json(Who::Haut, "S", "POST", "/notes", &key, note(&twins.low.space, WORD, "")).await;
    assert_eq!(high.status, 201);
    let low = twins.with.json(Who::Haut, "DR", "POST", "/notes", &key, note(&crowd, "Autre", "")).await;
    assert_eq!((low.status, low.header("vigie-label")), (201, Some("DR")));
    enrol(
        &twins.with,
        Who::Haut,
        "S",
        &made(&twins.with, Who::Haut, "S", "/spaces", json!({"name": WORD})).await,
        Who::HautB,
    )
    .await;
    twins.look_around().await;
}
