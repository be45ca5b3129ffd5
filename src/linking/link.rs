//! What a link is.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Time,
    ids::{NoteId, SpaceId},
    limits,
    sharing::{Invalid, text},
    vault::{Kind, Stored},
};

/// The types of the house. Imports may bring others, as words of lower-case letters, digits and hyphens.
pub const TYPES: [&str; 6] = ["uses", "supports", "contradicts", "supersedes", "derived-from", "related"];

/// What an author gives of a link.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkContent {
    /// The note it starts from.
    pub from: NoteId,
    /// The note it leads to.
    pub to: NoteId,
    /// Its type.
    #[serde(rename = "type")]
    #[schemars(regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub kind: String,
    /// Why.
    #[serde(default)]
    pub comment: String,
}

impl LinkContent {
    /// The content as it is stored, if it keeps the rules.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn checked(self, any_type: bool) -> Result<Self, Invalid> {
        if self.from == self.to {
            return Err(Invalid::SelfLink);
        }
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let known = TYPES.contains(&self.kind.as_str());
        let free = any_type && self.kind.len() <= limits::LINK_TYPE_CHARS_MAX && self.kind.split('-').all(word);
        if !known && !free {
            return Err(Invalid::LinkType);
        }
        Ok(Self { comment: text("comment", &self.comment, limits::COMMENT_BYTES_MAX)?, ..self })
    }
}

/// A link as stored, in its record and in the lists of both ends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Link {
    /// What its author gave.
    pub from: NoteId,
    /// The other end.
    pub to: NoteId,
    /// Its type.
    pub kind: String,
    /// Why.
    pub comment: String,
    /// When it was made.
    pub created: Time,
    /// The name it bears elsewhere, if it was imported.
    pub external: Option<External>,
}

/// The name of an imported link, unique in the space it was imported into.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct External {
    /// The space.
    pub space: SpaceId,
    /// The name.
    pub name: String,
}

impl Stored for Link {
    const KIND: Kind = Kind::Link;
    const SCHEMA: u8 = 1;
}
