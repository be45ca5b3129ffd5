//! Watches, examined: LEAKS T15 to T19 and T21. Nothing is queued, so nothing that was raised, left or taken back since is
//! delivered; and everybody gets what he himself may read.

use serde_json::{Value, json};
use vigie::{
    audit::entry::Act,
    limits,
    store::{Direction, Family, KeyRange},
};

use super::{note, space};
use crate::{
    pages::{text, token, visit},
    world::{Reply, Who, World, account, accounts, configuration, start_time},
};

/// A world, a space of `Haut` and `Bas` at Diffusion Restreinte, and a minute gone by.
async fn world() -> (World, String) {
    let world = World::new();
    let low = space(&world, Who::Haut, "DR", "Capteurs", &[Who::Bas]).await;
    (world, low)
}

/// Time goes on: what is made from then on is younger than what was made before.
fn later(world: &World, seconds: u64) {
    world.set_time(start_time().0 + seconds * 1000);
}

async fn watch(world: &World, who: Who, label: &str, query: &str, space: Option<&str>) -> String {
    let reply = world.post(who, label, "/watches", json!({"name": "Radars", "query": query, "space": space})).await;
    assert_eq!(reply.status, 201, "{}", reply.json());
    reply.id()
}

async fn matches(world: &World, who: Who, label: &str, id: &str) -> Value {
    let reply = world.get(who, label, &format!("/watches/{id}/matches")).await;
    assert_eq!(reply.status, 200, "{}", reply.json());
    reply.json()
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().expect("items").iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

/// What the list of watches says is new.
async fn news(world: &World, who: Who, label: &str, id: &str) -> Value {
    let list = world.get(who, label, "/watches").await.json();
    let items = list["items"].as_array().expect("items").clone();
    items.into_iter().find(|item| item["id"] == *id).map_or(Value::Null, |item| item["news"].clone())
}

async fn remove(world: &World, who: Who, label: &str, path: &str) {
    let tag = world.get(who, label, path).await.header("etag").expect("a tag").to_owned();
    assert_eq!(world.send(who, label, "DELETE", path, &[("if-match", &tag)], b"").await.status, 204);
}

async fn see(world: &World, who: Who, label: &str, id: &str, until: &Value) -> Reply {
    world.post(who, label, &format!("/watches/{id}/seen"), json!({ "until": until })).await
}

#[tokio::test]
async fn what_is_written_or_changed_after_a_watch_was_made_is_news_until_it_is_seen() {
    let (world, low) = world().await;
    let old = note(&world, Who::Haut, "DR", &low, "Radar ancien", "x", json!({})).await;
    later(&world, 10);
    let id = watch(&world, Who::Bas, "DR", "radar", None).await;
    assert_eq!(ids(&matches(&world, Who::Bas, "DR", &id).await), Vec::<String>::new(), "what was there is not news");
    let all = world.get(Who::Bas, "DR", &format!("/watches/{id}/matches?all=true")).await.json();
    assert_eq!(ids(&all), std::slice::from_ref(&old));
    later(&world, 20);
    let first = note(&world, Who::Haut, "DR", &low, "Radar neuf", "x", json!({})).await;
    note(&world, Who::Haut, "DR", &low, "Sonar", "x", json!({})).await;
    later(&world, 30);
    let second = note(&world, Who::Bas, "DR", &low, "Radar plus neuf", "x", json!({})).await;
    let page = matches(&world, Who::Bas, "DR", &id).await;
    assert_eq!(ids(&page), [second.clone(), first.clone()], "last changed first");
    let told = news(&world, Who::Bas, "DR", &id).await;
    assert_eq!((&told["count"], &told["more"], &told["newest"]), (&json!(2), &json!(false), &page["until"]));
    // Seen up to the first one: the second stays.
    let until = world.get(Who::Bas, "DR", &format!("/notes/{first}")).await.json()["modified"].clone();
    assert_eq!(see(&world, Who::Bas, "DR", &id, &until).await.json()["seen"], until);
    assert_eq!(ids(&matches(&world, Who::Bas, "DR", &id).await), [second]);
    assert_eq!(see(&world, Who::Bas, "DR", &id, &page["until"]).await.status, 200);
    assert_eq!(news(&world, Who::Bas, "DR", &id).await["count"], json!(0));
    // A mark does not go back, nor to a day that has not come.
    assert_eq!(see(&world, Who::Bas, "DR", &id, &until).await.json()["seen"], page["until"]);
    let ahead = see(&world, Who::Bas, "DR", &id, &json!("2030-01-01T00:00:00Z")).await;
    assert_eq!((ahead.status, ahead.code().as_str()), (422, "bad-date"));
    later(&world, 40);
    let tag = world.get(Who::Haut, "DR", &format!("/notes/{old}")).await.header("etag").expect("a tag").to_owned();
    let body = json!({"kind": "watch", "title": "Radar ancien, revu"});
    let path = format!("/notes/{old}");
    assert_eq!(world.json(Who::Haut, "DR", "PUT", &path, &[("if-match", &tag)], body).await.status, 200);
    assert_eq!(ids(&matches(&world, Who::Bas, "DR", &id).await), [old], "changed is new again");
}

#[tokio::test]
async fn t15_what_was_raised_in_label_after_it_matched_is_not_delivered() {
    let (world, low) = world().await;
    let id = watch(&world, Who::Bas, "DR", "radar", Some(&low)).await;
    later(&world, 10);
    world.seed(77);
    let raised = note(&world, Who::Haut, "DR", &low, "Radar relevé", "x", json!({})).await;
    assert_eq!(ids(&matches(&world, Who::Bas, "DR", &id).await), std::slice::from_ref(&raised));
    // The same object, of a higher label; the index does not know it yet.
    remove(&world, Who::Haut, "DR", &format!("/notes/{raised}")).await;
    later(&world, 20);
    world.seed(77);
    assert_eq!(note(&world, Who::Haut, "S", &low, "Radar relevé", "x", json!({})).await, raised);
    let late = world.get_unsettled(Who::Bas, "DR", &format!("/watches/{id}/matches")).await;
    assert_eq!(ids(&late.json()), Vec::<String>::new());
    let list = world.get_unsettled(Who::Bas, "DR", "/watches").await.json();
    assert_eq!(list["items"][0]["news"]["count"], json!(0), "nor is it counted: {list}");
    assert_eq!(ids(&matches(&world, Who::Bas, "DR", &id).await), Vec::<String>::new());
    assert_eq!(ids(&matches(&world, Who::Haut, "S", &id).await), [raised], "who may, gets it");
}

#[tokio::test]
async fn a_member_who_left_gets_nothing_more_at_once_and_no_shared_watch() {
    let (world, low) = world().await;
    let own = watch(&world, Who::Bas, "DR", "radar", None).await;
    let shared = watch(&world, Who::Bas, "DR", "radar", Some(&low)).await;
    later(&world, 10);
    let found = note(&world, Who::Haut, "DR", &low, "Radar", "x", json!({})).await;
    assert_eq!(ids(&matches(&world, Who::Bas, "DR", &own).await), std::slice::from_ref(&found));
    let path = format!("/spaces/{low}/members/{}", Who::Bas.id());
    assert_eq!(world.send(Who::Haut, "DR", "DELETE", &path, &[], b"").await.status, 204);
    let late = world.get_unsettled(Who::Bas, "DR", &format!("/watches/{own}/matches")).await;
    assert_eq!(ids(&late.json()), Vec::<String>::new());
    assert_eq!(news(&world, Who::Bas, "DR", &own).await["count"], json!(0));
    for path in [format!("/watches/{shared}"), format!("/watches/{shared}/matches")] {
        assert_eq!(world.get(Who::Bas, "DR", &path).await.status, 404);
    }
    assert_eq!(news(&world, Who::Bas, "DR", &shared).await, Value::Null);
    assert_eq!(ids(&matches(&world, Who::Haut, "DR", &shared).await), [found], "the space keeps what he shared in it");
}

#[tokio::test]
async fn a_clearance_that_is_taken_back_ends_what_a_watch_shows_at_once() {
    let (world, low) = world().await;
    let id = watch(&world, Who::HautB, "DR", "radar", None).await;
    let path = format!("/spaces/{low}/members/{}", Who::HautB.id());
    assert_eq!(world.json(Who::Haut, "DR", "PUT", &path, &[], json!({"part": "member"})).await.status, 204);
    later(&world, 10);
    let low_note = note(&world, Who::Haut, "DR", &low, "Radar", "x", json!({})).await;
    let high_note = note(&world, Who::Haut, "S", &low, "Radar haut", "x", json!({})).await;
    assert_eq!(ids(&matches(&world, Who::HautB, "S", &id).await).len(), 2);
    assert_eq!(ids(&matches(&world, Who::HautB, "DR", &id).await), std::slice::from_ref(&low_note));
    let mut people = accounts();
    people.retain(|entry| entry.id != Who::HautB.id());
    people.push(account(Who::HautB, "FRA", "DR", &[]));
    world.config.store(std::sync::Arc::new(configuration(people)));
    let refused = world.get(Who::HautB, "S", &format!("/watches/{id}/matches")).await;
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad-working-label"));
    let page = matches(&world, Who::HautB, "DR", &id).await;
    assert_eq!(ids(&page), [low_note]);
    assert!(!page.to_string().contains(&high_note));
}

#[tokio::test]
async fn a_shared_watch_is_asked_as_each_reader_and_each_has_marks_of_his_own() {
    let (world, low) = world().await;
    let beside = space(&world, Who::Haut, "DR", "Réservé", &[]).await;
    let id = watch(&world, Who::Haut, "DR", "radar", Some(&low)).await;
    later(&world, 10);
    let common = note(&world, Who::Haut, "DR", &low, "Radar commun", "x", json!({})).await;
    later(&world, 20);
    let reserved = note(&world, Who::Haut, "DR", &beside, "Radar réservé", "x", json!({})).await;
    later(&world, 30);
    let high = note(&world, Who::Haut, "S", &low, "Radar haut", "x", json!({})).await;
    let mine = matches(&world, Who::Haut, "DR", &id).await;
    assert_eq!(ids(&mine), [reserved.clone(), common.clone()]);
    assert_eq!(ids(&matches(&world, Who::Haut, "S", &id).await), [high.clone(), reserved, common.clone()]);
    assert_eq!(ids(&matches(&world, Who::Bas, "DR", &id).await), std::slice::from_ref(&common));
    assert_eq!(world.get(Who::Bis, "DR", &format!("/watches/{id}")).await.status, 404);
    // What one has seen is nothing to the other, and what was seen below hides nothing above.
    assert_eq!(see(&world, Who::Haut, "DR", &id, &mine["until"]).await.status, 200);
    assert_eq!(ids(&matches(&world, Who::Haut, "DR", &id).await), Vec::<String>::new());
    assert_eq!(ids(&matches(&world, Who::Haut, "S", &id).await), [high]);
    assert_eq!(ids(&matches(&world, Who::Bas, "DR", &id).await), [common]);
}

#[tokio::test]
async fn what_was_seen_above_is_not_known_below() {
    let (world, low) = world().await;
    let id = watch(&world, Who::Haut, "DR", "radar", Some(&low)).await;
    later(&world, 10);
    note(&world, Who::Haut, "DR", &low, "Radar", "x", json!({})).await;
    world.seed(5);
    let before = world.get(Who::Haut, "DR", &format!("/watches/{id}/matches")).await;
    let until = matches(&world, Who::Haut, "S", &id).await["until"].clone();
    assert_eq!(see(&world, Who::Haut, "S", &id, &until).await.status, 200);
    assert_eq!(
        ids(&matches(&world, Who::Haut, "S", &id).await),
        Vec::<String>::new(),
        "what is low was seen there too"
    );
    world.seed(5);
    assert_eq!(world.get(Who::Haut, "DR", &format!("/watches/{id}/matches")).await, before);
}

#[tokio::test]
async fn somebody_else_s_own_watch_is_as_absent_as_none() {
    let (world, _) = world().await;
    let id = watch(&world, Who::Haut, "DR", "radar", None).await;
    let nothing = "aaaaaaaaaaaaaaaaaaaaaaaaae";
    let change = json!({"name": "x", "query": "x"}).to_string();
    let mark = json!({"until": "2026-11-21T08:00:00Z"}).to_string();
    for (method, rest, body) in
        [("GET", "", ""), ("GET", "/matches", ""), ("PUT", "", &*change), ("DELETE", "", ""), ("POST", "/seen", &*mark)]
    {
        let ask = |id: &str| {
            let (world, path) = (&world, format!("/watches/{id}{rest}"));
            let headers = [("content-type", "application/json"), ("if-match", "\"1.00\"")];
            let body = body.as_bytes().to_vec();
            async move {
                world.seed(9);
                world.send(Who::Bas, "DR", method, &path, &headers, &body).await
            }
        };
        let (hidden, absent) = (ask(&id).await, ask(nothing).await);
        assert_eq!(hidden.status, 404, "{method} {rest}");
        assert_eq!(hidden, absent, "{method} {rest}");
    }
    assert!(!world.get(Who::Bas, "DR", "/watches").await.json().to_string().contains(&id));
    assert_eq!(world.get(Who::Haut, "NP", &format!("/watches/{id}")).await.status, 404, "nor below its label");
}

#[tokio::test]
async fn only_its_author_or_an_animator_changes_or_drops_a_shared_watch_and_at_its_label() {
    let (world, low) = world().await;
    let id = watch(&world, Who::Bas, "DR", "radar", Some(&low)).await;
    let path = format!("/watches/{id}");
    let other = format!("/spaces/{low}/members/{}", Who::HautB.id());
    assert_eq!(world.json(Who::Haut, "DR", "PUT", &other, &[], json!({"part": "member"})).await.status, 204);
    let change = |who: Who, label: &'static str, name: &'static str| {
        let (world, path) = (&world, &path);
        async move {
            let tag = world.get(who, label, path).await.header("etag").expect("a tag").to_owned();
            world.json(who, label, "PUT", path, &[("if-match", &tag)], json!({"name": name, "query": "radar"})).await
        }
    };
    assert_eq!(change(Who::HautB, "DR", "x").await.code(), "not-author");
    assert_eq!(change(Who::Haut, "S", "x").await.code(), "label-differs");
    assert_eq!(change(Who::Haut, "DR", "Animateur").await.status, 200);
    let changed = change(Who::Bas, "DR", "Auteur").await;
    assert_eq!(
        (changed.status, &changed.json()["version"], &changed.json()["name"]),
        (200, &json!(3), &json!("Auteur"))
    );
    let old = [("if-match", "\"1.00\"")];
    assert_eq!(world.json(Who::Bas, "DR", "PUT", &path, &old, json!({"name": "x", "query": "x"})).await.status, 412);
    assert_eq!(world.json(Who::Bas, "DR", "PUT", &path, &[], json!({"name": "x", "query": "x"})).await.status, 428);
    remove(&world, Who::Bas, "DR", &path).await;
    assert_eq!(world.get(Who::Bas, "DR", &path).await.status, 404);
    assert_eq!(world.get(Who::Bas, "DR", "/watches").await.json()["items"], json!([]));
}

#[tokio::test]
async fn a_question_that_cannot_be_read_is_refused_with_the_place_and_a_name_that_leads_nowhere_is_told() {
    let (world, low) = world().await;
    for (query, code) in
        [("radar (sonar", "search-bracket"), ("couleur:bleu", "search-unknown-key"), ("", "search-empty")]
    {
        let reply = world.post(Who::Bas, "DR", "/watches", json!({"name": "x", "query": query})).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, code), "{query}");
    }
    let text = world.post(Who::Bas, "DR", "/watches", json!({"name": "x", "query": "radar (sonar"})).await;
    assert!(text.json()["detail"].as_str().expect("a sentence").contains('7'), "{}", text.json());
    let id = watch(&world, Who::Bas, "DR", "dans:Capteurs OR de:inconnu", None).await;
    assert_eq!(matches(&world, Who::Bas, "DR", &id).await["missing"], json!(["inconnu"]));
    later(&world, 10);
    // Renamed: the watch says so, and so does the list.
    let tag = world.get(Who::Haut, "DR", &format!("/spaces/{low}")).await.header("etag").expect("a tag").to_owned();
    let path = format!("/spaces/{low}");
    let renamed = world.json(Who::Haut, "DR", "PUT", &path, &[("if-match", &tag)], json!({"name": "Autre"})).await;
    assert_eq!(renamed.status, 200);
    assert_eq!(matches(&world, Who::Bas, "DR", &id).await["missing"], json!(["Capteurs", "inconnu"]));
    assert_eq!(news(&world, Who::Bas, "DR", &id).await["missing"], json!(["Capteurs", "inconnu"]));
    let page = visit(&world, Who::Bas, "DR", "GET", &format!("/watches/{id}"), &[]).await;
    assert!(text_has(&page, "Capteurs") && text_has(&page, "inconnu"));
    // A space that one belongs to, but above where one works, is as unknown as any.
    let high = space(&world, Who::Haut, "S", "Haut lieu", &[]).await;
    let by_id = watch(&world, Who::Haut, "DR", &format!("dans:{high}"), None).await;
    assert_eq!(matches(&world, Who::Haut, "DR", &by_id).await["missing"], json!([high]));
    assert_eq!(matches(&world, Who::Haut, "S", &by_id).await["missing"], json!([]));
}

fn text_has(reply: &Reply, what: &str) -> bool {
    text(reply).contains(what)
}

#[tokio::test]
async fn lists_count_no_further_than_they_show_and_one_keeps_so_many_watches() {
    let (world, low) = world().await;
    let id = watch(&world, Who::Bas, "DR", "radar", None).await;
    later(&world, 10);
    for number in 0..=limits::WATCH_COUNT_MAX {
        let told = news(&world, Who::Bas, "DR", &id).await;
        assert_eq!((&told["count"], &told["more"]), (&json!(number), &json!(false)));
        note(&world, Who::Haut, "DR", &low, &format!("Radar {number}"), "x", json!({})).await;
    }
    let told = news(&world, Who::Bas, "DR", &id).await;
    assert_eq!((&told["count"], &told["more"]), (&json!(limits::WATCH_COUNT_MAX), &json!(true)));
    for _ in 1..limits::WATCHES_OWN_MAX {
        watch(&world, Who::Bas, "DR", "radar", None).await;
    }
    let body = json!({"name": "x", "query": "radar"});
    let full = world.post(Who::Bas, "DR", "/watches", body.clone()).await;
    assert_eq!((full.status, full.code().as_str()), (422, "too-long"), "{}", full.json());
    assert_eq!(world.post(Who::Haut, "DR", "/watches", body).await.status, 201, "of another person");
    // Page after page, each once.
    let (mut seen, mut after) = (std::collections::BTreeSet::new(), String::new());
    loop {
        let page = world.get(Who::Bas, "DR", &format!("/watches?limit=7{after}")).await.json();
        assert!(ids(&page).into_iter().all(|id| seen.insert(id)));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen.len(), limits::WATCHES_OWN_MAX);
}

#[tokio::test]
async fn the_home_page_and_the_feed_show_what_is_new_and_a_form_marks_it() {
    let (world, low) = world().await;
    let secret = note(&world, Who::Haut, "S", &low, "Radar secret", "x", json!({})).await;
    let page = visit(&world, Who::Bas, "DR", "GET", "/watches/new", &[]).await;
    let begun = visit(&world, Who::Bas, "DR", "POST", "/watches/new", &[("begin", "yes"), ("q", "radar passif")]).await;
    assert!(begun.status == 200 && text_has(&begun, "value=\"radar passif\""), "{}", text(&begun));
    let sought = visit(&world, Who::Bas, "DR", "GET", "/search?q=radar", &[]).await;
    assert!(text_has(&sought, "action=\"/watches/new\"") && text_has(&sought, "value=\"radar\""), "{}", text(&sought));
    let written = visit(&world, Who::Bas, "DR", "GET", "/watches/new?q=zorglub", &[]).await;
    assert!(text_has(&written, "value=\"zorglub\"") && written.header("vigie-label") == Some("DR"));
    let sent = token(&page);
    let wrong = [("token", sent.as_str()), ("name", "Mes radars"), ("query", "radar ("), ("space", "")];
    let refused = visit(&world, Who::Bas, "DR", "POST", "/watches/new", &wrong).await;
    assert_eq!(refused.status, 400);
    assert!(text_has(&refused, "Mes radars") && text_has(&refused, "radar (") && text_has(&refused, "query-why"));
    let right = [("token", sent.as_str()), ("name", "Mes radars"), ("query", "radar"), ("space", low.as_str())];
    let kept = visit(&world, Who::Bas, "DR", "POST", "/watches/new", &right).await;
    assert_eq!(kept.status, 303, "{}", text(&kept));
    let again = visit(&world, Who::Bas, "DR", "POST", "/watches/new", &right).await;
    assert_eq!(again.header("location"), kept.header("location"), "sent twice, kept once");
    let path = kept.header("location").expect("a place").to_owned();
    later(&world, 10);
    let found = note(&world, Who::Haut, "DR", &low, "Radar <neuf>", "Un radar passif.", json!({})).await;
    let home = text(&visit(&world, Who::Bas, "DR", "GET", "/", &[]).await);
    assert!(home.contains("1 nouveauté") && home.contains(&path), "{home}");
    // In the side as a match, and in the feed with the watch that it is new in.
    assert_eq!(home.matches(&format!("/notes/{found}\"")).count(), 2, "{home}");
    assert!(home.contains("Veille\u{202f}: Mes radars"), "{home}");
    assert!(!home.contains(&secret));
    let shown = visit(&world, Who::Bas, "DR", "GET", &path, &[]).await;
    let one = text(&shown);
    assert!(
        one.contains("<mark>Radar</mark>") && one.contains("&#60;neuf&#62;") && one.contains("<mark>radar</mark>"),
        "{one}"
    );
    let until = one.split("name=\"until\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a mark");
    let form = [("token", token(&shown)), ("until", until.to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(visit(&world, Who::Bas, "DR", "POST", &format!("{path}/seen"), &form[1..]).await.status, 422);
    assert_eq!(visit(&world, Who::Bas, "DR", "POST", &format!("{path}/seen"), &form).await.status, 303);
    let home = text(&visit(&world, Who::Bas, "DR", "GET", "/", &[]).await);
    assert!(home.contains("Rien de nouveau") && !home.contains("Veille\u{202f}: Mes radars"), "{home}");
    // Changed, then dropped, by its author.
    let edit = visit(&world, Who::Bas, "DR", "GET", &format!("{path}/edit"), &[]).await;
    let fields = [("token", token(&edit)), ("name", "Radars passifs".to_owned()), ("query", "radar passif".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(visit(&world, Who::Bas, "DR", "POST", &format!("{path}/edit"), &fields).await.status, 303);
    let stale = visit(&world, Who::Bas, "DR", "POST", &format!("{path}/edit"), &fields).await;
    assert!(stale.status == 412 && text_has(&stale, "role=\"alert\""), "{}", text(&stale));
    assert!(text_has(&visit(&world, Who::Bas, "DR", "GET", "/watches", &[]).await, "Radars passifs"));
    let asked = token(&visit(&world, Who::Bas, "DR", "GET", &format!("{path}/delete"), &[]).await);
    let gone = visit(&world, Who::Bas, "DR", "POST", &format!("{path}/delete"), &[("token", &asked)]).await;
    assert_eq!((gone.status, gone.header("location")), (303, Some("/watches")));
    assert_eq!(visit(&world, Who::Bas, "DR", "GET", &path, &[]).await.status, 404);
}

#[tokio::test]
async fn while_the_index_is_made_anew_watches_say_so_and_the_home_page_stands() {
    let (mut world, _) = world().await;
    let id = watch(&world, Who::Bas, "DR", "radar", None).await;
    world.restart_finder(vigie::finding::Finder::new(vigie::finding::Place::memory()));
    let reply = world.get_unsettled(Who::Bas, "DR", &format!("/watches/{id}/matches")).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "index-rebuilding"));
    let list = world.get_unsettled(Who::Bas, "DR", "/watches").await.json();
    assert_eq!(list["items"][0]["news"]["trouble"], json!("index-rebuilding"));
    let page = world.visit_unsettled(Who::Bas, "DR", &format!("/watches/{id}")).await;
    assert!(page.status == 200 && text_has(&page, "reconstruction"), "{}", text(&page));
    let home = world.visit_unsettled(Who::Bas, "DR", "/").await;
    assert!(home.status == 200 && text_has(&home, "Radars"), "{}", text(&home));
    assert_eq!(matches(&world, Who::Bas, "DR", &id).await["items"], json!([]));
}

#[tokio::test]
async fn the_words_of_a_watch_stand_in_no_row_and_no_entry() {
    let (world, low) = world().await;
    let name = "Gloubiboulga confidentiel";
    let body = json!({"name": name, "query": "gloubiboulga OR zorglubien", "space": low});
    let id = world.post(Who::Haut, "S", "/watches", body).await.id();
    later(&world, 10);
    let found = note(&world, Who::Haut, "S", &low, "Zorglubien", "x", json!({})).await;
    let page = matches(&world, Who::Haut, "S", &id).await;
    assert_eq!(see(&world, Who::Haut, "S", &id, &page["until"]).await.status, 200);
    let needles = ["gloubiboulga", "Gloubiboulga", "zorglubien", "Zorglubien"];
    let snapshot = world.engine.snapshot().expect("a snapshot");
    let mut rows = 0;
    for family in [Family::Records, Family::Listings, Family::Chunks, Family::Journal, Family::Keys, Family::Meta] {
        for (key, row) in snapshot.scan(family, &KeyRange::all(), Direction::Forward, 10_000).expect("rows") {
            rows += 1;
            for bytes in [key.bytes(), &row.value] {
                for needle in needles {
                    let stands = bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
                    assert!(!stands, "{needle} in {family:?}");
                }
            }
        }
    }
    assert!(rows > 20);
    let journal = world.vault.monitor().journal();
    let leaves = journal.leaves(0, 1000).expect("leaves");
    let entries: Vec<_> = leaves.iter().map(|leaf| journal.open_leaf(leaf).expect("opens").1).collect();
    let of = |act: Act| entries.iter().filter(move |entry| entry.act == act);
    assert_eq!((of(Act::WatchCreate).count(), of(Act::WatchSeen).count()), (1, 1));
    let names =
        |id: &str| of(Act::WatchMatches).any(|entry| entry.objects.iter().any(|object| object.id.to_string() == id));
    assert!(names(&id) && names(&found), "which watch, and what it showed");
    let told = serde_json::to_string(&entries).expect("JSON");
    assert!(needles.iter().all(|needle| !told.contains(needle)), "{told}");
}

#[tokio::test]
async fn a_watch_that_was_tampered_with_is_reported_and_never_shown() {
    let (world, low) = world().await;
    let one = watch(&world, Who::Haut, "DR", "radar", Some(&low)).await;
    let other = watch(&world, Who::Haut, "DR", "sonar", Some(&low)).await;
    let key = |id: &str| vigie::store::Key::from(id.parse::<vigie::ids::Id>().expect("an id"));
    let row = world.engine.get(Family::Records, &key(&one)).expect("a store").expect("a row");
    let mut writes = vigie::store::Writes::default();
    writes.puts.push((Family::Records, key(&other), row.clone()));
    world.engine.commit(writes).expect("a write");
    assert_eq!(world.get(Who::Haut, "DR", &format!("/watches/{other}")).await.status, 500, "one put for another");
    for at in [8, row.value.len() / 2, row.value.len() - 1] {
        let mut bad = row.clone();
        bad.value[at] ^= 1;
        let mut writes = vigie::store::Writes::default();
        writes.puts.push((Family::Records, key(&one), bad));
        world.engine.commit(writes).expect("a write");
        assert_eq!(world.get(Who::Haut, "DR", &format!("/watches/{one}")).await.status, 500, "byte {at}");
    }
}
