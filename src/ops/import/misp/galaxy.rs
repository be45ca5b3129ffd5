//! An element of a galaxy's cluster as a note, its relations as links.

use serde_json::Value;

use super::{Properties, known::Known, objects, shape::Head, word};
use crate::{
    limits::{NOTE_SOURCES_MAX, NOTE_TAGS_MAX, NOTE_TITLE_CHARS_MAX, SOURCE_FIELD_CHARS_MAX},
    ops::import::{
        Link, Note, Reason, Source, derived_id,
        files::Entry,
        item::Kind,
        page::{Page, flatten},
        text,
    },
    words::{Language, key},
};

/// Lists of other names.
const ALIASES: [&str; 2] = ["synonyms", "Alternative Label"];
/// Lists of addresses.
const REFERENCES: [&str; 3] = ["refs", "official-refs", "links"];

fn identifier(properties: &Properties) -> Result<String, Reason> {
    let identifier = word(properties, "uuid").ok_or(Reason::NoIdentifier)?;
    // The type of the cluster stands before it in the note's name.
    let sound = text::sound_id(&identifier) && identifier.len() <= crate::limits::TAG_CHARS_MAX;
    if sound { Ok(identifier) } else { Err(Reason::BadIdentifier) }
}

fn name(known: &Known, entry: &Entry<'_, Head>, properties: &Properties) -> Result<String, Reason> {
    let identifier = identifier(properties)?;
    Ok(known.of_element(&entry.head.kind, entry.file, entry.number, &identifier))
}

pub(super) fn note(known: &Known, entry: &Entry<'_, Head>, properties: &Properties) -> Result<Note, Reason> {
    let external_id = name(known, entry, properties)?;
    let title = word(properties, "value").map(|value| text::heading(&value)).filter(|title| !title.is_empty());
    let empty = Properties::new();
    let meta = properties.get("meta").and_then(Value::as_object).unwrap_or(&empty);
    let (sources, rest) = sources(entry.head, meta);
    let mut page = Page::new(Language::English);
    if let Some(description) = word(properties, "description") {
        page.add("description", &format!("{}\n\n", description.replace("<code>", "`").replace("</code>", "`")));
    }
    aliases(&mut page, meta);
    references(&mut page, &rest);
    let mut rows = Vec::new();
    let told = |name: &&String| !ALIASES.contains(&name.as_str()) && !REFERENCES.contains(&name.as_str());
    for (name, value) in meta.iter().filter(|(name, _)| told(name)) {
        flatten(&text::shortened(name.clone(), 80), value, &mut |path, value| {
            rows.push((path.to_owned(), text::plain(value)));
        });
    }
    for (kind, to) in lost(known, entry.head, &external_id, properties) {
        rows.push((format!("related: {kind}"), to));
    }
    page.table(&rows);
    Ok(Note {
        external_id,
        kind: Kind::Watch,
        title: text::shortened(title.ok_or(Reason::NoTitle)?, NOTE_TITLE_CHARS_MAX),
        body: page.finish(),
        tags: tags(entry.head, properties, meta),
        language: Language::English,
        sources,
        grade: None,
        review: None,
        expires: None,
        label: None,
        home: None,
    })
}

fn tags(head: &Head, properties: &Properties, meta: &Properties) -> Vec<String> {
    let mut words = vec![head.kind.clone()];
    if properties.get("revoked") == Some(&Value::Bool(true)) {
        words.push("revoked".to_owned());
    }
    let list = |name: &str| meta.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    // `mitre-attack:Linux:persistence`: the phase is what one browses by.
    words.extend(list("kill_chain").filter_map(|phase| phase.rsplit(':').next()).map(str::to_owned));
    words.extend(["mitre_platforms", "platforms", "tags"].into_iter().flat_map(list).map(str::to_owned));
    let mut tags: Vec<String> = Vec::new();
    for tag in words.iter().filter_map(|word| text::tag(&text::heading(word))) {
        if tags.len() < NOTE_TAGS_MAX && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// A text, or a list of texts.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    }
}

fn aliases(page: &mut Page, meta: &Properties) {
    let names: Vec<String> =
        ALIASES.iter().filter_map(|name| meta.get(*name)).flat_map(texts).map(text::escaped).collect();
    if !names.is_empty() {
        let heading = page.word(key::IMPORT_BODY_ALIASES);
        page.add("synonyms", &format!("- **{heading}:** {}\n\n", names.join(", ")));
    }
}

/// The cluster itself, then every address it gives; what cannot be a source remains as text.
fn sources(head: &Head, meta: &Properties) -> (Vec<Source>, Vec<String>) {
    let short = |words: String| Some(text::shortened(words, SOURCE_FIELD_CHARS_MAX)).filter(|words| !words.is_empty());
    let title = [&head.name, &head.source].map(String::as_str).join(", ");
    let cluster = Source {
        title: short(format!("MISP galaxy: {}", title.trim_end_matches(", "))),
        author: short(head.authors.clone()),
        ..Source::default()
    };
    let (mut sources, mut rest) = (vec![cluster], Vec::new());
    for url in REFERENCES.iter().filter_map(|name| meta.get(*name)).flat_map(texts) {
        let source = text::web(url).map(|url| Source { url: Some(url), ..Source::default() });
        match source {
            Some(source) if sources.contains(&source) => {}
            Some(source) if sources.len() < NOTE_SOURCES_MAX => sources.push(source),
            _ => rest.push(text::plain(url)),
        }
    }
    (sources, rest)
}

fn references(page: &mut Page, rest: &[String]) {
    if rest.is_empty() {
        return;
    }
    let heading = page.word(key::IMPORT_BODY_REFERENCES);
    page.add("refs", &format!("## {heading}\n\n"));
    for line in rest {
        page.add("refs", &format!("- {}\n", text::escaped(line)));
    }
    page.add("refs", "\n");
}

/// Type, identifier of the other end, and tags of each relation.
fn relations(properties: &Properties) -> impl Iterator<Item = (String, String, String)> {
    objects(properties, "related").map(|relation| {
        let kind =
            word(relation, "type").and_then(|kind| text::link_type(&kind)).unwrap_or_else(|| "related".to_owned());
        let tags: Vec<String> =
            relation.get("tags").map(texts).unwrap_or_default().into_iter().map(text::heading).collect();
        let to = word(relation, "dest-uuid").filter(|to| text::sound_id(to)).unwrap_or_default();
        (kind, to, tags.join(", "))
    })
}

/// Relations to what is not in the files.
fn lost(known: &Known, head: &Head, from: &str, properties: &Properties) -> Vec<(String, String)> {
    let lost = relations(properties).filter(|(_, to, _)| known.target(&head.kind, from, to).is_none());
    lost.map(|(kind, to, _)| (kind, to)).collect()
}

pub(super) fn links(known: &Known, entry: &Entry<'_, Head>, properties: &Properties) -> Vec<Result<Link, Reason>> {
    let Ok(from) = name(known, entry, properties) else { return Vec::new() };
    let link = |(kind, to, tags): (String, String, String)| {
        let to = known.target(&entry.head.kind, &from, &to).ok_or(Reason::NoSuchEnd)?;
        if to == from {
            return Err(Reason::SelfRelation);
        }
        let comment = text::escaped(&tags);
        let external_id = derived_id([&comment, &kind, &from, &to]);
        Ok(Link { external_id, from: from.clone(), to, kind, comment, label: None })
    };
    relations(properties).map(link).collect()
}
