//! A note is linked to another one, which is sought: first by what its title begins with, then as any search finds it.

use askama::Template;

use super::read::type_name;
use crate::{
    api::ApiError,
    finding::{
        FindingError,
        matter::Found,
        search::{self, Request},
        suggest,
    },
    ids::{Id, LinkId, NoteId, SpaceId},
    label::Label,
    limits,
    linking::{
        link::{LinkContent, TYPES},
        links,
    },
    sharing::{note::Note, notes, repeat},
    vault::Opened,
    web::{
        frame::{Frame, Rail, Room},
        marking::{Chip, Stamp},
        page::{Shown, framed},
        spaces::Fault,
        token::{Once, Token, notice},
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

#[derive(Template)]
#[template(path = "link_form.html")]
struct LinkPage {
    frame: Frame,
    id: NoteId,
    title: String,
    stamp: Stamp,
    sought: String,
    kind: String,
    comment: String,
    to: String,
    found: Vec<Pick>,
    token: String,
    fault: Option<Fault>,
    notice: Option<String>,
}

framed!(LinkPage);

/// A note that may be linked to.
struct Pick {
    id: NoteId,
    chip: Chip,
    title: String,
    day: String,
}

/// Notes that may be linked to, and what became of the search for them.
#[derive(Default)]
struct Picks {
    rows: Vec<Pick>,
    labels: Vec<Label>,
    notice: Option<String>,
}

impl LinkPage {
    fn kinds(&self) -> Vec<(&'static str, String, bool)> {
        TYPES.iter().map(|kind| (*kind, type_name(kind, true, self.frame.w), *kind == self.kind)).collect()
    }
}

fn link_of(id: NoteId) -> String {
    format!("link-create {id}")
}

/// `GET /notes/{id}/link`
///
/// # Errors
/// [`ApiError`].
pub async fn ask(visit: Visit) -> Result<Shown, ApiError> {
    Shown::page(&page(&visit, String::new(), None, None).await?)
}

async fn page(
    visit: &Visit,
    sought: String,
    fault: Option<Fault>,
    notice: Option<String>,
) -> Result<LinkPage, ApiError> {
    let id: NoteId = visit.call.id("id");
    let (rail, note) = tokio::join!(Rail::of(&visit.visitor), notes::read(visit.vault(), visit.subject(), id));
    let (rail, note): (Rail, Opened<Note>) = (rail?, note?);
    let mut picks = if sought.trim().is_empty() { recent(visit).await? } else { answering(visit, &sought).await? };
    picks.rows.retain(|pick| pick.id != id);
    let label = visit.visitor.joined(picks.labels.into_iter().chain([note.label]));
    let label: Label = label.join(visit.subject().working());
    Ok(LinkPage {
        frame: Frame::over(&visit.visitor, rail, Room::Space(SpaceId(note.home)), Window::Link, label),
        id,
        title: note.content.content.title,
        stamp: Stamp::of(&visit.visitor, visit.subject().working()),
        sought,
        kind: visit.form.text("type").to_owned(),
        comment: visit.form.text("comment").to_owned(),
        to: visit.form.line("to").to_owned(),
        found: picks.rows,
        token: Token::fresh(visit, &link_of(id), 0)?,
        fault,
        notice: notice.or(picks.notice),
    })
}

impl Picks {
    fn add(&mut self, visit: &Visit, id: Id, label: Label, title: String, modified: crate::clock::Time) {
        let id = NoteId(id);
        if self.rows.iter().all(|pick| pick.id != id) {
            let (chip, day) = (Chip::of(&visit.visitor, &label), visit.tongue().date(modified));
            self.rows.push(Pick { id, chip, title, day });
            self.labels.push(label);
        }
    }
}

/// What changed last in my spaces.
async fn recent(visit: &Visit) -> Result<Picks, ApiError> {
    let mut picks = Picks::default();
    for card in notes::feed(visit.vault(), visit.subject(), None, limits::PAGE_ROWS_DEFAULT).await? {
        picks.add(visit, card.id, card.label, card.content.title, card.modified);
    }
    Ok(picks)
}

/// Titles that have the words, the last one begun; then what a search for them finds.
async fn answering(visit: &Visit, sought: &str) -> Result<Picks, ApiError> {
    let (finder, vault, subject) = (&visit.call.finder, visit.vault(), visit.subject());
    let limit = limits::SEARCH_ROWS_DEFAULT;
    let request = Request { limit, kind: Some(Found::Note), ..Request::of(sought) };
    let (offered, found) =
        tokio::join!(suggest::suggest(finder, vault, subject, sought), search::search(finder, vault, subject, request));
    let mut picks = Picks::default();
    for answer in [offered.map(|offered| offered.notes), found.map(|found| found.hits)] {
        match answer {
            Ok(hits) => {
                for hit in hits {
                    picks.add(visit, hit.id, hit.label, hit.title.text, hit.modified);
                }
            }
            Err(FindingError::Query(error)) => picks.notice = Some(visit.tongue().tell(&error.sentence())),
            Err(FindingError::Rebuilding) => {
                // Those changed last can be linked to meanwhile.
                let notice = Some(visit.tongue().tell(&ApiError::Rebuilding.sentence()));
                return Ok(Picks { notice, ..recent(visit).await? });
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(picks)
}

/// `POST /notes/{id}/link`: searches, or links. What is sought is content: it stands in a body and never in an address, which
/// the browser would keep.
///
/// # Errors
/// [`ApiError`].
pub async fn link(mut visit: Visit) -> Result<Shown, ApiError> {
    let id: NoteId = visit.call.id("id");
    if visit.form.has("find") {
        let sought = visit.form.text("q").to_owned();
        let told = Token::sent(&visit, &link_of(id)).is_none();
        let told = told.then(|| notice(&ApiError::LabelMismatch, visit.tongue()));
        return Shown::page(&page(&visit, sought, None, told).await?);
    }
    let done = match Once::of(&mut visit, &link_of(id))? {
        Once::Before(_) => Ok(()),
        Once::Again(why) => Err(why),
        Once::Fresh(names) => linked(&visit, id, &names).await,
    };
    let why = match done {
        Ok(()) => return Ok(Shown::see(format!("/notes/{id}"))),
        Err(why @ (ApiError::Unavailable | ApiError::Internal)) => return Err(why),
        Err(why) => why,
    };
    let (fault, told) = match &why {
        ApiError::Invalid(invalid) => (Some(Fault::of(invalid, visit.tongue())), None),
        // The note it would lead to, while the one it starts from is there: or this page is absent as well.
        ApiError::NotFound => (None, Some(visit.tongue().say(k::WEB_LINK_TO_MISSING))),
        other => (None, Some(notice(other, visit.tongue()))),
    };
    let sought = visit.form.text("q").to_owned();
    let page = page(&visit, sought, fault, told).await?;
    Shown::refused(&page, why)
}

async fn linked(visit: &Visit, from: NoteId, names: &[repeat::Name]) -> Result<(), ApiError> {
    let content = LinkContent {
        from,
        to: NoteId(visit.form.line("to").parse().unwrap_or(Id::NONE)),
        kind: visit.form.line("type").to_owned(),
        comment: visit.form.text("comment").to_owned(),
    };
    let content = content.checked(false)?;
    let id = LinkId(visit.vault().entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    links::create(visit.vault(), visit.subject(), id, content, None, names).await?;
    Ok(())
}
