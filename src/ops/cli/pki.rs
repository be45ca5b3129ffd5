//! `vigie pki`: the small authority of a site that has none. Its folder holds `ca.pem`, `ca.key`, `crl.pem` and
//! `revoked.toml`, which says what the next list must say.

use std::{
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    failure::{Exit, Failure, Outcome},
    files::{self, Readers},
    terminal::Terminal,
};
use crate::{
    clock::{Clock, Time},
    crypto::Entropy,
    ops::pki::{self, Authority, Issued, Revoked, Role, Serial},
    words::{Sentence, key},
};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

#[derive(Subcommand)]
pub(super) enum Verb {
    New(New),
    IssueServer(IssueServer),
    IssueClient(IssueClient),
    Sign(Sign),
    Crl(Crl),
}

#[derive(Args)]
struct Place {
    #[arg(long = "dir", value_name = "DIR")]
    authority: PathBuf,
}

#[derive(Args)]
struct Life {
    #[arg(long, value_name = "N", default_value_t = 365)]
    days: u32,
}

#[derive(Args)]
struct Names {
    #[arg(long = "dns", value_name = "NAME")]
    dns: Vec<String>,
    #[arg(long = "ip", value_name = "IP")]
    ip: Vec<IpAddr>,
}

#[derive(Args)]
pub(super) struct New {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "NAME")]
    name: String,
    #[arg(long, value_name = "N", default_value_t = 10)]
    years: u32,
}

#[derive(Args)]
pub(super) struct IssueServer {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    names: Names,
    #[command(flatten)]
    life: Life,
    #[arg(long, value_name = "BASE", default_value = "server")]
    out: PathBuf,
}

#[derive(Args)]
pub(super) struct IssueClient {
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    life: Life,
    #[arg(long, value_name = "BASE")]
    out: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct Sign {
    #[arg(value_name = "CSR")]
    request: PathBuf,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    names: Names,
    #[command(flatten)]
    life: Life,
    #[arg(long, value_name = "PEM")]
    out: PathBuf,
}

#[derive(Args)]
pub(super) struct Crl {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "PEM|SERIAL")]
    revoke: Vec<String>,
    #[arg(long, value_name = "N", default_value_t = 90)]
    days: u32,
}

/// `revoked.toml`.
#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Register {
    /// Number of the last list.
    number: u64,
    #[serde(default)]
    revoked: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    serial: String,
    at: Time,
}

#[derive(Serialize)]
struct Made {
    certificate: PathBuf,
    key: Option<PathBuf>,
    serial: String,
    fingerprint: String,
}

#[derive(Serialize)]
struct Listed {
    crl: PathBuf,
    number: u64,
    revoked: usize,
    next_update: Time,
}

impl Verb {
    pub(super) fn run(self, terminal: &Terminal) -> Outcome {
        match self {
            Self::New(new) => new.run(terminal),
            Self::IssueServer(issue) => {
                let issued = issue.place.open()?.issue_server(&issue.names.dns, &issue.names.ip, issue.life.days)?;
                keep(terminal, &issued, &issue.out)
            }
            Self::IssueClient(issue) => {
                let issued = issue.place.open()?.issue_client(&issue.name, issue.life.days)?;
                keep(terminal, &issued, &issue.out.unwrap_or_else(|| PathBuf::from(issue.name)))
            }
            Self::Sign(sign) => {
                let Names { dns: names, ip: addresses } = sign.names;
                let client = names.is_empty() && addresses.is_empty();
                let role = if client { Role::Client } else { Role::Server { names, addresses } };
                let request = files::read_text(&sign.request)?;
                let issued = sign.place.open()?.sign_request(&request, &role, sign.life.days)?;
                files::write_new(&sign.out, issued.certificate.as_bytes(), Readers::Everybody)?;
                tell(terminal, &issued, sign.out, None)
            }
            Self::Crl(crl) => crl.run(terminal),
        }
    }
}

impl Place {
    fn file(&self, name: &str) -> PathBuf {
        self.authority.join(name)
    }

    fn open(&self) -> Result<Authority, Failure> {
        let certificate = files::read_text(&self.file("ca.pem"))?;
        let key = Zeroizing::new(files::read_text(&self.file("ca.key"))?);
        Ok(Authority::open(&certificate, &key, Clock::System, Entropy::default())?)
    }

    /// Signs the next list and keeps what it says; the register comes first, so that no number is used twice.
    fn publish(&self, authority: &Authority, mut register: Register, days: u32) -> Result<Listed, Failure> {
        let path = self.file("revoked.toml");
        let malformed = || Failure::reading(&path, &std::io::ErrorKind::InvalidData.into());
        let mut revoked = Vec::with_capacity(register.revoked.len());
        for entry in &register.revoked {
            revoked.push(Revoked { serial: Serial::parse(&entry.serial).ok_or_else(malformed)?, at: entry.at });
        }
        register.number = register.number.saturating_add(1);
        let next_update = Clock::System.now().plus_ms(DAY_MS.saturating_mul(days.into()));
        let list = authority.revocation_list(&revoked, register.number, next_update)?;
        let text = toml::to_string(&register).map_err(|_never| malformed())?;
        files::replace(&path, text.as_bytes())?;
        let crl = self.file("crl.pem");
        files::replace(&crl, list.as_bytes())?;
        Ok(Listed { crl, number: register.number, revoked: revoked.len(), next_update })
    }
}

impl New {
    fn run(self, terminal: &Terminal) -> Outcome {
        let authority = Authority::create(&self.name, self.years, Clock::System, Entropy::default())?;
        files::make_folder(&self.place.authority)?;
        let (certificate, key) = (self.place.file("ca.pem"), self.place.file("ca.key"));
        files::write_new(&key, authority.key().as_bytes(), Readers::Owner)?;
        files::write_new(&certificate, authority.certificate().as_bytes(), Readers::Everybody)?;
        let listed = self.place.publish(&authority, Register::default(), 90)?;
        let sentence = Sentence::new(key::CLI_SAY_AUTHORITY_MADE)
            .with("certificate", shown(&certificate))
            .with("key", shown(&key))
            .with("crl", shown(&listed.crl))
            .with("until", listed.next_update.to_string());
        terminal.result(&sentence, &listed)?;
        Ok(Exit::Done)
    }
}

impl Crl {
    fn run(self, terminal: &Terminal) -> Outcome {
        let authority = self.place.open()?;
        let path = self.place.file("revoked.toml");
        let mut register: Register = toml::from_str(&files::read_text(&path)?)
            .map_err(|_malformed| Failure::reading(&path, &std::io::ErrorKind::InvalidData.into()))?;
        let at = Clock::System.now();
        for wanted in &self.revoke {
            let serial = serial(wanted)?.to_string();
            if register.revoked.iter().all(|entry| entry.serial != serial) {
                register.revoked.push(Entry { serial, at });
            }
        }
        let listed = self.place.publish(&authority, register, self.days)?;
        let sentence = Sentence::new(key::CLI_SAY_CRL_MADE)
            .with("file", shown(&listed.crl))
            .with("number", listed.number)
            .with("revoked", listed.revoked)
            .with("until", listed.next_update.to_string());
        terminal.result(&sentence, &listed)?;
        Ok(Exit::Done)
    }
}

/// The serial number of a certificate file, or the number itself.
fn serial(wanted: &str) -> Result<Serial, Failure> {
    let path = Path::new(wanted);
    let found = if fs::exists(path).unwrap_or(false) {
        pki::serial_of(&files::read_text(path)?)
    } else {
        Serial::parse(wanted)
    };
    found.ok_or_else(|| Failure::usage(Sentence::new(key::CLI_SAY_NO_SERIAL).with("word", wanted)))
}

/// Writes `BASE.pem` and `BASE.key`.
fn keep(terminal: &Terminal, issued: &Issued, base: &Path) -> Outcome {
    let with = |ending: &str| {
        let mut name = base.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let (certificate, key) = (with(".pem"), with(".key"));
    if let Some(text) = &issued.key {
        files::write_new(&key, text.as_bytes(), Readers::Owner)?;
    }
    files::write_new(&certificate, issued.certificate.as_bytes(), Readers::Everybody)?;
    tell(terminal, issued, certificate, issued.key.as_ref().map(|_made_here| key))
}

fn tell(terminal: &Terminal, issued: &Issued, certificate: PathBuf, key: Option<PathBuf>) -> Outcome {
    let (serial, fingerprint) = (issued.serial.to_string(), HEXLOWER.encode(&issued.fingerprint));
    let sentence = match &key {
        Some(key) => Sentence::new(key::CLI_SAY_ISSUED).with("key", shown(key)),
        None => Sentence::new(key::CLI_SAY_SIGNED),
    };
    let sentence = sentence
        .with("certificate", shown(&certificate))
        .with("serial", serial.as_str())
        .with("fingerprint", fingerprint.as_str());
    terminal.result(&sentence, &Made { certificate, key, serial, fingerprint })?;
    Ok(Exit::Done)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
