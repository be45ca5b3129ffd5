//! What is accepted, and what it changes in words.

use std::collections::BTreeMap;

use vigie::{
    clock::Time,
    config::{KeyFingerprint, Kind, Role, accept, diff, openssh_public_line, sshsig::sign},
    words::Language,
};

use crate::{
    authority::authority,
    token::Blob,
    workshop::{Site, account, account_id, fingerprint, now, person, signed},
};

fn said(sentences: &[vigie::words::Sentence]) -> Vec<String> {
    sentences.iter().map(|sentence| sentence.render(Language::English)).collect()
}

#[test]
fn two_people_grant() {
    let site = Site::new();
    let text = site.config_file().to_toml().expect("toml");
    for (keys, names) in [
        (vec![&site.alice, &site.bob], vec!["Alice", "Bob"]),
        (vec![&site.bob, &site.alice_spare], vec!["Alice", "Bob"]),
        (vec![&site.alice, &site.alice_spare, &site.carol], vec!["Alice", "Carol"]),
        (vec![&site.alice, &site.bob, &site.carol], vec!["Alice", "Bob", "Carol"]),
    ] {
        let config = site.config_by(&text, &keys).expect("enough people");
        assert_eq!(config.signers(), names);
        assert_eq!((config.epoch(), config.revocations()), (2, 0));
    }
    let with_token = site.config_with(|namespace, bytes| {
        let token = Blob::token(namespace, 0x01).armored(&site.dora, bytes);
        vec![token, sign(&site.carol, namespace, bytes).expect("signs").into_bytes()]
    });
    assert_eq!(with_token.expect("a touched token").signers(), ["Carol", "Dora"]);
    let sha256 = site.config_with(|namespace, bytes| {
        let blob = Blob { hash: b"sha256".to_vec(), ..Blob::new(namespace) };
        [&site.alice, &site.bob].map(|key| blob.armored(key, bytes)).to_vec()
    });
    sha256.expect("the other hash");
}

#[test]
fn accounts_are_found_by_identifier_and_by_key() {
    let site = Site::new();
    let config = &site.config;
    assert_eq!(config.accounts().len(), 3);
    let key = KeyFingerprint::parse(&fingerprint(33)).expect("hexadecimal");
    let account = config.account_by_key(&key).expect("the second key of account 3");
    assert_eq!((account.id(), account.name(), account.nation()), (account_id(3), "c.petit", "FRA"));
    assert!(config.account_by_key(&KeyFingerprint::of_spki(b"stranger")).is_none());
    let officer = config.account(account_id(2)).expect("account 2");
    assert!(officer.roles().holds(Role::Officer) && !officer.roles().holds(Role::Releaser));
    assert!(officer.clearance().reaches(&config.policy().parse_label("TS/ALPHA,BRAVO/FRA").expect("a label")));
    assert!(!account.clearance().reaches(&config.policy().parse_label("S/FRA").expect("a label")));
    assert!(config.in_force(now()) && !config.in_force(config.expires()) && !config.in_force(Time(0)));
    assert_eq!((config.anchors().len(), config.crls().len()), (1, 1));
    assert_eq!(config.crls()[0].revoked(), 1);
    assert_eq!(config.server_names()[0], "vigie.example");
}

#[test]
fn one_person_revokes() {
    let site = Site::new();
    let after = site
        .revoke_bent(|file| {
            file.suspend = vec![account_id(1)];
            file.remove_certificates = BTreeMap::from([(account_id(3), vec![fingerprint(33)])]);
            file.lower_clearances = BTreeMap::from([(account_id(2), "S/BRAVO".to_owned())]);
            file.remove_roles = BTreeMap::from([(account_id(2), vec!["officer".to_owned()])]);
        })
        .expect("one person revokes");
    assert_eq!((after.epoch(), after.revocations(), after.signers()), (1, 1, ["Carol".to_owned()].as_slice()));
    assert!(after.account(account_id(1)).expect("still known").suspended());
    assert!(after.account_by_key(&KeyFingerprint::parse(&fingerprint(33)).expect("hexadecimal")).is_none());
    assert!(after.account_by_key(&KeyFingerprint::parse(&fingerprint(3)).expect("hexadecimal")).is_some());
    assert_eq!(
        said(&diff(&site.config, &after)),
        [
            "Agent 1 (a.martin) is suspended.",
            "Agent 2 (b.durand) loses level: from TS to S.",
            "Agent 2 (b.durand) loses the category ALPHA.",
            "Agent 2 (b.durand) loses the role “security officer”.",
            &format!("Agent 3 (c.petit) loses the certificate {}.", fingerprint(33)),
        ]
    );
    assert_eq!(after.file_digest(), site.config.file_digest());
    assert_ne!(after.digest(), site.config.digest(), "the head moved");
}

#[test]
fn a_configuration_prepared_before_a_revocation_cannot_undo_it() {
    let mut site = Site::new();
    let prepared =
        signed(Kind::Config, site.deployment, &site.config_file().to_toml().expect("toml"), &[&site.alice, &site.bob]);
    site.config = site.revoke_bent(|file| file.suspend = vec![account_id(1)]).expect("revoked");
    let refusal = accept::next_config(&site.root, &site.config, &prepared, &[], now()).expect_err("prepared before");
    assert_eq!(refusal.code(), "wrong-previous");
    // A second revocation goes on top of the first.
    site.config = site.revoke_bent(|file| file.suspend = vec![account_id(2)]).expect("revoked again");
    assert_eq!(site.config.revocations(), 2);
    assert!(site.config.account(account_id(1)).expect("account 1").suspended());
    // Whoever looked again may readmit, and says so.
    let next = site.config_bent(|file| file.accounts[1].suspended = true).expect("prepared after");
    assert_eq!((next.epoch(), next.revocations()), (2, 0));
    assert_eq!(said(&diff(&site.config, &next)), ["Agent 1 (a.martin) is readmitted."]);
}

#[test]
fn a_revocation_works_when_the_root_has_expired() {
    let site = Site::new();
    let mut file = site.revoke_file();
    file.suspend = vec![account_id(1)];
    file.header.expires = site.root.expires().plus_ms(86_400_000);
    let file = signed(Kind::Revoke, site.deployment, &file.to_toml().expect("toml"), &[&site.bob]);
    let later = site.root.expires().plus_ms(1);
    assert!(accept::next_revoke(&site.root, &site.config, &file, later).is_ok());
}

#[test]
fn a_root_changes_by_the_people_of_both() {
    let site = Site::new();
    let root = site
        .root_bent(&[&site.alice, &site.bob, &site.carol], |file| {
            file.people.retain(|person| person.name != "Dora");
            file.people.push(person("Sam", &[openssh_public_line(&site.stranger, "sam")]));
        })
        .expect("three of the old, all in the new");
    assert_eq!((root.epoch(), root.previous()), (2, site.root.digest()));
    assert_eq!(root.signers(), ["Alice", "Bob", "Carol"]);
    let text = site.config_file().to_toml().expect("toml");
    let by = |keys| {
        accept::next_config(&root, &site.config, &signed(Kind::Config, site.deployment, &text, keys), &[], now())
    };
    assert!(by(&[&site.stranger, &site.alice]).is_ok(), "Sam may sign now");
    let bytes = text.clone().into_bytes();
    let dora = Blob::token(&Kind::Config.namespace(site.deployment), 1).armored(&site.dora, &bytes);
    let mut gone = signed(Kind::Config, site.deployment, &text, &[&site.alice]);
    gone.signatures.push(dora);
    let refusal = accept::next_config(&root, &site.config, &gone, &[], now()).expect_err("Dora is gone");
    assert_eq!(refusal.code(), "unknown-signer");
    // A new person may stand in for one who signs in neither.
    let handed = site.root_bent(&[&site.alice, &site.bob, &site.carol, &site.stranger], |file| {
        file.people = vec![
            person("Alice", &[openssh_public_line(&site.alice, "")]),
            person("Bob", &[openssh_public_line(&site.bob, "")]),
            person("Sam", &[openssh_public_line(&site.stranger, "")]),
        ];
    });
    assert!(handed.is_ok(), "Carol signs for the old root, Sam for the new");
}

#[test]
fn the_words_say_who_gains_and_who_loses() {
    let site = Site::new();
    let next = site
        .config_bent(|file| {
            file.accounts[0].clearance = "TS/BRAVO".to_owned();
            file.accounts[0].roles = vec!["officer".to_owned()];
            file.accounts[1].display = "Béatrice".to_owned();
            file.accounts.remove(2);
            let mut dupont = account(4, "d.dupont", "DR");
            dupont.nation = "BEL".to_owned();
            file.accounts.push(dupont);
            file.trust.anchors.push(authority().other_anchor.clone());
            file.trust.crls = vec![authority().longer_crl.clone(), authority().other_crl.clone()];
            file.server.names = vec!["veille.example".to_owned()];
            file.limits.connections = Some(100);
        })
        .expect("two people grant");
    let words = said(&diff(&site.config, &next));
    let expected = [
        "Agent 1 (a.martin) gains level: from S to TS.",
        "Agent 1 (a.martin) gains the category BRAVO.",
        "Agent 1 (a.martin) loses the category ALPHA.",
        "Agent 1 (a.martin) gains the role “security officer”.",
        "Agent 1 (a.martin) loses the role “releaser”.",
        "Agent 2 (b.durand) is now called Béatrice (b.durand).",
        "Agent 4 (d.dupont) (BEL) gets an account, cleared DR.",
        "Agent 3 (c.petit) loses the account.",
        "The authority CN=Other CA may issue certificates.",
        "New revocation list of CN=Example CA: 3 certificates revoked (before: 1), valid until 2035-01-01T00:00:00.000Z.",
        "Names of the server: veille.example.",
        "The limit “connections” becomes 100.",
    ];
    for sentence in expected {
        assert!(words.iter().any(|said| said == sentence), "{sentence}\nnot in\n{}", words.join("\n"));
    }
    assert_eq!(diff(&site.config, &site.config), [], "nothing changes, nothing is said");
}

#[test]
fn a_draft_says_before_anybody_signs_what_a_file_would_do() {
    let site = Site::new();
    let mut file = site.config_file();
    file.accounts[2].suspended = true;
    let bytes = file.to_toml().expect("toml").into_bytes();
    let draft = accept::draft(Some(&site.root), Some(&site.config), &bytes, &[], now()).expect("a good draft");
    assert_eq!((draft.kind, draft.needed), (Kind::Config, 2));
    assert_eq!(draft.namespace, Kind::Config.namespace(site.deployment));
    assert_eq!(said(&draft.changes), ["Agent 3 (c.petit) is suspended."]);
    let mut revoke = site.revoke_file();
    revoke.suspend = vec![account_id(3)];
    let bytes = revoke.to_toml().expect("toml").into_bytes();
    let draft = accept::draft(Some(&site.root), Some(&site.config), &bytes, &[], now()).expect("a good draft");
    assert_eq!((draft.kind, draft.needed), (Kind::Revoke, 1));
    assert_eq!(said(&draft.changes), ["Agent 3 (c.petit) is suspended."]);
    let bytes = site.root_file().to_toml().expect("toml").into_bytes();
    let draft = accept::draft(Some(&site.root), None, &bytes, &[], now()).expect("a good draft");
    assert_eq!((draft.kind, draft.needed), (Kind::Root, 3));
    let first = accept::draft(None, None, &site.root_signed.bytes, &[], now()).expect("a first root");
    assert!(said(&first.changes).iter().any(|said| said.starts_with("Bob may sign with the key SHA256:")));
    let refusal = accept::draft(Some(&site.root), None, b"[header]\nformat = \"x\"", &[], now()).expect_err("no kind");
    assert_eq!(refusal.code(), "other-format");
}
