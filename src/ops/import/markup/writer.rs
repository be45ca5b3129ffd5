//! HTML as Markdown: headings, paragraphs, lists, quotations, tables, code; links as text. Scripts, styles, frames, forms
//! and navigation are dropped, and that they were is told.

use super::{
    Token, Tokens, attribute, decoded,
    grid::{Grid, Next},
};
use crate::{limits::MARKUP_DEPTH_MAX, ops::import::text};

/// What came of a page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::ops::import) struct Cleaned {
    /// Markdown.
    pub(in crate::ops::import) body: String,
    /// Whether something that acts was dropped.
    pub(in crate::ops::import) dropped: bool,
}

/// Elements whose content is no markup.
const RAW: [&str; 9] = ["script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp", "noscript"];
/// Elements that are dropped with all they hold.
const DROPPED: [&str; 11] =
    ["nav", "svg", "math", "object", "embed", "canvas", "audio", "video", "select", "button", "template"];
/// Elements that act, or bring something from elsewhere.
const ACTIVE: [&str; 9] = ["script", "style", "iframe", "object", "embed", "form", "input", "button", "select"];
/// Elements that end a paragraph.
const BLOCKS: [&str; 30] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "figure",
    "figcaption",
    "address",
    "form",
    "fieldset",
    "details",
    "summary",
    "dl",
    "dt",
    "dd",
    "center",
    "hr",
    "body",
    "html",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "caption",
    "thead",
    "tbody",
];

/// Cleans a page, or a piece of one.
pub(in crate::ops::import) fn cleaned(html: &str) -> Cleaned {
    let mut writer = Writer::default();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        match token {
            Token::Start { name, attributes, closed } => {
                let name = name.to_ascii_lowercase();
                writer.dropped |= ACTIVE.contains(&name.as_str());
                if RAW.contains(&name.as_str()) {
                    // Its end tag is next, and says nothing to the writer.
                    tokens.raw(&name);
                } else if DROPPED.contains(&name.as_str()) {
                    writer.open_dropped(&name, closed);
                } else if writer.dropping.is_none() {
                    writer.start(&name, attributes);
                }
            }
            Token::End { name } => writer.end(&name.to_ascii_lowercase()),
            Token::Text(words) if writer.dropping.is_none() => writer.words(&decoded(words)),
            Token::Data(words) if writer.dropping.is_none() => writer.words(words),
            Token::Text(_) | Token::Data(_) | Token::Comment(_) => {}
        }
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    body: String,
    line: String,
    /// Marks before each block: quotations and lists that are open.
    frames: Vec<Frame>,
    /// The sign of the list item whose first line is not written yet.
    item: Option<String>,
    /// Whether the line is inside a code mark.
    ticked: bool,
    heading: usize,
    code: Option<String>,
    table: Option<Grid>,
    /// Address of the open link.
    link: Option<String>,
    /// An element that is dropped, and how many of its name are open.
    dropping: Option<(String, usize)>,
    dropped: bool,
}

enum Frame {
    Quote,
    /// The number of the next item, for numbered lists.
    List(Option<u64>),
}

impl Writer {
    fn open_dropped(&mut self, name: &str, closed: bool) {
        let void = matches!(name, "embed");
        match &mut self.dropping {
            Some((open, count)) if open == name => *count = count.saturating_add(1),
            Some(_) => {}
            None if closed || void => {}
            None => self.dropping = Some((name.to_owned(), 1)),
        }
    }

    fn start(&mut self, name: &str, attributes: &str) {
        if let Some(level) = heading(name) {
            self.flush();
            self.heading = level;
        } else if name == "pre" {
            self.flush();
            self.code = Some(String::new());
        } else if self.code.is_some() {
            if name == "br" {
                self.words("\n");
            }
        } else if self.table.is_some() && matches!(name, "tr" | "td" | "th") {
            self.cell(if name == "tr" { Next::Row } else { Next::Cell });
        } else {
            self.start_other(name, attributes);
        }
    }

    fn start_other(&mut self, name: &str, attributes: &str) {
        match name {
            "br" => self.words(" "),
            "a" => self.link = attribute(attributes, "href").and_then(|href| text::web(&href)),
            "img" => {
                let words = attribute(attributes, "alt").unwrap_or_default();
                self.words(&format!(" {words} "));
            }
            "code" | "kbd" | "samp" | "tt" => self.tick(true),
            _ if BLOCKS.contains(&name) => {
                self.flush();
                self.open(name);
            }
            _ => {}
        }
    }

    fn open(&mut self, name: &str) {
        let frame = match name {
            "table" => {
                match &mut self.table {
                    Some(table) => table.open(),
                    None => self.table = Some(Grid::new()),
                }
                return;
            }
            "li" => {
                let sign = match self.frames.last_mut() {
                    Some(Frame::List(Some(number))) => {
                        let sign = format!("{number}. ");
                        *number = number.saturating_add(1);
                        sign
                    }
                    _ => "- ".to_owned(),
                };
                self.item = Some(sign);
                return;
            }
            "ul" => Frame::List(None),
            "ol" => Frame::List(Some(1)),
            "blockquote" => Frame::Quote,
            _ => return,
        };
        // Deeper ones lose their frame, not their words.
        if self.frames.len() < MARKUP_DEPTH_MAX {
            self.frames.push(frame);
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((open, count)) = &mut self.dropping {
            if open == name {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.dropping = None;
                }
            }
            return;
        }
        match name {
            "pre" => self.end_code(),
            _ if self.code.is_some() => {}
            "a" => self.end_link(),
            "code" | "kbd" | "samp" | "tt" => self.tick(false),
            "table" => self.end_table(),
            _ if heading(name).is_some() => self.flush(),
            _ if BLOCKS.contains(&name) => {
                self.flush();
                self.close(name);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        let matches = |frame: &Frame| match frame {
            Frame::Quote => name == "blockquote",
            Frame::List(number) => (name == "ol" && number.is_some()) || (name == "ul" && number.is_none()),
        };
        if name == "li" {
            self.item = None;
        } else if self.frames.last().is_some_and(matches) {
            self.frames.pop();
        }
    }

    fn end_link(&mut self) {
        let Some(url) = self.link.take() else { return };
        if !self.line.ends_with(&text::escaped(&url)) {
            self.line.push_str(&format!(" ({})", text::escaped(&url)));
        }
    }

    /// Text: white space is one space, what Markdown would take for a sign is escaped.
    fn words(&mut self, words: &str) {
        if let Some(code) = &mut self.code {
            code.push_str(words);
            return;
        }
        let words = text::plain(words);
        let mut letters = words.chars().peekable();
        while let Some(letter) = letters.next() {
            if letter.is_whitespace() {
                if !self.line.is_empty() && !self.line.ends_with(' ') {
                    self.line.push(' ');
                }
                continue;
            }
            if self.ticked && letter == '`' {
                self.tick(false);
            }
            // A bar ends a cell of a table even inside code.
            let sign = matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~') && !self.ticked;
            // A sign that would begin an entity.
            let entity = letter == '&' && letters.peek().is_some_and(|next| next.is_alphanumeric() || *next == '#');
            if sign || letter == '|' || (entity && !self.ticked) {
                self.line.push('\\');
            }
            self.line.push(letter);
        }
    }

    /// Opens or closes a code mark; one with nothing in it goes.
    fn tick(&mut self, open: bool) {
        if open == self.ticked {
            return;
        }
        self.ticked = open;
        if !open && self.line.ends_with('`') {
            self.line.pop();
        } else {
            self.line.push('`');
        }
    }

    /// Writes the open paragraph, heading, cell or item.
    fn flush(&mut self) {
        self.tick(false);
        if self.table.is_some() {
            self.heading = 0;
            if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
            return;
        }
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        let level = std::mem::take(&mut self.heading);
        if line.is_empty() {
            return;
        }
        let (first, next) = self.margins();
        let block = match level {
            0 => opened(line),
            level => format!("{} {line}", "#".repeat(level)),
        };
        self.separate();
        for (place, part) in block.lines().enumerate() {
            let margin = if place == 0 { &first } else { &next };
            self.body.push_str(&format!("{margin}{part}\n"));
        }
    }

    /// Marks before the first line of a block, and before its other lines.
    fn margins(&mut self) -> (String, String) {
        let margin = |frames: &[Frame]| -> String {
            let marks = frames.iter().map(|frame| match frame {
                Frame::Quote => "> ",
                Frame::List(None) => "  ",
                Frame::List(Some(_)) => "   ",
            });
            marks.collect()
        };
        let whole = margin(&self.frames);
        let Some(sign) = self.item.take() else { return (whole.clone(), whole) };
        match self.frames.split_last() {
            Some((Frame::List(_), around)) => (format!("{}{sign}", margin(around)), whole),
            // An item outside a list.
            _ => (format!("{whole}{sign}"), format!("{whole}{}", " ".repeat(sign.len()))),
        }
    }

    fn separate(&mut self) {
        if !self.body.is_empty() && !self.body.ends_with("\n\n") {
            self.body.push('\n');
        }
    }

    fn end_code(&mut self) {
        let Some(code) = self.code.take() else { return };
        if !code.trim().is_empty() && self.table.is_none() {
            self.separate();
            self.body.push_str(&text::fenced(&text::plain(code.trim_matches('\n'))));
        } else {
            self.words(&code);
        }
    }

    fn cell(&mut self, next: Next) {
        self.flush();
        let words = std::mem::take(&mut self.line);
        if let Some(table) = &mut self.table {
            table.cell(words.trim(), next);
        }
    }

    fn end_table(&mut self) {
        if self.table.as_mut().is_some_and(Grid::close) {
            self.write_table();
        }
    }

    fn write_table(&mut self) {
        self.cell(Next::Row);
        let rows = self.table.take().map(|table| table.markdown()).unwrap_or_default();
        if !rows.is_empty() {
            self.separate();
            self.body.push_str(&rows);
        }
    }

    fn finish(mut self) -> Cleaned {
        self.end_code();
        if self.table.is_some() {
            self.write_table();
        }
        self.flush();
        let length = self.body.trim_end().len();
        self.body.truncate(length);
        self.body.push('\n');
        Cleaned { body: self.body, dropped: self.dropped }
    }
}

fn heading(name: &str) -> Option<usize> {
    ["h1", "h2", "h3", "h4", "h5", "h6"].iter().position(|known| *known == name).map(|place| place.saturating_add(1))
}

/// A paragraph that begins with what Markdown would take for a heading, a list or a rule.
fn opened(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits > 0 && line.get(digits..).is_some_and(|rest| rest.starts_with(['.', ')']));
    if numbered {
        let (number, rest) = line.split_at_checked(digits).unwrap_or((line, ""));
        return format!("{number}\\{rest}");
    }
    if line.starts_with(['#', '-', '+', '=']) { format!("\\{line}") } else { line.to_owned() }
}
