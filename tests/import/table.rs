//! Tables.

use vigie::{
    ops::import::{
        Unsaid,
        item::Kind,
        table::{self, Mapping, MappingError},
    },
    words::Language,
};

use crate::{Sorted, bundle, sorted};

const TABLE: &[u8] = include_bytes!("samples/table.csv");
const MAPPING: &str = include_str!("samples/mapping.toml");

fn import(table: &[u8], mapping: &str) -> Sorted {
    let mapping = Mapping::parse(mapping).expect("a mapping");
    sorted(table::from_bundles(vec![bundle("t.csv", table)], mapping, Unsaid::Guessed(Language::English)))
}

#[test]
fn a_row_becomes_a_note_as_the_mapping_says() {
    let found = import(TABLE, MAPPING);
    assert_eq!(found.titles(), ["Première", "Seconde"]);
    let first = &found.notes[0];
    assert_eq!((first.external_id.as_str(), first.kind, first.language), ("essai:R1", Kind::Watch, Language::French));
    assert!(first.body.starts_with("Un texte; avec \"guillemets\"\net deux lignes\n\n"), "{}", first.body);
    assert!(first.body.contains("| Reste | gardé |"), "{}", first.body);
    assert_eq!(first.tags, ["import", "alpha", "bêta"]);
    let source = &first.sources[0];
    assert_eq!((source.url.as_deref(), source.date.as_deref()), (Some("https://a.example/1"), Some("2026-11-21")));
    // What is no address and no date is not lost.
    assert!(found.notes[1].body.contains("| Lien | pas une adresse |"), "{}", found.notes[1].body);
    assert_eq!(found.ends(), [("essai:R1", "related", "essai:R2")]);
    assert_eq!(found.codes(), ["wrong-columns", "no-identifier"]);
}

#[test]
fn a_table_without_the_columns_of_the_mapping_is_refused_whole() {
    let found = import(b"a,b\n1,2\n", "prefix = \"x\"\ntitle = \"a\"\ntags = [\"b\", \"c\"]");
    assert_eq!(found.codes(), ["no-column"]);
    let told = found.refused[0].sentence().render(Language::English);
    assert!(told.contains("“t.csv”, c:") && told.contains("“tags”"), "which column, under which key: {told}");
    assert_eq!(import(b"a,a\n1,2\n", "prefix = \"x\"\ntitle = \"a\"").codes(), ["same-columns"]);
    assert_eq!(import(b"", "prefix = \"x\"\ntitle = \"a\"").codes(), ["wrong-format"]);
    assert_eq!(import(b"a\n\xff\n", "prefix = \"x\"\ntitle = \"a\"").codes(), ["not-utf8"]);
}

#[test]
fn a_row_is_in_the_language_of_its_words_unless_the_mapping_or_the_person_names_one() {
    let rows = "a,b\nRadar,La portée est de vingt kilomètres.\nRadar,Short\n".as_bytes();
    let languages = |mapping: &str, unsaid| {
        let mapping = Mapping::parse(&format!("prefix = \"x\"\ntitle = \"a\"\n{mapping}")).expect("a mapping");
        let found = sorted(table::from_bundles(vec![bundle("t.csv", rows)], mapping, unsaid));
        found.notes.iter().map(|note| note.language).collect::<Vec<_>>()
    };
    let terminal = Unsaid::Guessed(Language::English);
    assert_eq!(languages("", terminal), [Language::French, Language::English]);
    assert_eq!(languages("language = \"de\"", terminal), [Language::German; 2]);
    assert_eq!(languages("", Unsaid::Known(Language::German)), [Language::German; 2]);
}

#[test]
fn old_encodings_are_read_when_they_are_named() {
    let found = import(b"a\n\xe9t\xe9 \x80\n", "prefix = \"x\"\ntitle = \"a\"\nencoding = \"windows-1252\"");
    assert_eq!(found.titles(), ["été €"]);
}

#[test]
fn a_row_without_a_name_is_known_by_its_content() {
    let found = import(b"a\nx\nx\ny\n", "prefix = \"x\"\ntitle = \"a\"");
    assert_eq!((found.titles(), found.codes()), (vec!["x", "y"], vec!["repeated"]));
    let found = import(b"a,b\nx,1\nx,2\n", "prefix = \"x\"\ntitle = \"b\"\nid = \"a\"");
    assert_eq!((found.titles(), found.codes()), (vec!["1"], vec!["name-taken"]), "never one in the place of another");
}

#[test]
fn a_mapping_says_what_is_wrong_with_it() {
    let wrong = |text: &str| Mapping::parse(text).expect_err("no mapping");
    assert!(matches!(wrong("title = 1"), MappingError::Malformed(_)));
    assert!(matches!(wrong("prefix = \"x\"\ntitle = \"a\"\ncolour = \"b\""), MappingError::Malformed(_)));
    assert_eq!(wrong("prefix = \"x\"\ntitle = \"a\"\ndelimiter = \"ab\""), MappingError::Value("delimiter"));
    assert_eq!(wrong("prefix = \"X Y\"\ntitle = \"a\""), MappingError::Value("prefix"));
    assert_eq!(wrong("prefix = \"x\"\ntitle = \"a\"\nlanguage = \"it\""), MappingError::Value("language"));
}
