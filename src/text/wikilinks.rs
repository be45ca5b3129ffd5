//! `[[Title]]` and `[[Title|shown text]]`: found in a body, with the sentence each stands in.
//!
//! Which note a title leads to is found elsewhere, for each reader.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use super::{blocks::Blocks, excerpt};
use crate::limits;

/// A title that a body mentions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mentioned {
    /// The title as written.
    pub title: String,
    /// The sentence around it, plain text.
    pub sentence: String,
}

/// The form under which titles are compared: NFKC, lower case, single spaces.
pub fn folded(title: &str) -> String {
    let lower: String = title.nfkc().collect::<String>().to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a title may be the title of a note.
pub(super) fn is_title(title: &str) -> bool {
    !title.is_empty() && title.chars().count() <= limits::NOTE_TITLE_CHARS_MAX
}

/// The titles that a body mentions, each once, in their order; at most [`limits::NOTE_MENTIONS_MAX`].
pub fn mentioned(body: &str) -> Vec<Mentioned> {
    let mut found: Vec<Mentioned> = Vec::new();
    let mut seen = BTreeSet::new();
    for block in Blocks::of(body) {
        for (title, place) in &block.mentions {
            if found.len() >= limits::NOTE_MENTIONS_MAX {
                return found;
            }
            if is_title(title) && seen.insert(folded(title)) {
                let sentence = excerpt::sentence_at(&block.text, *place);
                found.push(Mentioned { title: title.clone(), sentence });
            }
        }
    }
    found
}

/// The sentence around the first mention of a title; none when the body does not mention it.
pub fn sentence_around(body: &str, title: &str) -> Option<String> {
    let wanted = folded(title);
    mentioned(body).into_iter().find(|mention| folded(&mention.title) == wanted).map(|mention| mention.sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_found_in_text_and_not_in_code() {
        let body = "Voir [[Radar GaN]] et [[radar  gan|le même]].\n\n`[[Code]]` et\n\n```\n[[Bloc]]\n```\n\n| a |\n|---|\n| [[Tableau]] |\n\n- [[Ligne]]\n  - [[Sous-ligne]]\n";
        let titles: Vec<String> = mentioned(body).into_iter().map(|mention| mention.title).collect();
        assert_eq!(titles, ["Radar GaN", "Tableau", "Ligne", "Sous-ligne"]);
        assert_eq!(mentioned(body)[0].sentence, "Voir Radar GaN et le même.");
    }

    #[test]
    fn the_sentence_is_the_one_around_the_mention() {
        let body = "(DR) Le capteur est lent. Voir **surtout** [[Radar GaN]], selon M. Petit ! Rien de plus.";
        assert_eq!(sentence_around(body, "radar gan").as_deref(), Some("Voir surtout Radar GaN, selon M. Petit !"));
        assert_eq!(sentence_around(body, "Absent"), None);
    }

    #[test]
    fn a_long_sentence_is_cut_around_its_mention() {
        let body = format!("{} [[Cible]] {}", "avant ".repeat(200), "après ".repeat(200));
        let sentence = sentence_around(&body, "Cible").expect("mentioned");
        assert!(sentence.contains("Cible") && sentence.starts_with('…') && sentence.ends_with('…'), "{sentence}");
        assert!(sentence.chars().count() <= limits::EXTRACT_CHARS_MAX);
    }

    #[test]
    fn titles_fold_alike() {
        assert_eq!(folded("  Élan  Nouveau "), folded("élan nouveau"));
        assert_ne!(folded("a"), folded("b"));
    }
}
