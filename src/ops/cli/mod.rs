//! The command line: what can be typed. Nothing here has a text: [`localise`] puts them on, from the Fluent files.
//!
//! | file | idea |
//! |---|---|
//! | `mod.rs` | the tree of nouns, and from argv to exit code |
//! | [`localise`] | help, headings and usage errors in the person's language |
//! | [`terminal`] | stdout, stderr, colours, progress |
//! | [`failure`] | exit codes |
//! | [`files`] | files read and written |
//! | [`session`] | commands that speak with a server |
//! | the others | one noun each |

mod bench;
mod config;
mod deployment;
mod export;
pub mod failure;
mod files;
mod import;
mod journal;
mod journal_read;
mod label;
mod localise;
mod pki;
mod session;
mod shell;
mod status;
mod store;
mod terminal;

use std::{ffi::OsString, future::Future, io, process::ExitCode};

use clap::{Args, FromArgMatches as _, Parser, Subcommand, error::ErrorKind};

pub use failure::{Exit, Failure, Outcome};
use terminal::{Colour, Form, Terminal};

use crate::words::Language;

/// What `main` read of the environment.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The locale, such as `fr_FR.UTF-8`.
    pub locale: Option<String>,
    /// Whether `NO_COLOR` is set.
    pub no_color: bool,
}

#[derive(Parser)]
#[command(name = "vigie", disable_version_flag = true, subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    noun: Noun,
}

#[derive(Args)]
struct Common {
    #[arg(long, global = true)]
    json: bool,
    #[arg(long, global = true, value_name = "fr|en|de", value_parser = ["fr", "en", "de"], hide_possible_values = true)]
    lang: Option<String>,
    #[arg(long, global = true)]
    no_color: bool,
}

#[derive(Subcommand)]
enum Noun {
    Demo(deployment::Demo),
    Init(deployment::Init),
    Serve(deployment::Serve),
    Status(status::Status),
    #[command(subcommand)]
    Config(config::Verb),
    #[command(subcommand)]
    Journal(journal::Verb),
    #[command(subcommand)]
    Store(store::Verb),
    #[command(subcommand)]
    Key(deployment::KeyVerb),
    #[command(subcommand)]
    Import(import::Verb),
    #[command(subcommand)]
    Export(export::Verb),
    #[command(subcommand)]
    Label(label::Verb),
    #[command(subcommand)]
    Pki(pki::Verb),
    Bench(bench::Bench),
    Completions(shell::Completions),
    Man(shell::Man),
}

/// From argv to the exit code.
pub fn run(arguments: impl Iterator<Item = OsString>, surroundings: &Surroundings) -> ExitCode {
    let arguments: Vec<OsString> = arguments.collect();
    let locale = surroundings.locale.as_deref().and_then(Language::from_preference);
    let asked = localise::asked_language(&arguments);
    let language = asked.or(locale).unwrap_or_default();
    let has = |option: &str| arguments.iter().any(|argument| argument == option);
    let colour = if surroundings.no_color || has("--no-color") { Colour::Never } else { Colour::Automatic };
    let form = if has("--json") { Form::Json } else { Form::Text };
    let terminal = Terminal { language, form, colour };

    let choice = match colour {
        Colour::Automatic => clap::ColorChoice::Auto,
        Colour::Never => clap::ColorChoice::Never,
    };
    let parsed = localise::command(language).color(choice).try_get_matches_from(arguments);
    let outcome = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => dispatch(cli, &terminal),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                error.print().map(|()| Exit::Done).map_err(|error| Failure::output(&error))
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                error.print().map(|()| Exit::Usage).map_err(|error| Failure::output(&error))
            }
            _ => Err(Failure::usage(localise::usage_error(&error))),
        },
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            terminal.complain(&failure);
            failure.exit.into()
        }
    }
}

fn dispatch(cli: Cli, terminal: &Terminal) -> Outcome {
    let terminal = &Terminal { form: if cli.common.json { Form::Json } else { terminal.form }, ..*terminal };
    match cli.noun {
        Noun::Demo(demo) => waiting(demo.run(terminal)),
        Noun::Init(init) => waiting(init.run(terminal)),
        Noun::Serve(serve) => waiting(serve.run(terminal)),
        Noun::Store(verb) => waiting(verb.run(terminal)),
        Noun::Key(verb) => verb.run(terminal),
        Noun::Status(status) => waiting(status.run(terminal)),
        Noun::Config(verb) => verb.run(terminal),
        Noun::Journal(verb) => verb.run(terminal),
        Noun::Import(verb) => waiting(verb.run(terminal)),
        Noun::Export(verb) => waiting(verb.run(terminal)),
        Noun::Label(verb) => verb.run(terminal),
        Noun::Pki(verb) => verb.run(terminal),
        Noun::Bench(bench) => waiting(bench.run(terminal)),
        Noun::Completions(shell) => shell.run(terminal),
        Noun::Man(man) => man.run(terminal),
    }
}

/// Runs a command that waits for the network or for many tasks.
fn waiting(work: impl Future<Output = Outcome>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error: io::Error| Failure::output(&error))?.block_on(work)
}
