//! What is done to a note from its own page with one button: boxes of its task lists ticked, the note made a template. Each is a
//! change like any other: over the version that was seen, kept in the history, decided and journalled.

use std::collections::BTreeSet;

use crate::{
    api::ApiError,
    audit::entry::Rule,
    ids::NoteId,
    monitor::Part,
    sharing::{
        SharingError,
        note::{Note, NoteContent, NoteKind},
        notes::{self, Origin},
    },
    text::markdown,
    vault::{Opened, WriteError},
    web::{page::Shown, token::Token, visit::Visit},
};

/// What the form round a body with boxes is about.
pub(super) fn ticks_of(id: NoteId) -> String {
    format!("note-tasks {id}")
}

fn template_of(id: NoteId) -> String {
    format!("note-template {id}")
}

/// The button for animators of the note's space, where they work at its label: its token, and whether the note is a template.
pub(super) fn template_button(visit: &Visit, note: &Opened<Note>) -> Result<Option<(String, bool)>, ApiError> {
    if !visit.visitor.works_at(&note.label) || !animates(visit, note) {
        return Ok(None);
    }
    let token = Token::fresh(visit, &template_of(NoteId(note.id)), note.version)?;
    Ok(Some((token, note.content.content.kind == NoteKind::Template)))
}

fn animates(visit: &Visit, note: &Opened<Note>) -> bool {
    visit.vault().monitor().part(visit.subject().id(), note.home) == Some(Part::Animator)
}

/// `POST /notes/{id}/tasks`: exactly the boxes that came are ticked.
///
/// # Errors
/// [`ApiError`].
pub async fn tick(visit: Visit) -> Result<Shown, ApiError> {
    let id: NoteId = visit.call.id("id");
    let note = notes::read(visit.vault(), visit.subject(), id).await?;
    let done = match Token::sent(&visit, &ticks_of(id)) {
        None => Err(ApiError::LabelMismatch),
        Some(token) => ticked(&visit, &note, token.version).await,
    };
    answered(&visit, id, done, "#texte").await
}

async fn ticked(visit: &Visit, note: &Opened<Note>, version: u64) -> Result<(), ApiError> {
    let content = &note.content.content;
    if note.version != version {
        // The boxes that came are those of another text.
        return Err(ApiError::Stale(String::new()));
    }
    let boxes: BTreeSet<usize> = visit.form.all("task").filter_map(|place| place.parse().ok()).collect();
    let body = markdown::tick_all(&content.body, &boxes);
    if body == content.body {
        return Ok(());
    }
    changed(visit, note, version, NoteContent { body, ..content.clone() }).await
}

/// `POST /notes/{id}/template`: what new notes of its space may begin from, or a note like others again.
///
/// # Errors
/// [`ApiError`].
pub async fn mark(visit: Visit) -> Result<Shown, ApiError> {
    let id: NoteId = visit.call.id("id");
    let note = notes::read(visit.vault(), visit.subject(), id).await?;
    let done = match Token::sent(&visit, &template_of(id)) {
        None => Err(ApiError::LabelMismatch),
        Some(_) if !animates(&visit, &note) => Err(ApiError::Forbidden(Rule::NotAnimator)),
        Some(token) => {
            let kind = if visit.form.line("mark") == "yes" { NoteKind::Template } else { NoteKind::Watch };
            changed(&visit, &note, token.version, NoteContent { kind, ..note.content.content.clone() }).await
        }
    };
    answered(&visit, id, done, "").await
}

async fn changed(visit: &Visit, note: &Opened<Note>, version: u64, content: NoteContent) -> Result<(), ApiError> {
    match notes::change(visit.vault(), visit.subject(), NoteId(note.id), version, content, Origin::HERE).await {
        Ok(_) => Ok(()),
        Err(SharingError::Write(WriteError::Stale(_))) => Err(ApiError::Stale(String::new())),
        Err(other) => Err(other.into()),
    }
}

async fn answered(visit: &Visit, id: NoteId, done: Result<(), ApiError>, place: &str) -> Result<Shown, ApiError> {
    match done {
        Ok(()) => Ok(Shown::see(format!("/notes/{id}{place}"))),
        Err(why @ (ApiError::NotFound | ApiError::Unavailable | ApiError::Internal)) => Err(why),
        Err(why) => super::read::not_done(visit, why).await,
    }
}
