//! The body of a note made from an object, always in this order:
//!
//! 1. the description, then other long texts of their own (`content`, `explanation`);
//! 2. a list: type, external names, aliases, kill chain, platforms, permissions;
//! 3. detection; the pattern, and every other text of several lines, as code blocks;
//! 4. references that do not fit into the note's sources;
//! 5. a table with every remaining property, lists joined, structures written as paths.
//!
//! What does not fit into a body is left out from the end and named.

use serde_json::Value;

use super::{Properties, reference};
use crate::{
    ops::import::{
        page::{PATH_NAME_CHARS_MAX, Page, flatten},
        text,
    },
    words::{Language, key},
};

/// Texts that are Markdown by custom.
const PROSE: [&str; 4] = ["description", "abstract", "content", "explanation"];
const DETECTION: &str = "x_mitre_detection";
const ALIASES: [&str; 3] = ["aliases", "x_mitre_aliases", "x_opencti_aliases"];
const PERMISSIONS: [&str; 2] = ["x_mitre_permissions_required", "x_mitre_effective_permissions"];

pub(super) fn write(kind: &str, properties: &Properties, references: &[String], language: Language) -> String {
    let mut page = Page::new(language);
    for name in PROSE {
        if let Some(prose) = long_text(properties, name) {
            page.add(name, &format!("{}\n\n", code_marked(prose).trim()));
        }
    }
    summary(&mut page, kind, properties);
    if let Some(prose) = long_text(properties, DETECTION) {
        let heading = page.word(key::IMPORT_BODY_DETECTION);
        page.add(DETECTION, &format!("## {heading}\n\n{}\n\n", code_marked(prose).trim()));
    }
    for (name, value) in properties {
        if let Some(block) = value.as_str().filter(|text| is_block(name, text)) {
            page.add(name, &format!("## {}\n\n{}\n", text::escaped(name), text::fenced(block)));
        }
    }
    if !references.is_empty() {
        let heading = page.word(key::IMPORT_BODY_REFERENCES);
        page.add("external_references", &format!("## {heading}\n\n"));
        for line in references {
            page.add("external_references", &format!("{line}\n"));
        }
        page.add("external_references", "\n");
    }
    table(&mut page, properties);
    page.finish()
}

fn long_text<'a>(properties: &'a Properties, name: &str) -> Option<&'a str> {
    properties.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// Descriptions mark code with HTML, which is never rendered; Markdown has its own sign.
fn code_marked(prose: &str) -> String {
    prose.replace("<code>", "`").replace("</code>", "`")
}

fn is_block(name: &str, text: &str) -> bool {
    name == "pattern" || (!PROSE.contains(&name) && name != DETECTION && text.trim().contains('\n'))
}

fn words(properties: &Properties, names: &[&str]) -> Vec<String> {
    let values = names.iter().filter_map(|name| properties.get(*name)?.as_array()).flatten();
    let mut words: Vec<String> = values.filter_map(Value::as_str).map(text::escaped).collect();
    words.dedup();
    words
}

fn phase_line(phase: &Value) -> Option<String> {
    let word = |name| phase.get(name).and_then(Value::as_str).map(text::escaped);
    Some(format!("{} / {}", word("kill_chain_name")?, word("phase_name")?))
}

fn summary(page: &mut Page, kind: &str, properties: &Properties) {
    let ids: Vec<String> = reference::external_ids(properties).iter().map(|id| text::escaped(id)).collect();
    let phases = properties.get("kill_chain_phases").and_then(Value::as_array);
    let lines = [
        (key::IMPORT_BODY_TYPE, [vec![text::escaped(kind)], ids].concat()),
        (key::IMPORT_BODY_ALIASES, words(properties, &ALIASES)),
        (key::IMPORT_BODY_KILL_CHAIN, phases.into_iter().flatten().filter_map(phase_line).collect()),
        (key::IMPORT_BODY_PLATFORMS, words(properties, &["x_mitre_platforms"])),
        (key::IMPORT_BODY_PERMISSIONS, words(properties, &PERMISSIONS)),
    ];
    for (key, words) in lines {
        if !words.is_empty() {
            let heading = page.word(key);
            page.add(key.name(), &format!("- **{heading}:** {}\n", words.join(", ")));
        }
    }
    page.add("type", "\n");
}

fn table(page: &mut Page, properties: &Properties) {
    let (heading, property, value) = (
        page.word(key::IMPORT_BODY_PROPERTIES),
        page.word(key::IMPORT_BODY_PROPERTY),
        page.word(key::IMPORT_BODY_VALUE),
    );
    let mut head = Some(format!("## {heading}\n\n| {property} | {value} |\n| --- | --- |\n"));
    let mut row = |path: &str, value: &str| {
        let name = path.split(['.', '[']).next().unwrap_or(path);
        if let Some(head) = head.take() {
            page.add(name, &head);
        }
        page.add(name, &format!("| {} | {} |\n", text::escaped(path), text::escaped(value)));
    };
    for (name, value) in properties.iter().filter(|(name, value)| in_table(name, value)) {
        flatten_top(&text::shortened(name.clone(), PATH_NAME_CHARS_MAX), value, &mut row);
    }
    let externals = properties.get("external_references").and_then(Value::as_array);
    for (place, entry) in externals.into_iter().flatten().enumerate() {
        if let Some(hashes) = entry.get("hashes") {
            flatten(&format!("external_references[{place}].hashes"), hashes, &mut row);
        }
    }
}

/// Whether the property is not written elsewhere. What has the wrong type for its place stands in the table.
fn in_table(name: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let prose = PROSE.contains(&name) || name == DETECTION;
            !(text.trim().is_empty() || prose || is_block(name, text) || name == "type")
        }
        Value::Array(values) => match name {
            "kill_chain_phases" => values.iter().any(|phase| phase_line(phase).is_none()),
            "external_references" => values.iter().any(|entry| !entry.is_object()),
            _ if ALIASES.contains(&name) || PERMISSIONS.contains(&name) || name == "x_mitre_platforms" => {
                values.iter().any(|value| !value.is_string())
            }
            _ => true,
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

/// References that became links are not said twice; what of them cannot be a link is.
fn flatten_top(name: &str, value: &Value, row: &mut dyn FnMut(&str, &str)) {
    if reference::link_type(name).is_none() {
        return flatten(name, value, row);
    }
    let is_link = |value: &Value| value.as_str().is_some_and(reference::leads_to_note);
    match value {
        Value::Array(values) => {
            let rest: Vec<Value> = values.iter().filter(|value| !is_link(value)).cloned().collect();
            flatten(name, &Value::Array(rest), row);
        }
        other if is_link(other) => {}
        other => flatten(name, other, row),
    }
}
