//! What a feed says of itself, and where its entries stand.

use crate::{
    limits::MARKUP_DEPTH_MAX,
    ops::import::{
        Reason,
        files::{Cut, Fault, Span, place},
        markup::{Token, Tokens, attribute, decoded},
        text,
    },
    words::Language,
};

/// What a feed says of all its entries.
#[derive(Default)]
pub(super) struct Head {
    /// Whether it is a JSON Feed.
    pub(super) json: bool,
    pub(super) title: String,
    /// What the feed is known by: its identifier, else its address, else its title.
    pub(super) identity: String,
    pub(super) language: Option<Language>,
}

/// Cuts an XML feed. Names are compared without regard to case, and with the prefixes that feeds use by custom.
pub(super) fn cut(feed: &str) -> Result<Cut<Head>, Fault> {
    let mut reader = Reader { head: Head::default(), path: Vec::new(), spans: Vec::new(), faults: Vec::new() };
    let mut tokens = Tokens::new(feed);
    let (mut open, mut known) = (None, false);
    loop {
        let before = tokens.place();
        let Some(token) = tokens.next() else { break };
        match token {
            Token::Start { name, attributes, closed } if is_entry(name) => {
                // A document that is one entry (RFC 4287, section 2): only its namespace tells it from any other XML.
                known |= reader.path.is_empty() && attributes.contains(ATOM);
                // An entry inside an entry: the first never ended.
                reader.unclosed(open.take());
                open = if closed { None } else { Some(before) };
            }
            Token::End { name } if is_entry(name) => {
                if let Some(start) = open.take() {
                    reader.spans.push((place(start), place(tokens.place())));
                }
            }
            _ if open.is_some() => {}
            Token::Start { name, attributes, closed } => {
                known |= matches!(
                    name.to_ascii_lowercase().as_str(),
                    "rss" | "feed" | "rdf:rdf" | "rdf" | "channel" | "atom:feed"
                );
                reader.start(name, attributes, closed);
            }
            Token::End { name } => reader.end(name),
            Token::Text(words) => reader.words(&decoded(words)),
            Token::Data(words) => reader.words(words),
            Token::Comment(_) => {}
        }
    }
    reader.unclosed(open);
    if !known {
        return Err(Reason::WrongFormat.into());
    }
    let head = reader.head;
    let identity = if head.identity.is_empty() { head.title.clone() } else { head.identity };
    Ok(Cut { head: Head { identity, ..head }, spans: reader.spans, faults: reader.faults })
}

/// The namespace of Atom.
const ATOM: &str = "http://www.w3.org/2005/Atom";

fn is_entry(name: &str) -> bool {
    ["item", "entry", "atom:entry", "rss:item"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

struct Reader {
    head: Head,
    /// The open elements outside entries.
    path: Vec<String>,
    spans: Vec<Span>,
    faults: Vec<(u32, Reason)>,
}

impl Reader {
    fn unclosed(&mut self, open: Option<usize>) {
        self.faults.extend(open.map(|start| (place(start), Reason::UnclosedEntry)));
    }

    fn start(&mut self, name: &str, attributes: &str, closed: bool) {
        let name = name.to_ascii_lowercase();
        let language = attribute(attributes, "xml:lang").and_then(|code| Language::from_preference(&code));
        self.head.language = self.head.language.or(language);
        if closed {
            return;
        }
        if self.path.len() < MARKUP_DEPTH_MAX {
            self.path.push(name);
        }
    }

    fn end(&mut self, name: &str) {
        // A tag that was never closed goes with the one around it.
        if let Some(place) = self.path.iter().rposition(|open| open.eq_ignore_ascii_case(name)) {
            self.path.truncate(place);
        }
    }

    /// The words of an element right below the feed or its channel: the title of a channel's image is not the channel's.
    fn words(&mut self, words: &str) {
        let [.., around, name] = self.path.as_slice() else { return };
        if !matches!(around.as_str(), "feed" | "channel" | "rss" | "atom:feed") {
            return;
        }
        let words = text::heading(words);
        if words.is_empty() {
            return;
        }
        let head = &mut self.head;
        match name.as_str() {
            "title" | "atom:title" if head.title.is_empty() => head.title = words,
            "id" | "link" | "atom:id" if head.identity.is_empty() => head.identity = words,
            "language" => head.language = head.language.or_else(|| Language::from_preference(&words)),
            _ => {}
        }
    }
}
