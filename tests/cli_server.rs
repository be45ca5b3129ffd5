//! The command line against a real deployment: made by `vigie demo`, examined while it is stopped, used while it runs.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use vigie::{
    ids::Id,
    store::{Engine as _, Family, Key, Rocks, Row, Writes},
};

/// One run of the program.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    /// The one JSON document of the result.
    fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// One JSON document a line.
    fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

/// A demonstration in a folder of its own.
struct Demonstration {
    folder: PathBuf,
}

impl Demonstration {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli-server");
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("an old folder goes");
        }
        fs::create_dir_all(&folder).expect("a folder");
        let made = Self { folder };
        let demo = made.vigie(&["demo", "--dir", "demo", "--port", "0", "--once"]);
        assert_eq!(demo.code, 0, "{}{}", demo.out, demo.err);
        made
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(arguments).current_dir(&self.folder).env_clear().env("LANG", "en").stdin(Stdio::null());
        command
    }

    fn vigie(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Run { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Serves the deployment on a free port.
    fn serve(&self) -> Served<'_> {
        let mut command = self.command(&["serve", "--dir", "demo/site", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the server starts");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        out.read_line(&mut line).expect("a line");
        let Some(rest) = line.split("https://127.0.0.1:").nth(1) else {
            let mut err = String::new();
            child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
            panic!("no address in {line:?}: {err}");
        };
        let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
        // What the server says later is nobody's business, but must be read: a full pipe would stop it.
        let mut err = child.stderr.take().expect("a pipe");
        std::thread::spawn(move || std::io::copy(&mut err, &mut std::io::sink()));
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        Served { of: self, child, address: format!("https://localhost:{port}") }
    }
}

/// A running server.
struct Served<'a> {
    of: &'a Demonstration,
    child: Child,
    address: String,
}

impl Served<'_> {
    /// Runs a command as one of the people.
    fn as_one(&self, name: &str, arguments: &[&str]) -> Run {
        let (cert, key) = (format!("demo/people/{name}.pem"), format!("demo/people/{name}.key"));
        let with = ["--server", &self.address, "--ca", "demo/ca/ca.pem", "--cert", &cert, "--key", &key];
        self.of.vigie(&[arguments, with.as_slice()].concat())
    }

    fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        assert!(self.child.wait().expect("the server ends").success());
    }
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_deployment_is_examined_stopped_and_used_running() {
    let demonstration = Demonstration::new();
    stopped(&demonstration);
    let served = demonstration.serve();
    assert_eq!(demonstration.vigie(&["store", "verify", "--dir", "demo/site"]).code, 7, "the server holds the folder");
    people(&served);
    let note = knowledge(&served);
    folders(&served);
    officer(&served, &note);
    served.stop();
    let report = demonstration.vigie(&["store", "verify", "--dir", "demo/site", "--json"]).json();
    assert_eq!((&report["whole"], &report["faulty"]), (&true.into(), &0.into()), "{report}");
    replayed(&demonstration, &note);
    tampered(&demonstration);
}

/// Everything that an inspector does with the folder of a stopped deployment.
fn stopped(demonstration: &Demonstration) {
    let verified = demonstration.vigie(&["store", "verify", "--dir", "demo/site", "--json"]).json();
    assert_eq!((&verified["whole"], &verified["faults"]), (&true.into(), &Value::Array(Vec::new())), "{verified}");
    assert!(verified["records"].as_u64() > Some(60) && verified["bodies"].as_u64() > Some(100), "{verified}");

    let status = demonstration.vigie(&["status", "--dir", "demo/site", "--json"]).json();
    assert_eq!((&status["in_force"], &status["accounts"]), (&true.into(), &4.into()), "{status}");
    let slots = demonstration.vigie(&["key", "list", "--dir", "demo/site", "--json"]).json();
    assert_eq!(slots["kind"], "machine");

    let export = ["journal", "export", "--dir", "demo/site", "--to", "copy", "--json"];
    let exported = demonstration.vigie(&export).json();
    assert_eq!(exported["entries"], status["journal_entries"]);
    assert_eq!(demonstration.vigie(&export).json(), exported, "a second copy completes the first");
    let proved =
        demonstration.vigie(&["journal", "prove", "7", "--dir", "demo/site", "--to", "proof", "--json"]).json();
    assert_eq!(proved["number"], 7);
    assert!(demonstration.folder.join("proof/7.tlog-proof").is_file());
    let beyond = demonstration.vigie(&["journal", "prove", "99999999", "--dir", "demo/site", "--to", "proof"]);
    assert_eq!(beyond.code, 4, "{}", beyond.err);
}

fn people(served: &Served<'_>) {
    let me = served.as_one("analyste-s", &["status", "--working", "S/ALPHA", "--json"]).json();
    assert_eq!((&me["account"]["name"], &me["working"]["level"]), (&"analyste-s".into(), &"S".into()), "{me}");
    let beyond = served.as_one("analyste-dr", &["status", "--working", "S"]);
    assert_eq!(beyond.code, 2, "above one's clearance there are no words: {}", beyond.err);
    let stranger = served.of.vigie(&[
        "status",
        "--server",
        &served.address,
        "--ca",
        "demo/ca/ca.pem",
        "--cert",
        "demo/people/officier.pem",
        "--key",
        "demo/people/analyste-s.key",
    ]);
    assert_eq!(stranger.code, 2, "a key that is not the certificate's: {}", stranger.err);
}

/// Imports a folder twice and a broken bundle; answers the identifier of something that was created.
fn knowledge(served: &Served<'_>) -> String {
    let notes = served.of.folder.join("notes");
    fs::create_dir_all(&notes).expect("a folder");
    fs::write(notes.join("one.md"), "# One\n\nSee [[Two]] and [three](three.md).\n").expect("a file");
    fs::write(notes.join("two.md"), "---\ntags: [radar]\n---\n# Two\n\nBack to [[One]].\n").expect("a file");
    fs::write(notes.join("three.md"), "# Three\n\nAlone.\n").expect("a file");
    let space = space(served);
    let arguments = ["import", "markdown", "notes", "--space", &space, "--working", "DR", "--json"];
    let summary = |run: &Run| run.lines().pop().expect("a summary")["summary"].clone();
    let first = served.as_one("analyste-dr", &arguments);
    assert_eq!(first.code, 0, "{}{}", first.out, first.err);
    let first = summary(&first);
    assert_eq!((&first["sent"], &first["created"], &first["refused"]), (&6.into(), &6.into(), &0.into()), "{first}");
    let again = summary(&served.as_one("analyste-dr", &arguments));
    assert_eq!((&again["unchanged"], &again["created"]), (&6.into(), &0.into()), "twice imported is once: {again}");

    let note = newest_note(served);
    let stix =
        |name: &str| format!(r#"{{"type":"x-watch","spec_version":"2.1","id":"x-watch--{name}","name":"{name}"}}"#);
    let relation = r#"{"type":"relationship","id":"relationship--1","relationship_type":"uses","source_ref":"x-watch--a","target_ref":"x-watch--a"}"#;
    let bundle = format!(r#"{{"type":"bundle","objects":[{},{relation},{}, 7"#, stix("a"), stix("b"));
    fs::write(served.of.folder.join("broken.json"), bundle).expect("a file");
    let broken = served
        .as_one("analyste-dr", &["import", "stix", "broken.json", "--space", &space, "--working", "DR", "--json"]);
    assert_eq!(broken.code, 3, "{}{}", broken.out, broken.err);
    let told = summary(&broken);
    assert_eq!(told["created"], 2, "what is whole is imported: {}", broken.out);
    let codes: Vec<Value> =
        broken.lines().iter().filter_map(|line| line.get("refused")?.get("code").cloned()).collect();
    assert!(codes.contains(&"self-relation".into()), "{codes:?}");
    let absent =
        served.as_one("analyste-etr", &["import", "stix", "broken.json", "--space", &space, "--working", "S/FRA,BEL"]);
    assert_eq!(absent.code, 4, "to the foreign analyst the space does not exist: {}", absent.err);

    note
}

/// A vault whose folders become spaces, made by the first import and found by the second.
fn folders(served: &Served<'_>) {
    let vault = served.of.folder.join("vault");
    fs::create_dir_all(vault.join("plans/2026")).expect("folders");
    fs::create_dir_all(vault.join("veille")).expect("folders");
    let write = |path: &str, text: &str| fs::write(vault.join(path), text).expect("a file");
    write("home.md", "# Home\n\n[[plan]] and [[other]].\n");
    write("other.md", "# Other\n");
    write("plans/2026/plan.md", "# Plan\n\n![[plan.png]] [[radar]] [[next]]\n");
    write("plans/next.md", "# Next\n");
    write("plans/plan.png", "\u{89}PNG");
    write("veille/radar.md", "# Radar\n\nLa portée du radar est de vingt kilomètres.\n");
    let space = space(served);
    let import = |more: &[&str]| {
        let folders = ["--folders", "spaces", "--space", &space, "--working", "DR", "--json"];
        let run = served.as_one("analyste-dr", &[&["import", "markdown", "vault"], &folders[..], more].concat());
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        run.lines().pop().expect("a summary")
    };
    let review = import(&["--dry-run"])["review"].clone();
    assert_eq!(review["leads"], serde_json::json!({"plans": "to-make", "veille": "to-make"}), "{review}");
    assert_eq!((&review["links"], &review["links_across"]), (&4.into(), &2.into()), "{review}");
    let first = import(&[])["summary"].clone();
    assert_eq!((&first["sent"], &first["created"], &first["spaces"]), (&9.into(), &9.into(), &2.into()), "{first}");
    let again = import(&[])["summary"].clone();
    assert_eq!((&again["unchanged"], &again["spaces"]), (&9.into(), &0.into()), "twice imported is once: {again}");
    assert_eq!((&again["attached_before"], &again["refused"]), (&1.into(), &0.into()), "{again}");
    let review = import(&["--dry-run"])["review"].clone();
    assert!(review["leads"]["plans"]["there"].is_string(), "{review}");
    let told = ["import", "markdown", "vault", "--space", &space, "--working", "DR", "--dry-run", "--lang", "en"];
    let told = served.as_one("analyste-dr", &told);
    assert!(told.out.contains("Folders: 3, dropped"), "{}{}", told.out, told.err);
}

/// The note that was created last.
fn newest_note(served: &Served<'_>) -> String {
    let created =
        served.as_one("officier", &["journal", "show", "--act", "note-create", "--limit", "1", "--json"]).lines();
    let created = created.first().expect("an entry").clone();
    created["objects"]
        .as_array()
        .expect("objects")
        .iter()
        .filter(|object| !object["digest"].is_null())
        .filter_map(|object| object["id"].as_str())
        .next_back()
        .expect("a note")
        .to_owned()
}

/// A space of the sample in which that person may write at DR.
fn space(served: &Served<'_>) -> String {
    let loaded = fs::read_to_string(served.of.folder.join("demo/loaded")).expect("what was loaded");
    let line = loaded.lines().find(|line| line.starts_with("space drones\t")).expect("the space of drones");
    line.split('\t').nth(1).expect("an identifier").to_owned()
}

fn officer(served: &Served<'_>, note: &str) {
    let table = served.as_one("officier", &["journal", "show", "--limit", "5"]);
    assert_eq!(table.code, 0, "{}", table.err);
    assert_eq!(table.out.lines().count(), 6, "a heading and five entries: {}", table.out);
    assert!(table.out.contains("journal-read") && !table.out.contains("officier"), "{}", table.out);
    let config = ["journal", "show", "--limit", "5", "--names", "demo/site/config/config.1.toml"];
    assert!(served.as_one("officier", &config).out.contains("officier"), "the signed file knows the names");
    let denied = served.as_one("officier", &["journal", "show", "--verdict", "deny", "--limit", "300", "--json"]);
    assert!(denied.lines().iter().all(|entry| entry["verdict"] == "deny") && !denied.out.is_empty());
    let who = served.as_one("officier", &["journal", "who-read", note, "--json"]).lines();
    assert!(who.iter().all(|entry| entry.to_string().contains(note)) && !who.is_empty(), "{who:?}");
    let hidden = served.as_one("analyste-s", &["journal", "show"]);
    assert_eq!(hidden.code, 4, "to an analyst there is no journal: {}", hidden.err);

    let copied = served.as_one("officier", &["journal", "export", "--to", "remote", "--json"]).json();
    let key = copied["key"].as_str().expect("a key").to_owned();
    let verified = served.of.vigie(&["journal", "verify", "remote", "--key", &key, "--json"]).json();
    assert_eq!(verified["entries"], copied["entries"]);
    let proved =
        served.as_one("officier", &["journal", "prove", "3", "--to", "remote-proof", "--log-key", &key, "--json"]);
    assert_eq!(proved.json()["number"], 3);
    let other = "bunker.example/audit/1+f7dc69b0+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
    let unknown = served.as_one("officier", &["journal", "export", "--to", "other", "--log-key", other]);
    assert_eq!(unknown.code, 6, "another log's key: {}", unknown.err);
}

/// An attacker who writes to the disk while the server is stopped takes a row away, or puts an old one back. What is
/// left opens with the right keys, and is still found.
fn replayed(demonstration: &Demonstration, note: &str) {
    let id: Id = note.parse().expect("an identifier");
    let store = demonstration.folder.join("demo/site/store");
    let verify = || demonstration.vigie(&["store", "verify", "--dir", "demo/site", "--json"]);
    let finds = |code: &str| {
        let run = verify();
        let report: Value = serde_json::from_str(&run.out).expect("a report");
        let named = report["faults"].as_array().expect("faults").iter().any(|fault| fault["code"] == code);
        assert!(run.code == 6 && named, "{code}: {}", run.out);
    };

    let first = exchange(&store, id, None).expect("the note");
    finds("record-missing");
    exchange(&store, id, Some(first.clone()));
    assert_eq!(verify().code, 0, "the row is back");

    let served = demonstration.serve();
    for name in ["one", "two", "three"] {
        let path = demonstration.folder.join(format!("notes/{name}.md"));
        let text = fs::read_to_string(&path).expect("a file");
        fs::write(&path, format!("{text}\nChanged.\n")).expect("a file");
    }
    let space = space(&served);
    let again = served.as_one("analyste-dr", &["import", "markdown", "notes", "--space", &space, "--working", "DR"]);
    assert_eq!(again.code, 0, "{}", again.err);
    served.stop();
    assert_eq!(verify().code, 0);

    let second = exchange(&store, id, Some(first)).expect("the note");
    finds("record-stale");
    exchange(&store, id, Some(second));
    assert_eq!(verify().code, 0);
}

/// Writes the row of a note, or takes it away; answers what stood there.
fn exchange(store: &Path, id: Id, row: Option<Row>) -> Option<Row> {
    let engine = Rocks::open(store).expect("the store");
    let key = Key::from(id);
    let before = engine.get(Family::Records, &key).expect("a read");
    let mut writes = Writes::default();
    match row {
        Some(row) => writes.puts.push((Family::Records, key, row)),
        None => writes.deletes.push((Family::Records, key)),
    }
    engine.commit(writes).expect("a write");
    before
}

/// One byte of a checkpoint, of a signed file: found, named, and nothing is started on it.
fn tampered(demonstration: &Demonstration) {
    let verify = || demonstration.vigie(&["store", "verify", "--dir", "demo/site"]);
    for file in ["audit/checkpoint", "keys/keyring", "config/config.1.toml"] {
        let path = demonstration.folder.join("demo/site").join(file);
        let whole = fs::read(&path).expect("a file of the deployment");
        let mut bytes = whole.clone();
        let middle = bytes.len() / 2;
        *bytes.get_mut(middle).expect("not empty") ^= 1;
        fs::write(&path, bytes).expect("a file");
        let found = verify();
        assert!(matches!(found.code, 3 | 6), "{file}: {} {}", found.code, found.err);
        fs::write(&path, whole).expect("a file");
    }
    assert_eq!(verify().code, 0);
}
