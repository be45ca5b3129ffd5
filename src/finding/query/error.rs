//! What is wrong with a question, and where.

use crate::words::{Sentence, key};

/// What is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// There is no word in it.
    Empty,
    /// More bytes than a question may have.
    TooLong,
    /// More words than a question may have.
    TooManyWords,
    /// More brackets inside one another than a question may have.
    TooDeep,
    /// A bracket that is not closed, or not opened.
    Bracket,
    /// A quotation that does not end.
    Quotation,
    /// `OR` without something on both sides.
    Or,
    /// `-` before nothing.
    Minus,
    /// Too few letters before `*`.
    Beginning,
    /// A key that is not known.
    Key,
    /// A key without a value.
    Value,
    /// Not a date.
    Date,
    /// Not a kind of object.
    Kind,
    /// Not a grade.
    Grade,
    /// Not a language.
    Language,
    /// Not a marking that the reader can mean.
    Marking,
    /// Nothing that a note can have.
    Has,
    /// More work than a question may be.
    TooWide,
}

/// What is wrong, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QueryError {
    /// What.
    pub fault: Fault,
    /// The character at which it begins, from 1.
    pub place: usize,
    /// The piece of text that it is about.
    pub piece: String,
}

impl QueryError {
    pub(super) fn new(fault: Fault, place: usize, piece: &str) -> Self {
        Self { fault, place, piece: piece.chars().take(60).collect() }
    }

    /// Stable, for machines.
    pub const fn code(&self) -> &'static str {
        match self.fault {
            Fault::Empty => "search-empty",
            Fault::TooLong => "search-too-long",
            Fault::TooManyWords => "search-too-many-words",
            Fault::TooDeep => "search-too-deep",
            Fault::Bracket => "search-bracket",
            Fault::Quotation => "search-quotation",
            Fault::Or => "search-or",
            Fault::Minus => "search-minus",
            Fault::Beginning => "search-beginning",
            Fault::Key => "search-unknown-key",
            Fault::Value => "search-no-value",
            Fault::Date => "search-bad-date",
            Fault::Kind => "search-bad-kind",
            Fault::Grade => "search-bad-grade",
            Fault::Language => "search-bad-language",
            Fault::Marking => "search-bad-marking",
            Fault::Has => "search-bad-has",
            Fault::TooWide => "search-too-wide",
        }
    }

    /// What the person reads.
    pub fn sentence(&self) -> Sentence {
        let key = match self.fault {
            Fault::Empty => return Sentence::new(key::FINDING_EMPTY),
            Fault::TooLong => return Sentence::new(key::FINDING_TOO_LONG),
            Fault::TooManyWords => return Sentence::new(key::FINDING_TOO_MANY_WORDS),
            Fault::TooWide => return Sentence::new(key::FINDING_TOO_WIDE),
            Fault::TooDeep => key::FINDING_TOO_DEEP,
            Fault::Bracket => key::FINDING_BRACKET,
            Fault::Quotation => key::FINDING_QUOTATION,
            Fault::Or => key::FINDING_OR,
            Fault::Minus => key::FINDING_MINUS,
            Fault::Beginning => key::FINDING_BEGINNING,
            Fault::Key => key::FINDING_KEY,
            Fault::Value => key::FINDING_VALUE,
            Fault::Date => key::FINDING_DATE,
            Fault::Kind => key::FINDING_KIND,
            Fault::Grade => key::FINDING_GRADE,
            Fault::Language => key::FINDING_LANGUAGE,
            Fault::Marking => key::FINDING_MARKING,
            Fault::Has => key::FINDING_HAS,
        };
        let sentence = Sentence::new(key).with("place", self.place);
        match self.fault {
            Fault::Beginning
            | Fault::Key
            | Fault::Value
            | Fault::Date
            | Fault::Kind
            | Fault::Grade
            | Fault::Language
            | Fault::Marking
            | Fault::Has => sentence.with("piece", self.piece.as_str()),
            _ => sentence,
        }
    }
}
