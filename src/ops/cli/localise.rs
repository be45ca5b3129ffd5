//! Puts the texts of a language on the bare command tree.
//!
//! The key of a command is its path (`cli-journal-verify`), that of an argument is its command's and its name
//! (`cli-journal-verify-arg-key`) or, for arguments that mean the same everywhere, its name alone (`cli-arg-server`).
//! Examples stand under `…-examples`.

use std::ffi::OsString;

use clap::{
    Arg, ArgAction, Command, CommandFactory as _,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::Cli;
use crate::words::{Key, Language, Sentence, key};

/// The whole command tree in a language.
pub(super) fn command(language: Language) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).global(true);
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let root = Cli::command().version(env!("CARGO_PKG_VERSION")).arg(help).arg(version);
    let words = Words { language };
    words.command(root, "cli").about(words.of(key::CLI_ABOUT)).after_help(words.of(key::CLI_EXITS))
}

/// The language that `--lang` asks for, wherever it stands: the help is wanted in it too.
pub(super) fn asked_language(arguments: &[OsString]) -> Option<Language> {
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--lang") {
            Some("") => return arguments.next().and_then(Language::from_preference),
            Some(rest) if rest.starts_with('=') => return Language::from_preference(rest.trim_start_matches('=')),
            // `--language` begins alike and says something of files.
            Some(_) | None => {}
        }
    }
    None
}

/// The key of an argument's help: its own, or the common one of its name.
pub(super) fn argument_key(path: &str, id: &str) -> Option<Key> {
    let id = id.replace('_', "-");
    Key::named(&format!("{path}-arg-{id}")).or_else(|| Key::named(&format!("cli-arg-{id}")))
}

/// The key of a command's examples, if it has some.
pub(super) fn examples_key(path: &str) -> Option<Key> {
    Key::named(&format!("{path}-examples"))
}

#[derive(Clone, Copy)]
struct Words {
    language: Language,
}

impl Words {
    fn of(self, key: Key) -> String {
        Sentence::new(key).render(self.language)
    }

    fn command(self, command: Command, path: &str) -> Command {
        let template = format!(
            "{{about-with-newline}}\n{} {{usage}}\n\n{{before-help}}{{all-args}}{{after-help}}",
            self.of(key::CLI_HELP_USAGE)
        );
        let mut command = command
            .help_template(template)
            .disable_help_flag(true)
            .disable_help_subcommand(true)
            .subcommand_help_heading(self.of(key::CLI_HELP_COMMANDS))
            .subcommand_value_name(self.of(key::CLI_HELP_COMMAND))
            .mut_args(|argument| self.argument(argument, path))
            .mut_subcommands(|below| {
                let path = format!("{path}-{}", below.get_name());
                self.command(below, &path)
            });
        if let Some(about) = Key::named(path) {
            command = command.about(self.of(about));
        }
        if let Some(examples) = examples_key(path) {
            command = command.before_help(format!("{}\n{}", self.of(key::CLI_HELP_EXAMPLES), self.of(examples)));
        }
        command
    }

    fn argument(self, argument: Arg, path: &str) -> Arg {
        let mut help = argument_key(path, argument.get_id().as_str()).map_or(String::new(), |key| self.of(key));
        let values: Vec<String> =
            argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        let flag = !argument.get_action().takes_values();
        if !values.is_empty() && !flag && !argument.is_hide_possible_values_set() {
            let sentence = Sentence::new(key::CLI_HELP_VALUES).with("values", values.join(", "));
            help = format!("{help} {}", sentence.render(self.language));
        }
        if let Some(default) = argument.get_default_values().first().filter(|_| !flag) {
            let sentence = Sentence::new(key::CLI_HELP_DEFAULT).with("value", default.to_string_lossy().into_owned());
            help = format!("{help} {}", sentence.render(self.language));
        }
        let heading = if argument.is_positional() {
            key::CLI_HELP_ARGUMENTS
        } else if argument.is_global_set() || argument.get_id() == "version" {
            key::CLI_HELP_GLOBAL
        } else {
            key::CLI_HELP_OPTIONS
        };
        let argument = argument.help(help).help_heading(self.of(heading));
        // clap's own check: a flag has no values to hide.
        if flag { argument } else { argument.hide_possible_values(true).hide_default_value(true) }
    }
}

/// What is wrong with a command line, and how the command is meant to be written.
pub(super) fn usage_error(error: &clap::Error) -> Sentence {
    let texts = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        _ => Vec::new(),
    };
    let joined = |kind| texts(kind).join(", ");
    let argument = || joined(ContextKind::InvalidArg);
    let reason = match error.kind() {
        ErrorKind::UnknownArgument => Sentence::new(key::CLI_USAGE_UNKNOWN)
            .with("word", argument())
            .with("hint", hint(&texts(ContextKind::SuggestedArg))),
        ErrorKind::InvalidSubcommand => Sentence::new(key::CLI_USAGE_COMMAND)
            .with("word", joined(ContextKind::InvalidSubcommand))
            .with("hint", hint(&texts(ContextKind::SuggestedSubcommand))),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if joined(ContextKind::InvalidValue).is_empty() => {
            Sentence::new(key::CLI_USAGE_NO_VALUE).with("argument", argument())
        }
        ErrorKind::InvalidValue => Sentence::new(key::CLI_USAGE_VALUE_OF)
            .with("value", joined(ContextKind::InvalidValue))
            .with("argument", argument())
            .with("values", joined(ContextKind::ValidValue)),
        ErrorKind::ValueValidation => Sentence::new(key::CLI_USAGE_VALUE)
            .with("value", joined(ContextKind::InvalidValue))
            .with("argument", argument()),
        ErrorKind::MissingRequiredArgument => Sentence::new(key::CLI_USAGE_MISSING).with("arguments", argument()),
        ErrorKind::ArgumentConflict => Sentence::new(key::CLI_USAGE_CONFLICT)
            .with("argument", argument())
            .with("other", joined(ContextKind::PriorArg)),
        _ => Sentence::new(key::CLI_USAGE_OTHER).with("argument", argument()),
    };
    let usage = joined(ContextKind::Usage);
    // The word before the colon is clap's own, in English.
    let usage = usage.split_once(':').map_or(usage.as_str(), |(_word, usage)| usage).trim().to_owned();
    if usage.is_empty() { reason } else { Sentence::new(key::CLI_USAGE).with("reason", reason).with("usage", usage) }
}

fn hint(suggested: &[String]) -> Sentence {
    match suggested.first() {
        Some(word) => Sentence::new(key::CLI_USAGE_HINT).with("word", word.as_str()),
        None => Sentence::new(key::CLI_USAGE_NO_HINT),
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// Every key that the tree wants, present or not.
    fn wanted(command: &Command, path: &str, found: &mut BTreeSet<String>, missing: &mut Vec<String>) {
        if path != "cli" {
            found.insert(path.to_owned());
        }
        found.extend(examples_key(path).map(|key| key.name().to_owned()));
        for argument in command.get_arguments() {
            match argument_key(path, argument.get_id().as_str()) {
                Some(key) => drop(found.insert(key.name().to_owned())),
                None => missing.push(format!("{path}-arg-{}", argument.get_id())),
            }
        }
        for below in command.get_subcommands() {
            wanted(below, &format!("{path}-{}", below.get_name()), found, missing);
        }
    }

    fn sources(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, text);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                text.push_str(&fs::read_to_string(&path).expect("a source"));
            }
        }
    }

    #[test]
    fn every_command_and_argument_has_its_text_and_every_text_its_use() {
        let (mut found, mut missing) = (BTreeSet::new(), Vec::new());
        wanted(&command(Language::French), "cli", &mut found, &mut missing);
        missing.extend(found.iter().filter(|name| Key::named(name).is_none()).cloned());
        assert!(missing.is_empty(), "no text for {missing:#?}");

        let mut code = String::new();
        sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut code);
        let unused: Vec<&str> = key::ALL
            .iter()
            .map(|key| key.name())
            .filter(|name| name.starts_with("cli-") && !found.contains(*name))
            .filter(|name| !code.contains(&format!("key::{}", name.to_uppercase().replace('-', "_"))))
            .collect();
        assert!(unused.is_empty(), "texts without use: {unused:#?}");
    }

    #[test]
    fn the_tree_keeps_the_rules_of_its_parser() {
        for language in Language::ALL {
            command(language).debug_assert();
        }
    }

    #[test]
    fn the_language_may_be_asked_for_anywhere() {
        let asked = |line: &str| asked_language(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(asked("vigie label --lang de check"), Some(Language::German));
        assert_eq!(asked("vigie --lang=en"), Some(Language::English));
        assert_eq!(asked("vigie --lang"), None);
        assert_eq!(asked("vigie --language=en"), None);
        assert_eq!(asked("vigie import --language fr --lang en"), Some(Language::English));
    }
}
