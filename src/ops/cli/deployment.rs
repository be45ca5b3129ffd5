//! `vigie demo|init|serve`, `vigie key list`: what is done to a deployment on its own machine.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    config::signed,
    failure::{Exit, Failure, Outcome},
    files,
    terminal::{Form, Terminal, tell},
};
use crate::{
    clock::Clock,
    crypto::{
        Entropy,
        slots::{SlotKind, Slots},
    },
    ops::{
        demo,
        deployment::{Places, Unseal},
        init::{self, Plan},
        report::Report,
        serve::{self, Options},
    },
    words::{Language, Sentence, key},
};

/// What opens a deployment. Secrets come from files, never from the command line.
#[derive(Args)]
pub(super) struct Opening {
    #[arg(long, value_name = "FILE")]
    credential: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl Opening {
    pub(super) fn unseal(self) -> Result<Unseal, Failure> {
        let passphrase = self.passphrase_file.as_deref().map(words).transpose()?;
        Ok(Unseal { credential: self.credential, passphrase })
    }
}

/// The words of a custodian: the file's bytes without the end of its last line.
fn words(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut words = Zeroizing::new(files::read(path)?);
    let length = words.trim_ascii_end().len();
    words.truncate(length);
    Ok(words)
}

#[derive(Args)]
pub(super) struct Init {
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    #[arg(long, value_name = "TOML")]
    root: PathBuf,
    #[arg(long, value_name = "TOML")]
    config: PathBuf,
    #[arg(long, value_name = "TOML")]
    policy: Vec<PathBuf>,
    #[arg(long, value_name = "PEM")]
    cert: PathBuf,
    #[arg(long, value_name = "PEM")]
    key: PathBuf,
    #[command(flatten)]
    opening: Opening,
}

#[derive(Serialize)]
struct Begun {
    deployment: String,
    root_sha256: String,
    journal_key: String,
}

impl Init {
    pub(super) async fn run(self, terminal: &Terminal) -> Outcome {
        let unseal = self.opening.unseal()?;
        let policies = self.policy.iter().map(|path| files::read(path)).collect::<Result<_, _>>()?;
        let plan = Plan {
            root: signed(&self.root)?,
            config: signed(&self.config)?,
            policies,
            server_certificate: files::read(&self.cert)?,
            server_key: Zeroizing::new(files::read(&self.key)?),
            credential: unseal.credential,
            passphrase: unseal.passphrase.map(|words| (words, init::default_cost())),
        };
        let begun = init::init(&self.dir, plan, Clock::System, Entropy::default()).await?;
        let begun = Begun {
            deployment: begun.deployment.to_string(),
            root_sha256: begun.root.to_string(),
            journal_key: begun.journal_key,
        };
        let sentence = Sentence::new(key::CLI_SAY_BEGUN)
            .with("folder", self.dir.display().to_string())
            .with("deployment", begun.deployment.as_str())
            .with("root", begun.root_sha256.as_str())
            .with("key", begun.journal_key.as_str());
        terminal.result(&sentence, &begun)?;
        Ok(Exit::Done)
    }
}

#[derive(Args)]
pub(super) struct Serve {
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    #[command(flatten)]
    opening: Opening,
}

impl Serve {
    pub(super) async fn run(self, terminal: &Terminal) -> Outcome {
        log(terminal);
        let options = Options { dir: self.dir, address: self.listen, unseal: self.opening.unseal()? };
        serve::serve(options, Clock::System, Entropy::default(), Arc::new(OnTerminal::new(*terminal))).await?;
        Ok(Exit::Done)
    }
}

/// What the server logs, on stderr: never a title, a body or a query. JSON when results are.
fn log(terminal: &Terminal) {
    let builder = tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false);
    let set = match terminal.form {
        Form::Text => builder.try_init(),
        Form::Json => builder.json().try_init(),
    };
    // Refused only when a log is kept already.
    drop(set);
}

/// The terminal as the reader of a long command.
pub(super) struct OnTerminal {
    terminal: Terminal,
    bar: Mutex<Option<ProgressBar>>,
}

impl OnTerminal {
    pub(super) const fn new(terminal: Terminal) -> Self {
        Self { terminal, bar: Mutex::new(None) }
    }
}

impl Report for OnTerminal {
    fn language(&self) -> Language {
        self.terminal.language
    }

    fn text(&self, text: &str) {
        match self.terminal.form {
            // A command that still has work does not stop because nobody reads.
            Form::Text => drop(self.terminal.text(text)),
            Form::Json => tell(text),
        }
    }

    fn progress(&self, what: &Sentence, done: u64, total: u64) {
        let mut slot = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = slot.get_or_insert_with(|| self.terminal.bar(total, what));
        bar.set_length(total);
        bar.set_position(done);
        if done >= total {
            bar.finish_and_clear();
            *slot = None;
        }
    }
}

#[derive(Args)]
pub(super) struct Demo {
    #[arg(long, value_name = "DIR", default_value = "vigie-demo")]
    dir: PathBuf,
    #[arg(long, value_name = "N", default_value_t = 8443)]
    port: u16,
    #[arg(long)]
    once: bool,
}

impl Demo {
    pub(super) async fn run(self, terminal: &Terminal) -> Outcome {
        let options = demo::Options { dir: self.dir, port: self.port, once: self.once };
        demo::demo(options, Clock::System, Entropy::default(), Arc::new(OnTerminal::new(*terminal))).await?;
        Ok(Exit::Done)
    }
}

#[derive(Subcommand)]
pub(super) enum KeyVerb {
    List(KeyList),
}

#[derive(Args)]
pub(super) struct KeyList {
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

#[derive(Serialize)]
struct SlotShown {
    number: u32,
    kind: &'static str,
    memory_kib: Option<u32>,
    passes: Option<u32>,
}

impl KeyVerb {
    pub(super) fn run(self, terminal: &Terminal) -> Outcome {
        let Self::List(list) = self;
        let path = Places::at(list.dir).slots();
        let damaged = |_malformed| Failure::reading(&path, &std::io::ErrorKind::InvalidData.into());
        let slots: Slots = toml::from_str(&files::read_text(&path)?).map_err(damaged)?;
        for slot in &slots.slots {
            let (kind, key) = match slot.kind {
                SlotKind::Machine => ("machine", key::CLI_SAY_SLOT_MACHINE),
                SlotKind::Passphrase => ("passphrase", key::CLI_SAY_SLOT_PASSPHRASE),
                SlotKind::Pair => ("pair", key::CLI_SAY_SLOT_PAIR),
            };
            let shown = SlotShown {
                number: slot.number,
                kind,
                memory_kib: slot.cost.map(|cost| cost.memory_kib),
                passes: slot.cost.map(|cost| cost.passes),
            };
            terminal.result(&Sentence::new(key).with("number", slot.number), &shown)?;
        }
        Ok(Exit::Done)
    }
}
