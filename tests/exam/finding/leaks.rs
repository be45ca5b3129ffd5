//! LEAKS 3.1, T01 to T07. `Haut` writes at Secret and in spaces of his own; `Bas` must not notice. Whoever asks for a word
//! that stands only where he may not look gets the bytes of one who asks for a word that stands nowhere.

use serde_json::json;

use super::{escaped, ids, note, search, space};
use crate::world::{Who, World};

/// A low space of both, and a high one, each with notes; and what `Haut` writes besides.
pub async fn world(high: bool) -> (World, String) {
    let world = World::new();
    world.seed(1);
    let low = space(&world, Who::Haut, "DR", "Veille", &[Who::Bas]).await;
    for (number, body) in ["radar passif", "radar actif et passif", "sonar passif", "antenne"].into_iter().enumerate() {
        world.seed(10 + u64::try_from(number).expect("few"));
        note(&world, Who::Haut, "DR", &low, &format!("Note {number}"), body, json!({"tags": ["capteur"]})).await;
    }
    if high {
        world.seed(100);
        let secret = space(&world, Who::Haut, "S", "Zorglub", &[]).await;
        // At the very same label, where `Bas` is no member.
        let beside = space(&world, Who::Haut, "DR", "Zorglub", &[]).await;
        for number in 0..12 {
            let (title, body) = (format!("Zorglub {number}"), "zorglub radar radar passif antenne ".repeat(number + 1));
            note(&world, Who::Haut, "S", &secret, &title, &body, json!({"tags": ["zorglubien"]})).await;
            note(&world, Who::Haut, "DR", &beside, &title, &body, json!({"tags": ["zorglubien"]})).await;
            note(&world, Who::Haut, "S", &low, &title, &body, json!({"tags": ["zorglubien"]})).await;
            // Commits, merges and deletions of the engine, in one world alone.
            if number % 4 == 0 {
                world.index().await;
            }
        }
        let gone = note(&world, Who::Haut, "DR", &beside, "radar", "zorglub", json!({})).await;
        world.index().await;
        let path = format!("/notes/{gone}");
        let tag = world.get(Who::Haut, "DR", &path).await.header("etag").expect("a tag").to_owned();
        let reply = world.send(Who::Haut, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await;
        assert_eq!(reply.status, 204);
    }
    (world, low)
}

/// The same questions in both worlds, byte by byte.
async fn alike(questions: &[String]) {
    let ((with, _), (without, _)) = (world(true).await, world(false).await);
    for (number, question) in questions.iter().enumerate() {
        let seed = 1000 + u64::try_from(number).expect("few");
        with.seed(seed);
        let one = with.get(Who::Bas, "DR", question).await;
        without.seed(seed);
        let other = without.get(Who::Bas, "DR", question).await;
        assert_eq!(
            one,
            other,
            "{question}\n{}\n{}",
            String::from_utf8_lossy(&one.body),
            String::from_utf8_lossy(&other.body)
        );
    }
}

#[tokio::test]
async fn t01_a_word_from_above_is_as_a_word_that_stands_nowhere() {
    let (world, _) = world(true).await;
    world.seed(7);
    let hidden = world.get(Who::Bas, "DR", "/search?q=zorglub").await;
    world.seed(7);
    let absent = world.get(Who::Bas, "DR", "/search?q=krtekso").await;
    assert_eq!(hidden, absent);
    assert_eq!(hidden.json()["items"], json!([]));
    assert!(!ids(&world, Who::Haut, "S", "zorglub").await.is_empty(), "who may, finds it");
}

#[tokio::test]
async fn t02_counts_pages_and_kinds_are_of_what_can_be_read() {
    let (world, _) = world(true).await;
    let found = search(&world, Who::Bas, "DR", "radar").await;
    assert_eq!((&found["count"], &found["kinds"]), (&json!(2), &json!({"note": 2})));
    assert_eq!(found["next"], json!(null));
    let first = world.get(Who::Bas, "DR", "/search?q=radar&limit=1").await.json();
    let cursor = first["next"].as_str().expect("a second page");
    let second = world.get(Who::Bas, "DR", &format!("/search?q=radar&limit=1&after={cursor}")).await.json();
    assert_eq!((second["items"].as_array().map(Vec::len), &second["next"]), (Some(1), &json!(null)));
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
}

#[tokio::test]
async fn t02_what_results_have_in_common_is_counted_over_what_can_be_read() {
    let questions =
        ["radar", "passif OR radar", "type:note", "type:espace", "zorg*", "mention:DR", "dans:Veille -sonar"];
    let paths: Vec<String> = questions
        .iter()
        .flat_map(|text| {
            ["", "&limit=1&sort=date"].map(|more| format!("/search?facets=true&q={}{more}", escaped(text)))
        })
        .collect();
    alike(&paths).await;
    let (world, low) = world(true).await;
    let of = async |who, working: &str, text: &str| {
        let found = world.get(who, working, &format!("/search?facets=true&q={}", escaped(text))).await.json();
        assert_eq!(search(&world, who, working, text).await["facets"], json!(null), "only where it is asked for");
        let facets = found["facets"].clone();
        let markings: Vec<(String, u64)> = facets["markings"]
            .as_array()
            .expect("markings")
            .iter()
            .map(|one| {
                (one["label"]["level"].as_str().expect("a label").to_owned(), one["count"].as_u64().expect("a count"))
            })
            .collect();
        let spaces: Vec<(String, u64)> = facets["spaces"]
            .as_array()
            .expect("spaces")
            .iter()
            .map(|one| {
                (one["space"]["id"].as_str().expect("an id").to_owned(), one["count"].as_u64().expect("a count"))
            })
            .collect();
        let since: Vec<u64> = facets["since"]
            .as_array()
            .expect("since")
            .iter()
            .map(|one| one["count"].as_u64().expect("a count"))
            .collect();
        (found["count"].as_u64().expect("a count"), markings, spaces, since)
    };
    let (count, markings, spaces, since) = of(Who::Bas, "DR", "radar").await;
    assert_eq!((count, markings), (2, vec![("DR".to_owned(), 2)]));
    assert_eq!((spaces, since), (vec![(low.clone(), 2)], vec![2, 2, 2]));
    // `Haut` at Secret: 12 notes in each of his spaces, 12 more in the low one at S.
    let (count, markings, spaces, _) = of(Who::Haut, "S", "radar").await;
    assert_eq!((count, markings), (38, vec![("DR".to_owned(), 14), ("S".to_owned(), 24)]));
    assert_eq!(spaces.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [14, 12, 12]);
    assert_eq!(spaces[0].0, low);
    // What is counted is what the narrower question finds.
    for (narrower, expected) in [("radar mention:DR", 14), ("radar mention:s", 24), ("radar -mention:S", 14)] {
        assert_eq!(search(&world, Who::Haut, "S", narrower).await["count"], json!(expected), "{narrower}");
    }
    assert_eq!(search(&world, Who::Haut, "S", &format!("radar dans:{low}")).await["count"], json!(14));
}

#[tokio::test]
async fn t06_a_marking_from_above_is_as_a_marking_that_there_is_not() {
    let (world, _) = world(true).await;
    for (who, working, text) in
        [(Who::Bas, "DR", "S/ALPHA"), (Who::Bas, "DR", "S"), (Who::Haut, "DR", "S"), (Who::Bas, "DR", "XX")]
    {
        let reply = world.get(who, working, &format!("/search?q=radar%20mention:{}", escaped(text))).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, "search-bad-marking"), "{who:?} {text}");
        let detail = reply.json()["detail"].as_str().expect("a sentence").to_owned();
        assert!(detail.contains(text) && detail.contains(" 15"), "{detail}");
    }
}

#[tokio::test]
async fn t03_completions_offer_nothing_from_above_or_beside() {
    let (world, _) = world(true).await;
    world.seed(7);
    let hidden = world.get(Who::Bas, "DR", "/suggest?q=zor").await;
    world.seed(7);
    let absent = world.get(Who::Bas, "DR", "/suggest?q=kqx").await;
    assert_eq!(hidden, absent);
    let high = world.get(Who::Haut, "S", "/suggest?q=zor").await.json();
    assert_eq!(high["words"][0], json!("zorglub"));
    assert!(high["tags"].as_array().is_some_and(|tags| tags.contains(&json!("zorglubien"))), "{high}");
    assert!(!high["notes"].as_array().expect("notes").is_empty());
    // A misspelt word is not put right by what stands above.
    assert_eq!(world.get(Who::Bas, "DR", "/suggest?q=zorglab").await.json()["spelling"], json!(null));
    assert_eq!(world.get(Who::Haut, "S", "/suggest?q=zorglab").await.json()["spelling"], json!("zorglub"));
}

#[tokio::test]
async fn t04_scores_and_order_do_not_move_with_what_is_written_above_or_beside() {
    let words = ["radar", "passif", "radar OR passif OR antenne OR sonar", "passif -actif", "capteur radar"];
    let questions = words
        .iter()
        .flat_map(|words| ["", "&limit=1", "&limit=2"].map(|limit| format!("/search?q={}{limit}", escaped(words))));
    alike(&questions.collect::<Vec<_>>()).await;
}

#[tokio::test]
async fn t05_no_order_tells_of_what_is_hidden() {
    let questions: Vec<String> = ["relevance", "date", "grade"]
        .iter()
        .flat_map(|sort| [1, 2, 3].map(|limit| format!("/search?q=passif&sort={sort}&limit={limit}")))
        .collect();
    alike(&questions).await;
}

#[tokio::test]
async fn t06_no_key_reaches_what_may_not_be_seen() {
    let questions = [
        "dans:Zorglub",
        "étiquette:zorglubien",
        "titre:Zorglub",
        "de:haut zorglub",
        "type:espace",
        "lien:related",
        "lien:Zorglub",
        "avec:lien",
        "avec:pièce",
        "source:zorglub",
        "-avec:lien",
        "zorg*",
        "\"radar radar\"",
        "-antenne",
        "type:note",
        "label:S",
        "après:2020",
        "langue:fr",
        "mention:DR",
        "mention:S",
        "-mention:DR zorg*",
    ];
    let questions: Vec<String> = questions.iter().map(|text| format!("/search?q={}", escaped(text))).collect();
    alike(&questions).await;
}

#[tokio::test]
async fn t07_officers_strangers_and_absent_things_get_the_same_answer() {
    let (world, _) = world(true).await;
    for path in ["/search?q=radar", "/search?q=", "/search?q=couleur:bleu", "/suggest?q=ra"] {
        let reply = world.get(Who::Off, "DR", path).await;
        assert_eq!((reply.status, reply.code().as_str()), (404, "not-found"), "{path}");
    }
    assert_eq!(world.get(Who::Nobody, "", "/search?q=radar").await.status, 401);
    // Not a member of anything: the same as an empty house.
    let stranger = search(&world, Who::HautB, "S", "radar").await;
    assert_eq!((&stranger["items"], &stranger["count"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn a_link_between_notes_is_found_only_by_who_reaches_both() {
    let world = World::new();
    let common = space(&world, Who::Haut, "DR", "Commun", &[Who::Bas]).await;
    let own = space(&world, Who::Haut, "DR", "Réservé", &[]).await;
    let one = note(&world, Who::Haut, "DR", &common, "Un", "x", json!({})).await;
    let two = note(&world, Who::Haut, "DR", &own, "Deux", "x", json!({})).await;
    let three = note(&world, Who::Haut, "DR", &common, "Trois", "x", json!({})).await;
    for (to, comment) in [(&two, "gloubiboulga caché"), (&three, "gloubiboulga visible")] {
        let link = json!({"from": one, "to": to, "type": "uses", "comment": comment});
        assert_eq!(world.post(Who::Haut, "DR", "/links", link).await.status, 201);
    }
    let found = search(&world, Who::Bas, "DR", "gloubiboulga").await;
    assert_eq!((&found["count"], &found["items"][0]["sentence"]["text"]), (&json!(1), &json!("gloubiboulga visible")));
    assert_eq!(search(&world, Who::Haut, "DR", "gloubiboulga").await["count"], json!(2));
    assert_eq!(ids(&world, Who::Bas, "DR", "lien:uses").await.len(), 2);
    assert_eq!(ids(&world, Who::Haut, "DR", "lien:uses type:note").await.len(), 3);
    assert_eq!(ids(&world, Who::Haut, "DR", "lien:uses:Deux").await, std::slice::from_ref(&one));
    assert_eq!(ids(&world, Who::Bas, "DR", "lien:uses:Deux").await, Vec::<String>::new());
    // With an end gone, the link is gone from the index too.
    let path = format!("/notes/{three}");
    let tag = world.get(Who::Haut, "DR", &path).await.header("etag").expect("a tag").to_owned();
    assert_eq!(world.send(Who::Haut, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await.status, 204);
    assert_eq!(search(&world, Who::Bas, "DR", "gloubiboulga").await["count"], json!(0));
}

#[tokio::test]
async fn a_member_who_leaves_finds_nothing_more_at_once() {
    let (world, low) = world(false).await;
    assert_eq!(ids(&world, Who::Bas, "DR", "radar").await.len(), 2);
    let path = format!("/spaces/{low}/members/{}", Who::Bas.id());
    assert_eq!(world.send(Who::Haut, "DR", "DELETE", &path, &[], b"").await.status, 204);
    assert_eq!(search(&world, Who::Bas, "DR", "radar").await["count"], json!(0));
}

#[tokio::test]
async fn the_words_of_a_search_are_in_the_journal_for_nobody_below_its_label() {
    use vigie::audit::entry::{Act, Detail};

    let (world, _) = world(true).await;
    search(&world, Who::Haut, "S", "zorglub").await;
    let journal = world.vault.monitor().journal();
    let leaves = journal.leaves(0, 1000).expect("leaves");
    let entries: Vec<_> = leaves.iter().map(|leaf| journal.open_leaf(leaf).expect("opens").1).collect();
    let entry = entries.iter().rfind(|entry| entry.act == Act::Search).expect("an entry");
    assert_eq!(entries.iter().filter(|entry| entry.act == Act::Search).count(), 1, "a search is one entry");
    assert!(entry.objects.len() >= 24, "it names what was shown");
    let Detail::Sought(sealed) = &entry.detail else { panic!("{:?}", entry.detail) };
    assert!(!sealed.windows(7).any(|window| window == b"zorglub"));
    let config = world.config.load();
    let subject = |who: Who, working: &str| {
        let fingerprint = vigie::config::KeyFingerprint::from_digest(vigie::crypto::Digest(who.fingerprint()));
        let request = vigie::ids::RequestId(vigie::ids::Id::NONE);
        vigie::identity::Subject::identify(&config, &fingerprint, Some(working), request).expect("a subject")
    };
    let label = config.policy().parse_label("S").expect("a label");
    let open = |who, working| world.vault.open_words(&subject(who, working), &label, sealed);
    assert_eq!(open(Who::Off, "S"), Some("zorglub".to_owned()));
    assert_eq!(open(Who::Off, "DR"), None);
}
