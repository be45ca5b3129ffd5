//! MISP: galaxies, taxonomies, events.

use vigie::ops::import::misp;

use crate::{Sorted, bundle, corpus, sorted};

const GALAXY: &str = include_str!("samples/galaxy.json");
const EVENT: &str = include_str!("samples/event.json");
const TAXONOMY: &str = include_str!("samples/taxonomy.json");

fn import(files: &[&str]) -> Sorted {
    let bundles = files.iter().enumerate().map(|(number, file)| bundle(&format!("{number}.json"), *file));
    sorted(misp::from_bundles(bundles.collect()))
}

#[test]
fn an_element_becomes_a_note_known_by_its_cluster_and_name() {
    let found = import(&[GALAXY]);
    assert_eq!(found.titles(), ["First Group", "Second Group", "Second Group again"]);
    let first = &found.notes[0];
    assert_eq!(first.external_id, "misp-galaxy:threat-actor:11111111-0000-4000-8000-000000000001");
    assert_eq!(first.tags, ["threat-actor", "persistence"]);
    assert!(first.body.starts_with("A first group, `tool` in hand.\n\n- **Aliases:** FIRST, G-1\n"), "{}", first.body);
    assert!(first.body.contains("- not an address\n") && first.body.contains("| country | XX |\n"), "{}", first.body);
    assert!(first.body.contains("| related: similar | 99999999-0000-4000-8000-000000000009 |"), "{}", first.body);
    assert_eq!(first.sources[0].title.as_deref(), Some("MISP galaxy: Threat Actor, MISP Project"));
    assert_eq!(first.sources[0].author.as_deref(), Some("A. Author, B. Author"));
    assert_eq!(first.sources[1].url.as_deref(), Some("https://a.example/report"));
    assert_eq!(found.notes[1].tags, ["threat-actor", "revoked"]);
    assert!(found.notes[2].external_id.ends_with("0002#2"), "the second of one name stays apart");
}

#[test]
fn a_relation_is_one_link_or_is_told() {
    let found = import(&[GALAXY]);
    let of = |number: u8| {
        format!("misp-galaxy:threat-actor:{n}{n}{n}{n}{n}{n}{n}{n}-0000-4000-8000-00000000000{n}", n = number)
    };
    assert_eq!(found.ends(), [(of(1).as_str(), "uses", of(2).as_str())]);
    assert!(found.links[0].comment.contains("likely"));
    assert_eq!(found.codes(), ["no-title", "not-an-object", "repeated", "no-such-end", "self-relation"]);
    assert!(found.refused[0].place.byte.is_some_and(|byte| {
        GALAXY.get(byte as usize..).is_some_and(|rest| rest.starts_with("{\"description\": \"No name"))
    }));
}

#[test]
fn an_event_and_its_parts_become_notes_held_together() {
    let found = import(&[EVENT, GALAXY]);
    let of = |tail: &str| found.notes.iter().find(|note| note.external_id.ends_with(tail)).expect("the note");
    assert_eq!(of("0000a").title, "Phishing wave");
    assert_eq!(of("0000a").tags, ["misp-event", "tlp:amber"], "a marking is a tag, never a label");
    assert_eq!(of("0000a").sources[0].author.as_deref(), Some("CERT Example"));
    assert_eq!(of("0000b").tags, ["misp-attribute", "domain", "network-activity"]);
    assert!(of("0000b").body.starts_with("seen \\*twice\\*\n\n```\nbad.example\n```"), "{}", of("0000b").body);
    assert_eq!(of("cccc-0000-4000-8000-00000000000c").title, "file: d41d8cd98f00b204e9800998ecf8427e");
    assert!(of("0000e").body.starts_with("# What happened"));
    let kinds: Vec<&str> = found.links.iter().map(|link| link.kind.as_str()).collect();
    assert_eq!(kinds, ["related", "part-of", "part-of", "part-of", "connects-to", "part-of", "uses"]);
    assert!(found.codes().contains(&"sample-data"), "{:?}", found.codes());
}

#[test]
fn a_taxonomy_is_one_note_of_its_tags() {
    let found = import(&[TAXONOMY]);
    assert_eq!(found.titles(), ["Permissible Actions Protocol"]);
    assert!(found.notes[0].body.contains("| PAP:RED | Not to be used |\n"), "{}", found.notes[0].body);
    assert!(found.notes[0].body.contains("| PAP:level=\"1\" | One |\n"), "{}", found.notes[0].body);
}

#[test]
fn a_file_that_is_none_is_refused_once_and_the_next_has_its_turn() {
    let found = import(&["{\"values\": [", "[1, 2", "{}", "\u{1}", "{\"values\": 3, \"type\": \"x\"}", TAXONOMY]);
    assert_eq!(found.codes(), ["not-json", "not-json", "wrong-format", "not-json", "wrong-format"]);
    assert_eq!(found.notes.len(), 1);
}

#[test]
fn the_same_files_give_the_same_items_in_the_same_order() {
    assert_eq!(import(&[GALAXY, EVENT, TAXONOMY]), import(&[GALAXY, EVENT, TAXONOMY]));
}

#[test]
fn the_whole_galaxy_comes_in() {
    let Some((_scratch, folder)) = corpus("misp-galaxy", "galaxy") else { return };
    let found = sorted(misp::import(&[folder.join("clusters")]));
    let count = |code: &str| found.codes().into_iter().filter(|known| *known == code).count();
    assert_eq!(found.notes.len(), 46_025);
    let told = [count("repeated"), count("no-such-end"), count("self-relation")];
    eprintln!("{} notes, {} links; repeated, no such end, to itself: {told:?}", found.notes.len(), found.links.len());
    // Every relation is a link, or is told: stated before, an end that is not in the collection, both ends one.
    assert_eq!(found.links.len() + told.iter().sum::<usize>(), 60_141);
    assert_eq!(found.refused.len(), told.iter().sum::<usize>(), "nothing else is refused");
}

#[test]
fn every_taxonomy_comes_in() {
    let Some((_scratch, folder)) = corpus("misp-taxonomies", "taxonomies") else { return };
    let found = sorted(misp::import(&[folder]));
    assert!(found.notes.len() > 100, "{}", found.notes.len());
}
