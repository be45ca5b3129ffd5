//! The token of a form: sealed, for this person, certificate, working label and form alone. It holds the key under which the
//! request is remembered, so that sending twice does once, and the version that the person saw.
//!
//! Somebody who changed his working label in another tab must not write at a label that his form did not show: the token no
//! longer opens, and the form comes back with all that was typed.

use data_encoding::BASE64URL_NOPAD;

use super::visit::Visit;
use crate::{api::ApiError, ids::Id, sharing::repeat};

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
        let sealed = visit.vault().lend(&context(visit, about), &bytes);
        Ok(BASE64URL_NOPAD.encode(&sealed.map_err(|_exhausted| ApiError::Unavailable)?))
    }

    /// The token that came with the form, if it was made for this very form.
    pub fn sent(visit: &Visit, about: &str) -> Option<Self> {
        let sealed = BASE64URL_NOPAD.decode(visit.form.text(FIELD).as_bytes()).ok()?;
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
