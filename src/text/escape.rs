//! Markup that may be sent, and the only ways to make some.

use std::fmt::{self, Write as _};

use super::invisible::{self, Piece};

/// Markup for a page. The field is private: it comes from the program itself ([`Html::literal`]), from the escaper
/// ([`Html::text`], [`Html::attribute`]), or from the renderers of this folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Html(String);

impl Html {
    /// Markup that stands in the program. What comes from a request does not live that long.
    pub fn literal(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// A text of anybody's, shown as it is, invisible characters included.
    pub fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        write_text(&mut out, text);
        Self(out)
    }

    /// An attribute with a value of anybody's, and the space before it: ` title="…"`. The name is the program's: one that
    /// starts with `on`, `href` and `src` have no business here.
    pub fn attribute(name: &'static str, value: &str) -> Self {
        let mut out = String::with_capacity(value.len().saturating_add(16));
        write_attribute(&mut out, name, value);
        Self(out)
    }

    /// Markup of a renderer of this folder.
    pub(in crate::text) const fn rendered(markup: String) -> Self {
        Self(markup)
    }

    /// With more behind it.
    pub fn push(&mut self, more: &Self) {
        self.0.push_str(&more.0);
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The markup itself.
impl fmt::Display for Html {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Escaped text; what is invisible becomes a span that says what it is.
pub(in crate::text) fn write_text(out: &mut String, text: &str) {
    for piece in invisible::pieces(text) {
        match piece {
            Piece::Seen(seen) => write_escaped(out, seen),
            Piece::Unseen { character, times } => {
                out.push_str("<span class=\"invisible\">");
                write_code(out, character, times);
                out.push_str("</span>");
            }
        }
    }
}

/// ` name="value"`; an attribute holds no markup, so what is invisible becomes its code point in brackets.
pub(in crate::text) fn write_attribute(out: &mut String, name: &'static str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for piece in invisible::pieces(value) {
        match piece {
            Piece::Seen(seen) => write_escaped(out, seen),
            Piece::Unseen { character, times } => {
                out.push('[');
                write_code(out, character, times);
                out.push(']');
            }
        }
    }
    out.push('"');
}

fn write_code(out: &mut String, character: char, times: usize) {
    // Writing to a String does not fail.
    let _written: fmt::Result = write!(out, "U+{:04X}", u32::from(character));
    if times > 1 {
        let _written: fmt::Result = write!(out, "×{times}");
    }
}

fn write_escaped(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}
