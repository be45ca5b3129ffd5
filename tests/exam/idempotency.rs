//! A request sent twice under one `Idempotency-Key` does its work once, and the key tells nobody anything.

use serde_json::{Value, json};
use vigie::{
    edge::routes::{Careful, Route, routes},
    limits,
};

use crate::{
    furnished::{FLOOR, Site},
    world::{Reply, Who, World, start_time},
};

async fn send(world: &World, who: Who, working: &str, key: &str, path: &str, body: &Value) -> Reply {
    world.json(who, working, "POST", path, &[("idempotency-key", key)], body.clone()).await
}

/// All routes that understand the key, with a body of theirs, taken from the router.
async fn repeatable(site: &Site) -> Vec<(&'static Route, String, Value)> {
    let mut all = Vec::new();
    for route in routes().iter().filter(|route| route.careful == Careful::Repeat) {
        let ask = site.ask(route, FLOOR).await;
        all.push((route, ask.path, serde_json::from_slice(&ask.body).expect("JSON")));
    }
    assert!(all.len() >= 5, "spaces, notes, links, conversations, messages");
    all
}

#[tokio::test]
async fn the_same_request_twice_makes_one_thing_on_every_route_that_makes_things() {
    let site = Site::new().await;
    for (route, path, body) in repeatable(&site).await {
        let first = send(&site.world, Who::Bas, "DR", "k", &path, &body).await;
        let second = send(&site.world, Who::Bas, "DR", "k", &path, &body).await;
        assert_eq!((first.status, second.status), (201, 201), "{route:?}: {}", second.json());
        assert_eq!(first.body, second.body, "{route:?}");
        assert_eq!(first.header("etag"), second.header("etag"), "{route:?}");
        let other = send(&site.world, Who::Bas, "DR", "other", &path, &body).await;
        assert_ne!(other.id(), first.id(), "{route:?}: another key makes another thing");
        site.world.set_time(start_time().0 + 1);
        let third = send(&site.world, Who::Bas, "DR", "k", &path, &body).await;
        assert_eq!(third.id(), first.id(), "{route:?}: still, later");
        site.world.set_time(start_time().0);
        // One key for one request: each route here begins with a person's fresh set of keys.
        let clash = send(&site.world, Who::Bas, "DR", "k", "/spaces", &json!({"name": format!("{} encore", route.name)})).await;
        assert_eq!((clash.status, clash.code().as_str()), (422, "idempotency-mismatch"), "{route:?}");
        site.world.set_time(start_time().0 + limits::REPEAT_MS_MAX);
        let fresh = send(&site.world, Who::Bas, "DR", "k", "/spaces", &json!({"name": "Nouveau"})).await;
        assert_eq!(fresh.status, 201, "a day later the key is free");
        site.world.set_time(start_time().0 + 2 * limits::REPEAT_MS_MAX);
        let reset = send(&site.world, Who::Bas, "DR", "k", &path, &body).await;
        assert_ne!(reset.id(), first.id(), "{route:?}: and remembers nothing older");
        site.world.set_time(start_time().0 + 4 * limits::REPEAT_MS_MAX);
        let cleared = send(&site.world, Who::Bas, "DR", "spent", "/spaces", &json!({"name": "X"})).await;
        assert_eq!(cleared.status, 201);
        site.world.set_time(start_time().0);
        return_to_start(&site, &path).await;
    }
}

/// The next route uses the key at a time of its own.
async fn return_to_start(site: &Site, _path: &str) {
    site.world.set_time(start_time().0 + 8 * limits::REPEAT_MS_MAX);
}
