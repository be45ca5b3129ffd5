//! A small deployment for examinations of other stages: real signatures, a real authority, keys that nobody keeps.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer, KeyIdMethod, KeyPair,
    KeyUsagePurpose, SerialNumber, date_time_ymd,
};

use super::{
    Config, Header, Kind, Root, SignedFile, accept, openssh_public_line,
    shape::{
        AccountEntry, ConfigFile, LimitsEntry, PersonEntry, PolicyEntry, RootFile, ServerEntry, Thresholds, TrustEntry,
    },
    sshsig::sign,
};
use crate::{
    clock::Time,
    crypto::{Secret, sha256, sign::SigningKey},
    ids::{AccountId, Id},
    label::builtin,
};

/// When it begins: 2026-01-01. It ends ten years later.
pub const BEGINS: Time = Time(1_767_225_600_000);
const ENDS: Time = Time(2_082_758_400_000);

/// An account of France, without roles, whose one certificate has SHA-256 of the name as its fingerprint.
pub fn account(number: u8, name: &str, clearance: &str) -> AccountEntry {
    AccountEntry {
        id: AccountId(Id::from_bytes([number; 16])),
        name: name.to_owned(),
        display: name.to_owned(),
        language: "fr".to_owned(),
        nation: "FRA".to_owned(),
        clearance: clearance.to_owned(),
        roles: Vec::new(),
        certificates: vec![sha256(&[name.as_bytes()]).to_string()],
        suspended: false,
    }
}

/// A deployment under the first policy of the product, whose two signers can go on from `config` by [`Example::next`].
#[derive(Debug)]
pub struct Example {
    /// Who may sign.
    pub root: Root,
    /// What is granted.
    pub config: Config,
    signers: [SigningKey; 2],
    trust: TrustEntry,
}

#[expect(clippy::expect_used, reason = "an examination fails by panicking")]
impl Example {
    /// The deployment with these accounts.
    pub fn new(accounts: Vec<AccountEntry>) -> Self {
        let signers = [1, 2].map(|number| {
            let seed = Secret::new(&mut [number; 32]).expect("locked memory");
            SigningKey::from_seed(seed).expect("a seed")
        });
        let deployment = Id::from_bytes([0xe1; 16]);
        let people = ["Alice", "Bob"]
            .into_iter()
            .zip(&signers)
            .map(|(name, key)| PersonEntry { name: name.to_owned(), keys: vec![openssh_public_line(key, name)] });
        let root = RootFile {
            header: Header::following(Kind::Root, deployment, None, BEGINS, ENDS),
            user_verification: false,
            thresholds: Thresholds { root: 2, config: 2 },
            people: people.collect(),
        };
        let root = signed(Kind::Root, deployment, &root.to_toml().expect("toml"), &signers);
        let root = accept::first_root(&root, BEGINS).expect("a good root");
        let trust = authority();
        let header = Header::following(Kind::Config, deployment, None, BEGINS, ENDS);
        let file = signed(Kind::Config, deployment, &config_text(header, accounts, &trust), &signers);
        let config = accept::first_config(&root, &file, &[], BEGINS).expect("a good configuration");
        Self { root, config, signers, trust }
    }

    /// The same deployment one `config.toml` later, with these accounts.
    #[must_use]
    pub fn next(self, accounts: Vec<AccountEntry>) -> Self {
        let deployment = self.root.deployment();
        let previous = Some((self.config.epoch(), self.config.digest()));
        let header = Header::following(Kind::Config, deployment, previous, BEGINS, ENDS);
        let file = signed(Kind::Config, deployment, &config_text(header, accounts, &self.trust), &self.signers);
        let config = accept::next_config(&self.root, &self.config, &file, &[], BEGINS).expect("a good configuration");
        Self { config, ..self }
    }
}

#[expect(clippy::expect_used, reason = "an examination fails by panicking")]
fn signed(kind: Kind, deployment: Id, text: &str, signers: &[SigningKey]) -> SignedFile {
    let namespace = kind.namespace(deployment);
    let by = |key: &SigningKey| sign(key, &namespace, text.as_bytes()).expect("signs").into_bytes();
    SignedFile { bytes: text.as_bytes().to_vec(), signatures: signers.iter().map(by).collect() }
}

#[expect(clippy::expect_used, reason = "an examination fails by panicking")]
fn config_text(header: Header, accounts: Vec<AccountEntry>, trust: &TrustEntry) -> String {
    let (id, policy) = builtin().first().expect("a policy of the product");
    let file = ConfigFile {
        header,
        policy: PolicyEntry { id: (*id).to_owned(), sha256: sha256(&[policy.as_bytes()]) },
        server: ServerEntry { names: vec!["localhost".to_owned()] },
        limits: LimitsEntry::default(),
        trust: trust.clone(),
        accounts,
    };
    file.to_toml().expect("toml")
}

#[expect(clippy::expect_used, reason = "an examination fails by panicking")]
fn authority() -> TrustEntry {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.distinguished_name.push(DnType::CommonName, "Example CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_after = date_time_ymd(2040, 1, 1);
    let key = KeyPair::generate().expect("a key");
    let anchor = params.self_signed(&key).expect("a certificate").pem();
    let list = CertificateRevocationListParams {
        this_update: date_time_ymd(2025, 1, 1),
        next_update: date_time_ymd(2040, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let crl = list.signed_by(&Issuer::new(params, key)).expect("a list").pem().expect("pem");
    TrustEntry { anchors: vec![anchor], crls: vec![crl] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{KeyFingerprint, diff};

    #[test]
    fn the_example_is_a_deployment_like_any_other() {
        let before = Example::new(vec![account(1, "a.martin", "S/ALPHA")]);
        let key = KeyFingerprint::of_spki(b"a.martin");
        assert_eq!(before.config.account_by_key(&key).unwrap().name(), "a.martin");
        let old = before.config.clone();
        let after = before.next(vec![account(1, "a.martin", "DR")]);
        assert_eq!((after.config.epoch(), after.config.in_force(BEGINS)), (2, true));
        assert_eq!(diff(&old, &after.config).len(), 2, "a level and a category less");
    }
}
