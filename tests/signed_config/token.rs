//! A software token, and signature blobs that are wrong in one place each.

use vigie::{
    config::ssh_key::PublicKey,
    crypto::{derive::sha512, sha256, sign::SigningKey},
};

use data_encoding::BASE64;

pub fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).expect("short").to_be_bytes(), bytes].concat()
}

pub fn armor(blob: &[u8]) -> Vec<u8> {
    let text = BASE64.encode(blob);
    let lines: Vec<&str> = text.as_bytes().chunks(70).map(|line| std::str::from_utf8(line).expect("ascii")).collect();
    format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n")).into_bytes()
}

const SK: &[u8] = b"sk-ssh-ed25519@openssh.com";
const APPLICATION: &[u8] = b"ssh:vigie";

/// What a signature is made of; each field may be made wrong. The signature itself is always good over the rest.
#[derive(Clone)]
pub struct Blob {
    pub magic: Vec<u8>,
    pub version: u32,
    pub namespace: Vec<u8>,
    pub reserved: Vec<u8>,
    pub hash: Vec<u8>,
    pub kind: Vec<u8>,
    pub trailing: Vec<u8>,
    pub inner_trailing: Vec<u8>,
    /// `Some`: a token's signature with these flags.
    pub flags: Option<u8>,
}

impl Blob {
    pub fn new(namespace: &str) -> Self {
        Self {
            magic: b"SSHSIG".to_vec(),
            version: 1,
            namespace: namespace.as_bytes().to_vec(),
            reserved: Vec::new(),
            hash: b"sha512".to_vec(),
            kind: b"ssh-ed25519".to_vec(),
            trailing: Vec::new(),
            inner_trailing: Vec::new(),
            flags: None,
        }
    }

    pub fn token(namespace: &str, flags: u8) -> Self {
        Self { kind: SK.to_vec(), flags: Some(flags), ..Self::new(namespace) }
    }

    pub fn bytes(&self, key: &SigningKey, message: &[u8]) -> Vec<u8> {
        let digest = if self.hash == b"sha256" { sha256(&[message]).0.to_vec() } else { sha512(&[message]).to_vec() };
        let signed =
            [b"SSHSIG".to_vec(), string(&self.namespace), string(&self.reserved), string(&self.hash), string(&digest)]
                .concat();
        let (public, signature) = match self.flags {
            None => {
                let public = [string(b"ssh-ed25519"), string(key.public())].concat();
                (public, [string(&self.kind), string(&key.sign(&signed).expect("signs"))].concat())
            }
            Some(flags) => {
                let trailer = [&[flags], 9_u32.to_be_bytes().as_slice()].concat();
                let touched = [sha256(&[APPLICATION]).0.as_slice(), &trailer, &sha256(&[&signed]).0].concat();
                let inner = string(&key.sign(&touched).expect("signs"));
                (token_blob(key), [string(&self.kind), inner, trailer].concat())
            }
        };
        [
            self.magic.clone(),
            self.version.to_be_bytes().to_vec(),
            string(&public),
            string(&self.namespace),
            string(&self.reserved),
            string(&self.hash),
            string(&[signature, self.inner_trailing.clone()].concat()),
            self.trailing.clone(),
        ]
        .concat()
    }

    pub fn armored(&self, key: &SigningKey, message: &[u8]) -> Vec<u8> {
        armor(&self.bytes(key, message))
    }
}

fn token_blob(key: &SigningKey) -> Vec<u8> {
    [string(SK), string(key.public()), string(APPLICATION)].concat()
}

/// The line of a token's public key.
pub fn token_line(key: &SigningKey) -> String {
    let blob = token_blob(key);
    PublicKey::parse_blob(&blob).expect("a token key");
    format!("sk-ssh-ed25519@openssh.com {} token", BASE64.encode(&blob))
}
