//! What people do with notes.

use super::{
    SharingError,
    calls::{self, Call},
    note::{Note, NoteCard, NoteContent, NoteKind},
    repeat,
    wikilinks::{self, Mention, TitlePlace},
};
use crate::{
    audit::entry::Act,
    identity::Subject,
    ids::{Id, NoteId, SpaceId},
    limits,
    monitor::{Need, Permit, Write},
    vault::{Draft, Envelope, Header, Kind, Listing, Opened, Scope, Vault, VaultError, WriteError, rows::Place},
};

/// What is new about a note that is created or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The name it bears elsewhere, for imports.
    pub external: Option<String>,
    /// The version it restores.
    pub restored: Option<u64>,
}

impl Origin {
    /// Written here, by hand.
    pub const HERE: Self = Self { external: None, restored: None };
}

/// Creates a note in a space, at the working label. `content` has been checked.
///
/// # Errors
/// [`SharingError`].
pub async fn create(
    vault: &Vault,
    subject: &Subject,
    id: NoteId,
    space: SpaceId,
    content: NoteContent,
    origin: Origin,
    names: &[repeat::Name],
) -> Result<Opened<Note>, SharingError> {
    #[cfg(feature = "exam")]
    let id = if crate::exam::planted(crate::exam::Leak::SequentialIds) {
        NoteId(Id::from_bytes(u128::from(vault.monitor().journal().length()).to_be_bytes()))
    } else {
        id
    };
    let claim = super::space::claim_on(vault, space)?;
    let permit = vault.monitor().write(subject, Act::NoteCreate, &[claim]).await?;
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::QuotaCountsHidden)
        && vault.exam_rows(subject, Listing::SpaceNotes, Scope::of(space.id())).len() >= 6
    {
        return Err(WriteError::TooLarge.into());
    }
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::TitleTaken) {
        let rows = vault.exam_rows(subject, Listing::Titles, Scope::named(&wikilinks::folded(&content.title)));
        if rows.iter().any(|row| row.header().home == space.id()) {
            return Err(WriteError::Conflict.into());
        }
    }
    vault.ensure_label(subject).await?;
    let mut draft = vault.draft(permit);
    let note = Note {
        content,
        created: draft.now(),
        editor: subject.id(),
        restored: origin.restored,
        external: origin.external,
    };
    let header = draft.create(id.id(), space.id(), subject.id(), &note)?;
    put_in_lists(&mut draft, &header, &note)?;
    for name in names {
        name.put(&mut draft, subject, id.id())?;
    }
    let opened = draft.opened(&header, note);
    draft.commit().await?;
    Ok(opened)
}

/// Reads a note.
///
/// # Errors
/// [`VaultError`].
pub async fn read(vault: &Vault, subject: &Subject, id: NoteId) -> Result<Opened<Note>, VaultError> {
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::ModifiedByLinks)
        || crate::exam::planted(crate::exam::Leak::VersionByTalks)
    {
        let mut opened: Opened<Note> = vault.read(subject, Act::NoteRead, id.id(), &[]).await?;
        let links = vault.exam_rows(subject, Listing::LinksIn, Scope::of(id.id())).len();
        let talks = vault.exam_rows(subject, Listing::Conversations, Scope::of(id.id())).len();
        match crate::exam::planted(crate::exam::Leak::ModifiedByLinks) {
            true => opened.modified = opened.modified.plus_ms(u64::try_from(links).unwrap_or(0)),
            false => opened.version = opened.version.saturating_add(u64::try_from(talks).unwrap_or(0)),
        }
        return Ok(opened);
    }
    vault.read(subject, Act::NoteRead, id.id(), &[]).await
}

/// Writes the next version of a note; the present one is kept as a revision.
///
/// # Errors
/// [`SharingError`]; [`WriteError::Stale`] when `version` is not the present one.
pub async fn change(
    vault: &Vault,
    subject: &Subject,
    id: NoteId,
    version: u64,
    content: NoteContent,
    origin: Origin,
) -> Result<Opened<Note>, SharingError> {
    change_with(vault, subject, Act::NoteChange, id, version, content, origin, &[]).await
}

/// As [`change`], for an item that is imported again with other content.
///
/// # Errors
/// As [`change`].
pub async fn import_change(
    vault: &Vault,
    subject: &Subject,
    id: NoteId,
    version: u64,
    content: NoteContent,
    origin: Origin,
    names: &[repeat::Name],
) -> Result<Opened<Note>, SharingError> {
    change_with(vault, subject, Act::NoteChange, id, version, content, origin, names).await
}

/// As [`change`], under another act, with names to keep.
///
/// # Errors
/// As [`change`].
#[expect(clippy::too_many_arguments, reason = "one write, told in full; a struct would only rename them")]
pub(super) async fn change_with(
    vault: &Vault,
    subject: &Subject,
    act: Act,
    id: NoteId,
    version: u64,
    content: NoteContent,
    origin: Origin,
    names: &[repeat::Name],
) -> Result<Opened<Note>, SharingError> {
    // Decided first, so that a refusal stands in the journal as a refusal of this act.
    let (claim, envelope) = vault.claim(Kind::Note, id.id(), Need::Change)?;
    let permit = vault.monitor().write(subject, act, &[claim]).await?;
    // The present version is opened for what a change does not give: when it was made, and what to take out of lists.
    let old: Opened<Note> = vault.read(subject, Act::NoteRead, id.id(), &[]).await?;
    // Both readings: the object may have changed between them.
    let seen = if old.version == version { envelope } else { None };
    let (mut draft, envelope) = begin(vault, permit, seen, version, old.version).await?;
    let note = Note {
        content,
        created: old.content.created,
        editor: subject.id(),
        restored: origin.restored,
        external: origin.external.or(old.content.external.clone()),
    };
    take_out_of_lists(&mut draft, envelope.header(), &old.content);
    draft.keep_revision(&envelope);
    let header = draft.replace(&envelope, &note)?;
    put_in_lists(&mut draft, &header, &note)?;
    for name in names {
        name.put(&mut draft, subject, id.id())?;
    }
    let opened = draft.opened(&header, note);
    draft.commit().await?;
    Ok(opened)
}

/// Deletes a note, its revisions and its attachments. Links, mentions and conversations that others made about it stay theirs.
///
/// # Errors
/// [`SharingError`].
pub async fn delete(vault: &Vault, subject: &Subject, id: NoteId, version: u64) -> Result<(), SharingError> {
    let (claim, envelope) = vault.claim(Kind::Note, id.id(), Need::ChangeAsAuthorOrAnimator)?;
    let permit = vault.monitor().write(subject, Act::NoteDelete, &[claim]).await?;
    let old: Opened<Note> = vault.read(subject, Act::NoteRead, id.id(), &[]).await?;
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::DeleteToldOfLinks)
        && !vault.exam_rows(subject, Listing::LinksIn, Scope::of(id.id())).is_empty()
    {
        return Err(WriteError::Conflict.into());
    }
    let (mut draft, envelope) = begin(vault, permit, envelope, version, old.version).await?;
    take_out_of_lists(&mut draft, envelope.header(), &old.content);
    for revision in vault.fetch_revisions(id.id(), u64::MAX, limits::REVISIONS_DELETED_AT_ONCE)? {
        // A revision of another label is not ours to remove; it is unreachable once the note is gone.
        if revision.label() == draft.label() {
            draft.remove_revision(&revision)?;
        }
    }
    if let Some(name) = &old.content.external {
        repeat::Name::external(old.home, name).forget(&mut draft);
    }
    // Its attachments cannot be read from this batch on: they are read with it.
    draft.sweep_note(id.id())?;
    draft.remove(&envelope)?;
    Ok(draft.commit().await?)
}

/// One page of cards of a space, newest change first.
///
/// # Errors
/// [`VaultError`].
pub async fn of_space(
    vault: &Vault,
    subject: &Subject,
    space: SpaceId,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<Opened<NoteCard>>, VaultError> {
    let claim = super::space::claim_on(vault, space)?;
    let page = vault.page(subject, Listing::SpaceNotes, &[Scope::of(space.id())], after, limit)?;
    vault.list(subject, Act::NoteList, &[claim], page).await
}

/// One page of the templates of a space, newest change first.
///
/// # Errors
/// [`VaultError`].
pub async fn templates(
    vault: &Vault,
    subject: &Subject,
    space: SpaceId,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<Opened<NoteCard>>, VaultError> {
    let claim = super::space::claim_on(vault, space)?;
    let page = vault.page(subject, Listing::Templates, &[Scope::of(space.id())], after, limit)?;
    vault.list(subject, Act::TemplateList, &[claim], page).await
}

/// One page of cards of all the subject's spaces, by the day they are to be looked at again: what is overdue first.
///
/// # Errors
/// [`VaultError`].
pub async fn reviews(
    vault: &Vault,
    subject: &Subject,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<Opened<NoteCard>>, VaultError> {
    let page = vault.page(subject, Listing::Reviews, &homes(vault, subject), after, limit)?;
    vault.list(subject, Act::ReviewList, &[], page).await
}

/// One page of cards of all the subject's spaces, newest change first.
///
/// # Errors
/// [`VaultError`].
pub async fn feed(
    vault: &Vault,
    subject: &Subject,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<Opened<NoteCard>>, VaultError> {
    let page = vault.page(subject, Listing::SpaceNotes, &homes(vault, subject), after, limit)?;
    vault.list(subject, Act::FeedList, &[], page).await
}

fn homes(vault: &Vault, subject: &Subject) -> Vec<Scope> {
    vault.monitor().rolls().homes(subject.id()).into_iter().map(Scope::of).collect()
}

/// The labels of all notes of a space, and when a note was changed, whoever asks: what planted leaks look at.
#[cfg(feature = "exam")]
pub fn beneath(vault: &Vault, subject: &Subject, space: SpaceId) -> Vec<crate::label::Label> {
    vault.exam_rows(subject, Listing::SpaceNotes, Scope::of(space.id())).iter().map(|row| *row.label()).collect()
}

/// As [`beneath`].
#[cfg(feature = "exam")]
pub fn unread(vault: &Vault, id: NoteId) -> Result<Option<crate::clock::Time>, VaultError> {
    Ok(vault.fetch(Kind::Note, id.id())?.map(|note| note.header().modified))
}

/// Begins a change of an object, if it is of the version that the person saw; `present` is told otherwise, and the
/// decision is journalled as not carried out.
pub(crate) async fn begin<'v>(
    vault: &'v Vault,
    permit: Permit<Write>,
    envelope: Option<Envelope>,
    version: u64,
    present: u64,
) -> Result<(Draft<'v>, Envelope), SharingError> {
    match envelope {
        Some(envelope) if envelope.header().version == version => Ok((vault.draft(permit), envelope)),
        other => {
            let present = other.map_or(present, |envelope| envelope.header().version);
            vault.monitor().not_done(permit).await?;
            Err(WriteError::Stale(present).into())
        }
    }
}

/// The card in its space, the place of its title, the mentions of its body, the people it names, the day of its review.
fn put_in_lists(draft: &mut Draft<'_>, header: &Header, note: &Note) -> Result<(), WriteError> {
    let content = &note.content;
    let card = NoteCard::of(note);
    for (listing, order) in card_places(header, note) {
        draft.list(listing, &Scope::of(header.home), order, header, &card)?;
    }
    let title = Scope::named(&wikilinks::folded(&content.title));
    draft.list(Listing::Titles, &title, note.created.0, header, &TitlePlace {})?;
    for mention in wikilinks::mentions(&content.body) {
        let scope = Scope::named(&wikilinks::folded(&mention.title));
        draft.list::<Mention>(Listing::Mentions, &scope, note.created.0, header, &mention)?;
    }
    for named in calls::named(&content.body) {
        let call =
            Call { title: content.title.clone(), sentence: named.sentence, conversation: None, created: note.created };
        draft.list(Listing::Calls, &calls::scope(&named.name), note.created.0, header, &call)?;
    }
    Ok(())
}

fn take_out_of_lists(draft: &mut Draft<'_>, header: &Header, note: &Note) {
    for (listing, order) in card_places(header, note) {
        draft.unlist(listing, &Scope::of(header.home), order, header.id);
    }
    let title = Scope::named(&wikilinks::folded(&note.content.title));
    draft.unlist(Listing::Titles, &title, note.created.0, header.id);
    for mention in wikilinks::mentions(&note.content.body) {
        let scope = Scope::named(&wikilinks::folded(&mention.title));
        draft.unlist(Listing::Mentions, &scope, note.created.0, header.id);
    }
    for named in calls::named(&note.content.body) {
        draft.unlist(Listing::Calls, &calls::scope(&named.name), note.created.0, header.id);
    }
}

/// The lists of its space in which a note's card stands.
fn card_places(header: &Header, note: &Note) -> Vec<(Listing, u64)> {
    let mut places = vec![(Listing::SpaceNotes, header.modified.0)];
    if let Some(day) = note.content.review_time() {
        places.push((Listing::Reviews, day.0));
    }
    if note.content.kind == NoteKind::Template {
        places.push((Listing::Templates, header.modified.0));
    }
    places
}

/// The card of a note whose record is at hand, without opening the record.
///
/// # Errors
/// [`VaultError`].
pub fn card_envelope(vault: &Vault, note: &Envelope) -> Result<Option<Envelope>, VaultError> {
    card_of(vault, note.header())
}

/// The card of a note whose header is known.
///
/// # Errors
/// [`VaultError`].
pub fn card_of(vault: &Vault, header: &Header) -> Result<Option<Envelope>, VaultError> {
    vault.fetch_listed(Listing::SpaceNotes, &Scope::of(header.home), header)
}

/// Which note a title leads to for this subject: of those it reaches, one of the same space first, then the oldest.
///
/// # Errors
/// [`VaultError`].
pub fn resolve(vault: &Vault, subject: &Subject, title: &str, home: Id) -> Result<Option<Envelope>, VaultError> {
    let scopes = [Scope::named(&wikilinks::folded(title))];
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::MentionsResolveUp) {
        let first =
            vault.exam_rows(subject, Listing::Titles, Scope::named(&wikilinks::folded(title))).into_iter().next();
        return first.map_or(Ok(None), |first| vault.fetch(Kind::Note, first.header().id));
    }
    let mut oldest: Option<Id> = None;
    let mut after: Option<Place> = None;
    let mut reached: usize = 0;
    // Page after page: notes that the subject does not reach must not use up the candidates of those it does.
    while reached < limits::TITLE_CANDIDATES_MAX {
        let page = vault.page(subject, Listing::Titles, &scopes, after.as_ref(), limits::TITLE_CANDIDATES_MAX)?;
        let Some(last) = page.last().and_then(Envelope::place) else { break };
        after = Some(last);
        for found in page.iter().filter(|found| vault.monitor().reaches(subject, &found.target())) {
            if found.header().home == home {
                return vault.fetch(Kind::Note, found.header().id);
            }
            oldest = oldest.or(Some(found.header().id));
            reached = reached.saturating_add(1);
        }
    }
    oldest.map_or(Ok(None), |oldest| vault.fetch(Kind::Note, oldest))
}
