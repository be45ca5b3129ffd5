//! What leaves: notes with the links that start from them and their attachments, decided at a ceiling.
//!
//! The subject is [beneath](crate::identity::Subject::beneath) the ceiling: every reading of this file is one that the same
//! person could do working there, so nothing here asks for the ceiling a second time, and nothing can forget to.
//!
//! Every page is an act of its own in the journal (`export`), with the identifiers of all that it lets out: the notes,
//! the links, the attachments, and, in a second entry, the notes at the far ends of links. A link whose far end the
//! subject does not reach is left out whole: its row, its place in a count, the identifier of its end (LEAKS T37).
//!
//! What stays is the text of a body as its author wrote it, `[[…]]` included. The author wrote it at the note's label,
//! with what he knew there: whether some title is borne by something above is told neither by the presence of these
//! words nor by their absence, and a word taken out would tell it.

use std::collections::BTreeSet;

use super::link::Link;
use crate::{
    identity::Subject,
    ids::{Id, NoteId, SpaceId},
    limits,
    monitor::{Claim, Need, Target},
    sharing::{
        attachment::AttachmentCard,
        note::Note,
        space::{Space, claim_on},
    },
    vault::{Envelope, Kind, Listing, Mixed, Opened, Scope, Vault, VaultError, rows::Place},
};

/// A note as it leaves.
#[derive(Debug)]
pub struct Leaving {
    /// The note.
    pub note: Opened<Note>,
    /// Links that start from it, newest first.
    pub links: Vec<Opened<Link>>,
    /// Where its further links begin, if there may be more.
    pub further: Option<Place>,
    /// Its attachments, in the order in which they came.
    pub attachments: Vec<Opened<AttachmentCard>>,
}

/// One page of what leaves.
#[derive(Debug)]
pub struct Departure {
    /// The space, when the subject reaches it.
    pub space: Option<Opened<Space>>,
    /// The notes.
    pub notes: Vec<Leaving>,
    /// Where the next page begins.
    pub next: Option<Place>,
}

/// A note and what goes with it, as found.
struct Packed {
    note: Envelope,
    attachments: Vec<Envelope>,
    links: Vec<Envelope>,
}

/// One page of the notes of a space, newest change first.
///
/// # Errors
/// [`VaultError`].
pub async fn of_space(
    vault: &Vault,
    subject: &Subject,
    space: SpaceId,
    after: Option<&Place>,
    limit: usize,
) -> Result<Departure, VaultError> {
    let claim = claim_on(vault, space)?;
    // Before the decision, which comes with the entry of the page: a space that is hidden must not cost its notes (LEAKS T30).
    let cards = match claim.found.filter(|space| vault.monitor().reaches(subject, space)) {
        Some(_) => vault.page(subject, Listing::SpaceNotes, &[Scope::of(space.id())], after, limit)?,
        None => Vec::new(),
    };
    let full = cards.len() == limit;
    let (mut packed, mut objects, mut next) = (Vec::new(), 0_usize, None);
    for card in &cards {
        // One entry of the journal names all of the page: it holds so many names and no more.
        if objects > limits::EXPORT_OBJECTS_MAX {
            break;
        }
        next = card.place();
        let Some(note) = vault.fetch(Kind::Note, card.header().id)? else { continue };
        let one = pack(vault, subject, note, None, limits::EXPORT_LINKS_MAX)?;
        objects = objects.saturating_add(one.links.len()).saturating_add(one.attachments.len()).saturating_add(1);
        packed.push(one);
    }
    let whole = !full && next == cards.last().and_then(Envelope::place);
    let record = vault.fetch(Kind::Space, space.id())?;
    let (space, notes) = depart(vault, subject, &[claim], record, packed, limits::EXPORT_LINKS_MAX).await?;
    Ok(Departure { space, notes, next: next.filter(|_| !whole) })
}

/// One note with some of its links; [`Departure::next`] is where further links begin.
///
/// # Errors
/// [`VaultError`].
pub async fn of_note(
    vault: &Vault,
    subject: &Subject,
    note: NoteId,
    after: Option<&Place>,
    limit: usize,
) -> Result<Departure, VaultError> {
    let (claim, found) = vault.claim(Kind::Note, note.id(), Need::Reach)?;
    let home = found.as_ref().map_or(Id::NONE, |note| note.header().home);
    // Looked up in any case: a note that is hidden costs what one that is absent costs (LEAKS T30).
    let space = vault.fetch(Kind::Space, home)?;
    let packed = match found.filter(|note| vault.monitor().reaches(subject, &note.target())) {
        Some(note) => vec![pack(vault, subject, note, after, limit)?],
        None => Vec::new(),
    };
    let (space, mut notes) = depart(vault, subject, &[claim], space, packed, limit).await?;
    let next = notes.first_mut().and_then(|note| note.further.take());
    Ok(Departure { space, notes, next })
}

fn pack(
    vault: &Vault,
    subject: &Subject,
    note: Envelope,
    after: Option<&Place>,
    limit: usize,
) -> Result<Packed, VaultError> {
    let scope = [Scope::of(note.header().id)];
    let attachments = vault.page(subject, Listing::Attachments, &scope, None, limits::ATTACHMENTS_PER_NOTE_MAX)?;
    let links = vault.page(subject, Listing::LinksOut, &scope, after, limit)?;
    Ok(Packed { note, attachments, links })
}

/// Decides, journals and opens.
async fn depart(
    vault: &Vault,
    subject: &Subject,
    about: &[Claim],
    space: Option<Envelope>,
    packed: Vec<Packed>,
    limit: usize,
) -> Result<(Option<Opened<Space>>, Vec<Leaving>), VaultError> {
    let mut targets: Vec<Target> = space.iter().map(Envelope::target).collect();
    for one in &packed {
        targets.push(one.note.target());
        targets.extend(one.attachments.iter().chain(&one.links).map(Envelope::target));
    }
    let mut page = vault.mixed(vault.monitor().export(subject, about, &targets).await?);
    let space = match space {
        Some(space) => vault.open_mixed(&mut page, space)?,
        None => None,
    };
    let mut opened = Vec::with_capacity(packed.len());
    for one in packed {
        // What goes with a note goes with it or not at all.
        let Some(note) = vault.open_mixed::<Note>(&mut page, one.note)? else { continue };
        let last = one.links.last().and_then(Envelope::place).filter(|_| one.links.len() == limit);
        let links: Vec<Opened<Link>> = open_all(vault, &mut page, one.links)?;
        opened.push((note, links, last, open_all(vault, &mut page, one.attachments)?));
    }
    let reached = far_ends(vault, subject, opened.iter().flat_map(|(_, links, ..)| links)).await?;
    let mut leaving = Vec::with_capacity(opened.len());
    for (note, mut links, last, attachments) in opened {
        links.retain(|link| reached.contains(&link.content.to.id()));
        let further = match last {
            Some(last) => fill(vault, subject, note.id, &mut links, last, limit).await?,
            None => None,
        };
        leaving.push(Leaving { note, links, further, attachments });
    }
    Ok((space, leaving))
}

fn open_all<T: crate::vault::Stored>(
    vault: &Vault,
    page: &mut Mixed,
    found: Vec<Envelope>,
) -> Result<Vec<Opened<T>>, VaultError> {
    let mut opened = Vec::with_capacity(found.len());
    for envelope in found {
        opened.extend(vault.open_mixed(page, envelope)?);
    }
    Ok(opened)
}

/// Row after row until there are `limit` links or no more: what is left out for its far end must show neither in the
/// number of links nor in whether there are further ones.
async fn fill(
    vault: &Vault,
    subject: &Subject,
    note: Id,
    links: &mut Vec<Opened<Link>>,
    mut after: Place,
    limit: usize,
) -> Result<Option<Place>, VaultError> {
    while links.len() < limit {
        let rows = vault.page(subject, Listing::LinksOut, &[Scope::of(note)], Some(&after), limit)?;
        let last = rows.last().and_then(Envelope::place).filter(|_| rows.len() == limit);
        let targets: Vec<Target> = rows.iter().map(Envelope::target).collect();
        let permit = vault.monitor().export(subject, &[], &targets).await?;
        let more: Vec<Opened<Link>> = vault.open_page(permit, rows)?;
        let reached = far_ends(vault, subject, more.iter()).await?;
        links.extend(more.into_iter().filter(|link| reached.contains(&link.content.to.id())));
        match last {
            Some(last) => after = last,
            // Whether there is another page depends on what is seen alone: with so many seen there is, be it empty.
            None if links.len() < limit => return Ok(None),
            None => break,
        }
    }
    links.truncate(limit);
    Ok(links.last().map(|link| Place { order: link.content.created.0, id: link.id }))
}

/// Those far ends of links that the subject reaches. Their identifiers are let out with the links: they are decided on,
/// and named in the journal, as everything else is.
async fn far_ends(
    vault: &Vault,
    subject: &Subject,
    links: impl Iterator<Item = &Opened<Link>>,
) -> Result<BTreeSet<Id>, VaultError> {
    let ends: BTreeSet<Id> = links.map(|link| link.content.to.id()).collect();
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::ExportFarEnd) {
        return Ok(ends);
    }
    let mut targets = Vec::with_capacity(ends.len());
    for end in ends {
        targets.extend(vault.fetch(Kind::Note, end)?.map(|end| end.target()));
    }
    if targets.is_empty() {
        return Ok(BTreeSet::new());
    }
    let permit = vault.monitor().export(subject, &[], &targets).await?;
    Ok(permit.spend().iter().map(crate::monitor::Granted::id).collect())
}
