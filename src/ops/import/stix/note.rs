//! An object as a note: title, tags, sources; the body is written in `body`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Properties, body, reference,
    survey::{Survey, marking_name},
};
use crate::{
    limits::{NOTE_TAGS_MAX, NOTE_TITLE_CHARS_MAX},
    ops::import::{Note, item::Kind, text},
    words::Language,
};

/// Properties that may serve as a title, the best first: names, then the values of observables.
const TITLES: [&str; 12] = [
    "name",
    "value",
    "path",
    "key",
    "abstract",
    "subject",
    "display_name",
    "account_login",
    "user_id",
    "command_line",
    "serial_number",
    "product",
];

/// Lists of words that classify.
const TAGGING: [&str; 5] = ["labels", "x_mitre_platforms", "x_mitre_domains", "sectors", "roles"];

pub(super) fn from_object(id: &str, kind: &str, properties: &Properties, survey: &Survey) -> Note {
    let language = language(properties);
    let (sources, references) = reference::sources(properties);
    Note {
        external_id: id.to_owned(),
        kind: Kind::Watch,
        title: text::shortened(title(id, kind, properties), NOTE_TITLE_CHARS_MAX),
        body: body::write(kind, properties, &references, language),
        tags: tags(kind, properties, survey),
        language,
        sources,
        grade: None,
        review: None,
        expires: None,
        label: None,
        home: None,
    }
}

/// `lang` when it is a language of ours; English is the standard's default.
fn language(properties: &Properties) -> Language {
    let code = properties.get("lang").and_then(Value::as_str);
    code.and_then(Language::from_preference).unwrap_or(Language::English)
}

fn title(id: &str, kind: &str, properties: &Properties) -> String {
    let word = |name: &&str| properties.get(*name).and_then(Value::as_str).map(text::one_line);
    let named = TITLES.iter().filter_map(word).find(|title| !title.is_empty());
    let marking = || marking_name(properties).filter(|_| kind == "marking-definition").map(|name| name.to_uppercase());
    let number = || properties.get("number").and_then(Value::as_u64).map(|number| format!("AS{number}"));
    let number = || number().filter(|_| kind == "autonomous-system");
    let statement = || properties.get("definition")?.get("statement")?.as_str().map(text::one_line);
    let marking = || marking().or_else(statement).filter(|title| !title.is_empty());
    named.or_else(marking).or_else(number).unwrap_or_else(|| text::one_line(&bare_title(id, kind)))
}

/// Type and identifier, which mostly begins with the type.
fn bare_title(id: &str, kind: &str) -> String {
    let rest = id.strip_prefix(kind).and_then(|rest| rest.strip_prefix("--")).unwrap_or(id);
    format!("{kind} {rest}")
}

/// Type, markings, state, then platforms, tactics, labels: what matters most is never crowded out.
fn tags(kind: &str, properties: &Properties, survey: &Survey) -> Vec<String> {
    let mut words = vec![kind.to_owned()];
    words.extend(survey.marking_tags(properties));
    if kind == "marking-definition" {
        words.extend(marking_name(properties));
    }
    for (state, name) in [("revoked", "revoked"), ("x_mitre_deprecated", "deprecated")] {
        if properties.get(state) == Some(&Value::Bool(true)) {
            words.push(name.to_owned());
        }
    }
    let phases = properties.get("kill_chain_phases").and_then(Value::as_array);
    let phases = phases.into_iter().flatten().filter_map(|phase| phase.get("phase_name").and_then(Value::as_str));
    words.extend(phases.map(str::to_owned));
    for (name, value) in properties {
        if TAGGING.contains(&name.as_str()) || name.ends_with("_types") {
            let list = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            words.extend(list.map(str::to_owned));
        }
    }
    let mut seen = BTreeSet::new();
    let tags = words.iter().filter_map(|word| text::tag(word)).filter(|tag| seen.insert(tag.clone()));
    tags.take(NOTE_TAGS_MAX).collect()
}
