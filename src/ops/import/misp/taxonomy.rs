//! A taxonomy as a note: what its tags mean.

use super::{Properties, objects, word};
use crate::{
    limits::NOTE_TITLE_CHARS_MAX,
    ops::import::{Note, Reason, item::Kind, page::Page, text},
    words::Language,
};

pub(super) fn note(properties: &Properties) -> Result<Note, Reason> {
    let namespace = word(properties, "namespace").filter(|name| text::sound_id(name) && name.len() <= 200);
    let namespace = namespace.map(|name| text::heading(&name)).ok_or(Reason::BadIdentifier)?;
    let title = word(properties, "expanded").map(|title| text::heading(&title)).filter(|title| !title.is_empty());
    let mut page = Page::new(Language::English);
    if let Some(description) = word(properties, "description") {
        page.add("description", &format!("{description}\n\n"));
    }
    let mut rows = Vec::new();
    for predicate in objects(properties, "predicates") {
        let Some(name) = word(predicate, "value") else { continue };
        rows.push((format!("{namespace}:{name}"), meaning(predicate)));
    }
    for group in objects(properties, "values") {
        let Some(predicate) = word(group, "predicate") else { continue };
        for entry in objects(group, "entry") {
            let Some(value) = word(entry, "value") else { continue };
            rows.push((format!("{namespace}:{predicate}=\"{value}\""), meaning(entry)));
        }
    }
    page.table(&rows);
    Ok(Note {
        external_id: format!("misp-taxonomy:{namespace}"),
        kind: Kind::Watch,
        title: text::shortened(title.unwrap_or_else(|| namespace.clone()), NOTE_TITLE_CHARS_MAX),
        body: page.finish(),
        tags: [Some("misp-taxonomy".to_owned()), text::tag(&namespace)].into_iter().flatten().collect(),
        language: Language::English,
        sources: Vec::new(),
        grade: None,
        review: None,
        expires: None,
        label: None,
        home: None,
    })
}

fn meaning(entry: &Properties) -> String {
    let words = ["expanded", "description"].map(|name| word(entry, name));
    let told = words.into_iter().flatten().collect::<Vec<_>>().join(" — ");
    if told.is_empty() { "–".to_owned() } else { told }
}
