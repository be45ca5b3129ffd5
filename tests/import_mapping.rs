//! The importers over real collections and over broken ones.
//!
//! The collections stand beside the repository (`../shared/corpora`); where they are absent, the tests that need them
//! say so and pass.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says when it has nothing to test"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    process::Command,
};

use proptest::prelude::*;
use serde_json::{Value, json, value::RawValue};
use vigie::{
    ops::import::{Folders, Item, Link, Note, Outcome, Reason, Refused, Unsaid, markdown, stix},
    words::Language,
};

/// A folder of this test alone, removed with it.
struct Scratch {
    folder: PathBuf,
    /// What the test looks at: the folder, or what was unpacked into it.
    inner: PathBuf,
}

impl std::ops::Deref for Scratch {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.inner
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{}: {error}", self.folder.display());
        }
    }
}

/// The collection of that name, unpacked; nothing where it is absent.
fn corpus(name: &str, test: &str) -> Option<Scratch> {
    let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../shared/corpora/{name}.tar.xz"));
    if !packed.is_file() {
        eprintln!("{test}: {name} is absent, nothing tested");
        return None;
    }
    let mut scratch = scratch(test);
    let status = Command::new("tar").arg("xJf").arg(&packed).arg("-C").arg(&scratch.folder).status().expect("tar runs");
    assert!(status.success());
    scratch.inner.push(name);
    Some(scratch)
}

fn scratch(test: &str) -> Scratch {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("import-{test}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the scratch folder can be made");
    Scratch { inner: folder.clone(), folder }
}

struct Sorted {
    notes: Vec<Note>,
    links: Vec<Link>,
    refused: Vec<Refused>,
}

fn sorted(outcomes: impl Iterator<Item = Outcome>) -> Sorted {
    let mut found = Sorted { notes: Vec::new(), links: Vec::new(), refused: Vec::new() };
    for outcome in outcomes {
        match outcome {
            Ok(item) => {
                let item = item.within_limits().expect("what is delivered keeps the limits");
                match item {
                    Item::Note(note) => {
                        assert!(found.links.is_empty(), "notes come before links");
                        found.notes.push(note);
                    }
                    Item::Link(link) => found.links.push(link),
                    Item::Attachment(_) => {}
                }
            }
            Err(refused) => {
                for language in Language::ALL {
                    // How a sentence shows a part that nobody gave it; a bracket alone may stand in an identifier.
                    assert!(!refused.sentence().render(language).contains("{$"), "{refused}");
                }
                found.refused.push(refused);
            }
        }
    }
    found
}

fn bundle(bytes: impl Into<Vec<u8>>) -> stix::Bundle {
    let bytes: Vec<u8> = bytes.into();
    let length = bytes.len() as u64;
    stix::Bundle::new("bundle.json".to_owned(), length, move || Ok(Box::new(io::Cursor::new(bytes.clone()))))
}

fn objects(list: &[Value]) -> stix::Bundle {
    bundle(json!({ "type": "bundle", "objects": list }).to_string())
}

fn import(bundles: Vec<stix::Bundle>) -> Sorted {
    sorted(stix::import(bundles))
}

fn reasons(found: &Sorted) -> Vec<Reason> {
    found.refused.iter().map(|refused| refused.reason).collect()
}

fn id(kind: &str, number: u32) -> String {
    format!("{kind}--00000000-0000-4000-8000-{number:012}")
}

/// Independent of the importer: the whole file as one value.
fn whole(path: &Path) -> Vec<Value> {
    let value: Value = serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON");
    value["objects"].as_array().expect("a list").clone()
}

fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_default()
}

/// Pairs of type and target of every reference below a value, by the rule as documented.
fn references(name: &str, value: &Value, found: &mut BTreeSet<(String, String)>) {
    match value {
        _ if ["created_by_ref", "object_marking_refs", "granular_markings"].contains(&name) => {}
        Value::String(target) => {
            let kind = name.strip_suffix("_refs").or(name.strip_suffix("_ref"));
            if let Some(kind) = kind.filter(|_| target.contains("--") && !target.starts_with("relationship--")) {
                found.insert((kind.replace('_', "-"), target.clone()));
            }
        }
        Value::Array(values) => values.iter().for_each(|value| references(name, value, found)),
        Value::Object(inner) => inner.iter().for_each(|(name, value)| references(name, value, found)),
        _ => {}
    }
}

/// Without the signs of Markdown that the importer may put in, and without white space.
fn bare(text: &str) -> String {
    text.replace("<code>", "`").replace("</code>", "`").chars().filter(|c| *c != '\\' && !c.is_whitespace()).collect()
}

fn scalars(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| scalars(value, found)),
        Value::Object(inner) => inner.values().for_each(|value| scalars(value, found)),
        scalar => found.push(scalar.to_string()),
    }
}

/// Every object is one note, one link or one refusal, and every word of a note's object is in the note or its links.
fn holds_everything(files: &[PathBuf]) -> Sorted {
    let found = import(files.iter().cloned().map(stix::Bundle::file).collect());
    let all: Vec<Value> = files.iter().flat_map(|path| whole(path)).collect();
    let is_relation = |object: &&Value| text(object, "type") == "relationship";
    let relations: BTreeMap<&str, &Value> =
        all.iter().filter(is_relation).map(|object| (text(object, "id"), object)).collect();
    let notes: BTreeMap<&str, &Value> =
        all.iter().filter(|object| !is_relation(object)).map(|object| (text(object, "id"), object)).collect();
    let (related, embedded): (Vec<&Link>, Vec<&Link>) =
        found.links.iter().partition(|link| link.external_id.starts_with("relationship--"));
    assert_eq!(found.notes.len() + related.len() + found.refused.len(), all.len());
    assert_eq!((found.notes.len(), related.len()), (notes.len(), relations.len()));

    let mut expected = BTreeSet::new();
    for (id, object) in &notes {
        let mut pairs = BTreeSet::new();
        references("", object, &mut pairs);
        expected.extend(pairs.into_iter().map(|(kind, to)| ((*id).to_owned(), kind, to)));
    }
    let got: BTreeSet<_> =
        embedded.iter().map(|link| (link.from.clone(), link.kind.clone(), link.to.clone())).collect();
    assert_eq!(got, expected);
    assert_eq!(embedded.len(), expected.len(), "each reference once");

    for link in related {
        let object = relations[link.external_id.as_str()];
        assert_eq!(link.from, text(object, "source_ref"));
        assert_eq!(link.to, text(object, "target_ref"));
        assert_eq!(link.kind, text(object, "relationship_type"));
        assert!(link.comment.starts_with(text(object, "description").trim()));
    }
    for note in &found.notes {
        let object = notes[note.external_id.as_str()];
        let sources = serde_json::to_string(&note.sources).expect("JSON");
        let held = bare(&format!("{}\n{}\n{sources}", note.title, note.body));
        let mut words = Vec::new();
        scalars(object, &mut words);
        for word in words {
            let linked = got
                .range((note.external_id.clone(), String::new(), String::new())..)
                .take_while(|(from, ..)| *from == note.external_id)
                .any(|(_, _, to)| *to == word);
            assert!(linked || held.contains(&bare(&word)), "{}: {word:?} is lost in\n{}", note.external_id, note.body);
        }
    }
    found
}

#[test]
fn attack_becomes_a_note_for_every_object_and_a_link_for_every_relation() {
    let Some(folder) = corpus("mitre-attack", "attack") else { return };
    let file = folder.join("enterprise-attack-18.1-rebuilt.json");
    let found = holds_everything(std::slice::from_ref(&file));
    assert_eq!(found.refused, []);
    let relations = found.links.iter().filter(|link| link.external_id.starts_with("relationship--")).count();
    assert_eq!((found.notes.len(), relations), (24_769 - 20_048, 20_048));
    // Analytics of detection strategies; data components of log sources, 4,126 of which two are named twice. The seven
    // data sources of data components are empty.
    assert_eq!(found.links.len() - relations, 1_739 + 4_124);

    let notes: BTreeMap<&str, &Note> = found.notes.iter().map(|note| (note.external_id.as_str(), note)).collect();
    for (number, id, title, tactic, incoming) in [
        (
            "T1059",
            "attack-pattern--7385dfaf-6886-4229-9ecd-6fd678040830",
            "Command and Scripting Interpreter",
            "execution",
            66,
        ),
        ("T1059.001", "attack-pattern--970a3432-3237-47ad-bcca-7d8cbb217736", "PowerShell", "execution", 230),
        ("T1566", "attack-pattern--a62a8db3-f23a-4d8f-afd6-9dbc77e7813b", "Phishing", "initial-access", 20),
        (
            "T1003",
            "attack-pattern--0a3ead4e-6d47-4ccb-854c-a6a4f9d96b22",
            "OS Credential Dumping",
            "credential-access",
            38,
        ),
        ("T1486", "attack-pattern--b80d107d-fa0d-4b60-9684-b0433e8bdba0", "Data Encrypted for Impact", "impact", 85),
    ] {
        let note = notes[id];
        assert_eq!(note.title, title);
        assert!(note.tags.contains(&"attack-pattern".to_owned()) && note.tags.contains(&tactic.to_owned()));
        assert!(note.body.contains(&format!("attack-pattern, {number}\n")), "{}", note.body);
        assert_eq!(note.sources[0].title.as_deref(), Some(format!("mitre-attack {number}").as_str()));
        let page = format!("https://attack.mitre.org/techniques/{}", number.replace('.', "/"));
        assert_eq!(note.sources[0].url, Some(page));
        assert_eq!(found.links.iter().filter(|link| link.to == id).count(), incoming, "{number}");
    }
    let part_of =
        found.links.iter().find(|link| link.external_id == "relationship--b7dc0db4-b1fb-4235-8b49-0792e7019377");
    let part_of = part_of.expect("PowerShell is a part of its technique");
    assert_eq!(
        (part_of.kind.as_str(), part_of.to.as_str()),
        ("subtechnique-of", "attack-pattern--7385dfaf-6886-4229-9ecd-6fd678040830")
    );
    let terms = notes["marking-definition--fa42a846-8d90-4e51-bc29-71d5b4802168"];
    assert!(terms.title.starts_with("© 2025 The MITRE Corporation."));
    let states = ["revoked", "deprecated"]
        .map(|state| found.notes.iter().filter(|note| note.tags.iter().any(|tag| tag == state)).count());
    let all = whole(&file);
    let expected =
        ["revoked", "x_mitre_deprecated"].map(|state| all.iter().filter(|object| object[state] == true).count());
    assert_eq!(states, expected);

    let again = import(vec![stix::Bundle::file(file)]);
    assert!(again.notes == found.notes && again.links == found.links, "the same files give the same items");
}

#[test]
fn opencti_bundles_together_lose_nothing_and_send_the_common_identity_once() {
    let Some(folder) = corpus("opencti-datasets", "opencti") else { return };
    let files = ["geography", "sectors", "companies"].map(|name| folder.join(format!("data/{name}.json")));
    let found = holds_everything(&files);
    assert!(found.refused.iter().all(|refused| refused.reason == Reason::Repeated), "{:?}", found.refused);
    let all: Vec<Value> = files.iter().flat_map(|path| whole(path)).collect();
    let ids: BTreeSet<&str> = all.iter().map(|object| text(object, "id")).collect();
    assert_eq!((all.len(), found.refused.len()), (539 + 121 + 63, all.len() - ids.len()));
    assert!(!found.refused.is_empty());

    // Relations whose other end is in another file are passed on.
    let alone = import(vec![stix::Bundle::file(files[2].clone())]);
    let known: BTreeSet<&str> = alone.notes.iter().map(|note| note.external_id.as_str()).collect();
    assert_eq!(alone.links.iter().filter(|link| !known.contains(link.to.as_str())).count(), 31);
}

#[test]
fn a_mapping_that_is_no_bundle_is_refused_in_one_sentence() {
    let Some(folder) = corpus("ctid-mappings", "ctid") else { return };
    let path = folder.join("mappings/kev/attack-16.1/kev-07.28.2025/mobile/kev-07.28.2025_attack-16.1-mobile.json");
    let found = import(vec![
        stix::Bundle::file(path),
        stix::Bundle::file(folder.join("absent.json")),
        stix::Bundle::file(folder.to_path_buf()),
    ]);
    assert_eq!(
        reasons(&found),
        [
            Reason::NotABundle,
            Reason::Unreadable(io::ErrorKind::NotFound),
            Reason::Unreadable(io::ErrorKind::Unsupported)
        ]
    );
    assert!(found.notes.is_empty() && found.links.is_empty());
}

#[test]
fn a_bundle_broken_off_anywhere_delivers_every_object_before_the_break() {
    #[derive(serde::Deserialize)]
    struct Raw<'a> {
        #[serde(borrow)]
        objects: Vec<&'a RawValue>,
    }
    let Some(folder) = corpus("opencti-datasets", "truncated") else { return };
    let content = fs::read_to_string(folder.join("data/geography.json")).expect("a file");
    let raw: Raw<'_> = serde_json::from_str(&content).expect("JSON");
    // Where each object ends, and whether it is a relation.
    let start = content.as_ptr().addr();
    let ends: Vec<(usize, bool)> = raw
        .objects
        .iter()
        .map(|object| {
            let relation = serde_json::from_str::<Value>(object.get()).expect("JSON")["type"] == "relationship";
            (object.get().as_ptr().addr() - start + object.get().len(), relation)
        })
        .collect();
    let complete = import(vec![bundle(content.clone())]);
    for part in 0..50 {
        let length = content.len() * part / 50;
        let found = import(vec![bundle(&content.as_bytes()[..length])]);
        let count = |relations: bool| ends.iter().filter(|(end, is)| *end <= length && *is == relations).count();
        assert_eq!(found.notes, complete.notes[..count(false)], "at {length}");
        assert_eq!(found.links, complete.links[..count(true)], "at {length}");
        let [refused] = &found.refused[..] else { panic!("one break at {length}: {:?}", found.refused) };
        assert_eq!(refused.place.byte, Some(length as u64));
        assert_eq!(refused.reason, if length == 0 { Reason::NotABundle } else { Reason::Broken });
    }
}

/// Kilobytes of memory that this process had at most.
fn memory_peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("the peak");
    line.split_whitespace().nth(1).expect("a number").parse().expect("a number")
}

#[test]
fn a_string_of_200_megabytes_is_refused_without_being_held() {
    let (first, last) = (
        json!({ "type": "tool", "id": id("tool", 1), "name": "one" }),
        json!({ "type": "tool", "id": id("tool", 2), "name": "two" }),
    );
    let before = format!("{{\"objects\":[{first},{{\"type\":\"malware\",\"id\":\"{}\",\"name\":\"", id("malware", 1));
    let after = format!("\"}},{last}]}}");
    let offset = before.rfind("{\"type\":\"malware\"").expect("there") as u64;
    let peak = memory_peak_kib();
    let found = import(vec![stix::Bundle::new("huge.json".to_owned(), 0, move || {
        let (before, after) = (io::Cursor::new(before.clone()), io::Cursor::new(after.clone()));
        Ok(Box::new(before.chain(io::repeat(b'x').take(200_000_000)).chain(after)))
    })]);
    assert_eq!(reasons(&found), [Reason::TooLarge]);
    assert_eq!(found.refused[0].place.byte, Some(offset));
    assert_eq!(found.notes.iter().map(|note| note.title.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    // The largest object that is kept is 4 MiB; other tests of this process may add theirs when they share it.
    assert!(memory_peak_kib() - peak < 100_000, "{} KiB more", memory_peak_kib() - peak);
}

#[test]
fn one_bad_object_spoils_nothing_but_itself() {
    let good =
        |number| json!({ "type": "tool", "id": id("tool", number), "name": format!("tool {number}") }).to_string();
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let cases: Vec<(Vec<u8>, Reason)> = vec![
        (b"{\"type\":\"tool\",\"id\":\"tool--x\",\"name\":\"\xff\xfe\"}".to_vec(), Reason::NotUtf8),
        (format!("{{\"type\":\"tool\",\"id\":\"tool--x\",\"a\":{deep}}}").into_bytes(), Reason::TooDeep),
        (b"{\"type\":\"tool\",\"id\":\"tool--x\",\"name\":tru}".to_vec(), Reason::Malformed),
        (b"{\"type\":\"tool\",\"id\":\"tool--x\" \"name\":1}".to_vec(), Reason::Malformed),
        (b"{\"type\":\"tool\",\"id\":\"tool--x\",\"a\":{]}".to_vec(), Reason::Malformed),
        (b"{\"type\":\"tool\",\"id\":\"a\",\"id\":\"b\"}".to_vec(), Reason::Malformed),
        (b"{\"type\":\"tool\",\"id\":\"tool--\\ud800\"}".to_vec(), Reason::NoIdentifier),
        (b"12".to_vec(), Reason::NotAnObject),
        (b"\"{}\"".to_vec(), Reason::NotAnObject),
        (b"[{}]".to_vec(), Reason::NotAnObject),
        (b"{\"id\":\"tool--x\"}".to_vec(), Reason::NoType),
        (b"{\"type\":[\"tool\"],\"id\":\"tool--x\"}".to_vec(), Reason::NoType),
        (b"{\"type\":\"tool\"}".to_vec(), Reason::NoIdentifier),
        (b"{\"type\":\"tool\",\"id\":7}".to_vec(), Reason::NoIdentifier),
        (b"{\"type\":\"tool\",\"id\":\"tool\\u0000--x\"}".to_vec(), Reason::BadIdentifier),
        (format!("{{\"type\":\"tool\",\"id\":\"{}\"}}", "x".repeat(257)).into_bytes(), Reason::BadIdentifier),
        (b"{\"type\":\"relationship\",\"id\":\"relationship--x\"}".to_vec(), Reason::IncompleteRelation),
        (
            b"{\"type\":\"relationship\",\"id\":\"relationship--x\",\"relationship_type\":\"uses\",\"source_ref\":\"a--1\",\"target_ref\":\"a--1\"}".to_vec(),
            Reason::SelfRelation,
        ),
        (b"{\"type\":\"relationship\"}".to_vec(), Reason::NoIdentifier),
        (b"{\"type\":\"sighting\",\"id\":\"sighting--x\",\"sighting_of_ref\":\"a--1\"}".to_vec(), Reason::NoWitness),
    ];
    for (bad, reason) in cases {
        let shown = String::from_utf8_lossy(&bad[..bad.len().min(120)]).into_owned();
        let content = [b"{\"objects\":[", good(1).as_bytes(), b",", &bad, b",", good(2).as_bytes(), b"]}"].concat();
        let found = import(vec![bundle(content)]);
        assert_eq!(reasons(&found), [reason], "{shown}");
        assert_eq!(found.refused[0].place.byte, Some(13 + good(1).len() as u64), "{shown}");
        assert_eq!(found.notes.len(), 2, "{shown}");
    }
}

#[test]
fn the_newest_of_equal_names_is_imported_wherever_it_stands() {
    let version =
        |name: &str, modified: &str| json!({ "type": "tool", "id": id("tool", 1), "name": name, "modified": modified });
    let (old, new) = (version("old", "2024-01-01T00:00:00Z"), version("new", "2024-01-01T00:00:00.001Z"));
    for order in [[&old, &new], [&new, &old]] {
        let in_one = import(vec![objects(&order.map(Value::clone))]);
        let in_two = import(order.map(|object| objects(std::slice::from_ref(object))).into());
        for found in [in_one, in_two] {
            assert_eq!(found.notes.iter().map(|note| note.title.as_str()).collect::<Vec<_>>(), ["new"]);
            assert_eq!(reasons(&found), [Reason::Repeated]);
            assert!(found.refused[0].reason.harmless());
        }
    }
    let found = import(vec![objects(&[old.clone(), old.clone(), old])]);
    assert_eq!((found.notes.len(), reasons(&found)), (1, vec![Reason::Repeated; 2]));
    let relation = json!({ "type": "relationship", "id": id("relationship", 1), "relationship_type": "Uses_It", "source_ref": id("tool", 1), "target_ref": id("tool", 2) });
    let found = import(vec![objects(std::slice::from_ref(&relation)), objects(&[relation])]);
    assert_eq!((found.links.len(), reasons(&found)), (1, vec![Reason::Repeated]));
    assert_eq!(found.links[0].kind, "uses-it");
}

#[test]
fn markings_become_tags_and_nothing_else() {
    let custom = id("marking-definition", 9);
    let marked = json!({
        "type": "indicator", "id": id("indicator", 1), "name": "i", "pattern": "[a:b = 'c']",
        "object_marking_refs": ["marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", custom],
        "granular_markings": [{ "marking_ref": "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "selectors": ["name"] }],
    });
    let definition = json!({ "type": "marking-definition", "id": custom, "definition_type": "statement", "name": "Cercle A", "definition": { "statement": "s" } });
    let found = import(vec![objects(&[marked, definition])]);
    assert_eq!(found.notes[0].tags, ["indicator", "tlp:amber+strict", "cercle-a", "tlp:red"]);
    assert_eq!(found.notes[1].title, "Cercle A");
    assert_eq!(found.links, [], "a marking is no link");
    let line = serde_json::to_string(&Item::Note(found.notes[0].clone())).expect("JSON");
    assert!(!line.contains("\"label\""));
}

#[test]
fn sightings_and_references_become_links() {
    let (seen, witness, data) = (id("malware", 1), id("identity", 1), id("observed-data", 1));
    let sighting = json!({ "type": "sighting", "id": id("sighting", 1), "sighting_of_ref": seen, "where_sighted_refs": [witness], "observed_data_refs": [data], "count": 3, "first_seen": "2024-01-01T00:00:00Z" });
    let report = json!({ "type": "report", "id": id("report", 1), "name": "r", "created_by_ref": witness, "object_refs": [seen, seen, id("relationship", 1), id("report", 1)] });
    let found = import(vec![objects(&[sighting.clone(), report])]);
    let links: Vec<_> =
        found.links.iter().map(|link| (link.from.as_str(), link.kind.as_str(), link.to.as_str())).collect();
    let report = id("report", 1);
    assert_eq!(
        links,
        [(witness.as_str(), "sighted", seen.as_str()), (&data, "sighting-of", &seen), (&report, "object", &seen)]
    );
    assert!(found.links[0].comment.contains("count: 3"));
    assert_eq!(reasons(&found), [Reason::SelfRelation]);
    assert!(found.notes[0].body.contains(&id("relationship", 1)) && found.notes[0].body.contains(&witness));

    let mut by_author = sighting;
    for name in ["where_sighted_refs", "observed_data_refs"] {
        by_author.as_object_mut().expect("an object").remove(name);
    }
    by_author["created_by_ref"] = json!(witness);
    assert_eq!(import(vec![objects(&[by_author])]).links[0].from, witness);
}

#[test]
fn what_does_not_fit_is_named_or_refused_never_cut_in_silence() {
    let base = |more: Value| {
        let mut object = json!({ "type": "tool", "id": id("tool", 1), "name": "é".repeat(400) });
        object.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        import(vec![objects(&[object])])
    };
    let found = base(json!({ "x_long": "z".repeat(300_000), "x_short": "kept" }));
    let note = &found.notes[0];
    assert!(note.title.ends_with('…') && note.body.contains(&"é".repeat(400)));
    assert!(note.body.contains("kept") && note.body.trim_end().ends_with("x_long."), "{}", note.body);
    let found = base(json!({ "description": "d".repeat(300_000) }));
    assert!(found.notes.is_empty() && matches!(reasons(&found)[..], [Reason::TooLong { .. }]));
    let references: Vec<Value> = (0..150)
        .map(|n| json!({ "source_name": "s", "url": format!("https://a.example/{n}"), "description": "d" }))
        .collect();
    let found = base(json!({ "external_references": references }));
    assert_eq!(found.notes[0].sources.len(), 100);
    assert!(found.notes[0].body.contains("https://a.example/149"));
    let found = base(json!({ "external_references": [{ "source_name": "s", "url": "javascript:alert(1)" }] }));
    assert!(found.notes[0].sources.is_empty() && found.notes[0].body.contains("javascript:alert(1)"));
}

#[test]
fn objects_made_to_be_costly_are_mapped_in_bounded_memory() {
    let object = |rest: &str| format!("{{\"objects\":[{{\"type\":\"tool\",\"id\":\"{}\",{rest}}}]}}", id("tool", 1));
    let name = "k".repeat(1_000_000);
    let scalars = "0,".repeat(2_000_000);
    let structures = "{},".repeat(900_000);
    let named = "{\"a\":1},".repeat(300_000);
    let refs: String = (0..70_000).map(|number| format!("\"{}\",", id("tool", number))).collect();
    let peak = memory_peak_kib();
    for (rest, links) in [
        (format!("\"a\":[{scalars}0]"), 0),
        (format!("\"a\":[{structures}0]"), 0),
        (format!("\"{name}\":[{named}0]"), 0),
        (format!("\"x_refs\":[{refs}0]"), 70_000),
        (format!("\"labels\":[{}0]", "\"a b\",".repeat(500_000)), 0),
        (format!("\"pattern\":\"{}\"", "`".repeat(4_000_000)), 0),
    ] {
        let found = import(vec![bundle(object(&rest))]);
        assert_eq!(found.notes.len(), 1, "{}", rest.chars().take(40).collect::<String>());
        // One of the references is to the object itself.
        assert_eq!(found.links.len() + found.refused.len(), links);
    }
    assert!(memory_peak_kib() - peak < 300_000, "{} KiB more", memory_peak_kib() - peak);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!(id("malware", 1))),
        Just(json!("2024-01-01T00:00:00Z")),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("(source_name|url|phase_name|[a-z_]{0,4}_refs?|\\PC{0,4})", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn properties_of_any_type_never_panic_and_every_object_has_its_answer(
        list in proptest::collection::vec(
            proptest::collection::btree_map(
                "(type|id|name|description|pattern|aliases|labels|kill_chain_phases|external_references|object_refs|\
                  source_ref|target_ref|relationship_type|sighting_of_ref|granular_markings|object_marking_refs|\
                  definition|modified|lang|x_mitre_detection|x_mitre_platforms|revoked)",
                any_json(), 0..10,
            ),
            1..5,
        ),
        kinds in proptest::collection::vec("(tool|relationship|sighting|marking-definition|autonomous-system)", 5),
        named: bool,
    ) {
        let list: Vec<Value> = list.into_iter().zip(kinds).enumerate().map(|(number, (map, kind))| {
            let mut object = Value::Object(map.into_iter().collect());
            if named {
                object["id"] = json!(id(&kind, number as u32));
                object["type"] = json!(kind);
            }
            object
        }).collect();
        let found = import(vec![objects(&list)]);
        // A sighting may be several links, a note may bring links: so at least one answer each.
        prop_assert!(found.notes.len() + found.links.len() + found.refused.len() >= list.len());
    }
}

/// Markdown files below a folder, counted by itself.
fn count_markdown(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .map(|path| {
            if path.is_dir() { count_markdown(&path) } else { usize::from(path.extension().is_some_and(|e| e == "md")) }
        })
        .sum()
}

#[test]
fn every_markdown_file_of_the_collections_becomes_one_note() {
    for (name, files) in [("silverbullet-docs", 226), ("rust-rfcs", 649), ("anssi-rust-guide", 36)] {
        let Some(folder) = corpus(name, name) else { return };
        let found = sorted(markdown::import(&folder, Unsaid::Guessed(Language::English), Folders::None));
        let (outside, other): (Vec<_>, Vec<_>) =
            found.refused.iter().partition(|refused| refused.reason == Reason::OutsideFolder);
        let left = |refused: &&&Refused| matches!(refused.reason, Reason::NotShown | Reason::Hidden);
        let other: Vec<_> = other.iter().filter(|refused| !left(refused)).collect();
        assert!(other.iter().all(|refused| refused.reason == Reason::NoSuchFile), "{name}: {other:?}");
        // Pictures that are shown and that the collections do not hold.
        let absent: Vec<_> = other.iter().filter_map(|refused| refused.place.id.as_deref()).collect();
        let expected: &[&str] = match name {
            "silverbullet-docs" => &["pwa-screenshot.png"],
            "anssi-rust-guide" => &["static/images/cycle-color.svg", "static/images/cycle-color.svg"],
            _ => &[],
        };
        assert_eq!(absent, expected, "{name}");
        assert_eq!((found.notes.len(), count_markdown(&folder)), (files, files), "{name}");
        let ids: Vec<&str> = found.notes.iter().map(|note| note.external_id.as_str()).collect();
        assert!(ids.is_sorted(), "{name}: the order is that of the paths");
        let known: BTreeSet<&str> = ids.into_iter().collect();
        for link in &found.links {
            assert!(known.contains(link.from.as_str()) && known.contains(link.to.as_str()) && link.from != link.to);
        }
        let pairs: BTreeSet<_> = found.links.iter().map(|link| (&link.from, &link.to)).collect();
        assert_eq!(pairs.len(), found.links.len(), "{name}: one link a pair");
        for note in &found.notes {
            assert!(!note.title.is_empty() && !note.body.contains('\r'));
        }
        eprintln!(
            "{name}: {} notes, {} links, {} links out of the folder",
            found.notes.len(),
            found.links.len(),
            outside.len()
        );
        let again = sorted(markdown::import(&folder, Unsaid::Guessed(Language::English), Folders::None));
        assert!(again.notes == found.notes && again.links == found.links);
    }
}

#[test]
fn pages_known_by_heart_come_out_as_expected() {
    let Some(folder) = corpus("silverbullet-docs", "known-pages") else { return };
    let found = sorted(markdown::import(&folder.join("docs"), Unsaid::Guessed(Language::English), Folders::None));
    let note = |path: &str| found.notes.iter().find(|note| note.external_id == path).expect("the page");
    assert_eq!(note("Space Manager.md").title, "Space Manager");
    assert_eq!(note("Frontmatter.md").tags, ["glossary"]);
    assert!(note("Frontmatter.md").body.contains("| status | Complete |"));
    assert!(!note("Frontmatter.md").body.starts_with("---"));
    let linked = |from: &str, to: &str| {
        found.links.iter().any(|link| link.from == from && link.to == to && link.kind == "related")
    };
    assert!(linked("Space Manager.md", "Space.md"));
    assert!(linked("Frontmatter.md", "Markdown/Extensions.md"));
}

#[test]
fn a_folder_full_of_traps_gives_only_its_own_files() {
    let folder = scratch("traps");
    let outside = scratch("traps-outside");
    let secret = outside.join("secret.md");
    fs::write(&secret, "# secret").expect("written");
    let write = |path: &str, content: &[u8]| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, content).expect("written");
    };
    write("a.md", b"---\r\ntitle: Titre\r\ntags: Veille, #X Y\r\nlang: fr\r\n---\r\nvoir [b](deep/b.md), [[B]] et [dehors](../../etc/passwd)\r\n");
    write("deep/b.md", b"+++\ntitle = \"B\"\n+++\n[a](../a.md) [self](b.md)");
    write("latin.md", b"\xe9t\xe9");
    write("large.md", &vec![b'x'; vigie::limits::IMPORT_FILE_BYTES_MAX + 1]);
    write("long.md", &vec![b'x'; 300 * 1024]);
    write("bad\nname.md", b"x");
    write(".hidden.md", b"x");
    write(".git/x.md", b"x");
    write("image.png", b"x");
    std::os::unix::fs::symlink(&secret, folder.join("link.md")).expect("linked");
    std::os::unix::fs::symlink(secret.parent().expect("a folder"), folder.join("linked")).expect("linked");
    assert!(Command::new("mkfifo").arg(folder.join("pipe.md")).status().expect("mkfifo runs").success());
    write(&format!("{}z.md", "d/".repeat(40)), b"x");

    let found = sorted(markdown::import(&folder, Unsaid::Guessed(Language::German), Folders::None));
    let titles: Vec<_> =
        found.notes.iter().map(|note| (note.external_id.as_str(), note.title.as_str(), note.language)).collect();
    assert_eq!(titles, [("a.md", "Titre", Language::French), ("deep/b.md", "B", Language::German)]);
    assert_eq!(found.notes[0].tags, ["veille", "x-y"]);
    let links: Vec<_> = found.links.iter().map(|link| (link.from.as_str(), link.to.as_str())).collect();
    assert_eq!(links, [("a.md", "deep/b.md"), ("deep/b.md", "a.md")]);
    let refused: BTreeSet<_> =
        found.refused.iter().map(|refused| (refused.place.file.as_str(), refused.code())).collect();
    let too_deep = "d/".repeat(33);
    let expected = [
        ("a.md", "outside-folder"),
        (".git/", "hidden"),
        (".hidden.md", "hidden"),
        ("image.png", "not-shown"),
        ("bad\nname.md", "bad-identifier"),
        ("large.md", "too-large"),
        ("latin.md", "not-utf8"),
        ("link.md", "symbolic-link"),
        ("linked", "symbolic-link"),
        ("long.md", "too-long"),
        (too_deep.trim_end_matches('/'), "too-deep"),
    ];
    assert_eq!(refused, expected.into_iter().collect());
    let absent = sorted(markdown::import(&folder.join("absent"), Unsaid::Guessed(Language::French), Folders::None));
    assert_eq!(reasons(&absent), [Reason::Unreadable(io::ErrorKind::NotFound)]);
}
