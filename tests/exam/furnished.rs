//! A furnished world: one object of every kind at every label, and for every route of the router a request about one.
//!
//! Everything here is made by `Haut`. `Bas` and `Etr` belong to the floor (a space at the lowest label) and to every
//! space whose label they reach; `Bis` and `HautB` belong nowhere. Every text bears a canary.

use std::{collections::BTreeMap, sync::Mutex};

use serde_json::json;
use vigie::edge::routes::{Careful, Reads, Route};

use crate::world::{Reply, Who, World};

/// Labels of objects.
pub const OBJECTS: [&str; 5] = ["NP/ALL", "DR", "S", "S/ALPHA", "S/FRA,BEL"];
/// The lowest of them.
pub const FLOOR: &str = OBJECTS[0];
/// The content of every attachment.
pub const CONTENT: &[u8] = b"zorglub content";
/// How contents are sent.
pub const OCTETS: (&str, &str) = ("content-type", "application/octet-stream");
/// Stands in every text that is written, and may stand nowhere in the journal.
pub const CANARY: &str = "zorglub";

/// The objects at one label.
pub struct Shelf {
    pub label: &'static str,
    /// A space of its own.
    pub space: String,
    /// On the floor.
    pub note: String,
    /// Of that note.
    pub attachment: String,
    /// Between the two notes of the floor.
    pub link: String,
    /// About the first note of the floor.
    pub talk: String,
    /// In the conversation of the floor.
    pub message: String,
    /// What `Haut` is writing.
    pub draft: String,
    /// Shared on the floor.
    pub watch: String,
}

/// The world and what stands in it.
pub struct Site {
    pub world: World,
    pub floor: String,
    pub notes: [String; 2],
    pub talk: String,
    pub shelves: Vec<Shelf>,
    spare: Mutex<BTreeMap<&'static str, String>>,
    spare_watch: Mutex<BTreeMap<&'static str, String>>,
    /// The upload that was asked for last, and its label: perhaps nobody was allowed to finish it.
    begun: Mutex<Option<(String, String)>>,
}

/// One request, ready to be sent by anybody at any label.
#[derive(Clone)]
pub struct Ask {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// What the journal must name.
    pub about: Vec<String>,
    /// What a list shows or does not.
    pub sought: Option<String>,
}

fn text(what: &str) -> String {
    format!("{CANARY} {what}")
}

impl Site {
    pub async fn new() -> Self {
        Self::over(World::new()).await
    }

    pub async fn over(world: World) -> Self {
        let floor = made(&world, FLOOR, "/spaces", json!({"name": text("floor"), "purpose": text("purpose")})).await;
        enrol(&world, FLOOR, &floor, Who::Bas).await;
        enrol(&world, FLOOR, &floor, Who::Etr).await;
        let notes = [note(&world, FLOOR, &floor, "one").await, note(&world, FLOOR, &floor, "two").await];
        let talk = conversation(&world, FLOOR, &notes[0]).await;
        let mut site = Self {
            world,
            floor,
            notes,
            talk,
            shelves: Vec::new(),
            spare: Mutex::default(),
            spare_watch: Mutex::default(),
            begun: Mutex::default(),
        };
        for label in OBJECTS {
            let note = site.note(label).await;
            let shelf = Shelf {
                label,
                space: site.space(label).await,
                attachment: site.attachment(label, &note).await,
                note,
                link: site.link(label).await,
                talk: conversation(&site.world, label, &site.notes[0]).await,
                message: site.message(label).await,
                draft: site.draft(label).await,
                watch: site.watch(label).await,
            };
            site.shelves.push(shelf);
        }
        site
    }

    /// Waits until a checkpoint of what stands here is signed.
    pub async fn published(&self) {
        let journal = self.world.vault.monitor().journal();
        while journal.published().frontier.size() < journal.length() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    pub fn shelf(&self, label: &str) -> &Shelf {
        self.shelves.iter().find(|shelf| shelf.label == label).expect("a label of the furniture")
    }

    /// A space at that label, with those members who reach it.
    pub async fn space(&self, label: &str) -> String {
        let space = made(&self.world, label, "/spaces", json!({"name": text("space")})).await;
        for who in [Who::Bas, Who::Etr] {
            if reaches(who, label) {
                enrol(&self.world, label, &space, who).await;
            }
        }
        space
    }

    pub async fn note(&self, label: &str) -> String {
        note(&self.world, label, &self.floor, "note").await
    }

    pub async fn link(&self, label: &str) -> String {
        let [from, to] = &self.notes;
        let body = json!({"from": from, "to": to, "type": "related", "comment": text("comment")});
        made(&self.world, label, "/links", body).await
    }

    pub async fn message(&self, label: &str) -> String {
        let path = format!("/conversations/{}/messages", self.talk);
        made(&self.world, label, &path, json!({"text": text("message")})).await
    }

    pub async fn draft(&self, label: &str) -> String {
        made(&self.world, label, "/drafts", json!({"form": {"title": text("draft"), "body": text("body")}})).await
    }

    /// A draft to use up; the same again while nobody has, because a person has so many and no more.
    async fn spare_draft(&self, label: &'static str) -> String {
        let known = self.spare.lock().expect("one at a time").get(label).cloned();
        if let Some(known) = known
            && self.world.get(Who::Haut, label, &format!("/drafts/{known}")).await.status == 200
        {
            return known;
        }
        let fresh = self.draft(label).await;
        self.spare.lock().expect("one at a time").insert(label, fresh.clone());
        fresh
    }

    /// A watch that is shared on the floor.
    pub async fn watch(&self, label: &str) -> String {
        let new = json!({"name": text("watch"), "query": CANARY, "space": self.floor});
        made(&self.world, label, "/watches", new).await
    }

    /// A watch to use up; the same again while nobody has, because a space has so many and no more.
    async fn spare_watch(&self, label: &'static str) -> String {
        let known = self.spare_watch.lock().expect("one at a time").get(label).cloned();
        if let Some(known) = known
            && self.world.get(Who::Haut, label, &format!("/watches/{known}")).await.status == 200
        {
            return known;
        }
        let fresh = self.watch(label).await;
        self.spare_watch.lock().expect("one at a time").insert(label, fresh.clone());
        fresh
    }

    /// An upload of a note, of which nothing has been sent yet.
    pub async fn upload(&self, label: &str, note: &str) -> String {
        let new = json!({"name": text("file"), "size": CONTENT.len()});
        made(&self.world, label, &format!("/notes/{note}/attachments"), new).await
    }

    /// Gives up the last upload, if it still is one: a person has so many.
    async fn give_up(&self) {
        let Some((label, id)) = self.begun.lock().expect("a lock").take() else { return };
        let path = format!("/attachments/{id}");
        let state = self.world.get(Who::Haut, &label, &path).await;
        if state.status == 200 && state.json()["complete"] == false {
            let tag = state.header("etag").expect("a tag");
            let gone = self.world.send(Who::Haut, &label, "DELETE", &path, &[("if-match", tag)], b"").await;
            assert_eq!(gone.status, 204);
        }
    }

    /// An attachment of a note.
    pub async fn attachment(&self, label: &str, note: &str) -> String {
        let id = self.upload(label, note).await;
        let path = format!("/attachments/{id}/content?offset=0");
        let reply = self.world.send(Who::Haut, label, "PUT", &path, &[OCTETS], CONTENT).await;
        assert_eq!((reply.status, &reply.json()["complete"]), (200, &json!(true)), "{}", reply.json());
        id
    }

    /// The entity tag of what `Haut` made at that label.
    pub async fn tag(&self, label: &str, path: &str) -> String {
        let reply = self.world.get(Who::Haut, label, path).await;
        reply.header("etag").unwrap_or_else(|| panic!("no tag at {path}")).to_owned()
    }

    pub async fn send(&self, who: Who, working: &str, ask: &Ask) -> Reply {
        let headers: Vec<(&str, &str)> =
            ask.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.world.send(who, working, &ask.method, &ask.path, &headers, &ask.body).await
    }

    /// The request of that route about something at that label: fresh where the request uses it up.
    pub async fn ask(&self, route: &Route, label: &str) -> Ask {
        let shelf = self.shelf(label);
        let mut ask = Ask {
            method: route.method.to_string(),
            path: route.path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            about: Vec::new(),
            sought: None,
        };
        match route.name {
            "me" | "policy" | "people" | "openapi" => {}
            "person" => ask.fill("{id}", &Who::Haut.id().to_string()),
            "spaces" => ask.sought = Some(shelf.space.clone()),
            "space-create" => ask.json(json!({"name": text("new space"), "purpose": text("purpose")})),
            "space" | "members" => ask.fill("{id}", &shelf.space),
            "space-change" => {
                let space = self.space(label).await;
                ask.fill("{id}", &space);
                ask.matching(self.tag(label, &format!("/spaces/{space}")).await);
                ask.json(json!({"name": text("renamed")}));
            }
            "member-enrol" | "member-dismiss" => {
                let space = self.space(label).await;
                ask.fill("{id}", &space);
                ask.fill("{account}", &Who::HautB.id().to_string());
                if route.name == "member-enrol" {
                    ask.json(json!({"part": "member"}));
                } else {
                    enrol(&self.world, label, &space, Who::HautB).await;
                }
            }
            name if self.of_notes(name, &mut ask, shelf).await => {}
            name if self.of_links(name, &mut ask, shelf).await => {}
            name if self.of_attachments(name, &mut ask, shelf).await => {}
            name if self.of_conversations(name, &mut ask, shelf).await => {}
            name if self.of_oneself(name, &mut ask, shelf).await => {}
            name if self.of_watches(name, &mut ask, shelf).await => {}
            "journal" => {}
            "journal-checkpoint" | "journal-key" => {}
            "journal-tile" => ask.path = ask.path.replace("{*path}", "0/000.p/1"),
            "journal-proof" | "journal-leaf" => ask.path = ask.path.replace("{number}", "0"),
            name => panic!("the route {name} is in no examination: say here how it is asked"),
        }
        assert!(!ask.path.contains('{'), "{}", ask.path);
        assert_eq!(
            route.careful == Careful::Match,
            ask.headers.iter().any(|(name, _)| name == "if-match"),
            "{route:?}"
        );
        assert_eq!(route.reads == Reads::Nothing, ask.body.is_empty(), "{route:?}");
        ask
    }

    async fn of_notes(&self, name: &str, ask: &mut Ask, shelf: &Shelf) -> bool {
        let new = json!({"kind": "watch", "title": text("title"), "body": text("body"), "tags": [CANARY],
            "sources": [{"author": text("author")}]});
        match name {
            "feed" => ask.sought = Some(shelf.note.clone()),
            "notes" => {
                ask.query("space", &self.floor);
                ask.sought = Some(shelf.note.clone());
            }
            "note-create" => {
                ask.about.push(shelf.space.clone());
                let mut new = new;
                new["space"] = json!(shelf.space);
                ask.json(new);
            }
            "export-space" => {
                ask.fill("{id}", &self.floor);
                ask.sought = Some(shelf.note.clone());
            }
            "note" | "revisions" | "export-note" => ask.fill("{id}", &shelf.note),
            "revision" => {
                ask.fill("{id}", &shelf.note);
                ask.path = ask.path.replace("{version}", "1");
            }
            "note-change" | "note-delete" | "revision-restore" => {
                let note = self.note(shelf.label).await;
                ask.matching(self.tag(shelf.label, &format!("/notes/{note}")).await);
                ask.fill("{id}", &note);
                ask.path = ask.path.replace("{version}", "1");
                if name == "note-change" {
                    ask.json(new);
                }
            }
            "import" => {
                ask.query("space", &shelf.space);
                ask.headers.push(("content-type".into(), "application/x-ndjson".into()));
                ask.body = json!({"note": {"external_id": text("x"), "kind": "watch", "title": text("imported")}})
                    .to_string()
                    .into();
            }
            _ => return false,
        }
        true
    }

    async fn of_links(&self, name: &str, ask: &mut Ask, shelf: &Shelf) -> bool {
        match name {
            "graph" => {
                ask.query("root", &self.notes[0]);
                ask.sought = Some(shelf.link.clone());
            }
            "path" => {
                ask.query("from", &self.notes[0]);
                ask.path.push_str(&format!("&to={}", shelf.note));
                ask.about.push(shelf.note.clone());
            }
            "lineage" => ask.fill("{id}", &shelf.note),
            "standing" => {
                ask.fill("{id}", &shelf.space);
                ask.path.push_str("?list=orphans");
            }
            "note-links" => {
                ask.fill("{id}", &self.notes[0]);
                ask.sought = Some(shelf.link.clone());
            }
            "link-create" => {
                ask.about.push(shelf.note.clone());
                let body = json!({"from": shelf.note, "to": self.notes[1], "type": "uses", "comment": text("why")});
                ask.json(body);
            }
            "link" => ask.fill("{id}", &shelf.link),
            "link-delete" => ask.fill("{id}", &self.link(shelf.label).await),
            _ => return false,
        }
        true
    }

    async fn of_attachments(&self, name: &str, ask: &mut Ask, shelf: &Shelf) -> bool {
        match name {
            "attachments" => ask.fill("{id}", &shelf.note),
            "attachment-begin" => {
                // A note takes so many, and a person begins so many at once: one of its own.
                let note = self.note(shelf.label).await;
                ask.fill("{id}", &note);
                ask.json(json!({"name": text("file"), "size": 0}));
            }
            "attachment" | "attachment-content" => ask.fill("{id}", &shelf.attachment),
            "attachment-append" => {
                self.give_up().await;
                let upload = self.upload(shelf.label, &self.note(shelf.label).await).await;
                *self.begun.lock().expect("a lock") = Some((shelf.label.to_owned(), upload.clone()));
                ask.fill("{id}", &upload);
                ask.path = format!("{}?offset=0", ask.path);
                ask.headers.push((OCTETS.0.into(), OCTETS.1.into()));
                ask.body = CONTENT.to_vec();
            }
            "attachment-delete" => {
                let note = self.note(shelf.label).await;
                let id = self.attachment(shelf.label, &note).await;
                ask.matching(self.tag(shelf.label, &format!("/attachments/{id}")).await);
                ask.fill("{id}", &id);
            }
            _ => return false,
        }
        true
    }

    async fn of_conversations(&self, name: &str, ask: &mut Ask, shelf: &Shelf) -> bool {
        match name {
            "conversations" => {
                ask.query("note", &self.notes[0]);
                ask.sought = Some(shelf.talk.clone());
            }
            "conversation-create" => {
                ask.about.push(shelf.note.clone());
                ask.json(json!({"title": text("subject"), "about": {"note": shelf.note}}));
            }
            "conversation" => ask.fill("{id}", &shelf.talk),
            "messages" => {
                ask.fill("{id}", &self.talk);
                ask.sought = Some(shelf.message.clone());
            }
            "message-post" => {
                ask.fill("{id}", &shelf.talk);
                ask.json(json!({"text": text("said")}));
            }
            "message-edit" | "message-withdraw" => {
                let message = self.message(shelf.label).await;
                ask.fill("{message}", &message);
                ask.path = ask.path.replace("{id}", &self.talk);
                let tag = self.message_tag(shelf.label, &message).await;
                ask.matching(tag);
                if name == "message-edit" {
                    ask.json(json!({"text": text("edited")}));
                }
            }
            _ => return false,
        }
        true
    }

    async fn of_oneself(&self, name: &str, ask: &mut Ask, shelf: &Shelf) -> bool {
        match name {
            "mentions" | "reviews" => ask.sought = Some(shelf.note.clone()),
            "search" => {
                ask.path = format!("{}?q={CANARY}%20type:watch&limit=100", ask.path);
                ask.sought = Some(shelf.note.clone());
            }
            "suggest" => ask.path = format!("{}?q=zorg", ask.path),
            "templates" => ask.fill("{id}", &shelf.space),
            "drafts" => ask.sought = Some(shelf.draft.clone()),
            "draft-create" => ask.json(json!({"form": {"title": text("draft")}})),
            "draft" => ask.fill("{id}", &shelf.draft),
            "draft-change" | "draft-delete" => {
                let draft = self.spare_draft(shelf.label).await;
                ask.matching(self.tag(shelf.label, &format!("/drafts/{draft}")).await);
                ask.fill("{id}", &draft);
                if name == "draft-change" {
                    ask.json(json!({"form": {"title": text("saved")}}));
                }
            }
            _ => return false,
        }
        true
    }

    async fn of_watches(&self, name: &str, ask: &mut Ask, shelf: &Shelf) -> bool {
        match name {
            "watches" => ask.sought = Some(shelf.watch.clone()),
            "watch-create" => {
                ask.about.push(shelf.space.clone());
                ask.json(json!({"name": text("new watch"), "query": CANARY, "space": shelf.space}));
            }
            "watch" | "watch-matches" => ask.fill("{id}", &shelf.watch),
            "watch-seen" => {
                ask.fill("{id}", &shelf.watch);
                ask.json(json!({"until": "2026-11-21T08:00:00Z"}));
            }
            "watch-change" | "watch-delete" => {
                let watch = self.spare_watch(shelf.label).await;
                ask.matching(self.tag(shelf.label, &format!("/watches/{watch}")).await);
                ask.fill("{id}", &watch);
                if name == "watch-change" {
                    ask.json(json!({"name": text("renamed watch"), "query": "radar"}));
                }
            }
            _ => return false,
        }
        true
    }

    /// Lists tell no tags; an edit answers with one.
    async fn message_tag(&self, label: &str, message: &str) -> String {
        let path = format!("/conversations/{}/messages/{message}", self.talk);
        let stale = [("if-match", "\"0\"")];
        let reply = self.world.json(Who::Haut, label, "PUT", &path, &stale, json!({"text": text("first")})).await;
        assert_eq!(reply.status, 412, "{}", reply.json());
        reply.header("etag").expect("the present tag").to_owned()
    }
}

impl Ask {
    fn fill(&mut self, part: &str, id: &str) {
        self.path = self.path.replace(part, id);
        self.about.push(id.to_owned());
    }

    fn query(&mut self, name: &str, id: &str) {
        self.path = format!("{}?{name}={id}", self.path);
        self.about.push(id.to_owned());
    }

    fn json(&mut self, body: serde_json::Value) {
        self.headers.push(("content-type".into(), "application/json".into()));
        self.body = body.to_string().into_bytes();
    }

    fn matching(&mut self, tag: String) {
        self.headers.push(("if-match".into(), tag));
    }
}

/// A refusal without what differs in every one: headers, length, and the body without the request's name.
pub fn face(reply: &Reply) -> String {
    let instance = reply.json()["instance"].as_str().expect("an instance").to_owned();
    let body = String::from_utf8_lossy(&reply.body).replace(&instance, "");
    format!("{} {:?}\n{} bytes\n{body}", reply.status, reply.headers, reply.body.len())
}

/// Whether that member may be enrolled at that label; by hand, for the two who are.
fn reaches(who: Who, label: &str) -> bool {
    match who {
        Who::Bas => matches!(label, "NP/ALL" | "DR"),
        Who::Etr => matches!(label, "NP/ALL" | "S/FRA,BEL"),
        _ => panic!("only two are enrolled"),
    }
}

async fn made(world: &World, label: &str, path: &str, body: serde_json::Value) -> String {
    let reply = world.post(Who::Haut, label, path, body).await;
    assert_eq!(reply.status, 201, "{path} at {label}: {}", reply.json());
    reply.id()
}

async fn note(world: &World, label: &str, space: &str, title: &str) -> String {
    // Everybody is named in it, and it is due for everybody.
    let named: Vec<String> = Who::ALL.iter().map(|who| format!("@{}", who.name())).collect();
    let body = json!({"space": space, "kind": "watch", "title": text(title), "body": text(&named.join(" ")),
        "tags": [CANARY], "review": "2026-12-01"});
    made(world, label, "/notes", body).await
}

async fn conversation(world: &World, label: &str, note: &str) -> String {
    made(world, label, "/conversations", json!({"title": text("talk"), "about": {"note": note}})).await
}

async fn enrol(world: &World, label: &str, space: &str, who: Who) {
    let path = format!("/spaces/{space}/members/{}", who.id());
    let reply = world.json(Who::Haut, label, "PUT", &path, &[], json!({"part": "member"})).await;
    assert_eq!(reply.status, 204, "{}", String::from_utf8_lossy(&reply.body));
}
