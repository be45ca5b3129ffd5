//! `vigie status`: of a server as we see it, or of a stopped deployment.

use std::path::PathBuf;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{
    failure::{Exit, Outcome},
    session::{Server, ServerOrNone, Session},
    terminal::{Terminal, harmless},
};
use crate::{
    audit::{Checkpoint, Note},
    clock::{Clock, Time},
    config::Folder,
    label::LabelView,
    ops::deployment::Places,
    words::{Sentence, key},
};

#[derive(Args)]
pub(super) struct Status {
    #[arg(long, value_name = "DIR", conflicts_with = "server", required_unless_present = "server")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    server: ServerOrNone,
}

#[derive(Serialize, Deserialize)]
struct Me {
    account: Account,
    clearance: LabelView,
    working: LabelView,
    roles: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Account {
    id: String,
    name: String,
    display: String,
    nation: String,
}

#[derive(Serialize)]
struct Standing {
    deployment: String,
    root_epoch: u64,
    config_epoch: u64,
    revocations: u64,
    config_sha256: String,
    signers: Vec<String>,
    config_expires: Time,
    root_expires: Time,
    crls: Vec<List>,
    accounts: usize,
    in_force: bool,
    journal_entries: Option<u64>,
}

#[derive(Serialize)]
struct List {
    issuer: String,
    next_update: Time,
}

impl Status {
    pub(super) async fn run(self, terminal: &Terminal) -> Outcome {
        match (self.server.given(), self.dir) {
            (Some(server), _) => of_server(&server, terminal).await,
            (None, dir) => of_folder(&Places::at(dir.unwrap_or_default()), terminal),
        }
    }
}

async fn of_server(server: &Server, terminal: &Terminal) -> Outcome {
    let me: Me = Session::open(server, terminal).await?.json("/api/v1/me").await?;
    let mut sentence = Sentence::new(key::CLI_SAY_STATUS)
        .with("display", harmless(&me.account.display))
        .with("name", harmless(&me.account.name))
        .with("nation", harmless(&me.account.nation))
        .with("clearance", harmless(&me.clearance.marking))
        .with("working", harmless(&me.working.marking));
    sentence = if me.roles.is_empty() {
        sentence.with("roles", Sentence::new(key::CLI_SAY_NO_ROLE))
    } else {
        sentence.with("roles", harmless(&me.roles.join(", ")))
    };
    terminal.result(&sentence, &me)?;
    Ok(Exit::Done)
}

/// What can be said without any key: the signed files, and what the journal's checkpoint claims.
fn of_folder(places: &Places, terminal: &Terminal) -> Outcome {
    let in_force = Folder::at(places.config()).load()?;
    let (root, config) = (&in_force.root, &in_force.config);
    let journal = std::fs::read(places.checkpoint()).ok().and_then(|bytes| Note::parse(&bytes).ok());
    let journal = journal.and_then(|note| Checkpoint::parse(note.text()).ok());
    let crls = config.crls().iter().map(|crl| List { issuer: crl.issuer().to_owned(), next_update: crl.next_update() });
    let standing = Standing {
        deployment: config.deployment().to_string(),
        root_epoch: root.epoch(),
        config_epoch: config.epoch(),
        revocations: config.revocations(),
        config_sha256: config.digest().to_string(),
        signers: config.signers().to_vec(),
        config_expires: config.expires(),
        root_expires: root.expires(),
        crls: crls.collect(),
        accounts: config.accounts().len(),
        in_force: config.in_force(Clock::System.now()),
        journal_entries: journal.map(|checkpoint| checkpoint.size),
    };
    let lists = standing.crls.iter().map(|list| format!("{} ({})", harmless(&list.issuer), list.next_update));
    let sentence = Sentence::new(key::CLI_SAY_STANDING)
        .with("deployment", standing.deployment.as_str())
        .with("epoch", standing.config_epoch)
        .with("revocations", standing.revocations)
        .with("digest", standing.config_sha256.as_str())
        .with("signers", standing.signers.join(", "))
        .with("expires", standing.config_expires.to_string())
        .with("root", standing.root_expires.to_string())
        .with("lists", lists.collect::<Vec<_>>().join(", "))
        .with("accounts", standing.accounts)
        .with("entries", standing.journal_entries.unwrap_or(0))
        .with(
            "force",
            Sentence::new(if standing.in_force { key::CLI_SAY_IN_FORCE } else { key::CLI_SAY_OUT_OF_FORCE }),
        );
    terminal.result(&sentence, &standing)?;
    Ok(if standing.in_force { Exit::Done } else { Exit::Unavailable })
}
