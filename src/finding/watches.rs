//! What people do with watches: keep a question, change it, drop it, list them, and mark their matches as seen.
//!
//! A watch that is shared lives in a space, and is a thing of that space: members see it. One that is private lives in a home
//! of its own with one member, its author, as a draft does: the rules of spaces are the rules here.

use super::watch::{Marks, MarksCard, Seen, Watch, WatchCard, WatchContent};
use crate::{
    audit::entry::Act,
    clock::Time,
    identity::Subject,
    ids::{Id, SpaceId, WatchId},
    limits,
    monitor::{Need, Part, RollChange},
    sharing::{Invalid, SharingError, notes::begin, repeat, space},
    vault::{Envelope, Header, Kind, Listing, Opened, Scope, Vault, VaultError, rows::Place},
};

/// Watches, and what their reader has seen of them.
#[derive(Debug)]
pub struct Listed {
    /// Last changed first.
    pub watches: Vec<Opened<WatchCard>>,
    /// What has been seen.
    pub seen: Seen,
}

fn own(subject: &Subject) -> Scope {
    Scope::of(subject.id().id())
}

/// The space that a watch is shared in; none for a private one.
pub fn space_of<T>(watch: &Opened<T>) -> Option<SpaceId> {
    (watch.home != watch.id).then_some(SpaceId(watch.home))
}

/// The watch of a list, which is all of it.
pub fn from_card(card: Opened<WatchCard>) -> Opened<Watch> {
    let Opened { id, version, label, home, author, modified, content: WatchCard(content) } = card;
    Opened { id, version, label, home, author, modified, content }
}

fn scope(header: &Header) -> Scope {
    if header.home == header.id { Scope::of(header.author.id()) } else { Scope::of(header.home) }
}

/// Keeps a question at the working label: shared in a space, or for oneself. `content` has been checked.
///
/// # Errors
/// [`SharingError`].
pub async fn create(
    vault: &Vault,
    subject: &Subject,
    id: WatchId,
    space: Option<SpaceId>,
    content: WatchContent,
    names: &[repeat::Name],
) -> Result<Opened<Watch>, SharingError> {
    let mut claims = Vec::new();
    if let Some(space) = space {
        claims.push(space::claim_on(vault, space)?);
    }
    let permit = vault.monitor().write(subject, Act::WatchCreate, &claims).await?;
    let (shelf, most) = match space {
        Some(space) => (Scope::of(space.id()), limits::WATCHES_SPACE_MAX),
        None => (own(subject), limits::WATCHES_OWN_MAX),
    };
    // Of those that can be seen from here: nothing higher counts.
    if vault.page(subject, Listing::Watches, &[shelf], None, most)?.len() >= most {
        vault.monitor().not_done(permit).await?;
        return Err(Invalid::TooLong { field: "watches", maximum: most }.into());
    }
    vault.ensure_label(subject).await?;
    let mut draft = vault.draft(permit);
    let home = space.map_or(id.id(), SpaceId::id);
    if space.is_none() {
        draft.open_home(home)?;
        draft.enrol(RollChange::Put(home, subject.id(), Part::Animator))?;
    }
    let watch = Watch { content, created: draft.now() };
    let header = draft.create(id.id(), home, subject.id(), &watch)?;
    draft.list(Listing::Watches, &scope(&header), header.modified.0, &header, &WatchCard(watch.clone()))?;
    for name in names {
        name.put(&mut draft, subject, id.id())?;
    }
    let opened = draft.opened(&header, watch);
    draft.commit().await?;
    Ok(opened)
}

/// Reads a watch, and what its reader has seen, as that act.
///
/// # Errors
/// [`VaultError`].
pub async fn read(
    vault: &Vault,
    subject: &Subject,
    act: Act,
    id: WatchId,
) -> Result<(Opened<Watch>, Seen), VaultError> {
    let watch = vault.read(subject, act, id.id(), &[]).await?;
    let marks = marks(vault, subject)?;
    let mut seen = Seen::default();
    if !marks.is_empty() {
        for marks in vault.list::<MarksCard>(subject, act, &[], marks).await? {
            seen.add(marks.label, marks.content.0);
        }
    }
    Ok((watch, seen))
}

/// Changes name and question.
///
/// # Errors
/// [`SharingError`]; stale when `version` is not the present one.
pub async fn change(
    vault: &Vault,
    subject: &Subject,
    id: WatchId,
    version: u64,
    content: WatchContent,
) -> Result<Opened<Watch>, SharingError> {
    let (claim, envelope) = vault.claim(Kind::Watch, id.id(), Need::ChangeAsAuthorOrAnimator)?;
    let permit = vault.monitor().write(subject, Act::WatchChange, &[claim]).await?;
    let old: Opened<Watch> = vault.read(subject, Act::WatchRead, id.id(), &[]).await?;
    let (mut draft, envelope) = begin(vault, permit, envelope, version, old.version).await?;
    let watch = Watch { content, created: old.content.created };
    let shelf = scope(envelope.header());
    draft.unlist(Listing::Watches, &shelf, envelope.header().modified.0, id.id());
    draft.forget_parts(&envelope);
    let header = draft.replace(&envelope, &watch)?;
    draft.list(Listing::Watches, &shelf, header.modified.0, &header, &WatchCard(watch.clone()))?;
    let opened = draft.opened(&header, watch);
    draft.commit().await?;
    Ok(opened)
}

/// Drops a watch. What others marked as seen stays theirs, and says nothing any more.
///
/// # Errors
/// As [`change`].
pub async fn delete(vault: &Vault, subject: &Subject, id: WatchId, version: u64) -> Result<(), SharingError> {
    let (claim, envelope) = vault.claim(Kind::Watch, id.id(), Need::ChangeAsAuthorOrAnimator)?;
    let present = envelope.as_ref().map_or(0, |envelope| envelope.header().version);
    let permit = vault.monitor().write(subject, Act::WatchDelete, &[claim]).await?;
    let (mut draft, envelope) = begin(vault, permit, envelope, version, present).await?;
    let header = *envelope.header();
    draft.unlist(Listing::Watches, &scope(&header), header.modified.0, header.id);
    draft.remove(&envelope)?;
    if header.home == header.id {
        draft.enrol(RollChange::Remove(header.home, header.author))?;
        draft.close_home(header.home);
    }
    Ok(draft.commit().await?)
}

/// One page of the watches of one's spaces and of one's own, last changed first, and what one has seen of them.
///
/// # Errors
/// [`VaultError`].
pub async fn list(vault: &Vault, subject: &Subject, after: Option<&Place>, limit: usize) -> Result<Listed, VaultError> {
    let homes = vault.monitor().rolls().homes(subject.id()).into_iter().map(Scope::of);
    let shelves: Vec<Scope> = homes.chain([own(subject)]).collect();
    let page = vault.page(subject, Listing::Watches, &shelves, after, limit)?;
    let marks = if page.is_empty() { Vec::new() } else { marks(vault, subject)? };
    let targets: Vec<_> = page.iter().chain(&marks).map(Envelope::target).collect();
    let permit = vault.monitor().list(subject, Act::WatchList, &[], &targets).await?;
    let (mut granted, mut listed) = (vault.mixed(permit), Listed { watches: Vec::new(), seen: Seen::default() });
    for envelope in page {
        listed.watches.extend(vault.open_mixed::<WatchCard>(&mut granted, envelope)?);
    }
    for envelope in marks {
        if let Some(marks) = vault.open_mixed::<MarksCard>(&mut granted, envelope)? {
            listed.seen.add(marks.label, marks.content.0);
        }
    }
    Ok(listed)
}

/// The subject's marks at all labels that flow to the working label: one row a label.
fn marks(vault: &Vault, subject: &Subject) -> Result<Vec<Envelope>, VaultError> {
    vault.page(subject, Listing::Marks, &[own(subject)], None, limits::PAGE_ROWS_MAX)
}

/// Marks the matches of a watch as seen up to a moment: in the subject's own marks, at the working label.
///
/// # Errors
/// [`SharingError`]; [`Invalid::Date`] for a moment that has not come.
pub async fn see(vault: &Vault, subject: &Subject, id: WatchId, until: Time) -> Result<(), SharingError> {
    let (watch, _) = vault.claim(Kind::Watch, id.id(), Need::Reach)?;
    let here = marks(vault, subject)?.into_iter().find(|row| row.label() == subject.working());
    let known = match here {
        Some(row) => Some(vault.claim(Kind::Marks, row.header().id, Need::ChangeAsAuthor)?),
        None => None,
    };
    let claims: Vec<_> = [watch].into_iter().chain(known.iter().map(|(claim, _)| *claim)).collect();
    let permit = vault.monitor().write(subject, Act::WatchSeen, &claims).await?;
    if until > vault.clock().now() {
        vault.monitor().not_done(permit).await?;
        return Err(Invalid::Date("until").into());
    }
    let Some((claim, envelope)) = known else {
        vault.ensure_label(subject).await?;
        let home: Id = vault.entropy().id()?;
        let mut marks = Marks::default();
        marks.note(id.id(), until);
        let mut draft = vault.draft(permit);
        draft.open_home(home)?;
        draft.enrol(RollChange::Put(home, subject.id(), Part::Animator))?;
        let header = draft.create(home, home, subject.id(), &marks)?;
        draft.list(Listing::Marks, &own(subject), 0, &header, &MarksCard(marks))?;
        return Ok(draft.commit().await?);
    };
    let old: Opened<Marks> = vault.read(subject, Act::WatchSeen, claim.asked, &[]).await?;
    let (mut draft, envelope) = begin(vault, permit, envelope, old.version, old.version).await?;
    let mut marks = old.content;
    marks.note(id.id(), until);
    forget_gone(vault, subject, &mut marks)?;
    marks.trim();
    draft.forget_parts(&envelope);
    let header = draft.replace(&envelope, &marks)?;
    draft.list(Listing::Marks, &own(subject), 0, &header, &MarksCard(marks))?;
    Ok(draft.commit().await?)
}

/// Once there are too many, those of watches that the subject does not reach here any more go first.
fn forget_gone(vault: &Vault, subject: &Subject, marks: &mut Marks) -> Result<(), VaultError> {
    if marks.until.len() <= limits::WATCH_MARKS_MAX {
        return Ok(());
    }
    let mut gone = Vec::new();
    for watch in marks.until.keys() {
        let there = vault.fetch(Kind::Watch, *watch)?;
        if !there.is_some_and(|there| vault.monitor().reaches(subject, &there.target())) {
            gone.push(*watch);
        }
    }
    for watch in gone {
        marks.until.remove(&watch);
    }
    Ok(())
}
