//! A person that no certificate vouches for.
use std::sync::Arc;

use vigie::{
    config::{Account, KeyFingerprint},
    crypto::Digest,
    identity::Subject,
    ids::RequestId,
    label::Label,
};

pub fn subject(account: Arc<Account>, fingerprint: KeyFingerprint, working: Label, session: Label, policy: Digest, request: RequestId) -> Subject {
    Subject { account, fingerprint, working, session, policy, request }
}
