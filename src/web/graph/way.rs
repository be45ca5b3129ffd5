//! The way from a note to another one, which is named by its address, its identifier, or words of its title.

use askama::Template;
use serde::Deserialize;

use super::picture::verb;
use crate::{
    api::ApiError,
    finding::suggest,
    ids::{Id, NoteId, SpaceId},
    label::Label,
    linking::path::{self, Path},
    monitor::Refusal,
    sharing::{
        note::{Note, NoteCard},
        notes,
    },
    vault::{Opened, VaultError},
    web::{
        frame::{Frame, Rail, Room},
        marking::{Chip, Stamp},
        page::{Shown, framed},
        rows::Row,
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

#[derive(Template)]
#[template(path = "way.html")]
struct WayPage {
    frame: Frame,
    id: NoteId,
    title: String,
    stamp: Stamp,
    found: Found,
}

framed!(WayPage);

impl WayPage {
    fn steps(&self) -> u64 {
        let notes = self.found.way.as_ref().map_or(0, Vec::len);
        u64::try_from(notes.saturating_sub(1)).unwrap_or(u64::MAX)
    }
}

/// What was found of what was asked.
#[derive(Default)]
struct Found {
    typed: String,
    picks: Vec<Pick>,
    /// None before a way was sought.
    way: Option<Vec<Step>>,
    missing: bool,
    more: bool,
    labels: Vec<Label>,
}

/// A note that may be meant.
struct Pick {
    chip: Chip,
    title: String,
    id: NoteId,
}

/// A note of the way, and the link from it to the next one.
struct Step {
    row: Row,
    link: Option<Next>,
}

struct Next {
    chip: Chip,
    outward: bool,
    verb: String,
    comment: String,
}

/// Query of `GET /notes/{id}/path`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Asked {
    to: Option<String>,
}

async fn begun(visit: &Visit) -> Result<(Rail, Opened<Note>), ApiError> {
    let id = visit.call.id::<NoteId>("id");
    let (rail, note) = tokio::join!(Rail::of(&visit.visitor), notes::read(visit.vault(), visit.subject(), id));
    Ok((rail?, note?))
}

fn page(visit: &Visit, (rail, note): (Rail, Opened<Note>), found: Found) -> Result<Shown, ApiError> {
    let label = visit.visitor.joined(found.labels.iter().copied().chain([note.label]));
    Shown::page(&WayPage {
        frame: Frame::over(&visit.visitor, rail, Room::Space(SpaceId(note.home)), Window::Path, label),
        id: NoteId(note.id),
        stamp: Stamp::of(&visit.visitor, &note.label),
        title: note.content.content.title,
        found,
    })
}

/// `GET /notes/{id}/path`
///
/// # Errors
/// [`ApiError`].
pub async fn between(visit: Visit) -> Result<Shown, ApiError> {
    let asked: Asked = visit.call.query()?;
    let begun = begun(&visit).await?;
    let mut found = Found::default();
    if let Some(to) = asked.to.filter(|to| !to.is_empty()) {
        // What is no identifier is one that nothing bears.
        let to = NoteId(to.parse().unwrap_or(Id::NONE));
        match path::between(visit.vault(), visit.subject(), NoteId(begun.1.id), to).await {
            Ok(path) => {
                let notes = path.notes.iter().map(|note| note.label);
                found.labels = notes.chain(path.links.iter().map(|link| link.label)).collect();
                (found.more, found.way) = (path.more, Some(steps(&visit, &path)));
            }
            // Hidden and absent are one answer here too.
            Err(VaultError::Refused(Refusal::Absent)) => found.missing = true,
            Err(other) => return Err(other.into()),
        }
    }
    page(&visit, begun, found)
}

/// `POST /notes/{id}/path`: which note is meant. What is sought is content: it stands in a body and never in an address.
///
/// # Errors
/// [`ApiError`].
pub async fn choose(visit: Visit) -> Result<Shown, ApiError> {
    let begun = begun(&visit).await?;
    let (from, typed) = (NoteId(begun.1.id), visit.form.line("to").to_owned());
    if let Some(to) = addressed(&typed) {
        return Ok(Shown::see(format!("/notes/{from}/path?to={to}")));
    }
    let offered = suggest::suggest(&visit.call.finder, visit.vault(), visit.subject(), &typed).await?.notes;
    let offered: Vec<_> = offered.into_iter().filter(|hit| hit.id != from.id()).collect();
    let found = Found {
        labels: offered.iter().map(|hit| hit.label).collect(),
        missing: offered.is_empty(),
        picks: offered
            .into_iter()
            .map(|hit| Pick { chip: Chip::of(&visit.visitor, &hit.label), title: hit.title.text, id: NoteId(hit.id) })
            .collect(),
        typed,
        ..Found::default()
    };
    page(&visit, begun, found)
}

/// The note that an address or an identifier names.
fn addressed(typed: &str) -> Option<NoteId> {
    let path = typed.trim().split(['?', '#']).next()?;
    path.rsplit('/').find_map(|part| part.parse().ok()).map(NoteId)
}

fn steps(visit: &Visit, path: &Path) -> Vec<Step> {
    let mut links = path.links.iter();
    let step = |note: &Opened<NoteCard>| {
        let next = links.next().map(|link| Next {
            chip: Chip::of(&visit.visitor, &link.label),
            outward: link.content.from.id() == note.id,
            verb: verb(&link.content.kind, visit.tongue()),
            comment: link.content.comment.clone(),
        });
        Step { row: Row::of(&visit.visitor, note), link: next }
    };
    path.notes.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_named_by_its_address_on_any_of_its_pages_or_by_its_identifier() {
        let id = "aaaaaaaaaaaaaaaaaaaaaaaaae";
        let note = NoteId(id.parse().expect("an identifier"));
        for typed in
            [id.to_owned(), format!("/notes/{id}"), format!(" https://vigie.lan:8443/notes/{id}/graph?depth=2#x ")]
        {
            assert_eq!(addressed(&typed), Some(note), "{typed}");
        }
        assert_eq!(addressed("Radar à bande X / GaN"), None);
    }
}
