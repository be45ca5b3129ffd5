//! A note is written, and written again: begun from nothing, from a template or from a draft; looked at; kept as a draft; saved.

use serde::Deserialize;

use super::{
    draft::{NoteDraft, OVER},
    drafts::{self, Kept},
    form::{Beside, Conflict, NEW, change_of, page},
    preview,
};
use crate::{
    api::ApiError,
    ids::{DraftId, NoteId, SpaceId},
    limits,
    sharing::{
        Invalid, SharingError,
        note::{Note, NoteKind},
        notes::{self, Origin},
        repeat, sketches,
    },
    vault::{Opened, WriteError},
    web::{
        elsewhere::{ElsewherePage, Switch},
        frame::{Frame, Rail, Room},
        marking::Stamp,
        page::Shown,
        token::{Once, Token},
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

/// Query of `GET /notes/new`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Where {
    space: Option<SpaceId>,
    template: Option<NoteId>,
    draft: Option<DraftId>,
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
    let (vault, subject) = (visit.vault(), visit.subject());
    if let Some(id) = query.draft {
        let sketch = sketches::read(vault, subject, id.id()).await?;
        if let Some(note) = sketch.content.content.note {
            return Ok(Shown::see(format!("/notes/{note}/edit?draft={id}")));
        }
        let beside = Beside { kept: Some(Kept::of(&visit, &sketch)?), labels: vec![sketch.label], ..Beside::default() };
        return Shown::page(&page(&visit, None, NoteDraft::kept(&sketch.content.content), beside).await?);
    }
    if let Some(id) = query.template {
        let template = notes::read(vault, subject, id).await?;
        if template.content.content.kind != NoteKind::Template {
            return Err(ApiError::NotFound);
        }
        let space = query.space.unwrap_or(SpaceId(template.home));
        let draft = NoteDraft::from_template(&template.content.content, space, visit.tongue());
        let beside = Beside { labels: vec![template.label], ..Beside::default() };
        return Shown::page(&page(&visit, None, draft, beside).await?);
    }
    let mut beside = Beside::default();
    if let Some(space) = query.space {
        // A space that is none of mine has no templates; the form then asks for one.
        beside.templates = match notes::templates(vault, subject, space, None, limits::TEMPLATES_OFFERED_MAX).await {
            Ok(found) => found,
            Err(crate::vault::VaultError::Refused(crate::monitor::Refusal::Absent)) => Vec::new(),
            Err(other) => return Err(other.into()),
        };
    }
    Shown::page(&page(&visit, None, NoteDraft::blank(query.space, visit.tongue().0), beside).await?)
}

/// Officers write nothing: for them the form is as absent as any note. Journalled like one.
pub(super) async fn nothing_to_write(visit: &Visit) -> ApiError {
    match notes::read(visit.vault(), visit.subject(), NoteId(crate::ids::Id::NONE)).await {
        Ok(_) => ApiError::NotFound,
        Err(refused) => refused.into(),
    }
}

/// What is wished of a form beside saving it: one more source, a look, a draft. Shown again with all that was typed; none
/// when it is to be saved.
async fn short_of_saving(
    visit: &Visit,
    note: Option<&Opened<Note>>,
    draft: &NoteDraft,
) -> Result<Option<Shown>, ApiError> {
    let about = note.map_or_else(|| NEW.to_owned(), |note| change_of(NoteId(note.id)));
    let mut draft = draft.clone();
    let mut beside = Beside::sent(visit, &about);
    if visit.form.has("more") {
        draft.room_for_more();
    } else if visit.form.has("preview") {
        let (preview, labels) = preview::of(visit, &draft).await?;
        (beside.preview, beside.labels) = (Some(preview), labels);
    } else if visit.form.has("keep") {
        let done = if Token::sent(visit, &about).is_some() {
            drafts::keep(visit, note.map(|note| NoteId(note.id)), &draft).await
        } else {
            Err(ApiError::LabelMismatch)
        };
        let why = match (done, note) {
            (Ok(id), None) => return Ok(Some(Shown::see(format!("/notes/new?draft={id}")))),
            (Ok(id), Some(note)) => {
                return Ok(Some(Shown::see(format!("/notes/{}/edit?draft={id}", NoteId(note.id)))));
            }
            (Err(why @ (ApiError::Unavailable | ApiError::Internal)), _) => return Err(why),
            (Err(why), _) => why,
        };
        let page = page(visit, note, draft, beside.because(&why, visit)).await?;
        return Shown::refused(&page, why).map(Some);
    } else {
        return Ok(None);
    }
    Shown::page(&page(visit, note, draft, beside).await?).map(Some)
}

/// `POST /notes/new`
///
/// # Errors
/// [`ApiError`].
pub async fn create(mut visit: Visit) -> Result<Shown, ApiError> {
    if visit.subject().is_officer() {
        return Err(nothing_to_write(&visit).await);
    }
    let draft = NoteDraft::sent(&visit.form);
    if let Some(shown) = short_of_saving(&visit, None, &draft).await? {
        return Ok(shown);
    }
    let done = match Once::of(&mut visit, NEW)? {
        Once::Before(id) => return Ok(Shown::see(format!("/notes/{id}"))),
        Once::Again(why) => Err(why),
        Once::Fresh(names) => created(&visit, &draft, &names).await,
    };
    match done {
        Ok(id) => {
            drafts::published(&visit).await;
            Ok(Shown::see(format!("/notes/{id}")))
        }
        Err(ApiError::NotFound) if draft.space.is_none() => Err(ApiError::NotFound),
        Err(ApiError::Unavailable) => Err(ApiError::Unavailable),
        Err(why) => {
            let beside = Beside::sent(&visit, NEW).because(&why, &visit);
            Shown::refused(&page(&visit, None, draft, beside).await?, why)
        }
    }
}

async fn created(visit: &Visit, draft: &NoteDraft, names: &[repeat::Name]) -> Result<NoteId, ApiError> {
    let content = draft.content(visit.tongue())?.checked(visit.vault().clock().now())?;
    let space = draft.space.ok_or(Invalid::Empty("space"))?;
    let id = NoteId(visit.vault().entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    notes::create(visit.vault(), visit.subject(), id, space, content, Origin::HERE, names).await?;
    Ok(id)
}

/// Query of `GET /notes/{id}/edit`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct From {
    draft: Option<DraftId>,
}

/// `GET /notes/{id}/edit`
///
/// # Errors
/// [`ApiError`].
pub async fn edit(visit: Visit) -> Result<Shown, ApiError> {
    let query: From = visit.call.query()?;
    let note = notes::read(visit.vault(), visit.subject(), visit.call.id("id")).await?;
    let Some(id) = query.draft else {
        if let Some(switch) = Switch::to(&visit.visitor, &note.label) {
            return elsewhere(&visit, &note, switch).await;
        }
        let draft = NoteDraft::of(&note.content.content, visit.tongue());
        return Shown::page(&page(&visit, Some(&note), draft, Beside::default()).await?);
    };
    let sketch = sketches::read(visit.vault(), visit.subject(), id.id()).await?;
    let content = &sketch.content.content;
    if content.note != Some(NoteId(note.id)) {
        return Err(ApiError::NotFound);
    }
    // A draft that was kept at another label than the note's can be read here alone: its words are shown all the same.
    if let Some(switch) = Switch::to(&visit.visitor, &note.label).filter(|_| sketch.label == note.label) {
        return elsewhere(&visit, &note, switch).await;
    }
    let beside = Beside {
        kept: Some(Kept::of(&visit, &sketch)?),
        // Saved since the draft was begun: told when it is saved, with both versions.
        over: content.form.get(OVER).and_then(|over| over.parse().ok()),
        labels: vec![sketch.label],
        ..Beside::default()
    };
    Shown::page(&page(&visit, Some(&note), NoteDraft::kept(content), beside).await?)
}

/// In place of a form that could not be saved at the working label.
async fn elsewhere(visit: &Visit, note: &Opened<Note>, switch: Switch) -> Result<Shown, ApiError> {
    let rail = Rail::of(&visit.visitor).await?;
    let room = Room::Space(SpaceId(note.home));
    Shown::page(&ElsewherePage {
        frame: Frame::over(&visit.visitor, rail, room, Window::NoteChange, note.label),
        what: note.content.content.title.clone(),
        back: format!("/notes/{}", NoteId(note.id)),
        deed: visit.tongue().say(k::WEB_NOTE_EDIT),
        stamp: Stamp::of(&visit.visitor, &note.label),
        switch,
    })
}

/// `POST /notes/{id}/edit`
///
/// # Errors
/// [`ApiError`].
pub async fn change(visit: Visit) -> Result<Shown, ApiError> {
    let id: NoteId = visit.call.id("id");
    let draft = NoteDraft::sent(&visit.form);
    if ["more", "preview", "keep"].into_iter().any(|button| visit.form.has(button)) {
        let note = notes::read(visit.vault(), visit.subject(), id).await?;
        if let Some(shown) = short_of_saving(&visit, Some(&note), &draft).await? {
            return Ok(shown);
        }
    }
    let why = match changed(&visit, id, &draft).await {
        Ok(()) => {
            drafts::published(&visit).await;
            return Ok(Shown::see(format!("/notes/{id}")));
        }
        Err(why @ (ApiError::NotFound | ApiError::Unavailable | ApiError::Internal)) => return Err(why),
        Err(why) => why,
    };
    let note = notes::read(visit.vault(), visit.subject(), id).await?;
    let beside = Beside::sent(&visit, &change_of(id));
    let beside = match why {
        // Both versions are shown: what is sent again is over the one that is seen.
        ApiError::Stale(_) => Beside { conflict: Some(Conflict::between(&visit, &note, &draft)), over: None, ..beside },
        ref other => beside.because(other, &visit),
    };
    Shown::refused(&page(&visit, Some(&note), draft, beside).await?, why)
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
