//! The language of what does not say its own: messages, comments of links, names.

use super::analysis;
use crate::{config::Config, ids::AccountId, limits::LANGUAGE_BYTES_READ, words::Language};

/// Words that hold sentences together in one of the languages and mean nothing in the other two; folded, sorted.
const HOLDING: [(Language, [&str; 32]); 3] = [
    (
        Language::French,
        [
            "au", "aux", "avec", "ce", "ces", "cette", "dans", "dont", "elle", "est", "et", "etre", "il", "ils", "la",
            "le", "les", "leur", "lors", "mais", "nous", "ont", "ou", "pas", "pour", "que", "qui", "sont", "sur",
            "une", "vers", "vous",
        ],
    ),
    (
        Language::English,
        [
            "and", "are", "been", "by", "can", "could", "for", "from", "has", "have", "his", "how", "into", "is", "it",
            "its", "of", "should", "than", "that", "the", "their", "there", "these", "they", "this", "to", "we",
            "were", "which", "with", "would",
        ],
    ),
    (
        Language::German,
        [
            "aber", "als", "auch", "auf", "aus", "bei", "das", "dem", "den", "der", "durch", "ein", "eine", "einen",
            "fur", "ich", "im", "ist", "mit", "nach", "nicht", "noch", "oder", "sich", "sie", "sind", "und", "von",
            "werden", "wird", "zu", "zum",
        ],
    ),
];

/// The language whose little words stand most often in the beginning of these texts; none when no one of them does.
pub fn guessed<'t, T: Iterator<Item = &'t str>>(texts: T) -> Option<Language> {
    let mut counts = HOLDING.map(|(language, _)| (0_usize, language));
    let mut room = LANGUAGE_BYTES_READ;
    for text in texts {
        let mut end = text.len().min(room);
        while !text.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        room = room.saturating_sub(end);
        for word in analysis::words(text.get(..end).unwrap_or_default()) {
            for ((count, _), (_, holding)) in counts.iter_mut().zip(&HOLDING) {
                *count = count.saturating_add(usize::from(holding.binary_search(&word.folded.as_str()).is_ok()));
            }
        }
    }
    let most = counts.iter().map(|(count, _)| *count).max().filter(|most| *most > 0)?;
    let mut first = counts.into_iter().filter(|(count, _)| *count == most).map(|(_, language)| language);
    first.next().filter(|_| first.next().is_none())
}

/// The language of texts that do not say it: what their words tell, or that of their author. The same when they are indexed
/// and when their words are highlighted.
pub fn of<'t, T: Iterator<Item = &'t str>>(texts: T, author: AccountId, config: &Config) -> Language {
    let own = || config.account(author).map(|account| account.language()).unwrap_or_default();
    guessed(texts).unwrap_or_else(own)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::danger_example::{Example, account};

    #[test]
    fn the_lists_are_sorted_and_no_word_stands_in_two() {
        assert!(HOLDING.iter().all(|(_, words)| words.is_sorted()));
        let all: BTreeSet<&str> = HOLDING.iter().flat_map(|(_, words)| words).copied().collect();
        assert_eq!(all.len(), 96);
        assert!(all.iter().all(|word| analysis::fold(word) == **word));
    }

    #[test]
    fn a_text_is_in_the_language_that_its_little_words_are_of() {
        for (text, language) in [
            ("La portée est de vingt kilomètres.", Some(Language::French)),
            ("Die Sicherheitslücke im Netz ist noch offen.", Some(Language::German)),
            ("The exploited vulnerabilities are listed.", Some(Language::English)),
            ("rapport.pdf", None),
            ("", None),
            // As much of the one as of the other.
            ("le the", None),
        ] {
            assert_eq!(guessed([text].into_iter()), language, "{text}");
        }
    }

    #[test]
    fn no_more_of_a_text_is_read_than_the_bound() {
        let long = format!("{}{}", "é".repeat(LANGUAGE_BYTES_READ), " the".repeat(9));
        assert_eq!(guessed([long.as_str(), "the"].into_iter()), None);
    }

    #[test]
    fn a_text_that_does_not_tell_is_in_the_language_of_its_author() {
        let mut german = account(9, "weber", "DR");
        german.language = "de".to_owned();
        let config = Example::new(vec![german, account(8, "martin", "DR")]).config;
        let id = |number| AccountId(crate::ids::Id::from_bytes([number; 16]));
        let of = |text: &'static str, author| of([text].into_iter(), author, &config);
        assert_eq!(of("Sicherheitslage.pdf", id(9)), Language::German);
        assert_eq!(of("Sicherheitslage.pdf", id(8)), Language::French);
        assert_eq!(of("Sicherheitslage.pdf", id(7)), Language::French);
        assert_eq!(of("The lists are here", id(9)), Language::English);
    }
}
