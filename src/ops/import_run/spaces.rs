//! The spaces that folders ask for: those of the person that bear the name, else new ones.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};

use super::{ImportError, caller::Caller};
use crate::ops::client::{empty, json};

/// What is asked of a space in answers; it says more.
#[derive(Deserialize)]
struct View {
    id: String,
    name: String,
}

/// The spaces of a person.
#[derive(Deserialize)]
pub struct Listed {
    items: Vec<View>,
}

/// What a name leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lead<'a> {
    /// One space, this one.
    There(&'a str),
    /// No space: one has to be made.
    ToMake,
    /// Several: none of them is taken.
    Several,
}

impl Listed {
    /// Where they are listed.
    pub const PATH: &'static str = "/api/v1/spaces";

    /// What that name leads to.
    pub fn lead(&self, name: &str) -> Lead<'_> {
        let mut found = self.items.iter().filter(|space| space.name == name);
        match (found.next(), found.next()) {
            (None, _) => Lead::ToMake,
            (Some(space), None) => Lead::There(&space.id),
            (Some(_), Some(_)) => Lead::Several,
        }
    }
}

#[derive(Serialize)]
struct New<'a> {
    name: &'a str,
}

/// The spaces of an import: the one that was named, and those that folders ask for.
pub(super) struct Spaces<'a> {
    named: &'a str,
    /// By their names.
    known: BTreeMap<String, String>,
    listed: Option<Listed>,
    /// How many were made.
    pub(super) made: u64,
}

impl<'a> Spaces<'a> {
    pub(super) fn new(named: &'a str) -> Self {
        Self { named, known: BTreeMap::new(), listed: None, made: 0 }
    }

    /// The space of that name, made if there is none.
    pub(super) async fn id(&mut self, caller: &mut Caller<'_>, name: Option<&str>) -> Result<String, ImportError> {
        let Some(name) = name else { return Ok(self.named.to_owned()) };
        if let Some(known) = self.known.get(name) {
            return Ok(known.clone());
        }
        if self.listed.is_none() {
            self.listed = Some(caller.json(Method::GET, Listed::PATH, empty()).await?);
        }
        let id = match self.listed.as_ref().map_or(Lead::ToMake, |listed| listed.lead(name)) {
            Lead::There(id) => id.to_owned(),
            Lead::Several => return Err(ImportError::SpaceUnclear(name.to_owned())),
            Lead::ToMake => {
                let made: View = caller.json(Method::POST, Listed::PATH, json(&New { name })?).await?;
                self.made = self.made.saturating_add(1);
                made.id
            }
        };
        self.known.insert(name.to_owned(), id.clone());
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_two_spaces_bear_leads_to_neither() {
        let view = |id: &str, name: &str| View { id: id.to_owned(), name: name.to_owned() };
        let listed = Listed { items: vec![view("1", "plans"), view("2", "veille"), view("3", "veille")] };
        assert_eq!(
            ["plans", "veille", "Plans"].map(|name| listed.lead(name)),
            [Lead::There("1"), Lead::Several, Lead::ToMake]
        );
    }
}
