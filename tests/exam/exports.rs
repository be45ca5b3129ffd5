//! LEAKS T37-T39: what leaves under a ceiling names nothing above it, is journalled whole, and comes back at no lower label.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vigie::{
    audit::entry::{Detail, Entry, Rule, Verdict},
    exam::{Leak, plant},
};

use crate::{
    furnished::{FLOOR, OBJECTS, Site, face},
    matrix::oracle::{clearance, flows, point},
    world::{Reply, Who, World},
};

/// All pages of an export, and the bytes of all their answers.
async fn all(world: &World, who: Who, working: &str, path: &str, query: &str) -> (Vec<Value>, String) {
    let (mut pages, mut bytes, mut after) = (Vec::new(), String::new(), String::new());
    loop {
        let reply = world.get(who, working, &format!("{path}?{query}{after}")).await;
        assert_eq!(reply.status, 200, "{path}?{query}{after}: {}", reply.json());
        bytes.push_str(&format!("{:?}", reply.headers));
        bytes.push_str(&String::from_utf8(reply.body.clone()).expect("text"));
        let page = reply.json();
        let next = page["next"].as_str().map(|next| format!("&after={next}"));
        pages.push(page);
        match next {
            Some(next) => after = next,
            None => return (pages, bytes),
        }
    }
}

fn entries(world: &World, from: u64) -> Vec<Entry> {
    let journal = world.vault.monitor().journal();
    let leaves = journal.leaves(from, 1000).expect("leaves");
    leaves.iter().map(|leaf| journal.open_leaf(leaf).expect("opens").1).collect()
}

#[tokio::test]
async fn an_export_holds_all_that_flows_to_its_ceiling_and_no_identifier_above_it() {
    let site = Site::new().await;
    let mut looked = 0;
    for (who, working) in [(Who::Haut, "S/ALPHA"), (Who::Haut, "S"), (Who::Bas, "DR"), (Who::Etr, "S/FRA,BEL")] {
        assert!(flows(point(working), clearance(who).expect("a clearance")));
        for ceiling in OBJECTS.into_iter().filter(|ceiling| flows(point(ceiling), point(working))) {
            for limit in ["limit=1", "limit=3", "limit=20"] {
                let query = format!("ceiling={ceiling}&{limit}");
                let (pages, bytes) =
                    all(&site.world, who, working, &format!("/exports/spaces/{}", site.floor), &query).await;
                assert!(
                    pages.iter().all(|page| page["ceiling"]["level"] == ceiling.split('/').next().expect("a level"))
                );
                for shelf in &site.shelves {
                    let under = flows(point(shelf.label), point(ceiling));
                    for id in [&shelf.note, &shelf.attachment, &shelf.link] {
                        assert_eq!(bytes.contains(id.as_str()), under, "{who:?} {ceiling} {}: {id}", shelf.label);
                    }
                    for id in [&shelf.space, &shelf.talk, &shelf.message, &shelf.draft] {
                        assert!(!bytes.contains(id.as_str()), "{id} is no part of the floor's export");
                    }
                    looked += 1;
                }
            }
        }
    }
    assert!(looked > 100);
}

#[tokio::test]
async fn an_export_under_a_ceiling_is_to_the_byte_what_working_there_gives() {
    let site = Site::new().await;
    let bodies = |reply: Reply| (reply.status, reply.header("vigie-label").map(str::to_owned), reply.body);
    for path in [format!("/exports/spaces/{}", site.floor), format!("/exports/notes/{}", site.notes[0])] {
        for ceiling in ["NP/ALL", "DR", "S", "S/FRA,BEL"] {
            for limit in ["limit=1", "limit=4"] {
                let under = site.world.get(Who::Haut, "S/ALPHA", &format!("{path}?{limit}&ceiling={ceiling}")).await;
                let there = site.world.get(Who::Haut, ceiling, &format!("{path}?{limit}")).await;
                assert_eq!(under.status, 200);
                assert_eq!(bodies(under), bodies(there), "{path} {ceiling} {limit}");
            }
        }
    }
}

#[tokio::test]
async fn a_ceiling_that_is_above_and_one_that_is_no_label_get_the_same_answer_and_stand_in_the_journal() {
    let site = Site::new().await;
    let mut faces = BTreeSet::new();
    for ceiling in ["S", "S/ALPHA", "DR/FRA,BEL,ZZZ", "DR/ALPHA", "ZORGLUB", "", "NP/QUUX"] {
        for path in [format!("/exports/spaces/{}", site.floor), format!("/exports/notes/{}", site.notes[0])] {
            let before = site.world.vault.monitor().journal().length();
            let reply = site.world.get(Who::Bas, "DR", &format!("{path}?ceiling={ceiling}")).await;
            assert_eq!((reply.status, reply.code().as_str()), (400, "bad-ceiling"), "{ceiling}");
            faces.insert(face(&reply));
            let told = entries(&site.world, before);
            assert_eq!(told.len(), 1, "{told:#?}");
            assert_eq!((told[0].verdict, told[0].rule), (Verdict::Deny, Rule::BeyondClearance), "{told:#?}");
        }
    }
    assert_eq!(faces.len(), 1, "{faces:#?}");
}

#[tokio::test]
async fn a_sheet_under_what_is_no_ceiling_is_the_form_again_with_what_was_typed() {
    let site = Site::new().await;
    for ceiling in ["S", "ZORGLUB", ""] {
        let path = format!("/spaces/{}/print?ceiling={ceiling}", site.floor);
        let reply = site.world.visit(Who::Bas, "DR", &path).await;
        let page = crate::pages::text(&reply);
        assert_eq!(reply.status, 400, "{ceiling}");
        assert!(page.contains(&format!("name=\"ceiling\" value=\"{ceiling}\"")), "{page}");
        assert!(page.contains("aria-invalid=\"true\"") && !page.contains("class=\"tirage\""), "{page}");
    }
}

/// Everything in an answer that is an identifier of a thing that was let out.
fn let_out(page: &Value) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut take = |value: &Value| ids.extend([value.as_str().expect("an identifier").to_owned()]);
    take(&page["space"]["id"]);
    for item in page["items"].as_array().expect("items") {
        take(&item["note"]["id"]);
        for link in item["links"].as_array().expect("links") {
            [&link["id"], &link["from"], &link["to"]].into_iter().for_each(&mut take);
        }
        item["attachments"].as_array().expect("files").iter().for_each(|file| take(&file["id"]));
    }
    ids
}

#[tokio::test]
async fn every_identifier_that_leaves_stands_in_the_journal_with_the_ceiling_and_the_join() {
    let site = Site::new().await;
    for path in [format!("/exports/spaces/{}", site.floor), format!("/exports/notes/{}", site.notes[0])] {
        let before = site.world.vault.monitor().journal().length();
        let reply = site.world.get(Who::Haut, "S/ALPHA", &format!("{path}?ceiling=S")).await;
        let told = entries(&site.world, before);
        assert!(told.iter().all(|entry| entry.act.code() == "export" && entry.verdict == Verdict::Allow), "{told:#?}");
        let named: BTreeSet<String> =
            told.iter().flat_map(|entry| &entry.objects).map(|object| object.id.to_string()).collect();
        let out = let_out(&reply.json());
        assert!(out.is_subset(&named), "not named: {:?}", out.difference(&named).collect::<Vec<_>>());
        assert!(out.len() > 2);
        let policy = site.world.config.load_full();
        let stored = |label: &str| policy.policy().stored(&policy.policy().parse_label(label).expect("a label"));
        for entry in &told {
            assert_eq!(entry.labels[0], stored("S/ALPHA"), "as whom he worked");
            let Detail::Exported { ceiling, joined } = &entry.detail else { panic!("{entry:#?}") };
            assert_eq!(*ceiling, stored("S"));
            let label = policy.policy().parse_label(joined).expect("a label");
            assert!(label.flows_to(&policy.policy().parse_label("S").expect("a label")));
        }
        let Detail::Exported { joined, .. } = &told[0].detail else { panic!("{told:#?}") };
        assert_eq!(
            Some(joined.as_str()),
            reply.header("vigie-label").map(stored).as_deref(),
            "the join is the header's"
        );
    }
}

/// A link of the floor that leads into a space which `Bas` does not belong to.
async fn leading_beside(site: &Site) -> (String, String) {
    let space = site.world.post(Who::Haut, "DR", "/spaces", json!({"name": "à côté"})).await.id();
    let new = json!({"space": space, "kind": "watch", "title": "derrière"});
    let beside = site.world.post(Who::Haut, "DR", "/notes", new).await.id();
    let link = json!({"from": site.notes[1], "to": beside, "type": "supersedes"});
    (site.world.post(Who::Haut, "DR", "/links", link).await.id(), beside)
}

#[tokio::test]
async fn a_link_to_what_the_reader_does_not_reach_leaves_no_trace_and_a_trace_would_be_found() {
    let site = Site::new().await;
    let (link, beside) = leading_beside(&site).await;
    let traces = async |who: Who| {
        let mut found = 0;
        for path in [format!("/exports/spaces/{}", site.floor), format!("/exports/notes/{}", site.notes[1])] {
            let (_, bytes) = all(&site.world, who, "DR", &path, "limit=20").await;
            found += usize::from(bytes.contains(&link)) + usize::from(bytes.contains(&beside));
        }
        found
    };
    assert_eq!((traces(Who::Haut).await, traces(Who::Bas).await), (4, 0));
    plant(Some(Leak::ExportFarEnd));
    let planted = traces(Who::Bas).await;
    plant(None);
    assert_eq!(planted, 4, "the examination sees an identifier that was left in");
}

#[tokio::test]
async fn hidden_links_show_neither_in_the_length_of_a_page_nor_in_whether_there_is_another() {
    let site = Site::new().await;
    let from = &site.notes[1];
    let mut visible = Vec::new();
    for number in 0..9 {
        leading_beside(&site).await;
        let note = site.note("DR").await;
        let link = json!({"from": from, "to": note, "type": "related", "comment": number.to_string()});
        visible.push(site.world.post(Who::Haut, "DR", "/links", link).await.id());
    }
    visible.sort();
    for limit in [1, 2, 3, 4, 9, 10, 50] {
        let (pages, _) =
            all(&site.world, Who::Bas, "DR", &format!("/exports/notes/{from}"), &format!("limit={limit}")).await;
        let lengths: Vec<usize> =
            pages.iter().map(|page| page["items"][0]["links"].as_array().expect("links").len()).collect();
        let seen: Vec<String> = pages
            .iter()
            .flat_map(|page| page["items"][0]["links"].as_array().expect("links").clone())
            .map(|link| link["id"].as_str().expect("an identifier").to_owned())
            .collect();
        let mut seen = seen;
        seen.sort();
        assert_eq!(seen, visible, "{limit}");
        let (last, full) = lengths.split_last().expect("a page");
        assert!(full.iter().all(|length| *length == limit) && *last < limit, "{limit}: {lengths:?}");
    }
}

async fn import(site: &Site, working: &str, item: Value) -> Value {
    let path = format!("/notes/import?space={}", site.floor);
    let lines = [("content-type", "application/x-ndjson")];
    let reply = site.world.send(Who::Haut, working, "POST", &path, &lines, item.to_string().as_bytes()).await;
    assert_eq!(reply.status, 200);
    reply.json()
}

#[tokio::test]
async fn what_is_imported_gets_the_working_label_never_less_and_a_higher_marking_is_refused() {
    let site = Site::new().await;
    let note =
        |name: &str, label: &str| json!({"note": {"external_id": name, "kind": "watch", "title": "T", "label": label}});
    let plain = import(&site, "DR", json!({"note": {"external_id": "p", "kind": "watch", "title": "T"}})).await;
    assert_eq!((&plain["status"], &plain["code"]), (&json!("created"), &Value::Null));
    let same = import(&site, "DR", note("same", "DR/FRA")).await;
    assert_eq!((&same["status"], &same["code"]), (&json!("created"), &Value::Null), "{same}");
    let low = import(&site, "DR", note("low", "NP/ALL")).await;
    assert_eq!((&low["status"], &low["code"]), (&json!("created"), &json!("raised")), "{low}");
    for made in [&same, &low] {
        let path = format!("/notes/{}", made["id"].as_str().expect("an identifier"));
        assert_eq!(site.world.get(Who::Haut, "S/ALPHA", &path).await.header("vigie-label"), Some("DR"));
    }
    let mut refusals = BTreeSet::new();
    for label in ["S", "S/ALPHA", "NP/ZORGLUB", "ZORGLUB", ""] {
        let refused = import(&site, "DR", note("high", label)).await;
        assert_eq!((&refused["status"], &refused["code"]), (&json!("refused"), &json!("marked-above")), "{label}");
        refusals.insert(refused.to_string());
        let link =
            json!({"link": {"external_id": "high", "from": "same", "to": "low", "type": "uses", "label": label}});
        assert_eq!(import(&site, "DR", link).await["code"], "marked-above");
    }
    assert_eq!(refusals.len(), 1, "above and unknown are the same: {refusals:?}");
    let (_, bytes) = all(&site.world, Who::Haut, "S/ALPHA", &format!("/exports/spaces/{}", site.floor), "").await;
    assert!(!bytes.contains("\"external_id\":\"high\""), "nothing of it was made");
    assert!(bytes.contains("\"external_id\":\"low\"") && bytes.contains(FLOOR.split('/').next().expect("a level")));
}
