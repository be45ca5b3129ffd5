//! The body of a note as it is made from a record of properties.

use serde_json::Value;

use super::text;
use crate::{
    limits::NOTE_BODY_BYTES_MAX,
    words::{Key, Language, Sentence, key},
};

/// Room kept for the line that names what was left out.
const LEFT_OUT_BYTES: usize = 4096;
/// Characters of the names on that line; escaped they take at most eight bytes each.
const LEFT_OUT_CHARS: usize = 400;
/// Bytes after which a path is not written on: otherwise one long name above many values would be copied once a value.
const PATH_BYTES_MAX: usize = 256;
/// Characters of one name in a path, for the same reason.
pub(super) const PATH_NAME_CHARS_MAX: usize = 80;

/// A body that grows until it is full.
pub(super) struct Page {
    text: String,
    left_out: Vec<String>,
    language: Language,
}

impl Page {
    pub(super) fn new(language: Language) -> Self {
        Self { text: String::new(), left_out: Vec::new(), language }
    }

    pub(super) fn word(&self, key: Key) -> String {
        Sentence::new(key).render(self.language)
    }

    /// Adds the block, or notes the name of what has no room.
    pub(super) fn add(&mut self, name: &str, block: &str) {
        let length = self.text.len().saturating_add(block.len());
        // The description alone may take all: a note without it would mislead, so it is refused as too long instead.
        if name == "description" || length <= NOTE_BODY_BYTES_MAX.saturating_sub(LEFT_OUT_BYTES) {
            self.text.push_str(block);
        } else if self.left_out.last().is_none_or(|last| last != name) {
            self.left_out.push(name.to_owned());
        }
    }

    pub(super) fn finish(mut self) -> String {
        if !self.left_out.is_empty() {
            let names = text::shortened(text::one_line(&self.left_out.join(", ")), LEFT_OUT_CHARS);
            let line = Sentence::new(key::IMPORT_BODY_LEFT_OUT).with("names", text::escaped(&names));
            self.text.push_str("\n\n");
            self.text.push_str(&line.render(self.language));
        }
        let length = self.text.trim_end().len();
        self.text.truncate(length);
        self.text.push('\n');
        self.text
    }

    /// A table of properties and values, or nothing when there are none.
    pub(super) fn table(&mut self, rows: &[(String, String)]) {
        let words = [key::IMPORT_BODY_PROPERTIES, key::IMPORT_BODY_PROPERTY, key::IMPORT_BODY_VALUE];
        let [heading, property, value] = words.map(|key| self.word(key));
        let mut head = Some(format!("## {heading}\n\n| {property} | {value} |\n| --- | --- |\n"));
        for (name, value) in rows.iter().filter(|(_, value)| !value.trim().is_empty()) {
            if let Some(head) = head.take() {
                self.add(name, &head);
            }
            self.add(name, &format!("| {} | {} |\n", text::escaped(name), text::escaped(value)));
        }
        if head.is_none() {
            self.add("", "\n");
        }
    }
}

fn deeper(path: &str, step: &str) -> String {
    if path.len() > PATH_BYTES_MAX { path.to_owned() } else { format!("{path}{step}") }
}

/// Every scalar under a property with its path, `hashes.MD5`; lists of scalars are one value. The depth is bounded:
/// deeper objects are refused before they are parsed.
pub(super) fn flatten(path: &str, value: &Value, row: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) => row(path, &value.to_string()),
        Value::String(text) => row(path, text),
        Value::Array(values) if values.iter().any(|value| value.is_array() || value.is_object()) => {
            for (place, value) in values.iter().enumerate() {
                flatten(&deeper(path, &format!("[{place}]")), value, row);
            }
        }
        Value::Array(values) => {
            let mut joined = String::new();
            for value in values.iter().filter(|value| !value.is_null()) {
                if !joined.is_empty() {
                    joined.push_str(", ");
                }
                match value.as_str() {
                    Some(text) => joined.push_str(text),
                    None => joined.push_str(&value.to_string()),
                }
            }
            if !joined.is_empty() {
                row(path, &joined);
            }
        }
        Value::Object(inner) => {
            for (name, value) in inner {
                flatten(&deeper(path, &format!(".{}", text::shortened(name.clone(), PATH_NAME_CHARS_MAX))), value, row);
            }
        }
    }
}
