//! `[[Title]]` and `[[Title|shown text]]` in bodies.
//!
//! A mention is kept as a row under the folded title, at the label of the note that
//! mentions; which note it leads to is found for each reader, among what that reader
//! reaches. So a title that exists at a higher label, a title that does not exist, and
//! a title that will exist tomorrow are the same to a low reader (LEAKS T08, T09, T25).

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    limits,
    vault::{Kind, Stored},
};

/// A mention of a title in a note's body, with the words around it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mention {
    /// The title as written.
    pub title: String,
    /// The paragraph it stands in, cut.
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

/// The form under which titles are compared: NFKC, lower case, single spaces.
pub fn folded(title: &str) -> String {
    let lower: String = title.nfkc().collect::<String>().to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The mentions of a body, each title once, in their order.
pub fn mentions(body: &str) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    // No other spelling makes a link: most bodies have none, and need not be parsed.
    if !body.contains("[[") {
        return found;
    }
    let mut seen = std::collections::BTreeSet::new();
    let parser = Parser::new_ext(body, Options::ENABLE_WIKILINKS | Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES);
    for (event, range) in parser.into_offset_iter() {
        if let Event::Start(Tag::Link { link_type: LinkType::WikiLink { .. }, dest_url, .. }) = event {
            let title = dest_url.trim();
            if !title.is_empty() && title.chars().count() <= limits::NOTE_TITLE_CHARS_MAX && seen.insert(folded(title))
            {
                found.push(Mention { title: title.to_owned(), sentence: paragraph(body, range.start) });
            }
            if found.len() >= limits::NOTE_MENTIONS_MAX {
                break;
            }
        }
    }
    found
}

/// The line of `body` around `place`, cut to its limit.
pub(super) fn paragraph(body: &str, place: usize) -> String {
    let before = body.get(..place).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let rest = body.get(start..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default().trim();
    line.chars().take(limits::EXTRACT_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_found_in_text_and_not_in_code() {
        let body = "Voir [[Radar GaN]] et [[radar  gan|le même]].\n\n`[[Code]]` et\n\n```\n[[Bloc]]\n```\n\n| a |\n|---|\n| [[Tableau]] |\n";
        let titles: Vec<String> = mentions(body).into_iter().map(|mention| mention.title).collect();
        assert_eq!(titles, ["Radar GaN", "Tableau"]);
        assert_eq!(mentions(body)[0].sentence, "Voir [[Radar GaN]] et [[radar  gan|le même]].");
    }

    #[test]
    fn titles_fold_alike() {
        assert_eq!(folded("  Élan  Nouveau "), folded("élan nouveau"));
        assert_ne!(folded("a"), folded("b"));
    }
}
