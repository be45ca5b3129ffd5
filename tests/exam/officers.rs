//! The journal as security officers read it: filters, pages, checkpoint, tiles and proofs.

use std::collections::BTreeSet;

use serde_json::Value;
use vigie::{
    audit::{Bundle, Checkpoint, Note, ProofFile, Tile, VerifyingKey, leaf_hash, tile, tree::root_of},
    crypto::Digest,
    limits,
};

use crate::{
    furnished::{OBJECTS, Site},
    world::{Reply, Who, api, start_time},
};

/// Some life: everybody asks everything about something, each route at a time of its own.
async fn lived_in() -> Site {
    let site = Site::new().await;
    for (number, route) in api().iter().filter(|route| !route.officers).enumerate() {
        site.world.set_time(start_time().0 + 1000 * u64::try_from(number).expect("small"));
        for who in [Who::Haut, Who::Bas, Who::HautB, Who::Etr, Who::Off] {
            let label = OBJECTS[number % OBJECTS.len()];
            let ask = site.ask(route, label).await;
            site.send(who, label, &ask).await;
        }
    }
    site
}

async fn read(site: &Site, path: &str) -> Reply {
    let reply = site.world.get(Who::Off, "", path).await;
    assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
    reply
}

/// All pages of a question, newest first.
async fn pages(site: &Site, filter: &str, from: u64, limit: usize) -> Vec<Value> {
    let (mut found, mut before) = (Vec::new(), from);
    loop {
        let page = read(site, &format!("/journal?{filter}&before={before}&limit={limit}")).await.json();
        let items = page["items"].as_array().expect("items").clone();
        assert!(items.len() <= limit);
        found.extend(items);
        match page["next"].as_u64() {
            Some(next) => {
                assert!(next < before, "a page goes on where the last one ended");
                before = next;
            }
            None => return found,
        }
    }
}

fn labels_of(entry: &Value) -> BTreeSet<String> {
    let objects = entry["objects"].as_array().expect("objects").iter().map(|object| &object["label"]);
    objects.chain([&entry["working"]]).filter_map(|label| label.as_str().map(str::to_owned)).collect()
}

fn names(entry: &Value, id: &str) -> bool {
    entry["objects"].as_array().expect("objects").iter().any(|object| object["id"] == id)
}

/// The values of one field, each once.
fn values(entries: &[Value], of: impl Fn(&Value) -> Vec<String>) -> BTreeSet<String> {
    entries.iter().flat_map(of).collect()
}

type Taken = Box<dyn Fn(&Value) -> bool>;

/// Every filter with every value that occurs, and the same written by hand.
fn questions(all: &[Value]) -> Vec<(String, Taken)> {
    let mut asked: Vec<(String, Taken)> = Vec::new();
    for field in ["act", "verdict", "rule"] {
        for value in values(all, |entry| entry[field].as_str().map(str::to_owned).into_iter().collect()) {
            asked.push((format!("{field}={value}"), Box::new(move |entry| entry[field] == value.as_str())));
        }
    }
    for who in Who::ALL {
        let id = who.id().to_string();
        asked.push((
            format!("account={id}"),
            Box::new(move |entry| entry["account"] == id.as_str() || names(entry, &id)),
        ));
    }
    let objects = values(all, |entry| {
        entry["objects"]
            .as_array()
            .expect("objects")
            .iter()
            .filter_map(|object| object["id"].as_str().map(str::to_owned))
            .collect()
    });
    for id in objects.into_iter().step_by(7) {
        asked.push((format!("object={id}"), Box::new(move |entry| names(entry, &id))));
    }
    for label in ["DR", "S", "S/ALPHA", "S/FRA,BEL", "TS"] {
        // Stored texts name every nation; a filter is written as people write labels.
        let stored = if label.contains("FRA") { label.to_owned() } else { format!("{label}/FRA") };
        asked.push((format!("label={label}"), Box::new(move |entry| labels_of(entry).contains(&stored))));
    }
    for time in
        values(all, |entry| entry["time"].as_str().map(str::to_owned).into_iter().collect()).into_iter().step_by(5)
    {
        let (since, until) = (time.clone(), time.clone());
        asked.push((format!("since={time}"), Box::new(move |entry| entry["time"].as_str() >= Some(&since))));
        asked.push((format!("until={time}"), Box::new(move |entry| entry["time"].as_str() <= Some(&until))));
    }
    asked
}

#[tokio::test]
async fn every_filter_answers_what_a_reading_of_all_entries_answers() {
    let site = lived_in().await;
    let end = site.world.vault.monitor().journal().length();
    let all = pages(&site, "", end, 200).await;
    assert_eq!(all.len(), usize::try_from(end).expect("small"), "every entry once");
    assert!(all.iter().rev().enumerate().all(|(place, entry)| entry["number"] == place), "in order, without a gap");
    let questions = questions(&all);
    assert!(questions.len() > 80);
    let mut empty = 0;
    for (filter, takes) in &questions {
        let expected: Vec<&Value> = all.iter().filter(|entry| takes(entry)).collect();
        let found = pages(&site, filter, end, 200).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter}");
        empty += usize::from(found.is_empty());
    }
    assert!(empty < 5, "nearly every question finds something: {empty}");
    for pair in questions.chunks(2).step_by(3).filter(|pair| pair.len() == 2) {
        let ((first, takes_first), (second, takes_second)) = (&pair[0], &pair[1]);
        if first.split('=').next() == second.split('=').next() {
            continue;
        }
        let expected: Vec<&Value> = all.iter().filter(|entry| takes_first(entry) && takes_second(entry)).collect();
        let found = pages(&site, &format!("{first}&{second}"), end, 3).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{first}&{second}");
    }
}

#[tokio::test]
async fn pages_of_any_size_give_the_same_entries() {
    let site = lived_in().await;
    let end = site.world.vault.monitor().journal().length();
    let whole = pages(&site, "verdict=deny", end, 200).await;
    for limit in [1, 2, 7, 50] {
        assert_eq!(pages(&site, "verdict=deny", end, limit).await, whole, "{limit}");
    }
    assert!(pages(&site, "", 1, 5).await.len() == 1 && pages(&site, "", 0, 5).await.is_empty());
}

#[tokio::test]
async fn what_is_rare_is_found_beyond_what_one_request_looks_at() {
    let site = Site::new().await;
    let first = pages(&site, "act=space-create", u64::MAX, 200).await;
    while site.world.vault.monitor().journal().length() < limits::JOURNAL_SCANNED_MAX + 300 {
        site.world.get(Who::Bas, "DR", "/policy").await;
    }
    let page = read(&site, "/journal?act=space-create").await.json();
    assert!(page["items"].as_array().expect("items").is_empty() && page["next"].is_u64(), "go on: {page}");
    assert_eq!(pages(&site, "act=space-create", u64::MAX, 200).await, first);
}

#[tokio::test]
async fn a_filter_that_is_not_understood_is_an_error_and_not_an_empty_page() {
    let site = Site::new().await;
    for filter in [
        "act=note",
        "verdict=maybe",
        "rule=",
        "label=Q",
        "label=DR/ALL,FRA",
        "since=yesterday",
        "until=2026",
        "account=bas",
        "object=1",
        "before=-1",
        "limit=x",
        "title=zorglub",
        "act=note-read&act=me",
        "after=x",
    ] {
        let reply = site.world.get(Who::Off, "", &format!("/journal?{filter}")).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, "bad-query"), "{filter}");
        let other = site.world.get(Who::Bas, "DR", &format!("/journal?{filter}")).await;
        assert_eq!(other.status, 404, "{filter}: for others there is no such route, whatever they ask");
    }
}

#[tokio::test]
async fn every_entry_is_proved_by_its_leaf_the_log_s_key_and_a_signed_checkpoint() {
    let site = lived_in().await;
    site.published().await;
    let key = String::from_utf8(read(&site, "/journal/key").await.body).expect("text");
    let key = VerifyingKey::parse(key.trim_end()).expect("a vkey");
    let note = Note::parse(&read(&site, "/journal/checkpoint").await.body).expect("a note");
    let signed = Checkpoint::open(&note, &key).expect("signed by the log");
    assert!(signed.size > 256, "more than one tile: {}", signed.size);
    let mut leaves = Vec::new();
    for number in 0..signed.size {
        let leaf = read(&site, &format!("/journal/leaf/{number}")).await.body;
        let text = String::from_utf8(read(&site, &format!("/journal/proof/{number}")).await.body).expect("text");
        let proof = ProofFile::parse(&text).expect("a proof");
        assert_eq!(proof.index, number);
        assert!(proof.verify(&leaf, &key).expect("convincing").size >= signed.size);
        leaves.push(leaf);
    }
    let hashes: Vec<Digest> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    assert_eq!(root_of(&hashes), signed.root);

    let proof = String::from_utf8(read(&site, "/journal/proof/5").await.body).expect("text");
    let proof = ProofFile::parse(&proof).expect("a proof");
    assert!(proof.verify(&leaves[6], &key).is_err(), "another entry");
    let mut bent = leaves[5].clone();
    bent[20] ^= 1;
    assert!(proof.verify(&bent, &key).is_err(), "a changed entry");
    for beyond in ["99999999", "-1", "x", "18446744073709551616"] {
        assert_eq!(site.world.get(Who::Off, "", &format!("/journal/proof/{beyond}")).await.status, 404, "{beyond}");
        assert_eq!(site.world.get(Who::Off, "", &format!("/journal/leaf/{beyond}")).await.status, 404, "{beyond}");
    }
    assert_tiles(&site, &leaves, &hashes).await;
}

async fn assert_tiles(site: &Site, leaves: &[Vec<u8>], hashes: &[Digest]) {
    let size = u64::try_from(leaves.len()).expect("small");
    let last = Tile::at(0, size / 256, size).expect("a partial tile").width();
    for (index, width) in [(0, 256_u16), (size / 256, last)] {
        let part = if width == 256 { format!("{index:03}") } else { format!("{index:03}.p/{width}") };
        let first = usize::try_from(index * 256).expect("small");
        let end = first + usize::from(width);
        let tile = read(site, &format!("/journal/tile/0/{part}")).await.body;
        assert_eq!(tile::decode_hashes(&tile, width).expect("hashes"), &hashes[first..end]);
        let bundle = read(site, &format!("/journal/tile/entries/{part}")).await.body;
        assert_eq!(tile::decode_bundle(&bundle, width).expect("entries"), &leaves[first..end]);
        assert_eq!(Bundle::at(index, size).expect("a bundle").width(), width);
    }
    let upper = read(site, "/journal/tile/1/000.p/1").await.body;
    assert_eq!(tile::decode_hashes(&upper, 1).expect("a hash"), [root_of(&hashes[..256])]);
    for absent in
        ["0/999", "0/000.p/0", "0/000.p/256", "0/0", "9/000", "entries/999", "../journal", "0/000/000", "entries", ""]
    {
        let reply = site.world.get(Who::Off, "", &format!("/journal/tile/{absent}")).await;
        assert_eq!(reply.status, 404, "{absent:?}");
    }
}
