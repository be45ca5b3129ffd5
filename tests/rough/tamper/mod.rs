//! Somebody has the folder for an hour. Whatever he does, people get an error or the truth, and `store verify` tells
//! of what they were not told. Each harm ends in one class, and every class is counted in a table:
//!
//! | class | meaning |
//! |---|---|
//! | refused | the server does not start, and says which part of the folder is to blame |
//! | error | it starts; whoever reads what was harmed gets an error, and nothing else |
//! | verify | people read an older or a shorter truth, or the same; `store verify` says what is wrong |
//! | harmless | bytes that nobody reads: [`HARMLESS`] says which, and why |
//!
//! What is in none of them fails the test: a panic, words that nobody wrote, a loss that nobody tells of.

mod harm;
mod readers;
mod world;

use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{sync::oneshot, task::JoinSet, time::timeout};
use vigie::{
    audit::Checkpoint,
    clock::Clock,
    crypto::Entropy,
    ops::{
        deployment::{Unseal, inspect::inspect, open},
        report::Report,
        serve::Server,
        store_tools::verify,
    },
    words::{Language, Sentence},
};

use self::{
    harm::Harm,
    readers::Said,
    world::{World, copy},
};
use crate::dice::Dice;

const CASES: usize = 2000;
/// Requests after one harm. What they miss, `store verify` must tell of; all together read everything hundreds of times.
const READ_A_CASE: usize = 60;

/// Why nothing comes of a harm, and whether a harm is of that sort.
type Reason = (&'static str, fn(&Harm) -> bool);

/// What may happen without anybody noticing, and why.
const HARMLESS: &[Reason] = &[
    ("RocksDB's notes to people, of its settings and of its own name: never read back", |harm| {
        harm.is_about(&["store/LOG", "store/OPTIONS-", "store/IDENTITY"])
    }),
    (
        "what a table of RocksDB holds beside rows: filters, statistics, padding. Every row is there, as the journal says",
        |harm| matches!(harm, Harm::Flip { file, .. } if file.extension().is_some_and(|extension| extension == "sst")),
    ),
    ("an empty file whose lock alone counts: made anew", |harm| harm.is_about(&["store/LOCK", "lock"])),
    ("an index is made from the store, and made anew: `exam/finding/rebuilding`", |harm| harm.is_about(&["index/"])),
    ("the copy of a policy that is part of the program, which takes its own", |harm| {
        harm.is_about(&["config/policy."])
    }),
    ("the line end after the last word of a text", |harm| {
        harm.is_about(&["config/", "keys/machine.secret", "keys/slots.toml", "tls/"]) && harm.is_last_line_end()
    }),
    ("one of two signatures of a revocation: one is enough", |harm| {
        harm.is_about(&["config/revoke.1.1.toml.sig."]) && matches!(harm, Harm::Gone { .. })
    }),
    ("an older checkpoint of this very journal: it claims less, and the next start signs anew", |harm| {
        harm.is_about(&["audit/checkpoint"]) && matches!(harm, Harm::Older { .. })
    }),
];

/// One harm, and what is read after it.
struct Case {
    harm: Harm,
    those: Vec<usize>,
}

impl Case {
    fn of(harm: Harm, world: &World, dice: &mut Dice) -> Self {
        let everywhere = matches!(harm, Harm::OlderStore | Harm::OlderStoreAndCheckpoint | Harm::OlderConfig { .. });
        let those = if everywhere { world.reading.all() } else { world.reading.some(READ_A_CASE, dice) };
        Self { harm, those }
    }
}

/// How a harm ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Class {
    Refused,
    Error,
    Verify,
    Harmless,
}

struct Silent;

impl Report for Silent {
    fn language(&self) -> Language {
        Language::English
    }

    fn text(&self, _text: &str) {}

    fn progress(&self, _what: &Sentence, _done: u64, _total: u64) {}
}

/// What came of a start on a folder.
enum Start {
    /// It did not start; what it says.
    Refused(String),
    /// It answered nobody.
    Closed,
    /// What it answered.
    Read(Vec<Said>),
}

async fn start(world: &World, dir: &Path, those: &[usize]) -> Start {
    let running = match open(dir, &Unseal::default(), Clock::System, Entropy::default()).await {
        Ok(running) => running,
        Err(error) => return Start::Refused(error.sentence().render(Language::English)),
    };
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let server = match Server::bind(running, anywhere, std::sync::Arc::new(Silent)).await {
        Ok(server) => server,
        Err(error) => return Start::Refused(error.sentence().render(Language::English)),
    };
    let address = server.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let mut serving = JoinSet::new();
    serving.spawn(server.run(async move { drop(stopped.await) }));
    let said = world.reading.read(&world.site, address, those).await;
    drop(stop);
    serving.join_next().await.expect("a server").expect("no panic");
    said.map_or(Start::Closed, Start::Read)
}

/// Removes a folder whose store may still be closing on another thread, and writing its last lines.
fn remove(dir: &Path) {
    let end = Instant::now() + Duration::from_secs(20);
    while let Err(error) = fs::remove_dir_all(dir) {
        assert!(Instant::now() < end, "{}: {error}", dir.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What `store verify` says: nothing, or what is wrong.
fn verified(dir: &Path, kept: Option<&Checkpoint>) -> Option<String> {
    let inspection = match inspect(dir, &Unseal::default(), Clock::System, Entropy::default()) {
        Ok(inspection) => inspection,
        Err(error) => return Some(error.code().to_owned()),
    };
    match verify(&inspection, kept, &mut |_stage, _done| {}) {
        Ok(report) if report.is_whole() => None,
        Ok(report) => Some(report.faults.first().map_or("fault", |fault| fault.code()).to_owned()),
        Err(error) => Some(error.to_string()),
    }
}

/// Reads, compares, verifies. The error says what no class has room for.
async fn judge(world: &World, expected: &[Said], case: &Case, dir: &Path) -> Result<(Class, String), String> {
    let Case { harm, those } = case;
    harm.done(world, dir);
    let said = match timeout(Duration::from_secs(120), start(world, dir, those)).await.map_err(|_elapsed| "it hangs")? {
        Start::Refused(why) => {
            let file = match harm {
                Harm::Flip { file, .. } | Harm::Cut { file, .. } | Harm::Gone { file } | Harm::Older { file } => {
                    file.clone()
                }
                Harm::Rows { .. } | Harm::OlderStore | Harm::OlderStoreAndCheckpoint => "store".into(),
                Harm::OlderConfig { .. } => "config".into(),
            };
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            // A signature is named by what it signs.
            let name = name.split(".sig.").next().unwrap_or_default();
            let part = file.iter().next().map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
            let named = why.contains(name) || why.contains(&part) || why.contains("journal");
            return if named {
                Ok((Class::Refused, why))
            } else {
                Err(format!("refused, and nothing is named: {why}"))
            };
        }
        Start::Closed => return Ok((Class::Error, "whoever connects refuses the certificate".to_owned())),
        Start::Read(said) => said,
    };
    let (mut errors, mut differing) = (0, Vec::new());
    for (now, expected) in said.iter().zip(those.iter().map(|place| &expected[*place])) {
        if now.status >= 500 {
            errors += 1;
        } else if now != expected {
            let absent = !(200..300).contains(&now.status);
            if !absent && !world.truth.knows(&now.what) {
                return Err(format!("WRONG DATA in {}: {}", now.path, now.what));
            }
            differing.push(now.path.clone());
        }
    }
    if errors > 0 && differing.is_empty() {
        return Ok((Class::Error, format!("{errors} errors")));
    }
    // On the folder as the harm left it: a start puts some things right, and those must be told of too.
    remove(dir);
    harm.done(world, dir);
    let kept = matches!(harm, Harm::OlderStoreAndCheckpoint).then_some(&world.kept);
    match (errors, differing.is_empty(), verified(dir, kept)) {
        (_, _, Some(fault)) => Ok((Class::Verify, fault)),
        (0, true, None) => Ok((Class::Harmless, String::new())),
        (_, _, None) => Err(format!("SILENT: {errors} errors, and these differ: {differing:?}")),
    }
}

/// What all workers put together.
#[derive(Default)]
struct Table {
    classes: BTreeMap<(String, &'static str), BTreeMap<Class, usize>>,
    reasons: BTreeMap<(Class, String), usize>,
    failures: Vec<String>,
}

fn work(world: &World, expected: &[Said], cases: &[Case], next: &AtomicUsize, table: &Mutex<Table>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(case) = cases.get(number) else { return };
        let harm = &case.harm;
        let dir = world.site.root.join(format!("case-{number}"));
        let outcome = runtime.block_on(judge(world, expected, case, &dir));
        remove(&dir);
        let mut table = table.lock().expect("a table");
        let kind = harm.kind();
        match outcome {
            Ok((class, why)) => {
                let reason = HARMLESS.iter().find(|(_, is_of)| is_of(harm));
                if class == Class::Harmless && reason.is_none() {
                    println!("{harm}: nobody notices");
                    table.failures.push(format!("{harm}: nobody notices, and nobody said why that is harmless"));
                }
                let why = reason.filter(|_| class == Class::Harmless).map_or(why, |(reason, _)| (*reason).to_owned());
                let why = if matches!(class, Class::Refused | Class::Verify) {
                    why.split_whitespace().take(9).collect::<Vec<_>>().join(" ")
                } else {
                    why
                };
                *table.reasons.entry((class, format!("{}: {why}", kind.0))).or_default() += 1;
                *table.classes.entry(kind).or_default().entry(class).or_default() += 1;
            }
            Err(why) => {
                println!("{harm}: {why}");
                table.failures.push(format!("{harm}: {why}"));
            }
        }
    }
}

/// Panics of any thread, counted: a server must not even catch one.
fn panics() -> &'static AtomicUsize {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        usual(info);
    }));
    &PANICS
}

fn print(table: &Table, begun: Instant) {
    println!("{:<34} {:<9} {:>7} {:>7} {:>7} {:>8}", "what", "how", "refused", "error", "verify", "harmless");
    let mut sums = BTreeMap::<Class, usize>::new();
    for ((what, how), classes) in &table.classes {
        let of = |class| classes.get(&class).copied().unwrap_or_default();
        let [refused, error, verify, harmless] = [Class::Refused, Class::Error, Class::Verify, Class::Harmless].map(of);
        println!("{what:<34} {how:<9} {refused:>7} {error:>7} {verify:>7} {harmless:>8}");
        classes.iter().for_each(|(class, count)| *sums.entry(*class).or_default() += count);
    }
    println!("{sums:?} in {} s", begun.elapsed().as_secs());
    for ((class, why), count) in &table.reasons {
        println!("  {count:>5} {class:?}: {why}");
    }
}

#[test]
fn two_thousand_harms_are_refused_or_told_or_harmless() {
    let begun = Instant::now();
    let mut dice = Dice::thrown("tamper");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let world = runtime.block_on(World::made(&mut dice));
    let bytes: usize = harm::files(&world.newest.join("store")).values().map(Vec::len).sum();
    println!(
        "tamper: a store of {bytes} bytes, read with {} requests, made in {} s",
        world.reading.all().len(),
        begun.elapsed().as_secs()
    );
    assert!((3_000_000..8_000_000).contains(&bytes), "a store of {bytes} bytes");
    let pristine = world.site.root.join("pristine");
    copy(&world.newest, &pristine);
    let Start::Read(expected) = runtime.block_on(start(&world, &pristine, &world.reading.all())) else {
        panic!("the folder as it is opens")
    };
    assert!(expected.iter().all(|said| said.status == 200 && world.truth.knows(&said.what)));
    let pristine = world.site.root.join("untouched");
    copy(&world.newest, &pristine);
    assert_eq!(verified(&pristine, Some(&world.kept)), None);

    let harms = harm::plan(&world.newest, &world.older, &world.site.root.join("rows"), CASES, &mut dice);
    let cases: Vec<Case> = harms.into_iter().map(|harm| Case::of(harm, &world, &mut dice)).collect();
    assert!(cases.len() >= CASES, "{} harms", cases.len());
    let (panics, next, table) = (panics(), AtomicUsize::new(0), Mutex::new(Table::default()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| work(&world, &expected, &cases, &next, &table));
        }
    });
    let table = table.into_inner().expect("a table");
    print(&table, begun);
    let old_notes = &table.classes[&("row: record".to_owned(), "replay")];
    assert!(old_notes.contains_key(&Class::Error), "who reads a note of an earlier day is told: {old_notes:?}");
    assert_eq!(panics.load(Ordering::Relaxed), 0, "nothing panicked");
    assert!(table.failures.is_empty(), "{} of {}:\n{}", table.failures.len(), cases.len(), table.failures.join("\n"));
}
