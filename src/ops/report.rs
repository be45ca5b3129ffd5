//! Where a long command says what it does. The command line gives a terminal; nothing else prints.

use crate::words::{Language, Sentence};

/// The reader's end of a command. Called from any task; it must not block for long.
pub trait Report: Send + Sync {
    /// The language in which everything is said.
    fn language(&self) -> Language;

    /// One line or block of text, already in that language: tables, command lines.
    fn text(&self, text: &str);

    /// How far a long work has come. `done` equal to `total` ends it.
    fn progress(&self, what: &Sentence, done: u64, total: u64);

    /// One sentence on a line of its own.
    fn say(&self, sentence: &Sentence) {
        self.text(&sentence.render(self.language()));
    }
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Report for Silent {
    fn language(&self) -> Language {
        Language::default()
    }

    fn text(&self, _text: &str) {}

    fn progress(&self, _what: &Sentence, _done: u64, _total: u64) {}
}
