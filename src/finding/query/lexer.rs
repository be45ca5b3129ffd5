//! A question cut into pieces, each with its place.

use unicode_normalization::UnicodeNormalization as _;

use super::error::{Fault, QueryError};
use crate::limits;

/// A piece.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    Open,
    Close,
    Minus,
    Or,
    Quoted(String),
    Word(String),
    /// A key, what stands behind its colon, and the character at which that begins.
    Key(String, String, usize),
}

/// A piece and the character at which it begins, from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Placed {
    pub piece: Piece,
    pub place: usize,
}

const fn closing(character: char) -> Option<char> {
    match character {
        '"' => Some('"'),
        '«' => Some('»'),
        // As it is set in German; the two do not stand in one another's quotations.
        '»' => Some('«'),
        '“' | '„' => Some('”'),
        _ => None,
    }
}

const fn ends_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, '(' | ')' | '"' | '«' | '»' | '“' | '”' | '„')
}

struct Lexer<'t> {
    rest: std::iter::Peekable<std::iter::Enumerate<std::str::Chars<'t>>>,
    pieces: Vec<Placed>,
}

pub(super) fn pieces(text: &str) -> Result<Vec<Placed>, QueryError> {
    if text.len() > limits::SEARCH_BYTES_MAX {
        return Err(QueryError::new(Fault::TooLong, 1, ""));
    }
    let mut lexer = Lexer { rest: text.chars().enumerate().peekable(), pieces: Vec::new() };
    while let Some((at, character)) = lexer.rest.next() {
        lexer.piece(at.saturating_add(1), character)?;
        if lexer.pieces.len() > limits::SEARCH_WORDS_MAX.saturating_mul(4) {
            return Err(QueryError::new(Fault::TooManyWords, 1, ""));
        }
    }
    Ok(lexer.pieces)
}

impl Lexer<'_> {
    fn piece(&mut self, place: usize, character: char) -> Result<(), QueryError> {
        let piece = match character {
            _ if character.is_whitespace() => return Ok(()),
            '(' => Piece::Open,
            ')' => Piece::Close,
            '-' | '\u{2212}' if self.before_something() => Piece::Minus,
            _ => match closing(character) {
                Some(closing) => Piece::Quoted(self.quoted(closing, place)?),
                None => self.word(character, place)?,
            },
        };
        self.pieces.push(Placed { piece, place });
        Ok(())
    }

    fn before_something(&mut self) -> bool {
        self.rest.peek().is_some_and(|(_, next)| !next.is_whitespace() && *next != ')')
    }

    fn quoted(&mut self, closing: char, place: usize) -> Result<String, QueryError> {
        let mut text = String::new();
        for (_, character) in self.rest.by_ref() {
            // „…“ and “…” end differently.
            if character == closing || (closing == '”' && character == '“') {
                return Ok(text);
            }
            text.push(character);
        }
        Err(QueryError::new(Fault::Quotation, place, &text))
    }

    fn run(&mut self, text: &mut String) {
        while let Some((_, character)) = self.rest.next_if(|(_, character)| !ends_word(*character)) {
            text.push(character);
        }
    }

    fn word(&mut self, first: char, place: usize) -> Result<Piece, QueryError> {
        let mut text = String::from(first);
        self.run(&mut text);
        if matches!(text.as_str(), "OR" | "OU" | "ODER") {
            return Ok(Piece::Or);
        }
        let Some((key, value)) = text.split_once(':') else { return Ok(Piece::Word(text)) };
        let mut value_place = place.saturating_add(key.chars().count()).saturating_add(1);
        // Some keyboards and files part a letter from its accent, and an accent alone is no letter.
        let key: String = key.nfc().collect();
        let is_key = !key.is_empty() && key.chars().all(char::is_alphabetic);
        // An address is no key.
        if !is_key || value.starts_with("//") {
            return Ok(Piece::Word(text));
        }
        let mut value = value.to_owned();
        if let Some((_, opening)) = self.rest.peek().copied()
            && (value.is_empty() || value.ends_with(':'))
            && let Some(closing) = closing(opening)
        {
            self.rest.next();
            if value.is_empty() {
                value_place = value_place.saturating_add(1);
            }
            value.push_str(&self.quoted(closing, place)?);
        }
        Ok(Piece::Key(key, value, value_place))
    }
}
