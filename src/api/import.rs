//! `POST /notes/import`: JSON lines in, one result line an item out, both as streams.
//!
//! Every item is a write of its own, decided, journalled and committed like any other;
//! many are under way at once, so that they share syncs. An item is known by its
//! external name within the space at the working label: the same again changes
//! nothing, so an interrupted import is simply run again.

use axum::body::Body;
use futures_util::{StreamExt as _, stream::FuturesOrdered};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::{Answer, ApiError, Call, Content, Inbound};
use crate::{
    identity::Subject,
    ids::{Id, LinkId, NoteId, SpaceId},
    limits,
    linking::{
        link::{External, LinkContent},
        links,
    },
    sharing::{
        Invalid,
        note::NoteContent,
        notes::{self, Origin},
        repeat::Name,
    },
    vault::Vault,
    words::Language,
};

/// Query of `POST /notes/import`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Into {
    space: SpaceId,
}

/// One item.
#[derive(Deserialize, Debug, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Item {
    /// A note.
    Note(ImportedNote),
    /// A link between imported notes.
    Link(ImportedLink),
}

/// A note with the name it bears elsewhere.
#[derive(Deserialize, Serialize, Debug, schemars::JsonSchema)]
pub struct ImportedNote {
    /// Unique within the space and label.
    pub external_id: String,
    /// The note.
    #[serde(flatten)]
    pub content: NoteContent,
}

/// A link with the name it bears elsewhere.
#[derive(Deserialize, Serialize, Debug, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedLink {
    /// Unique within the space and label.
    pub external_id: String,
    /// External name of the note it starts from.
    pub from: String,
    /// External name of the note it leads to.
    pub to: String,
    /// Type; free words are allowed here.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why.
    #[serde(default)]
    pub comment: String,
}

/// The result of one item.
#[derive(Serialize, Debug, schemars::JsonSchema)]
pub struct Outcome {
    /// Line in the request, from 1.
    pub line: u64,
    /// External name, as far as it could be read.
    pub external_id: Option<String>,
    /// `created`, `updated`, `unchanged` or `refused`.
    pub status: &'static str,
    /// The object.
    #[schemars(with = "Option<String>")]
    pub id: Option<Id>,
    /// Why it was refused.
    pub code: Option<&'static str>,
    /// Why, in words.
    pub detail: Option<String>,
}

/// `POST /notes/import?space=…`
///
/// # Errors
/// [`ApiError`] when the space is not to be written in; items are answered one by one.
pub async fn import(mut call: Call) -> Result<Answer, ApiError> {
    let query: Into = call.query()?;
    let Inbound::Stream(body) = std::mem::replace(&mut call.body, Inbound::Whole(bytes::Bytes::new())) else {
        return Err(ApiError::Internal);
    };
    // Decided before the first item: a space that cannot be reached is absent as a whole.
    let claim = crate::sharing::space::claim_on(&call.vault, query.space)?;
    let permit = call.vault.monitor().write(&call.subject, crate::audit::entry::Act::Import, &[claim]).await?;
    call.vault.draft(permit).commit().await?;
    call.vault.ensure_label(&call.subject).await?;
    let (sender, receiver) = mpsc::channel(limits::IMPORT_RESULTS_WAITING);
    // Ends with the body, or when nobody reads the results any more.
    let desk = Desk { vault: call.vault, subject: call.subject, language: call.language };
    drop(tokio::spawn(run(desk, query.space, body, sender)));
    Ok(Answer { content: Content::Lines(receiver), ..Answer::done() })
}

/// Who imports, and in which language he is answered.
struct Desk {
    vault: std::sync::Arc<Vault>,
    subject: Subject,
    language: Language,
}

async fn run(desk: Desk, space: SpaceId, body: Body, results: mpsc::Sender<Vec<u8>>) {
    let mut lines = Lines { parts: body.into_data_stream(), buffer: Vec::new(), skipping: false, ended: false };
    let mut under_way = FuturesOrdered::new();
    let mut number: u64 = 0;
    let mut open = true;
    while open || !under_way.is_empty() {
        tokio::select! {
            // The reader of the results is gone: its connection was closed or cut.
            () = results.closed() => return,
            line = lines.next(), if open && under_way.len() < limits::IMPORT_ITEMS_AT_ONCE => match line {
                Some(line) => {
                    number = number.saturating_add(1);
                    under_way.push_back(item(&desk, space, number, line));
                }
                None => open = false,
            },
            Some(outcome) = under_way.next(), if !under_way.is_empty() => {
                let Ok(mut line) = serde_json::to_vec(&outcome) else { return };
                line.push(b'\n');
                if results.send(line).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// A line of the body: whole, or why not.
enum Line {
    Whole(Vec<u8>),
    TooLong,
    /// The body broke off; what came before is done.
    Broken,
}

/// Cuts a body into lines without ever holding more than one over-long one.
struct Lines {
    parts: axum::body::BodyDataStream,
    buffer: Vec<u8>,
    skipping: bool,
    ended: bool,
}

impl Lines {
    async fn next(&mut self) -> Option<Line> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let rest = self.buffer.split_off(end.saturating_add(1));
                let mut line = std::mem::replace(&mut self.buffer, rest);
                line.pop();
                if std::mem::take(&mut self.skipping) || line.len() > limits::IMPORT_LINE_BYTES_MAX {
                    return Some(Line::TooLong);
                }
                if !line.trim_ascii().is_empty() {
                    return Some(Line::Whole(line));
                }
                continue;
            }
            if self.buffer.len() > limits::IMPORT_LINE_BYTES_MAX {
                self.buffer.clear();
                self.skipping = true;
            }
            if self.ended {
                return None;
            }
            match self.parts.next().await {
                Some(Ok(part)) => self.buffer.extend_from_slice(&part),
                Some(Err(_broken)) => {
                    self.ended = true;
                    self.buffer.clear();
                    return Some(Line::Broken);
                }
                None => {
                    self.ended = true;
                    if !self.buffer.is_empty() || self.skipping {
                        self.buffer.push(b'\n');
                    }
                }
            }
        }
    }
}

/// Does one item.
async fn item(desk: &Desk, space: SpaceId, line: u64, read: Line) -> Outcome {
    let refused = |external_id: Option<String>, error: &ApiError| Outcome {
        line,
        external_id,
        status: "refused",
        id: None,
        code: Some(error.code()),
        detail: Some(error.sentence().render(desk.language)),
    };
    let bytes = match read {
        Line::Whole(bytes) => bytes,
        Line::TooLong => return refused(None, &ApiError::TooLarge),
        Line::Broken => return refused(None, &ApiError::MalformedJson),
    };
    // Looked up again for every item: a clearance lowered during a long import counts from the next line on.
    let renewed = desk.subject.renewed(&desk.vault.monitor().config());
    let Ok(subject) = renewed else { return refused(None, &ApiError::NotFound) };
    let item: Item = match serde_json::from_slice(&bytes) {
        Ok(item) => item,
        Err(error) if error.is_data() => {
            let reason = error.to_string().chars().take(200).collect();
            return refused(None, &ApiError::WrongShape(reason));
        }
        Err(_malformed) => return refused(None, &ApiError::MalformedJson),
    };
    let (external_id, done) = match item {
        Item::Note(note) => (note.external_id.clone(), import_note(&desk.vault, &subject, space, note).await),
        Item::Link(link) => (link.external_id.clone(), import_link(&desk.vault, &subject, space, link).await),
    };
    match done {
        Ok((status, id)) => Outcome { line, external_id: Some(external_id), status, id: Some(id), code: None, detail: None },
        Err(error) => refused(Some(external_id.chars().take(limits::EXTERNAL_ID_BYTES_MAX).collect()), &error),
    }
}

fn named(name: &str) -> Result<(), ApiError> {
    match name.len() {
        0 => Err(Invalid::Empty("external_id").into()),
        1..=limits::EXTERNAL_ID_BYTES_MAX => Ok(()),
        _ => Err(Invalid::TooLong { field: "external_id", maximum: limits::EXTERNAL_ID_BYTES_MAX }.into()),
    }
}

fn external(space: Id, name: &str) -> Result<Name, ApiError> {
    named(name)?;
    Ok(Name::external(space, name))
}

async fn import_note(
    vault: &Vault,
    subject: &Subject,
    space: SpaceId,
    note: ImportedNote,
) -> Result<(&'static str, Id), ApiError> {
    let external_id = note.external_id;
    let content = note.content.checked(vault.clock().now())?;
    let sent = serde_json::to_vec(&content).map_err(|_never| ApiError::Internal)?;
    let mut name = external(space.id(), &external_id)?.saying(&sent);
    let origin = Origin { external: Some(external_id), restored: None };
    match name.find(vault, subject)? {
        Some(known) if known.digest == name.digest() => Ok(("unchanged", known.id)),
        Some(known) => {
            let id = NoteId(known.id);
            let present = notes::read(vault, subject, id).await?;
            notes::import_change(vault, subject, id, present.version, content, origin, &[name]).await?;
            Ok(("updated", known.id))
        }
        None => {
            let id = NoteId(vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
            notes::create(vault, subject, id, space, content, origin, &[name]).await?;
            Ok(("created", id.id()))
        }
    }
}

async fn import_link(
    vault: &Vault,
    subject: &Subject,
    space: SpaceId,
    link: ImportedLink,
) -> Result<(&'static str, Id), ApiError> {
    let end = |external_id: &str| {
        let found = external(space.id(), external_id)?.find(vault, subject)?;
        found.map(|known| NoteId(known.id)).ok_or(ApiError::NotFound)
    };
    let sent = serde_json::to_vec(&link).map_err(|_never| ApiError::Internal)?;
    let content = LinkContent { from: end(&link.from)?, to: end(&link.to)?, kind: link.kind, comment: link.comment };
    let content = content.checked(true)?;
    named(&link.external_id)?;
    let mut name = Name::external_link(space.id(), &link.external_id).saying(&sent);
    let status = match name.find(vault, subject)? {
        Some(known) if known.digest == name.digest() => return Ok(("unchanged", known.id)),
        // A link has one version: the changed one takes the place of the old.
        Some(known) => {
            links::delete(vault, subject, LinkId(known.id)).await?;
            name.find(vault, subject)?;
            "updated"
        }
        None => "created",
    };
    let id = LinkId(vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    links::create(vault, subject, id, content, Some(External { space, name: link.external_id }), &[name]).await?;
    Ok((status, id.id()))
}
