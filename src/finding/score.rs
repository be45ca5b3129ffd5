//! How well an object matches: BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", §3.3) over what
//! the reader sees.
//!
//! A score is a whole number: what each word gives is rounded, and then added. So it is the same in whatever order words
//! are added and objects are walked, which the layout of segments decides, and that depends on what others write.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::DocId;

use super::{
    analysis,
    error::FindingError,
    leaf::{Leaf, times},
    query::Node,
    schema::{Partition, Words},
    view::{Part, View},
    walk::{Postings, Walk as _},
};
use crate::limits::SEARCH_GLANCES_PER_STEP;

const K1: f64 = 1.2;
const B: f64 = 0.75;
/// One point of BM25 in the unit of scores.
const UNIT: f64 = 1_000_000.0;

/// The fields that give points, how many, and which length counts: of all words, or of the title's.
const FIELDS: [(Words, f64, usize); 3] = [(Words::Stem, 1.0, 0), (Words::TitleStem, 1.5, 1), (Words::Text, 0.25, 0)];

/// Large numbers lose their last digits; nobody is told of them.
#[expect(clippy::as_conversions, reason = "the conversion that rounds; there is no other one")]
const fn float(number: u64) -> f64 {
    number as f64
}

/// A number that is not one is 0, one too large the largest.
#[expect(clippy::as_conversions, reason = "the conversion that saturates; there is no other one")]
const fn whole(number: f64) -> u64 {
    number.round() as u64
}

/// One form of a word in one field, and what it weighs.
struct Form {
    words: Words,
    term: String,
    weight: f64,
    length: usize,
}

/// How a question's words are weighed for one reader.
pub struct Weights {
    /// For each word, its forms: the best one counts.
    words: Vec<Vec<Form>>,
    /// Mean lengths: of all words, of titles.
    means: [f64; 2],
}

impl Weights {
    /// Weighs the words of a question, each of them once.
    ///
    /// # Errors
    /// [`FindingError::Damaged`], [`FindingError::Query`] for too much work.
    pub fn of(node: &Node, view: &View) -> Result<Self, FindingError> {
        let total = view.total();
        let objects = float(total.objects.max(1));
        let means = total.words.map(|words| (float(words) / objects).max(1.0));
        let mut words: Vec<Vec<Form>> = Vec::new();
        let mut weighed = BTreeSet::new();
        for word in node.words() {
            // Said twice, it is not worth more; and each saying would cost a look at every object.
            if !weighed.insert((&word.lower, &word.folded)) {
                continue;
            }
            let (mut forms, mut said) = (Vec::new(), BTreeSet::new());
            for (field, boost, length) in FIELDS {
                let terms = match field {
                    Words::Text => vec![word.folded.clone()],
                    _ => analysis::sought(word),
                };
                for term in terms {
                    // What is in a title is said: what is said nowhere need not be looked up there.
                    if field == Words::TitleStem && !said.contains(&term) {
                        continue;
                    }
                    let with = float(view.frequency(field, &term)?);
                    if with > 0.0 {
                        said.insert(term.clone());
                        let rarity = (1.0 + (objects - with + 0.5).max(0.0) / (with + 0.5)).ln();
                        forms.push(Form { words: field, term, weight: boost * rarity * (K1 + 1.0), length });
                    }
                }
            }
            words.push(forms);
        }
        let weights = Self { words, means };
        view.look_up(weights.forms())?;
        Ok(weights)
    }

    fn forms(&self) -> usize {
        self.words.iter().map(Vec::len).fold(0, |sum: usize, forms| sum.saturating_add(forms))
    }

    /// The steps that the score of one object counts: what it is compared with, wherever that stands.
    pub fn steps(&self) -> u64 {
        (u64::try_from(self.forms()).unwrap_or(u64::MAX) / SEARCH_GLANCES_PER_STEP).saturating_add(1)
    }

    /// Counts what scoring in one segment reads.
    ///
    /// # Errors
    /// [`FindingError::Damaged`], [`FindingError::Query`] for too much work.
    pub fn count(&self, part: &Part) -> Result<(), FindingError> {
        self.words.iter().flatten().try_for_each(|form| part.count(form.words, &form.term))
    }

    /// A scorer for one segment, of what was counted.
    ///
    /// # Errors
    /// [`FindingError::Damaged`].
    pub fn scorer<'v>(&'v self, part: &'v Part) -> Result<Scorer<'v>, FindingError> {
        let mut lists: BTreeMap<Partition, Vec<List<'v>>> = BTreeMap::new();
        for seen in &part.seen {
            for (number, forms) in self.words.iter().enumerate() {
                for form in forms {
                    let postings = part.counted_postings(form.words, seen, &form.term);
                    if let Some(postings) = part.blamed(postings)? {
                        let list = List { number, form, postings: Postings(postings) };
                        lists.entry(seen.partition).or_default().push(list);
                    }
                }
            }
        }
        let best = vec![[0; FIELDS.len()]; self.words.len()];
        Ok(Scorer { lists, leaf: &part.leaf, means: self.means, best })
    }
}

struct List<'v> {
    number: usize,
    form: &'v Form,
    postings: Postings,
}

/// Scores objects of one segment, in order.
pub struct Scorer<'v> {
    lists: BTreeMap<Partition, Vec<List<'v>>>,
    leaf: &'v Leaf,
    means: [f64; 2],
    /// For each word and field, its best form in the present object: one word is not counted twice for being written with
    /// accents.
    best: Vec<[u64; FIELDS.len()]>,
}

impl Scorer<'_> {
    /// The score of an object; never less than 1, so that whatever matches has a place.
    pub fn score(&mut self, doc: DocId) -> u64 {
        let lengths = self.leaf.lengths(doc).map(float);
        self.best.fill([0; FIELDS.len()]);
        for list in self.lists.get_mut(&self.leaf.partition(doc)).into_iter().flatten() {
            if list.postings.seek(doc) != doc {
                continue;
            }
            let often = float(times(&list.postings.0));
            let length = lengths.get(list.form.length).copied().unwrap_or(0.0);
            let mean = self.means.get(list.form.length).copied().unwrap_or(1.0);
            let points = list.form.weight * often / (often + K1 * (1.0 - B + B * length / mean));
            let field = FIELDS.iter().position(|(words, ..)| *words == list.form.words).unwrap_or(0);
            if let Some(place) = self.best.get_mut(list.number).and_then(|fields| fields.get_mut(field)) {
                *place = (*place).max(whole(points * UNIT));
            }
        }
        self.best.iter().flatten().fold(0, |sum: u64, points| sum.saturating_add(*points)).max(1)
    }
}
