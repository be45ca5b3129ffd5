//! Reading everything back as the people do, and telling an older truth from a lie.

use std::{collections::BTreeSet, net::SocketAddr};

use serde_json::Value;
use vigie::ops::client::ClientError;

use crate::{
    dice::Dice,
    site::{Person, Reply, Site, text},
};

/// What there is to read, and who reads it: one person after the other.
#[derive(Clone, Default)]
pub(super) struct Reading(Vec<((&'static str, &'static str), String)>);

impl Reading {
    pub(super) fn add(&mut self, who: (&'static str, &'static str), paths: Vec<String>) {
        self.0.extend(paths.into_iter().map(|path| (who, path)));
    }

    /// All of it.
    pub(super) fn all(&self) -> Vec<usize> {
        (0..self.0.len()).collect()
    }

    /// Some of it: `count`, or all that there is.
    pub(super) fn some(&self, count: usize, dice: &mut Dice) -> Vec<usize> {
        let mut chosen: BTreeSet<usize> = BTreeSet::new();
        while chosen.len() < count.min(self.0.len()) {
            chosen.insert(dice.below(self.0.len()));
        }
        chosen.into_iter().collect()
    }

    /// Reads those.
    pub(super) async fn read(
        &self,
        site: &Site,
        address: SocketAddr,
        those: &[usize],
    ) -> Result<Vec<Said>, ClientError> {
        let mut said = Vec::with_capacity(those.len());
        for of_one in those.chunk_by(|left, right| self.0[*left].0 == self.0[*right].0) {
            let mut person = site.connect(address, self.0[of_one[0]].0).await?;
            let paths: Vec<String> = of_one.iter().map(|place| self.0[*place].1.clone()).collect();
            for (path, reply) in paths.iter().zip(person.read(&paths).await?) {
                said.push(Said { path: path.clone(), status: reply.status, what: normal(&reply) });
            }
        }
        Ok(said)
    }
}

/// An answer without what differs each time.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Said {
    pub(super) path: String,
    pub(super) status: u16,
    pub(super) what: Value,
}

/// The body; of a refusal its code alone, which does not name the request.
fn normal(reply: &Reply) -> Value {
    match serde_json::from_slice::<Value>(&reply.bytes) {
        Ok(value) if !reply.done() => value["code"].clone(),
        Ok(mut value) => {
            if let Some(next) = value.get_mut("next") {
                *next = Value::Null;
            }
            value
        }
        Err(_tile) => Value::String(data_encoding::HEXLOWER.encode(&reply.bytes)),
    }
}

/// All objects that the server ever showed.
#[derive(Clone, Default)]
pub(super) struct Truth(BTreeSet<String>);

impl Truth {
    pub(super) fn learn(&mut self, reply: &Reply) {
        self.keep(&normal(reply));
    }

    fn keep(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.keep(item)),
            Value::Object(fields) => {
                self.0.insert(bare(value));
                fields.values().for_each(|field| self.keep(field));
            }
            Value::String(_) => {
                self.0.insert(value.to_string());
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Whether all that is said was said before, if perhaps of an earlier day or with something left out.
    pub(super) fn knows(&self, value: &Value) -> bool {
        match value {
            Value::Array(items) => items.iter().all(|item| self.knows(item)),
            Value::Object(fields) => self.0.contains(&bare(value)) && fields.values().all(|field| self.knows(field)),
            Value::String(_) => self.0.contains(&value.to_string()),
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
        }
    }
}

/// An object without what is inside its own objects and lists of objects.
fn bare(value: &Value) -> String {
    let mut value = value.clone();
    for field in value.as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
        let objects = field.as_array().is_some_and(|items| items.iter().all(Value::is_object));
        if field.is_object() || objects {
            *field = Value::Null;
        }
    }
    value.to_string()
}

/// Everything that a person can find by going from list to list.
pub(super) async fn crawl(person: &mut Person, truth: &mut Truth) -> Vec<String> {
    let mut paths: Vec<String> =
        ["/me", "/people", "/spaces", "/feed?limit=200", "/conversations?limit=200"].map(String::from).into();
    let spaces = ids(person, truth, "/spaces").await;
    for space in &spaces {
        paths.push(format!("/spaces/{space}"));
        paths.push(format!("/spaces/{space}/members"));
        let of_space = format!("/conversations?space={space}&limit=200");
        let mut conversations = ids(person, truth, &of_space).await;
        paths.push(of_space);
        let list = format!("/notes?space={space}&limit=200");
        let notes = ids(person, truth, &list).await;
        paths.push(list);
        for (place, note) in notes.iter().enumerate() {
            paths.push(format!("/notes/{note}"));
            let revisions = format!("/notes/{note}/revisions");
            for item in person.get(&revisions).await.expect("an answer").good().items() {
                paths.push(format!("{revisions}/{}", item["version"]));
            }
            paths.push(revisions);
            for way in ["in", "out"] {
                let links = format!("/notes/{note}/links?way={way}");
                let items = person.get(&links).await.expect("an answer").good().items();
                paths.extend(items.iter().filter_map(|item| Some(format!("/links/{}", item["id"].as_str()?))));
                if !items.is_empty() || place % 6 == 0 {
                    paths.push(links);
                }
            }
            let of_note = format!("/conversations?note={note}");
            let found = ids(person, truth, &of_note).await;
            if !found.is_empty() {
                paths.push(of_note);
                conversations.extend(found);
            }
        }
        for conversation in conversations {
            paths.push(format!("/conversations/{conversation}"));
            paths.push(format!("/conversations/{conversation}/messages?limit=200"));
        }
    }
    paths.sort();
    paths.dedup();
    for reply in person.read(&paths).await.expect("answers") {
        truth.learn(&reply.good());
    }
    paths
}

async fn ids(person: &mut Person, truth: &mut Truth, path: &str) -> Vec<String> {
    let reply = person.get(path).await.expect("an answer").good();
    truth.learn(&reply);
    reply.items().iter().map(|item| text(item, "id")).collect()
}
