//! The language of searches, through the door: keys, orders, errors with their place, bounds.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{escaped, ids, note, search, space};
use crate::world::{Who, World};

struct House {
    world: World,
    notes: Vec<String>,
}

async fn house() -> House {
    let world = World::new();
    let alpha = space(&world, Who::Haut, "DR", "Équipe Alpha", &[Who::Bas]).await;
    let beta = space(&world, Who::Haut, "DR", "Bêta", &[]).await;
    let mut notes = Vec::new();
    let day = 86_400_000;
    let start = crate::world::start_time().0;
    for (number, (space, title, body, more)) in [
        (
            &alpha,
            "Radars passifs",
            "Le radar passif écoute.",
            json!({"tags": ["Capteurs"], "kind": "synthesis",
            "grade": {"reliability": "B", "credibility": 2}}),
        ),
        (
            &alpha,
            "Liaison laser",
            "L’optique remplace le radar actif.",
            json!({"kind": "idea",
            "grade": {"reliability": "D", "credibility": 4}}),
        ),
        (&beta, "Radar passive arrays", "Passive arrays listen to radar echoes.", json!({"language": "en"})),
        (
            &beta,
            "Radarnetz",
            "Das Frühwarnradarnetz der Küste.",
            json!({"language": "de",
            "sources": [{"title": "Jane’s Weekly", "author": "A. Kowalski", "url": "https://exemple.test/rapport"}]}),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        world.set_time(start + u64::try_from(number).expect("few") * day);
        notes.push(note(&world, Who::Haut, "DR", space, title, body, more).await);
    }
    House { world, notes }
}

async fn found(house: &House, text: &str) -> Vec<usize> {
    let found = ids(&house.world, Who::Haut, "DR", text).await;
    let place = |id: &String| house.notes.iter().position(|note| note == id);
    let mut places: Vec<usize> = found.iter().filter_map(place).collect();
    places.sort_unstable();
    places
}

#[tokio::test]
async fn every_key_narrows_as_it_says() {
    let house = house().await;
    for (text, expected) in [
        ("radar", vec![0, 1, 2, 3]),
        ("radars passif", vec![0]),
        ("radar -passif -type:message", vec![1, 2, 3]),
        ("laser OR küste", vec![1, 3]),
        ("(laser OR küste) -optique", vec![3]),
        ("\"radar passif\"", vec![0]),
        ("\"passif radar\"", vec![]),
        ("\"radar actif\"", vec![1]),
        ("opti*", vec![1]),
        ("dans:\"Équipe Alpha\" radar", vec![0, 1]),
        ("in:beta", vec![2, 3]),
        ("dans:nulle-part radar", vec![]),
        ("de:haut radar", vec![0, 1, 2, 3]),
        ("de:moi radar", vec![0, 1, 2, 3]),
        ("from:\"agent haut\" laser", vec![1]),
        ("de:bas radar", vec![]),
        ("étiquette:capteurs", vec![0]),
        ("type:idée", vec![1]),
        ("type:synthesis", vec![0]),
        ("titre:radar", vec![0, 2, 3]),
        ("avant:2026-11-22", vec![0]),
        ("après:2026-11-22 type:note", vec![2, 3]),
        ("le:2026-11-22 type:note", vec![1]),
        ("fiabilité:B", vec![0]),
        ("reliability:4", vec![1]),
        ("langue:en", vec![2]),
        ("source:kowalski", vec![3]),
        ("quelle:\"Jane weekly\"", vec![3]),
        ("source:küste", vec![]),
        ("has:source", vec![3]),
        ("avec:cote", vec![0, 1]),
        ("type:note -has:grade", vec![2, 3]),
        ("passive arrays", vec![2]),
        ("listening", vec![2]),
        ("kowalski", vec![3]),
        ("rapport exemple.test", vec![3]),
        ("netz", vec![3]),
        ("Frühwarnradarnetz", vec![3]),
        ("fruhwarnradarnetz", vec![3]),
    ] {
        assert_eq!(found(&house, text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn orders_are_as_asked_and_results_say_what_they_are() {
    let house = house().await;
    let order = |sort: &'static str| {
        let path = format!("/search?q=radar%20type:note&sort={sort}");
        let world = &house.world;
        async move { world.get(Who::Haut, "DR", &path).await.json() }
    };
    let places = |found: &serde_json::Value| -> Vec<usize> {
        let items = found["items"].as_array().expect("items");
        items.iter().map(|hit| house.notes.iter().position(|id| hit["id"] == json!(id)).expect("a note")).collect()
    };
    assert_eq!(places(&order("date").await), [3, 2, 1, 0]);
    assert_eq!(places(&order("grade").await), [0, 1, 3, 2]);
    let best = order("relevance").await;
    assert_eq!(places(&best).last(), Some(&1), "it alone has the word nowhere in its title: {best}");
    let found = search(&house.world, Who::Haut, "DR", "passif écoute").await;
    let hit = &found["items"][0];
    assert_eq!(hit["title"]["text"], json!("Radars passifs"));
    assert_eq!(hit["sentence"], json!({"text": "Le radar passif écoute.", "highlights": [[9, 15], [16, 22]]}));
    assert_eq!(hit["space"]["name"], json!("Équipe Alpha"));
    assert_eq!(hit["author"]["display"], json!("Agent haut"));
    assert_eq!(hit["grade"], json!({"reliability": "B", "credibility": 2}));
    assert_eq!(hit["label"]["level"], json!("DR"));
    assert_eq!((&hit["kind"], &hit["note_kind"]), (&json!("note"), &json!("synthesis")));
}

#[tokio::test]
async fn messages_conversations_attachments_links_spaces_and_people_are_found() {
    let house = house().await;
    let (world, note) = (&house.world, &house.notes[0]);
    let talk = json!({"title": "Portée théorique", "about": {"note": note}});
    let talk = world.post(Who::Haut, "DR", "/conversations", talk).await.id();
    let path = format!("/conversations/{talk}/messages");
    let message =
        world.post(Who::Haut, "DR", &path, json!({"text": "L’équation donne soixante kilomètres."})).await.id();
    let content = "Mesures brutes : gloubiboulga.".as_bytes();
    let new = json!({"name": "relevé-côtier.txt", "size": content.len()});
    let attachment = world.post(Who::Haut, "DR", &format!("/notes/{note}/attachments"), new).await.id();
    let path = format!("/attachments/{attachment}/content?offset=0");
    let octets = [("content-type", "application/octet-stream")];
    assert_eq!(world.send(Who::Haut, "DR", "PUT", &path, &octets, content).await.status, 200);
    let link = json!({"from": note, "to": house.notes[1], "type": "supports", "comment": "corroboration indépendante"});
    let link = world.post(Who::Haut, "DR", "/links", link).await.id();
    for (text, id, kind) in [
        ("portée théorique", &talk, "conversation"),
        ("équation kilomètre", &message, "message"),
        ("relevé côtier", &attachment, "attachment"),
        ("gloubiboulga", &attachment, "attachment"),
        ("corroborations", &link, "link"),
    ] {
        let found = search(world, Who::Bas, "DR", text).await;
        assert_eq!((&found["items"][0]["id"], &found["items"][0]["kind"]), (&json!(id), &json!(kind)), "{text}");
        assert_eq!(found["count"], json!(1), "{text}");
    }
    for has in ["has:attachment", "avec:pièce", "mit:anhang radar"] {
        assert_eq!(ids(world, Who::Bas, "DR", has).await, std::slice::from_ref(note), "{has}");
    }
    let mut linked = ids(world, Who::Bas, "DR", "avec:lien").await;
    linked.sort();
    let mut both = [note.clone(), house.notes[1].clone()];
    both.sort();
    assert_eq!(linked, both);
    let sentence = search(world, Who::Bas, "DR", "gloubiboulga").await["items"][0]["sentence"].clone();
    assert_eq!(sentence, json!({"text": "Mesures brutes : gloubiboulga.", "highlights": [[17, 29]]}));
    let found = search(world, Who::Bas, "DR", "équipe alpha").await;
    assert_eq!(found["items"][0]["kind"], json!("space"));
    let found = search(world, Who::Bas, "DR", "haut").await;
    assert!(found["people"].as_array().is_some_and(|people| people.iter().any(|one| one["name"] == json!("haut"))));
    // A message that was taken back, and what was said in it, are gone.
    let messages = format!("/conversations/{talk}/messages");
    let stale = world
        .json(Who::Haut, "DR", "PUT", &format!("{messages}/{message}"), &[("if-match", "\"0\"")], json!({"text": "x"}))
        .await;
    let tag = stale.header("etag").expect("a tag").to_owned();
    let path = format!("{messages}/{message}");
    assert_eq!(world.send(Who::Haut, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await.status, 200);
    assert_eq!(search(world, Who::Bas, "DR", "équation kilomètre").await["count"], json!(0));
}

#[tokio::test]
async fn what_does_not_say_its_language_is_found_and_marked_in_the_one_it_is_written_in() {
    let house = house().await;
    let (world, note) = (&house.world, &house.notes[0]);
    let talk = json!({"title": "Der Stand der Lücken ist offen", "about": {"note": note}});
    let talk = world.post(Who::Haut, "DR", "/conversations", talk).await.id();
    let path = format!("/conversations/{talk}/messages");
    let text = "Die Sicherheitslücke ist noch nicht geschlossen.";
    let message = world.post(Who::Haut, "DR", &path, json!({ "text": text })).await.id();
    let comment = "The vulnerabilities were exploited by both of them.";
    let link = json!({"from": note, "to": house.notes[1], "type": "supports", "comment": comment});
    let link = world.post(Who::Haut, "DR", "/links", link).await.id();
    // The end of a compound, and the stem of an English word: nothing that French knows.
    for (question, id, marked) in [("sicherheit", &message, "Sicherheitslücke"), ("exploiting", &link, "exploited")] {
        let found = search(world, Who::Bas, "DR", question).await;
        assert_eq!(found["items"][0]["id"], json!(id), "{found}");
        let sentence = &found["items"][0]["sentence"];
        let text: Vec<char> = sentence["text"].as_str().expect("a text").chars().collect();
        let place = |side: usize| sentence["highlights"][0][side].as_u64().and_then(|at| usize::try_from(at).ok());
        let (from, until) = place(0).zip(place(1)).expect("a highlight");
        assert_eq!(text[from..until].iter().collect::<String>(), marked);
    }
    assert_eq!(search(world, Who::Bas, "DR", "lücke").await["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_changed_note_is_found_by_its_new_words_alone_and_a_deleted_one_not_at_all() {
    let house = house().await;
    let path = format!("/notes/{}", house.notes[0]);
    let tag = house.world.get(Who::Haut, "DR", &path).await.header("etag").expect("a tag").to_owned();
    let new = json!({"kind": "watch", "title": "Goniomètre", "body": "Mesure d’angle."});
    let changed = house.world.json(Who::Haut, "DR", "PUT", &path, &[("if-match", &tag)], new).await;
    assert_eq!(changed.status, 200);
    assert_eq!(found(&house, "angles").await, [0]);
    assert_eq!(found(&house, "écoute").await, Vec::<usize>::new());
    let tag = changed.header("etag").expect("a tag").to_owned();
    assert_eq!(house.world.send(Who::Haut, "DR", "DELETE", &path, &[("if-match", &tag)], b"").await.status, 204);
    assert_eq!(found(&house, "angles").await, Vec::<usize>::new());
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_with_its_place() {
    let world = World::new();
    for (text, code, place) in [
        ("radar couleur:bleu", "search-unknown-key", "7"),
        ("avant:hier", "search-bad-date", "7"),
        ("(radar", "search-bracket", "1"),
        ("x type:poème", "search-bad-kind", "8"),
    ] {
        let reply = world.get(Who::Bas, "DR", &format!("/search?q={}", escaped(text))).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, code), "{text}");
        assert!(reply.json()["detail"].as_str().is_some_and(|detail| detail.contains(place)), "{}", reply.json());
    }
    for path in ["/search", "/search?q=radar&sort=colour", "/search?q=radar&limit=0", "/search?q=radar&limit=101"] {
        let reply = world.get(Who::Bas, "DR", path).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, "bad-query"), "{path}");
    }
    let foreign = world.get(Who::Bas, "DR", "/search?q=radar&after=AAAA").await;
    assert_eq!(foreign.code(), "bad-cursor");
}

/// A name that leads to nothing is told, and one that leads to what is above is the same nothing.
#[tokio::test]
async fn a_name_that_leads_to_nothing_is_told_and_not_answered_with_an_empty_result_alone() {
    let house = house().await;
    let world = &house.world;
    space(world, Who::Haut, "S", "Cellule haute", &[]).await;
    let asked = |name: &'static str| async move {
        let found = search(world, Who::Bas, "DR", &format!("radar dans:\"{name}\"")).await;
        (found["count"].clone(), found["missing"].clone())
    };
    assert_eq!(asked("Cellule haute").await, (json!(0), json!(["Cellule haute"])));
    assert_eq!(asked("Cellule basse").await, (json!(0), json!(["Cellule basse"])));
    assert_eq!(search(world, Who::Bas, "DR", "radar -de:personne").await["missing"], json!(["personne"]));
    assert_eq!(search(world, Who::Bas, "DR", "radar dans:\"Équipe Alpha\"").await["missing"], json!([]));
    let page = world.visit(Who::Bas, "DR", &format!("/search?q={}", escaped("radar dans:\"Cellule haute\""))).await;
    let page = String::from_utf8(page.body.to_vec()).expect("a page");
    assert!(page.contains("« Cellule haute » ne désigne rien que vous voyiez"), "{page}");
}

#[tokio::test]
async fn pathological_questions_are_refused_in_bounded_time() {
    let house = house().await;
    let begun = Instant::now();
    // An address has no room for more; the bytes of a question are refused by its reader, see `query/tests.rs`.
    let bounds = [
        "a ".repeat(10_000),
        (0..3_000).map(|word| format!("w{word} ")).collect(),
        "(".repeat(10_000),
        "* ".repeat(1000),
        "-".repeat(4000),
        "\"".repeat(4001),
    ];
    for text in bounds {
        let reply = house.world.get(Who::Bas, "DR", &format!("/search?q={}", escaped(&text))).await;
        assert!((400..500).contains(&reply.status), "{} bytes: {}", text.len(), reply.status);
    }
    // Within the bounds, and as heavy as they allow.
    let heavy =
        ["ra* ".repeat(30), "(radar OR ra*) ".repeat(20), "-(-(-(-radar)))".to_owned(), "\"le radar\" ".repeat(20)];
    for text in heavy {
        assert_eq!(
            house.world.get(Who::Bas, "DR", &format!("/search?q={}", escaped(&text))).await.status,
            200,
            "{text}"
        );
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
