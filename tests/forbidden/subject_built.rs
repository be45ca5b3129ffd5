//! A person that no certificate vouches for.
use std::sync::Arc;

use vigie::{
    config::{Account, KeyFingerprint},
    identity::Subject,
    ids::RequestId,
    label::Label,
};

pub fn subject(account: Arc<Account>, fingerprint: KeyFingerprint, working: Label, request: RequestId) -> Subject {
    Subject { account, fingerprint, working, request }
}
