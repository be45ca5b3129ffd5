//! A note is written, and written again: the form, what comes back with it, and two versions that met.

use askama::Template;
use serde::Deserialize;

use super::draft::{KINDS, LETTERS, NoteDraft};
use crate::{
    api::ApiError,
    ids::{NoteId, SpaceId},
    label::Label,
    sharing::{
        Invalid, SharingError,
        note::Note,
        notes::{self, Origin},
    },
    text::{Html, diff},
    vault::{Opened, WriteError},
    web::{
        frame::{Frame, Rail, Room},
        marking::Stamp,
        page::{Shown, framed},
        spaces::Fault,
        token::{Once, Token, notice},
        visit::Visit,
    },
    words::{Language, key as k},
};

#[derive(Template)]
#[template(path = "note_form.html")]
struct FormPage {
    frame: Frame,
    stamp: Stamp,
    /// The note that is changed; none for a new one.
    id: Option<NoteId>,
    token: String,
    draft: NoteDraft,
    fault: Option<Fault>,
    notice: Option<String>,
    conflict: Option<Conflict>,
}

framed!(FormPage);

/// What somebody else saved meanwhile.
struct Conflict {
    editor: String,
    moment: String,
    version: u64,
    title: String,
    /// From the saved text to the typed one.
    difference: Html,
}

impl FormPage {
    fn kinds(&self) -> Vec<(&'static str, String, bool)> {
        KINDS.iter().map(|(word, kind)| (*word, self.frame.w.kind(kind), *word == self.draft.kind)).collect()
    }

    fn letters(&self) -> Vec<(&'static str, String, bool)> {
        let name = |letter| self.frame.w.reliability(letter);
        LETTERS.iter().map(|(word, letter)| (*word, name(*letter), *word == self.draft.reliability)).collect()
    }

    fn figures(&self) -> Vec<(u8, String, bool)> {
        (1..=6)
            .map(|figure| (figure, self.frame.w.credibility(figure), figure.to_string() == self.draft.credibility))
            .collect()
    }

    fn languages(&self) -> Vec<(&'static str, bool)> {
        Language::ALL.iter().map(|language| (language.code(), language.code() == self.draft.language)).collect()
    }

    fn is_in(&self, space: &SpaceId) -> bool {
        self.draft.space == Some(*space)
    }

    fn wrong(&self, field: &str) -> Option<String> {
        self.fault.as_ref().filter(|fault| fault.is(field)).map(|fault| fault.sentence.clone())
    }
}

/// Why a form is shown again.
#[derive(Default)]
struct Again {
    fault: Option<Fault>,
    notice: Option<String>,
    conflict: Option<Conflict>,
}

impl Again {
    fn because(why: &ApiError, visit: &Visit) -> Self {
        match why {
            ApiError::Invalid(invalid) => Self { fault: Some(Fault::of(invalid, visit.tongue())), ..Self::default() },
            other => Self { notice: Some(notice(other, visit.tongue())), ..Self::default() },
        }
    }
}

const NEW: &str = "note-create";

fn change_of(id: NoteId) -> String {
    format!("note-change {id}")
}

async fn page(
    visit: &Visit,
    note: Option<&Opened<Note>>,
    mut draft: NoteDraft,
    again: Again,
) -> Result<FormPage, ApiError> {
    let visitor = &visit.visitor;
    let rail = Rail::of(visitor).await?;
    let (title, room, label, about, version) = match note {
        Some(note) => {
            let room = Room::Space(SpaceId(note.home));
            (note.content.content.title.clone(), room, note.label, change_of(NoteId(note.id)), note.version)
        }
        None => {
            // A space asked for by an address that is none of mine is no space.
            draft.space = draft.space.filter(|space| rail.name_of(*space).is_some());
            let room = draft.space.map_or(Room::Nowhere, Room::Space);
            (visit.tongue().say(k::WEB_NOTE_NEW), room, visitor.lowest(), NEW.to_owned(), 0)
        }
    };
    // What is typed will bear the working label: the page that shows it bears it too.
    let label: Label = label.join(visit.subject().working());
    Ok(FormPage {
        frame: Frame::over(visitor, rail, room, title, label).with_editor(),
        stamp: Stamp::of(visitor, visit.subject().working()),
        id: note.map(|note| NoteId(note.id)),
        token: Token::fresh(visit, &about, version)?,
        draft,
        fault: again.fault,
        notice: again.notice,
        conflict: again.conflict,
    })
}

/// Query of `GET /notes/new`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Where {
    space: Option<SpaceId>,
    title: Option<String>,
}

/// `GET /notes/new`
///
/// # Errors
/// [`ApiError`].
pub async fn fresh(visit: Visit) -> Result<Shown, ApiError> {
    if visit.subject().is_officer() {
        return Err(nothing_to_write(&visit).await);
    }
    let query: Where = visit.call.query()?;
    let draft = NoteDraft::blank(query.space, query.title.as_deref().unwrap_or_default(), visit.tongue().0);
    Shown::page(&page(&visit, None, draft, Again::default()).await?)
}

/// Officers write nothing: for them the form is as absent as any note. Journalled like one.
async fn nothing_to_write(visit: &Visit) -> ApiError {
    match notes::read(visit.vault(), visit.subject(), NoteId(crate::ids::Id::NONE)).await {
        Ok(_) => ApiError::NotFound,
        Err(refused) => refused.into(),
    }
}

/// `POST /notes/new`
///
/// # Errors
/// [`ApiError`].
pub async fn create(mut visit: Visit) -> Result<Shown, ApiError> {
    let mut draft = NoteDraft::sent(&visit.form);
    if visit.form.has("more") {
        draft.room_for_more();
        return Shown::page(&page(&visit, None, draft, Again::default()).await?);
    }
    let done = match Once::of(&mut visit, NEW)? {
        Once::Before(id) => return Ok(Shown::see(format!("/notes/{id}"))),
        Once::Again(why) => Err(why),
        Once::Fresh(names) => created(&visit, &draft, &names).await,
    };
    match done {
        Ok(id) => Ok(Shown::see(format!("/notes/{id}"))),
        Err(ApiError::NotFound) if draft.space.is_none() => Err(ApiError::NotFound),
        Err(ApiError::Unavailable) => Err(ApiError::Unavailable),
        Err(why) => {
            let again = Again::because(&why, &visit);
            Shown::refused(&page(&visit, None, draft, again).await?, why)
        }
    }
}

async fn created(visit: &Visit, draft: &NoteDraft, names: &[crate::sharing::repeat::Name]) -> Result<NoteId, ApiError> {
    let content = draft.content(visit.tongue())?.checked(visit.vault().clock().now())?;
    let space = draft.space.ok_or(Invalid::Empty("space"))?;
    let id = NoteId(visit.vault().entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    notes::create(visit.vault(), visit.subject(), id, space, content, Origin::HERE, names).await?;
    Ok(id)
}

/// `GET /notes/{id}/edit`
///
/// # Errors
/// [`ApiError`].
pub async fn edit(visit: Visit) -> Result<Shown, ApiError> {
    let note = notes::read(visit.vault(), visit.subject(), visit.call.id("id")).await?;
    let draft = NoteDraft::of(&note.content.content, visit.tongue());
    Shown::page(&page(&visit, Some(&note), draft, Again::default()).await?)
}

/// `POST /notes/{id}/edit`
///
/// # Errors
/// [`ApiError`].
pub async fn change(visit: Visit) -> Result<Shown, ApiError> {
    let id: NoteId = visit.call.id("id");
    let mut draft = NoteDraft::sent(&visit.form);
    if visit.form.has("more") {
        draft.room_for_more();
        let note = notes::read(visit.vault(), visit.subject(), id).await?;
        return Shown::page(&page(&visit, Some(&note), draft, Again::default()).await?);
    }
    let why = match changed(&visit, id, &draft).await {
        Ok(()) => return Ok(Shown::see(format!("/notes/{id}"))),
        Err(why @ (ApiError::NotFound | ApiError::Unavailable | ApiError::Internal)) => return Err(why),
        Err(why) => why,
    };
    let note = notes::read(visit.vault(), visit.subject(), id).await?;
    let again = match why {
        ApiError::Stale(_) => Again { conflict: Some(Conflict::between(&visit, &note, &draft)), ..Again::default() },
        ref other => Again::because(other, &visit),
    };
    Shown::refused(&page(&visit, Some(&note), draft, again).await?, why)
}

async fn changed(visit: &Visit, id: NoteId, draft: &NoteDraft) -> Result<(), ApiError> {
    let token = Token::sent(visit, &change_of(id)).ok_or(ApiError::LabelMismatch)?;
    let content = draft.content(visit.tongue())?.checked(visit.vault().clock().now())?;
    let done = notes::change(visit.vault(), visit.subject(), id, token.version, content, Origin::HERE).await;
    match done {
        Ok(_) => Ok(()),
        Err(SharingError::Write(WriteError::Stale(_))) => Err(ApiError::Stale(String::new())),
        Err(other) => Err(other.into()),
    }
}

impl Conflict {
    fn between(visit: &Visit, note: &Opened<Note>, draft: &NoteDraft) -> Self {
        let content = &note.content.content;
        let typed = draft.body.replace("\r\n", "\n");
        Self {
            editor: visit.visitor.name(note.content.editor),
            moment: visit.tongue().moment(note.modified),
            version: note.version,
            title: content.title.clone(),
            difference: diff::marked(&diff::diff(&content.body, &typed)),
        }
    }
}
