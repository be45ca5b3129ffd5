//! The index is derived: damaged, it is made anew, and says so meanwhile; begun again, it goes on where it was.

use std::{fs, path::PathBuf, sync::Arc};

use serde_json::json;
use vigie::{
    finding::{Finder, Place},
    store::{Direction, Family, Key, KeyRange, Writes},
};

use super::{ids, note, search, space};
use crate::world::{Who, World, accounts, configuration, configuration_without_alpha};

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let id = vigie::crypto::Entropy::default().id().expect("random bytes");
        Self(std::env::temp_dir().join(format!("vigie-exam-index-{id}")))
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.0.clone()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn engine() -> Arc<vigie::store::Memory> {
    Arc::new(vigie::store::Memory::new())
}

/// Notes at two labels, indexed on the disk.
async fn house(folder: &Folder) -> (World, String, Vec<String>) {
    let world = World::over_place(configuration(accounts()), engine(), Place::Folder(folder.0.clone()));
    let low = space(&world, Who::Haut, "DR", "Veille", &[Who::Bas]).await;
    let high = space(&world, Who::Haut, "S", "Haute veille", &[]).await;
    let mut notes = Vec::new();
    for number in 0..6 {
        notes.push(note(&world, Who::Haut, "DR", &low, &format!("Radar {number}"), "zorglub", json!({})).await);
        note(&world, Who::Haut, "S", &high, &format!("Radar haut {number}"), "gloubiboulga", json!({})).await;
        world.index().await;
    }
    (world, low, notes)
}

/// Another process begins: new indexes in memory, the same files.
fn again(world: &mut World, folder: &Folder) {
    world.restart_finder(Finder::new(Place::Folder(folder.0.clone())));
}

#[tokio::test]
async fn an_index_goes_on_where_it_was_and_takes_up_what_it_missed() {
    let folder = Folder::new();
    let (mut world, low, notes) = house(&folder).await;
    let own = fs::metadata(folder.0.join("own")).expect("what it remembers").len();
    assert!(own > 0);
    let late = note(&world, Who::Haut, "DR", &low, "Radar tardif", "zorglub", json!({})).await;
    again(&mut world, &folder);
    let found = ids(&world, Who::Bas, "DR", "zorglub").await;
    assert_eq!(found.len(), notes.len() + 1);
    assert!(found.contains(&late));
    assert!(!world.app.finder.was_renewed(), "nothing had to be made anew");
}

#[tokio::test]
async fn every_damaged_file_is_noticed_and_what_is_found_stays_right() {
    let folder = Folder::new();
    let (mut world, _, notes) = house(&folder).await;
    world.app.finder.rest(&world.vault).expect("at rest");
    let (mut expected, count) = (notes.clone(), folder.files().len());
    expected.sort();
    assert!(count > 8, "{count}");
    let mut renewed = 0;
    // Each file in its turn: after each, the index may have been made anew under the same names or others.
    for turn in 0..count {
        let files = folder.files();
        let Some(path) = files.get(turn) else { break };
        let mut bytes = fs::read(path).expect("a file");
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 1;
        }
        fs::write(path, bytes).expect("written");
        again(&mut world, &folder);
        // Asked before anybody has settled it: said, or right; never wrong.
        let reply = world.get_unsettled(Who::Bas, "DR", "/search?q=zorglub&limit=100").await;
        match reply.status {
            503 => assert_eq!(reply.code(), "index-rebuilding"),
            status => assert_eq!(status, 200),
        }
        world.index().await;
        for _ in 0..2 {
            let mut reply = world.get(Who::Bas, "DR", "/search?q=zorglub&limit=100").await;
            if reply.status == 503 {
                // A page that only a search reads.
                world.index().await;
                reply = world.get(Who::Bas, "DR", "/search?q=zorglub&limit=100").await;
            }
            let items = reply.json()["items"].as_array().expect("items").clone();
            let mut found: Vec<String> =
                items.iter().map(|hit| hit["id"].as_str().expect("an id").to_owned()).collect();
            found.sort();
            assert_eq!(found, expected, "{}", path.display());
        }
        renewed += usize::from(world.app.finder.was_renewed());
        world.app.finder.rest(&world.vault).expect("at rest");
    }
    assert!(renewed > 2, "{renewed} of {count}");
}

#[tokio::test]
async fn an_older_index_put_back_is_made_anew() {
    let folder = Folder::new();
    let (mut world, low, notes) = house(&folder).await;
    world.app.finder.rest(&world.vault).expect("at rest");
    let kept: Vec<(PathBuf, Vec<u8>)> =
        folder.files().into_iter().map(|path| (path.clone(), fs::read(&path).expect("a file"))).collect();
    again(&mut world, &folder);
    note(&world, Who::Haut, "DR", &low, "Radar de plus", "zorglub", json!({})).await;
    world.index().await;
    world.app.finder.rest(&world.vault).expect("at rest");
    // All but what it remembers of itself.
    for path in folder.files().into_iter().filter(|path| !path.ends_with("own")) {
        fs::remove_file(path).expect("removed");
    }
    for (path, bytes) in kept.into_iter().filter(|(path, _)| !path.ends_with("own")) {
        fs::write(path, bytes).expect("put back");
    }
    again(&mut world, &folder);
    assert_eq!(ids(&world, Who::Bas, "DR", "zorglub").await.len(), notes.len() + 1);
    assert!(world.app.finder.was_renewed());
}

#[tokio::test]
async fn everything_is_made_anew_when_asked_and_an_emptied_folder_makes_itself() {
    let folder = Folder::new();
    let (mut world, _, notes) = house(&folder).await;
    world.app.finder.renew();
    assert_eq!(ids(&world, Who::Bas, "DR", "zorglub").await.len(), notes.len());
    assert!(world.app.finder.was_renewed());
    world.app.finder.rest(&world.vault).expect("at rest");
    fs::remove_dir_all(&folder.0).expect("emptied");
    again(&mut world, &folder);
    assert_eq!(ids(&world, Who::Bas, "DR", "zorglub").await.len(), notes.len());
    assert_eq!(ids(&world, Who::Haut, "S", "gloubiboulga").await.len(), notes.len());
    assert_eq!(ids(&world, Who::Bas, "DR", "gloubiboulga").await.len(), 0);
}

/// Asked for, not lost: whatever is asked meanwhile is answered from what was there, and followed.
#[tokio::test]
async fn while_everything_is_made_anew_on_request_searches_are_answered_and_what_is_written_is_found() {
    let folder = Folder::new();
    let (mut world, low, mut notes) = house(&folder).await;
    // Enough for several steps.
    let words: String = (0..400).map(|number| format!("mot{number} ")).collect();
    for number in 0..2_100 {
        notes.push(
            note(&world, Who::Haut, "DR", &low, &format!("Relevé {number}"), &format!("zorglub {words}"), json!({}))
                .await,
        );
    }
    world.index().await;
    world.app.finder.renew();
    assert!(world.app.finder.progress().indexes > 0, "asked for is not done");
    let count = async |world: &World, word: &str| {
        let reply = world.get_unsettled(Who::Bas, "DR", &format!("/search?q={word}")).await;
        assert_eq!(reply.status, 200, "{}", reply.json());
        reply.json()["count"].as_u64().expect("a count")
    };
    let (mut steps, mut shares) = (0_u64, Vec::new());
    let total = u64::try_from(notes.len()).expect("a count");
    while world.app.finder.step(&world.vault).expect("a step") {
        steps += 1;
        shares.push(world.app.finder.progress().share);
        assert_eq!(count(&world, "zorglub").await, total, "step {steps}");
        // Written, changed and deleted between two steps: in what is asked now, and in what is being made.
        note(&world, Who::Haut, "DR", &low, "Tardif", &format!("gloubi tardif{steps}"), json!({})).await;
        let path = format!("/notes/{}", notes[notes.len() - usize::try_from(steps).expect("a step")]);
        let tag = world.get(Who::Haut, "DR", &path).await.header("etag").expect("a tag").to_owned();
        let new = json!({"kind": "watch", "title": "Relevé", "body": "zorglub remplacé"});
        assert_eq!(world.json(Who::Haut, "DR", "PUT", &path, &[("if-match", &tag)], new).await.status, 200);
    }
    assert!(steps > 0, "{steps} steps, {shares:?}");
    assert!(shares.is_sorted() && shares.iter().any(|share| *share > 0 && *share < 1000), "{shares:?}");
    assert_eq!(world.app.finder.progress().indexes, 0);
    assert!(world.app.finder.was_renewed());
    for turn in ["goes on", "begins again"] {
        assert_eq!(ids(&world, Who::Bas, "DR", "zorglub").await.len(), 100);
        assert_eq!(count(&world, "zorglub").await, total, "{turn}");
        assert_eq!(count(&world, "gloubi").await, steps, "{turn}");
        assert_eq!(count(&world, "remplacé").await, steps, "{turn}");
        world.app.finder.rest(&world.vault).expect("at rest");
        again(&mut world, &folder);
        world.index().await;
    }
    assert!(!world.app.finder.was_renewed(), "what was made anew is what opens");
    // The other side has gone: one folder a label, and what they remember.
    assert_eq!(fs::read_dir(&folder.0).expect("a folder").count(), 3);
}

#[tokio::test]
async fn a_disk_too_full_to_make_an_index_anew_leaves_the_one_that_is_asked() {
    let place = Place::memory();
    let world = World::over_place(configuration(accounts()), engine(), place.clone());
    let low = space(&world, Who::Haut, "DR", "Veille", &[Who::Bas]).await;
    let kept = note(&world, Who::Haut, "DR", &low, "Radar", "zorglub", json!({})).await;
    world.index().await;
    for writes in 0..12 {
        place.fill_up_after(Some(writes));
        world.app.finder.renew();
        for _ in 0..3 {
            drop(world.app.finder.step(&world.vault));
            let reply = world.get_unsettled(Who::Bas, "DR", "/search?q=zorglub").await;
            assert_eq!((reply.status, &reply.json()["items"][0]["id"]), (200, &json!(kept)), "{writes}");
        }
        place.fill_up_after(None);
        world.index().await;
        assert_eq!(ids(&world, Who::Bas, "DR", "zorglub").await, std::slice::from_ref(&kept));
    }
}

/// A policy that does not know a label comes into force before, in the middle of or after a rebuilding, and goes again.
#[tokio::test]
async fn what_is_under_a_label_that_a_policy_does_not_know_is_found_again_when_one_does() {
    for (before, steps) in [(true, 0), (false, 0), (false, 1), (false, 2)] {
        let folder = Folder::new();
        let mut world = World::over_place(configuration(accounts()), engine(), Place::Folder(folder.0.clone()));
        let low = space(&world, Who::Haut, "DR", "Veille", &[Who::Bas]).await;
        let high = space(&world, Who::Haut, "S/ALPHA", "Cellule Alpha", &[]).await;
        let words: String = (0..600).map(|number| format!("mot{number} ")).collect();
        let mut alpha = Vec::new();
        for number in 0..600 {
            let body = format!("zorglub {words}");
            note(&world, Who::Haut, "DR", &low, &format!("Radar {number}"), &body, json!({})).await;
            alpha.push(note(&world, Who::Haut, "S/ALPHA", &high, &format!("Sonar {number}"), &body, json!({})).await);
        }
        world.index().await;
        if before {
            world.config.store(Arc::new(configuration_without_alpha()));
        }
        world.app.finder.renew();
        for _ in 0..steps {
            world.app.finder.step(&world.vault).expect("a step");
        }
        world.config.store(Arc::new(configuration_without_alpha()));
        let low = search(&world, Who::Bas, "DR", "zorglub").await;
        assert_eq!(low["count"], json!(600), "{before} {steps}");
        if steps == 1 {
            world.app.finder.rest(&world.vault).expect("at rest");
            again(&mut world, &folder);
            world.index().await;
        }
        world.config.store(Arc::new(configuration(accounts())));
        assert_eq!(
            search(&world, Who::Haut, "S/ALPHA", "zorglub dans:\"Cellule Alpha\"").await["count"],
            json!(600),
            "{before} {steps}"
        );
    }
}

#[tokio::test]
async fn no_indexed_word_label_or_name_stands_in_any_file_of_the_indexes() {
    let folder = Folder::new();
    let (world, _, _) = house(&folder).await;
    world.app.finder.rest(&world.vault).expect("at rest");
    for path in folder.files() {
        let bytes = fs::read(&path).expect("a file");
        for canary in ["zorglub", "gloubiboulga", "radar", "Radar", "meta.json", "S/FRA", "DR/FRA", "stem"] {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary}");
        }
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(name == "own" || name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    }
}

#[tokio::test]
async fn before_the_first_look_a_search_says_that_it_cannot_answer_yet() {
    let world = World::new();
    let reply = world.get_unsettled(Who::Bas, "DR", "/search?q=radar").await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "index-rebuilding"));
    assert_eq!(reply.header("retry-after"), Some("5"));
}

/// What a disk that fills up in the middle leaves is never taken for whole, whether the process ends there or goes on.
#[tokio::test]
async fn whichever_write_fails_what_is_committed_is_found_and_what_is_deleted_is_not() {
    let mut failed = 0;
    for writes in 0..40 {
        for goes_on in [false, true] {
            let place = Place::memory();
            let mut world = World::over_place(configuration(accounts()), engine(), place.clone());
            let low = space(&world, Who::Haut, "DR", "Veille", &[Who::Bas]).await;
            let high = space(&world, Who::Haut, "S", "Haute veille", &[]).await;
            let gone = note(&world, Who::Haut, "DR", &low, "Radar retiré", "zorglub", json!({})).await;
            note(&world, Who::Haut, "S", &high, "Radar haut", "gloubiboulga", json!({})).await;
            world.index().await;
            if writes % 2 == 0 {
                world.app.finder.renew();
            }
            place.fill_up_after(Some(writes / 2));
            let path = format!("/notes/{gone}");
            let tag = world.get(Who::Haut, "DR", &path).await.header("etag").expect("a tag").to_owned();
            let deleted = world.send(Who::Haut, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await;
            assert_eq!(deleted.status, 204);
            let kept = note(&world, Who::Haut, "DR", &low, "Radar gardé", "zorglub", json!({})).await;
            let above = note(&world, Who::Haut, "S", &high, "Radar de plus", "gloubiboulga", json!({})).await;
            for _ in 0..4 {
                failed += usize::from(world.app.finder.step(&world.vault).is_err());
            }
            place.fill_up_after(None);
            if !goes_on {
                world.restart_finder(Finder::new(place.clone()));
            }
            // What failed in a thread of the engine is told by the next step that wants it: once for each index.
            for _ in 0..2 {
                drop(world.app.finder.step(&world.vault));
            }
            world.index().await;
            assert_eq!(ids(&world, Who::Haut, "DR", "zorglub").await, [kept], "{writes} {goes_on}");
            let high = ids(&world, Who::Haut, "S", "gloubiboulga").await;
            assert!(high.len() == 2 && high.contains(&above), "{writes} {goes_on}: {high:?}");
        }
    }
    assert!(failed > 20, "{failed}");
}

#[tokio::test]
async fn a_record_that_was_altered_keeps_no_other_from_being_found() {
    let folder = Folder::new();
    let (world, low, notes) = house(&folder).await;
    let high = ids(&world, Who::Haut, "S", "gloubiboulga").await;
    // What hangs on it is looked at with it.
    let file = json!({"name": "carnet.txt", "size": 1});
    let file = world.post(Who::Haut, "S", &format!("/notes/{}/attachments", high[0]), file).await.id();
    let path = format!("/attachments/{file}/content?offset=0");
    let octets = [("content-type", "application/octet-stream")];
    assert_eq!(world.send(Who::Haut, "S", "PUT", &path, &octets, b"x").await.status, 200);
    world.index().await;
    let key = Key::from(high[0].parse::<vigie::ids::Id>().expect("an id"));
    let mut row = world.engine.get(Family::Records, &key).expect("a store").expect("a record");
    row.value[40] ^= 1;
    let mut writes = Writes::default();
    writes.puts.push((Family::Records, key, row));
    world.engine.commit(writes).expect("altered");
    // Its index still names it.
    assert_eq!(ids(&world, Who::Haut, "S", "gloubiboulga").await.len(), high.len() - 1);
    assert_eq!(world.get(Who::Haut, "S", "/suggest?q=rada").await.status, 200);
    world.app.finder.renew();
    assert_eq!(ids(&world, Who::Bas, "DR", "zorglub").await.len(), notes.len());
    note(&world, Who::Haut, "DR", &low, "Radar de plus", "zorglub", json!({})).await;
    assert_eq!(ids(&world, Who::Bas, "DR", "zorglub").await.len(), notes.len() + 1);
    assert_eq!(ids(&world, Who::Haut, "S", "gloubiboulga").await.len(), high.len() - 1);
}

/// Alters or removes the entries of the journal from one to another.
fn harm(world: &World, entries: std::ops::Range<u64>, is_gone: bool) {
    let mut writes = Writes::default();
    for number in entries {
        let key = Key::joined(&[b"e", &number.to_be_bytes()]).expect("a key");
        let mut row = world.engine.get(Family::Journal, &key).expect("a store").expect("an entry");
        if is_gone {
            writes.deletes.push((Family::Journal, key));
        } else {
            row.value[40] ^= 1;
            writes.puts.push((Family::Journal, key, row));
        }
    }
    world.engine.commit(writes).expect("harmed");
}

#[tokio::test]
async fn an_entry_that_was_altered_or_has_gone_keeps_nothing_from_being_found() {
    for (is_gone, is_restarted) in [(false, false), (true, false), (false, true), (true, true)] {
        let folder = Folder::new();
        let (mut world, low, notes) = house(&folder).await;
        let before = world.vault.monitor().journal().length();
        note(&world, Who::Haut, "DR", &low, "Radar de plus", "zorglub", json!({})).await;
        harm(&world, before..world.vault.monitor().journal().length(), is_gone);
        if is_restarted {
            // The last tile of the journal is read when a process begins, which refuses what is altered in it.
            for _ in 0..520 {
                world.get(Who::Bas, "DR", "/spaces").await;
            }
            let engine = Arc::clone(&world.engine);
            drop(world);
            world = World::over_place(configuration(accounts()), engine, Place::Folder(folder.0.clone()));
            world.seed(1 << 40);
        }
        note(&world, Who::Haut, "DR", &low, "Radar d’après", "zorglub", json!({})).await;
        let what = format!("gone {is_gone}, restarted {is_restarted}");
        assert_eq!(ids(&world, Who::Bas, "DR", "zorglub").await.len(), notes.len() + 2, "{what}");
        assert!(world.app.finder.was_renewed(), "{what}");
        assert_eq!(ids(&world, Who::Haut, "S", "gloubiboulga").await.len(), notes.len(), "{what}");
    }
}

/// Whether an index goes on, is made anew, or the process ends while a merge is under way.
#[tokio::test]
async fn what_is_written_and_deleted_while_segments_become_one_is_found_and_is_not() {
    for then in ["goes on", "is made anew", "ends in order"] {
        let place = Place::memory();
        let mut world = World::over_place(configuration(accounts()), engine(), place.clone());
        let low = space(&world, Who::Haut, "DR", "Veille", &[Who::Bas]).await;
        let mut notes = Vec::new();
        for number in 0..6 {
            notes.push(note(&world, Who::Haut, "DR", &low, &format!("Note {number}"), "zorglub", json!({})).await);
            world.index().await;
        }
        assert!(world.app.finder.compact(), "a merge is under way");
        let path = format!("/notes/{}", notes[0]);
        let tag = world.get(Who::Haut, "DR", &path).await.header("etag").expect("a tag").to_owned();
        assert_eq!(world.send(Who::Haut, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await.status, 204);
        notes.remove(0);
        notes.push(note(&world, Who::Haut, "DR", &low, "Note de plus", "zorglub", json!({})).await);
        match then {
            "is made anew" => world.app.finder.renew(),
            "ends in order" => {
                world.index().await;
                world.app.finder.rest(&world.vault).expect("at rest");
                // As long as a process takes to begin: the merge that was broken off has noticed.
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                world.restart_finder(Finder::new(place.clone()));
            }
            _ => {}
        }
        notes.sort();
        for _ in 0..2 {
            world.index().await;
            let mut found = ids(&world, Who::Bas, "DR", "zorglub").await;
            found.sort();
            assert_eq!(found, notes, "{then}");
            while world.app.finder.compact() {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        }
        // Of one that begins, everything counts as made anew.
        assert!(then != "ends in order" || !world.app.finder.was_renewed(), "nothing else costs an index");
    }
}

/// The keys of labels, as the store holds them.
fn label_keys(world: &World) -> Vec<Key> {
    let snapshot = world.engine.snapshot().expect("a snapshot");
    let rows = snapshot.scan(Family::Keys, &KeyRange::prefix(b"L"), Direction::Forward, 1000).expect("keys");
    rows.into_iter().map(|(key, _)| key).collect()
}

#[tokio::test]
async fn the_index_of_a_label_whose_key_was_deleted_opens_no_more() {
    let folder = Folder::new();
    let place = Place::Folder(folder.0.clone());
    let world = World::over_place(configuration(accounts()), engine(), place.clone());
    let low = space(&world, Who::Haut, "DR", "Veille", &[Who::Bas]).await;
    let kept = note(&world, Who::Haut, "DR", &low, "Radar", "zorglub", json!({})).await;
    let others = label_keys(&world);
    let high = space(&world, Who::Haut, "S", "Haute veille", &[]).await;
    note(&world, Who::Haut, "S", &high, "Radar haut", "gloubiboulga", json!({})).await;
    assert_eq!(ids(&world, Who::Haut, "S", "gloubiboulga").await.len(), 1);
    world.app.finder.rest(&world.vault).expect("at rest");

    let deletes: Vec<(Family, Key)> =
        label_keys(&world).into_iter().filter(|key| !others.contains(key)).map(|key| (Family::Keys, key)).collect();
    assert_eq!(deletes.len(), 1, "the key of one label");
    world.engine.commit(Writes { deletes, ..Writes::default() }).expect("deleted");
    let engine = Arc::clone(&world.engine);
    drop(world);

    // The same files and the same rows, but for that key.
    let world = World::over_place(configuration(accounts()), engine, place);
    assert_eq!(ids(&world, Who::Haut, "S", "gloubiboulga").await, Vec::<String>::new());
    assert_eq!(ids(&world, Who::Haut, "DR", "zorglub").await, std::slice::from_ref(&kept));
    // A new key for the same label opens no old file, and what is written under it is found.
    let again = space(&world, Who::Haut, "S", "Nouvelle veille", &[]).await;
    let new = note(&world, Who::Haut, "S", &again, "Sonar", "zorglub", json!({})).await;
    assert_eq!(ids(&world, Who::Haut, "S", "gloubiboulga").await, Vec::<String>::new());
    let mut found = ids(&world, Who::Haut, "S", "zorglub").await;
    found.sort();
    let mut expected = [kept, new];
    expected.sort();
    assert_eq!(found, expected);
}
