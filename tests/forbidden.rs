//! Ways round the monitor that must not compile (DESIGN §2). Each program of `tests/forbidden/` is given to the compiler
//! with the library that this very run has built, and must be refused for the reason beside it.
//!
//! Not trybuild: it builds the library again in a project of its own, and RocksDB with it.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The compiled library that this test program is linked with: of those beside it, the last one made before it.
/// (Asking cargo would be exact, but the environment of a running test makes it compile ring anew.)
fn library() -> PathBuf {
    let program = std::env::current_exe().expect("a running program");
    let age = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).expect("a file with a date");
    let linked = age(&program);
    let folder = program.parent().expect("a program stands in a folder");
    fs::read_dir(folder)
        .expect("a readable folder")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libvigie-")))
        .filter(|path| path.extension().is_some_and(|extension| extension == "rlib") && age(path) <= linked)
        .max_by_key(|path| age(path))
        .expect("the library stands beside this program")
}

/// What the compiler says of a program, one line an error; empty when it compiles.
fn verdict(library: &Path, program: &Path) -> String {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("forbidden");
    fs::create_dir_all(&out).expect("the target folder can be written");
    let output = Command::new(Path::new(env!("CARGO")).with_file_name("rustc"))
        .current_dir(project())
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "--error-format", "short"])
        .args(["--cap-lints", "allow", "--out-dir"])
        .arg(&out)
        .arg("-L")
        .arg(format!("dependency={}", library.with_file_name("").display()))
        .arg("--extern")
        .arg(format!("vigie={}", library.display()))
        .arg(program)
        .output()
        .expect("rustc runs");
    let said = String::from_utf8(output.stderr).expect("rustc writes UTF-8");
    let errors: Vec<&str> = said.lines().filter(|line| line.contains(": error")).collect();
    assert_eq!(output.status.success(), errors.is_empty(), "{}: {said}", program.display());
    errors.join("\n")
}

#[test]
fn no_way_round_the_monitor_compiles() {
    let library = library();
    let mut programs: Vec<PathBuf> = fs::read_dir(project().join("tests/forbidden"))
        .expect("tests/forbidden is there")
        .map(|entry| Path::new("tests/forbidden").join(entry.expect("a readable folder").file_name()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    programs.sort();
    assert!(programs.len() > 12, "only {} programs", programs.len());
    let mut faults = Vec::new();
    for program in programs {
        let found = verdict(&library, &program);
        if program.ends_with("lawful.rs") {
            assert_eq!(found, "", "the lawful program must compile, or the others prove nothing");
            continue;
        }
        let expected = fs::read_to_string(project().join(program.with_extension("stderr"))).unwrap_or_default();
        if found.is_empty() {
            faults.push(format!("{} compiles", program.display()));
        } else if found.trim() != expected.trim() {
            faults.push(format!("{} is refused, but otherwise than its .stderr says:\n{found}", program.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
