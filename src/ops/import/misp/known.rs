//! What stands in the files, so that a relation finds its other end.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Properties, word};
use crate::{crypto::sha256, limits::IMPORT_OBJECTS_MAX, ops::import::text};

/// The front half of an identifier's digest.
type Name = [u8; 16];

/// Every identifier of the files, and where it stands.
#[derive(Default)]
pub(super) struct Known {
    elements: BTreeMap<Name, Vec<Standing>>,
    /// Attribute of an object, object, attribute, event -> the note that tells it.
    parts: BTreeMap<Name, Arc<str>>,
    words: BTreeSet<Arc<str>>,
    count: usize,
}

/// One element of a cluster.
struct Standing {
    kind: Arc<str>,
    file: Arc<str>,
    number: usize,
}

fn name(identifier: &str) -> Name {
    sha256(&[identifier.as_bytes()]).0.first_chunk().copied().unwrap_or_default()
}

/// How an element is known: by its cluster's type and its identifier; the second of the same has a number.
fn external(kind: &str, identifier: &str, ordinal: usize) -> String {
    match ordinal {
        0 => format!("misp-galaxy:{kind}:{identifier}"),
        more => format!("misp-galaxy:{kind}:{identifier}#{}", more.saturating_add(1)),
    }
}

impl Known {
    fn word(&mut self, text: &str) -> Arc<str> {
        if let Some(word) = self.words.get(text) {
            return Arc::clone(word);
        }
        let word: Arc<str> = Arc::from(text);
        self.words.insert(Arc::clone(&word));
        word
    }

    /// Remembers an element. Beyond the bound none is: its note is made, relations do not find it.
    pub(super) fn element(&mut self, kind: &str, file: &str, number: usize, properties: &Properties) {
        let Some(identifier) = word(properties, "uuid").filter(|id| text::sound_id(id)) else { return };
        if self.count >= IMPORT_OBJECTS_MAX {
            return;
        }
        self.count = self.count.saturating_add(1);
        let standing = Standing { kind: self.word(kind), file: self.word(file), number };
        self.elements.entry(name(&identifier)).or_default().push(standing);
    }

    /// Remembers a part of an event under the note that tells it.
    pub(super) fn part(&mut self, identifier: &str, note: &str) {
        if self.count < IMPORT_OBJECTS_MAX {
            self.count = self.count.saturating_add(1);
            self.parts.entry(name(identifier)).or_insert_with(|| Arc::from(note));
        }
    }

    /// The name of the note that an element becomes.
    pub(super) fn of_element(&self, kind: &str, file: &str, number: usize, identifier: &str) -> String {
        let standings = self.elements.get(&name(identifier)).map(Vec::as_slice).unwrap_or_default();
        let same = standings.iter().filter(|standing| *standing.kind == *kind);
        let ordinal = same.take_while(|standing| *standing.file != *file || standing.number != number).count();
        external(kind, identifier, ordinal)
    }

    /// The note that a relation of the note `from`, in a cluster of that type, leads to.
    pub(super) fn target(&self, kind: &str, from: &str, identifier: &str) -> Option<String> {
        let standings = self.elements.get(&name(identifier))?;
        let of = |standing: &Standing| external(&standing.kind, identifier, 0);
        let near = standings.iter().find(|standing| *standing.kind == *kind).map(of).filter(|to| to != from);
        let far = || standings.iter().map(of).find(|to| to != from);
        // An element that names itself, and no other of that name: the caller sees that both ends are one.
        near.or_else(far).or_else(|| Some(from.to_owned()))
    }

    /// The note that tells a part of an event.
    pub(super) fn of_part(&self, identifier: &str) -> Option<String> {
        self.parts.get(&name(identifier)).map(|note| (**note).to_owned())
    }
}
