//! Attachments of a note: listed, fetched, taken away. They are sent by the page's script to the JSON interface, in parts.

use super::acts::ConfirmPage;
use crate::{
    api::{ApiError, attachments as api},
    ids::{AttachmentId, NoteId},
    label::Label,
    sharing::{SharingError, attachment::State, attachments},
    vault::WriteError,
    web::{
        frame::{Frame, Rail, Room},
        marking::{Chip, Stamp},
        page::Shown,
        token::{Token, notice},
        visit::Visit,
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
        frame: Frame::over(&visit.visitor, rail, Room::Nowhere, name.clone(), label),
        stamp: Stamp::of(&visit.visitor, &label),
        question: w.say(k::WEB_FILE_DELETE_QUESTION),
        what: name,
        effect: w.say(k::WEB_FILE_DELETE_EFFECT),
        action: format!("/files/{id}/delete"),
        back: format!("/notes/{note}"),
        button: w.say(k::WEB_NOTE_DELETE),
        token: Token::fresh(visit, &delete_of(id), version)?,
        notice,
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
