//! OpenSSH keys: the public line that `root.toml` lists, and the private file that `vigie` may make for a site
//! that has no tokens yet.

use data_encoding::{BASE64, BASE64_NOPAD};
use zeroize::Zeroizing;

use super::wire::{Reader, Truncated, push_string};
use crate::crypto::{sha256, sign::SigningKey};

pub(super) const ED25519: &[u8] = b"ssh-ed25519";
pub(super) const SK_ED25519: &[u8] = b"sk-ssh-ed25519@openssh.com";
pub(super) const SK_P256: &[u8] = b"sk-ecdsa-sha2-nistp256@openssh.com";
const P256_CURVE: &[u8] = b"nistp256";
const ARMOR_COLUMNS: usize = 70;

/// A public key of one of the three kinds that may sign. Equal when the key is, whatever comment a line bore.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PublicKey {
    pub(super) blob: Vec<u8>,
    pub(super) material: Material,
}

/// What verification needs of a key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Material {
    Ed25519([u8; 32]),
    SkEd25519 { public: [u8; 32], application: Vec<u8> },
    SkP256 { point: Vec<u8>, application: Vec<u8> },
}

/// The text or the bytes are not such a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadKey {
    /// Not `TYPE BASE64 [COMMENT]` on one line.
    NotALine,
    /// A kind that may not sign (RSA, DSA, plain ECDSA, certificates).
    OtherKind,
    /// The kind is right and the bytes are not.
    Malformed,
}

impl std::fmt::Display for BadKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::NotALine => "not an OpenSSH public key line: TYPE BASE64 [COMMENT]",
            Self::OtherKind => "only ssh-ed25519, sk-ssh-ed25519 and sk-ecdsa-sha2-nistp256 keys may sign",
            Self::Malformed => "the key bytes are malformed",
        })
    }
}

impl std::error::Error for BadKey {}

impl From<Truncated> for BadKey {
    fn from(Truncated: Truncated) -> Self {
        Self::Malformed
    }
}

impl PublicKey {
    /// Reads the line of a `.pub` file: `ssh-ed25519 AAAA… comment`. Options before the type are refused.
    ///
    /// # Errors
    /// [`BadKey`] says what is wrong with the line.
    pub fn parse_line(line: &str) -> Result<Self, BadKey> {
        if line.contains(['\n', '\r']) {
            return Err(BadKey::NotALine);
        }
        let mut words = line.split(' ').filter(|word| !word.is_empty());
        let (Some(kind), Some(encoded)) = (words.next(), words.next()) else { return Err(BadKey::NotALine) };
        let blob = BASE64.decode(encoded.as_bytes()).map_err(|_not_base64| BadKey::NotALine)?;
        let key = Self::parse_blob(&blob)?;
        // The word before the blob is what a person reads; it must not lie.
        if Reader::new(&blob).string()? == kind.as_bytes() { Ok(key) } else { Err(BadKey::Malformed) }
    }

    /// Reads the binary form, to its last byte.
    ///
    /// # Errors
    /// [`BadKey::OtherKind`] or [`BadKey::Malformed`].
    pub fn parse_blob(blob: &[u8]) -> Result<Self, BadKey> {
        let mut reader = Reader::new(blob);
        let kind = reader.string()?;
        let material = if kind == ED25519 {
            Material::Ed25519(exact(reader.string()?)?)
        } else if kind == SK_ED25519 {
            Material::SkEd25519 { public: exact(reader.string()?)?, application: reader.string()?.to_vec() }
        } else if kind == SK_P256 {
            if reader.string()? != P256_CURVE {
                return Err(BadKey::Malformed);
            }
            let point: [u8; 65] = exact(reader.string()?)?;
            if point.first() != Some(&4) {
                return Err(BadKey::Malformed);
            }
            Material::SkP256 { point: point.to_vec(), application: reader.string()?.to_vec() }
        } else {
            return Err(BadKey::OtherKind);
        };
        if reader.finished() { Ok(Self { blob: blob.to_vec(), material }) } else { Err(BadKey::Malformed) }
    }

    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", BASE64_NOPAD.encode(&sha256(&[&self.blob]).0))
    }

    /// Whether the key lives in a token that a person touches.
    pub const fn in_token(&self) -> bool {
        matches!(self.material, Material::SkEd25519 { .. } | Material::SkP256 { .. })
    }
}

fn exact<const N: usize>(bytes: &[u8]) -> Result<[u8; N], BadKey> {
    bytes.try_into().map_err(|_length| BadKey::Malformed)
}

/// The binary public key of a signing key.
pub(super) fn public_blob(key: &SigningKey) -> Vec<u8> {
    let mut blob = Vec::new();
    push_string(&mut blob, ED25519);
    push_string(&mut blob, key.public());
    blob
}

/// The line of a `.pub` file, which is also what `root.toml` lists. No line break at its end.
pub fn openssh_public_line(key: &SigningKey, comment: &str) -> String {
    let encoded = BASE64.encode(&public_blob(key));
    let comment: String = comment.chars().filter(|character| !character.is_control()).collect();
    format!("ssh-ed25519 {encoded} {comment}").trim_end().to_owned()
}

/// The private key as an unencrypted `openssh-key-v1` file, which `ssh-keygen` reads. Wiped when dropped; the file
/// it goes to must be readable by its owner alone, or `ssh-keygen` refuses it.
pub fn openssh_private_key(key: &SigningKey, comment: &str) -> Zeroizing<String> {
    let public = public_blob(key);
    // Two equal numbers let a reader tell a wrong passphrase; without one any number will do.
    let check = sha256(&[&public]).0;
    let check = check.get(..4).unwrap_or(&[0; 4]);
    let mut pair = Zeroizing::new([0; 64]);
    for (byte, source) in pair.iter_mut().zip(key.seed().expose().iter().chain(key.public())) {
        *byte = *source;
    }
    // Capacity given at once: a growing vector would leave unwiped copies behind.
    let mut inner = Zeroizing::new(Vec::with_capacity(256_usize.saturating_add(comment.len())));
    inner.extend_from_slice(check);
    inner.extend_from_slice(check);
    push_string(&mut inner, ED25519);
    push_string(&mut inner, key.public());
    push_string(&mut inner, pair.as_slice());
    push_string(&mut inner, comment.as_bytes());
    for pad in 1..=u8::MAX {
        if inner.len() % 8 == 0 {
            break;
        }
        inner.push(pad);
    }
    let mut outer = Zeroizing::new(Vec::with_capacity(512_usize.saturating_add(comment.len())));
    outer.extend_from_slice(b"openssh-key-v1\0");
    push_string(&mut outer, b"none");
    push_string(&mut outer, b"none");
    push_string(&mut outer, b"");
    outer.extend_from_slice(&1_u32.to_be_bytes());
    push_string(&mut outer, &public);
    push_string(&mut outer, &inner);
    armor("OPENSSH PRIVATE KEY", &outer)
}

/// `-----BEGIN …-----`, base64 in lines of 70, `-----END …-----`, as ssh-keygen writes it.
pub(super) fn armor(title: &str, bytes: &[u8]) -> Zeroizing<String> {
    let encoded = Zeroizing::new(BASE64.encode(bytes));
    let mut text = Zeroizing::new(String::with_capacity(encoded.len().saturating_mul(2).saturating_add(128)));
    text.push_str(&format!("-----BEGIN {title}-----\n"));
    for (place, character) in encoded.chars().enumerate() {
        if place != 0 && place % ARMOR_COLUMNS == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str(&format!("\n-----END {title}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_line_is_read_strictly() {
        let alice = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
        let key = PublicKey::parse_line(&format!("{alice} alice@poste")).unwrap();
        assert_eq!(PublicKey::parse_line(alice).unwrap(), key, "the comment is no part of the key");
        assert!(!key.in_token());
        for (line, fault) in [
            ("", BadKey::NotALine),
            ("ssh-ed25519", BadKey::NotALine),
            (&format!("no-touch-required {alice}"), BadKey::NotALine),
            (&alice.replace("ssh-ed25519 ", "ssh-rsa "), BadKey::Malformed),
            (&alice.replace("VTG4", "VTG5="), BadKey::NotALine),
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOh", BadKey::Malformed),
            ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB", BadKey::OtherKind),
            (&format!("{alice}\n{alice}"), BadKey::NotALine),
        ] {
            assert_eq!(PublicKey::parse_line(line), Err(fault), "{line}");
        }
    }
}
