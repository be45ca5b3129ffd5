//! A small certificate authority for sites that have none: ECDSA P-256, one level, revocation lists.
//!
//! Everything is PEM in memory; the caller writes files (private keys mode 0600). Browsers want PKCS#12, which this
//! program does not write: `openssl pkcs12 -export -inkey me.key -in me.pem -certfile ca.pem -out me.p12`.

mod error;

use std::{
    fmt,
    net::IpAddr,
    time::{Duration, UNIX_EPOCH},
};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertificateSigningRequestParams,
    DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PublicKeyData, RevokedCertParams, SanType, SerialNumber,
};
use zeroize::Zeroizing;

use crate::{
    clock::{Clock, Time},
    crypto::Entropy,
    edge::tls,
    limits,
};

pub use error::PkiError;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// Certificates begin a little before they are made: the server's clock may be behind.
const BACKDATED_MS: u64 = 10 * 60 * 1000;

/// What a certificate is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// A server reached under these names and addresses.
    Server {
        /// DNS names.
        names: Vec<String>,
        /// IP addresses.
        addresses: Vec<IpAddr>,
    },
    /// A person or a program that connects.
    Client,
}

/// The serial number of a certificate, big-endian.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Serial(Vec<u8>);

impl Serial {
    /// Reads hexadecimal text, as [`Serial`] shows it and as `openssl x509 -serial` does (either case, `:` allowed).
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|sign| *sign != ':').collect();
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()?;
        (!bytes.is_empty() && bytes.len() <= 20).then_some(Self(bytes))
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

/// A certificate, and its private key when it was made here.
pub struct Issued {
    /// The certificate, PEM.
    pub certificate: String,
    /// The private key, PKCS#8 PEM; `None` for a signed request, whose key never came here.
    pub key: Option<Zeroizing<String>>,
    /// For a revocation list, later.
    pub serial: Serial,
    /// SHA-256 of its public key, as the configuration names people.
    pub fingerprint: [u8; 32],
}

/// One certificate that is worth nothing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Which.
    pub serial: Serial,
    /// Since when.
    pub at: Time,
}

/// A certificate authority, ready to sign.
pub struct Authority {
    certificate: String,
    key: Zeroizing<String>,
    issuer: Issuer<'static, KeyPair>,
    ends: Time,
    clock: Clock,
    entropy: Entropy,
}

impl Authority {
    /// A new authority that signs itself.
    ///
    /// # Errors
    /// [`PkiError`].
    pub fn create(name: &str, years: u32, clock: Clock, entropy: Entropy) -> Result<Self, PkiError> {
        if !(1..=limits::AUTHORITY_YEARS_MAX).contains(&years) {
            return Err(PkiError::YearsOutOfBounds);
        }
        let ends = clock.now().plus_ms(DAY_MS.saturating_mul(366).saturating_mul(years.into()));
        let mut wanted = parameters(name, ends, &clock, &entropy)?;
        wanted.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        wanted.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = key_pair()?;
        let certificate = wanted.self_signed(&key).map_err(PkiError::from)?.pem();
        let key = Zeroizing::new(key.serialize_pem());
        Self::open(&certificate, &key, clock, entropy)
    }

    /// An authority from its PEM certificate and key.
    ///
    /// # Errors
    /// [`PkiError::NotAnAuthority`], [`PkiError::BadKey`] or [`PkiError::KeyDoesNotFit`].
    pub fn open(certificate: &str, key: &str, clock: Clock, entropy: Entropy) -> Result<Self, PkiError> {
        let der = tls::certificates(certificate.as_bytes()).and_then(|all| all.into_iter().next());
        let der = der.ok_or(PkiError::NotAnAuthority)?;
        let (_rest, parsed) = x509_parser::parse_x509_certificate(&der).map_err(|_not_one| PkiError::NotAnAuthority)?;
        if !parsed.is_ca() {
            return Err(PkiError::NotAnAuthority);
        }
        let pair = KeyPair::from_pem(key).map_err(|_not_a_key| PkiError::BadKey)?;
        if pair.subject_public_key_info() != parsed.public_key().raw {
            return Err(PkiError::KeyDoesNotFit);
        }
        let ends = u64::try_from(parsed.validity().not_after.timestamp()).unwrap_or(0).saturating_mul(1000);
        let issuer = Issuer::from_ca_cert_der(&der, pair).map_err(PkiError::from)?;
        let key = Zeroizing::new(key.to_owned());
        Ok(Self { certificate: certificate.to_owned(), key, issuer, ends: Time(ends), clock, entropy })
    }

    /// The authority's certificate, PEM.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The authority's private key, PEM. Whoever has it can be anybody.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// A certificate and key for a server.
    ///
    /// # Errors
    /// [`PkiError`].
    pub fn issue_server(&self, names: &[String], addresses: &[IpAddr], days: u32) -> Result<Issued, PkiError> {
        let name = names.first().cloned().or_else(|| addresses.first().map(ToString::to_string));
        let name = name.ok_or(PkiError::ServerWithoutName)?;
        let role = Role::Server { names: names.to_vec(), addresses: addresses.to_vec() };
        let pair = key_pair()?;
        let key = Zeroizing::new(pair.serialize_pem());
        self.sign(&name, &role, days, &pair, Some(key))
    }

    /// A certificate and key for a person or a program.
    ///
    /// # Errors
    /// [`PkiError`].
    pub fn issue_client(&self, name: &str, days: u32) -> Result<Issued, PkiError> {
        let pair = key_pair()?;
        let key = Zeroizing::new(pair.serialize_pem());
        self.sign(name, &Role::Client, days, &pair, Some(key))
    }

    /// A certificate for a PEM request, whose signature is checked. Only its public key and common name are taken;
    /// what else it asks for (being an authority, say) is left out.
    ///
    /// # Errors
    /// [`PkiError`].
    pub fn sign_request(&self, request: &str, role: &Role, days: u32) -> Result<Issued, PkiError> {
        let request = CertificateSigningRequestParams::from_pem(request).map_err(|_bad| PkiError::BadRequest)?;
        let name = match request.params.distinguished_name.get(&DnType::CommonName) {
            Some(rcgen::DnValue::Utf8String(name)) => name.clone(),
            Some(rcgen::DnValue::PrintableString(name)) => name.as_str().to_owned(),
            _ => return Err(PkiError::BadName),
        };
        self.sign(&name, role, days, &request.public_key, None)
    }

    /// A revocation list, PEM. Its number must be higher than that of the list before: a server refuses to go back.
    ///
    /// # Errors
    /// [`PkiError`].
    pub fn revocation_list(&self, revoked: &[Revoked], number: u64, next_update: Time) -> Result<String, PkiError> {
        let now = self.clock.now();
        let end_max = now.plus_ms(DAY_MS.saturating_mul(limits::REVOCATION_LIST_DAYS_MAX.into()));
        if next_update <= now || next_update > end_max {
            return Err(PkiError::DaysOutOfBounds);
        }
        let revoked_certs = revoked.iter().map(|one| {
            Ok(RevokedCertParams {
                serial_number: SerialNumber::from_slice(&one.serial.0),
                revocation_time: date(one.at)?,
                reason_code: None,
                invalidity_date: None,
            })
        });
        let list = CertificateRevocationListParams {
            this_update: date(Time(now.0.saturating_sub(BACKDATED_MS)))?,
            next_update: date(next_update)?,
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs: revoked_certs.collect::<Result<_, PkiError>>()?,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.issuer).and_then(|list| list.pem()).map_err(PkiError::from)
    }

    fn sign(
        &self,
        name: &str,
        role: &Role,
        days: u32,
        public: &impl PublicKeyData,
        key: Option<Zeroizing<String>>,
    ) -> Result<Issued, PkiError> {
        if !(1..=limits::CERTIFICATE_DAYS_MAX).contains(&days) {
            return Err(PkiError::DaysOutOfBounds);
        }
        let ends = self.clock.now().plus_ms(DAY_MS.saturating_mul(days.into()));
        if ends > self.ends {
            return Err(PkiError::OutlivesAuthority { ends: self.ends });
        }
        let mut wanted = parameters(name, ends, &self.clock, &self.entropy)?;
        wanted.is_ca = IsCa::ExplicitNoCa;
        wanted.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        wanted.use_authority_key_identifier_extension = true;
        wanted.extended_key_usages = vec![match role {
            Role::Server { .. } => ExtendedKeyUsagePurpose::ServerAuth,
            Role::Client => ExtendedKeyUsagePurpose::ClientAuth,
        }];
        wanted.subject_alt_names = alternative_names(role)?;
        let certificate = wanted.signed_by(public, &self.issuer).map_err(PkiError::from)?;
        let fingerprint = tls::key_fingerprint(certificate.der()).ok_or(PkiError::Signing)?;
        let serial = serial_of_der(certificate.der()).ok_or(PkiError::Signing)?;
        Ok(Issued { certificate: certificate.pem(), key, serial, fingerprint })
    }
}

/// The serial number of a PEM certificate, to revoke it.
pub fn serial_of(certificate: &str) -> Option<Serial> {
    tls::certificates(certificate.as_bytes())?.first().and_then(|der| serial_of_der(der))
}

/// SHA-256 of the public key of a PEM certificate, as the configuration names people.
pub fn fingerprint_of(certificate: &str) -> Option<[u8; 32]> {
    tls::certificates(certificate.as_bytes())?.first().and_then(|der| tls::key_fingerprint(der))
}

fn serial_of_der(der: &[u8]) -> Option<Serial> {
    let (_rest, parsed) = x509_parser::parse_x509_certificate(der).ok()?;
    Some(Serial(parsed.raw_serial().to_vec()))
}

fn key_pair() -> Result<KeyPair, PkiError> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(PkiError::from)
}

fn parameters(name: &str, ends: Time, clock: &Clock, entropy: &Entropy) -> Result<CertificateParams, PkiError> {
    let length = name.chars().count();
    if length == 0
        || length > limits::COMMON_NAME_CHARS_MAX
        || name.trim() != name
        || name.chars().any(char::is_control)
    {
        return Err(PkiError::BadName);
    }
    let mut wanted = CertificateParams::default();
    wanted.distinguished_name = DistinguishedName::new();
    wanted.distinguished_name.push(DnType::CommonName, name);
    wanted.not_before = date(Time(clock.now().0.saturating_sub(BACKDATED_MS)))?;
    wanted.not_after = date(ends)?;
    // Random, not derived from the key: a renewal with the same key must be revocable alone.
    let mut serial: [u8; 16] = entropy.bytes().map_err(PkiError::Exhausted)?;
    if let Some(first) = serial.first_mut() {
        // Positive, and never shortened.
        *first = (*first & 0x3f) | 0x40;
    }
    wanted.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(wanted)
}

fn alternative_names(role: &Role) -> Result<Vec<SanType>, PkiError> {
    let Role::Server { names, addresses } = role else { return Ok(Vec::new()) };
    if names.is_empty() && addresses.is_empty() {
        return Err(PkiError::ServerWithoutName);
    }
    let mut all = Vec::new();
    for name in names {
        let good = rustls::pki_types::DnsName::try_from(name.as_str()).is_ok();
        let text = name.as_str().try_into().map_err(|_not_ascii| PkiError::BadDnsName { name: name.clone() })?;
        if !good {
            return Err(PkiError::BadDnsName { name: name.clone() });
        }
        all.push(SanType::DnsName(text));
    }
    all.extend(addresses.iter().copied().map(SanType::IpAddress));
    Ok(all)
}

/// A date as certificates hold it. Whole seconds.
fn date<D: From<std::time::SystemTime>>(time: Time) -> Result<D, PkiError> {
    UNIX_EPOCH.checked_add(Duration::from_secs(time.0 / 1000)).map(D::from).ok_or(PkiError::DaysOutOfBounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority() -> Authority {
        Authority::create("Autorité d’essai", 2, Clock::System, Entropy::default()).expect("an authority")
    }

    #[test]
    fn an_authority_survives_its_files() {
        let (authority, stranger) = (authority(), authority());
        let again = Authority::open(authority.certificate(), authority.key(), Clock::System, Entropy::default());
        let issued = again.expect("the same authority").issue_client("alice", 30).expect("a certificate");
        assert_eq!(fingerprint_of(&issued.certificate), Some(issued.fingerprint));
        assert_eq!(serial_of(&issued.certificate), Some(issued.serial));
        let mixed = Authority::open(authority.certificate(), stranger.key(), Clock::System, Entropy::default());
        assert_eq!(mixed.err(), Some(PkiError::KeyDoesNotFit));
    }

    #[test]
    fn a_renewal_with_the_same_key_has_its_own_serial() {
        let authority = authority();
        let key = key_pair().expect("a key");
        let mut wanted = CertificateParams::default();
        wanted.distinguished_name = DistinguishedName::new();
        wanted.distinguished_name.push(DnType::CommonName, "alice");
        let request = wanted.serialize_request(&key).and_then(|request| request.pem()).expect("a request");
        let first = authority.sign_request(&request, &Role::Client, 30).expect("a certificate");
        let second = authority.sign_request(&request, &Role::Client, 30).expect("a certificate");
        assert_eq!(first.fingerprint, second.fingerprint);
        assert_ne!(first.serial, second.serial);
        assert!(first.key.is_none());
    }

    #[test]
    fn a_request_to_become_an_authority_gives_a_plain_certificate() {
        let mut wanted = CertificateParams::default();
        wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        wanted.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let request = wanted.serialize_request(&key_pair().expect("a key"));
        let request = request.and_then(|request| request.pem()).expect("a request");
        let issued = authority().sign_request(&request, &Role::Client, 30).expect("a certificate");
        let der = tls::certificates(issued.certificate.as_bytes()).expect("a certificate").remove(0);
        let (_, parsed) = x509_parser::parse_x509_certificate(&der).expect("a certificate");
        assert!(!parsed.is_ca());
        assert!(!parsed.key_usage().expect("one").expect("one").value.key_cert_sign());
    }

    #[test]
    fn a_request_changed_on_the_way_is_refused() {
        let request = CertificateParams::default().serialize_request(&key_pair().expect("a key")).expect("a request");
        let mut der = request.der().to_vec();
        let last = der.len() - 1;
        der[last] ^= 1;
        let pem = format!(
            "-----BEGIN CERTIFICATE REQUEST-----\n{}\n-----END CERTIFICATE REQUEST-----\n",
            data_encoding::BASE64.encode(&der)
        );
        assert_eq!(authority().sign_request(&pem, &Role::Client, 30).err(), Some(PkiError::BadRequest));
    }

    #[test]
    fn lives_and_names_are_bounded() {
        let authority = authority();
        assert_eq!(authority.issue_client("", 30).err(), Some(PkiError::BadName));
        assert_eq!(authority.issue_client("alice\n", 30).err(), Some(PkiError::BadName));
        assert_eq!(authority.issue_client("alice", 0).err(), Some(PkiError::DaysOutOfBounds));
        assert!(matches!(authority.issue_client("alice", 1000).err(), Some(PkiError::OutlivesAuthority { .. })));
        assert_eq!(authority.issue_server(&[], &[], 30).err(), Some(PkiError::ServerWithoutName));
        let spaced = authority.issue_server(&["a b".to_owned()], &[], 30);
        assert!(matches!(spaced.err(), Some(PkiError::BadDnsName { .. })));
    }

    #[test]
    fn a_serial_is_read_as_people_write_it() {
        assert_eq!(Serial::parse("01:AB"), Some(Serial(vec![1, 0xab])));
        assert_eq!(Serial::parse("01ab").map(|serial| serial.to_string()), Some("01ab".to_owned()));
        assert_eq!(Serial::parse(""), None);
        assert_eq!(Serial::parse("zz"), None);
    }
}
