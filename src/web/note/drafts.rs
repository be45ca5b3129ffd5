//! Drafts of notes: kept without a script by a button of the form, with one by `editor.js`; thrown away when asked twice.

use super::{acts::ConfirmPage, draft::NoteDraft};
use crate::{
    api::ApiError,
    ids::{DraftId, NoteId},
    sharing::{
        SharingError,
        sketches::{self, Sketch, SketchContent},
    },
    vault::{Opened, VaultError, WriteError},
    web::{
        elsewhere::Switch,
        form::Form,
        frame::{Frame, Rail, Room},
        marking::Stamp,
        page::Shown,
        token::{Token, notice},
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

/// The draft that a form is kept as.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Kept {
    pub(super) id: DraftId,
    pub(super) version: u64,
    /// Its entity tag, for the script that saves it; empty where the form only says which draft it is.
    pub(super) tag: String,
    /// When it was saved.
    pub(super) saved: Option<String>,
}

impl Kept {
    /// The draft that was read.
    pub(super) fn of(visit: &Visit, sketch: &Opened<Sketch>) -> Result<Self, ApiError> {
        Ok(Self {
            id: DraftId(sketch.id),
            version: sketch.version,
            tag: visit.call.tag(sketch)?,
            saved: Some(visit.tongue().with(k::WEB_DRAFT_SAVED, "hour", visit.tongue().hour(sketch.modified))),
        })
    }

    /// The draft that a form says it is kept as.
    pub(super) fn sent(form: &Form) -> Option<Self> {
        let id = form.line("draft").parse().ok()?;
        let version = form.line("draft-version").parse().unwrap_or(0);
        Some(Self { id, version, tag: String::new(), saved: None })
    }
}

/// Keeps what was typed, in the form's own draft or in a new one.
pub(super) async fn keep(visit: &Visit, note: Option<NoteId>, draft: &NoteDraft) -> Result<DraftId, ApiError> {
    let (vault, subject) = (visit.vault(), visit.subject());
    let over = visit.form.line(super::draft::OVER).parse().unwrap_or(0);
    let content = SketchContent { space: draft.space, note, form: draft.fields(over) }.checked()?;
    if let Some(kept) = Kept::sent(&visit.form) {
        match sketches::change(vault, subject, kept.id.id(), kept.version, content.clone()).await {
            Ok(_) => return Ok(kept.id),
            // Saved from another window, thrown away, or of another label: kept beside it, so that neither text is lost.
            Err(SharingError::Write(
                WriteError::Stale(_) | WriteError::Conflict | WriteError::Vault(VaultError::Refused(_)),
            )) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let id = vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?;
    sketches::create(vault, subject, id, content, &[]).await?;
    Ok(DraftId(id))
}

/// Removes the draft of a note that was saved. One that stays, because it is of another label, stays in the list.
pub(super) async fn published(visit: &Visit) {
    let Some(kept) = Kept::sent(&visit.form) else { return };
    let (vault, subject) = (visit.vault(), visit.subject());
    let Ok(sketch) = sketches::read(vault, subject, kept.id.id()).await else { return };
    match sketches::delete(vault, subject, kept.id.id(), sketch.version).await {
        Ok(()) => {}
        Err(why) => tracing::info!(?why, "a draft outlives its note"),
    }
}

fn drop_of(id: DraftId) -> String {
    format!("draft-delete {id}")
}

/// `GET /drafts/{id}/delete`
///
/// # Errors
/// [`ApiError`].
pub async fn ask_drop(visit: Visit) -> Result<Shown, ApiError> {
    Shown::page(&drop_page(&visit, None).await?)
}

async fn drop_page(visit: &Visit, notice: Option<String>) -> Result<ConfirmPage, ApiError> {
    let id: DraftId = visit.call.id("id");
    let (rail, sketch) =
        tokio::join!(Rail::of(&visit.visitor), sketches::read(visit.vault(), visit.subject(), id.id()));
    let (rail, sketch, w) = (rail?, sketch?, visit.tongue());
    let title = sketch.content.content.form.get("title").cloned();
    Ok(ConfirmPage {
        frame: Frame::over(&visit.visitor, rail, Room::Home, Window::Question, sketch.label),
        stamp: Stamp::of(&visit.visitor, &sketch.label),
        question: w.say(k::WEB_DRAFT_DROP_QUESTION),
        what: title.unwrap_or_else(|| w.say(k::WEB_DRAFT_UNTITLED)),
        effect: w.say(k::WEB_DRAFT_DROP_EFFECT),
        action: format!("/drafts/{id}/delete"),
        back: format!("/notes/new?draft={id}"),
        button: w.say(k::WEB_DRAFT_DROP),
        token: Token::fresh(visit, &drop_of(id), sketch.version)?,
        notice,
        switch: Switch::to(&visit.visitor, &sketch.label),
    })
}

/// `POST /drafts/{id}/delete`
///
/// # Errors
/// [`ApiError`].
pub async fn drop(visit: Visit) -> Result<Shown, ApiError> {
    let id: DraftId = visit.call.id("id");
    let done = match Token::sent(&visit, &drop_of(id)) {
        None => Err(ApiError::LabelMismatch),
        Some(token) => match sketches::delete(visit.vault(), visit.subject(), id.id(), token.version).await {
            Ok(()) => Ok(()),
            Err(SharingError::Write(WriteError::Stale(_))) => Err(ApiError::Stale(String::new())),
            Err(other) => Err(other.into()),
        },
    };
    match done {
        Ok(()) => Ok(Shown::see("/".to_owned())),
        Err(why @ (ApiError::LabelMismatch | ApiError::Stale(_) | ApiError::Conflict | ApiError::Forbidden(_))) => {
            let told = notice(&why, visit.tongue());
            Shown::refused(&drop_page(&visit, Some(told)).await?, why)
        }
        Err(other) => Err(other),
    }
}
