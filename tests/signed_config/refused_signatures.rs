//! Refused for who signed and how, or for the place of the file in its chain and in time.

use vigie::{
    clock::Time,
    config::{Header, Kind, SignedFile, accept, sshsig::sign},
    crypto::Digest,
    ids::Id,
};

use crate::{
    refusals::{Attempts, unit},
    token::{Blob, armor},
    workshop::{Site, account_id, now, signed},
};

/// Who signed, and how.
pub fn signature_attempts(site: &Site) -> Attempts {
    let Site { alice, alice_spare, bob, carol, dora, stranger, .. } = site;
    let by = |keys: &[&vigie::crypto::sign::SigningKey]| {
        unit(site.config_by(&site.config_file().to_toml().expect("toml"), keys))
    };
    let blobs = |bend: fn(&mut Blob)| {
        unit(site.config_with(|namespace, bytes| {
            let mut blob = Blob::new(namespace);
            bend(&mut blob);
            vec![sign(bob, namespace, bytes).expect("signs").into_bytes(), blob.armored(alice, bytes)]
        }))
    };
    let texts = |bend: fn(String) -> String| {
        unit(site.config_with(|namespace, bytes| {
            let good = sign(alice, namespace, bytes).expect("signs");
            vec![sign(bob, namespace, bytes).expect("signs").into_bytes(), bend(good).into_bytes()]
        }))
    };
    let flags = |flags: u8| {
        unit(site.config_with(|namespace, bytes| {
            let token = Blob::token(namespace, flags).armored(dora, bytes);
            vec![sign(bob, namespace, bytes).expect("signs").into_bytes(), token]
        }))
    };
    vec![
        ("nobody signed", "no-signature", by(&[])),
        ("one person", "too-few-people", by(&[alice])),
        ("the same key twice", "too-few-people", by(&[alice, alice])),
        ("two keys of one person", "too-few-people", by(&[alice, alice_spare])),
        ("two keys of one person, thrice", "too-few-people", by(&[alice, alice_spare, alice])),
        ("a stranger alone", "unknown-signer", by(&[stranger])),
        ("a stranger beside enough people", "unknown-signer", by(&[alice, bob, stranger])),
        ("too many signatures", "too-many-signatures", by(&[alice; 33])),
        ("an empty signature file", "signature-not-armored", texts(|_| String::new())),
        ("a byte before the header", "signature-not-armored", texts(|good| format!(" {good}"))),
        ("a byte after the footer", "signature-not-armored", texts(|good| format!("{good}\n"))),
        ("two signatures in one file", "signature-not-base64", texts(|good| format!("{good}{good}"))),
        (
            "Windows line ends",
            "signature-not-base64",
            texts(|good| {
                let body = good.replace('\n', "\r\n");
                body.replace("SIGNATURE-----\r\n", "SIGNATURE-----\n").replace("\r\n-----END", "\n-----END")
            }),
        ),
        (
            "one long line",
            "signature-not-armored",
            texts(|good| {
                let lines: Vec<&str> = good.lines().collect();
                format!("{}\n{}\n{}\n", lines[0], lines[1..lines.len() - 1].concat(), lines[lines.len() - 1])
            }),
        ),
        ("a very long file", "signature-too-long", texts(|good| good + &"\n".repeat(5000))),
        (
            "base64 without its last character",
            "signature-not-base64",
            texts(|good| {
                let end = good.find("\n-----END").expect("a footer");
                format!("{}{}", &good[..end - 1], &good[end..])
            }),
        ),
        ("another magic", "signature-other-magic", blobs(|blob| blob.magic = b"SSHSIH".to_vec())),
        ("version 0", "signature-other-version", blobs(|blob| blob.version = 0)),
        ("version 2", "signature-other-version", blobs(|blob| blob.version = 2)),
        ("reserved bytes", "signature-reserved", blobs(|blob| blob.reserved = b"x".to_vec())),
        ("no namespace", "signature-no-namespace", blobs(|blob| blob.namespace.clear())),
        ("the namespace of a file", "signature-other-namespace", blobs(|blob| blob.namespace = b"file".to_vec())),
        (
            "the namespace of another deployment",
            "signature-other-namespace",
            blobs(|blob| {
                blob.namespace = Kind::Config.namespace(Id::from_bytes([9; 16])).into_bytes();
            }),
        ),
        ("a longer namespace", "signature-other-namespace", blobs(|blob| blob.namespace.push(0))),
        ("sha1", "signature-other-hash", blobs(|blob| blob.hash = b"sha1".to_vec())),
        ("the wrong kind of signature", "signature-key-mismatch", blobs(|blob| blob.kind = b"ssh-rsa".to_vec())),
        ("bytes after the blob", "signature-trailing-bytes", blobs(|blob| blob.trailing = vec![0])),
        ("bytes after the signature", "signature-trailing-bytes", blobs(|blob| blob.inner_trailing = vec![0])),
        ("a token nobody touched", "signature-not-touched", flags(0x00)),
        ("a token that verified but nobody touched", "signature-not-touched", flags(0x04)),
        (
            "a cut blob",
            "signature-truncated",
            unit(site.config_with(|namespace, bytes| {
                let blob = Blob::new(namespace).bytes(alice, bytes);
                vec![armor(&blob[..blob.len() - 1])]
            })),
        ),
        (
            "a length beyond the end",
            "signature-truncated",
            unit(site.config_with(|namespace, bytes| {
                let mut blob = Blob::new(namespace).bytes(alice, bytes);
                blob[10..14].copy_from_slice(&u32::MAX.to_be_bytes());
                vec![armor(&blob)]
            })),
        ),
        (
            "an RSA key",
            "signature-other-key",
            unit(site.config_with(|namespace, bytes| {
                let blob = Blob::new(namespace).bytes(alice, bytes);
                let mut changed = blob.clone();
                changed[18..29].copy_from_slice(b"ssh-rsarsa!");
                vec![armor(&changed)]
            })),
        ),
        (
            "a signature over other bytes",
            "signature-forged",
            unit(site.config_with(|namespace, bytes| {
                vec![
                    sign(alice, namespace, b"other").expect("signs").into_bytes(),
                    sign(bob, namespace, bytes).expect("signs").into_bytes(),
                ]
            })),
        ),
        (
            "a signature for a revocation",
            "signature-other-namespace",
            unit(site.config_with(|_, bytes| {
                let namespace = Kind::Revoke.namespace(site.deployment);
                [alice, bob].map(|key| sign(key, &namespace, bytes).expect("signs").into_bytes()).to_vec()
            })),
        ),
        (
            "a signature for a root",
            "signature-other-namespace",
            unit(site.config_with(|_, bytes| {
                let namespace = Kind::Root.namespace(site.deployment);
                [alice, carol].map(|key| sign(key, &namespace, bytes).expect("signs").into_bytes()).to_vec()
            })),
        ),
    ]
}

/// Where the file stands in its chain, and in time.
pub fn header_attempts(site: &Site) -> Attempts {
    let header = |bend: fn(&mut Header)| unit(site.config_bent(|file| bend(&mut file.header)));
    let text =
        |bend: &dyn Fn(String) -> String| unit(site.config_text(&bend(site.config_file().to_toml().expect("toml"))));
    let bytes = |bytes: Vec<u8>| {
        let file = SignedFile { bytes, signatures: site.config_signed.signatures.clone() };
        unit(accept::next_config(&site.root, &site.config, &file, &[], now()))
    };
    let at = |time: Time| {
        let file = signed(
            Kind::Config,
            site.deployment,
            &site.config_file().to_toml().expect("toml"),
            &[&site.alice, &site.bob],
        );
        unit(accept::next_config(&site.root, &site.config, &file, &[], time))
    };
    let replayed = unit(accept::next_config(&site.root, &site.config, &site.config_signed, &[], now()));
    let root_as_config = unit(accept::next_config(&site.root, &site.config, &site.root_signed, &[], now()));
    vec![
        ("another deployment", "other-deployment", header(|header| header.deployment = Id::from_bytes([9; 16]))),
        ("no deployment", "other-deployment", header(|header| header.deployment = Id::NONE)),
        ("epoch zero", "wrong-epoch", header(|header| header.epoch = 0)),
        ("the same epoch again", "wrong-epoch", header(|header| header.epoch = 1)),
        ("an epoch left out", "wrong-epoch", header(|header| header.epoch = 3)),
        ("the greatest epoch", "wrong-epoch", header(|header| header.epoch = 1 << 62)),
        ("the very same file again", "wrong-epoch", replayed),
        ("another predecessor", "wrong-previous", header(|header| header.prev_sha256 = Digest([7; 32]))),
        ("no predecessor", "wrong-previous", header(|header| header.prev_sha256 = Header::FIRST)),
        ("not yet", "not-yet", at(Time(now().0 - 1))),
        ("too late", "expired", {
            unit(site.config_bent(|file| {
                file.header.not_before = Time(0);
                file.header.expires = now();
            }))
        }),
        ("ends before it begins", "empty-period", header(|header| header.expires = header.not_before)),
        ("under an expired root", "root-expired", at(site.root.expires())),
        ("a root as a configuration", "other-format", root_as_config),
        ("a later format", "other-format", header(|header| header.format = "vigie-config-2".to_owned())),
        ("no header", "malformed", text(&|text| text.replace("[header]", "[heading]"))),
        ("an unknown field", "malformed", text(&|text| format!("allow_all = true\n{text}"))),
        (
            "an unknown field of an account",
            "malformed",
            text(&|text| text.replacen("suspended = false", "suspended = false\nowner = true", 1)),
        ),
        (
            "an unknown field of the header",
            "malformed",
            text(&|text| text.replacen("[header]", "[header]\nforce = true", 1)),
        ),
        ("a field twice", "malformed", text(&|text| text.replacen("epoch = 2", "epoch = 2\nepoch = 2", 1))),
        (
            "a field of another type",
            "malformed",
            text(&|text| text.replacen("suspended = false", "suspended = \"no\"", 1)),
        ),
        ("an identifier misspelt", "malformed", text(&|text| text.replacen(&account_id(1).to_string(), "AE", 1))),
        ("not TOML", "malformed", text(&|text| format!("{text}\n<xml/>"))),
        ("nested without end", "malformed", text(&|text| format!("a = {}\n{text}", "[".repeat(200_000)))),
        ("an empty file", "malformed", bytes(Vec::new())),
        ("not UTF-8", "not-text", bytes(vec![0xff, 0xfe])),
        ("too large", "too-large", bytes(vec![b'#'; 16 * 1024 * 1024 + 1])),
    ]
}
