//! What leaves comes back: the program itself, over a real deployment, with real collections.
//!
//! The collections stand beside the repository (`../shared/corpora`), and the validator of OASIS among the tools that
//! `.ci/setup test` installs: what is absent is said, loudly, and not tested.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says when it has nothing to test"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use http::{Method, header::CONTENT_TYPE};
use serde_json::{Value, json};
use vigie::{
    clock::Clock,
    ops::client::{Client, Credentials, Target, Version, empty, full},
};

/// A running demonstration.
struct Site {
    folder: PathBuf,
    child: Child,
    address: String,
}

struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn summary(&self) -> Value {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        let last: Value = serde_json::from_str(self.out.lines().last().expect("a line")).expect("JSON");
        last
    }
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(arguments).current_dir(folder).env_clear().env("LANG", "en").stdin(Stdio::null());
    command
}

impl Site {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("an old folder goes");
        }
        fs::create_dir_all(&folder).expect("a folder");
        let demo = program(&folder, &["demo", "--dir", "demo", "--port", "0", "--once"]).output().expect("it runs");
        assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));
        let mut serve = program(&folder, &["serve", "--dir", "demo/site", "--listen", "127.0.0.1:0"]);
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the server starts");
        let (mut line, mut out) = (String::new(), BufReader::new(child.stdout.take().expect("a pipe")));
        out.read_line(&mut line).expect("a line");
        let port: String =
            line.split("127.0.0.1:").nth(1).expect("an address").chars().take_while(char::is_ascii_digit).collect();
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        Self { folder, child, address: format!("https://localhost:{port}") }
    }

    fn run(&self, who: &str, arguments: &[&str]) -> Run {
        let (cert, key) = (format!("demo/people/{who}.pem"), format!("demo/people/{who}.key"));
        let with = ["--server", &self.address, "--ca", "demo/ca/ca.pem", "--cert", &cert, "--key", &key, "--json"];
        let output = program(&self.folder, &[arguments, &with].concat()).output().expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Run { code: output.status.code().expect("a code"), out: text(output.stdout), err: text(output.stderr) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Asks as the analyst who is cleared S/ALPHA.
    fn ask(&self, working: &str, method: Method, path: &str, kind: &str, body: Option<Vec<u8>>) -> Value {
        let read = |name: &str| fs::read(self.folder.join("demo").join(name)).expect("a file");
        let (ca, cert, key) = (read("ca/ca.pem"), read("people/analyste-s.pem"), read("people/analyste-s.key"));
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let bytes = runtime.block_on(async {
            let credentials = Credentials::from_pem(&ca, &cert, &key, &Clock::System).expect("credentials");
            let target = Target::parse(&self.address, Version::Http2).expect("an address");
            let mut client = Client::connect(target, credentials).await.expect("a connection");
            let request = Client::request(method, &format!("/api/v1{path}")).header("vigie-working", working);
            let request = request.header(CONTENT_TYPE, kind).body(body.map_or_else(empty, full)).expect("a request");
            client.send(request).await.expect("an answer").accepted().await.expect("done").bytes().await.expect("bytes")
        });
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    fn post(&self, working: &str, path: &str, body: &Value) -> String {
        let made = self.ask(working, Method::POST, path, "application/json", Some(body.to_string().into()));
        made["id"].as_str().expect("an identifier").to_owned()
    }

    fn space(&self, working: &str, name: &str) -> String {
        self.post(working, "/spaces", &json!({"name": name, "purpose": "à sortir"}))
    }

    fn attach(&self, working: &str, note: &str, name: &str, content: &[u8]) -> String {
        let id =
            self.post(working, &format!("/notes/{note}/attachments"), &json!({"name": name, "size": content.len()}));
        let path = format!("/attachments/{id}/content?offset=0");
        self.ask(working, Method::PUT, &path, "application/octet-stream", Some(content.to_vec()));
        id
    }

    fn export(&self, format: &str, what: (&str, &str), working: &str, ceiling: &str, out: &str) -> Run {
        let (flag, id) = what;
        self.run("analyste-s", &["export", format, flag, id, "--working", working, "--ceiling", ceiling, "--out", out])
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            let mode = fs::symlink_metadata(&path).expect("metadata").permissions().mode() & 0o777;
            if path.is_dir() {
                assert_eq!(mode, 0o700, "{}", path.display());
                folders.push(path);
            } else {
                assert_eq!(mode, 0o600, "{}", path.display());
                let name = path.strip_prefix(folder).expect("inside").to_str().expect("text").to_owned();
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// An exported note without what another server calls it, and when it wrote it.
fn comparable(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    let (head, body) = text.split_once("\n---\n").expect("a front matter");
    let own = |line: &&str| !["id: ", "created: ", "modified: ", "author: "].iter().any(|own| line.starts_with(own));
    head.lines().filter(own).map(str::to_owned).chain([body.to_owned()]).collect()
}

fn corpus(site: &Site, name: &str) -> Option<PathBuf> {
    let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../shared/corpora/{name}.tar.xz"));
    if !packed.is_file() {
        eprintln!("NOT RUN: {name} is absent");
        return None;
    }
    assert!(Command::new("tar").arg("xJf").arg(&packed).arg("-C").arg(&site.folder).status().expect("tar").success());
    Some(site.path(name))
}

/// Imported, exported, imported elsewhere, exported again: the two exports say the same.
fn comes_back(site: &Site, name: &str, notes_min: u64) {
    let Some(_unpacked) = corpus(site, name) else { return };
    let (first, second) = (site.space("DR", "un"), site.space("DR", "deux"));
    let (out, again) = (format!("{name}-out"), format!("{name}-again"));
    let import = |folder: &str, space: &str| {
        let run = site.run("analyste-s", &["import", "markdown", folder, "--space", space, "--working", "DR"]);
        let last: Value = serde_json::from_str(run.out.lines().last().expect("a line")).expect("JSON");
        (run.code, last["summary"].clone())
    };
    let (_, taken) = import(name, &first);
    let exported = site.export("markdown", ("--space", &first), "DR", "DR", &out).summary();
    assert!(exported["notes"].as_u64() >= Some(notes_min), "{exported}");
    let items = exported["notes"].as_u64().expect("a number") + exported["links"].as_u64().expect("a number");
    assert_eq!(taken["created"].as_u64(), Some(items), "all that was made has left: {taken} {exported}");
    let (code, taken) = import(&out, &second);
    assert_eq!((code, taken["created"].as_u64()), (0, Some(items)), "all that left was taken: {taken}");
    assert_eq!(import(&out, &second).1["unchanged"].as_u64(), Some(items), "to import twice is to import once");
    site.export("markdown", ("--space", &second), "DR", "DR", &again).summary();
    let (one, other) = (files(&site.path(&out)), files(&site.path(&again)));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in one.iter().filter(|(name, _)| name.as_str() != "MARKING.txt") {
        if name.starts_with("attachments/") {
            assert_eq!(bytes, &other[name], "{name}");
            continue;
        }
        assert_eq!(comparable(bytes), comparable(&other[name]), "{name}");
        assert!(String::from_utf8_lossy(bytes).contains("marking: \"DIFFUSION RESTREINTE"), "{name} bears its marking");
    }
    let marking = String::from_utf8(one["MARKING.txt"].clone()).expect("text");
    assert!(marking.starts_with("DIFFUSION RESTREINTE"), "{marking}");
    validated(site, &first, name);
}

/// STIX as OASIS reads it.
fn validated(site: &Site, space: &str, name: &str) {
    let out = format!("{name}.json");
    let exported = site.export("stix", ("--space", space), "DR", "DR", &out).summary();
    let bundle: Value = serde_json::from_slice(&fs::read(site.path(&out)).expect("a bundle")).expect("JSON");
    let objects = bundle["objects"].as_array().expect("objects");
    let ids: BTreeSet<&str> = objects.iter().filter_map(|object| object["id"].as_str()).collect();
    assert_eq!(ids.len(), objects.len(), "no identifier twice");
    let of = |kind: &str| objects.iter().filter(|object| object["type"] == kind).count();
    assert_eq!(Some(of("note")), exported["notes"].as_u64().and_then(|notes| usize::try_from(notes).ok()));
    let mut refs = Vec::new();
    for object in objects {
        let unmarked = object["object_marking_refs"].as_array().is_none_or(Vec::is_empty);
        assert_eq!(unmarked, object["type"] == "marking-definition", "{object}");
        refs.extend(
            ["object_refs", "object_marking_refs"].iter().filter_map(|name| object[*name].as_array()).flatten(),
        );
        refs.extend(["source_ref", "target_ref"].iter().filter_map(|name| object.get(*name)));
    }
    assert!(
        refs.iter().all(|named| ids.contains(named.as_str().expect("text"))),
        "a reference leads out of the bundle"
    );
    judged(&site.path(&out));
}

/// The word of the validator, where there is one.
fn judged(bundle: &Path) {
    let validator = "PATH=\"$HOME/.cache/vigie/tools/stix2-validator/bin:$PATH\"; \
        command -v stix2_validator >/dev/null || exit 127; exec stix2_validator --version 2.1 \"$0\"";
    let judged = Command::new("sh").args(["-c", validator]).arg(bundle).output().expect("a shell");
    if judged.status.code() == Some(127) {
        eprintln!("NOT RUN: the OASIS stix2-validator is absent; .ci/setup test installs it");
        return;
    }
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success() && said.contains("STIX JSON: Valid"), "{said}");
}

#[test]
fn the_vault_of_silverbullet_comes_back() {
    comes_back(&Site::new("export-silverbullet"), "silverbullet-docs", 200);
}

#[test]
fn the_rfcs_of_rust_come_back() {
    comes_back(&Site::new("export-rfcs"), "rust-rfcs", 600);
}

/// LEAKS T37: whatever is above the ceiling stands in no file of any format, its identifiers included.
#[test]
fn nothing_above_the_ceiling_stands_in_any_file_and_what_leaves_is_marked() {
    let site = Site::new("export-ceiling");
    let space = site.space("NP/ALL", "plafond");
    let (mut low, mut high) = (BTreeSet::new(), BTreeSet::new());
    let mut notes = Vec::new();
    for (working, title, above) in [
        ("NP/ALL", "=HYPERLINK(\"x\")", false),
        ("DR", "Relevé « bas »", false),
        ("S", "zorglub secret", true),
        ("S/ALPHA", "zorglub alpha", true),
    ] {
        let body = "Voir [[zorglub renvoi]].\n\n---\n\n- fin, sans retour à la ligne";
        let new = json!({"space": space, "kind": "synthesis", "title": title, "body": body, "tags": ["un tag", "[x]"],
            "sources": [{"url": "pas une adresse", "title": "Revue: n° 3"}, {"url": "https://revue.example/a?b=c"},
                {"author": "Anonyme"}],
            "grade": {"reliability": "B", "credibility": 2}, "review": "2027-01-01", "expires": "2028-01-01"});
        let note = site.post(working, "/notes", &new);
        let file = site.attach(working, &note, &format!("{title}.pdf").replace('/', "-"), title.as_bytes());
        if above { &mut high } else { &mut low }.extend([note.clone(), file]);
        notes.push(note);
    }
    for (working, from, to, above) in
        [("DR", 0, 1, false), ("S", 0, 1, true), ("S", 1, 2, true), ("S/ALPHA", 0, 3, true)]
    {
        let new = json!({"from": notes[from], "to": notes[to], "type": "supersedes", "comment": "en vigueur"});
        let link = site.post(working, "/links", &new);
        if above { &mut high } else { &mut low }.insert(link);
    }
    for (format, out) in [("markdown", "md"), ("stix", "bundle.json"), ("csv", "table.csv")] {
        let run = site.export(format, ("--space", &space), "S/ALPHA", "DR", out);
        let summary = run.summary();
        assert_eq!((&summary["notes"], &summary["links"]), (&json!(2), &json!(1)), "{summary}");
        assert_eq!(summary["label"], "DR/FRA", "the join of what left: {summary}");
        let path = site.path(out);
        let whole: String = if path.is_dir() {
            files(&path).iter().map(|(name, bytes)| format!("{name}\n{}\n", String::from_utf8_lossy(bytes))).collect()
        } else {
            assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
            fs::read_to_string(&path).expect("text")
        };
        let uuid = |id: &str| {
            id.parse::<vigie::ids::Id>()
                .expect("an identifier")
                .bytes()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
        };
        let bare = whole.replace('-', "");
        for id in &high {
            // Six bits of a UUID say its version: its last seven bytes do not.
            assert!(!whole.contains(id.as_str()) && !bare.contains(&uuid(id)[18..]), "{format}: {id}");
        }
        assert!(!whole.contains("zorglub secret") && !whole.contains("zorglub alpha"), "{format}");
        assert!(whole.contains("zorglub renvoi"), "the author's own words stay: {format}");
        assert!(whole.contains("DIFFUSION RESTREINTE"), "{format} is marked");
        assert!(low.iter().any(|id| whole.contains(id.as_str()) || bare.contains(&uuid(id)[18..])), "{format}");
    }
    judged(&site.path("bundle.json"));
    let table = fs::read_to_string(site.path("table.csv")).expect("text");
    assert!(table.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{table}");
    comes_back_whole(&site, &space, &notes[0]);
    nothing_half(&site, &space);
    higher_is_refused(&site);
}

/// What a note has comes back: kind, grade, dates, sources, tags, a text to the byte, attachments.
fn comes_back_whole(site: &Site, space: &str, note: &str) {
    let second = site.space("S", "retour");
    let run = site.export("markdown", ("--space", space), "S", "DR", "whole");
    assert_eq!(run.summary()["attachments"], 2, "{}", run.out);
    let held = files(&site.path("whole"));
    let contents: BTreeSet<&[u8]> =
        held.iter().filter(|(name, _)| name.starts_with("attachments/")).map(|(_, bytes)| bytes.as_slice()).collect();
    assert_eq!(contents, BTreeSet::from(["=HYPERLINK(\"x\")".as_bytes(), "Relevé « bas »".as_bytes()]));
    let import = ["import", "markdown", "whole", "--space", &second, "--working", "S"];
    let run = site.run("analyste-s", &import);
    assert_eq!(run.code, 0, "what is below is taken, at the working label: {}{}", run.out, run.err);
    let again = site.export("markdown", ("--space", &second), "S", "S", "whole-again").summary();
    assert_eq!(again["attachments"], 2, "{again}");
    let returned = files(&site.path("whole-again"));
    let carried = returned.iter().filter(|(name, _)| name.starts_with("attachments/"));
    assert_eq!(carried.map(|(_, bytes)| bytes.as_slice()).collect::<BTreeSet<_>>(), contents);
    let named = |held: &BTreeMap<String, Vec<u8>>| {
        let notes = held.iter().filter(|(name, _)| name.ends_with(".md"));
        let lines = notes.flat_map(|(_, bytes)| comparable(bytes));
        let names =
            lines.filter_map(|line| Some(line.split_once("\"name\":")?.1.split_once(",\"size\"")?.0.to_owned()));
        names.collect::<BTreeSet<String>>()
    };
    assert_eq!((named(&held).len(), named(&held)), (2, named(&returned)), "under the names that they had");
    let fields = ["title:", "kind:", "language:", "tags:", "grade:", "sources:", "review:", "expires:", "external_id:"];
    let said = |folder: &str| {
        let mut notes: Vec<Vec<String>> = files(&site.path(folder))
            .iter()
            .filter(|(name, _)| name.ends_with(".md"))
            .map(|(_, bytes)| {
                let lines = comparable(bytes);
                let body = lines.last().cloned();
                lines
                    .iter()
                    .filter(|line| fields.iter().any(|field| line.starts_with(field)))
                    .cloned()
                    .chain(body)
                    .collect()
            })
            .collect();
        notes.sort();
        notes
    };
    assert_eq!(said("whole"), said("whole-again"));
    let alone = site.export("markdown", ("--note", note), "DR", "NP/ALL", "alone").summary();
    assert_eq!((&alone["notes"], &alone["links"]), (&json!(1), &json!(0)), "a note alone: {alone}");
}

/// A name that is taken is not taken over; what fails leaves nothing behind.
fn nothing_half(site: &Site, space: &str) {
    for (format, out) in [("markdown", "md"), ("stix", "bundle.json"), ("csv", "table.csv")] {
        let before = fs::metadata(site.path(out)).expect("there").modified().expect("a time");
        assert_eq!(site.export(format, ("--space", space), "S", "DR", out).code, 5, "{format}: it is there already");
        assert_eq!(fs::metadata(site.path(out)).expect("there").modified().expect("a time"), before);
        let absent = site.export(format, ("--space", "aaaaaaaaaaaaaaaaaaaaaaaaae"), "S", "DR", "absent");
        assert_eq!(absent.code, 4, "{format}: {}", absent.err);
        let above = site.export(format, ("--space", space), "DR", "S", "above");
        assert_ne!(above.code, 0, "{format}: a ceiling above the working label");
    }
    let left: Vec<String> = fs::read_dir(&site.folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with('.') || name == "absent" || name == "above")
        .collect();
    assert!(left.is_empty(), "{left:?}");
    fs::create_dir(site.path("empty")).expect("a folder");
    assert_eq!(site.export("markdown", ("--space", space), "S", "DR", "empty").code, 0, "an empty folder will do");
}

/// LEAKS T39: a file that is marked above the working label is refused, and one whose marking is gone.
fn higher_is_refused(site: &Site) {
    let low = site.space("NP/ALL", "bas");
    let import = ["import", "markdown", "md", "--space", &low, "--working", "NP/ALL"];
    let run = site.run("analyste-s", &import);
    assert_eq!(run.code, 3, "{}", run.out);
    assert!(run.out.contains("\"marked-above\""), "{}", run.out);
    let exported = site.export("csv", ("--space", &low), "NP/ALL", "NP/ALL", "low.csv").summary();
    assert_eq!(exported["notes"], 1, "only what was marked NP: {exported}");
    let folder = site.path("md");
    let name = files(&folder).keys().find(|name| name.ends_with(".md")).expect("a note").clone();
    let text = fs::read_to_string(folder.join(&name)).expect("text");
    let without: String =
        text.lines().filter(|line| !line.starts_with("label: ")).map(|line| format!("{line}\n")).collect();
    fs::write(folder.join(&name), without).expect("a file");
    let run = site.run("analyste-s", &["import", "markdown", "md", "--space", &low, "--working", "S"]);
    assert_eq!(run.code, 3, "{}", run.out);
    assert!(run.out.contains("\"damaged-front-matter\""), "{}", run.out);
}
