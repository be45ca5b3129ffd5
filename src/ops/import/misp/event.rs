//! An event, its objects, attributes and reports as notes; what holds them together as links.

use serde_json::Value;

use super::{Properties, known::Known, objects, word};
use crate::{
    limits::{NOTE_TAGS_MAX, NOTE_TITLE_CHARS_MAX},
    ops::import::{
        Link, Note, Reason, Source, derived_id,
        item::Kind,
        page::{Page, flatten},
        text,
    },
    words::Language,
};

/// Properties told elsewhere, or of use to a MISP server only.
const PASSED_OVER: [&str; 25] = [
    "uuid",
    "id",
    "event_id",
    "object_id",
    "org_id",
    "orgc_id",
    "sharing_group_id",
    "event_creator_email",
    "info",
    "value",
    "comment",
    "content",
    "name",
    "data",
    "Tag",
    "Galaxy",
    "Attribute",
    "Object",
    "EventReport",
    "ObjectReference",
    "RelatedEvent",
    "ShadowAttribute",
    "Org",
    "SharingGroup",
    "Orgc",
];

fn external(properties: &Properties) -> Result<String, Reason> {
    let identifier = word(properties, "uuid").ok_or(Reason::NoIdentifier)?;
    let sound = text::sound_id(&identifier) && identifier.len() <= crate::limits::TAG_CHARS_MAX;
    if sound { Ok(of(&identifier)) } else { Err(Reason::BadIdentifier) }
}

fn of(identifier: &str) -> String {
    format!("misp:{identifier}")
}

/// Remembers the entry and the attributes inside it.
pub(super) fn survey(known: &mut Known, properties: &Properties) {
    let (Some(identifier), Ok(note)) = (word(properties, "uuid"), external(properties)) else { return };
    known.part(&identifier, &note);
    // An event's own attributes are entries of their own; those of an object are told by the object.
    if !properties.contains_key("info") {
        for inner in objects(properties, "Attribute").filter_map(|inner| word(inner, "uuid")) {
            known.part(&inner, &note);
        }
    }
}

/// Whether the entry carries bytes.
pub(super) fn has_data(properties: &Properties) -> bool {
    let carries = |part: &Properties| part.get("data").is_some_and(|data| !data.is_null());
    carries(properties) || objects(properties, "Attribute").any(carries)
}

fn tags(first: &[Option<&str>], properties: &Properties) -> Vec<String> {
    let own = objects(properties, "Tag").filter_map(|tag| word(tag, "name"));
    let deleted = properties.get("deleted") == Some(&Value::Bool(true));
    let words = first.iter().flatten().map(|word| (*word).to_owned()).chain(deleted.then(|| "deleted".to_owned()));
    let mut tags: Vec<String> = Vec::new();
    for tag in words.chain(own).filter_map(|word| text::tag(&text::heading(&word))) {
        if tags.len() < NOTE_TAGS_MAX && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

fn rows(properties: &Properties) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    for (name, value) in properties.iter().filter(|(name, _)| !PASSED_OVER.contains(&name.as_str())) {
        flatten(&text::shortened(name.clone(), 80), value, &mut |path, value| {
            rows.push((path.to_owned(), text::plain(value)));
        });
    }
    rows
}

fn finish(
    properties: &Properties,
    title: Option<String>,
    tags: Vec<String>,
    mut page: Page,
    more: Vec<(String, String)>,
) -> Result<Note, Reason> {
    let title = title.map(|title| text::heading(&title)).filter(|title| !title.is_empty()).ok_or(Reason::NoTitle)?;
    let rows: Vec<(String, String)> = more.into_iter().chain(rows(properties)).collect();
    page.table(&rows);
    Ok(Note {
        external_id: external(properties)?,
        kind: Kind::Watch,
        title: text::shortened(title, NOTE_TITLE_CHARS_MAX),
        body: page.finish(),
        tags,
        language: Language::English,
        sources: Vec::new(),
        grade: None,
        review: None,
        expires: None,
        label: None,
        home: None,
    })
}

/// The event itself.
pub(super) fn note(properties: &Properties) -> Result<Note, Reason> {
    let author = properties.get("Orgc").and_then(Value::as_object).and_then(|org| word(org, "name"));
    let tags = tags(&[Some("misp-event")], properties);
    let note = finish(properties, word(properties, "info"), tags, Page::new(Language::English), Vec::new())?;
    let date = word(properties, "date").and_then(|date| text::day(&date));
    let author = author.map(|author| text::shortened(text::heading(&author), 200)).filter(|author| !author.is_empty());
    let source = Source {
        title: Some(format!("MISP {}", note.external_id.trim_start_matches("misp:"))),
        author,
        date,
        url: None,
    };
    Ok(Note { sources: vec![source], ..note })
}

/// An attribute that stands in no object.
pub(super) fn attribute(properties: &Properties) -> Result<Note, Reason> {
    let (kind, category) = (word(properties, "type"), word(properties, "category"));
    let value = word(properties, "value");
    let mut page = Page::new(Language::English);
    if let Some(comment) = word(properties, "comment") {
        page.add("comment", &format!("{}\n\n", text::escaped(&comment)));
    }
    if let Some(value) = &value {
        page.add("value", &format!("{}\n", text::fenced(value)));
    }
    let tags = tags(&[Some("misp-attribute"), kind.as_deref(), category.as_deref()], properties);
    finish(properties, value, tags, page, Vec::new())
}

/// An object with its attributes: a file, a connection, a person.
pub(super) fn object(properties: &Properties) -> Result<Note, Reason> {
    let name = word(properties, "name").ok_or(Reason::NoTitle)?;
    let first = objects(properties, "Attribute").find_map(|inner| word(inner, "value"));
    let title = first.map_or_else(|| name.clone(), |value| format!("{name}: {value}"));
    let mut page = Page::new(Language::English);
    if let Some(comment) = word(properties, "comment") {
        page.add("comment", &format!("{}\n\n", text::escaped(&comment)));
    }
    let values = objects(properties, "Attribute").filter_map(|inner| {
        let relation = word(inner, "object_relation").or_else(|| word(inner, "type"))?;
        Some((relation, word(inner, "value")?))
    });
    let values = values.collect();
    let tags = tags(&[Some("misp-object"), Some(&name), word(properties, "meta-category").as_deref()], properties);
    finish(properties, Some(title), tags, page, values)
}

/// A report, which is Markdown.
pub(super) fn report(properties: &Properties) -> Result<Note, Reason> {
    let mut page = Page::new(Language::English);
    if let Some(content) = word(properties, "content") {
        page.add("description", &format!("{content}\n\n"));
    }
    finish(properties, word(properties, "name"), tags(&[Some("misp-report")], properties), page, Vec::new())
}

/// What an entry of an event refers to; `owner` is the event that it is a part of.
pub(super) fn links(known: &Known, properties: &Properties, owner: Option<&str>) -> Vec<Result<Link, Reason>> {
    let Ok(from) = external(properties) else { return Vec::new() };
    let link = |kind: &str, to: String, comment: String| {
        if to == from {
            return Err(Reason::SelfRelation);
        }
        let external_id = derived_id([&comment, kind, &from, &to]);
        Ok(Link { external_id, from: from.clone(), to, kind: kind.to_owned(), comment, label: None })
    };
    let mut links: Vec<Result<Link, Reason>> = Vec::new();
    links.extend(owner.map(|owner| link("part-of", of(owner), String::new())));
    for reference in objects(properties, "ObjectReference") {
        let kind = word(reference, "relationship_type").and_then(|kind| text::link_type(&kind));
        let kind = kind.unwrap_or_else(|| "related".to_owned());
        let to = word(reference, "referenced_uuid").and_then(|to| known.of_part(&to)).ok_or(Reason::NoSuchEnd);
        let comment = word(reference, "comment").map(|comment| text::escaped(&comment)).unwrap_or_default();
        links.push(to.and_then(|to| link(&kind, to, comment)));
    }
    let related = objects(properties, "RelatedEvent").filter_map(|related| related.get("Event")?.as_object());
    // An event that is not in these files is no loss: it names the pair when it is imported itself.
    let related = related.filter_map(|event| known.of_part(&word(event, "uuid")?));
    links.extend(related.map(|to| link("related", to, String::new())));
    let clusters = objects(properties, "Galaxy").flat_map(|galaxy| objects(galaxy, "GalaxyCluster"));
    // A galaxy that is not in these files remains in the tags.
    let clusters = clusters.filter_map(|cluster| {
        let kind = word(cluster, "type").and_then(|kind| text::kebab(&kind)).unwrap_or_default();
        known.target(&kind, "", &word(cluster, "uuid")?).filter(|to| !to.is_empty())
    });
    links.extend(clusters.map(|to| link("related", to, String::new())));
    links
}
