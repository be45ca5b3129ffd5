//! `POST /notes/import`: JSON lines in, one result line an item out, both as streams.
//!
//! Every item is a write of its own, decided, journalled and committed like any other;
//! many are under way at once, so that they share syncs. An item is known by its
//! external name within the space at the working label: the same again changes
//! nothing, so an interrupted import is simply run again.

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::body::Body;
use futures_util::{StreamExt as _, stream::FuturesOrdered};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::mpsc,
    task::{JoinError, JoinHandle},
};

use super::{
    Answer, ApiError, Call, Content, Inbound,
    lines::{Line, Lines},
};
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
        note::{Grade, NoteContent, NoteKind, Source},
        notes::{self, Origin},
        repeat::Name,
    },
    vault::Vault,
    words::{Language, Sentence, key},
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

/// A note with the name it bears elsewhere. Its fields stand here one by one: flattened, unknown ones would pass unseen.
#[derive(Deserialize, Debug, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedNote {
    /// Unique within the space and label.
    pub external_id: String,
    /// What it is for.
    pub kind: NoteKind,
    /// Title, one line.
    pub title: String,
    /// Markdown.
    #[serde(default)]
    pub body: String,
    /// Tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// `fr`, `en` or `de`; French when left out.
    #[serde(default)]
    pub language: Option<String>,
    /// Sources.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// Admiralty grade.
    #[serde(default)]
    pub grade: Option<Grade>,
    /// Review day.
    #[serde(default)]
    pub review: Option<String>,
    /// Expiry day.
    #[serde(default)]
    pub expires: Option<String>,
    /// The label that the item had where it came from. It gets the working label, and is refused when that is not above.
    #[serde(default)]
    pub label: Option<String>,
}

impl Item {
    /// The external name, as far as it may be told again.
    fn name(&self) -> String {
        let name = match self {
            Self::Note(note) => &note.external_id,
            Self::Link(link) => &link.external_id,
        };
        name.chars().take(limits::EXTERNAL_ID_BYTES_MAX).collect()
    }
}

impl ImportedNote {
    fn content(self) -> NoteContent {
        NoteContent {
            kind: self.kind,
            title: self.title,
            body: self.body,
            tags: self.tags,
            language: self.language.unwrap_or_else(|| "fr".to_owned()),
            sources: self.sources,
            grade: self.grade,
            review: self.review,
            expires: self.expires,
        }
    }
}

/// A link with the name it bears elsewhere.
#[derive(Deserialize, Debug, schemars::JsonSchema)]
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
    /// The label that the item had where it came from; as a note's.
    #[serde(default)]
    pub label: Option<String>,
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
    /// Why it was refused; `raised` for what was taken at a label above the one that it had.
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
    let body = body.into_inner().map_err(|_poisoned| ApiError::Internal)?;
    // Decided before the first item: a space that cannot be reached is absent as a whole.
    let claim = crate::sharing::space::claim_on(&call.vault, query.space)?;
    let permit = call.vault.monitor().write(&call.subject, crate::audit::entry::Act::Import, &[claim]).await?;
    call.vault.draft(permit).commit().await?;
    call.vault.ensure_label(&call.subject).await?;
    let (sender, receiver) = mpsc::channel(limits::IMPORT_RESULTS_WAITING);
    // Ends with the body, or when nobody reads the results any more.
    let label = *call.subject.working();
    let desk = Desk { vault: call.vault, subject: call.subject, language: call.language };
    drop(tokio::spawn(run(desk, query.space, body, sender)));
    Ok(Answer { content: Content::Lines(receiver), label: Some(label), ..Answer::done() })
}

/// Who imports, and in which language he is answered.
struct Desk {
    vault: Arc<Vault>,
    subject: Subject,
    language: Language,
}

async fn run(desk: Desk, space: SpaceId, body: Body, results: mpsc::Sender<Vec<u8>>) {
    let desk = Arc::new(desk);
    let mut lines = Lines::of(body);
    let mut under_way = FuturesOrdered::new();
    let mut names_under_way: VecDeque<Vec<String>> = VecDeque::new();
    let mut held: Option<(u64, Parsed)> = None;
    let mut number: u64 = 0;
    let mut open = true;
    loop {
        // An item waits for those before it that bear its name or the name of an end: a link for its notes.
        let free = |(_, item): &mut (u64, Parsed)| {
            let names = item.names();
            !names_under_way.iter().flatten().any(|busy| names.contains(&busy.as_str()))
        };
        if let Some((line, item)) = held.take_if(free) {
            names_under_way.push_back(item.own_name());
            let desk = Arc::clone(&desk);
            // A task each, or one core would seal everything.
            under_way.push_back(UnderWay(tokio::spawn(async move { done(&desk, space, line, item).await })));
        }
        if !open && held.is_none() && under_way.is_empty() {
            return;
        }
        let room = open && held.is_none() && under_way.len() < limits::IMPORT_ITEMS_AT_ONCE;
        tokio::select! {
            // The reader of the results is gone: its connection was closed or cut.
            () = results.closed() => return,
            line = lines.next(), if room => match line {
                Some(line) => {
                    number = number.saturating_add(1);
                    held = Some((number, Parsed::of(line)));
                }
                None => open = false,
            },
            Some(outcome) = under_way.next(), if !under_way.is_empty() => {
                names_under_way.pop_front();
                let Ok(outcome) = outcome else { return };
                let Ok(mut line) = serde_json::to_vec(&outcome) else { return };
                line.push(b'\n');
                if results.send(line).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// An item's task. It ends with the import: whoever was cut off goes on with nothing.
struct UnderWay(JoinHandle<Outcome>);

impl Future for UnderWay {
    type Output = Result<Outcome, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A line read as an item, or why it is none.
struct Parsed(Result<Item, ApiError>);

impl Parsed {
    fn of(line: Line) -> Self {
        let bytes = match line {
            Line::Whole(bytes) => bytes,
            Line::TooLong => return Self(Err(ApiError::TooLarge)),
            Line::Broken => return Self(Err(ApiError::MalformedJson)),
        };
        Self(serde_json::from_slice(&bytes).map_err(|error| {
            if error.is_data() {
                ApiError::WrongShape(error.to_string().chars().take(200).collect())
            } else {
                ApiError::MalformedJson
            }
        }))
    }

    /// The external names it depends on.
    fn names(&self) -> Vec<&str> {
        match &self.0 {
            Ok(Item::Note(note)) => vec![&note.external_id],
            Ok(Item::Link(link)) => vec![&link.external_id, &link.from, &link.to],
            Err(_) => Vec::new(),
        }
    }

    /// The external name that it makes.
    fn own_name(&self) -> Vec<String> {
        self.names().first().map(|name| (*name).to_owned()).into_iter().collect()
    }
}

/// Does one item.
async fn done(desk: &Desk, space: SpaceId, line: u64, item: Parsed) -> Outcome {
    let refused = |external_id: Option<String>, error: &ApiError| Outcome {
        line,
        external_id,
        status: "refused",
        id: None,
        code: Some(error.code()),
        detail: Some(error.sentence().render(desk.language)),
    };
    let item = match item.0 {
        Ok(item) => item,
        Err(error) => return refused(None, &error),
    };
    // Looked up again for every item: a clearance lowered during a long import counts from the next line on.
    let renewed = desk.subject.renewed(&desk.vault.monitor().config());
    let Ok(subject) = renewed else { return refused(None, &ApiError::NotFound) };
    let claimed = match &item {
        Item::Note(note) => note.label.clone(),
        Item::Link(link) => link.label.clone(),
    };
    let raised = match claimed.map(|label| raised(desk, &subject, &label)).transpose() {
        Ok(raised) => raised.flatten(),
        Err(error) => return refused(Some(item.name()), &error),
    };
    let (external_id, done) = match item {
        Item::Note(note) => (note.external_id.clone(), import_note(&desk.vault, &subject, space, note).await),
        Item::Link(link) => (link.external_id.clone(), import_link(&desk.vault, &subject, space, link).await),
    };
    match done {
        Ok((status, id)) => {
            let code = raised.as_ref().map(|_| RAISED);
            Outcome { line, external_id: Some(external_id), status, id: Some(id), code, detail: raised }
        }
        Err(error) => refused(Some(external_id.chars().take(limits::EXTERNAL_ID_BYTES_MAX).collect()), &error),
    }
}

/// The code of an item that was taken at a label above the one that it had.
const RAISED: &str = "raised";

/// What is told when the item had a lower label; nothing when it had this one. A higher one would be written down.
fn raised(desk: &Desk, subject: &Subject, claimed: &str) -> Result<Option<String>, ApiError> {
    let config = desk.vault.monitor().config();
    let policy = config.policy();
    let label = policy.parse_label(claimed).map_err(|_unknown| ApiError::MarkedAbove)?;
    if !label.flows_to(subject.working()) {
        return Err(ApiError::MarkedAbove);
    }
    let marking = || policy.marking(&label, desk.language);
    Ok((label != *subject.working())
        .then(|| Sentence::new(key::PROBLEM_RAISED).with("marking", marking()).render(desk.language)))
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
    let external_id = note.external_id.clone();
    let content = note.content().checked(vault.clock().now())?;
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
    let content = LinkContent { from: end(&link.from)?, to: end(&link.to)?, kind: link.kind, comment: link.comment };
    let content = content.checked(true)?;
    named(&link.external_id)?;
    // The identifiers of the ends are part of what is sent: notes deleted and imported again are linked again.
    let sent = serde_json::to_vec(&content).map_err(|_never| ApiError::Internal)?;
    let mut name = Name::external_link(space.id(), &link.external_id).saying(&sent);
    let status = match name.find(vault, subject)? {
        Some(known) if known.digest == name.digest() => return Ok(("unchanged", known.id)),
        // A link has one version: the changed one takes the place of the old.
        Some(known) => {
            match links::delete(vault, subject, LinkId(known.id)).await.map_err(ApiError::from) {
                // Gone with one of its ends: nobody sees it any more.
                Ok(()) | Err(ApiError::NotFound) => {}
                Err(error) => return Err(error),
            }
            name.find(vault, subject)?;
            "updated"
        }
        None => "created",
    };
    let id = LinkId(vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    links::create(vault, subject, id, content, Some(External { space, name: link.external_id }), &[name]).await?;
    Ok((status, id.id()))
}
