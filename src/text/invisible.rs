//! Characters that one does not see, or that change the order in which others are read ("Trojan Source", CVE-2021-42574).
//!
//! A page shows each of them as its code point: nothing is refused here and nothing stays hidden. Spaces that have a
//! width (no-break, narrow no-break, thin) are no part of it; French needs them.

use unicode_normalization::char::is_combining_mark;

/// A run of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    /// What one sees, line ends and tabs included.
    Seen(&'a str),
    /// One invisible character, so many times in a row.
    Unseen {
        /// The character.
        character: char,
        /// How often it stands there.
        times: usize,
    },
}

/// Whether nobody sees this character. Line feed and tab do what they say; every other control character is invisible.
pub const fn is_invisible(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        _ => matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{fffe}'
                | '\u{ffff}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
                | '\u{e000}'..='\u{f8ff}'
                | '\u{f0000}'..='\u{10ffff}'
        ),
    }
}

/// The text in runs, in its order; together they are the whole text. One carriage return before a line feed is part of the
/// line end.
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { rest: text, before: None }
}

/// See [`pieces`].
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    rest: &'a str,
    before: Option<char>,
}

impl Pieces<'_> {
    /// Where the first invisible character stands.
    fn unseen(&self) -> Option<usize> {
        let mut before = self.before;
        let mut letters = self.rest.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let line_end = letter == '\r' && letters.peek().is_some_and(|(_, next)| *next == '\n');
            if is_invisible(letter) && !line_end && !is_drawn(before, letter) {
                return Some(at);
            }
            before = Some(letter);
        }
        None
    }
}

/// The mark behind a symbol that asks for its drawn or coloured form: what one sees of it is the symbol.
fn is_drawn(before: Option<char>, letter: char) -> bool {
    let symbol = |before: char| {
        matches!(before, '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{1f000}'..='\u{1faff}')
            && !is_invisible(before)
            && !is_combining_mark(before)
    };
    matches!(letter, '\u{fe0e}' | '\u{fe0f}') && before.is_some_and(symbol)
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let first = self.rest.chars().next()?;
        let at = self.unseen().unwrap_or(self.rest.len());
        if at > 0 {
            let (seen, rest) = self.rest.split_at_checked(at)?;
            self.rest = rest;
            self.before = seen.chars().next_back();
            return Some(Piece::Seen(seen));
        }
        let run = self.rest.chars().take_while(|letter| *letter == first).count();
        // A carriage return that belongs to a line end is left to it.
        let (_, after) = self.rest.split_at_checked(first.len_utf8().saturating_mul(run))?;
        let times = if first == '\r' && after.starts_with('\n') { run.saturating_sub(1) } else { run };
        let (_, rest) = self.rest.split_at_checked(first.len_utf8().saturating_mul(times))?;
        self.rest = rest;
        self.before = Some(first);
        Some(Piece::Unseen { character: first, times })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        let shown = |piece| match piece {
            Piece::Seen(seen) => seen.to_owned(),
            Piece::Unseen { character, times } => format!("<{:x}*{times}>", u32::from(character)),
        };
        pieces(text).map(shown).collect()
    }

    #[test]
    fn what_is_invisible_is_told_and_what_french_needs_is_not() {
        assert_eq!(
            shown("Prix\u{202f}: 3\u{a0}000 «\u{202f}x\u{202f}»\n\tfin"),
            "Prix\u{202f}: 3\u{a0}000 «\u{202f}x\u{202f}»\n\tfin"
        );
        assert_eq!(shown("a\u{202e}b\u{200b}\u{200b}c"), "a<202e*1>b<200b*2>c");
        assert_eq!(shown("\0\u{7f}\u{85}\u{2028}"), "<0*1><7f*1><85*1><2028*1>");
        assert_eq!(shown("⚠\u{fe0f} a\u{fe0f} ⚠\u{fe0f}\u{fe0f}"), "⚠\u{fe0f} a<fe0f*1> ⚠\u{fe0f}<fe0f*1>");
        assert_eq!(shown("a\r\nb\rc\r\r\n"), "a\r\nb<d*1>c<d*1>\r\n");
        assert_eq!(shown("\u{e0041}\u{e007f}"), "<e0041*1><e007f*1>");
    }

    proptest! {
        #[test]
        fn pieces_are_the_whole_text(text in ".*|[\r\na\u{200b}]*") {
            let mut again = String::new();
            for piece in pieces(&text) {
                match piece {
                    Piece::Seen(seen) => {
                        prop_assert!(!seen.is_empty());
                        again.push_str(seen);
                    }
                    Piece::Unseen { character, times } => {
                        prop_assert!(times > 0);
                        again.extend(std::iter::repeat_n(character, times));
                    }
                }
            }
            prop_assert_eq!(again, text);
        }
    }
}
