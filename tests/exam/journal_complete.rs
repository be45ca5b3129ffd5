//! No answer without an entry, and no entry with a content.

use std::{collections::BTreeSet, sync::Arc};

use vigie::{
    audit::entry::{Entry, Rule, Verdict},
    edge::Route,
    store::{
        Memory,
        faulty::{DangerFaulty, Fate},
    },
};

use crate::{
    furnished::{Ask, CANARY, OBJECTS, Site},
    world::{Reply, Who, World, accounts, api, configuration},
};

/// The act that the journal must say for each route of the router.
fn acts_of(route: &str) -> &'static [&'static str] {
    match route {
        "me" => &["self-read"],
        "policy" | "openapi" => &["policy-read"],
        "people" => &["people-list"],
        "person" => &["person-read"],
        "spaces" => &["space-list"],
        "space-create" => &["space-create"],
        "space" => &["space-read"],
        "space-change" => &["space-change"],
        "members" => &["member-list"],
        "member-enrol" => &["member-add"],
        "member-dismiss" => &["member-remove"],
        "feed" => &["feed-list"],
        "notes" => &["note-list"],
        "note-create" => &["note-create"],
        "note" => &["note-read"],
        "note-change" => &["note-change"],
        "note-delete" => &["note-delete"],
        "revisions" => &["revision-list"],
        "revision" => &["revision-read"],
        // To restore is to read the old version first: whoever cannot is refused there.
        "revision-restore" => &["revision-restore", "revision-read"],
        // Nor does a link whose ends are out of reach get as far as its author's right.
        "link-delete" => &["link-delete", "link-read"],
        "note-links" => &["link-list"],
        "import" => &["import"],
        "link-create" => &["link-create"],
        "link" => &["link-read"],
        "attachments" => &["attachment-list"],
        "attachment-begin" => &["attachment-begin"],
        "attachment" => &["attachment-read"],
        "attachment-content" => &["attachment-content"],
        "attachment-append" => &["attachment-append"],
        "attachment-delete" => &["attachment-delete"],
        "conversations" => &["conversation-list"],
        "conversation-create" => &["conversation-create"],
        "conversation" => &["conversation-read"],
        "messages" => &["message-list"],
        "message-post" => &["message-create"],
        "message-edit" => &["message-change"],
        "message-withdraw" => &["message-withdraw"],
        "graph" => &["graph-read"],
        "path" => &["path-read"],
        "lineage" => &["lineage-read"],
        "standing" => &["standing-list"],
        "search" => &["search"],
        "suggest" => &["suggest"],
        "mentions" => &["mention-list"],
        "reviews" => &["review-list"],
        "templates" => &["template-list"],
        "drafts" => &["draft-list"],
        "draft" => &["draft-read"],
        "draft-create" => &["draft-create"],
        "draft-change" => &["draft-change"],
        "draft-delete" => &["draft-delete"],
        "watches" => &["watch-list"],
        "watch-create" => &["watch-create"],
        "watch" => &["watch-read"],
        "watch-change" => &["watch-change"],
        "watch-delete" => &["watch-delete"],
        "watch-matches" => &["watch-matches"],
        "watch-seen" => &["watch-seen"],
        "export-space" | "export-note" => &["export"],
        "journal" => &["journal-read"],
        "journal-checkpoint" | "journal-key" | "journal-tile" => &["journal-tile"],
        "journal-proof" | "journal-leaf" => &["journal-prove"],
        other => panic!("say which act the route {other} is in the journal"),
    }
}

/// Dice that give the same acts in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        // Numerical Recipes' generator: good enough to choose among acts.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

fn entries(world: &World, from: u64) -> Vec<Entry> {
    let journal = world.vault.monitor().journal();
    let mut found = Vec::new();
    let mut next = from;
    loop {
        let leaves = journal.leaves(next, 1000).expect("leaves");
        if leaves.is_empty() {
            return found;
        }
        for leaf in leaves {
            let (number, entry) = journal.open_leaf(&leaf).expect("opens");
            assert_eq!(number, next);
            // That the indexes begin to follow is no request's doing.
            found.extend(Some(entry).filter(|entry| entry.act.code() != "index-follow"));
            next += 1;
        }
    }
}

/// What the entries of one request must say.
fn assert_told(route: &Route, who: Who, working: &str, ask: &Ask, reply: &Reply, told: &[Entry], world: &World) {
    let context = format!("{who:?} at {working}: {} {} -> {}: {told:#?}", ask.method, ask.path, reply.status);
    if who == Who::Nobody {
        assert!(told.is_empty(), "the door keeps its own count of strangers: {context}");
        return;
    }
    assert!(!told.is_empty(), "{context}");
    let requests: BTreeSet<String> = told.iter().filter_map(|entry| Some(entry.request?.to_string())).collect();
    assert_eq!(requests.len(), 1, "one request: {context}");
    assert!(told.iter().all(|entry| entry.account == Some(who.id()) && entry.request.is_some()), "{context}");
    let problem = (reply.status >= 400).then(|| reply.json());
    if let Some(problem) = &problem {
        assert_eq!(problem["instance"].as_str(), requests.first().map(String::as_str), "{context}");
    }
    if problem.as_ref().is_some_and(|problem| problem["code"] == "bad-working-label") {
        assert!(
            told.len() == 1 && told[0].rule == Rule::BeyondClearance && told[0].verdict == Verdict::Deny,
            "{context}"
        );
        return;
    }
    let policy = world.config.load_full();
    let stored = policy.policy().stored(&policy.policy().parse_label(working).expect("a label"));
    assert!(told.iter().all(|entry| entry.labels.first() == Some(&stored) && entry.fingerprint.is_some()), "{context}");
    let acts = acts_of(route.name);
    let said: Vec<&Entry> = told.iter().filter(|entry| acts.contains(&entry.act.code())).collect();
    assert!(!said.is_empty(), "the act is named: {context}");
    for id in &ask.about {
        let names = |entry: &&Entry| entry.objects.iter().any(|object| object.id.to_string() == *id);
        assert!(told.iter().any(|entry| names(&entry)), "{id} is named: {context}");
    }
    let denied: Vec<&Entry> = told.iter().filter(|entry| entry.verdict == Verdict::Deny).collect();
    match reply.status {
        200..=299 => assert!(told.iter().all(|entry| entry.verdict == Verdict::Allow), "{context}"),
        404 => assert!(denied.len() == 1 && said.contains(&denied[0]), "one refusal: {context}"),
        403 => {
            assert!(denied.len() == 1 && said.contains(&denied[0]), "one refusal: {context}");
            assert_eq!(problem.expect("a problem")["code"], denied[0].rule.code(), "{context}");
        }
        412 => assert!(told.iter().any(|entry| entry.verdict == Verdict::Conflict), "{context}"),
        other => panic!("{other}: {context}"),
    }
}

/// Stands in no entry: what people write, are called, and ask.
const SECRETS: [&str; 6] = [CANARY, "Agent", "haut-b", "title", "renamed", "subject"];

#[tokio::test]
async fn every_request_leaves_entries_that_say_what_was_decided_and_nothing_of_what_was_written() {
    let site = Site::new().await;
    site.published().await;
    let mut dice = Dice(7);
    let labels = [&OBJECTS[..], &["TS"][..]].concat();
    let mut seen = BTreeSet::new();
    for number in 0..2400 {
        // Every route some sixty times, whoever asks, about whatever, at whichever label.
        let route = &api()[number % api().len()];
        let (who, object) = (Who::ALL[dice.below(7)], OBJECTS[dice.below(5)]);
        let working = if dice.below(2) == 0 { object } else { labels[dice.below(6)] };
        let mut ask = site.ask(route, object).await;
        if dice.below(4) == 0 {
            for (name, value) in &mut ask.headers {
                if name == "if-match" {
                    *value = format!("\"{CANARY}\"");
                }
            }
        }
        let before = site.world.vault.monitor().journal().length();
        let reply = site.send(who, working, &ask).await;
        let told = entries(&site.world, before);
        assert_told(route, who, working, &ask, &reply, &told, &site.world);
        seen.insert((route.name, reply.status));
    }
    let for_all = |name: &str| matches!(name, "me" | "policy" | "openapi");
    let never = api().iter().filter(|route| !for_all(route.name) && !seen.contains(&(route.name, 404)));
    assert_eq!(never.map(|route| route.name).collect::<Vec<_>>(), [""; 0], "routes where nobody was refused");
    let stale = seen.iter().filter(|(_, status)| *status == 412).count();
    assert!(stale >= 4, "routes where somebody came too late: {stale}");
    assert_silent(&site.world);
}

/// Searches the opened entries and the sealed bytes.
fn assert_silent(world: &World) {
    let opened = entries(world, 0);
    assert!(opened.len() > 1500);
    for entry in &opened {
        let text = serde_json::to_string(entry).expect("JSON");
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    let journal = world.vault.monitor().journal();
    for number in (0..journal.length()).step_by(500) {
        for leaf in journal.leaves(number, 500).expect("leaves") {
            for secret in SECRETS.iter().filter(|secret| secret.len() >= 5) {
                assert!(!leaf.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} in leaf");
            }
        }
    }
}

#[tokio::test]
async fn what_officers_read_has_as_many_refusals_as_people_were_refused() {
    let site = Site::new().await;
    let start = site.world.vault.monitor().journal().length();
    let (mut refused, mut granted) = (0, 0);
    for who in [Who::Bas, Who::HautB, Who::Etr] {
        for shelf in &site.shelves {
            for working in ["NP/ALL", "S"] {
                let reply = site.world.get(who, working, &format!("/notes/{}", shelf.note)).await;
                if reply.status == 200 { granted += 1 } else { refused += 1 }
            }
        }
    }
    let count = |verdict: &'static str| {
        let site = &site;
        async move {
            let page = site.world.get(Who::Off, "", &format!("/journal?verdict={verdict}&limit=200")).await.json();
            let numbers = page["items"].as_array().expect("items").iter().map(|entry| &entry["number"]);
            numbers.filter(|number| number.as_u64() >= Some(start)).count()
        }
    };
    assert_eq!((granted + refused, count("deny").await), (30, refused));
    // The officer's own two readings of the journal are entries too: one before this one.
    assert_eq!(count("allow").await, granted + 2);
}

/// Everything is asked until a commit fails, and then again.
#[tokio::test]
async fn without_a_durable_entry_there_is_no_answer_and_then_none_at_all() {
    for (before, fate) in (0..6).flat_map(|before| [(before, Fate::Lost), (before, Fate::Kept)]) {
        let engine = Arc::new(DangerFaulty::new(Memory::new()));
        let site =
            Site::over(World::with(configuration(accounts()), Arc::<DangerFaulty<Memory>>::clone(&engine))).await;
        let mut asks = Vec::new();
        for route in api() {
            asks.push(site.ask(route, "DR").await);
        }
        let known = vigie::store::journal::length(&*site.world.engine).expect("a length");
        engine.fail_commit(before, fate);
        let (mut answered, mut failed) = (0, false);
        for (route, ask) in api().iter().zip(&asks) {
            let length = site.world.vault.monitor().journal().length();
            let reply = site
                .send(if route.officers { Who::Off } else { Who::Haut }, if route.officers { "" } else { "DR" }, ask)
                .await;
            let more = site.world.vault.monitor().journal().length() - length;
            match reply.status {
                503 => {
                    assert_eq!(reply.code(), "unavailable");
                    assert_eq!(reply.header("retry-after"), Some("5"));
                    failed = true;
                }
                _ if failed => panic!("{route:?} answered {} after the journal had stopped", reply.status),
                _ => {
                    assert!(more > 0, "{route:?} answered {} without an entry", reply.status);
                    answered += more;
                }
            }
        }
        assert!(failed, "{before} {fate:?}");
        let durable = vigie::store::journal::length(&*site.world.engine).expect("a length") - known;
        assert!(answered <= durable, "{answered} entries were answered for, {durable} are durable");
        assert_all_stopped(&site).await;
    }
}

async fn assert_all_stopped(site: &Site) {
    for who in Who::ALL {
        for (method, path) in
            [("GET", "/me"), ("GET", "/openapi.json"), ("GET", "/nothing"), ("POST", "/notes"), ("GET", "/journal")]
        {
            let reply = site.world.send(who, "", method, path, &[], b"").await;
            assert_eq!(reply.status, 503, "{who:?} {method} {path}");
        }
    }
}

#[tokio::test]
async fn a_failed_commit_leaves_the_journal_as_it_was_or_with_that_commit_whole() {
    for (fate, more) in [(Fate::Lost, 0), (Fate::Kept, 1)] {
        let engine = Arc::new(DangerFaulty::new(Memory::new()));
        let site =
            Site::over(World::with(configuration(accounts()), Arc::<DangerFaulty<Memory>>::clone(&engine))).await;
        let before = vigie::store::journal::length(&*engine).expect("a length");
        engine.fail_commit(0, fate);
        let body = serde_json::json!({"space": site.floor, "kind": "watch", "title": "Perdu ?"});
        assert_eq!(site.world.post(Who::Haut, "DR", "/notes", body).await.status, 503);
        assert_eq!(vigie::store::journal::length(&*engine).expect("a length"), before + more, "{fate:?}");
        let told = entries(&site.world, before);
        assert_eq!(told.len(), usize::try_from(more).expect("small"));
        assert!(told.iter().all(|entry| entry.act.code() == "note-create" && entry.objects.len() == 2), "{told:?}");
    }
}
