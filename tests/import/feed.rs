//! Feeds.

use vigie::{
    ops::import::{Unsaid, feed},
    words::Language,
};

use crate::{Sorted, bundle, corpus, sorted};

fn import(text: &str) -> Sorted {
    sorted(feed::from_bundles(vec![bundle("f.xml", text)], Unsaid::Guessed(Language::German)))
}

#[test]
fn an_entry_of_rss_becomes_a_note() {
    let found = import(include_str!("samples/rss.xml"));
    assert_eq!(found.titles(), ["Une faille & sa suite", "Sans titre mais parlant."]);
    let first = &found.notes[0];
    assert_eq!(first.body, "Le texte (https://x.example/) entier.\n\n- un\n\n- deux\n\n- https://feed.example/a.mp3\n");
    assert_eq!((first.language, first.tags.as_slice()), (Language::French, &["alerte".to_owned()][..]));
    let source = &first.sources[0];
    assert_eq!(source.url.as_deref(), Some("https://feed.example/1"));
    assert_eq!(source.title.as_deref(), Some("Veille & co"), "not the title of the picture");
    assert_eq!((source.author.as_deref(), source.date.as_deref()), (Some("J. Dupont"), Some("2026-11-20")));
    assert_eq!(found.codes(), ["unclosed-entry", "no-title"]);
}

#[test]
fn an_entry_of_atom_becomes_a_note() {
    let found = import(include_str!("samples/atom.xml"));
    assert_eq!(found.titles(), ["A < B"]);
    let first = &found.notes[0];
    assert_eq!(first.body, "## Part\n\nOne and two.\n\n- https://feed.example/f.pdf\n");
    assert_eq!((first.language, first.tags.as_slice()), (Language::English, &["cti".to_owned()][..]));
    assert_eq!(first.sources[0].author.as_deref(), Some("Jane Doe"));
    assert_eq!(first.sources[0].date.as_deref(), Some("2026-11-21"));
}

#[test]
fn rdf_and_json_feeds_are_feeds() {
    let found = import(include_str!("samples/rdf.xml"));
    assert_eq!((found.titles(), found.notes[0].language), (vec!["One"], Language::German));
    let found = import(include_str!("samples/feed.json"));
    assert_eq!((found.titles(), found.codes()), (vec!["One", "Two paragraphs"], vec!["not-an-object"]));
    assert_eq!(found.notes[1].body, "Two paragraphs\n\nhere\n");
}

#[test]
fn a_document_may_be_one_entry_of_atom() {
    let entry = |attributes: &str| {
        let inner = "<title>Seule</title><id>urn:e</id><summary>La portée est de vingt kilomètres.</summary>";
        import(&format!("<?xml version=\"1.0\"?>\n<!-- saved -->\n<entry {attributes}>{inner}</entry>"))
    };
    let found = entry("xmlns=\"http://www.w3.org/2005/Atom\"");
    assert_eq!((found.titles(), found.codes()), (vec!["Seule"], vec![]));
    assert_eq!(found.notes[0].language, Language::French, "under a German terminal");
    assert_eq!(entry("xmlns='http://www.w3.org/2005/Atom' xml:lang='en'").notes[0].language, Language::English);
    assert_eq!(entry("").codes(), ["wrong-format"], "an entry of what?");
}

#[test]
fn what_is_no_feed_is_refused() {
    for text in ["", "words", "<html><body>x</body></html>", "{\"version\": \"2\", \"items\": []}"] {
        assert_eq!(import(text).codes(), ["wrong-format"], "{text}");
    }
    assert_eq!(import("{").codes(), ["not-json"]);
}

#[test]
fn every_dialect_of_the_collection_is_read() {
    let Some((_scratch, folder)) = corpus("feed-rs-fixtures", "feeds") else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder.join("feed-rs/fixture"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.retain(|path| !path.to_string_lossy().ends_with(".serde.json"));
    files.sort();
    let (mut notes, mut silent, mut refused) = (0, Vec::new(), Vec::new());
    for file in &files {
        let found = sorted(feed::import(std::slice::from_ref(file), Unsaid::Guessed(Language::English)));
        if found.notes.is_empty() {
            silent.push((file.file_name().map(ToOwned::to_owned), found.codes()));
        }
        notes += found.notes.len();
        refused.extend(found.codes());
    }
    eprintln!("{} feeds, {notes} notes; without a note: {silent:?}", files.len());
    assert!(silent.is_empty(), "{silent:?}");
    assert_eq!(notes, 102, "{refused:?}");
}
