#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

//! A deployment is made whole or not at all, and starts on exactly the files that it left, or names the one that
//! is to blame.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use vigie::{
    clock::Clock,
    config::{Kind, SignedFile},
    crypto::Entropy,
    ops::{
        demo::{
            Site,
            found::{Founding, found},
        },
        deployment::{OpenError, Places, Running, Unseal, open},
        init::{InitError, Plan, default_cost, init},
    },
    words::Language,
};
use zeroize::Zeroizing;

/// A folder that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let id = Entropy::default().id().expect("random bytes");
        let path = std::env::temp_dir().join(format!("vigie-deployment-{id}"));
        fs::create_dir(&path).expect("a folder");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

async fn founded(scratch: &Scratch) -> (Site, Founding) {
    let site = Site::at(scratch.0.join("demo"));
    let founding = found(&site, &Clock::System, &Entropy::default()).await.expect("a demonstration");
    (site, founding)
}

async fn opened(dir: &Path) -> Result<Running, OpenError> {
    open(dir, &Unseal::default(), Clock::System, Entropy::default()).await
}

async fn refused(dir: &Path) -> OpenError {
    match opened(dir).await {
        Ok(_running) => panic!("it starts"),
        Err(error) => error,
    }
}

fn length(running: &Running) -> u64 {
    running.vault.monitor().journal().length()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Changes one byte in the middle of a file.
fn flip(path: &Path) {
    let mut bytes = fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    let byte = bytes.get_mut(middle).expect("not empty");
    *byte = if byte.is_ascii_alphanumeric() { if *byte == b'7' { b'8' } else { b'7' } } else { *byte ^ 1 };
    fs::write(path, bytes).expect("written");
}

fn cut(path: &Path, keep: u64) {
    let file = fs::OpenOptions::new().write(true).open(path).expect("a file");
    file.set_len(keep).expect("cut");
}

/// The one file in a folder whose name ends so, the largest if there are several.
fn file_of(folder: &Path, ending: &str) -> PathBuf {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .max_by_key(|path| path.metadata().expect("a file").len())
        .expect(ending)
}

#[tokio::test]
async fn a_deployment_starts_where_it_stopped() {
    let scratch = Scratch::new();
    let (site, founding) = founded(&scratch).await;
    let first = opened(&site.deployment()).await.expect("it starts");
    // Its beginning is the configuration; then this start.
    assert_eq!(length(&first), 2);
    assert_eq!(first.in_force.config.deployment(), founding.inception.deployment);
    assert_eq!(first.vault.monitor().journal().verifier().to_string(), founding.inception.journal_key);
    first.stop().await;
    let second = opened(&site.deployment()).await.expect("it starts again");
    assert_eq!(length(&second), 4, "the stop and the second start");
    // Without an end in order too: what a crash leaves.
    drop(second);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let third = opened(&site.deployment()).await.expect("it starts after a crash");
    assert_eq!(length(&third), 5);
    third.stop().await;
}

#[tokio::test]
async fn one_process_holds_a_deployment() {
    let scratch = Scratch::new();
    let (site, _founding) = founded(&scratch).await;
    let first = opened(&site.deployment()).await.expect("it starts");
    assert!(matches!(refused(&site.deployment()).await, OpenError::InUse { .. }));
    first.stop().await;
    opened(&site.deployment()).await.expect("it starts").stop().await;
    let nowhere = scratch.0.join("nowhere");
    assert_eq!(refused(&nowhere).await.code(), "not-a-deployment");
    assert!(!nowhere.exists(), "a mistyped path makes nothing");
}

fn plan(founding: &Founding, site: &Site) -> Plan {
    let read = |path: PathBuf| fs::read(path).expect("a file");
    let signed = |kind: Kind| SignedFile {
        bytes: read(site.root().join("signed").join(kind.file_name())),
        signatures: [1, 2]
            .map(|number| read(site.root().join(format!("signed/{}.sig.{number}", kind.file_name()))))
            .to_vec(),
    };
    let server =
        founding.authority.issue_server(&["localhost".to_owned()], &[], 30).expect("a certificate for the server");
    Plan {
        root: signed(Kind::Root),
        config: signed(Kind::Config),
        policies: Vec::new(),
        server_certificate: server.certificate.into_bytes(),
        server_key: Zeroizing::new(server.key.expect("a key").as_bytes().to_vec()),
        credential: None,
        passphrase: None,
    }
}

async fn begun(dir: &Path, plan: Plan) -> Result<(), InitError> {
    init(dir, plan, Clock::System, Entropy::default()).await.map(drop)
}

#[tokio::test]
async fn init_overwrites_nothing_and_leaves_nothing_half_done() {
    let scratch = Scratch::new();
    let (site, founding) = founded(&scratch).await;
    let dir = scratch.0.join("new");
    let inside = || fs::read_dir(&scratch.0).expect("a folder").count();
    let before = inside();

    fs::create_dir(&dir).expect("a folder");
    fs::write(dir.join("notes.txt"), "mine").expect("a file");
    assert!(matches!(begun(&dir, plan(&founding, &site)).await, Err(InitError::Occupied { .. })));
    assert_eq!(fs::read(dir.join("notes.txt")).expect("still there"), b"mine");
    fs::remove_file(dir.join("notes.txt")).expect("removed");

    let mut unsigned = plan(&founding, &site);
    unsigned.config.signatures.truncate(1);
    assert_eq!(begun(&dir, unsigned).await.expect_err("one signature").code(), "too-few-people");
    let mut keyless = plan(&founding, &site);
    keyless.server_key = Zeroizing::new(b"no key".to_vec());
    assert_eq!(begun(&dir, keyless).await.expect_err("no key").code(), "gate");
    assert_eq!(inside(), before + 1, "nothing lies beside");
    assert_eq!(fs::read_dir(&dir).expect("a folder").count(), 0);

    begun(&dir, plan(&founding, &site)).await.expect("into an empty folder");
    for file in ["keys/machine.secret", "keys/slots.toml", "keys/keyring", "tls/server.key"] {
        let mode = fs::metadata(dir.join(file)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    opened(&dir).await.expect("it starts").stop().await;
}

#[tokio::test]
async fn a_passphrase_is_asked_for_where_one_was_set() {
    let scratch = Scratch::new();
    let (site, founding) = founded(&scratch).await;
    let dir = scratch.0.join("guarded");
    let words = || Zeroizing::new(b"six mots tires au sort chaque fois".to_vec());
    begun(&dir, Plan { passphrase: Some((words(), default_cost())), ..plan(&founding, &site) }).await.expect("made");
    assert!(matches!(refused(&dir).await, OpenError::PassphraseNeeded));
    let with = |words| Unseal { passphrase: Some(words), credential: None };
    let wrong = with(Zeroizing::new(b"d'autres mots".to_vec()));
    let error = open(&dir, &wrong, Clock::System, Entropy::default()).await.err().expect("other words");
    assert_eq!(error.code(), "wrong-secret");
    let running = open(&dir, &with(words()), Clock::System, Entropy::default()).await.expect("the words");
    running.stop().await;
}

/// What somebody does to the folder, and what must be said then.
type Damage = (&'static str, fn(&Places), &'static [&'static str]);

const DAMAGES: &[Damage] = &[
    ("slots altered", |at| flip(&at.slots()), &["slots-damaged", "wrong-secret"]),
    ("slots emptied", |at| cut(&at.slots(), 0), &["slots-damaged"]),
    ("slots gone", |at| fs::remove_file(at.slots()).expect("removed"), &["file-missing"]),
    ("keyring altered", |at| flip(&at.keyring()), &["keyring-damaged"]),
    ("keyring cut", |at| cut(&at.keyring(), 40), &["keyring-damaged"]),
    ("another machine's secret", |at| flip(&at.machine_secret()), &["wrong-secret"]),
    ("secret cut", |at| cut(&at.machine_secret(), 63), &["machine-secret-malformed"]),
    (
        "secret for all",
        |at| fs::set_permissions(at.machine_secret(), fs::Permissions::from_mode(0o644)).expect("changed"),
        &["machine-secret-exposed"],
    ),
    ("checkpoint altered", |at| flip(&at.checkpoint()), &["checkpoint-damaged"]),
    ("checkpoint gone", |at| fs::remove_file(at.checkpoint()).expect("removed"), &["checkpoint-damaged"]),
    ("config altered", |at| flip(&at.config().join("config.1.toml")), &["folder-file-damaged"]),
    (
        "config unsigned",
        |at| fs::remove_file(at.config().join("config.1.toml.sig.1")).expect("removed"),
        &["folder-file-damaged"],
    ),
    (
        "config gone",
        |at| fs::remove_file(at.config().join("config.1.toml")).expect("removed"),
        &["folder-file-missing"],
    ),
    ("root altered", |at| flip(&at.config().join("root.1.toml")), &["folder-file-damaged"]),
    ("store gone", |at| fs::remove_dir_all(at.store()).expect("removed"), &["store-missing"]),
    ("store's CURRENT cut", |at| cut(&at.store().join("CURRENT"), 3), &["store-damaged", "store-disk"]),
    (
        "store's manifest cut",
        |at| cut(&at.store().join(manifest(at)), 30),
        &["store-damaged", "store-foreign", "store-disk"],
    ),
    ("store's log cut", |at| cut(&file_of(&at.store(), ".log"), 64), &["journal-rollback", "store-damaged"]),
];

fn manifest(at: &Places) -> String {
    fs::read_to_string(at.store().join("CURRENT")).expect("CURRENT").trim().to_owned()
}

#[tokio::test]
async fn damage_is_refused_by_name_and_a_restored_file_is_enough() {
    let scratch = Scratch::new();
    let (site, _founding) = founded(&scratch).await;
    // A second start, so that there is something to lose.
    opened(&site.deployment()).await.expect("it starts").stop().await;
    for (number, (what, damage, codes)) in DAMAGES.iter().enumerate() {
        let dir = scratch.0.join(format!("damaged-{number}"));
        copy(&site.deployment(), &dir);
        let places = Places::at(&dir);
        damage(&places);
        let error = refused(&dir).await;
        assert!(codes.contains(&error.code()), "{what}: {error}");
        for language in Language::ALL {
            let text = error.sentence().render(language);
            assert!(text.len() > 20 && !text.contains("{ $"), "{what}: {text}");
        }
        fs::remove_dir_all(&dir).expect("removed");
    }
    opened(&site.deployment()).await.expect("the original still starts").stop().await;
}

#[tokio::test]
async fn an_older_store_in_the_place_of_the_present_one_is_a_rollback() {
    let scratch = Scratch::new();
    let (site, _founding) = founded(&scratch).await;
    let places = Places::at(site.deployment());
    let old = scratch.0.join("old-store");
    copy(&places.store(), &old);
    opened(places.root()).await.expect("it starts").stop().await;
    fs::remove_dir_all(places.store()).expect("removed");
    copy(&old, &places.store());
    assert_eq!(refused(places.root()).await.code(), "journal-rollback");
}

#[tokio::test]
async fn an_older_configuration_in_the_place_of_the_present_one_is_a_rollback() {
    let scratch = Scratch::new();
    let (site, founding) = founded(&scratch).await;
    let places = Places::at(site.deployment());
    let old = scratch.0.join("old-config");
    copy(&places.config(), &old);
    let running = opened(places.root()).await.expect("it starts");
    running.folder.submit(Kind::Config, &second(&founding), &[]).expect("submitted");
    let outcomes = running.folder.apply_inbox(&running.in_force, Clock::System.now()).expect("applied");
    assert_eq!(outcomes.len(), 1);
    outcomes.iter().for_each(|outcome| assert!(outcome.verdict.is_ok(), "{outcome:?}"));
    // The process dies here: kept, and not journalled yet. The next start makes that good.
    drop(running);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let running = opened(places.root()).await.expect("it starts");
    assert_eq!(running.in_force.config.epoch(), 2);
    assert_eq!(length(&running), 4, "beginning, start, the configuration accepted before the crash, start");
    running.stop().await;
    fs::remove_dir_all(places.config()).expect("removed");
    copy(&old, &places.config());
    assert_eq!(refused(places.root()).await.code(), "folder-rolled-back");
}

/// The next configuration, with one account suspended.
fn second(founding: &Founding) -> SignedFile {
    let mut config = founding.config.clone();
    config.header.epoch = 2;
    config.header.prev_sha256 = founding.config_digest().expect("a digest");
    config.accounts.first_mut().expect("an account").suspended = true;
    founding.signed(Kind::Config, &config.to_toml().expect("toml")).expect("signed")
}
