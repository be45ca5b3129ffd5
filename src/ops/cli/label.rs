//! `vigie label check|join|convert`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    failure::{Exit, Failure, Outcome},
    files,
    terminal::Terminal,
};
use crate::{
    clock::{Clock, Time},
    label::Policy,
    limits::LABEL_REVIEW_MS,
    ops::label::{self, Dates, Form, Source},
    words::{Sentence, key},
};

#[derive(Subcommand)]
pub(super) enum Verb {
    Check(Check),
    Join(Join),
    Convert(Convert),
}

#[derive(Args)]
struct Words {
    #[arg(long = "policy", value_name = "ID", conflicts_with = "policy_file", default_value = "fr-igi1300")]
    builtin: String,
    #[arg(long, value_name = "TOML")]
    policy_file: Option<PathBuf>,
}

impl Words {
    fn read(&self) -> Result<Policy, Failure> {
        match &self.policy_file {
            Some(file) => Ok(label::policy(Source::Text(&files::read_text(file)?))?),
            None => Ok(label::policy(Source::Builtin(&self.builtin))?),
        }
    }
}

#[derive(Args)]
pub(super) struct Check {
    #[arg(value_name = "LABEL")]
    text: String,
    #[command(flatten)]
    words: Words,
}

#[derive(Args)]
pub(super) struct Join {
    #[arg(value_name = "LABEL", required = true)]
    texts: Vec<String>,
    #[command(flatten)]
    words: Words,
}

#[derive(Args)]
pub(super) struct Convert {
    #[arg(value_name = "LABEL")]
    text: String,
    #[arg(long, value_name = "FORM", value_parser = ["text", "json", "stanag", "marking"])]
    to: String,
    #[arg(long, value_name = "DATE")]
    review: Option<String>,
    #[command(flatten)]
    words: Words,
}

#[derive(Serialize)]
struct Converted<'a> {
    form: &'a str,
    text: &'a str,
}

impl Verb {
    pub(super) fn run(self, terminal: &Terminal) -> Outcome {
        let report = match self {
            Self::Check(check) => label::check(&check.words.read()?, &given(&check.text)?, terminal.language)?,
            Self::Join(join) => {
                let texts = join.texts.iter().map(|text| given(text)).collect::<Result<Vec<_>, _>>()?;
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                label::join(&join.words.read()?, &texts, terminal.language)?
            }
            Self::Convert(convert) => return convert.run(terminal),
        };
        terminal.result(&report.sentence(), &report)?;
        Ok(Exit::Done)
    }
}

impl Convert {
    fn run(self, terminal: &Terminal) -> Outcome {
        let form = Form::named(&self.to).unwrap_or(Form::Text);
        let created = Clock::System.now();
        let review = match &self.review {
            None => created.plus_ms(LABEL_REVIEW_MS),
            Some(text) => date(text)?,
        };
        let dates = Dates { created, review };
        let text = label::convert(&self.words.read()?, &given(&self.text)?, form, dates, terminal.language)?;
        match terminal.form {
            super::terminal::Form::Text => terminal.text(&text)?,
            super::terminal::Form::Json => terminal.document(&Converted { form: form.name(), text: &text })?,
        }
        Ok(Exit::Done)
    }
}

/// A label may be long (STANAG 4774 is XML): `-` reads it from stdin.
fn given(text: &str) -> Result<String, Failure> {
    if text == "-" { files::read_text("-".as_ref()) } else { Ok(text.to_owned()) }
}

/// `2031-11-22`, or a time of RFC 3339.
pub(super) fn date(text: &str) -> Result<Time, Failure> {
    let time = Time::parse(text).or_else(|| Time::parse(&format!("{text}T00:00:00Z")));
    time.ok_or_else(|| Failure::usage(Sentence::new(key::CLI_SAY_BAD_DATE).with("date", text)))
}
