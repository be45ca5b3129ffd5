//! Drafts: what somebody is writing and has not published. Nobody else reads them.
//!
//! Each draft is a home of its own with one member, its author: the rules of spaces and conversations are the rules
//! here, with no exception of their own. Thrown away, the member goes too, and nothing reaches it any more.
//! (The program calls them sketches, because a [`Draft`](crate::vault::Draft) is a write under way.)

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Invalid, SharingError, notes::begin, repeat};
use crate::{
    audit::entry::Act,
    clock::Time,
    identity::Subject,
    ids::{Id, NoteId, SpaceId},
    limits,
    monitor::{Need, Part, RollChange},
    vault::{Kind, Listing, Opened, Scope, Stored, Vault, VaultError, rows::Place},
};

/// What its author gives of a draft: the fields of a form as they stand, checked by nobody yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SketchContent {
    /// The space that the note is for, if it is chosen.
    #[serde(default)]
    pub space: Option<SpaceId>,
    /// The note that is being changed, if it is not a new one.
    #[serde(default)]
    pub note: Option<NoteId>,
    /// Field by field, as typed.
    pub form: BTreeMap<String, String>,
}

impl SketchContent {
    /// The content as it is stored, if it is within its limits.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn checked(self) -> Result<Self, Invalid> {
        let bytes: usize = self.form.iter().map(|(name, value)| name.len().saturating_add(value.len())).sum();
        if self.form.len() > limits::DRAFT_FIELDS_MAX {
            return Err(Invalid::TooLong { field: "form", maximum: limits::DRAFT_FIELDS_MAX });
        }
        if bytes > limits::DRAFT_BYTES_MAX {
            return Err(Invalid::TooLong { field: "form", maximum: limits::DRAFT_BYTES_MAX });
        }
        Ok(self)
    }

    fn title(&self) -> String {
        let title = self.form.get("title").map(String::as_str).unwrap_or_default();
        title.chars().filter(|character| !character.is_control()).take(limits::NOTE_TITLE_CHARS_MAX).collect()
    }
}

/// A draft as stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sketch {
    /// What its author gave.
    pub content: SketchContent,
    /// When it was begun.
    pub created: Time,
}

impl Stored for Sketch {
    const KIND: Kind = Kind::Sketch;
    const SCHEMA: u8 = 1;
}

/// A draft in its author's list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SketchCard {
    /// Title as typed so far.
    pub title: String,
    /// As in [`SketchContent`].
    pub space: Option<SpaceId>,
    /// As in [`SketchContent`].
    pub note: Option<NoteId>,
    /// When it was begun.
    pub created: Time,
}

impl Stored for SketchCard {
    const KIND: Kind = Kind::SketchCard;
    const SCHEMA: u8 = 1;
}

impl SketchCard {
    fn of(sketch: &Sketch) -> Self {
        let content = &sketch.content;
        Self { title: content.title(), space: content.space, note: content.note, created: sketch.created }
    }
}

/// Begins a draft at the working label. `content` has been checked.
///
/// # Errors
/// [`SharingError`].
pub async fn create(
    vault: &Vault,
    subject: &Subject,
    id: Id,
    content: SketchContent,
    names: &[repeat::Name],
) -> Result<Opened<Sketch>, SharingError> {
    let permit = vault.monitor().write(subject, Act::DraftCreate, &[]).await?;
    // One's own, at labels that one works at: nobody else's acts, and nothing higher, count.
    let mine = vault.page(subject, Listing::Sketches, &[own(subject)], None, limits::DRAFTS_MAX)?;
    if mine.len() >= limits::DRAFTS_MAX {
        vault.monitor().not_done(permit).await?;
        return Err(Invalid::TooLong { field: "drafts", maximum: limits::DRAFTS_MAX }.into());
    }
    vault.ensure_label(subject).await?;
    let mut draft = vault.draft(permit);
    draft.open_home(id)?;
    draft.enrol(RollChange::Put(id, subject.id(), Part::Animator))?;
    let sketch = Sketch { content, created: draft.now() };
    let header = draft.create(id, id, subject.id(), &sketch)?;
    draft.list(Listing::Sketches, &own(subject), header.modified.0, &header, &SketchCard::of(&sketch))?;
    for name in names {
        name.put(&mut draft, subject, id)?;
    }
    let opened = draft.opened(&header, sketch);
    draft.commit().await?;
    Ok(opened)
}

fn own(subject: &Subject) -> Scope {
    Scope::of(subject.id().id())
}

/// Reads a draft.
///
/// # Errors
/// [`VaultError`].
pub async fn read(vault: &Vault, subject: &Subject, id: Id) -> Result<Opened<Sketch>, VaultError> {
    vault.read(subject, Act::DraftRead, id, &[]).await
}

/// Saves a draft again; what it said before is not kept.
///
/// # Errors
/// [`SharingError`]; stale when `version` is not the present one.
pub async fn change(
    vault: &Vault,
    subject: &Subject,
    id: Id,
    version: u64,
    content: SketchContent,
) -> Result<Opened<Sketch>, SharingError> {
    let (claim, envelope) = vault.claim(Kind::Sketch, id, Need::ChangeAsAuthor)?;
    let permit = vault.monitor().write(subject, Act::DraftChange, &[claim]).await?;
    let old = read(vault, subject, id).await?;
    let (mut draft, envelope) = begin(vault, permit, envelope, version, old.version).await?;
    let sketch = Sketch { content, created: old.content.created };
    draft.unlist(Listing::Sketches, &own(subject), envelope.header().modified.0, id);
    draft.forget_parts(&envelope);
    let header = draft.replace(&envelope, &sketch)?;
    draft.list(Listing::Sketches, &own(subject), header.modified.0, &header, &SketchCard::of(&sketch))?;
    let opened = draft.opened(&header, sketch);
    draft.commit().await?;
    Ok(opened)
}

/// Throws a draft away.
///
/// # Errors
/// As [`change`].
pub async fn delete(vault: &Vault, subject: &Subject, id: Id, version: u64) -> Result<(), SharingError> {
    let (claim, envelope) = vault.claim(Kind::Sketch, id, Need::ChangeAsAuthor)?;
    let present = envelope.as_ref().map_or(0, |envelope| envelope.header().version);
    let permit = vault.monitor().write(subject, Act::DraftDelete, &[claim]).await?;
    let (mut draft, envelope) = begin(vault, permit, envelope, version, present).await?;
    draft.unlist(Listing::Sketches, &own(subject), envelope.header().modified.0, id);
    draft.remove(&envelope)?;
    draft.enrol(RollChange::Remove(id, subject.id()))?;
    draft.close_home(id);
    Ok(draft.commit().await?)
}

/// One page of one's own drafts, last saved first.
///
/// # Errors
/// [`VaultError`].
pub async fn list(
    vault: &Vault,
    subject: &Subject,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<Opened<SketchCard>>, VaultError> {
    let page = vault.page(subject, Listing::Sketches, &[own(subject)], after, limit)?;
    vault.list(subject, Act::DraftList, &[], page).await
}
