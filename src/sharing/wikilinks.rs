//! `[[Title]]` and `[[Title|shown text]]` in bodies.
//!
//! A mention is kept as a row under the folded title, at the label of the note that
//! mentions; which note it leads to is found for each reader, among what that reader
//! reaches. So a title that exists at a higher label, a title that does not exist, and
//! a title that will exist tomorrow are the same to a low reader (LEAKS T08, T09, T25).

use serde::{Deserialize, Serialize};

pub use crate::text::wikilinks::folded;
use crate::{
    limits,
    text::wikilinks::mentioned,
    vault::{Kind, Stored},
};

/// A mention of a title in a note's body, with the words around it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mention {
    /// The title as written.
    pub title: String,
    /// The sentence it stands in, plain text, cut.
    pub sentence: String,
}

impl Stored for Mention {
    const KIND: Kind = Kind::Mention;
    const SCHEMA: u8 = 1;
}

/// The place of a title: a note bears it. No content: the header says it all.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TitlePlace {}

impl Stored for TitlePlace {
    const KIND: Kind = Kind::Title;
    const SCHEMA: u8 = 1;
}

/// The mentions of a body, each title once, in their order.
pub fn mentions(body: &str) -> Vec<Mention> {
    // No other spelling makes a link: most bodies have none, and need not be parsed.
    if !body.contains("[[") {
        return Vec::new();
    }
    mentioned(body).into_iter().map(|found| Mention { title: found.title, sentence: found.sentence }).collect()
}

/// The line of `body` around `place`, cut to its limit.
pub(super) fn paragraph(body: &str, place: usize) -> String {
    let before = body.get(..place).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let rest = body.get(start..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default().trim();
    line.chars().take(limits::EXTRACT_CHARS_MAX).collect()
}
