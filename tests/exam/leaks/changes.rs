//! What can be changed, and what a change of rights does at once (T25-T27, T41, T42, T46-T51, T53).

use std::sync::Arc;

use axum::{body::Body, extract::Request};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use vigie::{
    crypto::sha256,
    edge::{Peer, router},
    label::builtin,
};

use super::twins::{Twins, WORD, enrol, items, made, note, says};
use crate::{
    furnished::{Site, face},
    world::{
        Reply, Who, World, account, accounts, api, configuration, configuration_with, configuration_without_alpha,
    },
};

const LINES: [(&str, &str); 1] = [("content-type", "application/x-ndjson")];

async fn tag_of(world: &World, who: Who, working: &str, path: &str) -> String {
    world.get(who, working, path).await.header("etag").unwrap_or_else(|| panic!("no tag at {path}")).to_owned()
}

async fn change(world: &World, who: Who, working: &str, note: &str, title: &str) -> Reply {
    let path = format!("/notes/{note}");
    let tag = tag_of(world, who, working, &path).await;
    world.json(who, working, "PUT", &path, &[("if-match", &tag)], json!({"kind": "watch", "title": title})).await
}

async fn import(world: &World, who: Who, working: &str, space: &str, items: &[Value]) -> Vec<Value> {
    let body: String = items.iter().map(|item| format!("{item}\n")).collect();
    let path = format!("/notes/import?space={space}");
    let reply = world.send(who, working, "POST", &path, &LINES, body.as_bytes()).await;
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    reply.body.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

fn item(external_id: &str, title: &str) -> Value {
    json!({"note": {"external_id": external_id, "kind": "watch", "title": title}})
}

#[tokio::test]
async fn t25_a_title_taken_above_is_free_below() {
    let twins = Twins::new().await;
    let made = twins.post("/notes", note(&twins.low.space, WORD, "")).await;
    assert_eq!(
        (made.status, made.json()["title"].as_str(), made.json()["version"].as_u64()),
        (201, Some(WORD), Some(1))
    );
    assert_eq!(twins.post("/spaces", json!({"name": WORD})).await.status, 201);
    twins.look_around().await;
    let both = twins.with.get(Who::Haut, "S", &format!("/notes?space={}", twins.low.space)).await;
    assert_eq!(items(&both).iter().filter(|card| card["title"] == WORD).count(), 2, "each at its label");
}

#[tokio::test]
async fn t26_renaming_to_a_title_taken_above_succeeds() {
    let twins = Twins::new().await;
    for path in [format!("/notes/{}", twins.low.second), format!("/spaces/{}", twins.low.space)] {
        let tag = twins.get(&path).await.header("etag").expect("a tag").to_owned();
        let body =
            if path.starts_with("/notes") { json!({"kind": "watch", "title": WORD}) } else { json!({"name": WORD}) };
        assert_eq!(twins.send(Who::Bas, "PUT", &path, &[("if-match", &tag)], Some(body)).await.status, 200);
    }
    twins.look_around().await;
}

#[tokio::test]
async fn t27_deleting_and_overwriting_acknowledge_alike_with_and_without_a_hidden_twin() {
    let twins = Twins::new().await;
    let low = &twins.low;
    let both = import(&twins.with, Who::Haut, "S", &low.space, &[item("twin", WORD)]).await;
    assert_eq!(both[0]["status"], "created");
    for world in [&twins.without, &twins.with] {
        world.seed(40);
        assert_eq!(import(world, Who::Bas, "DR", &low.space, &[item("twin", "Bas")]).await[0]["status"], "created");
    }
    let path = format!("/notes/{}", low.first);
    let tag = twins.get(&path).await.header("etag").expect("a tag").to_owned();
    let gone = twins.send(Who::Bas, "DELETE", &path, &[("if-match", &tag)], None).await;
    assert_eq!(gone.status, 204, "though high links, mentions and conversations hang on it");
    assert_eq!(twins.send(Who::Bas, "DELETE", &path, &[("if-match", &tag)], None).await.status, 404);
    assert_eq!(
        twins.send(Who::Bas, "DELETE", &format!("/links/{}", low.link), &[], None).await.status,
        404,
        "with its end"
    );
    twins.look_around().await;
    assert_eq!(twins.with.get(Who::Haut, "S", &format!("/notes/{}", twins.high.note)).await.status, 200);
}

#[tokio::test]
async fn t41_what_is_deleted_leaves_nothing_to_what_takes_its_name() {
    let twins = Twins::new().await;
    let (world, low) = (&twins.with, &twins.low);
    let first = import(world, Who::Haut, "S", &low.space, &[item("phoenix", WORD)]).await[0]["id"]
        .as_str()
        .expect("id")
        .to_owned();
    assert_eq!(change(world, Who::Haut, "S", &first, "Deuxième").await.status, 200);
    let path = format!("/notes/{first}");
    let tag = tag_of(world, Who::Haut, "S", &path).await;
    assert_eq!(world.send(Who::Haut, "S", "DELETE", &path, &[("if-match", &tag)], b"").await.status, 204);
    let again = import(world, Who::Haut, "S", &low.space, &[item("phoenix", WORD)]).await;
    assert_eq!(again[0]["status"], "created");
    let second = again[0]["id"].as_str().expect("id");
    assert_ne!(second, first);
    let history = world.get(Who::Haut, "S", &format!("/notes/{second}/revisions")).await;
    assert_eq!(items(&history).len(), 1, "{}", history.json());
    for end in ["", "/revisions", "/revisions/1", "/revisions/2", "/links"] {
        assert_eq!(world.get(Who::Haut, "S", &format!("{path}{end}")).await.status, 404, "{end}");
    }
    // Below, the same name makes a low note, with no past.
    let low_again = import(world, Who::Bas, "DR", &low.space, &[item("phoenix", "Cendre")]).await;
    let read = world.get(Who::Bas, "DR", &format!("/notes/{}", low_again[0]["id"].as_str().expect("id"))).await;
    assert_eq!((read.header("vigie-label"), read.json()["version"].as_u64()), (Some("DR"), Some(1)));
}

#[tokio::test]
async fn t42_who_is_removed_loses_everything_with_the_next_request() {
    let twins = Twins::new().await;
    let (world, low) = (&twins.with, &twins.low);
    let page = world.get(Who::Bis, "DR", &format!("/notes?space={}&limit=1", low.space)).await;
    let cursor = page.json()["next"].as_str().expect("a cursor").to_owned();
    let own = made(world, Who::Bis, "DR", "/notes", note(&low.space, "De Bis", "")).await;
    let remove = format!("/spaces/{}/members/{}", low.space, Who::Bis.id());
    assert_eq!(world.send(Who::Bas, "DR", "DELETE", &remove, &[], b"").await.status, 204);
    let absent = face(&world.get(Who::Bis, "DR", "/notes/x").await);
    for path in [
        format!("/notes?space={}&limit=1&after={cursor}", low.space),
        format!("/notes/{}", low.first),
        format!("/notes/{own}"),
        format!("/spaces/{}", low.space),
        format!("/conversations/{}/messages", low.talk),
        format!("/links/{}", low.link),
    ] {
        assert_eq!(face(&world.get(Who::Bis, "DR", &path).await), absent, "{path}");
    }
    for path in ["/feed", "/spaces"] {
        assert_eq!(items(&world.get(Who::Bis, "DR", path).await).len(), 0, "{path}");
    }
}

#[tokio::test]
async fn t42_a_lowered_clearance_and_a_suspension_count_at_once() {
    let site = Site::new().await;
    let path = format!("/notes/{}", site.shelf("S").note);
    assert_eq!(site.world.get(Who::Haut, "S", &path).await.status, 200);
    let mut lowered = accounts();
    lowered[2] = account(Who::Haut, "FRA", "DR", &[]);
    site.world.config.store(Arc::new(configuration(lowered.clone())));
    let refused = site.world.get(Who::Haut, "S", &path).await;
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad-working-label"));
    assert_eq!(site.world.get(Who::Haut, "DR", &path).await.status, 404);
    lowered[2].suspended = true;
    site.world.config.store(Arc::new(configuration(lowered)));
    let suspended = site.world.get(Who::Haut, "DR", "/me").await;
    assert_eq!((suspended.status, suspended.code().as_str()), (401, "unknown-account"));
    assert_eq!(face(&suspended), face(&site.world.get(Who::Nobody, "DR", "/me").await));
}

/// One import whose lines are sent one by one; the rights change between two of them.
#[tokio::test]
async fn t42_an_open_stream_is_cut_by_a_removal_and_by_a_lowered_clearance() {
    for lowered in [false, true] {
        let twins = Twins::new().await;
        let world = &twins.with;
        let (sender, receiver) = tokio::sync::mpsc::channel::<String>(4);
        let lines = futures_util::stream::unfold(receiver, |mut receiver| async move {
            let line = receiver.recv().await?;
            Some((Ok::<_, std::io::Error>(line), receiver))
        });
        let mut request = Request::builder()
            .method("POST")
            .uri(format!("/api/v1/notes/import?space={}", twins.low.space))
            .header("content-type", "application/x-ndjson")
            .header("vigie-working", "DR")
            .body(Body::from_stream(lines))
            .expect("a request");
        let key = sha256(&[&[Who::Bis.number()]]).0;
        request.extensions_mut().insert(Peer::danger_forged(key, "127.0.0.1:1".parse().expect("an address")));
        let response = router(&world.app).oneshot(request).await.expect("infallible");
        assert_eq!(response.status(), 200);
        let mut answers = response.into_body();
        let mut answered = Vec::new();
        for (number, title) in ["Avant", "Après"].into_iter().enumerate() {
            if number == 1 && lowered {
                let mut fewer = accounts();
                fewer[1] = account(Who::Bis, "FRA", "NP", &[]);
                world.config.store(Arc::new(configuration(fewer)));
            } else if number == 1 {
                let remove = format!("/spaces/{}/members/{}", twins.low.space, Who::Bis.id());
                assert_eq!(world.send(Who::Bas, "DR", "DELETE", &remove, &[], b"").await.status, 204);
            }
            sender.send(format!("{}\n", item(title, title))).await.expect("still read");
            let part = answers.frame().await.expect("an answer").expect("whole").into_data().expect("data");
            answered.push(serde_json::from_slice::<Value>(&part).expect("JSON"));
        }
        assert_eq!(answered[0]["status"], "created", "{answered:?}");
        assert_eq!(
            (&answered[1]["status"], &answered[1]["code"]),
            (&json!("refused"), &json!("not-found")),
            "{answered:?}"
        );
    }
}

#[tokio::test]
async fn t46_what_bears_no_label_known_here_is_hidden_and_what_comes_without_one_gets_the_working_label() {
    let site = Site::new().await;
    let path = format!("/notes/{}", site.shelf("S/ALPHA").note);
    assert_eq!(site.world.get(Who::Haut, "S/ALPHA", &path).await.status, 200);
    site.world.config.store(Arc::new(configuration_without_alpha()));
    for working in ["S", "S/BRAVO"] {
        assert_eq!(site.world.get(Who::Haut, working, &path).await.status, 404, "{working}: its word is unknown");
        assert!(!says(&site.world.get(Who::Haut, working, "/feed?limit=200").await, &site.shelf("S/ALPHA").note));
        assert_eq!(site.world.get(Who::Haut, working, &format!("/notes/{}", site.shelf("S").note)).await.status, 200);
    }
    site.world.config.store(Arc::new(configuration(accounts())));
    assert_eq!(site.world.get(Who::Haut, "S/ALPHA", &path).await.status, 200, "it was never lost");

    let came = import(&site.world, Who::Haut, "S", &site.floor, &[item("bare", "Sans marque")]).await;
    let read = site.world.get(Who::Haut, "S", &format!("/notes/{}", came[0]["id"].as_str().expect("id"))).await;
    assert_eq!(read.header("vigie-label"), Some("S"));
    let mut marked = item("marked", "Marqué");
    marked["note"]["label"] = json!("NP");
    // A label in a file chooses nothing: what it would lower gets the working label, what it would raise is refused.
    let came = import(&site.world, Who::Haut, "S", &site.floor, &[marked.clone()]).await;
    assert_eq!((&came[0]["status"], &came[0]["code"]), (&json!("created"), &json!("raised")));
    let read = site.world.get(Who::Haut, "S", &format!("/notes/{}", came[0]["id"].as_str().expect("id"))).await;
    assert_eq!(read.header("vigie-label"), Some("S"));
    for above in ["TS", "S/ALPHA", "GRIS"] {
        marked["note"]["label"] = json!(above);
        let came = import(&site.world, Who::Haut, "S", &site.floor, &[marked.clone()]).await;
        assert_eq!(came[0]["status"], "refused", "{above}: {}", came[0]);
    }
    let without_header = site.world.get(Who::Haut, "", "/me").await.json();
    assert_eq!(without_header["working"]["level"], "NP", "no working label is the lowest");
}

#[tokio::test]
async fn t47_all_categories_are_required() {
    let mut people = accounts();
    people[2] = account(Who::Haut, "FRA", "S/ALPHA,BRAVO", &[]);
    let world = World::with(configuration(people), Arc::new(vigie::store::Memory::new()));
    let space = made(&world, Who::Haut, "S", "/spaces", json!({"name": "Deux"})).await;
    enrol(&world, Who::Haut, "S", &space, Who::HautB).await;
    let both = made(&world, Who::Haut, "S/ALPHA,BRAVO", "/notes", note(&space, "Les deux", "")).await;
    let one = made(&world, Who::Haut, "S/ALPHA", "/notes", note(&space, "Une", "")).await;
    let read = |who, working: &'static str, id: &str| {
        let (world, path) = (&world, format!("/notes/{id}"));
        async move { world.get(who, working, &path).await.status }
    };
    assert_eq!(read(Who::HautB, "S/ALPHA", &one).await, 200);
    assert_eq!(read(Who::HautB, "S/ALPHA", &both).await, 404, "one of two opens nothing");
    assert_eq!(read(Who::HautB, "S/ALPHA,BRAVO", &both).await, 400);
    assert_eq!(read(Who::Haut, "S/BRAVO", &both).await, 404);
    assert_eq!(read(Who::Haut, "S/BRAVO", &one).await, 404, "the other one neither");
    assert_eq!(read(Who::Haut, "S/ALPHA,BRAVO", &both).await, 200);
}

#[tokio::test]
async fn t48_nothing_is_written_down() {
    let twins = Twins::new().await;
    let (world, low) = (&twins.with, &twins.low);
    world.seed(9);
    for (path, body) in [
        ("/notes".to_owned(), note(&low.space, WORD, WORD)),
        ("/links".to_owned(), json!({"from": low.first, "to": low.second, "type": "related", "comment": WORD})),
        ("/conversations".to_owned(), json!({"title": WORD, "about": {"space": low.space}})),
        (format!("/conversations/{}/messages", low.talk), json!({"text": WORD})),
    ] {
        let reply = world.post(Who::Haut, "S", &path, body.clone()).await;
        assert_eq!((reply.status, reply.header("vigie-label")), (201, Some("S")), "{path}");
        let mut lowered = body;
        lowered["label"] = json!("DR");
        let reply = world.post(Who::Haut, "S", &path, lowered).await;
        assert_eq!((reply.status, reply.code().as_str()), (422, "label-mismatch"), "{path}");
    }
    assert_eq!(import(world, Who::Haut, "S", &low.space, &[item("down", WORD)]).await[0]["status"], "created");
    let any = [("if-match", "\"1.0000000000000000\"")];
    let member = format!("/spaces/{}/members/{}", low.space, Who::HautB.id());
    for (method, path, body) in [
        ("PUT", format!("/notes/{}", low.first), Some(json!({"kind": "watch", "title": WORD}))),
        ("DELETE", format!("/notes/{}", low.first), None),
        ("POST", format!("/notes/{}/revisions/1/restore", low.first), None),
        ("PUT", format!("/spaces/{}", low.space), Some(json!({"name": WORD}))),
        ("PUT", member.clone(), Some(json!({"part": "member"}))),
        ("DELETE", member, None),
        ("DELETE", format!("/links/{}", low.link), None),
        ("PUT", format!("/conversations/{}/messages/{}", low.talk, low.message), Some(json!({"text": WORD}))),
        ("DELETE", format!("/conversations/{}/messages/{}", low.talk, low.message), None),
    ] {
        let reply = match body {
            Some(body) => world.json(Who::Haut, "S", method, &path, &any, body).await,
            None => world.send(Who::Haut, "S", method, &path, &any, b"").await,
        };
        assert_eq!((reply.status, reply.code().as_str()), (403, "label-differs"), "{method} {path}");
    }
    twins.look_around().await;
}

#[tokio::test]
async fn t49_an_import_cannot_lower_a_label_already_there() {
    let site = Site::new().await;
    let high = import(&site.world, Who::Haut, "S", &site.floor, &[item("n", "Haut")]).await;
    let low = import(&site.world, Who::Haut, "NP/ALL", &site.floor, &[item("n", "Bas"), item("n", "Bas encore")]).await;
    assert_eq!((&low[0]["status"], &low[1]["status"]), (&json!("created"), &json!("updated")));
    assert_ne!(high[0]["id"], low[0]["id"]);
    let path = format!("/notes/{}", high[0]["id"].as_str().expect("id"));
    let read = site.world.get(Who::Haut, "S", &path).await;
    assert_eq!((read.header("vigie-label"), read.json()["title"].as_str()), (Some("S"), Some("Haut")));
    assert_eq!(read.json()["version"], 1);
    assert_eq!(site.world.get(Who::Haut, "NP/ALL", &path).await.status, 404);
}

#[tokio::test]
async fn t50_what_gathers_bears_at_least_the_highest_of_its_parts() {
    let site = Site::new().await;
    let label = |reply: &Reply| reply.header("vigie-label").expect("a label").to_owned();
    // ALPHA, and what may be shown to Belgium: joined, the category stays and the partner goes.
    assert_eq!(label(&site.world.get(Who::Haut, "S/ALPHA", "/feed").await), "S/ALPHA");
    assert_eq!(label(&site.world.get(Who::Haut, "S", "/feed").await), "S");
    assert_eq!(label(&site.world.get(Who::Bas, "DR", "/feed").await), "DR");
    assert_eq!(label(&site.world.get(Who::Etr, "S/FRA,BEL", "/feed").await), "S/FRA,BEL");
    assert_eq!(label(&site.world.get(Who::Bas, "NP/ALL", "/feed").await), "NP/ALL");
    let about = |id: &str| json!({"title": "Fil", "about": {"note": id}});
    let high = &site.shelf("S/ALPHA").note;
    for working in ["NP/ALL", "DR", "S", "S/FRA,BEL"] {
        assert_eq!(site.world.post(Who::Haut, working, "/conversations", about(high)).await.status, 404, "{working}");
    }
    let thread = site.world.post(Who::Haut, "S/ALPHA", "/conversations", about(high)).await;
    assert_eq!((thread.status, label(&thread)), (201, "S/ALPHA".to_owned()));
    let higher = site.world.post(Who::Haut, "S", "/conversations", about(&site.shelf("DR").note)).await;
    assert_eq!((higher.status, label(&higher)), (201, "S".to_owned()), "it may be set higher");
}

#[tokio::test]
async fn t51_renaming_a_level_changes_every_place_at_once() {
    let site = Site::new().await;
    let shelf = site.shelf("DR");
    let paths = [
        "/me".to_owned(),
        "/policy".to_owned(),
        "/spaces".to_owned(),
        "/feed".to_owned(),
        format!("/spaces/{}", shelf.space),
        format!("/notes/{}", shelf.note),
        format!("/notes/{}/revisions", shelf.note),
        format!("/notes/{}/revisions/1", shelf.note),
        format!("/notes/{}/links", site.notes[0]),
        format!("/links/{}", shelf.link),
        format!("/conversations?note={}", site.notes[0]),
        format!("/conversations/{}", shelf.talk),
        format!("/conversations/{}/messages", site.talk),
    ];
    let (old, new) = ("DIFFUSION RESTREINTE", "DIFFUSION MESURÉE");
    let mut labels = Vec::new();
    for path in &paths {
        let reply = site.world.get(Who::Bas, "DR", path).await;
        assert!(says(&reply, old) && !says(&reply, new), "{path}: {}", reply.json());
        labels.push(reply.header("vigie-label").map(str::to_owned));
    }
    let renamed = builtin()[0].1.replace(old, new);
    site.world.config.store(Arc::new(configuration_with(accounts(), &renamed, 10_000_000)));
    for (path, label) in paths.iter().zip(labels) {
        let reply = site.world.get(Who::Bas, "DR", path).await;
        assert!(says(&reply, new) && !says(&reply, old), "{path}: {}", reply.json());
        assert_eq!(reply.header("vigie-label"), label.as_deref(), "the code has not changed");
    }
}

#[tokio::test]
async fn t53_no_role_goes_round_the_rules() {
    let site = Site::new().await;
    let absent = face(&site.world.get(Who::HautB, "S", "/notes/x").await);
    let unknown = face(&site.world.get(Who::Nobody, "S", "/me").await);
    for route in api().iter().filter(|route| !route.officers && !matches!(route.name, "me" | "policy" | "openapi")) {
        for (label, working) in [("NP/ALL", "NP/ALL"), ("S", "S")] {
            let ask = site.ask(route, label).await;
            // An administrator has no account: only a key that signs files.
            assert_eq!(face(&site.send(Who::Nobody, working, &ask).await), unknown, "{route:?}");
            assert_eq!(face(&site.send(Who::Off, working, &ask).await), absent, "{route:?}");
        }
    }
    let me = site.world.get(Who::Off, "S", "/me").await.json();
    assert_eq!(me["roles"], json!(["officer"]));
}
