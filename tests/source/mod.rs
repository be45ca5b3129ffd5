//! The sources as words: what `tests/layers.rs` and `tests/tidy.rs` look at.
//! Comments, strings and character literals are left out, so that only code counts.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A word of code: an identifier, a number, `::`, or one other character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The line it stands on, from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
}

/// The folder of this project.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files under a folder of the project whose names end so, sorted, as paths relative to the project.
pub fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&project().join(folder), endings, &mut found);
    found.sort();
    found.iter().map(|path| path.strip_prefix(project()).expect("inside the project").to_owned()).collect()
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        // What npm fetched for the browser tests is other people's, and it comes and goes.
        if path.is_dir() && !path.ends_with("node_modules") {
            collect(&path, endings, found);
        } else if path.is_file() && endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            found.push(path);
        }
    }
}

/// The text of a file of the project.
pub fn read(path: &Path) -> String {
    fs::read_to_string(project().join(path)).expect("a readable text file")
}

/// The words of Rust code.
pub fn words(text: &str) -> Vec<Word> {
    let mut reader = Reader { rest: text, line: 1 };
    let mut words = Vec::new();
    while let Some(first) = reader.rest.chars().next() {
        if first.is_whitespace() {
            reader.skip(first.len_utf8());
        } else if let Some(length) = comment(reader.rest).or_else(|| literal(reader.rest)) {
            reader.skip(length);
        } else {
            let length = word(reader.rest);
            let line = reader.line;
            words.push(Word { line, text: reader.skip(length).to_owned() });
        }
    }
    words
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Reader<'t> {
    fn skip(&mut self, length: usize) -> &'t str {
        let (skipped, rest) = self.rest.split_at(length);
        self.line += skipped.matches('\n').count();
        self.rest = rest;
        skipped
    }
}

fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let step = if rest.starts_with("/*") {
            depth += 1;
            2
        } else if rest.starts_with("*/") {
            depth -= 1;
            2
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    Some(at)
}

/// The length of a string or character literal that starts here; none for a lifetime or anything else.
fn literal(text: &str) -> Option<usize> {
    let bare = text.strip_prefix(['b', 'c']).unwrap_or(text);
    let prefix = text.len() - bare.len();
    if let Some(raw) = bare.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if let Some(body) = raw.trim_start_matches('#').strip_prefix('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let length = body.find(&end).map_or(body.len(), |at| at + end.len());
            return Some(prefix + 1 + hashes + 1 + length);
        }
    }
    if let Some(body) = bare.strip_prefix('"') {
        return Some(prefix + 1 + closed(body, '"'));
    }
    let body = bare.strip_prefix('\'')?;
    let mut characters = body.chars();
    match (characters.next(), characters.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => Some(prefix + 1 + closed(body, '\'')),
        _ => None,
    }
}

/// The length up to and with the closing mark, escapes skipped.
fn closed(body: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, character) in body.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == mark => return at + mark.len_utf8(),
            _ => {}
        }
    }
    body.len()
}

fn word(text: &str) -> usize {
    if text.starts_with("::") {
        return 2;
    }
    let length = text.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(text.len());
    if length > 0 { length } else { text.chars().next().map_or(1, char::len_utf8) }
}
