//! What a person or a program sees: results on stdout, messages and progress on stderr.

use std::{
    io::{self, IsTerminal, Write},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::failure::Failure;
use crate::words::{Language, Sentence, key};

/// The version of the JSON that commands print; it changes only when a field changes its meaning or goes.
const SCHEMA: u32 = 1;

/// The form of results.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// Sentences and tables in the person's language.
    Text,
    /// JSON, one document a line.
    Json,
}

/// Whether escape sequences may be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Colour {
    /// On a terminal.
    Automatic,
    /// Never.
    Never,
}

/// The two streams of a command, and how the person wants them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    pub(super) language: Language,
    pub(super) form: Form,
    pub(super) colour: Colour,
}

#[derive(Serialize)]
struct Document<'a, T> {
    schema: u32,
    #[serde(flatten)]
    content: &'a T,
}

#[derive(Serialize)]
struct Told<'a> {
    code: &'a str,
    exit: u8,
    detail: String,
}

#[derive(Serialize)]
struct ErrorDocument<'a> {
    error: Told<'a>,
}

impl Terminal {
    /// Prints a result: the sentence for people, the document for programs.
    pub(super) fn result(&self, sentence: &Sentence, document: &impl Serialize) -> Result<(), Failure> {
        match self.form {
            Form::Text => self.text(&sentence.render(self.language)),
            Form::Json => self.document(document),
        }
    }

    /// Prints one JSON document on a line of its own.
    pub(super) fn document(&self, content: &impl Serialize) -> Result<(), Failure> {
        let line = serde_json::to_string(&Document { schema: SCHEMA, content }).map_err(io::Error::from);
        line.and_then(|line| writeln!(io::stdout(), "{line}")).map_err(|error| Failure::output(&error))
    }

    /// Prints text that is the result.
    pub(super) fn text(&self, text: &str) -> Result<(), Failure> {
        writeln!(io::stdout(), "{}", text.trim_end_matches('\n')).map_err(|error| Failure::output(&error))
    }

    /// Prints bytes that are the result, as they are.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| Failure::output(&error))
    }

    /// Tells the person something; programs that read JSON are spared it.
    pub(super) fn say(&self, sentence: &Sentence) {
        if self.form == Form::Text {
            tell(&sentence.render(self.language));
        }
    }

    /// Tells why the command failed.
    pub(super) fn complain(&self, failure: &Failure) {
        if failure.is_silent() {
            return;
        }
        let text = failure.sentence.render(self.language);
        if self.form == Form::Json {
            let error = Told { code: &failure.code, exit: failure.exit.number(), detail: text };
            let document = Document { schema: SCHEMA, content: &ErrorDocument { error } };
            tell(&serde_json::to_string(&document).unwrap_or_default());
        } else {
            let sentence = Sentence::new(key::CLI_SAY_ERROR).with("reason", text);
            tell(&self.red(&sentence.render(self.language)));
        }
    }

    /// A heading of a table on stdout.
    pub(super) fn bold(&self, text: &str) -> String {
        if self.colour == Colour::Automatic && io::stdout().is_terminal() {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn red(&self, text: &str) -> String {
        if self.colour == Colour::Automatic && io::stderr().is_terminal() {
            format!("\u{1b}[31m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// A progress bar on stderr: nothing where stderr is no terminal, nothing with JSON.
    pub(super) fn bar(&self, total: u64, message: &Sentence) -> ProgressBar {
        if self.form == Form::Json || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(10));
        let template = "{msg} {bar:32} {percent:>3} % {prefix}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
        }
        bar.set_message(message.render(self.language));
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

/// A line on stderr. If even that cannot be written, the exit code remains.
pub(super) fn tell(text: &str) {
    drop(writeln!(io::stderr(), "{}", text.trim_end_matches('\n')));
}

/// Text from elsewhere as a terminal may show it: no control characters, no marks that turn the reading direction
/// (LEAKS: a name must not rewrite the line it stands on).
pub(super) fn harmless(text: &str) -> String {
    let turning =
        |sign: char| matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|sign| if sign.is_control() || turning(sign) { '\u{fffd}' } else { sign }).collect()
}

/// Lays out rows in columns; the last column is left as it is. Widths count characters.
pub(super) fn table(heading: Vec<String>, rows: &[Vec<String>]) -> Vec<String> {
    let mut widths = vec![0_usize; heading.len()];
    for row in std::iter::once(&heading).chain(rows) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let last = widths.len().saturating_sub(1);
    let lay = |row: &Vec<String>| {
        let cells = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(place, (cell, width))| if place == last { cell.clone() } else { format!("{cell:<width$}") });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    std::iter::once(&heading).chain(rows).map(lay).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_rewrite_the_line_it_stands_on() {
        assert_eq!(harmless("a\u{1b}[2Jb\u{202e}c\nd é"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d é");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = vec![vec!["1".to_owned(), "é".to_owned()], vec!["100".to_owned(), "bb".to_owned()]];
        assert_eq!(table(vec!["n".to_owned(), "x".to_owned()], &rows), ["n    x", "1    é", "100  bb"]);
    }
}
