//! Why a signed file is not accepted. Each refusal is a fact with a stable code for machines and a sentence for the
//! people who signed; nothing is ever half accepted.

use super::{
    account_fault::AccountFault, content::ContentFault, revoke::RevokeFault, root::RootFault, sshsig::SignatureFault,
    trust::TrustFault,
};
use crate::{
    clock::Time,
    crypto::Digest,
    ids::Id,
    words::{Sentence, key},
};

/// Why a file is refused: the file as such here, its signatures, its header; what it says in the faults it wraps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// More bytes than such a file may have.
    TooLarge {
        /** The most. */
        most: usize,
    },
    /// The system does not let us read the file or a signature beside it.
    Unreadable,
    /// Not UTF-8.
    NotText,
    /// Not TOML of the expected shape: a field is unknown, missing, twice there or of another kind.
    Malformed {
        /** Line, from 1. */
        line: usize,
        /** In the parser's words. */
        detail: String,
    },
    /// A file of another kind or of a later format.
    OtherFormat {
        /** What was due. */
        expected: &'static str,
        /** What is written. */
        found: String,
    },
    /// Made for another deployment.
    OtherDeployment {
        /** What is written. */
        found: Id,
    },
    /// Not the next of its chain: an old file, the same again, or one left out.
    WrongEpoch {
        /** The next. */
        expected: u64,
        /** What is written. */
        found: u64,
    },
    /// Made without knowledge of what is in force.
    WrongPrevious {
        /** Of what is in force. */
        expected: Digest,
        /** What is written. */
        found: Digest,
    },
    /// Not valid yet.
    NotYet {
        /** From when. */
        from: Time,
    },
    /// No longer valid.
    Expired {
        /** Since when. */
        since: Time,
    },
    /// Ends before it begins.
    EmptyPeriod,
    /// The root that would have to vouch has expired: a new root comes first.
    RootExpired {
        /** Since when. */
        since: Time,
    },
    /// No signature lies beside.
    NoSignature,
    /// More signatures than anybody needs.
    TooManySignatures {
        /** The most. */
        most: usize,
    },
    /// A signature is not good.
    Signature {
        /** Which, from 1. */
        number: usize,
        /** Why. */
        fault: SignatureFault,
    },
    /// A good signature by a key that the root does not list.
    UnknownSigner {
        /** `SHA256:…` */
        fingerprint: String,
    },
    /// Not enough different people signed a `config.toml`.
    TooFewPeople {
        /** The threshold. */
        needed: usize,
        /** Who did. */
        signed: Vec<String>,
    },
    /// Not enough people of the root in force signed the new root.
    TooFewOfOldRoot {
        /** The threshold. */
        needed: usize,
        /** Who did. */
        signed: Vec<String>,
    },
    /// Not enough people of the new root signed it.
    TooFewOfNewRoot {
        /** The threshold. */
        needed: usize,
        /** Who did. */
        signed: Vec<String>,
    },
    /// What `root.toml` says.
    Root(RootFault),
    /// What `config.toml` says about policy, server and limits.
    Content(ContentFault),
    /// What `config.toml` says about accounts.
    Account(AccountFault),
    /// What `config.toml` says about authorities and revocation lists.
    Trust(TrustFault),
    /// What `revoke.toml` says.
    Revoke(RevokeFault),
}

impl Refusal {
    fn facts(&self) -> (&'static str, Sentence) {
        let say = Sentence::new;
        match self {
            Self::TooLarge { most } => ("too-large", say(key::CONFIG_TOO_LARGE).with("most", *most)),
            Self::Unreadable => ("unreadable", say(key::CONFIG_UNREADABLE)),
            Self::NotText => ("not-text", say(key::CONFIG_NOT_TEXT)),
            Self::Malformed { line, detail } => {
                ("malformed", say(key::CONFIG_MALFORMED).with("line", *line).with("detail", detail.as_str()))
            }
            Self::OtherFormat { expected, found } => (
                "other-format",
                say(key::CONFIG_OTHER_FORMAT).with("expected", *expected).with("found", found.as_str()),
            ),
            Self::OtherDeployment { found } => {
                ("other-deployment", say(key::CONFIG_OTHER_DEPLOYMENT).with("found", found.to_string()))
            }
            Self::WrongEpoch { expected, found } => {
                ("wrong-epoch", say(key::CONFIG_WRONG_EPOCH).with("expected", *expected).with("found", *found))
            }
            Self::WrongPrevious { expected, found } => {
                let sentence = say(key::CONFIG_WRONG_PREVIOUS).with("expected", expected.to_string());
                ("wrong-previous", sentence.with("found", found.to_string()))
            }
            Self::NotYet { from } => ("not-yet", say(key::CONFIG_NOT_YET).with("from", from.to_string())),
            Self::Expired { since } => ("expired", say(key::CONFIG_EXPIRED).with("since", since.to_string())),
            Self::EmptyPeriod => ("empty-period", say(key::CONFIG_EMPTY_PERIOD)),
            Self::RootExpired { since } => {
                ("root-expired", say(key::CONFIG_ROOT_EXPIRED).with("since", since.to_string()))
            }
            Self::NoSignature => ("no-signature", say(key::CONFIG_NO_SIGNATURE)),
            Self::TooManySignatures { most } => {
                ("too-many-signatures", say(key::CONFIG_TOO_MANY_SIGNATURES).with("most", *most))
            }
            Self::Signature { number, fault } => {
                (fault.code(), say(key::CONFIG_SIGNATURE).with("number", *number).with("why", fault.sentence()))
            }
            Self::UnknownSigner { fingerprint } => {
                ("unknown-signer", say(key::CONFIG_UNKNOWN_SIGNER).with("fingerprint", fingerprint.as_str()))
            }
            Self::TooFewPeople { needed, signed } => {
                ("too-few-people", people(key::CONFIG_TOO_FEW_PEOPLE, *needed, signed))
            }
            Self::TooFewOfOldRoot { needed, signed } => {
                ("too-few-of-old-root", people(key::CONFIG_TOO_FEW_OLD_ROOT, *needed, signed))
            }
            Self::TooFewOfNewRoot { needed, signed } => {
                ("too-few-of-new-root", people(key::CONFIG_TOO_FEW_NEW_ROOT, *needed, signed))
            }
            Self::Root(fault) => fault.facts(),
            Self::Content(fault) => fault.facts(),
            Self::Account(fault) => fault.facts(),
            Self::Trust(fault) => fault.facts(),
            Self::Revoke(fault) => fault.facts(),
        }
    }

    /// Stable, kebab-case, for machines.
    pub fn code(&self) -> &'static str {
        self.facts().0
    }

    /// For the people who signed and for the journal's readers.
    pub fn sentence(&self) -> Sentence {
        self.facts().1
    }
}

fn people(key: crate::words::Key, needed: usize, signed: &[String]) -> Sentence {
    Sentence::new(key).with("needed", needed).with("count", signed.len()).with("names", signed.join(", "))
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (code, sentence) = self.facts();
        write!(formatter, "{code}: {sentence}")
    }
}

impl std::error::Error for Refusal {}

macro_rules! wrapped {
    ($($fault:ident => $variant:ident),*) => {$(
        impl From<$fault> for Refusal {
            fn from(fault: $fault) -> Self {
                Self::$variant(fault)
            }
        }
    )*};
}

wrapped!(RootFault => Root, ContentFault => Content, AccountFault => Account, TrustFault => Trust, RevokeFault => Revoke);
