//! The sample knowledge, loaded through the API like anybody's: each object by its author, at its label.
//!
//! What was made is noted in a file beside the deployment, one line an object, so that a demonstration that was
//! interrupted goes on where it stopped and one that is started again loads nothing twice.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::PathBuf,
};

use http::Method;
use serde_json::{Value, json};

use super::{
    demo::{
        DemoError, Site,
        team::{Ask, Team},
    },
    deployment::OpenError,
    report::Report,
    sample::{Conversation, Link, Note, Place, Sample, Space, sample},
};
use crate::words::{Sentence, key};

/// What the sample became: identifiers by kind and key.
#[derive(Debug)]
pub struct Loaded {
    path: PathBuf,
    ids: BTreeMap<String, String>,
    /// The sample itself.
    pub sample: Sample,
}

impl Loaded {
    fn read(site: &Site) -> Result<Self, DemoError> {
        let path = site.loaded();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(OpenError::of_file(&path, &error).into()),
        };
        // A line that a crash cut short names nothing.
        let whole = text.rfind('\n').and_then(|end| text.get(..end)).unwrap_or_default();
        let ids = whole.lines().filter_map(|line| line.split_once('\t'));
        let ids = ids.map(|(name, id)| (name.to_owned(), id.to_owned())).collect();
        Ok(Self { path, ids, sample: sample()? })
    }

    fn note_down(&mut self, name: String, id: &str) -> Result<(), DemoError> {
        let failed = |error: io::Error| OpenError::of_file(&self.path, &error);
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(&self.path);
        file.and_then(|mut file| file.write_all(format!("{name}\t{id}\n").as_bytes())).map_err(failed)?;
        self.ids.insert(name, id.to_owned());
        Ok(())
    }

    fn id(&self, kind: &str, key: &str) -> &str {
        self.ids.get(&format!("{kind} {key}")).map(String::as_str).unwrap_or_default()
    }

    /// The identifier of a note of the sample.
    pub fn note(&self, key: &str) -> &str {
        self.id("note", key)
    }

    /// The identifier of a space of the sample.
    pub fn space(&self, key: &str) -> &str {
        self.id("space", key)
    }

    /// The identifier of a conversation of the sample.
    pub fn conversation(&self, key: &str) -> &str {
        self.id("conversation", key)
    }
}

/// Loads what is not loaded yet.
///
/// # Errors
/// [`DemoError`]; what was loaded stays.
pub async fn load(site: &Site, team: &mut Team, report: &dyn Report) -> Result<Loaded, DemoError> {
    let mut loaded = Loaded::read(site)?;
    let steps = steps(&loaded.sample);
    let waiting: Vec<Step> = steps.into_iter().filter(|step| !loaded.ids.contains_key(&step.name)).collect();
    if waiting.is_empty() {
        return Ok(loaded);
    }
    let what = Sentence::new(key::DEMO_LOADING);
    let total = u64::try_from(waiting.len()).unwrap_or(u64::MAX);
    for (done, step) in (0_u64..).zip(waiting) {
        report.progress(&what, done, total);
        let id = step.take(&loaded, team).await?;
        loaded.note_down(step.name, &id)?;
    }
    report.progress(&what, total, total);
    report.say(
        &Sentence::new(key::DEMO_LOADED)
            .with("spaces", loaded.sample.spaces.len())
            .with("notes", loaded.sample.notes.len())
            .with("links", loaded.sample.links.len())
            .with("conversations", loaded.sample.conversations.len()),
    );
    Ok(loaded)
}

/// One object to make, named as it will be noted down.
struct Step {
    name: String,
    of: Object,
}

/// Places in the sample.
enum Object {
    Space(usize),
    Member(usize, String, &'static str),
    Note(usize),
    Link(usize),
    Conversation(usize),
    Message(usize, usize),
}

fn steps(sample: &Sample) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut step = |name: String, of: Object| steps.push(Step { name, of });
    for (place, space) in sample.spaces.iter().enumerate() {
        step(format!("space {}", space.key), Object::Space(place));
        let animators = space.animators.iter().skip(1).map(|name| (name, "animator"));
        let members = space.members.iter().filter(|name| !space.animators.contains(name)).map(|name| (name, "member"));
        for (name, part) in animators.chain(members) {
            step(format!("member {} {name}", space.key), Object::Member(place, name.clone(), part));
        }
    }
    for (place, note) in sample.notes.iter().enumerate() {
        step(format!("note {}", note.key), Object::Note(place));
    }
    for place in 0..sample.links.len() {
        step(format!("link {place}"), Object::Link(place));
    }
    for (place, conversation) in sample.conversations.iter().enumerate() {
        step(format!("conversation {}", conversation.key), Object::Conversation(place));
        for message in 0..conversation.messages.len() {
            step(format!("message {} {message}", conversation.key), Object::Message(place, message));
        }
    }
    steps
}

impl Step {
    /// Makes it, and answers its identifier.
    async fn take(&self, loaded: &Loaded, team: &mut Team) -> Result<String, DemoError> {
        let Some(ask) = self.ask(loaded, team) else { return Ok(String::new()) };
        let reply = team.ask(ask).await?.done(&self.name)?;
        Ok(reply.text("id").to_owned())
    }

    fn ask<'s>(&self, loaded: &'s Loaded, team: &Team) -> Option<Ask<'s>> {
        let sample = &loaded.sample;
        Some(match &self.of {
            Object::Space(place) => self.space(sample.spaces.get(*place)?)?,
            Object::Member(place, name, part) => {
                let space = sample.spaces.get(*place)?;
                let path = format!("/spaces/{}/members/{}", loaded.space(&space.key), team.id(name));
                let who = space.animators.first()?;
                let body = Some(json!({ "part": part }));
                Ask { who, working: &space.label, method: Method::PUT, path, body, once: None }
            }
            Object::Note(place) => self.note(sample.notes.get(*place)?, loaded),
            Object::Link(place) => self.link(sample.links.get(*place)?, loaded),
            Object::Conversation(place) => self.conversation(sample.conversations.get(*place)?, loaded, team),
            Object::Message(place, message) => {
                let conversation = sample.conversations.get(*place)?;
                let message = conversation.messages.get(*message)?;
                let path = format!("/conversations/{}/messages", loaded.conversation(&conversation.key));
                let body = json!({ "text": message.text });
                Ask::post(&message.author, &message.label, &path, body, self.once())
            }
        })
    }

    fn once(&self) -> String {
        self.name.replace(' ', ".")
    }

    fn space<'s>(&self, space: &'s Space) -> Option<Ask<'s>> {
        let body = json!({ "name": space.name, "purpose": space.purpose });
        Some(Ask::post(space.animators.first()?, &space.label, "/spaces", body, self.once()))
    }

    fn note<'s>(&self, note: &'s Note, loaded: &Loaded) -> Ask<'s> {
        let sources: Vec<Value> = note
            .sources
            .iter()
            .map(|source| {
                let url = source.url.as_deref().unwrap_or_default();
                json!({ "url": url, "title": source.title, "author": source.author, "date": source.date })
            })
            .collect();
        let grade = note
            .grade
            .map(|grade| json!({ "reliability": grade.reliability.to_string(), "credibility": grade.credibility }));
        let body = json!({
            "space": loaded.space(&note.space), "kind": note.kind, "title": note.title, "body": note.body,
            "tags": note.tags, "language": note.language, "sources": sources, "grade": grade,
            "review": note.review, "expires": note.expires,
        });
        Ask::post(&note.author, &note.label, "/notes", body, self.once())
    }

    fn link<'s>(&self, link: &'s Link, loaded: &Loaded) -> Ask<'s> {
        let body = json!({
            "from": loaded.note(&link.from), "to": loaded.note(&link.to), "type": link.kind, "comment": link.comment,
        });
        Ask::post(&link.author, &link.label, "/links", body, self.once())
    }

    fn conversation<'s>(&self, conversation: &'s Conversation, loaded: &Loaded, team: &Team) -> Ask<'s> {
        let about = match &conversation.on {
            Place::Note(key) => json!({ "note": loaded.note(key) }),
            Place::Space(key) => json!({ "space": loaded.space(key) }),
            Place::People(names) => {
                json!({ "people": names.iter().map(|name| team.id(name)).collect::<Vec<_>>() })
            }
        };
        let body = json!({ "title": conversation.title, "about": about });
        Ask::post(&conversation.author, &conversation.label, "/conversations", body, self.once())
    }
}
