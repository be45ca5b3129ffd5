//! The language of searches, from text to a tree.
//!
//! ```text
//! question = alternative { "OR" alternative }            also OU, ODER; capitals
//! alternative = part { part }                            all of them
//! part     = [ "-" ] ( "(" question ")" | key ":" value | "\"" phrase "\"" | beginning "*" | word )
//! ```
//!
//! What cannot be read is an error that says where; it is never an empty result. Everything is bounded before it is
//! read: bytes, words, brackets.

mod error;
mod keys;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;

pub use self::{
    error::{Fault, QueryError},
    keys::{Filter, Has, Kinds, Marking},
    parser::{Part, parse, parts},
};
use super::analysis::Word;

/// A question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Node {
    /// A word, in any of its forms.
    Word(Word),
    /// Words one after the other, as written but for accents and capitals.
    Phrase(Vec<Word>),
    /// Words that begin so; folded.
    Beginning(String),
    /// What a key says.
    Filter(Filter),
    /// All of them.
    All(Vec<Self>),
    /// Any of them.
    Any(Vec<Self>),
    /// Everything but.
    Not(Box<Self>),
}

impl Node {
    /// The words that are sought, for scores and highlights: not those that are excluded.
    pub fn words(&self) -> Vec<&Word> {
        match self {
            Self::Word(word) => vec![word],
            Self::Phrase(words) => words.iter().collect(),
            Self::Filter(Filter::Title(words)) => words.iter().collect(),
            Self::Beginning(_) | Self::Filter(_) | Self::Not(_) => Vec::new(),
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().flat_map(Self::words).collect(),
        }
    }

    /// The beginnings that are sought.
    pub fn beginnings(&self) -> Vec<&str> {
        match self {
            Self::Beginning(beginning) => vec![beginning],
            Self::Word(_) | Self::Phrase(_) | Self::Filter(_) | Self::Not(_) => Vec::new(),
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().flat_map(Self::beginnings).collect(),
        }
    }

    /// Whether it is made of words alone.
    pub fn is_plain(&self) -> bool {
        match self {
            Self::Word(_) => true,
            Self::All(nodes) => nodes.iter().all(Self::is_plain),
            Self::Phrase(_) | Self::Beginning(_) | Self::Filter(_) | Self::Any(_) | Self::Not(_) => false,
        }
    }
}
