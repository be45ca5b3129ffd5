//! The first reading: which version of each object is the newest, and what the
//! markings are called.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;
use serde_json::Value;

use super::{
    Properties,
    cut::{Content, Object},
};
use crate::{
    crypto::sha256,
    limits::{IMPORT_MARKINGS_MAX, IMPORT_OBJECTS_MAX},
    ops::import::{Reason, text},
};

/// What every object must tell about itself.
#[derive(Deserialize)]
pub(super) struct Head<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Word<'a>,
    #[serde(borrow, default)]
    id: Word<'a>,
    #[serde(borrow, default)]
    modified: Word<'a>,
    #[serde(borrow, default)]
    created: Word<'a>,
}

/// A string; anything else is as if it were not there.
#[derive(Default)]
struct Word<'a>(Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Word<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de serde_json::value::RawValue>::deserialize(deserializer)?.get();
        let word = match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(plain) if !plain.contains('\\') => Some(Cow::Borrowed(plain)),
            Some(_) => serde_json::from_str(raw).ok().map(Cow::Owned),
            None => None,
        };
        Ok(Self(word))
    }
}

/// The text of an object that was cut out.
fn text_of<'a>(content: &Content<'a>) -> Result<&'a str, Reason> {
    match content {
        Content::Whole(bytes) => std::str::from_utf8(bytes).map_err(|_not_utf8| Reason::NotUtf8),
        Content::TooLarge => Err(Reason::TooLarge),
        Content::TooDeep => Err(Reason::TooDeep),
    }
}

/// All properties of an object.
pub(super) fn properties(content: &Content<'_>) -> Result<Properties, Reason> {
    serde_json::from_str(text_of(content)?).map_err(|_not_json| Reason::Malformed)
}

impl<'a> Head<'a> {
    pub(super) fn read(content: &Content<'a>) -> Result<Self, Reason> {
        let text = text_of(content)?;
        if !text.starts_with('{') {
            return Err(Reason::NotAnObject);
        }
        serde_json::from_str(text).map_err(|_not_json| Reason::Malformed)
    }

    /// The identifier, if it is fit to be shown.
    pub(super) fn identifier(&self) -> Option<&str> {
        self.id.0.as_deref().filter(|id| text::sound_id(id))
    }

    pub(super) fn kind(&self) -> Option<&str> {
        self.kind.0.as_deref()
    }

    /// Identifier and type.
    pub(super) fn sound(&self) -> Result<(&str, &str), Reason> {
        let kind = self.kind().filter(|kind| !kind.trim().is_empty()).ok_or(Reason::NoType)?;
        let id = self.id.0.as_deref().filter(|id| !id.is_empty()).ok_or(Reason::NoIdentifier)?;
        if text::sound_id(id) { Ok((id, kind)) } else { Err(Reason::BadIdentifier) }
    }

    /// When this version was made; the beginning of time when it does not say.
    fn version(&self) -> jiff::Timestamp {
        let dates = [&self.modified, &self.created];
        let date = dates.into_iter().find_map(|word| word.0.as_deref()?.parse().ok());
        date.unwrap_or(jiff::Timestamp::MIN)
    }
}

/// What stands at one identifier.
#[derive(Clone, Copy)]
struct Newest {
    version: jiff::Timestamp,
    ordinal: u64,
}

/// Whether a version is the one to import.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rank {
    Newest,
    Repeated,
    /// Beyond the number of objects one import may have.
    Unknown,
}

/// The newest version of each object, and the names of markings.
#[derive(Default)]
pub(super) struct Survey {
    newest: BTreeMap<[u8; 32], Newest>,
    /// Identifier of a marking definition -> tag.
    markings: BTreeMap<String, String>,
    ordinal: u64,
}

impl Survey {
    /// Numbers the objects of a reading over all files.
    pub(super) fn next_ordinal(&mut self) -> u64 {
        self.ordinal = self.ordinal.saturating_add(1);
        self.ordinal
    }

    /// Another reading of the same files begins.
    pub(super) fn restart(&mut self) {
        self.ordinal = 0;
    }

    pub(super) fn observe(&mut self, object: &Object<'_>, ordinal: u64) {
        let Ok(head) = Head::read(&object.content) else { return };
        let Ok((id, kind)) = head.sound() else { return };
        let candidate = Newest { version: head.version(), ordinal };
        let name = sha256(&[id.as_bytes()]).0;
        let full = self.newest.len() >= IMPORT_OBJECTS_MAX;
        match self.newest.get_mut(&name) {
            Some(known) if known.version < candidate.version => *known = candidate,
            Some(_newer) => return,
            None if full => return,
            None => {
                self.newest.insert(name, candidate);
            }
        }
        if kind == "marking-definition" && self.markings.len() < IMPORT_MARKINGS_MAX {
            let tag =
                properties(&object.content).ok().as_ref().and_then(marking_name).and_then(|name| text::tag(&name));
            if let Some(tag) = tag {
                self.markings.insert(id.to_owned(), tag);
            }
        }
    }

    pub(super) fn rank(&self, id: &str, ordinal: u64) -> Rank {
        match self.newest.get(&sha256(&[id.as_bytes()]).0) {
            Some(newest) if newest.ordinal == ordinal => Rank::Newest,
            Some(_) => Rank::Repeated,
            None => Rank::Unknown,
        }
    }

    /// The tags of the markings of an object and of its parts.
    pub(super) fn marking_tags(&self, properties: &Properties) -> Vec<String> {
        let whole = properties.get("object_marking_refs").and_then(Value::as_array);
        let parts = properties.get("granular_markings").and_then(Value::as_array);
        let parts = parts.into_iter().flatten().filter_map(|part| part.get("marking_ref"));
        let ids = whole.into_iter().flatten().chain(parts).filter_map(Value::as_str);
        ids.filter_map(|id| {
            let defined = self.markings.get(id).map(String::as_str);
            published_marking(id).or(defined).map(str::to_owned)
        })
        .collect()
    }
}

/// What a marking definition is called: its TLP colour, else its name.
pub(super) fn marking_name(properties: &Properties) -> Option<String> {
    let word = |name: &str| properties.get(name).and_then(Value::as_str).map(str::to_owned);
    if let Some(published) = word("id").as_deref().and_then(published_marking) {
        return Some(published.to_owned());
    }
    let colour = properties.get("definition").and_then(|definition| definition.get("tlp")).and_then(Value::as_str);
    colour.map(|colour| format!("tlp:{colour}")).or_else(|| word("name")).or_else(|| word("x_opencti_definition"))
}

/// The TLP markings that the standard publishes under fixed identifiers: STIX 2.1 §7.2.1.4 (TLP 1) and the OASIS
/// common objects (TLP 2.0). WHITE is the old name of CLEAR.
fn published_marking(id: &str) -> Option<&'static str> {
    Some(match id.strip_prefix("marking-definition--")? {
        "94868c89-83c2-464b-929b-a1a8aa3c8487" | "613f2e26-407d-48c7-9eca-b8e91df99dc9" => "tlp:clear",
        "bab4a63c-aed9-4cf5-a766-dfca5abac2bb" | "34098fce-860f-48ae-8e50-ebd3cc5e41da" => "tlp:green",
        "55d920b0-5e8b-4f79-9ee9-91f868d9b421" | "f88d31f6-486f-44da-b317-01333bde0b82" => "tlp:amber",
        "939a9414-2ddd-4d32-a0cd-375ea402b003" => "tlp:amber+strict",
        "e828b379-4e03-4974-9ac4-e53a884c97c1" | "5e57c739-391a-4eb3-b6be-7d15ca92d5ed" => "tlp:red",
        _ => return None,
    })
}
