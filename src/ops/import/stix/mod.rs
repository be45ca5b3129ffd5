//! STIX 2.0 and 2.1 bundles.
//!
//! What becomes what:
//!
//! | in the bundle | in Vigie |
//! |---|---|
//! | every object (SDO, SCO, marking and extension definitions, language content, any `x-…` type) | one note, kind *watch* |
//! | `relationship` | one link of the same name, type = `relationship_type`, comment = `description` and what else it says |
//! | `sighting` | one link *sighted* from each that saw (`where_sighted_refs`, else `created_by_ref`), one *sighting-of* from each of `observed_data_refs`, to what was seen |
//! | any other property `…_ref`, `…_refs` at any depth | one link of that type from its note, except below |
//! | `created_by_ref`, `object_marking_refs`, references to relations | stay in the note's table: an author and a marking are no knowledge to browse by, and a link has no links |
//!
//! **The same identifier more than once**, in one file or several: the newest
//! `modified` (else `created`) is imported, of equals the first; the others are
//! refused as [`Reason::Repeated`], which is harmless. To know the newest, the files are
//! read once before (a digest and a date an object are kept). So the server gets one
//! version of each object, and to import the same files again changes nothing. Between two
//! runs the later run wins, whatever the dates.
//!
//! Links to objects that are nowhere in the files are passed on: the server may have them from before.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use serde_json::{Map, Value};

use self::{
    cut::{Break, Cause, Content, Object, Objects},
    survey::{Head, Rank, Survey},
};
use super::{Item, Outcome, Place, Progress, Reason, Refused};

mod body;
mod cut;
mod link;
mod note;
mod reference;
mod survey;

/// An object's properties.
type Properties = Map<String, Value>;

/// Survey, notes, links.
const READINGS: u64 = 3;

/// Opens one bundle; called once a reading.
pub(super) type Open = Box<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send>;

/// One bundle that can be opened again and again.
pub struct Bundle {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) open: Open,
    /// Whether it was found below a folder that was named.
    pub(super) below: bool,
}

impl Bundle {
    /// A file of that path. What is absent or no file (a pipe cannot be read twice) is refused when the import comes
    /// to it.
    pub fn file(path: PathBuf) -> Self {
        let bytes = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        let name = path.to_string_lossy().into_owned();
        Self::new(name, bytes, move || {
            let file = File::open(&path)?;
            if !file.metadata()?.is_file() {
                return Err(io::ErrorKind::Unsupported.into());
            }
            Ok(Box::new(file))
        })
    }

    /// Anything that can be read from its start each time `open` is called; `bytes` serves the progress only.
    pub fn new(name: String, bytes: u64, open: impl Fn() -> io::Result<Box<dyn Read + Send>> + Send + 'static) -> Self {
        Self { name, bytes, open: Box::new(open), below: false }
    }
}

/// The import of some bundles: all their notes, then all their links.
pub struct Import {
    bundles: Vec<Bundle>,
    survey: Survey,
    reading: Reading,
    next_bundle: usize,
    current: Option<Current>,
    waiting: VecDeque<Outcome>,
    bytes_before: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reading {
    Survey,
    Notes,
    Links,
    Over,
}

struct Current {
    name: String,
    objects: Objects<Box<dyn Read + Send>>,
}

/// What one object of a file asks for.
enum Class {
    Note,
    Relation,
    Sighting,
}

impl Class {
    fn of(kind: &str) -> Self {
        match kind {
            "relationship" => Self::Relation,
            "sighting" => Self::Sighting,
            _ => Self::Note,
        }
    }
}

/// The import of these bundles, in this order.
pub fn import(bundles: Vec<Bundle>) -> Import {
    Import {
        bundles,
        survey: Survey::default(),
        reading: Reading::Survey,
        next_bundle: 0,
        current: None,
        waiting: VecDeque::new(),
        bytes_before: 0,
    }
}

impl Import {
    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let total: u64 = self.bundles.iter().map(|bundle| bundle.bytes).fold(0, u64::saturating_add);
        let here = self.current.as_ref().map_or(0, |current| current.objects.bytes_read());
        Progress { bytes_read: self.bytes_before.saturating_add(here), bytes_total: total.saturating_mul(READINGS) }
    }

    /// Takes one object of the current file, or moves to the next file or reading.
    fn step(&mut self) {
        let Some(current) = &mut self.current else { return self.open_next() };
        match current.objects.next_object() {
            None => {
                self.bytes_before = self.bytes_before.saturating_add(current.objects.bytes_read());
                self.current = None;
            }
            Some(Err(found)) => {
                if self.reading == Reading::Notes {
                    self.waiting.push_back(Err(broken(&current.name, found)));
                }
            }
            Some(Ok(object)) => {
                let ordinal = self.survey.next_ordinal();
                match self.reading {
                    Reading::Survey => self.survey.observe(&object, ordinal),
                    Reading::Notes | Reading::Links => {
                        let task = Task { reading: self.reading, survey: &self.survey, file: &current.name };
                        task.map(&object, ordinal, &mut self.waiting);
                    }
                    Reading::Over => {}
                }
            }
        }
    }

    fn open_next(&mut self) {
        let Some(bundle) = self.bundles.get(self.next_bundle) else {
            self.next_bundle = 0;
            self.survey.restart();
            self.reading = match self.reading {
                Reading::Survey => Reading::Notes,
                Reading::Notes => Reading::Links,
                Reading::Links | Reading::Over => Reading::Over,
            };
            return;
        };
        self.next_bundle = self.next_bundle.saturating_add(1);
        match (bundle.open)() {
            Ok(reader) => {
                self.current = Some(Current { name: bundle.name.clone(), objects: Objects::new(reader) });
            }
            Err(error) if self.reading == Reading::Notes => {
                let place = Place { file: bundle.name.clone(), byte: None, id: None };
                self.waiting.push_back(Err(Refused { place, reason: Reason::Unreadable(error.kind()) }));
            }
            Err(_reported_with_the_notes) => {}
        }
    }
}

impl Iterator for Import {
    type Item = Outcome;

    fn next(&mut self) -> Option<Outcome> {
        loop {
            if let Some(outcome) = self.waiting.pop_front() {
                return Some(outcome);
            }
            if self.reading == Reading::Over {
                return None;
            }
            self.step();
        }
    }
}

fn broken(file: &str, found: Break) -> Refused {
    let reason = match found.cause {
        Cause::Broken => Reason::Broken,
        Cause::NotABundle => Reason::NotABundle,
        Cause::Unreadable(kind) => Reason::Unreadable(kind),
    };
    Refused { place: Place { file: file.to_owned(), byte: Some(found.byte), id: None }, reason }
}

/// What a reading does with one object.
struct Task<'a> {
    reading: Reading,
    survey: &'a Survey,
    file: &'a str,
}

impl Task<'_> {
    fn map(&self, object: &Object<'_>, ordinal: u64, out: &mut VecDeque<Outcome>) {
        let mut place = Place { file: self.file.to_owned(), byte: Some(object.byte), id: None };
        let head = match Head::read(&object.content) {
            Ok(head) => head,
            // What is no object at all is told with the notes.
            Err(reason) if self.reading == Reading::Notes => return out.push_back(Err(Refused { place, reason })),
            Err(_told_before) => return,
        };
        place.id = head.identifier().map(str::to_owned);
        let kind = head.kind();
        let class = kind.map_or(Class::Note, Class::of);
        let due = match (&class, self.reading) {
            (Class::Note, Reading::Notes) | (Class::Relation | Class::Sighting, Reading::Links) => true,
            // The references of a note; what is wrong with the note itself was told before.
            (Class::Note, Reading::Links) => false,
            _ => return,
        };
        let mapped = head.sound().and_then(|(id, kind)| match self.survey.rank(id, ordinal) {
            Rank::Newest => self.map_newest(&class, id, kind, &object.content),
            Rank::Repeated => Err(Reason::Repeated),
            Rank::Unknown => Err(Reason::TooMany),
        });
        let refuse = |reason| -> Outcome { Err(Refused { place: place.clone(), reason }) };
        match mapped {
            Ok(items) => out.extend(items.into_iter().map(|item| item.and_then(Item::within_limits).or_else(refuse))),
            Err(reason) if due => out.push_back(refuse(reason)),
            Err(_told_before) => {}
        }
    }

    fn map_newest(
        &self,
        class: &Class,
        id: &str,
        kind: &str,
        content: &Content<'_>,
    ) -> Result<Vec<Result<Item, Reason>>, Reason> {
        let properties = survey::properties(content)?;
        Ok(match (class, self.reading) {
            (Class::Note, Reading::Notes) => {
                vec![Ok(Item::Note(note::from_object(id, kind, &properties, self.survey)))]
            }
            (Class::Note, _) => link::from_references(id, &properties),
            (Class::Relation, _) => vec![link::from_relation(id, &properties, self.survey).map(Item::Link)],
            (Class::Sighting, _) => link::from_sighting(id, &properties, self.survey)?,
        })
    }
}
