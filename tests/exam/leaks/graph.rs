//! The graph, the ways, the lineage and the rankings show nothing of hidden notes and links (T08-T12, T14), as JSON and as pages.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vigie::limits;

use super::twins::{Twins, WORD, items, made, note, says};
use crate::{
    furnished::{Site, face},
    pages::{text, visit},
    world::{Who, World},
};

/// Every question about the graph of these two notes and this space.
fn asks(first: &str, second: &str, space: &str) -> Vec<String> {
    let mut asks: Vec<String> = (1..=3).map(|depth| format!("/graph?root={first}&depth={depth}")).collect();
    asks.extend(["uses", "contradicts", "supports", "zorglub"].map(|kind| format!("/graph?root={first}&type={kind}")));
    asks.extend([
        format!("/graph?root={second}"),
        format!("/graph?root={first}&space={space}"),
        format!("/graph?root={first}&from=2026-01-01&until=2027-01-01"),
        format!("/graph?root={first}&grade=E5"),
        format!("/graph/path?from={first}&to={second}"),
        format!("/graph/path?from={second}&to={first}"),
        format!("/notes/{first}/lineage"),
        format!("/notes/{second}/lineage"),
    ]);
    asks.extend(["most-linked", "orphans", "contradicted"].map(|list| format!("/spaces/{space}/standing?list={list}")));
    asks
}

fn pages(first: &str, second: &str, space: &str) -> Vec<String> {
    vec![
        format!("/notes/{first}/graph"),
        format!("/notes/{first}/graph?depth=3&type=&from=&until=&grade=&space="),
        format!("/notes/{first}/graph?open={first}.ouses"),
        format!("/notes/{first}/lineage"),
        format!("/notes/{first}/path"),
        format!("/notes/{first}/path?to={second}"),
        format!("/spaces/{space}/standing"),
        format!("/spaces/{space}/standing?list=orphans"),
        format!("/spaces/{space}/standing?list=contradicted"),
    ]
}

fn ids(reply: &Value, list: &str, of: &str) -> BTreeSet<String> {
    let items = reply[list].as_array().expect("a list");
    items.iter().map(|item| item.pointer(of).expect("an id").as_str().expect("text").to_owned()).collect()
}

#[tokio::test]
async fn t08_t10_t11_the_graph_has_no_hidden_note_no_hidden_link_and_no_link_to_a_hidden_end() {
    let twins = Twins::new().await;
    let (low, high) = (&twins.low, &twins.high);
    for path in asks(&low.first, &low.second, &low.space) {
        let reply = twins.get(&path).await;
        assert_eq!(reply.status, 200, "{path}");
        // The word itself stands in the body of the first note, as a mention that leads nowhere.
        assert!(![&high.note, &high.link, &high.apart_note].iter().any(|hidden| says(&reply, hidden)), "{path}");
    }
    let graph = twins.get(&format!("/graph?root={}&depth=3", low.first)).await.json();
    assert_eq!(ids(&graph, "nodes", "/note/id"), BTreeSet::from([low.first.clone(), low.second.clone()]));
    assert_eq!(ids(&graph, "links", "/id"), BTreeSet::from([low.link.clone()]));
    // They exist for who reaches them.
    let whole = twins.with.get(Who::Haut, "S", &format!("/graph?root={}", low.first)).await.json();
    assert!(
        ids(&whole, "nodes", "/note/id").is_superset(&BTreeSet::from([high.note.clone(), high.apart_note.clone()]))
    );
    assert!(ids(&whole, "links", "/id").contains(&high.link));
}

#[tokio::test]
async fn t09_the_pages_name_no_hidden_note_and_draw_no_gap_for_it() {
    let twins = Twins::new().await;
    let (low, high) = (&twins.low, &twins.high);
    for path in pages(&low.first, &low.second, &low.space) {
        let page = twins.page(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(![WORD, &high.note, &high.link, &high.apart_note].iter().any(|hidden| says(&page, hidden)), "{path}");
    }
    let page = visit(&twins.with, Who::Haut, "S", "GET", &format!("/notes/{}/graph", low.first), &[]).await;
    assert!(says(&page, WORD) && says(&page, &high.note));
}

#[tokio::test]
async fn t12_degrees_ranks_and_shortest_ways_are_those_of_what_is_seen() {
    let twins = Twins::new().await;
    let (low, high) = (&twins.low, &twins.high);
    let graph = twins.get(&format!("/graph?root={}", low.first)).await.json();
    let degrees: Vec<u64> =
        graph["nodes"].as_array().expect("nodes").iter().filter_map(|node| node["links"].as_u64()).collect();
    assert_eq!((degrees, &graph["more"]), (vec![1, 1], &json!(false)));
    let ranks = twins.get(&format!("/spaces/{}/standing?list=most-linked", low.space)).await;
    let counts: Vec<u64> = items(&ranks).iter().filter_map(|item| item["count"].as_u64()).collect();
    assert_eq!(counts, [1, 1]);
    let among = ranks.json();
    assert_eq!((&among["looked"], &among["whole"]), (&json!(2), &json!(true)));
    let against = format!("/spaces/{}/standing?list=contradicted", low.space);
    assert!(items(&twins.get(&against).await).is_empty());
    assert_eq!(items(&twins.with.get(Who::Haut, "S", &against).await).len(), 1);
    // A note that only hidden notes lead to is an orphan, and no way leads to it.
    let body = note(&low.space, "Seule", "");
    let alone = twins.post("/notes", body).await.id();
    for end in [&low.first, &low.second] {
        made(&twins.with, Who::Haut, "S", "/links", json!({"from": high.note, "to": alone, "type": "uses"})).await;
        let way = twins.get(&format!("/graph/path?from={end}&to={alone}")).await.json();
        assert_eq!((way["notes"].as_array().map(Vec::len), &way["more"]), (Some(0), &json!(false)));
    }
    let orphans = twins.get(&format!("/spaces/{}/standing?list=orphans", low.space)).await;
    assert_eq!(items(&orphans).len(), 1);
    let seen = twins.with.get(Who::Haut, "S", &format!("/graph/path?from={}&to={alone}", low.first)).await.json();
    assert_eq!(seen["notes"].as_array().map(Vec::len), Some(3), "over the high note: {seen}");
}

#[tokio::test]
async fn t12_bounds_and_groups_count_what_is_seen_and_nothing_else() {
    let twins = Twins::new().await;
    let (low, high) = (&twins.low, &twins.high);
    // So many that a picture of all of them would be folded, and rows enough for more than one page.
    for number in 0..(limits::GRAPH_NOTES_DRAWN_MAX + 60) {
        let title = format!("{WORD} {number}");
        let leaf = made(&twins.with, Who::Haut, "S", "/notes", note(&low.space, &title, "")).await;
        for (from, to) in [(&low.first, &leaf), (&leaf, &low.first)] {
            made(&twins.with, Who::Haut, "S", "/links", json!({"from": from, "to": to, "type": "supports"})).await;
        }
        let beside = made(&twins.with, Who::Haut, "DR", "/notes", note(&high.apart, &title, "")).await;
        let link = json!({"from": low.first, "to": beside, "type": "supports"});
        made(&twins.with, Who::Haut, "DR", "/links", link).await;
    }
    for path in asks(&low.first, &low.second, &low.space) {
        assert!(!says(&twins.get(&path).await, &high.note), "{path}");
    }
    for path in pages(&low.first, &low.second, &low.space) {
        assert!(!says(&twins.page(&path).await, WORD), "{path}");
    }
    let page = visit(&twins.with, Who::Haut, "S", "GET", &format!("/notes/{}/graph", low.first), &[]).await;
    let (folded, open) = (text(&page), format!("open={}.isupports.osupports", low.first));
    assert!(folded.contains(&open), "what Haut sees is folded");
    let href = folded.split('"').find(|part| part.contains(&open)).expect("a way to unfold").replace("&#38;", "&");
    let unfolded = text(&visit(&twins.with, Who::Haut, "S", "GET", &href, &[]).await);
    assert!(unfolded.contains(&format!("{WORD} 7<")) && unfolded.len() > folded.len(), "{href}");
}

#[tokio::test]
async fn t14_the_lineage_joins_the_labels_along_what_a_note_rests_on() {
    let twins = Twins::new().await;
    let (low, high) = (&twins.low, &twins.high);
    let rests = json!({"from": low.second, "to": high.note, "type": "derived-from"});
    made(&twins.with, Who::Haut, "S", "/links", rests).await;
    let path = format!("/notes/{}/lineage", low.second);
    let bas = twins.get(&path).await;
    assert_eq!((bas.json()["along"]["level"].as_str(), bas.header("vigie-label")), (Some("DR"), Some("DR")));
    let haut = twins.with.get(Who::Haut, "S", &path).await;
    assert_eq!((haut.json()["along"]["level"].as_str(), haut.header("vigie-label")), (Some("S"), Some("S")));
    // What rests on a note says nothing of it.
    let path = format!("/notes/{}/lineage", low.first);
    made(&twins.with, Who::Haut, "S", "/links", json!({"from": high.note, "to": low.first, "type": "supersedes"}))
        .await;
    let haut = twins.with.get(Who::Haut, "S", &path).await;
    assert_eq!((haut.json()["along"]["level"].as_str(), haut.header("vigie-label")), (Some("DR"), Some("S")));
}

#[tokio::test]
async fn a_hidden_end_and_an_absent_one_are_one_answer() {
    let twins = Twins::new().await;
    let (low, absent) = (&twins.low, "aaaaaaaaaaaaaaaaaaaaaaaaae");
    for hidden in [&twins.high.note, &twins.high.apart_note, &low.space, &low.link] {
        for form in
            ["/graph?root={}", "/graph/path?from={}&to={near}", "/graph/path?from={near}&to={}", "/notes/{}/lineage"]
        {
            let path = |id: &str| form.replace("{}", id).replace("{near}", &low.first);
            let (there, nowhere) = (twins.get(&path(hidden)).await, twins.get(&path(absent)).await);
            assert_eq!((there.status, face(&there)), (404, face(&nowhere)), "{}", path(hidden));
        }
        for form in ["/notes/{}/graph", "/notes/{}/lineage", "/notes/{}/path", "/notes/{near}/path?to={}"] {
            let path = |id: &str| form.replace("{}", id).replace("{near}", &low.first);
            let (there, nowhere) = (twins.page(&path(hidden)).await, twins.page(&path(absent)).await);
            assert_eq!((there.status, text(&there)), (nowhere.status, text(&nowhere)), "{}", path(hidden));
        }
    }
}

/// One entry for each, however many notes it shows; it names every one of them.
#[tokio::test]
async fn a_graph_is_one_entry_that_names_what_it_shows() {
    let site = Site::new().await;
    let world: &World = &site.world;
    let journal = world.vault.monitor().journal();
    let before = journal.length();
    let graph = world.get(Who::Haut, "S", &format!("/graph?root={}&depth=3", site.notes[0])).await.json();
    assert_eq!(journal.length(), before + 1);
    let leaf = journal.leaves(before, 1).expect("a leaf").remove(0);
    let (_, entry) = journal.open_leaf(&leaf).expect("opens");
    let named: BTreeSet<String> = entry.objects.iter().map(|object| object.id.to_string()).collect();
    let mut shown = ids(&graph, "nodes", "/note/id");
    shown.extend(ids(&graph, "links", "/id"));
    assert_eq!((entry.act.code(), named), ("graph-read", shown));
}

#[tokio::test]
async fn filters_take_types_days_grades_and_spaces() {
    let world = World::new();
    let space = made(&world, Who::Bas, "DR", "/spaces", json!({"name": "Un"})).await;
    let other = made(&world, Who::Bas, "DR", "/spaces", json!({"name": "Deux"})).await;
    let root = made(&world, Who::Bas, "DR", "/notes", note(&space, "Centre", "")).await;
    let mut good = note(&space, "Bonne", "");
    good["grade"] = json!({"reliability": "B", "credibility": 2});
    let good = made(&world, Who::Bas, "DR", "/notes", good).await;
    let far = made(&world, Who::Bas, "DR", "/notes", note(&other, "Ailleurs", "")).await;
    for (to, kind) in [(&good, "uses"), (&far, "contradicts")] {
        made(&world, Who::Bas, "DR", "/links", json!({"from": root, "to": to, "type": kind})).await;
    }
    let all = BTreeSet::from([root.clone(), good.clone(), far.clone()]);
    let (near, beside) = (BTreeSet::from([root.clone(), good]), BTreeSet::from([root.clone(), far]));
    let none = BTreeSet::from([root.clone()]);
    for (filter, expected) in [
        (String::new(), &all),
        ("&type=uses".to_owned(), &near),
        ("&type=contradicts".to_owned(), &beside),
        ("&grade=B2".to_owned(), &near),
        ("&grade=A".to_owned(), &none),
        (format!("&space={other}"), &beside),
        ("&from=2026-11-21&until=2026-11-21".to_owned(), &all),
        ("&from=2026-11-22".to_owned(), &none),
        ("&until=2026-11-20".to_owned(), &none),
    ] {
        let graph = world.get(Who::Bas, "DR", &format!("/graph?root={root}{filter}")).await.json();
        assert_eq!(&ids(&graph, "nodes", "/note/id"), expected, "{filter}");
    }
    for wrong in ["depth=0", "depth=4", "depth=x", "grade=F", "from=21/11/2026", "until=2026-02-30", "space=x"] {
        let reply = world.get(Who::Bas, "DR", &format!("/graph?root={root}&{wrong}")).await;
        let name = wrong.split('=').next().expect("a name");
        assert_eq!((reply.status, reply.code().as_str()), (400, "bad-query"), "{wrong}");
        assert!(text(&reply).contains(name), "{wrong}");
    }
    assert_eq!(world.get(Who::Bas, "DR", &format!("/graph?root={root}&zorglub=1")).await.status, 400);
    for (field, typed) in [("depth", "99"), ("grade", "ZZ"), ("from", "abc"), ("until", "2026-02-30"), ("space", "x")] {
        let page = visit(&world, Who::Bas, "DR", "GET", &format!("/notes/{root}/graph?{field}={typed}"), &[]).await;
        let told = text(&page);
        assert_eq!((page.status, told.contains("class=\"map\"")), (400, false), "{field}");
        assert!(told.contains(&format!("aria-describedby=\"{field}-why\"")) && told.contains(typed), "{field}");
    }
}
