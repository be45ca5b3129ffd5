//! Front matter: the block before the text, YAML between `---` or TOML between `+++`.
//!
//! Of YAML a subset is read: `key: value`, `key: [a, b]`, and `key:` followed by lines `- value`; values may stand
//! in quotes. Lines beyond it are kept as they are. A block that is never closed, or that does not begin like
//! one, is text.

/// What a front matter says, in its own order.
#[derive(Default, PartialEq, Eq, Debug)]
pub(super) struct Front {
    /// Each property with its values.
    pub(super) entries: Vec<(String, Vec<String>)>,
    /// The lines that were not understood.
    pub(super) rest: String,
}

impl Front {
    /// The first value of that property.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        let (_, values) = self.entries.iter().find(|(known, _)| known == name)?;
        values.first().map(String::as_str)
    }
}

/// Front matter and text.
pub(super) fn split(content: &str) -> (Front, &str) {
    for (fence, closings) in [("---", ["---", "..."]), ("+++", ["+++", "+++"])] {
        let Some((first, after)) = content.split_once('\n') else { break };
        if first.trim_end() != fence {
            continue;
        }
        let Some((block, text)) = close(after, closings) else { continue };
        let front = if fence == "+++" { toml_front(block) } else { yaml_front(block) };
        if let Some(front) = front {
            return (front, text);
        }
    }
    (Front::default(), content)
}

/// Cuts at the closing line.
fn close<'a>(after: &'a str, closings: [&str; 2]) -> Option<(&'a str, &'a str)> {
    let mut length = 0_usize;
    for line in after.split_inclusive('\n') {
        let end = length.saturating_add(line.len());
        if closings.contains(&line.trim_end()) {
            return Some((after.get(..length)?, after.get(end..)?));
        }
        length = end;
    }
    None
}

/// Nothing when the block does not begin like front matter: it was a rule across the page.
fn yaml_front(block: &str) -> Option<Front> {
    let mut lines = block.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    if lines.next().is_some_and(|first| key_and_value(first).is_none()) {
        return None;
    }
    let mut front = Front::default();
    // Whether the entry last read still waits for `- value` lines.
    let mut listing = false;
    for line in block.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if let Some((key, value)) = key_and_value(line) {
            // A block of lines or a structure follows: its lines are indented and go to the rest.
            let opaque = matches!(value.chars().next(), Some('|' | '>' | '{' | '&' | '*' | '!'));
            listing = value.is_empty();
            if opaque {
                keep(&mut front.rest, line);
            } else {
                front.entries.push((key.to_owned(), values(value)));
            }
            continue;
        }
        let scalar = trimmed.strip_prefix("- ").filter(|item| key_and_value(item).is_none());
        match (listing, scalar, front.entries.last_mut()) {
            (true, Some(item), Some((_, values))) => values.push(unquoted(item).to_owned()),
            (true, None, Some((_, values))) if values.is_empty() => {
                // A structure: its name goes with its lines.
                let name = front.entries.pop().map(|(name, _)| name).unwrap_or_default();
                keep(&mut front.rest, &format!("{name}:"));
                keep(&mut front.rest, line);
                listing = false;
            }
            _ => keep(&mut front.rest, line),
        }
    }
    Some(front)
}

fn keep(rest: &mut String, line: &str) {
    rest.push_str(line);
    rest.push('\n');
}

/// A line `key: value` that is not indented.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let named = !key.is_empty()
        && key.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/' | ' '))
        && !key.starts_with([' ', '-'])
        && !key.ends_with(' ');
    let parted = value.is_empty() || value.starts_with([' ', '\t']);
    (named && parted).then_some((key, value.trim()))
}

fn values(value: &str) -> Vec<String> {
    let list = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    // `[[Page]]` is a wiki link that somebody forgot to quote, not a list in a list.
    match list.filter(|inner| !inner.starts_with('[')) {
        Some(inner) => items(inner),
        None if value.is_empty() => Vec::new(),
        None => vec![unquoted(value).to_owned()],
    }
}

/// The items of a list on one line; a comma in quotes does not part.
fn items(inner: &str) -> Vec<String> {
    let (mut items, mut item, mut quote) = (Vec::new(), String::new(), None);
    for letter in inner.chars() {
        match (letter, quote) {
            (',', None) => items.push(std::mem::take(&mut item)),
            ('"' | '\'', None) if item.trim().is_empty() => {
                quote = Some(letter);
                item.push(letter);
            }
            _ => {
                if quote == Some(letter) {
                    quote = None;
                }
                item.push(letter);
            }
        }
    }
    items.push(item);
    items.iter().map(|item| unquoted(item.trim()).to_owned()).filter(|item| !item.is_empty()).collect()
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let inside = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

/// Broken TOML is kept as it is.
fn toml_front(block: &str) -> Option<Front> {
    let mut front = Front::default();
    match block.parse::<toml::Table>() {
        Ok(table) => {
            for (name, value) in &table {
                flatten(name, value, &mut front.entries);
            }
        }
        Err(_not_toml) => block.clone_into(&mut front.rest),
    }
    Some(front)
}

/// The depth is bounded by the TOML reader.
fn flatten(name: &str, value: &toml::Value, entries: &mut Vec<(String, Vec<String>)>) {
    match value {
        toml::Value::Table(table) => {
            for (inner, value) in table {
                flatten(&format!("{name}.{inner}"), value, entries);
            }
        }
        toml::Value::Array(values) => entries.push((name.to_owned(), values.iter().map(scalar).collect())),
        other => entries.push((name.to_owned(), vec![scalar(other)])),
    }
}

fn scalar(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entries(front: &Front) -> Vec<(&str, Vec<&str>)> {
        front
            .entries
            .iter()
            .map(|(name, values)| (name.as_str(), values.iter().map(String::as_str).collect()))
            .collect()
    }

    #[test]
    fn the_subset_of_yaml_is_read_and_the_rest_kept() {
        let (front, text) = split(
            "---\ntitle: \"A: b\"\ntags: [x, 'y, z', \"q\"]\nrefs:\n- a.rs\n  - 'b.rs'\n# remark\npartOf: [[Page]]\nnested:\n  deep: 1\nlong: |\n  lines\nempty:\n---\n# Text\n",
        );
        assert_eq!(
            entries(&front),
            [
                ("title", vec!["A: b"]),
                ("tags", vec!["x", "y, z", "q"]),
                ("refs", vec!["a.rs", "b.rs"]),
                ("partOf", vec!["[[Page]]"]),
                ("empty", vec![]),
            ]
        );
        assert_eq!(front.rest, "nested:\n  deep: 1\nlong: |\n  lines\n");
        assert_eq!(text, "# Text\n");
    }

    #[test]
    fn toml_is_read_and_broken_toml_kept() {
        let (front, text) = split("+++\ntitle = \"T\"\ndate = 2026-11-21\n[taxonomies]\ntags = [\"a\"]\n+++\nText");
        assert_eq!(
            entries(&front),
            [("date", vec!["2026-11-21"]), ("taxonomies.tags", vec!["a"]), ("title", vec!["T"])]
        );
        assert_eq!(text, "Text");
        assert_eq!(split("+++\n= broken\n+++\nText").0.rest, "= broken\n");
    }

    #[test]
    fn a_rule_across_the_page_is_text() {
        for content in ["---\nSome words\n---\nmore", "---\ntitle: never closed\n", "text\n---\na: b\n---\n", "---", ""]
        {
            assert_eq!(split(content), (Front::default(), content));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_split_without_loss_of_the_text(content in "(---\n|\\+\\+\\+\n)?([a-z:\\[\\]\"'|,= -]{0,12}\n){0,6}(---\n|\\+\\+\\+\n)?[a-z\n]{0,9}") {
            let (_, text) = split(&content);
            prop_assert!(content.ends_with(text));
        }
    }
}
