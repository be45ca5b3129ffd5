//! Every way to be refused: each with the one code it must be refused by, each leaving what is in force alone.

use std::collections::{BTreeMap, BTreeSet};

use vigie::{
    config::{Kind, Refusal, SignedFile, accept},
    label::builtin,
    words::Language,
};

use crate::{
    refused_contents::{content_attempts, revoke_attempts, root_attempts, trust_attempts},
    refused_signatures::{header_attempts, signature_attempts},
    token::{Blob, token_line},
    workshop::{Site, now, person, signed},
};

/// What was tried, the code it must be refused by, what became of it.
pub type Attempts = Vec<(&'static str, &'static str, Result<(), Refusal>)>;

pub fn unit<T>(verdict: Result<T, Refusal>) -> Result<(), Refusal> {
    verdict.map(|_accepted| ())
}

#[test]
fn what_is_not_right_in_every_respect_is_refused() {
    let site = Site::new();
    let (epoch, digest) = (site.config.epoch(), site.config.digest());
    let attempts: Attempts = [
        signature_attempts(&site),
        header_attempts(&site),
        content_attempts(&site),
        trust_attempts(&site),
        root_attempts(&site),
        revoke_attempts(&site),
    ]
    .concat();
    let mut codes = BTreeSet::new();
    let mut sentences = BTreeMap::new();
    for (name, code, verdict) in &attempts {
        let refusal = verdict.as_ref().expect_err(name);
        assert_eq!(refusal.code(), *code, "{name}: {refusal}");
        codes.insert(refusal.code());
        for language in Language::ALL {
            let said = refusal.sentence().render(language);
            assert!(said.len() > 10 && !said.starts_with("config-") && !said.contains('{'), "{name}: {said}");
            sentences.entry((language.code(), *code)).or_insert(said);
        }
    }
    assert_eq!((site.config.epoch(), site.config.digest()), (epoch, digest), "a refusal changes nothing");
    assert!(attempts.len() >= 60, "{} attempts", attempts.len());
    assert!(codes.len() >= 60, "{} different reasons", codes.len());
    let different: BTreeSet<&String> =
        sentences.iter().filter(|((language, _), _)| *language == "fr").map(|(_, said)| said).collect();
    assert!(different.len() >= 60, "{} different sentences", different.len());
}

#[test]
fn user_verification_is_demanded_where_the_root_says_so() {
    let site = Site::new();
    let mut file = site.root_file();
    file.user_verification = true;
    file.people.push(person("Eve", &[token_line(&site.stranger)]));
    let text = file.to_toml().expect("toml");
    let strict = accept::next_root(
        &site.root,
        &signed(Kind::Root, site.deployment, &text, &[&site.alice, &site.bob, &site.carol]),
        now(),
    )
    .expect("a stricter root");
    let bytes = site.config_file().to_toml().expect("toml").into_bytes();
    let namespace = Kind::Config.namespace(site.deployment);
    let verdict = |flags| {
        let token = |key| Blob::token(&namespace, flags).armored(key, &bytes);
        let file = SignedFile { bytes: bytes.clone(), signatures: vec![token(&site.dora), token(&site.stranger)] };
        accept::next_config(&strict, &site.config, &file, &[], now())
    };
    assert_eq!(verdict(0x01).expect_err("touch alone").code(), "signature-not-verified");
    assert_eq!(verdict(0x05).expect("touch and PIN").signers(), ["Dora", "Eve"]);
}

#[test]
fn the_first_policy_of_the_product_is_the_one_of_the_tests() {
    assert_eq!(builtin()[0].0, "fr-igi1300");
}
