//! Walks over the documents of one segment, in order: one behind the other, or leaping to the next that is not before a
//! given one.

use tantivy::{
    DocId, DocSet as _, TERMINATED,
    postings::{Postings as _, SegmentPostings},
};

/// A walk. It begins on its first document, and ends on [`TERMINATED`].
pub trait Walk {
    /// Where it stands.
    fn doc(&self) -> DocId;

    /// Goes to the first document that is `target` or behind it.
    fn seek(&mut self, target: DocId) -> DocId;

    /// Goes to the next document.
    fn advance(&mut self) -> DocId {
        let next = self.doc().saturating_add(1).min(TERMINATED);
        self.seek(next)
    }
}

/// A walk of any sort.
pub type Walking = Box<dyn Walk>;

/// The documents that have a term.
pub struct Postings(pub SegmentPostings);

impl Walk for Postings {
    fn doc(&self) -> DocId {
        self.0.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.0.doc() >= target { self.0.doc() } else { self.0.seek(target) }
    }
}

/// Documents already known, in order.
pub struct Listed {
    docs: std::vec::IntoIter<DocId>,
    at: DocId,
}

impl Listed {
    /// A walk over these; sorted here.
    pub fn new(mut docs: Vec<DocId>) -> Self {
        docs.sort_unstable();
        docs.dedup();
        let mut docs = docs.into_iter();
        let at = docs.next().unwrap_or(TERMINATED);
        Self { docs, at }
    }
}

impl Walk for Listed {
    fn doc(&self) -> DocId {
        self.at
    }

    fn seek(&mut self, target: DocId) -> DocId {
        while self.at < target {
            self.at = self.docs.next().unwrap_or(TERMINATED);
        }
        self.at
    }
}

/// Any of several walks.
pub struct Any(Vec<Walking>, DocId);

impl Any {
    /// Any of these; none at all of none.
    pub fn new(walks: Vec<Walking>) -> Self {
        let at = first(&walks);
        Self(walks, at)
    }
}

fn first(walks: &[Walking]) -> DocId {
    walks.iter().map(|walk| walk.doc()).min().unwrap_or(TERMINATED)
}

impl Walk for Any {
    fn doc(&self) -> DocId {
        self.1
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for walk in &mut self.0 {
            if walk.doc() < target {
                walk.seek(target);
            }
        }
        // One that has come to its end is asked no more.
        self.0.retain(|walk| walk.doc() != TERMINATED);
        self.1 = first(&self.0);
        self.1
    }
}

/// All of several walks.
pub struct All(Vec<Walking>, DocId);

impl All {
    /// All of these; none at all of none.
    pub fn new(walks: Vec<Walking>) -> Self {
        let mut all = Self(walks, TERMINATED);
        if !all.0.is_empty() {
            all.meet(0);
        }
        all
    }

    fn meet(&mut self, mut target: DocId) -> DocId {
        loop {
            let before = target;
            for walk in &mut self.0 {
                target = if walk.doc() < target { walk.seek(target) } else { walk.doc() };
            }
            if target == before && self.0.iter().all(|walk| walk.doc() == target) || target == TERMINATED {
                self.1 = target;
                return target;
            }
        }
    }
}

impl Walk for All {
    fn doc(&self) -> DocId {
        self.1
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.1 < target {
            self.meet(target);
        }
        self.1
    }
}

/// One walk without what another has.
pub struct Without {
    base: Walking,
    barred: Walking,
}

impl Without {
    /// `base` without `barred`.
    pub fn new(base: Walking, barred: Walking) -> Self {
        let mut own = Self { base, barred };
        own.skip();
        own
    }

    fn skip(&mut self) -> DocId {
        loop {
            let doc = self.base.doc();
            if doc == TERMINATED || self.barred.seek(doc) != doc {
                return doc;
            }
            self.base.advance();
        }
    }
}

impl Walk for Without {
    fn doc(&self) -> DocId {
        self.base.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.base.seek(target);
        self.skip()
    }
}

/// One walk, as far as a condition holds.
pub struct Where<F> {
    base: Walking,
    holds: F,
}

impl<F: Fn(DocId) -> bool> Where<F> {
    /// `base` where `holds`.
    pub fn new(base: Walking, holds: F) -> Self {
        let mut own = Self { base, holds };
        own.skip();
        own
    }

    fn skip(&mut self) -> DocId {
        loop {
            let doc = self.base.doc();
            if doc == TERMINATED || (self.holds)(doc) {
                return doc;
            }
            self.base.advance();
        }
    }
}

impl<F: Fn(DocId) -> bool> Walk for Where<F> {
    fn doc(&self) -> DocId {
        self.base.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.base.seek(target);
        self.skip()
    }
}

/// The documents that have all of some words, which may follow one another in them.
pub struct Phrase {
    words: Vec<SegmentPostings>,
    at: DocId,
}

impl Phrase {
    /// The documents that have all of these words; they have positions.
    pub fn new(words: Vec<SegmentPostings>) -> Self {
        let mut own = Self { words, at: TERMINATED };
        if !own.words.is_empty() {
            own.meet(0);
        }
        own
    }

    fn meet(&mut self, mut target: DocId) -> DocId {
        loop {
            let before = target;
            for word in &mut self.words {
                target = if word.doc() < target { word.seek(target) } else { word.doc() };
            }
            if target == TERMINATED {
                break;
            }
            if target == before && self.words.iter().all(|word| word.doc() == target) {
                break;
            }
        }
        self.at = target;
        target
    }

    /// Whether the words follow one another in the present document, and how many of their positions were read for that.
    pub fn follows(&mut self) -> (bool, u64) {
        let (mut starts, mut here): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        let mut read: u64 = 0;
        for (number, word) in (0_u32..).zip(&mut self.words) {
            here.clear();
            word.positions(&mut here);
            read = read.saturating_add(u64::try_from(here.len()).unwrap_or(u64::MAX));
            if number == 0 {
                starts.clone_from(&here);
            } else {
                // Both are in order: one look at each. Searching for each start would not end on a text of one word.
                let mut rest = here.iter().peekable();
                starts.retain(|start| {
                    let wanted = start.saturating_add(number);
                    while rest.next_if(|place| **place < wanted).is_some() {}
                    rest.peek() == Some(&&wanted)
                });
            }
            if starts.is_empty() {
                break;
            }
        }
        (!starts.is_empty(), read)
    }
}

impl Walk for Phrase {
    fn doc(&self) -> DocId {
        self.at
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.at < target {
            self.meet(target);
        }
        self.at
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn listed(docs: &BTreeSet<u32>) -> Walking {
        Box::new(Listed::new(docs.iter().copied().collect()))
    }

    fn all(mut walk: Walking) -> BTreeSet<u32> {
        let mut found = BTreeSet::new();
        while walk.doc() != TERMINATED {
            assert!(found.last().is_none_or(|last| *last < walk.doc()), "a walk goes forward");
            found.insert(walk.doc());
            walk.advance();
        }
        assert_eq!(walk.advance(), TERMINATED);
        found
    }

    fn docs() -> impl Strategy<Value = BTreeSet<u32>> {
        proptest::collection::btree_set(0_u32..60, 0..40)
    }

    proptest! {
        #[test]
        fn walks_are_sets(a in docs(), b in docs(), c in docs(), target in 0_u32..70) {
            let union: BTreeSet<u32> = a.union(&b).copied().collect();
            let common: BTreeSet<u32> = &(&a & &b) & &c;
            prop_assert_eq!(all(Box::new(Any::new(vec![listed(&a), listed(&b)]))), union.clone());
            prop_assert_eq!(all(Box::new(All::new(vec![listed(&a), listed(&b), listed(&c)]))), common.clone());
            prop_assert_eq!(all(Box::new(Without::new(listed(&a), listed(&b)))), a.difference(&b).copied().collect());
            let even: BTreeSet<u32> = a.iter().copied().filter(|doc| doc % 2 == 0).collect();
            prop_assert_eq!(all(Box::new(Where::new(listed(&a), |doc| doc % 2 == 0))), even);
            let mut leap = All::new(vec![listed(&a), listed(&b), listed(&c)]);
            let expected = common.range(target..).next().copied().unwrap_or(TERMINATED);
            prop_assert_eq!(leap.seek(target), expected);
            let mut leap = Any::new(vec![listed(&a), listed(&b)]);
            prop_assert_eq!(leap.seek(target), union.range(target..).next().copied().unwrap_or(TERMINATED));
        }
    }

    #[test]
    fn nothing_of_nothing() {
        assert_eq!(all(Box::new(All::new(Vec::new()))), BTreeSet::new());
        assert_eq!(all(Box::new(Any::new(Vec::new()))), BTreeSet::new());
        assert_eq!(all(Box::new(Phrase::new(Vec::new()))), BTreeSet::new());
    }
}
