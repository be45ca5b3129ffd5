//! Imports run one way (DESIGN §2): a module of `src/` may name only what stands to its left, and some
//! things have one owner. The checker is tried on planted violations first.
#![expect(clippy::expect_used, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

mod source;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use source::Word;

/// The modules, in their order: one may import from any earlier line, and from none of its own.
const ORDER: [&[&str]; 14] = [
    &["exam"],
    &["ids", "clock", "limits", "words", "label"],
    &["crypto", "text"],
    &["audit", "config"],
    &["store"],
    &["identity"],
    &["monitor"],
    &["vault"],
    &["linking", "messaging", "sharing", "finding"],
    &["api", "web"],
    &["edge"],
    &["ops"],
    &["main"],
    &["lib"],
];

/// What may be imported within a line, and why.
const NEIGHBOURS: [(&str, &str, &str); 9] = [
    ("finding", "linking", "the comments of links are found"),
    ("finding", "messaging", "messages are found"),
    ("finding", "sharing", "notes are found"),
    ("label", "clock", "a label may bear the date of its making"),
    ("label", "limits", "bounds of policy files and labels"),
    ("label", "words", "what people read when a label is refused"),
    ("linking", "sharing", "links tie notes"),
    ("web", "api", "a page is asked for as a call is, and refused for the same reasons"),
    ("messaging", "sharing", "conversations are held in spaces and about notes"),
];

/// What the pages and the JSON shapes must not see, though it stands to their left. They are handed the vault to pass it
/// on, and name what comes out of it; sealed records, drafts, keys and rows are none of their business.
const HIDDEN: [(&str, &str); 4] = [("api", "store"), ("api", "crypto"), ("web", "store"), ("web", "crypto")];

/// Words that have owners: files or folders of `src/`, and why.
const OWNED: [(&str, &[&str], &str); 9] = [
    (
        "tantivy",
        &["finding/", "ops/bench/plain.rs"],
        "one room for the search engine, and one for what it is measured against",
    ),
    ("ring", &["crypto/", "edge/", "ops/client", "ops/pki"], "one room for cryptography; TLS and certificates aside"),
    ("rocksdb", &["store/"], "another engine must be able to take its place"),
    ("unsafe", &["crypto/arena.rs"], "locked memory"),
    (
        "SystemTime",
        &["clock.rs", "ops/pki"],
        "one clock; certificates want their dates in this type, made from our own",
    ),
    ("mint", &["monitor/"], "nobody else decides"),
    (
        "Batch",
        &["store/", "monitor/", "vault/", "ops/deployment/standing"],
        "no write past the monitor and the vault; which configuration is in force is kept with its entry",
    ),
    ("Receipt", &["store/", "monitor/"], "what a permit is minted against"),
    ("Envelope", &["vault/", "sharing/", "linking/", "messaging/", "finding/"], "sealed records stay below the edge"),
];

/// The module of a file: its path in `src/` without the ending.
fn place(path: &Path) -> Vec<String> {
    let mut names: Vec<String> = path
        .with_extension("")
        .components()
        .skip(1)
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if names.last().is_some_and(|last| last == "mod") {
        names.pop();
    }
    names
}

/// Every name of a top module that a file says, with its line: `crate::x`, `crate::{x, y::z}`, `super::…` up to the root.
fn imports(place: &[String], words: &[Word]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut inner: Vec<usize> = Vec::new();
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", |word| word.text.as_str());
        match word.text.as_str() {
            "{" => {
                depth += 1;
                let module = at.checked_sub(2).and_then(|at| words.get(at)).is_some_and(|word| word.text == "mod");
                if module {
                    inner.push(depth);
                }
            }
            "}" => {
                if inner.last() == Some(&depth) {
                    inner.pop();
                }
                depth = depth.saturating_sub(1);
            }
            "crate" => roots(words.get(at + 1..).unwrap_or_default(), &mut found),
            "super" if before != "::" => {
                let climbs = words.get(at..).unwrap_or_default().chunks(2);
                let climbs =
                    climbs.take_while(|pair| pair.iter().map(|word| word.text.as_str()).eq(["super", "::"])).count();
                if climbs == place.len() + inner.len() {
                    roots(words.get(at + 2 * climbs - 1..).unwrap_or_default(), &mut found);
                }
            }
            _ => {}
        }
    }
    found
}

/// The first names after `crate` or after the last `super`, given from the `::` on.
fn roots(words: &[Word], found: &mut Vec<(String, usize)>) {
    let [colons, rest @ ..] = words else { return };
    let ([first, ..], "::") = (rest, colons.text.as_str()) else { return };
    if first.text != "{" {
        found.push((first.text.clone(), first.line));
        return;
    }
    let (mut depth, mut fresh) = (0_usize, false);
    for word in rest {
        match word.text.as_str() {
            "{" => {
                depth += 1;
                fresh = depth == 1;
            }
            "}" if depth == 1 => return,
            "}" => depth -= 1,
            "," if depth == 1 => fresh = true,
            _ if fresh => {
                found.push((word.text.clone(), word.line));
                fresh = false;
            }
            _ => {}
        }
    }
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|line| line.contains(&module))
}

/// What is wrong with one file; `used` collects the listed exceptions that it needs.
fn faults(path: &Path, text: &str, used: &mut BTreeSet<(&'static str, &'static str)>) -> Vec<String> {
    let (place, words) = (place(path), source::words(text));
    let module = place.first().expect("a file of src/").as_str();
    let shown = path.display();
    let Some(own) = rank(module) else { return vec![format!("{shown}: {module} has no place in the order")] };
    let mut faults = Vec::new();
    for (named, line) in imports(&place, &words) {
        // A macro or item of the crate's root is nobody's layer.
        let Some(other) = rank(&named) else { continue };
        let neighbour = NEIGHBOURS.iter().find(|(from, to, _)| (*from, *to) == (module, named.as_str()));
        if HIDDEN.contains(&(module, named.as_str())) {
            faults.push(format!("{shown}:{line}: {module} must not see {named}"));
        } else if let Some((from, to, _)) = neighbour {
            used.insert((from, to));
        } else if named != module && other >= own {
            faults.push(format!("{shown}:{line}: {module} names {named}, which is not to its left"));
        }
    }
    let inside = path.strip_prefix("src").expect("a file of src/").to_string_lossy();
    for word in &words {
        let owners = OWNED.iter().find(|(owned, ..)| *owned == word.text).map(|(_, owners, _)| *owners);
        if owners.is_some_and(|owners| !owners.iter().any(|owner| inside.starts_with(owner))) {
            faults.push(format!("{shown}:{}: names {}, which is not its own", word.line, word.text));
        }
    }
    faults
}

#[test]
fn every_module_imports_only_from_its_left() {
    let mut used = BTreeSet::new();
    let faults: Vec<String> = source::files("src", &[".rs"])
        .iter()
        .filter(|path| !path.ends_with("lib.rs"))
        .flat_map(|path| faults(path, &source::read(path), &mut used))
        .collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    let stale: Vec<_> = NEIGHBOURS.iter().filter(|(from, to, _)| !used.contains(&(*from, *to))).collect();
    assert!(stale.is_empty(), "listed, but no longer needed: {stale:?}");
}

#[test]
fn a_planted_violation_is_caught() {
    let planted = BTreeMap::from([
        ("src/label/a.rs", "use crate::vault::Vault;"),
        ("src/label/b.rs", "fn f() { crate::store::x() }"),
        ("src/label/c.rs", "use crate::{limits, store::{Key, Row}};"),
        ("src/audit/d.rs", "use super::super::vault::Vault;"),
        ("src/audit/mod.rs", "use super::vault::Vault;"),
        ("src/audit/e.rs", "mod tests { use super::super::super::edge; }"),
        ("src/sharing/f.rs", "use crate::messaging::Message;"),
        ("src/api/g.rs", "use crate::crypto::hmac;"),
        ("src/api/p.rs", "fn f(envelope: Envelope) {}"),
        ("src/vault/h.rs", "use ring::aead;"),
        ("src/vault/i.rs", "type Db = rocksdb::DB;"),
        ("src/vault/j.rs", "fn f() { unsafe { g() } }"),
        ("src/edge/k.rs", "let now = std::time::SystemTime::now();"),
        ("src/vault/l.rs", "let permit = Permit::<Read>::mint(receipt, granted);"),
        ("src/sharing/m.rs", "let batch = Batch::new(entry);"),
        ("src/unheard/n.rs", ""),
        ("src/vault/o.rs", "pub(in crate::edge) fn f() {}"),
    ]);
    for (path, text) in planted {
        let faults = faults(Path::new(path), text, &mut BTreeSet::new());
        assert_eq!(faults.len(), 1, "{path}: {text}: {faults:?}");
    }
}

#[test]
fn what_is_allowed_or_only_said_is_let_through() {
    let allowed = BTreeMap::from([
        ("src/vault/a.rs", "use crate::{crypto::{Secret, expand}, store::Engine}; // not crate::edge"),
        ("src/vault/b.rs", "/* crate::edge /* crate::ops */ */ const S: &str = \"crate::edge \\\" crate::ops\";"),
        ("src/vault/c.rs", "const R: &str = r#\"crate::edge \" ring\"#; const C: char = '\"'; fn f<'a>(x: &'a str) {}"),
        ("src/vault/mod.rs", "mod tests { use super::*; } use crate::vault::keys; pub(crate) fn f() {}"),
        ("src/linking/d.rs", "use crate::sharing::Note;"),
        ("src/audit/e.rs", "use super::note; mod tests { use super::super::note; }"),
    ]);
    for (path, text) in allowed {
        let faults = faults(Path::new(path), text, &mut BTreeSet::new());
        assert!(faults.is_empty(), "{path}: {text}: {faults:?}");
    }
}
