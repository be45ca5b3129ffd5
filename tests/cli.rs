//! The command line as people and scripts meet it: the real program, its words in three languages, its exit codes.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const LANGUAGES: [&str; 3] = ["fr", "en", "de"];
const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");

/// One run of the program.
struct Run {
    code: i32,
    out: String,
    err: String,
}

fn run_in(folder: &Path, locale: &str, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("LANG", locale)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    Run { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
}

fn run(arguments: &[&str]) -> Run {
    run_in(Path::new("."), "fr_FR.UTF-8", arguments)
}

/// A fresh folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old folder goes");
    }
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A text file's path as an argument.
fn path(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn a_label_is_told_in_the_language_of_the_reader() {
    let told = |locale: &str| run_in(Path::new("."), locale, &["label", "check", "S/ALPHA/FRA,BEL"]);
    let french = told("fr_FR.UTF-8");
    assert_eq!((french.code, french.err.as_str()), (0, ""));
    assert_eq!(
        french.out,
        "Mention admise par la politique fr-igi1300.\n\
         En toutes lettres : SECRET – ALPHA – COMMUNICABLE À FRA, BEL\n\
         Marque de paragraphe : (S/ALPHA/FRA, BEL)\n\
         Niveau : S\n\
         Catégories : ALPHA\n\
         Communicable à : FRA, BEL\n\
         Écriture : S/ALPHA/FRA,BEL\n"
            .replace(" : ", "\u{202f}: ")
    );
    assert!(told("en_GB.UTF-8").out.starts_with("Marking allowed by the policy fr-igi1300.\nIn full: SECRET"));
    assert!(told("de_DE.UTF-8").out.starts_with("Vermerk nach der Richtlinie fr-igi1300 zulässig.\nAusgeschrieben: "));
    assert_eq!(told("C").out, french.out, "a locale that says nothing reads French");
    let asked = run(&["--lang", "de", "label", "check", "S/ALPHA/FRA,BEL"]);
    assert_eq!(asked.out, told("de_DE.UTF-8").out, "--lang comes before the locale");
}

#[test]
fn labels_join_and_change_their_form() {
    let joined = run(&["label", "join", "DR/FRA,BEL,DEU", "S/ALPHA/FRA,BEL", "NP/ALL", "--json"]);
    let joined: serde_json::Value = serde_json::from_str(&joined.out).expect("one document");
    assert_eq!((&joined["text"], &joined["schema"]), (&"S/ALPHA/FRA,BEL".into(), &1.into()));

    let marking = run(&["label", "convert", "TS/BRAVO", "--to", "marking", "--lang", "en"]);
    assert_eq!(marking.out, "TRÈS SECRET – BRAVO\n");
    let stanag = run(&["label", "convert", "S/ALPHA", "--to", "stanag", "--review", "2031-01-01"]);
    assert!(
        stanag.out.contains("originatorConfidentialityLabel") && stanag.out.contains("2031-01-01"),
        "{}",
        stanag.out
    );
    let back = run(&["label", "convert", stanag.out.trim(), "--to", "text"]);
    assert_eq!(back.out, "S/ALPHA\n");
}

#[test]
fn what_is_refused_has_its_exit_code_and_says_nothing_on_stdout() {
    let place = folder("refused");
    fs::write(place.join("there"), "x").expect("a file");
    let cases: &[(&[&str], i32)] = &[
        (&[], 2),
        (&["labl"], 2),
        (&["label"], 2),
        (&["label", "check"], 2),
        (&["label", "check", "S", "--colour"], 2),
        (&["label", "convert", "S", "--to", "pdf"], 2),
        (&["label", "convert", "S", "--to", "stanag", "--review", "tomorrow"], 2),
        (&["label", "join"], 2),
        (&["label", "check", "S", "--lang", "it"], 2),
        (&["journal", "prove", "minus-one", "--dir", "."], 2),
        (&["journal", "export", "--to", "x"], 2),
        (&["journal", "export", "--to", "x", "--dir", ".", "--server", "https://x"], 2),
        (&["status", "--server", "https://x"], 2),
        (&["journal", "verify", ".", "--key", "nonsense"], 2),
        (&["pki", "issue-client", "a", "--days", "100000", "--dir", "absent"], 4),
        (&["label", "check", "X/ALPHA"], 3),
        (&["label", "check", "S", "--policy", "atlantis"], 4),
        (&["label", "check", "S", "--policy-file", "absent.toml"], 4),
        (&["journal", "verify", "absent", "--key", VKEY], 4),
        (&["store", "verify", "--dir", "."], 4),
        (&["serve", "--dir", "."], 4),
        (&["key", "list", "--dir", "."], 4),
    ];
    for (arguments, code) in cases {
        for locale in ["fr", "en", "de"] {
            let run = run_in(&place, locale, arguments);
            assert_eq!(run.code, *code, "{arguments:?}: {}", run.err);
            assert_eq!(run.out, "", "{arguments:?}");
            assert!(!run.err.trim().is_empty(), "{arguments:?} says why");
        }
    }
}

const VKEY: &str = "bunker.example/audit/1+f7dc69b0+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";

#[test]
fn a_usage_error_is_told_in_the_language_of_the_reader_with_the_nearest_word() {
    let told = |language| run(&["label", "chekc", "--lang", language]).err;
    assert!(told("fr").contains("Vouliez-vous dire «\u{202f}check\u{202f}»\u{202f}?"), "{}", told("fr"));
    assert!(told("en").contains("Did you mean “check”?"), "{}", told("en"));
    assert!(told("de").contains("Meinten Sie „check“?"), "{}", told("de"));
    assert!(told("fr").contains("Utilisation\u{202f}: vigie label"), "{}", told("fr"));
    for english in ["error:", "tip:", "For more information"] {
        assert!(!told("fr").contains(english));
    }
}

#[test]
fn an_error_as_json_has_a_stable_code() {
    let run = run(&["label", "check", "X", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&run.err).expect("one document");
    assert_eq!((run.code, run.out.as_str()), (3, ""));
    assert_eq!(told["error"]["code"], "label-unknown-level");
    assert_eq!(told["error"]["exit"], 3);
    assert_eq!(told["schema"], 1);
}

#[test]
fn an_exported_journal_is_verified_and_a_damaged_one_is_named() {
    let keys = format!("{VECTORS}/vkeys.txt");
    for key in [VKEY, keys.as_str()] {
        let run = run(&["journal", "verify", VECTORS, "--key", key, "--json"]);
        let told: serde_json::Value = serde_json::from_str(&run.out).expect("one document");
        assert_eq!((run.code, &told["entries"], &told["origin"]), (0, &600.into(), &"bunker.example/audit/1".into()));
    }
    let whole = run(&["journal", "verify", VECTORS, "--key", VKEY, "--lang", "en"]);
    assert!(
        whole.out.starts_with("The journal is whole: 600 entries of bunker.example/audit/1, root "),
        "{}",
        whole.out
    );

    let copy = folder("damaged");
    copy_tree(Path::new(VECTORS), &copy);
    let bundle = copy.join("tile/entries/001");
    let mut bytes = fs::read(&bundle).expect("a bundle");
    *bytes.last_mut().expect("not empty") ^= 1;
    fs::write(&bundle, bytes).expect("a bundle");
    let damaged = run(&["journal", "verify", path(&copy), "--key", VKEY]);
    assert_eq!((damaged.code, damaged.out.as_str()), (6, ""));
    assert!(damaged.err.contains("tile/entries/001"), "{}", damaged.err);
}

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

#[test]
fn the_small_authority_issues_revokes_and_never_overwrites() {
    let place = folder("pki");
    let vigie = |arguments: &[&str]| run_in(&place, "en", arguments);
    assert_eq!(vigie(&["pki", "new", "--dir", "ca", "--name", "Autorité d’essai"]).code, 0);
    let server = vigie(&["pki", "issue-server", "--dir", "ca", "--dns", "vigie.example", "--ip", "192.0.2.7"]);
    assert_eq!(server.code, 0, "{}", server.err);
    for name in ["alice", "bob"] {
        let issued = vigie(&["pki", "issue-client", name, "--dir", "ca", "--json"]);
        let told: serde_json::Value = serde_json::from_str(&issued.out).expect("one document");
        assert_eq!(told["fingerprint"].as_str().map(str::len), Some(64), "{}", issued.out);
    }
    for secret in ["ca/ca.key", "server.key", "alice.key"] {
        let mode = fs::metadata(place.join(secret)).expect("a key").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }
    let again = vigie(&["pki", "issue-client", "alice", "--dir", "ca"]);
    assert_eq!(again.code, 5, "{}", again.err);
    let revoked = vigie(&["pki", "crl", "--dir", "ca", "--revoke", "bob.pem", "--revoke", "bob.pem"]);
    assert!(revoked.out.starts_with("List 2 written to ca/crl.pem: 1 certificate(s) revoked"), "{}", revoked.out);
    assert_eq!(vigie(&["pki", "crl", "--dir", "ca", "--revoke", "alice"]).code, 2, "a name is no certificate");

    let Some(openssl) = openssl() else { return };
    let verify = |name: &str, purpose: &str| {
        let arguments =
            ["verify", "-CAfile", "ca/ca.pem", "-CRLfile", "ca/crl.pem", "-crl_check", "-purpose", purpose, name];
        openssl(&place, &arguments)
    };
    assert!(verify("alice.pem", "sslclient").0);
    assert!(verify("server.pem", "sslserver").0);
    assert!(!verify("alice.pem", "sslserver").0, "a person is no server");
    let (good, said) = verify("bob.pem", "sslclient");
    assert!(!good && said.contains("revoked"), "{said}");

    let request = [
        "req",
        "-new",
        "-newkey",
        "ed25519",
        "-nodes",
        "-keyout",
        "carol.key",
        "-subj",
        "/CN=carol",
        "-out",
        "carol.csr",
    ];
    assert!(openssl(&place, &request).0);
    assert_eq!(vigie(&["pki", "sign", "carol.csr", "--dir", "ca", "--out", "carol.pem"]).code, 0);
    assert!(verify("carol.pem", "sslclient").0);
}

/// The program, when the machine has it.
fn openssl() -> Option<impl Fn(&Path, &[&str]) -> (bool, String)> {
    Command::new("openssl").arg("version").output().ok()?;
    Some(|folder: &Path, arguments: &[&str]| {
        let output = Command::new("openssl").args(arguments).current_dir(folder).output().expect("openssl runs");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    })
}

/// Every command below `path`, found in the help itself.
fn commands(path: &[String], language: &str, heading: &str, found: &mut BTreeSet<Vec<String>>) {
    let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
    arguments.extend(["--help", "--lang", language]);
    let help = run(&arguments);
    assert_eq!((help.code, help.err.as_str()), (0, ""), "{path:?}");
    check_help(&help.out, path, language);
    found.insert(path.to_vec());
    let below = help.out.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    let names = below.take_while(|line| line.starts_with("  ")).filter_map(|line| {
        let name = line.strip_prefix("  ")?;
        (!name.starts_with(' ')).then(|| name.split_whitespace().next()).flatten()
    });
    for name in names {
        commands(&[path, &[name.to_owned()]].concat(), language, heading, found);
    }
}

fn check_help(help: &str, path: &[String], language: &str) {
    let usage = match language {
        "fr" => "Utilisation\u{202f}: vigie",
        "en" => "Usage: vigie",
        _ => "Aufruf: vigie",
    };
    assert!(help.contains(usage), "{path:?}: {help}");
    if language != "en" {
        for english in ["Usage:", "[default", "[possible", "Print help", "Commands:"] {
            assert!(!help.contains(english), "{path:?}: {english} in {help}");
        }
    }
    // A secret in a flag would stand in the process list and in the shell's history.
    for flag in help.split_whitespace().filter(|word| word.starts_with("--")) {
        assert!(!matches!(flag, "--password" | "--passphrase" | "--secret" | "--pin" | "--token"), "{path:?}: {flag}");
    }
}

#[test]
fn every_command_has_its_help_in_every_language() {
    let mut trees = Vec::new();
    for (language, heading) in LANGUAGES.into_iter().zip(["Commandes", "Commands", "Befehle"]) {
        let mut found = BTreeSet::new();
        commands(&[], language, heading, &mut found);
        trees.push(found);
    }
    assert!(trees.windows(2).all(|two| two.first() == two.last()));
    let tree = trees.pop().expect("three languages");
    for leaf in
        [["journal", "who-read"], ["store", "verify"], ["import", "stix"], ["config", "sign-request"], ["pki", "crl"]]
    {
        assert!(tree.contains(leaf.map(ToOwned::to_owned).as_slice()), "{leaf:?} is missing from {tree:?}");
    }
    let root = run(&["--help"]).out;
    for code in 0..=7 {
        assert!(root.contains(&format!("\n  {code}  ")), "the help documents exit code {code}");
    }
}

#[test]
fn completions_and_manual_pages_come_from_the_same_tree() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&["completions", shell]);
        assert!(script.code == 0 && script.out.contains("who-read"), "{shell}");
    }
    for (language, heading) in LANGUAGES.into_iter().zip([".SH \"NOM\"", ".SH \"NAME\"", ".SH \"NAME\""]) {
        let place = folder(&format!("man-{language}"));
        let pages = run(&["man", path(&place), "--json", "--lang", language]);
        let told: serde_json::Value = serde_json::from_str(&pages.out).expect("one document");
        let pages = told["pages"].as_array().expect("pages");
        assert!(pages.len() > 25, "{pages:?}");
        for page in pages {
            let text = fs::read_to_string(page.as_str().expect("a path")).expect("a page");
            assert!(text.contains(heading), "{page}");
        }
        assert!(place.join("vigie-journal-who-read.1").is_file());
    }
}

#[test]
fn nobody_reading_the_output_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.stderr.is_empty() && output.status.success(), "{output:?}");
}

#[test]
fn a_server_that_is_not_there_is_unavailable() {
    let place = folder("client");
    let vigie = |arguments: &[&str]| run_in(&place, "en", arguments);
    assert_eq!(vigie(&["pki", "new", "--dir", "ca", "--name", "CA"]).code, 0);
    assert_eq!(vigie(&["pki", "issue-client", "me", "--dir", "ca"]).code, 0);
    let credentials = ["--ca", "ca/ca.pem", "--cert", "me.pem", "--key", "me.key"];
    let with = |arguments: &[&str]| vigie(&[arguments, credentials.as_slice()].concat());
    let absent = with(&["status", "--server", "https://127.0.0.1:1"]);
    assert_eq!(absent.code, 7, "{}", absent.err);
    let plain = with(&["status", "--server", "http://127.0.0.1:1"]);
    assert_eq!(plain.code, 2, "{}", plain.err);
}
