//! Attachments of notes: announced, sent from wherever they stand, listed, read whole or in part, deleted.

use axum::body::Body;
use serde::Deserialize;

use super::{
    Answer, ApiError, Call, Content, File, Inbound, Shown, disposition::disposition, range::Asked, shapes,
    spaces::joined,
};
use crate::{
    ids::{AttachmentId, NoteId},
    sharing::{
        SharingError,
        attachment::{Announced, Attachment, AttachmentCard, State},
        attachments, uploads,
    },
    vault::Opened,
};

/// Body of `POST /notes/{id}/attachments`.
#[derive(Deserialize, Debug, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttachment {
    /// Name of the file, one line, without folders.
    pub name: String,
    /// Bytes that will come.
    pub size: u64,
    /// SHA-256 of the content, 64 lower-case hexadecimal digits: what comes is compared with it.
    #[serde(default)]
    pub digest: Option<String>,
    /// If given, must be the working label.
    #[serde(default)]
    pub label: Option<String>,
}

fn whole(call: &Call, opened: &Opened<Attachment>) -> shapes::AttachmentView {
    let content = &opened.content;
    shapes::AttachmentView {
        id: AttachmentId(opened.id),
        version: opened.version,
        label: call.view(&opened.label),
        note: content.note,
        name: content.name.clone(),
        size: content.size,
        offset: content.size,
        complete: true,
        kind: Some(content.kind),
        digest: Some(content.digest.to_string()),
        created: content.created,
        until: None,
        author: call.person(opened.author),
    }
}

/// An attachment as a list opens it.
pub(super) fn listed(call: &Call, card: Opened<AttachmentCard>) -> shapes::AttachmentView {
    let Opened { id, version, label, home, author, modified, content } = card;
    whole(call, &Opened { id, version, label, home, author, modified, content: content.0 })
}

fn answer(call: &Call, state: &State) -> Result<Answer, ApiError> {
    let (view, label, tag) = match state {
        State::Whole(opened) => (whole(call, opened), opened.label, call.tag(opened)?),
        State::Unfinished { upload, offset } => {
            let content = &upload.content;
            let view = shapes::AttachmentView {
                id: AttachmentId(upload.id),
                version: upload.version,
                label: call.view(&upload.label),
                note: content.note,
                name: content.name.clone(),
                size: content.size,
                offset: *offset,
                complete: false,
                kind: None,
                digest: content.digest.map(|digest| digest.to_string()),
                created: content.created,
                until: Some(content.until),
                author: call.person(upload.author),
            };
            (view, upload.label, call.tag(upload)?)
        }
    };
    let offset = Some(view.offset);
    Ok(Answer { offset, ..Answer::labelled(&view, label)?.tagged(tag) })
}

/// `GET /notes/{id}/attachments`
///
/// # Errors
/// [`ApiError`].
pub async fn of_note(call: Call) -> Result<Answer, ApiError> {
    let cards = attachments::of_note(&call.vault, &call.subject, call.id("id")).await?;
    let label = joined(&call, cards.iter().map(|card| card.label));
    let items = cards.into_iter().map(|card| listed(&call, card)).collect();
    Answer::labelled(&shapes::Page::<shapes::AttachmentView> { items, next: None }, label)
}

/// `POST /notes/{id}/attachments`
///
/// # Errors
/// [`ApiError`].
pub async fn begin(call: Call) -> Result<Answer, ApiError> {
    let new: NewAttachment = call.json()?;
    call.same_label(new.label.as_deref())?;
    let announced = Announced::checked(&new.name, new.size, new.digest.as_deref())?;
    let note: NoteId = call.id("id");
    let mut name = call.repeat()?;
    if let Some(id) = call.repeated(&mut name)? {
        let state = attachments::read(&call.vault, &call.subject, AttachmentId(id)).await?;
        return Ok(answer(&call, &state)?.created());
    }
    let id = AttachmentId(call.vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    let names: Vec<_> = name.into_iter().collect();
    let state = uploads::begin(&call.vault, &call.subject, id, note, announced, &names).await?;
    Ok(answer(&call, &state)?.created())
}

/// `GET /attachments/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn read(call: Call) -> Result<Answer, ApiError> {
    let state = attachments::read(&call.vault, &call.subject, call.id("id")).await?;
    answer(&call, &state)
}

/// `DELETE /attachments/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn delete(call: Call) -> Result<Answer, ApiError> {
    let id: AttachmentId = call.id("id");
    let version = call.matched(id.id())?;
    let done = attachments::delete(&call.vault, &call.subject, id, version).await;
    done.map_err(|error| call.told(error, id.id()))?;
    Ok(Answer::done())
}

/// Query of `PUT /attachments/{id}/content`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct At {
    offset: u64,
}

/// `PUT /attachments/{id}/content?offset=…`
///
/// # Errors
/// [`ApiError`]; [`ApiError::Offset`] when the upload stands elsewhere.
pub async fn append(mut call: Call) -> Result<Answer, ApiError> {
    let query: At = call.query()?;
    let Inbound::Stream(body) = std::mem::replace(&mut call.body, Inbound::Whole(bytes::Bytes::new())) else {
        return Err(ApiError::Internal);
    };
    let parts = Body::into_data_stream(body.into_inner().map_err(|_poisoned| ApiError::Internal)?);
    let state = uploads::receive(&call.vault, &call.subject, call.id("id"), query.offset, parts).await;
    answer(&call, &state.map_err(|error: SharingError| ApiError::from(error))?)
}

/// Query of `GET /attachments/{id}/content`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct How {
    #[serde(default)]
    inline: bool,
}

/// `GET /attachments/{id}/content`
///
/// # Errors
/// [`ApiError`].
pub async fn content(call: Call) -> Result<Answer, ApiError> {
    let query: How = call.query()?;
    let content = attachments::open(&call.vault, &call.subject, call.id("id")).await?;
    let attachment = content.attachment();
    let (size, label, tag) = (attachment.content.size, attachment.label, call.tag(attachment)?);
    // Only pictures whose first bytes say so are ever shown in their place; whatever was asked, all else is saved.
    let shown = match attachment.content.kind.shown_as() {
        Some(media) if query.inline => Shown::Inline(media),
        _ => Shown::Saved,
    };
    let disposition = disposition(shown, &attachment.content.name);
    // A part of another version would be joined to the wrong bytes.
    let range = call.range.as_deref().filter(|_| call.if_range.as_ref().is_none_or(|given| *given == tag));
    let (content, part) = match Asked::of(range, size) {
        Asked::Whole => (content, None),
        Asked::Part(start, end) => (content.part(start, end), Some((start, end))),
        Asked::Nothing => return Err(ApiError::Range(size)),
    };
    let file = File { content, size, part, shown, disposition };
    Ok(Answer { content: Content::File(Box::new(file)), label: Some(label), ..Answer::done() }.tagged(tag))
}
