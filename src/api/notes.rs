//! Notes, their history, and the feed.

use serde::Deserialize;

use super::{Answer, ApiError, Call, shapes, spaces::joined};
use crate::{
    ids::{NoteId, SpaceId},
    limits,
    sharing::{
        note::{Grade, Note, NoteCard, NoteContent, NoteKind, Source},
        notes::{self, Origin},
        revisions,
    },
    vault::{Opened, rows::Place},
};

/// Body of `POST /notes` and, without `space`, of `PUT /notes/{id}`.
#[derive(Deserialize, Debug, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// Where it will live; only when it is created.
    #[serde(default)]
    pub space: Option<SpaceId>,
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
    /// If given, must be the working label.
    #[serde(default)]
    pub label: Option<String>,
}

impl NewNote {
    fn content(self, call: &Call) -> Result<NoteContent, ApiError> {
        call.same_label(self.label.as_deref())?;
        let content = NoteContent {
            kind: self.kind,
            title: self.title,
            body: self.body,
            tags: self.tags,
            language: self.language.unwrap_or_else(|| "fr".to_owned()),
            sources: self.sources,
            grade: self.grade,
            review: self.review,
            expires: self.expires,
        };
        Ok(content.checked(call.vault.clock().now())?)
    }
}

pub(super) fn view(call: &Call, note: Opened<Note>) -> shapes::NoteView {
    let Note { content, created, editor, restored, external } = note.content;
    shapes::NoteView {
        id: NoteId(note.id),
        version: note.version,
        label: call.view(&note.label),
        space: SpaceId(note.home),
        kind: content.kind,
        title: content.title,
        body: content.body,
        tags: content.tags,
        language: content.language,
        sources: content.sources,
        grade: content.grade,
        review: content.review,
        expires: content.expires,
        created,
        author: call.person(note.author),
        modified: note.modified,
        editor: call.person(editor),
        restored,
        external_id: external,
    }
}

pub(super) fn card(call: &Call, card: Opened<NoteCard>) -> shapes::CardView {
    let content = card.content;
    shapes::CardView {
        id: NoteId(card.id),
        version: card.version,
        label: call.view(&card.label),
        space: SpaceId(card.home),
        kind: content.kind,
        title: content.title,
        extract: content.extract,
        tags: content.tags,
        language: content.language,
        grade: content.grade,
        review: content.review,
        expires: content.expires,
        created: content.created,
        author: call.person(card.author),
        modified: card.modified,
        editor: call.person(content.editor),
    }
}

fn answer(call: &Call, note: Opened<Note>) -> Result<Answer, ApiError> {
    let (tag, label) = (call.tag(&note)?, note.label);
    Ok(Answer::labelled(&view(call, note), label)?.tagged(tag))
}

/// `POST /notes`
///
/// # Errors
/// [`ApiError`].
pub async fn create(call: Call) -> Result<Answer, ApiError> {
    let new: NewNote = call.json()?;
    let space = new.space.ok_or(crate::sharing::Invalid::Empty("space"))?;
    let content = new.content(&call)?;
    let mut name = call.repeat()?;
    if let Some(id) = call.repeated(&mut name)? {
        let note = notes::read(&call.vault, &call.subject, NoteId(id)).await?;
        return Ok(answer(&call, note)?.created());
    }
    let id = NoteId(call.vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    let names: Vec<_> = name.into_iter().collect();
    let note = notes::create(&call.vault, &call.subject, id, space, content, Origin::HERE, &names).await?;
    Ok(answer(&call, note)?.created())
}

/// `GET /notes/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn read(call: Call) -> Result<Answer, ApiError> {
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::ErrorTellsOfHidden)
        && let Ok(Some(hidden)) = notes::unread(&call.vault, call.id("id"))
        && notes::read(&call.vault, &call.subject, call.id("id")).await.is_err()
    {
        return Err(ApiError::WrongShape(format!("not yours since {hidden}")));
    }
    let note = notes::read(&call.vault, &call.subject, call.id("id")).await?;
    answer(&call, note)
}

/// `PUT /notes/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn change(call: Call) -> Result<Answer, ApiError> {
    let new: NewNote = call.json()?;
    if new.space.is_some() {
        return Err(ApiError::WrongShape("a note does not change its space".to_owned()));
    }
    let content = new.content(&call)?;
    let id: NoteId = call.id("id");
    let version = call.matched(id.id())?;
    let note = notes::change(&call.vault, &call.subject, id, version, content, Origin::HERE).await;
    answer(&call, note.map_err(|error| call.told(error, id.id()))?)
}

/// `DELETE /notes/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn delete(call: Call) -> Result<Answer, ApiError> {
    let id: NoteId = call.id("id");
    let version = call.matched(id.id())?;
    let done = notes::delete(&call.vault, &call.subject, id, version).await;
    done.map_err(|error| call.told(error, id.id()))?;
    Ok(Answer::done())
}

/// Query of `GET /notes`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct OfSpace {
    space: SpaceId,
    after: Option<String>,
    limit: Option<usize>,
}

/// `GET /notes?space=…`
///
/// # Errors
/// [`ApiError`].
pub async fn of_space(call: Call) -> Result<Answer, ApiError> {
    let query: OfSpace = call.query()?;
    let after = call.place(query.after.as_deref())?;
    let limit = page_limit(query.limit);
    let cards = notes::of_space(&call.vault, &call.subject, query.space, after.as_ref(), limit).await?;
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::LabelJoinsHidden)
        || crate::exam::planted(crate::exam::Leak::CursorTotals)
    {
        let all = notes::beneath(&call.vault, &call.subject, query.space);
        let label = joined(&call, all.iter().copied());
        let full = cards.len() == limit;
        let items = cards.into_iter().map(|opened| card(&call, opened)).collect();
        let next =
            Some(all.len().to_string()).filter(|_| crate::exam::planted(crate::exam::Leak::CursorTotals) && full);
        return Answer::labelled(&shapes::Page::<shapes::CardView> { items, next }, label);
    }
    page(&call, cards, limit)
}

/// `GET /feed`
///
/// # Errors
/// [`ApiError`].
pub async fn feed(call: Call) -> Result<Answer, ApiError> {
    let query: shapes::Paging = call.query()?;
    let after = call.place(query.after.as_deref())?;
    let limit = page_limit(query.limit);
    let cards = notes::feed(&call.vault, &call.subject, after.as_ref(), limit).await?;
    page(&call, cards, limit)
}

pub(super) fn page_limit(asked: Option<usize>) -> usize {
    asked.unwrap_or(limits::PAGE_ROWS_DEFAULT).clamp(1, limits::PAGE_ROWS_MAX)
}

fn page(call: &Call, cards: Vec<Opened<NoteCard>>, limit: usize) -> Result<Answer, ApiError> {
    let next = match cards.last() {
        Some(last) if cards.len() == limit => Some(call.cursor(Place { order: last.modified.0, id: last.id })?),
        _ => None,
    };
    let label = joined(call, cards.iter().map(|card| card.label));
    let items = cards.into_iter().map(|opened| card(call, opened)).collect();
    Answer::labelled(&shapes::Page::<shapes::CardView> { items, next }, label)
}

/// Query of `GET /notes/{id}/revisions`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Before {
    before: Option<u64>,
    limit: Option<usize>,
}

/// `GET /notes/{id}/revisions`
///
/// # Errors
/// [`ApiError`].
pub async fn history(call: Call) -> Result<Answer, ApiError> {
    let query: Before = call.query()?;
    let before = query.before.unwrap_or(u64::MAX);
    let limit = page_limit(query.limit);
    let versions = revisions::list(&call.vault, &call.subject, call.id("id"), before, limit).await?;
    let next = if versions.len() == limit { versions.last().map(|version| version.version.to_string()) } else { None };
    let label = joined(&call, versions.iter().map(|version| version.label));
    let items = versions
        .iter()
        .map(|version| shapes::RevisionView {
            version: version.version,
            label: call.view(&version.label),
            title: version.content.content.title.clone(),
            modified: version.modified,
            editor: call.person(version.content.editor),
            restored: version.content.restored,
        })
        .collect();
    Answer::labelled(&shapes::Page::<shapes::RevisionView> { items, next }, label)
}

/// `GET /notes/{id}/revisions/{version}`
///
/// # Errors
/// [`ApiError`].
pub async fn revision(call: Call) -> Result<Answer, ApiError> {
    let version = call.part("version").parse().unwrap_or(0);
    let note = revisions::read(&call.vault, &call.subject, call.id("id"), version).await?;
    let label = note.label;
    Answer::labelled(&view(&call, note), label)
}

/// `POST /notes/{id}/revisions/{version}/restore`
///
/// # Errors
/// [`ApiError`].
pub async fn restore(call: Call) -> Result<Answer, ApiError> {
    let id: NoteId = call.id("id");
    let old = call.part("version").parse().unwrap_or(0);
    let version = call.matched(id.id())?;
    let note = revisions::restore(&call.vault, &call.subject, id, version, old).await;
    answer(&call, note.map_err(|error| call.told(error, id.id()))?)
}
