//! Pieces put together to a tree.

use super::{
    Node,
    error::{Fault, QueryError},
    keys::{self, Filter},
    lexer::{Piece, Placed, pieces},
};
use crate::{
    finding::analysis::{self, Word},
    limits,
};

struct Parser {
    pieces: std::iter::Peekable<std::vec::IntoIter<Placed>>,
    words: usize,
}

/// Reads a question.
///
/// # Errors
/// [`QueryError`], with the place.
pub fn parse(text: &str) -> Result<Node, QueryError> {
    let mut parser = Parser { pieces: pieces(text)?.into_iter().peekable(), words: 0 };
    if parser.pieces.peek().is_none() {
        return Err(QueryError::new(Fault::Empty, 1, ""));
    }
    let node = parser.question(0)?;
    match parser.pieces.next() {
        None => node.ok_or_else(|| QueryError::new(Fault::Empty, 1, "")),
        Some(Placed { place, .. }) => Err(QueryError::new(Fault::Bracket, place, ")")),
    }
}

/// A part of a question that must be met besides the others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// What it asks.
    pub node: Node,
    /// As it was written.
    pub text: String,
    /// The question without it.
    pub others: String,
}

/// The parts of a question, in their order; of one with alternatives the whole.
///
/// # Errors
/// [`QueryError`], as [`parse`].
pub fn parts(text: &str) -> Result<Vec<Part>, QueryError> {
    let whole = parse(text)?;
    let characters: Vec<char> = text.chars().collect();
    let cut = |from: usize, until: usize| characters.get(from..until).unwrap_or_default().iter().collect::<String>();
    let mut parser = Parser { pieces: pieces(text)?.into_iter().peekable(), words: 0 };
    let mut parts = Vec::new();
    while let Some(next) = parser.pieces.peek() {
        if next.piece == Piece::Or {
            return Ok(vec![Part { node: whole, text: text.trim().to_owned(), others: String::new() }]);
        }
        // Places count from 1.
        let from = next.place.saturating_sub(1);
        let node = parser.part(0)?;
        let until = parser.pieces.peek().map_or(characters.len(), |next| next.place.saturating_sub(1));
        let (before, own, behind) = (cut(0, from), cut(from, until), cut(until, characters.len()));
        // A blank between them: two parts need none around quotation marks and brackets, and would grow together without.
        let others = format!("{} {}", before.trim(), behind.trim()).trim().to_owned();
        let is_empty = matches!(parse(&others), Err(QueryError { fault: Fault::Empty, .. }));
        let others = if is_empty { String::new() } else { others };
        parts.extend(node.map(|node| Part { node, text: own.trim().to_owned(), others }));
    }
    Ok(parts)
}

/// One, or all of many.
fn gathered(mut nodes: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Option<Node> {
    match nodes.len() {
        0 | 1 => nodes.pop(),
        _ => Some(join(nodes)),
    }
}

impl Parser {
    /// None when there is no word in it, only signs.
    fn question(&mut self, depth: usize) -> Result<Option<Node>, QueryError> {
        let mut alternatives = Vec::new();
        let mut last_or = None;
        loop {
            let (parts, any) = self.alternative(depth)?;
            let here = self.pieces.peek().map(|placed| (placed.piece == Piece::Or, placed.place));
            if !any && let Some(place) = last_or.or(here.filter(|(is_or, _)| *is_or).map(|(_, place)| place)) {
                return Err(QueryError::new(Fault::Or, place, "OR"));
            }
            alternatives.extend(gathered(parts, Node::All));
            match here {
                Some((true, place)) => {
                    self.pieces.next();
                    last_or = Some(place);
                }
                _ => return Ok(gathered(alternatives, Node::Any)),
            }
        }
    }

    /// The parts up to an `OR`, a closing bracket or the end; and whether there was any piece.
    fn alternative(&mut self, depth: usize) -> Result<(Vec<Node>, bool), QueryError> {
        let (mut parts, mut any) = (Vec::new(), false);
        while self.pieces.peek().is_some_and(|next| !matches!(next.piece, Piece::Or | Piece::Close)) {
            any = true;
            parts.extend(self.part(depth)?);
        }
        Ok((parts, any))
    }

    fn part(&mut self, depth: usize) -> Result<Option<Node>, QueryError> {
        let Some(Placed { piece, place }) = self.pieces.next() else { return Ok(None) };
        if depth > limits::SEARCH_DEPTH_MAX {
            return Err(QueryError::new(Fault::TooDeep, place, ""));
        }
        match piece {
            Piece::Minus => {
                let follows = self.pieces.peek().is_some_and(|next| !matches!(next.piece, Piece::Or | Piece::Close));
                if !follows {
                    return Err(QueryError::new(Fault::Minus, place, "-"));
                }
                let node = self.part(depth.saturating_add(1))?;
                Ok(node.map(|node| Node::Not(Box::new(node))))
            }
            Piece::Open => {
                let node = self.question(depth.saturating_add(1))?;
                match self.pieces.next() {
                    Some(Placed { piece: Piece::Close, .. }) => Ok(node),
                    _ => Err(QueryError::new(Fault::Bracket, place, "(")),
                }
            }
            Piece::Quoted(text) => {
                Ok(self.counted(analysis::words(&text))?.map(|words| match <[Word; 1]>::try_from(words) {
                    Ok([word]) => Node::Phrase(vec![word]),
                    Err(words) => Node::Phrase(words),
                }))
            }
            Piece::Key(key, value, value_place) => self.key(&key, place, &value, value_place),
            Piece::Word(text) => self.word(&text, place),
            // The callers stop before these.
            Piece::Or | Piece::Close => Err(QueryError::new(Fault::Bracket, place, "")),
        }
    }

    fn key(&mut self, key: &str, place: usize, value: &str, value_place: usize) -> Result<Option<Node>, QueryError> {
        let filter = keys::filter(key, place, value, value_place)?;
        let words = match &filter {
            Filter::Title(words) | Filter::Link(_, words) | Filter::Source(words) => words.len(),
            Filter::In(_)
            | Filter::From(_)
            | Filter::Tag(_)
            | Filter::Kind(_)
            | Filter::Time(..)
            | Filter::Grade(..)
            | Filter::Marking(_)
            | Filter::Language(_)
            | Filter::Has(_) => 1,
        };
        self.count(words.max(1))?;
        Ok(Some(Node::Filter(filter)))
    }

    fn word(&mut self, text: &str, place: usize) -> Result<Option<Node>, QueryError> {
        if let Some(beginning) = text.strip_suffix('*') {
            let mut words = analysis::words(beginning);
            let last = words.pop().filter(|word| word.folded.chars().count() >= limits::SEARCH_PREFIX_CHARS_MIN);
            // The star belongs to the word just before it.
            let Some(last) = last.filter(|word| word.end == beginning.len()) else {
                return Err(QueryError::new(Fault::Beginning, place, text));
            };
            self.count(words.len().saturating_add(1))?;
            let mut nodes: Vec<Node> = words.into_iter().map(Node::Word).collect();
            nodes.push(Node::Beginning(last.folded));
            return Ok(gathered(nodes, Node::All));
        }
        let Some(words) = self.counted(analysis::words(text))? else { return Ok(None) };
        // `10.0.0.1` and `CVE-2026-1234` are one thing; `sous-marins` are words, in any of their forms.
        let has_digits =
            words.len() > 1 && words.iter().any(|word| word.folded.bytes().any(|byte| byte.is_ascii_digit()));
        if has_digits {
            return Ok(Some(Node::Phrase(words)));
        }
        Ok(gathered(words.into_iter().map(Node::Word).collect(), Node::All))
    }

    fn counted(&mut self, words: Vec<Word>) -> Result<Option<Vec<Word>>, QueryError> {
        self.count(words.len())?;
        Ok((!words.is_empty()).then_some(words))
    }

    fn count(&mut self, more: usize) -> Result<(), QueryError> {
        self.words = self.words.saturating_add(more);
        if self.words > limits::SEARCH_WORDS_MAX {
            return Err(QueryError::new(Fault::TooManyWords, 1, ""));
        }
        Ok(())
    }
}
