//! The sentence shown with a result: chosen in the opened text, for the words that were sought. No statistic of an index
//! has a part in it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    analysis::{self, Word, is_stop_word},
    query::Node,
};
use crate::{limits, text::excerpt, words::Language};

/// Some words of a text, and which of them were sought.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Snippet {
    /// One line of plain text.
    pub text: String,
    /// First character and the one behind the last, for each highlight, in order.
    pub highlights: Vec<(usize, usize)>,
}

/// What is highlighted: the words of one question; nothing, of none.
#[derive(Default)]
pub struct Sought {
    /// By number of the word, its terms.
    terms: Vec<BTreeSet<String>>,
    folded: Vec<String>,
    beginnings: Vec<String>,
    /// What the stems of the sought words begin with: a word that does not have it need not be stemmed.
    heads: BTreeSet<String>,
    /// What any sought word begins with, in any form.
    letters: String,
    /// Words that were looked at, by language: results of one question share most of theirs.
    known: RefCell<BTreeMap<&'static str, BTreeMap<String, Option<usize>>>>,
}

impl Sought {
    /// What a question highlights. Little words only when there are no others.
    pub fn of(node: &Node) -> Self {
        let all = node.words();
        let says: Vec<&Word> = all.iter().copied().filter(|word| !is_stop_word(&word.folded)).collect();
        let words = if says.is_empty() { all } else { says };
        let terms: Vec<BTreeSet<String>> =
            words.iter().map(|word| analysis::sought(word).into_iter().collect()).collect();
        let heads: BTreeSet<String> = terms.iter().flatten().map(|term| analysis::head(term).to_owned()).collect();
        let folded: Vec<String> = words.iter().map(|word| word.folded.clone()).collect();
        let beginnings: Vec<String> = node.beginnings().into_iter().map(str::to_owned).collect();
        let whole = folded.iter().chain(&beginnings).map(|text| analysis::head_of(text));
        let letters = heads.iter().map(String::as_str).chain(whole).collect();
        Self { terms, folded, beginnings, heads, letters, known: RefCell::default() }
    }

    /// Which of the sought words this one is.
    fn which(&self, word: &Word, language: Language) -> Option<usize> {
        if let Some(found) = self.known.borrow().get(language.code()).and_then(|known| known.get(&word.lower)) {
            return *found;
        }
        let exact = self.folded.iter().position(|folded| *folded == word.folded);
        let begins = || {
            let found = self.beginnings.iter().position(|begins| word.folded.starts_with(begins.as_str()));
            found.map(|number| number.saturating_add(self.folded.len()))
        };
        let stems = || {
            if !self.heads.iter().any(|head| analysis::may_begin(language, word, head)) {
                return None;
            }
            let terms = analysis::stems(language, word);
            self.terms.iter().position(|sought| terms.iter().any(|term| sought.contains(term)))
        };
        let found = exact.or_else(begins).or_else(stems);
        self.known.borrow_mut().entry(language.code()).or_default().insert(word.lower.clone(), found);
        found
    }
}

/// The best words of a Markdown text.
pub fn of_body(body: &str, language: Language, sought: &Sought) -> Snippet {
    let mut end = body.len().min(limits::SNIPPET_BYTES_READ);
    while !body.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    let plain = excerpt::excerpt(body.get(..end).unwrap_or_default(), limits::SNIPPET_BYTES_READ);
    of_text(&plain, language, sought)
}

/// A title or a name: all of it.
pub fn of_title(text: &str, language: Language, sought: &Sought) -> Snippet {
    cut(text, language, sought, |_| (0, text.len()))
}

/// The best words of a plain text.
pub fn of_text(text: &str, language: Language, sought: &Sought) -> Snippet {
    cut(text, language, sought, |hits| window(text, hits))
}

fn cut(
    text: &str,
    language: Language,
    sought: &Sought,
    window: impl FnOnce(&[(Word, usize)]) -> (usize, usize),
) -> Snippet {
    let may = |piece: &str| analysis::may_begin_written(language, piece, &sought.letters);
    let hits: Vec<(Word, usize)> = analysis::words_that(text, may)
        .into_iter()
        .filter_map(|word| sought.which(&word, language).map(|number| (word, number)))
        .collect();
    let (from, until) = window(&hits);
    let Some(piece) = text.get(from..until) else { return Snippet::default() };
    let mut line = String::new();
    let opening = if from > 0 { "… " } else { "" };
    line.push_str(opening);
    // What French sets before its signs stays what no line breaks at.
    let is_break = |sign: char| sign.is_whitespace() && !matches!(sign, '\u{a0}' | '\u{202f}');
    line.extend(piece.chars().map(|sign| if is_break(sign) { ' ' } else { sign }));
    if until < text.len() {
        line.push_str(" …");
    }
    let before = opening.chars().count();
    let place = |byte: usize| text.get(from..byte).map(|head| head.chars().count().saturating_add(before));
    let inside = hits.iter().filter(|(word, _)| word.start >= from && word.end <= until);
    let highlights = inside.filter_map(|(word, _)| Some((place(word.start)?, place(word.end)?)));
    Snippet { text: line, highlights: highlights.take(limits::HIGHLIGHTS_MAX).collect() }
}

/// A bit for a word: words and beginnings are counted together, and there are bits for twice as many.
fn bit(number: usize) -> u128 {
    const { assert!(limits::SEARCH_WORDS_MAX <= 64) };
    u32::try_from(number).ok().and_then(|number| 1_u128.checked_shl(number)).unwrap_or(0)
}

/// The bytes to show: around the place with the most different words, from the beginning of a sentence where one is near.
fn window(text: &str, hits: &[(Word, usize)]) -> (usize, usize) {
    let room = limits::SNIPPET_CHARS_MAX;
    // Bytes for characters: exact enough to choose, and the cut below counts characters.
    let mut best: (u32, usize) = (0, 0);
    for (at, (first, _)) in hits.iter().enumerate().take(2000) {
        let near = hits.iter().skip(at).take(64).take_while(|(word, _)| word.end.saturating_sub(first.start) < room);
        let different = near.fold(0, |bits: u128, (_, number)| bits | bit(*number)).count_ones();
        if different > best.0 {
            best = (different, first.start);
        }
    }
    let anchor = best.1;
    let head = text.get(..anchor).unwrap_or_default();
    let reach = room / 3;
    let near: Vec<(usize, char)> = head.char_indices().rev().take(reach).collect();
    let whole = near.len() == head.chars().take(reach.saturating_add(1)).count();
    // A sentence ends before a blank: `.NET`, `3.0` and addresses have signs in the middle.
    let mut follows = text.get(anchor..).and_then(|rest| rest.chars().next());
    let sentence = near.iter().find(|(_, sign)| {
        let next = follows.replace(*sign);
        *sign == '\n' || (matches!(sign, '.' | '!' | '?') && next.is_none_or(char::is_whitespace))
    });
    let blank = near.iter().rev().find(|(_, sign)| sign.is_whitespace());
    let behind = |(at, sign): &(usize, char)| at.saturating_add(sign.len_utf8());
    let mut from = match (sentence, blank) {
        (Some(end), _) => behind(end),
        (None, _) if whole => 0,
        (None, Some(blank)) => behind(blank),
        (None, None) => anchor,
    };
    let rest = text.get(from..).unwrap_or_default();
    from = from.saturating_add(rest.len().saturating_sub(rest.trim_start().len()));
    let rest = text.get(from..).unwrap_or_default();
    let cut = rest.char_indices().nth(room).map(|(at, _)| at);
    let until = match cut {
        None => rest.len(),
        Some(cut) => {
            rest.get(..cut).and_then(|piece| piece.rfind(char::is_whitespace)).filter(|at| *at > 0).unwrap_or(cut)
        }
    };
    (from, from.saturating_add(until))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::query::parse;

    fn marked(text: &str, query: &str) -> Vec<String> {
        let snippet = of_text(text, Language::French, &Sought::of(&parse(query).unwrap()));
        let characters: Vec<char> = snippet.text.chars().collect();
        snippet.highlights.iter().map(|(from, until)| characters[*from..*until].iter().collect()).collect()
    }

    #[test]
    fn the_words_in_any_form_are_marked_and_little_words_are_not() {
        let text = "Le chiffrement des disques. L’État chiffre les échanges de ses agents.";
        assert_eq!(marked(text, "chiffrements des disques"), ["chiffrement", "disques", "chiffre"]);
        assert_eq!(marked(text, "etat écha*"), ["État", "échanges"]);
        assert_eq!(marked(text, "-chiffrement agent"), ["agents"]);
    }

    #[test]
    fn the_sentence_with_most_of_the_words_is_chosen() {
        let filler = "Rien à signaler ce jour. ".repeat(40);
        let text = format!("Un drone. {filler}Le drone marin a été vu au large. {filler}");
        let snippet = of_text(&text, Language::French, &Sought::of(&parse("drone marin").unwrap()));
        assert!(snippet.text.contains("Le drone marin a été vu"), "{}", snippet.text);
        assert!(snippet.text.starts_with("… Le drone"), "{}", snippet.text);
        assert!(snippet.text.chars().count() <= limits::SNIPPET_CHARS_MAX + 4);
    }

    #[test]
    fn signs_inside_a_word_end_no_sentence_and_titles_stay_whole() {
        let filler = "Rien à signaler ce jour ".repeat(6);
        for (text, query, starts) in [
            (format!("{filler}. Le cheval Lyceum .NET est revenu"), "net", "… Le cheval Lyceum .NET"),
            (
                format!("{filler}! Voir https://exemple.fr/rapport sur LockBit 3.0"),
                "lockbit",
                "… Voir https://exemple.fr",
            ),
        ] {
            let sought = Sought::of(&parse(query).unwrap());
            let snippet = of_text(&text, Language::French, &sought);
            assert!(snippet.text.starts_with(starts), "{}", snippet.text);
        }
        let title = format!("OMG! Ransomware 3.0 {filler}{filler}{filler}");
        let whole = of_title(&title, Language::English, &Sought::of(&parse("ransomware 3.0").unwrap()));
        assert_eq!(whole.text, title);
        assert_eq!(whole.highlights.first(), Some(&(5, 15)));
    }

    proptest! {
        #[test]
        fn every_highlight_lies_in_the_text(text in "\\PC{0,600}", query in "[a-zé]{1,6}( [a-z]{2,5}\\*)?") {
            if let Ok(node) = parse(&query) {
                let snippet = of_text(&text, Language::French, &Sought::of(&node));
                let length = snippet.text.chars().count();
                prop_assert!(length <= limits::SNIPPET_CHARS_MAX + 4);
                prop_assert!(snippet.highlights.iter().all(|(from, until)| from < until && *until <= length));
                prop_assert!(!snippet.text.contains('\n'));
            }
        }
    }
}
