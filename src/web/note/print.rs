//! A note on paper: the sheet bears the marking of what is printed, who printed it and when.

use askama::Template;

use super::{
    Cartouche,
    read::{Group, body, grouped, linked, mentioned},
};
use crate::{
    api::ApiError,
    clock::Time,
    ids::{NoteId, SpaceId},
    sharing::{note::Note, notes},
    text::{Html, markdown::Ticking},
    vault::Opened,
    web::{
        frame::{Frame, Rail, Room},
        marking::Stamp,
        page::{Shown, framed},
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

#[derive(Template)]
#[template(path = "note_print.html")]
struct PrintPage {
    frame: Frame,
    id: NoteId,
    version: u64,
    stamp: Stamp,
    title: String,
    language: String,
    editor: String,
    modified: String,
    cartouche: Cartouche,
    body: Html,
    groups: Vec<Group>,
    printed: String,
}

framed!(PrintPage);

/// `GET /notes/{id}/print`
///
/// # Errors
/// [`ApiError`].
pub async fn print(visit: Visit) -> Result<Shown, ApiError> {
    let id: NoteId = visit.call.id("id");
    let note: Opened<Note> = notes::read(visit.vault(), visit.subject(), id).await?;
    let (seen, labels) = linked(&visit, id).await?;
    let (w, content) = (visit.tongue(), &note.content.content);
    let label = visit.visitor.joined(labels.into_iter().chain([note.label]));
    let now: Time = visit.vault().clock().now();
    // No rail on paper: the sheet bears the marking of what is printed, and of nothing else.
    let rail = Rail::empty(&visit.visitor);
    let page = PrintPage {
        id,
        version: note.version,
        stamp: Stamp::of(&visit.visitor, &note.label),
        title: content.title.clone(),
        language: content.language.clone(),
        editor: visit.visitor.name(note.content.editor),
        modified: w.moment(note.modified),
        cartouche: Cartouche::of(&visit, &note),
        body: body(&visit, &content.body, &note.label, "n", &mentioned(&seen), Ticking::Shown),
        groups: grouped(&visit, &seen),
        printed: w.moment(now),
        frame: Frame::over(&visit.visitor, rail, Room::Space(SpaceId(note.home)), Window::Sheet, label),
    };
    Shown::page(&page)
}
