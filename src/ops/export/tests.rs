//! Files made of what a server could have let out.

use super::{
    collect::Collected,
    csv,
    names::Names,
    packet::{Link, Note, Packet, Person},
    spool::Spool,
    stix,
};
use crate::{clock::Time, label::LabelView, ops::import::item::Kind};

pub(super) fn label(level: &str) -> LabelView {
    LabelView {
        level: level.to_owned(),
        categories: Vec::new(),
        releasable: vec!["FRA".to_owned()],
        marking: format!("MARKED {level}"),
    }
}

pub(super) fn note(id: &str, title: &str) -> Note {
    let person = Person { id: "p".to_owned(), display: Some("Agent".to_owned()) };
    Note {
        id: id.to_owned(),
        version: 1,
        label: label("DR"),
        kind: Kind::Watch,
        title: title.to_owned(),
        body: "=1+1".to_owned(),
        tags: vec!["radar".to_owned()],
        language: "fr".to_owned(),
        sources: Vec::new(),
        grade: None,
        review: None,
        expires: None,
        created: Time(1_000),
        author: person,
        modified: Time(2_000),
        external_id: None,
    }
}

fn collected(packets: Vec<Packet>) -> Collected {
    let file = std::env::temp_dir().join(format!("vigie-spool-{}-{:p}", std::process::id(), &packets));
    let mut spool = Spool::new(&file).expect("a spool");
    let mut names = Names::default();
    for packet in &packets {
        spool.keep(packet).expect("kept");
        names.give(&packet.note);
    }
    std::fs::remove_file(&file).expect("a file goes");
    Collected { spool, names, space: None, policy: "tlp".to_owned(), ceiling: label("S"), label: label("DR") }
}

fn link(to: &str) -> Link {
    Link {
        id: "l".to_owned(),
        label: label("TLP:RED"),
        to: to.to_owned(),
        kind: "contradicts".to_owned(),
        comment: String::new(),
        created: Time(5),
        external_id: None,
    }
}

#[test]
fn a_link_to_what_did_not_leave_is_in_no_bundle() {
    let packet = |id: &str, links| Packet { note: note(id, "T"), links, further: false, attachments: Vec::new() };
    let mut collected = collected(vec![packet("one", vec![link("two"), link("elsewhere")]), packet("two", Vec::new())]);
    let mut out = Vec::new();
    let counts = stix::bundle(&mut collected, &mut out).expect("a bundle");
    assert_eq!((counts.notes, counts.links, counts.elsewhere), (2, 1, 1));
    let bundle: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
    let objects = bundle["objects"].as_array().expect("objects");
    let of = |kind: &str| objects.iter().filter(|object| object["type"] == kind).collect::<Vec<_>>();
    assert_eq!((of("note").len(), of("relationship").len(), of("identity").len()), (2, 1, 1));
    let red = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";
    let marks = of("relationship")[0]["object_marking_refs"].as_array().expect("marks").clone();
    assert!(marks.contains(&red.into()) && marks.len() == 2, "what TLP cannot say is said beside it: {marks:?}");
    let known: Vec<&str> = objects.iter().filter_map(|object| object["id"].as_str()).collect();
    for object in objects {
        for mark in object["object_marking_refs"].as_array().into_iter().flatten() {
            assert!(known.contains(&mark.as_str().expect("an identifier")));
        }
    }
    assert!(!String::from_utf8_lossy(&out).contains("elsewhere"));
}

#[test]
fn a_table_has_a_line_a_note_and_the_marking_of_the_whole_on_each() {
    let packet = Packet { note: note("one", "T"), links: Vec::new(), further: false, attachments: Vec::new() };
    let mut out = Vec::new();
    csv::table(&mut collected(vec![packet]), &mut out).expect("a table");
    let text = String::from_utf8(out).expect("text");
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("\"marking\",\"label\"") && lines[0].ends_with("\"file_marking\""));
    assert!(lines[1].starts_with("\"MARKED DR\",\"DR/FRA\",\"one\"") && lines[1].ends_with("\"MARKED DR\""));
    assert!(lines[1].contains("\"'=1+1\""), "{text}");
}

#[test]
fn the_newer_version_of_a_note_takes_the_place_of_the_older() {
    let packet = |version, title: &str| Packet {
        note: Note { version, ..note("one", title) },
        links: Vec::new(),
        further: false,
        attachments: Vec::new(),
    };
    let mut collected = collected(vec![packet(1, "old"), packet(2, "new")]);
    let titles: Vec<String> =
        collected.spool.packets().expect("a spool").map(|packet| packet.expect("a packet").note.title).collect();
    assert_eq!(titles, ["new"]);
}
