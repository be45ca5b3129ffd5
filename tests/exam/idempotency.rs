//! A request sent twice under one `Idempotency-Key` does its work once, and the key tells nobody anything.

use serde_json::{Value, json};
use vigie::{
    edge::routes::{Careful, Route},
    limits,
};

use crate::{
    furnished::{FLOOR, Site},
    world::{Reply, Who, api, start_time},
};

/// One route that understands the key, with a request of its own.
struct Making {
    site: Site,
    route: &'static Route,
    path: String,
    body: Value,
}

impl Making {
    /// A fresh world for each such route of the router; attachments are made at their note's label alone, and asked apart.
    async fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for route in api().iter().filter(|route| route.careful == Careful::Repeat && route.name != "attachment-begin") {
            let site = Site::new().await;
            let ask = site.ask(route, FLOOR).await;
            all.push(Self { path: ask.path, body: serde_json::from_slice(&ask.body).expect("JSON"), site, route });
        }
        assert!(all.len() >= 5, "spaces, notes, links, conversations, messages");
        all
    }

    async fn send(&self, who: Who, working: &str, key: &str) -> Reply {
        self.site.world.json(who, working, "POST", &self.path, &[("idempotency-key", key)], self.body.clone()).await
    }
}

#[tokio::test]
async fn the_same_request_twice_makes_one_thing() {
    for making in Making::all().await {
        let first = making.send(Who::Bas, "DR", "k").await;
        making.site.world.set_time(start_time().0 + 1000);
        let second = making.send(Who::Bas, "DR", "k").await;
        assert_eq!((first.status, second.status), (201, 201), "{:?}: {}", making.route, second.json());
        assert_eq!(first.body, second.body, "{:?}", making.route);
        assert_eq!(first.headers, second.headers, "{:?}", making.route);
        let other = making.send(Who::Bas, "DR", "other").await;
        assert_ne!(other.id(), first.id(), "{:?}: another key makes another thing", making.route);
        let none = making.site.world.post(Who::Bas, "DR", &making.path, making.body.clone()).await;
        assert_ne!(none.id(), first.id(), "{:?}: no key, no memory", making.route);
    }
}

#[tokio::test]
async fn the_same_key_with_another_request_is_refused_and_makes_nothing() {
    for making in Making::all().await {
        let first = making.send(Who::Bas, "DR", "k").await;
        let mut changed = making.body.clone();
        let text = ["name", "title", "comment", "text", "form"].into_iter().find(|field| changed.get(field).is_some());
        match text.expect("a text to change") {
            "form" => changed["form"]["title"] = json!("autre"),
            text => changed[text] = json!("autre"),
        }
        let world = &making.site.world;
        let before = world.vault.monitor().journal().length();
        for (path, body) in [(making.path.as_str(), changed), ("/spaces", json!({"name": "ailleurs"}))] {
            let reply = world.json(Who::Bas, "DR", "POST", path, &[("idempotency-key", "k")], body).await;
            assert_eq!((reply.status, reply.code().as_str()), (422, "idempotency-mismatch"), "{:?}", making.route);
        }
        assert_eq!(world.vault.monitor().journal().length(), before, "nothing was decided");
        assert_eq!(making.send(Who::Bas, "DR", "k").await.id(), first.id(), "and the first stands");
    }
}

#[tokio::test]
async fn a_key_is_the_sender_s_own_and_belongs_to_one_working_label() {
    for making in Making::all().await {
        let mut ids = Vec::new();
        for (who, working) in
            [(Who::Bas, "DR"), (Who::Bas, "NP/ALL"), (Who::Haut, "DR"), (Who::Haut, "S"), (Who::Haut, "S/ALPHA")]
        {
            let reply = making.send(who, working, "k").await;
            assert_eq!((reply.status, reply.header("vigie-label")), (201, Some(working)), "{:?}", making.route);
            ids.push(reply.id());
        }
        let mut different = ids.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), ids.len(), "{:?}", making.route);
    }
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day_and_can_be_used_again() {
    for making in Making::all().await {
        let first = making.send(Who::Bas, "DR", "k").await;
        making.site.world.set_time(start_time().0 + limits::REPEAT_MS_MAX - 1);
        assert_eq!(making.send(Who::Bas, "DR", "k").await.id(), first.id(), "{:?}", making.route);
        making.site.world.set_time(start_time().0 + limits::REPEAT_MS_MAX);
        let next = making.send(Who::Bas, "DR", "k").await;
        assert_eq!(next.status, 201, "{:?}", making.route);
        assert_ne!(next.id(), first.id(), "{:?}", making.route);
        assert_eq!(making.send(Who::Bas, "DR", "k").await.id(), next.id(), "{:?}: the new one is kept", making.route);
    }
}

#[tokio::test]
async fn a_key_of_no_or_too_many_characters_is_refused() {
    for making in Making::all().await {
        for (key, status) in [("", 400), (&*"k".repeat(129), 400), (&*"k".repeat(128), 201)] {
            let reply = making.send(Who::Bas, "DR", key).await;
            assert_eq!(reply.status, status, "{:?}: {}", making.route, key.len());
            if status == 400 {
                assert_eq!(reply.code(), "bad-idempotency-key");
            }
        }
    }
}

#[tokio::test]
async fn a_key_opens_nothing_once_the_thing_is_gone_or_out_of_reach() {
    let site = Site::new().await;
    let world = &site.world;
    let body = json!({"space": site.shelf("DR").space, "kind": "watch", "title": "Éphémère"});
    let send = |key: &'static str| {
        let body = body.clone();
        async move { world.json(Who::Bas, "DR", "POST", "/notes", &[("idempotency-key", key)], body).await }
    };
    let (gone, kept) = (send("gone").await, send("kept").await);
    let path = format!("/notes/{}", gone.id());
    let tag = gone.header("etag").expect("a tag").to_owned();
    assert_eq!(world.send(Who::Bas, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await.status, 204);
    assert_eq!(send("gone").await.status, 404);
    assert_eq!(send("kept").await.id(), kept.id());
    let remove = format!("/spaces/{}/members/{}", site.shelf("DR").space, Who::Bas.id());
    assert_eq!(world.send(Who::Haut, "DR", "DELETE", &remove, &[], b"").await.status, 204);
    assert_eq!(send("kept").await.status, 404, "no longer a member");
}

#[tokio::test]
async fn an_attachment_announced_twice_is_one_upload() {
    let site = Site::new().await;
    let (world, path) = (&site.world, format!("/notes/{}/attachments", site.shelf("DR").note));
    let send = |name: &'static str, key: &'static str| {
        let path = &path;
        let body = json!({"name": name, "size": 3});
        async move { world.json(Who::Bas, "DR", "POST", path, &[("idempotency-key", key)], body).await }
    };
    let (first, second, other) = (send("a.txt", "k").await, send("a.txt", "k").await, send("a.txt", "l").await);
    assert_eq!((first.status, second.status, other.status), (201, 201, 201), "{}", first.json());
    assert_eq!(first.body, second.body);
    assert_ne!(first.id(), other.id());
    let changed = send("b.txt", "k").await;
    assert_eq!((changed.status, changed.code().as_str()), (422, "idempotency-mismatch"));
    // Sent again when it is whole already, it answers that it is.
    let content = format!("/attachments/{}/content?offset=0", first.id());
    assert_eq!(world.send(Who::Bas, "DR", "PUT", &content, &[crate::furnished::OCTETS], b"abc").await.status, 200);
    let again = send("a.txt", "k").await;
    assert_eq!((again.id(), &again.json()["complete"]), (first.id(), &json!(true)));
}

#[tokio::test]
async fn two_at_the_same_moment_make_one_thing() {
    let site = Site::new().await;
    let body = json!({"name": "Une seule"});
    let send = || site.world.json(Who::Bas, "DR", "POST", "/spaces", &[("idempotency-key", "k")], body.clone());
    let replies = futures_util::future::join_all((0..8).map(|_| send())).await;
    let made: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 201).collect();
    assert!(!made.is_empty());
    assert!(made.iter().all(|reply| reply.id() == made[0].id()));
    assert!(replies.iter().all(|reply| matches!(reply.status, 201 | 409)), "{replies:?}");
    let spaces = site.world.get(Who::Bas, "DR", "/spaces").await.json();
    let named = spaces["items"].as_array().expect("items").iter().filter(|space| space["name"] == "Une seule").count();
    assert_eq!(named, 1);
}
