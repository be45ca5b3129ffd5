//! The beginning of a demonstration: what a real site does with care, by several people, on paper and tokens, done
//! here in a second by nobody. The deployment that comes out is made by the same `init` from the same signed files.

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    os::unix::fs::DirBuilderExt as _,
};

use zeroize::Zeroizing;

use super::{DemoError, Site};
use crate::{
    clock::{Clock, Time},
    config::{
        Config, Header, Kind, SignedFile, openssh_private_key, openssh_public_line,
        shape::{
            AccountEntry, ConfigFile, LimitsEntry, PersonEntry, PolicyEntry, RootFile, ServerEntry, Thresholds,
            TrustEntry,
        },
        sshsig::sign,
    },
    crypto::{Digest, Entropy, Exhausted, sha256, sign::SigningKey},
    ids::{AccountId, Id},
    label,
    ops::{
        deployment::OpenError,
        init::{Inception, Plan, init, write_new},
        pki::Authority,
    },
};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const DAYS: u32 = 365;

/// One of the four people of the demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// Account name, and the name of the files.
    pub name: &'static str,
    /// As people read it. No rank and no level in it: a name is seen by those below.
    pub display: &'static str,
    /// Nation.
    pub nation: &'static str,
    /// Clearance.
    pub clearance: &'static str,
    /// Working label in the tour.
    pub working: &'static str,
    /// Whether the person reads the journal.
    pub officer: bool,
}

/// The four.
pub const ROLES: [Role; 4] = [
    Role {
        name: "analyste-dr",
        display: "Analyste capteurs",
        nation: "FRA",
        clearance: "DR",
        working: "DR",
        officer: false,
    },
    Role {
        name: "analyste-s",
        display: "Analyste programmes",
        nation: "FRA",
        clearance: "S/ALPHA",
        working: "S/ALPHA",
        officer: false,
    },
    Role {
        name: "analyste-etr",
        display: "Analyste partenaire belge",
        nation: "BEL",
        clearance: "S",
        working: "S/FRA,BEL",
        officer: false,
    },
    Role {
        name: "officier",
        display: "Officier de sécurité",
        nation: "FRA",
        clearance: "S",
        working: "NP",
        officer: true,
    },
];

/// The people who sign.
const SIGNERS: [&str; 2] = ["camille", "dominique"];

/// The identifiers of the four, by name.
pub fn account_ids(config: &Config) -> BTreeMap<String, AccountId> {
    config.accounts().map(|account| (account.name().to_owned(), account.id())).collect()
}

/// What founding leaves in memory, for whoever goes on from there: the next signed file, a revocation.
pub struct Founding {
    /// What `init` said.
    pub inception: Inception,
    /// The authority.
    pub authority: Authority,
    /// Who signs.
    pub signers: Vec<SigningKey>,
    /// What was signed as `config.toml`.
    pub config: ConfigFile,
}

impl Founding {
    /// A file signed by all signers of the demonstration.
    ///
    /// # Errors
    /// [`Exhausted`] never in practice.
    pub fn signed(&self, kind: Kind, text: &str) -> Result<SignedFile, Exhausted> {
        signed(kind, self.inception.deployment, text, &self.signers)
    }

    /// SHA-256 of what was signed as `config.toml`.
    ///
    /// # Errors
    /// [`Exhausted`] never in practice.
    pub fn config_digest(&self) -> Result<Digest, Exhausted> {
        Ok(sha256(&[written(self.config.to_toml())?.as_bytes()]))
    }
}

/// Makes everything. The folder must not exist, or be empty.
///
/// # Errors
/// [`DemoError::HalfMade`] when something is there; the others as they come.
pub async fn found(site: &Site, clock: &Clock, entropy: &Entropy) -> Result<Founding, DemoError> {
    let root = site.root();
    if fs::read_dir(root).is_ok_and(|mut inside| inside.next().is_some()) {
        return Err(DemoError::HalfMade { dir: root.to_owned() });
    }
    for folder in ["ca", "signers", "signed", "people"] {
        let path = root.join(folder);
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&path);
        made.map_err(|error| OpenError::of_file(&path, &error))?;
    }
    let now = clock.now();
    let authority = Authority::create("Vigie demo", 2, clock.clone(), entropy.clone())?;
    write_new(&site.authority(), authority.certificate().as_bytes())?;
    write_new(&root.join("ca/ca.key"), authority.key().as_bytes())?;
    let list = authority.revocation_list(&[], 1, now.plus_ms(DAY_MS.saturating_mul(DAYS.into())))?;
    write_new(&root.join("ca/crl.pem"), list.as_bytes())?;
    let deployment = entropy.id()?;
    let signers = make_signers(site, entropy)?;
    let accounts = make_people(site, &authority, entropy)?;
    let root_file = root_of(deployment, &signers, now);
    let trust = TrustEntry { anchors: vec![authority.certificate().to_owned()], crls: vec![list] };
    let config = config_of(deployment, accounts, trust, now)?;
    let root_signed = signed(Kind::Root, deployment, &written(root_file.to_toml())?, &signers)?;
    let config_signed = signed(Kind::Config, deployment, &written(config.to_toml())?, &signers)?;
    for (kind, file) in [(Kind::Root, &root_signed), (Kind::Config, &config_signed)] {
        keep(site, kind, file)?;
    }
    let addresses = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    let server = authority.issue_server(&["localhost".to_owned()], &addresses, DAYS)?;
    let plan = Plan {
        root: root_signed,
        config: config_signed,
        policies: Vec::new(),
        server_certificate: server.certificate.into_bytes(),
        server_key: Zeroizing::new(server.key.map(|key| key.as_bytes().to_vec()).unwrap_or_default()),
        credential: None,
        passphrase: None,
    };
    let inception = init(&site.deployment(), plan, clock.clone(), entropy.clone()).await?;
    Ok(Founding { inception, authority, signers, config })
}

fn make_signers(site: &Site, entropy: &Entropy) -> Result<Vec<SigningKey>, DemoError> {
    let mut signers = Vec::with_capacity(SIGNERS.len());
    for name in SIGNERS {
        let key = SigningKey::from_seed(entropy.secret()?).map_err(|_never| Exhausted::Entropy)?;
        write_new(&site.root().join(format!("signers/{name}")), openssh_private_key(&key, name).as_bytes())?;
        let line = format!("{}\n", openssh_public_line(&key, name));
        write_new(&site.root().join(format!("signers/{name}.pub")), line.as_bytes())?;
        signers.push(key);
    }
    Ok(signers)
}

fn make_people(site: &Site, authority: &Authority, entropy: &Entropy) -> Result<Vec<AccountEntry>, DemoError> {
    let mut accounts = Vec::with_capacity(ROLES.len());
    for role in ROLES {
        let issued = authority.issue_client(role.name, DAYS)?;
        write_new(&site.certificate(role.name), issued.certificate.as_bytes())?;
        let key = issued.key.unwrap_or_default();
        write_new(&site.key(role.name), key.as_bytes())?;
        accounts.push(AccountEntry {
            id: AccountId(entropy.id()?),
            name: role.name.to_owned(),
            display: role.display.to_owned(),
            language: "fr".to_owned(),
            nation: role.nation.to_owned(),
            clearance: role.clearance.to_owned(),
            roles: if role.officer { vec!["officer".to_owned()] } else { Vec::new() },
            certificates: vec![Digest(issued.fingerprint).to_string()],
            suspended: false,
        });
    }
    Ok(accounts)
}

fn root_of(deployment: Id, signers: &[SigningKey], now: Time) -> RootFile {
    let people = SIGNERS
        .iter()
        .zip(signers)
        .map(|(name, key)| PersonEntry { name: (*name).to_owned(), keys: vec![openssh_public_line(key, name)] });
    RootFile {
        header: Header::following(Kind::Root, deployment, None, now, ends(now)),
        user_verification: false,
        thresholds: Thresholds { root: 2, config: 2 },
        people: people.collect(),
    }
}

fn config_of(
    deployment: Id,
    accounts: Vec<AccountEntry>,
    trust: TrustEntry,
    now: Time,
) -> Result<ConfigFile, DemoError> {
    let (id, policy) = label::builtin().first().ok_or(Exhausted::Entropy)?;
    Ok(ConfigFile {
        header: Header::following(Kind::Config, deployment, None, now, ends(now)),
        policy: PolicyEntry { id: (*id).to_owned(), sha256: sha256(&[policy.as_bytes()]) },
        server: ServerEntry { names: vec!["localhost".to_owned(), "127.0.0.1".to_owned()] },
        limits: LimitsEntry::default(),
        trust,
        accounts,
    })
}

const fn ends(now: Time) -> Time {
    now.plus_ms(DAY_MS.saturating_mul(365))
}

fn signed(kind: Kind, deployment: Id, text: &str, signers: &[SigningKey]) -> Result<SignedFile, Exhausted> {
    let namespace = kind.namespace(deployment);
    let by = |key: &SigningKey| sign(key, &namespace, text.as_bytes()).map(String::into_bytes);
    let signatures = signers.iter().map(by).collect::<Result<_, _>>().map_err(|_never| Exhausted::Entropy)?;
    Ok(SignedFile { bytes: text.as_bytes().to_vec(), signatures })
}

fn written(text: Result<String, toml::ser::Error>) -> Result<String, Exhausted> {
    text.map_err(|_never| Exhausted::Entropy)
}

fn keep(site: &Site, kind: Kind, file: &SignedFile) -> Result<(), OpenError> {
    let path = site.root().join("signed").join(kind.file_name());
    write_new(&path, &file.bytes)?;
    for (place, signature) in file.signatures.iter().enumerate() {
        let beside = path.with_extension(format!("toml.sig.{}", place.saturating_add(1)));
        write_new(&beside, signature)?;
    }
    Ok(())
}
