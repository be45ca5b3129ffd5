//! One segment of an index, with what is counted of it once: which partitions it holds, and how many objects and words
//! each of them has. Deleted objects count nowhere.

use std::{collections::BTreeMap, sync::Arc};

use tantivy::{
    DocId, InvertedIndexReader, SegmentReader, Term,
    columnar::Column,
    index::SegmentId,
    postings::{Postings as _, SegmentPostings, TermInfo},
    schema::IndexRecordOption,
};

use super::{
    error::FindingError,
    schema::{Fields, Numbers, Partition, Words, whole},
};
use crate::ids::Id;

/// What is counted of a partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Objects.
    pub objects: u64,
    /// Words of all, and of titles.
    pub words: [u64; 2],
}

impl Tally {
    /// Adds another tally.
    pub const fn add(&mut self, other: &Self) {
        self.objects = self.objects.saturating_add(other.objects);
        let ([mine, titles], [others, other_titles]) = (self.words, other.words);
        self.words = [mine.saturating_add(others), titles.saturating_add(other_titles)];
    }
}

/// The numbers of the objects of a segment.
struct Columns {
    id: [Column<u64>; 2],
    home: [Column<u64>; 2],
    far: [Column<u64>; 2],
    from: [Column<u64>; 2],
    to: [Column<u64>; 2],
    modified: Column<u64>,
    grade: Column<u64>,
    kind: Column<u64>,
    lengths: [Column<u64>; 2],
}

/// Where a term stands in a segment.
#[derive(Clone, Debug)]
pub struct Place {
    info: TermInfo,
    /// Living objects that have it.
    pub living: u64,
}

/// A segment.
pub struct Leaf {
    reader: SegmentReader,
    fields: Arc<Fields>,
    columns: Columns,
    partitions: BTreeMap<Partition, (String, Tally)>,
    dictionaries: BTreeMap<Words, Arc<InvertedIndexReader>>,
}

/// What makes a leaf another one.
pub type Version = (SegmentId, Option<u64>);

const DICTIONARIES: [Words; 6] = [Words::Stem, Words::TitleStem, Words::Text, Words::Title, Words::Written, Words::Key];

fn first(column: &Column<u64>, doc: DocId) -> u64 {
    column.first(doc).unwrap_or(0)
}

fn id([high, low]: &[Column<u64>; 2], doc: DocId) -> Id {
    whole([first(high, doc), first(low, doc)])
}

impl Columns {
    fn open(reader: &SegmentReader, fields: &Fields) -> Result<Self, FindingError> {
        let one = |field| Ok::<_, FindingError>(reader.fast_fields().u64(fields.schema.get_field_name(field))?);
        let pair = |[high, low]: [_; 2]| Ok::<_, FindingError>([one(high)?, one(low)?]);
        let Numbers { id, home, far, from, to, modified, grade, kind, lengths } = fields.numbers;
        Ok(Self {
            id: pair(id)?,
            home: pair(home)?,
            far: pair(far)?,
            from: pair(from)?,
            to: pair(to)?,
            modified: one(modified)?,
            grade: one(grade)?,
            kind: one(kind)?,
            lengths: pair(lengths)?,
        })
    }
}

impl Leaf {
    /// Opens a segment and counts it.
    ///
    /// # Errors
    /// [`FindingError::Damaged`].
    pub fn open(reader: SegmentReader, fields: Arc<Fields>) -> Result<Self, FindingError> {
        let columns = Columns::open(&reader, &fields)?;
        let mut partitions: BTreeMap<Partition, (String, Tally)> = BTreeMap::new();
        for doc in reader.doc_ids_alive() {
            let partition = Partition { home: id(&columns.home, doc), far: id(&columns.far, doc) };
            let [words, titles] = &columns.lengths;
            let tally = Tally { objects: 1, words: [first(words, doc), first(titles, doc)] };
            partitions.entry(partition).or_insert_with(|| (partition.tag(), Tally::default())).1.add(&tally);
        }
        let mut dictionaries = BTreeMap::new();
        for words in DICTIONARIES {
            dictionaries.insert(words, reader.inverted_index(fields.words(words))?);
        }
        Ok(Self { reader, fields, columns, partitions, dictionaries })
    }

    /// What makes it another one.
    pub fn version(of: &SegmentReader) -> Version {
        (of.segment_id(), of.delete_opstamp())
    }

    /// Its own version.
    pub fn own_version(&self) -> Version {
        Self::version(&self.reader)
    }

    /// Its partitions, with what their terms begin with and their tallies.
    pub const fn partitions(&self) -> &BTreeMap<Partition, (String, Tally)> {
        &self.partitions
    }

    fn dictionary(&self, words: Words) -> Result<&InvertedIndexReader, FindingError> {
        self.dictionaries.get(&words).map(|found| &**found).ok_or(FindingError::Rebuilding)
    }

    /// Where a term stands, if any object ever had it.
    ///
    /// # Errors
    /// [`FindingError::Damaged`].
    pub fn look_up(&self, words: Words, tag: &str, term: &str) -> Result<Option<Place>, FindingError> {
        let dictionary = self.dictionary(words)?;
        let term = Term::from_field_text(self.fields.words(words), &format!("{tag}{term}"));
        let Some(info) = dictionary.get_term_info(&term)? else { return Ok(None) };
        let living = match self.reader.alive_bitset() {
            None => info.doc_freq,
            Some(alive) => {
                let postings = dictionary.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
                postings.doc_freq_given_deletes(alive)
            }
        };
        Ok(Some(Place { info, living: u64::from(living) }))
    }

    /// The objects that have a term, and how often; with the positions it stands at, where the field has them.
    ///
    /// # Errors
    /// [`FindingError::Damaged`].
    pub fn postings(&self, words: Words, place: &Place, positions: bool) -> Result<SegmentPostings, FindingError> {
        let option = match words {
            Words::Text | Words::Title if positions => IndexRecordOption::WithFreqsAndPositions,
            Words::Stem | Words::TitleStem | Words::Text | Words::Title => IndexRecordOption::WithFreqs,
            Words::Written | Words::Key => IndexRecordOption::Basic,
        };
        Ok(self.dictionary(words)?.read_postings_from_terminfo(&place.info, option)?)
    }

    /// All terms of a partition that begin with `beginning` and that `wants` wants, each with its postings. Of the others
    /// nothing is read.
    ///
    /// # Errors
    /// [`FindingError::Damaged`], and those of `take`.
    pub fn beginning(
        &self,
        words: Words,
        tag: &str,
        beginning: &str,
        wants: impl Fn(&str) -> bool,
        mut take: impl FnMut(&str, SegmentPostings) -> Result<(), FindingError>,
    ) -> Result<(), FindingError> {
        let dictionary = self.dictionary(words)?;
        let from = format!("{tag}{beginning}");
        let mut stream = dictionary.terms().range().ge(from.as_bytes()).into_stream()?;
        while stream.advance() {
            if !stream.key().starts_with(from.as_bytes()) {
                break;
            }
            let term = stream.key().strip_prefix(tag.as_bytes()).and_then(|term| std::str::from_utf8(term).ok());
            let Some(term) = term.filter(|term| wants(term)) else { continue };
            take(term, dictionary.read_postings_from_terminfo(stream.value(), IndexRecordOption::Basic)?)?;
        }
        Ok(())
    }

    /// How many objects of these postings are still there.
    pub fn living(&self, postings: &SegmentPostings) -> u64 {
        u64::from(match self.reader.alive_bitset() {
            None => postings.doc_freq(),
            Some(alive) => postings.doc_freq_given_deletes(alive),
        })
    }

    /// How many objects it has, those that have gone included.
    pub fn objects(&self) -> DocId {
        self.reader.max_doc()
    }

    /// Whether any object in it has gone.
    pub fn has_gone(&self) -> bool {
        self.reader.has_deletes()
    }

    /// Whether an object is still there.
    pub fn is_alive(&self, doc: DocId) -> bool {
        !self.reader.is_deleted(doc)
    }

    /// The object.
    pub fn id(&self, doc: DocId) -> Id {
        id(&self.columns.id, doc)
    }

    /// The partition of an object.
    pub fn partition(&self, doc: DocId) -> Partition {
        Partition { home: id(&self.columns.home, doc), far: id(&self.columns.far, doc) }
    }

    /// Both ends of a link.
    pub fn ends(&self, doc: DocId) -> [Id; 2] {
        [id(&self.columns.from, doc), id(&self.columns.to, doc)]
    }

    /// When it was written, in milliseconds.
    pub fn modified(&self, doc: DocId) -> u64 {
        first(&self.columns.modified, doc)
    }

    /// Its grade's rank.
    pub fn grade(&self, doc: DocId) -> u64 {
        first(&self.columns.grade, doc)
    }

    /// Its kind's number.
    pub fn kind(&self, doc: DocId) -> u64 {
        first(&self.columns.kind, doc)
    }

    /// Words of all, and of the title.
    pub fn lengths(&self, doc: DocId) -> [u64; 2] {
        let [words, titles] = &self.columns.lengths;
        [first(words, doc), first(titles, doc)]
    }

    /// Whether a living object is this one, or is about it.
    ///
    /// # Errors
    /// [`FindingError::Damaged`].
    pub fn concerns(&self, object: Id) -> Result<bool, FindingError> {
        for (field, term) in
            [(self.fields.own, self.fields.own_term(object)), (self.fields.about, self.fields.about_term(object))]
        {
            if let Some(postings) = self.reader.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic)?
                && self.living(&postings) > 0
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The living documents of an object: one, or none.
    ///
    /// # Errors
    /// [`FindingError::Damaged`].
    pub fn documents_of(&self, object: Id) -> Result<Vec<DocId>, FindingError> {
        let term = self.fields.own_term(object);
        let index = self.reader.inverted_index(self.fields.own)?;
        let mut found = Vec::new();
        if let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? {
            use tantivy::{DocSet as _, TERMINATED};
            while postings.doc() != TERMINATED {
                found.extend(Some(postings.doc()).filter(|doc| self.is_alive(*doc)));
                postings.advance();
            }
        }
        Ok(found)
    }
}

/// How often a term stands in the present document.
pub fn times(postings: &SegmentPostings) -> u64 {
    u64::from(postings.term_freq())
}
