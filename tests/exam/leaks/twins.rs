//! Two worlds with the same low history; one of them has high things too.

use serde_json::{Value, json};

use crate::{
    pages::visit,
    world::{Reply, Who, World},
};

/// Stands in every text of the high things.
pub const WORD: &str = "Zorglub";

/// Identifiers of the low things, the same in both worlds.
pub struct Low {
    pub space: String,
    pub first: String,
    pub second: String,
    pub link: String,
    pub talk: String,
    pub message: String,
}

/// Identifiers of what only one world has.
pub struct High {
    /// In the low space.
    pub note: String,
    /// Between the two low notes.
    pub link: String,
    /// About the first low note.
    pub talk: String,
    /// In the low conversation.
    pub message: String,
    /// At S/ALPHA.
    pub space: String,
    /// At the low label, where `Bas` is no member.
    pub apart: String,
    /// A note in it.
    pub apart_note: String,
}

pub struct Twins {
    pub without: World,
    pub with: World,
    pub low: Low,
    pub high: High,
    step: std::cell::Cell<u64>,
}

pub async fn made(world: &World, who: Who, working: &str, path: &str, body: Value) -> String {
    let reply = world.post(who, working, path, body).await;
    assert_eq!(reply.status, 201, "{path}: {}", reply.json());
    reply.id()
}

pub fn note(space: &str, title: &str, body: &str) -> Value {
    json!({"space": space, "kind": "watch", "title": title, "body": body})
}

pub async fn enrol(world: &World, by: Who, working: &str, space: &str, who: Who) {
    let path = format!("/spaces/{space}/members/{}", who.id());
    let reply = world.json(by, working, "PUT", &path, &[], json!({"part": "member"})).await;
    assert_eq!(reply.status, 204, "{}", String::from_utf8_lossy(&reply.body));
}

async fn low(world: &World) -> Low {
    world.seed(1);
    let space = made(world, Who::Bas, "DR", "/spaces", json!({"name": "Veille"})).await;
    enrol(world, Who::Bas, "DR", &space, Who::Bis).await;
    enrol(world, Who::Bas, "DR", &space, Who::Haut).await;
    let body = format!("Voir [[{WORD}]] et [[Second]].");
    let first = made(world, Who::Bas, "DR", "/notes", note(&space, "Premier", &body)).await;
    let second = made(world, Who::Bas, "DR", "/notes", note(&space, "Second", "Voir [[Premier]].")).await;
    let link = json!({"from": first, "to": second, "type": "supports"});
    let link = made(world, Who::Bas, "DR", "/links", link).await;
    let talk = made(world, Who::Bas, "DR", "/conversations", json!({"title": "Avis", "about": {"note": first}})).await;
    let path = format!("/conversations/{talk}/messages");
    let message = made(world, Who::Bas, "DR", &path, json!({"text": "Bien vu."})).await;
    Low { space, first, second, link, talk, message }
}

async fn high(world: &World, low: &Low) -> High {
    world.seed(2);
    let body = "Voir [[Premier]] et [[Second]].";
    let note_id = made(world, Who::Haut, "S", "/notes", note(&low.space, WORD, body)).await;
    for (from, to) in [(&low.first, &note_id), (&note_id, &low.first)] {
        made(world, Who::Haut, "S", "/links", json!({"from": from, "to": to, "type": "uses", "comment": WORD})).await;
    }
    let between = json!({"from": low.first, "to": low.second, "type": "contradicts", "comment": WORD});
    let link = made(world, Who::Haut, "S", "/links", between).await;
    let about = json!({"title": WORD, "about": {"note": low.first}});
    let talk = made(world, Who::Haut, "S", "/conversations", about).await;
    let path = format!("/conversations/{}/messages", low.talk);
    let message = made(world, Who::Haut, "S", &path, json!({"text": WORD})).await;
    let people = json!({"title": WORD, "about": {"people": [Who::HautB.id()]}});
    made(world, Who::Haut, "S", "/conversations", people).await;
    let space = made(world, Who::Haut, "S/ALPHA", "/spaces", json!({"name": WORD})).await;
    made(world, Who::Haut, "S/ALPHA", "/notes", note(&space, WORD, WORD)).await;
    let apart = made(world, Who::Haut, "DR", "/spaces", json!({"name": WORD})).await;
    let apart_note = made(world, Who::Haut, "DR", "/notes", note(&apart, WORD, "Voir [[Premier]].")).await;
    for (from, to) in [(&low.first, &apart_note), (&apart_note, &low.first)] {
        made(world, Who::Haut, "DR", "/links", json!({"from": from, "to": to, "type": "uses", "comment": WORD})).await;
    }
    High { note: note_id, link, talk, message, space, apart, apart_note }
}

impl Twins {
    pub async fn new() -> Self {
        let (without, with) = (World::new(), World::new());
        let (here, there) = (low(&without).await, low(&with).await);
        assert_eq!(here.message, there.message, "the same low history");
        let high = high(&with, &there).await;
        Self { without, with, low: here, high, step: std::cell::Cell::new(100) }
    }

    /// One request in both worlds: the same bytes come back.
    pub async fn send(
        &self,
        who: Who,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Reply {
        self.step.set(self.step.get() + 1);
        let mut replies = Vec::new();
        for world in [&self.without, &self.with] {
            world.seed(self.step.get());
            replies.push(match &body {
                Some(body) => world.json(who, "DR", method, path, headers, body.clone()).await,
                None => world.send(who, "DR", method, path, headers, b"").await,
            });
        }
        let [without, with] = <[Reply; 2]>::try_from(replies).expect("two");
        assert_eq!(without, with, "{who:?} {method} {path}: the high things show");
        with
    }

    /// One reading in both worlds, as JSON and as the page that shows the same, where there is one.
    pub async fn get(&self, path: &str) -> Reply {
        if let Some(page) = page_of(path) {
            self.page(&page).await;
        }
        self.send(Who::Bas, "GET", path, &[], None).await
    }

    /// One page in both worlds: the same bytes come back.
    pub async fn page(&self, path: &str) -> Reply {
        self.step.set(self.step.get() + 1);
        let mut replies = Vec::new();
        for world in [&self.without, &self.with] {
            world.seed(self.step.get());
            replies.push(visit(world, Who::Bas, "DR", "GET", path, &[]).await);
        }
        let [without, with] = <[Reply; 2]>::try_from(replies).expect("two");
        assert_eq!(without, with, "{path}: the high things show");
        with
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Who::Bas, "POST", path, &[], Some(body)).await
    }

    /// Everything that `Bas` can look at.
    pub async fn look_around(&self) {
        let low = &self.low;
        for path in [
            "/me".to_owned(),
            "/policy".to_owned(),
            "/people".to_owned(),
            "/spaces".to_owned(),
            "/feed".to_owned(),
            "/conversations".to_owned(),
            format!("/spaces/{}", low.space),
            format!("/spaces/{}/members", low.space),
            format!("/notes?space={}", low.space),
            format!("/conversations?space={}", low.space),
            format!("/conversations?note={}", low.first),
            format!("/conversations/{}", low.talk),
            format!("/conversations/{}/messages", low.talk),
            format!("/links/{}", low.link),
        ] {
            self.get(&path).await;
        }
        for note in [&low.first, &low.second] {
            for path in ["", "/revisions", "/links", "/links?way=in", "/revisions/1", "/attachments"] {
                self.get(&format!("/notes/{note}{path}")).await;
            }
        }
    }
}

/// The page that shows what a path of the interface answers.
fn page_of(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match *parts.as_slice() {
        ["feed"] => Some("/".to_owned()),
        ["conversations"] => Some("/messages".to_owned()),
        ["conversations", id] if !id.contains('?') => Some(format!("/messages/{id}")),
        ["notes", id, "revisions"] => Some(format!("/notes/{id}/history")),
        ["me" | "people" | "spaces"] | ["people", _] | ["spaces", _, "members"] => Some(path.to_owned()),
        ["notes" | "spaces", id] if !id.contains('?') => Some(path.to_owned()),
        _ => None,
    }
}

/// The items of a list.
pub fn items(reply: &Reply) -> Vec<Value> {
    reply.json()["items"].as_array().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&reply.body))).clone()
}

/// Whether the bytes of an answer say that.
pub fn says(reply: &Reply, word: &str) -> bool {
    String::from_utf8_lossy(&reply.body).contains(word)
}
