//! A space on paper: its notes one after the other, each under its own marking, the sheet under that of all of them.
//!
//! What is printed leaves, so this is an export: decided at a ceiling (without one, the working label), journalled as one,
//! with the identifiers of all that stands on the sheet. It is cut into sheets of so many notes.

use askama::Template;
use serde::Deserialize;

use super::{
    ceiling::CeilingForm,
    frame::{Frame, Rail, Room},
    marking::Stamp,
    note::{Cartouche, read::body},
    page::{Shown, framed},
    visit::Visit,
    window::Window,
};
use crate::{
    api::ApiError,
    audit::entry::Act,
    ids::{NoteId, SpaceId},
    label::Label,
    limits,
    linking::exports::{self, Leaving},
    text::{Html, markdown::Ticking},
    web::note::read::{Mentioned, type_name},
    words::key as k,
};

#[derive(Template)]
#[template(path = "space_print.html")]
struct SpacePrintPage {
    frame: Frame,
    id: SpaceId,
    ceiling: CeilingForm,
    /// None where the ceiling is none.
    sheet: Option<Sheet>,
}

framed!(SpacePrintPage);

struct Sheet {
    stamp: Stamp,
    name: String,
    purpose: String,
    notes: Vec<Printed>,
    printed: String,
    /// The query of the next sheet.
    next: Option<String>,
}

/// A note on the sheet.
struct Printed {
    id: NoteId,
    version: u64,
    stamp: Stamp,
    title: String,
    language: String,
    editor: String,
    modified: String,
    cartouche: Cartouche,
    body: Html,
    /// Links to notes of the same sheet: type and title.
    links: Vec<(String, String)>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Asked {
    ceiling: Option<String>,
    after: Option<String>,
}

/// `GET /spaces/{id}/print`
///
/// # Errors
/// [`ApiError`].
pub async fn print(mut visit: Visit) -> Result<Shown, ApiError> {
    let asked: Asked = visit.call.query()?;
    let id: SpaceId = visit.call.id("id");
    let action = format!("/spaces/{id}/print");
    match visit.call.under(asked.ceiling.as_deref(), Act::Export, id.id()).await {
        Err(why @ ApiError::Ceiling) => {
            let ceiling = CeilingForm::again(&visit, action, asked.ceiling, &why);
            let frame = framed_over(&visit, id, *visit.subject().working());
            return Shown::refused(&SpacePrintPage { frame, id, ceiling, sheet: None }, why);
        }
        decided => decided?,
    }
    let mut after = visit.call.place(asked.after.as_deref())?;
    let (mut space, mut leaving): (Option<_>, Vec<Leaving>) = (None, Vec::new());
    loop {
        let limit = limits::EXPORT_NOTES_MAX;
        let part = exports::of_space(visit.vault(), visit.subject(), id, after.as_ref(), limit).await?;
        space = part.space.or(space);
        leaving.extend(part.notes);
        after = part.next;
        if after.is_none() || leaving.len() >= limits::PRINTED_NOTES_MAX {
            break;
        }
    }
    let space = space.ok_or(ApiError::NotFound)?;
    let (w, now) = (visit.tongue(), visit.vault().clock().now());
    let labels: Vec<Label> = leaving
        .iter()
        .flat_map(|one| one.links.iter().map(|link| link.label).chain([one.note.label]))
        .chain([space.label])
        .collect();
    let next = match after {
        Some(after) => {
            let ceiling = asked.ceiling.map(|ceiling| format!("ceiling={}&", in_query(&ceiling))).unwrap_or_default();
            Some(format!("{ceiling}after={}", visit.call.cursor(after)?))
        }
        None => None,
    };
    let sheet = Sheet {
        stamp: Stamp::of(&visit.visitor, &space.label),
        name: space.content.content.name,
        purpose: space.content.content.purpose,
        notes: leaving.iter().enumerate().map(|(place, one)| printed(&visit, one, place, &leaving)).collect(),
        printed: w.moment(now),
        next,
    };
    let page = SpacePrintPage {
        frame: framed_over(&visit, id, visit.visitor.joined(labels)),
        id,
        ceiling: CeilingForm::set(&visit, action),
        sheet: Some(sheet),
    };
    Shown::page(&page)
}

fn framed_over(visit: &Visit, id: SpaceId, label: Label) -> Frame {
    Frame::over(&visit.visitor, Rail::empty(&visit.visitor), Room::Space(id), Window::Sheet, label)
}

fn printed(visit: &Visit, one: &Leaving, place: usize, all: &[Leaving]) -> Printed {
    let (w, note) = (visit.tongue(), &one.note);
    let content = &note.content.content;
    let links = one.links.iter().filter_map(|link| {
        let other = all.iter().find(|other| other.note.id == link.content.to.id())?;
        Some((type_name(&link.content.kind, true, w), other.note.content.content.title.clone()))
    });
    Printed {
        id: NoteId(note.id),
        version: note.version,
        stamp: Stamp::of(&visit.visitor, &note.label),
        title: content.title.clone(),
        language: content.language.clone(),
        editor: visit.visitor.name(note.content.editor),
        modified: w.moment(note.modified),
        cartouche: Cartouche::of(visit, note),
        body: body(visit, &content.body, &note.label, &format!("n{place}"), &Mentioned::new(), Ticking::Shown),
        links: links.collect(),
    }
}

/// A label as it may stand in a query.
fn in_query(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
