//! A question in an address: sealed, because browsers keep addresses on their disks in clear. It opens for the person and the
//! certificate that it was asked with, and at no working label below that of the asking: what was typed at a label is of that
//! label.

use data_encoding::BASE64URL_NOPAD;

use crate::{api::ApiError, limits, web::visit::Visit};

/// Seals a question for an address.
///
/// # Errors
/// [`ApiError::Unavailable`] without random bytes.
pub(super) fn sealed(visit: &Visit, text: &str) -> Result<String, ApiError> {
    let config = visit.visitor.config();
    let label = config.policy().stored(visit.subject().working());
    let bytes = [label.as_bytes(), b"\0", text.as_bytes()].concat();
    let sealed = visit.vault().lend(&context(visit), &bytes).map_err(|_exhausted| ApiError::Unavailable)?;
    Ok(BASE64URL_NOPAD.encode(&sealed))
}

/// The question of an address; none when it is not this person's, or was asked at another label that does not flow to the
/// working label.
pub(super) fn opened(visit: &Visit, sealed: &str) -> Option<String> {
    // A sealed question is a third longer in letters, and has a label and a seal round it.
    if sealed.len() > limits::SEARCH_BYTES_MAX.saturating_mul(2) {
        return None;
    }
    let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let bytes = visit.vault().returned(&context(visit), &sealed)?;
    let text = String::from_utf8(bytes).ok()?;
    let (label, text) = text.split_once('\0')?;
    let config = visit.visitor.config();
    let label = config.policy().parse_label(label).ok()?;
    label.flows_to(visit.subject().working()).then(|| text.to_owned())
}

fn context(visit: &Visit) -> [Vec<u8>; 3] {
    let subject = visit.subject();
    [b"search".to_vec(), subject.fingerprint().digest().0.to_vec(), subject.id().0.bytes().to_vec()]
}
