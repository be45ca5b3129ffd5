//! The parser's events as markup. Every byte of it comes from here or through the escaper.

use std::collections::BTreeMap;

use pulldown_cmark::{Alignment, Event, HeadingLevel, Parser, Tag};

use super::{
    Reading, Ticking, address, options,
    pieces::{Footnotes, Link, Picture},
    portions::{self, Head},
};
use crate::{
    ids::NoteId,
    limits,
    text::escape::{write_attribute, write_text},
    words::{Sentence, key},
};

/// The markup would be larger than its bound.
pub(super) struct TooMuch;

/// What ends an element that was begun.
pub(super) enum End {
    Nothing,
    Mark(&'static str),
    Heading { level: u8, from: usize },
    Link(Link),
    Picture,
    Footnote(String),
}

/// A page being written.
pub(super) struct Page<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) out: String,
    open: Vec<End>,
    head: Head,
    /// Where the line of a list began, for the class of a task.
    item: Option<usize>,
    /// The highest level that a heading of this body has, 1 to 6.
    top: u8,
    /// The level of the heading before, as written: the next one goes down one step at most.
    last: u8,
    boxes: usize,
    tables: usize,
    columns: Vec<Alignment>,
    column: usize,
    in_head: bool,
    ids: BTreeMap<String, usize>,
    /// Anchors begun: one does not stand in another.
    pub(super) anchors: usize,
    pub(super) picture: Option<Picture>,
    pub(super) footnotes: Footnotes,
    pub(super) resolved: BTreeMap<String, Option<(NoteId, String)>>,
}

const fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The highest level that a heading of the body has; 1 without any.
fn top(body: &str) -> u8 {
    let headings = Parser::new_ext(body, options()).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(rank(level)),
        _ => None,
    });
    headings.min().unwrap_or(1)
}

/// The markup of a body, not yet cleaned.
pub(super) fn markup(body: &str, reading: &Reading<'_>) -> Result<String, TooMuch> {
    let mut page = Page {
        reading,
        out: String::with_capacity(body.len().saturating_add(body.len() / 2)),
        open: Vec::new(),
        head: Head::default(),
        item: None,
        top: top(body),
        last: 2,
        boxes: 0,
        tables: 0,
        columns: Vec::new(),
        column: 0,
        in_head: false,
        ids: BTreeMap::new(),
        anchors: 0,
        picture: None,
        footnotes: Footnotes::default(),
        resolved: BTreeMap::new(),
    };
    for event in Parser::new_ext(body, options()) {
        let at_head = page.head.see(&event);
        page.take(event, at_head);
        if page.out.len() > limits::MARKUP_BYTES_MAX {
            return Err(TooMuch);
        }
    }
    page.write_footnotes();
    Ok(page.out)
}

impl Page<'_> {
    fn take(&mut self, event: Event<'_>, at_head: bool) {
        match event {
            Event::Start(tag) => {
                let end = self.begin(tag);
                self.open.push(end);
            }
            Event::End(_) => {
                let end = self.open.pop().unwrap_or(End::Nothing);
                self.end(end);
            }
            _ if self.picture.is_some() => self.say_of_picture(&event),
            Event::Text(text) => self.text(&text, at_head),
            Event::Code(code) => {
                self.out.push_str("<code>");
                write_text(&mut self.out, &code);
                self.out.push_str("</code>");
            }
            // Raw markup is shown as the text it is.
            Event::Html(html) => write_text(&mut self.out, &html),
            Event::InlineHtml(html) => {
                self.out.push_str("<code class=\"markup\">");
                write_text(&mut self.out, &html);
                self.out.push_str("</code>");
            }
            Event::InlineMath(math) | Event::DisplayMath(math) => write_text(&mut self.out, &math),
            Event::FootnoteReference(name) => self.refer(&name),
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::TaskListMarker(ticked) => self.task(ticked),
        }
    }

    fn begin(&mut self, tag: Tag<'_>) -> End {
        if self.picture.is_some() {
            return End::Nothing;
        }
        if let Tag::FootnoteDefinition(name) = tag {
            let outside = std::mem::take(&mut self.out);
            self.footnotes.outside.push(outside);
            return End::Footnote(name.to_string());
        }
        // Deep nesting costs the browser and the cleaner more than it is worth: what is deeper stays, without its frame.
        let deep = self.open.len() >= limits::MARKUP_DEPTH_MAX;
        match tag {
            Tag::Link { link_type, dest_url, title, .. } => End::Link(self.link(link_type, &dest_url, &title)),
            Tag::Image { dest_url, title, .. } => {
                self.picture = Some(Picture::new(&dest_url, &title));
                End::Picture
            }
            _ if deep => {
                self.out.push('\n');
                End::Nothing
            }
            tag => self.frame(&tag),
        }
    }

    fn frame(&mut self, tag: &Tag<'_>) -> End {
        let (start, end) = match tag {
            Tag::Heading { level, .. } => return self.heading(*level),
            Tag::List(start) => return self.list(*start),
            Tag::Table(columns) => return self.table(columns),
            Tag::TableCell => return self.cell(),
            Tag::Item => {
                self.out.push_str("<li");
                self.item = Some(self.out.len());
                (">", "</li>\n")
            }
            Tag::TableHead => {
                (self.column, self.in_head) = (0, true);
                ("<thead><tr>", "</tr></thead><tbody>\n")
            }
            Tag::TableRow => {
                (self.column, self.in_head) = (0, false);
                ("<tr>", "</tr>\n")
            }
            Tag::Paragraph => ("<p>", "</p>\n"),
            Tag::BlockQuote(_) => ("<blockquote>\n", "</blockquote>\n"),
            Tag::CodeBlock(_) => ("<pre tabindex=\"0\"><code>", "</code></pre>\n"),
            Tag::HtmlBlock => ("<pre class=\"markup\" tabindex=\"0\"><code>", "</code></pre>\n"),
            Tag::Emphasis => ("<em>", "</em>"),
            Tag::Strong => ("<strong>", "</strong>"),
            Tag::Strikethrough => ("<del>", "</del>"),
            _ => return End::Nothing,
        };
        self.out.push_str(start);
        End::Mark(end)
    }

    fn end(&mut self, end: End) {
        match end {
            End::Nothing => {}
            End::Mark(mark) => self.out.push_str(mark),
            End::Heading { level, from } => self.end_heading(level, from),
            End::Link(link) => self.end_link(link),
            End::Picture => self.end_picture(),
            End::Footnote(name) => {
                let outside = self.footnotes.outside.pop().unwrap_or_default();
                let inside = std::mem::replace(&mut self.out, outside);
                self.footnotes.define(name, inside);
            }
        }
    }

    /// Below the page's own two levels, without a step left out: people begin with whichever level they like.
    fn heading(&mut self, level: HeadingLevel) -> End {
        let below = rank(level).saturating_sub(self.top);
        let level = below.saturating_add(3).min(self.last.saturating_add(1)).min(6);
        self.last = level;
        End::Heading { level, from: self.out.len() }
    }

    /// The id is made of the words, so the element is written around them when they are known.
    fn end_heading(&mut self, level: u8, from: usize) {
        let inside = self.out.split_off(from.min(self.out.len()));
        let id = self.id_of(&without_markup(&inside));
        self.out.push_str(&format!("<h{level} id=\"{id}\">{inside}</h{level}>\n"));
    }

    fn id_of(&mut self, words: &str) -> String {
        let slug = address::slug(words);
        let slug = if slug.is_empty() { "x".to_owned() } else { slug };
        let times = self.ids.entry(slug.clone()).and_modify(|times| *times = times.saturating_add(1)).or_insert(1);
        match times {
            1 => self.id("s", &slug),
            // A heading of its own that ends in a number keeps apart by the two hyphens.
            times => {
                let numbered = format!("{slug}--{times}");
                self.id("s", &numbered)
            }
        }
    }

    /// An id that begins as this body's do.
    pub(super) fn id(&self, sort: &str, name: &str) -> String {
        let part: String =
            self.reading.part.chars().filter(|letter| matches!(letter, 'a'..='z' | '0'..='9')).take(26).collect();
        format!("{}-{sort}-{name}", if part.is_empty() { "t" } else { &part })
    }

    fn list(&mut self, start: Option<u64>) -> End {
        match start {
            None => {
                self.out.push_str("<ul>\n");
                End::Mark("</ul>\n")
            }
            Some(start) => {
                let start = if start == 1 { String::new() } else { format!(" start=\"{start}\"") };
                self.out.push_str(&format!("<ol{start}>\n"));
                End::Mark("</ol>\n")
            }
        }
    }

    /// In a frame of its own that scrolls sideways, and that the keyboard reaches.
    fn table(&mut self, columns: &[Alignment]) -> End {
        self.tables = self.tables.saturating_add(1);
        self.columns = columns.to_vec();
        self.out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"group\"");
        let name = Sentence::new(key::TEXT_TABLE).with("number", self.tables).render(self.reading.language);
        write_attribute(&mut self.out, "aria-label", &name);
        self.out.push_str("><table>");
        End::Mark("</tbody></table></div>\n")
    }

    fn cell(&mut self) -> End {
        let class = match self.columns.get(self.column) {
            Some(Alignment::Right) => " class=\"r\"",
            Some(Alignment::Center) => " class=\"c\"",
            Some(Alignment::Left | Alignment::None) | None => "",
        };
        self.column = self.column.saturating_add(1);
        let (start, end) = if self.in_head { ("<th scope=\"col\"", "</th>") } else { ("<td", "</td>") };
        self.out.push_str(&format!("{start}{class}>"));
        End::Mark(end)
    }

    fn task(&mut self, ticked: bool) {
        if let Some(at) = self.item.take().filter(|at| self.out.is_char_boundary(*at)) {
            self.out.insert_str(at, " class=\"task\"");
        }
        let ordinal = self.boxes;
        self.boxes = self.boxes.saturating_add(1);
        self.out.push_str("<input type=\"checkbox\"");
        self.out.push_str(&match self.reading.ticking {
            Ticking::Shown => format!(" data-task=\"{ordinal}\" disabled"),
            Ticking::Offered => {
                format!(" name=\"task\" value=\"{ordinal}\" data-task=\"{ordinal}\" autocomplete=\"off\"")
            }
        });
        if ticked {
            self.out.push_str(" checked");
        }
        let name = Sentence::new(key::TEXT_TASK).with("number", ordinal.saturating_add(1));
        write_attribute(&mut self.out, "aria-label", &name.render(self.reading.language));
        self.out.push_str("> ");
    }

    fn text(&mut self, text: &str, at_head: bool) {
        let reading = self.reading;
        let mark = at_head.then(|| portions::mark(text, reading.policy, reading.clearance)).flatten();
        let Some((mark, said)) = mark else { return write_text(&mut self.out, text) };
        let above = if said.flows_to(reading.label) { "" } else { " above" };
        self.out.push_str(&format!("<span class=\"portion{above}\""));
        write_attribute(&mut self.out, "data-level", reading.policy.level(&said).map_or("", |level| level.code()));
        self.out.push('>');
        write_text(&mut self.out, mark);
        self.out.push_str("</span>");
        write_text(&mut self.out, text.strip_prefix(mark).unwrap_or_default());
    }
}

/// The words of markup that we wrote ourselves: what stands between its elements.
fn without_markup(markup: &str) -> String {
    let mut words = String::new();
    for part in markup.split('<') {
        let text = part.split_once('>').map_or(part, |(_, text)| text);
        // Entities are signs; in an id they are hyphens anyway.
        for piece in text.split('&') {
            words.push_str(piece.split_once(';').map_or(piece, |(_, rest)| rest));
            words.push(' ');
        }
    }
    words
}
