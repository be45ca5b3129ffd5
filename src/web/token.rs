//! The token of a form: sealed, for this person, certificate, working label and form alone. It holds the key under which the
//! request is remembered, so that sending twice does once, and the version that the person saw.
//!
//! Somebody who changed his working label in another tab must not write at a label that his form did not show: the token no
//! longer opens, and the form comes back with all that was typed: under the join of both labels, for what was typed is of the
//! one that the form showed. So the token says that one beside, sealed for the person and certificate alone.

use data_encoding::BASE64URL_NOPAD;

use super::{form::Form, visit::Visit};
use crate::{api::ApiError, identity::Subject, ids::Id, label::Label, sharing::repeat, vault::Vault};

/// Name of the field.
pub const FIELD: &str = "token";

/// What a token holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    key: Id,
    /// The version that the form was filled in over; 0 for something new.
    pub version: u64,
}

impl Token {
    /// A fresh token for a form about `about` (a route's name and identifiers), over `version`.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] without random bytes.
    pub fn fresh(visit: &Visit, about: &str, version: u64) -> Result<String, ApiError> {
        let key = visit.vault().entropy().id().map_err(|_exhausted| ApiError::Unavailable)?;
        let bytes = [key.bytes().as_slice(), &version.to_be_bytes()].concat();
        // What comes back a second time still holds what was typed the first time.
        let shown = visit.visitor.joined([*visit.subject().working()].into_iter().chain(visit.visitor.typed_at));
        let shown = visit.visitor.config().policy().stored(&shown);
        let sealed = visit.vault().lend(&context(visit, about), &bytes).map_err(|_exhausted| ApiError::Unavailable)?;
        let at = visit.vault().lend(&bearer(visit.subject()), shown.as_bytes());
        let at = at.map_err(|_exhausted| ApiError::Unavailable)?;
        Ok(format!("{}.{}", BASE64URL_NOPAD.encode(&sealed), BASE64URL_NOPAD.encode(&at)))
    }

    /// The label that a form showed when it was made for this person, if it is another one than the working label.
    pub fn typed_at(vault: &Vault, subject: &Subject, form: &Form) -> Option<Label> {
        let (_, at) = form.text(FIELD).split_once('.')?;
        let stored = vault.returned(&bearer(subject), &BASE64URL_NOPAD.decode(at.as_bytes()).ok()?)?;
        let label = vault.monitor().config().policy().parse_label(std::str::from_utf8(&stored).ok()?).ok()?;
        (label != *subject.working()).then_some(label)
    }

    /// The token that came with the form, if it was made for this very form.
    pub fn sent(visit: &Visit, about: &str) -> Option<Self> {
        let (sealed, _) = visit.form.text(FIELD).split_once('.')?;
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let bytes = visit.vault().returned(&context(visit, about), &sealed)?;
        let (key, version) = bytes.split_at_checked(16)?;
        Some(Self { key: Id::from_bytes(key.try_into().ok()?), version: u64::from_be_bytes(version.try_into().ok()?) })
    }

    /// The key under which the request is remembered.
    pub fn key(&self) -> String {
        self.key.to_string()
    }
}

/// What a form that makes something is worth.
#[derive(Debug)]
pub enum Once {
    /// It comes for the first time: the names to keep with what it makes.
    Fresh(Vec<repeat::Name>),
    /// It came before, and made this.
    Before(Id),
    /// It came before and said something else, or was filled in at another working label: to be shown again, and why.
    Again(ApiError),
}

impl Once {
    /// Looks at the token of a form that makes something.
    ///
    /// # Errors
    /// [`ApiError`] of the store.
    pub fn of(visit: &mut Visit, about: &str) -> Result<Self, ApiError> {
        let Some(token) = Token::sent(visit, about) else { return Ok(Self::Again(ApiError::LabelMismatch)) };
        visit.call.repeat_key = Some(token.key());
        let mut name = visit.call.repeat()?;
        match visit.call.repeated(&mut name) {
            Ok(Some(id)) => Ok(Self::Before(id)),
            Ok(None) => Ok(Self::Fresh(name.into_iter().collect())),
            Err(ApiError::RepeatMismatch) => Ok(Self::Again(ApiError::RepeatMismatch)),
            Err(other) => Err(other),
        }
    }
}

/// Why a form is shown again, in one sentence.
pub fn notice(why: &ApiError, tongue: super::say::Tongue) -> String {
    use crate::words::key as k;
    match why {
        ApiError::LabelMismatch => tongue.say(k::WEB_TOKEN_STALE),
        ApiError::RepeatMismatch => tongue.say(k::WEB_TOKEN_USED),
        other => tongue.tell(&other.sentence()),
    }
}

/// What the label beside it is sealed under: this person, this certificate.
fn bearer(subject: &Subject) -> Vec<Vec<u8>> {
    vec![b"form-label".to_vec(), subject.fingerprint().digest().0.to_vec(), subject.id().0.bytes().to_vec()]
}

/// What a token is sealed under: this form, this person, this certificate, this working label.
fn context(visit: &Visit, about: &str) -> Vec<Vec<u8>> {
    let subject = visit.subject();
    vec![
        b"form".to_vec(),
        subject.fingerprint().digest().0.to_vec(),
        subject.id().0.bytes().to_vec(),
        about.as_bytes().to_vec(),
        subject.working().bits().to_vec(),
    ]
}
