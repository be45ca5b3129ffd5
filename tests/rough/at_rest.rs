//! Somebody has the disk. Words that people wrote, in every field that they fill, are looked for in every file of
//! the deployment and in what the server says: running, stopped, killed.
//!
//! `config/` is left out for account names, display names and clearances alone: the signed configuration is in clear
//! by design, so that whoever signs can read it. It is searched for everything else.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, HEXLOWER};
use http::Method;
use serde_json::json;
use vigie::{
    clock::Clock,
    crypto::Entropy,
    ops::{
        deployment::{Unseal, inspect::inspect},
        store_tools::verify,
    },
};

use crate::site::{ANALYSTS, OFFICER, Person, Site};

/// Name, first and last offset, and how bytes are written.
type Encoding = (&'static str, usize, usize, fn(&[u8]) -> String);

/// Begins every word that must be nowhere.
const STEM: &str = "Zibelinquois";

/// A word of its own for a field.
fn word(field: &str) -> String {
    format!("{STEM}{field}")
}

/// The stem as somebody may find it: in another case, in two bytes a letter, as base64 or base32 at any alignment,
/// as hexadecimal.
fn disguises() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for (case, text) in
        [("as written", STEM.to_owned()), ("lower", STEM.to_lowercase()), ("upper", STEM.to_uppercase())]
    {
        found.push((case.to_owned(), text.clone().into_bytes()));
        found.push((format!("{case}, UTF-16LE"), text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
        found.push((format!("{case}, UTF-16BE"), text.encode_utf16().flat_map(u16::to_be_bytes).collect()));
        found.push((format!("{case}, hexadecimal"), HEXLOWER.encode(text.as_bytes()).into_bytes()));
        let encodings: [Encoding; 2] = [
            ("base64", 3, 6, |bytes| BASE64_NOPAD.encode(bytes)),
            ("base32", 5, 5, |bytes| BASE32_NOPAD.encode(bytes)),
        ];
        for (name, places, bits, encode) in encodings {
            for before in 0..places {
                // Letters that depend on what stands before and behind are cut off.
                let encoded = encode(&[vec![b'x'; before], text.clone().into_bytes()].concat());
                let (from, to) = ((before * 8).div_ceil(bits), (before + text.len()) * 8 / bits);
                found.push((format!("{case}, {name} after {before}"), encoded.as_bytes()[from..to].to_vec()));
            }
        }
    }
    found
}

/// Every file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return false };
    let mut from = 0;
    while let Some(place) = bytes[from..].iter().position(|byte| byte == first) {
        from += place + 1;
        if bytes[from..].starts_with(rest) {
            return true;
        }
    }
    false
}

/// Where the stem is, in which disguise.
fn found(site: &Site, disguises: &[(String, Vec<u8>)]) -> (usize, usize, Vec<String>) {
    let logs = ["stdout", "stderr"].map(|name| site.root.join(name));
    let (mut looked_at, mut read, mut hits) = (0, 0, Vec::new());
    for path in files(&site.dir).into_iter().chain(logs) {
        // A file may go while the server works.
        let Ok(bytes) = fs::read(&path) else { continue };
        looked_at += 1;
        read += bytes.len();
        let name = path.display().to_string();
        assert!(!name.to_lowercase().contains(&STEM.to_lowercase()), "{name}");
        hits.extend(
            disguises.iter().filter(|(_, wanted)| holds(&bytes, wanted)).map(|(how, _)| format!("{name}: {how}")),
        );
    }
    (looked_at, read, hits)
}

/// Questions that are kept, for oneself and for all: made, changed, asked, marked as seen, dropped.
async fn watches(person: &mut Person, space: &str) {
    for (number, home) in [json!(space), serde_json::Value::Null].into_iter().enumerate() {
        let watch = json!({"name": word("veille"), "query": format!("{} OR -{}", word("question"), word("exclu")), "space": home});
        let key = format!("{}{number}", word("cle-veille"));
        let made = person.post("/watches", &key, &watch).await.expect("an answer").good();
        let path = format!("/watches/{}", made.json()["id"].as_str().expect("an identifier"));
        let changed =
            json!({"name": word("autre-veille"), "query": format!("dans:{} {}", word("espace"), word("titre"))});
        let changed = person.put(&path, &made.tag, &changed).await.expect("an answer").good();
        // Perhaps before the indexes can be asked: what is told then must not be kept either.
        person.get(&format!("{path}/matches")).await.expect("an answer");
        let seen = json!({"until": "2026-01-01T00:00:00Z"});
        for _ in 0..2 {
            person.ask(Method::POST, &format!("{path}/seen"), &[], Some(&seen)).await.expect("an answer").good();
        }
        if number == 1 {
            person.delete(&path, &changed.tag).await.expect("an answer").good();
        }
    }
    person.get("/watches").await.expect("an answer").good();
}

/// Fills every field that there is.
async fn write(person: &mut Person, other: Option<&str>) {
    let label = &person.working.replace(['/', ','], "-");
    let space = json!({"name": word("espace"), "purpose": word("but")});
    let space = person.post("/spaces", &word("cle-espace"), &space).await.expect("an answer").id();
    let mut notes = Vec::new();
    for number in 0..12 {
        let note = json!({
            "space": space, "kind": "watch", "title": format!("{} {number} {label}", word("titre")),
            "body": format!("{}\n[[{} 0 {label}]]\n{}", word("corps"), word("titre"), word("long").repeat(number * 900)),
            "tags": [word("etiquette").to_lowercase()], "language": "fr",
            "sources": [{
                "url": format!("https://{}.example/{}", word("hote"), word("chemin")), "title": word("source"),
                "author": word("auteur"), "date": "2026-11-21",
            }],
        });
        let reply =
            person.post("/notes", &format!("{}{number}", word("cle-note")), &note).await.expect("an answer").good();
        notes.push((reply.json()["id"].as_str().expect("an identifier").to_owned(), reply.tag));
    }
    let (first, tag) = &notes[0];
    let changed = json!({"kind": "idea", "title": word("second-titre"), "body": word("second-corps"), "tags": []});
    person.put(&format!("/notes/{first}"), tag, &changed).await.expect("an answer").good();
    let (last, tag) = &notes[11];
    person.delete(&format!("/notes/{last}"), tag).await.expect("an answer").good();
    // A content that lies in several chunks, its name, and one that stays half sent.
    for (name, size, sent) in [("piece", 200_000, 200_000), ("envoi", 200_000, 90_000)] {
        let new = json!({"name": format!("{}.txt", word(name)), "size": size});
        let path = format!("/notes/{}/attachments", notes[4].0);
        let id = person.post(&path, &word(&format!("cle-{name}")), &new).await.expect("an answer").id();
        let bytes: Vec<u8> = word("contenu").bytes().cycle().take(sent).collect();
        person.send_content(&id, 0, std::iter::once(bytes)).await.expect("an answer").good();
    }
    let link = json!({"from": notes[1].0, "to": notes[2].0, "type": "uses", "comment": word("commentaire")});
    person.post("/links", &word("cle-lien"), &link).await.expect("an answer").good();
    let between = other.map(|other| json!({"people": [other]}));
    for about in [json!({"space": space}), json!({"note": notes[3].0})].into_iter().chain(between) {
        let conversation = json!({"title": word("sujet"), "about": about});
        let conversation =
            person.ask(Method::POST, "/conversations", &[], Some(&conversation)).await.expect("an answer").id();
        let posts = format!("/conversations/{conversation}/messages");
        let message = json!({"text": word("message")});
        let posted =
            person.post(&posts, &word(&format!("cle-{conversation}")), &message).await.expect("an answer").good();
        let edited = json!({"text": word("second-message")});
        let id = posted.json()["id"].as_str().expect("an identifier").to_owned();
        person.put(&format!("{posts}/{id}"), &posted.tag, &edited).await.expect("an answer").good();
    }
    watches(person, &space).await;
    let line = |name: &str| {
        json!({"note": {"external_id": word(name), "kind": "watch", "title": word("importe"), "body": word("corps"),
            "tags": [], "language": "en", "sources": [], "grade": null, "expires": null}})
    };
    let relation = json!({"link": {"external_id": word("relation"), "from": word("un"), "to": word("deux"),
        "type": word("lien").to_lowercase(), "comment": word("commentaire")}});
    let lines = json!(format!("{}\n{}\n{relation}\n", line("un"), line("deux")));
    let imported = person.ask(Method::POST, &format!("/notes/import?space={space}"), &[], Some(&lines)).await;
    let imported = imported.expect("an answer").good();
    assert_eq!(String::from_utf8_lossy(&imported.bytes).matches("\"created\"").count(), 3, "{imported:?}");
    // What is refused, and what is asked for, must not be kept either.
    let wrong = json!({"space": space, "kind": word("genre"), "title": word("refuse"), "body": ""});
    assert!(!person.ask(Method::POST, "/notes", &[], Some(&wrong)).await.expect("an answer").done());
    for asked in ["search", "suggest"] {
        person.get(&format!("/{asked}?q={}", word("cherche"))).await.expect("an answer");
    }
    let asked =
        person.get(&format!("/notes/{}?{}={}", word("chemin"), word("nom"), word("valeur"))).await.expect("an answer");
    assert!(!asked.done());
    person.read(&notes.iter().map(|(id, _)| format!("/notes/{id}/links")).collect::<Vec<_>>()).await.expect("answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_word_of_anybody_is_in_any_file() {
    let site = Site::found(None, |config| {
        for account in &mut config.accounts {
            account.name = format!("{}-{}", STEM.to_lowercase(), account.name);
            account.display = word(&account.display);
        }
    })
    .await;
    let disguises = disguises();
    let (in_clear, named) =
        found(&site, &disguises).2.into_iter().partition::<Vec<_>, _>(|hit| hit.contains("/config/config.1.toml:"));
    assert_eq!(named, Vec::<String>::new(), "before anybody wrote");
    assert!(!in_clear.is_empty(), "the search finds what is in clear: the names in the signed configuration");
    // Without the names, the signed configuration must be as clean as the rest.
    let config = site.dir.join("config/config.1.toml");
    let known = fs::read_to_string(&config).expect("text");
    assert_eq!(
        known.matches(STEM).count() + known.matches(&STEM.to_lowercase()).count(),
        2 * crate::site::names().len()
    );

    let mut told = BTreeMap::new();
    let mut look = |when: &'static str| {
        let (count, bytes, hits) = found(&site, &disguises);
        let hits: Vec<String> = hits.into_iter().filter(|hit| !hit.contains("/config/config.1.toml:")).collect();
        assert_eq!(hits, Vec::<String>::new(), "{when}");
        let categories: Vec<PathBuf> = ["store", "audit", "keys", "index"]
            .iter()
            .flat_map(|part| files(&site.dir.join(part)))
            .filter(|path| fs::read(path).is_ok_and(|bytes| holds(&bytes, b"S/ALPHA")))
            .collect();
        assert_eq!(categories, Vec::<PathBuf>::new(), "{when}: the text of a label");
        told.insert(when, (count, bytes));
    };
    for round in 0..2 {
        let served = site.serve();
        for who in ANALYSTS {
            let mut person = site.connect(served.address, who).await.expect("a connection");
            // The one whom both others' conversations may take in.
            let other = (who.0 != "analyste-s").then(|| site.people["analyste-s"].to_string());
            write_once(&mut person, other.as_deref(), round).await;
        }
        let mut officer = site.connect(served.address, OFFICER).await.expect("a connection");
        officer.get("/journal?limit=200").await.expect("an answer").good();
        // Long enough for the checkpoint that follows the writes.
        tokio::time::sleep(Duration::from_millis(1200)).await;
        look(if round == 0 { "running" } else { "running again" });
        if round == 0 {
            served.stop();
            look("stopped");
        } else {
            served.kill();
            look("killed");
        }
    }
    site.serve().stop();
    look("started after the kill, and stopped");
    assert_eq!(fs::read_to_string(&config).expect("text"), known);
    let inspection =
        inspect(&site.dir, &Unseal::default(), Clock::System, Entropy::default()).expect("a whole deployment");
    let report = verify(&inspection, None, &mut |_stage, _done| {}).expect("a readable store");
    assert!(report.is_whole() && report.sealed == 0, "{report:?}");
    println!("at rest: {} disguises of one stem; files and bytes: {told:?}", disguises.len());
}

/// The keys of a second round are the first's again: nothing is made twice, so those are left out.
async fn write_once(person: &mut Person, other: Option<&str>, round: usize) {
    if round == 0 {
        write(person, other).await;
    } else {
        let space = json!({"name": word("autre-espace"), "purpose": word("but")});
        let space = person.ask(Method::POST, "/spaces", &[], Some(&space)).await.expect("an answer").id();
        for number in 0..40 {
            let note = json!({"space": space, "kind": "watch", "title": word("titre"), "body": word(&format!("corps{number}"))});
            person.ask(Method::POST, "/notes", &[], Some(&note)).await.expect("an answer").good();
        }
    }
}
