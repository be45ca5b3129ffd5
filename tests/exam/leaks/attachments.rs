//! T35 and T36: what hangs on a note, asked for by its address.

use std::collections::BTreeSet;

use serde_json::json;

use super::twins::{Twins, WORD, items, made, note, says};
use crate::{
    furnished::{OCTETS, face},
    world::{Reply, Who, World},
};

/// Announces and sends an attachment of a note.
async fn attach(world: &World, who: Who, working: &str, note: &str, name: &str, content: &[u8]) -> String {
    let new = json!({"name": name, "size": content.len()});
    let id = made(world, who, working, &format!("/notes/{note}/attachments"), new).await;
    let path = format!("/attachments/{id}/content?offset=0");
    assert_eq!(world.send(who, working, "PUT", &path, &[OCTETS], content).await.status, 200);
    id
}

/// All that can be asked of an attachment.
async fn ask(world: &World, who: Who, working: &str, id: &str) -> Vec<Reply> {
    let tag = ("if-match", "\"2.00\"");
    let mut replies = Vec::new();
    for (method, end, headers, body) in [
        ("GET", "", vec![], b"".as_slice()),
        ("GET", "/content", vec![], b""),
        ("GET", "/content?inline=true", vec![("range", "bytes=0-0")], b""),
        ("PUT", "/content?offset=0", vec![OCTETS], b"x"),
        ("PUT", "/content?offset=7", vec![OCTETS], b""),
        ("DELETE", "", vec![tag], b""),
    ] {
        replies.push(world.send(who, working, method, &format!("/attachments/{id}{end}"), &headers, body).await);
    }
    replies
}

#[tokio::test]
async fn t35_an_attachment_is_as_hidden_as_its_note_whatever_its_address() {
    let twins = Twins::new().await;
    let (world, low, high) = (&twins.with, &twins.low, &twins.high);
    let above = attach(world, Who::Haut, "S", &high.note, WORD, b"above").await;
    let beside = attach(world, Who::Haut, "DR", &high.apart_note, WORD, b"beside").await;
    let begun = json!({"name": WORD, "size": 5});
    let begun = made(world, Who::Haut, "DR", &format!("/notes/{}/attachments", low.first), begun).await;
    let orphan = {
        let home = made(world, Who::Bas, "DR", "/notes", note(&low.space, "Passager", "")).await;
        let orphan = attach(world, Who::Bas, "DR", &home, "a", b"orphan").await;
        let tag = world.get(Who::Bas, "DR", &format!("/notes/{home}")).await;
        let tag = tag.header("etag").expect("a tag").to_owned();
        assert_eq!(
            world.send(Who::Bas, "DR", "DELETE", &format!("/notes/{home}"), &[("if-match", &tag)], b"").await.status,
            204
        );
        orphan
    };
    let unknown = "aaaaaaaaaaaaaaaaaaaaaaaaae".to_owned();
    // A note is no attachment, nor the other way round.
    let ids = [&unknown, &above, &beside, &begun, &orphan, &low.first, &high.note];
    let mut faces = BTreeSet::new();
    for id in ids {
        for reply in ask(world, Who::Bas, "DR", id).await {
            assert_eq!(reply.status, 404, "{}", String::from_utf8_lossy(&reply.body));
            faces.insert(face(&reply));
        }
    }
    faces.insert(face(&world.get(Who::Bas, "DR", &format!("/notes/{above}")).await));
    assert_eq!(faces.len(), 1, "{faces:#?}");
    // The same person one label lower is a stranger to it.
    for reply in ask(world, Who::Haut, "DR", &above).await {
        assert_eq!(reply.status, 404);
    }
    for reply in ask(world, Who::Nobody, "DR", &above).await {
        assert_eq!(reply.status, 401);
    }
    assert_eq!(world.get(Who::Haut, "S", &format!("/attachments/{above}/content")).await.body, b"above");
    twins.look_around().await;
}

#[tokio::test]
async fn t35_a_member_who_has_left_reads_no_attachment_any_more() {
    let twins = Twins::new().await;
    let (world, low) = (&twins.with, &twins.low);
    let id = attach(world, Who::Bas, "DR", &low.first, "a.txt", b"text").await;
    let path = format!("/attachments/{id}/content");
    assert_eq!(world.get(Who::Bis, "DR", &path).await.body, b"text");
    let leave = format!("/spaces/{}/members/{}", low.space, Who::Bis.id());
    assert_eq!(world.send(Who::Bas, "DR", "DELETE", &leave, &[], b"").await.status, 204);
    assert_eq!(world.get(Who::Bis, "DR", &path).await.status, 404);
}

#[tokio::test]
async fn t36_names_and_counts_of_attachments_are_content() {
    let twins = Twins::new().await;
    let (world, low, high) = (&twins.with, &twins.low, &twins.high);
    attach(world, Who::Haut, "S", &high.note, WORD, b"above").await;
    for _ in 0..20 {
        // Unfinished ones above do not count below.
        let path = format!("/notes/{}/attachments", high.note);
        world.post(Who::Haut, "S", &path, json!({"name": WORD, "size": 5})).await;
    }
    let list = format!("/notes/{}/attachments", low.first);
    assert_eq!(items(&twins.get(&list).await).len(), 0);
    assert_eq!(twins.get(&format!("/notes/{}/attachments", high.note)).await.status, 404);
    let made = twins.post(&list, json!({"name": WORD.to_lowercase(), "size": 1})).await;
    assert_eq!(made.status, 201);
    // What is being sent is its sender's own: nobody else sees it, nor that it is there.
    for who in [Who::Bis, Who::Haut] {
        let seen = twins.send(who, "GET", &list, &[], None).await;
        assert_eq!(items(&seen).len(), 0);
        assert_eq!(twins.send(who, "GET", &format!("/attachments/{}", made.id()), &[], None).await.status, 404);
    }
    let above = world.get(Who::Haut, "S", &format!("/notes/{}/attachments", high.note)).await;
    assert!(says(&above, WORD) && items(&above).len() == 1, "it does exist");
    let own = world.post(Who::Haut, "DR", &list, json!({"name": "b", "size": 1})).await;
    assert_eq!(own.status, 201, "sixteen uploads at S take no place at DR");
}
