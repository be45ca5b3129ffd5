//! The page of search: the same answers as the JSON interface, to the same people, in HTML. LEAKS T01, T02, T03 and T07 once
//! more, and what a page has that JSON has not: an address, a form, markup.

use serde_json::json;

use super::{escaped, leaks::world, note, search, space};
use crate::{
    pages::{cookie, text, token, visit},
    world::{Reply, Who, World},
};

async fn page(world: &World, who: Who, working: &str, question: &str, more: &str) -> Reply {
    visit(world, who, working, "GET", &format!("/search?q={}{more}", escaped(question)), &[]).await
}

/// The same page, whatever was asked: the question stands on it, in the field and in addresses.
fn but_for(reply: &Reply, question: &str) -> (u16, Vec<(String, String)>, String) {
    let headers = reply.headers.iter().filter(|(name, _)| name != "content-length").cloned().collect();
    (reply.status, headers, text(reply).replace(question, "…"))
}

/// What results lead to, in order.
fn led_to(reply: &Reply) -> Vec<String> {
    let all = text(reply);
    let rows = all.split("<a class=\"row-title\" href=\"").skip(1);
    rows.map(|row| row.split('"').next().expect("an address").to_owned()).collect()
}

#[tokio::test]
async fn t01_the_page_of_a_word_from_above_is_that_of_a_word_that_stands_nowhere() {
    let (world, _) = world(true).await;
    let mut faces = Vec::new();
    for word in ["zorglub", "krtekso"] {
        world.seed(7);
        faces.push(but_for(&page(&world, Who::Bas, "DR", word, "").await, word));
    }
    assert_eq!(faces[0], faces[1]);
    assert!(faces[0].2.contains("Rien ne répond"), "{}", faces[0].2);
    let high = page(&world, Who::Haut, "S", "zorglub", "").await;
    assert!(!led_to(&high).is_empty() && high.header("vigie-label").is_some_and(|label| label.starts_with('S')));
}

#[tokio::test]
async fn t02_counts_kinds_orders_and_pages_do_not_move_with_what_is_written_above_or_beside() {
    let ((with, _), (without, _)) = (world(true).await, world(false).await);
    let mut looked = 0;
    for question in
        ["radar", "passif OR radar", "Veille", "zorg*", "dans:Zorglub", "radat passiv", "couleur:bleu", "note"]
    {
        for more in ["", "&sort=date", "&sort=grade", "&kind=note", "&kind=space", "&kind=message&sort=date"] {
            looked += 1;
            with.seed(1000 + looked);
            let one = page(&with, Who::Bas, "DR", question, more).await;
            without.seed(1000 + looked);
            let other = page(&without, Who::Bas, "DR", question, more).await;
            assert_eq!(one, other, "{question}{more}\n{}\n{}", text(&one), text(&other));
        }
    }
    let found = page(&with, Who::Bas, "DR", "radar", "").await;
    assert!(text(&found).contains("2 résultats"), "{}", text(&found));
}

#[tokio::test]
async fn t03_the_form_of_a_link_offers_nothing_from_above_or_beside() {
    let (world, low) = world(true).await;
    let from = note(&world, Who::Bas, "DR", &low, "Point de départ", "x", json!({})).await;
    let path = format!("/notes/{from}/link");
    let form = token(&visit(&world, Who::Bas, "DR", "GET", &path, &[]).await);
    let mut faces = Vec::new();
    for word in ["zor", "kqx", "zorglub", "krtekso"] {
        world.seed(7);
        let fields = [("token", form.as_str()), ("q", word), ("find", "yes")];
        let reply = visit(&world, Who::Bas, "DR", "POST", &path, &fields).await;
        assert_eq!(reply.status, 200);
        faces.push(but_for(&reply, word));
    }
    assert_eq!((&faces[0], &faces[2]), (&faces[1], &faces[3]));
    // What can be read is offered: by the beginning of its title, by a word of its text; the note itself is not.
    for (word, count) in [("Not", 4), ("antenne", 1), ("départ", 0)] {
        let fields = [("token", form.as_str()), ("q", word), ("find", "yes")];
        let reply = visit(&world, Who::Bas, "DR", "POST", &path, &fields).await;
        assert_eq!(text(&reply).matches("type=\"radio\" name=\"to\"").count(), count, "{word}: {}", text(&reply));
    }
    // A question that cannot be read is told; the form stays as it was filled in.
    let fields = [("token", form.as_str()), ("q", "couleur:bleu"), ("find", "yes"), ("comment", "pourquoi")];
    let told = text(&visit(&world, Who::Bas, "DR", "POST", &path, &fields).await);
    assert!(told.contains("role=\"alert\"") && told.contains("couleur:bleu") && told.contains("pourquoi"), "{told}");
}

#[tokio::test]
async fn a_question_is_shown_as_understood_and_narrowed_by_addresses_that_say_nothing() {
    let (world, _) = world(true).await;
    let shown = text(&page(&world, Who::Haut, "S", "le radar passif -antenne \"zorglub radar\"", "").await);
    let parts: Vec<&str> =
        shown.split("<li class=\"op\"").skip(1).map(|part| part.split("<a").next().expect("a part")).collect();
    let expected = [
        "<b>ignoré</b> <span>le</span>",
        "<b>mot</b> <span>radar</span>",
        "<b>mot</b> <span>passif</span>",
        "<b>sans</b> <span>antenne</span>",
        "<b>expression</b> <span>zorglub radar</span>",
    ];
    assert_eq!(parts.len(), expected.len(), "{shown}");
    assert!(parts.iter().zip(expected).all(|(part, expected)| part.trim_end().ends_with(expected)), "{parts:?}");
    assert!(parts[0].contains("data-ignored") && !parts[1].contains("data-ignored"));
    // Each way leads to as many results as it says, and back again; no address says what is asked.
    let alone = text(&page(&world, Who::Haut, "S", "la mention:DR", "").await);
    assert_eq!(alone.matches("data-ignored").count(), 0, "a key is no other word: {alone}");
    let question = "radar OR sonar";
    let shown = text(&page(&world, Who::Haut, "S", question, "").await);
    let facets =
        shown.split("<aside class=\"facets\"").nth(1).expect("facets").split("</aside>").next().expect("an end");
    let mut followed = 0;
    for link in facets.split("<a href=\"").skip(1) {
        let path = link.split('"').next().expect("an address").replace("&amp;", "&");
        let count: u64 = link
            .split("class=\"num\">")
            .nth(1)
            .and_then(|rest| rest.split('<').next())
            .expect("a count")
            .parse()
            .expect("a number");
        if !path.starts_with("/search?s=") {
            continue;
        }
        followed += 1;
        let narrower = text(&visit(&world, Who::Haut, "S", "GET", &path, &[]).await);
        assert!(narrower.contains(&format!("{count} résultat")), "{count}: {narrower}");
        let current = narrower.split("<aside").nth(1).expect("facets").split("<a href=\"").filter(|link| {
            link.split('>').next().is_some_and(|tag| tag.contains("aria-current") && tag.starts_with("/search?s="))
        });
        // The first of them says that all kinds are shown.
        let back = current.last().expect("the way back").split('"').next().expect("an address").replace("&amp;", "&");
        let whole = text(&visit(&world, Who::Haut, "S", "GET", &back, &[]).await);
        assert!(whole.contains("value=\"(radar OR sonar)\""), "{whole}");
    }
    assert!(followed >= 8, "two markings, three spaces and three lengths of time: {followed}");
}

#[tokio::test]
async fn a_longer_period_takes_the_place_of_a_shorter_one() {
    let (world, _) = world(true).await;
    let follow = async |shown: String, name: &str| -> String {
        let link = shown.split("<a href=\"").find(|link| link.contains(name)).expect(name);
        let path = link.split('"').next().expect("an address").replace("&amp;", "&");
        text(&visit(&world, Who::Haut, "S", "GET", &path, &[]).await)
    };
    let shown = text(&page(&world, Who::Haut, "S", "radar", "").await);
    let week = follow(shown, "7 derniers jours").await;
    let month = follow(week.clone(), "31 derniers jours").await;
    assert_eq!((week.matches("<b>après</b>").count(), month.matches("<b>après</b>").count()), (1, 1), "{month}");
    assert!(week.contains("value=\"radar après:") && month.contains("value=\"radar après:"), "{month}");
    assert_ne!(week, month);
}

#[tokio::test]
async fn t07_the_page_shows_what_the_interface_answers_in_the_same_order() {
    let (world, _) = world(true).await;
    let questions =
        ["radar", "radar OR passif OR antenne", "zorglub", "type:espace", "Note", "étiquette:capteur -sonar"];
    for (who, working) in [(Who::Bas, "DR"), (Who::Haut, "DR"), (Who::Haut, "S"), (Who::HautB, "S"), (Who::Bas, "NP")] {
        for question in questions {
            let found = search(&world, who, working, question).await;
            let expected = found["items"].as_array().expect("items").iter().take(20).map(|hit| {
                let id = hit["id"].as_str().expect("an id");
                format!("/{}/{id}", if hit["kind"] == "space" { "spaces" } else { "notes" })
            });
            let shown = page(&world, who, working, question, "").await;
            assert_eq!(shown.status, 200);
            assert_eq!(led_to(&shown), expected.collect::<Vec<_>>(), "{who:?} at {working}: {question}");
        }
    }
    for (method, path) in [("GET", "/search"), ("GET", "/search?q=radar"), ("GET", "/search?q="), ("POST", "/search")] {
        let fields: &[(&str, &str)] = if method == "POST" { &[("q", "radar")] } else { &[] };
        assert_eq!(visit(&world, Who::Off, "DR", method, path, fields).await.status, 404, "{method} {path}");
        assert_eq!(visit(&world, Who::Nobody, "DR", method, path, fields).await.status, 401, "{method} {path}");
    }
}

#[tokio::test]
async fn an_address_says_nothing_and_opens_for_its_asker_at_its_label_and_above() {
    let (world, _) = world(true).await;
    let asked = visit(&world, Who::Haut, "DR", "POST", "/search", &[("q", " sonar OR antenne ")]).await;
    assert_eq!(asked.status, 303);
    let address = asked.header("location").expect("a place").to_owned();
    assert!(address.starts_with("/search?s=") && !address.contains("sonar"), "{address}");
    let at = async |who, working| text(&visit(&world, who, working, "GET", &address, &[]).await);
    for working in ["DR", "S"] {
        let shown = at(Who::Haut, working).await;
        assert!(shown.contains("value=\"sonar OR antenne\"") && shown.contains("<mark>"), "{working}: {shown}");
        // The ways on hold the same seal, and no word.
        assert!(shown.contains("/search?s=") && !shown.contains("/search?q="), "{shown}");
    }
    for (who, working) in [(Who::Haut, "NP"), (Who::Bas, "DR"), (Who::HautB, "S")] {
        let shown = at(who, working).await;
        assert!(shown.contains("role=\"alert\"") && !shown.contains("antenne"), "{who:?} at {working}: {shown}");
    }
    for broken in ["/search?s=", "/search?s=abc", "/search?s=%00", &format!("{address}A")] {
        let shown = visit(&world, Who::Haut, "DR", "GET", broken, &[]).await;
        assert!(shown.status == 200 && text(&shown).contains("role=\"alert\""), "{broken}: {}", text(&shown));
    }
    for wrong in ["&sort=size", "&kind=thing", "&after=x", "&limit=3", "&q=radar"] {
        let reply = visit(&world, Who::Haut, "DR", "GET", &format!("{address}{wrong}"), &[]).await;
        assert_eq!(reply.status, 400, "{wrong}");
    }
    let nothing = visit(&world, Who::Haut, "DR", "POST", "/search", &[("q", "  ")]).await;
    assert_eq!((nothing.status, nothing.header("location")), (303, Some("/search")));
    let long = visit(&world, Who::Haut, "DR", "POST", "/search", &[("q", &"radar ".repeat(2000))]).await;
    assert!(long.status == 400 && text(&long).contains("trop longue"), "{}", long.status);
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_shown_where_it_is_and_the_question_stays() {
    let (world, _) = world(false).await;
    let reply = page(&world, Who::Bas, "DR", "radar couleur:bleu passif", "").await;
    let shown = text(&reply);
    assert_eq!(reply.status, 400);
    assert!(shown.contains("radar <mark>couleur:bleu</mark> passif"), "{shown}");
    assert!(
        shown.contains("value=\"radar couleur:bleu passif\"") && shown.contains("aria-invalid=\"true\""),
        "{shown}"
    );
    assert!(shown.contains("n’est pas une clé de recherche"), "{shown}");
    for question in ["(radar", "\"radar", "radar OU", "r*", "avant:hier", "", "-"] {
        let reply = page(&world, Who::Bas, "DR", question, "").await;
        assert!(reply.status == 400 && text(&reply).contains("role=\"alert\""), "{question}: {}", text(&reply));
    }
}

#[tokio::test]
async fn markup_in_titles_and_questions_is_text() {
    let (world, low) = world(false).await;
    let title = "<b>Gras</b> & <img src=x onerror=alert(1)> radar";
    note(&world, Who::Haut, "DR", &low, title, "un <script>alert(1)</script> sonar", json!({})).await;
    for question in
        ["gras", "\"img src\"", "<b>gras</b>", "\"><script>alert(1)</script>", "<u>:x", "(<u>", "sonar alert"]
    {
        let reply = page(&world, Who::Bas, "DR", question, "").await;
        let shown = text(&reply);
        assert!(matches!(reply.status, 200 | 400), "{question}");
        for markup in ["<b>Gras", "<b>gras", "<img", "<script>", "<u>"] {
            assert!(!shown.contains(markup), "{question}: {markup} in {shown}");
        }
    }
    assert!(text(&page(&world, Who::Bas, "DR", "gras", "").await).contains("&#60;b&#62;<mark>Gras</mark>&#60;/b&#62;"));
}

#[tokio::test]
async fn pages_go_on_behind_a_cursor_and_a_kind_is_shown_alone() {
    let world = World::new();
    let low = space(&world, Who::Haut, "DR", "Radar", &[Who::Bas]).await;
    for number in 0..23 {
        note(&world, Who::Haut, "DR", &low, &format!("Radar {number}"), "x", json!({})).await;
    }
    let first = page(&world, Who::Bas, "DR", "radar", "&kind=note").await;
    assert_eq!(led_to(&first).len(), 20);
    assert!(text(&first).contains("23 résultats"), "{}", text(&first));
    let shown = text(&first);
    let next = shown.split("href=\"").find(|part| part.contains("after=")).expect("a way on");
    let next = next.split('"').next().expect("its end").replace("&#38;", "&");
    let second = visit(&world, Who::Bas, "DR", "GET", &next, &[]).await;
    assert_eq!(led_to(&second).len(), 3);
    assert!(led_to(&second).iter().all(|path| !led_to(&first).contains(path)));
    assert!(!text(&second).contains("after="), "the last page");
    // The others are counted all the same, and led to.
    assert!(
        shown.contains("kind=space") && text(&page(&world, Who::Bas, "DR", "radar", "").await).contains("24 résultats")
    );
    assert_eq!(led_to(&page(&world, Who::Bas, "DR", "radar", "&kind=space").await), [format!("/spaces/{low}")]);
}

#[tokio::test]
async fn a_misspelt_question_is_put_right_by_what_can_be_read_alone() {
    let (world, _) = world(true).await;
    let proposed = async |who, working, question| {
        let shown = text(&page(&world, who, working, question, "").await);
        let form = shown.split("<form class=\"query-spelling\"").nth(1)?.to_owned();
        let value = form.split("name=\"q\" value=\"").nth(1)?.split('"').next()?.to_owned();
        assert_eq!(search(&world, who, working, question).await["spelling"], json!(value));
        Some(value)
    };
    assert_eq!(proposed(Who::Bas, "DR", "radat pasif").await.as_deref(), Some("radar passif"));
    assert_eq!(proposed(Who::Bas, "DR", "zorglab").await, None);
    assert_eq!(proposed(Who::Haut, "S", "zorglab").await.as_deref(), Some("zorglub"));
    // A word that nothing comes near: no proposal would find more.
    assert_eq!(proposed(Who::Bas, "DR", "radat krtekso").await, None);
    // Nor for the name of a person.
    let people = text(&page(&world, Who::Bas, "DR", "agent", "").await);
    assert!(people.contains("class=\"query-who\"") && !people.contains("query-spelling"), "{people}");
    // Not where something answers, nor in a question that says more than words.
    assert_eq!(proposed(Who::Bas, "DR", "radar").await, None);
    assert_eq!(proposed(Who::Bas, "DR", "titre:radat").await, None);
}

#[tokio::test]
async fn every_result_says_its_space_whether_that_answers_too_or_not() {
    let (world, low) = world(false).await;
    for question in ["radar", "radar OR veille"] {
        let found = search(&world, Who::Bas, "DR", question).await;
        for hit in found["items"].as_array().expect("items") {
            assert_eq!(hit["space"], json!({"id": low, "name": "Veille"}), "{question}: {hit}");
        }
        let shown = text(&page(&world, Who::Bas, "DR", question, "").await);
        let main = shown.split("<ul class=\"rows\">").nth(1).expect("results");
        assert_eq!(main.matches(&format!("<a href=\"/spaces/{low}\">Veille</a>")).count(), 2, "{question}: {shown}");
    }
}

#[tokio::test]
async fn while_an_index_is_made_the_page_says_so_and_keeps_the_question() {
    let world = World::new();
    let cookie = cookie(&world, Who::Bas, "DR");
    let reply = world.exchange(Who::Bas, "", "GET", "/search?q=radar", &[("cookie", &cookie)], b"").await;
    let shown = text(&reply);
    assert_eq!((reply.status, reply.header("retry-after").is_some()), (503, true));
    assert!(shown.contains("value=\"radar\"") && shown.contains("role=\"alert\""), "{shown}");
    assert!(shown.contains("href=\"/search?q=radar\""), "a way to ask again: {shown}");
}

#[tokio::test]
async fn an_officer_reads_the_words_of_a_search_where_his_working_label_reaches_it() {
    let (world, _) = world(true).await;
    page(&world, Who::Haut, "S", "zorglub <b>", "").await;
    page(&world, Who::Haut, "S/ALPHA", "gloubiboulga", "").await;
    page(&world, Who::Bas, "DR", "radar", "").await;
    let read = async |working: &str| {
        let reply = world.get(Who::Off, working, "/journal?act=search").await;
        let items = reply.json()["items"].as_array().expect("items").clone();
        let words: Vec<_> = items.iter().map(|item| item["words"].as_str().map(str::to_owned)).collect();
        (words, reply.header("vigie-label").map(str::to_owned))
    };
    let (zorglub, radar) = (Some("zorglub <b>".to_owned()), Some("radar".to_owned()));
    assert_eq!(read("S").await, (vec![radar.clone(), None, zorglub], Some("S".to_owned())));
    assert_eq!(read("DR").await, (vec![radar, None, None], Some("DR".to_owned())));
    assert_eq!(read("").await, (vec![None, None, None], None));
    for (working, read) in [("S", true), ("DR", false)] {
        let shown = visit(&world, Who::Off, working, "GET", "/journal?act=search", &[]).await;
        let file = visit(&world, Who::Off, working, "POST", "/journal/export", &[("act", "search")]).await;
        for reply in [&shown, &file] {
            assert_eq!(text(reply).contains("zorglub"), read, "{working}: {}", text(reply));
            assert!(text(reply).contains("radar") && !text(reply).contains("gloubiboulga"));
        }
        assert!(!text(&shown).contains("zorglub <b>"), "words are text");
        assert_eq!(
            text(&shown).matches("Recherche</td>").count() + text(&shown).matches("class=\"sought\"").count(),
            3
        );
    }
}
