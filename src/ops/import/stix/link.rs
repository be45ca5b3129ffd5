//! Relations, sightings and embedded references as links.

use serde_json::Value;

use super::{Properties, reference, survey::Survey};
use crate::ops::import::{Item, Link, Reason, derived_id, page, text};

/// Properties of a relation that its link says by itself.
const SAID: [&str; 13] = [
    "type",
    "spec_version",
    "id",
    "created",
    "modified",
    "created_by_ref",
    "object_marking_refs",
    "granular_markings",
    "relationship_type",
    "source_ref",
    "target_ref",
    "description",
    "where_sighted_refs",
];

fn word<'a>(properties: &'a Properties, name: &str) -> Option<&'a str> {
    properties.get(name).and_then(Value::as_str).filter(|word| text::sound_id(word))
}

/// The description, then on one line what else is said: dates, confidence, revocation, markings.
fn comment(properties: &Properties, survey: &Survey) -> String {
    let description = properties.get("description").and_then(Value::as_str).unwrap_or_default().trim();
    let said = |name: &str| SAID.contains(&name) || name == "sighting_of_ref" || name == "observed_data_refs";
    let mut facts = Vec::new();
    for (name, value) in properties.iter().filter(|(name, _)| !said(name)) {
        page::flatten(name, value, &mut |name, value| {
            if value != "false" {
                facts.push(format!("{}: {}", text::escaped(name), text::escaped(value)));
            }
        });
    }
    facts.extend(survey.marking_tags(properties).iter().map(|tag| text::escaped(tag)));
    let facts = facts.join("; ");
    match (description.is_empty(), facts.is_empty()) {
        (_, true) => description.to_owned(),
        (true, false) => facts,
        (false, false) => format!("{description}\n\n{facts}"),
    }
}

pub(super) fn from_relation(id: &str, properties: &Properties, survey: &Survey) -> Result<Link, Reason> {
    let end = |name| word(properties, name).ok_or(Reason::IncompleteRelation);
    let (from, to) = (end("source_ref")?.to_owned(), end("target_ref")?.to_owned());
    let kind = word(properties, "relationship_type").and_then(text::kebab).ok_or(Reason::IncompleteRelation)?;
    if from == to {
        return Err(Reason::SelfRelation);
    }
    Ok(Link { external_id: id.to_owned(), from, to, kind, comment: comment(properties, survey), label: None })
}

/// One link from each witness to what was seen.
pub(super) fn from_sighting(
    id: &str,
    properties: &Properties,
    survey: &Survey,
) -> Result<Vec<Result<Item, Reason>>, Reason> {
    let to = word(properties, "sighting_of_ref").ok_or(Reason::IncompleteRelation)?;
    let list = |name: &str| {
        let ids = properties.get(name).and_then(Value::as_array).into_iter().flatten();
        ids.filter_map(Value::as_str).filter(|id| text::sound_id(id)).map(str::to_owned).collect::<Vec<_>>()
    };
    let data = list("observed_data_refs");
    let mut seers = list("where_sighted_refs");
    if seers.is_empty() && data.is_empty() {
        seers.extend(word(properties, "created_by_ref").map(str::to_owned));
    }
    if seers.is_empty() && data.is_empty() {
        return Err(Reason::NoWitness);
    }
    let comment = comment(properties, survey);
    let seers = seers.into_iter().map(|from| (from, "sighted"));
    let data = data.into_iter().map(|from| (from, "sighting-of"));
    let links = seers.chain(data).map(|(from, kind)| {
        if from == to {
            return Err(Reason::SelfRelation);
        }
        let external_id = derived_id([id, kind, &from, to]);
        let (to, kind) = (to.to_owned(), kind.to_owned());
        Ok(Item::Link(Link { external_id, from, to, kind, comment: comment.clone(), label: None }))
    });
    Ok(links.collect())
}

/// One link for each object that a note refers to.
pub(super) fn from_references(id: &str, properties: &Properties) -> Vec<Result<Item, Reason>> {
    let links = reference::embedded(properties).into_iter().map(|(kind, to)| {
        if to == id {
            return Err(Reason::SelfRelation);
        }
        let external_id = derived_id([id, &kind, id, &to]);
        Ok(Item::Link(Link { external_id, from: id.to_owned(), to, kind, comment: String::new(), label: None }))
    });
    links.collect()
}
