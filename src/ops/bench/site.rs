//! The deployment that is measured: made once in a folder, found again in the next run.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use zeroize::Zeroizing;

use super::{BenchError, fill, texts::Texts};
use crate::{
    clock::Clock,
    config::{
        Config, Header, KeyFingerprint, Kind, SignedFile, openssh_public_line,
        shape::{
            AccountEntry, ConfigFile, LimitsEntry, PersonEntry, PolicyEntry, RootFile, ServerEntry, Thresholds,
            TrustEntry,
        },
        sshsig,
    },
    crypto::{Digest, Entropy, Exhausted, sha256, sign::SigningKey},
    edge::tls,
    identity::Subject,
    ids::{AccountId, Id, RequestId},
    label::builtin,
    limits,
    ops::{
        client::Credentials,
        deployment::{self, OpenError, Running, Unseal},
        init::{self, Plan},
        pki::Authority,
        report::Report,
    },
};

/// The name that the server bears.
pub(super) const SERVER_NAME: &str = "localhost";
/// What the one analyst of the deployment may see.
pub(super) const CLEARANCE: &str = "S/ALPHA";
const DAYS: u32 = 366;
const YEAR_MS: u64 = 365 * 86_400_000;
const CONNECTIONS: u32 = 4096;

/// A folder that holds a deployment of so many notes, and its analyst's certificate.
#[derive(Clone, Debug)]
pub(super) struct Site {
    folder: PathBuf,
    pub(super) notes: u64,
    /// What the notes say; none for short ones of few words.
    pub(super) texts: Option<Arc<Texts>>,
}

impl Site {
    /// The site in `under`, made and filled if it is not there yet. A site that was cut short is made anew.
    pub(super) async fn at(under: &Path, notes: u64, report: &dyn Report) -> Result<Self, BenchError> {
        Self { folder: under.join(format!("notes-{notes}")), notes, texts: None }.found(report).await
    }

    /// As [`Site::at`], of notes to be sought in.
    pub(super) async fn written(
        under: &Path,
        notes: u64,
        texts: Arc<Texts>,
        report: &dyn Report,
    ) -> Result<Self, BenchError> {
        Self { folder: under.join(format!("texts-{notes}")), notes, texts: Some(texts) }.found(report).await
    }

    async fn found(self, report: &dyn Report) -> Result<Self, BenchError> {
        let filled = fs::read_to_string(self.marker()).is_ok_and(|mark| mark == self.mark());
        if filled { Ok(self) } else { self.build(report).await }
    }

    /// What its marker says once it is filled.
    fn mark(&self) -> &str {
        self.texts.as_ref().map_or("filled\n", |texts| texts.mark())
    }

    /// A site made anew, for what is written during the measurement.
    pub(super) async fn fresh(under: &Path, notes: u64, report: &dyn Report) -> Result<Self, BenchError> {
        Self { folder: under.join("scratch"), notes, texts: None }.build(report).await
    }

    async fn build(self, report: &dyn Report) -> Result<Self, BenchError> {
        let site = self;
        if site.folder.exists() {
            fs::remove_dir_all(&site.folder).map_err(BenchError::file(&site.folder))?;
        }
        fs::create_dir_all(&site.folder).map_err(BenchError::file(&site.folder))?;
        site.make().await?;
        let running = site.open().await?;
        fill::fill(&site, &running, report).await?;
        running.stop().await;
        fs::write(site.marker(), site.mark()).map_err(BenchError::file(site.marker()))?;
        Ok(site)
    }

    /// The deployment's folder, as `vigie serve` wants it.
    pub(super) fn deployment(&self) -> PathBuf {
        self.folder.join("deployment")
    }

    fn marker(&self) -> PathBuf {
        self.folder.join("filled")
    }

    /// The deployment, opened in this process.
    pub(super) async fn open(&self) -> Result<Running, BenchError> {
        Ok(deployment::open(&self.deployment(), &Unseal::default(), Clock::System, Entropy::default()).await?)
    }

    /// What the analyst shows at the door.
    pub(super) fn credentials(&self) -> Result<Credentials, BenchError> {
        let [authority, certificate, key] = ["ca.pem", "analyst.pem", "analyst.key"].map(|name| {
            let path = self.folder.join(name);
            fs::read(&path).map_err(BenchError::file(path))
        });
        Ok(Credentials::from_pem(&authority?, &certificate?, &Zeroizing::new(key?), &Clock::System)?)
    }

    /// The analyst at a working label, for what is loaded without a connection.
    pub(super) fn subject(&self, config: &Config, working: &str, entropy: &Entropy) -> Result<Subject, BenchError> {
        let request = RequestId(entropy.id().map_err(OpenError::from)?);
        Subject::identify(config, &self.fingerprint()?, Some(working), request).map_err(|_unknown| BenchError::Broken)
    }

    /// What the analyst is known by.
    pub(super) fn fingerprint(&self) -> Result<KeyFingerprint, BenchError> {
        let path = self.folder.join("analyst.pem");
        let pem = fs::read(&path).map_err(BenchError::file(&path))?;
        let fingerprint = tls::certificates(&pem).and_then(|all| tls::key_fingerprint(all.first()?));
        Ok(KeyFingerprint::from_digest(Digest(fingerprint.ok_or(BenchError::Broken)?)))
    }

    /// A small authority, two signers whose keys are thrown away, one analyst: a deployment like any other.
    async fn make(&self) -> Result<(), BenchError> {
        let (clock, entropy) = (Clock::System, Entropy::default());
        let authority = Authority::create("vigie bench", 2, clock.clone(), entropy.clone())?;
        let local = [std::net::Ipv4Addr::LOCALHOST.into()];
        let server = authority.issue_server(&[SERVER_NAME.to_owned()], &local, DAYS)?;
        let analyst = authority.issue_client("bench.analyst", DAYS)?;
        let list = authority.revocation_list(&[], 1, clock.now().plus_ms(YEAR_MS))?;
        self.write("ca.pem", authority.certificate())?;
        self.write("analyst.pem", &analyst.certificate)?;
        self.write("analyst.key", analyst.key.as_deref().map_or("", String::as_str))?;
        let trust = TrustEntry { anchors: vec![authority.certificate().to_owned()], crls: vec![list] };
        let account = AccountEntry {
            id: AccountId(super::text::id("account", 1)),
            name: "bench.analyst".to_owned(),
            display: "Analyste de mesure".to_owned(),
            language: "fr".to_owned(),
            nation: "FRA".to_owned(),
            clearance: CLEARANCE.to_owned(),
            roles: Vec::new(),
            certificates: vec![Digest(analyst.fingerprint).to_string()],
            suspended: false,
        };
        let (root, config) = signed_files(&clock, &entropy, trust, account)?;
        let plan = Plan {
            root,
            config,
            policies: Vec::new(),
            server_certificate: server.certificate.into_bytes(),
            server_key: Zeroizing::new(server.key.map(|key| key.as_bytes().to_vec()).unwrap_or_default()),
            credential: None,
            passphrase: None,
        };
        init::init(&self.deployment(), plan, clock, entropy).await?;
        Ok(())
    }

    fn write(&self, name: &str, text: &str) -> Result<(), BenchError> {
        Ok(init::write_new(&self.folder.join(name), text.as_bytes())?)
    }
}

fn signed_files(
    clock: &Clock,
    entropy: &Entropy,
    trust: TrustEntry,
    account: AccountEntry,
) -> Result<(SignedFile, SignedFile), BenchError> {
    let deployment = entropy.id().map_err(OpenError::from)?;
    let signers = [signer(entropy)?, signer(entropy)?];
    let (from, until) = (clock.now(), clock.now().plus_ms(YEAR_MS));
    let person = |name: &str, key: &SigningKey| PersonEntry {
        name: name.to_owned(),
        keys: vec![openssh_public_line(key, name)],
    };
    let root = RootFile {
        header: Header::following(Kind::Root, deployment, None, from, until),
        user_verification: false,
        thresholds: Thresholds { root: limits::THRESHOLD_PEOPLE_MIN, config: limits::THRESHOLD_PEOPLE_MIN },
        people: ["A", "B"].into_iter().zip(&signers).map(|(name, key)| person(name, key)).collect(),
    };
    let (policy, bytes) = builtin().first().ok_or(BenchError::Broken)?;
    let config = ConfigFile {
        header: Header::following(Kind::Config, deployment, None, from, until),
        policy: PolicyEntry { id: (*policy).to_owned(), sha256: sha256(&[bytes.as_bytes()]) },
        server: ServerEntry { names: vec![SERVER_NAME.to_owned()] },
        limits: LimitsEntry {
            connections: Some(CONNECTIONS),
            connections_per_account: Some(CONNECTIONS),
            requests_per_minute: Some(limits::ACCOUNT_REQUESTS_PER_MINUTE_MAX),
        },
        trust,
        accounts: vec![account],
    };
    let root = sign(Kind::Root, deployment, root.to_toml().map_err(|_never| BenchError::Broken)?, &signers)?;
    let config = sign(Kind::Config, deployment, config.to_toml().map_err(|_never| BenchError::Broken)?, &signers)?;
    Ok((root, config))
}

fn signer(entropy: &Entropy) -> Result<SigningKey, BenchError> {
    let seed = entropy.secret().map_err(OpenError::from)?;
    SigningKey::from_seed(seed).map_err(|_bad| BenchError::Broken)
}

fn sign(kind: Kind, deployment: Id, text: String, signers: &[SigningKey]) -> Result<SignedFile, BenchError> {
    let namespace = kind.namespace(deployment);
    let by = |key: &SigningKey| sshsig::sign(key, &namespace, text.as_bytes()).map(String::into_bytes);
    let signatures: Result<_, _> = signers.iter().map(by).collect();
    let signatures = signatures.map_err(|_bad| BenchError::Broken)?;
    Ok(SignedFile { bytes: text.into_bytes(), signatures })
}

impl From<Exhausted> for BenchError {
    fn from(cause: Exhausted) -> Self {
        Self::Open(cause.into())
    }
}

/// Shared by the sides that need the configuration.
pub(super) fn config(running: &Running) -> Arc<Config> {
    running.ground.config().load_full()
}
