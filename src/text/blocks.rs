//! A body as the plain text of its blocks: what cards and backlinks are cut from.

use pulldown_cmark::{Event, LinkType, OffsetIter, Parser, Tag, TagEnd};

use super::markdown;

/// What a block is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// A paragraph, or the line of a list.
    Prose,
    /// A heading, the cell of a table, a footnote.
    Aside,
    /// Code or raw markup.
    Code,
}

/// One block: its text without signs of Markdown.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) sort: Sort,
    pub(super) text: String,
    /// The titles mentioned in it, each with its place in `text`.
    pub(super) mentions: Vec<(String, usize)>,
}

/// The blocks of a body, in their order; empty ones are left out.
pub(super) struct Blocks<'a> {
    events: OffsetIter<'a>,
    current: Option<Block>,
    footnotes: usize,
}

impl<'a> Blocks<'a> {
    pub(super) fn of(body: &'a str) -> Self {
        Self { events: Parser::new_ext(body, markdown::options()).into_offset_iter(), current: None, footnotes: 0 }
    }

    /// Begins a block; gives the one before it.
    fn begin(&mut self, sort: Sort) -> Option<Block> {
        let sort = if self.footnotes > 0 && sort == Sort::Prose { Sort::Aside } else { sort };
        self.current.replace(Block { sort, text: String::new(), mentions: Vec::new() }).filter(Block::speaks)
    }

    fn end(&mut self) -> Option<Block> {
        self.current.take().filter(Block::speaks)
    }

    fn say(&mut self, text: &str) {
        let sort = if self.footnotes > 0 { Sort::Aside } else { Sort::Prose };
        let block = self.current.get_or_insert_with(|| Block { sort, text: String::new(), mentions: Vec::new() });
        block.text.push_str(text);
    }

    fn heed(&mut self, event: Event<'a>) -> Option<Block> {
        match event {
            Event::Start(Tag::Paragraph | Tag::Item) => return self.begin(Sort::Prose),
            Event::Start(Tag::Heading { .. } | Tag::TableCell) => return self.begin(Sort::Aside),
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => return self.begin(Sort::Code),
            Event::Start(Tag::FootnoteDefinition(_)) => self.footnotes = self.footnotes.saturating_add(1),
            Event::Start(Tag::Link { link_type: LinkType::WikiLink { .. }, dest_url, .. }) => {
                self.say("");
                if let Some(block) = &mut self.current {
                    block.mentions.push((dest_url.trim().to_owned(), block.text.len()));
                }
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                self.footnotes = self.footnotes.saturating_sub(1);
                return self.end();
            }
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::Heading(_)
                | TagEnd::TableCell
                | TagEnd::CodeBlock
                | TagEnd::HtmlBlock,
            ) => return self.end(),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => self.say(&text),
            Event::SoftBreak | Event::HardBreak => self.say(" "),
            _ => {}
        }
        None
    }
}

impl Block {
    fn speaks(&self) -> bool {
        !self.text.trim().is_empty() || !self.mentions.is_empty()
    }
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        loop {
            let Some((event, _)) = self.events.next() else { return self.end() };
            let block = self.heed(event);
            if block.is_some() {
                return block;
            }
        }
    }
}
