//! Which space each note of an import goes to, when its folder asks for one.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Name, name};
use crate::{
    limits::{IMPORT_OBJECTS_MAX, IMPORT_SPACES_MAX},
    ops::import::{Link, Note, Reason},
};

/// A space by its name; none is that of the import.
pub type Home = Option<Arc<str>>;

/// The notes of an import that go to spaces of their own.
#[derive(Default)]
pub struct Homes {
    spaces: BTreeSet<Arc<str>>,
    notes: BTreeMap<Name, Arc<str>>,
}

impl Homes {
    /// Keeps in mind where a note goes.
    ///
    /// # Errors
    /// [`Reason::TooMany`].
    pub fn settle(&mut self, note: &Note) -> Result<Home, Reason> {
        let Some(asked) = note.home.as_deref() else { return Ok(None) };
        let known = self.spaces.get(asked).cloned();
        if self.notes.len() >= IMPORT_OBJECTS_MAX || (known.is_none() && self.spaces.len() >= IMPORT_SPACES_MAX) {
            return Err(Reason::TooMany);
        }
        let home = known.unwrap_or_else(|| Arc::from(asked));
        self.spaces.insert(Arc::clone(&home));
        self.notes.insert(name(&note.external_id), Arc::clone(&home));
        Ok(Some(home))
    }

    /// Where a link goes: to the space of both its ends; nothing when they are in two.
    pub fn of(&self, link: &Link) -> Option<Home> {
        let [from, to] = [&link.from, &link.to].map(|end| self.notes.get(&name(end)));
        (from == to).then(|| from.cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ops::import::item::Kind, words::Language};

    fn note(external_id: &str, home: Option<&str>) -> Note {
        Note {
            external_id: external_id.to_owned(),
            kind: Kind::Watch,
            title: "T".to_owned(),
            body: String::new(),
            tags: Vec::new(),
            language: Language::French,
            sources: Vec::new(),
            grade: None,
            review: None,
            expires: None,
            label: None,
            home: home.map(str::to_owned),
        }
    }

    #[test]
    fn a_link_goes_where_both_its_ends_are_and_the_spaces_are_bounded() {
        let mut homes = Homes::default();
        for (name, home) in [("a", None), ("p/b", Some("p")), ("p/c", Some("p")), ("q/d", Some("q"))] {
            assert_eq!(
                homes.settle(&note(name, home)).map(|home| home.as_deref().map(str::to_owned)),
                Ok(home.map(str::to_owned))
            );
        }
        let of = |from: &str, to: &str| {
            let [external_id, kind, comment] = ["l", "related", ""].map(str::to_owned);
            let link = Link { external_id, from: from.to_owned(), to: to.to_owned(), kind, comment, label: None };
            homes.of(&link).map(|home| home.as_deref().map(str::to_owned))
        };
        assert_eq!(of("a", "z"), Some(None));
        assert_eq!(of("p/b", "p/c"), Some(Some("p".to_owned())));
        assert_eq!((of("p/b", "q/d"), of("a", "p/b")), (None, None));
        let more = (0..IMPORT_SPACES_MAX).map(|number| note(&number.to_string(), Some(&number.to_string())));
        assert_eq!(more.filter(|note| homes.settle(note).is_err()).count(), 2);
    }
}
