//! Front matter of our own making: what an export writes before the text of a note, and an import reads back whole.
//!
//! It stands between `---` lines as YAML that any tool reads: one property a line, each value JSON (which is YAML too),
//! lists as lines `  - …`. Its first line is `vigie: 1`. From that line on nothing is guessed: a block that is damaged,
//! or says something unknown, is refused with its file, because what is lost with a property may be the marking.
//!
//! The marking is for people, the label for the import: the server takes the note only when the label flows to the
//! working label, and gives it the working label (LEAKS T39). No label comes from a file.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ops::import::{
    Source,
    item::{Grade, Kind},
};

const FIRST: &str = "vigie: 1";
const FENCE: &str = "---\n";

/// What the front matter says of a note.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    /// The marking, as a banner says it.
    pub marking: String,
    /// The label that it had, `S/ALPHA/FRA,BEL`.
    pub label: String,
    /// The name under which an import knows it.
    pub external_id: String,
    /// Its identifier where it came from; told, not imported.
    pub id: String,
    /// What it is for.
    pub kind: Kind,
    /// Title.
    pub title: String,
    /// `fr`, `en` or `de`.
    pub language: String,
    /// Tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Admiralty grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// Review day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<String>,
    /// Expiry day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Who wrote it; told, not imported.
    pub author: String,
    /// When it was first written; told, not imported.
    pub created: String,
    /// When it was last changed; told, not imported.
    pub modified: String,
    /// Links that start from it and lead to a note of the same export.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<OwnLink>,
    /// Links that lead to a note that was not exported; told, not imported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<OwnLink>,
    /// Files that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<OwnFile>,
}

/// A link.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnLink {
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name under which an import knows the other note; of one that was not exported, its identifier.
    pub to: String,
    /// The file of the other note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The name under which an import knows the link.
    pub external_id: String,
    /// The label that it had.
    pub label: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

/// A file that belongs to a note.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnFile {
    /// Where it is in the folder.
    pub file: String,
    /// What it is called.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
    /// The label that it had.
    pub label: String,
}

/// A front matter that begins as ours and goes on otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damaged;

/// A note as a file of Markdown. The text is kept to the byte.
pub fn write(own: &Own, body: &str) -> String {
    let mut text = format!("{FENCE}{FIRST}\n");
    // What we derive as JSON is always an object.
    if let Ok(Value::Object(fields)) = serde_json::to_value(own) {
        for name in NAMES {
            match fields.get(name) {
                Some(Value::Array(items)) if !items.iter().all(Value::is_string) => {
                    text.push_str(&format!("{name}:\n"));
                    items.iter().for_each(|item| text.push_str(&format!("  - {item}\n")));
                }
                Some(value) => text.push_str(&format!("{name}: {value}\n")),
                None => {}
            }
        }
    }
    text + FENCE + "\n" + body
}

/// The properties in the order in which people read them.
const NAMES: [&str; 18] = [
    "marking",
    "label",
    "title",
    "kind",
    "language",
    "tags",
    "grade",
    "sources",
    "review",
    "expires",
    "author",
    "created",
    "modified",
    "id",
    "external_id",
    "attachments",
    "links",
    "elsewhere",
];

/// The front matter and the text, when the file begins as ours.
///
/// # Errors
/// [`Damaged`].
pub fn read(content: &str) -> Result<Option<(Own, &str)>, Damaged> {
    let Some(block) = content.strip_prefix(FENCE).filter(|block| block.starts_with("vigie:")) else { return Ok(None) };
    let block = block.strip_prefix(FIRST).and_then(|block| block.strip_prefix('\n')).ok_or(Damaged)?;
    let (block, body) = block.split_once("\n---\n").ok_or(Damaged)?;
    let mut fields = Map::new();
    let mut last = None;
    for line in block.lines() {
        if let Some(item) = line.strip_prefix("  - ") {
            let list = last.as_ref().and_then(|name: &String| fields.get_mut(name)).and_then(Value::as_array_mut);
            list.ok_or(Damaged)?.push(serde_json::from_str(item).map_err(|_not_json| Damaged)?);
            continue;
        }
        let (name, value) = line.split_once(':').ok_or(Damaged)?;
        let (value, list) = match value.strip_prefix(' ') {
            Some(json) => (serde_json::from_str(json).map_err(|_not_json| Damaged)?, None),
            None if value.is_empty() => (Value::Array(Vec::new()), Some(name.to_owned())),
            None => return Err(Damaged),
        };
        // Twice the same property: which of the two would count?
        if fields.insert(name.to_owned(), value).is_some() {
            return Err(Damaged);
        }
        last = list;
    }
    let own = serde_json::from_value(Value::Object(fields)).map_err(|_another_shape| Damaged)?;
    Ok(Some((own, body.strip_prefix('\n').ok_or(Damaged)?)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn own(title: String, comment: String) -> Own {
        let link = OwnLink {
            kind: "uses".to_owned(),
            to: "b".to_owned(),
            file: Some("b.md".to_owned()),
            external_id: "l".to_owned(),
            label: "DR/FRA".to_owned(),
            comment,
        };
        Own {
            marking: "DIFFUSION RESTREINTE".to_owned(),
            label: "DR/FRA".to_owned(),
            external_id: "a".to_owned(),
            id: "i".to_owned(),
            kind: Kind::Synthesis,
            title,
            language: "fr".to_owned(),
            tags: vec!["x, y".to_owned(), "]".to_owned()],
            sources: vec![Source { title: Some("t: #".to_owned()), ..Source::default() }],
            grade: Some(Grade { reliability: 'B', credibility: 2 }),
            review: Some("2027-01-01".to_owned()),
            expires: None,
            author: "A".to_owned(),
            created: "c".to_owned(),
            modified: "m".to_owned(),
            links: vec![link.clone(), link],
            elsewhere: Vec::new(),
            attachments: Vec::new(),
        }
    }

    #[test]
    fn what_is_written_is_yaml_that_people_can_read() {
        let text = write(&own("T".to_owned(), String::new()), "body");
        assert!(
            text.starts_with("---\nvigie: 1\nmarking: \"DIFFUSION RESTREINTE\"\nlabel: \"DR/FRA\"\ntitle: \"T\"\n")
        );
        assert!(text.contains("\nlinks:\n  - {") && text.ends_with("\n---\n\nbody"), "{text}");
    }

    #[test]
    fn a_block_that_begins_as_ours_is_never_taken_for_another() {
        let whole = write(&own("T".to_owned(), "c".to_owned()), "body\n");
        let label = "label: \"DR/FRA\"\n";
        for (from, to) in [
            ("vigie: 1\n", "vigie: 2\n"),
            (label, ""),
            (label, "label: \"DR/FRA\"\nlabel: \"NP\"\n"),
            (label, "label: DR/FRA\n"),
            (label, "label: \"DR/FRA\"\nunknown: 1\n"),
            ("\n---\n", "\n--\n"),
            ("  - {", " - {"),
        ] {
            assert!(whole.contains(from));
            assert_eq!(read(&whole.replacen(from, to, 1)), Err(Damaged), "{from:?} -> {to:?}");
        }
        for other in ["", "---\n", "---\ntitle: x\n---\n", "vigie: 1\n", "+++\nvigie = 1\n+++\n"] {
            assert_eq!(read(other), Ok(None), "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn title_comment_and_text_come_back_to_the_byte(
            title in "\\PC{0,40}", comment in "[ -~é\n\t-]{0,60}", body in "(---\n|\n|\\PC{0,20}){0,8}",
        ) {
            let own = own(title, comment);
            let text = write(&own, &body);
            prop_assert_eq!(read(&text), Ok(Some((own, body.as_str()))));
        }
    }
}
