//! Refused for what the file says, whoever signed it.

use std::collections::BTreeMap;

use vigie::{
    clock::Time,
    config::{
        Kind, accept, openssh_public_line,
        shape::{ConfigFile, RevokeFile, RootFile},
    },
    crypto::Digest,
    ids::Id,
};

use crate::{
    authority::authority,
    refusals::{Attempts, unit},
    workshop::{Site, account, account_id, fingerprint, now, person, signed},
};

/// What a configuration may not say, whoever signed it.
pub fn content_attempts(site: &Site) -> Attempts {
    let bent = |bend: &dyn Fn(&mut ConfigFile)| unit(site.config_bent(|file| bend(file)));
    let account_bent = |bend: &dyn Fn(&mut vigie::config::shape::AccountEntry)| {
        unit(site.config_bent(|file| bend(&mut file.accounts[0])))
    };
    let names = |names: &[&str]| {
        unit(site.config_bent(|file| file.server.names = names.iter().map(|name| (*name).to_owned()).collect()))
    };
    let broken_policy = b"id = 7".to_vec();
    let with_policy = |policy: Vec<u8>| {
        let mut file = site.config_file();
        file.policy.sha256 = vigie::crypto::sha256(&[&policy]);
        let file = signed(Kind::Config, site.deployment, &file.to_toml().expect("toml"), &[&site.alice, &site.bob]);
        unit(accept::next_config(&site.root, &site.config, &file, &[policy], now()))
    };
    vec![
        ("a policy nobody brought", "no-policy", bent(&|file| file.policy.sha256 = Digest([1; 32]))),
        ("a policy under another name", "other-policy", bent(&|file| file.policy.id = "nato".to_owned())),
        ("a policy that is none", "policy-malformed", with_policy(broken_policy)),
        ("a policy that is not text", "policy-not-text", with_policy(vec![0xff])),
        ("no server name", "no-server-name", names(&[])),
        ("a server name with a space", "bad-server-name", names(&["vi gie"])),
        ("an empty label in a server name", "bad-server-name", names(&["vigie..example"])),
        ("a server name twice", "bad-server-name", names(&["vigie.example", "vigie.example"])),
        ("too many server names", "too-many-server-names", names(&["a"; 17])),
        ("no connection at all", "limit-out-of-bounds", bent(&|file| file.limits.connections = Some(0))),
        ("endless connections", "limit-out-of-bounds", bent(&|file| file.limits.connections = Some(u32::MAX))),
        ("endless requests", "limit-out-of-bounds", bent(&|file| file.limits.requests_per_minute = Some(u32::MAX))),
        ("an unknown level", "bad-clearance", account_bent(&|entry| entry.clearance = "XX".to_owned())),
        ("an unknown category", "bad-clearance", account_bent(&|entry| entry.clearance = "S/OMEGA".to_owned())),
        ("no clearance", "bad-clearance", account_bent(&|entry| entry.clearance.clear())),
        (
            "a clearance for others",
            "clearance-other-nation",
            account_bent(&|entry| entry.clearance = "S/BEL".to_owned()),
        ),
        ("an unknown nation", "unknown-nation", account_bent(&|entry| entry.nation = "XXX".to_owned())),
        ("an unknown role", "unknown-role", account_bent(&|entry| entry.roles = vec!["administrator".to_owned()])),
        ("a role twice", "role-twice", account_bent(&|entry| entry.roles = vec!["officer".to_owned(); 2])),
        ("an unknown language", "unknown-language", account_bent(&|entry| entry.language = "la".to_owned())),
        ("a name in capitals", "bad-account-name", account_bent(&|entry| entry.name = "Admin".to_owned())),
        ("an empty name", "bad-account-name", account_bent(&|entry| entry.name.clear())),
        ("a name with a look-alike", "bad-account-name", account_bent(&|entry| entry.name = "а.martin".to_owned())),
        (
            "an invisible displayed name",
            "bad-display-name",
            account_bent(&|entry| entry.display = "\u{200b}".to_owned()),
        ),
        (
            "a displayed name that turns the line",
            "bad-display-name",
            account_bent(&|entry| entry.display = "x\u{202e}y".to_owned()),
        ),
        (
            "a fingerprint in capitals",
            "bad-fingerprint",
            account_bent(&|entry| entry.certificates = vec!["A".repeat(64)]),
        ),
        ("a short fingerprint", "bad-fingerprint", account_bent(&|entry| entry.certificates = vec!["ab".to_owned()])),
        (
            "many certificates",
            "too-many-certificates",
            account_bent(&|entry| entry.certificates = (50..59).map(fingerprint).collect()),
        ),
        ("one certificate twice", "same-certificate", account_bent(&|entry| entry.certificates.push(fingerprint(1)))),
        (
            "one certificate in two accounts",
            "same-certificate",
            account_bent(&|entry| entry.certificates.push(fingerprint(2))),
        ),
        (
            "one name in two accounts",
            "same-account-name",
            bent(&|file| file.accounts.push(account(9, "a.martin", "DR"))),
        ),
        (
            "one identifier in two accounts",
            "same-account-id",
            bent(&|file| file.accounts.push(account(1, "z.martin", "DR"))),
        ),
        (
            "more accounts than the product carries",
            "too-many-accounts",
            bent(&|file| {
                file.accounts = vec![account(1, "a.martin", "DR"); 20_001];
            }),
        ),
    ]
}

pub fn trust_attempts(site: &Site) -> Attempts {
    let all = authority();
    let trust = |anchors: &[&String], crls: &[&String]| {
        unit(site.config_bent(|file| {
            file.trust.anchors = anchors.iter().map(|pem| (*pem).clone()).collect();
            file.trust.crls = crls.iter().map(|pem| (*pem).clone()).collect();
        }))
    };
    let (anchor, crl) = (&all.anchor, &all.crl);
    let junk = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned();
    let two = format!("{anchor}{anchor}");
    vec![
        ("no authority", "no-anchor", trust(&[], &[])),
        ("an authority without a list", "anchor-without-crl", trust(&[anchor], &[])),
        ("a second authority without a list", "anchor-without-crl", trust(&[anchor, &all.other_anchor], &[crl])),
        ("a list of nobody", "stray-crl", trust(&[anchor], &[crl, &all.other_crl])),
        ("a list twice", "same-crl-twice", trust(&[anchor], &[crl, &all.longer_crl])),
        ("an authority twice", "same-anchor-twice", trust(&[anchor, anchor], &[crl])),
        ("a list that was due", "crl-stale", trust(&[anchor], &[&all.stale_crl])),
        ("a list without an end", "crl-without-next-update", trust(&[anchor], &[&all.endless_crl])),
        ("an authority that has ended", "anchor-expired", trust(&[&all.expired_anchor], &[&all.expired_crl])),
        ("a certificate that is no authority", "not-an-authority", trust(&[&all.leaf], &[])),
        ("a list as an authority", "bad-anchor", trust(&[crl], &[crl])),
        ("an authority as a list", "bad-crl", trust(&[anchor], &[anchor])),
        ("junk as an authority", "bad-anchor", trust(&[&junk], &[])),
        ("two authorities in one text", "bad-anchor", trust(&[&two], &[crl])),
        ("too many lists", "too-much-trust", trust(&[anchor], &[crl; 17])),
    ]
}

pub fn root_attempts(site: &Site) -> Attempts {
    let Site { alice, alice_spare, bob, carol, stranger, .. } = site;
    let eve = crate::workshop::signing_key(9);
    let enough = [alice, bob, carol];
    let bent = |bend: &dyn Fn(&mut RootFile)| unit(site.root_bent(&enough, |file| bend(file)));
    let line = |key| openssh_public_line(key, "");
    vec![
        ("two of three", "too-few-of-old-root", unit(site.root_bent(&[alice, bob], |_| {}))),
        ("three keys, two people", "too-few-of-old-root", unit(site.root_bent(&[alice, alice_spare, bob], |_| {}))),
        (
            "only people of the new root",
            "too-few-of-old-root",
            unit(site.root_bent(&[stranger, &eve, alice], |file| {
                file.people.push(person("Sam", &[line(stranger)]));
                file.people.push(person("Eve", &[line(&eve)]));
            })),
        ),
        (
            "only people of the old root",
            "too-few-of-new-root",
            unit(site.root_bent(&enough, |file| {
                file.people =
                    vec![person("Sam", &[line(stranger)]), person("Eve", &[line(&eve)]), person("Bob", &[line(bob)])];
            })),
        ),
        (
            "a threshold lowered by the new root does not count for the old",
            "too-few-of-old-root",
            unit(site.root_bent(&[alice, bob], |file| file.thresholds.root = 2)),
        ),
        ("a stranger beside enough", "unknown-signer", unit(site.root_bent(&[alice, bob, carol, stranger], |_| {}))),
        ("nobody", "no-signature", unit(site.root_bent(&[], |_| {}))),
        ("one person grants", "threshold-too-low", bent(&|file| file.thresholds.config = 1)),
        ("nobody grants", "threshold-too-low", bent(&|file| file.thresholds.config = 0)),
        ("one person changes the root", "threshold-too-low", bent(&|file| file.thresholds.root = 1)),
        ("more than there are", "threshold-too-high", bent(&|file| file.thresholds.config = 5)),
        ("a person twice", "same-person-twice", bent(&|file| file.people.push(person("ALICE", &[line(stranger)])))),
        ("a key for two people", "same-key-twice", bent(&|file| file.people.push(person("Sam", &[line(alice)])))),
        ("a key twice for one", "same-key-twice", bent(&|file| file.people[1].keys.push(line(bob)))),
        ("a person without a key", "person-without-key", bent(&|file| file.people.push(person("Sam", &[])))),
        ("a person without a name", "bad-person-name", bent(&|file| file.people.push(person("", &[line(stranger)])))),
        (
            "a key line with options",
            "key-not-a-line",
            bent(&|file| file.people[1].keys.push(format!("no-touch-required {}", line(stranger)))),
        ),
        (
            "an RSA key",
            "key-other-kind",
            bent(&|file| file.people[1].keys.push("ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB".to_owned())),
        ),
        (
            "a cut key",
            "key-malformed",
            bent(&|file| file.people[1].keys.push("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOh".to_owned())),
        ),
        ("too many keys", "too-many-keys", bent(&|file| file.people[1].keys = vec![line(stranger); 9])),
        ("too many people", "too-many-people", bent(&|file| file.people = vec![person("Sam", &[]); 33])),
        ("an old epoch", "wrong-epoch", bent(&|file| file.header.epoch = 1)),
        ("another predecessor", "wrong-previous", bent(&|file| file.header.prev_sha256 = Digest([2; 32]))),
        ("another deployment", "other-deployment", bent(&|file| file.header.deployment = Id::from_bytes([9; 16]))),
        (
            "an expired root",
            "expired",
            bent(&|file| {
                file.header.not_before = Time(0);
                file.header.expires = now();
            }),
        ),
    ]
}

/// One person revokes, but only takes away.
pub fn revoke_attempts(site: &Site) -> Attempts {
    let bent = |bend: &dyn Fn(&mut RevokeFile)| unit(site.revoke_bent(|file| bend(file)));
    let lowered = |number: u8, clearance: &str| {
        let lower = BTreeMap::from([(account_id(number), clearance.to_owned())]);
        unit(site.revoke_bent(|file| file.lower_clearances = lower))
    };
    let suspends = |file: &mut RevokeFile| file.suspend = vec![account_id(1)];
    let mut draft = site.revoke_file();
    suspends(&mut draft);
    let text = draft.to_toml().expect("toml");
    let by = |text: &str, keys: &[&vigie::crypto::sign::SigningKey]| {
        let file = signed(Kind::Revoke, site.deployment, text, keys);
        unit(accept::next_revoke(&site.root, &site.config, &file, now()))
    };
    vec![
        ("a higher level", "revoke-grants", lowered(1, "TS/ALPHA")),
        ("another category", "revoke-grants", lowered(1, "S/BRAVO")),
        ("a lower level with one more category", "revoke-grants", lowered(3, "S/ALPHA")),
        (
            "a higher one beside a true cut",
            "revoke-grants",
            bent(&|file| {
                file.suspend = vec![account_id(1)];
                file.lower_clearances = BTreeMap::from([(account_id(3), "TS".to_owned())]);
            }),
        ),
        ("no such clearance", "revoke-bad-clearance", lowered(1, "XX")),
        ("the same clearance", "revoke-nothing-taken", lowered(1, "S/ALPHA")),
        ("nothing at all", "revoke-nothing-taken", bent(&|_| {})),
        ("an account that is not there", "revoke-unknown-account", bent(&|file| file.suspend = vec![account_id(77)])),
        (
            "a certificate of somebody else",
            "revoke-unknown-certificate",
            bent(&|file| {
                file.remove_certificates = BTreeMap::from([(account_id(1), vec![fingerprint(2)])]);
            }),
        ),
        (
            "a role that is not held",
            "revoke-role-not-held",
            bent(&|file| {
                file.remove_roles = BTreeMap::from([(account_id(1), vec!["officer".to_owned()])]);
            }),
        ),
        (
            "no reason",
            "no-reason",
            bent(&|file| {
                file.suspend = vec![account_id(1)];
                file.reason = " ".to_owned();
            }),
        ),
        ("not signed", "no-signature", by(&text, &[])),
        ("signed by a stranger", "unknown-signer", by(&text, &[&site.stranger])),
        ("a field that would add", "malformed", by(&format!("resume = [\"x\"]\n{text}"), &[&site.carol])),
        ("accounts in a revocation", "malformed", by(&format!("{text}\n[[accounts]]\nname = \"x\"\n"), &[&site.carol])),
        ("the next number but one", "wrong-epoch", bent(&|file| file.header.epoch = 2)),
        ("on top of something else", "wrong-previous", bent(&|file| file.header.prev_sha256 = Digest([3; 32]))),
        (
            "a revocation as a configuration",
            "other-format",
            by(&text.replace("vigie-revoke-1", "vigie-config-1"), &[&site.carol]),
        ),
        ("for another deployment", "other-deployment", bent(&|file| file.header.deployment = Id::from_bytes([9; 16]))),
    ]
}
