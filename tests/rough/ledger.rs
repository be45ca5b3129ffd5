//! What one client was told, kept outside the server: every acknowledged write, and the one request that has no
//! answer yet.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::{Value, json};
use vigie::ops::client::ClientError;

use crate::{
    dice::Dice,
    site::{Person, Reply, text},
};

/// An object as its last acknowledgement showed it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Known {
    pub(crate) value: Value,
    tag: String,
}

impl Known {
    fn of(reply: &Reply) -> Self {
        Self { value: reply.json(), tag: reply.tag.clone() }
    }

    /// Its version.
    pub(crate) fn version(&self) -> u64 {
        self.value["version"].as_u64().expect("a version")
    }
}

/// A request that was sent and not answered: done, or not, but nothing between.
#[derive(Clone, Debug)]
enum Pending {
    Create { key: String, body: Value },
    Change { id: String, body: Value },
    Delete { id: String },
    Post { key: String, body: Value },
    Edit { id: String, body: Value },
}

/// How one act went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Went {
    /// Acknowledged, or read.
    Well,
    /// Refused with this status and code: not done as far as the client knows.
    Refused(u16, String),
}

/// One client with a space and a conversation of its own.
pub(crate) struct Ledger {
    pub(crate) who: (&'static str, &'static str),
    space: String,
    conversation: String,
    dice: Dice,
    notes: BTreeMap<String, Known>,
    messages: BTreeMap<String, Known>,
    gone: BTreeSet<String>,
    /// Written or resolved since the last comparison.
    touched: BTreeSet<String>,
    pending: Option<Pending>,
    /// Characters of the bodies that it writes.
    pub(crate) lengths: &'static [usize],
    /// Every acknowledged version of every object.
    pub(crate) acknowledged: Vec<(String, u64)>,
    /// Requests that turned out to have been done though nobody was told.
    pub(crate) silently_done: u64,
    /// Requests without an answer.
    pub(crate) unanswered: u64,
    /// Set while the end is being made: it takes a moment, and what is said in that moment was never heard.
    pub(crate) deaf: Arc<AtomicBool>,
}

impl Ledger {
    /// Makes the space and the conversation.
    pub(crate) async fn begin(person: &mut Person, dice: Dice, number: usize) -> Self {
        let space =
            person.post("/spaces", &format!("space {number}"), &json!({"name": "Rough", "purpose": "Load"})).await;
        let space = space.expect("an answer").id();
        let about = json!({"title": "Load", "about": {"space": space}});
        let conversation = person.post("/conversations", &format!("conversation {number}"), &about).await;
        let conversation = conversation.expect("an answer").id();
        Self {
            who: (person.name, person.working),
            space,
            conversation,
            dice,
            notes: BTreeMap::new(),
            messages: BTreeMap::new(),
            gone: BTreeSet::new(),
            touched: BTreeSet::new(),
            pending: None,
            deaf: Arc::default(),
            lengths: &[40, 300, 1000, 3000],
            acknowledged: Vec::new(),
            silently_done: 0,
            unanswered: 0,
        }
    }

    /// Objects that must be there, with what they said last.
    pub(crate) fn present(&self) -> impl Iterator<Item = (&String, &Known)> {
        self.notes.iter().chain(&self.messages)
    }

    /// Whether its deletion was asked for and not answered: it may be there, or gone.
    pub(crate) fn is_going(&self, object: &str) -> bool {
        matches!(&self.pending, Some(Pending::Delete { id }) if id == object)
    }

    /// The space and the conversation.
    pub(crate) fn homes(&self) -> [&String; 2] {
        [&self.space, &self.conversation]
    }

    fn note(&mut self) -> Value {
        let length = *self.dice.one(self.lengths);
        json!({
            "space": self.space, "kind": "watch", "title": self.dice.name(),
            "body": self.dice.text(length), "tags": [self.dice.text(8)],
        })
    }

    /// One random act, once nothing is unanswered.
    pub(crate) async fn act(&mut self, person: &mut Person) -> Result<Went, ClientError> {
        self.settled(person).await?;
        self.try_act(person).await
    }

    /// One random act; its refusal leaves it unanswered.
    pub(crate) async fn try_act(&mut self, person: &mut Person) -> Result<Went, ClientError> {
        let note = self.some_note();
        let message = self.some_message();
        let (chance, key) = (self.dice.below(100), self.dice.name());
        let pending = match (chance, note, message) {
            (0..25, Some(id), _) => {
                let mut body = self.note();
                body.as_object_mut().expect("an object").remove("space");
                Pending::Change { id, body }
            }
            (25..28, Some(id), _) => Pending::Delete { id },
            (28..50, _, _) => Pending::Post { key, body: json!({"text": self.dice.text(120)}) },
            (50..58, _, Some(id)) => Pending::Edit { id, body: json!({"text": self.dice.text(90)}) },
            (58..66, Some(id), _) => return self.look(person, &id).await,
            _ => Pending::Create { key, body: self.note() },
        };
        self.pending = Some(pending.clone());
        let reply = self.send(person, &pending).await?;
        Ok(self.record(&pending, &self.heard(reply)))
    }

    /// The answer, or none: of what is asked again while the end is being made, too.
    fn heard(&self, reply: Reply) -> Reply {
        match self.deaf.load(Ordering::SeqCst) {
            true => Reply { status: 503, bytes: br#"{"code":"not-heard"}"#.to_vec(), ..reply },
            false => reply,
        }
    }

    fn some_note(&mut self) -> Option<String> {
        let place = self.dice.below(self.notes.len());
        self.notes.keys().nth(place).cloned()
    }

    /// A list shows no tags: what was found edited there can be read again, and not edited any more.
    fn some_message(&mut self) -> Option<String> {
        let place = self.dice.below(self.messages.len());
        self.messages.iter().nth(place).filter(|(_, known)| !known.tag.is_empty()).map(|(id, _)| id.clone())
    }

    async fn look(&self, person: &mut Person, id: &str) -> Result<Went, ClientError> {
        let reply = person.get(&format!("/notes/{id}")).await?;
        if !reply.done() {
            return Ok(refused(&reply));
        }
        assert_eq!(&Known::of(&reply), &self.notes[id], "what was acknowledged is what is read");
        Ok(Went::Well)
    }

    async fn send(&self, person: &mut Person, pending: &Pending) -> Result<Reply, ClientError> {
        match pending {
            Pending::Create { key, body } => person.post("/notes", key, body).await,
            Pending::Change { id, body } => person.put(&format!("/notes/{id}"), &self.notes[id].tag, body).await,
            Pending::Delete { id } => person.delete(&format!("/notes/{id}"), &self.notes[id].tag).await,
            Pending::Post { key, body } => person.post(&self.posts(), key, body).await,
            Pending::Edit { id, body } => {
                person.put(&format!("{}/{id}", self.posts()), &self.messages[id].tag, body).await
            }
        }
    }

    fn posts(&self) -> String {
        format!("/conversations/{}/messages", self.conversation)
    }

    /// Writes down an answer.
    fn record(&mut self, pending: &Pending, reply: &Reply) -> Went {
        if !reply.done() {
            // Nothing else may be refused: each object has one writer.
            assert_eq!(reply.status, 503, "{} {pending:?}", String::from_utf8_lossy(&reply.bytes));
            return refused(reply);
        }
        self.pending = None;
        if let Pending::Delete { id } = pending {
            self.notes.remove(id);
            self.touched.insert(id.clone());
            self.gone.insert(id.clone());
            return Went::Well;
        }
        let known = Known::of(reply);
        said(pending, &known.value);
        let id = text(&known.value, "id");
        self.acknowledged.push((id.clone(), known.version()));
        self.touched.insert(id.clone());
        match pending {
            Pending::Create { .. } | Pending::Change { .. } | Pending::Delete { .. } => self.notes.insert(id, known),
            Pending::Post { .. } | Pending::Edit { .. } => self.messages.insert(id, known),
        };
        Went::Well
    }

    /// Finds out what became of a request that was not answered: whole, or absent. Then it is known.
    pub(crate) async fn settle(&mut self, person: &mut Person) -> Result<Went, ClientError> {
        let Some(pending) = self.pending.clone() else { return Ok(Went::Well) };
        match &pending {
            // The same key again: made now, or found made. Either way it is there once.
            Pending::Create { .. } | Pending::Post { .. } => {
                let reply = self.send(person, &pending).await?;
                Ok(self.record(&pending, &self.heard(reply)))
            }
            Pending::Change { id, .. } | Pending::Delete { id } => {
                let reply = self.heard(person.get(&format!("/notes/{id}")).await?);
                if reply.status == 404 && matches!(pending, Pending::Delete { .. }) {
                    self.pending = None;
                    self.silently_done += 1;
                    self.notes.remove(id);
                    self.gone.insert(id.clone());
                    return Ok(Went::Well);
                }
                if !reply.done() {
                    return Ok(self.record(&pending, &reply));
                }
                let now = Known::of(&reply);
                Ok(self.compare(&pending, id, now, |ledger| &mut ledger.notes))
            }
            Pending::Edit { id, .. } => {
                let reply = person.get(&format!("{}?limit=200", self.posts())).await?;
                if !reply.done() {
                    return Ok(self.record(&pending, &reply));
                }
                let mut items = reply.items();
                while !items.iter().any(|item| item["id"] == id.as_str()) {
                    match self.more(person, &reply, items).await? {
                        Ok(all) => items = all,
                        Err(refusal) => return Ok(self.record(&pending, &refusal)),
                    }
                }
                let reply = self.heard(reply);
                if !reply.done() {
                    return Ok(self.record(&pending, &reply));
                }
                let value = items.into_iter().find(|item| item["id"] == id.as_str()).expect("found above");
                let tag = if value == self.messages[id].value { self.messages[id].tag.clone() } else { String::new() };
                let now = Known { value, tag };
                Ok(self.compare(&pending, id, now, |ledger| &mut ledger.messages))
            }
        }
    }

    /// All that is behind the first page; or what was answered instead of it.
    async fn more(
        &self,
        person: &mut Person,
        first: &Reply,
        mut items: Vec<Value>,
    ) -> Result<Result<Vec<Value>, Reply>, ClientError> {
        let mut next = first.json()["next"].as_str().map(ToOwned::to_owned);
        assert!(next.is_some(), "a message that was acknowledged is in no list");
        while let Some(cursor) = next {
            let reply = self.heard(person.get(&format!("{}?limit=200&after={cursor}", self.posts())).await?);
            if !reply.done() {
                return Ok(Err(reply));
            }
            items.extend(reply.items());
            next = reply.json()["next"].as_str().map(ToOwned::to_owned);
        }
        Ok(Ok(items))
    }

    fn compare(
        &mut self,
        pending: &Pending,
        id: &str,
        now: Known,
        among: impl Fn(&mut Self) -> &mut BTreeMap<String, Known>,
    ) -> Went {
        self.pending = None;
        let before = among(self)[id].clone();
        if now == before {
            return Went::Well;
        }
        assert_eq!(now.version(), before.version() + 1, "one version later, or the same");
        said(pending, &now.value);
        self.silently_done += 1;
        self.touched.insert(id.to_owned());
        among(self).insert(id.to_owned(), now);
        Went::Well
    }

    async fn settled(&mut self, person: &mut Person) -> Result<(), ClientError> {
        while self.pending.is_some() && self.settle(person).await? != Went::Well {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// The connection ended.
    pub(crate) fn cut(&mut self) {
        self.unanswered += u64::from(self.pending.is_some());
    }

    /// Reads back what was written since the last time, and looks through the lists: nothing lost, nothing that
    /// nobody wrote. `all`: everything ever written.
    pub(crate) async fn check(&mut self, person: &mut Person, all: bool) -> Result<u64, ClientError> {
        let touched = std::mem::take(&mut self.touched);
        let wanted: Vec<&String> =
            if all { self.notes.keys().chain(&self.gone).collect() } else { touched.iter().collect() };
        let wanted: Vec<&String> = wanted.into_iter().filter(|id| !self.messages.contains_key(*id)).collect();
        let paths: Vec<String> = wanted.iter().map(|id| format!("/notes/{id}")).collect();
        for (id, reply) in wanted.iter().zip(person.read(&paths).await?) {
            match self.notes.get(*id) {
                Some(known) => assert_eq!(&Known::of(&reply.good()), known, "note {id}"),
                None => assert_eq!(reply.status, 404, "note {id} was deleted"),
            }
        }
        let notes = format!("/notes?space={}", self.space);
        let cards = listed(person, &notes, all).await?;
        for card in &cards {
            let known = self.notes.get(&text(card, "id")).unwrap_or_else(|| panic!("nobody made {card}"));
            assert_eq!((&card["version"], &card["title"]), (&known.value["version"], &known.value["title"]));
        }
        let posts = listed(person, &self.posts(), all).await?;
        for post in &posts {
            let known = self.messages.get(&text(post, "id")).unwrap_or_else(|| panic!("nobody posted {post}"));
            assert_eq!(post, &known.value);
        }
        if all {
            assert_eq!((cards.len(), posts.len()), (self.notes.len(), self.messages.len()), "lists are complete");
        }
        Ok(u64::try_from(paths.len() + cards.len() + posts.len()).expect("few"))
    }
}

async fn listed(person: &mut Person, path: &str, all: bool) -> Result<Vec<Value>, ClientError> {
    let join = if path.contains('?') { '&' } else { '?' };
    let mut reply = person.get(&format!("{path}{join}limit=200")).await?.good();
    let mut items = reply.items();
    while all && let Some(cursor) = reply.json()["next"].as_str() {
        reply = person.get(&format!("{path}{join}limit=200&after={cursor}")).await?.good();
        items.extend(reply.items());
    }
    Ok(items)
}

fn refused(reply: &Reply) -> Went {
    Went::Refused(reply.status, reply.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// Every field that was sent is in what came back.
fn said(pending: &Pending, value: &Value) {
    let (Pending::Create { body, .. }
    | Pending::Change { body, .. }
    | Pending::Post { body, .. }
    | Pending::Edit { body, .. }) = pending
    else {
        return;
    };
    for (name, sent) in body.as_object().expect("an object") {
        assert_eq!(&value[name.as_str()], sent, "{name}");
    }
}
