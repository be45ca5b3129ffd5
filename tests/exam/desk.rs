//! The officers' journal page: what it saves to a file, and the chain that it verifies.

use serde_json::Value;
use vigie::{
    audit::{Checkpoint, Note, VerifyingKey},
    store::{Direction, Family, KeyRange, Row, Writes},
};

use crate::{
    furnished::{CANARY, FLOOR, Site},
    pages::{text, visit},
    world::{Reply, Who},
};

async fn ask(site: &Site, who: Who, path: &str, fields: &[(&str, &str)]) -> Reply {
    visit(&site.world, who, FLOOR, "POST", path, fields).await
}

#[tokio::test]
async fn an_export_holds_exactly_the_entries_that_the_interface_gives_for_the_same_filter() {
    let site = Site::new().await;
    let haut = Who::Haut.id().to_string();
    for (fields, filter) in [
        (vec![("act", "note-create")], "act=note-create".to_owned()),
        (vec![("account", haut.as_str()), ("verdict", "allow")], format!("account={haut}&verdict=allow")),
        (vec![("before", "40")], "before=40".to_owned()),
    ] {
        let file = ask(&site, Who::Off, "/journal/export", &fields).await;
        assert_eq!(file.status, 200, "{}", text(&file));
        assert_eq!(file.header("content-type"), Some("application/x-ndjson"));
        assert!(file.header("content-disposition").expect("a header").starts_with("attachment; filename=\"journal-"));
        assert!(file.header("vigie-label").is_some() && !text(&file).contains(CANARY));
        let lines: Vec<Value> = text(&file).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        // The questions themselves stand in the journal too: compared is what stood there before them.
        let newest = lines.first().expect("an entry")["number"].as_u64().expect("a number") + 1;
        let (mut expected, mut before) = (Vec::new(), newest);
        loop {
            let page = format!("/journal?limit=200&{}", filter.replace("before=40&", "").replace("before=40", ""));
            let page = site.world.get(Who::Off, "", &format!("{}&before={before}", page.trim_end_matches('&'))).await;
            assert_eq!(page.status, 200, "{}", text(&page));
            expected.extend(page.json()["items"].as_array().expect("items").clone());
            match page.json()["next"].as_u64() {
                Some(next) => before = next,
                None => break,
            }
        }
        assert!(lines.len() > 3 && lines == expected, "{filter}: {} lines, {} entries", lines.len(), expected.len());
    }
    let unread = ask(&site, Who::Off, "/journal/export", &[("act", "nothing-known")]).await;
    assert_eq!(unread.status, 400, "a file of other entries would be believed");
}

#[tokio::test]
async fn the_chain_is_verified_against_the_signed_checkpoint_and_a_changed_entry_breaks_it() {
    let site = Site::new().await;
    while site.world.vault.monitor().journal().length() < 600 {
        site.world.get(Who::Bas, "DR", "/policy").await;
    }
    site.published().await;
    let key = site.world.get(Who::Off, "", "/journal/key").await.body;
    let key = VerifyingKey::parse(String::from_utf8(key).expect("text").trim_end()).expect("a vkey");
    site.published().await;
    let note = site.world.get(Who::Off, "", "/journal/checkpoint").await.body;
    let signed = Checkpoint::open(&Note::parse(&note).expect("a note"), &key).expect("signed");
    let page = ask(&site, Who::Off, "/journal/verify", &[("act", "note-create")]).await;
    let shown = text(&page);
    assert_eq!(page.status, 200, "{shown}");
    assert!(shown.contains("role=\"status\"") && !shown.contains("role=\"alert\""), "{shown}");
    // A second may have passed: the tree that is told is the one that was signed, or a later one.
    assert!(shown.contains(&signed.root.to_string()) || shown.matches("Chaîne vérifiée").count() == 1, "{shown}");
    assert!(shown.contains("value=\"note-create\" selected"), "the filters stay: {shown}");

    // One bit of one entry that was signed.
    let engine = &*site.world.engine;
    let rows = engine
        .snapshot()
        .expect("a snapshot")
        .scan(Family::Journal, &KeyRange::all(), Direction::Forward, 1000)
        .expect("rows");
    let (at, row) = rows.into_iter().find(|(_, row)| row.value.len() < 8000).expect("an entry");
    let mut value = row.value.clone();
    let last = value.len() - 1;
    value[last] ^= 1;
    let mut writes = Writes::default();
    writes.puts.push((Family::Journal, at, Row { value, ..row }));
    engine.commit(writes).expect("a commit");
    let page = ask(&site, Who::Off, "/journal/verify", &[]).await;
    assert!(page.status == 200 && text(&page).contains("role=\"alert\""), "{}", text(&page));
    assert!(!text(&page).contains("Chaîne vérifiée"), "{}", text(&page));
}

#[tokio::test]
async fn for_everybody_else_export_and_verification_do_not_exist() {
    let site = Site::new().await;
    for path in ["/journal/export", "/journal/verify"] {
        for who in [Who::Bas, Who::Haut, Who::Etr] {
            assert_eq!(ask(&site, who, path, &[]).await.status, 404, "{path} {who:?}");
        }
        assert_eq!(ask(&site, Who::Nobody, path, &[]).await.status, 401);
    }
}
