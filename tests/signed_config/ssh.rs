//! The real `ssh-keygen` and ours agree, but for the two places where ours is stricter.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use vigie::config::{
    openssh_private_key, openssh_public_line,
    ssh_key::PublicKey,
    sshsig::{SignatureFault, UserVerification, sign, verify},
};

use crate::workshop::signing_key;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/sshsig");
const NAMESPACE: &str = "bunker-config-v1@bunker.example";
const ALL: [&str; 5] = ["ed25519", "sk-ed25519.up", "sk-ed25519.up-uv", "sk-ecdsa.up-uv", "sk-ed25519.NO-PRESENCE"];

fn vector(name: &str) -> Vec<u8> {
    fs::read(Path::new(VECTORS).join(name)).expect("a vector")
}

/// A directory of this test's own, gone when the test ends.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("vigie-signed-{}-{name}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        fs::create_dir_all(&path).expect("a directory");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn ssh_keygen(arguments: &[&str], input: &[u8]) -> (bool, String) {
    let mut child = Command::new("ssh-keygen")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ssh-keygen is installed");
    child.stdin.take().expect("stdin").write_all(input).expect("ssh-keygen reads");
    let output = child.wait_with_output().expect("ssh-keygen ends");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

#[test]
fn the_vectors_are_judged_by_their_flags() {
    let message = vector("config.toml");
    let verdict = |name: &str, presence| {
        verify(&vector(&format!("{name}.sig")), &message, NAMESPACE, presence).map(|key| key.fingerprint())
    };
    for name in ["ed25519", "sk-ed25519.up", "sk-ed25519.up-uv", "sk-ecdsa.up-uv"] {
        assert!(verdict(name, UserVerification::NotRequired).is_ok(), "{name}");
    }
    for name in ["ed25519", "sk-ed25519.up-uv", "sk-ecdsa.up-uv"] {
        assert!(verdict(name, UserVerification::Required).is_ok(), "{name}");
    }
    assert_eq!(verdict("sk-ed25519.up", UserVerification::Required), Err(SignatureFault::NotVerified));
    for presence in [UserVerification::NotRequired, UserVerification::Required] {
        assert_eq!(verdict("sk-ed25519.NO-PRESENCE", presence), Err(SignatureFault::NotTouched));
    }
}

#[test]
fn the_key_that_signed_is_the_one_that_is_listed() {
    let message = vector("config.toml");
    let signers = String::from_utf8(vector("allowed_signers")).expect("text");
    for (line, name) in signers.lines().zip(["ed25519", "sk-ed25519.up", "sk-ecdsa.up-uv"]) {
        let words: Vec<&str> = line.split(' ').collect();
        let listed = PublicKey::parse_line(&words[2..].join(" ")).expect("a key line");
        let signature = vector(&format!("{name}.sig"));
        let key = verify(&signature, &message, NAMESPACE, UserVerification::NotRequired).expect("a good signature");
        assert_eq!(key, listed, "{name}");
        assert_eq!(key.in_token(), name.starts_with("sk-"));
    }
}

#[test]
fn no_bit_of_a_signature_file_can_be_flipped() {
    let message = vector("config.toml");
    let mut flips = 0;
    for name in ALL.into_iter().take(4) {
        let good = vector(&format!("{name}.sig"));
        for place in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[place] ^= 1 << bit;
                let verdict = verify(&bad, &message, NAMESPACE, UserVerification::NotRequired);
                assert!(verdict.is_err(), "{name}: byte {place}, bit {bit}");
                flips += 1;
            }
        }
        for length in 0..good.len() {
            assert!(verify(&good[..length], &message, NAMESPACE, UserVerification::NotRequired).is_err(), "{name} cut");
        }
    }
    assert!(flips > 10_000, "{flips} flips");
}

#[test]
fn no_byte_of_a_signed_file_can_be_changed() {
    let message = vector("config.toml");
    let signature = vector("ed25519.sig");
    for place in 0..message.len() {
        let mut bad = message.clone();
        bad[place] ^= 1;
        let verdict = verify(&signature, &bad, NAMESPACE, UserVerification::NotRequired);
        assert_eq!(verdict, Err(SignatureFault::Forged), "byte {place}");
    }
    for namespace in ["", "file", "bunker-config-v1@bunker.exampl", "bunker-root-v1@bunker.example"] {
        let verdict = verify(&signature, &message, namespace, UserVerification::NotRequired);
        assert_eq!(verdict, Err(SignatureFault::OtherNamespace), "{namespace}");
    }
}

#[test]
fn ssh_keygen_accepts_what_we_sign_and_only_for_the_same_purpose() {
    let scratch = Scratch::new("ours");
    let key = signing_key(21);
    let (signers, signature) = (scratch.0.join("allowed_signers"), scratch.0.join("file.sig"));
    let message = b"epoch = 1\n";
    fs::write(&signers, format!("alice {}\n", openssh_public_line(&key, "alice"))).expect("written");
    fs::write(&signature, sign(&key, "vigie-config-v1@x", message).expect("signs")).expect("written");
    let verified = |namespace: &str, message: &[u8]| {
        ssh_keygen(
            &["-Y", "verify", "-f", text(&signers), "-I", "alice", "-n", namespace, "-s", text(&signature)],
            message,
        )
    };
    let (good, said) = verified("vigie-config-v1@x", message);
    assert!(good, "{said}");
    assert!(
        said.contains(&PublicKey::parse_line(&openssh_public_line(&key, "")).expect("a line").fingerprint()),
        "{said}"
    );
    assert!(!verified("vigie-root-v1@x", message).0);
    assert!(!verified("vigie-config-v1@x", b"epoch = 2\n").0);
}

#[test]
fn we_accept_what_ssh_keygen_signs_with_a_key_file_of_ours() {
    let scratch = Scratch::new("theirs");
    let key = signing_key(22);
    for comment in ["", "a", "alice@poste", "Élodie d’Arc", "a comment long enough to shift the padding"] {
        let path = scratch.0.join("key");
        fs::write(&path, openssh_private_key(&key, comment).as_bytes()).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("owner alone");
        let (good, public) = ssh_keygen(&["-y", "-f", text(&path)], b"");
        assert!(good, "{comment}: {public}");
        let read = PublicKey::parse_line(public.trim()).expect("a key line");
        assert_eq!(read, PublicKey::parse_line(&openssh_public_line(&key, comment)).expect("a key line"));
        for hash in ["sha512", "sha256"] {
            let message = b"[header]\n";
            let hash = format!("hashalg={hash}");
            let (good, signature) =
                ssh_keygen(&["-Y", "sign", "-f", text(&path), "-n", "vigie-config-v1@x", "-O", &hash], message);
            assert!(good, "{signature}");
            let signature = &signature[..signature.find("-----END SSH SIGNATURE-----\n").expect("a footer") + 28];
            let signer = verify(signature.as_bytes(), message, "vigie-config-v1@x", UserVerification::Required);
            assert_eq!(signer, Ok(read.clone()));
        }
    }
}

#[test]
fn we_accept_what_ssh_keygen_signs_with_a_key_of_its_own() {
    let scratch = Scratch::new("native");
    let (path, message) = (scratch.0.join("key"), scratch.0.join("config.toml"));
    let (good, said) = ssh_keygen(&["-q", "-t", "ed25519", "-N", "", "-C", "bob", "-f", text(&path)], b"");
    assert!(good, "{said}");
    let content: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    fs::write(&message, &content).expect("written");
    let (good, said) =
        ssh_keygen(&["-q", "-Y", "sign", "-f", text(&path), "-n", "vigie-root-v1@x", text(&message)], b"");
    assert!(good, "{said}");
    let signature = fs::read(scratch.0.join("config.toml.sig")).expect("signature");
    let line = fs::read_to_string(scratch.0.join("key.pub")).expect("public key");
    let signer = verify(&signature, &content, "vigie-root-v1@x", UserVerification::Required);
    assert_eq!(signer, Ok(PublicKey::parse_line(line.trim_end()).expect("a key line")));
}

#[test]
fn where_ours_is_stricter_than_ssh_keygen() {
    let scratch = Scratch::new("stricter");
    let signature = scratch.0.join("file.sig");
    fs::write(&signature, vector("sk-ed25519.NO-PRESENCE.sig")).expect("written");
    let signers = Path::new(VECTORS).join("allowed_signers");
    let (accepted, _said) = ssh_keygen(
        &["-Y", "verify", "-f", text(&signers), "-I", "bob", "-n", NAMESPACE, "-s", text(&signature)],
        &vector("config.toml"),
    );
    assert!(accepted, "ssh-keygen takes a signature that nobody touched the token for: why this code exists");
}
