//! Who asks: the key of a handshake becomes a [`Subject`], looked up again on every
//! request. A [`Subject`] has no other constructor, no Default and no Deserialize.
//!
//! ```compile_fail
//! // Nobody can make a subject up.
//! let subject = vigie::identity::Subject { account: todo!(), fingerprint: todo!(), working: todo!(), session: todo!(), policy: todo!(), request: todo!() };
//! ```

use std::sync::Arc;

use crate::{
    config::{Account, Config, KeyFingerprint},
    crypto::Digest,
    ids::{AccountId, RequestId},
    label::{Label, LabelError},
};

/// A person, acting at a working label, in one request.
#[derive(Clone, Debug)]
pub struct Subject {
    account: Arc<Account>,
    fingerprint: KeyFingerprint,
    working: Label,
    /// The label that the request was made at: the working label, unless the person asked for less than it.
    session: Label,
    /// The policy that the working label is of: under another one its bits would mean something else.
    policy: Digest,
    request: RequestId,
}

/// Why there is no subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unidentified {
    /// No account bears this key, or the account is suspended. The connection is closed.
    UnknownKey,
    /// The working label is not one that this account may use. A word it does not hold and a word that does not exist
    /// get the same answer, so that nobody lists compartments by trying. The account is named for the journal.
    Working(AccountId, LabelError),
}

/// The account of a key; a suspended person's key is nobody's.
fn admitted<'c>(config: &'c Config, fingerprint: &KeyFingerprint) -> Result<&'c Arc<Account>, Unidentified> {
    let account = config.account_by_key(fingerprint).filter(|account| !account.suspended());
    account.ok_or(Unidentified::UnknownKey)
}

impl Subject {
    /// The subject of a request: `fingerprint` from the handshake, `working` from the `Vigie-Working` header
    /// (without it, the lowest label of the policy).
    ///
    /// # Errors
    /// [`Unidentified`].
    pub fn identify(
        config: &Config,
        fingerprint: &KeyFingerprint,
        working: Option<&str>,
        request: RequestId,
    ) -> Result<Self, Unidentified> {
        let account = admitted(config, fingerprint)?;
        let policy = config.policy();
        #[cfg(feature = "exam")]
        if crate::exam::planted(crate::exam::Leak::WorkingTold)
            && let Some(text) = working
            && policy.parse_working(text, account.clearance()).is_err()
            && policy.parse_label(text).is_ok()
        {
            return Err(Unidentified::Working(account.id(), LabelError::NationMissing { nation: text.to_owned() }));
        }
        let working = match working {
            Some(text) => policy
                .parse_working(text, account.clearance())
                .map_err(|error| Unidentified::Working(account.id(), error))?,
            None => policy.lowest(),
        };
        Ok(Self {
            account: Arc::clone(account),
            fingerprint: *fingerprint,
            working,
            session: working,
            policy: config.policy_digest(),
            request,
        })
    }

    /// The same person at the same working label, under the configuration now in force: for streams that outlive it.
    ///
    /// # Errors
    /// [`Unidentified`] when the account, the key or the clearance no longer allows it.
    pub fn renewed(&self, config: &Config) -> Result<Self, Unidentified> {
        let account = admitted(config, &self.fingerprint)?;
        if self.policy != config.policy_digest() || !account.clearance().reaches(&self.working) {
            return Err(Unidentified::UnknownKey);
        }
        Ok(Self { account: Arc::clone(account), ..self.clone() })
    }

    /// The same person as if he worked at `ceiling`; none when that is not below his working label. Everything that is
    /// decided for this subject is decided at the ceiling: what does not flow to it is not there.
    pub fn beneath(&self, ceiling: &Label) -> Option<Self> {
        ceiling.flows_to(&self.working).then(|| Self { working: *ceiling, ..self.clone() })
    }

    /// The label that the request was made at, which the journal names.
    pub const fn session(&self) -> &Label {
        &self.session
    }

    /// The account.
    pub fn account(&self) -> &Arc<Account> {
        &self.account
    }

    /// The account's identifier.
    pub fn id(&self) -> AccountId {
        self.account.id()
    }

    /// SHA-256 of the public key of the certificate in use.
    pub const fn fingerprint(&self) -> &KeyFingerprint {
        &self.fingerprint
    }

    /// The working label: what is written bears it, what is read flows to it.
    pub const fn working(&self) -> &Label {
        &self.working
    }

    /// The request.
    pub const fn request(&self) -> RequestId {
        self.request
    }

    /// Whether this account reads the journal, and therefore no content.
    pub fn is_officer(&self) -> bool {
        self.account.roles().officer
    }
}
