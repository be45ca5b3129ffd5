//! The process dies while it indexes. What was acknowledged is found by the next one, what was deleted is not, and an
//! index that somebody spoilt is made anew while the server answers.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::{
    dice::Dice,
    site::{ANALYSTS, Person, Served, Site, text, vigie},
};

const CYCLES: usize = 12;
/// Found within a second of the commit; the rest is for a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a search shows, once it can be asked.
async fn shown(person: &mut Person, word: &str) -> Option<Vec<String>> {
    let reply = person.get(&format!("/search?limit=100&q={word}")).await.expect("an answer");
    match reply.status {
        503 => None,
        200 => Some(reply.items().iter().map(|hit| text(hit, "id")).collect()),
        status => panic!("{status}"),
    }
}

/// Waits until a word is found in these objects and in no other.
async fn found_in(person: &mut Person, word: &str, expected: &[String]) -> Duration {
    let begun = Instant::now();
    let mut expected = expected.to_vec();
    expected.sort();
    loop {
        let mut now = shown(person, word).await.unwrap_or_default();
        now.sort();
        if now == expected {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < PATIENCE, "{word}: {} found, {} expected", now.len(), expected.len());
        sleep(Duration::from_millis(50)).await;
    }
}

struct Known {
    word: String,
    id: String,
    tag: String,
}

/// Writes and deletes until the server is gone; what was acknowledged is known.
async fn load(person: &mut Person, space: &str, dice: &mut Dice, known: &mut Vec<Known>, unsure: &mut Vec<String>) {
    loop {
        if known.len() > 10 && dice.below(4) == 0 {
            let one = known.swap_remove(dice.below(known.len()));
            match person.delete(&format!("/notes/{}", one.id), &one.tag).await {
                Ok(reply) if reply.done() => unsure.push(one.word),
                _ => return,
            }
            continue;
        }
        let word = format!("mot{}", dice.name());
        let body =
            json!({"space": space, "kind": "watch", "title": "Note", "body": format!("{word} {}", dice.text(300))});
        match person.post("/notes", &word, &body).await {
            Ok(reply) if reply.done() => {
                let id = text(&reply.json(), "id");
                known.push(Known { word, id, tag: reply.tag });
            }
            _ => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_it_indexes_it_finds_all_that_was_acknowledged_and_nothing_that_was_deleted() {
    let site = Site::found(None, |_config| {}).await;
    let mut dice = Dice::thrown("finding");
    let served = site.serve();
    let mut person = site.connect_at_last(served.address, ANALYSTS[0]).await;
    let space = person.post("/spaces", "space", &json!({"name": "Veille"})).await.expect("an answer").id();
    served.stop();
    let (mut known, mut deleted, mut slowest) = (Vec::new(), Vec::new(), Duration::ZERO);
    for _ in 0..CYCLES {
        let served = site.serve();
        let mut person = site.connect_at_last(served.address, ANALYSTS[0]).await;
        for _ in 0..4 {
            if !known.is_empty() {
                let one: &Known = &known[dice.below(known.len())];
                slowest = slowest.max(found_in(&mut person, &one.word, std::slice::from_ref(&one.id)).await);
            }
            if !deleted.is_empty() {
                let word: &String = dice.one(&deleted);
                found_in(&mut person, word, &[]).await;
            }
        }
        let moment = Duration::from_millis(u64::try_from(20 + dice.below(900)).expect("small"));
        let mut writing = dice.apart();
        let killer = tokio::spawn(async move {
            sleep(moment).await;
            served.kill();
        });
        load(&mut person, &space, &mut writing, &mut known, &mut deleted).await;
        killer.await.expect("killed");
    }
    let served = site.serve();
    let mut person = site.connect_at_last(served.address, ANALYSTS[0]).await;
    for one in &known {
        found_in(&mut person, &one.word, std::slice::from_ref(&one.id)).await;
    }
    for word in &deleted {
        found_in(&mut person, word, &[]).await;
    }
    // Just written, while the server lives: found within a second.
    let mut late = Vec::new();
    for number in 0..10 {
        let word = format!("tardif{}", dice.name());
        let body = json!({"space": space, "kind": "watch", "title": "Tardif", "body": word});
        let id = person.post("/notes", &format!("late{number}"), &body).await.expect("an answer").id();
        late.push(found_in(&mut person, &word, &[id]).await);
    }
    late.sort();
    println!(
        "finding: {} notes, {} deleted; slowest after a start {slowest:?}; just written {late:?}",
        known.len(),
        deleted.len()
    );
    assert!(late[late.len() / 2] < Duration::from_secs(1), "{late:?}");
    served.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn indexes_are_made_anew_while_the_server_answers_and_while_it_rests() {
    let site = Site::found(None, |_config| {}).await;
    let served = site.serve();
    let mut person = site.connect_at_last(served.address, ANALYSTS[0]).await;
    let space = person.post("/spaces", "space", &json!({"name": "Veille"})).await.expect("an answer").id();
    let mut ids = Vec::new();
    for number in 0..40 {
        let body = json!({"space": space, "kind": "watch", "title": format!("Radar {number}"), "body": "zorglub"});
        ids.push(person.post("/notes", &format!("n{number}"), &body).await.expect("an answer").id());
    }
    found_in(&mut person, "zorglub", &ids).await;
    let reindex = || {
        let mut program = vigie();
        program.args(["store", "reindex", "--json", "--dir"]).arg(&site.dir);
        let output = program.output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
    };
    let by_server = tokio::task::block_in_place(reindex);
    assert_eq!(by_server["by_server"], json!(true));
    found_in(&mut person, "zorglub", &ids).await;
    // Spoilt under the running server's feet: the next process makes it anew.
    served.stop();
    for folder in fs::read_dir(site.dir.join("index")).expect("indexes").map(|entry| entry.expect("an entry").path()) {
        for file in fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.expect("an entry").path()) {
            fs::write(file, b"spoilt").expect("written");
        }
    }
    let served: Served = site.serve();
    let mut person = site.connect_at_last(served.address, ANALYSTS[0]).await;
    found_in(&mut person, "zorglub", &ids).await;
    served.stop();
    // What a process that was killed in the middle leaves: whoever comes next ends it.
    let progress = site.dir.join("index/progress");
    fs::write(&progress, b"1 500\n").expect("written");
    let by_itself = tokio::task::block_in_place(reindex);
    assert_eq!(by_itself["by_server"], json!(false));
    assert!(!progress.exists(), "it is done");
    fs::write(&progress, b"1 500\n").expect("written");
    let served = site.serve();
    let mut person = site.connect_at_last(served.address, ANALYSTS[0]).await;
    found_in(&mut person, "zorglub", &ids).await;
    let begun = Instant::now();
    while progress.exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nobody has ended it");
        sleep(Duration::from_millis(50)).await;
    }
    found_in(&mut person, "zorglub", &ids).await;
    // What cannot be done is not called done: where the new index is to lie, something else does.
    let folders = |dir: &Path| -> Vec<PathBuf> {
        fs::read_dir(dir.join("index")).expect("indexes").map(|entry| entry.expect("an entry").path()).collect()
    };
    let before = folders(&site.dir);
    let asked = vigie().args(["store", "reindex", "--dir"]).arg(&site.dir).spawn().expect("it runs");
    drop(asked.wait_with_output());
    let after: Vec<PathBuf> = folders(&site.dir).into_iter().filter(|path| !before.contains(path)).collect();
    assert!(!after.is_empty(), "they have changed sides");
    for path in &before {
        if !path.exists() {
            fs::write(path, b"in the way").expect("written");
        }
    }
    let mut asked = vigie().args(["store", "reindex", "--dir"]).arg(&site.dir).spawn().expect("it runs");
    sleep(Duration::from_secs(3)).await;
    assert!(asked.try_wait().expect("it runs").is_none(), "it waits");
    found_in(&mut person, "zorglub", &ids).await;
    for path in before.iter().filter(|path| path.is_file() && path.file_name().is_some_and(|name| name.len() == 32)) {
        fs::remove_file(path).expect("removed");
    }
    assert!(tokio::task::block_in_place(|| asked.wait()).expect("it ends").success());
    found_in(&mut person, "zorglub", &ids).await;
    served.stop();
}
