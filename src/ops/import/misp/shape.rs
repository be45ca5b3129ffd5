//! Which sort of MISP file it is, and where its entries stand.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::ops::import::{
    Reason,
    files::{Cut, Fault, Span, place},
    text,
};

/// What a file says of all its entries.
#[derive(Default)]
pub(super) struct Head {
    /// The galaxy's type: `threat-actor`.
    pub(super) kind: String,
    /// What the cluster is called, and by whom it is.
    pub(super) name: String,
    pub(super) source: String,
    pub(super) authors: String,
    parts: Vec<Part>,
}

impl Head {
    pub(super) fn part(&self, number: usize) -> Option<&Part> {
        // All entries of a cluster are elements; so many need no list.
        if self.parts.is_empty() { Some(&Part::Element) } else { self.parts.get(number) }
    }
}

/// What an entry is. Parts of an event know the event's identifier.
pub(super) enum Part {
    Element,
    Taxonomy,
    Event,
    Attribute(String),
    Object(String),
    Report(String),
}

/// The outermost object of a file. What is not named here is passed over.
#[derive(Deserialize)]
struct Outer<'a> {
    #[serde(borrow, default)]
    values: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default, rename = "Event")]
    event: Option<&'a RawValue>,
    #[serde(borrow, default)]
    response: Option<&'a RawValue>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    authors: Vec<String>,
    #[serde(default)]
    namespace: Option<String>,
    #[serde(default)]
    icon: Option<&'a RawValue>,
}

/// An event bare, or in an object of its own.
#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow, rename = "Event")]
    event: &'a RawValue,
}

#[derive(Deserialize)]
struct Event<'a> {
    uuid: String,
    #[serde(borrow, default, rename = "Attribute")]
    attributes: Vec<&'a RawValue>,
    #[serde(borrow, default, rename = "Object")]
    objects: Vec<&'a RawValue>,
    #[serde(borrow, default, rename = "EventReport")]
    reports: Vec<&'a RawValue>,
}

/// Cuts a file.
pub(super) fn cut(bytes: &[u8]) -> Result<Cut<Head>, Fault> {
    let whole = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let fault = |error: &serde_json::Error| fault(whole, error);
    let mut made = Made { bytes, head: Head::default(), spans: Vec::new(), faults: Vec::new() };
    if whole.trim_ascii_start().first() == Some(&b'[') {
        let list: Vec<&RawValue> = serde_json::from_slice(whole).map_err(|error| fault(&error))?;
        made.events(&list);
        return made.finish();
    }
    let outer: Outer<'_> = serde_json::from_slice(whole).map_err(|error| fault(&error))?;
    if let Some(event) = outer.event {
        made.event(event);
    } else if let Some(response) = outer.response {
        let list: Vec<&RawValue> = serde_json::from_str(response.get()).map_err(|_not_a_list| Reason::WrongFormat)?;
        made.events(&list);
    } else if outer.namespace.is_some() {
        made.head.parts.push(Part::Taxonomy);
        made.spans.push((place(bytes.len().saturating_sub(whole.len())), place(bytes.len())));
    } else if let (Some(values), Some(kind)) = (&outer.values, outer.kind.as_deref().and_then(text::kebab)) {
        made.head.kind = kind;
        made.head.name = outer.name.map(|name| text::heading(&name)).unwrap_or_default();
        made.head.source = outer.source.map(|source| text::heading(&source)).unwrap_or_default();
        made.head.authors = text::heading(&outer.authors.join(", "));
        made.spans = values.iter().map(|raw| made.span(raw)).collect();
        return Ok(Cut { head: made.head, spans: made.spans, faults: Vec::new() });
    } else if outer.icon.is_some() && outer.values.is_none() {
        // The description of a galaxy: no entry of its own.
        return Ok(Cut { head: made.head, spans: Vec::new(), faults: Vec::new() });
    }
    made.finish()
}

/// What the JSON reader says, as a place and a reason.
fn fault(bytes: &[u8], error: &serde_json::Error) -> Fault {
    let reason = if error.is_data() { Reason::WrongFormat } else { Reason::NotJson };
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    let before = lines.map(<[u8]>::len).fold(0, usize::saturating_add);
    let byte = u64::try_from(before.saturating_add(error.column().saturating_sub(1))).ok();
    Fault { byte, id: None, reason }
}

struct Made<'a> {
    bytes: &'a [u8],
    head: Head,
    spans: Vec<Span>,
    faults: Vec<(u32, Reason)>,
}

impl Made<'_> {
    /// Where a value stands: it was read from these very bytes.
    fn span(&self, raw: &RawValue) -> Span {
        let start = raw.get().as_ptr().addr().saturating_sub(self.bytes.as_ptr().addr());
        (place(start), place(start.saturating_add(raw.get().len())))
    }

    fn events(&mut self, list: &[&RawValue]) {
        for raw in list {
            let wrapped = serde_json::from_str::<Wrapped<'_>>(raw.get());
            self.event(wrapped.map_or(*raw, |wrapped| wrapped.event));
        }
    }

    fn event(&mut self, raw: &RawValue) {
        let span = self.span(raw);
        let Ok(event) = serde_json::from_str::<Event<'_>>(raw.get()) else {
            return self.faults.push((span.0, Reason::NoIdentifier));
        };
        if !text::sound_id(&event.uuid) {
            return self.faults.push((span.0, Reason::BadIdentifier));
        }
        self.head.parts.push(Part::Event);
        self.spans.push(span);
        let owner = &event.uuid;
        let attributes = event.attributes.iter().map(|raw| (raw, Part::Attribute(owner.clone())));
        let objects = event.objects.iter().map(|raw| (raw, Part::Object(owner.clone())));
        let reports = event.reports.iter().map(|raw| (raw, Part::Report(owner.clone())));
        for (raw, part) in attributes.chain(objects).chain(reports) {
            self.head.parts.push(part);
            self.spans.push(self.span(raw));
        }
    }

    fn finish(self) -> Result<Cut<Head>, Fault> {
        if self.spans.is_empty() && self.faults.is_empty() {
            return Err(Reason::WrongFormat.into());
        }
        Ok(Cut { head: self.head, spans: self.spans, faults: self.faults })
    }
}
