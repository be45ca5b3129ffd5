//! References of an object: to other objects (`…_ref`, `…_refs`) and to the outside.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Properties;
use crate::{
    limits::{NOTE_SOURCES_MAX, SOURCE_FIELD_CHARS_MAX},
    ops::import::{Source, text},
};

/// References that stay in the note and become no link.
const KEPT: [&str; 3] = ["created_by_ref", "object_marking_refs", "granular_markings"];

/// Whether it is a STIX identifier: `type--UUID`.
fn is_identifier(text: &str) -> bool {
    text::sound_id(text)
        && text.rsplit_once("--").is_some_and(|(kind, uuid)| {
            !kind.is_empty() && uuid.len() == 36 && uuid.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        })
}

/// Whether a link may lead there: relations and sightings are links themselves.
pub(super) fn leads_to_note(id: &str) -> bool {
    is_identifier(id) && !id.starts_with("relationship--") && !id.starts_with("sighting--")
}

/// The type of the links a property stands for, `x_mitre_analytic_refs` -> `x-mitre-analytic`.
pub(super) fn link_type(property: &str) -> Option<String> {
    if KEPT.contains(&property) {
        return None;
    }
    property.strip_suffix("_refs").or_else(|| property.strip_suffix("_ref")).and_then(text::kebab)
}

/// All objects referred to, each with the type of link; at any depth, each once.
pub(super) fn embedded(properties: &Properties) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (property, value) in properties {
        collect(property, value, &mut found);
    }
    found
}

/// The depth is bounded: deeper objects are refused before they are parsed.
fn collect(property: &str, value: &Value, found: &mut BTreeSet<(String, String)>) {
    if KEPT.contains(&property) || property == "external_references" {
        return;
    }
    match value {
        Value::String(id) if leads_to_note(id) => {
            found.extend(link_type(property).map(|kind| (kind, id.clone())));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(property, value, found)),
        Value::Object(inner) => inner.iter().for_each(|(property, value)| collect(property, value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// One entry of `external_references`, on one line each.
struct External {
    name: String,
    url: Option<String>,
    description: String,
}

fn externals(properties: &Properties) -> impl Iterator<Item = External> {
    let list = properties.get("external_references").and_then(Value::as_array);
    list.into_iter().flatten().map(|entry| {
        let word = |name: &str| entry.get(name).and_then(Value::as_str).map(text::one_line).unwrap_or_default();
        let name = [word("source_name"), word("external_id")].join(" ").trim().to_owned();
        External { name, url: Some(word("url")).filter(|url| !url.is_empty()), description: word("description") }
    })
}

/// Only what a reader may safely follow becomes an address.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The sources of a note, and as lines of Markdown the references that do not fit into them.
pub(super) fn sources(properties: &Properties) -> (Vec<Source>, Vec<String>) {
    let (mut sources, mut lines, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let fits = |field: &str| field.chars().count() <= SOURCE_FIELD_CHARS_MAX;
    for External { name, url, description } in externals(properties) {
        let whole = if description.is_empty() {
            name.clone()
        } else {
            format!("{name}: {description}").trim_start_matches(": ").to_owned()
        };
        let usable = url.as_deref().is_none_or(|url| is_web(url) && fits(url));
        let source = Source { url: url.clone().filter(|_| usable), title: Some(whole), ..Source::default() };
        let complete = usable && source.title.as_deref().is_some_and(fits);
        if complete && source.title.as_deref().is_some_and(str::is_empty) && source.url.is_none() {
            continue;
        }
        if complete && seen.contains(&source) {
            continue;
        }
        if complete && sources.len() < NOTE_SOURCES_MAX {
            seen.insert(source.clone());
            sources.push(Source { title: source.title.filter(|title| !title.is_empty()), ..source });
            continue;
        }
        let parts = [Some(name), url, Some(description)];
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        lines.push(format!("- {}", parts.map(|part| text::escaped(&part)).collect::<Vec<_>>().join(" · ")));
    }
    (sources, lines)
}

/// Words the outside knows the object by: `T1059.001`.
pub(super) fn external_ids(properties: &Properties) -> Vec<String> {
    let list = properties.get("external_references").and_then(Value::as_array);
    let ids = list.into_iter().flatten().filter_map(|entry| entry.get("external_id").and_then(Value::as_str));
    ids.map(text::one_line).filter(|id| !id.is_empty()).collect()
}
