//! Why a call was not answered, with a stable code and one sentence. Which status it becomes is `edge/reply.rs`.

use crate::{
    audit::entry::Rule,
    finding::{FindingError, error::QueryError, watch::WatchFault},
    label::LabelError,
    monitor::Refusal,
    sharing::{Invalid, SharingError},
    vault::{VaultError, WriteError},
    words::{Key, Sentence, key},
};

/// Why a call was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// Absent or not accessible: one answer for both.
    NotFound,
    /// Readable, but this may not be done; by which rule.
    Forbidden(Rule),
    /// The content breaks a rule.
    Invalid(Invalid),
    /// The label in the request is not the working label.
    LabelMismatch,
    /// The `Vigie-Working` header is no label that this person may use.
    Working(LabelError),
    /// The ceiling is no label below the working label. A word that is above and one that does not exist get the same answer.
    Ceiling,
    /// The label that an imported item says it had does not flow to the working label: taken, it would be written down.
    /// A word that is above and one that does not exist get the same answer.
    MarkedAbove,
    /// The body is not JSON.
    MalformedJson,
    /// The body is JSON of another shape: line and column, and the reason in a few words.
    WrongShape(String),
    /// A query parameter is unknown or cannot be read.
    BadQuery,
    /// This one cannot be read.
    BadParameter(&'static str),
    /// The cursor was not made here for this list.
    BadCursor,
    /// `If-Match` is missing.
    PreconditionRequired,
    /// The object has another version than `If-Match` says; the present entity tag is told.
    Stale(String),
    /// Somebody changed it at the same moment.
    Conflict,
    /// The same `Idempotency-Key` with another body.
    RepeatMismatch,
    /// `Idempotency-Key` is empty or too long.
    BadRepeatKey,
    /// The upload stands at another byte.
    Offset(u64),
    /// The transfer broke off or stood still.
    Cut,
    /// No byte of the range asked for exists; so many there are.
    Range(u64),
    /// More than the limit.
    TooLarge,
    /// Not the content type that is expected.
    UnsupportedMediaType,
    /// The question cannot be read.
    Search(QueryError),
    /// The search index is being made anew.
    Rebuilding,
    /// The store takes no writes now.
    Unavailable,
    /// A stored record does not open, or the system gave no random bytes. For the operator; logged where it was found.
    Internal,
}

impl ApiError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden(rule) => rule.code(),
            Self::Invalid(invalid) => invalid.code(),
            Self::LabelMismatch => "label-mismatch",
            Self::Working(_) => "bad-working-label",
            Self::Ceiling => "bad-ceiling",
            Self::MarkedAbove => "marked-above",
            Self::MalformedJson => "malformed-json",
            Self::WrongShape(_) => "wrong-shape",
            Self::BadQuery | Self::BadParameter(_) => "bad-query",
            Self::BadCursor => "bad-cursor",
            Self::PreconditionRequired => "precondition-required",
            Self::Stale(_) => "stale-version",
            Self::Conflict => "conflict",
            Self::RepeatMismatch => "idempotency-mismatch",
            Self::BadRepeatKey => "bad-idempotency-key",
            Self::Offset(_) => "wrong-offset",
            Self::Cut => "transfer-cut",
            Self::Range(_) => "bad-range",
            Self::TooLarge => "too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::Search(error) => error.code(),
            Self::Rebuilding => "index-rebuilding",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// What the person reads.
    pub fn sentence(&self) -> Sentence {
        let plain = |key: Key| Sentence::new(key);
        match self {
            Self::NotFound => plain(key::PROBLEM_NOT_FOUND),
            Self::Forbidden(Rule::NotAnimator) => plain(key::PROBLEM_NOT_ANIMATOR),
            Self::Forbidden(Rule::NotAuthor) => plain(key::PROBLEM_NOT_AUTHOR),
            Self::Forbidden(Rule::OtherBeyondClearance) => plain(key::PROBLEM_OTHER_BEYOND_CLEARANCE),
            Self::Forbidden(_) => plain(key::PROBLEM_LABEL_DIFFERS),
            Self::Invalid(invalid) => invalid.sentence(),
            Self::LabelMismatch => plain(key::PROBLEM_LABEL_MISMATCH),
            Self::Working(error) => error.sentence(),
            Self::Ceiling => plain(key::PROBLEM_CEILING),
            Self::MarkedAbove => plain(key::PROBLEM_MARKED_ABOVE),
            Self::MalformedJson => plain(key::PROBLEM_MALFORMED_JSON),
            Self::WrongShape(reason) => plain(key::PROBLEM_WRONG_SHAPE).with("reason", reason.as_str()),
            Self::BadQuery => plain(key::PROBLEM_BAD_QUERY),
            Self::BadParameter(name) => plain(key::PROBLEM_BAD_PARAMETER).with("name", *name),
            Self::BadCursor => plain(key::PROBLEM_BAD_CURSOR),
            Self::PreconditionRequired => plain(key::PROBLEM_PRECONDITION_REQUIRED),
            Self::Stale(_) => plain(key::PROBLEM_STALE),
            Self::Conflict => plain(key::PROBLEM_CONFLICT),
            Self::RepeatMismatch => plain(key::PROBLEM_REPEAT_MISMATCH),
            Self::BadRepeatKey => plain(key::PROBLEM_BAD_REPEAT_KEY),
            Self::Offset(offset) => plain(key::PROBLEM_OFFSET).with("offset", offset.to_string()),
            Self::Cut => plain(key::PROBLEM_CUT),
            Self::Range(_) => plain(key::PROBLEM_RANGE),
            Self::TooLarge => plain(key::PROBLEM_TOO_LARGE),
            Self::UnsupportedMediaType => plain(key::PROBLEM_MEDIA_TYPE),
            Self::Search(error) => error.sentence(),
            Self::Rebuilding => plain(key::FINDING_REBUILDING),
            Self::Unavailable => plain(key::PROBLEM_UNAVAILABLE),
            Self::Internal => plain(key::PROBLEM_INTERNAL),
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Absent => Self::NotFound,
            Refusal::Forbidden(rule) => Self::Forbidden(rule),
            Refusal::Stopped => Self::Unavailable,
        }
    }
}

impl From<VaultError> for ApiError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Refused(refusal) => refusal.into(),
            VaultError::Tampered(id) => {
                tracing::error!(%id, "a stored record does not open or is not what its row says: run `vigie store verify`");
                Self::Internal
            }
            VaultError::Engine(error) => {
                tracing::error!(%error, "the store failed");
                Self::Unavailable
            }
            VaultError::Exhausted(cause) => {
                tracing::error!(%cause, "nothing can be sealed");
                Self::Unavailable
            }
        }
    }
}

impl From<WriteError> for ApiError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Conflict => Self::Conflict,
            WriteError::TooLarge => Self::TooLarge,
            // The caller that knows the object says its entity tag; see `call::stale`.
            WriteError::Stale(_) => Self::Stale(String::new()),
            WriteError::Vault(error) => error.into(),
        }
    }
}

impl From<SharingError> for ApiError {
    fn from(error: SharingError) -> Self {
        match error {
            SharingError::Invalid(invalid) => Self::Invalid(invalid),
            SharingError::Write(error) => error.into(),
            SharingError::Offset(offset) => Self::Offset(offset),
            SharingError::Cut => Self::Cut,
        }
    }
}

impl From<WatchFault> for ApiError {
    fn from(fault: WatchFault) -> Self {
        match fault {
            WatchFault::Invalid(invalid) => Self::Invalid(invalid),
            WatchFault::Query(error) => Self::Search(error),
        }
    }
}

impl From<Invalid> for ApiError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<FindingError> for ApiError {
    fn from(error: FindingError) -> Self {
        match error {
            FindingError::Query(error) => Self::Search(error),
            FindingError::Rebuilding => Self::Rebuilding,
            FindingError::Vault(error) => error.into(),
            FindingError::Damaged(_)
            | FindingError::DamagedIndex(..)
            | FindingError::Disk(_)
            | FindingError::Journal(_) => {
                tracing::error!(%error, "a search was not answered");
                Self::Unavailable
            }
        }
    }
}
