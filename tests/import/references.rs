//! BibTeX and RIS.

use vigie::{
    ops::import::{Unsaid, references},
    words::Language,
};

use crate::{Sorted, bundle, sorted};

fn import(text: &str) -> Sorted {
    sorted(references::from_bundles(vec![bundle("works", text)], Unsaid::Guessed(Language::English)))
}

#[test]
fn an_entry_of_bibtex_becomes_a_note() {
    let found = import(include_str!("samples/works.bib"));
    assert_eq!(found.titles(), ["Secure Computer Systems: Mathematical Foundations", "The Whole"]);
    let first = &found.notes[0];
    assert_eq!(first.external_id, "bib:bell1973");
    assert_eq!(first.tags, ["article", "security", "models"]);
    assert!(first.body.starts_with("On Überlegungen – and 100% more.\n"), "{}", first.body);
    assert!(first.body.contains("| note | Kept |"), "{}", first.body);
    let source = &first.sources[0];
    assert_eq!(source.url.as_deref(), Some("https://doi.org/10.1000/xyz"));
    assert_eq!(source.author.as_deref(), Some("David Elliott Bell; The MITRE Corporation; René Le Roux"));
    assert_eq!(source.title.as_deref(), Some("Journal of Computer Security (reprint)"));
    assert_eq!(source.date.as_deref(), Some("1973-11"));
    assert_eq!(found.ends(), [("bib:bell1973", "part-of", "bib:whole")]);
    assert_eq!(found.codes(), ["unclosed-entry", "no-title", "bad-entry"]);
}

#[test]
fn a_record_of_ris_becomes_a_note() {
    let found = import(include_str!("samples/works.ris"));
    assert_eq!(found.titles(), ["A title", "A report"]);
    let first = &found.notes[0];
    assert_eq!(first.external_id, "ris:10.1000/abc");
    assert!(first.body.starts_with("An abstract that goes on\n"), "{}", first.body);
    assert!(first.body.contains("| SN | 1234-5678 |"), "{}", first.body);
    assert_eq!(first.sources[0].author.as_deref(), Some("Jane Doe; E. Muster"));
    assert_eq!(first.sources[0].date.as_deref(), Some("2024-05-17"));
    assert_eq!(found.codes(), ["unclosed-entry"]);
}

#[test]
fn a_work_that_names_no_language_is_in_that_of_its_words() {
    let found = import(
        "@book{a, title = {Les radars et leur portée}}\n@book{b, title = {Radar}}\n@book{c, title = {Les radars}, langid = {german}}\n",
    );
    let languages: Vec<Language> = found.notes.iter().map(|note| note.language).collect();
    assert_eq!(languages, [Language::French, Language::English, Language::German]);
}

#[test]
fn what_holds_no_reference_is_refused() {
    assert_eq!(import("words, and an @ here").codes(), ["wrong-format"]);
}
