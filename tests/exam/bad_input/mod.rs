//! What bad input gets: a problem with a stable code, nothing changed, an entry exactly when something was decided.

mod bodies;
mod imports;
mod requests;

use std::collections::BTreeMap;

use vigie::store::{Direction, Engine, Family, Key, KeyRange, Row};

use crate::{
    furnished::Site,
    world::{Reply, Who},
};

/// Whether anybody had to decide before the input was found wanting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Decided {
    No,
    Yes,
}

/// One request that must change nothing.
struct Case {
    what: &'static str,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    status: u16,
    code: &'static str,
    decided: Decided,
}

impl Case {
    fn new(what: &'static str, method: &'static str, path: impl Into<String>) -> Self {
        Self {
            what,
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
            status: 404,
            code: "not-found",
            decided: Decided::No,
        }
    }

    fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    fn json(self, body: impl Into<Vec<u8>>) -> Self {
        self.header("content-type", "application/json").bytes(body)
    }

    fn gets(mut self, status: u16, code: &'static str) -> Self {
        (self.status, self.code) = (status, code);
        self
    }

    fn decided(mut self) -> Self {
        self.decided = Decided::Yes;
        self
    }

    /// Sends it as `Bas` at DR, and looks at everything it could have changed.
    async fn examine(&self, site: &Site) -> Reply {
        let world = &site.world;
        let (rows, length) = (stored(&*world.engine), world.vault.monitor().journal().length());
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let reply = world.send(Who::Bas, "DR", self.method, &self.path, &headers, &self.body).await;
        let text = String::from_utf8_lossy(&reply.body);
        assert_eq!(reply.status, self.status, "{}: {text}", self.what);
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{}", self.what);
        let problem = reply.json();
        assert_eq!(problem["code"], self.code, "{}: {text}", self.what);
        assert_eq!(
            (problem["status"].as_u64(), &problem["type"]),
            (Some(self.status.into()), &format!("/problems/{}", self.code).into())
        );
        for field in ["title", "detail", "instance"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{}: no {field}", self.what);
        }
        assert_eq!(rows, stored(&*world.engine), "{}: something was written", self.what);
        let entries = world.vault.monitor().journal().length() - length;
        assert_eq!(entries > 0, self.decided == Decided::Yes, "{}: {entries} entries", self.what);
        reply
    }
}

/// All rows but the journal's own.
fn stored(engine: &dyn Engine) -> BTreeMap<(Family, Key), Row> {
    let snapshot = engine.snapshot().expect("a snapshot");
    let mut rows = BTreeMap::new();
    for family in Family::ALL.into_iter().filter(|family| *family != Family::Journal) {
        let mut range = KeyRange::all();
        loop {
            let page = snapshot.scan(family, &range, Direction::Forward, 1000).expect("rows");
            let Some((last, _)) = page.last() else { break };
            range = range.past(Direction::Forward, last);
            rows.extend(page.into_iter().map(|(key, row)| ((family, key), row)));
        }
    }
    rows.remove(&(Family::Meta, Key::fixed(*b"journal")));
    rows
}
