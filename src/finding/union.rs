//! Any of many walks.

use tantivy::{DocId, TERMINATED};

use super::walk::{Any, Listed, Walk, Walking};
use crate::limits::SEARCH_WALKS_MAX;

/// Objects of one segment, one bit each.
pub struct Bits {
    words: Vec<u64>,
    at: DocId,
}

impl Bits {
    /// None yet, of so many objects.
    pub fn new(objects: DocId) -> Self {
        let words = usize::try_from(objects.div_ceil(64)).unwrap_or(0);
        Self { words: vec![0; words], at: 0 }
    }

    /// Adds an object.
    pub fn insert(&mut self, doc: DocId) {
        if let Some(word) = usize::try_from(doc / 64).ok().and_then(|place| self.words.get_mut(place)) {
            *word |= 1_u64.wrapping_shl(doc % 64);
        }
    }

    /// Adds all objects of a walk.
    pub fn add(&mut self, walk: &mut dyn Walk) {
        while walk.doc() != TERMINATED {
            self.insert(walk.doc());
            walk.advance();
        }
    }

    /// The walk over them. Nothing is added any more.
    #[must_use]
    pub fn walk(mut self) -> Self {
        self.at = self.next(0);
        self
    }

    fn next(&self, from: DocId) -> DocId {
        let begin = from / 64;
        // Those before it, in its own word, are behind us.
        let mut mask = u64::MAX.wrapping_shl(from % 64);
        let words = self.words.iter().skip(usize::try_from(begin).unwrap_or(usize::MAX));
        for (number, word) in (begin..).zip(words) {
            let here = word & mask;
            if here != 0 {
                return number.saturating_mul(64).saturating_add(here.trailing_zeros());
            }
            mask = u64::MAX;
        }
        TERMINATED
    }
}

impl Walk for Bits {
    fn doc(&self) -> DocId {
        self.at
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.at < target {
            self.at = self.next(target);
        }
        self.at
    }
}

/// Any of many walks: side by side while they are few, put together in [`Bits`] when they are more. Side by side, each of
/// them is asked for each object: a word that stands in a thousand spaces would cost a thousand questions an object.
pub struct Union {
    objects: DocId,
    walks: Vec<Walking>,
    bits: Option<Bits>,
}

impl Union {
    /// Of none yet, in a segment of so many objects.
    pub const fn new(objects: DocId) -> Self {
        Self { objects, walks: Vec::new(), bits: None }
    }

    /// Adds a walk.
    pub fn push(&mut self, mut walk: Walking) {
        if let Some(bits) = &mut self.bits {
            bits.add(&mut *walk);
            return;
        }
        self.walks.push(walk);
        if self.walks.len() > SEARCH_WALKS_MAX {
            let mut bits = Bits::new(self.objects);
            self.walks.drain(..).for_each(|mut walk| bits.add(&mut *walk));
            self.bits = Some(bits);
        }
    }

    /// The walk over all of them.
    pub fn walk(mut self) -> Walking {
        if let Some(bits) = self.bits {
            return Box::new(bits.walk());
        }
        match self.walks.pop() {
            Some(walk) if self.walks.is_empty() => walk,
            Some(walk) => {
                self.walks.push(walk);
                Box::new(Any::new(self.walks))
            }
            None => Box::new(Listed::new(Vec::new())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn all(mut walk: Walking) -> Vec<DocId> {
        let mut found = Vec::new();
        while walk.doc() != TERMINATED {
            found.push(walk.doc());
            walk.advance();
        }
        assert_eq!(walk.seek(TERMINATED), TERMINATED);
        found
    }

    proptest! {
        #[test]
        fn any_of_few_or_many_walks_is_the_set_of_all_they_have(
            lists in proptest::collection::vec(proptest::collection::btree_set(0_u32..200, 0..30), 0..20),
            target in 0_u32..210,
        ) {
            let of = || {
                let mut union = Union::new(200);
                lists.iter().for_each(|list| union.push(Box::new(Listed::new(list.iter().copied().collect()))));
                union.walk()
            };
            let expected: BTreeSet<DocId> = lists.iter().flatten().copied().collect();
            prop_assert_eq!(all(of()), expected.iter().copied().collect::<Vec<_>>());
            let next = expected.range(target..).next().copied().unwrap_or(TERMINATED);
            prop_assert_eq!(of().seek(target), next);
        }
    }

    #[test]
    fn a_walk_over_bits_ends_at_its_last_object_and_takes_in_none_beyond() {
        for objects in [0, 1, 63, 64, 65, 128] {
            let mut bits = Bits::new(objects);
            (0..objects).for_each(|doc| bits.insert(doc));
            bits.insert(objects.next_multiple_of(64));
            bits.insert(DocId::MAX);
            assert_eq!(all(Box::new(bits.walk())), (0..objects).collect::<Vec<_>>());
        }
    }
}
