//! argv to exit code.

use std::process::ExitCode;

use vigie::ops::cli::{self, Surroundings};

fn main() -> ExitCode {
    cli::run(std::env::args_os(), &surroundings())
}

/// The only reading of the environment: the language and the colours of the person at the terminal. Nothing that
/// Vigie decides depends on it.
#[expect(clippy::disallowed_methods, reason = "the locale of the terminal is in no file of ours")]
fn surroundings() -> Surroundings {
    // POSIX: the first of these that is not empty.
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| {
        let value = std::env::var(name).ok()?;
        (!value.is_empty()).then_some(value)
    });
    let no_color = std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty());
    Surroundings { locale, no_color }
}
