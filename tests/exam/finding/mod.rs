//! Search, examined: by the numbers of LEAKS.md, in French, and against what others write.

mod french;
mod language;
mod leaks;
mod page;
mod rebuilding;
mod statistics;
mod watches;

use serde_json::{Value, json};

use crate::world::{Who, World};

/// A space at that label, with these members.
pub async fn space(world: &World, who: Who, label: &str, name: &str, members: &[Who]) -> String {
    let reply = world.post(who, label, "/spaces", json!({ "name": name })).await;
    assert_eq!(reply.status, 201, "{}", reply.json());
    let id = reply.id();
    for member in members {
        let path = format!("/spaces/{id}/members/{}", member.id());
        let reply = world.json(who, label, "PUT", &path, &[], json!({"part": "member"})).await;
        assert_eq!(reply.status, 204);
    }
    id
}

/// A note; `more` over its fields.
pub async fn note(world: &World, who: Who, label: &str, space: &str, title: &str, body: &str, more: Value) -> String {
    let mut content = json!({"space": space, "kind": "watch", "title": title, "body": body});
    for (name, value) in more.as_object().into_iter().flatten() {
        content[name] = value.clone();
    }
    let reply = world.post(who, label, "/notes", content).await;
    assert_eq!(reply.status, 201, "{}", reply.json());
    reply.id()
}

/// A question, escaped for an address.
pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// What a search answers.
pub async fn search(world: &World, who: Who, label: &str, text: &str) -> Value {
    let reply = world.get(who, label, &format!("/search?limit=100&q={}", escaped(text))).await;
    assert_eq!(reply.status, 200, "{text}: {}", reply.json());
    reply.json()
}

/// The identifiers of the results, in order.
pub async fn ids(world: &World, who: Who, label: &str, text: &str) -> Vec<String> {
    let found = search(world, who, label, text).await;
    found["items"].as_array().expect("items").iter().map(|hit| hit["id"].as_str().expect("an id").to_owned()).collect()
}
