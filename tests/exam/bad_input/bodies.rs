//! Bodies: shapes, sizes, texts, labels, grades, dates; and anything at all.

use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use vigie::{edge::routes::Reads, limits};

use super::Case;
use crate::{
    furnished::{FLOOR, Site},
    world::{Who, api},
};

/// A note that would be taken, but for what `with` puts over it.
fn note(site: &Site, with: Value) -> Vec<u8> {
    let mut note = json!({"space": site.shelf("DR").space, "kind": "watch", "title": "Titre"});
    for (field, value) in with.as_object().expect("an object") {
        note[field] = value.clone();
    }
    note.to_string().into_bytes()
}

async fn all_get(site: &Site, status: u16, code: &'static str, cases: Vec<(&'static str, Value)>) {
    for (what, with) in cases {
        Case::new(what, "POST", "/notes").json(note(site, with)).gets(status, code).examine(site).await;
    }
}

#[tokio::test]
async fn a_note_of_another_shape_is_refused() {
    let site = Site::new().await;
    let cases = vec![
        ("an unknown field", json!({"colour": "red"})),
        ("an unknown field of a source", json!({"sources": [{"url": "u", "rating": 1}]})),
        ("an unknown field of a grade", json!({"grade": {"reliability": "A", "credibility": 2, "by": "me"}})),
        ("a field of another case", json!({"Title": "Titre"})),
        ("a number for a title", json!({"title": 7})),
        ("null for a title", json!({"title": null})),
        ("a text for tags", json!({"tags": "radar"})),
        ("numbers for tags", json!({"tags": [1]})),
        ("a text for sources", json!({"sources": ["https://example.org"]})),
        ("an unknown kind", json!({"kind": "essay"})),
        ("a kind in capitals", json!({"kind": "Watch"})),
        ("an unknown reliability", json!({"grade": {"reliability": "G", "credibility": 2}})),
        ("a negative credibility", json!({"grade": {"reliability": "A", "credibility": -1}})),
        ("half a credibility", json!({"grade": {"reliability": "A", "credibility": 2.5}})),
        ("an enormous credibility", json!({"grade": {"reliability": "A", "credibility": 99_999_999_999_u64}})),
        ("half a grade", json!({"grade": {"reliability": "A"}})),
        ("a label as an object", json!({"label": {"level": "DR"}})),
        ("a space that is no identifier", json!({"space": "radar"})),
        ("an identifier in capitals", json!({"space": "AAAAAAAAAAAAAAAAAAAAAAAAAE"})),
        ("an identifier with another end", json!({"space": "aaaaaaaaaaaaaaaaaaaaaaaaab"})),
        ("a date as a number", json!({"review": 20_270_101})),
    ];
    all_get(&site, 400, "wrong-shape", cases).await;
    let whole = String::from_utf8(note(&site, json!({}))).expect("text");
    for (what, body) in [
        ("a field twice", whole.replace("\"kind\"", "\"title\":\"Autre\",\"kind\"")),
        ("a missing title", whole.replace("\"title\":\"Titre\",", "").replace(",\"title\":\"Titre\"", "")),
        ("values without names", "[\"radar\",\"watch\",\"Titre\"]".to_owned()),
        ("no object at all", "\"Titre\"".to_owned()),
        ("null", "null".to_owned()),
        ("lists in lists", "[".repeat(100_000)),
        ("a deep unknown field", format!("{{\"x\":{}", "{\"x\":".repeat(100_000))),
    ] {
        Case::new(what, "POST", "/notes").json(body).gets(400, "wrong-shape").examine(&site).await;
    }
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let site = Site::new().await;
    let whole = note(&site, json!({}));
    let with = |from: &str, to: &[u8]| {
        let text = String::from_utf8(whole.clone()).expect("text");
        let (before, after) = text.split_once(from).expect("it is there");
        [before.as_bytes(), to, after.as_bytes()].concat()
    };
    for (what, body) in [
        ("nothing", Vec::new()),
        ("half of it", whole[..whole.len() / 2].to_vec()),
        ("more behind it", [whole.as_slice(), b"{}"].concat()),
        ("bytes that are no text", with("Titre", b"\xff\xfe")),
        ("an over-long form of a slash", with("Titre", b"\xc0\xaf")),
        ("half a surrogate pair", with("Titre", b"\\ud800")),
        ("an unknown escape", with("Titre", b"\\x41")),
        ("a raw control character", with("Titre", b"a\nb")),
        ("a number beyond all numbers", with("\"Titre\"", b"1e999999")),
        ("single quotes", with("\"Titre\"", b"'Titre'")),
        ("a comment", with("\"Titre\"", b"/* */ \"Titre\"")),
        ("a byte order mark", [b"\xef\xbb\xbf".as_slice(), &whole].concat()),
        ("UTF-16", String::from_utf8_lossy(&whole).encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ] {
        Case::new(what, "POST", "/notes").json(body).gets(400, "malformed-json").examine(&site).await;
    }
}

#[tokio::test]
async fn a_label_that_is_not_the_working_label_is_refused() {
    let site = Site::new().await;
    let words = [
        "NP",
        "NP/ALL",
        "S",
        "TS",
        "S/ALPHA",
        "DR/ALPHA",
        "DR/FRA,BEL",
        "DR/ALL",
        "Q",
        "",
        "DR/",
        "DR ",
        "DR/OMEGA",
        "DR/BEL",
    ];
    let labels = words.map(|word| (word, json!({"label": word}))).to_vec();
    all_get(&site, 422, "label-mismatch", labels).await;
    let long = json!({"label": "S/".repeat(100_000)});
    all_get(&site, 422, "label-mismatch", vec![("a label without an end", long)]).await;
    for (path, body) in [
        ("/spaces".to_owned(), json!({"name": "N", "label": "S"})),
        ("/links".to_owned(), json!({"from": site.notes[0], "to": site.notes[1], "type": "uses", "label": "S"})),
        ("/conversations".to_owned(), json!({"title": "T", "about": {"note": site.notes[0]}, "label": "S"})),
        (format!("/conversations/{}/messages", site.talk), json!({"text": "T", "label": "S"})),
    ] {
        Case::new("another label", "POST", path)
            .json(body.to_string())
            .gets(422, "label-mismatch")
            .examine(&site)
            .await;
    }
    let reply = site
        .world
        .send(
            Who::Bas,
            "DR",
            "POST",
            "/notes",
            &[("content-type", "application/json")],
            &note(&site, json!({"label": "DR"})),
        )
        .await;
    assert_eq!(reply.status, 201, "its own name is no fault");
}

#[tokio::test]
async fn texts_that_are_empty_too_long_or_hide_something_are_refused() {
    let site = Site::new().await;
    let long = |count: usize| "é".repeat(count);
    let empty = vec![
        ("an empty title", json!({"title": ""})),
        ("a blank title", json!({"title": " \u{a0}\t "})),
        ("an empty tag", json!({"tags": [""]})),
        ("a source that says nothing", json!({"sources": [{"date": "2026"}]})),
        ("no space", json!({"space": null})),
    ];
    all_get(&site, 422, "empty-field", empty).await;
    let too_long = vec![
        ("a long title", json!({"title": long(limits::NOTE_TITLE_CHARS_MAX + 1)})),
        ("a long body", json!({"body": "a".repeat(limits::NOTE_BODY_BYTES_MAX + 1)})),
        ("a body that grows in its normal form", json!({"body": "\u{1d160}".repeat(limits::NOTE_BODY_BYTES_MAX / 4)})),
        ("too many tags", json!({"tags": vec!["t"; limits::NOTE_TAGS_MAX + 1]})),
        ("a long tag", json!({"tags": [long(limits::TAG_CHARS_MAX + 1)]})),
        ("too many sources", json!({"sources": vec![json!({"url": "u"}); limits::NOTE_SOURCES_MAX + 1]})),
        ("a long address", json!({"sources": [{"url": long(limits::SOURCE_FIELD_CHARS_MAX + 1)}]})),
    ];
    all_get(&site, 422, "too-long", too_long).await;
    let mut hidden = Vec::new();
    for mark in [
        '\0',
        '\u{1}',
        '\u{7}',
        '\u{1b}',
        '\n',
        '\u{7f}',
        '\u{85}',
        '\u{ad}',
        '\u{61c}',
        '\u{115f}',
        '\u{180e}',
        '\u{200b}',
        '\u{200e}',
        '\u{200f}',
        '\u{2028}',
        '\u{2029}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{206a}',
        '\u{3164}',
        '\u{feff}',
        '\u{fff9}',
        '\u{e0041}',
    ] {
        hidden.push(("a mark in a title", json!({"title": format!("a{mark}b")})));
        hidden.push(("a mark in a tag", json!({"tags": [format!("a{mark}b")]})));
        hidden.push(("a mark in a source", json!({"sources": [{"author": format!("a{mark}b")}]})));
    }
    for mark in ['\0', '\u{7}', '\u{1b}', '\r', '\u{85}', '\u{202e}', '\u{2066}', '\u{61c}', '\u{e0041}'] {
        hidden.push(("a mark in a body", json!({"body": format!("a{mark}b")})));
    }
    all_get(&site, 422, "hidden-characters", hidden).await;
}

#[tokio::test]
async fn grades_dates_and_languages_keep_their_rules() {
    let site = Site::new().await;
    let grade =
        |credibility: u8| json!({"grade": {"reliability": "B", "credibility": credibility}, "sources": [{"url": "u"}]});
    all_get(&site, 422, "bad-grade", vec![("0", grade(0)), ("7", grade(7)), ("255", grade(255))]).await;
    all_get(&site, 422, "grade-needs-two-sources", vec![("1 with one source", grade(1))]).await;
    let languages = ["", "xx", "FR", "fra", "fr-FR"].map(|code| (code, json!({"language": code}))).to_vec();
    all_get(&site, 422, "unknown-language", languages).await;
    let mut dates = Vec::new();
    for date in [
        "",
        "2026",
        "2027-02-30",
        "2027-13-01",
        "2027-00-10",
        "27-01-01",
        "2027-1-1",
        "21/11/2027",
        "2027-11-21T00:00:00Z",
        "demain",
        "+002027-01",
        "２０２７-1",
    ] {
        dates.push((date, json!({"review": date})));
        dates.push((date, json!({"expires": date})));
    }
    for date in ["20261", "2026-13", "2026-11-31", "26", "2026-1-1", "-001"] {
        dates.push((date, json!({"sources": [{"url": "u", "date": date}]})));
    }
    all_get(&site, 422, "bad-date", dates).await;
    let order = vec![
        ("it ends before it is reviewed", json!({"review": "2030-01-02", "expires": "2030-01-01"})),
        ("it ends after more than 50 years", json!({"expires": "2077-01-01"})),
        ("it is reviewed after more than 50 years", json!({"review": "2077-01-01"})),
    ];
    all_get(&site, 422, "bad-date-order", order).await;
}

#[tokio::test]
async fn links_conversations_messages_and_members_keep_theirs() {
    let site = Site::new().await;
    let [one, two] = &site.notes;
    let people = |ids: Vec<String>| json!({"title": "T", "about": {"people": ids}});
    let unknown = "aaaaaaaaaaaaaaaaaaaaaaaaae".to_owned();
    let many = (0..=limits::PARTICIPANTS_MAX)
        .map(|number| vigie::ids::Id::from_bytes([u8::try_from(number + 100).expect("small"); 16]).to_string());
    let messages = format!("/conversations/{}/messages", site.talk);
    let member = |who: &str| format!("/spaces/{}/members/{who}", site.shelf("DR").space);
    for (what, path, body, status, code) in [
        ("to itself", "/links", json!({"from": one, "to": one, "type": "uses"}), 422, "self-link"),
        ("an unknown type", "/links", json!({"from": one, "to": two, "type": "attributed-to"}), 422, "bad-link-type"),
        ("no type", "/links", json!({"from": one, "to": two, "type": ""}), 422, "bad-link-type"),
        (
            "a long comment",
            "/links",
            json!({"from": one, "to": two, "type": "uses", "comment": "a".repeat(16 * 1024 + 1)}),
            422,
            "too-long",
        ),
        ("alone", "/conversations", people(vec![]), 422, "no-participant"),
        ("with oneself", "/conversations", people(vec![Who::Bas.id().to_string()]), 422, "no-participant"),
        ("with a crowd", "/conversations", people(many.collect()), 422, "too-long"),
        (
            "about two things",
            "/conversations",
            json!({"title": "T", "about": {"note": one, "space": site.floor}}),
            400,
            "malformed-json",
        ),
        ("about nothing", "/conversations", json!({"title": "T", "about": {}}), 400, "malformed-json"),
        ("about something else", "/conversations", json!({"title": "T", "about": {"tag": "x"}}), 400, "wrong-shape"),
        ("a blank message", &*messages, json!({"text": " \n "}), 422, "empty-field"),
        ("a long message", &*messages, json!({"text": "a".repeat(limits::MESSAGE_BYTES_MAX + 1)}), 422, "too-long"),
        ("an empty name", "/spaces", json!({"name": ""}), 422, "empty-field"),
        ("a long name", "/spaces", json!({"name": "a".repeat(201)}), 422, "too-long"),
        ("a long purpose", "/spaces", json!({"name": "a", "purpose": "a".repeat(4097)}), 422, "too-long"),
    ] {
        Case::new(what, "POST", path).json(body.to_string()).gets(status, code).examine(&site).await;
    }
    let absent = json!({"from": one, "to": unknown, "type": "uses"}).to_string();
    Case::new("to nothing", "POST", "/links").json(absent).decided().examine(&site).await;
    for person in [&unknown, &Who::Off.id().to_string(), &Who::Etr.id().to_string()] {
        let body = people(vec![person.clone()]).to_string();
        Case::new("with one not known here", "POST", "/conversations")
            .json(body)
            .gets(422, "other-beyond-clearance")
            .decided()
            .examine(&site)
            .await;
        Case::new("one not known here", "PUT", member(person))
            .json("{\"part\":\"member\"}")
            .gets(422, "other-beyond-clearance")
            .decided()
            .examine(&site)
            .await;
    }
    Case::new("another part", "PUT", member(&Who::Bis.id().to_string()))
        .json("{\"part\":\"owner\"}")
        .gets(400, "wrong-shape")
        .examine(&site)
        .await;
}

/// JSON with the words of our shapes, so that it often comes far.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("DR".to_owned()),
        Just("watch".to_owned()),
        Just("member".to_owned()),
        Just("uses".to_owned()),
        Just("2027-01-01".to_owned()),
        Just("aaaaaaaaaaaaaaaaaaaaaaaaae".to_owned()),
        Just("FLOOR".to_owned()),
        Just("ONE".to_owned()),
        Just("TWO".to_owned()),
        any::<String>(),
        "[a-z\\[\\]|#*`<>\u{202e}\u{0}]{0,40}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.prop_map(Value::from),
    ];
    let field = prop::sample::select(vec![
        "space",
        "kind",
        "title",
        "body",
        "tags",
        "language",
        "sources",
        "grade",
        "review",
        "expires",
        "label",
        "name",
        "purpose",
        "part",
        "from",
        "to",
        "type",
        "comment",
        "about",
        "note",
        "people",
        "text",
        "url",
        "author",
        "date",
        "reliability",
        "credibility",
        "external_id",
        "link",
        "x",
    ]);
    leaf.prop_recursive(4, 40, 8, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(field.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

#[test]
fn no_body_at_any_route_makes_the_server_fail() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let site = runtime.block_on(Site::new());
    let mut asks = Vec::new();
    for route in api().iter().filter(|route| route.reads != Reads::Nothing) {
        asks.push((route, runtime.block_on(site.ask(route, FLOOR))));
    }
    assert!(asks.len() >= 10);
    let body = prop_oneof![
        4 => any_json().prop_map(|value| value.to_string().into_bytes()),
        1 => vec(any::<u8>(), 0..200),
    ];
    let bodies = (vec(body, 1..4), prop::sample::select((0..asks.len()).collect::<Vec<_>>()), any::<bool>());
    let mut runner = TestRunner::new(Config { cases: 3000, failure_persistence: None, ..Config::default() });
    let run = runner.run(&bodies, |(bodies, place, own)| {
        let (route, ask) = &asks[place];
        let mut body = bodies.join(&b'\n');
        if own {
            // Into the middle of a body that would be taken.
            let cut = ask.body.len() / 2;
            body = [&ask.body[..cut], &body, &ask.body[cut..]].concat();
        }
        let text = String::from_utf8_lossy(&body)
            .replace("FLOOR", &site.floor)
            .replace("ONE", &site.notes[0])
            .replace("TWO", &site.notes[1]);
        let body = if own || std::str::from_utf8(&body).is_ok() { text.into_bytes() } else { body };
        let mut ask = ask.clone();
        ask.body = body;
        let reply = runtime.block_on(site.send(Who::Haut, FLOOR, &ask));
        prop_assert!(reply.status < 500, "{:?}: {}", route, String::from_utf8_lossy(&reply.body));
        if reply.status >= 400 {
            prop_assert_eq!(reply.header("content-type"), Some("application/problem+json"));
            prop_assert!(!reply.code().is_empty());
        }
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}
