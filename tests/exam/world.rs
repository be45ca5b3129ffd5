//! A whole deployment in memory: signed configuration, keys, journal, vault, router.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::ArcSwap;
use axum::{Router, body::Body, extract::Request};
use http_body_util::BodyExt as _;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer, KeyIdMethod, KeyPair,
    KeyUsagePurpose, SerialNumber, date_time_ymd,
};
use serde_json::Value;
use tower::ServiceExt as _;
use vigie::{
    clock::{Clock, Time},
    config::{
        Config, Header, Kind, SignedFile, accept, openssh_public_line,
        shape::{
            AccountEntry, ConfigFile, LimitsEntry, PersonEntry, PolicyEntry, RootFile, ServerEntry, Thresholds,
            TrustEntry,
        },
        sshsig::sign,
    },
    crypto::{Entropy, Keyring, Secret, keyring, sha256, sign::SigningKey},
    edge::{App, Peer, Route, router, routes, routes::Kind as For},
    finding::{Finder, Place},
    ids::{AccountId, Id},
    label::builtin,
    monitor::{Monitor, Rolls},
    store::{Engine, Journal, Memory, Opening},
    vault::{Keys, Vault},
};

/// The routes that programs speak to: the first of the one list. The others are examined in `pages.rs`.
pub fn api() -> &'static [Route] {
    let all = routes();
    all.split_at(all.partition_point(|route| route.kind == For::Api)).0
}

/// The users of LEAKS.md, and nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum Who {
    /// Diffusion Restreinte only.
    Bas,
    /// Another one like him.
    Bis,
    /// Secret, category ALPHA.
    Haut,
    /// Secret and ALPHA too, but never in the spaces that `Haut` makes unless enrolled.
    HautB,
    /// Secret, foreign national.
    Etr,
    /// Security officer.
    Off,
    /// A certificate that is no account's.
    Nobody,
}

impl Who {
    pub const ALL: [Self; 7] = [Self::Bas, Self::Bis, Self::Haut, Self::HautB, Self::Etr, Self::Off, Self::Nobody];

    pub const fn number(self) -> u8 {
        match self {
            Self::Bas => 1,
            Self::Bis => 2,
            Self::Haut => 3,
            Self::HautB => 4,
            Self::Etr => 5,
            Self::Off => 6,
            Self::Nobody => 7,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Bas => "bas",
            Self::Bis => "bis",
            Self::Haut => "haut",
            Self::HautB => "haut-b",
            Self::Etr => "etr",
            Self::Off => "off",
            Self::Nobody => "nobody",
        }
    }

    /// Account identifier of the fixture.
    pub fn id(self) -> AccountId {
        AccountId(Id::from_bytes([self.number(); 16]))
    }

    /// SHA-256 of the key of his certificate.
    pub fn fingerprint(self) -> [u8; 32] {
        sha256(&[&[self.number()]]).0
    }
}

/// A response, to the byte.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("not JSON: {:?}", String::from_utf8_lossy(&self.body)))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The identifier of what was made.
    pub fn id(&self) -> String {
        self.json()["id"].as_str().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&self.body))).to_owned()
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A deployment in memory.
pub struct World {
    pub vault: Arc<Vault>,
    pub engine: Arc<dyn Engine>,
    pub config: Arc<ArcSwap<Config>>,
    pub app: Arc<App>,
    router: Router,
    entropy: Arc<Mutex<(u64, u64)>>,
    clock: Arc<AtomicU64>,
}

pub fn start_time() -> Time {
    Time::parse("2026-11-21T08:00:00Z").expect("a time")
}

fn signing_key(number: u8) -> SigningKey {
    SigningKey::from_seed(Secret::new(&mut [number; 32]).expect("locked memory")).expect("a seed")
}

pub fn account(who: Who, nation: &str, clearance: &str, roles: &[&str]) -> AccountEntry {
    AccountEntry {
        id: who.id(),
        name: who.name().to_owned(),
        display: format!("Agent {}", who.name()),
        language: "fr".to_owned(),
        nation: nation.to_owned(),
        clearance: clearance.to_owned(),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
        certificates: vec![sha256(&[&[who.number()]]).to_string()],
        suspended: false,
    }
}

pub fn accounts() -> Vec<AccountEntry> {
    vec![
        account(Who::Bas, "FRA", "DR", &[]),
        account(Who::Bis, "FRA", "DR", &[]),
        account(Who::Haut, "FRA", "S/ALPHA", &["releaser"]),
        account(Who::HautB, "FRA", "S/ALPHA", &[]),
        account(Who::Etr, "BEL", "S", &[]),
        account(Who::Off, "FRA", "S", &["officer"]),
    ]
}

/// The certificate authority costs some milliseconds: once for all worlds of a process.
fn authority() -> &'static (String, String) {
    static AUTHORITY: std::sync::OnceLock<(String, String)> = std::sync::OnceLock::new();
    AUTHORITY.get_or_init(|| {
        let key = KeyPair::generate().expect("key");
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Exam CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2040, 1, 1);
        let certificate = params.self_signed(&key).expect("certificate");
        let issuer = Issuer::new(params, key);
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2026, 1, 1),
            next_update: date_time_ymd(2035, 1, 1),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        (certificate.pem(), list.signed_by(&issuer).expect("list").pem().expect("pem"))
    })
}

fn signed(kind: Kind, deployment: Id, text: &str, keys: &[&SigningKey]) -> SignedFile {
    let namespace = kind.namespace(deployment);
    let signature = |key: &&SigningKey| sign(key, &namespace, text.as_bytes()).expect("signs").into_bytes();
    SignedFile { bytes: text.as_bytes().to_vec(), signatures: keys.iter().map(signature).collect() }
}

/// A configuration with these accounts, signed by two people.
pub fn configuration(accounts: Vec<AccountEntry>) -> Config {
    configuration_with(accounts, builtin()[0].1, 10_000_000)
}

/// As [`configuration`], under another edition of its policy and with so many requests a minute.
pub fn configuration_with(accounts: Vec<AccountEntry>, policy: &str, requests_per_minute: u32) -> Config {
    let deployment = Id::from_bytes([0xd1; 16]);
    let (alice, bob) = (signing_key(101), signing_key(102));
    let (from, until) = (start_time(), start_time().plus_ms(365 * 86_400_000));
    let person = |name: &str, key: &SigningKey| PersonEntry {
        name: name.to_owned(),
        keys: vec![openssh_public_line(key, name)],
    };
    let root_file = RootFile {
        header: Header::following(Kind::Root, deployment, None, from, until),
        user_verification: false,
        thresholds: Thresholds { root: 2, config: 2 },
        people: vec![person("Alice", &alice), person("Bob", &bob)],
    };
    let text = root_file.to_toml().expect("toml");
    let root = accept::first_root(&signed(Kind::Root, deployment, &text, &[&alice, &bob]), start_time());
    let (id, _) = builtin()[0];
    let (anchor, crl) = authority().clone();
    let file = ConfigFile {
        header: Header::following(Kind::Config, deployment, None, from, until),
        policy: PolicyEntry { id: id.to_owned(), sha256: sha256(&[policy.as_bytes()]) },
        server: ServerEntry { names: vec!["vigie.example".to_owned()] },
        limits: LimitsEntry { requests_per_minute: Some(requests_per_minute), ..LimitsEntry::default() },
        trust: TrustEntry { anchors: vec![anchor], crls: vec![crl] },
        accounts,
    };
    let text = file.to_toml().expect("toml");
    let file = signed(Kind::Config, deployment, &text, &[&alice, &bob]);
    accept::first_config(&root.expect("root"), &file, &[policy.as_bytes().to_vec()], start_time()).expect("config")
}

/// As [`configuration`], under a policy that does not know the category ALPHA.
pub fn configuration_without_alpha() -> Config {
    let policy = builtin()[0].1;
    let start = policy.find("[[categories]]\ncode = \"ALPHA\"").expect("the category");
    let end = policy[start + 1..].find("\n[[").expect("something follows") + start + 2;
    let mut people = accounts();
    for (place, who) in [(2, Who::Haut), (3, Who::HautB)] {
        people[place] = account(who, "FRA", "S/BRAVO", &[]);
    }
    configuration_with(people, &format!("{}{}", &policy[..start], &policy[end..]), 10_000_000)
}

impl World {
    pub fn new() -> Self {
        Self::with(configuration(accounts()), Arc::new(Memory::new()))
    }

    pub fn with(config: Config, engine: Arc<dyn Engine>) -> Self {
        Self::over_place(config, engine, Place::memory())
    }

    /// As [`World::with`], with its indexes in that place.
    pub fn over_place(config: Config, engine: Arc<dyn Engine>, place: Place) -> Self {
        let state = Arc::new(Mutex::new((0, 0)));
        let entropy = Entropy::DangerSeeded(Arc::clone(&state));
        let milliseconds = Arc::new(AtomicU64::new(start_time().0));
        let clock = Clock::DangerManual(Arc::clone(&milliseconds));
        let deployment = config.deployment().to_string();
        let root = Secret::new(&mut [7; 32]).expect("locked memory");
        let file = keyring::create(&root, &deployment, clock.now(), &entropy).expect("keyring");
        let ring = Arc::new(Keyring::open(&root, &deployment, &file).expect("keyring"));
        let config = Arc::new(ArcSwap::from_pointee(config));
        let opening = Opening {
            keyring: Arc::clone(&ring),
            deployment,
            origin: "vigie.example/audit/1".to_owned(),
            checkpoint_path: None,
            inception: true,
        };
        let (journal, _thread) = Journal::open(Arc::clone(&engine), opening, entropy.clone()).expect("journal");
        let rolls = Rolls::load(&*engine, Arc::clone(&ring), entropy.clone()).expect("rolls");
        let monitor = Monitor::new(journal, rolls, clock.clone(), Arc::clone(&config));
        let keys = Keys::load(&*engine, Arc::clone(&ring), entropy.clone(), Arc::clone(&config)).expect("keys");
        let vault = Arc::new(Vault::new(Arc::clone(&engine), monitor, ring, keys, entropy.clone(), clock.clone()));
        let app = App::new(Arc::clone(&vault), Finder::new(place), Arc::clone(&config), clock, entropy);
        let router = router(&app);
        Self { vault, engine, config, app, router, entropy: state, clock: milliseconds }
    }

    /// Sets what the next request draws: two worlds that differ in earlier requests draw the same.
    pub fn seed(&self, seed: u64) {
        *self.entropy.lock().expect("entropy") = (seed, 0);
    }

    /// Moves the clock.
    pub fn set_time(&self, milliseconds: u64) {
        self.clock.store(milliseconds, Ordering::SeqCst);
    }

    /// As if the process had begun again, for the indexes.
    pub fn restart_finder(&mut self, finder: Arc<Finder>) {
        let (clock, entropy) = (self.app.clock.clone(), self.app.entropy.clone());
        self.app = App::new(Arc::clone(&self.vault), finder, Arc::clone(&self.config), clock, entropy);
        self.router = router(&self.app);
    }

    /// One search, whether or not the indexes are up to date.
    pub async fn get_unsettled(&self, who: Who, working: &str, path: &str) -> Reply {
        self.exchange(who, working, "GET", &format!("/api/v1{path}"), &[], b"").await
    }

    /// Opens a page, whether or not the indexes are up to date.
    pub async fn visit_unsettled(&self, who: Who, working: &str, path: &str) -> Reply {
        let cookie = crate::pages::cookie(self, who, working);
        self.exchange(who, "", "GET", path, &[("cookie", &cookie)], b"").await
    }

    /// Brings the indexes up to what is committed. What that draws changes nothing of what the next request draws.
    pub async fn index(&self) {
        let drawn = *self.entropy.lock().expect("entropy");
        let settled = match self.app.finder.begin(&self.vault).await {
            Ok(()) => self.app.finder.settle(&self.vault),
            Err(refusal) => Err(refusal.into()),
        };
        let stopped = self.vault.monitor().journal().is_stopped();
        assert!(settled.is_ok() || stopped, "nothing but a failed store keeps them back: {settled:?}");
        *self.entropy.lock().expect("entropy") = drawn;
    }

    /// One request, to the byte.
    pub async fn send(
        &self,
        who: Who,
        working: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        self.send_to(who, working, method, &format!("/api/v1{path}"), headers, body).await
    }

    /// Opens a page at the working label that a sealed cookie says; none for no label.
    pub async fn visit(&self, who: Who, working: &str, path: &str) -> Reply {
        let cookie = (!working.is_empty()).then(|| crate::pages::cookie(self, who, working));
        let headers: Vec<(&str, &str)> = cookie.iter().map(|cookie| ("cookie", cookie.as_str())).collect();
        self.send_to(who, "", "GET", path, &headers, b"").await
    }

    /// As [`World::send`], to a whole path.
    pub async fn send_to(
        &self,
        who: Who,
        working: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        if seeks(method, path) {
            self.index().await;
        }
        self.exchange(who, working, method, path, headers, body).await
    }

    /// One request as it is, whatever the indexes know.
    pub async fn exchange(
        &self,
        who: Who,
        working: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if !working.is_empty() {
            request = request.header("Vigie-Working", working);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body.to_vec())).expect("a request");
        let address = "127.0.0.1:1".parse().expect("an address");
        request.extensions_mut().insert(Peer::danger_forged(who.fingerprint(), address));
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let body = response.into_body().collect().await.expect("a body").to_bytes().to_vec();
        Reply { status, headers, body }
    }

    /// One request with a body as it comes; the answer's body is read by the caller, little by little if he likes.
    pub async fn stream(
        &self,
        who: Who,
        working: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> http::Response<Body> {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        request = request.header("Vigie-Working", working);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body).expect("a request");
        let address = "127.0.0.1:1".parse().expect("an address");
        request.extensions_mut().insert(Peer::danger_forged(who.fingerprint(), address));
        self.router.clone().oneshot(request).await.expect("infallible")
    }

    pub async fn get(&self, who: Who, working: &str, path: &str) -> Reply {
        self.send(who, working, "GET", path, &[], b"").await
    }

    pub async fn post(&self, who: Who, working: &str, path: &str, body: Value) -> Reply {
        self.json(who, working, "POST", path, &[], body).await
    }

    pub async fn json(
        &self,
        who: Who,
        working: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Reply {
        let headers = [&[("content-type", "application/json")], headers].concat();
        self.send(who, working, method, path, &headers, body.to_string().as_bytes()).await
    }
}

/// Whether the answer is found by the indexes.
pub fn seeks(method: &str, path: &str) -> bool {
    let asks = ["/api/v1/search", "/api/v1/suggest", "/api/v1/watches", "/search", "/watches", "/?"];
    // The form of a link seeks the note that it leads to.
    let links = method == "POST" && path.ends_with("/link");
    links || path == "/" || asks.iter().any(|asked| path.starts_with(asked))
}
