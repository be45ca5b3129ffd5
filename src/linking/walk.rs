//! Going along links from note to note, as one reader sees them.
//!
//! Every link and both of its ends are decided by the monitor. All bounds count what this reader sees and nothing else: a
//! walk that stopped after so many *rows* would stop sooner where hidden links stand, and say so by what it leaves out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{link::Link, links::Way};
use crate::{
    audit::entry::Act,
    identity::Subject,
    ids::{Id, NoteId},
    label::Label,
    limits,
    monitor::{Claim, Need, Permit, Refusal, Walk},
    sharing::{note::NoteCard, notes},
    vault::{Envelope, Glimpse, Header, Kind, Listing, Opened, Scope, Vault, VaultError},
};

/// A walk under way.
pub(super) struct Walker<'v> {
    vault: &'v Vault,
    subject: &'v Subject,
    permit: Permit<Walk>,
    /// The notes that were met: none for one that is not reached.
    ends: BTreeMap<Id, Option<Header>>,
    /// Links that were seen, of those that may be.
    looked: usize,
    most: usize,
}

/// A link that was seen, from one of its ends.
pub(super) struct Met {
    pub(super) way: Way,
    pub(super) other: Id,
    pub(super) link: Glimpse<Link>,
}

/// Where a note stands in a walk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reached {
    /// Links between it and the root, on the shortest way.
    pub level: u8,
    /// The note that it was met from, over which link, and which way that goes; none for the root.
    pub from: Option<(NoteId, Id, Way)>,
}

/// What a walk has found so far.
#[derive(Default)]
pub(super) struct Found {
    pub(super) notes: Vec<(Glimpse<NoteCard>, Reached)>,
    pub(super) links: Vec<Glimpse<Link>>,
    pub(super) known: BTreeSet<Id>,
    labels: Vec<Label>,
    /// Whether a bound left something out that this reader sees.
    pub(super) more: bool,
}

impl Found {
    /// Whether there is room for something of that label.
    fn has_room_for(&mut self, label: Label) -> bool {
        if self.labels.contains(&label) {
            return true;
        }
        let room = self.labels.len() < limits::GRAPH_LABELS_MAX;
        if room {
            self.labels.push(label);
        }
        room
    }
}

/// How a walk goes.
pub(super) struct Rules<'r> {
    pub(super) ways: &'r [Way],
    pub(super) depth: u8,
    pub(super) notes_max: usize,
    pub(super) links_max: usize,
    pub(super) link: &'r (dyn Fn(&Link) -> bool + Send + Sync),
    pub(super) note: &'r (dyn Fn(&Opened<NoteCard>) -> bool + Send + Sync),
}

impl<'v> Walker<'v> {
    /// Begins a walk from notes that the subject must reach.
    pub(super) async fn begin(
        vault: &'v Vault,
        subject: &'v Subject,
        act: Act,
        about: &[NoteId],
        most: usize,
    ) -> Result<Self, VaultError> {
        let mut claims = Vec::with_capacity(about.len());
        for note in about {
            claims.push(vault.claim(Kind::Note, note.id(), Need::Reach)?.0);
        }
        Self::about(vault, subject, act, &claims, most).await
    }

    /// Begins a walk about what was claimed.
    pub(super) async fn about(
        vault: &'v Vault,
        subject: &'v Subject,
        act: Act,
        claims: &[Claim],
        most: usize,
    ) -> Result<Self, VaultError> {
        let permit = vault.monitor().walk(subject, act, claims).await?;
        Ok(Self { vault, subject, permit, ends: BTreeMap::new(), looked: 0, most })
    }

    /// The header of a note, if the subject reaches it.
    fn end(&mut self, id: Id) -> Result<Option<Header>, VaultError> {
        if let Some(known) = self.ends.get(&id) {
            return Ok(*known);
        }
        let found = self.vault.fetch(Kind::Note, id)?;
        let reached = found.filter(|note| self.vault.monitor().reaches(self.subject, &note.target()));
        let header = reached.map(|note| *note.header());
        self.ends.insert(id, header);
        Ok(header)
    }

    /// The card of a note that the subject reaches.
    pub(super) fn card(&mut self, id: Id) -> Result<Option<Glimpse<NoteCard>>, VaultError> {
        let Some(header) = self.end(id)? else { return Ok(None) };
        let Some(card) = notes::card_of(self.vault, &header)? else { return Ok(None) };
        self.vault.glimpse(&self.permit, self.subject, card)
    }

    /// The links of a note one way, newest first, each with both ends within reach; false behind them when the walk has seen
    /// all that it may.
    pub(super) async fn links(&mut self, note: Id, way: Way) -> Result<(Vec<Met>, bool), VaultError> {
        let listing = match way {
            Way::Out => Listing::LinksOut,
            Way::In => Listing::LinksIn,
        };
        let (scope, limit) = ([Scope::of(note)], limits::PAGE_ROWS_MAX);
        let (mut met, mut after) = (Vec::new(), None);
        loop {
            let page = self.vault.page(self.subject, listing, &scope, after.as_ref(), limit)?;
            after = if page.len() == limit { page.last().and_then(Envelope::place) } else { None };
            for row in page {
                let Some(link) = self.vault.glimpse::<Link>(&self.permit, self.subject, row)? else { continue };
                let ends = link.look();
                let other = match way {
                    Way::Out => ends.content.to.id(),
                    Way::In => ends.content.from.id(),
                };
                // The link is information too: without its other end it is not there at all.
                if self.end(other)?.is_none() {
                    continue;
                }
                if self.looked >= self.most {
                    return Ok((met, false));
                }
                self.looked = self.looked.saturating_add(1);
                met.push(Met { way, other, link });
            }
            if after.is_none() {
                return Ok((met, true));
            }
            // A large walk must not keep others from this core.
            tokio::task::yield_now().await;
        }
    }

    /// Goes on from `root`, which has been found, breadth first.
    pub(super) async fn spread(&mut self, found: &mut Found, root: Id, rules: &Rules<'_>) -> Result<(), VaultError> {
        let mut waiting = VecDeque::from([(root, 0_u8)]);
        let mut passed_over = BTreeSet::new();
        while let Some((note, level)) = waiting.pop_front() {
            if level >= rules.depth {
                continue;
            }
            let next = level.saturating_add(1);
            for way in rules.ways {
                let (links, all) = self.links(note, *way).await?;
                found.more |= !all;
                for Met { way, other, link } in links {
                    let content = link.look();
                    let id = content.id;
                    if found.known.contains(&id) || passed_over.contains(&other) || !(rules.link)(&content.content) {
                        continue;
                    }
                    if found.links.len() >= rules.links_max || !found.has_room_for(content.label) {
                        found.more = true;
                        continue;
                    }
                    if !found.known.contains(&other) {
                        let card = self.card(other)?.filter(|card| (rules.note)(card.look()));
                        let Some(card) = card else {
                            passed_over.insert(other);
                            continue;
                        };
                        if found.notes.len() >= rules.notes_max || !found.has_room_for(card.look().label) {
                            found.more = true;
                            continue;
                        }
                        found.known.insert(other);
                        let reached = Reached { level: next, from: Some((NoteId(note), id, way)) };
                        found.notes.push((card, reached));
                        waiting.push_back((other, next));
                    }
                    found.known.insert(id);
                    found.links.push(link);
                }
            }
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Ends the walk: what was found is journalled in one entry, and only then handed out, in the same order.
    ///
    /// Membership that changed meanwhile makes the whole absent: what is left would have been found over what is not.
    pub(super) async fn end_with(
        self,
        notes: Vec<Glimpse<NoteCard>>,
        links: Vec<Glimpse<Link>>,
    ) -> Result<(Vec<Opened<NoteCard>>, Vec<Opened<Link>>), VaultError> {
        let targets: Vec<_> = notes.iter().map(Glimpse::target).chain(links.iter().map(Glimpse::target)).collect();
        let permit = self.vault.monitor().walked(self.subject, self.permit, &targets).await?;
        let mut page = self.vault.mixed(permit);
        let absent = || VaultError::Refused(Refusal::Absent);
        let mut shown = (Vec::with_capacity(notes.len()), Vec::with_capacity(links.len()));
        for note in notes {
            shown.0.push(self.vault.shown(&mut page, note).ok_or_else(absent)?);
        }
        for link in links {
            shown.1.push(self.vault.shown(&mut page, link).ok_or_else(absent)?);
        }
        Ok(shown)
    }

    /// Whether more links may be looked at.
    pub(super) const fn is_spent(&self) -> bool {
        self.looked >= self.most
    }
}
