//! Attachments of a note: listed, fetched, taken away, sent. The page's script sends them to the JSON interface, in parts, and
//! goes on where it was cut; without it a form sends one whole, stored on the same path as it comes.

use super::acts::ConfirmPage;
use axum::body::Body;
use bytes::Bytes;
use futures_util::Stream;

use crate::{
    api::{ApiError, Inbound, attachments as api},
    ids::{AttachmentId, NoteId},
    label::Label,
    sharing::{
        Invalid, SharingError,
        attachment::{Announced, State},
        attachments, uploads,
    },
    vault::WriteError,
    web::{
        elsewhere::Switch,
        frame::{Frame, Rail, Room},
        marking::{Chip, Stamp},
        page::Shown,
        parts::{self, Sent, Unread},
        token::{Token, notice},
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

/// A file in the list.
pub(super) struct FileRow {
    pub(super) id: AttachmentId,
    pub(super) chip: Chip,
    pub(super) name: String,
    pub(super) size: String,
    /// Whether it can be taken away at the working label.
    pub(super) here: bool,
}

/// The files of a note, and their labels.
pub(super) async fn of_note(visit: &Visit, note: NoteId) -> Result<(Vec<FileRow>, Vec<Label>), ApiError> {
    let cards = attachments::of_note(visit.vault(), visit.subject(), note).await?;
    let labels = cards.iter().map(|card| card.label).collect();
    let rows = cards.iter().map(|card| FileRow {
        id: AttachmentId(card.id),
        chip: Chip::of(&visit.visitor, &card.label),
        name: card.content.0.name.clone(),
        size: visit.tongue().size(card.content.0.size),
        here: visit.visitor.works_at(&card.label),
    });
    Ok((rows.collect(), labels))
}

/// `GET /files/{id}`: the content, as the JSON interface sends it, at the working label of the cookie.
///
/// # Errors
/// [`ApiError`].
pub async fn content(visit: Visit) -> Result<Shown, ApiError> {
    Ok(Shown::File(Box::new(api::content(visit.call).await?)))
}

/// What the form that sends a file is about.
pub(super) fn send_of(id: NoteId) -> String {
    format!("attachment-send {id}")
}

/// `POST /notes/{id}/files`: a file, without a script.
///
/// # Errors
/// [`ApiError`].
pub async fn send(mut visit: Visit) -> Result<Shown, ApiError> {
    let id: NoteId = visit.call.id("id");
    let whole = Inbound::Whole(Bytes::new());
    let Inbound::Parts { boundary, length, body } = std::mem::replace(&mut visit.call.body, whole) else {
        return Err(ApiError::Internal);
    };
    let body = Body::into_data_stream(body.into_inner().map_err(|_poisoned| ApiError::Internal)?);
    let done = match parts::opened(&boundary, length, body).await {
        Ok(sent) => received(&mut visit, id, sent).await,
        Err(Unread::Cut) => Err(ApiError::Cut),
        Err(Unread::Malformed) => Err(ApiError::UnsupportedMediaType),
    };
    match done {
        Ok(()) => Ok(Shown::see(format!("/notes/{id}#pieces-jointes"))),
        Err(why @ (ApiError::NotFound | ApiError::Unavailable | ApiError::Internal)) => Err(why),
        Err(why) => super::read::not_done(&visit, why).await,
    }
}

async fn received<C>(visit: &mut Visit, note: NoteId, sent: Sent<C>) -> Result<(), ApiError>
where
    C: Stream<Item = Result<Bytes, Unread>> + Unpin,
{
    visit.form = sent.form;
    Token::sent(visit, &send_of(note)).ok_or(ApiError::LabelMismatch)?;
    if sent.name.is_empty() {
        return Err(Invalid::Empty("file").into());
    }
    let announced = Announced::checked(&sent.name, sent.size, None)?;
    let (vault, subject) = (visit.vault(), visit.subject());
    let id = AttachmentId(vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    uploads::begin(vault, subject, id, note, announced, &[]).await?;
    let why = match uploads::receive(vault, subject, id, 0, sent.content).await {
        Ok(State::Whole(_)) => return Ok(()),
        Ok(State::Unfinished { .. }) => ApiError::Cut,
        Err(why) => why.into(),
    };
    // Without a script nobody goes on with it: it gives its place back.
    if let Ok(State::Unfinished { upload, .. }) = attachments::read(vault, subject, id).await {
        match attachments::delete(vault, subject, id, upload.version).await {
            Ok(()) => {}
            Err(error) => tracing::info!(?error, "an upload that was cut stays until it is swept"),
        }
    }
    Err(why)
}

fn delete_of(id: AttachmentId) -> String {
    format!("attachment-delete {id}")
}

/// `GET /files/{id}/delete`
///
/// # Errors
/// [`ApiError`].
pub async fn ask_delete(visit: Visit) -> Result<Shown, ApiError> {
    Shown::page(&delete_page(&visit, None).await?.0)
}

async fn delete_page(visit: &Visit, notice: Option<String>) -> Result<(ConfirmPage, NoteId), ApiError> {
    let (id, w) = (visit.call.id::<AttachmentId>("id"), visit.tongue());
    let (rail, state) = tokio::join!(Rail::of(&visit.visitor), attachments::read(visit.vault(), visit.subject(), id));
    let (rail, state) = (rail?, state?);
    let (name, note, label, version) = match state {
        State::Whole(opened) => (opened.content.name, opened.content.note, opened.label, opened.version),
        State::Unfinished { upload, .. } => (upload.content.name, upload.content.note, upload.label, upload.version),
    };
    let page = ConfirmPage {
        frame: Frame::over(&visit.visitor, rail, Room::Nowhere, Window::Question, label),
        stamp: Stamp::of(&visit.visitor, &label),
        question: w.say(k::WEB_FILE_DELETE_QUESTION),
        what: name,
        effect: w.say(k::WEB_FILE_DELETE_EFFECT),
        action: format!("/files/{id}/delete"),
        back: format!("/notes/{note}"),
        button: w.say(k::WEB_NOTE_DELETE),
        token: Token::fresh(visit, &delete_of(id), version)?,
        notice,
        switch: Switch::to(&visit.visitor, &label),
    };
    Ok((page, note))
}

/// `POST /files/{id}/delete`
///
/// # Errors
/// [`ApiError`].
pub async fn delete(visit: Visit) -> Result<Shown, ApiError> {
    let id: AttachmentId = visit.call.id("id");
    let (_, note) = delete_page(&visit, None).await?;
    let done = match Token::sent(&visit, &delete_of(id)) {
        None => Err(ApiError::LabelMismatch),
        Some(token) => match attachments::delete(visit.vault(), visit.subject(), id, token.version).await {
            Ok(()) => Ok(()),
            Err(SharingError::Write(WriteError::Stale(_))) => Err(ApiError::Stale(String::new())),
            Err(other) => Err(other.into()),
        },
    };
    match done {
        Ok(()) => Ok(Shown::see(format!("/notes/{note}"))),
        Err(why @ (ApiError::LabelMismatch | ApiError::Stale(_) | ApiError::Conflict | ApiError::Forbidden(_))) => {
            let told = notice(&why, visit.tongue());
            Shown::refused(&delete_page(&visit, Some(told)).await?.0, why)
        }
        Err(other) => Err(other),
    }
}
