//! Markdown vaults: what notes carry, and the folders they lie in.

use std::fs;

use vigie::{
    ops::import::{Folders, Unsaid, item::Content, markdown},
    words::Language,
};

use crate::{corpus, scratch, sorted};

#[test]
fn what_a_note_shows_goes_with_it() {
    let scratch = scratch("vault");
    let root = &scratch.0;
    fs::create_dir_all(root.join("plans/2026/files")).expect("folders");
    fs::create_dir_all(root.join(".obsidian")).expect("folders");
    let write = |path: &str, text: &str| fs::write(root.join(path), text).expect("a file");
    write("plans/2026/a.md", "![[plan.png|300]] ![](files/plan.png) [doc](/doc.pdf) ![](lost.png) [[b]]\n");
    write("b.md", "![](https://elsewhere.example/x.png) `![[plan.png]]` [gone](nowhere.pdf)\n");
    write("plans/2026/files/plan.png", "PNG");
    write("doc.pdf", "PDF!");
    write("unused.bin", "x");
    write(".obsidian/app.png", "x");
    std::os::unix::fs::symlink("/etc/passwd", root.join("passwd.png")).expect("a link");
    write("c.md", "![](passwd.png)\n");

    let found = sorted(markdown::import(root, Unsaid::Guessed(Language::English), Folders::Tags));
    let files: Vec<(&str, &str, u64)> =
        found.files.iter().map(|file| (file.note.as_str(), file.name.as_str(), file.content.length())).collect();
    assert_eq!(files, [("plans/2026/a.md", "doc.pdf", 4), ("plans/2026/a.md", "plan.png", 3)]);
    assert!(matches!(&found.files[0].content, Content::File { path, .. } if path.ends_with("doc.pdf")));
    assert_eq!(found.ends(), [("plans/2026/a.md", "related", "b.md")]);
    let left = ["hidden", "symbolic-link", "no-such-file", "no-such-file", "not-shown"];
    assert_eq!(found.codes(), left, "never through a link");
    assert_eq!(found.notes[2].tags, ["plans", "plans/2026"]);
    let found = sorted(markdown::import(root, Unsaid::Guessed(Language::English), Folders::None));
    assert!(found.notes.iter().all(|note| note.tags.is_empty()));
}

#[test]
fn a_folder_at_the_top_is_a_space_and_those_below_are_tags() {
    let scratch = scratch("spaces");
    let root = &scratch.0;
    fs::create_dir_all(root.join("plans/2026")).expect("folders");
    for path in ["a.md", "plans/b.md", "plans/2026/c.md"] {
        fs::write(root.join(path), "x\n").expect("a file");
    }
    let found = sorted(markdown::import(root, Unsaid::Guessed(Language::English), Folders::Spaces));
    let homes: Vec<_> = found.notes.iter().map(|note| (note.home.as_deref(), note.tags.join(" "))).collect();
    let plans = Some("plans");
    assert_eq!(homes, [(None, String::new()), (plans, "2026".to_owned()), (plans, String::new())]);
}

#[test]
fn a_heading_that_opens_several_files_names_none_of_them() {
    let scratch = scratch("titles");
    let write = |path: &str, text: &str| fs::write(scratch.0.join(path), text).expect("a file");
    write("0001-radar.md", "# Context\n\nSee [[0002-sonar]].\n");
    write("0002-sonar.md", "## context\n");
    write("0003-lidar.md", "# Lidar\n");
    write("0004-named.md", "---\ntitle: Context\n---\n# Other\n");
    let found = sorted(markdown::import(&scratch.0, Unsaid::Guessed(Language::English), Folders::None));
    assert_eq!(found.titles(), ["0001-radar", "0002-sonar", "Lidar", "Context"]);
    assert!(found.notes[0].body.starts_with("# Context\n"), "the text stays as it is");
    assert_eq!(found.ends(), [("0001-radar.md", "related", "0002-sonar.md")]);
}

#[test]
fn a_file_is_in_the_language_of_its_words_unless_it_names_one() {
    let scratch = scratch("languages");
    let write = |path: &str, text: &str| fs::write(scratch.0.join(path), text).expect("a file");
    write("a.md", "# Radar\n\nLa portée du radar est de vingt kilomètres.\n");
    write("b.md", "---\nlang: de\n---\nLa portée du radar est de vingt kilomètres.\n");
    write("c.md", "# Radar\n");
    let languages = |unsaid| {
        let found = sorted(markdown::import(&scratch.0, unsaid, Folders::None));
        found.notes.iter().map(|note| note.language).collect::<Vec<_>>()
    };
    let (french, english, german) = (Language::French, Language::English, Language::German);
    assert_eq!(languages(Unsaid::Guessed(english)), [french, german, english]);
    assert_eq!(languages(Unsaid::Known(english)), [english, german, english]);
}

#[test]
fn the_pictures_of_the_rust_rfcs_come_with_them() {
    let Some((_scratch, folder)) = corpus("rust-rfcs", "rfcs") else { return };
    let found = sorted(markdown::import(&folder.join("text"), Unsaid::Guessed(Language::English), Folders::None));
    let names: Vec<&str> = found.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["project-group-workflow.svg", "diagram.svg"]);
}
