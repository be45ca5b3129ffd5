//! `vigie config check|diff|sign-request|submit`: what signers read before they sign, and how a file is handed in.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    failure::{Exit, Failure, Outcome},
    files,
    terminal::{Form, Terminal},
};
use crate::{
    clock::{Clock, Time},
    config::{Config, Folder, Kind, Refusal, Root, SignedFile, accept},
    limits::SIGNATURES_MAX,
    ops::deployment::Places,
    words::{Sentence, key},
};

#[derive(Subcommand)]
pub(super) enum Verb {
    Check(Subject),
    Diff(Subject),
    SignRequest(Subject),
    Submit(Submit),
}

#[derive(Args)]
pub(super) struct Subject {
    #[arg(value_name = "TOML")]
    file: PathBuf,
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    #[arg(long, value_name = "TOML", conflicts_with = "dir")]
    root: Option<PathBuf>,
    #[arg(long, value_name = "TOML")]
    policy: Vec<PathBuf>,
}

#[derive(Args)]
pub(super) struct Submit {
    #[arg(value_name = "TOML")]
    file: PathBuf,
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    #[arg(long, value_name = "TOML")]
    policy: Vec<PathBuf>,
}

/// What the file is compared with.
#[derive(Default)]
struct Ground {
    root: Option<Root>,
    config: Option<Config>,
}

#[derive(Serialize)]
struct Report {
    kind: &'static str,
    namespace: String,
    sha256: String,
    signatures_needed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_by: Option<Vec<String>>,
    changes: Vec<String>,
}

impl Verb {
    pub(super) fn run(self, terminal: &Terminal) -> Outcome {
        match self {
            Self::Check(subject) => subject.check(terminal),
            Self::Diff(subject) => subject.diff(terminal),
            Self::SignRequest(subject) => subject.sign_request(terminal),
            Self::Submit(submit) => submit.run(terminal),
        }
    }
}

impl Subject {
    /// Who may sign and what is in force, for the file's sake: a deployment's, or a first root beside a first file.
    fn ground(&self, now: Time) -> Result<Ground, Failure> {
        match (&self.dir, &self.root) {
            (Some(dir), _) => ground_of(dir.clone()),
            (None, Some(root)) => {
                let root = accept::first_root(&signed(root)?, now)?;
                Ok(Ground { root: Some(root), config: None })
            }
            (None, None) => Ok(Ground::default()),
        }
    }

    fn draft(&self, now: Time) -> Result<(Ground, SignedFile, accept::Draft), Failure> {
        let ground = self.ground(now)?;
        let file = signed(&self.file)?;
        let policies = read_all(&self.policy)?;
        let draft = accept::draft(ground.root.as_ref(), ground.config.as_ref(), &file.bytes, &policies, now)?;
        Ok((ground, file, draft))
    }

    /// Everything but the signatures when none lies beside the file; everything when some do.
    fn check(self, terminal: &Terminal) -> Outcome {
        let now = Clock::System.now();
        let (ground, file, draft) = self.draft(now)?;
        let signers = if file.signatures.is_empty() {
            None
        } else {
            Some(signers(&ground, &file, draft.kind, &read_all(&self.policy)?, now)?)
        };
        let sentence = match &signers {
            Some(signers) => Sentence::new(key::CLI_SAY_FILE_GOOD).with("signers", signers.join(", ")),
            None => Sentence::new(key::CLI_SAY_FILE_UNSIGNED).with("needed", draft.needed),
        };
        let sentence = sentence.with("file", draft.kind.file_name()).with("digest", draft.digest.to_string());
        terminal.result(&sentence, &report(&draft, signers, terminal))?;
        Ok(Exit::Done)
    }

    fn diff(self, terminal: &Terminal) -> Outcome {
        let (_ground, _file, draft) = self.draft(Clock::System.now())?;
        let report = report(&draft, None, terminal);
        if terminal.form == Form::Json {
            terminal.document(&report)?;
            return Ok(Exit::Done);
        }
        for change in &report.changes {
            terminal.text(change)?;
        }
        if report.changes.is_empty() {
            terminal.say(&Sentence::new(key::CLI_SAY_NO_CHANGE));
        }
        Ok(Exit::Done)
    }

    fn sign_request(self, terminal: &Terminal) -> Outcome {
        let (_ground, _file, draft) = self.draft(Clock::System.now())?;
        let sentence = Sentence::new(key::CLI_SAY_SIGN_REQUEST)
            .with("file", self.file.display().to_string())
            .with("digest", draft.digest.to_string())
            .with("needed", draft.needed)
            .with("namespace", draft.namespace.as_str());
        let report = report(&draft, None, terminal);
        terminal.result(&sentence.with("changes", report.changes.join("\n")), &report)?;
        Ok(Exit::Done)
    }
}

impl Submit {
    fn run(self, terminal: &Terminal) -> Outcome {
        let now = Clock::System.now();
        let policies = read_all(&self.policy)?;
        let ground = ground_of(self.dir.clone())?;
        let file = signed(&self.file)?;
        let draft = accept::draft(ground.root.as_ref(), ground.config.as_ref(), &file.bytes, &policies, now)?;
        let signers = signers(&ground, &file, draft.kind, &policies, now)?;
        Folder::at(Places::at(self.dir).config()).submit(draft.kind, &file, &policies)?;
        let sentence = Sentence::new(key::CLI_SAY_SUBMITTED)
            .with("file", draft.kind.file_name())
            .with("signers", signers.join(", "));
        terminal.result(&sentence, &report(&draft, Some(signers), terminal))?;
        Ok(Exit::Done)
    }
}

fn ground_of(dir: PathBuf) -> Result<Ground, Failure> {
    let in_force = Folder::at(Places::at(dir).config()).load()?;
    Ok(Ground { root: Some(Root::clone(&in_force.root)), config: Some(Config::clone(&in_force.config)) })
}

/// Who signed, if that is enough: the very checks that the server makes.
fn signers(
    ground: &Ground,
    file: &SignedFile,
    kind: Kind,
    policies: &[Vec<u8>],
    now: Time,
) -> Result<Vec<String>, Refusal> {
    Ok(match (kind, &ground.root, &ground.config) {
        (Kind::Root, Some(root), _) => accept::next_root(root, file, now)?.signers().to_vec(),
        (Kind::Config, Some(root), Some(config)) => {
            accept::next_config(root, config, file, policies, now)?.signers().to_vec()
        }
        (Kind::Config, Some(root), None) => accept::first_config(root, file, policies, now)?.signers().to_vec(),
        (Kind::Revoke, Some(root), Some(config)) => accept::next_revoke(root, config, file, now)?.signers().to_vec(),
        (Kind::Root, None, _) | (Kind::Config | Kind::Revoke, _, _) => {
            accept::first_root(file, now)?.signers().to_vec()
        }
    })
}

fn report(draft: &accept::Draft, signed_by: Option<Vec<String>>, terminal: &Terminal) -> Report {
    Report {
        kind: draft.kind.word(),
        namespace: draft.namespace.clone(),
        sha256: draft.digest.to_string(),
        signatures_needed: draft.needed,
        signed_by,
        changes: draft.changes.iter().map(|change| change.render(terminal.language)).collect(),
    }
}

/// A file with the signatures beside it: `NAME.sig` as `ssh-keygen` writes it, `NAME.sig.1` and so on.
pub(super) fn signed(path: &Path) -> Result<SignedFile, Failure> {
    let bytes = files::read(path)?;
    let beside = |ending: String| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let numbered = (1..=SIGNATURES_MAX).map(|number| beside(format!(".sig.{number}")));
    let mut signatures = Vec::new();
    for path in std::iter::once(beside(".sig".to_owned())).chain(numbered) {
        if fs::exists(&path).unwrap_or(false) {
            signatures.push(files::read(&path)?);
        }
    }
    Ok(SignedFile { bytes, signatures })
}

fn read_all(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, Failure> {
    paths.iter().map(|path| files::read(path)).collect()
}
