//! Markup of strangers, read for its words only: HTML pages, the HTML inside feeds and mail, and the XML of feeds.
//!
//! The reader cannot fail and its work is in proportion to the length of the text: a tag, comment or quote that is never
//! closed swallows the rest, once. Nothing is run, fetched or resolved; an entity stands for a character and nothing else.

mod entity;
mod grid;
pub mod html;
mod writer;

pub(super) use entity::decoded;
pub(super) use writer::{Cleaned, cleaned};

/// A piece of markup. Names are as they were written; attributes and text still hold their entities.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token<'a> {
    /// `<name …>`.
    Start {
        name: &'a str,
        attributes: &'a str,
        /// Whether it ends in `/>`.
        closed: bool,
    },
    /// `</name>`.
    End { name: &'a str },
    /// Text between tags.
    Text(&'a str),
    /// What stands in `<![CDATA[…]]>`: no entity, no tag.
    Data(&'a str),
    /// What stands in `<!--…-->`.
    Comment(&'a str),
}

/// The tokens of a text, one after the other.
pub(super) struct Tokens<'a> {
    whole: &'a str,
    place: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(whole: &'a str) -> Self {
        Self { whole, place: 0 }
    }

    /// Bytes read so far.
    pub(super) fn place(&self) -> usize {
        self.place
    }

    fn rest(&self) -> &'a str {
        self.whole.get(self.place..).unwrap_or_default()
    }

    /// Takes all before `mark`, and the mark; everything when it does not come.
    fn until(&mut self, mark: &str) -> &'a str {
        let rest = self.rest();
        let length = rest.find(mark).unwrap_or(rest.len());
        self.place = self.place.saturating_add(length).saturating_add(mark.len()).min(self.whole.len());
        rest.get(..length).unwrap_or_default()
    }

    /// Takes the content of an element that holds no markup, such as a script, without its end tag.
    pub(super) fn raw(&mut self, name: &str) -> &'a str {
        let rest = self.rest();
        let mut from = 0_usize;
        let length = loop {
            let Some(found) = rest.get(from..).and_then(|rest| rest.find("</")) else { break rest.len() };
            let start = from.saturating_add(found);
            let after = rest.get(start.saturating_add(2)..).unwrap_or_default();
            let named = after.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name));
            if named && !after.get(name.len()..).is_some_and(|tail| tail.starts_with(is_name)) {
                break start;
            }
            from = start.saturating_add(2);
        };
        self.place = self.place.saturating_add(length);
        rest.get(..length).unwrap_or_default()
    }

    /// After `<`: a tag, if it is one.
    fn tag(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let inner = rest.strip_prefix('<')?;
        if let Some(rest) = inner.strip_prefix("!--") {
            self.place = self.whole.len().saturating_sub(rest.len());
            return Some(Token::Comment(self.until("-->")));
        }
        if let Some(rest) = inner.strip_prefix("![CDATA[") {
            self.place = self.whole.len().saturating_sub(rest.len());
            return Some(Token::Data(self.until("]]>")));
        }
        if inner.starts_with(['!', '?']) {
            return Some(Token::Comment(self.until(">")));
        }
        let end = inner.strip_prefix('/');
        let named = end.unwrap_or(inner);
        if !named.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            return None;
        }
        let length = named.find(|letter| !is_name(letter)).unwrap_or(named.len());
        let (name, attributes) = named.split_at_checked(length)?;
        let length = tag_length(attributes);
        let attributes = attributes.get(..length).unwrap_or_default();
        let before = rest.len().saturating_sub(named.len()).saturating_add(name.len());
        self.place = self.place.saturating_add(before).saturating_add(length).saturating_add(1).min(self.whole.len());
        if end.is_some() {
            return Some(Token::End { name });
        }
        let closed = attributes.ends_with('/');
        Some(Token::Start { name, attributes, closed })
    }
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_' | ':' | '.')
}

/// Bytes up to the `>` that is in no quotes; everything when there is none.
fn tag_length(attributes: &str) -> usize {
    let mut quote = None;
    let mut value = false;
    for (place, byte) in attributes.bytes().enumerate() {
        match (byte, quote) {
            (b'>', None) => return place,
            // A quote opens a value only after `=`: an apostrophe in a stray word does not swallow the page.
            (b'"' | b'\'', None) if value => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
        value = byte == b'=' || (value && byte.is_ascii_whitespace());
    }
    attributes.len()
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        if let Some(token) = self.tag() {
            return Some(token);
        }
        // A `<` that begins no tag is text like what follows it.
        let after = rest.char_indices().nth(1).map_or(rest.len(), |(place, _)| place);
        let found = rest.get(after..).and_then(|tail| tail.find('<'));
        let length = found.map_or(rest.len(), |found| after.saturating_add(found));
        self.place = self.place.saturating_add(length);
        rest.get(..length).map(Token::Text)
    }
}

/// The value of an attribute; its entities are decoded.
pub(super) fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
        let length =
            rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '=' | '/')).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(length)?;
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('=') {
            None if name.is_empty() => return None,
            None => ("", after),
            Some(after) => value(after.trim_start()),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(decoded(value));
        }
        rest = after;
    }
}

fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    text.split_at_checked(text.find(char::is_whitespace).unwrap_or(text.len())).unwrap_or((text, ""))
}
