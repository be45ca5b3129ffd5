//! JSON Feed 1.0 and 1.1.

use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use super::{
    entry::{Said, day},
    shape::Head,
};
use crate::{
    ops::import::{
        Reason,
        files::{Cut, Fault, place},
        markup::cleaned,
        text,
    },
    words::Language,
};

#[derive(Deserialize)]
struct Outer<'a> {
    #[serde(default)]
    version: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    feed_url: String,
    #[serde(default)]
    home_page_url: String,
    #[serde(default)]
    language: String,
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

pub(super) fn cut(feed: &str) -> Result<Cut<Head>, Fault> {
    let outer: Outer<'_> = serde_json::from_str(feed)
        .map_err(|error| if error.is_data() { Reason::WrongFormat } else { Reason::NotJson })?;
    if !outer.version.contains("jsonfeed.org") {
        return Err(Reason::WrongFormat.into());
    }
    let identity = [outer.feed_url, outer.home_page_url, outer.title.clone()];
    let identity = identity.into_iter().map(|known| text::heading(&known)).find(|known| !known.is_empty());
    let head = Head {
        json: true,
        title: text::heading(&outer.title),
        identity: identity.unwrap_or_default(),
        language: Language::from_preference(&outer.language),
    };
    let span = |raw: &&RawValue| {
        let start = raw.get().as_ptr().addr().saturating_sub(feed.as_ptr().addr());
        (place(start), place(start.saturating_add(raw.get().len())))
    };
    Ok(Cut { head, spans: outer.items.iter().map(span).collect(), faults: Vec::new() })
}

pub(super) fn read(entry: &str) -> Result<Said, Reason> {
    let entry: Map<String, Value> = serde_json::from_str(entry).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Reason::NotAnObject,
        _ => Reason::Malformed,
    })?;
    let word = |name: &str| match entry.get(name) {
        Some(Value::String(word)) => word.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let objects =
        |name: &str| entry.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let names = objects("authors").chain(entry.get("author").and_then(Value::as_object));
    let names: Vec<String> = names.filter_map(|author| author.get("name")?.as_str()).map(text::heading).collect();
    let html = word("content_html");
    let body = if html.is_empty() {
        let words = [word("content_text"), word("summary")].into_iter().find(|words| !words.is_empty());
        text::plain(&words.unwrap_or_default()).split("\n\n").map(text::escaped).collect::<Vec<_>>().join("\n\n")
    } else {
        cleaned(&html).body
    };
    let tags = entry.get("tags").and_then(Value::as_array).into_iter().flatten();
    let enclosures = objects("attachments").filter_map(|file| text::web(file.get("url")?.as_str()?));
    Ok(Said {
        title: text::heading(&word("title")),
        identity: text::heading(&word("id")),
        link: text::web(&word("url")).or_else(|| text::web(&word("external_url"))),
        author: names.join(", "),
        date: day(&word("date_published")).or_else(|| day(&word("date_modified"))),
        body,
        tags: tags.filter_map(Value::as_str).map(str::to_owned).collect(),
        enclosures: enclosures.collect(),
        language: Language::from_preference(&word("language")),
    })
}
