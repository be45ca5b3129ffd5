//! The terms of a field, as they go to the engine: made by [`super::matter`], taken as they are.
//!
//! ```text
//! field = tag, 13 characters ‖ term ‖ term …
//! term  = how much further it stands, one character ‖ its bytes, one character ‖ the term without its tag
//! ```
//!
//! The engine has a form for terms that were parted beforehand; it writes and reads them as JSON, which took as long as
//! to index them.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::schema::TAG_CHARS;
use crate::limits::INDEX_GAP_MAX;

/// Its name in the schema.
pub const NAME: &str = "vigie";

/// The terms of one field, as they gather.
#[derive(Debug)]
pub struct Gathered {
    text: String,
    position: usize,
}

impl Gathered {
    /// None yet, in the partition that the tag names.
    pub fn new(tag: &str) -> Self {
        Self { text: tag.to_owned(), position: 0 }
    }

    /// Adds a term. Positions do not fall.
    pub fn add(&mut self, term: &str, position: usize) {
        let number = |number: usize| u32::try_from(number).ok().and_then(char::from_u32);
        let further = position.saturating_sub(self.position).min(INDEX_GAP_MAX);
        // Longer than any term is: the analysis cuts words, and what people tag with is bounded.
        let (Some(further), Some(bytes)) = (number(further), number(term.len())) else { return };
        self.position = position;
        self.text.push(further);
        self.text.push(bytes);
        self.text.push_str(term);
    }

    /// The field.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// Reads what was gathered.
#[derive(Clone, Default, Debug)]
pub struct Terms {
    token: Token,
}

impl Tokenizer for Terms {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.token.reset();
        self.token.position = 0;
        let (tag, rest) = text.split_at_checked(TAG_CHARS).unwrap_or_default();
        Stream { tag, rest, token: &mut self.token }
    }
}

/// The terms of one field, one behind the other.
#[derive(Debug)]
pub struct Stream<'a> {
    tag: &'a str,
    rest: &'a str,
    token: &'a mut Token,
}

impl<'a> Stream<'a> {
    fn taken(&mut self) -> Option<(usize, &'a str)> {
        let mut signs = self.rest.chars();
        let number = |sign: char| usize::try_from(u32::from(sign)).ok();
        let (further, bytes) = (number(signs.next()?)?, number(signs.next()?)?);
        let (term, rest) = signs.as_str().split_at_checked(bytes)?;
        self.rest = rest;
        Some((further, term))
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some((further, term)) = self.taken() else { return false };
        self.token.position = self.token.position.saturating_add(further);
        self.token.text.clear();
        self.token.text.push_str(self.tag);
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn terms_come_back_as_they_were_gathered(terms in proptest::collection::vec(("\\PC{0,70}", 0_usize..20), 0..40)) {
            let tag = "0123456789abc";
            let mut gathered = Gathered::new(tag);
            let (mut expected, mut position) = (Vec::new(), 0_usize);
            for (term, further) in &terms {
                position = position.saturating_add(*further);
                gathered.add(term, position);
                expected.push((format!("{tag}{term}"), position));
            }
            let (text, mut terms, mut found) = (gathered.into_text(), Terms::default(), Vec::new());
            let mut stream = terms.token_stream(&text);
            while stream.advance() {
                found.push((stream.token().text.clone(), stream.token().position));
            }
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn no_other_text_breaks_it(text in "\\PC{0,60}") {
            let mut terms = Terms::default();
            let mut stream = terms.token_stream(&text);
            while stream.advance() {}
        }
    }
}
