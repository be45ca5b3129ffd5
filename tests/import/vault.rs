//! Markdown vaults: what notes carry, and the folders they lie in.

use std::fs;

use vigie::{
    ops::import::{Folders, item::Content, markdown},
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

    let found = sorted(markdown::import(root, Language::English, Folders::Tags));
    let files: Vec<(&str, &str, u64)> =
        found.files.iter().map(|file| (file.note.as_str(), file.name.as_str(), file.content.length())).collect();
    assert_eq!(files, [("plans/2026/a.md", "doc.pdf", 4), ("plans/2026/a.md", "plan.png", 3)]);
    assert!(matches!(&found.files[0].content, Content::File { path, .. } if path.ends_with("doc.pdf")));
    assert_eq!(found.ends(), [("plans/2026/a.md", "related", "b.md")]);
    assert_eq!(found.codes(), ["symbolic-link", "no-such-file", "no-such-file"], "never through a link");
    assert_eq!(found.notes[2].tags, ["plans", "plans/2026"]);
    let found = sorted(markdown::import(root, Language::English, Folders::Nothing));
    assert!(found.notes.iter().all(|note| note.tags.is_empty()));
}

#[test]
fn the_pictures_of_the_rust_rfcs_come_with_them() {
    let Some((_scratch, folder)) = corpus("rust-rfcs", "rfcs") else { return };
    let found = sorted(markdown::import(&folder.join("text"), Language::English, Folders::Nothing));
    let names: Vec<&str> = found.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["project-group-workflow.svg", "diagram.svg"]);
}
