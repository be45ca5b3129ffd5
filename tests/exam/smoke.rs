//! One walk through everything: what a person makes can be read back by those who may, and by nobody else.

use serde_json::json;

use crate::world::{Who, World};

#[tokio::test]
async fn what_is_made_is_read_back_by_those_who_may() {
    let world = World::new();
    let made = world.post(Who::Bas, "DR", "/spaces", json!({"name": "Capteurs", "purpose": "Veille radar"})).await;
    assert_eq!(made.status, 201, "{}", made.json());
    let space = made.id();
    for who in [Who::Haut, Who::Bis] {
        let path = format!("/spaces/{space}/members/{}", who.id());
        let reply = world.json(Who::Bas, "DR", "PUT", &path, &[], json!({"part": "member"})).await;
        assert_eq!(reply.status, 204, "{}", String::from_utf8_lossy(&reply.body));
    }
    let note = json!({"space": space, "kind": "watch", "title": "GaN", "body": "Voir [[Secret radar]] et [[Bande X]].",
        "tags": ["radar"], "sources": [{"url": "https://example.org/gan"}], "grade": {"reliability": "B", "credibility": 2}});
    let made = world.post(Who::Bas, "DR", "/notes", note).await;
    assert_eq!(made.status, 201, "{}", made.json());
    let low = made.id();
    let tag = made.header("etag").expect("a tag").to_owned();
    let high = world
        .post(
            Who::Haut,
            "S",
            "/notes",
            json!({"space": space, "kind": "synthesis", "title": "Secret radar", "body": "Voir [[GaN]]."}),
        )
        .await;
    assert_eq!(high.status, 201, "{}", high.json());
    assert_eq!(high.header("vigie-label"), Some("S"));
    let high = high.id();

    let read = world.get(Who::Bas, "DR", &format!("/notes/{low}")).await;
    assert_eq!((read.status, read.json()["title"].as_str()), (200, Some("GaN")));
    assert_eq!(world.get(Who::Bas, "DR", &format!("/notes/{high}")).await.status, 404);
    assert_eq!(world.get(Who::Haut, "DR", &format!("/notes/{high}")).await.status, 404, "at a lower working label");
    assert_eq!(world.get(Who::HautB, "S", &format!("/notes/{high}")).await.status, 404, "not a member");
    assert_eq!(world.get(Who::Haut, "S", &format!("/notes/{high}")).await.status, 200);

    let links = world.get(Who::Haut, "S", &format!("/notes/{low}/links?way=out")).await.json();
    assert_eq!(links["items"][0]["other"]["title"], "Secret radar", "{links}");
    let links = world.get(Who::Haut, "S", &format!("/notes/{low}/links?way=in")).await.json();
    assert_eq!(links["items"][0]["other"]["id"], high.as_str(), "{links}");
    let links = world.get(Who::Bas, "DR", &format!("/notes/{low}/links?way=in")).await.json();
    assert_eq!(links["items"].as_array().map(Vec::len), Some(0), "{links}");

    let change = json!({"kind": "watch", "title": "GaN", "body": "Nouveau."});
    let changed =
        world.json(Who::Bis, "DR", "PUT", &format!("/notes/{low}"), &[("if-match", &tag)], change.clone()).await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    let stale =
        world.json(Who::Bis, "DR", "PUT", &format!("/notes/{low}"), &[("if-match", &tag)], change.clone()).await;
    assert_eq!(stale.status, 412, "{}", stale.json());
    let above = world.json(Who::Haut, "S", "PUT", &format!("/notes/{low}"), &[("if-match", &tag)], change).await;
    assert_eq!((above.status, above.code().as_str()), (403, "label-differs"));
    let history = world.get(Who::Bas, "DR", &format!("/notes/{low}/revisions")).await.json();
    assert_eq!(history["items"].as_array().map(Vec::len), Some(2), "{history}");
    let old = world.get(Who::Bas, "DR", &format!("/notes/{low}/revisions/1")).await.json();
    assert_eq!(old["tags"][0], "radar", "{old}");

    let feed = world.get(Who::Haut, "S", "/feed").await.json();
    assert_eq!(feed["items"].as_array().map(Vec::len), Some(2), "{feed}");
    let feed = world.get(Who::Bas, "DR", "/feed").await.json();
    assert_eq!(feed["items"].as_array().map(Vec::len), Some(1), "{feed}");

    let talk = world.post(Who::Bas, "DR", "/conversations", json!({"title": "Avis ?", "about": {"note": low}})).await;
    assert_eq!(talk.status, 201, "{}", talk.json());
    let talk = talk.id();
    for (who, working, text) in [(Who::Bis, "DR", "Bien vu."), (Who::Haut, "S", "À rapprocher du programme.")] {
        let reply = world.post(who, working, &format!("/conversations/{talk}/messages"), json!({"text": text})).await;
        assert_eq!(reply.status, 201, "{}", reply.json());
    }
    let seen = world.get(Who::Bas, "DR", &format!("/conversations/{talk}/messages")).await.json();
    assert_eq!(seen["items"].as_array().map(Vec::len), Some(1), "{seen}");

    let lines = format!(
        "{}\n{}\n{}\n",
        json!({"note": {"external_id": "a", "kind": "watch", "title": "A"}}),
        json!({"note": {"external_id": "b", "kind": "watch", "title": "B"}}),
        json!({"link": {"external_id": "l", "from": "a", "to": "b", "type": "attributed-to"}}),
    );
    let kind = [("content-type", "application/x-ndjson")];
    for expected in ["created", "unchanged"] {
        let reply =
            world.send(Who::Bas, "DR", "POST", &format!("/notes/import?space={space}"), &kind, lines.as_bytes()).await;
        let text = String::from_utf8(reply.body).expect("text");
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.lines().take(2).all(|line| line.contains(expected)), "{text}");
    }

    let journal = world.get(Who::Off, "", "/journal?act=note-read&verdict=deny").await.json();
    assert_eq!(journal["items"].as_array().map(Vec::len), Some(3), "{journal}");
    assert_eq!(world.get(Who::Bas, "DR", "/journal").await.status, 404);
    assert_eq!(world.get(Who::Off, "", &format!("/notes/{low}")).await.status, 404);
    assert_eq!(world.get(Who::Nobody, "", "/me").await.status, 401);
    let api = world.get(Who::Bas, "", "/openapi.json").await;
    assert_eq!(api.json()["openapi"], "3.1.0");
}
