//! No file with one signer ever grants; no revocation ever gives; no bytes make the readers fall over.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use vigie::{
    config::{
        Kind, Role, SignedFile, accept, openssh_public_line,
        shape::Thresholds,
        ssh_key::PublicKey,
        sshsig::{UserVerification, sign, verify},
    },
    crypto::sign::SigningKey,
};

use crate::workshop::{Site, account, account_id, fingerprint, now, person, signed};

const CLEARANCES: [&str; 9] =
    ["NP", "DR", "S", "TS", "S/ALPHA", "S/BRAVO", "S/ALPHA,BRAVO", "TS/ALPHA", "TS/ALPHA,BRAVO"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_file_with_one_signer_ever_grants(
        who in 0..3_usize,
        spare in any::<bool>(),
        repeats in 1..6_usize,
        clearance in 0..CLEARANCES.len(),
        suspended in any::<bool>(),
        officer in any::<bool>(),
        thresholds in (0..4_usize, 0..4_usize),
        lure in any::<bool>(),
    ) {
        let site = Site::new();
        let own: Vec<&SigningKey> = match (who, spare) {
            (0, true) => vec![&site.alice, &site.alice_spare],
            (0, false) => vec![&site.alice],
            (1, _) => vec![&site.bob],
            _ => vec![&site.carol],
        };
        let keys: Vec<&SigningKey> = own.iter().copied().cycle().take(repeats).collect();
        let config = site.config_by(&{
            let mut file = site.config_file();
            file.accounts[0].clearance = CLEARANCES[clearance].to_owned();
            file.accounts[0].suspended = suspended;
            if officer { file.accounts[2].roles = vec!["officer".to_owned()]; }
            file.to_toml().expect("toml")
        }, &keys);
        prop_assert!(config.is_err());
        let root = site.root_bent(&keys, |file| {
            file.thresholds = Thresholds { root: thresholds.0, config: thresholds.1 };
            if lure { file.people = vec![person("Self", &own.iter().map(|key| openssh_public_line(key, "")).collect::<Vec<_>>())]; }
        });
        prop_assert!(root.is_err());
        let first = signed(Kind::Root, site.deployment, std::str::from_utf8(&site.root_signed.bytes).expect("text"), &keys);
        prop_assert!(accept::first_root(&first, now()).is_err());
    }

    #[test]
    fn people_are_counted_and_not_keys(chosen in prop::collection::vec(0..4_usize, 0..8)) {
        let site = Site::new();
        let keys = [&site.alice, &site.alice_spare, &site.bob, &site.carol];
        let people: BTreeSet<usize> = chosen.iter().map(|place| [0, 0, 1, 2][*place]).collect();
        let keys: Vec<&SigningKey> = chosen.iter().map(|place| keys[*place]).collect();
        let config = site.config_by(&site.config_file().to_toml().expect("toml"), &keys);
        prop_assert_eq!(config.is_ok(), people.len() >= 2);
        prop_assert_eq!(site.root_bent(&keys, |_| {}).is_ok(), people.len() >= 3);
    }

    #[test]
    fn a_revocation_never_gives(
        suspend in prop::collection::btree_set(1..4_u8, 0..3),
        lower in prop::collection::btree_map(1..4_u8, 0..CLEARANCES.len(), 0..4),
        certificates in prop::collection::btree_map(1..4_u8, 1..4_u8, 0..3),
        roles in prop::collection::btree_map(1..4_u8, 0..2_usize, 0..3),
    ) {
        let site = Site::new();
        let verdict = site.revoke_bent(|file| {
            file.suspend = suspend.iter().map(|number| account_id(*number)).collect();
            file.lower_clearances = lower.iter().map(|(who, to)| (account_id(*who), CLEARANCES[*to].to_owned())).collect();
            file.remove_certificates = certificates.iter().map(|(who, what)| (account_id(*who), vec![fingerprint(*what)])).collect();
            file.remove_roles = roles.iter().map(|(who, role)| (account_id(*who), vec![Role::ALL[*role].word().to_owned()])).collect();
        });
        if let Ok(after) = verdict {
            for is in after.accounts() {
                let was = site.config.account(is.id()).expect("nobody is added");
                prop_assert!(is.clearance().ceiling().flows_to(was.clearance().ceiling()));
                prop_assert!(is.certificates().iter().all(|key| was.certificates().contains(key)));
                prop_assert!(Role::ALL.into_iter().all(|role| was.roles().holds(role) || !is.roles().holds(role)));
                prop_assert!(is.suspended() || !was.suspended());
            }
            prop_assert_eq!(after.accounts().len(), site.config.accounts().len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_signature_reader_fall_over(blob in prop::collection::vec(any::<u8>(), 0..300), armored in any::<bool>()) {
        let bytes = if armored { crate::token::armor(&[b"SSHSIG\0\0\0\x01", blob.as_slice()].concat()) } else { blob.clone() };
        prop_assert!(verify(&bytes, b"message", "vigie", UserVerification::NotRequired).is_err());
        drop(PublicKey::parse_blob(&blob));
        drop(PublicKey::parse_line(&String::from_utf8_lossy(&blob)));
    }

    #[test]
    fn a_signature_holds_for_its_own_message_and_namespace_alone(
        seed in any::<u8>(), message in prop::collection::vec(any::<u8>(), 0..200), other in prop::collection::vec(any::<u8>(), 0..200),
        namespace in "[a-z@-]{1,30}", elsewhere in "[a-z@-]{1,30}",
    ) {
        let key = crate::workshop::signing_key(seed);
        let signature = sign(&key, &namespace, &message).expect("signs");
        let verdict = |message: &[u8], namespace: &str| verify(signature.as_bytes(), message, namespace, UserVerification::Required).is_ok();
        prop_assert!(verdict(&message, &namespace));
        prop_assert_eq!(verdict(&other, &namespace), other == message);
        prop_assert_eq!(verdict(&message, &elsewhere), elsewhere == namespace);
    }
}

#[test]
fn no_changed_byte_of_a_signed_configuration_is_accepted() {
    let site = Site::new();
    let file = site.config_file().to_toml().expect("toml");
    let good = signed(Kind::Config, site.deployment, &file, &[&site.alice, &site.bob]);
    assert!(accept::next_config(&site.root, &site.config, &good, &[], now()).is_ok());
    for place in (0..good.bytes.len()).step_by(7) {
        let mut bytes = good.bytes.clone();
        bytes[place] ^= 1;
        let bad = SignedFile { bytes, signatures: good.signatures.clone() };
        assert!(accept::next_config(&site.root, &site.config, &bad, &[], now()).is_err(), "byte {place}");
    }
}

#[test]
fn accounts_by_the_thousand_are_read_and_found() {
    let site = Site::new();
    let config = site
        .config_bent(|file| {
            for number in 0..2000_u32 {
                let mut entry = account(1, &format!("agent-{number}"), "DR");
                let mut id = [7; 16];
                id[..4].copy_from_slice(&number.to_be_bytes());
                entry.id = vigie::ids::AccountId(vigie::ids::Id::from_bytes(id));
                entry.certificates = vec![vigie::crypto::sha256(&[&number.to_be_bytes()]).to_string()];
                file.accounts.push(entry);
            }
        })
        .expect("many accounts");
    assert_eq!(config.accounts().len(), 2003);
    let names: BTreeMap<&str, _> = config.accounts().map(|account| (account.name(), account.id())).collect();
    assert_eq!(names.len(), 2003);
}
