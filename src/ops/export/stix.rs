//! A STIX 2.1 bundle. No type of ours: every tool that reads STIX reads it.
//!
//! | in Vigie | in the bundle |
//! |---|---|
//! | the space | `identity` of class *group*, which every note is about (`object_refs` may not be empty) |
//! | a note | `note`: title in `abstract`, Markdown in `content`, who wrote it in `authors`; tags, grade (by the MISP taxonomy *admiralty-scale*) and kind in `labels`; sources, attachments (name and SHA-256) and our identifiers in `external_references`; `confidence` by the table of the standard for the Admiralty scale |
//! | a link | `relationship` of its type, which is free in STIX; links to notes that are not in the bundle stay out |
//! | a label | `marking-definition`: under the policy TLP the definitions of OASIS for TLP 2.0; what these cannot say, and all other policies, as a statement with our marking and label |
//!
//! Every object bears its own marking, the definitions and the identity of the space included. Identifiers are the same in
//! every export: an identifier of ours is 128 random bits, so it is a UUID of version 4 once the six bits are set that say so.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde_json::{Map, Value, json};

use super::{
    Counts, ExportError,
    collect::Collected,
    packet::{Link, Note, Packet, Source, label_text},
};
use crate::{crypto::sha256, ids::Id, label::LabelView, ops::import::item::Grade};

/// What OASIS gave TLP 2.0: <https://github.com/oasis-open/cti-stix-common-objects>.
const TLP_EXTENSION: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";
const TLP_CREATED: &str = "2022-10-01T00:00:00.000Z";
const TLP: [(&str, &str, &str); 5] = [
    ("TLP:CLEAR", "clear", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"),
    ("TLP:GREEN", "green", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
    ("TLP:AMBER", "amber", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"),
    ("TLP:AMBER+STRICT", "amber+strict", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"),
    ("TLP:RED", "red", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"),
];

/// When our statements were made, as far as STIX asks: they say the same for ever.
const STATEMENT_CREATED: &str = "2026-01-01T00:00:00.000Z";

/// Writes the bundle.
///
/// # Errors
/// [`ExportError`].
pub fn bundle(collected: &mut Collected, out: &mut impl Write) -> Result<Counts, ExportError> {
    let mut counts = Counts::default();
    let mut markings = Markings { policy: collected.policy.clone(), given: BTreeMap::new() };
    let about = collected.space.as_ref().map(|space| identifier("identity", &space.id));
    let mut file = Objects { out, first: true };
    let subject = about.clone().unwrap_or_else(|| derived("identity", &["vigie"]));
    let seed = [subject.as_str(), &label_text(&collected.ceiling)].join("\0");
    write!(file.out, "{{\"type\":\"bundle\",\"id\":\"{}\",\"objects\":[", derived("bundle", &[&seed]))?;
    let identity = match &collected.space {
        Some(space) => json!({
            "type": "identity", "spec_version": "2.1", "id": subject, "created": space.created, "modified": space.created,
            "name": space.name, "description": space.purpose, "identity_class": "group",
            "object_marking_refs": markings.of(&space.label, &mut file)?,
        }),
        // The ceiling does not let one know the space; the notes must be about something.
        None => json!({
            "type": "identity", "spec_version": "2.1", "id": subject, "created": STATEMENT_CREATED,
            "modified": STATEMENT_CREATED, "name": "Vigie", "identity_class": "system",
        }),
    };
    file.put(&without_empty(identity))?;
    for packet in collected.spool.packets()? {
        let packet = packet?;
        let marking = markings.of(&packet.note.label, &mut file)?;
        file.put(&note(&packet, &subject, marking))?;
        counts.notes = counts.notes.saturating_add(1);
        for link in &packet.links {
            if !collected.spool.holds(&link.to) {
                counts.elsewhere = counts.elsewhere.saturating_add(1);
                continue;
            }
            let marking = markings.of(&link.label, &mut file)?;
            file.put(&relationship(link, &packet.note, marking))?;
            counts.links = counts.links.saturating_add(1);
        }
    }
    file.out.write_all(b"\n]}\n")?;
    Ok(counts)
}

/// The objects of a bundle, as they are written.
struct Objects<'a, W: Write> {
    out: &'a mut W,
    first: bool,
}

impl<W: Write> Objects<'_, W> {
    fn put(&mut self, object: &Value) -> io::Result<()> {
        let parting = if std::mem::take(&mut self.first) { "\n" } else { ",\n" };
        self.out.write_all(parting.as_bytes())?;
        serde_json::to_writer(&mut *self.out, object).map_err(io::Error::from)
    }
}

/// The marking definitions of the labels that have come; each is written before what bears it.
struct Markings {
    policy: String,
    given: BTreeMap<String, Value>,
}

impl Markings {
    fn of<W: Write>(&mut self, label: &LabelView, file: &mut Objects<'_, W>) -> io::Result<Value> {
        let text = label_text(label);
        if let Some(known) = self.given.get(&text) {
            return Ok(known.clone());
        }
        let mut ids = Vec::new();
        let tlp = TLP.iter().find(|(level, ..)| self.policy == "tlp" && *level == label.level);
        if let Some((level, word, id)) = tlp {
            if !self.given.keys().any(|given| given.split('/').next() == Some(*level)) {
                file.put(&json!({
                    "type": "marking-definition", "spec_version": "2.1", "id": id, "created": TLP_CREATED, "name": level,
                    "extensions": { TLP_EXTENSION: { "extension_type": "property-extension", "tlp_2_0": word } },
                }))?;
            }
            ids.push((*id).to_owned());
        }
        if tlp.is_none() || label.marking != label.level {
            let id = derived("marking-definition", &[&self.policy, &text]);
            file.put(&json!({
                "type": "marking-definition", "spec_version": "2.1", "id": id, "created": STATEMENT_CREATED,
                "name": text, "definition_type": "statement", "definition": { "statement": label.marking },
            }))?;
            ids.push(id);
        }
        let ids = json!(ids);
        self.given.insert(text, ids.clone());
        Ok(ids)
    }
}

fn note(packet: &Packet, about: &str, marking: Value) -> Value {
    let note = &packet.note;
    let mut references = vec![json!({ "source_name": "vigie", "external_id": note.id })];
    references
        .extend(note.external_id.iter().map(|name| json!({ "source_name": "vigie-external-id", "external_id": name })));
    references.extend(note.sources.iter().map(reference));
    references.extend(packet.attachments.iter().map(|file| {
        let hashes = file.digest.as_ref().map(|digest| json!({ "SHA-256": digest }));
        without_empty(json!({ "source_name": "vigie-attachment", "description": file.name, "hashes": hashes }))
    }));
    without_empty(json!({
        "type": "note", "spec_version": "2.1", "id": identifier("note", &note.id),
        "created": note.created, "modified": note.modified.max(note.created),
        "abstract": note.title, "content": note.body, "authors": [note.author.shown()], "object_refs": [about],
        "labels": labels(note), "lang": note.language, "confidence": note.grade.and_then(confidence),
        "external_references": references, "object_marking_refs": marking,
    }))
}

fn relationship(link: &Link, from: &Note, marking: Value) -> Value {
    without_empty(json!({
        "type": "relationship", "spec_version": "2.1", "id": identifier("relationship", &link.id),
        "created": link.created, "modified": link.created, "relationship_type": link.kind,
        "description": link.comment, "source_ref": identifier("note", &from.id),
        "target_ref": identifier("note", &link.to), "object_marking_refs": marking,
    }))
}

fn labels(note: &Note) -> Vec<String> {
    let mut labels = note.tags.clone();
    let kind = serde_json::to_value(note.kind).ok();
    labels.extend(kind.as_ref().and_then(Value::as_str).map(|kind| format!("vigie:kind=\"{kind}\"")));
    if let Some(Grade { reliability, credibility }) = note.grade {
        labels.push(format!("admiralty-scale:source-reliability=\"{}\"", reliability.to_ascii_lowercase()));
        labels.push(format!("admiralty-scale:information-credibility=\"{credibility}\""));
    }
    labels
}

/// STIX 2.1, appendix A: the Admiralty scale. 6 says that it cannot be judged, which is no number.
const fn confidence(grade: Grade) -> Option<u8> {
    match grade.credibility {
        1 => Some(90),
        2 => Some(70),
        3 => Some(50),
        4 => Some(30),
        5 => Some(10),
        _ => None,
    }
}

fn reference(source: &Source) -> Value {
    let name = [&source.title, &source.author, &source.url].into_iter().find(|text| !text.is_empty());
    let url = Some(&source.url).filter(|url| is_address(url));
    let told = [&source.author, &source.date, &source.url];
    let told = told.into_iter().filter(|text| !text.is_empty() && Some(*text) != url && Some(*text) != name);
    let mut description = told.cloned().collect::<Vec<_>>().join(", ");
    // A name alone is no reference in STIX.
    if description.is_empty() && url.is_none() {
        description = name.cloned().unwrap_or_default();
    }
    without_empty(json!({ "source_name": name, "url": url, "description": description }))
}

/// An address is any line of text with us; with STIX it is a URI.
fn is_address(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=".contains(&byte);
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_alphanumeric())
            && rest.bytes().all(plain)
            && rest.matches('#').count() <= 1
    })
}

/// STIX knows no property without a value.
fn without_empty(object: Value) -> Value {
    let Value::Object(properties) = object else { return object };
    let empty = |name: &str, value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() && name != "content",
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    properties.into_iter().filter(|(name, value)| !empty(name, value)).collect::<Map<_, _>>().into()
}

/// The STIX identifier of something of ours.
fn identifier(kind: &str, id: &str) -> String {
    match id.parse::<Id>() {
        Ok(id) => uuid(kind, *id.bytes()),
        Err(_another_server) => derived(kind, &[id]),
    }
}

/// The STIX identifier of what has none of ours: the same for the same words.
fn derived(kind: &str, words: &[&str]) -> String {
    let digest = sha256(&[b"vigie/stix/v1\0".as_slice(), kind.as_bytes(), b"\0", words.join("\0").as_bytes()]);
    uuid(kind, digest.0.first_chunk().copied().unwrap_or_default())
}

fn uuid(kind: &str, bytes: [u8; 16]) -> String {
    let number = u128::from_be_bytes(bytes);
    let number = number & !(0xf << 76) & !(0b11 << 62) | (0x4 << 76) | (0b10 << 62);
    let hex = format!("{number:032x}");
    let mut parts = hex.as_str();
    let mut text = format!("{kind}-");
    for length in [8, 4, 4, 4, 12] {
        let (part, rest) = parts.split_at_checked(length).unwrap_or((parts, ""));
        text.push('-');
        text.push_str(part);
        parts = rest;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_of_ours_is_a_uuid_of_version_four() {
        let zero = Id::from_bytes([0; 16]).to_string();
        assert_eq!(identifier("note", &zero), "note--00000000-0000-4000-8000-000000000000");
        let ones = Id::from_bytes([0xff; 16]).to_string();
        assert_eq!(identifier("note", &ones), "note--ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn only_an_address_is_given_as_one() {
        for (text, is) in [
            ("https://a.example/x?y=1#z", true),
            ("http://a.example", true),
            ("https://", false),
            ("https:///etc/passwd", false),
            ("javascript:alert(1)", false),
            ("https://a.example/a b", false),
            ("https://a.example/<x>", false),
            ("https://a.example/é", false),
            ("https://a.example/#a#b", false),
            ("Le Monde, 3 mars", false),
        ] {
            assert_eq!(is_address(text), is, "{text}");
        }
    }
}
