//! Links, addresses, images, footnotes.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, LinkType};

use super::{address, render::Page};
use crate::{
    limits,
    text::{
        escape::{write_attribute, write_text},
        excerpt, invisible, wikilinks,
    },
    words::{Sentence, key},
};

/// A link begun.
pub(super) enum Link {
    /// An anchor to an object of ours.
    Anchor,
    /// A title that leads nowhere for this reader.
    Unresolved,
    /// An address outside: shown as text behind the words of the link.
    Outside { address: String, from: usize },
    /// Words alone: the link has no address.
    Words,
}

/// An image begun; its words are gathered until it ends.
pub(super) struct Picture {
    address: String,
    title: String,
    words: String,
}

impl Picture {
    pub(super) fn new(address: &str, title: &str) -> Self {
        Self { address: address.to_owned(), title: title.to_owned(), words: String::new() }
    }
}

/// The footnotes of a body: numbered as they are referred to, told at its end.
#[derive(Default)]
pub(super) struct Footnotes {
    /// What was being written when a definition began.
    pub(super) outside: Vec<String>,
    numbers: BTreeMap<String, (usize, usize)>,
    /// In the order of their definitions.
    defined: Vec<(String, String)>,
}

impl Footnotes {
    pub(super) fn define(&mut self, name: String, inside: String) {
        self.defined.push((name, inside));
    }

    /// The number of a footnote, and how often it was referred to, this time included.
    fn refer(&mut self, name: &str) -> (usize, usize) {
        let next = self.numbers.len().saturating_add(1);
        let (number, times) = self.numbers.entry(name.to_owned()).or_insert((next, 0));
        *times = times.saturating_add(1);
        (*number, *times)
    }
}

impl Page<'_> {
    pub(super) fn link(&mut self, sort: LinkType, target: &str, title: &str) -> Link {
        match sort {
            LinkType::WikiLink { .. } => return self.wikilink(target.trim()),
            LinkType::Inline
            | LinkType::Reference
            | LinkType::ReferenceUnknown
            | LinkType::Collapsed
            | LinkType::CollapsedUnknown
            | LinkType::Shortcut
            | LinkType::ShortcutUnknown
            | LinkType::Autolink
            | LinkType::Email => {}
        }
        let ours = if let Some(fragment) = target.strip_prefix('#') {
            let slug = address::slug(fragment);
            (!slug.is_empty()).then(|| format!("#{}", self.id("s", &slug)))
        } else {
            address::is_ours(target).then(|| target.to_owned())
        };
        match ours {
            Some(ours) => self.anchor("", &ours, title),
            None if target.is_empty() => Link::Words,
            None => Link::Outside { address: target.to_owned(), from: self.out.len() },
        }
    }

    fn wikilink(&mut self, title: &str) -> Link {
        let folded = wikilinks::folded(title);
        if !self.resolved.contains_key(&folded) {
            // The same titles, and as many, as are kept as mentions.
            let asked = wikilinks::is_title(title) && self.resolved.len() < limits::NOTE_MENTIONS_MAX;
            let found = asked.then(|| (self.reading.resolve)(title)).flatten();
            self.resolved.insert(folded.clone(), found);
        }
        match self.resolved.get(&folded).cloned().flatten() {
            Some((id, present)) => self.anchor(" class=\"wikilink\"", &format!("/notes/{id}"), &present),
            None => {
                self.out.push_str("<span class=\"unresolved\">");
                Link::Unresolved
            }
        }
    }

    fn anchor(&mut self, class: &'static str, target: &str, title: &str) -> Link {
        // An anchor in an anchor would end the outer one; its words stay.
        if self.anchors > 0 {
            return Link::Words;
        }
        self.anchors = self.anchors.saturating_add(1);
        self.out.push_str("<a");
        self.out.push_str(class);
        write_attribute(&mut self.out, "href", target);
        if !title.is_empty() {
            write_attribute(&mut self.out, "title", &short(title));
        }
        self.out.push('>');
        Link::Anchor
    }

    pub(super) fn end_link(&mut self, link: Link) {
        match link {
            Link::Anchor => {
                self.anchors = self.anchors.saturating_sub(1);
                self.out.push_str("</a>");
            }
            Link::Unresolved => self.out.push_str("</span>"),
            Link::Words => {}
            Link::Outside { address, from } => {
                let mut shown = String::new();
                write_text(&mut shown, &address);
                // An address that is its own words is shown once.
                if self.out.get(from..).is_some_and(|words| words == shown) {
                    self.out.truncate(from);
                }
                if self.out.len() > from {
                    self.out.push(' ');
                }
                self.address(&address);
            }
        }
    }

    /// An address as text, with what a copy button needs.
    fn address(&mut self, address: &str) {
        self.out.push_str("<span class=\"address\"");
        let copied = copied(address);
        // A longer one is no address that anybody types elsewhere; it is shown whole, and has no button.
        if copied.chars().count() <= limits::ATTRIBUTE_CHARS_MAX {
            write_attribute(&mut self.out, "data-copy", &copied);
        }
        self.out.push('>');
        write_text(&mut self.out, address);
        self.out.push_str("</span>");
    }

    pub(super) fn say_of_picture(&mut self, event: &Event<'_>) {
        let Some(picture) = &mut self.picture else { return };
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => picture.words.push_str(text),
            Event::SoftBreak | Event::HardBreak => picture.words.push(' '),
            _ => {}
        }
    }

    pub(super) fn end_picture(&mut self) {
        let Some(picture) = self.picture.take() else { return };
        if let Some(address) = address::image(&picture.address) {
            self.out.push_str("<img");
            write_attribute(&mut self.out, "src", &address);
            write_attribute(&mut self.out, "alt", &short(&picture.words));
            if !picture.title.is_empty() {
                write_attribute(&mut self.out, "title", &short(&picture.title));
            }
            self.out.push_str(" loading=\"lazy\">");
            return;
        }
        let from = self.out.len();
        write_text(&mut self.out, &picture.words);
        self.end_link(Link::Outside { address: picture.address, from });
    }

    pub(super) fn refer(&mut self, name: &str) {
        let (number, times) = self.footnotes.refer(name);
        if self.anchors > 0 {
            self.out.push_str(&format!("<sup>{number}</sup>"));
            return;
        }
        let (target, place) = (self.id("f", &number.to_string()), self.id("r", &number.to_string()));
        let place = if times == 1 { format!(" id=\"{place}\"") } else { String::new() };
        self.out.push_str(&format!("<sup><a href=\"#{target}\"{place}>{number}</a></sup>"));
    }

    /// Footnotes stand at the end, by number; those that nothing refers to come last, so that nothing is hidden.
    pub(super) fn write_footnotes(&mut self) {
        let mut defined = std::mem::take(&mut self.footnotes.defined);
        if defined.is_empty() {
            return;
        }
        let language = self.reading.language;
        let numbers = std::mem::take(&mut self.footnotes.numbers);
        let number = |name: &str| numbers.get(name).map_or(usize::MAX, |(number, _)| *number);
        defined.sort_by_key(|(name, _)| number(name));
        self.out.push_str("<section class=\"footnotes\"");
        write_attribute(&mut self.out, "aria-label", &Sentence::new(key::TEXT_FOOTNOTES).render(language));
        self.out.push_str(">\n<ol>\n");
        let back = Sentence::new(key::TEXT_FOOTNOTE_BACK).render(language);
        let mut last = 0;
        for (name, inside) in defined {
            // Two definitions of one name stand one behind the other; the first is the one referred to.
            let Some((number, _)) = numbers.get(&name).filter(|(number, _)| *number != last) else {
                self.out.push_str(&format!("<li>{inside}</li>\n"));
                continue;
            };
            last = *number;
            let (place, reference) = (self.id("f", &number.to_string()), self.id("r", &number.to_string()));
            self.out.push_str(&format!("<li id=\"{place}\">{inside}<a class=\"back\" href=\"#{reference}\""));
            write_attribute(&mut self.out, "aria-label", &back);
            self.out.push_str(">↩</a></li>\n");
        }
        self.out.push_str("</ol>\n</section>\n");
    }
}

/// Within what an attribute may hold, an ellipsis at its end when it is cut.
fn short(text: &str) -> String {
    excerpt::head(text, limits::ATTRIBUTE_CHARS_MAX)
}

/// What the copy button copies: what is invisible, and spaces, in the spelling that addresses have for them.
fn copied(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut bytes = [0_u8; 4];
    for letter in address.chars() {
        if invisible::is_invisible(letter) || letter.is_whitespace() || letter.is_control() {
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(letter);
        }
    }
    out
}
