//! What is wrong with a question, shown where it is.

use crate::{
    finding::{error::QueryError, query::Fault as Wrong},
    limits,
    web::say::Tongue,
};

/// Why a question cannot be read, and the piece of it that is meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    pub(super) sentence: String,
    pub(super) before: String,
    /// Empty where the whole question is meant.
    pub(super) wrong: String,
    pub(super) after: String,
}

impl Fault {
    pub(super) fn of(error: &QueryError, text: &str, w: Tongue) -> Self {
        // What is said of a value is said of the whole of it, blanks included; of anything else, up to the next blank.
        let value = match error.fault {
            Wrong::Date | Wrong::Kind | Wrong::Grade | Wrong::Language | Wrong::Marking | Wrong::Has => {
                Some(error.piece.chars().count())
            }
            _ => None,
        };
        let (before, wrong, after) = cut(text, error.place, value);
        Self { sentence: w.tell(&error.sentence()), before, wrong, after }
    }
}

/// The text before a place, the piece that begins there (of so many characters, or up to the next blank), and what follows; each
/// end shortened.
fn cut(text: &str, place: usize, length: Option<usize>) -> (String, String, String) {
    const ROOM: usize = limits::SEARCH_FAULT_CHARS;
    let characters: Vec<char> = text.chars().collect();
    let (before, rest) = characters.split_at(place.saturating_sub(1).min(characters.len()));
    let end = length.or_else(|| rest.iter().position(|character| character.is_whitespace())).unwrap_or(rest.len());
    let (wrong, after) = rest.split_at(end.max(1).min(rest.len()));
    let skipped = before.len().saturating_sub(ROOM);
    let mut head: String = before.iter().skip(skipped).collect();
    if skipped > 0 {
        head.insert(0, '…');
    }
    let first = |piece: &[char]| {
        let mut text: String = piece.iter().take(ROOM).collect();
        if piece.len() > ROOM {
            text.push('…');
        }
        text
    };
    (head, first(wrong), first(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_piece_at_the_place_is_cut_out() {
        let part = |text: &str, place, length| {
            let (before, wrong, after) = cut(text, place, length);
            format!("{before}|{wrong}|{after}")
        };
        let of = |text: &str, place| part(text, place, None);
        assert_eq!(part("le:\"31 février\" mer", 5, Some(10)), "le:\"|31 février|\" mer");
        assert_eq!(of("été couleur:bleu mer", 5), "été |couleur:bleu| mer");
        assert_eq!(of("a (b", 3), "a |(b|");
        assert_eq!(of("a", 9), "a||");
        assert_eq!(of("", 1), "||");
        let long = "mot ".repeat(40);
        assert_eq!(of(&format!("{long}-  {long}"), 161).matches('…').count(), 2);
    }
}
