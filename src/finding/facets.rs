//! What the matches of a question have in common, counted, so that a reader may narrow it: markings, spaces,
//! reliabilities, and how recent they are.
//!
//! Counted are matches, one by one, and a match is what the reader may be shown: nothing else moves a number (LEAKS T02).

use std::{cmp::Reverse, collections::BTreeMap};

use tantivy::DocId;

use super::{leaf::Leaf, matter::reliability_of_rank};
use crate::{
    clock::Time,
    ids::Id,
    label::{Label, Level, Policy},
    limits::{SEARCH_FACET_DAYS, SEARCH_FACET_MARKINGS_MAX},
};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// What is counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facets {
    /// By label; in no order that means anything.
    pub labels: Vec<(Label, u64)>,
    /// By home. What joins two spaces is in neither, and what lives in none is not counted.
    pub homes: BTreeMap<Id, u64>,
    /// By the letter of the source's reliability.
    pub reliabilities: BTreeMap<char, u64>,
    /// Changed after the last moment of a day: the first moment behind it, and how many. The day that is nearest first;
    /// what is behind it is behind the others, too.
    pub since: [(Time, u64); SEARCH_FACET_DAYS.len()],
}

impl Facets {
    /// None yet; days are counted back from `now`.
    pub fn new(now: Time) -> Self {
        let today = now.0.saturating_sub(now.0.checked_rem(DAY_MS).unwrap_or(0));
        let since = SEARCH_FACET_DAYS.map(|days| {
            let back = days.saturating_sub(1).saturating_mul(DAY_MS);
            (Time(today.saturating_sub(back)), 0)
        });
        Self { labels: Vec::new(), homes: BTreeMap::new(), reliabilities: BTreeMap::new(), since }
    }

    /// Counts one match.
    pub(super) fn add(&mut self, leaf: &Leaf, doc: DocId, label: &Label) {
        let more = |count: &mut u64| *count = count.saturating_add(1);
        match self.labels.iter_mut().find(|(known, _)| known == label) {
            Some((_, count)) => more(count),
            None => self.labels.push((*label, 1)),
        }
        let partition = leaf.partition(doc);
        if !partition.home.is_none() && partition.far.is_none() {
            more(self.homes.entry(partition.home).or_default());
        }
        if let Some(letter) = reliability_of_rank(leaf.grade(doc)) {
            more(self.reliabilities.entry(letter).or_default());
        }
        let modified = leaf.modified(doc);
        self.since.iter_mut().filter(|(from, _)| from.0 <= modified).for_each(|(_, count)| more(count));
    }

    /// The labels that most matches bear, the lowest first; then as they are written.
    pub fn markings(&self, policy: &Policy) -> Vec<(Label, u64)> {
        let place = |label: &Label| {
            let code = policy.level(label).map(Level::code);
            policy.levels().iter().position(|level| Some(level.code()) == code)
        };
        let mut labels = self.labels.clone();
        labels.sort_by_cached_key(|(label, count)| (Reverse(*count), policy.print(label)));
        labels.truncate(SEARCH_FACET_MARKINGS_MAX);
        labels.sort_by_cached_key(|(label, _)| (place(label), policy.print(label)));
        labels
    }

    /// The homes that most matches live in, the most first.
    pub fn first_homes(&self, most: usize) -> Vec<(Id, u64)> {
        let mut homes: Vec<(Id, u64)> = self.homes.iter().map(|(id, count)| (*id, *count)).collect();
        homes.sort_by_key(|(id, count)| (Reverse(*count), *id));
        homes.truncate(most);
        homes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_back_from_the_present_one_which_is_the_first() {
        let now = Time::parse("2026-11-22T19:30:00Z").expect("a time");
        let since = Facets::new(now).since.map(|(from, _)| from.to_string());
        assert_eq!(since, ["2026-11-16", "2026-10-23", "2025-11-22"].map(|day| format!("{day}T00:00:00.000Z")));
        assert_eq!(Facets::new(Time(0)).since, [(Time(0), 0); 3]);
    }
}
