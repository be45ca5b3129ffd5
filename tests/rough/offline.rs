//! What a stopped deployment says of itself: its journal read from the first entry to the last, its rows beside it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use vigie::{
    audit::{
        Rows as _,
        entry::{Act, Verdict},
    },
    clock::Clock,
    crypto::{Digest, Entropy, sha256},
    ids::Id,
    ops::{
        deployment::{Unseal, inspect::inspect},
        store_tools::{Report, verify},
    },
    store::{
        Direction, Engine, Family, Key, KeyRange,
        journal::{StoreRows, head, open_leaf},
    },
};

use crate::ledger::Ledger;

/// The acts of these tests that write records.
const WRITES: [Act; 7] = [
    Act::SpaceCreate,
    Act::ConversationCreate,
    Act::NoteCreate,
    Act::NoteChange,
    Act::NoteDelete,
    Act::MessageCreate,
    Act::MessageChange,
];

/// What the journal and the rows say.
pub(crate) struct Examined {
    /// The program's own verification.
    pub(crate) report: Report,
    /// Allowed writes: object and version, and the digest of the stored bytes.
    writes: BTreeMap<(Id, u64), Digest>,
    /// How often each act was allowed.
    acts: BTreeMap<Act, u64>,
    /// Version and digest of each present record.
    records: BTreeMap<Id, (u64, Digest)>,
}

/// Reads everything: leaves, tiles, root, signed checkpoint (`verify`), then entries and records once more, apart
/// from that code.
pub(crate) fn examine(dir: &Path) -> Examined {
    let inspection = inspect(dir, &Unseal::default(), Clock::System, Entropy::default()).expect("a whole deployment");
    let report = verify(&inspection, None, &mut |_stage, _done| {}).expect("a readable store");
    assert!(report.is_whole() && report.sealed == 0, "{report:?}");
    let engine = &**inspection.ground.engine();
    let (length, _root) = head(engine).expect("a head").expect("a journal");
    assert_eq!(length, report.entries);
    let deployment = inspection.in_force.config.deployment().to_string();
    let (mut writes, mut acts) = (BTreeMap::new(), BTreeMap::<Act, u64>::new());
    let mut at = 0;
    while at < length {
        let count = u16::try_from((length - at).min(256)).expect("few");
        for leaf in StoreRows(engine).entries(at, count).expect("entries") {
            let (number, entry) = open_leaf(inspection.ground.keyring(), &deployment, &leaf).expect("an entry");
            assert_eq!(number, at, "in its place");
            at += 1;
            if entry.verdict == Verdict::Allow {
                *acts.entry(entry.act).or_default() += 1;
                if !WRITES.contains(&entry.act) {
                    continue;
                }
                for object in entry.objects {
                    if let Some(digest) = object.digest {
                        writes.insert((object.id, object.version), digest);
                    }
                }
            }
        }
    }
    Examined { report, writes, acts, records: records(engine) }
}

fn records(engine: &dyn Engine) -> BTreeMap<Id, (u64, Digest)> {
    let mut found = BTreeMap::new();
    let mut range = KeyRange::all();
    loop {
        let snapshot = engine.snapshot().expect("a snapshot");
        let page = snapshot.scan(Family::Records, &range, Direction::Forward, 1000).expect("a page");
        for (key, row) in &page {
            if let Ok(id) = <[u8; 16]>::try_from(key.bytes()) {
                found.insert(Id::from_bytes(id), (row.version, sha256(&[&row.value])));
            }
        }
        let Some((last, _)) = page.last() else { return found };
        range = KeyRange::all().after(&Key::new(last.bytes()).expect("a key"));
    }
}

impl Examined {
    /// Compares with what clients were told. `settled`: nothing is unanswered any more, so the records are exactly
    /// what the clients know.
    pub(crate) fn compare(&self, ledgers: &[Ledger], settled: bool) {
        let mut known = BTreeSet::new();
        for ledger in ledgers {
            for (id, version) in &ledger.acknowledged {
                let id: Id = id.parse().expect("an identifier");
                assert!(
                    self.writes.contains_key(&(id, *version)),
                    "{id} {version} was acknowledged, and is unjournalled"
                );
            }
            for (id, object) in ledger.present() {
                let going = ledger.is_going(id);
                let id: Id = id.parse().expect("an identifier");
                known.insert(id);
                let Some((version, digest)) = self.records.get(&id).copied() else {
                    assert!(going && !settled, "{id} is lost");
                    continue;
                };
                assert_eq!(
                    self.writes.get(&(id, version)),
                    Some(&digest),
                    "{id} {version}: not the bytes in the journal"
                );
                assert!(version >= object.version(), "{id}: an older version came back");
                assert!(!settled || version == object.version(), "{id}: a version that nobody wrote");
            }
            known.extend(ledger.homes().map(|home| home.parse::<Id>().expect("an identifier")));
        }
        if settled {
            let there: BTreeSet<Id> = self.records.keys().copied().collect();
            assert_eq!(there, known, "no record but those that clients know");
            let journalled: BTreeSet<Id> = self.writes.keys().map(|(id, _)| *id).collect();
            assert!(known.is_subset(&journalled), "no record without an entry");
        }
    }

    /// How often an act was allowed.
    pub(crate) fn count(&self, act: Act) -> u64 {
        self.acts.get(&act).copied().unwrap_or_default()
    }
}
