//! Authorities and revocation lists, good ones and bad ones.

use std::sync::OnceLock;

use data_encoding::BASE64;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer, KeyIdMethod, KeyPair,
    KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber, date_time_ymd,
};
use x509_parser::{pem::parse_x509_pem, prelude::FromDer as _, prelude::X509Certificate};

/// PEM texts.
pub struct Authority {
    pub anchor: String,
    pub crl: String,
    pub longer_crl: String,
    pub stale_crl: String,
    pub other_anchor: String,
    pub other_crl: String,
    pub expired_anchor: String,
    pub expired_crl: String,
    pub leaf: String,
    pub endless_crl: String,
}

pub fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(|| {
        let (anchor, issuer) = issuer("Example CA", 2040);
        let (other_anchor, other) = self::issuer("Other CA", 2040);
        let (expired_anchor, expired) = self::issuer("Old CA", 2026);
        let leaf_key = KeyPair::generate().expect("key");
        let leaf = CertificateParams::new(vec!["leaf.example".to_owned()]).expect("params");
        Authority {
            crl: crl(&issuer, 2035, 1),
            longer_crl: crl(&issuer, 2035, 3),
            stale_crl: crl(&issuer, 2026, 1),
            other_crl: crl(&other, 2035, 0),
            expired_crl: crl(&expired, 2035, 0),
            leaf: leaf.self_signed(&leaf_key).expect("leaf").pem(),
            endless_crl: endless(&anchor),
            anchor,
            other_anchor,
            expired_anchor,
        }
    })
}

fn issuer(name: &str, until: i32) -> (String, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).expect("params");
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().expect("key");
    let pem = params.self_signed(&key).expect("certificate").pem();
    (pem, Issuer::new(params, key))
}

fn crl(issuer: &Issuer<'static, KeyPair>, next: i32, revoked: u64) -> String {
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(2025, 1, 1),
        next_update: date_time_ymd(next, 1, 1),
        crl_number: SerialNumber::from(revoked + 1),
        issuing_distribution_point: None,
        revoked_certs: (0..revoked)
            .map(|number| RevokedCertParams {
                serial_number: SerialNumber::from(number + 7),
                revocation_time: date_time_ymd(2025, 1, 1),
                reason_code: Some(RevocationReason::KeyCompromise),
                invalidity_date: None,
            })
            .collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(issuer).expect("list").pem().expect("pem")
}

/// A list without `nextUpdate`, which no tool writes willingly: the DER by hand, by the authority of `anchor`.
fn endless(anchor: &str) -> String {
    let (_, pem) = parse_x509_pem(anchor.as_bytes()).expect("pem");
    let (_, certificate) = X509Certificate::from_der(&pem.contents).expect("certificate");
    // ecdsa-with-SHA256
    let algorithm = tlv(0x30, &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]);
    let this_update = tlv(0x17, b"250101000000Z");
    let body = tlv(0x30, &[algorithm.as_slice(), certificate.subject().as_raw(), this_update.as_slice()].concat());
    let list = tlv(0x30, &[body, algorithm, tlv(0x03, &[0, 0])].concat());
    format!("-----BEGIN X509 CRL-----\n{}\n-----END X509 CRL-----\n", BASE64.encode(&list))
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("short");
    assert!(length < 0x80, "short form only");
    [&[tag, length], content].concat()
}
