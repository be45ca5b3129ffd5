//! The history of a note: its versions, what changed between two of them, and one restored.

use askama::Template;
use serde::Deserialize;

use crate::{
    api::ApiError,
    ids::{NoteId, SpaceId},
    limits,
    sharing::{SharingError, note::Note, notes, revisions},
    text::{Html, diff},
    vault::{Opened, WriteError},
    web::{
        frame::{Frame, Rail, Room},
        marking::Chip,
        page::{Shown, framed},
        token::{Token, notice},
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    frame: Frame,
    id: NoteId,
    title: String,
    versions: Vec<Version>,
    /// The two that are compared, older first, and how the newer one differs.
    compared: Option<(u64, u64, Html, Html)>,
    next: Option<u64>,
    here: bool,
    token: String,
    notice: Option<String>,
}

framed!(HistoryPage);

struct Version {
    number: u64,
    chip: Chip,
    editor: String,
    moment: String,
    restored: Option<u64>,
    present: bool,
}

/// Query of `GET /notes/{id}/history`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Asked {
    before: Option<u64>,
    from: Option<u64>,
    to: Option<u64>,
}

fn restore_of(id: NoteId) -> String {
    format!("revision-restore {id}")
}

/// `GET /notes/{id}/history`
///
/// # Errors
/// [`ApiError`].
pub async fn history(visit: Visit) -> Result<Shown, ApiError> {
    let asked: Asked = visit.call.query()?;
    Shown::page(&page(&visit, asked, None).await?)
}

async fn page(visit: &Visit, asked: Asked, notice: Option<String>) -> Result<HistoryPage, ApiError> {
    let (vault, subject, id) = (visit.vault(), visit.subject(), visit.call.id::<NoteId>("id"));
    let (rail, note) = tokio::join!(Rail::of(&visit.visitor), notes::read(vault, subject, id));
    let (rail, note) = (rail?, note?);
    let limit = limits::PAGE_ROWS_DEFAULT;
    let found = revisions::list(vault, subject, id, asked.before.unwrap_or(u64::MAX), limit).await?;
    let mut labels: Vec<_> = found.iter().map(|version| version.label).chain([note.label]).collect();
    let compared = match (asked.from, asked.to) {
        (Some(from), Some(to)) => {
            let (old, new) = (from.min(to), from.max(to));
            let old = revisions::read(vault, subject, id, old).await?;
            let new = revisions::read(vault, subject, id, new).await?;
            labels.extend([old.label, new.label]);
            Some(difference(&old, &new))
        }
        _ => None,
    };
    let next = if found.len() == limit { found.last().map(|version| version.version) } else { None };
    let space = SpaceId(note.home);
    let title = note.content.content.title.clone();
    Ok(HistoryPage {
        id,
        versions: found.iter().map(|version| row(visit, version, note.version)).collect(),
        compared,
        next,
        here: visit.visitor.works_at(&note.label),
        token: Token::fresh(visit, &restore_of(id), note.version)?,
        notice,
        frame: Frame::over(&visit.visitor, rail, Room::Space(space), Window::History, visit.visitor.joined(labels)),
        title,
    })
}

fn row(visit: &Visit, version: &Opened<Note>, present: u64) -> Version {
    Version {
        number: version.version,
        chip: Chip::of(&visit.visitor, &version.label),
        editor: visit.visitor.name(version.content.editor),
        moment: visit.tongue().moment(version.modified),
        restored: version.content.restored,
        present: version.version == present,
    }
}

fn difference(old: &Opened<Note>, new: &Opened<Note>) -> (u64, u64, Html, Html) {
    let (before, after) = (&old.content.content, &new.content.content);
    let title = diff::marked(&diff::diff(&before.title, &after.title));
    let body = diff::marked(&diff::diff(&before.body, &after.body));
    (old.version, new.version, title, body)
}

/// `POST /notes/{id}/history`: an old version becomes the next one.
///
/// # Errors
/// [`ApiError`].
pub async fn restore(visit: Visit) -> Result<Shown, ApiError> {
    let id: NoteId = visit.call.id("id");
    let old = visit.form.line("version").parse().unwrap_or(0);
    let done = match Token::sent(&visit, &restore_of(id)) {
        None => Err(ApiError::LabelMismatch),
        Some(token) => match revisions::restore(visit.vault(), visit.subject(), id, token.version, old).await {
            Ok(_) => Ok(()),
            Err(SharingError::Write(WriteError::Stale(_))) => Err(ApiError::Stale(String::new())),
            Err(other) => Err(other.into()),
        },
    };
    match done {
        Ok(()) => Ok(Shown::see(format!("/notes/{id}"))),
        Err(why @ (ApiError::LabelMismatch | ApiError::Stale(_) | ApiError::Conflict | ApiError::Forbidden(_))) => {
            let told = notice(&why, visit.tongue());
            let asked = Asked { before: None, from: None, to: None };
            Shown::refused(&page(&visit, asked, Some(told)).await?, why)
        }
        Err(other) => Err(other),
    }
}
