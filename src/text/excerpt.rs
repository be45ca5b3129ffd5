//! Plain words from a body: the first sentences for a card, the sentence around a mention.

use super::blocks::{Block, Blocks, Sort};
use crate::limits;

/// The first sentences of a body, as plain text of one line, within `characters`. Prose comes first: headings, tables and
/// code are told only when there is nothing else.
pub fn excerpt(body: &str, characters: usize) -> String {
    let mut prose = String::new();
    let mut other = String::new();
    // Four bytes a character at most: what is gathered is enough, and bounded.
    let enough = characters.saturating_mul(4);
    for Block { sort, text, .. } in Blocks::of(body) {
        let into = if sort == Sort::Prose { &mut prose } else { &mut other };
        for word in text.split_whitespace().take(characters.saturating_add(1)) {
            if into.len() > enough {
                break;
            }
            if !into.is_empty() {
                into.push(' ');
            }
            into.push_str(word);
        }
        if prose.len() > enough {
            break;
        }
    }
    let text = if prose.is_empty() { other } else { prose };
    whole_sentences(&text, characters)
}

/// As many whole sentences as fit; when not even one does, whole words and an ellipsis.
fn whole_sentences(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let fits = |end: &usize| text.get(..*end).is_some_and(|head| head.chars().count() <= characters);
    let end = sentence_ends(text).take_while(fits).last();
    match end.and_then(|end| text.get(..end)) {
        // A mark or a title of two words says nothing of a note.
        Some(sentences) if sentences.chars().count().saturating_mul(2) >= characters => sentences.trim_end().to_owned(),
        _ => head(text, characters),
    }
}

/// Where sentences end, behind their last sign.
fn sentence_ends(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().filter_map(|(at, letter)| ends_sentence(text, at, letter))
}

fn ends_sentence(text: &str, at: usize, letter: char) -> Option<usize> {
    if !matches!(letter, '.' | '!' | '?' | '…') {
        return None;
    }
    let after = at.saturating_add(letter.len_utf8());
    let rest = text.get(after..)?;
    let closing = |letter: char| matches!(letter, ')' | '"' | '”' | '’' | ']');
    let quoted = rest.trim_start_matches(closing);
    // « … » closes behind a space of its own.
    let quoted =
        quoted.strip_prefix(['\u{202f}', '\u{a0}', ' ']).and_then(|rest| rest.strip_prefix('»')).unwrap_or(quoted);
    let following = quoted.trim_start();
    if !following.is_empty() && following.len() == quoted.len() {
        return None;
    }
    // "M. Petit", "n. 3": an abbreviation, not an end; nor is a sign before a small letter.
    let word = text.get(..at)?.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    let short = letter == '.' && word.chars().count() < 3 && !word.chars().all(char::is_numeric);
    let small = following.chars().next().is_some_and(char::is_lowercase);
    (!short && !small || following.is_empty()).then(|| text.len().saturating_sub(quoted.len()))
}

/// The sentence of a plain text that holds a place, within its limit.
pub(super) fn sentence_at(text: &str, place: usize) -> String {
    let start = sentence_ends(text).take_while(|end| *end <= place).last().unwrap_or(0);
    let end = sentence_ends(text).find(|end| *end > place).unwrap_or(text.len());
    let before = one_line(text.get(start..place).unwrap_or_default());
    let from = one_line(text.get(place..end).unwrap_or_default());
    let spaced = text.get(..place).is_some_and(|before| before.ends_with(char::is_whitespace)) && !before.is_empty();
    let sentence = format!("{before}{}{from}", if spaced { " " } else { "" });
    if sentence.chars().count() <= limits::EXTRACT_CHARS_MAX {
        return sentence;
    }
    // A third before the mention, the rest from it on.
    let lead = limits::EXTRACT_CHARS_MAX.div_ceil(3);
    let before = tail(&before, lead);
    let room = limits::EXTRACT_CHARS_MAX.saturating_sub(before.chars().count()).saturating_sub(1);
    format!("{before}{}{}", if spaced { " " } else { "" }, head(&from, room))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first whole words of a text within `characters`, an ellipsis included when something is cut.
pub(super) fn head(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let cut: String = text.chars().take(characters.saturating_sub(1)).collect();
    let whole = cut.rfind(' ').filter(|at| at.saturating_mul(2) >= cut.len()).and_then(|at| cut.get(..at));
    format!("{}…", whole.unwrap_or(&cut).trim_end())
}

fn tail(text: &str, characters: usize) -> String {
    let count = text.chars().count();
    if count <= characters {
        return text.to_owned();
    }
    let cut: String = text.chars().skip(count.saturating_sub(characters.saturating_sub(1))).collect();
    let whole = cut.find(' ').filter(|at| at.saturating_mul(2) <= cut.len()).and_then(|at| cut.get(at..));
    format!("…{}", whole.unwrap_or(&cut).trim_start())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_card_shows_the_first_sentences_without_signs() {
        let body = "## Le fait\n\n(DR) La **masse** passe sous 5 kg. Le [prix](https://a.example) baisse aussi, de [[Prix|moitié]]. Troisième phrase.\n\n```\ncode\n```\n";
        assert_eq!(excerpt(body, 70), "(DR) La masse passe sous 5 kg. Le prix baisse aussi, de moitié.");
        assert_eq!(excerpt(body, 20), "(DR) La masse…");
        assert_eq!(excerpt("# Seul un titre", 70), "Seul un titre");
        assert_eq!(excerpt("", 70), "");
    }

    #[test]
    fn abbreviations_and_numbers_do_not_end_a_sentence() {
        let ends: Vec<&str> = sentence_ends("Selon M. Petit, 3.5 suffit. « Non. » dit-il ! Fin")
            .filter_map(|end| "Selon M. Petit, 3.5 suffit. « Non. » dit-il ! Fin".get(..end))
            .collect();
        assert_eq!(ends, ["Selon M. Petit, 3.5 suffit.", "Selon M. Petit, 3.5 suffit. « Non. » dit-il !"]);
    }

    proptest! {
        #[test]
        fn an_excerpt_keeps_its_limit(body in ".{0,400}", characters in 1_usize..300) {
            prop_assert!(excerpt(&body, characters).chars().count() <= characters);
        }

        #[test]
        fn a_sentence_keeps_its_limit(body in "[a-z .!\n]{0,900}", place in 0_usize..900) {
            let place = place.min(body.len());
            prop_assert!(sentence_at(&body, place).chars().count() <= limits::EXTRACT_CHARS_MAX);
        }
    }
}
