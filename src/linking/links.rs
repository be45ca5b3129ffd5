//! What people do with links.

use super::link::{External, Link, LinkContent};
use crate::{
    audit::entry::{Act, Rule},
    identity::Subject,
    ids::{Id, LinkId, NoteId},
    limits,
    monitor::Need,
    sharing::{
        SharingError,
        note::{Note, NoteCard},
        notes, repeat,
        wikilinks::{self, Mention},
    },
    vault::{Envelope, Kind, Listing, Opened, Scope, Vault, VaultError, rows::Place},
};

/// Makes a link at the working label between two notes that the subject reaches. `content` has been checked.
///
/// # Errors
/// [`SharingError`].
pub async fn create(
    vault: &Vault,
    subject: &Subject,
    id: LinkId,
    content: LinkContent,
    external: Option<External>,
    names: &[repeat::Name],
) -> Result<Opened<Link>, SharingError> {
    let (from, _) = vault.claim(Kind::Note, content.from.id(), Need::Reach)?;
    let (to, _) = vault.claim(Kind::Note, content.to.id(), Need::Reach)?;
    let permit = vault.monitor().write(subject, Act::LinkCreate, &[from, to]).await?;
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::LinkTaken)
        && vault.exam_rows(subject, Listing::LinksOut, Scope::of(content.from.id())).len() > 1
    {
        return Err(crate::vault::WriteError::Conflict.into());
    }
    vault.ensure_label(subject).await?;
    let mut draft = vault.draft(permit);
    let link = Link {
        from: content.from,
        to: content.to,
        kind: content.kind,
        comment: content.comment,
        created: draft.now(),
        external,
    };
    let header = draft.create(id.id(), Id::NONE, subject.id(), &link)?;
    draft.list(Listing::LinksOut, &Scope::of(link.from.id()), link.created.0, &header, &link)?;
    draft.list(Listing::LinksIn, &Scope::of(link.to.id()), link.created.0, &header, &link)?;
    for name in names {
        name.put(&mut draft, subject, id.id())?;
    }
    let opened = draft.opened(&header, link);
    draft.commit().await?;
    Ok(opened)
}

/// Reads a link whose both ends the subject reaches.
///
/// # Errors
/// [`VaultError`].
pub async fn read(vault: &Vault, subject: &Subject, id: LinkId) -> Result<Opened<Link>, VaultError> {
    // The ends are content: they are known once the link is opened. Shown is the link only with both of them.
    let opened: Opened<Link> = vault.read(subject, Act::LinkRead, id.id(), &[]).await?;
    for end in [opened.content.from, opened.content.to] {
        let reached =
            vault.fetch(Kind::Note, end.id())?.is_some_and(|end| vault.monitor().reaches(subject, &end.target()));
        if !reached {
            return Err(vault
                .monitor()
                .refuse_for(subject, Act::LinkRead, Rule::Absent, &[id.id(), end.id()])
                .await
                .into());
        }
    }
    Ok(opened)
}

/// Deletes a link: its author, at its label.
///
/// # Errors
/// [`SharingError`].
pub async fn delete(vault: &Vault, subject: &Subject, id: LinkId) -> Result<(), SharingError> {
    let old = read(vault, subject, id).await?;
    let (claim, envelope) = vault.claim(Kind::Link, id.id(), Need::ChangeAsAuthor)?;
    let permit = vault.monitor().write(subject, Act::LinkDelete, &[claim]).await?;
    let envelope = envelope.ok_or(VaultError::Refused(crate::monitor::Refusal::Absent))?;
    let mut draft = vault.draft(permit);
    draft.unlist(Listing::LinksOut, &Scope::of(old.content.from.id()), old.content.created.0, id.id());
    draft.unlist(Listing::LinksIn, &Scope::of(old.content.to.id()), old.content.created.0, id.id());
    if let Some(external) = &old.content.external {
        repeat::Name::external_link(external.space.id(), &external.name).forget(&mut draft);
    }
    draft.remove(&envelope)?;
    Ok(draft.commit().await?)
}

/// Which way a link is seen from a note.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// It starts here.
    Out,
    /// It leads here.
    In,
}

/// A link as seen from one note, with the card of the other end.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Which way.
    pub way: Way,
    /// The link itself; none for a mention in a body.
    pub link: Option<Opened<Link>>,
    /// The sentence around a mention.
    pub sentence: Option<Opened<Mention>>,
    /// The note at the other end.
    pub other: Opened<NoteCard>,
}

/// One page of the typed links of a note, one way.
///
/// # Errors
/// [`VaultError`].
pub async fn of_note(
    vault: &Vault,
    subject: &Subject,
    note: NoteId,
    way: Way,
    after: Option<&Place>,
    limit: usize,
) -> Result<(Vec<Seen>, Option<Place>), VaultError> {
    let (claim, _) = vault.claim(Kind::Note, note.id(), Need::Reach)?;
    let listing = match way {
        Way::Out => Listing::LinksOut,
        Way::In => Listing::LinksIn,
    };
    let mut seen = Vec::with_capacity(limit);
    let mut after = after.copied();
    // Page after page: what is left out for its other end must show neither in the length of a page nor in its cursor.
    loop {
        let page = vault.page(subject, listing, &[Scope::of(note.id())], after.as_ref(), limit)?;
        #[cfg(feature = "exam")]
        let page = if crate::exam::planted(crate::exam::Leak::LinksReadUp) {
            vault.exam_rows(subject, listing, Scope::of(note.id()))
        } else {
            page
        };
        after = if page.len() == limit { page.last().and_then(Envelope::place) } else { None };
        let links: Vec<Opened<Link>> = vault.list(subject, Act::LinkList, &[claim], page).await?;
        let others: Vec<Id> = links
            .iter()
            .map(|link| match way {
                Way::Out => link.content.to.id(),
                Way::In => link.content.from.id(),
            })
            .collect();
        let cards = cards(vault, subject, &others).await?;
        for (link, other) in links.into_iter().zip(others) {
            // The link is information too: without its other end it is not shown at all.
            let Some(card) = cards.iter().find(|card| card.id == other) else { continue };
            let place = Place { order: link.content.created.0, id: link.id };
            seen.push(Seen { way, link: Some(link), sentence: None, other: card.clone() });
            if seen.len() == limit {
                return Ok((seen, Some(place)));
            }
        }
        #[cfg(feature = "exam")]
        if crate::exam::planted(crate::exam::Leak::NextCountsHidden) {
            return Ok((seen, after));
        }
        if after.is_none() {
            return Ok((seen, None));
        }
    }
}

/// What a note's body mentions, and which notes mention its title, each resolved for this reader.
///
/// # Errors
/// [`VaultError`].
pub async fn mentions(vault: &Vault, subject: &Subject, note: NoteId) -> Result<Vec<Seen>, VaultError> {
    let opened: Opened<Note> = vault.read(subject, Act::NoteRead, note.id(), &[]).await?;
    let mut found: Vec<(Way, Id, Option<Opened<Mention>>)> = Vec::new();
    for mention in wikilinks::mentions(&opened.content.content.body) {
        if let Some(target) = notes::resolve(vault, subject, &mention.title, opened.home)?
            && target.header().id != note.id()
        {
            found.push((Way::Out, target.header().id, None));
        }
    }
    let title = &opened.content.content.title;
    let scope = Scope::named(&wikilinks::folded(title));
    let mut kept: Vec<Envelope> = Vec::new();
    let mut after: Option<Place> = None;
    // As above: mentions that the subject does not reach must not use up the places of those it does.
    while kept.len() < limits::MENTIONS_LISTED_MAX {
        let page = vault.page(
            subject,
            Listing::Mentions,
            std::slice::from_ref(&scope),
            after.as_ref(),
            limits::MENTIONS_LISTED_MAX,
        )?;
        let Some(last) = page.last().and_then(Envelope::place) else { break };
        after = Some(last);
        for envelope in page {
            if envelope.header().id == note.id() || !vault.monitor().reaches(subject, &envelope.target()) {
                continue;
            }
            // A mention counts here when, for this reader, it leads to this very note.
            let leads = notes::resolve(vault, subject, title, envelope.header().home)?;
            if leads.is_some_and(|target| target.header().id == note.id()) {
                kept.push(envelope);
            }
        }
    }
    kept.truncate(limits::MENTIONS_LISTED_MAX);
    for mention in vault.list::<Mention>(subject, Act::LinkList, &[], kept).await? {
        found.push((Way::In, mention.id, Some(mention)));
    }
    let others: Vec<Id> = found.iter().map(|(_, other, _)| *other).collect();
    let cards = cards(vault, subject, &others).await?;
    let seen = found.into_iter().filter_map(|(way, other, sentence)| {
        let other = cards.iter().find(|card| card.id == other)?.clone();
        Some(Seen { way, link: None, sentence, other })
    });
    Ok(seen.collect())
}

/// The notes that the mentions of a text lead to for this reader, as if the text stood in `home`: for a text that is not saved.
///
/// # Errors
/// [`VaultError`].
pub async fn leads(
    vault: &Vault,
    subject: &Subject,
    text: &str,
    home: Id,
) -> Result<Vec<Opened<NoteCard>>, VaultError> {
    let mut found = Vec::new();
    for mention in wikilinks::mentions(text) {
        found.extend(notes::resolve(vault, subject, &mention.title, home)?.map(|note| note.header().id));
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    cards(vault, subject, &found).await
}

/// The cards of those notes that the subject reaches.
///
/// # Errors
/// [`VaultError`].
pub async fn cards(vault: &Vault, subject: &Subject, ids: &[Id]) -> Result<Vec<Opened<NoteCard>>, VaultError> {
    let mut envelopes = Vec::new();
    let wanted: std::collections::BTreeSet<Id> = ids.iter().copied().collect();
    for id in wanted {
        let Some(note) = vault.fetch(Kind::Note, id)? else { continue };
        #[cfg(feature = "exam")]
        if crate::exam::planted(crate::exam::Leak::FarEndUnchecked) {
            envelopes.extend(notes::card_envelope(vault, &note)?);
            continue;
        }
        if vault.monitor().reaches(subject, &note.target()) {
            envelopes.extend(notes::card_envelope(vault, &note)?);
        }
    }
    vault.list(subject, Act::NoteList, &[], envelopes).await
}
