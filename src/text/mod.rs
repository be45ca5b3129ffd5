//! What people wrote, made fit for a page. Pure: text in, text or markup out; no request, no clock, no record.
//!
//! | file | idea |
//! |---|---|
//! | [`escape`] | `Html`, and the one escaper |
//! | [`invisible`] | characters that one does not see, shown with their code points |
//! | [`markdown`] | a note's body as safe markup; task lists, portion marks |
//! | [`wikilinks`] | `[[…]]` in bodies, with the sentence around each |
//! | [`excerpt`] | the first sentences, for a card |
//! | [`diff`] | what changed between two bodies, word by word |
//! | [`locale`] | dates, numbers and sizes as each language writes them, and dates as people type them |
//!
//! What is deliberately not here: markup from anybody else (raw HTML in a body is shown as the text it is), and an
//! address that leaves the house (it is shown as text, with what a copy button needs).

mod blocks;
pub mod diff;
pub mod escape;
pub mod excerpt;
pub mod invisible;
pub mod locale;
pub mod markdown;
#[cfg(test)]
mod tests;
pub mod wikilinks;

pub use escape::Html;
