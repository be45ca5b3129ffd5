//! The shortest way between two notes, along links in either direction.
//!
//! Two searches, one from each end, each a whole front at a time and always the smaller one: they meet in the middle after some
//! square root of the notes that one search alone would look at. [`Meeting`] is that, without the notes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    link::Link,
    links::Way,
    walk::{Met, Walker},
};
use crate::{
    audit::entry::Act,
    identity::Subject,
    ids::{Id, NoteId},
    limits,
    sharing::note::NoteCard,
    vault::{Glimpse, Opened, Vault, VaultError},
};

/// From which end a search comes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum End {
    /// From the first.
    From,
    /// From the second.
    To,
}

#[derive(Debug)]
struct Search<K> {
    /// Where each one was met from; the end itself from nowhere.
    seen: BTreeMap<K, Option<K>>,
    front: VecDeque<K>,
    next: VecDeque<K>,
}

impl<K: Ord + Copy> Search<K> {
    fn new(end: K) -> Self {
        Self { seen: BTreeMap::from([(end, None)]), front: VecDeque::from([end]), next: VecDeque::new() }
    }

    /// From `place` back to the end.
    fn back(&self, place: K) -> Vec<K> {
        let mut way = vec![place];
        let mut at = place;
        while let Some(Some(before)) = self.seen.get(&at) {
            way.push(*before);
            at = *before;
        }
        way
    }
}

/// Two searches that look for each other. [`Meeting::ask`] asks, [`Meeting::give`] answers, until nothing is asked.
#[derive(Debug)]
pub struct Meeting<K> {
    from: Search<K>,
    to: Search<K>,
    met: Option<K>,
    /// Which front is under way.
    turn: Option<End>,
}

impl<K: Ord + Copy> Meeting<K> {
    /// A search from one place to another.
    pub fn new(from: K, to: K) -> Self {
        let met = (from == to).then_some(from);
        Self { from: Search::new(from), to: Search::new(to), met, turn: None }
    }

    /// Whose neighbours are to be told next, for which search; none once the way is found, or there is none.
    pub fn ask(&mut self) -> Option<(End, K)> {
        if self.met.is_some() {
            return None;
        }
        if let Some(turn) = self.turn {
            let search = self.search(turn);
            if let Some(place) = search.front.pop_front() {
                return Some((turn, place));
            }
            // A front has ended: what it met is the next one.
            std::mem::swap(&mut search.front, &mut search.next);
        }
        if self.from.front.is_empty() || self.to.front.is_empty() {
            return None;
        }
        let turn = if self.from.front.len() <= self.to.front.len() { End::From } else { End::To };
        self.turn = Some(turn);
        self.search(turn).front.pop_front().map(|place| (turn, place))
    }

    /// The neighbours of a place that was asked for. Answers those that this search had not met.
    pub fn give(&mut self, end: End, place: K, neighbours: &[K]) -> Vec<K> {
        let (here, there) = match end {
            End::From => (&mut self.from, &self.to),
            End::To => (&mut self.to, &self.from),
        };
        let mut fresh = Vec::new();
        for neighbour in neighbours {
            if here.seen.contains_key(neighbour) {
                continue;
            }
            here.seen.insert(*neighbour, Some(place));
            here.next.push_back(*neighbour);
            fresh.push(*neighbour);
            // Every meeting within one front makes a way of the same length: the first one will do.
            if self.met.is_none() && there.seen.contains_key(neighbour) {
                self.met = Some(*neighbour);
            }
        }
        fresh
    }

    /// How many places both searches have met.
    pub fn seen(&self) -> usize {
        self.from.seen.len().saturating_add(self.to.seen.len())
    }

    /// The way, both ends included, once the searches have met.
    pub fn way(&self) -> Option<Vec<K>> {
        let met = self.met?;
        let mut way = self.from.back(met);
        way.reverse();
        way.extend(self.to.back(met).into_iter().skip(1));
        Some(way)
    }

    const fn search(&mut self, end: End) -> &mut Search<K> {
        match end {
            End::From => &mut self.from,
            End::To => &mut self.to,
        }
    }
}

/// The way from one note to another.
#[derive(Clone, Debug)]
pub struct Path {
    /// The notes, both ends included; empty when there is no way, or none was found within the bounds.
    pub notes: Vec<Opened<NoteCard>>,
    /// Between each note and the next, one link.
    pub links: Vec<Opened<Link>>,
    /// Whether the bounds ended the search.
    pub more: bool,
}

/// A shortest way between two notes that the subject reaches, over links and notes that it sees.
///
/// # Errors
/// [`VaultError`].
pub async fn between(vault: &Vault, subject: &Subject, from: NoteId, to: NoteId) -> Result<Path, VaultError> {
    let ends = [from, to];
    let mut walker = Walker::begin(vault, subject, Act::PathRead, &ends, limits::PATH_LINKS_LOOKED_MAX).await?;
    let mut meeting = Meeting::new(from.id(), to.id());
    let mut over: BTreeMap<(End, Id), Glimpse<Link>> = BTreeMap::new();
    let mut more = false;
    while let Some((end, place)) = meeting.ask() {
        let mut met: Vec<Met> = Vec::new();
        for way in [Way::Out, Way::In] {
            let (links, all) = walker.links(place, way).await?;
            more |= !all;
            met.extend(links);
        }
        let neighbours: Vec<Id> = met.iter().map(|met| met.other).collect();
        let fresh: BTreeSet<Id> = meeting.give(end, place, &neighbours).into_iter().collect();
        for Met { other, link, .. } in met {
            if fresh.contains(&other) {
                over.entry((end, other)).or_insert(link);
            }
        }
        if meeting.seen() > limits::PATH_NOTES_MAX || walker.is_spent() {
            more = true;
        }
        if more {
            break;
        }
        tokio::task::yield_now().await;
    }
    // A longer one would not fit in its journal entry, and tells nobody anything.
    let way = meeting.way().filter(|way| way.len() <= limits::PATH_STEPS_MAX);
    more |= meeting.way().is_some() && way.is_none();
    let way = way.unwrap_or_default();
    let (mut cards, mut links) = (Vec::new(), Vec::new());
    for (at, note) in way.iter().enumerate() {
        cards.extend(walker.card(*note)?);
        // Each note keeps the link it was met over: on the first half from behind, on the second from before.
        let Some(next) = at.checked_add(1).and_then(|next| way.get(next)) else { continue };
        let link = match meeting.from.seen.get(next) {
            Some(Some(before)) if before == note => over.remove(&(End::From, *next)),
            _ => over.remove(&(End::To, *note)),
        };
        links.extend(link);
    }
    let found = !way.is_empty();
    if cards.len() != way.len() || (found && links.len().saturating_add(1) != way.len()) {
        // A note was changed between two looks: no way is better than a wrong one.
        (cards, links, more) = (Vec::new(), Vec::new(), true);
    }
    let (notes, links) = walker.end_with(cards, links).await?;
    Ok(Path { notes, links, more: more && !found })
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Lengths of the shortest ways from one place, by the plainest search there is.
    fn plain(links: &BTreeSet<(u8, u8)>, from: u8) -> BTreeMap<u8, usize> {
        let (mut lengths, mut waiting) = (BTreeMap::from([(from, 0)]), VecDeque::from([from]));
        while let Some(at) = waiting.pop_front() {
            for (one, other) in links {
                for (here, there) in [(one, other), (other, one)] {
                    if *here == at && !lengths.contains_key(there) {
                        lengths.insert(*there, lengths[&at] + 1);
                        waiting.push_back(*there);
                    }
                }
            }
        }
        lengths
    }

    fn near(links: &BTreeSet<(u8, u8)>, at: u8) -> Vec<u8> {
        let out = links.iter().filter(|link| link.0 == at).map(|link| link.1);
        out.chain(links.iter().filter(|link| link.1 == at).map(|link| link.0)).collect()
    }

    proptest! {
        #[test]
        fn a_way_is_as_short_as_the_plain_search_says_and_goes_along_links(
            links in proptest::collection::btree_set((0..40_u8, 0..40_u8), 0..90), from in 0..40_u8, to in 0..40_u8,
        ) {
            let mut meeting = Meeting::new(from, to);
            while let Some((end, place)) = meeting.ask() {
                meeting.give(end, place, &near(&links, place));
            }
            let lengths = plain(&links, from);
            match meeting.way() {
                None => prop_assert!(!lengths.contains_key(&to)),
                Some(way) => {
                    prop_assert_eq!(way.first(), Some(&from));
                    prop_assert_eq!(way.last(), Some(&to));
                    prop_assert_eq!(way.len() - 1, lengths[&to]);
                    for step in way.windows(2) {
                        prop_assert!(near(&links, step[0]).contains(&step[1]));
                    }
                }
            }
        }
    }
}
