//! What one reader may see of the indexes, and what is counted over it.
//!
//! The one place where an index is cut down to its reader: labels that flow to the working label, homes that the reader
//! belongs to. Everything behind works on partitions of a [`View`] and cannot name another one.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::Arc,
};

use tantivy::postings::SegmentPostings;

use super::{
    error::FindingError,
    finder::Finder,
    index::LabelIndex,
    leaf::{Leaf, Place, Tally},
    schema::{Partition, Words},
    work::Work,
};
use crate::{
    identity::Subject,
    ids::Id,
    label::Label,
    limits::SEARCH_LOOKUP_STEPS,
    vault::{LabelHandle, Vault, follow::Side},
};

/// A partition that the reader sees, in one segment.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Which.
    pub partition: Partition,
    /// What its terms begin with.
    pub tag: String,
    /// Its place among those of its segment.
    number: usize,
}

impl Seen {
    fn all<'p>(partitions: impl Iterator<Item = (&'p Partition, &'p (String, Tally))>) -> Vec<Self> {
        let seen = |(number, (partition, (tag, _))): (usize, (&Partition, &(String, Tally)))| Self {
            partition: *partition,
            tag: tag.clone(),
            number,
        };
        partitions.enumerate().map(seen).collect()
    }
}

/// Where a term stands, for each partition that the reader sees and that has it, by number.
type Row = Rc<[(usize, Place)]>;

/// A segment, and what of it the reader sees.
pub struct Part {
    /// The segment.
    pub leaf: Arc<Leaf>,
    /// The label of everything in it.
    pub label: Label,
    handle: LabelHandle,
    side: Side,
    /// The partitions.
    pub seen: Vec<Seen>,
    /// Of the whole question.
    pub work: Arc<Work>,
    /// What was looked up already: a word is counted, walked and scored.
    rows: RefCell<BTreeMap<Words, BTreeMap<String, Row>>>,
}

impl Part {
    /// Says which index it was that is damaged.
    ///
    /// # Errors
    /// Those of `outcome`.
    pub fn blamed<T>(&self, outcome: Result<T, FindingError>) -> Result<T, FindingError> {
        outcome.map_err(|error| match error {
            FindingError::Damaged(what) => FindingError::DamagedIndex(self.handle, self.side, what),
            other => other,
        })
    }

    fn row(&self, words: Words, term: &str) -> Result<Row, FindingError> {
        if let Some(row) = self.rows.borrow().get(&words).and_then(|rows| rows.get(term)) {
            return Ok(Rc::clone(row));
        }
        let mut row = Vec::new();
        for seen in &self.seen {
            row.extend(self.leaf.look_up(words, &seen.tag, term)?.map(|place| (seen.number, place)));
        }
        let row: Row = row.into();
        self.rows.borrow_mut().entry(words).or_default().insert(term.to_owned(), Rc::clone(&row));
        Ok(row)
    }

    /// The living objects that have a term, in what the reader sees.
    fn frequency(&self, words: Words, term: &str) -> Result<u64, FindingError> {
        let row = self.blamed(self.row(words, term))?;
        Ok(row.iter().fold(0, |sum: u64, (_, place)| sum.saturating_add(place.living)))
    }

    /// Counts the work of going through all objects that have a term.
    ///
    /// # Errors
    /// [`FindingError::Damaged`], [`FindingError::Query`] for too much work.
    pub fn count(&self, words: Words, term: &str) -> Result<(), FindingError> {
        self.work.spend(self.frequency(words, term)?)
    }

    /// The objects that have a term in a partition, counted as work; with the positions of the term, for phrases.
    ///
    /// # Errors
    /// [`FindingError::Damaged`], [`FindingError::Query`] for too much work.
    pub fn postings(
        &self,
        words: Words,
        seen: &Seen,
        term: &str,
        positions: bool,
    ) -> Result<Option<SegmentPostings>, FindingError> {
        let row = self.row(words, term)?;
        let Some(place) = place(&row, seen) else { return Ok(None) };
        self.work.spend(place.living)?;
        self.leaf.postings(words, place, positions).map(Some)
    }

    /// As [`Part::postings`], without a look at other partitions.
    ///
    /// # Errors
    /// [`FindingError::Damaged`], [`FindingError::Query`] for too much work.
    pub fn postings_in(&self, words: Words, seen: &Seen, term: &str) -> Result<Option<SegmentPostings>, FindingError> {
        let Some(place) = self.leaf.look_up(words, &seen.tag, term)? else { return Ok(None) };
        self.work.spend(place.living)?;
        self.leaf.postings(words, &place, false).map(Some)
    }

    /// As [`Part::postings`], for what [`Part::count`] has counted.
    ///
    /// # Errors
    /// [`FindingError::Damaged`].
    pub fn counted_postings(
        &self,
        words: Words,
        seen: &Seen,
        term: &str,
    ) -> Result<Option<SegmentPostings>, FindingError> {
        let row = self.row(words, term)?;
        place(&row, seen).map(|place| self.leaf.postings(words, place, false)).transpose()
    }
}

fn place<'r>(row: &'r Row, seen: &Seen) -> Option<&'r Place> {
    let at = row.binary_search_by_key(&seen.number, |(number, _)| *number).ok()?;
    row.get(at).map(|(_, place)| place)
}

/// All that one reader may see.
pub struct View {
    /// Segments in which there is anything to see.
    pub parts: Vec<Part>,
    /// What is counted though it is not seen: nothing, but for a planted leak.
    beyond: Vec<Part>,
    /// The homes that the reader belongs to.
    pub homes: BTreeSet<Id>,
    /// What the question costs.
    pub work: Arc<Work>,
    total: Tally,
    /// Partitions that the reader sees, however many segments they lie in.
    partitions: u64,
}

impl View {
    /// What `subject` may see now.
    ///
    /// # Errors
    /// [`FindingError::Rebuilding`].
    pub fn of(finder: &Finder, vault: &Vault, subject: &Subject) -> Result<Self, FindingError> {
        let labels = vault.sought_labels(subject);
        #[cfg(feature = "exam")]
        let labels = if crate::exam::planted(crate::exam::Leak::SearchReadUp) {
            crate::exam::wide(|| vault.sought_labels(subject))
        } else {
            labels
        };
        let handles: Vec<LabelHandle> = labels.iter().map(|(handle, _)| *handle).collect();
        let indexes = finder.indexes(&handles)?;
        let homes = vault.monitor().rolls().homes(subject.id());
        #[cfg(feature = "exam")]
        let beyond = if crate::exam::planted(crate::exam::Leak::SearchStatistics) {
            crate::exam::wide(|| vault.sought_labels(subject))
        } else {
            Vec::new()
        };
        #[cfg(not(feature = "exam"))]
        let beyond: Vec<(LabelHandle, Label)> = Vec::new();
        Ok(Self::over(
            &indexes,
            &labels,
            homes,
            &finder.indexes(&beyond.iter().map(|(one, _)| *one).collect::<Vec<_>>())?,
        ))
    }

    /// What a watch would find if it were asked as its author: what a planted leak looks at.
    ///
    /// # Errors
    /// [`FindingError::Rebuilding`].
    #[cfg(feature = "exam")]
    pub fn of_author(
        finder: &Finder,
        vault: &Vault,
        subject: &Subject,
        author: crate::ids::AccountId,
    ) -> Result<Self, FindingError> {
        let labels = crate::exam::wide(|| vault.sought_labels(subject));
        let handles: Vec<LabelHandle> = labels.iter().map(|(handle, _)| *handle).collect();
        let homes = vault.monitor().rolls().homes(author);
        Ok(Self::over(&finder.indexes(&handles)?, &labels, homes, &[]))
    }

    /// A view over these indexes; `beyond` is empty but for a planted leak.
    pub(super) fn over(
        indexes: &[Arc<LabelIndex>],
        labels: &[(LabelHandle, Label)],
        homes: BTreeSet<Id>,
        beyond: &[Arc<LabelIndex>],
    ) -> Self {
        let mut parts = Vec::new();
        let mut total = Tally::default();
        let (work, mut partitions) = (Arc::<Work>::default(), BTreeSet::new());
        let part = |leaf: &Arc<Leaf>, label, (handle, side), seen, work: &Arc<Work>| {
            let (leaf, work) = (Arc::clone(leaf), Arc::clone(work));
            Part { leaf, label, handle, side, seen, work, rows: RefCell::default() }
        };
        for index in indexes {
            let label = labels.iter().find(|(handle, _)| handle == index.label()).map(|(_, label)| *label);
            let Some(label) = label else { continue };
            for leaf in &*index.leaves() {
                let of_reader = || leaf.partitions().iter().filter(|(partition, _)| sees(&homes, partition));
                for (partition, (_, tally)) in of_reader() {
                    partitions.insert((*index.label(), *partition));
                    total.add(tally);
                }
                let seen = Seen::all(of_reader());
                if !seen.is_empty() {
                    parts.push(part(leaf, label, (*index.label(), index.side()), seen, &work));
                }
            }
        }
        let mut counted = Vec::new();
        for leaf in beyond.iter().flat_map(|index| index.leaves().to_vec()) {
            let hidden = Seen::all(leaf.partitions().iter().filter(|(partition, _)| !sees(&homes, partition)));
            leaf.partitions().values().for_each(|(_, tally)| total.add(tally));
            if let Some(label) = labels.first().map(|(_, label)| *label) {
                counted.push(part(&leaf, label, (LabelHandle::default(), Side::default()), hidden, &work));
            }
        }
        let partitions = u64::try_from(partitions.len()).unwrap_or(u64::MAX);
        Self { parts, beyond: counted, homes, work, total, partitions }
    }

    /// With all partitions of its segments: what a planted leak looks at.
    #[cfg(feature = "exam")]
    #[must_use]
    pub fn opened_wide(mut self) -> Self {
        for part in &mut self.parts {
            part.seen = Seen::all(part.leaf.partitions().iter());
            part.rows = RefCell::default();
        }
        self
    }

    /// Objects and words, over what the reader sees.
    pub const fn total(&self) -> &Tally {
        &self.total
    }

    /// Counts so many words as looked up: each once for each partition, though it is looked up in every segment.
    ///
    /// # Errors
    /// [`FindingError::Query`] for too much work.
    pub fn look_up(&self, words: usize) -> Result<(), FindingError> {
        let each = self.partitions.saturating_mul(SEARCH_LOOKUP_STEPS);
        self.work.spend(each.saturating_mul(u64::try_from(words).unwrap_or(u64::MAX)))
    }

    /// Objects that have a term, over what the reader sees.
    ///
    /// # Errors
    /// [`FindingError::Damaged`], [`FindingError::Query`] for too much work.
    pub fn frequency(&self, words: Words, term: &str) -> Result<u64, FindingError> {
        self.look_up(1)?;
        let mut count: u64 = 0;
        for part in self.parts.iter().chain(&self.beyond) {
            count = count.saturating_add(part.frequency(words, term)?);
        }
        self.work.spend(count)?;
        Ok(count)
    }
}

/// Whether the reader belongs to the homes of a partition.
fn sees(homes: &BTreeSet<Id>, partition: &Partition) -> bool {
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::SearchBeside) {
        return true;
    }
    homes.contains(&partition.home) && (partition.far.is_none() || homes.contains(&partition.far))
}
