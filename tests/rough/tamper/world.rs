//! A store of some megabytes made by real use: two sessions of the real server, the second one killed. What the
//! folder was after the first is kept, for whoever puts old things back.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use http::Method;
use serde_json::json;
use vigie::{
    audit::{Checkpoint, Note},
    config::shape::ConfigFile,
    crypto::Entropy,
    ids::AccountId,
};

use super::readers::{Reading, Truth, crawl};
use crate::{
    dice::Dice,
    site::{ANALYSTS, OFFICER, Person, Site},
};

const NOTES: usize = 18;
/// Somebody who is suspended between the two copies: an older configuration would let him in again.
const LEAVER: &str = "analyste-parti";

/// The deployment, as it was and as it is.
pub(super) struct World {
    pub(super) site: Site,
    /// After the first session, stopped in order.
    pub(super) older: PathBuf,
    /// After the second, killed with its last rows in the log alone; the checkpoint was signed after them.
    pub(super) newest: PathBuf,
    /// The last signed checkpoint, as an inspector would keep it elsewhere.
    pub(super) kept: Checkpoint,
    /// What there is to read.
    pub(super) reading: Reading,
    /// Whatever the server ever said.
    pub(super) truth: Truth,
}

/// Memory if there is a volume of it: thousands of copies are made and thrown away.
fn scratch() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let writable = memory.is_dir() && rustix::fs::access(memory, rustix::fs::Access::WRITE_OK).is_ok();
    if writable { memory.to_owned() } else { PathBuf::from(env!("CARGO_TARGET_TMPDIR")) }
}

/// Copies a folder with its modes.
pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn leaver(config: &mut ConfigFile) {
    let mut account = config.accounts[0].clone();
    account.id = AccountId(Entropy::default().id().expect("random bytes"));
    LEAVER.clone_into(&mut account.name);
    account.certificates.clear();
    config.accounts.push(account);
}

/// What one analyst has made.
struct Made {
    space: String,
    notes: Vec<(String, String)>,
    posts: Vec<(String, String, String)>,
}

impl World {
    pub(super) async fn made(dice: &mut Dice) -> Self {
        let site = Site::found_in(&scratch(), None, leaver).await;
        let (older, newest) = (site.root.join("older"), site.root.join("newest"));
        let mut truth = Truth::default();

        let served = site.serve();
        let mut made = Vec::new();
        for who in ANALYSTS {
            let mut person = site.connect(served.address, who).await.expect("a connection");
            made.push(first_session(&mut person, &site.people["analyste-s"].to_string(), dice).await);
        }
        read(&site, served.address, &mut truth).await;
        served.stop();
        copy(&site.dir, &older);

        let served = site.serve();
        site.suspend(LEAVER);
        for (who, made) in ANALYSTS.into_iter().zip(&mut made) {
            let mut person = site.connect(served.address, who).await.expect("a connection");
            second_session(&mut person, made, dice).await;
        }
        let reading = read(&site, served.address, &mut truth).await;
        assert!(!site.dir.join("config/inbox/revoke.toml").exists(), "the revocation was taken");
        // What was acknowledged is in the checkpoint too: an attacker cannot cut it off the log unseen.
        tokio::time::sleep(Duration::from_millis(2500)).await;
        served.kill();
        copy(&site.dir, &newest);
        let note = Note::parse(&fs::read(newest.join("audit/checkpoint")).expect("a file")).expect("a note");
        let kept = Checkpoint::parse(note.text()).expect("a checkpoint");
        Self { site, older, newest, kept, reading, truth }
    }
}

async fn read(site: &Site, address: std::net::SocketAddr, truth: &mut Truth) -> Reading {
    let mut reading = Reading::default();
    for who in ANALYSTS {
        let mut person = site.connect(address, who).await.expect("a connection");
        reading.add(who, crawl(&mut person, truth).await);
    }
    let tiles =
        ["/journal/tile/0/000", "/journal/tile/0/001", "/journal/tile/entries/000", "/journal/tile/entries/001"];
    let pages = ["/journal?before=600&limit=200", "/journal?before=300&limit=200", "/journal?before=100&limit=100"];
    // Tiles are served once a checkpoint covers them.
    tokio::time::sleep(Duration::from_millis(2500)).await;
    let mut officer = site.connect(address, OFFICER).await.expect("a connection");
    let paths: Vec<String> = tiles.into_iter().chain(pages).map(ToOwned::to_owned).collect();
    for reply in officer.read(&paths).await.expect("answers") {
        truth.learn(&reply.good());
    }
    reading.add(OFFICER, paths);
    reading
}

async fn note(person: &mut Person, space: &str, number: usize, dice: &mut Dice) -> (String, String) {
    let length = if number % 5 == 4 { 130_000 } else { *dice.one(&[300, 900, 4000, 14_000]) };
    let label = person.working.replace(['/', ','], "-");
    let mention = if number % 4 == 1 { format!("[[{label} {}]] ", number - 1) } else { String::new() };
    let note = json!({
        "space": space, "kind": "watch", "title": format!("{label} {number}"),
        "body": format!("{mention}{}", dice.text(length)), "tags": [dice.text(9)],
        "sources": [{"url": "https://example.org/", "title": dice.text(20), "author": dice.text(12), "date": "2026-11-21"}],
    });
    let reply = person.post("/notes", &dice.name(), &note).await.expect("an answer").good();
    (reply.json()["id"].as_str().expect("an identifier").to_owned(), reply.tag)
}

async fn first_session(person: &mut Person, other: &str, dice: &mut Dice) -> Made {
    let space = json!({"name": dice.text(12), "purpose": dice.text(40)});
    let space = person.post("/spaces", &dice.name(), &space).await.expect("an answer").id();
    if person.name != "analyste-s" {
        let path = format!("/spaces/{space}/members/{other}");
        person.ask(Method::PUT, &path, &[], Some(&json!({"part": "member"}))).await.expect("an answer").good();
    }
    let mut made = Made { space, notes: Vec::new(), posts: Vec::new() };
    for number in 0..NOTES {
        let note = note(person, &made.space, number, dice).await;
        made.notes.push(note);
    }
    for number in 0..10 {
        let (from, to) = (&made.notes[number].0, &made.notes[(number * 7 + 3) % NOTES].0);
        let link = json!({"from": from, "to": to, "type": "supports", "comment": dice.text(60)});
        person.post("/links", &dice.name(), &link).await.expect("an answer").good();
    }
    for about in [json!({"space": made.space}), json!({"note": made.notes[0].0})] {
        let conversation = json!({"title": dice.text(20), "about": about});
        let conversation = person.post("/conversations", &dice.name(), &conversation).await.expect("an answer").id();
        for _ in 0..8 {
            let path = format!("/conversations/{conversation}/messages");
            let reply =
                person.post(&path, &dice.name(), &json!({"text": dice.text(200)})).await.expect("an answer").good();
            made.posts.push((path, reply.json()["id"].as_str().expect("an identifier").to_owned(), reply.tag));
        }
    }
    let items: String = (0..6)
        .map(|number| {
            let note = json!({"note": {"external_id": format!("x--{number}"), "kind": "question",
                "title": dice.text(30), "body": dice.text(500), "tags": [], "language": "en", "sources": [],
                "grade": null, "expires": null}});
            format!("{note}\n")
        })
        .collect();
    let path = format!("/notes/import?space={}", made.space);
    person.ask(Method::POST, &path, &[], Some(&json!(items))).await.expect("an answer").good();
    change(person, &mut made.notes[..8], dice).await;
    made
}

async fn change(person: &mut Person, notes: &mut [(String, String)], dice: &mut Dice) {
    for (id, tag) in notes {
        let body = json!({"kind": "idea", "title": dice.text(25), "body": dice.text(2500), "tags": []});
        *tag = person.put(&format!("/notes/{id}"), tag, &body).await.expect("an answer").good().tag;
    }
}

async fn second_session(person: &mut Person, made: &mut Made, dice: &mut Dice) {
    change(person, &mut made.notes[4..14], dice).await;
    for (path, id, tag) in &made.posts[2..6] {
        let edited = json!({"text": dice.text(100)});
        person.put(&format!("{path}/{id}"), tag, &edited).await.expect("an answer").good();
    }
    for number in NOTES..NOTES + 6 {
        note(person, &made.space, number, dice).await;
    }
    for (id, tag) in made.notes.drain(15..17) {
        person.delete(&format!("/notes/{id}"), &tag).await.expect("an answer").good();
    }
}
