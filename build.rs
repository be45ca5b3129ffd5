//! Turns the Fluent files of `src/words/{fr,en,de}` into constants, one for
//! each key, and fails the build when the three languages differ in their keys
//! or in the variables of a key.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a build script fails by panicking, and cargo speaks to it through the environment"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
};

use fluent_syntax::ast;

const LANGUAGES: [&str; 3] = ["fr", "en", "de"];

/// Key -> the variables its text uses.
type Keys = BTreeMap<String, BTreeSet<String>>;

fn main() {
    let root = Path::new("src/words");
    println!("cargo::rerun-if-changed=src/words");
    println!("cargo::rerun-if-changed=build.rs");
    let mut sources = String::new();
    let mut keys_by_language = BTreeMap::new();
    for language in LANGUAGES {
        let (keys, text) = read_language(&root.join(language));
        sources.push_str(&format!(
            "/// All Fluent text of this language.\npub(super) const {}: &str = {text:?};\n",
            language.to_uppercase()
        ));
        keys_by_language.insert(language, keys);
    }
    let french = keys_by_language["fr"].clone();
    for language in ["en", "de"] {
        assert_same_keys(&french, &keys_by_language[language], language);
    }
    for key in french.keys() {
        let name = key.to_uppercase().replace('-', "_");
        sources.push_str(&format!("/// `{key}`\npub const {name}: super::Key = super::Key({key:?});\n"));
    }
    let listed: Vec<String> = french.keys().map(|key| format!("super::Key({key:?})")).collect();
    sources.push_str(&format!("/// Every key, sorted.\npub const ALL: &[super::Key] = &[{}];\n", listed.join(", ")));
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("keys.rs"), sources).expect("OUT_DIR can be written");
}

fn read_language(folder: &Path) -> (Keys, String) {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ftl"))
        .collect();
    files.sort();
    let (mut keys, mut all) = (Keys::new(), String::new());
    for path in files {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let resource = fluent_syntax::parser::parse(text.as_str())
            .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", path.display()));
        for entry in &resource.body {
            match entry {
                ast::Entry::Message(message) => {
                    let mut variables = BTreeSet::new();
                    let pattern = message.value.as_ref();
                    collect_pattern(pattern.expect("a message has a value"), &mut variables);
                    let key = message.id.name.to_owned();
                    assert!(keys.insert(key, variables).is_none(), "{}: {} twice", path.display(), message.id.name);
                }
                ast::Entry::Junk { content } => panic!("{}: cannot read {content:?}", path.display()),
                ast::Entry::Term(_)
                | ast::Entry::Comment(_)
                | ast::Entry::GroupComment(_)
                | ast::Entry::ResourceComment(_) => {}
            }
        }
        all.push_str(&text);
        all.push('\n');
    }
    (keys, all)
}

fn assert_same_keys(french: &Keys, other: &Keys, language: &str) {
    for (key, variables) in french {
        match other.get(key) {
            None => panic!("src/words: key {key} is missing in {language}"),
            Some(theirs) => assert_eq!(variables, theirs, "src/words: key {key} has other variables in {language}"),
        }
    }
    for key in other.keys() {
        assert!(french.contains_key(key), "src/words: key {key} is missing in fr");
    }
}

fn collect_pattern(pattern: &ast::Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            collect_expression(expression, variables);
        }
    }
}

fn collect_expression(expression: &ast::Expression<&str>, variables: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Select { selector, variants } => {
            collect_inline(selector, variables);
            for variant in variants {
                collect_pattern(&variant.value, variables);
            }
        }
        ast::Expression::Inline(inline) => collect_inline(inline, variables),
    }
}

fn collect_inline(inline: &ast::InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        ast::InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                collect_inline(argument, variables);
            }
        }
        ast::InlineExpression::Placeable { expression } => collect_expression(expression, variables),
        _ => {}
    }
}
