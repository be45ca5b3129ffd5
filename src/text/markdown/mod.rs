//! A body in Markdown as markup for a page.
//!
//! | file | idea |
//! |---|---|
//! | `render.rs` | events of the parser become markup, written by us alone |
//! | `pieces.rs` | links, addresses, images, footnotes |
//! | `address.rs` | which addresses are ours |
//! | `portions.rs` | portion marks: found, shown, compared with the note's label |
//! | `tasks.rs` | task lists: counted and ticked in the source |
//! | `clean.rs` | ammonia, the second line: what it lets through is what may be sent |
//!
//! Raw HTML is shown as the text it is. The parser works in linear time and bounds its own expansions; we bound depth
//! and size of what we write, and show the source as it is where that is not enough.

mod address;
mod clean;
mod pieces;
mod portions;
mod render;
mod tasks;

use pulldown_cmark::Options;

use super::{Html, escape};
use crate::{
    ids::NoteId,
    label::{Clearance, Label, Policy},
    words::Language,
};

pub use portions::{Mark, marks_above};
pub use tasks::{tasks, tick, tick_all};

/// Whether the boxes of a task list may be ticked on the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ticking {
    /// They show a state.
    Shown,
    /// They are fields named `task` whose values are their ordinals.
    Offered,
}

/// For whom and where a body is shown.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The words of portion marks.
    pub policy: &'a Policy,
    /// Whose eyes: marks with a category that this clearance does not hold are ordinary text.
    pub clearance: &'a Clearance,
    /// The label of what the body belongs to: marks above it are shown as such.
    pub label: &'a Label,
    /// Of the few words that we add.
    pub language: Language,
    /// Begins every `id` that we write; two bodies of one page need two. Lower-case letters and digits count.
    pub part: &'a str,
    /// Task lists.
    pub ticking: Ticking,
    /// The note that a title leads to for this reader: its id and present title.
    pub resolve: &'a dyn Fn(&str) -> Option<(NoteId, String)>,
}

/// The body as markup. Never fails: what cannot be shown well is shown as it was typed.
pub fn render(body: &str, reading: &Reading<'_>) -> Html {
    let markup = render::markup(body, reading).unwrap_or_else(|_too_much| source(body));
    Html::rendered(clean::cleaned(&markup))
}

/// The source itself.
fn source(body: &str) -> String {
    let mut out = String::from("<pre class=\"source\" tabindex=\"0\"><code>");
    escape::write_text(&mut out, body);
    out.push_str("</code></pre>\n");
    out
}

/// What of Markdown we read, the same everywhere: a mention in a card is a mention on the page.
pub(super) const fn options() -> Options {
    Options::ENABLE_WIKILINKS
        .union(Options::ENABLE_TABLES)
        .union(Options::ENABLE_FOOTNOTES)
        .union(Options::ENABLE_STRIKETHROUGH)
        .union(Options::ENABLE_TASKLISTS)
}

#[cfg(test)]
pub(super) use clean::cleaned as clean_again;
