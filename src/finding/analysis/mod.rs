//! From text to the terms that are indexed and sought: the same code on both sides.
//!
//! ```text
//! text   -> words    cut at anything but letters and digits; an elided article (l', d', qu' …) is dropped
//! word   -> folded   lower case, no accents, œ = oe, ß = ss            exact field: phrases, beginnings (`word*`)
//! word   -> stems    Snowball of the text's language, of the word as written and of the folded one, so that it is
//!                    found without its accents; German compounds also by their parts       stem field: all else
//! ```
//!
//! A stem carries its language, so that `chat` in French and `chat` in English are not confused. A query does not say its
//! language: its words are stemmed in all three. A word indexed in one of them is thereby found by itself in any case.

mod compound;
mod stop;

use std::{cell::RefCell, sync::Arc};

use frostem::{Algorithm, Stemmer};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

pub use self::stop::is_stop_word;
use crate::{
    limits::{INDEX_WORD_BYTES_MAX, STEMS_KEPT_MAX},
    words::Language,
};

/// One word of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// Lower case, accents kept.
    pub lower: String,
    /// Lower case, without accents.
    pub folded: String,
    /// First byte in the text.
    pub start: usize,
    /// The byte behind its last one.
    pub end: usize,
    /// Its number among the words.
    pub position: u32,
}

/// What is elided before a vowel in French: articles, pronouns, conjunctions.
const ELIDED: [&str; 16] =
    ["l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu", "presqu", "entr"];

const fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}' | '\u{02bc}')
}

/// The words of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    words_that(text, |_piece| true)
}

/// Those of the words of a text that `may` lets pass, as they are written; the others are not read. Their numbers are among
/// themselves.
pub fn words_that(text: &str, may: impl Fn(&str) -> bool) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut start: Option<usize> = None;
    let mut behind_apostrophe = false;
    // What is elided stands before a letter: the `C` of "langage 'C'" is a word.
    let elides = |at: usize| {
        let mut behind = text.get(at..).unwrap_or_default().chars();
        behind.next().is_some_and(is_apostrophe) && behind.next().is_some_and(char::is_alphabetic)
    };
    let push = |from: usize, to: usize, after: bool, words: &mut Vec<Word>| {
        let Some(piece) = text.get(from..to).filter(|piece| may(piece)) else { return };
        let lower = lowered(piece);
        let folded = if piece.is_ascii() { lower.clone() } else { fold(piece) };
        let elided = ELIDED.contains(&folded.as_str()) && elides(to);
        // The other side of an apostrophe: "analyst's", "don't".
        let leftover = after && matches!(folded.as_str(), "s" | "t" | "re" | "ve" | "ll");
        if folded.is_empty() || elided || leftover {
            return;
        }
        let position = u32::try_from(words.len()).unwrap_or(u32::MAX);
        words.push(Word { lower, folded, start: from, end: to, position });
    };
    for (at, character) in text.char_indices() {
        if character.is_alphanumeric() || (is_combining_mark(character) && start.is_some()) {
            start = start.or(Some(at));
        } else if let Some(from) = start.take() {
            push(from, at, behind_apostrophe, &mut words);
            behind_apostrophe = is_apostrophe(character);
        } else {
            behind_apostrophe = false;
        }
    }
    if let Some(from) = start {
        push(from, text.len(), behind_apostrophe, &mut words);
    }
    words
}

/// Cut to the bytes that a term may have, at a character.
fn bounded(mut text: String) -> String {
    while text.len() > INDEX_WORD_BYTES_MAX {
        text.pop();
    }
    text
}

fn lowered(text: &str) -> String {
    if text.is_ascii() {
        return bounded(text.to_ascii_lowercase());
    }
    bounded(text.nfc().flat_map(char::to_lowercase).collect())
}

/// Lower case, without accents and ligatures.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return bounded(text.to_ascii_lowercase());
    }
    let mut folded = String::with_capacity(text.len());
    for character in text.nfkd().filter(|character| !is_combining_mark(*character)) {
        for character in character.to_lowercase() {
            match character {
                'œ' => folded.push_str("oe"),
                'æ' => folded.push_str("ae"),
                'ß' => folded.push_str("ss"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'ı' => folded.push('i'),
                other if is_combining_mark(other) => {}
                other => folded.push(other),
            }
        }
    }
    bounded(folded)
}

/// A name as it is compared: its words folded, one space between them.
pub fn fold_name(text: &str) -> String {
    bounded(words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" "))
}

struct Stemmers {
    french: Stemmer,
    english: Stemmer,
    german: Stemmer,
}

impl Stemmers {
    const fn of(&self, language: Language) -> &Stemmer {
        match language {
            Language::French => &self.french,
            Language::English => &self.english,
            Language::German => &self.german,
        }
    }
}

thread_local! {
    static STEMMERS: RefCell<Option<Stemmers>> = const { RefCell::new(None) };
}

const fn mark(language: Language) -> char {
    match language {
        Language::French => 'f',
        Language::English => 'e',
        Language::German => 'g',
    }
}

/// The terms of a word in the stem field, for a text of this language. The first is the word's own; the others are its
/// form without accents and the parts of a German compound.
pub fn stems(language: Language, word: &Word) -> Vec<String> {
    STEMMERS.with_borrow_mut(|slot| {
        let stemmers = slot.get_or_insert_with(|| Stemmers {
            french: Stemmer::new(Algorithm::French),
            english: Stemmer::new(Algorithm::English),
            german: Stemmer::new(Algorithm::German),
        });
        let stemmer = stemmers.of(language);
        let term = |text: &str| format!("{}{}", mark(language), fold(&stemmer.stem(text)));
        let mut terms = vec![term(&word.lower)];
        let mut add = |other: String| {
            if !terms.contains(&other) {
                terms.push(other);
            }
        };
        add(term(&word.folded));
        if language == Language::French
            && let Some(bare) = bare(&word.folded)
        {
            add(term(bare));
        }
        if language == Language::German {
            for part in compound::parts(&word.folded) {
                add(term(part));
            }
        }
        terms
    })
}

/// The terms of words that were met already: in many texts most words come again.
#[derive(Default)]
#[expect(clippy::disallowed_types, reason = "asked word by word, never gone through")]
pub struct Stems {
    known: std::collections::HashMap<String, Arc<[String]>>,
    key: String,
}

impl Stems {
    /// As [`stems`].
    pub fn of(&mut self, language: Language, word: &Word) -> Arc<[String]> {
        self.key.clear();
        self.key.push(mark(language));
        self.key.push_str(&word.lower);
        if word.lower != word.folded {
            self.key.push('\0');
            self.key.push_str(&word.folded);
        }
        if let Some(known) = self.known.get(&self.key) {
            return Arc::clone(known);
        }
        if self.known.len() >= STEMS_KEPT_MAX {
            self.known.clear();
        }
        let terms: Arc<[String]> = stems(language, word).into();
        self.known.insert(self.key.clone(), Arc::clone(&terms));
        terms
    }
}

/// A French word without the ending of its plural, where Snowball does not reach: `lasers` and `laser`, `remplacent` and
/// `remplacer`.
fn bare(folded: &str) -> Option<&str> {
    let bare = folded.strip_suffix(['s', 'x']).or_else(|| folded.strip_suffix("nt").filter(|bare| bare.ends_with('e')));
    bare.filter(|bare| bare.len() >= 4)
}

/// The first letter of a term's stem.
pub fn head(term: &str) -> &str {
    head_of(term.strip_prefix(|_language| true).unwrap_or_default())
}

/// The first letter of a folded text.
pub fn head_of(text: &str) -> &str {
    let end = text.char_indices().nth(1).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// Whether a stem of a word may begin with this letter. Endings are what stemming takes away or changes; the parts of a
/// German compound begin anywhere in it.
pub fn may_begin(language: Language, word: &Word, head: &str) -> bool {
    match language {
        Language::French | Language::English => word.folded.starts_with(head),
        Language::German => word.folded.contains(head),
    }
}

/// As [`may_begin`], of a word as it is written, for any of these letters. What is not ASCII folds in many ways: it may.
pub fn may_begin_written(language: Language, piece: &str, heads: &str) -> bool {
    let may = |sign: char| !sign.is_ascii() || heads.contains(sign.to_ascii_lowercase());
    match language {
        Language::French | Language::English => piece.chars().next().is_some_and(may),
        Language::German => piece.chars().any(may),
    }
}

/// The terms by which a word of a query is sought in the stem field: in every language, without parting compounds (who
/// seeks the whole means the whole).
pub fn sought(word: &Word) -> Vec<String> {
    let mut terms = Vec::new();
    for language in Language::ALL {
        let own = stems(language, word);
        // The parts of a compound come behind the word's own two forms; they are for texts, not for questions.
        let forms = if language == Language::German { own_forms(language, word) } else { own };
        for term in forms {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
    }
    terms
}

fn own_forms(language: Language, word: &Word) -> Vec<String> {
    let parts: Vec<String> = compound::parts(&word.folded)
        .into_iter()
        .filter_map(|part| {
            let part = Word { lower: part.to_owned(), folded: part.to_owned(), ..word.clone() };
            stems(language, &part).into_iter().next()
        })
        .collect();
    stems(language, word).into_iter().filter(|term| !parts.contains(term)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    fn found(language: Language, text: &str, query: &str) -> bool {
        let texts: Vec<String> = words(text).iter().flat_map(|word| stems(language, word)).collect();
        words(query).iter().all(|word| sought(word).iter().any(|term| texts.contains(term)))
    }

    #[test]
    fn an_elided_article_is_no_word_with_either_apostrophe() {
        assert_eq!(folded("L'analyse d’État qu'un"), ["analyse", "etat", "un"]);
        assert_eq!(folded("jusqu’à l'œuvre, aujourd'hui"), ["a", "oeuvre", "aujourd", "hui"]);
        assert_eq!(folded("the analyst's don't"), ["the", "analyst", "don"]);
        assert_eq!(folded("d"), ["d"]);
    }

    #[test]
    fn a_letter_between_apostrophes_is_a_word() {
        assert_eq!(folded("langage 'C'"), ["langage", "c"]);
        assert_eq!(folded("plan ‘S’, plan 'd'."), ["plan", "s", "plan", "d"]);
        assert_eq!(folded("le plan d'"), ["le", "plan", "d"]);
    }

    #[test]
    fn a_word_is_found_in_its_other_forms_and_without_accents() {
        for (language, text, query) in [
            (Language::French, "les sécurités informatiques", "securite informatique"),
            (Language::French, "Chiffrement des disques chiffrés", "chiffré disque"),
            (Language::French, "l'État-major", "etats"),
            (Language::French, "des œuvres", "oeuvre"),
            (Language::English, "vulnerabilities were exploited", "vulnerability exploit"),
            (Language::German, "die Schwachstellen der Behörden", "schwachstelle behorde"),
            (Language::German, "Sicherheitslücke im Fernmeldenetz", "sicherheit"),
            (Language::German, "Sicherheitslücke im Fernmeldenetz", "netz"),
        ] {
            assert!(found(language, text, query), "{text} / {query}");
        }
    }

    #[test]
    fn who_seeks_a_compound_does_not_find_its_parts_alone() {
        assert!(!found(Language::German, "die Sicherheit der Lage", "Sicherheitslücke"));
        assert!(found(Language::German, "eine Sicherheitslücke", "Sicherheitslücke"));
    }

    proptest! {
        #[test]
        fn a_stem_begins_as_its_word_does(text in "[a-zéèêëàâçîïôûüœßäöUY']{1,14}") {
            for (language, word) in Language::ALL.into_iter().flat_map(|one| words(&text).into_iter().map(move |word| (one, word))) {
                for term in stems(language, &word) {
                    prop_assert!(may_begin(language, &word, head(&term)), "{word:?} {term}");
                    let piece = text.get(word.start..word.end).unwrap();
                    prop_assert!(may_begin_written(language, piece, head(&term)), "{piece} {term}");
                    prop_assert!(may_begin_written(language, piece, head_of(&word.folded)), "{piece}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn every_word_lies_where_it_says_and_is_found_by_itself(text in "\\PC{0,200}") {
            for word in words(&text) {
                prop_assert!(text.get(word.start..word.end).is_some());
                prop_assert!(!word.folded.is_empty() && word.folded.len() <= INDEX_WORD_BYTES_MAX);
                for language in Language::ALL {
                    let terms = stems(language, &word);
                    prop_assert!(sought(&word).iter().any(|term| terms.contains(term)), "{:?}", word);
                }
            }
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,60}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
