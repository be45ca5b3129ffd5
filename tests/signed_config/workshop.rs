//! A small deployment whose signed files a test can bend in one place at a time.

use std::collections::BTreeMap;

use vigie::{
    clock::Time,
    config::{
        Config, Header, Kind, Refusal, Root, SignedFile, accept, openssh_public_line,
        shape::{
            AccountEntry, ConfigFile, LimitsEntry, PersonEntry, PolicyEntry, RevokeFile, RootFile, ServerEntry,
            Thresholds, TrustEntry,
        },
        sshsig::sign,
    },
    crypto::{Secret, sha256, sign::SigningKey},
    ids::{AccountId, Id},
    label::builtin,
};

use crate::{authority::authority, token::token_line};

pub fn now() -> Time {
    Time::parse("2026-11-21T08:00:00Z").expect("a time")
}

/// A key for each number, the same in every run.
pub fn signing_key(number: u8) -> SigningKey {
    SigningKey::from_seed(Secret::new(&mut [number; 32]).expect("locked memory")).expect("a seed")
}

pub fn account_id(number: u8) -> AccountId {
    AccountId(Id::from_bytes([number; 16]))
}

pub fn fingerprint(number: u8) -> String {
    sha256(&[&[number]]).to_string()
}

/// Four people; Alice has a spare key, Dora signs with a token.
pub struct Site {
    pub deployment: Id,
    pub alice: SigningKey,
    pub alice_spare: SigningKey,
    pub bob: SigningKey,
    pub carol: SigningKey,
    pub dora: SigningKey,
    pub stranger: SigningKey,
    pub root: Root,
    pub root_signed: SignedFile,
    pub config: Config,
    pub config_signed: SignedFile,
}

pub fn period() -> (Time, Time) {
    (now().plus_ms(0), now().plus_ms(365 * 86_400_000))
}

impl Site {
    pub fn new() -> Self {
        let deployment = Id::from_bytes([0xd1; 16]);
        let [alice, alice_spare, bob, carol, dora, stranger] = [1, 2, 3, 4, 5, 6].map(signing_key);
        let (from, until) = period();
        let root_file = RootFile {
            header: Header::following(Kind::Root, deployment, None, from, until),
            user_verification: false,
            thresholds: Thresholds { root: 3, config: 2 },
            people: vec![
                person("Alice", &[openssh_public_line(&alice, "alice@poste"), openssh_public_line(&alice_spare, "")]),
                person("Bob", &[openssh_public_line(&bob, "bob")]),
                person("Carol", &[openssh_public_line(&carol, "carol")]),
                person("Dora", &[token_line(&dora)]),
            ],
        };
        let root_signed = signed(Kind::Root, deployment, &root_file.to_toml().expect("toml"), &[&alice, &bob, &carol]);
        let root = accept::first_root(&root_signed, now()).expect("a good first root");
        let config_file = config_file(Header::following(Kind::Config, deployment, None, from, until));
        let config_signed = signed(Kind::Config, deployment, &config_file.to_toml().expect("toml"), &[&alice, &bob]);
        let config = accept::first_config(&root, &config_signed, &[], now()).expect("a good first configuration");
        Self { deployment, alice, alice_spare, bob, carol, dora, stranger, root, root_signed, config, config_signed }
    }

    /// A `root.toml` that could follow; nothing changes but its place.
    pub fn root_file(&self) -> RootFile {
        let text = std::str::from_utf8(&self.root_signed.bytes).expect("text");
        let mut file: RootFile = toml::from_str(text).expect("a root file");
        let previous = Some((self.root.epoch(), self.root.digest()));
        file.header = Header::following(Kind::Root, self.deployment, previous, period().0, period().1);
        file
    }

    /// A `config.toml` that could follow; nothing changes but its place.
    pub fn config_file(&self) -> ConfigFile {
        let previous = Some((self.config.epoch(), self.config.digest()));
        config_file(Header::following(Kind::Config, self.deployment, previous, period().0, period().1))
    }

    /// A `revoke.toml` that could follow and takes nothing away yet.
    pub fn revoke_file(&self) -> RevokeFile {
        let previous = Some((self.config.revocations(), self.config.digest()));
        RevokeFile {
            header: Header::following(Kind::Revoke, self.deployment, previous, period().0, period().1),
            reason: "badge perdu".to_owned(),
            suspend: Vec::new(),
            remove_certificates: BTreeMap::new(),
            lower_clearances: BTreeMap::new(),
            remove_roles: BTreeMap::new(),
        }
    }

    /// What becomes of a following `config.toml` bent by `bend` and signed by Alice and Bob.
    pub fn config_bent(&self, bend: impl FnOnce(&mut ConfigFile)) -> Result<Config, Refusal> {
        let mut file = self.config_file();
        bend(&mut file);
        self.config_text(&file.to_toml().expect("toml"))
    }

    /// What becomes of this text as a following `config.toml`, signed by Alice and Bob.
    pub fn config_text(&self, text: &str) -> Result<Config, Refusal> {
        self.config_by(text, &[&self.alice, &self.bob])
    }

    pub fn config_by(&self, text: &str, keys: &[&SigningKey]) -> Result<Config, Refusal> {
        let file = signed(Kind::Config, self.deployment, text, keys);
        accept::next_config(&self.root, &self.config, &file, &[], now())
    }

    /// What becomes of an unchanged `config.toml` with these signature files.
    pub fn config_with(&self, signatures: impl FnOnce(&str, &[u8]) -> Vec<Vec<u8>>) -> Result<Config, Refusal> {
        let bytes = self.config_file().to_toml().expect("toml").into_bytes();
        let signatures = signatures(&Kind::Config.namespace(self.deployment), &bytes);
        accept::next_config(&self.root, &self.config, &SignedFile { bytes, signatures }, &[], now())
    }

    /// What becomes of a following `root.toml` bent by `bend` and signed with `keys`.
    pub fn root_bent(&self, keys: &[&SigningKey], bend: impl FnOnce(&mut RootFile)) -> Result<Root, Refusal> {
        let mut file = self.root_file();
        bend(&mut file);
        let file = signed(Kind::Root, self.deployment, &file.to_toml().expect("toml"), keys);
        accept::next_root(&self.root, &file, now())
    }

    /// What becomes of a following `revoke.toml` bent by `bend` and signed by Carol alone.
    pub fn revoke_bent(&self, bend: impl FnOnce(&mut RevokeFile)) -> Result<Config, Refusal> {
        let mut file = self.revoke_file();
        bend(&mut file);
        let file = signed(Kind::Revoke, self.deployment, &file.to_toml().expect("toml"), &[&self.carol]);
        accept::next_revoke(&self.root, &self.config, &file, now())
    }
}

pub fn person(name: &str, keys: &[String]) -> PersonEntry {
    PersonEntry { name: name.to_owned(), keys: keys.to_vec() }
}

pub fn signed(kind: Kind, deployment: Id, text: &str, keys: &[&SigningKey]) -> SignedFile {
    let namespace = kind.namespace(deployment);
    let signature = |key: &&SigningKey| sign(key, &namespace, text.as_bytes()).expect("signs").into_bytes();
    SignedFile { bytes: text.as_bytes().to_vec(), signatures: keys.iter().map(signature).collect() }
}

pub fn account(number: u8, name: &str, clearance: &str) -> AccountEntry {
    AccountEntry {
        id: account_id(number),
        name: name.to_owned(),
        display: format!("Agent {number}"),
        language: "fr".to_owned(),
        nation: "FRA".to_owned(),
        clearance: clearance.to_owned(),
        roles: Vec::new(),
        certificates: vec![fingerprint(number)],
        suspended: false,
    }
}

/// Account 1: S/ALPHA, releaser. Account 2: TS/ALPHA,BRAVO, officer. Account 3: DR, two certificates.
fn config_file(header: Header) -> ConfigFile {
    let (id, text) = builtin()[0];
    let mut accounts =
        vec![account(1, "a.martin", "S/ALPHA"), account(2, "b.durand", "TS/ALPHA,BRAVO"), account(3, "c.petit", "DR")];
    accounts[0].roles = vec!["releaser".to_owned()];
    accounts[1].roles = vec!["officer".to_owned()];
    accounts[2].certificates.push(fingerprint(33));
    ConfigFile {
        header,
        policy: PolicyEntry { id: id.to_owned(), sha256: sha256(&[text.as_bytes()]) },
        server: ServerEntry { names: vec!["vigie.example".to_owned(), "192.0.2.7".to_owned()] },
        limits: LimitsEntry::default(),
        trust: TrustEntry { anchors: vec![authority().anchor.clone()], crls: vec![authority().crl.clone()] },
        accounts,
    }
}
