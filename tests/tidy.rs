//! What a reader should never meet: unfinished marks, drawers that have filled up, words and bounds that nobody uses,
//! paths of somebody's machine, tests that are switched off. Each rule is tried on a planted case first.
#![expect(clippy::expect_used, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

mod source;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Lines of a file of `src/`.
const LINES_MAX: usize = 500;
/// All bounds stand together, two lines each: a list that grows with what there is, and holds nothing else.
const LISTS: [&str; 1] = ["src/limits.rs"];

/// Marks of unfinished work, cut in two so that this file does not bear them.
const UNFINISHED: [&str; 5] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK"), concat!("dbg", "!")];

/// How the paths of people's machines begin.
const MACHINES: [&str; 5] =
    [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/Us", "ers/"), concat!("C:", "\\")];

/// Tests that are switched off because another test runs them, one a file, and why.
const RUN_BY_ANOTHER: [(&str, &str); 3] = [
    ("tests/engine/torn.rs", "in a mount namespace, on a volume that is full"),
    ("tests/import/fuzz.rs", "a million executions: by `make fuzz`"),
    ("src/finding/query/tests.rs", "a million executions: by `make fuzz`"),
];

/// Keys of words that the code makes from a name while it runs, by their beginning, and where.
const MADE_KEYS: [(&str, &str); 4] = [
    ("cli-", "src/ops/cli/localise.rs"),
    ("web-act-", "src/web/journal/mod.rs"),
    ("web-rule-", "src/web/journal/mod.rs"),
    ("web-verdict-", "src/web/journal/mod.rs"),
];

/// All that people write and read here.
fn texts() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["src", "tests", "templates", "policies", ".cargo", ".config", ".ci"] {
        let endings = [".rs", ".toml", ".ftl", ".md", ".html", ".css", ".js", ".mjs", "run", "setup"];
        found.extend(source::files(folder, &endings));
    }
    let top = [
        "build.rs",
        "Cargo.toml",
        "Makefile",
        "deny.toml",
        "README.md",
        "ARCHITECTURE.md",
        "SECURITY.md",
        "CHANGELOG.md",
    ];
    found.extend(top.iter().map(PathBuf::from));
    found
}

/// The marks that a text bears at the beginning of a word; alone in quotes they are somebody's data.
fn marks(text: &str, marks: &[&'static str]) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for mark in marks {
            let alone = line.match_indices(mark).any(|(at, _)| {
                let before = line.get(..at).and_then(|before| before.chars().next_back());
                !before.is_some_and(|before| before.is_alphanumeric() || before == '"')
            });
            if alone {
                found.push((number + 1, *mark));
            }
        }
    }
    found
}

fn told(all: &[PathBuf], marks_of: impl Fn(&str) -> Vec<(usize, &'static str)>) -> String {
    let mut said = String::new();
    for path in all {
        for (line, mark) in marks_of(&source::read(path)) {
            said.push_str(&format!("{}:{line}: {mark}\n", path.display()));
        }
    }
    said
}

#[test]
fn nothing_is_marked_as_unfinished() {
    let [later, mend, odd, ..] = UNFINISHED;
    let planted = format!("let a = 1; // {later}: more\nmon{later}\nodd {odd}\n\"{mend}\"");
    assert_eq!(marks(&planted, &UNFINISHED), [(1, later), (3, odd)]);
    let said = told(&texts(), |text| marks(text, &UNFINISHED));
    assert!(said.is_empty(), "{said}");
}

#[test]
fn no_path_of_a_machine_is_written_anywhere() {
    let [home, ..] = MACHINES;
    assert_eq!(marks(&format!("in {home}ada/x\nhttps://a.example{home}"), &MACHINES), [(1, home)]);
    let said = told(&texts(), |text| marks(text, &MACHINES));
    assert!(said.is_empty(), "{said}");
}

/// The lines of tests that are switched off.
fn switched_off(text: &str) -> Vec<(usize, &'static str)> {
    let words = source::words(text);
    let attribute = |three: &[source::Word]| three.iter().map(|word| word.text.as_str()).eq(["#", "[", "ignore"]);
    words
        .windows(3)
        .filter(|three| attribute(three))
        .filter_map(|three| Some((three.first()?.line, "ignore")))
        .collect()
}

#[test]
fn no_test_is_switched_off() {
    assert_eq!(switched_off("#[test]\n#[ignore = \"slow\"]\nfn f() {} // #[ignore]"), [(2, "ignore")]);
    let mut rust = texts();
    rust.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let (run, off): (Vec<PathBuf>, Vec<PathBuf>) =
        rust.into_iter().partition(|path| !RUN_BY_ANOTHER.iter().any(|(file, _)| path == Path::new(file)));
    let said = told(&run, switched_off);
    assert!(said.is_empty(), "{said}");
    for path in off {
        assert_eq!(switched_off(&source::read(&path)).len(), 1, "{}: one test is run by another", path.display());
    }
}

#[test]
fn no_file_is_a_drawer_that_has_filled_up() {
    let long: Vec<String> = source::files("src", &[".rs"])
        .iter()
        .map(|path| (path, source::read(path).lines().count()))
        .filter(|(path, lines)| *lines > LINES_MAX && !LISTS.iter().any(|list| path.ends_with(list)))
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// Every word that the code of `src/` says, the file `but` aside.
fn said_in_code(but: &str) -> BTreeSet<String> {
    source::files("src", &[".rs"])
        .iter()
        .filter(|path| !path.ends_with(but))
        .flat_map(|path| source::words(&source::read(path)))
        .map(|word| word.text)
        .chain(said_in_templates())
        .collect()
}

/// Every word of the pages' templates.
fn said_in_templates() -> Vec<String> {
    let part = |letter: char| !(letter.is_ascii_alphanumeric() || letter == '_');
    source::files("templates", &[".html"])
        .iter()
        .flat_map(|path| source::read(path).split(part).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn every_sentence_is_said_somewhere() {
    let said = said_in_code("nothing");
    let keys: Vec<String> = source::files("src/words/fr", &[".ftl"])
        .iter()
        .flat_map(|path| source::read(path).lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| line.split_once('=').map(|(key, _)| key.trim().to_owned()))
        .collect();
    assert!(keys.len() > 100, "only {} keys were found", keys.len());
    let made = |key: &str| MADE_KEYS.iter().any(|(beginning, _)| key.starts_with(beginning));
    let unused: Vec<&String> =
        keys.iter().filter(|key| !made(key) && !said.contains(&key.to_uppercase().replace('-', "_"))).collect();
    assert!(unused.is_empty(), "{} sentences that nobody says: {unused:#?}", unused.len());
    for (beginning, file) in MADE_KEYS {
        assert!(
            source::project().join(file).is_file(),
            "{file} makes keys that begin with {beginning}, but is not there"
        );
    }
}

#[test]
fn every_bound_is_kept_by_somebody() {
    let said = said_in_code("limits.rs");
    let bounds = source::words(&source::read(&PathBuf::from("src/limits.rs")));
    let names: Vec<&str> = bounds
        .windows(2)
        .filter_map(|pair| match pair {
            [first, second] if first.text == "const" => Some(second.text.as_str()),
            _ => None,
        })
        .collect();
    assert!(names.len() > 80, "only {} bounds were found", names.len());
    // A bound may also be the measure of another one.
    let within = |name: &str| bounds.iter().filter(|word| word.text == name).count() > 1;
    let unused: Vec<&str> = names.into_iter().filter(|name| !said.contains(*name) && !within(name)).collect();
    assert!(unused.is_empty(), "{} bounds that nothing keeps: {unused:#?}", unused.len());
}
