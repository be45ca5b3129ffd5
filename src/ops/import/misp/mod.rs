//! MISP: galaxies, taxonomies and events, as MISP and its public collections write them.
//!
//! What becomes what:
//!
//! | in the file | in Vigie |
//! |---|---|
//! | an element of a galaxy's cluster (`values`) | one note, kind *watch*, tagged with the galaxy's type |
//! | `related` of an element | one link of that type; the tags of the relation are its comment |
//! | a taxonomy (`machinetag.json`) | one note: its predicates and values, as they are written in tags |
//! | an event | one note; its tags, markings among them, become tags |
//! | an object, an attribute outside objects, a report of an event | one note each, linked *part-of* to the event |
//! | `ObjectReference`, `RelatedEvent`, `GalaxyCluster` | links, when both ends stand in the files |
//! | `data` of an attribute (samples) | left out, and told |
//! | a galaxy's description (`galaxies/*.json`) | no entry: what it says stands with each cluster |
//!
//! An identifier may stand in several clusters, which say different things of it: a note is known by the type of its
//! cluster and its identifier. A relation names an identifier only: it goes to the element of the same cluster, else to
//! the first in the order of the files. The same relation stated again is the same link. A relation to what is not in
//! the files stays in its note's table, and is told.

use std::path::PathBuf;

use serde_json::{Map, Value};

use self::{
    known::Known,
    shape::{Head, Part},
};
use super::{
    Bundle, Folders, Link, Note, Reading, Reason,
    files::{Cut, Entry, Fault, Format},
};

mod event;
mod galaxy;
mod known;
mod shape;
mod taxonomy;

/// An entry's properties.
type Properties = Map<String, Value>;

/// The import of these files, and of all `.json` files in these folders.
pub fn import(paths: &[PathBuf]) -> Reading {
    Reading::of_paths(Misp::default(), paths, &["json"], Folders::None)
}

/// The import of files that are read from elsewhere.
pub fn from_bundles(bundles: Vec<Bundle>) -> Reading {
    Reading::new(Misp::default(), bundles, Vec::new())
}

#[derive(Default)]
struct Misp {
    known: Known,
}

/// What kind of entry it is, and its properties.
fn read<'a>(entry: &'a Entry<'_, Head>) -> Result<(&'a Part, Properties), Reason> {
    let part = entry.head.part(entry.number).ok_or(Reason::BadEntry)?;
    let properties = serde_json::from_slice(entry.bytes).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Reason::NotAnObject,
        _ => Reason::Malformed,
    })?;
    Ok((part, properties))
}

impl Format for Misp {
    type Head = Head;

    const SURVEYS: bool = true;
    const LINKS: bool = true;

    fn cut(&self, _file: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, Cut<Head>), Fault> {
        let cut = shape::cut(&bytes)?;
        Ok((bytes, cut))
    }

    fn survey(&mut self, entry: &Entry<'_, Head>) {
        let Ok((part, properties)) = read(entry) else { return };
        match part {
            Part::Element => self.known.element(&entry.head.kind, entry.file, entry.number, &properties),
            Part::Taxonomy => {}
            Part::Event | Part::Attribute(_) | Part::Object(_) | Part::Report(_) => {
                event::survey(&mut self.known, &properties)
            }
        }
    }

    fn note(&self, entry: &Entry<'_, Head>) -> Result<Note, Reason> {
        let (part, properties) = read(entry)?;
        match part {
            Part::Element => galaxy::note(&self.known, entry, &properties),
            Part::Taxonomy => taxonomy::note(&properties),
            Part::Event => event::note(&properties),
            Part::Attribute(_) => event::attribute(&properties),
            Part::Object(_) => event::object(&properties),
            Part::Report(_) => event::report(&properties),
        }
    }

    fn dropped(&self, entry: &Entry<'_, Head>) -> Option<Reason> {
        let (part, properties) = read(entry).ok()?;
        let sample = matches!(part, Part::Attribute(_) | Part::Object(_)) && event::has_data(&properties);
        sample.then_some(Reason::SampleData)
    }

    fn links(&self, entry: &Entry<'_, Head>) -> Vec<Result<Link, Reason>> {
        // What is wrong with the entry was told with the notes.
        let Ok((part, properties)) = read(entry) else { return Vec::new() };
        match part {
            Part::Element => galaxy::links(&self.known, entry, &properties),
            Part::Taxonomy => Vec::new(),
            Part::Event => event::links(&self.known, &properties, None),
            Part::Attribute(owner) | Part::Object(owner) | Part::Report(owner) => {
                event::links(&self.known, &properties, Some(owner))
            }
        }
    }
}

/// A word of an entry: text, or a number written as text.
fn word(properties: &Properties, name: &str) -> Option<String> {
    match properties.get(name)? {
        Value::String(text) => Some(super::text::plain(text.trim())).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The objects of a list.
fn objects<'a>(properties: &'a Properties, name: &str) -> impl Iterator<Item = &'a Properties> {
    properties.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}
