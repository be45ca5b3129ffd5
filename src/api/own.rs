//! What is one's own: drafts, what names one, what is due for review; and the templates of a space.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    Answer, ApiError, Call,
    notes::{card, page_limit},
    shapes,
    spaces::joined,
};
use crate::{
    ids::{DraftId, MessageId, NoteId, SpaceId},
    sharing::{
        calls,
        note::NoteCard,
        notes,
        sketches::{self, Sketch, SketchContent},
    },
    vault::{Opened, rows::Place},
};

/// Body of `POST /drafts` and `PUT /drafts/{id}`.
#[derive(Deserialize, Debug, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// The space that the note is for, if it is chosen.
    #[serde(default)]
    pub space: Option<SpaceId>,
    /// The note that is being changed, if it is not a new one.
    #[serde(default)]
    pub note: Option<NoteId>,
    /// Field by field, as typed: checked when it is published.
    pub form: BTreeMap<String, String>,
    /// If given, must be the working label.
    #[serde(default)]
    pub label: Option<String>,
}

impl NewDraft {
    fn content(self, call: &Call) -> Result<SketchContent, ApiError> {
        call.same_label(self.label.as_deref())?;
        Ok(SketchContent { space: self.space, note: self.note, form: self.form }.checked()?)
    }
}

fn answer(call: &Call, draft: &Opened<Sketch>) -> Result<Answer, ApiError> {
    let content = draft.content.content.clone();
    let view = shapes::DraftView {
        id: DraftId(draft.id),
        version: draft.version,
        label: call.view(&draft.label),
        space: content.space,
        note: content.note,
        form: content.form,
        created: draft.content.created,
        modified: draft.modified,
    };
    Ok(Answer::labelled(&view, draft.label)?.tagged(call.tag(draft)?))
}

/// `POST /drafts`
///
/// # Errors
/// [`ApiError`].
pub async fn begin_draft(call: Call) -> Result<Answer, ApiError> {
    let content = call.json::<NewDraft>()?.content(&call)?;
    let mut name = call.repeat()?;
    if let Some(id) = call.repeated(&mut name)? {
        let draft = sketches::read(&call.vault, &call.subject, id).await?;
        return Ok(answer(&call, &draft)?.created());
    }
    let id = call.vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?;
    let names: Vec<_> = name.into_iter().collect();
    let draft = sketches::create(&call.vault, &call.subject, id, content, &names).await?;
    Ok(answer(&call, &draft)?.created())
}

/// `GET /drafts/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn draft(call: Call) -> Result<Answer, ApiError> {
    let draft = sketches::read(&call.vault, &call.subject, call.id("id")).await?;
    answer(&call, &draft)
}

/// `PUT /drafts/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn save_draft(call: Call) -> Result<Answer, ApiError> {
    let content = call.json::<NewDraft>()?.content(&call)?;
    let id = call.id("id");
    let version = call.matched(id)?;
    let draft = sketches::change(&call.vault, &call.subject, id, version, content).await;
    answer(&call, &draft.map_err(|error| call.told(error, id))?)
}

/// `DELETE /drafts/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn drop_draft(call: Call) -> Result<Answer, ApiError> {
    let id = call.id("id");
    let version = call.matched(id)?;
    let done = sketches::delete(&call.vault, &call.subject, id, version).await;
    done.map_err(|error| call.told(error, id))?;
    Ok(Answer::done())
}

/// `GET /drafts`
///
/// # Errors
/// [`ApiError`].
pub async fn drafts(call: Call) -> Result<Answer, ApiError> {
    let query: shapes::Paging = call.query()?;
    let (after, limit) = (call.place(query.after.as_deref())?, page_limit(query.limit));
    let found = sketches::list(&call.vault, &call.subject, after.as_ref(), limit).await?;
    let next = next(&call, &found, limit, |draft| draft.modified.0)?;
    let label = joined(&call, found.iter().map(|draft| draft.label));
    let items = found
        .iter()
        .map(|draft| shapes::DraftCardView {
            id: DraftId(draft.id),
            version: draft.version,
            label: call.view(&draft.label),
            space: draft.content.space,
            note: draft.content.note,
            title: draft.content.title.clone(),
            created: draft.content.created,
            modified: draft.modified,
        })
        .collect();
    Answer::labelled(&shapes::Page::<shapes::DraftCardView> { items, next }, label)
}

/// `GET /mentions`
///
/// # Errors
/// [`ApiError`].
pub async fn mentions(call: Call) -> Result<Answer, ApiError> {
    let query: shapes::Paging = call.query()?;
    let (after, limit) = (call.place(query.after.as_deref())?, page_limit(query.limit));
    let found = calls::list(&call.vault, &call.subject, after.as_ref(), limit).await?;
    let next = next(&call, &found, limit, |call| call.content.created.0)?;
    let label = joined(&call, found.iter().map(|call| call.label));
    let items = found
        .iter()
        .map(|found| shapes::MentionView {
            note: found.content.conversation.is_none().then_some(NoteId(found.id)),
            conversation: found.content.conversation,
            message: found.content.conversation.map(|_| MessageId(found.id)),
            version: found.version,
            label: call.view(&found.label),
            title: found.content.title.clone(),
            sentence: found.content.sentence.clone(),
            author: call.person(found.author),
            modified: found.modified,
        })
        .collect();
    Answer::labelled(&shapes::Page::<shapes::MentionView> { items, next }, label)
}

/// `GET /reviews`
///
/// # Errors
/// [`ApiError`].
pub async fn reviews(call: Call) -> Result<Answer, ApiError> {
    let query: shapes::Paging = call.query()?;
    let (after, limit) = (call.place(query.after.as_deref())?, page_limit(query.limit));
    let cards = notes::reviews(&call.vault, &call.subject, after.as_ref(), limit).await?;
    cards_page(&call, cards, limit, |card| card.content.review_time().map_or(0, |day| day.0))
}

/// `GET /spaces/{id}/templates`
///
/// # Errors
/// [`ApiError`].
pub async fn templates(call: Call) -> Result<Answer, ApiError> {
    let query: shapes::Paging = call.query()?;
    let (after, limit) = (call.place(query.after.as_deref())?, page_limit(query.limit));
    let cards = notes::templates(&call.vault, &call.subject, call.id("id"), after.as_ref(), limit).await?;
    cards_page(&call, cards, limit, |card| card.modified.0)
}

fn cards_page(
    call: &Call,
    cards: Vec<Opened<NoteCard>>,
    limit: usize,
    order: impl Fn(&Opened<NoteCard>) -> u64,
) -> Result<Answer, ApiError> {
    let next = next(call, &cards, limit, order)?;
    let label = joined(call, cards.iter().map(|card| card.label));
    let items = cards.into_iter().map(|opened| card(call, opened)).collect();
    Answer::labelled(&shapes::Page::<shapes::CardView> { items, next }, label)
}

/// Where the next page starts: behind the last row, in the order of its list.
fn next<T>(
    call: &Call,
    page: &[Opened<T>],
    limit: usize,
    order: impl Fn(&Opened<T>) -> u64,
) -> Result<Option<String>, ApiError> {
    match page.last() {
        Some(last) if page.len() == limit => Ok(Some(call.cursor(Place { order: order(last), id: last.id })?)),
        _ => Ok(None),
    }
}
