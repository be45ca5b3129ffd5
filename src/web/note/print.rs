//! A note on paper: the sheet bears the marking of what is printed, who printed it and when.
//!
//! What is printed leaves, so this is an export: decided at a ceiling (without one, the working label), journalled as one.

use std::collections::BTreeSet;

use askama::Template;
use serde::Deserialize;

use super::{
    Cartouche,
    read::{Group, body, grouped, linked, mentioned},
};
use crate::{
    api::ApiError,
    audit::entry::Act,
    ids::{Id, NoteId, SpaceId},
    label::Label,
    limits,
    linking::{
        exports::{self, Leaving},
        links::{Seen, Way},
    },
    text::{Html, markdown::Ticking},
    web::{
        ceiling::CeilingForm,
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
    ceiling: CeilingForm,
    /// None where the ceiling is none.
    sheet: Option<Sheet>,
}

framed!(PrintPage);

struct Sheet {
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

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Asked {
    ceiling: Option<String>,
}

/// `GET /notes/{id}/print`
///
/// # Errors
/// [`ApiError`].
pub async fn print(mut visit: Visit) -> Result<Shown, ApiError> {
    let asked: Asked = visit.call.query()?;
    let id: NoteId = visit.call.id("id");
    let action = format!("/notes/{id}/print");
    match visit.call.under(asked.ceiling.as_deref(), Act::Export, id.id()).await {
        Err(why @ ApiError::Ceiling) => {
            let ceiling = CeilingForm::again(&visit, action, asked.ceiling, &why);
            let frame = framed_over(&visit, Room::Nowhere, *visit.subject().working());
            return Shown::refused(&PrintPage { frame, id, ceiling, sheet: None }, why);
        }
        decided => decided?,
    }
    let departure = exports::of_note(visit.vault(), visit.subject(), id, None, limits::EXPORT_LINKS_MAX).await?;
    let leaving = departure.notes.into_iter().next().ok_or(ApiError::NotFound)?;
    // What leads here stays: it is of other notes. Titles at the far ends are read at the ceiling too.
    let left: BTreeSet<Id> = leaving.links.iter().map(|link| link.id).collect();
    let (seen, _) = linked(&visit, id).await?;
    let leaves = |seen: &Seen| seen.link.as_ref().is_some_and(|link| left.contains(&link.id));
    let cited = |seen: &Seen| seen.link.is_none() && seen.way == Way::Out;
    let shown: Vec<Seen> = seen.into_iter().filter(|seen| leaves(seen) || cited(seen)).collect();
    let labels: Vec<Label> = shown
        .iter()
        .flat_map(|seen| seen.link.iter().map(|link| link.label).chain([seen.other.label]))
        .chain([leaving.note.label])
        .collect();
    let page = PrintPage {
        frame: framed_over(&visit, Room::Space(SpaceId(leaving.note.home)), visit.visitor.joined(labels)),
        id,
        ceiling: CeilingForm::set(&visit, action),
        sheet: Some(sheet(&visit, &leaving, &shown)),
    };
    Shown::page(&page)
}

fn sheet(visit: &Visit, leaving: &Leaving, shown: &[Seen]) -> Sheet {
    let (w, note) = (visit.tongue(), &leaving.note);
    let content = &note.content.content;
    Sheet {
        version: note.version,
        stamp: Stamp::of(&visit.visitor, &note.label),
        title: content.title.clone(),
        language: content.language.clone(),
        editor: visit.visitor.name(note.content.editor),
        modified: w.moment(note.modified),
        cartouche: Cartouche::of(visit, note),
        body: body(visit, &content.body, &note.label, "n", &mentioned(shown), Ticking::Shown),
        groups: grouped(visit, shown),
        printed: w.moment(visit.vault().clock().now()),
    }
}

/// No rail on paper: the sheet bears the marking of what is printed, and of nothing else.
fn framed_over(visit: &Visit, room: Room, label: Label) -> Frame {
    Frame::over(&visit.visitor, Rail::empty(&visit.visitor), room, Window::Sheet, label)
}
